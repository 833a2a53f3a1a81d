/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * syscall_form: what is known of a system call: what its arguments are called, and what they mean. Whoever reads them
 * at the call (syscall_reads.h) and whoever tells them (trace/syscalls.h) go by it. Calls of which nothing is known have no
 * form.
 *
 * All is constant. Sources: the names are those of the kernel's SYSCALL_DEFINEs, as tracefs gives them; the manual's
 * second section; include/uapi/ for constants and layouts.
 */
#ifndef FTRACE_PLAN_SYSCALL_FORM_H
#define FTRACE_PLAN_SYSCALL_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include <ftrace/syscall_read.h>

#define SYSCALL_ARGS 6

/* What an argument is. `other`: the index of another argument. */
enum syscall_type {
	SYS_END,   /* behind the last one */
	SYS_INT,   /* 32 bits, signed */
	SYS_UINT,  /* 32 bits */
	SYS_LONG,  /* 64 bits, signed */
	SYS_SIZE,  /* 64 bits */
	SYS_HEX,   /* an address, or what is not looked into; 0 is NULL */
	SYS_FD,    /* a descriptor */
	SYS_DIRFD, /* one, or AT_FDCWD */
	SYS_FLAGS, /* `words` */
	SYS_ENUM,  /* one of `words` */
	SYS_MODE,  /* permissions */
	SYS_OPENMODE, /* likewise, which only means something with flags in `other` that create a file */
	SYS_SIGNAL,
	SYS_FCNTL,      /* by the command in `other` */
	SYS_SOCKOPT,    /* an option of the level in `other` */
	SYS_OFFSET,     /* of a mapping: hexadecimal */
	SYS_FUTEX_TIME, /* with the operation in `other`: a time, or a number */
	/* What these point to is read at entry: */
	SYS_PATH,
	SYS_TEXT,    /* a name that is no path */
	SYS_STRINGS, /* a vector of texts */
	SYS_BUF_IN,  /* `other`: bytes */
	SYS_IOV_IN,  /* `other`: number */
	SYS_MSG_IN,
	SYS_ADDR_IN, /* struct sockaddr, `other`: its size */
	SYS_OPT_IN,  /* of a socket, `other`: its size */
	SYS_TIMESPEC_IN,
	SYS_TIMESPECS_IN, /* two */
	SYS_TIMERSPEC_IN,
	SYS_TIMERVAL_IN,
	SYS_RLIMIT_IN,
	SYS_SIGACTION_IN,
	SYS_SIGSET_IN,
	SYS_STACK_IN,
	SYS_EPOLL_IN,
	SYS_OFFSET_IN, /* 64 bits */
	SYS_OPEN_HOW_IN,
	SYS_CLONE_ARGS_IN,
	/* At exit: */
	SYS_PATH_OUT, /* as long as the result says */
	SYS_BUF_OUT,  /* likewise */
	SYS_IOV_OUT,  /* `other`: number */
	SYS_MSG_OUT,
	SYS_ADDR_OUT, /* `other` points to its size */
	SYS_OPT_OUT,  /* likewise */
	SYS_TIMESPEC_OUT,
	SYS_TIMELEFT_OUT, /* likewise, when it was interrupted only */
	SYS_TIMERSPEC_OUT,
	SYS_TIMERVAL_OUT,
	SYS_TIMEVAL_OUT,
	SYS_RLIMIT_OUT,
	SYS_SIGACTION_OUT,
	SYS_SIGSET_OUT,
	SYS_STACK_OUT,
	SYS_EPOLL_OUT, /* as many as the result says */
	SYS_FDS_OUT,   /* two descriptors */
	SYS_INT_OUT,
	SYS_STATUS_OUT, /* of a process that has ended */
	SYS_SIGINFO_OUT,
	/* At both: */
	SYS_LEN_INOUT,
	SYS_POLL_INOUT, /* `other`: number */
	SYS_TYPES,
};

/* A constant's name. Without a mask it is set when all bits of `value` are; with one when these bits are `value`, which may be 0. */
struct syscall_word {
	const char *name; /* NULL: behind the last one */
	uint64_t value;
	uint64_t mask;
};

struct syscall_arg {
	const char *name;
	const struct syscall_word *words;
	uint8_t type; /* enum syscall_type */
	uint8_t other;
};

/* What it gives back. */
enum syscall_result {
	SYS_RETURNS_NUMBER,
	SYS_RETURNS_FD,
	SYS_RETURNS_SOCKET, /* a descriptor of which the arguments do not tell what it is */
	SYS_RETURNS_HEX,
	SYS_RETURNS_MODE,
	SYS_RETURNS_FCNTL,
	SYS_RETURNS_NOT,
};

/* Classes of calls; SYS_FILE and SYS_DESC also by the arguments. */
#define SYS_CLASS_FILE    0x01 /* it takes a file's name */
#define SYS_CLASS_DESC    0x02 /* it takes or makes a descriptor */
#define SYS_CLASS_NETWORK 0x04
#define SYS_CLASS_PROCESS 0x08 /* processes begin, run another program, end, are waited for */
#define SYS_CLASS_MEMORY  0x10
#define SYS_CLASS_SIGNAL  0x20

struct syscall_form {
	const char *name;
	struct syscall_arg args[SYSCALL_ARGS];
	uint8_t result; /* enum syscall_result */
	uint8_t classes;
};

/* By name; NULL: nothing is known of it. */
const struct syscall_form *syscall_form(const char *name);

/* By number, of this machine's architecture. */
const struct syscall_form *syscall_form_of(unsigned int number);

/* SYS_CLASS_*, also of some calls without a form. */
unsigned int syscall_classes(const char *name);

/* What has to be read at a call. `form`: NULL reads nothing. */
void syscall_reads(const struct syscall_form *form, struct ft_reads *reads);

#endif
