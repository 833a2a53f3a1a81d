/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * value_slots: which members of a struct value (call/value.h) mean something, by its kind. What is the same in each call is in the
 * shape; this is what is not.
 */
#ifndef FTRACE_RECORDING_VALUE_SLOTS_H
#define FTRACE_RECORDING_VALUE_SLOTS_H

#include <stdint.h>

#include "call/value.h"

enum slot_text { TEXT_NO, TEXT_BYTES, TEXT_SYMBOL };
enum slot_number { NUMBER_NO, NUMBER_U, NUMBER_S, NUMBER_F, NUMBER_TYPE };
enum slot_more { MORE_NO, MORE_U, MORE_F };

struct value_slots {
	uint8_t text;   /* of the first union: enum slot_text */
	uint8_t number; /* of the second */
	uint8_t more;   /* of the third */
};

#define VALUE_KINDS (VALUE_SAID + 1)

static const struct value_slots value_slots[VALUE_KINDS] = {
	[VALUE_ERROR] = {TEXT_NO, NUMBER_U, MORE_NO},
	[VALUE_DEEPER] = {TEXT_NO, NUMBER_NO, MORE_NO},
	[VALUE_NULL] = {TEXT_NO, NUMBER_NO, MORE_NO},
	[VALUE_UNSIGNED] = {TEXT_SYMBOL, NUMBER_U, MORE_NO},
	[VALUE_SIGNED] = {TEXT_SYMBOL, NUMBER_S, MORE_NO},
	[VALUE_HEX] = {TEXT_NO, NUMBER_U, MORE_NO},
	[VALUE_BOOL] = {TEXT_NO, NUMBER_U, MORE_NO},
	[VALUE_CHAR] = {TEXT_BYTES, NUMBER_NO, MORE_NO},
	[VALUE_FLOAT] = {TEXT_NO, NUMBER_F, MORE_NO},
	[VALUE_COMPLEX] = {TEXT_NO, NUMBER_F, MORE_F},
	[VALUE_TEXT] = {TEXT_BYTES, NUMBER_U, MORE_NO},
	[VALUE_LIST] = {TEXT_NO, NUMBER_U, MORE_NO},
	[VALUE_OBJECT] = {TEXT_NO, NUMBER_NO, MORE_NO},
	[VALUE_POINTER] = {TEXT_NO, NUMBER_U, MORE_NO},
	[VALUE_ADDRESS] = {TEXT_SYMBOL, NUMBER_U, MORE_U},
	[VALUE_MAP] = {TEXT_NO, NUMBER_U, MORE_NO},
	[VALUE_CHAN] = {TEXT_NO, NUMBER_U, MORE_U},
	[VALUE_FUNC] = {TEXT_SYMBOL, NUMBER_U, MORE_NO},
	[VALUE_DYNAMIC] = {TEXT_BYTES, NUMBER_TYPE, MORE_U},
	[VALUE_SAID] = {TEXT_BYTES, NUMBER_NO, MORE_NO},
};

/* Those of one value: an unread register has its name beside. */
static inline struct value_slots value_slots_of(uint8_t kind, uint8_t why)
{
	struct value_slots slots = value_slots[kind];

	if (kind == VALUE_ERROR && why == VALUE_IN_REGISTER)
		slots.text = TEXT_SYMBOL;
	return slots;
}

/* Bits of the shape. */
#define VALUE_BIT_SINGLE    0x01
#define VALUE_BIT_UTF8      0x02
#define VALUE_BIT_TRUNCATED 0x04
#define VALUE_BIT_COUNTED   0x08
#define VALUE_BIT_EXACT     0x10
#define VALUE_BIT_SAYS      0x40
#define VALUE_BIT_ZERO      0x80

#endif
