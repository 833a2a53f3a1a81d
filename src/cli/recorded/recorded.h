/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * recorded: a recording that the command line names, and where what is shown of it goes.
 */
#ifndef FTRACE_CLI_RECORDED_RECORDED_H
#define FTRACE_CLI_RECORDED_RECORDED_H

#include <stdbool.h>

#include "base/error.h"
#include "base/outlet.h"
#include "cli/recorded/following.h"
#include "recording/recording.h"

struct options;

/* The caller's; recorded_close() also after an error. */
struct recorded {
	const char *name; /* as messages have it */
	int fd;
	struct recording *recording;
	struct following following; /* of recorded_follow() */
};

/* `name`: a path, or "-" for stdin. 0, or a negative errno with `err` filled. */
int recorded_open(struct recorded *recorded, const char *name, struct error *err);
/* The same, of one that may grow (following.h): `outlet` is where what is read of it goes, and is flushed before anything is waited
 * for; it may be opened later. */
int recorded_follow(struct recorded *recorded, const char *name, struct outlet *outlet,
		    const struct options *opt, struct error *err);

/* Its name stays. */
void recorded_close(struct recorded *recorded);

/* Says what is missing of it, after it was played; true when anything is. */
bool recorded_say_damage(const struct recorded *recorded, const struct recording_damage *damage);

/* Where -o says, or stdout; refused where the format is not for a terminal. 0, or a negative errno with `err` filled. To be closed by
 * recorded_outlet_close() in both cases: 0, or a negative errno that nobody was told yet; that the reader has gone is none. */
int recorded_outlet_open(struct outlet *outlet, const struct options *opt, struct error *err);
int recorded_outlet_close(struct outlet *outlet);

/* Whether what goes there gets colours. */
bool recorded_color(const struct options *opt, int fd);

#endif
