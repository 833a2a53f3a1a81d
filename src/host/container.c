/* SPDX-License-Identifier: GPL-2.0-only */
#include "host/container.h"

#include <stdio.h>
#include <string.h>

#define HEX        "0123456789abcdef"
#define LINE_BYTES 4096

/* The innermost one of a line of /proc/PID/cgroup. */
static bool find(const char *line, char id[CONTAINER_DIGITS + 1])
{
	bool found = false;

	for (const char *at = line; *at; at++) {
		size_t digits = strspn(at, HEX);

		if (digits == CONTAINER_DIGITS && at > line && strchr("/-:", at[-1])) {
			memcpy(id, at, CONTAINER_DIGITS);
			id[CONTAINER_DIGITS] = '\0';
			found = true;
		}
		at += digits ? digits - 1 : 0;
	}
	return found;
}

bool container_of_process(uint32_t pid, char id[CONTAINER_DIGITS + 1])
{
	char path[32], line[LINE_BYTES];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%u/cgroup", pid);
	file = fopen(path, "re");
	while (file && !found && fgets(line, sizeof(line), file))
		found = find(line, id);
	if (file)
		fclose(file);
	return found;
}
