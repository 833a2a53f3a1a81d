/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pprof: stacks with how often they were called and what their innermost function took itself, as a gzipped profile.proto.
 *
 * Sample types are calls/count and wall/nanoseconds, and where it is known where time went running/nanoseconds and
 * waiting/nanoseconds. A location is a function, with the line where it is declared.
 *
 * Source: github.com/google/pprof, proto/profile.proto.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/map.h"
#include "base/protobuf.h"
#include "call/sink.h"
#include "sink/formats.h"
#include "sink/stacks.h"

/* Numbers of fields, by message. */
enum {
	PROFILE_SAMPLE_TYPE = 1,
	PROFILE_SAMPLE = 2,
	PROFILE_MAPPING = 3,
	PROFILE_LOCATION = 4,
	PROFILE_FUNCTION = 5,
	PROFILE_STRING = 6,
	PROFILE_TIME = 9,
	PROFILE_DURATION = 10,
	PROFILE_PERIOD_TYPE = 11,
	PROFILE_PERIOD = 12,
	PROFILE_DEFAULT_TYPE = 14,
};
enum { TYPE_TYPE = 1, TYPE_UNIT = 2 };
enum { SAMPLE_LOCATION = 1, SAMPLE_VALUE = 2, SAMPLE_LABEL = 3 };
enum { LABEL_KEY = 1, LABEL_NUMBER = 3 };
enum { MAPPING_ID = 1, MAPPING_FILE = 5, MAPPING_HAS_FUNCTIONS = 7 };
enum { LOCATION_ID = 1, LOCATION_MAPPING = 2, LOCATION_LINE = 4, LINE_FUNCTION = 1, LINE_LINE = 2 };
enum { FUNCTION_ID = 1, FUNCTION_NAME = 2, FUNCTION_FILE = 4, FUNCTION_LINE = 5 };

#define GZIP 16 /* added to zlib's number of window bits */

struct pprof {
	struct sink sink;
	const struct sink_config *config;
	struct stacks stacks;
	struct buf out;     /* what is still to be packed */
	struct map strings; /* address of the text -> its index */
	uint64_t nstrings;
	z_stream zip;
	bool zipping;
};

static struct pprof *pprof_of(struct sink *sink)
{
	return (struct pprof *)sink;
}

static void pprof_free(struct sink *sink)
{
	struct pprof *pprof = pprof_of(sink);

	if (!pprof)
		return;
	if (pprof->zipping)
		deflateEnd(&pprof->zip);
	stacks_release(&pprof->stacks);
	buf_release(&pprof->out);
	map_release(&pprof->strings);
	free(pprof);
}

static struct sink *pprof_new(const struct sink_config *config)
{
	struct pprof *pprof = calloc(1, sizeof(*pprof));

	if (!pprof)
		return NULL;
	pprof->sink.ops = &sink_pprof;
	pprof->config = config;
	pprof->stacks.by_goroutine = config->goroutine_labels;
	if (deflateInit2(&pprof->zip, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + GZIP, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK) {
		free(pprof);
		return NULL;
	}
	pprof->zipping = true;
	return &pprof->sink;
}

static int pprof_root(struct sink *sink, const struct tree *tree)
{
	return stacks_add_tree(&pprof_of(sink)->stacks, tree);
}

static int pprof_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	return stacks_add_call(&pprof_of(sink)->stacks, tree, call);
}

/* Packs what is there; `last`: nothing comes behind it. */
static int pack(struct pprof *pprof, bool last)
{
	struct outlet *outlet = pprof->config->outlet;
	int err = 0;

	if (pprof->out.failed)
		return -ENOMEM;
	pprof->zip.next_in = (Bytef *)pprof->out.data;
	pprof->zip.avail_in = (uInt)pprof->out.len;
	do {
		char *to = buf_room(&outlet->buf, 64 * 1024);

		if (!to)
			return -ENOMEM;
		pprof->zip.next_out = (Bytef *)to;
		pprof->zip.avail_out = 64 * 1024;
		deflate(&pprof->zip, last ? Z_FINISH : Z_NO_FLUSH);
		outlet->buf.len += 64 * 1024 - pprof->zip.avail_out;
		err = outlet_drain(outlet);
	} while (!err && !pprof->zip.avail_out);
	buf_reset(&pprof->out);
	return err;
}

static int pack_some(struct pprof *pprof)
{
	return pprof->out.len > 64 * 1024 ? pack(pprof, false) : 0;
}

/* A text that outlives the sink, by its address; 0 is the empty one. */
static uint64_t string_of(struct pprof *pprof, const char *text)
{
	uint64_t *place = map_put(&pprof->strings, (struct map_key){.a = (uintptr_t)text});

	if (!place) {
		pprof->out.failed = true;
		return 0;
	}
	if (!*place) {
		*place = ++pprof->nstrings;
		protobuf_string(&pprof->out, PROFILE_STRING, text, strlen(text));
	}
	return *place;
}

static void put_type(struct pprof *pprof, uint32_t field, const char *type, const char *unit)
{
	uint64_t names[] = {string_of(pprof, type), string_of(pprof, unit)};
	size_t at = protobuf_open(&pprof->out, field);

	protobuf_u64(&pprof->out, TYPE_TYPE, names[0]);
	protobuf_u64(&pprof->out, TYPE_UNIT, names[1]);
	protobuf_close(&pprof->out, at);
}

static const char calls[] = "calls", count[] = "count", wall[] = "wall", ns[] = "nanoseconds",
		  running[] = "running", waiting[] = "waiting", goroutine[] = "goroutine";

