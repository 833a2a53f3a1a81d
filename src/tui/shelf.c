/* SPDX-License-Identifier: GPL-2.0-only */
#include "tui/shelf.h"

#include <errno.h>
#include <stdlib.h>

int shelf_init(struct shelf *shelf, struct recording *recording)
{
	*shelf = (struct shelf){.recording = recording, .limit = SHELF_BYTES};
	shelf->damage.cut = recording_damage(recording)->cut;
	shelf->blocks = recording_blocks(recording, &shelf->nblocks);
	shelf->slots = calloc(shelf->nblocks ? shelf->nblocks : 1, sizeof(*shelf->slots));
	if (!shelf->slots)
		return -ENOMEM;
	for (size_t i = 0; i < shelf->nblocks; i++) {
		shelf->slots[i].before = shelf->calls;
		shelf->calls += shelf->blocks[i].calls;
	}
	return 0;
}

static void take_off(struct shelf *shelf, size_t block)
{
	struct shelf_slot *slot = &shelf->slots[block];

	shelf->bytes -= sheet_size(slot->sheet);
	sheet_free(slot->sheet);
	slot->sheet = NULL;
}

void shelf_release(struct shelf *shelf)
{
	if (shelf->recording)
		recording_turn_to(shelf->recording, NULL);
	for (size_t i = 0; shelf->slots && i < shelf->nblocks; i++) {
		sheet_free(shelf->slots[i].sheet);
		free(shelf->slots[i].unfolded);
	}
	free(shelf->slots);
	*shelf = (struct shelf){0};
}

/* Takes off what was not asked for the longest, but for `kept`. */
static void make_room(struct shelf *shelf, size_t kept)
{
	while (shelf->bytes > shelf->limit) {
		size_t oldest = shelf->nblocks;

		for (size_t i = 0; i < shelf->nblocks; i++)
			if (shelf->slots[i].sheet && i != kept &&
			    (oldest == shelf->nblocks ||
			     shelf->slots[i].asked < shelf->slots[oldest].asked))
				oldest = i;
		if (oldest == shelf->nblocks)
			return;
		take_off(shelf, oldest);
	}
}

void shelf_note_damage(struct shelf *shelf, size_t block)
{
	uint32_t done = recording_block_done(shelf->recording);

	if (shelf->slots[block].damaged)
		return;
	shelf->slots[block].damaged = true;
	/* In front of them there is the head. */
	if (!shelf->damage.blocks++ || block + 1 < shelf->damage.first)
		shelf->damage.first = block + 1;
	if (shelf->blocks[block].calls > done)
		shelf->damage.calls += shelf->blocks[block].calls - done;
}

const struct sheet *shelf_get(struct shelf *shelf, size_t block)
{
	struct shelf_slot *slot = &shelf->slots[block];

	if (!slot->sheet) {
		recording_turn_to(shelf->recording, NULL);
		slot->sheet = sheet_read(shelf->recording, block);
		if (!slot->sheet)
			return NULL;
		shelf->bytes += sheet_size(slot->sheet);
		if (slot->sheet->error)
			shelf_note_damage(shelf, block);
		make_room(shelf, block);
	}
	slot->asked = ++shelf->asked;
	recording_turn_to(shelf->recording, slot->sheet->held);
	return slot->sheet;
}

bool shelf_is_unfolded(const struct shelf *shelf, size_t block, uint32_t node)
{
	const unsigned char *bits = shelf->slots[block].unfolded;

	return bits && bits[node / 8] & 1u << node % 8;
}

int shelf_set_unfolded(struct shelf *shelf, size_t block, uint32_t node, bool unfolded)
{
	struct shelf_slot *slot = &shelf->slots[block];

	if (!slot->unfolded && unfolded)
		slot->unfolded = calloc(slot->sheet->nnodes / 8 + 1, 1);
	if (!slot->unfolded)
		return unfolded ? -ENOMEM : 0;
	if (unfolded)
		slot->unfolded[node / 8] |= (unsigned char)(1u << node % 8);
	else
		slot->unfolded[node / 8] &= (unsigned char)~(1u << node % 8);
	return 0;
}
