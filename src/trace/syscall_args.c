/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arguments of system calls, by what they are.
 */
#define _GNU_SOURCE /* O_TMPFILE, F_SETPIPE_SZ */
#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <string.h>

#include "plan/syscall_words.h"
#include "trace/syscalls.h"

static void put_number(const struct syscall_view *view, const char *name, int64_t number)
{
	struct mark_arg *arg = mark_source_arg(view->source, name, MARK_VALUE_NUMBER);

	if (arg)
		arg->number = number;
}

static void put_buf(const struct syscall_view *view, const char *name, const struct buf *words)
{
	if (!words->failed && mark_source_arg(view->source, name, MARK_VALUE_WORD))
		mark_source_text(view->source, words->data, words->len);
}

static void put_word(const struct syscall_view *view, const char *name, const char *word)
{
	if (mark_source_arg(view->source, name, MARK_VALUE_WORD))
		mark_source_text(view->source, word, strlen(word));
}

/* An address, or what was not looked into. */
static void put_hex(const struct syscall_view *view, const char *name, uint64_t word)
{
	struct mark_arg *arg =
		mark_source_arg(view->source, name, word ? MARK_VALUE_HEX : MARK_VALUE_NONE);

	if (arg)
		arg->u = word;
}

/* Numbers are signed where they are handed on. */
static void put_size(const struct syscall_view *view, const char *name, uint64_t size)
{
	char text[24];

	if (size <= INT64_MAX) {
		put_number(view, name, (int64_t)size);
		return;
	}
	snprintf(text, sizeof(text), "%llu", (unsigned long long)size);
	put_word(view, name, text);
}

static void put_constant(const struct syscall_view *view, const struct syscall_arg *form,
			 uint32_t value)
{
	const char *word = syscall_constant(form->words, value);

	if (word)
		put_word(view, form->name, word);
	else if (value <= 0xffff)
		put_number(view, form->name, value);
	else
		put_hex(view, form->name, value);
}

static void put_flags(const struct syscall_view *view, const struct syscall_arg *form,
		      uint64_t value)
{
	static struct buf words;

	buf_reset(&words);
	syscall_flags(&words, form->words, value);
	if (words.len == 1 && *words.data == '0')
		put_number(view, form->name, 0);
	else
		put_buf(view, form->name, &words);
}

static void put_mode(const struct syscall_view *view, const char *name, uint64_t mode)
{
	static struct buf words;

	buf_reset(&words);
	syscall_mode(&words, mode);
	put_buf(view, name, &words);
}

/* One of those that means something with flags that make a file. */
static void put_open_mode(const struct syscall_view *view, const struct syscall_arg *form,
			  uint64_t mode)
{
	uint64_t flags = view->kept.args[form->other];
	struct mark_source *source = view->source;

	if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {
		put_mode(view, form->name, mode & 07777);
		return;
	}
	put_number(view, form->name, (int64_t)(mode & 07777));
	if (source->nargs)
		source->args[source->nargs - 1].aside = true;
}

static void put_descriptor(const struct syscall_view *view, uint8_t index)
{
	const struct syscall_arg *form = &view->form->args[index];
	int fd = (int32_t)view->kept.args[index];
	struct mark_source *source = view->source;
	size_t before = source->nargs;

	if (form->type == SYS_DIRFD && fd == AT_FDCWD) {
		put_word(view, form->name, "AT_FDCWD");
		return;
	}
	put_number(view, form->name, fd);
	if (source->nargs > before)
		source->args[before].file = syscall_file(view, index, FT_AT_ENTRY);
}

