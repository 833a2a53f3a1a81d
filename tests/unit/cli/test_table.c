/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of options: each row is taken by the parser, and is in the help of its commands and in the man page.
 */
#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "cli/commands.h"
#include "cli/options/row.h"
#include "cli/options/take.h"
#include "sink/formats.h"

/* A value that each takes, by what the help calls it. */
static const char *value_of(const struct option_row *row)
{
	static const struct {
		const char *called, *value;
	} values[] = {
		{"GLOB", "main.f"},
		{"REGEXP", "f"},
		{"'GLOB: EXPR'", "main.f: n > 1"},
		{"TIME", "1s"},
		{"WHEN", "12:28"},
		{"SIZE", "4K"},
		{"URL", "http://c"},
		{"TIME|never", "never"},
		{"KEY", "calls"},
		{"FILE", "x"},
		{"PREFIX", "x"},
		{"BINARY", "x"},
		{"DIR", "x"},
		{"FLAGS", "-v"},
		{"NAME", "root"},
		{"PERCENT", "2.5"},
		{"N", "1"},
		{"N[,N]...", "1"},
		{"WHO[,WHO]...", "1"},
		{"WHERE", "x"},
		{"SET", "all"},
		{"GROUP:NAME", "sched:sched_switch"},
	};

	if (row->words)
		return row->words[0];
	if (!strcmp(row->name, "flight-size"))
		return "1M";
	/* Of a file it is more than of a record. */
	if (!strcmp(row->name, "max-size"))
		return "64K";
	if (!strcmp(row->name, "otlp-queue"))
		return "1M";
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (!strcmp(values[i].called, row->value))
			return values[i].value;
	fail_msg("--%s: nothing is known of %s", row->name, row->value);
	return NULL;
}

/* One option, and what it needs besides. The struct is the caller's to release when it returns 0. */
static int parse(struct options *opt, const char *word, const char *value, struct error *err)
{
	const char *argv[] = {"ftrace", "prog", "-q", word, value, NULL, NULL};
	int argc = value ? 5 : 4, ret;

	/* These name the program, or are of one that is built. */
	if (strstr(word, "-p") == word || strstr(word, "--pid") || strstr(word, "--exec") ||
	    strstr(word, "--package") || strstr(word, "--test") || strstr(word, "--cgroup"))
		argv[1] = "-q";
	else if (strstr(word, "--build-"))
		argv[1] = "--package=x";
	else if (strstr(word, "--user"))
		argv[1] = "--exec=x";
	else if (strstr(word, "--max-size"))
		argv[2] = "--format=ftrace";
	else if (strstr(word, "--interval"))
		argv[2] = "--summary=only";
	else if (strstr(word, "--otlp-queue"))
		argv[2] = "--otlp";
	else if (strstr(word, "--when"))
		argv[2] = "--flight=1s";
	else if (strstr(word, "--flight"))
		argv[2] = "--when=main.f: true";
	if (strstr(word, "--flight-size="))
		argv[argc++] = "--flight=1s";
	ret = options_parse(opt, argc, (char **)argv, err);
	if (ret)
		options_release(opt);
	return ret;
}

static int parse_row(struct options *opt, const struct option_row *row, const char *value,
		     struct error *err)
{
	char word[128];

	snprintf(word, sizeof(word), "--%s%s%s", row->name, value ? "=" : "", value ? value : "");
	return parse(opt, word, NULL, err);
}

static void test_each_is_parsed(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_nrows; i++) {
		const struct option_row *row = &option_rows[i];
		const char *value = row->arg == NONE ? NULL : value_of(row);
		char flag[] = {'-', row->flag, '\0'};
		struct options opt;
		struct error err;

		if (parse_row(&opt, row, value, &err))
			fail_msg("--%s: %s", row->name, err.text);
		options_release(&opt);
		if (row->flag) {
			if (parse(&opt, flag, value, &err))
				fail_msg("%s: %s", flag, err.text);
			options_release(&opt);
		}
		if (row->arg == VALUE) {
			assert_int_equal(parse_row(&opt, row, NULL, &err), -EINVAL);
			assert_non_null(strstr(err.text, "needs a value"));
		}
		if (row->arg == NONE) {
			assert_int_equal(parse_row(&opt, row, "x", &err), -EINVAL);
			assert_non_null(strstr(err.text, "takes no value"));
		}
	}
}

