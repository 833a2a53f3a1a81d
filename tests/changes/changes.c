/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * changes: which changes of state the kernel side records of goroutines while a call is open, counted.
 *
 *     changes GLOB PROGRAM [ARGUMENT]...
 *
 * Runs the program with the functions of GLOB and the places of --waits probed, without anything that makes calls or waits of
 * the records, and prints, with tabs between:
 *
 *     change  FROM  TO  COUNT
 *     reason  NUMBER  COUNT        of changes to waiting or preempted
 *     wakers  WHO  COUNT           goroutine, nobody, unknown
 *     waker   FUNCTION  COUNT      the innermost frame outside of the runtime's packages, "?" where none was sent
 *     offcpu  COUNT  NANOSECONDS
 *     lost    COUNT
 *     broken  COUNT                records whose fields contradict each other, or a state that is not the one before
 *
 * FROM and TO are numbers (ftrace/states.h).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ftrace/marks.h>

#include "base/map.h"
#include "plan/states.h"
#include "probe/keeper.h"
#include "probe/probe.h"

#define STATES 16
#define NAMES  64

struct counts {
	const struct plan *plan;
	uint64_t changes[STATES][STATES], reasons[256], wakers[3];
	struct {
		const char *name;
		uint64_t count;
	} names[NAMES];
	uint64_t offcpu, off_ns, broken;
	struct map lanes; /* goid -> 1 + state */
};

static void count_name(struct counts *c, const char *name)
{
	for (size_t i = 0; i < NAMES; i++) {
		if (!c->names[i].name)
			c->names[i].name = name;
		if (strcmp(c->names[i].name, name) != 0)
			continue;
		c->names[i].count++;
		return;
	}
}

static bool is_inside(const char *name)
{
	static const char *const parts[] = {"runtime.",
					    "internal/runtime/",
					    "runtime/internal/",
					    "sync.",
					    "sync/atomic.",
					    "internal/sync.",
					    "internal/poll.",
					    "time.",
					    "_."};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!strncmp(name, parts[i], strlen(parts[i])))
			return true;
	return false;
}

static void count_waker(struct counts *c, const struct ft_state *s)
{
	const struct site *site = &c->plan->sites[s->r.site];
	struct image *img = c->plan->images[site->image].image;

	c->wakers[s->flags & FT_WAKER_GOROUTINE ? 0 : s->flags & FT_WAKER_NOBODY ? 1 : 2]++;
	if (!(s->flags & FT_WAKER_GOROUTINE))
		return;
	for (uint32_t i = 0; i < s->count; i++) {
		struct image_func func;
		ssize_t index = image_find(img, site->addr + (uint64_t)s->frames[i] - 1);

		if (index < 0 || image_func(img, (size_t)index, false, &func)) {
			c->broken++;
			return;
		}
		if (!is_inside(func.name)) {
			count_name(c, func.name);
			return;
		}
	}
	count_name(c, "?");
}

static void count_state(struct counts *c, const struct ft_state *s)
{
	uint64_t *last = map_put(&c->lanes, (struct map_key){.a = s->r.lane});

	if (s->r.size != FT_STATE_SIZE + s->count * sizeof(s->frames[0]) || s->from >= STATES ||
	    s->to >= STATES || s->from == s->to || s->r.flags ||
	    c->plan->sites[s->r.site].kind != SITE_STATE) {
		c->broken++;
		return;
	}
	if (last && *last && *last != 1u + s->from)
		c->broken++;
	if (last)
		*last = 1u + s->to;
	c->changes[s->from][s->to]++;
	if (s->to == FT_G_WAITING || s->to == FT_G_PREEMPTED)
		c->reasons[s->reason]++;
	if (s->from == FT_G_WAITING && s->to == FT_G_RUNNABLE)
		count_waker(c, s);
}

