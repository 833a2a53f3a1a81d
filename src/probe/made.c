/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/made.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probe/straight.h"

/*
 * Instructions that are made for entries, and for exits, at most. The verifier follows as many for the loop, in some ten
 * milliseconds.
 */
#define MADE_MAX 3000

/* Sequences that are tried, at most, from the one that most functions have on. */
#define TRIED_MAX 256

/* The function of bpf/fetch.bpf.h whose place they take, and its parameters. */
#define PLACE  "run_made"
#define CTX    BPF_REG_1
#define ROOM   BPF_REG_2
#define WANTED BPF_REG_3

/* libbpf hands nothing of ours to prepare(): what it needs while programs are loaded. */
static struct {
	const struct programs *programs;
	const struct arch *arch;
	const struct bpf_object *object;
	void *func_info; /* of the last program */
} now;

enum side { ENTRY, EXIT, LEAF };

/* A sequence, or one of its two parts where it has operands. */
struct piece {
	const struct programs_sequence *sequence;
	uint16_t number;
	uint16_t first, end; /* operations of the sequence */
};

static bool has_side(const struct programs_sequence *sequence, enum side side)
{
	if (side == LEAF)
		return sequence->at_leaf;
	return side == ENTRY ? sequence->at_entry : sequence->at_exit;
}

/* The pieces of the sequences of a side, by their numbers; how many. */
static size_t list_pieces(const struct programs *programs, enum side side, struct piece *pieces)
{
	size_t count = 0;

	for (size_t i = 0; i < programs->nsequences; i++) {
		const struct programs_sequence *at = &programs->sequences[i];

		if (!at->made || !has_side(at, side))
			continue;
		pieces[count++] = (struct piece){at, at->made, 0, at->count};
		if (!at->operands)
			continue;
		pieces[count++] = (struct piece){at, (uint16_t)(at->made + FT_MADE_OPERANDS), 0,
						 at->operands};
		pieces[count++] = (struct piece){at, (uint16_t)(at->made + FT_MADE_REST),
						 at->operands, at->count};
	}
	return count;
}

/* Goes to one of the pieces by halves. */
static void put_pieces(struct insns *insns, const struct programs *programs,
		       const struct piece *pieces, size_t count, const struct arch *arch)
{
	size_t half = count / 2, jump;

	if (count <= 1) {
		if (count)
			straight_put(insns, &programs->ops[pieces->sequence->first], pieces->first,
				     pieces->end, arch);
		insns_number(insns, BPF_MOV, BPF_REG_0, 0);
		insns_exit(insns);
		return;
	}
	jump = insns_jump_if(insns, BPF_JGE, WANTED, pieces[half].number);
	put_pieces(insns, programs, pieces, half, arch);
	insns_land(insns, jump);
	put_pieces(insns, programs, pieces + half, count - half, arch);
}

static void put_side(struct insns *insns, const struct programs *programs, enum side side,
		     const struct arch *arch)
{
	struct piece *pieces = calloc(3 * programs->nsequences + 1, sizeof(*pieces));

	insns->failed |= !pieces;
	insns_reg(insns, BPF_MOV, STRAIGHT_FRAME, CTX);
	insns_reg(insns, BPF_MOV, STRAIGHT_SCRATCH, ROOM);
	if (pieces)
		put_pieces(insns, programs, pieces, list_pieces(programs, side, pieces), arch);
	free(pieces);
}

/* How many instructions a sequence takes. */
static size_t length_of(const struct programs *programs, const struct programs_sequence *at,
			const struct arch *arch)
{
	struct insns insns = {0};
	size_t ret;

	straight_put(&insns, &programs->ops[at->first], 0, at->count, arch);
	ret = insns.failed ? MADE_MAX : insns.count;
	insns_release(&insns);
	/* Its parts once more: FT_MADE_OPERANDS, FT_MADE_REST. */
	return at->operands ? 2 * ret : ret;
}

