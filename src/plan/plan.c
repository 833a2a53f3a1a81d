/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ftrace/cookie.h>
#include <ftrace/image.h>

#include "base/escape.h"
#include "base/map.h"
#include "base/vec.h"
#include "plan/body.h"
#include "plan/omitted.h"
#include "plan/unprobed.h"

struct plan *plan_new(void)
{
	struct plan *plan = calloc(1, sizeof(*plan));

	if (plan)
		plan->max_sites = PLAN_MAX_SITES;
	return plan;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	for (size_t i = 0; i < plan->nimages; i++) {
		dwarf_close(plan->images[i].dwarf);
		free(plan->images[i].unread);
		naming_free(plan->images[i].naming);
		if (plan->images[i].names)
			short_names_release(plan->images[i].names);
		free(plan->images[i].names);
		image_free(plan->images[i].image);
	}
	for (size_t i = 0; i < plan->nskipped; i++)
		free(plan->skipped[i].reason);
	for (size_t i = 0; i < plan->nfuncs; i++)
		plan_func_release(&plan->funcs[i]);
	free(plan->skipped);
	free(plan->funcs);
	free(plan->sites);
	free(plan);
}

int plan_skip(struct plan *plan, uint8_t image, const char *name, const char *reason)
{
	struct plan_skipped *skipped = vec_push(&plan->skipped, &plan->nskipped, &plan->capskipped);

	if (!skipped)
		return -ENOMEM;
	skipped->name = name;
	skipped->image = image;
	skipped->reason = strdup(reason);
	return skipped->reason ? 0 : -ENOMEM;
}

/* Sites that are still counted when there are too many. */
#define MANY_SITES (2u << 20)

/* What is under construction while one image is added. */
struct adding {
	struct plan *plan;
	const struct selection_marks *marks;
	struct map taken; /* entry address -> 1 */
	struct body body;
	uint8_t image;
	uint32_t func; /* the sites' function, or PLAN_NO_FUNC */
};

static struct site *add_site(struct adding *add, const struct body_site *at, uint8_t kind)
{
	struct plan *plan = add->plan;
	struct site *site;
	uint64_t offset;

	if (image_offset(plan->images[add->image].image, at->insn->addr, &offset))
		return NULL;
	site = vec_push(&plan->sites, &plan->nsites, &plan->capsites);
	if (!site)
		return NULL;
	*site = (struct site){
		.addr = at->insn->addr,
		.offset = offset,
		.func = add->func,
		.image = add->image,
		.kind = kind,
		.cond = at->insn->cond,
		.emulated = at->insn->emulated,
		.may_repeat = at->may_repeat,
		.flags = (uint8_t)((at->g_in_register ? FT_C_G_IN_REG : 0) |
				   (at->only_if ? FT_C_IF : 0) |
				   (at->only_if_not ? FT_C_IF_NOT : 0) |
				   (kind == SITE_RET && at->insn->plain_return ? FT_C_RET : 0)),
	};
	return site;
}

static int add_exit(const struct body_site *at, void *arg)
{
	return add_site(arg, at, at->insn->kind == INSN_RET ? SITE_RET : SITE_TAIL) ? 0 : -ENOMEM;
}

static int skip_func(struct adding *add, const char *reason)
{
	return plan_skip(add->plan, add->image, add->body.func.name, reason);
}

/* The function in add->body has an entry site: gives it its place in the plan, and its exits. */
static int add_func(struct adding *add, size_t index, const struct body_site *entry)
{
	struct plan *plan = add->plan;
	struct plan_func *func = vec_push(&plan->funcs, &plan->nfuncs, &plan->capfuncs);
	size_t first = plan->nsites;

	if (!func)
		return -ENOMEM;
	add->func = (uint32_t)(plan->nfuncs - 1);
	*func = (struct plan_func){
		.name = add->body.func.name,
		.entry = add->body.func.entry,
		.size = add->body.func.size,
		.file = "?",
		.index = (uint32_t)index,
		.image = add->image,
		.first_site = (uint32_t)first,
		.drill = add->marks->selected[index] & SELECTED_DRILL,
		.level = add->marks->levels ? add->marks->levels[index] : 0,
	};
	if (entry->insn == add->body.insns && !entry->may_repeat)
		func->late = late_find(&add->body);
	if (!add_site(add, entry, SITE_ENTRY) || body_each_exit(&add->body, add_exit, add))
		return -ENOMEM;
	func->nsites = (uint32_t)(plan->nsites - first);
	return 0;
}

