/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/recorded/recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/terminal.h"
#include "cli/options/options.h"
#include "sink/formats.h"

/* The descriptor; a negative errno with `err` filled. */
static int open_named(struct recorded *recorded, const char *name, struct error *err)
{
	bool is_stdin = !strcmp(name, "-");

	*recorded = (struct recorded){
		.name = is_stdin ? "stdin" : name,
		.fd = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC),
	};
	if (recorded->fd >= 0)
		return recorded->fd;
	return error_set(err, -errno, "%s: %s; record one with 'ftrace record'", name,
			 strerror(errno));
}

int recorded_open(struct recorded *recorded, const char *name, struct error *err)
{
	int fd = open_named(recorded, name, err);

	if (fd < 0)
		return fd;
	recorded->recording = recording_open(fd, recorded->name, err);
	return recorded->recording ? 0 : err->code;
}

int recorded_follow(struct recorded *recorded, const char *name, struct outlet *outlet,
		    const struct options *opt, struct error *err)
{
	struct following *following = &recorded->following;
	int fd = open_named(recorded, name, err);

	if (fd < 0)
		return fd;
	following_init(following, fd, recorded->name, outlet, opt->follow, opt->quiet);
	recorded->recording = recording_follow(fd, recorded->name, &following->wait, err);
	return recorded->recording ? 0 : err->code;
}

void recorded_close(struct recorded *recorded)
{
	recording_close(recorded->recording);
	if (recorded->fd > STDIN_FILENO)
		close(recorded->fd);
	recorded->recording = NULL;
	recorded->fd = -1;
}

bool recorded_say_damage(const struct recorded *recorded, const struct recording_damage *damage)
{
	if (damage->blocks)
		fprintf(stderr,
			"ftrace: %s: %llu block%s damaged, the first is number %llu: %llu call%s "
			"missing\n",
			recorded->name, (unsigned long long)damage->blocks,
			damage->blocks == 1 ? " is" : "s are", (unsigned long long)damage->first,
			(unsigned long long)damage->calls, damage->calls == 1 ? " is" : "s are");
	if (following_say(&recorded->following))
		return true;
	if (damage->cut)
		fprintf(stderr,
			"ftrace: %s: it has no end: the recorder was killed, or the file was cut\n",
			recorded->name);
	return damage->blocks || damage->cut;
}

int recorded_outlet_open(struct outlet *outlet, const struct options *opt, struct error *err)
{
	int ret;

	if (!opt->output) {
		outlet_init(outlet, STDOUT_FILENO);
	} else {
		ret = outlet_open(outlet, opt->output, NULL);
		if (ret)
			return error_set(err, ret, "%s: %s; choose another file with -o",
					 opt->output, place_error(ret));
	}
	if (opt->format->binary && isatty(outlet->fd))
		return error_set(err, -EINVAL, "--format %s: not for a terminal; use -o FILE",
				 opt->format->name);
	return 0;
}

int recorded_outlet_close(struct outlet *outlet)
{
	int ret = outlet->fd >= 0 ? outlet_close(outlet) : 0;

	return ret == -EPIPE ? 0 : ret;
}

bool recorded_color(const struct options *opt, int fd)
{
	const char *no_color = getenv("NO_COLOR");

	if (opt->color != COLOR_AUTO)
		return opt->color == COLOR_ALWAYS;
	return terminal_takes_escapes(fd) && !(no_color && *no_color);
}
