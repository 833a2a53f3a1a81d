/* SPDX-License-Identifier: GPL-2.0-only */
/* What has a name of several parts: objects of an API, records of the DNS. */
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
