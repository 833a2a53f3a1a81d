/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/pushdown.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>

#include <ftrace/filter.h>
#include <ftrace/image.h>
#include <ftrace/record.h>

#include "base/map.h"
#include "ftrace.skel.h"

static bool is_decided(const struct plan_func *func)
{
	return func->filter && func->filter->in_kernel;
}

/* How many frames of a lane have to be known. */
static uint32_t frames_kept(const struct pushdown *pushdown)
{
	if (pushdown->summing)
		return UINT32_MAX;
	if (pushdown->depth)
		return pushdown->depth;
	return pushdown->drill || pushdown->sample > 1 || pushdown->marks ||
	       (pushdown->callers && !pushdown->every_callers);
}

/* The place of a glob's number among all, from 1; 0 when it is new, NULL when memory is out. */
static uint64_t *glob_number(struct map *numbers, const struct filter_glob *glob)
{
	return map_put(numbers, (struct map_key){.a = (uintptr_t)glob});
}

/* How many globs the filters have that the kernel decides. Out of memory it is too few, and so is it again
 * when they are put in place, which is where that is told. */
static size_t count_globs(const struct plan *plan)
{
	struct map numbers = {0};
	size_t count;

	for (size_t i = 0; i < plan->nfuncs; i++)
		for (size_t j = 0; is_decided(&plan->funcs[i]) && j < plan->funcs[i].filter->nglobs;
		     j++)
			glob_number(&numbers, plan->funcs[i].filter->globs[j]);
	count = numbers.count;
	map_release(&numbers);
	return count;
}

static void size_filters(const struct plan *plan, struct ftrace_bpf *skel)
{
	size_t tests = 0, texts = 1, globs;

	for (size_t i = 0; i < plan->nfuncs; i++) {
		if (!is_decided(&plan->funcs[i]))
			continue;
		tests += plan->funcs[i].filter->ntests;
		texts += plan->funcs[i].filter->ntexts;
	}
	if (!tests)
		return;
	skel->rodata->filters_kept = true;
	bpf_map__set_max_entries(skel->maps.rejected, 1u << FT_REJECTED_BITS);
	bpf_map__set_max_entries(skel->maps.filters, (__u32)plan->nsites);
	bpf_map__set_max_entries(skel->maps.tests, (__u32)tests);
	bpf_map__set_max_entries(skel->maps.texts, (__u32)texts);
	globs = count_globs(plan);
	if (!globs)
		return;
	skel->rodata->globs_kept = true;
	bpf_map__set_max_entries(skel->maps.globs, (__u32)globs);
}

bool pushdown_keeps_frames(const struct pushdown *pushdown)
{
	return frames_kept(pushdown) > 0;
}

void pushdown_size(const struct pushdown *pushdown, const struct plan *plan,
		   struct ftrace_bpf *skel)
{
	uint32_t callers = pushdown->callers < FT_CALLERS_MAX ? pushdown->callers : FT_CALLERS_MAX;

	size_filters(plan, skel);
	skel->rodata->filter_goids = pushdown->ngoids > 0;
	if (pushdown->ngoids)
		bpf_map__set_max_entries(skel->maps.goids, (__u32)pushdown->ngoids);
	skel->rodata->frames_kept = frames_kept(pushdown);
	skel->rodata->depth_limit = pushdown->depth;
	skel->rodata->sample_one_in = pushdown->sample;
	skel->rodata->drilling = pushdown->drill;
	skel->rodata->summing = pushdown->summing;
	skel->rodata->marks_kept = pushdown->marks;
	skel->rodata->callers_kept = callers;
	skel->rodata->callers_always = pushdown->every_callers;
	if (callers)
		skel->rodata->callers_size =
			(__u32)(sizeof(struct ft_callers) + callers * sizeof(__u64));
	if (pushdown_keeps_frames(pushdown))
		bpf_map__set_max_entries(skel->maps.chunks, PUSHDOWN_MAX_CHUNKS);
	if (pushdown->summing)
		bpf_map__set_max_entries(skel->maps.stats,
					 plan->nfuncs ? 2 * (__u32)plan->nfuncs : 1);
}

static int put(struct bpf_map *map, __u32 key, const void *value, size_t size)
{
	return bpf_map__update_elem(map, &key, sizeof(key), value, size, 0);
}

/* What was put so far. */
struct putting {
	struct ftrace_bpf *skel;
	__u32 tests, texts;
	struct map globs; /* numbers from 1 */
};

/* A test, whose glob is one of the function's, and of all in the kernel. */
static int put_test(struct putting *p, const struct filter_check *check, struct ft_test test)
{
	uint64_t *number;
	int ret = 0;

	if (test.kind == FT_TEST_GLOB) {
		const struct filter_glob *glob = check->globs[test.number];

		number = glob_number(&p->globs, glob);
		if (!number)
			return -ENOMEM;
		if (!*number) {
			*number = p->globs.count;
			ret = put(p->skel->maps.globs, (__u32)(*number - 1), &glob->table,
				  sizeof(glob->table));
		}
		test.number = *number - 1;
	}
	return ret ? ret : put(p->skel->maps.tests, p->tests++, &test, sizeof(test));
}

/* The tests of one function, and where they are, for its entry site. */
static int put_filter(struct putting *p, const struct plan_func *func)
{
	const struct filter_check *check = func->filter;
	struct ft_filter filter = {
		.first = p->tests,
		.texts = p->texts,
		.count = (__u16)check->ntests,
		.start = check->start,
	};
	int ret = put(p->skel->maps.filters, func->first_site, &filter, sizeof(filter));

	for (size_t i = 0; i < check->ntests && !ret; i++)
		ret = put_test(p, check, check->tests[i]);
	for (size_t i = 0; i < check->ntexts && !ret; i++)
		ret = put(p->skel->maps.texts, p->texts++, &check->texts[i],
			  sizeof(check->texts[i]));
	return ret;
}

int pushdown_put(const struct pushdown *pushdown, const struct plan *plan, struct ftrace_bpf *skel)
{
	struct putting p = {.skel = skel};
	__u8 yes = 1;
	int ret = 0;

	for (size_t i = 0; i < plan->nfuncs && !ret; i++)
		if (is_decided(&plan->funcs[i]))
			ret = put_filter(&p, &plan->funcs[i]);
	map_release(&p.globs);
	for (size_t i = 0; i < pushdown->ngoids && !ret; i++)
		ret = bpf_map__update_elem(skel->maps.goids, &pushdown->goids[i],
					   sizeof(pushdown->goids[i]), &yes, sizeof(yes), 0);
	return ret;
}
