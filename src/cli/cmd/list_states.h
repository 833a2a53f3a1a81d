/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * list_states: where goroutines change their states, the places that --waits puts probes on.
 *
 *     STATE CHANGES         OFFSET  PROBE    CHANGE
 *     runtime.casgstatus       145  cheap    any
 *     runtime.exitsyscall      142  cheap    syscall to running
 *
 *     {"type":"state","func":"runtime.exitsyscall","offset":142,"probe":"cheap","from":"syscall","to":"running"}
 *
 * OFFSET is in bytes from the function's entry; what is cheap list_lines.h says. A state that only the registers know when
 * the probe is hit is "any", and left out in JSON.
 */
#ifndef FTRACE_CLI_CMD_LIST_STATES_H
#define FTRACE_CLI_CMD_LIST_STATES_H

#include "cli/cmd/list_lines.h"

/* Both write nothing where the plan has no such places. 0 or the outlet's negative errno. */
int list_states_text(const struct list_config *config);
int list_states_jsonl(const struct list_config *config);

#endif
