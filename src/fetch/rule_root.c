/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/rule_root.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "fetch/ops.h"

static size_t find(const struct dwarf_param *params, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!params[i].dictionary && !strcmp(params[i].name, name))
			break;
	return i;
}

/* What a name means on the one side and on the other. */
static const struct dwarf_capture *find_capture(const struct dwarf_signature *sig, const char *name)
{
	for (size_t i = 0; i < sig->ncaptures; i++)
		if (!strcmp(sig->captures[i].name, name))
			return &sig->captures[i];
	return NULL;
}

static void take_place(struct rule_compile *c, const struct gotype *type,
		       const struct goabi_value *place, struct rule_path *path)
{
	*path = (struct rule_path){.type = type};
	if (!place->known || !place->in_stack) {
		path->place = *place;
		return;
	}
	path->in_memory = true;
	path->offset = place->stack_offset;
	fetch_take_sp(c->fetch);
}

static void take_capture(struct rule_compile *c, const struct dwarf_capture *capture,
			 struct rule_path *path)
{
	*path = (struct rule_path){
		.type = capture->type, .in_memory = true, .offset = capture->offset};
	fetch_emit(c->fetch,
		   (struct ft_op){.code = FT_OP_REG, .reg = c->fetch->arch->abi->closure});
	if (!capture->by_ref)
		return;
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_ADD, .imm = (int64_t)capture->offset});
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_LOAD});
	path->offset = 0;
}

static int fail_unknown(struct rule_compile *c, const struct rule_expr *expr)
{
	const struct dwarf_signature *sig = c->ctx->sig;
	bool at_return = c->ctx->at_return;
	const struct dwarf_param *params = at_return ? sig->results : sig->params;
	size_t count = at_return ? sig->nresults : sig->nparams;
	struct suggest suggest;
	char text[256];
	size_t used = 0;

	suggest_init(&suggest, expr->text);
	for (size_t i = 0; i < count; i++)
		if (!params[i].dictionary)
			suggest_name(&suggest, params[i].name);
	for (size_t i = 0; !at_return && i < sig->ncaptures; i++)
		suggest_name(&suggest, sig->captures[i].name);
	suggest_text(&suggest, text, sizeof(text));
	/* Nothing like it: what there is. */
	for (size_t i = 0; !suggest.count && i < count && used < sizeof(text); i++)
		if (!params[i].dictionary)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
						 used        ? ", "
						 : at_return ? "; its results are "
							     : "; its parameters are ",
						 params[i].name);
	if (!suggest.count && !used)
		snprintf(text, sizeof(text), "; it has none");
	return rule_compile_fail(c, expr, -ENOENT, "'%s' is no %s of %s%s", expr->text,
				 at_return ? "result" : "parameter", c->ctx->func, text);
}

static int find_name(struct rule_compile *c, const struct rule_expr *expr, struct rule_path *path)
{
	const struct dwarf_signature *sig = c->ctx->sig;
	const struct dwarf_capture *capture = find_capture(sig, expr->text);
	size_t param = find(sig->params, sig->nparams, expr->text);
	size_t result = find(sig->results, sig->nresults, expr->text);

	if (c->ctx->at_return) {
		if (result < sig->nresults) {
			take_place(c, sig->results[result].type, &c->ctx->abi->results[result],
				   path);
			return 0;
		}
		if (param < sig->nparams || capture)
			return rule_compile_fail(c, expr, -ENOENT,
						 "'%s' is gone at return, registers hold results "
						 "then; write it in the first list",
						 expr->text);
	} else if (param < sig->nparams) {
		take_place(c, sig->params[param].type, &c->ctx->abi->params[param], path);
		return 0;
	} else if (capture) {
		take_capture(c, capture, path);
		return 0;
	} else if (result < sig->nresults) {
		return rule_compile_fail(c, expr, -ENOENT,
					 "'%s' is a result, not there at entry; write it in a "
					 "second list, FUNC()(%s)",
					 expr->text, expr->text);
	}
	return fail_unknown(c, expr);
}

static bool same_place(const struct goabi_value *a, const struct goabi_value *b)
{
	return a->known == b->known && a->in_stack == b->in_stack &&
	       (!a->in_stack || a->stack_offset == b->stack_offset) && a->npieces == b->npieces &&
	       (!a->npieces || (a->pieces[0].file == b->pieces[0].file &&
				a->pieces[0].index == b->pieces[0].index));
}

/*
 * Go 1.21 and older do not list unnamed parameters, so a rank may be that of another one: it is sure
 * while those listed up to it account for all registers and stack taken so far.
 */
static int check_rank(struct rule_compile *c, const struct rule_expr *expr, size_t index)
{
	struct dwarf_signature listed = *c->ctx->sig;
	struct goabi abi;
	bool sure = true;
	int ret;

	if (!listed.gaps)
		return 0;
	listed.gaps = false;
	ret = goabi_assign(c->fetch->arch, &listed, c->ctx->abi0, &abi);
	if (ret)
		return rule_compile_fail(c, expr, ret, "out of memory");
	for (size_t i = 0; i <= index; i++)
		sure = sure && same_place(&abi.params[i], &c->ctx->abi->params[i]);
	goabi_release(&abi);
	if (sure)
		return 0;
	return rule_compile_fail(
		c, expr, -EINVAL,
		"%s has unnamed parameters, which Go 1.21 and older leave out of debug "
		"information, so they cannot be counted; name the parameter",
		c->ctx->func);
}

