/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options/option_rows.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <ftrace/fetch.h>
#include <ftrace/record.h>

#include "base/units.h"
#include "base/vec.h"
#include "plan/callgraph.h"

static int number(const char *value, uint64_t low, uint64_t high, uint64_t *to, struct error *err)
{
	uint64_t n;

	if (units_number(value, strlen(value), 10, &n) || n < low || n > high)
		return error_set(err, -EINVAL, "'%.60s': not a number from %llu to %llu; give one",
				 value, (unsigned long long)low, (unsigned long long)high);
	*to = n;
	return 0;
}

/* Numbers between commas, each handed to `each`. */
static int number_list(const char *value, uint64_t high, struct options *opt,
		       int (*each)(struct options *, uint64_t), struct error *err)
{
	const char *at = value;

	do {
		size_t len = strcspn(at, ",");
		uint64_t n;

		if (units_number(at, len, 10, &n) || !n || n > high)
			return error_set(
				err, -EINVAL,
				"'%.60s': '%.*s' is not a number from 1 to %llu; give numbers "
				"separated by commas",
				value, len < 60 ? (int)len : 60, at, (unsigned long long)high);
		if (each(opt, n))
			return error_set(err, -ENOMEM, "out of memory; give fewer numbers");
		at += len;
	} while (*at++ == ',');
	return 0;
}

static int take_uprobe(struct options *opt, const char *value, struct error *err)
{
	return selection_add_glob(&opt->selection, value, false, err);
}

static int take_regexp(struct options *opt, const char *value, struct error *err)
{
	return selection_add_regexp(&opt->selection, value, err);
}

static int take_notrace(struct options *opt, const char *value, struct error *err)
{
	return selection_add_excluded(&opt->selection, value, err);
}

static int take_exclude_vendor(struct options *opt, const char *value, struct error *err)
{
	(void)value, (void)err;
	opt->selection.exclude_vendor = true;
	return 0;
}

static int take_follow_calls(struct options *opt, const char *value, struct error *err)
{
	uint64_t n;
	int ret = number(value, 1, CALLGRAPH_LEVELS, &n, err);

	if (!ret)
		opt->selection.follow = (unsigned int)n;
	return ret;
}

static int take_drilldown(struct options *opt, const char *value, struct error *err)
{
	opt->select.drill = true;
	return selection_add_glob(&opt->selection, value, true, err);
}

static int take_depth(struct options *opt, const char *value, struct error *err)
{
	uint64_t n;
	int ret = number(value, 1, UINT32_MAX, &n, err);

	if (!ret)
		opt->select.depth = (uint32_t)n;
	return ret;
}

static int take_min_duration(struct options *opt, const char *value, struct error *err)
{
	return units_time(value, strlen(value), true, &opt->select.min_duration, err);
}

static int add_goid(struct options *opt, uint64_t goid)
{
	uint64_t *slot = vec_push(&opt->goids, &opt->ngoids, &opt->capgoids);

	if (!slot)
		return -ENOMEM;
	*slot = goid;
	return 0;
}

static int take_goid(struct options *opt, const char *value, struct error *err)
{
	return number_list(value, UINT64_MAX, opt, add_goid, err);
}

static int take_sample(struct options *opt, const char *value, struct error *err)
{
	return number(value, 1, UINT32_MAX, &opt->select.sample, err);
}

static int take_max_calls(struct options *opt, const char *value, struct error *err)
{
	return number(value, 1, INT64_MAX, &opt->select.max_calls, err);
}

static int bound(const char *value, uint64_t low, uint64_t high, uint32_t *to, struct error *err)
{
	uint64_t n;
	int ret = number(value, low, high, &n, err);

	if (!ret)
		*to = (uint32_t)n;
	return ret;
}

static int take_stack(struct options *opt, const char *value, struct error *err)
{
	return bound(value, 1, FT_CALLERS_MAX, &opt->stack, err);
}

static int take_max_string(struct options *opt, const char *value, struct error *err)
{
	return bound(value, 1, FT_VALUES_MAX / 2, &opt->values.limits.max_string, err);
}

static int take_max_elems(struct options *opt, const char *value, struct error *err)
{
	return bound(value, 0, 64, &opt->values.limits.max_elems, err);
}

static int take_max_depth(struct options *opt, const char *value, struct error *err)
{
	return bound(value, 0, 16, &opt->values.limits.max_depth, err);
}

static int take_max_items(struct options *opt, const char *value, struct error *err)
{
	return bound(value, 1, 128, &opt->values.limits.max_items, err);
}

static int take_max_bytes(struct options *opt, const char *value, struct error *err)
{
	uint64_t bytes;
	int ret = units_size(value, strlen(value), false, &bytes, err);

	if (ret)
		return ret;
	if (bytes < 512 || bytes > FT_VALUES_MAX)
		return error_set(err, -EINVAL, "'%s': not from 512 to 4K; use the default, 4K",
				 value);
	opt->values.limits.max_bytes = (uint32_t)bytes;
	return 0;
}

