/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * inodes: which files are one file, and which processes run it, as uprobes have it.
 *
 * A uprobe sits on an inode, and everything that maps this inode is hit. Two overlay mounts of one layer
 * have one such inode for a file of that layer, whatever stat() says: d_real_inode() leads to it from
 * a path, and mappings hold the file below (vma->vm_file). On the other hand the same path, and the same
 * st_dev and st_ino, become another inode when the overlay copies the file up; on btrfs st_dev is the
 * subvolume's, while i_ino and s_dev of two subvolumes may agree. So the kernel itself is asked, by an
 * iterator over processes (bpf/inode.bpf.c), what is mapped at an address; a file that nobody runs is
 * mapped for a moment by ourselves. This is the only place where files are told apart: nobody else compares
 * st_dev and st_ino of what is traced.
 *
 * Where no programs can be loaded (`ftrace list` by anybody), stat() of /proc/PID/exe has to do.
 *
 * Not for several threads at once. Sources: kernel/events/uprobes.c (register_for_each_vma(),
 * uprobe_mmap()), fs/overlayfs/file.c (ovl_mmap()), fs/overlayfs/super.c (ovl_d_real()),
 * kernel/trace/bpf_trace.c (bpf_uprobe_multi_link_attach()), fs/btrfs/inode.c (btrfs_getattr()),
 * kernel/bpf/task_iter.c.
 */
#ifndef FTRACE_PROBE_INODES_H
#define FTRACE_PROBE_INODES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A file. It means the same as long as somebody has the file open or mapped. */
struct file_id {
	uint64_t inode;  /* the kernel's address of it, or st_ino */
	uint64_t device; /* st_dev + 1, or 0 where `inode` is an address */
};

static inline bool file_id_same(const struct file_id *a, const struct file_id *b)
{
	return a->inode == b->inode && a->device == b->device;
}

/* A process and the file that its code begins in. */
struct runner {
	pid_t pid; /* in our PID namespace */
	struct file_id file;
	uint64_t
		exe; /* the inode of its executable's path (ftrace/record.h, FT_EXEC); 0 when that was not told */
	uint64_t code; /* the first address of its executable's code; 0 when that was not told */
};

struct inodes;

/* NULL without memory. */
struct inodes *inodes_new(void);
void inodes_free(struct inodes *inodes);

/* Whether the kernel tells; else stat() does, and two mounts of one file are two files. */
bool inodes_are_exact(const struct inodes *inodes);

/* The file behind a descriptor, where a probe on it would sit. 0 or a negative errno. */
int inodes_of_file(struct inodes *inodes, int fd, struct file_id *file);

/* The file that a process runs: 0, or a negative errno (-ESRCH: no such process, or a kernel thread). One
 * that was started by naming the dynamic linker runs that. */
int inodes_of_process(struct inodes *inodes, pid_t pid, struct runner *runner);

/* The file that a process has mapped from `start` to `end`, a line of /proc/PID/maps: 0, or a negative
 * errno (-ENOENT: none). */
int inodes_of_mapping(struct inodes *inodes, pid_t pid, uint64_t start, uint64_t end,
		      struct file_id *file);

/* Calls `each` for every process that runs a file, until it returns non-zero. Returns that, or a negative
 * errno. */
int inodes_each_runner(struct inodes *inodes, int (*each)(void *arg, const struct runner *runner),
		       void *arg);

#endif
