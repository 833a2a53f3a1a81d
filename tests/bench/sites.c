/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sites: the file offsets of what ftrace would probe, for the reference to probe the same.
 *
 *     sites FILE GLOB [waits]     with `waits` only where the states of goroutines change
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plan/plan.h"
#include "plan/states.h"

static int print(const struct plan *plan, bool waits)
{
	for (size_t i = 0; i < plan->nsites; i++)
		if (waits ? plan->sites[i].kind == SITE_STATE : plan->sites[i].func != PLAN_NO_FUNC)
			printf("%llu\n", (unsigned long long)plan->sites[i].offset);
	return 0;
}

int main(int argc, char **argv)
{
	struct selection select = {0};
	struct plan *plan = plan_new();
	struct error err = {0};
	struct image *image = NULL;
	bool waits = argc == 4 && !strcmp(argv[3], "waits");
	int fd = argc == 3 || waits ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	int ret = 1;

	if (fd < 0) {
		fprintf(stderr, "usage: sites FILE GLOB [waits]\n");
		return 2;
	}
	image = image_open(fd, argv[1], &err);
	close(fd);
	if (plan && image && !selection_add_glob(&select, argv[2], false, &err) &&
	    !plan_add(plan, image, &select, false, &err) && (!waits || !plan_states(plan, 0, &err)))
		ret = print(plan, waits);
	else
		fprintf(stderr, "sites: %s\n", err.text);
	selection_release(&select);
	plan_free(plan);
	return ret;
}
