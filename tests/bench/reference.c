/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reference: attaches programs that trace nothing (reference.bpf.c) to the file offsets on its standard
 * input, says how long that took, and how long detaching takes when it gets a SIGTERM.
 *
 *     reference empty FILE <OFFSETS       attached 2 probes in 0.312 ms
 *     reference calls                     at both ends of system calls
 *                                         detached in 20.101 ms
 *
 * `empty` is one uprobe_multi link. `bare` is two, with a reader of the ring: the first of OFFSETS is an
 * entry, the others are its exits.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "reference.skel.h"

#define OFFSETS_MAX (1u << 20)
#define LINKS       2

static unsigned long offsets[OFFSETS_MAX];

static double ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static size_t read_offsets(void)
{
	size_t count = 0;

	while (count < OFFSETS_MAX && scanf("%lu", &offsets[count]) == 1)
		count++;
	return count;
}

static struct bpf_link *attach(const struct bpf_program *program, const char *file, size_t first,
			       size_t count)
{
	LIBBPF_OPTS(bpf_uprobe_multi_opts, opts, .offsets = offsets + first, .cnt = count);

	return bpf_program__attach_uprobe_multi(program, -1, file, NULL, &opts);
}

static int pass(void *ctx, void *record, size_t size)
{
	(void)ctx;
	(void)record;
	(void)size;
	return 0;
}

/* Until a SIGTERM, which is blocked. Nobody wakes a reader here, as nobody wakes ftrace. */
static int read_on(const struct reference_bpf *skel, const sigset_t *signals)
{
	static const struct timespec nap = {.tv_nsec = 1000000};
	struct ring_buffer *ring = ring_buffer__new(bpf_map__fd(skel->maps.ring), pass, NULL, NULL);

	if (!ring)
		return -errno;
	while (sigtimedwait(signals, NULL, &nap) < 0)
		ring_buffer__consume(ring);
	ring_buffer__free(ring);
	return 0;
}

enum mode { EMPTY, BARE, CALLS };

static bool attach_all(const struct reference_bpf *skel, enum mode mode, const char *file,
		       size_t count, struct bpf_link *links[LINKS])
{
	switch (mode) {
	case EMPTY:
		links[0] = attach(skel->progs.empty, file, 0, count);
		return links[0];
	case BARE:
		links[0] = attach(skel->progs.bare_entry, file, 0, 1);
		links[1] = attach(skel->progs.bare_exit, file, 1, count - 1);
		break;
	case CALLS:
		links[0] = bpf_program__attach(skel->progs.empty_enter);
		links[1] = bpf_program__attach(skel->progs.empty_exit);
		break;
	}
	return links[0] && links[1];
}

static int measure(const struct reference_bpf *skel, enum mode mode, const char *file, size_t count)
{
	struct bpf_link *links[LINKS] = {0};
	double began = ms();
	sigset_t signals;
	int ret = -1, sig;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if (!attach_all(skel, mode, file, count, links)) {
		perror("reference: attach");
	} else {
		printf("attached %zu probes in %.3f ms\n", count, ms() - began);
		fflush(stdout);
		ret = mode == BARE ? read_on(skel, &signals) : sigwait(&signals, &sig);
	}
	began = ms();
	for (size_t i = 0; i < LINKS; i++)
		bpf_link__destroy(links[i]);
	printf("detached in %.3f ms\n", ms() - began);
	return ret;
}

/* What is asked for; -1: nothing that there is. */
static int mode_of(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "calls"))
		return CALLS;
	if (argc == 3 && !strcmp(argv[1], "empty"))
		return EMPTY;
	return argc == 3 && !strcmp(argv[1], "bare") ? BARE : -1;
}

int main(int argc, char **argv)
{
	int mode = mode_of(argc, argv), ret;
	size_t count = mode == CALLS ? 2 : read_offsets();
	struct reference_bpf *skel;

	if (mode < 0 || count < (mode == BARE ? 2 : 1)) {
		fprintf(stderr, "usage: reference empty|bare FILE <OFFSETS, or reference calls\n");
		return 2;
	}
	skel = reference_bpf__open_and_load();
	if (!skel) {
		fprintf(stderr, "reference: the kernel refuses the programs; run as root\n");
		return 1;
	}
	ret = measure(skel, (enum mode)mode, mode == CALLS ? NULL : argv[2], count);
	reference_bpf__destroy(skel);
	return ret != 0;
}
