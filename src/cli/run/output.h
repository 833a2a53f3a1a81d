/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * output: what the file of -o must not be: an executable that is traced, by whatever name, or ftrace itself.
 */
#ifndef FTRACE_CLI_RUN_OUTPUT_H
#define FTRACE_CLI_RUN_OUTPUT_H

#include "base/place.h"
#include "cli/target/target.h"

/* The check, for outlet_open(); `targets` must live as long. */
struct place_check output_check(struct targets *targets);

/* Whether that path leads to the executable of this process. */
bool output_is_ftrace(const char *path);

#endif