static int take_filter(struct options *opt, const char *value, struct error *err)
{
	struct filter *filter = filter_parse(value, (unsigned int)opt->nfilters + 1, err);
	struct filter **slot;

	if (!filter)
		return err->code;
	slot = vec_push(&opt->filters, &opt->nfilters, &opt->capfilters);
	if (!slot) {
		filter_free(filter);
		return -ENOMEM;
	}
	*slot = filter;
	return selection_add_glob(&opt->selection, filter->glob, false, err);
}

static int take_args(struct options *opt, const char *value, struct error *err)
{
	(void)value, (void)err;
	opt->values.args = VALUES_ALWAYS;
	return 0;
}

static int take_no_args(struct options *opt, const char *value, struct error *err)
{
	(void)value, (void)err;
	opt->values.args = VALUES_NEVER;
	return 0;
}

static int take_results(struct options *opt, const char *value, struct error *err)
{
	(void)value, (void)err;
	opt->values.results = VALUES_ALWAYS;
	return 0;
}

static int take_no_results(struct options *opt, const char *value, struct error *err)
{
	(void)value, (void)err;
	opt->values.results = VALUES_NEVER;
	return 0;
}

static int add_pid(struct options *opt, uint64_t pid)
{
	pid_t *slot;

	for (size_t i = 0; i < opt->npids; i++)
		if (opt->pids[i] == (pid_t)pid)
			return 0;
	slot = vec_push(&opt->pids, &opt->npids, &opt->cappids);
	if (!slot)
		return -ENOMEM;
	*slot = (pid_t)pid;
	return 0;
}

static int take_pid(struct options *opt, const char *value, struct error *err)
{
	return number_list(value, INT_MAX, opt, add_pid, err);
}

static int take_exec(struct options *opt, const char *value, struct error *err)
{
	if (!*value)
		return error_set(err, -EINVAL, "'': no program is named; give its path");
	if (opt->exec)
		return error_set(err, -EINVAL, "'%s': a second program; start one at a time",
				 value);
	opt->exec = true;
	opt->binary = value;
	return 0;
}

static int take_trim(struct options *opt, const char *value, struct error *err)
{
	char **slot = vec_push(&opt->trim, &opt->ntrim, &opt->captrim);

	if (!slot)
		return error_set(err, -ENOMEM, "out of memory; give fewer prefixes");
	*slot = (char *)value;
	return 0;
}

int option_word(const char *value, const char *const *words, struct error *err)
{
	char all[256] = "";

	for (int i = 0; words[i]; i++) {
		if (!strcmp(value, words[i]))
			return i;
		strncat(all, i ? ", " : "", sizeof(all) - strlen(all) - 1);
		strncat(all, words[i], sizeof(all) - strlen(all) - 1);
	}
	return error_set(err, -EINVAL, "'%.60s': unknown; use one of %s", value, all);
}

static int take_timestamp(struct options *opt, const char *value, struct error *err)
{
	static const char *const words[] = {
		[SINK_TIME_OF_DAY] = "time",
		[SINK_TIME_DATE] = "date",
		[SINK_TIME_RELATIVE] = "relative",
		[SINK_TIME_UNIX] = "unix",
		NULL,
	};
	int got = option_word(value, words, err);

	if (got < 0)
		return got;
	opt->time = (enum sink_time)got;
	return 0;
}

static int take_no_timestamp(struct options *opt, const char *value, struct error *err)
{
	(void)value, (void)err;
	opt->time = SINK_TIME_NONE;
	return 0;
}

static int take_output(struct options *opt, const char *value, struct error *err)
{
	if (!*value)
		return error_set(err, -EINVAL, "'': no file is named; give its path");
	opt->output = value;
	return 0;
}

static int take_format(struct options *opt, const char *value, struct error *err)
{
	static const char *const words[] = {"text", "jsonl", NULL};
	int got = option_word(value, words, err);

	if (got < 0)
		return got;
	opt->jsonl = got;
	return 0;
}

static int take_color(struct options *opt, const char *value, struct error *err)
{
	static const char *const words[] = {"auto", "always", "never", NULL};
	int got = option_word(value, words, err);

	if (got < 0)
		return got;
	opt->color = (enum color)got;
	return 0;
}

static int take_buffer(struct options *opt, const char *value, struct error *err)
{
	uint64_t bytes;
	int ret = units_size(value, strlen(value), false, &bytes, err);

	if (ret)
		return ret;
	if (bytes > (uint64_t)1 << 31)
		return error_set(err, -EINVAL,
				 "'%.60s': more than the kernel takes; use at most 2G", value);
	opt->ring_size = bytes;
	return 0;
}

static int take_duration(struct options *opt, const char *value, struct error *err)
{
	return units_time(value, strlen(value), false, &opt->duration, err);
}

