/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Error() says of the standard library's errors. A text is made of parts that were read; where
 * one of them was cut, or is not there, nothing is said.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/escape.h"
#include "trace/value_priv.h"

/* Text that is being put together. */
struct saying {
	char *room;
	size_t len;
	bool failed;
};

static void add(struct saying *saying, const char *text, size_t len)
{
	if (saying->failed || len > VALUE_SAYS_MAX - saying->len) {
		saying->failed = true;
		return;
	}
	memcpy(saying->room + saying->len, text, len);
	saying->len += len;
}

static void add_words(struct saying *saying, const char *words)
{
	add(saying, words, strlen(words));
}

/* A whole text, `quoted` as strconv.Quote does: only where that changes nothing in it. */
static void add_text(struct saying *saying, const struct value *text, bool quoted)
{
	if (text->kind != VALUE_TEXT || text->truncated) {
		saying->failed = true;
		return;
	}
	for (size_t i = 0; quoted && i < text->nbytes; i++) {
		char c = text->text[i];

		if (c < ' ' || c > '~' || c == '"' || c == '\\')
			saying->failed = true;
	}
	if (quoted)
		add_words(saying, "\"");
	add(saying, text->text, text->nbytes);
	if (quoted)
		add_words(saying, "\"");
}

static void add_errno(struct saying *saying, const struct value_source *src, uint64_t number)
{
	char digits[32];
	size_t len = 0;
	const char *words = src->types ? rtypes_errno(src->types, number, &len) : NULL;

	if (!words) {
		saying->failed = true;
	} else if (len) {
		add(saying, words, len);
	} else {
		snprintf(digits, sizeof(digits), "errno %" PRId64, (int64_t)number);
		add_words(saying, digits);
	}
}

/* The error in words 4 and 5 of what the interface refers to. */
static void add_inner(struct saying *saying, const struct value_source *src,
		      const struct shape_interface *iface)
{
	struct value_place place = {.at = iface->inner, .end = iface->inner + 16u};
	uint64_t itab = value_word(src, iface->value + 32u);
	const struct rtype *type;
	struct shape shape = {.kind = SHAPE_STRING,
			      .size = 16,
			      .data = iface->inner_text,
			      .data_len = iface->text_len,
			      .data_status = iface->inner_text_status};
	struct value text;

	type = itab && src->types ? rtypes_of_itab(src->types, itab - src->bias) : NULL;
	if (!type || !iface->inner || value_status(src, iface->inner_status) != FT_V_OK) {
		saying->failed = true;
		return;
	}
	switch (type->says) {
	case SAYS_ERRNO:
		add_errno(saying, src, value_word(src, iface->inner));
		return;
	case SAYS_DEADLINE:
		add_words(saying, "context deadline exceeded");
		return;
	case SAYS_FIRST:
		value_read(src, &place, &shape, &text);
		add_text(saying, &text, false);
		return;
	default:
		saying->failed = true;
	}
}

/* The struct that the interface's pointer leads to. */
static bool find_target(const struct value_source *src, const struct value *dynamic,
			struct value *target)
{
	struct value pointer;

	if (!dynamic->nchildren)
		return false;
	value_child(src, dynamic, 0, &pointer);
	if (pointer.kind != VALUE_POINTER)
		return false;
	value_child(src, &pointer, 0, target);
	return target->kind == VALUE_OBJECT && target->nchildren;
}

/* Two texts and an error, each type in its own way. */
static bool say_three(struct saying *saying, const struct value_source *src,
		      const struct value *dynamic)
{
	enum rtype_says says = dynamic->dynamic->says;
	struct value target, first, second;

	if (!find_target(src, dynamic, &target) || target.nchildren < 2)
		return false;
	value_child(src, &target, 0, &first);
	value_child(src, &target, 1, &second);
	if (says == SAYS_NUM)
		add_words(saying, "strconv.");
	add_text(saying, &first, false);
	add_words(saying, says == SAYS_NUM ? ": parsing " : " ");
	add_text(saying, &second, says != SAYS_PATH);
	add_words(saying, ": ");
	add_inner(saying, src, dynamic->inside.iface);
	return true;
}

/* As a string of the record is cut. */
static bool finish(const struct saying *saying, uint32_t most, struct value *text)
{
	size_t len = saying->len;

	if (saying->failed)
		return false;
	*text = (struct value){.kind = VALUE_TEXT, .text = saying->room, .len = len};
	if (most && len > most) {
		text->truncated = text->counted = true;
		len = utf8_cut(saying->room, most);
	}
	text->utf8 = utf8_valid(saying->room, len);
	text->nbytes = text->utf8 || !text->truncated ? len : most;
	return true;
}

bool value_says(const struct value_source *src, const struct value *dynamic, struct value *text,
		/* NOLINTNEXTLINE(readability-non-const-parameter): by saying.room */
		char room[VALUE_SAYS_MAX])
{
	struct saying saying = {.room = room};
	struct value target;

	switch (dynamic->dynamic->says) {
	case SAYS_NOTHING:
		return false;
	case SAYS_FIRST:
		if (!find_target(src, dynamic, &target))
			return false;
		value_child(src, &target, 0, text);
		return text->kind == VALUE_TEXT;
	case SAYS_ERRNO:
		if (!dynamic->nchildren)
			return false;
		value_child(src, dynamic, 0, &target);
		if (target.kind != VALUE_UNSIGNED)
			return false;
		add_errno(&saying, src, target.u);
		break;
	case SAYS_DEADLINE:
		add_words(&saying, "context deadline exceeded");
		break;
	default:
		if (!say_three(&saying, src, dynamic))
			return false;
	}
	return finish(&saying, dynamic->inside.iface ? dynamic->inside.iface->text_len : 0, text);
}
