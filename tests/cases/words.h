/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * words: the words of a script, and what to do when one is wrong.
 */
#ifndef FTRACE_TESTS_CASES_WORDS_H
#define FTRACE_TESTS_CASES_WORDS_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *script_path;
static unsigned int script_line;

static void die(const char *what, const char *word)
{
	fprintf(stderr, "replay: %s:%u: %s: %s\n", script_path, script_line, word ? word : "",
		what);
	exit(2);
}

static void *checked(void *memory)
{
	if (!memory)
		die("out of memory", NULL);
	return memory;
}

static char *copy(const char *text)
{
	return checked(strdup(text));
}

static uint64_t number(const char *word)
{
	char *end;
	uint64_t value;

	if (!word || !*word)
		die("a number is missing", word);
	errno = 0;
	value = strtoull(word, &end, 0);
	if (errno || *end)
		die("not a number", word);
	return value;
}

static uint64_t duration(const char *word)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}, {"", 1}};
	char *end;
	uint64_t value;

	if (!word)
		die("a time is missing", NULL);
	value = strtoull(word, &end, 10);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(end, units[i].name))
			return value * units[i].ns;
	die("not a time", word);
	return 0;
}

#endif
