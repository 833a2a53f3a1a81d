/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lease: to be preloaded (LD_PRELOAD of ld.so(8)). The first lease that is asked for makes the file
 * $LEASE.asked, and is given once there is a file $LEASE: whoever needs one first stands still until then.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void stand_still(void)
{
	static int asked;
	const char *file = getenv("LEASE");
	char name[PATH_MAX];

	if (!file || asked++)
		return;
	snprintf(name, sizeof(name), "%s.asked", file);
	close(open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	while (access(file, F_OK))
		usleep(1000);
}

static int answer(const char *name, int fd, int command, void *argument)
{
	int (*real)(int, int, ...) = dlsym(RTLD_NEXT, name);

	if (command == F_SETLEASE)
		stand_still();
	return real(fd, command, argument);
}

int fcntl(int fd, int command, ...)
{
	void *argument;
	va_list list;

	va_start(list, command);
	argument = va_arg(list, void *);
	va_end(list);
	return answer("fcntl", fd, command, argument);
}

int fcntl64(int fd, int command, ...)
{
	void *argument;
	va_list list;

	va_start(list, command);
	argument = va_arg(list, void *);
	va_end(list);
	return answer("fcntl64", fd, command, argument);
}
