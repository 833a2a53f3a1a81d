/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options/options.h"

static const char help[] =
	"ftrace: call trees of a running Go program, without rebuilding or stopping it\n"
	"\n"
	"  sudo ftrace -u 'main.*' ./main         every process of ./main, now or later\n"
	"  sudo ftrace -u 'net/http.*' -p 412     one process\n"
	"  sudo ftrace -u main.add --exec ./main -- ARG   start it\n"
	"  sudo ftrace --package DIR|--test DIR [--user NAME]   build it, and start it\n"
	"  ftrace list -u 'main.*' ./main         what would be probed, what not and why\n"
	"  sudo ftrace repair                     what a killed tracer left in programs\n"
	"\n"
	"functions   -u GLOB, -r REGEXP  to trace (default 'main.*'); repeatable\n"
	"            -N GLOB  not these   -x  nothing vendored   --follow-calls N callees\n"
	"calls       -D GLOB             only trees below calls of these\n"
	"            --depth N           levels          --min-duration TIME  the longer\n"
	"            --goid N,N          goroutines      --sample N  one root call in N\n"
	"            --filter 'GLOB: EXPR'             whose arguments satisfy it\n"
	"values      -a, -R; not: --no-args, --no-results     -s N  callers of root calls\n"
	"table       --summary[=only]    per function: calls, errors, times; --histogram\n"
	"            --sort KEY          total, calls, self, avg, p99, errors, name ...\n"
	"output      -o FILE             (.zst: packed)  --format text|jsonl\n"
	"            --stream, --hold TIME|never         calls as they happen\n"
	"            --timestamp time|date|relative|unix, --no-timestamp, --color WHEN\n"
	"            -P PREFIX           left off function names\n"
	"ending      --duration TIME, --max-calls N, Ctrl-C, or with the program\n"
	"other       --max-overhead PERCENT, --buffer SIZE, -q -v -d -V -h; man ftrace\n";

const char *options_help(void)
{
	return help;
}
