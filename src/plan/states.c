/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/states.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ftrace/cookie.h>

#include "base/symbol.h"
#include "base/vec.h"
#include "plan/exchange.h"

/* What these functions are called, whatever stands behind it. */
#define SYSCALL_END "runtime.exitsyscall"

/* Calls from a function that changes states to the one that has the place. */
#define CALLS_MAX 3

/* What changes states, where the runtime has it. */
static const struct {
	const char *name;
	bool itself; /* it has the place in its own code */
} changers[] = {
	{"runtime.casgstatus", true},
	{"runtime.casGToPreemptScan", true},
	{"runtime.casGFromPreempted", true},
	{"runtime.coroswitch_m", true},
	{"runtime.casGToWaiting", false},
	{"runtime.casGToWaitingForGC", false},
	{"runtime.casGToWaitingForSuspendG", false},
	{"runtime.casgcopystack", false},
	{"runtime.park_m", false},
	{"runtime.ready", false},
	{"runtime.injectglist", false},
	{"runtime.execute", false},
	{"runtime.goschedImpl", false},
	{"runtime.gopreempt_m", false},
	{"runtime.goyield_m", false},
	{"runtime.preemptPark", false},
	{"runtime.suspendG", false},
	{"runtime.goexit0", false},
	{"runtime.gdestroy", false},
	{"runtime.newproc1", false},
	{"runtime.reentersyscall", false},
	{"runtime.entersyscall", false},
	{"runtime.entersyscallblock", false},
	{"runtime.exitsyscall", false},
	{"runtime.exitsyscall0", false},
	{"runtime.exitsyscallNoP", false},
};

/* Packages in whose code a goroutine wakes another one on behalf of its caller. */
static const char *const wakers[] = {"runtime", "sync", "internal/sync", "internal/poll", "time"};

static const char *const swaps[] = {
	"internal/runtime/atomic.(*Uint32).CompareAndSwap",
	"runtime/internal/atomic.(*Uint32).CompareAndSwap", /* before 1.23 */
};

/* While one image is looked through. */
struct finding {
	struct plan *plan;
	struct image *img;
	struct plan_image *pi;
	uint8_t image;
	struct exchange_search search;
	uint64_t outside; /* where the packages that wake end */
	bool *has;        /* by function: it has a place */
	struct body body;
	struct error *err;
};

static bool is_of_runtime(const char *name)
{
	return !strncmp(name, "runtime.", 8);
}

/* Closures that are made of a piece of another package's function have a name without a package. */
static bool wakes(const char *name)
{
	static const char *const below[] = {"internal/runtime/", "runtime/internal/"};
	size_t len = symbol_package(name);

	if (name[0] == '_' && name[1] == '.')
		return true;
	for (size_t i = 0; i < sizeof(wakers) / sizeof(wakers[0]); i++)
		if (len == strlen(wakers[i]) && !memcmp(name, wakers[i], len))
			return true;
	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++)
		if (!strncmp(name, below[i], strlen(below[i])))
			return true;
	return false;
}

/* What all functions' names tell. */
static void look_at_names(struct finding *f)
{
	for (size_t i = 0; i < image_func_count(f->img); i++) {
		struct image_func func;

		if (image_func(f->img, i, false, &func) || func.foreign)
			continue;
		for (size_t s = 0; s < sizeof(swaps) / sizeof(swaps[0]); s++)
			if (!strcmp(func.name, swaps[s]))
				f->search.functions[s] = func.entry;
		if (!strncmp(func.name, SYSCALL_END, strlen(SYSCALL_END)) &&
		    f->pi->nends < PLAN_SYSCALL_ENDS)
			f->pi->ends[f->pi->nends++] =
				(struct plan_range){func.entry, func.entry + func.size};
		if (wakes(func.name) && func.entry + func.size > f->outside)
			f->outside = func.entry + func.size;
	}
}

static int refuse(struct finding *f, const char *name, const char *what)
{
	const struct image_info *info = image_info(f->img);

	return error_set(f->err, -ENOTSUP,
			 "%s: %s of %s %s, so nobody can tell what its goroutines wait for; leave "
			 "--waits out, or use a newer ftrace",
			 info->path, name,
			 info->go_version[0] ? info->go_version : "its Go version", what);
}

static int add_site(struct finding *f, const struct exchange *at)
{
	struct plan *plan = f->plan;
	struct site *site;
	uint64_t offset;

	if (f->pi->nstates == FT_STATE_SITES)
		return refuse(f, "the runtime", "changes states in too many places");
	if (image_offset(f->img, at->insn->addr, &offset))
		return refuse(f, f->body.func.name, "is not in the file");
	site = vec_push(&plan->sites, &plan->nsites, &plan->capsites);
	if (!site)
		return -ENOMEM;
	f->pi->states[f->pi->nstates] = at->at;
	f->pi->states[f->pi->nstates].outside = (int64_t)(f->outside - at->insn->addr);
	*site = (struct site){
		.addr = at->insn->addr,
		.offset = offset,
		.func = PLAN_NO_FUNC,
		.image = f->image,
		.kind = SITE_STATE,
		.cond = at->cond == INSN_COND_NONE ? 0 : at->cond,
		.emulated = at->insn->emulated,
		.flags = (uint8_t)((at->only_if ? FT_C_IF : 0) |
				   (at->only_if_not ? FT_C_IF_NOT : 0)),
		.state = f->pi->nstates++,
	};
	return 0;
}

