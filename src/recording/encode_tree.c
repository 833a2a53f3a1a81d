/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls and marks. Ids and times count from the call before, so that most of them take a byte.
 */
#include "recording/call_bits.h"
#include "recording/encode.h"
#include "recording/format.h"
#include "recording/wire.h"

/* Where a call was made, told once for each address of an executable. */
static uint32_t place_of(struct encoder *encoder, const struct tree *tree, const struct call *call)
{
	const struct catalog_func *func = catalog_func(encoder->catalog, call->func);
	struct map_key key = {.a = call->caller, .b = func ? func->exe : 0};
	uint64_t *known;

	if (!call->caller || !tree->source)
		return 0;
	known = map_put(&encoder->callers, key);
	if (!known) {
		encoder->failed = true;
		return 0;
	}
	if (!*known)
		*known = 1 +
			 (uint64_t)encode_place(encoder, tree->source->caller(tree->source, call));
	return (uint32_t)(*known - 1);
}

/* Places of the callers above a root call. */
static void put_callers(struct encoder *encoder, const struct tree *tree, const struct call *call)
{
	uint32_t places[TREE_CALLERS_MAX], count = 0;

	while (call->callers != CALL_NONE && tree->source && tree->source->callers &&
	       count < TREE_CALLERS_MAX) {
		const struct caller *caller =
			tree->source->callers(tree->source, tree, call, count);

		if (!caller)
			break;
		places[count++] = encode_place(encoder, caller);
	}
	wire_put(&encoder->one, call->callers == CALL_NONE ? 0 : 1 + count);
	for (uint32_t i = 0; i < count; i++)
		wire_put(&encoder->one, places[i]);
}

static void cover(struct encoder *encoder, uint64_t time)
{
	if (time < encoder->first)
		encoder->first = time;
	if (time > encoder->last)
		encoder->last = time;
}

static void put_times(struct buf *to, const struct call_times *times)
{
	for (int i = 0; i < STATES; i++)
		wire_put(to, times->ns[i]);
}

static void put_call(struct encoder *encoder, const struct tree *tree, const struct call *call)
{
	const struct call_times *times = tree_times(tree, call);
	const struct values *args = tree_args(tree, call), *results;
	uint32_t place = place_of(encoder, tree, call);
	struct block_deltas *deltas = &encoder->deltas;
	struct buf *to = &encoder->one;
	size_t bits = to->len;
	unsigned int has = (times ? HAS_TIMES : 0) |
			   (call->callers != CALL_NONE ? HAS_CALLERS : 0) |
			   (call->tid != deltas->tid ? OTHER_TID : 0) | (place ? HAS_PLACE : 0);

	encode_func(encoder, call->func);
	buf_addc(to, 0);
	wire_put(to, call->func);
	wire_put(to, (uint64_t)call->flags << 3 | call->how);
	wire_put_delta(to, deltas->id + 1, call->id);
	wire_put_delta(to, deltas->time, call->start);
	wire_put_delta(to, call->start, call->end);
	if (has & OTHER_TID)
		wire_put(to, call->tid);
	if (place)
		wire_put(to, place);
	if (times)
		put_times(to, times);
	if (has & HAS_CALLERS)
		put_callers(encoder, tree, call);
	if (args) {
		has |= HAS_ARGS;
		encode_values(encoder, args);
	}
	results = tree_results(tree, call);
	if (results) {
		has |= HAS_RESULTS;
		encode_values(encoder, results);
	}
	if (!to->failed)
		to->data[bits] = (char)has;
	*deltas = (struct block_deltas){.time = call->start, .id = call->id, .tid = call->tid};
	cover(encoder, call->flags & CALL_ENTRY_UNSEEN ? call->end : call->start);
	if (call_is_timed(call))
		cover(encoder, call->end);
}

/* Whose tree it is. */
static void put_owner(struct encoder *encoder, const struct tree *tree)
{
	if (tree->process)
		encode_process(encoder, tree->process, false);
	wire_put(&encoder->one, tree->process ? tree->process->pid : 0);
	wire_put(&encoder->one, tree->goid);
	wire_put(&encoder->one, tree->goid ? encode_origin(encoder, tree) : tree->curg);
}

static void put_mark(struct encoder *encoder, const struct tree *tree, const struct mark *mark)
{
	struct block_deltas *deltas = &encoder->deltas;
	struct buf *to = &encoder->one;

	if (mark->kind->of_trace)
		encode_func(encoder, mark->what);
	wire_put(to, encode_string(encoder, mark->kind->name));
	wire_put_delta(to, deltas->time, mark->start);
	wire_put_delta(to, mark->start, mark->end);
	wire_put(to, (mark->goid_known ? MARK_HAS_GOID : 0) | (mark->open ? MARK_IS_OPEN : 0) |
			     (mark->streamed ? MARK_STREAMED : 0));
	if (mark->goid_known)
		wire_put(to, mark->goid);
	wire_put(to, mark->result);
	wire_put(to, mark->what);
	wire_put(to, mark->pid);
	wire_put(to, mark->tid);
	encode_detail(encoder, tree_mark_detail(tree, mark));
	deltas->time = mark->start;
	cover(encoder, mark->start);
	cover(encoder, mark->end);
}

