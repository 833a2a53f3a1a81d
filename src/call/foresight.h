/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * foresight: what becomes of streamed calls, known before they are handed on, by having read all of them once before.
 *
 * What they called comes out before they end, so that whoever learns at their end only that they are left out learns it too
 * late. Read in advance are, as far as it is asked for: which calls their filter lets pass; then, with that, which ones are long
 * enough or called one that is, and in which trees one failed. A bit for each call, by the id that it has in what comes.
 */
#ifndef FTRACE_CALL_FORESIGHT_H
#define FTRACE_CALL_FORESIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "call/select.h"

enum foreseen {
	FORESEE_PASSED, /* there: function, time and filter want it */
	FORESEE_KEPT,   /* long enough, or a callee is */
	FORESEE_FAILED, /* root calls: a call in the tree failed */
	FORESEEN
};

/* Zero-initialised nothing is known. */
struct foresight {
	struct map words[FORESEEN]; /* number / 64 -> bits */
	bool knows[FORESEEN];
};

void foresight_release(struct foresight *foresight);

bool foresight_has(const struct foresight *foresight, enum foreseen what, uint64_t id);

/* Whether something has to be read ahead for what is asked: of functions with filters only their choice knows. */
bool foresight_needs_passed(const struct select_config *config);
bool foresight_needs_kept(const struct select_config *config);

/* Learns what is needed for `config`: `replay` hands all that will come to a sink, as often as it is called. 0 or a negative
 * errno. */
int foresight_learn(struct foresight *foresight, const struct select_config *config,
		    int (*replay)(void *arg, struct sink *sink), void *arg);

#endif
