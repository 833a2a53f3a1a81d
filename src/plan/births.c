/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/births.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "plan/body.h"

/* What makes goroutines: the beginnings of names. The first one is what go statements come to. */
static const char *const makers[] = {
	"runtime.newproc.",
	"runtime.newcoro",
	"runtime.synctest",
	"runtime.debugCallWrap",
};

struct searching {
	struct plan *plan;
	struct image *img;
	uint8_t image;
	uint64_t newproc1, runqput; /* entries; 0: there is none */
	bool found;                 /* the place of go statements */
	struct body body;
};

static bool begins(const char *name, const char *with)
{
	return !strncmp(name, with, strlen(with));
}

static void find_callees(struct searching *s)
{
	for (size_t i = 0; i < image_func_count(s->img); i++) {
		struct image_func func;

		if (image_func(s->img, i, false, &func))
			continue;
		if (!strcmp(func.name, "runtime.newproc1"))
			s->newproc1 = func.entry;
		else if (!strcmp(func.name, "runtime.runqput"))
			s->runqput = func.entry;
	}
}

static int add_site(struct searching *s, const struct insn *insn, uint8_t reg)
{
	struct plan *plan = s->plan;
	struct site *site;
	uint64_t offset;

	if (!insn->probeable || image_offset(s->img, insn->addr, &offset))
		return 0;
	site = vec_push(&plan->sites, &plan->nsites, &plan->capsites);
	if (!site)
		return -ENOMEM;
	*site = (struct site){
		.addr = insn->addr,
		.offset = offset,
		.func = PLAN_NO_FUNC,
		.image = s->image,
		.kind = SITE_BIRTH,
		.emulated = insn->emulated,
		.state = reg,
	};
	return 1;
}

/* Index of the only call of the function at `target`; -1 when there is none, or more. */
static ssize_t only_call(const struct body *body, uint64_t target)
{
	ssize_t found = -1;

	for (size_t i = 0; target && i < body->ninsns; i++) {
		if (body->insns[i].kind != INSN_CALL || body->insns[i].target != target)
			continue;
		if (found >= 0)
			return -1;
		found = (ssize_t)i;
	}
	return found;
}

/* 1 when the maker that was decoded has got a site. */
static int add_place(struct searching *s)
{
	const struct arch_abi *abi = image_info(s->img)->arch->abi;
	ssize_t put = only_call(&s->body, s->runqput);
	ssize_t made = only_call(&s->body, s->newproc1);

	if (put >= 0)
		return add_site(s, &s->body.insns[put], abi->ints[1].number);
	if (made >= 0 && (size_t)made + 1 < s->body.ninsns)
		return add_site(s, &s->body.insns[made + 1], abi->ints[0].number);
	return 0;
}

static int find_in(struct searching *s, size_t index)
{
	struct image_func func;
	char why[160];
	int ret;

	if (image_func(s->img, index, false, &func) || func.assembly)
		return 0;
	for (size_t m = 0; m < sizeof(makers) / sizeof(makers[0]); m++) {
		if (!begins(func.name, makers[m]))
			continue;
		ret = body_decode(&s->body, s->img, index, why, sizeof(why));
		if (ret)
			return ret == -ENOMEM ? ret : 0;
		ret = add_place(s);
		s->found |= ret > 0 && !m;
		return ret < 0 ? ret : 0;
	}
	return 0;
}

int plan_births(struct plan *plan, uint8_t image, struct error *err)
{
	struct searching s = {.plan = plan, .img = plan->images[image].image, .image = image};
	const struct image_info *info = image_info(s.img);
	size_t before = plan->nsites;
	int ret = 0;

	find_callees(&s);
	for (size_t i = 0; i < image_func_count(s.img) && !ret; i++)
		ret = find_in(&s, i);
	body_release(&s.body);
	image_idle(s.img);
	if (ret)
		return error_set(err, ret, "%s: out of memory; close something", info->path);
	if (s.found)
		return 0;
	plan->nsites = before;
	return error_set(err, -ENOTSUP,
			 "%s: runtime.newproc of %s makes goroutines in an unknown way, so nobody can "
			 "tell who started them; leave --goroutines out, or use a newer ftrace",
			 info->path, info->go_version[0] ? info->go_version : "its Go version");
}
