/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmlinux: the few kernel types that the BPF side reads, written by hand.
 *
 * A struct holds only the members that bpf/ uses, in any order and at any offset: it is marked
 * preserve_access_index, so libbpf looks each member up by name in the BTF of the running
 * kernel and writes the true offset into the program. A member that the running kernel does
 * not have makes the load fail and name it; ask bpf_core_field_exists() first where kernels
 * differ. What differs between architectures is in ARCH/vmlinux_arch.h.
 *
 * Constants are from the kernel's uapi/linux/bpf.h and are part of its ABI: their values are
 * fixed, and only those that bpf/ or bpf_helpers.h need are here.
 */
#ifndef __VMLINUX_H__
#define __VMLINUX_H__

typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;

typedef __s8 s8;
typedef __u8 u8;
typedef __s16 s16;
typedef __u16 u16;
typedef __s32 s32;
typedef __u32 u32;
typedef __s64 s64;
typedef __u64 u64;

typedef s8 int8_t;
typedef u8 uint8_t;
typedef s16 int16_t;
typedef u16 uint16_t;
typedef s32 int32_t;
typedef u32 uint32_t;
typedef s64 int64_t;
typedef u64 uint64_t;

/* bpf_helper_defs.h names these in prototypes. */
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u32 __wsum;

typedef unsigned long size_t;
typedef long ssize_t;
typedef int pid_t;
typedef unsigned int dev_t; /* as in the kernel: major << 20 | minor */

#ifndef __cplusplus
typedef _Bool bool;
enum { false = 0, true = 1 };
#endif

#define NULL ((void *)0)

enum bpf_map_type {
	BPF_MAP_TYPE_UNSPEC = 0,
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERF_EVENT_ARRAY = 4,
	BPF_MAP_TYPE_PERCPU_HASH = 5,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_CGROUP_ARRAY = 8,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_ARRAY_OF_MAPS = 12,
	BPF_MAP_TYPE_HASH_OF_MAPS = 13,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};

/* Flags of bpf_map_update_elem. */
enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
	BPF_EXIST = 2,
	BPF_F_LOCK = 4,
};

/* Flags of map creation (map_flags). */
enum {
	BPF_F_NO_PREALLOC = 1,
	BPF_F_RDONLY = 8,
	BPF_F_WRONLY = 16,
	BPF_F_RDONLY_PROG = 128,
	BPF_F_WRONLY_PROG = 256,
	BPF_F_MMAPABLE = 1024,
};

/* Flags of bpf_task_storage_get. */
enum {
	BPF_LOCAL_STORAGE_GET_F_CREATE = 1,
};

/* Flags of bpf_ringbuf_output, _submit and _discard. */
enum {
	BPF_RB_NO_WAKEUP = 1,
	BPF_RB_FORCE_WAKEUP = 2,
};

/* What bpf_ringbuf_query tells. */
enum {
	BPF_RB_AVAIL_DATA = 0,
	BPF_RB_RING_SIZE = 1,
	BPF_RB_CONS_POS = 2,
	BPF_RB_PROD_POS = 3,
};

/* Flags of bpf_get_stack. */
enum {
	BPF_F_USER_STACK = 256,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;

struct super_block {
	dev_t s_dev;
	unsigned long s_magic;
};

struct inode {
	unsigned short i_mode;
	unsigned long i_ino;
	struct super_block *i_sb;
};

struct dentry;
struct vfsmount;

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct inode *f_inode;
	struct path f_path;
	void *private_data; /* of a socket's: struct socket */
};

struct qstr {
	const unsigned char *name;
};

struct hlist_bl_node {
	struct hlist_bl_node **pprev;
};

struct dentry_operations {
	char *(*d_dname)(struct dentry *dentry, char *buffer, int len);
};

struct dentry {
	struct hlist_bl_node d_hash; /* pprev is NULL when the name is gone */
	struct dentry *d_parent;
	struct qstr d_name;
	const struct dentry_operations *d_op;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent; /* itself: what it is mounted on is not known */
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct fs_struct {
	struct path root;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct in6_addr {
	__u8 bytes[16];
};

struct sock_common {
	unsigned short skc_family;
	__u32 skc_daddr;
	__u32 skc_rcv_saddr;
	__u16 skc_dport; /* as on the wire */
	__u16 skc_num;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

struct socket;

struct sock {
	struct sock_common __sk_common;
	struct socket *sk_socket;
	__u16 sk_type;
	__u16 sk_protocol;
};

struct socket {
	struct file *file;
	struct sock *sk;
};

struct sockaddr_un {
	unsigned short sun_family;
};

struct unix_address {
	int len; /* of `name` in bytes */
	struct sockaddr_un name[0];
};

struct unix_sock {
	struct unix_address *addr;
	struct sock *peer;
};

struct linux_binprm {
	struct file *file;
};

struct mm_struct {
	struct file *exe_file;    /* the executable, NULL in a kernel thread's borrowed mm */
	unsigned long start_code; /* where its first executable segment was loaded */
};

struct signal_struct {
	atomic_t live; /* threads of the process that have not exited */
};

struct vm_area_struct {
	struct file *vm_file; /* on an overlay the file below it; NULL when there is none */
};

/* A PID as one namespace has it. */
struct upid {
	int nr;
};

struct pid {
	unsigned int level;     /* of the innermost namespace, the first one is 0 */
	struct upid numbers[1]; /* one a level */
};

#pragma clang attribute pop

#if defined(__TARGET_ARCH_x86)
#include "amd64/vmlinux_arch.h"
#else
#error "no vmlinux/ARCH/vmlinux_arch.h for this architecture"
#endif

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct sched_info {
	unsigned long long last_arrival; /* when it last got a processor, in nanoseconds of a clock of the scheduler's */
};

struct task_struct {
	struct sched_info sched_info;
	struct thread_info thread_info;
	struct thread_struct thread;
	struct fs_struct *fs; /* NULL late in an exit */
	struct files_struct *files;
	struct mm_struct *mm;          /* NULL in a kernel thread and late in an exit */
	struct completion *vfork_done; /* set in a vfork child until it calls exec or exits */
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct signal_struct *signal;
	struct pid *thread_pid;
	pid_t pid;  /* the thread, in the first pid namespace */
	pid_t tgid; /* the process, likewise */
	unsigned int flags;
	char comm[16];
};

/* What bpf_get_ns_current_pid_tgid() fills (include/uapi/linux/bpf.h). */
struct bpf_pidns_info {
	__u32 pid;
	__u32 tgid;
};

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
};

/* The context of iterators over tasks: a NULL task ends them. */
struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

/* The context of raw_tracepoint programs. */
struct bpf_raw_tracepoint_args {
	__u64 args[0];
};

#pragma clang attribute pop

#endif
