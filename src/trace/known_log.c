/* SPDX-License-Identifier: GPL-2.0-only */
/* What programs log. Sources: Go's src/log/slog/{level,value,attr}.go, go.uber.org/zap/zapcore/field.go. */
#include <inttypes.h>
#include <stdio.h>

#include "trace/known.h"

/* As Level.String() has it: INFO+2. */
void known_level(struct knowing *k)
{
	static const struct {
		int64_t from;
		const char *name;
	} levels[] = {{8, "ERROR"}, {4, "WARN"}, {0, "INFO"}, {INT64_MIN, "DEBUG"}};
	int64_t level = (int64_t)known_number(k, 0), above;
	char text[32];
	size_t i = 0;

	while (level < levels[i].from)
		i++;
	above = level - (levels[i].from == INT64_MIN ? -4 : levels[i].from);
	snprintf(text, sizeof(text), "%s%+" PRId64, levels[i].name, above);
	known_words(k, above ? text : levels[i].name);
}

void known_attr(struct knowing *k)
{
	known_add_part(k, 0);
	known_words(k, "=");
	known_add_part(k, 1);
}

/* slog.Kind; its values are the same in all releases. */
enum {
	KIND_ANY = 0,
	KIND_BOOL = 1,
	KIND_DURATION = 2,
	KIND_INT64 = 4,
	KIND_UINT64 = 7,
};

static void add_kind(struct knowing *k, const struct reading *any)
{
	struct reading kind;

	reading_child(k->say.src, any, 0, &kind);
	switch (kind.is.kind == VALUE_SIGNED ? kind.is.s : KIND_ANY) {
	case KIND_BOOL:
		known_words(k, known_number(k, 0) ? "true" : "false");
		break;
	case KIND_INT64:
		saying_number(&k->say, (int64_t)known_number(k, 0));
		break;
	case KIND_UINT64:
		known_digits(k, known_number(k, 0), 1);
		break;
	case KIND_DURATION:
		known_duration(k);
		break;
	default:
		k->say.failed = true;
	}
}

/* slog.Value: what `num` is, or where the string is, the type in `any` tells. */
void known_logged(struct knowing *k)
{
	struct reading any;
	struct value text;

	known_read(k, 1, &any);
	if (any.is.kind == VALUE_NULL) {
		known_words(k, "<nil>");
	} else if (any.is.kind != VALUE_DYNAMIC) {
		k->say.failed = true;
	} else if (!strcmp(any.is.dynamic, "log/slog.stringptr")) {
		text = known_text(k, 2);
		known_words(k, "\"");
		known_add(k, &text);
		known_words(k, "\"");
	} else if (!strcmp(any.is.dynamic, "log/slog.Kind") && any.is.nchildren) {
		add_kind(k, &any);
	} else {
		known_words(k, any.is.text);
	}
}

/* zapcore.FieldType up to where all releases agree. */
enum { FIELD_BOOL = 4, FIELD_DURATION = 8, FIELD_INT64 = 11, FIELD_INT8 = 14, FIELD_STRING = 15 };

void known_field(struct knowing *k)
{
	uint64_t type = known_number(k, 1), number = known_number(k, 2);

	known_add_part(k, 0);
	known_words(k, "=");
	if (type == FIELD_BOOL) {
		known_words(k, number ? "true" : "false");
	} else if (type == FIELD_DURATION) {
		known_nanoseconds(k, (int64_t)number);
	} else if (type >= FIELD_INT64 && type <= FIELD_INT8) {
		saying_number(&k->say, (int64_t)number);
	} else if (type == FIELD_STRING) {
		known_words(k, "\"");
		known_add_part(k, 3);
		known_words(k, "\"");
	} else {
		known_words(k, "...");
	}
}
