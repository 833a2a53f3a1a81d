/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Blocks of recordings that nobody wrote: operations, as they are when the checksum holds, into a sink for people and one for
 * programs, and of what they have some. Whole files: replay_file.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "call/foresight.h"
#include "call/select.h"
#include "check.h"
#include "recording/decode.h"
#include "recording/format.h"
#include "sink/formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A sink that writes to nowhere. */
static struct sink *sink_of(const struct sink_ops *ops, struct sink_config *config,
			    struct outlet *outlet, const struct catalog *catalog)
{
	struct sink *sink;

	outlet_init(outlet, open("/dev/null", O_WRONLY | O_CLOEXEC));
	*config = (struct sink_config){.outlet = outlet,
				       .catalog = catalog,
				       .tool = "ftrace",
				       .kernel = "6",
				       .stack = TREE_CALLERS_MAX,
				       .width = ops == &sink_text ? 120 : 0,
				       .brief = true,
				       .waits = true,
				       .goroutines = true};
	sink = ops->new (config);
	check(sink);
	return sink;
}

static void end(struct sink *sink, struct outlet *outlet, const struct trace_summary *summary)
{
	check(!sink_end(sink, summary));
	sink_free(sink);
	check(!outlet_flush(outlet));
	close(outlet->fd);
	outlet_close(outlet);
}

/* Every second function, of those every second call. */
static unsigned int on_func(struct select_choice *choice, uint32_t func)
{
	(void)choice;
	return (func & 1 ? SELECT_FUNC | SELECT_FILTERED : 0) | (func & 2 ? SELECT_DRILL : 0);
}

static bool on_passes(struct select_choice *choice, const struct tree *tree,
		      const struct call *call)
{
	(void)choice;
	return tree_args(tree, call) || call->start & 1;
}

static bool on_mark(struct select_choice *choice, const struct tree *tree, const struct mark *mark)
{
	const struct mark_detail *detail = tree_mark_detail(tree, mark);

	(void)choice;
	return !detail || detail->nargs != 1;
}

/* The block once more, for what is known in advance. */
static const uint8_t *replayed;
static size_t replayed_size;

static int on_replay(void *arg, struct sink *sink)
{
	struct decoder decoder;
	int ret;

	(void)arg;
	decoder_init(&decoder);
	decoder.version = RECORDING_VERSION;
	ret = decode_block(&decoder, replayed, replayed_size, sink);
	decoder_release(&decoder);
	return ret == -EBADMSG ? 0 : ret;
}

static int on_foresee(struct select_choice *choice, const struct select_config *config,
		      struct foresight *to)
{
	(void)choice;
	return foresight_learn(to, config, on_replay, NULL);
}

/* What is selected hangs on the input's size. */
static struct sink *select_some(struct sink *sink, size_t size)
{
	static struct select_choice choice = {
		.func = on_func, .passes = on_passes, .mark = on_mark, .foresee = on_foresee};
	const struct select_config config = {
		.calls = {.depth = size & 1 ? 2 : 0,
			  .min_duration = size & 2 ? 1000 : 0,
			  .drill = size & 4,
			  .errors = size & 8,
			  .max_calls = size & 16 ? 2 : 0},
		.from = size & 32 ? 100 : 0,
		.to = size & 64 ? 100000 : UINT64_MAX,
		.stream = size & 128,
		.filters = true,
		.choice = size & 256 ? NULL : &choice,
	};
	struct sink *select = select_new(&config, sink);

	check(select);
	return select;
}

static void run_block(const uint8_t *data, size_t size, const struct sink_ops *ops, bool some)
{
	struct decoder decoder;
	struct sink_config config;
	struct outlet outlet;
	struct sink *sink;
	/* Of exactly that size, so that the sanitizer sees each byte read too far. */
	uint8_t *bytes = malloc(size ? size : 1);
	int ret;

	check(bytes);
	memcpy(bytes, data, size);
	decoder_init(&decoder);
	decoder.version = RECORDING_VERSION;
	sink = sink_of(ops, &config, &outlet, &decoder.catalog);
	replayed = bytes;
	replayed_size = size;
	if (some)
		sink = select_some(sink, size);
	check(!sink_begin(sink));
	ret = decode_block(&decoder, bytes, size, sink);
	check(!ret || ret == -EBADMSG || ret == -ENOMEM);
	end(sink, &outlet, &decoder.made);
	decoder_release(&decoder);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	run_block(data, size, &sink_text, false);
	run_block(data, size, &sink_jsonl, false);
	run_block(data, size, &sink_jsonl, true);
	run_block(data, size, &sink_text, true);
	return 0;
}
