/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/options/row.h"
#include "sink/formats.h"

/* getopt_long() returns this plus the row's index. */
#define FIRST_CODE 256

#define INTERVAL_LEAST   100000000ull
#define MIN_WAIT_WATCHED 10000 /* ns */

static const struct option_row *row_of(int code)
{
	if (code >= FIRST_CODE && code < FIRST_CODE + (int)option_nrows)
		return &option_rows[code - FIRST_CODE];
	for (size_t i = 0; i < option_nrows; i++)
		if (option_rows[i].flag && option_rows[i].flag == code)
			return &option_rows[i];
	return NULL;
}

/* What getopt_long() could not make sense of. */
static int usage_error(int code, const char *word, struct error *err)
{
	const struct option_row *row = row_of(optopt);
	struct suggest suggest;
	char text[256];

	if (code == ':')
		return error_set(err, -EINVAL, "%.60s: needs a value; see 'ftrace -h'", word);
	if (row && !strncmp(word, "--", 2))
		return error_set(err, -EINVAL, "%.60s: takes no value; see 'ftrace -h'", word);
	if (strncmp(word, "--", 2) != 0)
		return error_set(err, -EINVAL, "-%c: unknown option; see 'ftrace -h'", optopt);
	suggest_init(&suggest, word + 2);
	for (size_t i = 0; i < option_nrows; i++)
		suggest_name(&suggest, option_rows[i].name);
	suggest_text(&suggest, text, sizeof(text));
	return error_set(err, -EINVAL, "%.60s: unknown option%s", word,
			 *text ? text : "; see 'ftrace -h'");
}

static int take(struct options *opt, const struct option_row *row, const char *value,
		struct error *err)
{
	int ret = row->take(opt, row, value, err);

	if (!ret)
		return 0;
	if (ret == -ENOMEM)
		return error_set(err, ret, "--%s: out of memory; use fewer options", row->name);
	if (!row->names)
		error_prefix(err, "--%s", row->name);
	return ret;
}

static int parse_flags(struct options *opt, int argc, char **argv, struct error *err)
{
	struct option longs[OPTION_ROWS_MAX + 1] = {0};
	char shorts[3 * OPTION_ROWS_MAX + 2] = ":";
	char *end = shorts + 1;
	int code;

	for (size_t i = 0; i < option_nrows; i++) {
		longs[i] = (struct option){option_rows[i].name, (int)option_rows[i].arg, NULL,
					   FIRST_CODE + (int)i};
		if (!option_rows[i].flag)
			continue;
		*end++ = option_rows[i].flag;
		if (option_rows[i].arg == VALUE)
			*end++ = ':';
	}
	*end = '\0';
	opterr = 0;
	optind = 0;
	while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const struct option_row *row = row_of(code);
		bool next = row && row->next && !optarg && optind < argc && row->next(argv[optind]);
		const char *value = next ? argv[optind++] : optarg;
		int ret =
			row ? take(opt, row, value, err) : usage_error(code, argv[optind - 1], err);

		if (ret)
			return ret;
	}
	return 0;
}

/* The words that are no options: recordings, or BINARY and rules. */
static int take_words(struct options *opt, char **words, size_t count, struct error *err)
{
	const struct command *command = opt->command;

	if (command->files) {
		opt->files = words;
		opt->nfiles = count;
		if (count > command->files)
			return error_set(err, -EINVAL, "%s: '%s' takes %s; leave it out",
					 words[command->files], command->name, command->alone);
		return 0;
	}
	if (!opt->exec && !options_name_processes(opt) && count) {
		opt->binary = words[0];
		words++;
		count--;
	}
	opt->rules = words;
	opt->nrules = count;
	if (command->alone && count)
		return error_set(err, -EINVAL, "%s: '%s' takes %s; name it alone", words[0],
				 command->name, command->alone);
	return 0;
}

