/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/goabi.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "image/gotype.h"

/* Parts looked at in one value. Only parts of size 0, which use up no register, come near it. */
enum { MAX_PARTS = 1 << 14 };

/* No offset of a valid function is larger. */
#define MAX_STACK (1ull << 40)

struct state {
	const struct arch_abi *arch;
	unsigned int ints, floats; /* used so far */
	uint64_t stack;            /* bytes assigned so far; 0 is the first argument word */
	bool lost;                 /* an unknown type: what follows has no known place */
	bool abi0;
};

/* One value, and the registers it would take. */
struct attempt {
	const struct arch_abi *arch;
	struct goabi_value *value;
	unsigned int ints, floats, parts;
};

enum outcome { FITS, TO_STACK, UNKNOWN };

static enum outcome fit_register(struct attempt *attempt, uint64_t offset, unsigned int size,
				 enum goabi_file file)
{
	unsigned int *used = file == GOABI_INT ? &attempt->ints : &attempt->floats;
	struct goabi_piece *piece;

	if (*used >= (file == GOABI_INT ? attempt->arch->nints : attempt->arch->nfloats))
		return TO_STACK;
	piece = &attempt->value->pieces[attempt->value->npieces++];
	*piece = (struct goabi_piece){
		.offset = offset,
		.size = size,
		.file = file,
		.index = (*used)++,
	};
	return FITS;
}

static enum outcome fit_words(struct attempt *attempt, uint64_t offset, unsigned int words)
{
	enum outcome outcome = FITS;

	for (unsigned int i = 0; outcome == FITS && i < words; i++)
		outcome = fit_register(attempt, offset + 8 * i, 8, GOABI_INT);
	return outcome;
}

/* A structure that stands for a vector register starts with a field of one of these types; they
 * exist only with GOEXPERIMENT=simd. */
static bool is_vector(const struct gotype *type)
{
	static const char *const tags[] = {"simd/archsimd.v128", "simd/archsimd.v256",
					   "simd/archsimd.v512"};

	if (!type->nfields || type->size < 16 || type->size > 64)
		return false;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (!strcmp(type->fields[0].type->name, tags[i]))
			return true;
	return false;
}

static enum outcome fit(struct attempt *attempt, uint64_t offset, const struct gotype *type);

static enum outcome fit_struct(struct attempt *attempt, uint64_t offset, const struct gotype *type)
{
	enum outcome outcome = FITS;

	if (is_vector(type))
		return fit_register(attempt, offset, type->size, GOABI_FLOAT);
	for (size_t i = 0; outcome == FITS && i < type->nfields; i++)
		outcome = fit(attempt, offset + type->fields[i].offset, type->fields[i].type);
	return outcome;
}

/* An array of two or more goes to the stack even if its elements have no size. */
static enum outcome fit_array(struct attempt *attempt, uint64_t offset, const struct gotype *type)
{
	if (type->count == 0)
		return FITS;
	if (type->count > 1 || !type->elem)
		return TO_STACK;
	return fit(attempt, offset, type->elem);
}

static enum outcome fit(struct attempt *attempt, uint64_t offset, const struct gotype *type)
{
	enum outcome outcome;

	if (++attempt->parts > MAX_PARTS)
		return UNKNOWN;
	switch (type->kind) {
	case GOTYPE_INVALID:
	case GOTYPE_KINDS:
		return UNKNOWN;
	case GOTYPE_STRING:
	case GOTYPE_INTERFACE:
		return fit_words(attempt, offset, 2);
	case GOTYPE_SLICE:
		return fit_words(attempt, offset, 3);
	case GOTYPE_FLOAT32:
	case GOTYPE_FLOAT64:
		return fit_register(attempt, offset, type->size, GOABI_FLOAT);
	case GOTYPE_COMPLEX64:
	case GOTYPE_COMPLEX128:
		outcome = fit_register(attempt, offset, type->size / 2, GOABI_FLOAT);
		if (outcome != FITS)
			return outcome;
		return fit_register(attempt, offset + type->size / 2, type->size / 2, GOABI_FLOAT);
	case GOTYPE_STRUCT:
		return fit_struct(attempt, offset, type);
	case GOTYPE_ARRAY:
		return fit_array(attempt, offset, type);
	default:
		return fit_register(attempt, offset, type->size, GOABI_INT);
	}
}

/* True when every part of the type is known: a value on the stack needs only its size. */
static bool to_stack(struct state *state, const struct gotype *type, struct goabi_value *value)
{
	uint64_t align = type->align ? type->align : 1;

	if (type->size > MAX_STACK || state->stack > MAX_STACK)
		return false;
	state->stack = (state->stack + align - 1) / align * align;
	value->in_stack = true;
	value->npieces = 0;
	value->stack_offset = state->stack + state->arch->stack;
	state->stack += type->size;
	return true;
}

static void assign(struct state *state, const struct gotype *type, struct goabi_value *value)
{
	struct attempt attempt = {
		.arch = state->arch, .value = value, .ints = state->ints, .floats = state->floats};
	enum outcome outcome = TO_STACK;

	if (state->lost || type->kind == GOTYPE_INVALID) {
		state->lost = true;
		return;
	}
	if (!state->abi0 && type->size)
		outcome = fit(&attempt, 0, type);
	if (outcome == UNKNOWN || (outcome == TO_STACK && !to_stack(state, type, value))) {
		state->lost = true;
		value->npieces = 0;
		value->in_stack = false;
		return;
	}
	if (outcome == FITS) {
		state->ints = attempt.ints;
		state->floats = attempt.floats;
	}
	value->known = true;
}

