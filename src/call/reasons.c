/* SPDX-License-Identifier: GPL-2.0-only */
#include "call/reasons.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

static bool is_named(const struct reason *reason, const char *name)
{
	return name ? reason->name && !strcmp(reason->name, name) : !reason->name;
}

/* The entry's index; `count` where there is none. */
static size_t find(const struct reasons *reasons, const char *name)
{
	size_t i = 0;

	while (i < reasons->count && !is_named(&reasons->list[i], name))
		i++;
	return i;
}

/* Makes an empty one behind all others. */
static int append(struct reasons *reasons, const char *name)
{
	struct reason *slot = vec_push(&reasons->list, &reasons->count, &reasons->cap);

	if (!slot)
		return -ENOMEM;
	*slot = (struct reason){.name = name ? strdup(name) : NULL};
	if (!name || slot->name)
		return 0;
	reasons->count--;
	return -ENOMEM;
}

int reasons_add(struct reasons *reasons, const char *name, uint64_t ns)
{
	size_t i = find(reasons, name);
	struct reason *list;

	if (i == reasons->count && i >= REASONS_MOST) {
		name = NULL;
		i = find(reasons, name);
	}
	if (i == reasons->count && append(reasons, name))
		return -ENOMEM;
	list = reasons->list;
	list[i].waits++;
	list[i].ns += ns;
	for (; i && list[i].ns > list[i - 1].ns; i--) {
		struct reason less = list[i - 1];

		list[i - 1] = list[i];
		list[i] = less;
	}
	return 0;
}

void reasons_release(struct reasons *reasons)
{
	for (size_t i = 0; i < reasons->count; i++)
		free(reasons->list[i].name);
	free(reasons->list);
	*reasons = (struct reasons){0};
}
