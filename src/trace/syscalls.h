/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * syscalls: a system call as it is told: the parts that tell it, internal to syscalls*.c and their tests.
 *
 *     syscalls.c         the record, and the call as a whole
 *     syscall_args.c     its arguments
 *     syscall_memory.c   what they point to
 *     syscall_structs.c  structs among that
 *     syscall_words.c    constants, modes, addresses in words
 *     syscall_files.c    what a descriptor stands for
 *
 * All bytes are the traced program's and may be anything; lengths are checked where they are read.
 */
#ifndef FTRACE_TRACE_SYSCALLS_H
#define FTRACE_TRACE_SYSCALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ftrace/marks.h>
#include <ftrace/syscall_read.h>

#include "base/buf.h"
#include "plan/syscall_form.h"
#include "trace/mark_source.h"

/* What is kept of one: struct ft_syscall from `start` on. */
struct syscall_kept {
	uint64_t start;
	int64_t result;
	uint32_t number;
	uint32_t flags;
	uint64_t args[FT_SYSCALL_ARGS];
};

struct syscall_view {
	struct mark_source *source;
	const struct syscall_form *form; /* NULL: not known */
	struct syscall_kept kept;
	const unsigned char *items; /* what was read; not aligned */
	size_t len;
};

/* What was read of one thing. */
struct syscall_item {
	struct ft_item head;
	const unsigned char *bytes; /* head.len of them */
};

/* Whether `len` bytes are whole items. */
bool syscall_items_hold(const unsigned char *items, size_t len);

/* The first item of an argument (or FT_ARG_RESULT) that was read when that says, with these flags of FT_ITEM_NAME,
 * FT_ITEM_IOV; false: there is none. */
bool syscall_item(const struct syscall_view *view, uint8_t arg, uint8_t when, uint8_t flags,
		  struct syscall_item *item);

/* The next one of that kind behind it. */
bool syscall_item_next(const struct syscall_view *view, struct syscall_item *item);

/* A number that the bytes have at an offset; 0 behind their end. */
uint64_t syscall_get(const struct syscall_item *item, size_t at, size_t size);

static inline bool syscall_failed(const struct syscall_view *view)
{
	return view->kept.result < 0 && view->kept.result >= -4095;
}

/* All arguments of the view's form, or six words. */
void syscall_tell_args(const struct syscall_view *view);

/* One that points to something: false where it is none of these. */
bool syscall_tell_memory(const struct syscall_view *view, uint8_t index);

/* A struct in words: false where the type (enum syscall_type) is none of one shape. */
bool syscall_struct(struct buf *buf, uint8_t type, const struct syscall_item *item);

/* syscall_words.c: appended to `buf`. */
void syscall_flags(struct buf *buf, const struct syscall_word *words, uint64_t value);
const char *syscall_constant(const struct syscall_word *words, uint64_t value); /* or NULL */
void syscall_mode(struct buf *buf, uint64_t mode);
void syscall_signal(struct buf *buf, uint64_t number);
void syscall_sigset(struct buf *buf, uint64_t set);
void syscall_wait_status(struct buf *buf, uint32_t status);
void syscall_inet(struct buf *buf, bool six, const unsigned char *addr, unsigned int port);

/* A struct sockaddr of `len` bytes. A path comes as *text, which is not appended. */
struct syscall_text {
	const unsigned char *bytes;
	size_t len;
};
void syscall_address(struct buf *buf, const unsigned char *bytes, size_t len,
		     struct syscall_text *path);

/* What the descriptor of an argument (or FT_ARG_RESULT) stands for, good until the next mark is told; NULL: not known. */
const char *syscall_file(const struct syscall_view *view, uint8_t arg, uint8_t when);

#endif
