/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `ftrace record`: traces into a recording. Without -o that is ftrace.data, and one that is there becomes ftrace.data.old.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/chatter.h"
#include "cli/commands.h"
#include "cli/options/options.h"

#define OLD ".old"

int cmd_record(struct options *opt, const struct inherited *given)
{
	struct error err = {0};

	if (opt->output_is_default && rename(opt->output, RECORD_NAME OLD) && errno != ENOENT) {
		error_set(&err, -errno, "%s: it cannot be renamed to %s: %s; use -o FILE",
			  opt->output, RECORD_NAME OLD, strerror(errno));
		chatter_error(&err);
		return 1;
	}
	return cmd_trace(opt, given);
}
