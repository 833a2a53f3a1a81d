/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the shells complete is made from the tables of options, formats and commands: it stands in completions/ between
 * two lines that say so. `make completions` writes it anew (--write); the test says when that is due.
 */
#include <ctype.h>
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

#define BEGIN "# Made from the table of options, up to the end that is marked: make completions\n"
#define END   "# The end.\n"

/* What may stand behind the `=`. */
static void add_examples(struct buf *text, const struct option_row *row)
{
	for (const char *at = row->examples; at && *at;) {
		size_t len = strcspn(at, " ");

		buf_addf(text, " --%s=%.*s", row->name, (int)len, at);
		at += len + (at[len] == ' ');
	}
}

/* "a b c" of those that match. */
static void add_names(struct buf *text, bool (*wanted)(const struct option_row *))
{
	for (size_t i = 0; i < option_nrows; i++) {
		const struct option_row *row = &option_rows[i];

		if (!wanted(row))
			continue;
		if (row->flag)
			buf_addf(text, " -%c", row->flag);
		buf_addf(text, " --%s", row->name);
		for (size_t j = 0; row->arg == OPTIONAL && row->words && row->words[j]; j++)
			buf_addf(text, " --%s=%s", row->name, row->words[j]);
		if (row->arg == OPTIONAL && !row->words)
			add_examples(text, row);
	}
}

static bool is_plain(const struct option_row *row)
{
	return row->arg != VALUE;
}

static bool is_valued(const struct option_row *row)
{
	return row->arg == VALUE;
}

static void add_commands(struct buf *text)
{
	for (size_t i = 1; i < ncommands; i++)
		buf_addf(text, "%s%s", i > 1 ? " " : "", commands[i].name);
}

/* Lines of at most some hundred columns: the words of `all`, behind `before`. */
static void add_wrapped(struct buf *text, const char *before, const char *all, const char *behind)
{
	size_t column = strlen(before), len;
	const char *between = "";

	buf_adds(text, before);
	for (all += strspn(all, " "); *all; all += strspn(all, " ")) {
		len = strcspn(all, " ");
		if (column + len > 96) {
			between = "\n\t";
			column = 7;
		}
		buf_adds(text, between);
		buf_add(text, all, len);
		between = " ";
		column += len + 1;
		all += len;
	}
	buf_adds(text, behind);
}

static void add_list(struct buf *text, const char *before, const char *behind,
		     bool (*wanted)(const struct option_row *))
{
	struct buf names = {0};

	add_names(&names, wanted);
	add_wrapped(text, before, buf_str(&names), behind);
	buf_release(&names);
}

static void add_words(struct buf *text, const struct option_row *row)
{
	for (size_t i = 0; row->words && row->words[i]; i++)
		buf_addf(text, "%s%s", i ? " " : "", row->words[i]);
	if (!row->words && row->examples)
		buf_adds(text, row->examples);
}

/* How bash offers values, by enum option_complete. */
static const char *const bash_calls[] = {
	[COMPLETE_FUNCTION] = "_ftrace_functions ''",
	[COMPLETE_FILTER] = "_ftrace_functions ': '",
	[COMPLETE_PID] = "_ftrace_pids",
	[COMPLETE_PROGRAM] = "_ftrace_files run",
	[COMPLETE_DIRECTORY] = "_ftrace_files directory",
	[COMPLETE_FILE] = "_ftrace_files all",
	[COMPLETE_USER] = "_ftrace_users",
};

static void make_bash(struct buf *text)
{
	buf_adds(text, "_FTRACE_COMMANDS='");
	add_commands(text);
	add_list(text, "'\n\n_FTRACE_FLAGS='", "'\n", is_plain);
	add_list(text, "\n_FTRACE_VALUED='", "'\n", is_valued);
	buf_adds(text, "\n# _ftrace_value OPTION: offers values for it.\n_ftrace_value()\n{\n"
		       "\tcase $1 in\n");
	for (size_t i = 0; i < option_nrows; i++) {
		const struct option_row *row = &option_rows[i];

		if (!row->complete && !row->words && !row->examples)
			continue;
		buf_addc(text, '\t');
		if (row->flag)
			buf_addf(text, "-%c | ", row->flag);
		buf_addf(text, "--%s) ", row->name);
		buf_adds(text, row->complete ? bash_calls[row->complete] : "_ftrace_from ");
		add_words(text, row);
		buf_adds(text, " ;;\n");
	}
	buf_adds(text, "\tesac\n}\n");
}

static const char *const zsh_actions[] = {
	[COMPLETE_FUNCTION] = "_ftrace_functions",
	[COMPLETE_FILTER] = "_ftrace_filter",
	[COMPLETE_PID] = "_ftrace_pid_list",
	[COMPLETE_PROGRAM] = "_ftrace_binary",
	[COMPLETE_DIRECTORY] = "_files -/",
	[COMPLETE_FILE] = "_files",
	[COMPLETE_USER] = "_users",
};