static void put_head(struct pprof *pprof, const struct trace_summary *summary)
{
	const struct sink_config *config = pprof->config;
	struct buf *out = &pprof->out;

	protobuf_bytes(out, PROFILE_STRING, "", 0);
	put_type(pprof, PROFILE_SAMPLE_TYPE, calls, count);
	put_type(pprof, PROFILE_SAMPLE_TYPE, wall, ns);
	if (config->waits) {
		put_type(pprof, PROFILE_SAMPLE_TYPE, running, ns);
		put_type(pprof, PROFILE_SAMPLE_TYPE, waiting, ns);
	}
	protobuf_i64(out, PROFILE_TIME, sink_unix_time(config, config->start));
	protobuf_u64(out, PROFILE_DURATION, summary->duration);
	put_type(pprof, PROFILE_PERIOD_TYPE, wall, ns);
	protobuf_u64(out, PROFILE_PERIOD, 1);
	protobuf_u64(out, PROFILE_DEFAULT_TYPE, string_of(pprof, wall));
}

static void put_mapping(struct pprof *pprof, uint32_t exe)
{
	const char *path = catalog_exe(pprof->config->catalog, exe)->path;
	uint64_t name = path ? string_of(pprof, path) : 0;
	size_t at = protobuf_open(&pprof->out, PROFILE_MAPPING);

	protobuf_u64(&pprof->out, MAPPING_ID, 1 + (uint64_t)exe);
	protobuf_u64(&pprof->out, MAPPING_FILE, name);
	protobuf_u64(&pprof->out, MAPPING_HAS_FUNCTIONS, 1);
	protobuf_close(&pprof->out, at);
}

/* The function and its location, both with the number 1 + id. Without a system name, since pprof would take an equal one for
 * C++ that is to be shortened, and would drop brackets with what is in them. */
static void put_function(struct pprof *pprof, uint32_t id)
{
	const struct catalog_func *func = catalog_func(pprof->config->catalog, id);
	bool has_file = func->file && strcmp(func->file, "?") != 0;
	uint64_t name = string_of(pprof, func->name);
	uint64_t file = has_file ? string_of(pprof, func->file) : 0;
	uint64_t line = func->line > 0 ? (uint64_t)func->line : 0;
	struct buf *out = &pprof->out;
	size_t at = protobuf_open(out, PROFILE_FUNCTION), in;

	protobuf_u64(out, FUNCTION_ID, 1 + (uint64_t)id);
	protobuf_u64(out, FUNCTION_NAME, name);
	protobuf_u64(out, FUNCTION_FILE, file);
	protobuf_u64(out, FUNCTION_LINE, line);
	protobuf_close(out, at);
	at = protobuf_open(out, PROFILE_LOCATION);
	protobuf_u64(out, LOCATION_ID, 1 + (uint64_t)id);
	protobuf_u64(out, LOCATION_MAPPING, 1 + (uint64_t)func->exe);
	in = protobuf_open(out, LOCATION_LINE);
	protobuf_u64(out, LINE_FUNCTION, 1 + (uint64_t)id);
	protobuf_u64(out, LINE_LINE, line);
	protobuf_close(out, in);
	protobuf_close(out, at);
}

static void put_sample(struct pprof *pprof, const struct stack_node *node)
{
	const struct stacks *stacks = &pprof->stacks;
	struct buf *out = &pprof->out;
	uint64_t label = pprof->stacks.by_goroutine ? string_of(pprof, goroutine) : 0;
	size_t at = protobuf_open(out, PROFILE_SAMPLE), in;

	in = protobuf_open(out, SAMPLE_LOCATION);
	for (const struct stack_node *up = node;; up = &stacks->nodes[up->caller]) {
		protobuf_varint(out, 1 + (uint64_t)up->func);
		if (up->caller == STACK_ROOT)
			break;
	}
	protobuf_close(out, in);
	in = protobuf_open(out, SAMPLE_VALUE);
	protobuf_varint(out, node->sum.calls);
	protobuf_varint(out, node->sum.self);
	if (pprof->config->waits) {
		protobuf_varint(out, node->sum.running);
		protobuf_varint(out, node->sum.waiting);
	}
	protobuf_close(out, in);
	if (label) {
		in = protobuf_open(out, SAMPLE_LABEL);
		protobuf_u64(out, LABEL_KEY, label);
		protobuf_u64(out, LABEL_NUMBER, node->goid);
		protobuf_close(out, in);
	}
	protobuf_close(out, at);
}

/* Functions that are in a stack, each once. */
static int put_functions(struct pprof *pprof)
{
	size_t nfuncs = pprof->config->catalog->nfuncs;
	bool *put = calloc(nfuncs + 1, sizeof(*put));
	int err = put ? 0 : -ENOMEM;

	for (size_t i = 0; i < pprof->stacks.count && !err; i++) {
		uint32_t func = pprof->stacks.nodes[i].func;

		if (func >= nfuncs || put[func])
			continue;
		put[func] = true;
		put_function(pprof, func);
		err = pack_some(pprof);
	}
	free(put);
	return err;
}

static int pprof_end(struct sink *sink, const struct trace_summary *summary)
{
	struct pprof *pprof = pprof_of(sink);
	int err;

	put_head(pprof, summary);
	for (size_t i = 0; i < pprof->config->catalog->nexes; i++)
		put_mapping(pprof, (uint32_t)i);
	err = put_functions(pprof);
	for (size_t i = 0; i < pprof->stacks.count && !err; i++) {
		put_sample(pprof, &pprof->stacks.nodes[i]);
		err = pack_some(pprof);
	}
	if (!err)
		err = pack(pprof, true);
	return err ? err : outlet_flush(pprof->config->outlet);
}

const struct sink_ops sink_pprof = {
	.name = "pprof",
	.new = pprof_new,
	.root = pprof_root,
	.leave = pprof_leave,
	.end = pprof_end,
	.free = pprof_free,
};
