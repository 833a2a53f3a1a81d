/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader: a recording that is read. For the files of the reader alone.
 */
#ifndef FTRACE_RECORDING_READER_H
#define FTRACE_RECORDING_READER_H

#include "recording/blocks.h"
#include "recording/decode.h"
#include "recording/directory.h"
#include "recording/recording.h"

struct recording {
	struct blocks blocks;
	struct decoder decoder;
	struct recording_damage damage;
	uint64_t number; /* of the next block */
	bool ended;      /* the summary was there */
	struct directory directory;
	size_t next; /* in it: the block behind the one that was read last; 0: none was */
	bool lent;   /* decoder.block is that of a held one */
};

#endif
