/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* getline */
#include "host/mounts.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blanks and backslashes are written as octal numbers there. */
static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		unsigned int byte;

		if (sscanf(text, "\\%3o", &byte) == 1 && byte) {
			*to++ = (char)byte;
			text += 3;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

/* The type stands behind the fields that may be absent. */
static bool parse(const char *line, struct mount *mount)
{
	const char *rest = strstr(line, " - ");

	if (!rest ||
	    sscanf(line, "%llu %*u %31s %4095s %4095s", &mount->id, mount->device, mount->root,
		   mount->point) != 4 ||
	    sscanf(rest, " - %63s", mount->type) != 1)
		return false;
	unescape(mount->root);
	unescape(mount->point);
	return true;
}

int mounts_each(const char *who, int (*each)(void *arg, const struct mount *mount), void *arg)
{
	struct mount *mount = malloc(sizeof(*mount));
	char *line = NULL, path[64];
	size_t size = 0;
	FILE *file;
	int ret = 0;

	snprintf(path, sizeof(path), "/proc/%s/mountinfo", who);
	file = mount ? fopen(path, "re") : NULL;
	while (file && !ret && getline(&line, &size, file) > 0)
		if (parse(line, mount))
			ret = each(arg, mount);
	if (file)
		fclose(file);
	free(line);
	free(mount);
	return ret;
}

struct wanted {
	const char *type;
	char *point;
};

static int is_wanted(void *arg, const struct mount *mount)
{
	struct wanted *wanted = arg;

	if (strcmp(mount->type, wanted->type) != 0)
		return 0;
	wanted->point = strdup(mount->point);
	return 1;
}

char *mounts_find(const char *type)
{
	struct wanted wanted = {.type = type};

	mounts_each("self", is_wanted, &wanted);
	return wanted.point;
}
