/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/exit_status.h"
#include "cli/chatter.h"
#include "cli/commands.h"
#include "cli/options/options.h"
#include "cli/rights/inherited.h"

static int print(const char *text)
{
	if (fputs(text, stdout) >= 0 && !fflush(stdout))
		return 0;
	if (errno == EPIPE)
		return 0;
	fprintf(stderr, "ftrace: stdout: %s; make room\n", strerror(errno));
	return 1;
}

/* A standard stream that is closed must not become the first file that is opened. A program that is
 * started has them as they were. */
static void hold_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct inherited given;
	struct options opt;
	struct error err = {0};
	int status;

	inherited_take(&given);
	/* Large arrays grow and go by pages. Else the limit rises with what was given back once (mallopt(3)), and
	 * what many of them leave behind when they grow stays with us. */
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	signal(SIGPIPE, SIG_IGN);
	/* A limit of the file's size is told as a full disk is (write(2), EFBIG). */
	signal(SIGXFSZ, SIG_IGN);
	/* Ignored, it would keep the status of a program that is started from us. */
	signal(SIGCHLD, SIG_DFL);
	hold_standard_streams();
	chatter_begin();
	/* It would run whatever anybody names as its owner. */
	if (getuid() != geteuid() || getgid() != getegid()) {
		error_set(&err, -EPERM,
			  "set-user-ID or set-group-ID; take that bit away, and run it with sudo");
		chatter_error(&err);
		return 1;
	}
	if (options_parse(&opt, argc, argv, &err)) {
		chatter_error(&err);
		status = STATUS_USAGE;
	} else if (opt.help) {
		status = print(options_help(opt.command));
	} else if (opt.version) {
		status = print("ftrace " FTRACE_VERSION "\n");
	} else {
		status = opt.command->run(&opt, &given);
	}
	options_release(&opt);
	return status;
}