/* Those that most functions have first. */
static int compare_uses(const void *a, const void *b)
{
	const struct programs_sequence *left = *(struct programs_sequence *const *)a;
	const struct programs_sequence *right = *(struct programs_sequence *const *)b;

	if (left->uses != right->uses)
		return left->uses < right->uses ? 1 : -1;
	return (left->first > right->first) - (left->first < right->first);
}

/* Marks those of which instructions are to be made. */
static void mark(struct programs *programs, struct programs_sequence **order,
		 const struct arch *arch)
{
	size_t entries = 0, exits = 0;

	for (size_t i = 0; i < programs->nsequences && i < TRIED_MAX; i++) {
		struct programs_sequence *at = order[i];
		size_t length = length_of(programs, at, arch);

		if (!at->count || (at->at_entry && entries + length > MADE_MAX) ||
		    (at->at_exit && exits + length > MADE_MAX))
			continue;
		entries += at->at_entry ? length : 0;
		exits += at->at_exit ? length : 0;
		at->made = 1;
	}
}

/* What is left for the loop. */
static void note(struct programs *programs)
{
	programs->made = programs->looped = programs->texts = false;
	for (size_t i = 0; i < programs->nsequences; i++) {
		const struct programs_sequence *at = &programs->sequences[i];

		programs->made |= at->made > 0;
		programs->looped |= !at->made && at->count;
		for (size_t j = 0; j < at->count && !at->made; j++)
			programs->texts |= programs->ops[at->first + j].code == FT_OP_TEXTS;
	}
}

bool made_choose(struct programs *programs, const struct arch *arch)
{
	struct programs_sequence **order = calloc(programs->nsequences + 1, sizeof(*order));
	uint16_t number = 1;

	if (!order)
		return false;
	for (size_t i = 0; i < programs->nsequences; i++)
		order[i] = &programs->sequences[i];
	qsort(order, programs->nsequences, sizeof(*order), compare_uses);
	mark(programs, order, arch);
	free(order);
	for (size_t i = 0; i < programs->nsequences; i++) {
		struct programs_sequence *at = &programs->sequences[i];

		if (!at->made)
			continue;
		at->made = number;
		number = (uint16_t)(number + (at->operands ? FT_MADE_REST + 1 : 1));
	}
	note(programs);
	return programs->made;
}

void made_forget(struct programs *programs)
{
	for (size_t i = 0; i < programs->nsequences; i++)
		programs->sequences[i].made = 0;
	note(programs);
}

/* Where the instructions of the function PLACE are among a program's `count`. */
struct place {
	size_t first, end;
};

static bool find_place(const struct bpf_prog_load_opts *opts, const struct btf *btf, size_t count,
		       struct place *place)
{
	const char *infos = opts->func_info;

	for (__u32 i = 0; i < opts->func_info_cnt; i++) {
		const struct bpf_func_info *info =
			(const void *)(infos + (size_t)i * opts->func_info_rec_size);
		const struct bpf_func_info *next =
			(const void *)((const char *)info + opts->func_info_rec_size);
		const struct btf_type *type = btf__type_by_id(btf, info->type_id);
		const char *name = type ? btf__name_by_offset(btf, type->name_off) : NULL;

		if (!name || strcmp(name, PLACE) != 0)
			continue;
		place->first = info->insn_off;
		place->end = i + 1 < opts->func_info_cnt ? next->insn_off : count;
		return place->first < place->end && place->end <= count;
	}
	return false;
}

/* Where instruction `index` is when the place has been filled by `more` than it had. */
static size_t moved(const struct place *place, size_t index, ptrdiff_t more)
{
	return index < place->end ? index : (size_t)((ptrdiff_t)index + more);
}

static bool is_call(const struct bpf_insn *insn)
{
	return (insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == BPF_PSEUDO_CALL) ||
	       (insn->code == (BPF_LD | BPF_IMM | BPF_DW) && insn->src_reg == BPF_PSEUDO_FUNC);
}

