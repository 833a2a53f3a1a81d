/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * inode: what the iterator over processes (bpf/inode.bpf.c) tells user space, one record a process.
 */
#ifndef FTRACE_INODE_H
#define FTRACE_INODE_H

#include <ftrace/types.h>

struct ft_inode {
	__ft_u64 inode; /* address of the struct inode that is mapped there; 0: not told */
	__ft_u64 exe;   /* likewise, of the executable's path: on an overlay another one */
	__ft_u64 at;    /* the address that was looked at */
	__ft_u32 pid;   /* of the process, as the reader's PID namespace has it */
	__ft_u32 busy;  /* its mappings were being changed, and nobody waits for that */
};

#ifndef __bpf__
_Static_assert(sizeof(struct ft_inode) == 32, "records are read as an array");
#endif

#endif
