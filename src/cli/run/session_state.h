/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session_state: what the parts of a session share; internal to src/cli.
 *
 *     session_open.c   opens everything, up to the attached probes
 *     session_watch.c  what is said meanwhile, on stderr
 *     session_wait.c   for whom reads the trace
 *     session.c        the loop, the end, and what is said of it
 */
#ifndef FTRACE_CLI_RUN_SESSION_STATE_H
#define FTRACE_CLI_RUN_SESSION_STATE_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/sink.h"
#include "cli/options/options.h"
#include "cli/run/budget.h"
#include "cli/run/child.h"
#include "cli/run/follow.h"
#include "cli/run/machine.h"
#include "cli/run/status.h"
#include "cli/target/target.h"
#include "probe/keeper.h"
#include "probe/probe.h"
#include "trace/describe.h"
#include "trace/trace.h"

struct session {
	const struct options *opt;
	struct targets *targets;
	struct features features;
	struct pushdown pushdown; /* what the kernel decides by itself */
	struct keeper *keeper;
	struct probe *probe;
	struct trace *trace;
	struct stats *stats;      /* --summary, else NULL */
	struct place_check check; /* of -o */
	struct outlet outlet;
	struct callers *callers;
	struct describer describer;
	struct catalog catalog; /* of the plan, grows with it */
	struct sink *sink;
	struct sink_config config;
	struct this_machine machine;
	struct child child;
	struct follow follow;
	struct budget budget;
	struct trace_summary summary;
	struct status watch;
	size_t payers;  /* processes that are hit and not traced, when it began */
	uint64_t calls; /* entries that arrived */
	char kernel[65];
	int signals;          /* signalfd */
	int *pidfds;          /* -p: one each, -1 when that process has ended */
	struct pollfd *polls; /* room for these, and three more */
	uint64_t started, stopped, last_tick;
	int passed_on;             /* signals that were passed on to the started program */
	int status;                /* exit status that was decided on, -1 */
	unsigned int asked;        /* signals that came to end it */
	unsigned int asked_before; /* of them, before the probes were being taken off */
	int asked_by;              /* the last signal that came, of any kind */
	bool had_terminal;         /* a controlling one */
	bool reopen;     /* SIGHUP: the output file, when nothing is being written to it */
	size_t read;     /* records, in this look */
	uint64_t newest; /* the time of the last one */
	bool behind;     /* there are more to be read */
	bool sated;      /* none is wanted any more */
	bool over;
	bool failed; /* something was said that is to be seen from the exit status */
	bool hinted, said_let_go, said_given_up;
	bool renew; /* a process of -p has called execve */
};

/* CLOCK_MONOTONIC, ns: the time of the records. */
uint64_t session_now(void);

/* Opens output, probes and, when one is to be started, the program, which is held. What was opened
 * is the session's, also on failure: 0, or a negative errno with `err` filled. */
int session_prepare(struct session *s, struct error *err);

/* Whether there is a controlling terminal, and somebody on its other end. */
bool session_has_terminal(void);

/* Deals with the signals that have come. */
void session_read_signals(struct session *s);

/* Whether a program was started, let go, and has not ended. */
static inline bool session_runs_program(const struct session *s)
{
	return s->child.pid && s->child.go < 0 && !s->child.reaped;
}

/* Reads and writes all that has been recorded by now. 0, or the error that ends the run. */
int session_drain(struct session *s);

/* Ends the tracing, not the session: what has arrived is still to be written. */
void session_stop(struct session *s);

/* Opens the file of -o; a FIFO is waited for until somebody reads it. 0, or a negative errno: -EINTR
 * when a signal ended that. */
int session_open_file(struct session *s);

/* For outlet_set_wait(): waits until `fd` takes more. 0; -EINTR when the session is to end, and the
 * reader takes nothing. */
int session_wait(void *arg, int fd);

/* For outlet_set_look(): deals with the signals that came while much is written. */
void session_between(void *arg);

/* What is traced, for a person. */
void session_banner(const struct session *s);

/* Now and then, while the trace runs: the status line, and a hint when nothing was hit. */
void session_watch(struct session *s, uint64_t now);

/* From now on the keeper hears of signals, and tells how far it is. */
void session_watch_keeper(struct session *s);

/* The keeper has died, and all probes with it: says so, and ends the tracing. */
void session_lose_keeper(struct session *s);

#endif