/* X of --no-X, or --no-X of X; NULL: there is none. */
static const struct option_row *opposite(const struct option_row *row)
{
	for (size_t i = 0; i < option_nrows; i++) {
		const char *a = row->name, *b = option_rows[i].name;

		if ((!strncmp(a, "no-", 3) && !strcmp(a + 3, b)) ||
		    (!strncmp(b, "no-", 3) && !strcmp(b + 3, a)))
			return &option_rows[i];
	}
	return NULL;
}

static void add_both(struct buf *text, const struct option_row *row)
{
	if (row->flag)
		buf_addf(text, "-%c ", row->flag);
	buf_addf(text, "--%s", row->name);
}

/* What goes away once it is given. */
static void add_exclusion(struct buf *text, const struct option_row *row)
{
	const struct option_row *other = opposite(row);

	if (row->repeats || row->ends || (!row->flag && !other)) {
		buf_adds(text, row->repeats ? "*" : row->ends ? "(-)" : "");
		return;
	}
	buf_addc(text, '(');
	add_both(text, row);
	if (other) {
		buf_addc(text, ' ');
		add_both(text, other);
	}
	buf_addc(text, ')');
}

static void add_zsh_value(struct buf *text, const struct option_row *row)
{
	const char *value = row->value ? row->value : row->name;

	buf_adds(text, row->arg == OPTIONAL ? "::" : ":");
	if (value[0] == 'N' && !isalpha((unsigned char)value[1]))
		buf_adds(text, "number");
	else
		for (value += *value == '\''; isalpha((unsigned char)*value); value++)
			buf_addc(text, (char)tolower((unsigned char)*value));
	buf_addc(text, ':');
	if (row->complete) {
		buf_adds(text, zsh_actions[row->complete]);
	} else if (row->words || row->examples) {
		buf_addc(text, '(');
		add_words(text, row);
		buf_addc(text, ')');
	} else {
		buf_addc(text, ' ');
	}
}

static void make_zsh(struct buf *text)
{
	buf_adds(text, "local -a _ftrace_commands=(");
	add_commands(text);
	buf_adds(text, ")\n");
	add_list(text, "local -a _ftrace_valued=(", ")\n", is_valued);
	buf_adds(text, "local -a _ftrace_options=(\n");
	for (size_t i = 0; i < option_nrows; i++) {
		const struct option_row *row = &option_rows[i];
		const char *value = row->arg == NONE ? "" : row->arg == VALUE ? "=" : "=-";

		buf_adds(text, "\t'");
		add_exclusion(text, row);
		if (row->flag)
			buf_addf(text, "'{-%c%s,--%s%s}'", row->flag, *value ? "+" : "", row->name,
				 value);
		else
			buf_addf(text, "--%s%s", row->name, value);
		buf_addf(text, "[%s]", row->help);
		if (*value)
			add_zsh_value(text, row);
		buf_adds(text, "'\n");
	}
	buf_adds(text, ")\n");
}

static const struct {
	const char *path;
	void (*make)(struct buf *text);
} files[] = {
	{"completions/ftrace.bash", make_bash},
	{"completions/_ftrace", make_zsh},
};

static void read_file(struct buf *text, const char *path)
{
	FILE *file = fopen(path, "re");
	int c;

	assert_non_null(file);
	while ((c = getc(file)) != EOF)
		buf_addc(text, (char)c);
	fclose(file);
}

/* The file as it is, and as the tables want it. */
static void make(size_t i, struct buf *is, struct buf *wanted)
{
	const char *begin, *end;

	read_file(is, files[i].path);
	begin = strstr(buf_str(is), BEGIN);
	assert_non_null(begin);
	begin += strlen(BEGIN);
	end = strstr(begin, END);
	assert_non_null(end);
	buf_add(wanted, is->data, (size_t)(begin - is->data));
	files[i].make(wanted);
	buf_adds(wanted, end);
	buf_str(wanted);
}

static void test_up_to_date(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct buf is = {0}, wanted = {0};

		make(i, &is, &wanted);
		if (strcmp(is.data, wanted.data) != 0)
			fail_msg("%s: not as the tables have it; make completions", files[i].path);
		buf_release(&is);
		buf_release(&wanted);
	}
}

static int write_all(void)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct buf is = {0}, wanted = {0};
		FILE *file;

		make(i, &is, &wanted);
		file = fopen(files[i].path, "we");
		if (!file || fputs(wanted.data, file) < 0 || fclose(file)) {
			perror(files[i].path);
			return 1;
		}
		buf_release(&is);
		buf_release(&wanted);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_up_to_date),
	};

	if (argc > 1 && !strcmp(argv[1], "--write"))
		return write_all();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