/* Both are one state, but for the scan bit: nothing that anybody waits for. Nobody wakes up what has leaked, and whether it
 * has is asked of all goroutines while the world is stopped. */
static bool changes_nothing(const struct body *body, const struct exchange *at)
{
	return !strcmp(body->func.name, "runtime.castogscanstatus") ||
	       !strcmp(body->func.name, "runtime.casfrom_Gscanstatus") ||
	       at->at.from == (FT_STATE_CONST | FT_G_LEAKED);
}

static int find_in(struct finding *f, size_t index)
{
	char why[160];
	int ret;

	if (image_func(f->img, index, false, &f->body.func) || !is_of_runtime(f->body.func.name) ||
	    f->body.func.assembly)
		return 0;
	ret = body_decode(&f->body, f->img, index, why, sizeof(why));
	/* Of what changes states none is missed: it would be named below. */
	if (ret)
		return ret == -ENOMEM ? ret : 0;
	for (size_t i = 0; i < f->body.ninsns; i++) {
		struct exchange at;

		ret = exchange_find(&f->body, i, &f->search, &at);
		if (ret < 0)
			return refuse(f, f->body.func.name, "changes states in an unknown way");
		if (!ret)
			continue;
		f->has[index] = true;
		if (changes_nothing(&f->body, &at))
			continue;
		ret = add_site(f, &at);
		if (ret)
			return ret;
	}
	return 0;
}

static int leads_to(struct finding *f, size_t index, unsigned int calls);

/* Whether one of the functions that it calls does; their numbers first, since the body is one for all. */
static int calls_lead(struct finding *f, size_t index, unsigned int calls)
{
	size_t *called = NULL, ncalled = 0, cap = 0;
	char why[160];
	int ret = body_decode(&f->body, f->img, index, why, sizeof(why));

	for (size_t i = 0; !ret && i < f->body.ninsns; i++) {
		const struct insn *insn = &f->body.insns[i];
		struct image_func func;
		ssize_t to = insn->kind == INSN_CALL || insn->kind == INSN_JMP ||
					     insn->kind == INSN_ADDRESS
				     ? image_find(f->img, insn->target)
				     : -1;
		size_t *slot;

		if (to < 0 || (size_t)to == index || image_func(f->img, (size_t)to, false, &func) ||
		    func.entry != insn->target || !is_of_runtime(func.name))
			continue;
		slot = vec_push(&called, &ncalled, &cap);
		if (slot)
			*slot = (size_t)to;
		else
			ret = -ENOMEM;
	}
	for (size_t i = 0; i < ncalled && !ret; i++)
		ret = leads_to(f, called[i], calls - 1);
	free(called);
	return ret == -EILSEQ ? 0 : ret;
}

/* 1 when it has a place, or calls what has, by so many calls; 0 or -ENOMEM. */
static int leads_to(struct finding *f, size_t index, unsigned int calls)
{
	if (f->has[index])
		return 1;
	return calls ? calls_lead(f, index, calls) : 0;
}

/* Those with places of their own first: they are what is unknown when nothing leads to one. */
static int check_all(struct finding *f, bool itself, bool *seen)
{
	for (size_t i = 0; i < image_func_count(f->img); i++) {
		struct image_func func;

		if (image_func(f->img, i, false, &func) || !is_of_runtime(func.name))
			continue;
		for (size_t c = 0; c < sizeof(changers) / sizeof(changers[0]); c++) {
			int ret;

			if (changers[c].itself != itself ||
			    strcmp(func.name, changers[c].name) != 0)
				continue;
			*seen |= !c;
			ret = leads_to(f, i, itself ? 0 : CALLS_MAX);
			if (ret < 0)
				return ret;
			if (!ret)
				return refuse(f, func.name, "changes states in an unknown way");
		}
	}
	return 0;
}

static int check(struct finding *f)
{
	bool seen = false;
	int ret = check_all(f, true, &seen);

	if (!ret && !seen)
		return refuse(f, changers[0].name, "is not there");
	return ret ? ret : check_all(f, false, &seen);
}

int plan_states(struct plan *plan, uint8_t image, struct error *err)
{
	struct plan_image *pi = &plan->images[image];
	struct finding f = {
		.plan = plan,
		.img = pi->image,
		.pi = pi,
		.image = image,
		.search.status = pi->goroutine.status,
		.err = err,
	};
	int ret = 0;

	f.has = calloc(image_func_count(f.img) + 1, sizeof(*f.has));
	if (!f.has)
		ret = -ENOMEM;
	look_at_names(&f);
	for (size_t i = 0; i < image_func_count(f.img) && !ret; i++)
		ret = find_in(&f, i);
	if (!ret)
		ret = check(&f);
	if (ret == -ENOMEM)
		error_set(err, ret, "%s: out of memory; close something", image_info(f.img)->path);
	free(f.has);
	body_release(&f.body);
	image_idle(f.img);
	return ret;
}