static int each(void *arg, const void *bytes, size_t len)
{
	const struct ft_record *r = bytes;
	const struct ft_offcpu *off = bytes;
	struct counts *c = arg;

	(void)len;
	if (r->kind == FT_STATE)
		count_state(c, bytes);
	if (r->kind == FT_EXIT)
		map_put(&c->lanes, (struct map_key){.a = r->lane});
	if (r->kind == FT_OFFCPU) {
		c->offcpu++;
		c->off_ns += r->time - off->since;
	}
	return 0;
}

static void print(const struct counts *c, struct probe *probe)
{
	static const char *const who[] = {"goroutine", "nobody", "unknown"};
	struct probe_counts lost;

	for (int i = 0; i < STATES; i++)
		for (int j = 0; j < STATES; j++)
			if (c->changes[i][j])
				printf("change\t%d\t%d\t%llu\n", i, j,
				       (unsigned long long)c->changes[i][j]);
	for (int i = 0; i < 256; i++)
		if (c->reasons[i])
			printf("reason\t%d\t%llu\n", i, (unsigned long long)c->reasons[i]);
	for (int i = 0; i < 3; i++)
		printf("wakers\t%s\t%llu\n", who[i], (unsigned long long)c->wakers[i]);
	for (int i = 0; i < NAMES && c->names[i].name; i++)
		printf("waker\t%s\t%llu\n", c->names[i].name,
		       (unsigned long long)c->names[i].count);
	printf("offcpu\t%llu\t%llu\n", (unsigned long long)c->offcpu,
	       (unsigned long long)c->off_ns);
	probe_count(probe, &lost);
	printf("lost\t%llu\nbroken\t%llu\n", (unsigned long long)lost.lost,
	       (unsigned long long)c->broken);
}

static int run(char **argv, struct probe *probe, struct counts *c)
{
	int status = 0, null;
	pid_t pid = fork();

	if (!pid) {
		null = open("/dev/null", O_WRONLY | O_CLOEXEC);
		dup2(null, STDOUT_FILENO);
		execv(argv[0], argv);
		_exit(127);
	}
	while (pid > 0 && !waitpid(pid, &status, WNOHANG)) {
		usleep(1000);
		if (probe_read(probe, each, c) < 0)
			break;
	}
	probe_detach(probe);
	probe_demand(probe);
	while (!probe_met(probe))
		probe_read(probe, each, c);
	probe_read(probe, each, c);
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static struct plan *make_plan(const char *glob, const char *path, struct error *err)
{
	struct plan *plan = plan_new();
	struct selection select = {0};
	struct image *img;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	img = plan && fd >= 0 ? image_open(fd, path, err) : NULL;
	if (fd >= 0)
		close(fd);
	if (!img || selection_add_glob(&select, glob, false, err) ||
	    plan_add(plan, img, &select, false, err) || plan_states(plan, 0, err))
		return NULL;
	plan_settle(plan);
	return plan;
}

int main(int argc, char **argv)
{
	struct marks_wanted marks = {.waits = true};
	struct features features;
	struct error err = {0};
	struct probe_config config = {
		.features = &features,
		.ring_size = 64 << 20,
		.pushdown.marks = true,
		.marks = &marks,
	};
	struct counts counts = {0};
	struct probe *probe = NULL;
	int ret = 1;

	if (argc < 3) {
		fprintf(stderr, "usage: changes GLOB PROGRAM [ARGUMENT]...\n");
		return 2;
	}
	probe_debug(getenv("CHANGES_DEBUG"));
	if (keeper_start(&config.keeper, &err) || features_find(&features, &err))
		goto fail;
	config.plan = counts.plan = make_plan(argv[1], argv[2], &err);
	if (!config.plan)
		goto fail;
	config.emulate = true;
	probe = probe_new(&config, &err);
	if (!probe || probe_attach(probe, 0, 0, &err) || probe_start(probe, &err))
		goto fail;
	probe_enable(probe, true);
	ret = run(argv + 2, probe, &counts);
	print(&counts, probe);
fail:
	if (err.code)
		fprintf(stderr, "changes: %s\n", err.text);
	probe_free(probe);
	return ret;
}
