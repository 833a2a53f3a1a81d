/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Error() says of the standard library's errors. A text is made of parts that were read; where
 * one of them was cut, or is not there, nothing is said.
 */
#include "base/escape.h"
#include "trace/saying.h"

struct value saying_field(const struct saying *saying, uint32_t i)
{
	struct reading reading = {.is.kind = VALUE_DEEPER};

	if (i < saying->target.is.nchildren)
		reading_child(saying->src, &saying->target, i, &reading);
	return reading.is;
}

uint64_t saying_top_word(struct saying *saying, uint32_t word)
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
	case SAYS_MESSAGE:
		if (stage >= SAYING_MESSAGE)
			return false;
		saying_part(saying, ERROR_MESSAGE_TEXT);
		saying_words(saying, ": ");
		saying_cause(saying, saying_word(saying, ERROR_MESSAGE, ERROR_MESSAGE_ERR),
			     SAYING_MESSAGE);
		return true;
	case SAYS_VERIFY:
		if (stage >= SAYING_VERIFY)
			return false;
		saying_words(saying, type->words);
		saying_cause(saying, saying_word(saying, ERROR_VERIFY, ERROR_VERIFY_ERR),
			     SAYING_VERIFY);
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

static void add_code(struct saying *saying, const struct rtype *type, uint64_t code)
{
	saying_words(saying, type->words);
	saying_http2_code(saying, code & UINT32_MAX);
}

/* With a hint it has names of certificates in it. */
static void add_authority(struct saying *saying, const struct rtype *type, uint64_t hint)
{
	if (hint)
		saying->failed = true;
	saying_words(saying, type->words);
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
	case SAYS_ALERT:
		saying_alert(saying, saying_word(saying, leaf, 0));
		return true;
	case SAYS_CODE:
		add_code(saying, type, saying_word(saying, leaf, 0));
		return true;
	case SAYS_CA:
		add_authority(saying, type, saying_word(saying, leaf, 1));
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

static void add_cause(struct saying *saying, const struct rtype *type, enum saying_stage stage)
{
	struct value detail;

	if (type && type->says == SAYS_CERT && stage == SAYING_VERIFY) {
		detail = saying_string(saying, ERROR_DETAIL_TEXT);
		saying_certificate(saying, saying_word(saying, ERROR_LEAF, 1), &detail);
		return;
	}
	if (saying->failed || !type ||
	    (!add_leaf(saying, type, ERROR_LEAF) && !add_chained(saying, type, stage)))
		saying->failed = true;
}

void saying_cause(struct saying *saying, uint64_t itab, enum saying_stage stage)
{
	add_cause(saying, saying_type(saying, itab), stage);
}

static void add_held(struct saying *saying)
{
	const struct value_source *src = saying->src;
	uint64_t at = saying_word(saying, ERROR_HELD, 1);

	add_cause(saying, src->types ? rtypes_find(src->types, at - src->bias) : NULL, SAYING_TOP);
}

/* One error a line. */
static void add_joined(struct saying *saying)
{
	uint64_t count = saying_top_word(saying, 1);

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
	struct value first = saying_field(saying, 0), second = saying_field(saying, 1),
		     third = saying_field(saying, 2);

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
		saying_cause(saying, saying_top_word(saying, 2), SAYING_TOP);
		return;
	case SAYS_LINK:
		saying_text(saying, &first);
		saying_words(saying, " ");
		saying_text(saying, &second);
		saying_words(saying, " ");
		saying_text(saying, &third);
		saying_words(saying, ": ");
		saying_cause(saying, saying_top_word(saying, 6), SAYING_TOP);
		return;
	default:
		saying_text(saying, &first);
		saying_words(saying, " ");
		saying_text(saying, &second);
	}
	saying_words(saying, ": ");
	saying_cause(saying, saying_top_word(saying, 4), SAYING_TOP);
}

bool saying_find_target(struct saying *saying)
{
	struct reading value;

	if (!saying->dynamic->is.nchildren)
		return false;
	reading_child(saying->src, saying->dynamic, 0, &value);
	if (value.is.kind == VALUE_POINTER)
		reading_child(saying->src, &value, 0, &saying->target);
	else
		saying->target = value;
	return saying->target.is.kind == VALUE_OBJECT && saying->target.is.nchildren;
}

/* However long: of what a chain of errors says the end, which has the cause, says most, and its parts have
 * been cut where they were read. */
static bool finish(const struct saying *saying, struct value *text)
{
	if (saying->failed)
		return false;
	*text = (struct value){.kind = VALUE_TEXT,
			       .text = saying->room,
			       .len = saying->len + saying->missing,
			       .nbytes = (uint32_t)saying->len,
			       .truncated = saying->cut,
			       .counted = saying->cut,
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

/* Errors of connections, and those that only hold another one. */
static bool add_secure(struct saying *saying, const struct rtype *type)
{
	struct value value;

	switch (type->says) {
	case SAYS_ALERT:
	case SAYS_CODE:
		if (!find_value(saying, VALUE_UNSIGNED, &value))
			saying->failed = true;
		else if (type->says == SAYS_ALERT)
			saying_alert(saying, value.u);
		else
			add_code(saying, type, value.u);
		return true;
	case SAYS_CA:
		add_authority(saying, type, saying_top_word(saying, 1));
		return true;
	case SAYS_CERT:
		if (!saying_find_target(saying))
			saying->failed = true;
		value = saying_field(saying, 2);
		saying_certificate(saying, saying_top_word(saying, 1), &value);
		return true;
	case SAYS_WRAP_0:
		saying_words(saying, type->words ? type->words : "");
		saying_cause(saying, saying_top_word(saying, 0), SAYING_TOP);
		return true;
	case SAYS_HELD:
		add_held(saying);
		return true;
	default:
		return false;
	}
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
		if (!saying_find_target(&saying))
			return false;
		*text = saying_field(&saying, 0);
		if (!type->words)
			return text->kind == VALUE_TEXT;
		value = *text;
		add_string(&saying, type, &value);
		break;
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
		if (!saying_find_target(&saying))
			return false;
		add_struct(&saying);
		break;
	default:
		if (!add_secure(&saying, type) && !saying_fields(&saying, type) &&
		    !add_chained(&saying, type, SAYING_TOP))
			return false;
	}
	return finish(&saying, text);
}
