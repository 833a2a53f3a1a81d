/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * process: one run of an executable. Belongs to whoever made the calls.
 */
#ifndef FTRACE_CALL_PROCESS_H
#define FTRACE_CALL_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

struct process {
	uint32_t pid;   /* as ftrace's own PID namespace has it */
	uint32_t nspid; /* as the target's has it, 0 when it is the same */
	uint32_t run;   /* another number for each program that a PID has run, from 1; 0: not known */
	uint64_t bias;  /* load bias of the executable */
	uint32_t image; /* its executable's id in the catalog */
	const char *host; /* of several recordings together: where it ran; else NULL */
	char *exe;      /* what /proc/PID/exe said */
	const char *go; /* version, the image's */
	const char *build_id;
	bool whole;     /* traced from its first instruction: no call began before */
	bool announced; /* the sink has it */
};

#endif
