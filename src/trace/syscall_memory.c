/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What arguments of system calls point to.
 *
 * Sources: include/uapi/ (layouts of x86-64), strace(1) for how its readers know them.
 */
#include <errno.h>
#include <string.h>

#include "base/escape.h"
#include "plan/syscall_words.h"
#include "trace/syscalls.h"

/* What is told of one argument. */
struct telling {
	const struct syscall_view *view;
	const char *name;
	uint8_t type, index;
	struct buf *buf; /* words on their way */
};

static bool put_words(const struct telling *t)
{
	if (!t->buf->failed && mark_source_arg(t->view->source, t->name, MARK_VALUE_WORD))
		mark_source_text(t->view->source, t->buf->data, t->buf->len);
	return true;
}

static bool put_text(const struct telling *t, const unsigned char *bytes, size_t len, bool more)
{
	struct mark_arg *arg = mark_source_arg(t->view->source, t->name, MARK_VALUE_TEXT);

	if (!arg)
		return true;
	arg->truncated = more;
	mark_source_text(t->view->source, bytes, len);
	return true;
}

/* When what the type points to is read. */
static uint8_t when_of(uint8_t type)
{
	if (type == SYS_TIMELEFT_OUT)
		return FT_AT_EXIT;
	return type >= SYS_PATH_OUT && type <= SYS_SIGINFO_OUT ? FT_AT_SUCCESS : FT_AT_ENTRY;
}

/* What was read of it: false when nothing was. */
static bool get(const struct telling *t, uint8_t when, uint8_t flags, struct syscall_item *item)
{
	return syscall_item(t->view, t->index, when, flags, item) &&
	       !(item->head.flags & FT_ITEM_FAULT);
}

static uint64_t value_of(const struct telling *t)
{
	return t->view->kept.args[t->index];
}

/* Text up to its NUL, or as long as the call says. */
static bool put_path(const struct telling *t, const struct syscall_item *item)
{
	size_t len = item->head.len;

	if (t->type == SYS_PATH_OUT)
		len = strnlen((const char *)item->bytes, len);
	return put_text(t, item->bytes, len, item->head.flags & FT_ITEM_MORE);
}

static bool put_strings(const struct telling *t, struct syscall_item *item)
{
	struct mark_source *source = t->view->source;
	size_t list = source->nargs;
	bool more;

	if (!mark_source_arg(source, t->name, MARK_VALUE_LIST))
		return true;
	do {
		struct mark_arg *arg = mark_source_arg(source, NULL, MARK_VALUE_TEXT);

		if (!arg)
			return true;
		arg->truncated = item->head.flags & FT_ITEM_MORE;
		mark_source_text(source, item->bytes, item->head.len);
		source->args[list].nvalues++;
		more = syscall_item_next(t->view, item);
	} while (more && !(item->head.flags & FT_ITEM_FAULT));
	/* There is no telling whether the last that is kept was the last one. */
	source->args[list].truncated = source->args[list].nvalues == FT_STRINGS_MAX;
	return true;
}

static void add_buffer(struct buf *buf, const unsigned char *bytes, size_t len, bool more)
{
	escape_quoted(buf, (const char *)bytes, len);
	if (more)
		buf_adds(buf, "...");
}

/* Of what `left` says that the call moved; one that was not looked into is an address. */
static void add_iov(struct buf *buf, const struct ft_iov *iov, uint64_t *left)
{
	uint64_t len = iov->len < *left ? iov->len : *left;

	*left -= len;
	buf_adds(buf, "{iov_base=");
	if (iov->base || !iov->len)
		add_buffer(buf, iov->head, len < FT_BUFFER_MAX ? len : FT_BUFFER_MAX,
			   len > FT_BUFFER_MAX);
	else
		buf_adds(buf, "NULL");
	buf_addf(buf, ", iov_len=%llu}", (unsigned long long)iov->len);
}

static uint64_t moved(const struct telling *t, bool out)
{
	if (!out)
		return UINT64_MAX;
	return t->view->kept.result > 0 ? (uint64_t)t->view->kept.result : 0;
}

static bool put_vector(const struct telling *t, const struct syscall_item *item)
{
	struct mark_source *source = t->view->source;
	uint64_t left = moved(t, t->type == SYS_IOV_OUT);
	struct mark_arg *list = mark_source_arg(source, t->name, MARK_VALUE_LIST);

	if (!list)
		return true;
	list->nvalues = item->head.len / sizeof(struct ft_iov);
	list->truncated = item->head.flags & FT_ITEM_MORE;
	for (size_t at = 0; at + sizeof(struct ft_iov) <= item->head.len;
	     at += sizeof(struct ft_iov)) {
		struct ft_iov iov;

		memcpy(&iov, item->bytes + at, sizeof(iov));
		buf_reset(t->buf);
		add_iov(t->buf, &iov, &left);
		if (!mark_source_arg(source, NULL, MARK_VALUE_WORD))
			return true;
		mark_source_text(source, t->buf->data, t->buf->len);
	}
	return true;
}

static void add_address(struct buf *buf, const unsigned char *bytes, size_t len)
{
	struct syscall_text path;

	syscall_address(buf, bytes, len, &path);
	if (path.bytes)
		escape_quoted(buf, (const char *)path.bytes, path.len);
}

