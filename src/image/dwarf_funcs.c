/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions: from an entry address to the subprogram's DIE, and from that to a signature.
 *
 * A function that was inlined somewhere has two DIEs: an abstract one, which holds names, types and
 * order, and the out-of-line body's, which refers to it and may list only a part.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "image/dwarf_priv.h"

/* One formal parameter; `origin` is its DIE in the abstract function, 0 without one. */
struct formal {
	Dwarf_Die die;  /* what to read name and type from */
	Dwarf_Die body; /* what to read the place from */
	bool has_body;
	uint64_t origin;
};

struct formals {
	struct formal *list;
	size_t count, cap;
};

/* The DIEs of a function that matter. */
struct parts {
	struct formals formals;
	Dwarf_Die *captures;
	size_t ncaptures, capcaptures;
};

static int walk_unit(struct dwarf *dw, struct dwarf_unit *unit)
{
	Dwarf_Die die;

	unit->funcs_walked = true;
	if (!unit->go || !dwarf_offdie(dw->lib, unit->die, &die) || !dwarf_first(&die, &die))
		return 0;
	do {
		Dwarf_Addr entry;
		uint64_t *slot;

		if (dwarf_tag(&die) != DW_TAG_subprogram || dwarf_lowpc(&die, &entry))
			continue;
		slot = map_put(&dw->entries, (struct map_key){.a = entry});
		if (!slot)
			return -ENOMEM;
		if (!*slot)
			*slot = dwarf_dieoffset(&die);
	} while (dwarf_next(dw, &die));
	return 0;
}

/* The unit whose ranges hold `pc`, or NULL. */
static struct dwarf_unit *unit_at(struct dwarf *dw, uint64_t pc)
{
	size_t low = 0, high = dw->nranges;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (dw->ranges[mid].low > pc)
			high = mid;
		else
			low = mid + 1;
	}
	if (!low || !dw->units || pc >= dw->ranges[low - 1].high)
		return NULL;
	return &dw->units[dw->ranges[low - 1].unit];
}

static int find_entry(struct dwarf *dw, uint64_t pc, uint64_t *die)
{
	struct map_key key = {.a = pc};
	struct dwarf_unit *unit = unit_at(dw, pc);
	uint64_t *slot;

	if (unit && !unit->funcs_walked && walk_unit(dw, unit))
		return -ENOMEM;
	slot = map_find(&dw->entries, key);
	for (size_t i = 0; !slot && !dw->all_funcs_walked && i < dw->nunits; i++) {
		if (dw->units[i].funcs_walked)
			continue;
		if (walk_unit(dw, &dw->units[i]))
			return -ENOMEM;
	}
	if (!slot) {
		dw->all_funcs_walked = true;
		slot = map_find(&dw->entries, key);
	}
	if (!slot)
		return -ENOENT;
	*die = *slot;
	return 0;
}

static int add_formal(struct formals *formals, const Dwarf_Die *die)
{
	struct formal *formal;

	if (formals->count >= DWARF_MAX_PARAMS)
		return 0;
	formal = vec_push(&formals->list, &formals->count, &formals->cap);
	if (!formal)
		return -ENOMEM;
	formal->die = formal->body = *die;
	formal->has_body = true;
	if (dwarf_reference(&formal->body, DW_AT_abstract_origin, &formal->die))
		formal->origin = dwarf_dieoffset(&formal->die);
	return 0;
}

static int add_capture(struct parts *parts, Dwarf_Die *die)
{
	Dwarf_Die *capture;

	if (parts->ncaptures >= DWARF_MAX_PARAMS || !dwarf_hasattr(die, DW_AT_go_closure_offset))
		return 0;
	capture = vec_push(&parts->captures, &parts->ncaptures, &parts->capcaptures);
	if (!capture)
		return -ENOMEM;
	*capture = *die;
	return 0;
}

