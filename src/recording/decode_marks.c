/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>

#include "base/vec.h"
#include "recording/call_bits.h"
#include "recording/decode.h"

static bool get_arg(struct decoder *decoder, struct wire *wire, struct mark_arg *arg)
{
	uint64_t bits;

	*arg = (struct mark_arg){.kind = (uint8_t)wire_get_most(wire, MARK_VALUE_NONE)};
	arg->name = decode_string(decoder, wire);
	arg->file = decode_string(decoder, wire);
	bits = wire_get_most(wire, ARG_TRUNCATED | ARG_ASIDE);
	arg->truncated = bits & ARG_TRUNCATED;
	arg->aside = bits & ARG_ASIDE;
	switch ((enum mark_value)arg->kind) {
	case MARK_VALUE_LIST:
		arg->nvalues = (uint32_t)wire_get_most(wire, wire_left(wire));
		break;
	case MARK_VALUE_WORD:
	case MARK_VALUE_TEXT:
		arg->len = (uint32_t)wire_get_most(wire, wire_left(wire));
		arg->text = (const char *)wire_bytes(wire, arg->len);
		break;
	default:
		arg->number = wire_get_signed(wire);
	}
	return !wire->bad;
}

static bool get_args(struct decoder *decoder, struct wire *wire, bool keep)
{
	uint64_t count = wire_get_most(wire, wire_left(wire));
	struct mark_arg passed;

	decoder->nargs = 0;
	for (uint64_t i = 0; i < count; i++) {
		struct mark_arg *arg =
			keep ? vec_push(&decoder->args, &decoder->nargs, &decoder->capargs)
			     : &passed;

		if (!arg) {
			decoder->failed = true;
			return false;
		}
		if (!get_arg(decoder, wire, arg))
			return false;
		/* The elements of a list are among those that follow; lists in lists there are none. */
		if (arg->kind == MARK_VALUE_LIST && arg->nvalues >= count - i)
			return false;
		if (!arg->name)
			arg->name = "?";
	}
	return true;
}

bool decode_detail(struct decoder *decoder, struct wire *wire, bool keep)
{
	struct mark_detail detail = {0};
	uint64_t has = wire_get_most(wire, 1 + 0x3f);
	bool whole = true;

	if (!has)
		return !wire->bad && !keep;
	has--;
	detail.name = decode_string(decoder, wire);
	detail.error = decode_string(decoder, wire);
	detail.error_text = decode_string(decoder, wire);
	detail.code = decode_string(decoder, wire);
	detail.result_text = decode_string(decoder, wire);
	detail.result_file = decode_string(decoder, wire);
	detail.has_args = has & DETAIL_ARGS;
	if (detail.has_args)
		whole = get_args(decoder, wire, keep);
	detail.has_result = has & DETAIL_RESULT;
	if (detail.has_result)
		detail.result = wire_get_signed(wire);
	detail.has_sender = has & DETAIL_SENDER;
	if (detail.has_sender)
		detail.sender = (uint32_t)wire_get_most(wire, UINT32_MAX);
	detail.waited = has & DETAIL_WAITED;
	if (detail.waited) {
		detail.waiting = wire_get(wire);
		detail.runnable = wire_get(wire);
	}
	detail.waker.goid_known = has & DETAIL_GOID;
	if (detail.waker.goid_known)
		detail.waker.goid = wire_get(wire);
	detail.waker.known = has & DETAIL_WAKER;
	if (detail.waker.known)
		detail.waker.place = decoder_place(decoder, decode_place(decoder, wire));
	if (keep) {
		detail.args = decoder->args;
		detail.nargs = detail.has_args ? decoder->nargs : 0;
		decoder->detail = detail;
	}
	return whole && !wire->bad;
}

bool decode_mark(struct decoder *decoder, struct wire *wire, struct mark *mark)
{
	const char *name = decode_string(decoder, wire);
	struct block_deltas *deltas = &decoder->deltas;
	uint64_t bits, what;

	mark->kind = name ? mark_kind_named(name) : NULL;
	mark->start = wire_get_delta(wire, deltas->time);
	mark->end = wire_get_delta(wire, mark->start);
	bits = wire_get_most(wire, 7);
	mark->goid_known = bits & MARK_HAS_GOID;
	mark->open = bits & MARK_IS_OPEN;
	mark->streamed = bits & MARK_STREAMED;
	mark->goid = mark->goid_known ? wire_get(wire) : 0;
	mark->result = wire_get(wire);
	what = wire_get(wire);
	mark->pid = (uint32_t)wire_get_most(wire, UINT32_MAX);
	mark->tid = (uint32_t)wire_get_most(wire, UINT32_MAX);
	mark->bytes = (uint32_t)(wire->at - decoder->block.bytes);
	deltas->time = mark->start;
	if (!mark->kind || !decode_detail(decoder, wire, false) || wire->bad)
		return false;
	mark->what = 0;
	if (mark->kind->of_trace)
		mark->what = what < decoder->nfuncs && decoder->funcs[what]
				     ? decoder->funcs[what] - 1
				     : UINT32_MAX;
	return true;
}

int decode_lone_mark(struct decoder *decoder, struct wire *wire)
{
	bool inside = wire_get_most(wire, 1);
	struct mark mark = {.call = CALL_NONE};
	struct tree *tree = &decoder->tree;
	uint64_t call = 0;

	if (inside) {
		if (!decode_owner(decoder, wire))
			return -EBADMSG;
		call = wire_get(wire);
	}
	if (!decode_mark(decoder, wire, &mark))
		return -EBADMSG;
	tree->ncalls = tree->nmarks = 0;
	if (inside && call) {
		if (!decode_chain(decoder, call))
			return -ENOMEM;
		/* Its call is missing. */
		if (!tree->ncalls)
			return 0;
		mark.call = (uint32_t)(tree->ncalls - 1);
	}
	if (mark.kind->counted < MARK_COUNTS)
		decoder->made.marks[mark.kind->counted]++;
	return sink_mark(decoder->sink, inside ? tree : NULL, &mark);
}