/* 0 also when the function was left out, with the reason in plan->skipped. */
static int consider_func(struct adding *add, size_t index)
{
	struct image *img = add->plan->images[add->image].image;
	struct body_site entry;
	const char *reason;
	uint64_t *taken;
	char why[160];
	int ret;

	image_func(img, index, false, &add->body.func);
	reason = unprobed_reason(image_info(img), &add->body.func);
	add->plan->nfips += unprobed_is_fips(reason);
	if (!reason && add->body.func.foreign)
		reason = "it is C code, which has no goroutine's frame";
	if (reason)
		return skip_func(add, reason);
	ret = body_decode(&add->body, img, index, why, sizeof(why));
	if (ret == -EILSEQ)
		return skip_func(add, why);
	if (ret)
		return ret;
	taken = map_put(&add->taken, (struct map_key){.a = add->body.func.entry});
	if (!taken)
		return -ENOMEM;
	if (*taken)
		return skip_func(add, "it shares its code with another function");
	*taken = 1;
	if (body_entry(&add->body, &entry, why, sizeof(why)))
		return skip_func(add, why);
	return add_func(add, index, &entry);
}

/* Symbol tables mark assembly as NAME.abi0, the runtime's own tables do not. */
static bool is_named(const char *symbol, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(symbol, name, len) && (!symbol[len] || !strcmp(symbol + len, ".abi0"));
}

/* Finds the calls of `callee` in the runtime function `name`, or jumps (`how`), and makes them sites of that kind. */
static int add_marker(struct adding *add, const char *name, enum insn_kind how, const char *callee,
		      uint8_t kind)
{
	struct image *img = add->plan->images[add->image].image;
	size_t found = SIZE_MAX;
	uint64_t target = 0;
	char why[160];

	for (size_t i = 0; i < image_func_count(img); i++) {
		struct image_func func;

		if (image_func(img, i, false, &func))
			continue;
		if (is_named(func.name, name))
			found = i;
	}
	if (found == SIZE_MAX || body_decode(&add->body, img, found, why, sizeof(why)))
		return 0;
	for (size_t i = 0; i < add->body.ninsns; i++) {
		const struct insn *insn = &add->body.insns[i];
		/* Where it only jumps it is assembly that the kernel's signal led to. */
		struct body_site at = {.insn = insn, .g_in_register = how == INSN_CALL};
		struct image_func func;
		ssize_t index;

		target = insn->target;
		if (insn->kind != how)
			continue;
		index = image_find(img, target);
		if (index < 0 || image_func(img, (size_t)index, false, &func) ||
		    !is_named(func.name, callee) || func.entry != target)
			continue;
		if (!add_site(add, &at, kind))
			return -ENOMEM;
	}
	return 0;
}

static int add_markers(struct adding *add)
{
	int ret;

	add->func = PLAN_NO_FUNC;
	ret = add_marker(add, "runtime.recovery", INSN_CALL, "runtime.gogo", SITE_RECOVER);
	if (!ret)
		ret = add_marker(add, "runtime.Goexit", INSN_CALL, "runtime.goexit1", SITE_GOEXIT);
	if (!ret)
		ret = add_marker(add, "runtime.sigpanic0", INSN_JMP, "runtime.sigpanic",
				 SITE_FAULT);
	if (!ret)
		ret = add_marker(add, "runtime.gopanic", INSN_CALL, "runtime.fatalpanic",
				 SITE_PANIC);
	return ret;
}

