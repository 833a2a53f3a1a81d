/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Error() says of the standard library's errors. A text is made of parts that were read; where
 * one of them was cut, or is not there, nothing is said.
 */
#include "base/escape.h"
#include "trace/saying.h"

/* Number `i` of the struct's fields. */
static struct value field(const struct saying *saying, uint32_t i)
{
	struct reading reading = {.is.kind = VALUE_DEEPER};

	if (i < saying->target.is.nchildren)
		reading_child(saying->src, &saying->target, i, &reading);
	return reading.is;
}

/* A word of the struct itself. */
static uint64_t top_word(struct saying *saying, uint32_t word)
{
	const struct shape_interface *iface = saying->dynamic->inside.iface;

	if (!iface || !iface->value || iface->value_len < 8 * word + 8 ||
	    value_status(saying->src, iface->value_status) != FT_V_OK) {
		saying->failed = true;
		return 0;
	}
	return value_word(saying->src, iface->value + 8u * word);
}

/* A number that has words, or else is one of `kind`. */
static void add_named(struct saying *saying, const char *words, size_t len, const char *kind,
		      uint64_t number)
{
	if (!words) {
		saying->failed = true;
	} else if (len) {
		saying_add(saying, words, len);
	} else {
		saying_words(saying, kind);
		saying_number(saying, (int64_t)number);
	}
}

static void add_errno(struct saying *saying, uint64_t number)
{
	struct rtypes *types = saying->src->types;
	size_t len = 0;
	const char *words = types ? rtypes_errno(types, number, &len) : NULL;

	add_named(saying, words, len, "errno ", number);
}

static void add_signal(struct saying *saying, uint64_t number)
{
	struct rtypes *types = saying->src->types;
	size_t len = 0;
	const char *words = types ? rtypes_signal(types, number, &len) : NULL;

	add_named(saying, words, len, "signal ", number);
}

/* What net's errors and os.SyscallError say, which are read alike at the top and as causes. */
static bool add_chained(struct saying *saying, const struct rtype *type, enum saying_stage stage)
{
	switch (type->says) {
	case SAYS_OP:
		if (stage >= SAYING_OP)
			return false;
		saying_op(saying);
		return true;
	case SAYS_SYSCALL:
		if (stage >= SAYING_SYSCALL)
			return false;
		saying_part(saying, ERROR_SYSCALL_NAME);
		saying_words(saying, ": ");
		saying_cause(saying, saying_word(saying, ERROR_SYSCALL, ERROR_SYSCALL_ERR),
			     SAYING_SYSCALL);
		return true;
	case SAYS_DNS:
		if (stage >= SAYING_SYSCALL)
			return false;
		saying_dns(saying, type);
		return true;
	case SAYS_NO_ADDR:
		if (stage >= SAYING_SYSCALL)
			return false;
		saying_no_addr(saying);
		return true;
	default:
		return false;
	}
}

/* An error that is a string, or begins with one. */
static void add_string(struct saying *saying, const struct rtype *type, const struct value *text)
{
	if (type->words)
		saying_words(saying, type->words);
	if (type->says == SAYS_QUOTED)
		saying_quoted(saying, text);
	else
		saying_text(saying, text);
}

/* An error that holds no other, whose value is `leaf`. */
static bool add_leaf(struct saying *saying, const struct rtype *type, enum error_part leaf)
{
	struct value text;

	switch (type->says) {
	case SAYS_WORDS:
		saying_words(saying, type->words);
		return true;
	case SAYS_ERRNO:
		add_errno(saying, saying_word(saying, leaf, 0));
		return true;
	case SAYS_FIRST:
	case SAYS_ITSELF:
	case SAYS_BEHIND:
	case SAYS_QUOTED:
		text = saying_string(saying, leaf + 1);
		add_string(saying, type, &text);
		return true;
	default:
		return false;
	}
}

void saying_cause(struct saying *saying, uint64_t itab, enum saying_stage stage)
{
	const struct rtype *type = saying_type(saying, itab);

	if (saying->failed || !type ||
	    (!add_leaf(saying, type, ERROR_LEAF) && !add_chained(saying, type, stage)))
		saying->failed = true;
}

/* One error a line. */
static void add_joined(struct saying *saying)
{
	uint64_t count = top_word(saying, 1);

	if (!count || count > ERROR_JOINED)
		saying->failed = true;
	for (uint32_t i = 0; i < count && !saying->failed; i++) {
		const struct rtype *type =
			saying_type(saying, saying_word(saying, ERROR_JOIN, 2 * i));

		saying_words(saying, i ? "\n" : "");
		if (!type || !add_leaf(saying, type, ERROR_JOIN_1 + 2 * i))
			saying->failed = true;
	}
}