/* struct user_msghdr: name, namelen, iov, iovlen, control, controllen, flags. */
static bool put_message(const struct telling *t, const struct syscall_item *item)
{
	bool out = t->type == SYS_MSG_OUT;
	uint8_t when = when_of(t->type);
	uint64_t name = syscall_get(item, 0, 8), left = moved(t, out);
	struct buf *buf = t->buf;
	struct syscall_item part;

	buf_adds(buf, "{msg_name=");
	if (get(t, when, FT_ITEM_NAME, &part))
		add_address(buf, part.bytes, part.head.len);
	else
		buf_addf(buf, name ? "%#llx" : "NULL", (unsigned long long)name);
	buf_addf(buf, ", msg_namelen=%u, msg_iov=", (unsigned int)syscall_get(item, 8, 4));
	if (get(t, when, FT_ITEM_IOV, &part)) {
		for (size_t at = 0; at + sizeof(struct ft_iov) <= part.head.len;
		     at += sizeof(struct ft_iov)) {
			struct ft_iov iov;

			memcpy(&iov, part.bytes + at, sizeof(iov));
			buf_adds(buf, at ? ", " : "[");
			add_iov(buf, &iov, &left);
		}
		buf_adds(buf, part.head.flags & FT_ITEM_MORE ? ", ...]" : "]");
	} else {
		buf_addf(buf, syscall_get(item, 16, 8) ? "%#llx" : "NULL",
			 (unsigned long long)syscall_get(item, 16, 8));
	}
	buf_addf(buf, ", msg_iovlen=%llu, msg_controllen=%llu, msg_flags=",
		 (unsigned long long)syscall_get(item, 24, 8),
		 (unsigned long long)syscall_get(item, 40, 8));
	syscall_flags(buf, syscall_words_message, syscall_get(item, 48, 4));
	buf_addc(buf, '}');
	return put_words(t);
}

static bool put_address(const struct telling *t, const struct syscall_item *item)
{
	struct syscall_text path;

	syscall_address(t->buf, item->bytes, item->head.len, &path);
	return path.bytes ? put_text(t, path.bytes, path.len, false) : put_words(t);
}

/* How long an address may be, and how long it is. */
static bool put_length(const struct telling *t)
{
	struct syscall_item before, behind;

	if (!get(t, FT_AT_ENTRY, 0, &before))
		return false;
	if (!get(t, FT_AT_SUCCESS, 0, &behind) ||
	    syscall_get(&behind, 0, 4) == syscall_get(&before, 0, 4))
		buf_addf(t->buf, "[%d]", (int)syscall_get(&before, 0, 4));
	else
		buf_addf(t->buf, "[%d => %d]", (int)syscall_get(&before, 0, 4),
			 (int)syscall_get(&behind, 0, 4));
	return put_words(t);
}

/* struct pollfd: descriptor, events, what of them there is. */
static bool put_poll(const struct telling *t)
{
	struct syscall_item asked, got;
	bool answered = get(t, FT_AT_SUCCESS, 0, &got);

	if (!get(t, FT_AT_ENTRY, 0, &asked))
		return false;
	buf_addc(t->buf, '[');
	for (size_t at = 0; at + 8 <= asked.head.len; at += 8) {
		uint64_t events = answered ? syscall_get(&got, at + 6, 2) : 0;

		buf_addf(t->buf, at ? ", {fd=%d, events=" : "{fd=%d, events=",
			 (int)syscall_get(&asked, at, 4));
		syscall_flags(t->buf, syscall_words_poll_events, syscall_get(&asked, at + 4, 2));
		if (events) {
			buf_adds(t->buf, ", revents=");
			syscall_flags(t->buf, syscall_words_poll_events, events);
		}
		buf_addc(t->buf, '}');
	}
	buf_adds(t->buf, asked.head.flags & FT_ITEM_MORE ? ", ...]" : "]");
	return put_words(t);
}

/* Whether what is there means something: some is written in some cases only. */
static bool is_written(const struct telling *t)
{
	int64_t result = t->view->kept.result;

	switch (t->type) {
	case SYS_STATUS_OUT:
		return result > 0;
	case SYS_TIMELEFT_OUT:
		return result == -EINTR || result == -516;
	default:
		return true;
	}
}

static bool tell(const struct telling *t)
{
	struct syscall_item item;

	if (t->type == SYS_LEN_INOUT)
		return put_length(t);
	if (t->type == SYS_POLL_INOUT)
		return put_poll(t);
	/* Of nothing there is nothing to be read. */
	if (t->type == SYS_BUF_OUT && !t->view->kept.result && value_of(t) &&
	    !(t->view->kept.flags & FT_SYSCALL_OPEN))
		return put_text(t, (const unsigned char *)"", 0, false);
	if (!get(t, when_of(t->type), 0, &item) || !is_written(t))
		return false;
	switch ((enum syscall_type)t->type) {
	case SYS_PATH:
	case SYS_TEXT:
	case SYS_PATH_OUT:
	case SYS_BUF_IN:
	case SYS_BUF_OUT:
		return put_path(t, &item);
	case SYS_STRINGS:
		return put_strings(t, &item);
	case SYS_IOV_IN:
	case SYS_IOV_OUT:
		return put_vector(t, &item);
	case SYS_MSG_IN:
	case SYS_MSG_OUT:
		return put_message(t, &item);
	case SYS_ADDR_IN:
	case SYS_ADDR_OUT:
		return put_address(t, &item);
	default:
		return syscall_struct(t->buf, t->type, &item) && put_words(t);
	}
}

bool syscall_tell_memory(const struct syscall_view *view, uint8_t index)
{
	static struct buf words;
	const struct syscall_arg *form = &view->form->args[index];
	struct telling t = {view, form->name, form->type, index, &words};

	buf_reset(&words);
	return tell(&t);
}
