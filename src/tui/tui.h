/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tui: a recording on a terminal, to walk through: `ftrace report --tui`.
 *
 * It reads the blocks that it shows. What has to be known of all of them (the slowest call, the table) is read when it is asked
 * for, and can be broken off.
 */
#ifndef FTRACE_TUI_TUI_H
#define FTRACE_TUI_TUI_H

#include <stdbool.h>

#include "base/error.h"
#include "call/sink.h"
#include "recording/recording.h"

/*
 * Shows the recording, which can be read at any place, until the person at the terminal has seen enough. `config`: of the text
 * output; its outlet, width and height are not looked at. `table`: it begins with the table of functions. `name` is the file's.
 * `damage`: what was missing, as far as it was looked at. 0, or a negative errno with `err` filled: -ENOTTY where there is no
 * terminal that can show it, -ESPIPE when it cannot be read at any place.
 */
int tui_run(struct recording *recording, const char *name, const struct sink_config *config,
	    bool table, struct recording_damage *damage, struct error *err);

#endif
