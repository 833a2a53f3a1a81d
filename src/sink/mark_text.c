/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/mark_text.h"

#include <string.h>

#include "base/escape.h"
#include "sink/shown_name.h"
#include "sink/source_file.h"

/* Words on their way. */
struct saying {
	struct buf *buf;
	const struct mark_words *words;
	const struct mark *mark;
	const struct mark_detail *detail;
};

static void add_value(struct buf *buf, const struct mark_arg *arg)
{
	switch ((enum mark_value)arg->kind) {
	case MARK_VALUE_NUMBER:
		buf_addi(buf, arg->number);
		break;
	case MARK_VALUE_UNSIGNED:
		buf_addu(buf, arg->u);
		break;
	case MARK_VALUE_NONE:
	case MARK_VALUE_HEX:
		if (arg->kind == MARK_VALUE_NONE && !arg->u) {
			buf_adds(buf, "NULL");
			break;
		}
		buf_adds(buf, "0x");
		buf_addx(buf, arg->u);
		break;
	case MARK_VALUE_WORD:
		escape_text(buf, arg->text, arg->len);
		break;
	case MARK_VALUE_TEXT:
		escape_quoted(buf, arg->text, arg->len);
		break;
	case MARK_VALUE_LIST:
		buf_addc(buf, '[');
		for (uint32_t i = 1; i <= arg->nvalues; i++) {
			if (i > 1)
				buf_adds(buf, ", ");
			add_value(buf, &arg[i]);
		}
		if (arg->truncated)
			buf_adds(buf, ", ...");
		buf_addc(buf, ']');
		return;
	}
	if (arg->truncated)
		buf_adds(buf, "...");
}

/* `7</etc/hosts>` */
static void add_file(struct buf *buf, const char *file)
{
	buf_addc(buf, '<');
	escape_text(buf, file, strlen(file));
	buf_addc(buf, '>');
}

static void add_args(struct buf *buf, const struct mark_detail *detail)
{
	bool first = true;

	for (size_t i = 0; i < detail->nargs; i++) {
		const struct mark_arg *arg = &detail->args[i];

		if (arg->aside)
			continue;
		if (!first)
			buf_adds(buf, ", ");
		first = false;
		add_value(buf, arg);
		if (arg->file)
			add_file(buf, arg->file);
		if (arg->kind == MARK_VALUE_LIST)
			i += arg->nvalues;
	}
}

/* `7`, `-1 ENOENT (No such file or directory)` */
static void add_return(struct buf *buf, const struct mark_detail *detail)
{
	if (detail->result_text)
		escape_text(buf, detail->result_text, strlen(detail->result_text));
	else
		buf_addi(buf, detail->result);
	if (detail->result_file)
		add_file(buf, detail->result_file);
	if (!detail->error)
		return;
	buf_addc(buf, ' ');
	escape_text(buf, detail->error, strlen(detail->error));
	if (!detail->error_text)
		return;
	buf_adds(buf, " (");
	escape_text(buf, detail->error_text, strlen(detail->error_text));
	buf_addc(buf, ')');
}

/* `G22 main.produce main.go:8` */
static void add_waker(const struct saying *s, const struct mark_waker *waker)
{
	const struct sink_config *config = s->words->config;
	const struct caller *place = waker->place;
	const char *file;

	if (waker->goid_known) {
		buf_addc(s->buf, 'G');
		buf_addu(s->buf, waker->goid);
	}
	if (!place)
		return;
	if (waker->goid_known)
		buf_addc(s->buf, ' ');
	shown_name_put(s->buf, s->words->exe, place->inlined ? place->inlined : place->func,
		       config->trim, config->ntrim);
	if (!place->file)
		return;
	file = source_file_short(place->file, s->words->exe->root);
	buf_addc(s->buf, ' ');
	escape_text(s->buf, file, strlen(file));
	if (place->line > 0) {
		buf_addc(s->buf, ':');
		buf_addu(s->buf, (uint64_t)place->line);
	}
}

/* One part; false when it is not known. */
static bool add_part(const struct saying *s, char part)
{
	const struct mark_detail *detail = s->detail;
	const struct func_name *name;
	struct buf *buf = s->buf;

	switch (part) {
	case 'r':
		buf_addu(buf, s->mark->result);
		return true;
	case 'f':
		name = func_names_get(s->words->names, s->mark->what);
		buf_add(buf, name->text, name->len);
		return true;
	default:
		break;
	}
	if (!detail)
		return false;
	switch (part) {
	case 'n':
		if (detail->name)
			escape_text(buf, detail->name, strlen(detail->name));
		return detail->name;
	case 'c':
		if (detail->code)
			escape_text(buf, detail->code, strlen(detail->code));
		return detail->code;
	case 's':
		buf_addu(buf, detail->sender);
		return detail->has_sender;
	case 'a':
		add_args(buf, detail);
		return true;
	case 'v':
		add_return(buf, detail);
		return detail->has_result;
	default:
		add_waker(s, &detail->waker);
		return detail->waker.goid_known || detail->waker.place;
	}
}

/* Words up to the end, or the bracket that closes them; what comes behind. *known: all parts are. */
static const char *add_words(const struct saying *s, const char *words, bool *known)
{
	for (*known = true; *words && *words != ']'; words++) {
		bool inside;
		size_t from;

		if (*words == '[') {
			from = s->buf->len;
			words = add_words(s, words + 1, &inside);
			if (!inside)
				s->buf->len = from;
			if (!*words)
				break;
		} else if (*words == '%' && words[1]) {
			*known &= add_part(s, *++words);
		} else {
			buf_addc(s->buf, *words);
		}
	}
	return words;
}

void mark_text(struct buf *buf, const struct mark_words *words, const struct mark *mark,
	       const struct mark_detail *detail)
{
	const struct mark_kind *kind = mark->kind;
	struct saying s = {buf, words, mark, detail};
	bool known;

	add_words(&s, mark->result == 1 && kind->words_one ? kind->words_one : kind->words, &known);
}