/* In one go: what stands between the parts has to be read to get over it. */
static int list_parts(struct dwarf *dw, Dwarf_Die *function, struct parts *parts)
{
	unsigned int seen = 0;
	Dwarf_Die child;
	int err = 0;

	if (!dwarf_first(function, &child))
		return 0;
	do {
		switch (dwarf_tag(&child)) {
		case DW_TAG_formal_parameter:
			err = add_formal(&parts->formals, &child);
			break;
		case DW_TAG_variable:
			err = add_capture(parts, &child);
			break;
		}
	} while (!err && ++seen < DWARF_MAX_CHILDREN && dwarf_next(dw, &child));
	return err;
}

static struct formal *with_origin(struct formals *formals, uint64_t origin)
{
	for (size_t i = 0; i < formals->count; i++)
		if (formals->list[i].origin == origin)
			return &formals->list[i];
	return NULL;
}

/* Makes room in front of `at`. */
static struct formal *insert(struct formals *formals, size_t at)
{
	struct formal *list;

	if (!vec_push(&formals->list, &formals->count, &formals->cap))
		return NULL;
	list = formals->list;
	memmove(&list[at + 1], &list[at], (formals->count - 1 - at) * sizeof(*list));
	return &list[at];
}

/*
 * Puts the parameters that only the abstract function lists into the body's: each behind the one
 * that it follows there. Those in both come in the abstract function's order.
 */
static int merge_abstract(struct formals *body, const struct formals *abstract)
{
	size_t at = 0;

	for (size_t i = 0; i < abstract->count; i++) {
		uint64_t origin = dwarf_dieoffset((Dwarf_Die *)&abstract->list[i].die);
		struct formal *found = with_origin(body, origin), moved;

		if (found && (size_t)(found - body->list) >= at) {
			at = found - body->list + 1;
			continue;
		}
		if (found) {
			size_t from = found - body->list;

			moved = *found;
			memmove(found, found + 1, (at - 1 - from) * sizeof(*found));
			body->list[at - 1] = moved;
			continue;
		}
		if (body->count >= DWARF_MAX_PARAMS)
			return 0;
		found = insert(body, at++);
		if (!found)
			return -ENOMEM;
		*found = abstract->list[i];
		found->has_body = false;
		found->origin = origin;
	}
	return 0;
}

static const struct dwarf_place no_place = {.first_int = -1, .first_float = -1};

/* The register's place in a sequence of Go's ABI, or -1. */
static int abi_index(const struct arch_abi_register *registers, size_t count, unsigned int dwarf)
{
	for (size_t i = 0; i < count; i++)
		if (registers[i].dwarf == dwarf)
			return (int)i;
	return -1;
}

static void read_place_op(const struct arch_abi *abi, const Dwarf_Op *op, bool first,
			  struct dwarf_place *place)
{
	unsigned int number = op->atom - DW_OP_reg0;

	if (first && op->atom == DW_OP_call_frame_cfa) {
		place->on_stack = true;
		place->stack_offset = abi->cfa;
	} else if (first && op->atom == DW_OP_fbreg) {
		place->on_stack = !__builtin_add_overflow((int64_t)op->number, (int64_t)abi->cfa,
							  &place->stack_offset);
	} else if (op->atom >= DW_OP_reg0 && op->atom <= DW_OP_reg31) {
		if (place->first_float < 0)
			place->first_float = abi_index(abi->floats, abi->nfloats, number);
		if (place->first_int < 0)
			place->first_int = abi_index(abi->ints, abi->nints, number);
	}
}

/* Only a location list tells: a plain expression is the place where the parameter is spilled. */
static void read_place(const struct arch_abi *abi, Dwarf_Die *die, uint64_t entry,
		       struct dwarf_place *place)
{
	Dwarf_Attribute attr;
	bool piece_ended = true;
	Dwarf_Op *ops;
	size_t nops;

