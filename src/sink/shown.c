/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/shown.h"

void shown_begin_tree(struct shown *shown, const struct tree *tree)
{
	shown->tree = tree;
	shown->number++;
	shown->njournal = 0;
}

void shown_begin_line(struct shown *shown, uint32_t call)
{
	shown->call = call;
	shown->njournal = 0;
}

/* FNV-1a, 64 bits. */
static uint64_t hash(const char *bytes, size_t len)
{
	uint64_t sum = 0xcbf29ce484222325;

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (unsigned char)bytes[i]) * 0x100000001b3;
	return sum;
}

/* Go's allocator gives out multiples of 8. */
static uint32_t slot_of(uint64_t address)
{
	return (uint32_t)((address >> 3 ^ address >> 11 ^ address >> 19) % SHOWN_SLOTS);
}

void shown_add(struct shown *shown, uint64_t address, const char *type, size_t len, uint32_t width)
{
	uint32_t slot = slot_of(address);

	if (shown->njournal == SHOWN_JOURNAL)
		return;
	shown->journal[shown->njournal].slot = slot;
	shown->journal[shown->njournal++].was = shown->slots[slot];
	shown->slots[slot] = (struct shown_pointer){
		.address = address,
		.type = hash(type, len),
		.tree = shown->number,
		.call = shown->call,
		.width = width,
	};
}

/* Whether the line of `call` stands above and is still open: the one that is made is inside of it. */
static bool is_open(const struct shown *shown, uint32_t call)
{
	uint32_t at = shown->call;

	while (at != CALL_NONE && at > call)
		at = shown->tree->calls[at].parent;
	return at == call;
}

bool shown_before(const struct shown *shown, uint64_t address, const char *type, size_t len,
		  uint32_t room)
{
	const struct shown_pointer *pointer = &shown->slots[slot_of(address)];

	return address && pointer->address == address && pointer->tree == shown->number &&
	       pointer->type == hash(type, len) &&
	       (pointer->width >= room || is_open(shown, pointer->call));
}

void shown_undo(struct shown *shown, size_t mark)
{
	while (shown->njournal > mark) {
		shown->njournal--;
		shown->slots[shown->journal[shown->njournal].slot] =
			shown->journal[shown->njournal].was;
	}
}