static int take_hold(struct options *opt, const char *value, struct error *err)
{
	opt->hold_given = true;
	if (!strcmp(value, "never")) {
		opt->hold = TRACE_HOLD_NEVER;
		return 0;
	}
	/* The one TIME that may be a bare 0: it is what --stream says. */
	if (!strcmp(value, "0")) {
		opt->hold = 0;
		return 0;
	}
	return units_time(value, strlen(value), true, &opt->hold, err);
}

static int take_stream(struct options *opt, const char *value, struct error *err)
{
	(void)value, (void)err;
	opt->hold_given = true;
	opt->hold = 0;
	return 0;
}

static int take_max_overhead(struct options *opt, const char *value, struct error *err)
{
	char *end;

	opt->max_overhead = strtod(value, &end);
	/* Written so that it is false for what is no number. */
	if (!strspn(value, "0123456789.") || *end ||
	    !(opt->max_overhead > 0 && opt->max_overhead < 100))
		return error_set(err, -EINVAL,
				 "'%.60s': not a percentage between 0 and 100; give one", value);
	return 0;
}

#define TAKE_FLAG(field)                                                                   \
	static int take_##field(struct options *opt, const char *value, struct error *err) \
	{                                                                                  \
		(void)value, (void)err;                                                    \
		opt->field = true;                                                         \
		return 0;                                                                  \
	}

TAKE_FLAG(quiet)
TAKE_FLAG(verbose)
TAKE_FLAG(debug)
TAKE_FLAG(fault)
TAKE_FLAG(no_emulate)
TAKE_FLAG(many)
TAKE_FLAG(help)
TAKE_FLAG(version)

/* The default, and the last of the two counts. */
static int take_no_fault(struct options *opt, const char *value, struct error *err)
{
	(void)value, (void)err;
	opt->fault = false;
	return 0;
}

const struct option_row option_rows[] = {
	{"uprobe", 'u', VALUE, take_uprobe},
	{"regexp", 'r', VALUE, take_regexp},
	{"notrace", 'N', VALUE, take_notrace},
	{"exclude-vendor", 'x', NONE, take_exclude_vendor},
	{"follow-calls", 0, VALUE, take_follow_calls},
	{"drilldown", 'D', VALUE, take_drilldown},
	{"depth", 0, VALUE, take_depth},
	{"min-duration", 0, VALUE, take_min_duration},
	{"goid", 0, VALUE, take_goid},
	{"sample", 0, VALUE, take_sample},
	{"max-calls", 0, VALUE, take_max_calls},
	{"pid", 'p', VALUE, take_pid},
	{"exec", 0, VALUE, take_exec},
	{"package", 0, VALUE, take_package},
	{"test", 0, VALUE, take_test},
	{"build-output", 0, VALUE, take_build_output},
	{"build-flags", 0, VALUE, take_build_flags},
	{"user", 0, VALUE, take_user},
	{"filter", 0, VALUE, take_filter},
	{"args", 'a', NONE, take_args},
	{"no-args", 0, NONE, take_no_args},
	{"results", 'R', NONE, take_results},
	{"no-results", 0, NONE, take_no_results},
	{"max-string", 0, VALUE, take_max_string},
	{"max-elems", 0, VALUE, take_max_elems},
	{"max-depth", 0, VALUE, take_max_depth},
	{"max-items", 0, VALUE, take_max_items},
	{"max-bytes", 0, VALUE, take_max_bytes},
	{"fault", 0, NONE, take_fault},
	{"no-fault", 0, NONE, take_no_fault},
	{"no-emulate", 0, NONE, take_no_emulate},
	{"many", 0, NONE, take_many},
	{"max-overhead", 0, VALUE, take_max_overhead},
	{"stack", 's', VALUE, take_stack},
	{"summary", 0, OPTIONAL, take_summary},
	{"histogram", 0, NONE, take_histogram},
	{"sort", 0, VALUE, take_sort},
	{"trim-prefix", 'P', VALUE, take_trim},
	{"timestamp", 0, VALUE, take_timestamp},
	{"no-timestamp", 0, NONE, take_no_timestamp},
	{"output", 'o', VALUE, take_output},
	{"format", 0, VALUE, take_format},
	{"color", 0, VALUE, take_color},
	{"buffer", 0, VALUE, take_buffer},
	{"duration", 0, VALUE, take_duration},
	{"hold", 0, VALUE, take_hold},
	{"stream", 0, NONE, take_stream},
	{"quiet", 'q', NONE, take_quiet},
	{"verbose", 'v', NONE, take_verbose},
	{"debug", 'd', NONE, take_debug},
	{"version", 'V', NONE, take_version},
	{"help", 'h', NONE, take_help},
};

const size_t option_nrows = sizeof(option_rows) / sizeof(option_rows[0]);

/* options.c keeps getopt_long()'s form of them on the stack. */
_Static_assert(sizeof(option_rows) / sizeof(option_rows[0]) <= OPTION_ROWS_MAX, "one more row");
