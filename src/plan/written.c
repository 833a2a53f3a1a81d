/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/written.h"

#include <ctype.h>
#include <string.h>

#include "base/glob.h"
#include "base/symbol.h"

#define SHAPE "go.shape."
/* Lists of types in one name: a generic function in a method of a generic type, and closures of theirs. */
#define LISTS 4
/* A type that is written longer than that fits none. */
#define TYPE_MAX 256

void written_symbol_init(struct written_symbol *at, const struct short_names *names)
{
	*at = (struct written_symbol){.names = names};
}

void written_symbol_release(struct written_symbol *at)
{
	buf_release(&at->decoded);
	buf_release(&at->shown);
	buf_release(&at->plain);
	buf_release(&at->bare);
}

void written_symbol_set(struct written_symbol *at, const char *symbol)
{
	if (at->symbol == symbol)
		return;
	at->symbol = symbol;
	at->has_decoded = at->has_shown = at->has_plain = false;
}

const char *written_symbol_decoded(struct written_symbol *at)
{
	if (!strchr(at->symbol, '%'))
		return at->symbol;
	if (!at->has_decoded) {
		buf_reset(&at->decoded);
		symbol_decode(&at->decoded, at->symbol, strlen(at->symbol));
	}
	at->has_decoded = true;
	return buf_str(&at->decoded);
}

/* As text shows it. */
static const char *shown(struct written_symbol *at)
{
	if (!at->has_shown) {
		buf_reset(&at->shown);
		short_names_put(at->names, &at->shown, at->symbol);
	}
	at->has_shown = true;
	return buf_str(&at->shown);
}

/* Without the elements of its path that are major versions. */
static const char *plain(struct written_symbol *at)
{
	const char *from = written_symbol_decoded(at), *slash = from;
	size_t path = symbol_package(from);

	if (at->has_plain)
		return buf_str(&at->plain);
	at->has_plain = true;
	buf_reset(&at->plain);
	while ((slash = memchr(slash, '/', path - (size_t)(slash - from)))) {
		size_t len = strcspn(slash + 1, "/.[(");

		if (symbol_is_version(slash + 1, len)) {
			buf_add(&at->plain, from, (size_t)(slash - from));
			path -= (size_t)(slash - from) + 1 + len;
			from = slash + 1 + len;
			slash = from;
		} else {
			slash++;
		}
	}
	buf_adds(&at->plain, from);
	return buf_str(&at->plain);
}

/* What is between two brackets. */
struct list {
	const char *text;
	size_t len;
};

/* Appends `text` without its lists, of which the first go to `lists`; returns how many there are. From a bracket on that
 * nothing closes it is left as it is. */
static size_t put_bare(struct buf *buf, const char *text, struct list *lists)
{
	size_t count = 0, len;

	for (; *text; text += len) {
		const char *end;

		len = strcspn(text, "[\\");
		buf_add(buf, text, len);
		text += len;
		if (*text == '[') {
			end = symbol_bracket_end(text);
			if (!end) {
				buf_adds(buf, text);
				break;
			}
			len = (size_t)(end - text) + 1;
			if (count < LISTS)
				lists[count] = (struct list){text + 1, len - 2};
			count++;
		} else {
			/* What is quoted in a glob stays so. */
			len = strnlen(text, 2);
			buf_add(buf, text, len);
		}
	}
	return count;
}

void written_put_bare(struct buf *buf, const char *text)
{
	struct list lists[LISTS];

	put_bare(buf, text, lists);
}

/* The next type of a list, without blanks around it. */
static struct list next_type(struct list *left)
{
	struct list type = *left;
	size_t depth = 0, at = 0;

	for (; at < left->len; at++) {
		char c = left->text[at];

		depth += c == '[' || c == '(' || c == '{';
		depth -= depth && (c == ']' || c == ')' || c == '}');
		if (c == ',' && !depth)
			break;
	}
	type.len = at;
	at += at < left->len;
	left->text += at;
	left->len -= at;
	for (; type.len && *type.text == ' '; type.len--)
		type.text++;
	while (type.len && type.text[type.len - 1] == ' ')
		type.len--;
	return type;
}