static int add_selected(struct adding *add, struct error *err)
{
	struct plan *plan = add->plan;
	const char *path = image_info(plan->images[add->image].image)->path;
	int ret = 0;

	for (size_t i = 0; i < add->marks->count && !ret; i++) {
		if (!add->marks->selected[i])
			continue;
		ret = consider_func(add, i);
		/* A hostile file of nothing but returns must not use up the memory. */
		if (plan->nsites > plan->max_sites + MANY_SITES)
			break;
	}
	if (!ret && plan->nfuncs)
		ret = add_markers(add);
	if (ret)
		return error_set(err, ret, "%s: out of memory; choose fewer functions", path);
	if (plan->nsites > plan->max_sites)
		return error_set(err, -E2BIG,
				 "%s: %zu functions need %zu probes, the kernel takes %zu; "
				 "narrow -u, or leave out with -N",
				 path, plan->nfuncs, plan->nsites, plan->max_sites);
	return 0;
}

/* Its own, or that of the file that it was moved to. What keeps it from being used is for the user. */
static void open_dwarf(struct plan_image *pi)
{
	const struct image_info *info = image_info(pi->image);
	const struct debug_file *debug = image_debug(pi->image);
	/* A version that is not known is 0. */
	bool gaps = info->go_minor < DWARF_GAPS_BEFORE;
	struct error why = {0};

	if (debug->path)
		pi->dwarf = dwarf_open_fd(debug->elf.content.fd, debug->path, gaps, &why);
	else if (info->has_dwarf)
		pi->dwarf = dwarf_open_fd(image_fd(pi->image), info->path, gaps, &why);
	else if (debug->refused)
		error_set(&why, -EINVAL, "%s", debug->refused);
	if (pi->dwarf && dwarf_is_shared(pi->dwarf))
		error_set(
			&why, -EINVAL,
			"%s: parts of its debug information are in a file that dwz has made for several "
			"executables, which ftrace does not read; values of some functions are missing",
			debug->path ? debug->path : info->path);
	if (why.code && why.code != -ENODATA)
		pi->unread = strdup(why.text);
}

/* What its functions are called, in short and by the user. */
static int name_functions(struct plan_image *pi, const struct selection *select, struct error *err)
{
	int ret = 0;

	pi->names = calloc(1, sizeof(*pi->names));
	for (size_t i = 0; pi->names && !ret && i < image_func_count(pi->image); i++) {
		struct image_func func;

		if (!image_func(pi->image, i, false, &func))
			ret = short_names_add(pi->names, func.name);
	}
	if (pi->names && !ret) {
		short_names_seal(pi->names);
		pi->naming = naming_new(select, pi->image, pi->names);
	}
	if (pi->naming)
		return 0;
	return error_set(err, -ENOMEM, "%s: out of memory; close something",
			 image_info(pi->image)->path);
}

int plan_add(struct plan *plan, struct image *img, const struct selection *select, bool explain,
	     struct error *err)
{
	struct selection_marks marks = {0};
	struct adding add = {.plan = plan, .marks = &marks, .image = (uint8_t)plan->nimages};
	size_t before = plan->nfuncs;
	struct plan_image *pi;
	int ret;

	if (plan->nimages == FT_MAX_IMAGES) {
		ret = error_set(err, -E2BIG, "%s: more than %d executables; trace fewer at once",
				image_info(img)->path, FT_MAX_IMAGES);
		image_free(img);
		return ret;
	}
	plan->images[plan->nimages++].image = img;
	pi = &plan->images[add.image];
	ret = name_functions(pi, select, err);
	if (!ret)
		ret = naming_mark(pi->naming, &marks, err);
	if (ret)
		return ret;
	if (select->follow &&
	    callgraph_follow(pi->naming, select->follow, img, &marks, &plan->calls))
		ret = error_set(err, -ENOMEM, "%s: out of memory; follow fewer levels",
				image_info(img)->path);
	if (!ret)
		ret = add_selected(&add, err);
	if (!ret && explain)
		ret = omitted_inlined(plan, add.image);
	if (!ret && plan->nfuncs == before)
		ret = omitted_all(plan, add.image, select, NAMING_ALL, err);
	/* All code has been read; nobody reads it again. */
	image_idle(img);
	if (!ret) {
		struct plan_image *pi = &plan->images[add.image];

		/* Damaged debug information counts as none: the table is used. */
		open_dwarf(pi);
		ret = goroutine_layout(pi->image, pi->dwarf, &pi->goroutine, err);
	}
	free(marks.selected);
	free(marks.levels);
	map_release(&add.taken);
	body_release(&add.body);
	return ret;
}