	if (!abi || !dwarf_attr(die, DW_AT_location, &attr))
		return;
	switch (dwarf_whatform(&attr)) {
	case DW_FORM_sec_offset:
	case DW_FORM_data4:
	case DW_FORM_data8:
	case DW_FORM_loclistx:
		break;
	default:
		return;
	}
	if (dwarf_getlocation_addr(&attr, entry, &ops, &nops, 1) != 1)
		return;
	/* Behind a piece that is nowhere, a register is no longer the first of its file. */
	for (size_t i = 0; i < nops; i++) {
		bool ends = ops[i].atom == DW_OP_piece;

		if (ends && piece_ended)
			break;
		if (!ends)
			read_place_op(abi, &ops[i], !i, place);
		piece_ended = ends;
	}
}

static const char *numbered_name(struct dwarf *dw, char letter, size_t number)
{
	const char **known = number < DWARF_NUMBERED ? &dw->numbered[letter == 'r'][number] : NULL;
	char *name;

	if (known && *known)
		return *known;
	name = dwarf_alloc(dw, 1, 16);
	if (name)
		snprintf(name, 16, "~%c%u", letter, (unsigned int)number);
	if (known)
		*known = name;
	return name;
}

/* Its place is read where `sig` has gaps, or when it was asked for. */
static int read_param(struct dwarf *dw, struct formal *formal, const struct dwarf_signature *sig,
		      bool places, struct dwarf_param *param)
{
	Dwarf_Die type;

	param->name = dwarf_die_name(dw, &formal->die);
	param->type = dwarf_reference(&formal->die, DW_AT_type, &type) ? dwarf_type_at(dw, &type)
								       : &dw->invalid;
	if (!param->type)
		return -ENOMEM;
	param->dictionary = false;
	param->place = no_place;
	if (formal->has_body && (places || sig->gaps))
		read_place(dw->abi, &formal->body, sig->entry, &param->place);
	return 0;
}

/* Compilers named what has no name "_", "~pN", "~rN", "~bN" or not at all. */
static int name_params(struct dwarf *dw, struct dwarf_param *params, size_t count, char letter)
{
	for (size_t i = 0; i < count; i++) {
		struct dwarf_param *param = &params[i];

		if (!param->name || !*param->name || *param->name == '~' ||
		    !strcmp(param->name, "_"))
			param->name = numbered_name(dw, letter, i);
		if (!param->name)
			return -ENOMEM;
	}
	return 0;
}

/* Up to 1.26 a result that lives in a register may be listed twice. Names tell, as no two
 * parameters share one but "_". */
static bool listed_before(const struct dwarf_param *params, size_t count, const char *name)
{
	if (!name || !strcmp(name, "_"))
		return false;
	for (size_t i = 0; i < count; i++)
		if (params[i].name && !strcmp(params[i].name, name))
			return true;
	return false;
}

/* Room in the lists for `count` parameters, a dictionary and as many results. */
static int make_room(struct dwarf_lists *lists, size_t count)
{
	size_t cap = (count + 1) * 2;
	struct dwarf_param *params, *results;

	if (lists->cap > count)
		return 0;
	params = reallocarray(lists->params, cap, sizeof(*params));
	if (params)
		lists->params = params;
	results = reallocarray(lists->results, cap, sizeof(*results));
	if (results)
		lists->results = results;
	if (!params || !results)
		return -ENOMEM;
	lists->cap = cap;
	return 0;
}

static int read_params(struct dwarf *dw, struct formals *formals, bool places,
		       struct dwarf_signature *sig)
{
	if (make_room(&dw->lists, formals->count))
		return -ENOMEM;
	sig->params = dw->lists.params;
	sig->results = dw->lists.results;
	for (size_t i = 0; i < formals->count; i++) {
		struct formal *formal = &formals->list[i];
		bool result = dwarf_flag_set(&formal->die, DW_AT_variable_parameter);
		struct dwarf_param *list = result ? sig->results : sig->params;
		size_t *count = result ? &sig->nresults : &sig->nparams;
		int err = read_param(dw, formal, sig, places, &list[*count]);

		if (err)
			return err;
		*count += !listed_before(list, *count, list[*count].name);
	}
	return 0;
}

