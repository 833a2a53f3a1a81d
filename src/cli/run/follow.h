/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * follow: the file of a traced program, which a new build may take the place of.
 *
 * A new file under the old name is traced, too, from when it is there; what runs the old one goes on
 * being traced. A file that is overwritten in place loses its probes, which would be put anywhere in the new
 * one's code: at once by the keeper, which is told of writes (keeper_serve.h), and by what is seen here, of its
 * time of modification. Nothing holds the writer up. What was read of the old one stays (content.h).
 */
#ifndef FTRACE_CLI_RUN_FOLLOW_H
#define FTRACE_CLI_RUN_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "cli/run/beside.h"
#include "cli/run/intake.h"

struct follow {
	struct intake config; /* what a new file is taken in by */
	struct stat known;    /* the file, as it was dealt with last */
	struct stat seen;     /* as it was a moment ago */
	uint64_t since;       /* when that was first seen */
	bool kept;            /* what may be asked of the files later was read */
	struct beside beside; /* a new file is being read */
	struct stat read;     /* that file, when that began */
	bool settled;         /* and it was complete by then */
};

/* To be called when all is attached. */
void follow_begin(struct follow *follow, const struct intake *config);

/* Looks at the files. 0; 1 when tracing ends, which has been said; or a negative errno that ends the run. */
int follow_look(struct follow *follow, uint64_t now);

/* How long it may be until the next look, in ns. */
uint64_t follow_wait(const struct follow *follow);

/* To be called in the end. True when a file is still being read, by a thread that nothing stops: what it may
 * use is not to be freed. */
bool follow_end(struct follow *follow);

#endif