/* Those whose words are not a program's: "-p, list or repair". */
static void add_startless(struct buf *text)
{
	buf_adds(text, "-p");
	for (size_t i = 0; i < ncommands; i++)
		if (!commands[i].starts)
			buf_addf(text, "%s%s", i + 1 < ncommands ? ", " : " or ", commands[i].name);
}

static int refuse_args(struct error *err)
{
	struct buf text = {0};

	add_startless(&text);
	error_set(err, -EINVAL, "--: arguments belong to a program that is started; leave out %s",
		  buf_str(&text));
	buf_release(&text);
	return -EINVAL;
}

static int take_args(struct options *opt, char **args, int count, struct error *err)
{
	if (options_name_processes(opt) || !opt->command->starts)
		return refuse_args(err);
	opt->argv = calloc((size_t)count + 2, sizeof(*opt->argv));
	if (!opt->argv)
		return error_set(err, -ENOMEM, "--: out of memory; give fewer arguments");
	opt->argv[0] = (char *)opt->binary;
	for (int i = 0; i < count; i++)
		opt->argv[i + 1] = args[i];
	return 0;
}

/* The option that starts a program. */
static const char *start_word(const struct options *opt)
{
	return !opt->package ? "exec" : opt->build_test ? "test" : "package";
}

static int check(struct options *opt, struct error *err)
{
	if (options_name_processes(opt) && opt->exec)
		return error_set(
			err, -EINVAL,
			"%s: it does not go with --%s; trace a running process or start one",
			opt->cgroup ? "--cgroup" : "-p", start_word(opt));
	if (opt->processes.count && opt->cgroup)
		return error_set(err, -EINVAL, "--cgroup: it does not go with -p; use one of them");
	if (opt->fault && opt->cgroup)
		return error_set(
			err, -EINVAL,
			"--fault: it does not go with --cgroup: what may wait cannot ask the "
			"kernel for the group; leave one of them out");
	if (opt->user && !opt->exec)
		return error_set(err, -EINVAL,
				 "--user: no program is started; say --exec, or leave it out");
	if ((opt->build_output || opt->has_build_flags) && !opt->package)
		return error_set(err, -EINVAL,
				 "--build-%s: nothing is built; use it with --package or --test",
				 opt->build_output ? "output" : "flags");
	if (!opt->binary && !options_name_processes(opt) && !opt->package &&
	    !opt->command->everywhere)
		return error_set(
			err, -EINVAL,
			"no program is named; give its path, -p PID or -p NAME (see 'ftrace -h')");
	if (opt->interval && opt->summary != SUMMARY_ONLY)
		return error_set(
			err, -EINVAL,
			"--interval: there is no table to write; use it with --summary=only");
	if (opt->interval && opt->interval < INTERVAL_LEAST)
		return error_set(err, -EINVAL,
				 "--interval: a table takes its time; give 100ms or more");
	if (opt->nfiles > 1 && opt->command->run == cmd_report && (opt->tui || opt->follow))
		return error_set(err, -EINVAL, "%s: takes one recording; leave '%s' out",
				 opt->tui ? "--tui" : "-f", opt->files[1]);
	if (opt->tui && (opt->output_given || opt->format))
		return error_set(err, -EINVAL, "--tui: it shows on the terminal; leave out %s",
				 opt->output_given ? "-o" : "--format");
	if (!opt->command->starts && opt->exec)
		return error_set(err, -EINVAL, "%s: it starts nothing; leave out --%s",
				 opt->command->name, start_word(opt));
	return 0;
}