static int read_capture(struct dwarf *dw, Dwarf_Die *die, struct dwarf_capture *capture)
{
	const struct gotype *target;
	Dwarf_Die type;

	capture->name = dwarf_die_name(dw, die);
	if (!capture->name)
		capture->name = "_";
	capture->type =
		dwarf_reference(die, DW_AT_type, &type) ? dwarf_type_at(dw, &type) : &dw->invalid;
	if (!capture->type)
		return -ENOMEM;
	if (*capture->name != '&')
		return 0;
	target = gotype_elem(capture->type);
	capture->name++;
	capture->by_ref = true;
	capture->type = target ? target : &dw->invalid;
	return 0;
}

static int read_captures(struct dwarf *dw, struct parts *parts, struct dwarf_signature *sig)
{
	struct dwarf_lists *lists = &dw->lists;
	int err = 0;

	for (size_t i = 0; i < parts->ncaptures && !err; i++) {
		Dwarf_Die *die = &parts->captures[i];
		struct dwarf_capture *capture;
		uint64_t offset;

		if (!dwarf_number(die, DW_AT_go_closure_offset, &offset))
			continue;
		capture = vec_push(&lists->captures, &sig->ncaptures, &lists->capcaptures);
		if (!capture)
			return -ENOMEM;
		capture->offset = offset;
		err = read_capture(dw, die, capture);
	}
	sig->captures = lists->captures;
	return err;
}

static int collect(struct dwarf *dw, Dwarf_Die *function, Dwarf_Die *origin, struct parts *parts)
{
	struct parts abstract = {0};
	int err = list_parts(dw, function, parts);

	if (!err && origin)
		err = list_parts(dw, origin, &abstract);
	if (!err)
		err = merge_abstract(&parts->formals, &abstract.formals);
	free(abstract.formals.list);
	free(abstract.captures);
	return err;
}

int dwarf_function(struct dwarf *dw, uint64_t entry, bool places, struct dwarf_signature *sig)
{
	struct parts parts = {0};
	const struct dwarf_unit *unit;
	Dwarf_Die die, origin;
	bool has_origin;
	uint64_t offset;
	int err = find_entry(dw, entry, &offset);

	*sig = (struct dwarf_signature){.entry = entry};
	if (err)
		return err;
	if (!dwarf_offdie(dw->lib, offset, &die))
		return -ENOENT;
	has_origin = dwarf_reference(&die, DW_AT_abstract_origin, &origin);
	/* In the shared file: without it names and order are not known. */
	if (!has_origin && dw->shared && dwarf_hasattr(&die, DW_AT_abstract_origin))
		return -ENOENT;
	sig->name = dwarf_die_name(dw, has_origin ? &origin : &die);
	if (!sig->name)
		sig->name = "?";
	sig->wrapper = dwarf_flag_set(&die, DW_AT_trampoline);
	unit = dwarf_unit_of(dw, offset);
	sig->gaps = unit && unit->go_minor && unit->go_minor < DWARF_GAPS_BEFORE;
	err = collect(dw, &die, has_origin ? &origin : NULL, &parts);
	if (!err)
		err = read_params(dw, &parts.formals, places, sig);
	if (!err)
		dwarf_place_dictionary(dw, sig, unit ? unit->go_minor : 0);
	if (!err)
		err = name_params(dw, sig->params, sig->nparams, 'p');
	if (!err)
		err = name_params(dw, sig->results, sig->nresults, 'r');
	if (!err)
		err = read_captures(dw, &parts, sig);
	free(parts.formals.list);
	free(parts.captures);
	return err;
}