/* The third argument of fcntl(), by its command. */
static void put_fcntl(const struct syscall_view *view, const struct syscall_arg *form,
		      uint64_t value)
{
	struct syscall_arg flags = {.name = form->name, .words = syscall_words_open};
	struct mark_source *source = view->source;

	switch ((uint32_t)view->kept.args[form->other]) {
	case F_SETFL:
		put_flags(view, &flags, (uint32_t)value);
		break;
	case F_SETFD:
		flags.words = syscall_words_fd;
		put_flags(view, &flags, (uint32_t)value);
		break;
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
	case F_SETPIPE_SZ:
	case F_SETOWN:
	case F_ADD_SEALS:
		put_number(view, form->name, (int32_t)value);
		break;
	case F_GETFL:
	case F_GETFD:
	case F_GETOWN:
	case F_GETPIPE_SZ:
	case F_GET_SEALS:
		put_number(view, form->name, (int64_t)value);
		if (source->nargs)
			source->args[source->nargs - 1].aside = true;
		break;
	default:
		put_hex(view, form->name, value);
	}
}

static void put_option(const struct syscall_view *view, const struct syscall_arg *form,
		       uint32_t value)
{
	uint64_t level = (uint32_t)view->kept.args[form->other];
	const char *word = syscall_constant(syscall_words_option, level << 32 | value);

	if (word)
		put_word(view, form->name, word);
	else
		put_number(view, form->name, value);
}

/* What some operations wait at most is for others a number. */
static bool is_futex_wait(uint64_t op)
{
	switch (op & FUTEX_CMD_MASK & 0x7f) {
	case FUTEX_WAIT:
	case FUTEX_LOCK_PI:
	case FUTEX_WAIT_BITSET:
	case FUTEX_WAIT_REQUEUE_PI:
		return true;
	default:
		return false;
	}
}

/* Those that are what is in the register. */
static bool put_plain(const struct syscall_view *view, uint8_t index)
{
	const struct syscall_arg *form = &view->form->args[index];
	uint64_t value = view->kept.args[index];
	struct buf words = {0};

	switch ((enum syscall_type)form->type) {
	case SYS_INT:
		put_number(view, form->name, (int32_t)value);
		return true;
	case SYS_UINT:
		put_number(view, form->name, (uint32_t)value);
		return true;
	case SYS_LONG:
		put_number(view, form->name, (int64_t)value);
		return true;
	case SYS_SIZE:
		put_size(view, form->name, value);
		return true;
	case SYS_OFFSET:
		if (value)
			put_hex(view, form->name, value);
		else
			put_number(view, form->name, 0);
		return true;
	case SYS_FD:
	case SYS_DIRFD:
		put_descriptor(view, index);
		return true;
	case SYS_FLAGS:
		put_flags(view, form, form->words == syscall_words_clone ? value : (uint32_t)value);
		return true;
	case SYS_ENUM:
		put_constant(view, form, (uint32_t)value);
		return true;
	case SYS_MODE:
		put_mode(view, form->name, (uint32_t)value);
		return true;
	case SYS_OPENMODE:
		put_open_mode(view, form, (uint32_t)value);
		return true;
	case SYS_SIGNAL:
		syscall_signal(&words, (uint32_t)value);
		put_buf(view, form->name, &words);
		buf_release(&words);
		return true;
	case SYS_FCNTL:
		put_fcntl(view, form, value);
		return true;
	case SYS_SOCKOPT:
		put_option(view, form, (uint32_t)value);
		return true;
	case SYS_FUTEX_TIME:
		if (is_futex_wait(view->kept.args[form->other]))
			return false;
		put_hex(view, form->name, value);
		return true;
	default:
		return false;
	}
}

static void tell_form(const struct syscall_view *view)
{
	for (uint8_t i = 0; i < SYSCALL_ARGS && view->form->args[i].type != SYS_END; i++)
		if (!put_plain(view, i) && !syscall_tell_memory(view, i))
			put_hex(view, view->form->args[i].name, view->kept.args[i]);
}

void syscall_tell_args(const struct syscall_view *view)
{
	static const char *const names[SYSCALL_ARGS] = {"arg0", "arg1", "arg2",
							"arg3", "arg4", "arg5"};

	if (view->form) {
		tell_form(view);
		return;
	}
	for (size_t i = 0; i < SYSCALL_ARGS; i++) {
		struct mark_arg *arg = mark_source_arg(view->source, names[i], MARK_VALUE_HEX);

		if (arg)
			arg->u = view->kept.args[i];
	}
}
