/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * following: a recording that is read while it is written.
 *
 * What was read goes out before anything is waited for. A file is followed (-f) until its summary has come, Ctrl-C or SIGTERM; or its
 * recorder has gone without one: it claims the file as long as it lives (base/claim.h). A file that nobody has claimed may be one
 * that is copied here, so that it is waited for, and said so.
 */
#ifndef FTRACE_CLI_RECORDED_FOLLOWING_H
#define FTRACE_CLI_RECORDED_FOLLOWING_H

#include <stdbool.h>
#include <time.h>

#include "base/outlet.h"
#include "recording/recording.h"

enum following_end {
	FOLLOWING_NOT_ENDED, /* by anything here */
	FOLLOWING_ASKED,     /* a signal */
	FOLLOWING_GONE,      /* nobody writes it any more */
	FOLLOWING_CUT,       /* it is shorter than what was read */
	FOLLOWING_REPLACED,  /* another file has its name, and nobody writes this one */
	FOLLOWING_ENDS
};

/* The caller's. */
struct following {
	struct recording_wait wait;
	const char *name;
	int fd;
	bool file, follows, quiet;
	struct outlet *outlet; /* to be flushed */
	bool claimed;          /* it was, at some time */
	bool left;             /* and is no more: what is there is all */
	struct timespec changed; /* last, so far as that was asked */
	bool said;             /* that it is not */
	enum following_end end;
};

/* `follows`: also where it is a file. `name` and `outlet` are the caller's. Its signals are answered from then on. */
void following_init(struct following *following, int fd, const char *name, struct outlet *outlet,
		    bool follows, bool quiet);

/* What has become of the file, where that is the end of it; true when there was anything to say. */
bool following_say(const struct following *following);

#endif