/* Of --flight and what goes with it; the format is known by now. */
static int check_flight(const struct options *opt, struct error *err)
{
	if (!opt->flight)
		return !opt->nwhens && !opt->flight_size
			       ? 0
			       : error_set(err, -EINVAL,
					   "--%s: all is written as it comes; use it with --flight",
					   opt->nwhens ? "when" : "flight-size");
	if (!opt->nwhens)
		return error_set(err, -EINVAL,
				 "--flight: nothing says when to write; give --when 'GLOB: EXPR'");
	if (!opt->format->stream)
		return error_set(err, -EINVAL,
				 "--flight: --format %s is no stream; write ftrace, and make it of "
				 "that with 'ftrace report'",
				 opt->format->name);
	if (opt->summary != SUMMARY_NONE)
		return error_set(err, -EINVAL,
				 "--flight: a table would count what is not written; leave it to "
				 "'ftrace report --summary'");
	if (opt->hold_given)
		return error_set(err, -EINVAL,
				 "--flight: trees are kept whole; leave out --stream and --hold");
	return 0;
}

/* What a rule names is traced even when no -u does. */
static int parse_rules(struct options *opt, struct error *err)
{
	opt->parsed = calloc(opt->nrules + 1, sizeof(*opt->parsed));
	if (!opt->parsed)
		return error_set(err, -ENOMEM, "rules: out of memory; give fewer");
	for (size_t i = 0; i < opt->nrules; i++) {
		int ret;

		if (!strchr(opt->rules[i], '('))
			return error_set(
				err, -EINVAL,
				"%.60s: not a rule; a rule is FUNC(ITEM, ...), and arguments of "
				"the program go behind '--'",
				opt->rules[i]);
		opt->parsed[i] = rule_parse(opt->rules[i], (unsigned int)i + 1,
					    opt->values.limits.max_items, err);
		if (!opt->parsed[i])
			return err->code;
		ret = selection_add_glob(&opt->selection, opt->parsed[i]->func, false, err);
		if (ret)
			return ret;
	}
	opt->values.rules = opt->parsed;
	opt->values.nrules = opt->nrules;
	opt->values.filters = opt->filters;
	opt->values.nfilters = opt->nfilters;
	opt->values.whens = opt->whens;
	opt->values.nwhens = opt->nwhens;
	return 0;
}

/* What follows from what was given, and what was not. */
static int fill_in(struct options *opt, struct error *err)
{
	int ret = 0;

	if (opt->command->reads ? !selection_chooses(&opt->selection)
				: !opt->selection.nglobs && !opt->selection.nregexps) {
		opt->selected_by_default = true;
		ret = selection_add_glob(&opt->selection, opt->command->reads ? "*" : "main.*",
					 false, err);
	}
	/* What --when asks for is no choice by itself: it narrows nothing. */
	for (size_t i = 0; i < opt->nwhens && !ret; i++)
		ret = selection_add_glob(&opt->selection, opt->whens[i]->glob, false, err);
	if (opt->flight && !opt->flight_size)
		opt->flight_size = FLIGHT_SIZE;
	if (opt->command->records)
		opt->format = format_named("ftrace");
	if (opt->command->records && !opt->output_given) {
		opt->output = RECORD_NAME;
		opt->output_is_default = true;
	}
	if (!opt->format && opt->output)
		opt->format = format_of_file(opt->output);
	if (!opt->format)
		opt->format = &formats[0];
	if (opt->otlp && opt->summary == SUMMARY_ONLY && !opt->command->records)
		return error_set(err, -EINVAL,
				 "--otlp: a table has no calls to be sent; use --summary");
	if (opt->otlp_queue && !opt->otlp)
		return error_set(err, -EINVAL, "--otlp-queue: nothing waits without --otlp");
	if (opt->max_size && opt->format->ops != &sink_ftrace)
		return error_set(err, -EINVAL,
				 "--max-size: only recordings can be bounded; use 'ftrace record'");
	opt->values.limits.brief =
		opt->detail == DETAIL_OF_FORMAT ? opt->format->brief : opt->detail == DETAIL_BRIEF;
	/* Whoever reads along does not want to see each microsecond. */
	if (!opt->min_wait_given && opt->format->watched && !opt->tui &&
	    opt->summary != SUMMARY_ONLY)
		opt->min_wait = MIN_WAIT_WATCHED;
	if (!opt->hold_given && !opt->format->watched)
		opt->hold = TRACE_HOLD_NEVER;
	/* Calls that are not shown need no arguments and callers; results tell which of them failed. */
	if (opt->summary == SUMMARY_ONLY) {
		opt->hold = 0;
		opt->stack = 0;
		opt->values.errors = true;
		if (opt->values.args == VALUES_WHERE_POSSIBLE)
			opt->values.args = VALUES_NEVER;
	}
	opt->marks.goroutines = (opt->goroutines || opt->format->links || opt->otlp) &&
				(opt->summary != SUMMARY_ONLY || opt->command->records);
	opt->values.outcomes = opt->select.errors;
	for (size_t i = 0; i < opt->nfilters; i++)
		opt->values.outcomes |= opt->filters[i]->asks_error;
	for (size_t i = 0; i < opt->nwhens; i++)
		opt->values.outcomes |= opt->whens[i]->asks_error;
	opt->select.goids = opt->goids;
	opt->select.ngoids = opt->ngoids;
	return ret ? ret : check_flight(opt, err);
}

