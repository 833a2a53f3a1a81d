/* SPDX-License-Identifier: GPL-2.0-only */
#include "host/pid_list.h"

#include <errno.h>
#include <stdlib.h>

#include "base/vec.h"

static int by_pid(const void *a, const void *b)
{
	const pid_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int pid_list_add(struct pid_list *list, pid_t pid)
{
	pid_t *slot = vec_push(&list->pids, &list->count, &list->cap);

	if (!slot)
		return -ENOMEM;
	*slot = pid;
	return 0;
}

void pid_list_sort(struct pid_list *list)
{
	size_t kept = 0;

	if (!list->count)
		return;
	qsort(list->pids, list->count, sizeof(*list->pids), by_pid);
	for (size_t i = 1; i < list->count; i++)
		if (list->pids[i] != list->pids[kept])
			list->pids[++kept] = list->pids[i];
	list->count = kept + 1;
}

bool pid_list_has(const struct pid_list *list, pid_t pid)
{
	return list->count && bsearch(&pid, list->pids, list->count, sizeof(pid), by_pid);
}

void pid_list_release(struct pid_list *list)
{
	free(list->pids);
	*list = (struct pid_list){0};
}
