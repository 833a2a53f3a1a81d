/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/vec.h"
#include "cli/options/option_rows.h"

/* getopt_long() returns this plus the row's index. */
#define FIRST_CODE 256

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
	int ret = row->take(opt, value, err);

	if (!ret)
		return 0;
	if (ret == -ENOMEM)
		return error_set(err, ret, "--%s: out of memory; use fewer options", row->name);
	/* Patterns and filters say themselves where they came by. */
	if (err->text[0] == '-' || !strncmp(err->text, "filter ", 7))
		return ret;
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
		int ret = row ? take(opt, row, optarg, err)
			      : usage_error(code, argv[optind - 1], err);

		if (ret)
			return ret;
	}
	return 0;
}

/* The words that are no options: BINARY and rules. */
static int take_words(struct options *opt, char **words, size_t count, struct error *err)
{
	if (!opt->exec && !opt->npids && count) {
		opt->binary = words[0];
		words++;
		count--;
	}
	opt->rules = words;
	opt->nrules = count;
	if (opt->list && count)
		return error_set(err, -EINVAL, "%s: 'list' takes one program; name it alone",
				 words[0]);
	if (opt->repair && count)
		return error_set(err, -EINVAL,
				 "%s: 'repair' takes one program, or -p; name it alone", words[0]);
	return 0;
}

static int take_command(struct options *opt, char **args, int count, struct error *err)
{
	if (opt->npids || opt->list || opt->repair)
		return error_set(err, -EINVAL,
				 "--: arguments belong to a program that is started; "
				 "leave out -p, list or repair");
	opt->command = calloc((size_t)count + 2, sizeof(*opt->command));
	if (!opt->command)
		return error_set(err, -ENOMEM, "--: out of memory; give fewer arguments");
	opt->command[0] = (char *)opt->binary;
	for (int i = 0; i < count; i++)
		opt->command[i + 1] = args[i];
	return 0;
}

/* The option that starts a program. */
static const char *start_word(const struct options *opt)
{
	return !opt->package ? "exec" : opt->build_test ? "test" : "package";
}

static int check(struct options *opt, struct error *err)
{
	if (opt->npids && opt->exec)
		return error_set(
			err, -EINVAL,
			"-p: it does not go with --%s; trace a running process or start one",
			start_word(opt));
	if (opt->user && !opt->exec)
		return error_set(err, -EINVAL,
				 "--user: no program is started; say --exec, or leave it out");
	if ((opt->build_output || opt->has_build_flags) && !opt->package)
		return error_set(err, -EINVAL,
				 "--build-%s: nothing is built; use it with --package or --test",
				 opt->build_output ? "output" : "flags");
	if (!opt->binary && !opt->npids && !opt->package && !opt->repair)
		return error_set(err, -EINVAL,
				 "no program is named; give its path, or -p PID (see 'ftrace -h')");
	if (opt->list && opt->exec)
		return error_set(err, -EINVAL, "list: it starts nothing; leave out --%s",
				 start_word(opt));
	if (opt->repair && opt->exec)
		return error_set(err, -EINVAL, "repair: it starts nothing; leave out --%s",
				 start_word(opt));
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
	return 0;
}

int options_parse(struct options *opt, int argc, char **argv, struct error *err)
{
	int own = argc, ret;

	*opt = (struct options){
		.ring_size = 8 << 20,
		.hold = 1000000000ull,
		.values.limits = fetch_default_limits,
	};
	*err = (struct error){0};
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--")) {
			own = i;
			break;
		}
	ret = parse_flags(opt, own, argv, err);
	if (ret || opt->help || opt->version)
		return ret;
	/* Words stand behind the options now. */
	if (optind < own && !strcmp(argv[optind], "list")) {
		opt->list = true;
		optind++;
	} else if (optind < own && !strcmp(argv[optind], "repair")) {
		opt->repair = true;
		optind++;
	}
	ret = take_words(opt, argv + optind, (size_t)(own - optind), err);
	if (!ret && own < argc && opt->binary && !opt->list && !opt->repair)
		opt->exec = true;
	if (!ret)
		ret = check(opt, err);
	if (!ret && (own < argc || opt->exec))
		ret = take_command(opt, argv + own + 1, own < argc ? argc - own - 1 : 0, err);
	if (!ret)
		ret = parse_rules(opt, err);
	if (!ret && !opt->selection.nglobs && !opt->selection.nregexps) {
		opt->selected_by_default = true;
		ret = selection_add_glob(&opt->selection, "main.*", false, err);
	}
	if (!opt->hold_given && opt->jsonl)
		opt->hold = TRACE_HOLD_NEVER;
	/* Calls that are not shown need no arguments and callers; results tell which of them failed. */
	if (opt->summary == SUMMARY_ONLY) {
		opt->hold = 0;
		opt->stack = 0;
		opt->values.errors = true;
		if (opt->values.args == VALUES_WHERE_POSSIBLE)
			opt->values.args = VALUES_NEVER;
	}
	opt->select.goids = opt->goids;
	opt->select.ngoids = opt->ngoids;
	return ret;
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
	free(opt->command);
	words_release(&opt->build_flags);
	account_release(&opt->account);
	free(opt->pids);
	free(opt->goids);
	free(opt->trim);
	*opt = (struct options){0};
}
