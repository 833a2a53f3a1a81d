/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exit_status: what ftrace ends with. Where it starts a program, a status of its own has to be told from the program's:
 * as env(1), nohup(1) and timeout(1) have it.
 */
#ifndef FTRACE_CLI_EXIT_STATUS_H
#define FTRACE_CLI_EXIT_STATUS_H

#define STATUS_FAILED 1
#define STATUS_USAGE  2
/* Something failed in ftrace, before the program ran or meanwhile. */
#define STATUS_NOT_STARTED 125
/* The program is there. */
#define STATUS_NOT_EXECUTED 126
#define STATUS_NOT_FOUND    127
#define STATUS_SIGNAL(sig)  (128 + (sig))

#endif
