/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/target/lookup.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where nobody says anything, as execvp(3). */
#define DEFAULT_PATH "/bin:/usr/bin"

static bool is_file(const char *path, int mode)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, mode);
}

/* The first file of that name in PATH for which access(2) grants `mode`; false when there is none. */
static bool find(const char *name, int mode, char *full, size_t size)
{
	const char *path = getenv("PATH");

	for (path = path ? path : DEFAULT_PATH;; path++) {
		size_t len = strcspn(path, ":");
		int got = len ? snprintf(full, size, "%.*s/%s", (int)len, path, name)
			      : snprintf(full, size, "./%s", name);

		if (got < (int)size && is_file(full, mode))
			return true;
		path += len;
		if (!*path)
			return false;
	}
}

char *lookup_traced(const char *name)
{
	char full[PATH_MAX];

	if (strchr(name, '/') || !access(name, F_OK) || !find(name, X_OK, full, sizeof(full)))
		return strdup(name);
	return strdup(full);
}

char *lookup_started(const char *name, struct error *err)
{
	char full[PATH_MAX], *path;

	if (strchr(name, '/')) {
		path = strdup(name);
	} else if (find(name, X_OK, full, sizeof(full)) || find(name, F_OK, full, sizeof(full))) {
		path = strdup(full);
	} else {
		error_set(err, -ENOENT, "%s: not in PATH; %s%s", name,
			  access(name, F_OK) ? "give its path" : "what is here is ./",
			  access(name, F_OK) ? "" : name);
		return NULL;
	}
	if (!path)
		error_set(err, -ENOMEM, "%s: out of memory; close something", name);
	return path;
}