/* Jumps stay inside of a function: calls alone lead over the place. */
static void move_calls(struct bpf_insn *insns, size_t count, const struct place *place,
		       ptrdiff_t more)
{
	for (size_t i = 0; i < count; i++) {
		ptrdiff_t to = (ptrdiff_t)i + 1 + insns[i].imm;

		if (is_call(&insns[i]))
			insns[i].imm = (__s32)((ptrdiff_t)moved(place, (size_t)to, more) -
					       (ptrdiff_t)moved(place, i, more) - 1);
	}
}

/* Without lines: the kernel wants them for all functions or for none. */
static int move_infos(struct bpf_prog_load_opts *opts, const struct place *place, ptrdiff_t more)
{
	size_t size = (size_t)opts->func_info_cnt * opts->func_info_rec_size;

	free(now.func_info);
	now.func_info = malloc(size);
	if (!now.func_info)
		return -ENOMEM;
	memcpy(now.func_info, opts->func_info, size);
	for (__u32 i = 0; i < opts->func_info_cnt; i++) {
		struct bpf_func_info *info =
			(void *)((char *)now.func_info + (size_t)i * opts->func_info_rec_size);

		info->insn_off = (__u32)moved(place, info->insn_off, more);
	}
	opts->func_info = now.func_info;
	opts->line_info = NULL;
	opts->line_info_cnt = 0;
	return 0;
}

static int fill(struct bpf_program *program, struct bpf_prog_load_opts *opts,
		const struct place *place, const struct insns *made)
{
	size_t count = bpf_program__insn_cnt(program), behind = count - place->end;
	ptrdiff_t more = (ptrdiff_t)made->count - (ptrdiff_t)(place->end - place->first);
	struct bpf_insn *old = calloc(count, sizeof(*old));
	struct bpf_insn *all = calloc(count + made->count, sizeof(*all));
	int ret = old && all ? move_infos(opts, place, more) : -ENOMEM;

	if (!ret) {
		memcpy(old, bpf_program__insns(program), count * sizeof(*old));
		move_calls(old, count, place, more);
		memcpy(all, old, place->first * sizeof(*all));
		memcpy(all + place->first, made->at, made->count * sizeof(*all));
		memcpy(all + place->first + made->count, old + place->end, behind * sizeof(*all));
		ret = bpf_program__set_insns(program, all, place->first + made->count + behind);
	}
	free(old);
	free(all);
	return ret;
}

/* What libbpf calls before it loads a program. */
static int prepare(struct bpf_program *program, struct bpf_prog_load_opts *opts, long cookie)
{
	static const char *const names[] = {
		[ENTRY] = "ftrace_entry", [EXIT] = "ftrace_exit", [LEAF] = "ftrace_leaf"};
	size_t side = 0;
	struct insns made = {0};
	struct place place;
	int ret;

	(void)cookie;
	while (side <= LEAF && strcmp(names[side], bpf_program__name(program)) != 0)
		side++;
	if (!now.programs || side > LEAF || (side == LEAF && now.programs->looped))
		return 0;
	if (!find_place(opts, bpf_object__btf(now.object), bpf_program__insn_cnt(program), &place))
		return -ENOENT;
	put_side(&made, now.programs, (enum side)side, now.arch);
	ret = made.failed ? -ENOMEM : fill(program, opts, &place, &made);
	insns_release(&made);
	return ret;
}

int made_set(const struct programs *programs, const struct arch *arch,
	     const struct bpf_object *object)
{
	static int handler;
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .prog_prepare_load_fn = prepare);

	if (!handler)
		handler = libbpf_register_prog_handler("uprobe.multi", BPF_PROG_TYPE_KPROBE,
						       BPF_TRACE_UPROBE_MULTI, &opts);
	free(now.func_info);
	now.func_info = NULL;
	now.programs = programs;
	now.arch = arch;
	now.object = object;
	return handler < 0 ? handler : 0;
}