void plan_settle(struct plan *plan)
{
	for (size_t i = 0; i < plan->nfuncs; i++)
		late_settle(plan, &plan->funcs[i]);
}

const struct plan_func *plan_find(const struct plan *plan, uint8_t image, const char *name)
{
	for (size_t i = 0; i < plan->nfuncs; i++)
		if (plan->funcs[i].image == image && !strcmp(plan->funcs[i].name, name))
			return &plan->funcs[i];
	return NULL;
}

/* Whether pattern `which` selected nothing in images from `first` up to `end`. */
static bool selects_nothing(const struct plan *plan, size_t which, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++)
		if (naming_hits(plan->images[i].naming, which))
			return false;
	return true;
}

static void note_nothing(const struct plan *plan, uint8_t image, const struct selection *select,
			 size_t which, struct buf *notes)
{
	struct error err = {0};

	omitted_all(plan, image, select, which, &err);
	buf_adds(notes, "ftrace: ");
	escape_text(notes, err.text, strlen(err.text));
	buf_addc(notes, '\n');
}

int plan_check(const struct plan *plan, const struct selection *select, struct buf *notes,
	       struct error *err)
{
	size_t count = select->nglobs + select->nregexps, drills = 0, missed = 0, first = 0;

	for (size_t i = 0; i < select->nglobs && plan->nimages; i++) {
		if (!select->globs[i].drill)
			continue;
		if (selects_nothing(plan, i, 0, plan->nimages) && !missed++)
			first = i;
		drills++;
	}
	if (drills && missed == drills)
		return omitted_all(plan, 0, select, first, err);
	for (size_t i = 0; i < count && plan->nimages; i++)
		if (selects_nothing(plan, i, 0, plan->nimages))
			note_nothing(plan, 0, select, i, notes);
	for (size_t i = 0; i < plan->nimages; i++)
		naming_tell(plan->images[i].naming, plan->nimages == 1, notes);
	return 0;
}

void plan_check_later(const struct plan *plan, uint8_t image, const struct selection *select,
		      struct buf *notes)
{
	for (size_t i = 0; i < select->nglobs + select->nregexps; i++)
		if (selects_nothing(plan, i, image, image + 1u) &&
		    !selects_nothing(plan, i, 0, image))
			note_nothing(plan, image, select, i, notes);
}

uint64_t plan_cookie(const struct plan *plan, uint32_t index)
{
	const struct site *site = &plan->sites[index];

	uint32_t flags = site->flags;

	if (site->may_repeat)
		flags |= FT_C_REPEAT;
	if (site->func != PLAN_NO_FUNC && plan->funcs[site->func].drill)
		flags |= FT_C_DRILL;
	if (site->func != PLAN_NO_FUNC && plan->funcs[site->func].filter &&
	    plan->funcs[site->func].filter->in_kernel)
		flags |= FT_C_FILTER;
	if (site->kind == SITE_STATE || site->kind == SITE_BIRTH)
		return FT_COOKIE(index, site->image, flags, site->cond, site->state);
	return FT_COOKIE(index, site->image, flags, site->cond,
			 site->kind == SITE_RET || site->leaf ? plan->funcs[site->func].error : 0);
}

void plan_find_places(struct plan *plan, size_t first)
{
	for (size_t i = first; i < plan->nfuncs; i++) {
		struct plan_func *func = &plan->funcs[i];
		struct image_func facts;

		if (image_func(plan->images[func->image].image, func->index, true, &facts))
			continue;
		func->file = facts.file;
		func->line = facts.line;
	}
}
