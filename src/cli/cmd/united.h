/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * united: `ftrace report` of several recordings: what is asked of each, all together, by time.
 */
#ifndef FTRACE_CLI_CMD_UNITED_H
#define FTRACE_CLI_CMD_UNITED_H

struct options;

/* The exit status. */
int cmd_report_united(const struct options *opt);

#endif
