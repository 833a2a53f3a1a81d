/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls: a record of one becomes a mark; what it is called, and what it returned.
 *
 * Source: include/linux/errno.h for the errors that only tracers see.
 */
#define _GNU_SOURCE /* strerrorname_np */
#include "trace/syscalls.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "arch/arch.h"
#include "plan/syscall_words.h"
#include "trace/decode.h"
#include "trace/trace_state.h"

_Static_assert(offsetof(struct ft_syscall, start) + sizeof(struct syscall_kept) ==
		       sizeof(struct ft_syscall),
	       "kept is the record's end");

static void on_syscall(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_syscall *record = (const void *)event->record;
	bool open = record->flags & FT_SYSCALL_OPEN;
	struct mark mark = {
		.kind = &mark_syscall,
		.start = record->start,
		.end = open ? record->start : record->r.time,
		.tid = record->r.tid,
		.open = open,
	};

	mark_in_call(trace, lane, &mark, &record->start,
		     record->r.size - offsetof(struct ft_syscall, start));
}

static bool syscall_holds(const struct ft_record *record)
{
	const struct ft_syscall *call = (const void *)record;

	return call->start <= record->time && record->size >= sizeof(*call) &&
	       syscall_items_hold((const unsigned char *)(call + 1), record->size - sizeof(*call));
}

const struct record_kind record_syscall = {
	.size = sizeof(struct ft_syscall),
	.hit = true,
	.holds = syscall_holds,
	.in_lane = on_syscall,
};

/* The item at an offset, and the offset behind it; false at the end, and where it does not hold together. */
static bool item_at(const unsigned char *items, size_t len, size_t *at, struct syscall_item *item)
{
	if (*at > len || len - *at < sizeof(item->head))
		return false;
	memcpy(&item->head, items + *at, sizeof(item->head));
	*at += sizeof(item->head);
	item->bytes = items + *at;
	if (item->head.len > len - *at)
		return false;
	*at += (item->head.len + 7u) & ~7u;
	return true;
}

bool syscall_items_hold(const unsigned char *items, size_t len)
{
	struct syscall_item item;
	size_t at = 0;

	while (at < len)
		if (!item_at(items, len, &at, &item) || item.head.what > FT_READ_FILE ||
		    item.head.arg > FT_ARG_RESULT || item.head.when > FT_AT_SUCCESS)
			return false;
	return at == len;
}

#define SUB_ITEMS (FT_ITEM_NAME | FT_ITEM_IOV)

static bool search(const struct syscall_view *view, size_t at, const struct ft_item *like,
		   struct syscall_item *item)
{
	while (item_at(view->items, view->len, &at, item))
		if (item->head.arg == like->arg && item->head.when == like->when &&
		    (item->head.flags & SUB_ITEMS) == (like->flags & SUB_ITEMS))
			return true;
	return false;
}

bool syscall_item(const struct syscall_view *view, uint8_t arg, uint8_t when, uint8_t flags,
		  struct syscall_item *item)
{
	struct ft_item like = {.arg = arg, .when = when, .flags = flags};

	return search(view, 0, &like, item);
}

bool syscall_item_next(const struct syscall_view *view, struct syscall_item *item)
{
	struct ft_item like = item->head;
	size_t at = (size_t)(item->bytes - view->items) + ((like.len + 7u) & ~7u);

	return search(view, at, &like, item);
}

uint64_t syscall_get(const struct syscall_item *item, size_t at, size_t size)
{
	uint64_t value = 0;

	if (at <= item->head.len && item->head.len - at >= size)
		memcpy(&value, item->bytes + at, size);
	return value;
}

/* The kernel's own, of calls that begin again after a signal. */
static const struct {
	int number;
	const char *name, *text;
} restarts[] = {
	{512, "ERESTARTSYS", "To be restarted if SA_RESTART is set"},
	{513, "ERESTARTNOINTR", "To be restarted"},
	{514, "ERESTARTNOHAND", "To be restarted if no handler"},
	{516, "ERESTART_RESTARTBLOCK", "Interrupted by signal"},
};

static void tell_error(struct mark_detail *detail, int number)
{
	static char name[16];

	detail->result = -1;
	for (size_t i = 0; i < sizeof(restarts) / sizeof(restarts[0]); i++) {
		if (restarts[i].number != number)
			continue;
		detail->error = restarts[i].name;
		detail->error_text = restarts[i].text;
		detail->result_text = "?";
		return;
	}
	detail->error = strerrorname_np(number);
	detail->error_text = detail->error ? strerrordesc_np(number) : NULL;
	if (detail->error)
		return;
	snprintf(name, sizeof(name), "%d", number);
	detail->error = name;
}

/* What text has instead of the number; NULL: the number. */
static const char *result_words(const struct syscall_view *view)
{
	static struct buf text;
	uint64_t result = (uint64_t)view->kept.result;
	uint32_t command = (uint32_t)view->kept.args[1];
	uint8_t kind = view->form ? view->form->result : SYS_RETURNS_NUMBER;

	buf_reset(&text);
	if (kind == SYS_RETURNS_MODE) {
		syscall_mode(&text, result);
	} else if (kind == SYS_RETURNS_HEX) {
		buf_addf(&text, result ? "%#llx" : "NULL", (unsigned long long)result);
	} else if (kind == SYS_RETURNS_FCNTL && (command == F_GETFL || command == F_GETFD)) {
		buf_addf(&text, result ? "%#llx (flags " : "0 (flags ", (unsigned long long)result);
		syscall_flags(&text, command == F_GETFL ? syscall_words_open : syscall_words_fd,
			      result);
		buf_addc(&text, ')');
		if (!result && command == F_GETFD)
			return NULL;
	} else {
		return NULL;
	}
	return buf_str(&text);
}

static void tell_result(const struct syscall_view *view, struct mark_detail *detail)
{
	detail->has_result = !(view->kept.flags & FT_SYSCALL_OPEN);
	if (!detail->has_result)
		return;
	detail->result = view->kept.result;
	if (syscall_failed(view)) {
		tell_error(detail, (int)-view->kept.result);
		return;
	}
	detail->result_text = result_words(view);
	if (view->form && view->form->result == SYS_RETURNS_SOCKET)
		detail->result_file = syscall_file(view, FT_ARG_RESULT, FT_AT_SUCCESS);
}

bool syscall_tell(struct mark_source *source, const struct mark_bytes *of)
{
	const struct arch *arch = arch_native();
	struct mark_detail *detail = &source->detail;
	struct syscall_view view = {.source = source};
	static char unknown[24];

	if (of->len < sizeof(view.kept))
		return false;
	memcpy(&view.kept, of->bytes, sizeof(view.kept));
	view.items = of->bytes + sizeof(view.kept);
	view.len = of->len - sizeof(view.kept);
	view.form = syscall_form_of(view.kept.number);
	if (view.kept.number < arch->nsyscalls)
		detail->name = arch->syscalls[view.kept.number];
	if (!detail->name) {
		snprintf(unknown, sizeof(unknown), "syscall_%u", view.kept.number);
		detail->name = unknown;
	}
	detail->has_args = true;
	syscall_tell_args(&view);
	tell_result(&view, detail);
	return true;
}
