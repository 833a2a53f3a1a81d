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
	} while (dwarf_next(&die));
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
	if (!low || pc >= dw->ranges[low - 1].high)
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

static int list_formals(Dwarf_Die *function, struct formals *formals)
{
	unsigned int seen = 0;
	Dwarf_Die child;

	if (!dwarf_first(function, &child))
		return 0;
	do {
		struct formal *formal;

		if (dwarf_tag(&child) != DW_TAG_formal_parameter)
			continue;
		if (formals->count >= DWARF_MAX_PARAMS)
			break;
		formal = vec_push(&formals->list, &formals->count, &formals->cap);
		if (!formal)
			return -ENOMEM;
		formal->die = formal->body = child;
		formal->has_body = true;
		if (dwarf_reference(&child, DW_AT_abstract_origin, &formal->die))
			formal->origin = dwarf_dieoffset(&formal->die);
	} while (++seen < DWARF_MAX_CHILDREN && dwarf_next(&child));
	return 0;
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

/* DWARF numbers of AX BX CX DI SI R8 R9 R10 R11 (System V ABI, figure "DWARF Register Number
 * Mapping"), in the order in which Go passes integers. */
static int int_index(unsigned int number)
{
	static const uint8_t numbers[] = {0, 3, 2, 5, 4, 8, 9, 10, 11};

	for (size_t i = 0; i < sizeof(numbers); i++)
		if (numbers[i] == number)
			return i;
	return -1;
}

static void read_place_op(const Dwarf_Op *op, bool first, struct dwarf_place *place)
{
	if (first && op->atom == DW_OP_call_frame_cfa) {
		place->on_stack = true;
		place->stack_offset = 8;
	} else if (first && op->atom == DW_OP_fbreg) {
		place->on_stack =
			!__builtin_add_overflow((int64_t)op->number, 8, &place->stack_offset);
	} else if (op->atom >= DW_OP_reg17 && op->atom <= DW_OP_reg31) {
		if (place->first_float < 0)
			place->first_float = op->atom - DW_OP_reg17;
	} else if (op->atom >= DW_OP_reg0 && op->atom <= DW_OP_reg16 && place->first_int < 0) {
		place->first_int = int_index(op->atom - DW_OP_reg0);
	}
}

/* Only a location list tells: a plain expression is the place where the parameter is spilled. */
static void read_place(Dwarf_Die *die, uint64_t entry, struct dwarf_place *place)
{
	Dwarf_Attribute attr;
	bool piece_ended = true;
	Dwarf_Op *ops;
	size_t nops;

	if (!dwarf_attr(die, DW_AT_location, &attr))
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
			read_place_op(&ops[i], !i, place);
		piece_ended = ends;
	}
}

static const char *numbered_name(struct dwarf *dw, char letter, size_t number)
{
	char *name = dwarf_alloc(dw, 1, 16);

	if (name)
		snprintf(name, 16, "~%c%u", letter, (unsigned int)number);
	return name;
}

static int read_param(struct dwarf *dw, struct formal *formal, uint64_t entry,
		      struct dwarf_param *param)
{
	Dwarf_Die type;

