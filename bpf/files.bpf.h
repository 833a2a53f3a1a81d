/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * files: which file, socket or pipe a descriptor of the current task stands for.
 *
 * A path is taken from the names of the file's directory entry and those above it, up to the root of the process, as the kernel's
 * own d_path() does, but without its locks: a directory that is renamed in those very moments may give a path of
 * which a part is from before and a part from after.
 *
 * Sources: fs/d_path.c (prepend_path()), include/uapi/linux/magic.h, net/unix/af_unix.c.
 */
#ifndef FTRACE_FILES_BPF_H
#define FTRACE_FILES_BPF_H

#include "config.bpf.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#include <ftrace/syscall_read.h>

/* File systems that have no paths. */
#define ANON_INODE_MAGIC 0x09041934
#define PIDFS_MAGIC      0x50494446 /* "PIDF", from Linux 6.9 on */
#define PIPE_MAGIC       0x50495045
#define SOCK_MAGIC       0x534F434B
#define TMPFS_MAGIC      0x01021994

#define AF_UNIX  1
#define AF_INET  2
#define AF_INET6 10

/* A name's place in the tree of names. */
struct walk {
	__u64 dentry, mnt;
	__u64 top; /* the root of what is mounted there */
	__u64 root_dentry, root_mnt;
	__u8 *to;
	__u32 len;
	bool done; /* the root was reached */
};

/* Where struct dentry has both next to each other, one read does. */
struct dentry_name {
	__u64 parent;
	__u64 hash_len;
	__u64 name;
};

static __always_inline bool read_name(__u64 at, struct dentry_name *to)
{
	const struct dentry *dentry = (const struct dentry *)at;

	if (bpf_core_field_offset(dentry->d_name.name) ==
	    bpf_core_field_offset(dentry->d_parent) + 16)
		return !bpf_probe_read_kernel(to, sizeof(*to), &dentry->d_parent);
	to->parent = (__u64)BPF_CORE_READ(dentry, d_parent);
	to->name = (__u64)BPF_CORE_READ(dentry, d_name.name);
	return to->parent;
}

static __always_inline __u64 top_of(__u64 mnt)
{
	const struct vfsmount *at = (const struct vfsmount *)mnt;

	return (__u64)BPF_CORE_READ(at, mnt_root);
}

/* Steps out of a mount, onto what it is mounted on: false at the top of all. */
static __always_inline bool leave_mount(struct walk *walk)
{
	const __u64 inside = bpf_core_field_offset(struct mount, mnt);
	const struct mount *mount = (const struct mount *)(walk->mnt - inside);
	const struct mount *parent = BPF_CORE_READ(mount, mnt_parent);

	if (!parent || parent == mount)
		return false;
	walk->dentry = (__u64)BPF_CORE_READ(mount, mnt_mountpoint);
	walk->mnt = (__u64)parent + inside;
	walk->top = top_of(walk->mnt);
	return true;
}

static long walk_step(__u32 i, void *arg)
{
	struct walk *walk = arg;
	struct dentry_name name = {};
	__u32 len = walk->len;
	long size;

	(void)i;
	if (walk->dentry == walk->root_dentry && walk->mnt == walk->root_mnt) {
		walk->done = true;
		return 1;
	}
	if (walk->dentry == walk->top)
		return !leave_mount(walk);
	if (!read_name(walk->dentry, &name) || name.parent == walk->dentry)
		return 1;
	barrier_var(len);
	if (len > FT_WALK_MAX - 256)
		return 1;
	size = bpf_probe_read_kernel_str(walk->to + len, 256, (void *)name.name);
	if (size <= 0)
		return 1;
	walk->len = len + size;
	walk->dentry = name.parent;
	return 0;
}

/* The names from the file's up, each with its NUL; their length, or negative when the root was not met. */
static __always_inline __s32 walk_up(const struct task_struct *task, const struct path *path,
				     __u8 *to)
{
	const struct fs_struct *fs = task->fs;
	struct walk walk = {
		.dentry = (__u64)path->dentry,
		.mnt = (__u64)path->mnt,
		.to = to,
	};

	walk.root_dentry = (__u64)BPF_CORE_READ(fs, root.dentry);
	walk.root_mnt = (__u64)BPF_CORE_READ(fs, root.mnt);
	walk.top = top_of(walk.mnt);
	bpf_loop(FT_WALK_PARTS, walk_step, &walk, 0);
	return walk.done ? (__s32)walk.len : -1;
}

static __always_inline void read_address(__u8 *to, __u16 family, const struct sock *sk, bool remote)
{
	const struct sock_common *common = &sk->__sk_common;

	if (family == AF_INET)
		bpf_probe_read_kernel(to, 4, remote ? &common->skc_daddr : &common->skc_rcv_saddr);
	else if (bpf_core_field_exists(common->skc_v6_daddr))
		bpf_probe_read_kernel(to, 16,
				      remote ? &common->skc_v6_daddr : &common->skc_v6_rcv_saddr);
}

