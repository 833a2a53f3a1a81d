/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * empty: the reference of the bench. Attaches an empty program to the file offsets on its standard
 * input, by one uprobe_multi link, says how long that took, and how long detaching takes when it
 * gets a SIGTERM.
 *
 *     empty FILE <OFFSETS        attached 2 probes in 0.312 ms
 *                                detached in 20.101 ms
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "empty.skel.h"

#define OFFSETS_MAX (1u << 20)

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

int main(int argc, char **argv)
{
	size_t count = read_offsets();
	struct empty_bpf *skel;
	struct bpf_link *link;
	sigset_t signals;
	double began;
	int sig;

	if (argc != 2 || !count) {
		fprintf(stderr, "usage: empty FILE <OFFSETS\n");
		return 2;
	}
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	skel = empty_bpf__open_and_load();
	if (!skel) {
		fprintf(stderr, "empty: the kernel refuses the program; run as root\n");
		return 1;
	}
	LIBBPF_OPTS(bpf_uprobe_multi_opts, opts, .offsets = offsets, .cnt = count);
	began = ms();
	link = bpf_program__attach_uprobe_multi(skel->progs.empty, -1, argv[1], NULL, &opts);
	if (!link) {
		perror("empty: attach");
		empty_bpf__destroy(skel);
		return 1;
	}
	printf("attached %zu probes in %.3f ms\n", count, ms() - began);
	fflush(stdout);
	sigwait(&signals, &sig);
	began = ms();
	bpf_link__destroy(link);
	printf("detached in %.3f ms\n", ms() - began);
	empty_bpf__destroy(skel);
	return 0;
}
