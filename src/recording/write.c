/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The recording as a sink: what comes is put into blocks, which are packed and written when they are full, or a second old.
 */
#include <errno.h>
#include <inttypes.h>
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
#include "recording/bounded.h"
#include "recording/wire.h"

#define BLOCK_AGE 1000000000ull /* ns after which a block is written as it is */
#define LEVEL     1             /* of zstd: the tracer must not be late */
/* Blocks that a ring holds at least, unpacked: what falls out at once is no more than its part. */
#define BOUNDED_BLOCKS 8

struct written {
	uint64_t offset;
	struct block_head head;
};

struct writer {
	struct sink sink;
	const struct sink_config *config;
	struct encoder encoder;
	ZSTD_CCtx *zstd;
	uint64_t offset;        /* of the next block in the file */
	uint64_t began;         /* clock of the block at hand; 0: nothing is in it */
	size_t block_bytes;     /* at which the next one begins */
	struct written *blocks; /* for the index; of a ring there is none */
	size_t nblocks, capblocks;
	struct contents contents;
	struct buf funcs; /* a byte each: whether it is in any block */
	uint32_t number;  /* of the next block */
	struct bounded bounded;
	struct buf note;
	size_t steps; /* of the wall clock that the block has told */
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
	bounded_release(&writer->bounded);
	buf_release(&writer->note);
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
	writer->block_bytes = BLOCK_BYTES;
	if (config->max_size && config->max_size / BOUNDED_BLOCKS < BLOCK_BYTES)
		writer->block_bytes = config->max_size / BOUNDED_BLOCKS;
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

/* Its index, and what blocks hold, are not told: that would not be so for long. */
static bool is_bounded(const struct writer *writer)
{
	return writer->config->max_size;
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

/* Where the block that is packed goes. False: it has no room. */
static int find_place(struct writer *writer, const struct block_head *head, size_t len, bool *fits)
{
	struct bounded_place place;
	int err;

	*fits = true;
	if (!is_bounded(writer) || head->kind == BLOCK_HEAD)
		return 0;
	err = bounded_put(&writer->bounded, len, head->calls, &place);
	*fits = place.fits;
	if (err || !place.fits || place.offset == writer->offset)
		return err;
	writer->offset = place.offset;
	return outlet_seek(writer->config->outlet, place.cut ? (int64_t)place.end : -1,
			   (int64_t)place.offset);
}

/* For the index at the end, which a file of bounded size has not: what it would say would not be so for long. */
static int note_block(struct writer *writer, const struct block_head *head)
{
	struct written *slot;

	if (is_bounded(writer))
		return 0;
	slot = vec_push(&writer->blocks, &writer->nblocks, &writer->capblocks);
	if (!slot)
		return -ENOMEM;
	*slot = (struct written){.offset = writer->offset, .head = *head};
	contents_end(&writer->contents, &writer->encoder.funcs);
	note_funcs(writer);
	return 0;
}

/* Packs what was encoded, behind its head, where the outlet's next bytes go. Its length, or 0 when memory is out. */
static size_t pack(struct writer *writer, struct block_head *head)
{
	const struct buf *block = &writer->encoder.block;
	size_t bound = ZSTD_compressBound(block->len), packed;
	char *to = buf_room(out(writer), sizeof(*head) + bound);

	if (!to || writer->encoder.failed)
		return 0;
	packed = ZSTD_compress2(writer->zstd, to + sizeof(*head), bound, block->data, block->len);
	if (ZSTD_isError(packed))
		return 0;
	head->plain = (uint32_t)block->len;
	head->packed = (uint32_t)packed;
	head->check = block_check(head);
	memcpy(to, head, sizeof(*head));
	return sizeof(*head) + packed;
}

/* Writes what was encoded as a block; the next one is empty then. */
static int put_block(struct writer *writer, enum block_kind kind)
{
	struct encoder *encoder = &writer->encoder;
	struct outlet *outlet = writer->config->outlet;
	struct block_head head = {
		.magic = BLOCK_MAGIC,
		.kind = kind,
		.number = writer->number,
		.calls = encoder->calls,
		.first = encoder->first,
		.last = encoder->last,
	};
	bool fits;
	size_t len;
	int err;

	if (is_bounded(writer) && kind != BLOCK_HEAD) {
		wire_put(&encoder->one, writer->bounded.written);
		encode_finish(encoder, OP_BEFORE);
	}
	len = pack(writer, &head);
	if (!len)
		return -ENOMEM;
	err = find_place(writer, &head, len, &fits);
	if (!err && fits)
		err = note_block(writer, &head);
	encode_begin(encoder);
	writer->began = 0;
	writer->steps = 0;
	if (err || !fits)
		return err;
	out(writer)->len += len;
	writer->offset += len;
	writer->number++;
	/* Of bounded size, the next one may go to another place: nothing waits in the outlet, then. */
	return is_bounded(writer) ? outlet_flush(outlet) : outlet_drain(outlet);
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
	return writer->encoder.block.len < writer->block_bytes ? 0 : put_block(writer, BLOCK_DATA);
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
	uint32_t version = is_bounded(writer) ? RECORDING_BOUNDED : RECORDING_PLAIN;
	struct file_head head = {.magic = RECORDING_MAGIC, .version = version, .check = ~version};
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
	bounded_init(&writer->bounded, writer->offset, config->max_size);
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
	if (!is_bounded(writer))
		contents_tree(&writer->contents, tree);
	return take(writer);
}

static int writer_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct writer *writer = writer_of(sink);

	tell_wall(writer);
	encode_enter(&writer->encoder, tree, call);
	if (!is_bounded(writer))
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
	if (!is_bounded(writer))
		contents_leave(&writer->contents, tree, &tree->calls[call]);
	return take(writer);
}

static int writer_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	struct writer *writer = writer_of(sink);

	tell_wall(writer);
	writer->entered = false;
	encode_mark(&writer->encoder, tree, mark);
	if (!is_bounded(writer))
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
	if (is_bounded(writer))
		return err ? err : outlet_flush(writer->config->outlet);
	if (!err) {
		put_index(writer);
		tail.index = writer->offset;
		err = put_block(writer, BLOCK_INDEX);
	}
	if (!err)
		err = put(writer, &tail, sizeof(tail));
	return err ? err : outlet_flush(writer->config->outlet);
}

static const char *writer_note(struct sink *sink)
{
	struct writer *writer = writer_of(sink);
	uint64_t calls = bounded_overwritten(&writer->bounded);

	if (!is_bounded(writer) || !calls)
		return NULL;
	buf_reset(&writer->note);
	buf_addf(&writer->note,
		 "the recording has the newest calls; %" PRIu64 " older %s overwritten", calls,
		 calls == 1 ? "one was" : "ones were");
	return buf_str(&writer->note);
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
	.note = writer_note,
	.free = writer_free,
};
