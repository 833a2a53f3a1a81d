/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/features.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <asm/ptrace.h>

#define INSN(c, d, s, o, i) \
	((struct bpf_insn){.code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i)})
#define RETURN_ZERO \
	INSN(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0), INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

static int load(const struct bpf_insn *insns, size_t count, enum bpf_attach_type attach,
		__u32 flags)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = attach, .prog_flags = flags);

	return bpf_prog_load(BPF_PROG_TYPE_KPROBE, "ftrace_try", "GPL", insns, count, &opts);
}

int features_empty_program(unsigned int attach)
{
	const struct bpf_insn empty[] = {RETURN_ZERO};

	return load(empty, 2, (enum bpf_attach_type)attach, 0);
}

static bool can_load(const struct bpf_insn *insns, size_t count, enum bpf_attach_type attach,
		     __u32 flags)
{
	int fd = load(insns, count, attach, flags);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* The error that a link on "/" gets. */
static int try_link(int prog, pid_t pid)
{
	unsigned long offset = 0;
	LIBBPF_OPTS(bpf_link_create_opts, opts, .uprobe_multi.path = "/",
		    .uprobe_multi.offsets = &offset, .uprobe_multi.cnt = 1,
		    .uprobe_multi.pid = (__u32)pid);
	int link = bpf_link_create(prog, -1, BPF_TRACE_UPROBE_MULTI, &opts);

	if (link >= 0) {
		close(link);
		return 0;
	}
	return link;
}

static void find_uprobe_multi(struct features *features)
{
	int prog = features_empty_program(BPF_TRACE_UPROBE_MULTI);

	if (prog < 0)
		return;
	features->uprobe_multi = try_link(prog, 0) == -EBADF;
	features->pid_filter = features->uprobe_multi && try_link(prog, -1) == -EINVAL;
	close(prog);
}

static const char *lockdown(void)
{
	static char text[128];
	FILE *file = fopen("/sys/kernel/security/lockdown", "re");
	size_t len;

	if (!file)
		return "";
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	fclose(file);
	return text;
}

/* Why not even an empty program can be loaded. */
static int explain(int code, struct error *err)
{
	if (code == -EPERM && geteuid() != 0)
		return error_set(
			err, code,
			"not root: tracing needs CAP_BPF and CAP_PERFMON; run it with sudo");
	if (code == -EPERM && strstr(lockdown(), "[confidentiality]"))
		return error_set(err, code,
				 "kernel: locked down for confidentiality, which forbids tracing; "
				 "boot with lockdown=integrity or none");
	if (code == -EPERM)
		return error_set(err, code,
				 "bpf: not permitted; the container or a security module takes "
				 "CAP_BPF or CAP_PERFMON away, run ftrace on the host");
	if (code == -ENOSYS || code == -EINVAL)
		return error_set(
			err, code,
			"kernel: it has no BPF programs on uprobes; it needs CONFIG_BPF_SYSCALL, "
			"CONFIG_UPROBE_EVENTS and CONFIG_BPF_EVENTS");
	return error_set(err, code, "bpf: %s; see 'dmesg'", strerror(-code));
}

bool features_unwanted(const char *name)
{
	const char *at = getenv("FTRACE_WITHOUT");
	size_t len = strlen(name);

	while (at && *at) {
		size_t word = strcspn(at, ",");

		if (word == len && !memcmp(at, name, len))
			return true;
		at += word + (at[word] == ',');
	}
	return false;
}

int features_find(struct features *features, struct error *err)
{
	const struct bpf_insn empty[] = {RETURN_ZERO};
	const struct bpf_insn writes[] = {
		INSN(BPF_LDX | BPF_MEM | BPF_DW, BPF_REG_2, BPF_REG_1,
		     offsetof(struct pt_regs, rip), 0),
		INSN(BPF_STX | BPF_MEM | BPF_DW, BPF_REG_1, BPF_REG_2,
		     offsetof(struct pt_regs, rip), 0),
		RETURN_ZERO,
	};
	enum bpf_attach_type attach;
	int prog = features_empty_program(0);

	*features = (struct features){0};
	if (prog < 0)
		return explain(prog, err);
	close(prog);
	if (access("/sys/kernel/btf/vmlinux", R_OK))
		return error_set(
			err, -ENOENT,
			"/sys/kernel/btf/vmlinux: %s; the kernel needs CONFIG_DEBUG_INFO_BTF",
			strerror(errno));
	find_uprobe_multi(features);
	if (features_unwanted("uprobe_multi"))
		*features = (struct features){0};
	features->pid_filter &= !features_unwanted("pid_filter");
	attach = features->uprobe_multi ? BPF_TRACE_UPROBE_MULTI : 0;
	features->sleepable =
		!features_unwanted("sleepable") && can_load(empty, 2, attach, BPF_F_SLEEPABLE);
	features->write_regs = !features_unwanted("write_regs") && can_load(writes, 4, attach, 0);
	return 0;
}

const char *features_text(const struct features *features, char *text, unsigned int size)
{
	snprintf(text, size, "%s, %sPID filter, %ssleepable programs, %sregister writes",
		 features->uprobe_multi ? "uprobe_multi" : "perf-event uprobes",
		 features->pid_filter ? "" : "no ", features->sleepable ? "" : "no ",
		 features->write_regs ? "" : "no ");
	return text;
}
