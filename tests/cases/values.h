/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * values: what a script's functions take and give, and the bytes that the kernel side would send.
 *
 *     takes NAME ITEM...      gives NAME ITEM...      ITEM is NAME:TYPE, TYPE int, x64, string, error, X0
 *     entry ... values=1,abc  exit ... values=!0x10
 *
 * An item of type X0 is in a vector register: no record has it, a list of values passes it over.
 * `!ADDR` for a string is one that could not be read; one of more than 64 bytes is cut. An error is
 * the address of its itab, which cannot be read, or 0 for nil.
 */
#ifndef FTRACE_TESTS_CASES_VALUES_H
#define FTRACE_TESTS_CASES_VALUES_H

#include <ftrace/fetch.h>

#include "fetch/fetch.h"
#include "fetch/typed.h"
#include "words.h"

static const struct fetch_limits value_limits = {
	.max_string = 64, .max_items = 8, .max_bytes = FT_VALUES_MAX};

static void add_item(struct fetch *fetch, char *word)
{
	char *type = strrchr(word, ':');
	struct fetch_item *item;

	if (!type)
		die("NAME:TYPE is missing", word);
	*type++ = '\0';
	item = checked(fetch_item(fetch, word, strcmp(type, "X0") ? type : "float64"));
	if (!strcmp(type, "X0")) {
		item->shape.kind = SHAPE_REASON;
		item->shape.reason = SHAPE_IN_REGISTER;
		item->shape.reg = "X0";
	} else if (!strcmp(type, "string")) {
		item->slot = fetch_slot(fetch, 16, &value_limits);
		typed_string(fetch, &item->shape, item->slot, false, &value_limits);
	} else if (!strcmp(type, "error")) {
		item->slot = fetch_slot(fetch, 16, &value_limits);
		typed_interface(fetch, &item->shape, item->slot, false, &value_limits);
		item->shape.is_error = item->outcome = true;
	} else {
		item->slot = fetch_slot(fetch, 8, &value_limits);
		item->shape.kind = strcmp(type, "int") ? SHAPE_HEX : SHAPE_SIGNED;
		item->shape.size = 8;
	}
}

/* The items that are left in the line. */
static struct fetch *fetch_parse(char **save)
{
	struct fetch *fetch = checked(fetch_new(arch_native()));
	char *word;

	while ((word = strtok_r(NULL, " \t", save)))
		add_item(fetch, word);
	fetch_seal(fetch);
	return fetch;
}

static void put_word(unsigned char *bytes, uint16_t slot, uint64_t word)
{
	memcpy(bytes + slot, &word, sizeof(word));
}

static void put_string(const struct shape *shape, uint16_t slot, unsigned char *bytes,
		       const char *text)
{
	uint8_t *status = bytes + sizeof(struct ft_values) + shape->data_status;
	size_t len = strlen(text);

	put_word(bytes, slot, 0xc000010000);
	if (*text == '!') {
		put_word(bytes, slot + 8, 1);
		put_word(bytes, shape->data, number(text + 1));
		*status = FT_V_FAULT;
		return;
	}
	put_word(bytes, slot + 8, len);
	*status = len > shape->data_len ? FT_V_CUT : FT_V_OK;
	memcpy(bytes + shape->data, text, len > shape->data_len ? shape->data_len : len);
}

static void put_error(const struct shape *shape, uint16_t slot, unsigned char *bytes,
		      const char *text)
{
	uint8_t *status = bytes + sizeof(struct ft_values) + shape->iface.type_status;
	uint64_t itab = number(text);

	put_word(bytes, slot, itab);
	*status = itab ? FT_V_FAULT : FT_V_NIL;
	put_word(bytes, shape->iface.type, itab + 8);
}

/* Puts the values of a record of `site` at `bytes`; returns how many bytes they are. */
static size_t values_parse(const struct fetch *fetch, uint64_t site, char *list,
			   unsigned char *bytes, size_t room)
{
	char *save, *word = strtok_r(list, ",", &save);

	if (!fetch || fetch_size(fetch) > room)
		die("the function has no such values", list);
	memcpy(bytes, &site, sizeof(site));
	for (size_t i = 0; i < fetch->nitems; i++) {
		const struct fetch_item *item = &fetch->items[i];

		if (item->shape.kind == SHAPE_REASON)
			continue;
		if (!word)
			die("a value is missing", item->name);
		if (item->shape.kind == SHAPE_STRING)
			put_string(&item->shape, item->slot, bytes, word);
		else if (item->shape.kind == SHAPE_INTERFACE)
			put_error(&item->shape, item->slot, bytes, word);
		else
			put_word(bytes, item->slot,
				 *word == '-' ? 0 - number(word + 1) : number(word));
		word = strtok_r(NULL, ",", &save);
	}
	return fetch_size(fetch);
}

#endif