/* The name of an AF_UNIX socket; its length. */
static __always_inline __u16 read_unix_name(__u8 *to, const struct sock *sk)
{
	const struct unix_address *addr;
	int len;

	if (!bpf_core_field_exists(((struct unix_sock *)sk)->addr))
		return 0;
	addr = BPF_CORE_READ((const struct unix_sock *)sk, addr);
	if (!addr)
		return 0;
	len = BPF_CORE_READ(addr, len);
	if (len <= 2 || len > FT_UNIX_NAME)
		return 0;
	barrier_var(len);
	if (bpf_probe_read_kernel(to, len & 127, addr->name))
		return 0;
	return len;
}

static __always_inline void read_unix(struct ft_socket *to, const struct sock *sk)
{
	const struct sock *peer;

	to->local_len = read_unix_name(to->local, sk);
	if (!bpf_core_field_exists(((struct unix_sock *)sk)->peer))
		return;
	peer = BPF_CORE_READ((const struct unix_sock *)sk, peer);
	if (!peer)
		return;
	to->remote_len = read_unix_name(to->remote, peer);
	to->remote_inode = BPF_CORE_READ(peer, sk_socket, file, f_inode, i_ino);
}

static __always_inline __u32 read_socket(struct ft_socket *to, const struct file *file)
{
	const struct socket *socket = BPF_CORE_READ(file, private_data);
	const struct sock *sk = BPF_CORE_READ(socket, sk);

	__builtin_memset(to, 0, sizeof(*to));
	if (!sk)
		return 0;
	to->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	to->type = BPF_CORE_READ(sk, sk_type);
	to->protocol = BPF_CORE_READ(sk, sk_protocol);
	if (to->family == AF_UNIX) {
		read_unix(to, sk);
	} else if (to->family == AF_INET || to->family == AF_INET6) {
		to->local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
		to->remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
		read_address(to->local, to->family, sk, false);
		read_address(to->remote, to->family, sk, true);
	}
	return sizeof(*to);
}

/* The file of a descriptor; 0: there is none. */
static __always_inline __u64 find_file(const struct task_struct *task, __u32 fd)
{
	const struct fdtable *table = task->files->fdt;
	__u64 file = 0;

	if (fd >= table->max_fds)
		return 0;
	bpf_probe_read_kernel(&file, sizeof(file), (const void *)((__u64)table->fd + 8ull * fd));
	return file;
}

/* What kind of thing it is, by its file system: what has no name that can be read exactly is none. */
static __always_inline __u16 kind_of(__u32 magic, const struct dentry *dentry)
{
	const struct dentry_operations *ops;

	switch (magic) {
	case SOCK_MAGIC:
		return FT_FILE_SOCKET;
	case PIPE_MAGIC:
		return FT_FILE_PIPE;
	case PIDFS_MAGIC:
		return FT_FILE_PIDFD;
	case ANON_INODE_MAGIC:
		return FT_FILE_ANON;
	}
	ops = BPF_CORE_READ(dentry, d_op);
	if (!ops || !BPF_CORE_READ(ops, d_dname))
		return FT_FILE_PATH;
	return magic == TMPFS_MAGIC ? FT_FILE_MEMORY : 0;
}

static __always_inline __u32 read_path(const struct task_struct *task, const struct path *path,
				       struct ft_file *to)
{
	__s32 len = walk_up(task, path, (__u8 *)(to + 1));

	if (len < 0) {
		to->flags = 0;
		return 0;
	}
	if (len && !BPF_CORE_READ(path->dentry, d_hash.pprev))
		to->flags |= FT_FILE_DELETED;
	return len;
}

static __always_inline __u32 read_own_name(const struct path *path, struct ft_file *to)
{
	long len = bpf_probe_read_kernel_str(to + 1, 256, BPF_CORE_READ(path->dentry, d_name.name));

	return len < 0 ? 0 : len;
}

/* Fills *to and what follows it, for which there are FT_WALK_MAX bytes; bytes in all, 0 when there is no such file. */
static __always_inline __u32 read_file(const struct task_struct *task, __u32 fd, struct ft_file *to)
{
	const struct file *file = (const struct file *)find_file(task, fd);
	const struct inode *inode;
	struct path path = {};
	__u32 len = 0;

	if (!file)
		return 0;
	inode = BPF_CORE_READ(file, f_inode);
	if (!inode || BPF_CORE_READ_INTO(&path, file, f_path))
		return 0;
	to->inode = BPF_CORE_READ(inode, i_ino);
	to->magic = BPF_CORE_READ(inode, i_sb, s_magic);
	to->mode = BPF_CORE_READ(inode, i_mode);
	to->flags = kind_of(to->magic, path.dentry);
	if (to->flags & FT_FILE_SOCKET)
		len = read_socket((struct ft_socket *)(to + 1), file);
	else if (to->flags & (FT_FILE_ANON | FT_FILE_MEMORY))
		len = read_own_name(&path, to);
	else if (to->flags & FT_FILE_PATH)
		len = read_path(task, &path, to);
	return sizeof(*to) + len;
}

#endif
