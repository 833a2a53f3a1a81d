/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/target/traced.h"

int traced_find(struct traced *traced, const struct targets *targets)
{
	*traced = (struct traced){
		.all = !targets->pids.count && targets->members.cgroup.fd < 0,
		.pids = &targets->pids,
	};
	if (targets->members.cgroup.fd < 0)
		return 0;
	traced->pids = &traced->members;
	return cgroup_pids(&targets->members.cgroup, &traced->members);
}

bool traced_has(const struct traced *traced, pid_t pid)
{
	return traced->all || pid_list_has(traced->pids, pid);
}

void traced_release(struct traced *traced)
{
	pid_list_release(&traced->members);
}

struct visit {
	const struct targets *targets;
	struct traced traced;
	bool others;
	int (*each)(void *arg, const struct runner *runner);
	void *arg;
};

static int look_at(void *arg, const struct runner *runner)
{
	const struct visit *visit = arg;

	if (targets_image(visit->targets, &runner->file) < 0 ||
	    traced_has(&visit->traced, runner->pid) == visit->others)
		return 0;
	return visit->each(visit->arg, runner);
}

int traced_each(const struct targets *targets, bool others,
		int (*each)(void *arg, const struct runner *runner), void *arg)
{
	struct visit visit = {.targets = targets, .others = others, .each = each, .arg = arg};
	int ret = traced_find(&visit.traced, targets);

	if (!ret)
		ret = inodes_each_runner(targets->inodes, look_at, &visit);
	traced_release(&visit.traced);
	return ret;
}

static int count(void *arg, const struct runner *runner)
{
	size_t *number = arg;

	(void)runner;
	++*number;
	return 0;
}

size_t traced_count(const struct targets *targets, bool others)
{
	size_t number = 0;

	traced_each(targets, others, count, &number);
	return number;
}
