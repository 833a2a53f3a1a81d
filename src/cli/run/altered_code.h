/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * altered_code: what else changes the code that is traced: killed tracers, the program itself, debuggers.
 *
 * Before the probes are put in, every process that runs one of the files is looked at: breakpoints that a killed
 * tracer left are taken away, functions whose bytes are not the file's (a test library that patches them) are
 * taken out of the plan, and a debugger is said. When the probes have gone it is looked at again: a traced function
 * that the program overwrote meanwhile is named, since it may have saved a breakpoint with the old bytes.
 *
 * Processes that start later are not looked at: their code is the file's when the kernel puts the probes in. What a
 * program patches while it is traced cannot be prevented; docs/safety.md says what comes of it.
 */
#ifndef FTRACE_CLI_RUN_ALTERED_CODE_H
#define FTRACE_CLI_RUN_ALTERED_CODE_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/options/options.h"
#include "cli/target/target.h"

struct keeper;

/* Tells on stderr what it did. 0, or a negative errno with `err` filled: -ENODATA when no function is left. */
int altered_code_before(const struct options *opt, struct targets *targets, struct keeper *keeper,
			bool multi, struct error *err);

/* Likewise, when nothing is attached any more. Needs no more than CAP_SYS_PTRACE. */
void altered_code_after(const struct options *opt, struct targets *targets);

#endif
