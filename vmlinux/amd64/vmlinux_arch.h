/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmlinux_arch: what x86-64 has of its own. Included by vmlinux.h only.
 */
#ifndef FTRACE_VMLINUX_AMD64_ARCH_H
#define FTRACE_VMLINUX_AMD64_ARCH_H

/*
 * The registers at a probe hit, and the context of a uprobe program. Not relocated: the layout
 * is that of ptrace's user_regs_struct and fixed, and a write to the context (ip, sp) has to be
 * a plain store. Newer kernels make cs and ss unions of the same eight bytes, where only the
 * low 16 bits are the selector.
 */
struct pt_regs {
	unsigned long r15;
	unsigned long r14;
	unsigned long r13;
	unsigned long r12;
	unsigned long bp;
	unsigned long bx;
	unsigned long r11;
	unsigned long r10;
	unsigned long r9;
	unsigned long r8;
	unsigned long ax;
	unsigned long cx;
	unsigned long dx;
	unsigned long si;
	unsigned long di;
	unsigned long orig_ax;
	unsigned long ip;
	unsigned long cs;
	unsigned long flags;
	unsigned long sp;
	unsigned long ss;
};

struct thread_info {
	__u32 status; /* TS_* */
} __attribute__((preserve_access_index));

struct thread_struct {
	unsigned long features; /* with CONFIG_X86_USER_SHADOW_STACK: what is on for this thread */
	unsigned long fsbase;   /* user FS base; current's own is up to date at a probe hit */
} __attribute__((preserve_access_index));

#endif
