/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The recording as a sink: what comes is put into blocks, which are packed and written when they are full, or a second old.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/claim.h"
#include "base/clock.h"
#include "base/vec.h"
#include "recording/contents.h"
#include "recording/encode.h"
#include "recording/format.h"
#include "recording/recording.h"
#include "recording/wire.h"

#define BLOCK_AGE 1000000000ull /* ns after which a block is written as it is */
#define LEVEL     1             /* of zstd: the tracer must not be late */

struct written {
	uint64_t offset;
	struct block_head head;
};

struct writer {
	struct sink sink;
	const struct sink_config *config;
	struct encoder encoder;
	ZSTD_CCtx *zstd;
	uint64_t offset; /* of the next block in the file */
	uint64_t began;  /* clock of the block at hand; 0: nothing is in it */
	struct written *blocks;
	size_t nblocks, capblocks;
	struct contents contents;
	struct buf funcs; /* a byte each: whether it is in any block */
	size_t steps;     /* of the wall clock that the block has told */
	uint64_t newest_step;
	bool entered; /* a streamed call, and nothing came since */
};

static struct writer *writer_of(struct sink *sink)
{
	return (struct writer *)sink;
}

static void writer_free(struct sink *sink)
{
	struct writer *writer = writer_of(sink);

	if (!writer)
		return;
	encode_release(&writer->encoder);
	contents_release(&writer->contents);
	buf_release(&writer->funcs);
	ZSTD_freeCCtx(writer->zstd);
	free(writer->blocks);
	free(writer);
}

static struct sink *writer_new(const struct sink_config *config)
{
	struct writer *writer = calloc(1, sizeof(*writer));

	if (!writer)
		return NULL;
	writer->sink.ops = &sink_ftrace;
	writer->config = config;
	writer->encoder.catalog = config->catalog;
	writer->zstd = ZSTD_createCCtx();
	if (!writer->zstd) {
		free(writer);
		return NULL;
	}
	ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_checksumFlag, 1);
	encode_begin(&writer->encoder);
	return &writer->sink;
}

static struct buf *out(const struct writer *writer)
{
	return &writer->config->outlet->buf;
}

static int put(struct writer *writer, const void *bytes, size_t len)
{
	buf_add(out(writer), bytes, len);
	writer->offset += len;
	return outlet_drain(writer->config->outlet);
}

/* Those of the block are in the recording. */
static void note_funcs(struct writer *writer)
{
	const struct buf *funcs = &writer->encoder.funcs;
	struct buf *all = &writer->funcs;

	if (funcs->len > all->len)
		buf_fill(all, 0, funcs->len - all->len);
	for (size_t i = 0; i < funcs->len && !all->failed; i++)
		all->data[i] |= funcs->data[i];
	writer->encoder.failed |= all->failed;
}

/* Packs what was encoded behind its head; the block is empty then. */
static int put_block(struct writer *writer, enum block_kind kind)
{
	struct encoder *encoder = &writer->encoder;
	struct written *slot = vec_push(&writer->blocks, &writer->nblocks, &writer->capblocks);
	struct block_head head = {
		.magic = BLOCK_MAGIC,
		.kind = kind,
		.number = (uint32_t)(writer->nblocks - 1),
		.plain = (uint32_t)encoder->block.len,
		.calls = encoder->calls,
		.first = encoder->first,
		.last = encoder->last,
	};
	size_t bound = ZSTD_compressBound(encoder->block.len), packed;
	char *to = buf_room(out(writer), sizeof(head) + bound);

	if (!slot || !to || encoder->failed)
		return -ENOMEM;
	packed = ZSTD_compress2(writer->zstd, to + sizeof(head), bound, encoder->block.data,
				encoder->block.len);
	if (ZSTD_isError(packed))
		return -ENOMEM;
	head.packed = (uint32_t)packed;
	head.check = block_check(&head);
	memcpy(to, &head, sizeof(head));
	out(writer)->len += sizeof(head) + packed;
	*slot = (struct written){.offset = writer->offset, .head = head};
	writer->offset += sizeof(head) + packed;
	contents_end(&writer->contents, &encoder->funcs);
	note_funcs(writer);
	encode_begin(encoder);
	writer->began = 0;
	writer->steps = 0;
	return outlet_drain(writer->config->outlet);
}

/* The steps of the clock, told in each block, and again when there are new ones. */
static void tell_wall(struct writer *writer)
{
	const struct wall *wall = writer->config->wall;
	uint64_t newest = wall && wall->count ? wall->steps[wall->count - 1].since : 0;

	if (writer->steps && writer->newest_step == newest)
		return;
	writer->steps = 1;
	writer->newest_step = newest;
	if (!wall)
		encode_wall(&writer->encoder, 0, writer->config->realtime);
	for (size_t i = 0; wall && i < wall->count; i++)
		encode_wall(&writer->encoder, wall->steps[i].since, wall->steps[i].offset);
}

static int take(struct writer *writer)
{
	if (writer->encoder.failed)
		return -ENOMEM;
	if (!writer->began)
		writer->began = clock_now();
	return writer->encoder.block.len < BLOCK_BYTES ? 0 : put_block(writer, BLOCK_DATA);
}

static void put_strings(struct encoder *encoder, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		wire_put(&encoder->one, encode_string(encoder, texts[i]));
}