/* The first register of one file that the value takes, or -1. */
static int first_index(const struct goabi_value *value, enum goabi_file file)
{
	for (uint32_t i = 0; i < value->npieces; i++)
		if (value->pieces[i].file == file)
			return value->pieces[i].index;
	return -1;
}

/*
 * True when the compiler's word on where a parameter is contradicts `value`. Of a function without a
 * frame it tells a place in the stack one word too high (seen with 1.19.13: a leaf that finds at 8
 * what is listed at 16), which no unnamed parameter is needed to explain.
 */
static bool disagrees(const struct dwarf_place *place, const struct goabi_value *value)
{
	if (!value->known)
		return false;
	if (place->on_stack) {
		int64_t off = (int64_t)value->stack_offset;

		return !value->in_stack ||
		       (place->stack_offset != off && place->stack_offset != off + 8);
	}
	if (place->first_int >= 0 && place->first_int != first_index(value, GOABI_INT))
		return true;
	return place->first_float >= 0 && place->first_float != first_index(value, GOABI_FLOAT);
}

/*
 * Go 1.21 and older do not list unnamed parameters. Where the compiler put a named one further on
 * than those listed account for, unnamed ones took what lies between.
 */
static void assign_after_gap(struct state *state, const struct dwarf_param *param,
			     struct goabi_value *value)
{
	const struct dwarf_place *place = &param->place;
	struct state after = *state;
	struct goabi_value moved = {0};
	int at;

	assign(&after, param->type, &moved);
	if (!disagrees(place, &moved)) {
		*state = after;
		*value = moved;
		return;
	}
	after = *state;
	moved = (struct goabi_value){0};
	if (place->on_stack && place->stack_offset >= state->arch->stack && !state->lost) {
		uint64_t offset = (uint64_t)place->stack_offset - state->arch->stack;

		if (offset > state->stack && offset <= MAX_STACK)
			state->stack = offset;
		value->known =
			param->type->kind != GOTYPE_INVALID && to_stack(state, param->type, value);
		state->lost = !value->known;
		return;
	}
	assign(state, param->type, value);
	at = first_index(value, GOABI_INT);
	if (at >= 0 && place->first_int > at)
		after.ints += place->first_int - at;
	at = first_index(value, GOABI_FLOAT);
	if (at >= 0 && place->first_float > at)
		after.floats += place->first_float - at;
	assign(&after, param->type, &moved);
	if (disagrees(place, &moved))
		return;
	*state = after;
	*value = moved;
}

/* Assigns all parameters, and counts those for which the compiler tells another place. */
static size_t assign_params(const struct dwarf_signature *sig, bool gaps, struct state *state,
			    struct goabi_value *values)
{
	size_t wrong = 0;

	for (size_t i = 0; i < sig->nparams; i++) {
		const struct dwarf_param *param = &sig->params[i];

		values[i] = (struct goabi_value){0};
		/* Behind an unnamed receiver its rank is wrong; the gap it leaves is seen, too. */
		if (gaps && param->dictionary)
			continue;
		if (gaps)
			assign_after_gap(state, param, &values[i]);
		else
			assign(state, param->type, &values[i]);
		wrong += disagrees(&param->place, &values[i]);
	}
	return wrong;
}

/* Gaps are assumed only where they explain more of the places that the compiler tells. */
static void assign_all_params(const struct dwarf_signature *sig, struct state *state,
			      struct goabi_value *values)
{
	struct state start = *state, gaps = *state;
	size_t wrong = assign_params(sig, false, state, values);

	if (!sig->gaps || start.abi0 || !wrong)
		return;
	if (assign_params(sig, true, &gaps, values) < wrong)
		*state = gaps;
	else
		assign_params(sig, false, &start, values);
}

int goabi_assign(const struct arch *arch, const struct dwarf_signature *sig, bool abi0,
		 struct goabi *abi)
{
	struct state state = {.arch = arch->abi, .abi0 = abi0};
	bool params_lost;

	abi->params = calloc(sig->nparams + 1, sizeof(*abi->params));
	abi->results = calloc(sig->nresults + 1, sizeof(*abi->results));
	if (!abi->params || !abi->results) {
		goabi_release(abi);
		return -ENOMEM;
	}
	assign_all_params(sig, &state, abi->params);
	params_lost = state.lost;
	state.lost = false;
	state.ints = state.floats = 0;
	state.stack = (state.stack + 7) / 8 * 8;
	for (size_t i = 0; i < sig->nresults; i++) {
		struct goabi_value *value = &abi->results[i];

		assign(&state, sig->results[i].type, value);
		if (value->in_stack && params_lost)
			*value = (struct goabi_value){0};
	}
	abi->stack_size = (state.stack + 7) / 8 * 8;
	return 0;
}

void goabi_release(struct goabi *abi)
{
	free(abi->params);
	free(abi->results);
	*abi = (struct goabi){0};
}
