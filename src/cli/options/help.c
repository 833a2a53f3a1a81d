/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/buf.h"
#include "cli/commands.h"
#include "cli/options/row.h"

/* What one needs first. It is written by hand, and held against the table by a test. */
static const char summary[] =
	"ftrace: call trees of a running Go program, without rebuilding or stopping it\n"
	"\n"
	"  sudo ftrace -u 'main.*' ./main         every process of ./main, now or later\n"
	"  sudo ftrace -u 'http.*' -p caddy       by name or PID; --cgroup UNIT|CONTAINER\n"
	"  sudo ftrace -u main.add --exec ./main -- ARG   start it\n"
	"  sudo ftrace --package DIR|--test DIR [--user NAME]   build it, and start it\n"
	"  sudo ftrace record ./main; ftrace report [-f] [FILE]; ftrace diff A B\n"
	"  ftrace list ./main; sudo ftrace repair     what would be probed; what was left\n"
	"\n"
	"functions   -u GLOB, -r REGEXP  to trace (default 'main.*'); repeatable\n"
	"            -N GLOB  not these   -x  nothing vendored   --follow-calls N callees\n"
	"calls       -D GLOB             only trees below calls of these\n"
	"            --depth N           levels          --min-duration TIME  the longer\n"
	"            --goid N,N          goroutines      --sample N  one root call in N\n"
	"            --filter 'GLOB: EXPR'             whose arguments satisfy it\n"
	"values      -a, -R; --no-args, --no-results; --values brief|full; -s N callers\n"
	"inside      -w  waits, and where time went   --syscalls[=SET] --signals[=SET]\n"
	"            -e GROUP:NAME       events of the kernel\n"
	"table       --summary[=only]    per function; --histogram, --sort KEY\n"
	"output      -o FILE             (.zst: packed)  --format text|jsonl|html...\n"
	"            --stream, --hold TIME|never         calls as they happen\n"
	"            --timestamp WORD, --no-timestamp, --color WHEN, --fold, -P PREFIX\n"
	"ending      --duration TIME, --max-calls N, Ctrl-C, or with the program\n"
	"other       --max-overhead PERCENT, --buffer SIZE, -q -v -d -V -h; man ftrace\n";

/* Where the words begin that say what an option does. */
#define COLUMN 28

void option_add_value(struct buf *text, const struct option_row *row)
{
	if (row->arg == NONE)
		return;
	buf_adds(text, row->arg == OPTIONAL ? "[=" : " ");
	if (row->value)
		buf_adds(text, row->value);
	for (size_t i = 0; !row->value && row->words[i]; i++)
		buf_addf(text, "%s%s", i ? "|" : "", row->words[i]);
	buf_adds(text, row->arg == OPTIONAL ? "]" : "");
}

static void add_row(struct buf *text, const struct option_row *row)
{
	size_t begin = text->len;

	if (row->flag)
		buf_addf(text, "  -%c, --%s", row->flag, row->name);
	else
		buf_addf(text, "      --%s", row->name);
	option_add_value(text, row);
	/* A long one has a line of its own. */
	if (text->len - begin + 2 > COLUMN) {
		buf_addc(text, '\n');
		begin = text->len;
	}
	buf_addf(text, "%*s%s\n", (int)(COLUMN - (text->len - begin)), "", row->help);
}

const char *options_help(const struct command *command)
{
	static struct buf text;

	if (command == &commands[0])
		return summary;
	buf_reset(&text);
	buf_addf(&text, "ftrace %s %s\n  %s\n", command->name, command->synopsis, command->help);
	for (int group = 0; group < GROUPS; group++) {
		bool begun = false;

		for (size_t i = 0; i < option_nrows; i++) {
			const struct option_row *row = &option_rows[i];

			if ((int)row->group != group || !(row->commands & command->bit))
				continue;
			if (!begun)
				buf_addf(&text, "\n%s:\n", option_group_names[group]);
			begun = true;
			add_row(&text, row);
		}
	}
	return buf_str(&text);
}
