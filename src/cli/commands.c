/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/commands.h"

#include <string.h>

const struct command commands[] = {
	{
		.name = "trace",
		.bit = COMMAND_TRACE,
		.synopsis = "[OPTION]... BINARY|-p WHO|--exec BINARY [RULE]... [-- ARG...]",
		.help = "call trees of a running Go program, without rebuilding or stopping it",
		.starts = true,
		.run = cmd_trace,
	},
	{
		.name = "record",
		.bit = COMMAND_RECORD,
		.synopsis = "[OPTION]... BINARY|-p WHO|--exec BINARY [RULE]... [-- ARG...]",
		.help = "traces into a file, to look at later",
		.starts = true,
		.records = true,
		.run = cmd_record,
	},
	{
		.name = "report",
		.bit = COMMAND_REPORT,
		.synopsis = "[OPTION]... [FILE|-]...",
		.help = "shows such a file, or several together",
		.everywhere = true,
		.reads = true,
		.files = COMMAND_FILES,
		.alone = "fewer recordings",
		.run = cmd_report,
	},
	{
		.name = "diff",
		.bit = COMMAND_DIFF,
		.synopsis = "[OPTION]... [[BEFORE] AFTER]",
		.help = "what became slower from one to the other, function by function",
		.everywhere = true,
		.reads = true,
		.files = 2,
		.alone = "two recordings",
		.run = cmd_diff,
	},
	{
		.name = "list",
		.bit = COMMAND_LIST,
		.synopsis = "[OPTION]... BINARY|-p WHO",
		.help = "what would be probed, what not and why",
		.explains = true,
		.alone = "one program",
		.run = cmd_list,
	},
	{
		.name = "repair",
		.bit = COMMAND_REPAIR,
		.synopsis = "[-p PID|BINARY]",
		.help = "what a killed tracer left in programs",
		.everywhere = true,
		.alone = "one program, or -p",
		.run = cmd_repair,
	},
};

const size_t ncommands = sizeof(commands) / sizeof(commands[0]);

const struct command *command_find(const char *word)
{
	for (size_t i = 1; i < ncommands; i++)
		if (!strcmp(commands[i].name, word))
			return &commands[i];
	return NULL;
}