/* A type in `text` without what makes it a shape; false when it is too long. *shape tells whether it was one. */
static bool take_type(struct list type, char text[static TYPE_MAX], bool *shape)
{
	/* What the type's name stands for in a shape. */
	static const char *const same[][2] = {
		{"byte", "uint8"},
		{"rune", "int32"},
		{"any", "interface {}"},
		{"error", "interface { Error() string }"},
	};
	size_t len;

	*shape = type.len >= strlen(SHAPE) && !memcmp(type.text, SHAPE, strlen(SHAPE));
	if (*shape) {
		type.text += strlen(SHAPE);
		type.len -= strlen(SHAPE);
	}
	if (type.len >= TYPE_MAX)
		return false;
	memcpy(text, type.text, type.len);
	text[type.len] = '\0';
	/* Go 1.19 numbers the parameters: go.shape.int_0. */
	len = type.len;
	while (*shape && len && isdigit((unsigned char)text[len - 1]))
		len--;
	if (len < type.len && len && text[len - 1] == '_')
		text[len - 1] = '\0';
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (!strcmp(text, same[i][0]))
			strcpy(text, same[i][1]);
	return true;
}

static bool type_fits(struct list written, struct list type)
{
	char a[TYPE_MAX], b[TYPE_MAX];
	bool shape;

	if (!take_type(written, a, &shape) || !take_type(type, b, &shape))
		return false;
	return !strcmp(a, b) || !strcmp(a, "*") || (shape && *a == '*' && !strcmp(b, "*uint8"));
}

static bool list_fits(struct list written, struct list types)
{
	if (written.len == 3 && !memcmp(written.text, "...", 3))
		return true;
	while (written.len && types.len)
		if (!type_fits(next_type(&written), next_type(&types)))
			return false;
	return !written.len && !types.len;
}

/* A generic: its brackets left out, or types in them. */
static bool matches_generic(struct buf *bare, const char *written, const char *text)
{
	struct list lists[LISTS], wanted[LISTS];
	size_t count, nwanted = 0;
	struct buf glob = {0};
	bool matches;

	buf_reset(bare);
	count = put_bare(bare, text, lists);
	if (!strchr(written, '['))
		return glob_match(written, buf_str(bare));
	nwanted = put_bare(&glob, written, wanted);
	matches = nwanted && nwanted <= count && nwanted <= LISTS && !glob.failed &&
		  glob_match(buf_str(&glob), buf_str(bare));
	for (size_t i = 0; i < nwanted && matches; i++)
		matches = list_fits(wanted[i], lists[i]);
	buf_release(&glob);
	return matches;
}

static bool matches_assembly(struct buf *bare, const char *written, const char *text)
{
	size_t len = strlen(text);

	if (len < 5 || strcmp(text + len - 5, ".abi0") != 0)
		return false;
	buf_reset(bare);
	buf_add(bare, text, len - 5);
	return glob_match(written, buf_str(bare));
}

static bool matches_text(struct written_symbol *at, const char *written, const char *text,
			 bool exact)
{
	if (exact)
		return !strcmp(written, text);
	return glob_match(written, text) ||
	       (strchr(text, '[') && matches_generic(&at->bare, written, text)) ||
	       matches_assembly(&at->bare, written, text);
}

/* From each element of the path on but the first. */
static bool matches_end(struct written_symbol *at, const char *written, const char *text,
			bool exact)
{
	size_t path = symbol_package(text);

	for (size_t i = 0; i < path; i++)
		if (text[i] == '/' && matches_text(at, written, text + i + 1, exact))
			return true;
	return false;
}

/* What is shown, and each end, begins with an element of the path: most symbols have none like that. */
static bool has_element(const char *symbol, const char *written)
{
	size_t len = strcspn(written, "/.*?[\\");

	if (!len || strchr(symbol, '%'))
		return true;
	while (strncmp(symbol, written, len) != 0) {
		symbol = strchr(symbol, '/');
		if (!symbol)
			return false;
		symbol++;
	}
	return true;
}

bool written_matches(struct written_symbol *at, const char *written, enum written_form form)
{
	bool exact = written_form_is_name(form);

	if (form > WRITTEN_GLOB && form < WRITTEN_NOTHING && !has_element(at->symbol, written))
		return false;
	switch (form) {
	case WRITTEN_NAME:
	case WRITTEN_GLOB:
	case WRITTEN_NOTHING:
		return matches_text(at, written, at->symbol, exact) ||
		       (written_symbol_decoded(at) != at->symbol &&
			matches_text(at, written, written_symbol_decoded(at), exact));
	case WRITTEN_SHORT_NAME:
	case WRITTEN_SHORT_GLOB:
		return matches_text(at, written, shown(at), exact);
	case WRITTEN_END_NAME:
	case WRITTEN_END_GLOB:
		return !symbol_generated(at->symbol) &&
		       (matches_end(at, written, written_symbol_decoded(at), exact) ||
			matches_end(at, written, plain(at), exact));
	}
	return false;
}
