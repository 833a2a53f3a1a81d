/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * probe: a plan, given to the kernel, and the bytes that come back.
 *
 *     probe_new      loads the programs and makes the ring; nothing is attached
 *     probe_attach   puts probes on the sites of one executable, silently: exits before entries
 *     probe_add      probes one more executable, while others are traced
 *     probe_enable   records are made from now on, or no longer
 *     probe_off      takes the probes of some functions away, while the others stay
 *     probe_start    empties the ring from now on
 *     probe_read     hands over what was in it
 *     probe_free     takes everything away
 *
 * The links of sites belong to the keeper (keeper.h): however this process ends, they are removed.
 *
 * Sources: include/uapi/linux/bpf.h (uprobe_multi), kernel/bpf/ringbuf.c.
 */
#ifndef FTRACE_PROBE_PROBE_H
#define FTRACE_PROBE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <ftrace/loss.h>
#include <ftrace/stats.h>

#include "base/error.h"
#include "plan/marks.h"
#include "plan/plan.h"
#include "probe/pushdown.h"
#include "probe/features.h"

struct core_types;
struct keeper;

struct probe_config {
	const struct plan *plan;
	const struct features *features;
	size_t ring_size; /* bytes; rounded up to a power of two of pages */
	bool fault;       /* values may be read from pages that have to be brought in first */
	bool emulate;     /* programs may carry out `ret`, where the kernel lets them */
	bool budgeted;    /* hits are counted, and probes can be taken off */
	bool only_pids;   /* probe_attach() names processes: no other may send records */
	bool only_cgroup; /* nor any outside of the group of probe_set_cgroup() */
	struct pushdown pushdown;
	const struct marks_wanted *marks; /* what is recorded besides calls; NULL: nothing */
	bool states, births; /* of goroutines, wanted of each executable: filled in by probe_new() */
	bool through_exec; /* not a hit of theirs may be missed when they run the same file again;
				other processes of the file pay for probes, too */
	struct keeper *keeper;    /* borrowed, as the next; must outlive the probe */
	struct core_types *types; /* NULL: libbpf looks for them */
};

struct probe_counts {
	uint64_t lost;    /* records that the ring had no room for */
	uint64_t missed;  /* hits on which a program did not run */
	uint64_t skipped; /* root calls passed over for pushdown.sample */
	uint64_t unkept;  /* calls without memory for their frames, which pushdown needs */
};

struct probe;

/* Whether what libbpf and the verifier say goes to stderr, or nowhere; to be called before all else. */
void probe_debug(bool debug);

struct probe *probe_new(const struct probe_config *config, struct error *err);
void probe_free(struct probe *probe);

/* Probes all sites of plan->images[image], in the process `pid`, or in every process that runs the
 * file when `pid` is 0. 0, or a negative errno with `err` filled; -ESRCH: no such process. */
int probe_attach(struct probe *probe, uint32_t image, pid_t pid, struct error *err);

/* The plan has got one more executable: probes all its sites, in every process that runs it. What is
 * attached stays as it is, and the plan's older functions and sites must be as they were. 0, or a
 * negative errno with `err` filled; nothing was added then. */
int probe_add(struct probe *probe, uint32_t image, struct error *err);

/* Takes the probes of one executable away, while the others stay. */
void probe_drop(struct probe *probe, uint32_t image);

/* To be called when the process `pid` has called execve: the kernel may have lost sight of it. 0, or a
 * negative errno with `err` filled. */
int probe_renew(struct probe *probe, pid_t pid, struct error *err);

/* Whose processes alone may send records: the control group behind `fd`, which stays the caller's, and what is below
 * it. Before it is called nobody's. 0, or a negative errno with `err` filled. */
int probe_set_cgroup(struct probe *probe, int fd, struct error *err);

/* Of probes that name processes or a control group: whether others that run the file are hit, too, and are no records. */
bool probe_reaches_others(const struct probe *probe);

/* Whether the tracepoint of that index in marks->events could not be had: 0, or a negative errno. */
int probe_event_error(const struct probe *probe, size_t event);

void probe_enable(struct probe *probe, bool enable);

/* Of a budgeted probe: adds the entries of each function that were hit so far to `calls`, by function. */
void probe_hits(const struct probe *probe, uint64_t *calls);

/*
 * Takes the probes of all functions with off[func] away for good: those that are off already are among
 * them. `off` has an element for each function of the plan, is the caller's and stays until the
 * probes are gone. Hits meanwhile are lost records. What pushdown needs to know of open calls is forgotten.
 * 0, or a negative errno with `err` filled; all probes are there then.
 */
int probe_off(struct probe *probe, const bool *off, size_t count, struct error *err);

/* Takes all probes away; what is in the ring can still be read. */
void probe_detach(struct probe *probe);

/* Begins to empty the ring, in a thread that has the capabilities of the caller (drain.h). To be called once, before
 * probe_enable(). 0, or a negative errno with `err` filled. */
int probe_start(struct probe *probe, struct error *err);

/* Hands every record that is there to `each`, in order, until that returns non-zero. Returns that when it was
 * negative, another negative errno, or 0. */
int probe_read(struct probe *probe, int (*each)(void *arg, const void *bytes, size_t len),
	       void *arg);

/* Readable when there are records, once probe_read() has found no more. */
int probe_fd(const struct probe *probe);

/* What has been recorded by now is wanted at once: probe_fd() tells when there is more of it to read, until
 * probe_met() says that all has been. */
void probe_demand(struct probe *probe);
bool probe_met(struct probe *probe);

/* Lost records so far, as the next record would carry it. */
uint32_t probe_epoch(const struct probe *probe);

/* Takes one lane with lost records off the kernel's list; false when all that was there has been taken. */
bool probe_next_loss(struct probe *probe, struct ft_loss_key *key, struct ft_loss *loss);

/* What was added up for pushdown.summing: each function that was called, by its index. Returns 0, or what
 * `each` returned when that was negative. */
int probe_stats(struct probe *probe,
		int (*each)(void *arg, uint32_t func, const struct ft_stats *stats), void *arg);

/* What is added up from now on is apart from what was before, ... */
void probe_stats_turn(struct probe *probe);

/* ... of which this is as probe_stats(), and which is gone then. To be called a moment after the turn, when no program
 * that had begun before it runs any more. */
int probe_stats_take(struct probe *probe,
		     int (*each)(void *arg, uint32_t func, const struct ft_stats *stats),
		     void *arg);

/* With pushdown.summing: whether any call that counts has begun so far. */
bool probe_was_called(const struct probe *probe);

/* The process has ended, or runs another program, since `time`. 0 or -ENOMEM. */
int probe_forget(struct probe *probe, uint32_t pid, uint64_t time);

void probe_count(struct probe *probe, struct probe_counts *counts);

#endif