/* Up to the first `--`. */
static int count_own(int argc, char **argv)
{
	int own = argc > 0;

	while (own < argc && strcmp(argv[own], "--") != 0)
		own++;
	return own;
}

/* `help`, and of what. */
static int take_help(struct options *opt, char **words, size_t count, struct error *err)
{
	const struct command *command = count ? command_find(words[0]) : opt->command;
	struct buf names = {0};

	opt->help = true;
	if (count < 2 && command) {
		opt->command = command;
		return 0;
	}
	for (size_t i = 1; i < ncommands; i++)
		buf_addf(&names, "%s%s", i > 1 ? ", " : "", commands[i].name);
	error_set(err, -EINVAL, "help: '%.60s': no command; use one of %s", words[count > 1],
		  buf_str(&names));
	buf_release(&names);
	return err->code;
}

int options_parse(struct options *opt, int argc, char **argv, struct error *err)
{
	int own = count_own(argc, argv), ret;

	*opt = (struct options){
		.command = &commands[0],
		.ring_size = 8 << 20,
		.hold = 1000000000ull,
		.values.limits = fetch_default_limits,
		.detail = DETAIL_OF_FORMAT,
		.fail_above = -1,
	};
	*err = (struct error){0};
	ret = parse_flags(opt, own, argv, err);
	if (ret)
		return ret;
	/* Words stand behind the options now. */
	if (optind < own && command_find(argv[optind]))
		opt->command = command_find(argv[optind++]);
	if (opt->help || opt->version)
		return 0;
	if (opt->command == &commands[0] && optind < own && !strcmp(argv[optind], "help"))
		return take_help(opt, argv + optind + 1, (size_t)(own - optind - 1), err);
	ret = take_words(opt, argv + optind, (size_t)(own - optind), err);
	if (!ret && own < argc && opt->binary && opt->command->starts)
		opt->exec = true;
	if (!ret)
		ret = check(opt, err);
	if (!ret && (own < argc || opt->exec))
		ret = take_args(opt, argv + own + 1, own < argc ? argc - own - 1 : 0, err);
	if (!ret)
		ret = parse_rules(opt, err);
	return ret ? ret : fill_in(opt, err);
}

void options_release(struct options *opt)
{
	selection_release(&opt->selection);
	for (size_t i = 0; opt->parsed && i < opt->nrules; i++)
		rule_free(opt->parsed[i]);
	free(opt->parsed);
	for (size_t i = 0; i < opt->nfilters; i++)
		filter_free(opt->filters[i]);
	free(opt->filters);
	for (size_t i = 0; i < opt->nwhens; i++)
		filter_free(opt->whens[i]);
	free(opt->whens);
	free(opt->argv);
	words_release(&opt->build_flags);
	account_release(&opt->account);
	words_release(&opt->processes);
	words_release(&opt->events);
	event_types_release(&opt->found);
	free(opt->goids);
	free(opt->trim);
	*opt = (struct options){0};
}