/* $argN, $retN; a dictionary is not in the source and does not count. */
static int find_ordinal(struct rule_compile *c, const struct rule_expr *expr,
			struct rule_path *path)
{
	const struct dwarf_signature *sig = c->ctx->sig;
	bool results = expr->kind == RULE_RET;
	const struct dwarf_param *params = results ? sig->results : sig->params;
	size_t count = results ? sig->nresults : sig->nparams;
	uint64_t seen = 0;
	char most[48];

	for (size_t i = 0; i < count; i++) {
		int ret;

		if (params[i].dictionary || ++seen != expr->number)
			continue;
		ret = results ? 0 : check_rank(c, expr, i);
		if (!ret)
			take_place(c, params[i].type,
				   results ? &c->ctx->abi->results[i] : &c->ctx->abi->params[i],
				   path);
		return ret;
	}
	snprintf(most, sizeof(most), "; write $%s1%s%.0llu", results ? "ret" : "arg",
		 seen == 1 ? ""
		 : results ? " to $ret"
			   : " to $arg",
		 seen == 1 ? 0 : (unsigned long long)seen);
	return rule_compile_fail(c, expr, -ENOENT, "%s has %llu %s%s%s", c->ctx->func,
				 (unsigned long long)seen, results ? "result" : "parameter",
				 seen == 1 ? "" : "s", seen ? most : "; leave this out");
}

/* Whether it is a word of the ABI, since nothing tells of parameters. */
static bool is_word(const struct rule_compile *c, const struct rule_expr *expr)
{
	return !c->ctx->dwarf && (expr->kind == RULE_ARG || expr->kind == RULE_RET);
}

int rule_root_check_type(struct rule_compile *c, const struct rule_expr *expr,
			 const struct rule_type *type)
{
	const char *side = expr->kind == RULE_RET ? "ret" : "arg";
	unsigned long long n = expr->number;

	if (!is_word(c, expr))
		return 0;
	if (type->kind == RULE_NO_TYPE)
		return rule_compile_fail(
			c, expr, -ENODATA,
			"'$%s%llu' needs debug information, and the file has none; build it "
			"without -ldflags=-w, or write the TYPE of a word in a rule, as in "
			"x=$%s%llu:s64%s",
			side, n, side, n, !strcmp(c->ctx->noun, "filter") ? ", and x here" : "");
	if (type->kind == RULE_FLOAT && !type->count)
		return rule_compile_fail(
			c, expr, -EINVAL,
			"a float is passed in a vector register, which no uprobe sees, and "
			"not in '$%s%llu'; leave it out",
			side, n);
	if (type->count || type->kind < RULE_GOSTRING)
		return 0;
	return rule_compile_fail(
		c, expr, -EINVAL,
		"without debug information '$%s%llu' is one word, and %s has more; write "
		"them all, as in ($%s%llu, $%s%llu%s):%s",
		side, n, type->text, side, n, side, n + 1,
		type->kind == RULE_GOBYTES ? ", ..." : "", type->text);
}

/* Where that many words end. */
static int find_word(struct rule_compile *c, const struct rule_expr *expr, struct rule_path *path)
{
	static const struct gotype word = {
		.name = "uint64", .kind = GOTYPE_UINT64, .size = 8, .align = 8};
	struct dwarf_param params[RULE_ORDINALS];
	struct dwarf_signature sig = {0};
	bool result = expr->kind == RULE_RET;
	const struct goabi_value *place;
	struct goabi abi;
	int ret;

	for (uint64_t i = 0; i < expr->number; i++)
		params[i] = (struct dwarf_param){.name = "", .type = &word};
	*(result ? &sig.results : &sig.params) = params;
	*(result ? &sig.nresults : &sig.nparams) = expr->number;
	ret = goabi_assign(c->fetch->arch, &sig, c->ctx->abi0, &abi);
	if (ret)
		return rule_compile_fail(c, expr, ret, "out of memory");
	place = result ? &abi.results[expr->number - 1] : &abi.params[expr->number - 1];
	/* They come behind the parameters there. */
	if (result && place->in_stack)
		ret = rule_compile_fail(
			c, expr, -ENODATA,
			"'$ret%llu' is in memory, and where needs debug information, which the file does not "
			"have; read it at $stackN, behind the parameters",
			(unsigned long long)expr->number);
	else
		take_place(c, &word, place, path);
	goabi_release(&abi);
	return ret;
}

int rule_root_find(struct rule_compile *c, const struct rule_expr *expr, struct rule_path *path)
{
	char text[RULE_PATH_TEXT];

	if (is_word(c, expr))
		return find_word(c, expr, path);
	rule_path_text(expr, text, sizeof(text));
	if (!c->ctx->dwarf)
		return rule_compile_fail(
			c, expr, -ENODATA,
			"'%s' needs debug information, and the file has none; build "
			"it without -ldflags=-w, or read a register, like %%ax",
			text);
	if (!c->ctx->sig)
		return rule_compile_fail(
			c, expr, -ENODATA,
			"'%s' needs debug information, which does not describe %s; "
			"read a register, like %%ax",
			text, c->ctx->func);
	return expr->kind == RULE_NAME ? find_name(c, expr, path) : find_ordinal(c, expr, path);
}

bool rule_root_is_result(const struct fetch_context *ctx, const struct rule_expr *expr)
{
	while (expr->child)
		expr = expr->child;
	if (expr->kind == RULE_RET)
		return true;
	if (expr->kind != RULE_NAME || !ctx->sig)
		return false;
	return find(ctx->sig->params, ctx->sig->nparams, expr->text) == ctx->sig->nparams &&
	       !find_capture(ctx->sig, expr->text) &&
	       find(ctx->sig->results, ctx->sig->nresults, expr->text) < ctx->sig->nresults;
}
