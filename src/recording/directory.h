/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * directory: where the blocks of a file are.
 *
 * By the index at its end; where there is none (the recorder was killed, the file was cut) by the heads of its blocks,
 * for which some dozen bytes of each are read. Nothing of it is trusted: what stands at such a place is tested as it is
 * anywhere.
 *
 * The caller owns the struct; zero-initialised is empty.
 */
#ifndef FTRACE_RECORDING_DIRECTORY_H
#define FTRACE_RECORDING_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "recording/blocks.h"
#include "recording/recording.h"

struct directory {
	struct recording_block *blocks; /* those with calls, in their order in the file */
	size_t count, cap;
	bool bounded;
	uint64_t end; /* offset of the block with the summary; 0: there is none */
};

/* Of a file that can be read at any place. 0, or a negative errno: -ESPIPE of others, -ENOMEM. `blocks` stands anywhere
 * afterwards. `ring`: of bounded size; the blocks are those of calls, and the one with the summary, in order of number. */
int directory_read(struct directory *directory, struct blocks *blocks, bool bounded);
void directory_release(struct directory *directory);

#endif