/* By the kernel's wait status: os.ProcessState.String(). */
static void add_exit(struct saying *saying)
{
	uint64_t status = saying_word(saying, ERROR_LEAF, 1), signal = status & 0x7f;

	if (!signal) {
		saying_words(saying, "exit status ");
		saying_number(saying, (int64_t)(status >> 8 & 0xff));
	} else if (signal != 0x7f) {
		saying_words(saying, "signal: ");
		add_signal(saying, signal);
		saying_words(saying, status & 0x80 ? " (core dumped)" : "");
	} else {
		saying->failed = true;
	}
}

/* A struct of strings, and an error behind them. */
static void add_struct(struct saying *saying)
{
	struct value first = field(saying, 0), second = field(saying, 1), third = field(saying, 2);

	switch (saying->dynamic->dynamic->says) {
	case SAYS_NUM:
		saying_words(saying, "strconv.");
		saying_text(saying, &first);
		saying_words(saying, ": parsing ");
		saying_quoted(saying, &second);
		break;
	case SAYS_URL:
		saying_text(saying, &first);
		saying_words(saying, " ");
		saying_quoted(saying, &second);
		break;
	case SAYS_PARSE:
		saying_words(saying, "invalid ");
		saying_text(saying, &first);
		saying_words(saying, ": ");
		saying_text(saying, &second);
		return;
	case SAYS_EXEC:
		saying_words(saying, "exec: ");
		saying_quoted(saying, &first);
		saying_words(saying, ": ");
		saying_cause(saying, top_word(saying, 2), SAYING_TOP);
		return;
	case SAYS_LINK:
		saying_text(saying, &first);
		saying_words(saying, " ");
		saying_text(saying, &second);
		saying_words(saying, " ");
		saying_text(saying, &third);
		saying_words(saying, ": ");
		saying_cause(saying, top_word(saying, 6), SAYING_TOP);
		return;
	default:
		saying_text(saying, &first);
		saying_words(saying, " ");
		saying_text(saying, &second);
	}
	saying_words(saying, ": ");
	saying_cause(saying, top_word(saying, 4), SAYING_TOP);
}

/* The struct that the interface's pointer leads to. */
static bool find_target(struct saying *saying)
{
	struct reading pointer;

	if (!saying->dynamic->is.nchildren)
		return false;
	reading_child(saying->src, saying->dynamic, 0, &pointer);
	if (pointer.is.kind != VALUE_POINTER)
		return false;
	reading_child(saying->src, &pointer, 0, &saying->target);
	return saying->target.is.kind == VALUE_OBJECT && saying->target.is.nchildren;
}

/* Whole, however long: of what a chain of errors says the end, which has the cause, says most, and its
 * parts have been cut where they were read. */
static bool finish(const struct saying *saying, struct value *text)
{
	if (saying->failed)
		return false;
	*text = (struct value){.kind = VALUE_TEXT,
			       .text = saying->room,
			       .len = saying->len,
			       .nbytes = (uint32_t)saying->len,
			       .utf8 = utf8_valid(saying->room, saying->len)};
	return true;
}

/* A number, or a string, that the interface's data word leads to. */
static bool find_value(const struct saying *saying, enum value_kind kind, struct value *value)
{
	struct reading reading;

	if (!saying->dynamic->is.nchildren)
		return false;
	reading_child(saying->src, saying->dynamic, 0, &reading);
	*value = reading.is;
	return value->kind == kind;
}

bool value_says(const struct value_source *src, const struct reading *dynamic, struct value *text,
		/* NOLINTNEXTLINE(readability-non-const-parameter): by saying.room */
		char room[VALUE_SAYS_MAX])
{
	const struct shape_interface *iface = dynamic->inside.iface;
	struct saying saying = {
		.room = room,
		.src = src,
		.dynamic = dynamic,
		.parts = iface ? iface->error : NULL,
	};
	const struct rtype *type = dynamic->dynamic;
	struct value value;

	switch (type->says) {
	case SAYS_FIRST:
		if (!find_target(&saying))
			return false;
		*text = field(&saying, 0);
		return text->kind == VALUE_TEXT;
	case SAYS_ITSELF:
		return find_value(&saying, VALUE_TEXT, text);
	case SAYS_BEHIND:
	case SAYS_QUOTED:
		if (!find_value(&saying, VALUE_TEXT, &value))
			return false;
		add_string(&saying, type, &value);
		break;
	case SAYS_ERRNO:
		if (!find_value(&saying, VALUE_UNSIGNED, &value))
			return false;
		add_errno(&saying, value.u);
		break;
	case SAYS_WORDS:
		saying_words(&saying, type->words);
		break;
	case SAYS_EXIT:
		add_exit(&saying);
		break;
	case SAYS_JOIN:
		add_joined(&saying);
		break;
	case SAYS_PATH:
	case SAYS_NUM:
	case SAYS_URL:
	case SAYS_LINK:
	case SAYS_EXEC:
	case SAYS_PARSE:
		if (!find_target(&saying))
			return false;
		add_struct(&saying);
		break;
	default:
		if (!add_chained(&saying, type, SAYING_TOP))
			return false;
	}
	return finish(&saying, text);
}