	param->name = dwarf_die_name(dw, &formal->die);
	param->type = dwarf_reference(&formal->die, DW_AT_type, &type) ? dwarf_type_at(dw, &type)
								       : &dw->invalid;
	if (!param->type)
		return -ENOMEM;
	param->place = no_place;
	if (formal->has_body)
		read_place(&formal->body, entry, &param->place);
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

/* "func1", "gowrap2", "deferwrap1": what the compiler calls functions inside a function. */
static bool is_inner_name(const char *name)
{
	static const char *const inner[] = {"func", "gowrap", "deferwrap", "dwrap"};

	for (size_t i = 0; i < sizeof(inner) / sizeof(inner[0]); i++) {
		size_t len = strlen(inner[i]);

		if (!strncmp(name, inner[i], len) && name[len] >= '0' && name[len] <= '9')
			return true;
	}
	return *name == '\0';
}

/* "main.(*T).M", "main.T.M" but not "main.F", up to `end`. */
static bool is_method(const char *name, const char *end)
{
	int dots = 0;

	for (const char *at = name; at < end && *at != '['; at++)
		dots = *at == '/' ? 0 : dots + (*at == '.');
	return dots > 1;
}

/*
 * A generic function over shapes takes a dictionary. Compilers up to 1.26 leave it out of the debug
 * information, 1.27 has it at the end when the function can be inlined. The name tells where it
 * belongs: first for "main.F[go.shape.int]", behind the receiver for "main.(*T[go.shape.int]).M",
 * "main.T[go.shape.int].M" and "main.(*T).M[go.shape.int]", in 1.19 before it. A function inside
 * finds it in its closure; equality functions ("type:.eq.main.T[...]") have none.
 */
static bool dictionary_place(const char *name, int go_minor, size_t *at)
{
	const char *open = strchr(name, '[');
	const char *close = open ? strrchr(open, ']') : NULL;
	bool method;

	if (!close || strncmp(open + 1, "go.shape.", 9) || !strncmp(name, "type:", 5) ||
	    !strncmp(name, "type..", 6))
		return false;
	method = close[1] || is_method(name, open);
	if (close[1]) {
		close += close[1] == ')' ? 2 : 1;
		if (*close != '.' || strchr(close, '-') || strchr(close + 1, '.') ||
		    is_inner_name(close + 1))
			return false;
	}
	*at = method && go_minor != 19;
	return true;
}

/* Takes the dictionary out of the list, if it is there. read_params() left room for one more. */
static bool take_dictionary(struct dwarf_signature *sig, struct dwarf_param *dictionary, size_t *at)
{
	for (size_t i = 0; i < sig->nparams; i++) {
		struct dwarf_param *param = &sig->params[i];

		if (!param->name || strcmp(param->name, ".dict"))
			continue;
		*dictionary = *param;
		*at = i;
		memmove(param, param + 1, (sig->nparams - i - 1) * sizeof(*param));
		sig->nparams--;
		return true;
	}
	return false;
}

static void place_dictionary(struct dwarf *dw, struct dwarf_signature *sig, int go_minor)
{
	struct dwarf_param dictionary = {.name = ".dict", .type = &dw->pointer, .place = no_place};
	size_t at = 0;
	bool listed = take_dictionary(sig, &dictionary, &at);

	if (!dictionary_place(sig->name, go_minor, &at) && !listed)
		return;
	if (at > sig->nparams)
		at = sig->nparams;
	dictionary.dictionary = true;
	memmove(&sig->params[at + 1], &sig->params[at], (sig->nparams - at) * sizeof(*sig->params));
	sig->params[at] = dictionary;
	sig->nparams++;
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

static int read_params(struct dwarf *dw, struct formals *formals, struct dwarf_signature *sig)
{
	sig->params = dwarf_alloc(dw, formals->count + 1, sizeof(*sig->params));
	sig->results = dwarf_alloc(dw, formals->count + 1, sizeof(*sig->results));
	if (!sig->params || !sig->results)
		return -ENOMEM;
	for (size_t i = 0; i < formals->count; i++) {
		struct formal *formal = &formals->list[i];
		bool result = dwarf_flag_set(&formal->die, DW_AT_variable_parameter);
		struct dwarf_param *list = result ? sig->results : sig->params;
		size_t *count = result ? &sig->nresults : &sig->nparams;
		int err = read_param(dw, formal, sig->entry, &list[*count]);

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

static int read_captures(struct dwarf *dw, Dwarf_Die *function, struct dwarf_signature *sig)
{
	struct dwarf_capture *list = NULL, *capture;
	unsigned int seen = 0;
	size_t cap = 0;
	uint64_t offset;
	Dwarf_Die child;
	int err = 0;

	if (!dwarf_first(function, &child))
		return 0;
	do {
		if (dwarf_tag(&child) != DW_TAG_variable ||
		    !dwarf_number(&child, DW_AT_go_closure_offset, &offset))
			continue;
		capture = sig->ncaptures < DWARF_MAX_PARAMS ? vec_push(&list, &sig->ncaptures, &cap)
							    : NULL;
		if (!capture)
			break;
		capture->offset = offset;
		err = read_capture(dw, &child, capture);
	} while (!err && ++seen < DWARF_MAX_CHILDREN && dwarf_next(&child));
	if (list) {
		sig->captures = dwarf_alloc(dw, sig->ncaptures, sizeof(*list));
		if (sig->captures)
			memcpy(sig->captures, list, sig->ncaptures * sizeof(*list));
		else
			err = -ENOMEM;
		free(list);
	}
	return err;
}

static int collect(Dwarf_Die *function, Dwarf_Die *origin, struct formals *formals)
{
	struct formals abstract = {0};
	int err = list_formals(function, formals);

	if (!err && origin)
		err = list_formals(origin, &abstract);
	if (!err)
		err = merge_abstract(formals, &abstract);
	free(abstract.list);
	return err;
}

int dwarf_function(struct dwarf *dw, uint64_t entry, struct dwarf_signature *sig)
{
	struct formals formals = {0};
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
	sig->name = dwarf_die_name(dw, has_origin ? &origin : &die);
	if (!sig->name)
		sig->name = "?";
	sig->wrapper = dwarf_flag_set(&die, DW_AT_trampoline);
	unit = dwarf_unit_of(dw, offset);
	sig->gaps = unit && unit->go_minor && unit->go_minor < 22;
	err = collect(&die, has_origin ? &origin : NULL, &formals);
	if (!err)
		err = read_params(dw, &formals, sig);
	if (!err)
		place_dictionary(dw, sig, unit ? unit->go_minor : 0);
	if (!err)
		err = name_params(dw, sig->params, sig->nparams, 'p');
	if (!err)
		err = name_params(dw, sig->results, sig->nresults, 'r');
	if (!err)
		err = read_captures(dw, &die, sig);
	free(formals.list);
	return err;
}