/* What is where the row says, or UINT64_MAX when the row does not say it. */
static uint64_t at_destination(const struct options *opt, const struct option_row *row)
{
	const char *at = (const char *)opt + row->to;

	if (row->take == option_true || row->take == option_false)
		return *(const bool *)at;
	if (row->take == option_set || row->take == option_enum || row->take == option_number32)
		return *(const uint32_t *)at;
	if (row->take == option_number || row->take == option_time)
		return *(const uint64_t *)at;
	return UINT64_MAX;
}

static void holds(const struct option_row *row, const char *value, uint64_t expected)
{
	struct options opt;
	struct error err;

	if (parse_row(&opt, row, value, &err))
		fail_msg("--%s: %s", row->name, err.text);
	if (at_destination(&opt, row) != expected)
		fail_msg("--%s %s: not there", row->name, value ? value : "");
	options_release(&opt);
}

static void refuses(const struct option_row *row, const char *value)
{
	struct options opt;
	struct error err;

	if (!parse_row(&opt, row, value, &err))
		fail_msg("--%s %s: taken", row->name, value);
	assert_non_null(strstr(err.text, row->name));
}

static void number(const struct option_row *row)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)row->low);
	holds(row, text, row->low);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)row->high);
	holds(row, text, row->high);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)row->high + 1);
	refuses(row, text);
	refuses(row, row->low ? "0" : "-1");
	refuses(row, "1x");
}

static void test_each_value_goes_where_the_row_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_nrows; i++) {
		const struct option_row *row = &option_rows[i];

		if (row->take == option_true)
			holds(row, NULL, true);
		if (row->take == option_false)
			holds(row, NULL, false);
		if (row->take == option_set)
			holds(row, NULL, row->low);
		if (row->take == option_number || row->take == option_number32)
			number(row);
		if (row->take == option_time)
			holds(row, "1.5s", 1500000000);
		for (size_t j = 0; row->take == option_enum && row->words[j]; j++)
			holds(row, row->words[j], j);
		if (row->words)
			refuses(row, "no-such-word");
	}
}

static bool is_no(const struct option_row *a, const struct option_row *b)
{
	return !strncmp(b->name, "no-", 3) && !strcmp(b->name + 3, a->name);
}

static void test_no_two_go_to_one_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_nrows; i++)
		for (size_t j = i + 1; j < option_nrows; j++) {
			const struct option_row *a = &option_rows[i], *b = &option_rows[j];

			assert_string_not_equal(a->name, b->name);
			assert_true(!a->flag || a->flag != b->flag);
			if (a->to && a->to == b->to && !is_no(a, b))
				fail_msg("--%s, --%s: one place", a->name, b->name);
		}
}

static void test_each_is_in_the_help_of_its_commands(void **state)
{
	(void)state;
	for (size_t i = 1; i < ncommands; i++) {
		const char *help = options_help(&commands[i]);

		assert_non_null(strstr(help, commands[i].help));
		for (size_t j = 0; j < option_nrows; j++) {
			const struct option_row *row = &option_rows[j];
			bool belongs = row->commands & commands[i].bit;
			char word[64];
			const char *at;

			snprintf(word, sizeof(word), " --%s", row->name);
			at = strstr(help, word);
			/* --max-depth is not --max-depths. */
			while (at && (isalpha((unsigned char)at[strlen(word)]) ||
				      at[strlen(word)] == '-'))
				at = strstr(at + 1, word);
			if (belongs != !!at)
				fail_msg("%s -h: --%s", commands[i].name, row->name);
		}
	}
}

/* Text as the man page has it: CAPITALS stand for something, small letters for themselves. */
static void add_markup(struct buf *text, const char *value)
{
	while (*value) {
		bool upper = isupper((unsigned char)*value);

		if (!isalpha((unsigned char)*value) && *value != '=') {
			buf_adds(text, *value == '\'' ? "\\(aq" : (char[]){*value, '\0'});
			value++;
			continue;
		}
		buf_adds(text, upper ? "\\fI" : "\\fB");
		while (isalpha((unsigned char)*value) || *value == '=') {
			if (!!isupper((unsigned char)*value) != upper)
				break;
			buf_addc(text, *value++);
		}
		buf_adds(text, "\\fR");
	}
}

