/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * syscall_read: what is read of memory and of the task's files at a system call, and how it travels.
 *
 * User space tells the kernel side for each call, by its number, what to read: what an argument points to, or which file
 * a descriptor stands for. What was read follows struct ft_syscall as items, in any order; an item that is not there was
 * not read. Items start at multiples of 8 bytes.
 *
 * Sources: include/uapi/linux/uio.h, socket.h (struct iovec, user_msghdr), magic.h.
 */
#ifndef FTRACE_SYSCALL_READ_H
#define FTRACE_SYSCALL_READ_H

#include <ftrace/types.h>

#define FT_SYSCALLS 512 /* numbers are below it */
#define FT_READS    6   /* of one call, at most */

enum ft_read_what {
	FT_READ_NONE,    /* behind the last one */
	FT_READ_PATH,    /* text up to its NUL */
	FT_READ_BYTES,   /* `size` bytes, or so many elements of that size as `count` says */
	FT_READ_IOV,     /* struct iovec: the first few, each with the head of what it points to */
	FT_READ_MSG,     /* struct user_msghdr, with its address and its iovecs */
	FT_READ_STRINGS, /* a vector of texts, up to NULL: the first few */
	FT_READ_FILE,    /* the file that a descriptor stands for */
};

/* When: at its entry or its exit, there always or only when it has not failed. */
enum ft_read_when { FT_AT_ENTRY, FT_AT_EXIT, FT_AT_SUCCESS };

/* Instead of an argument's index: */
#define FT_ARG_RESULT 6
#define FT_COUNT_ONE  7
#define FT_COUNT_AT   8 /* + an argument's index: it points to a 32-bit number */

struct ft_read {
	__ft_u8 what; /* enum ft_read_what */
	__ft_u8 when; /* enum ft_read_when */
	__ft_u8 arg;  /* index of the argument, or FT_ARG_RESULT */
	__ft_u8 count; /* index of the argument that tells how many elements, or FT_ARG_RESULT, or FT_COUNT_* */
	__ft_u16 size; /* of an element */
	__ft_u16 most; /* bytes */
};

struct ft_reads {
	struct ft_read reads[FT_READS];
};

#define FT_PATH_MAX   4096 /* with its NUL (PATH_MAX) */
#define FT_PATH_LEFT  1024 /* of one that comes when most of the room is taken */
#define FT_WALK_MAX   2048 /* of a descriptor's path */
#define FT_WALK_PARTS 40

/* What is kept of a call beside struct ft_syscall: an item of any length may begin up to FT_SYSCALL_EARLY, a short one
 * (FT_PATH_LEFT and less) up to FT_SYSCALL_LATE. All of it fits into what a task may have (bpf/fetch.bpf.h). */
#define FT_SYSCALL_EARLY 3456
#define FT_SYSCALL_LATE  6528
#define FT_SYSCALL_DATA  (FT_SYSCALL_LATE + 16 + FT_PATH_LEFT)

struct ft_item {
	__ft_u8 what; /* enum ft_read_what */
	__ft_u8 arg;
	__ft_u8 when;
	__ft_u8 flags; /* FT_ITEM_* */
	__ft_u16 len;  /* of the bytes that follow */
	__ft_u16 pad;
};

#define FT_ITEM_FAULT 0x01 /* it could not be read: `len` is 0 */
#define FT_ITEM_MORE  0x02 /* there is more of it */
#define FT_ITEM_NAME  0x04 /* of a FT_READ_MSG: it is the address */
#define FT_ITEM_IOV   0x08 /* of a FT_READ_MSG: they are iovecs */

#define FT_BUFFER_MAX 32 /* of what a call reads or writes */

/* An element of FT_READ_IOV. */
struct ft_iov {
	__ft_u64 base, len;
	__ft_u8 head
		[FT_BUFFER_MAX]; /* as many of them as `len` says; zero where they cannot be read */
};

#define FT_IOVS_MAX    4
#define FT_STRINGS_MAX 8
#define FT_STRING_MAX  256
#define FT_ADDRESS_MAX 128 /* struct sockaddr_storage */
#define FT_MSGHDR      56

/* FT_READ_FILE. The parts of its path follow, innermost first, each with a NUL; or struct ft_socket, or an anonymous
 * inode's name. */
struct ft_file {
	__ft_u64 inode;
	__ft_u32 magic; /* of its file system */
	__ft_u16 mode;
	__ft_u16 flags; /* FT_FILE_* */
};

#define FT_FILE_SOCKET  0x01
#define FT_FILE_PIPE    0x02
#define FT_FILE_ANON    0x04 /* its name has brackets */
#define FT_FILE_MEMORY  0x08 /* of memfd_create(): one part */
#define FT_FILE_PATH    0x10
#define FT_FILE_DELETED 0x20
#define FT_FILE_PIDFD   0x40 /* a process */

#define FT_UNIX_NAME 110 /* struct sockaddr_un */

struct ft_socket {
	__ft_u16 family, type, protocol;
	__ft_u16 local_port, remote_port; /* host byte order */
	__ft_u16 local_len, remote_len;   /* AF_UNIX: bytes of the names */
	__ft_u16 pad;
	__ft_u64 remote_inode;           /* AF_UNIX; 0: not connected, or not known */
	__ft_u8 local[112], remote[112]; /* addresses; AF_UNIX: struct sockaddr_un */
};

_Static_assert(sizeof(struct ft_read) == 8, "wire size");
_Static_assert(sizeof(struct ft_item) == 8, "wire size");
_Static_assert(sizeof(struct ft_iov) == 48, "wire size");
_Static_assert(sizeof(struct ft_file) == 16, "wire size");
_Static_assert(sizeof(struct ft_socket) == 248, "wire size");

#endif
