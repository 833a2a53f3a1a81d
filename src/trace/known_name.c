/* SPDX-License-Identifier: GPL-2.0-only */
/* What has a name of several parts: objects of an API, records of the DNS, arguments of a statement. */
#include "base/digits.h"
#include "trace/known.h"

void known_path(struct knowing *k)
{
	for (uint32_t i = 0; i < KNOWN_PARTS && k->known->parts[i]; i++) {
		known_words(k, i ? "/" : "");
		known_add_part(k, i);
	}
}

void known_kind(struct knowing *k)
{
	known_add_part(k, 0);
	known_words(k, known_empty(k, 0) ? "" : "/");
	known_add_part(k, 1);
	known_words(k, ", ");
	known_add_part(k, 2);
}

void known_either(struct knowing *k)
{
	known_add_part(k, known_number(k, 0) ? 2 : 1);
}

/* By number, as the DNS has them: RFC 1035, 3596, 2782, 6891, 4034, 9460. */
static const struct {
	uint16_t number;
	const char *name;
} records[] = {
	{1, "A"},       {2, "NS"},     {5, "CNAME"}, {6, "SOA"},  {12, "PTR"},
	{15, "MX"},     {16, "TXT"},   {28, "AAAA"}, {33, "SRV"}, {43, "DS"},
	{48, "DNSKEY"}, {65, "HTTPS"}, {255, "ANY"},
};

void known_question(struct knowing *k)
{
	uint64_t type = known_number(k, 1);

	known_add_part(k, 0);
	known_words(k, " ");
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		if (records[i].number != type)
			continue;
		known_words(k, records[i].name);
		return;
	}
	known_words(k, "TYPE");
	known_digits(k, type, 1);
}

static void add_quoted(struct knowing *k, const struct value *text)
{
	known_words(k, "\"");
	known_add(k, text);
	known_words(k, "\"");
}

static void add_float(struct knowing *k, const struct value *number)
{
	char text[DIGITS_FLOAT_MAX];

	digits_float(number->f, number->single, text);
	known_words(k, text);
}

/* What an interface holds that can be an argument; of another one, which a driver would convert, the type. */
static void add_held(struct knowing *k, uint32_t i)
{
	struct reading any, held;

	known_read(k, i, &any);
	if (any.is.kind != VALUE_DYNAMIC || !any.is.nchildren) {
		known_add_part(k, i);
		return;
	}
	reading_child(k->say.src, &any, 0, &held);
	switch (held.is.kind) {
	case VALUE_TEXT:
		add_quoted(k, &held.is);
		break;
	case VALUE_FLOAT:
		add_float(k, &held.is);
		break;
	case VALUE_SIGNED:
	case VALUE_UNSIGNED:
	case VALUE_BOOL:
		known_add_value(k, &held);
		break;
	default:
		if (reading_is_known(&held))
			known_add_value(k, &held);
		else
			known_words(k, any.is.text);
	}
}

/* What a call came to. */
void known_status(struct knowing *k)
{
	saying_grpc_code(&k->say, known_number(k, 0) & UINT32_MAX);
	if (known_empty(k, 1))
		return;
	known_words(k, ": ");
	known_add_part(k, 1);
}

/* By its place where it has no name. */
void known_named_value(struct knowing *k)
{
	if (known_empty(k, 0)) {
		known_words(k, "$");
		known_add_part(k, 1);
	} else {
		known_add_part(k, 0);
	}
	known_words(k, "=");
	add_held(k, 2);
}