static void add_option(struct buf *text, const char *dashes, const char *name)
{
	buf_adds(text, dashes);
	for (; *name; name++)
		buf_adds(text, *name == '-' ? "\\-" : (char[]){*name, '\0'});
}

/* The lines that begin the paragraph of an option. */
static void add_tag(struct buf *text, const struct option_row *row)
{
	struct buf value = {0};

	option_add_value(&value, row);
	if (!row->flag && row->arg == NONE) {
		add_option(text, ".B \\-\\-", row->name);
	} else {
		if (row->flag)
			buf_addf(text, "\\fB\\-%c\\fR, ", row->flag);
		add_option(text, "\\fB\\-\\-", row->name);
		buf_adds(text, "\\fR");
		add_markup(text, buf_str(&value));
	}
	buf_addc(text, '\n');
	buf_release(&value);
}

/* Sections and tags of the man page's options, in order. */
static void read_tags(struct buf *text)
{
	FILE *page = fopen("docs/ftrace.1", "re");
	bool within = false, tag = false;
	char line[512];

	assert_non_null(page);
	while (fgets(line, sizeof(line), page)) {
		if (!strncmp(line, ".SH ", 4))
			within = !strcmp(line, ".SH OPTIONS\n");
		if (within && (tag || !strncmp(line, ".SS ", 4)))
			buf_adds(text, line);
		tag = !strcmp(line, ".TP\n");
	}
	fclose(page);
}

static void test_the_man_page_has_the_same(void **state)
{
	struct buf is = {0}, wanted = {0};

	(void)state;
	for (int group = 0; group < GROUPS; group++) {
		buf_addf(&wanted, ".SS %s\n", option_group_names[group]);
		for (size_t i = 0; i < option_nrows; i++)
			if ((int)option_rows[i].group == group)
				add_tag(&wanted, &option_rows[i]);
	}
	read_tags(&is);
	assert_string_equal(buf_str(&is), buf_str(&wanted));
	buf_release(&is);
	buf_release(&wanted);
}

/* The format of `-o file`, and of `--format=word` where that is not NULL; NULL: a usage error. */
static const struct format *format_of(const char *file, const char *word, uint64_t *hold,
				      struct error *err)
{
	char name[64];
	const char *argv[] = {"ftrace", "prog", "-o", file, name, NULL};
	const struct format *format;
	struct options opt;
	int ret;

	snprintf(name, sizeof(name), "--format=%s", word ? word : "");
	ret = options_parse(&opt, word ? 5 : 4, (char **)argv, err);
	format = ret ? NULL : opt.format;
	*hold = opt.hold;
	options_release(&opt);
	return format;
}

static void test_formats(void **state)
{
	uint64_t hold;
	struct error err;

	(void)state;
	for (size_t i = 0; i < nformats; i++)
		assert_ptr_equal(format_of("file.jsonl", formats[i].name, &hold, &err),
				 &formats[i]);
	assert_string_equal(format_of("trace.jsonl.zst", NULL, &hold, &err)->name, "jsonl");
	assert_true(hold == TRACE_HOLD_NEVER);
	assert_string_equal(format_of("trace", NULL, &hold, &err)->name, "text");
	assert_true(hold == 1000000000);
	assert_null(format_of("trace", "yaml", &hold, &err));
	for (size_t i = 0; i < nformats; i++)
		assert_non_null(strstr(err.text, formats[i].name));
}

static void test_commands(void **state)
{
	struct options opt;
	struct error err;

	(void)state;
	/* The default has no name that could be a program's. */
	assert_null(command_find(commands[0].name));
	for (size_t i = 1; i < ncommands; i++) {
		const char *argv[] = {"ftrace", commands[i].name, "-p", "1", NULL};

		assert_int_equal(options_parse(&opt, 4, (char **)argv, &err), 0);
		assert_ptr_equal(opt.command, &commands[i]);
		options_release(&opt);
		for (size_t j = 0; j < i; j++)
			assert_int_equal(commands[i].bit & commands[j].bit, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_is_parsed),
		cmocka_unit_test(test_each_value_goes_where_the_row_says),
		cmocka_unit_test(test_no_two_go_to_one_place),
		cmocka_unit_test(test_each_is_in_the_help_of_its_commands),
		cmocka_unit_test(test_the_man_page_has_the_same),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