static int writer_begin(struct sink *sink)
{
	struct writer *writer = writer_of(sink);
	const struct sink_config *config = writer->config;
	const char *texts[] = {config->tool, config->kernel, config->host, config->command};
	struct file_head head = {.magic = RECORDING_MAGIC,
				 .version = RECORDING_VERSION,
				 .check = ~(uint32_t)RECORDING_VERSION};
	struct encoder *encoder = &writer->encoder;
	int err;

	/* For those who follow it while it grows. */
	claim_take(config->outlet->fd);
	err = put(writer, &head, sizeof(head));
	if (err)
		return err;
	tell_wall(writer);
	put_strings(encoder, texts, sizeof(texts) / sizeof(texts[0]));
	wire_put(&encoder->one, config->start);
	wire_put(&encoder->one, config->waits);
	wire_put(&encoder->one, config->stack);
	wire_put(&encoder->one, config->goroutines);
	encode_finish(encoder, OP_CONFIG);
	err = put_block(writer, BLOCK_HEAD);
	return err ? err : outlet_flush(config->outlet);
}

static int writer_process(struct sink *sink, const struct process *process)
{
	struct writer *writer = writer_of(sink);

	encode_process(&writer->encoder, process, true);
	return take(writer);
}

static int writer_root(struct sink *sink, const struct tree *tree)
{
	struct writer *writer = writer_of(sink);

	tell_wall(writer);
	writer->entered = false;
	encode_tree(&writer->encoder, tree);
	contents_tree(&writer->contents, tree);
	return take(writer);
}

static int writer_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct writer *writer = writer_of(sink);

	tell_wall(writer);
	encode_enter(&writer->encoder, tree, call);
	contents_enter(&writer->contents, tree, &tree->calls[call]);
	writer->entered = true;
	return take(writer);
}

static int writer_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct writer *writer = writer_of(sink);

	tell_wall(writer);
	writer->entered = false;
	encode_leave(&writer->encoder, tree, call);
	contents_leave(&writer->contents, tree, &tree->calls[call]);
	return take(writer);
}

static int writer_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	struct writer *writer = writer_of(sink);

	tell_wall(writer);
	writer->entered = false;
	encode_mark(&writer->encoder, tree, mark);
	contents_mark(&writer->contents, tree, mark);
	return take(writer);
}

static int writer_idle(struct sink *sink)
{
	struct writer *writer = writer_of(sink);
	int err = 0;

	/* What a sink shows of such a call at once depends on it. */
	if (writer->entered)
		encode_finish(&writer->encoder, OP_IDLE);
	writer->entered = false;
	if (writer->began && clock_now() - writer->began >= BLOCK_AGE)
		err = put_block(writer, BLOCK_DATA);
	return err ? err : outlet_flush(writer->config->outlet);
}

static void put_summary(struct buf *to, const struct trace_summary *summary)
{
	const uint64_t numbers[] = {
		summary->calls,     summary->counted, summary->records,  summary->lost,
		summary->switching, summary->missed,  summary->damaged,  summary->skipped,
		summary->unwound,   summary->open,    summary->duration, summary->ended,
		summary->sampled,
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		wire_put(to, numbers[i]);
	wire_put(to, MARK_COUNTS);
	for (size_t i = 0; i < MARK_COUNTS; i++) {
		wire_put(to, summary->marked[i]);
		wire_put(to, summary->marks[i]);
	}
}

/* Where the blocks are and what is in them, so that a reader need not look at all. */
static void put_index(struct writer *writer)
{
	struct encoder *encoder = &writer->encoder;

	for (size_t i = 0; i < writer->nblocks; i++) {
		const struct written *block = &writer->blocks[i];

		wire_put(&encoder->one, block->offset);
		wire_put(&encoder->one, block->head.kind);
		wire_put(&encoder->one, block->head.calls);
		wire_put(&encoder->one, block->head.first);
		wire_put(&encoder->one, block->head.last);
		encode_finish(encoder, OP_INDEX);
	}
	if (writer->contents.failed)
		return;
	for (size_t i = 0; i < writer->nblocks; i++) {
		contents_put(&writer->contents, i, &encoder->one);
		encode_finish(encoder, OP_CONTENTS);
	}
	tell_wall(writer);
	/* All that were called. */
	for (uint32_t i = 0; i < writer->funcs.len; i++)
		if (writer->funcs.data[i])
			encode_func(encoder, i);
}

static int writer_end(struct sink *sink, const struct trace_summary *summary)
{
	struct writer *writer = writer_of(sink);
	struct file_tail tail = {.magic = TAIL_MAGIC};
	int err = writer->encoder.block.len ? put_block(writer, BLOCK_DATA) : 0;

	if (!err) {
		put_summary(&writer->encoder.one, summary);
		encode_finish(&writer->encoder, OP_SUMMARY);
		if (summary->overwritten) {
			wire_put(&writer->encoder.one, summary->overwritten);
			encode_finish(&writer->encoder, OP_OVERWRITTEN);
		}
		err = put_block(writer, BLOCK_END);
	}
	if (!err) {
		put_index(writer);
		tail.index = writer->offset;
		err = put_block(writer, BLOCK_INDEX);
	}
	if (!err)
		err = put(writer, &tail, sizeof(tail));
	return err ? err : outlet_flush(writer->config->outlet);
}

const struct sink_ops sink_ftrace = {
	.name = "ftrace",
	.new = writer_new,
	.begin = writer_begin,
	.process = writer_process,
	.root = writer_root,
	.enter = writer_enter,
	.leave = writer_leave,
	.mark = writer_mark,
	.idle = writer_idle,
	.end = writer_end,
	.free = writer_free,
};