void encode_tree(struct encoder *encoder, const struct tree *tree)
{
	struct buf *to = &encoder->one;

	put_owner(encoder, tree);
	wire_put(to, tree->ncalls);
	for (size_t i = 0; i < tree->ncalls; i++) {
		const struct call *call = &tree->calls[i];

		/* Up from the call before to the caller. */
		if (i)
			wire_put(to, tree->calls[i - 1].level + 1 - call->level);
		put_call(encoder, tree, call);
	}
	wire_put(to, tree->nmarks);
	for (size_t i = 0; i < tree->nmarks; i++) {
		const struct mark *mark = &tree->marks[i];

		wire_put(to, mark->before);
		wire_put(to, mark->call == CALL_NONE ? 0 : 1 + (uint64_t)mark->call);
		put_mark(encoder, tree, mark);
	}
	encoder->calls += (uint32_t)tree->ncalls;
	encode_finish(encoder, OP_TREE);
}

/* A call of a streamed tree, whose caller is known by its id. */
static void put_streamed(struct encoder *encoder, const struct tree *tree, uint32_t i)
{
	const struct call *call = &tree->calls[i];

	put_owner(encoder, tree);
	wire_put(&encoder->one, call->level);
	wire_put(&encoder->one, call->parent == CALL_NONE ? 0 : tree->calls[call->parent].id);
	put_call(encoder, tree, call);
}

void encode_enter(struct encoder *encoder, const struct tree *tree, uint32_t call)
{
	put_streamed(encoder, tree, call);
	encode_finish(encoder, OP_ENTER);
}

void encode_leave(struct encoder *encoder, const struct tree *tree, uint32_t call)
{
	put_streamed(encoder, tree, call);
	encoder->calls++;
	encode_finish(encoder, OP_LEAVE);
}

void encode_mark(struct encoder *encoder, const struct tree *tree, const struct mark *mark)
{
	bool inside = tree && mark->call != CALL_NONE;

	wire_put(&encoder->one, tree ? 1 : 0);
	if (tree) {
		put_owner(encoder, tree);
		wire_put(&encoder->one, inside ? tree->calls[mark->call].id : 0);
	}
	put_mark(encoder, tree, mark);
	encode_finish(encoder, OP_MARK);
}

static void put_args(struct encoder *encoder, const struct mark_detail *detail)
{
	struct buf *to = &encoder->one;

	wire_put(to, detail->nargs);
	for (size_t i = 0; i < detail->nargs; i++) {
		const struct mark_arg *arg = &detail->args[i];
		bool text = arg->kind == MARK_VALUE_WORD || arg->kind == MARK_VALUE_TEXT;

		wire_put(to, arg->kind);
		wire_put(to, encode_string(encoder, arg->name));
		wire_put(to, encode_string(encoder, arg->file));
		wire_put(to, (arg->truncated ? ARG_TRUNCATED : 0) | (arg->aside ? ARG_ASIDE : 0));
		if (arg->kind == MARK_VALUE_LIST)
			wire_put(to, arg->nvalues);
		else if (text)
			wire_put(to, arg->len);
		else
			wire_put_signed(to, arg->number);
		if (text)
			buf_add(to, arg->text, arg->len);
	}
}

void encode_detail(struct encoder *encoder, const struct mark_detail *detail)
{
	struct buf *to = &encoder->one;
	unsigned int has;

	if (!detail) {
		wire_put(to, 0);
		return;
	}
	has = (detail->has_args ? DETAIL_ARGS : 0) | (detail->has_result ? DETAIL_RESULT : 0) |
	      (detail->has_sender ? DETAIL_SENDER : 0) | (detail->waited ? DETAIL_WAITED : 0) |
	      (detail->waker.known ? DETAIL_WAKER : 0) |
	      (detail->waker.goid_known ? DETAIL_GOID : 0);
	wire_put(to, 1 + has);
	wire_put(to, encode_string(encoder, detail->name));
	wire_put(to, encode_string(encoder, detail->error));
	wire_put(to, encode_string(encoder, detail->error_text));
	wire_put(to, encode_string(encoder, detail->code));
	wire_put(to, encode_string(encoder, detail->result_text));
	wire_put(to, encode_string(encoder, detail->result_file));
	if (has & DETAIL_ARGS)
		put_args(encoder, detail);
	if (has & DETAIL_RESULT)
		wire_put_signed(to, detail->result);
	if (has & DETAIL_SENDER)
		wire_put(to, detail->sender);
	if (has & DETAIL_WAITED) {
		wire_put(to, detail->waiting);
		wire_put(to, detail->runnable);
	}
	if (has & DETAIL_GOID)
		wire_put(to, detail->waker.goid);
	if (has & DETAIL_WAKER)
		wire_put(to, encode_place(encoder, detail->waker.place));
}
