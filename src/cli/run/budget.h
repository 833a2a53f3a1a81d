/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * budget: --max-overhead. Estimates what share of the targets' processor time goes into probes, and
 * takes the costliest functions off when that is too much.
 *
 * A function costs its calls, which the programs count, times what a hit takes on this machine
 * (probe/cost.h), once for the entry and once for the exit. The share is of the processor time that
 * the traced processes took meanwhile, probes included.
 */
#ifndef FTRACE_CLI_RUN_BUDGET_H
#define FTRACE_CLI_RUN_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "probe/cost.h"

struct child;
struct options;
struct pids;
struct probe;
struct sink;
struct status;
struct targets;
struct trace;

/* What it works on. All of it is the caller's, and outlives it. */
struct budget_config {
	const struct options *opt;
	const struct features *features;
	struct targets *targets;
	const struct child *child; /* pid 0: none */
	const struct pids *pids;
	struct probe *probe;
	struct trace *trace;
	struct sink *sink;
	struct status *status; /* taken off the terminal before anything is said */
	bool keeps_frames;     /* the kernel keeps open frames: with probes they all go */
	/* Reads all that has been recorded by now. 0, or a negative errno that ends the run. */
	int (*drain)(void *arg);
	void *arg;
};

/* The processor time that a process had taken, when it was last looked at. */
struct budget_process {
	pid_t pid;
	uint64_t taken; /* ns */
};

struct budget {
	struct budget_config config;
	struct probe_cost cost;
	struct budget_process *processes;
	size_t nprocesses, capprocesses;
	uint64_t *calls; /* by function, when last looked at */
	size_t ncalls;
	bool *off; /* by function; the probes' as long as they are there */
	size_t noff;
	uint64_t taken;  /* processor time of the targets, ns, since `looked` */
	uint64_t looked; /* ns, since when calls and processor time are counted */
	uint64_t due;    /* ns, when it is looked at next */
	uint64_t lost;   /* records, while functions were switched off */
	bool refused;    /* probes cannot be taken off: said once */
};

/* Before the probes are attached: measures. 0, or a negative errno with `err` filled. */
int budget_prepare(struct budget *budget, const struct features *features, struct error *err);

/* When all is attached, with what was prepared. */
void budget_begin(struct budget *budget, const struct budget_config *config);

/* Looks, and acts when it is due. Sets `due`: when it is to be called again. 0, or what ends the run. */
int budget_look(struct budget *budget, uint64_t now);

/* A function and what its probes took. */
struct func_cost {
	uint32_t func;
	uint64_t calls;
	uint64_t ns;
};

/* How many of these functions, the costliest of which come first, have to go, so that the rest stays below `percent` of
 * the processor time of the targets, which took `taken` ns, probes included; 0 when all of them do. Below 1 % of one
 * processor over the `passed` ns nothing has to go. */
size_t budget_excess(const struct func_cost *costs, size_t count, uint64_t taken, uint64_t passed,
		     double percent);

/* When the probes are gone. */
void budget_release(struct budget *budget);

#endif
