/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options/take.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"

/* Every enum of struct options is one of these. */
_Static_assert(sizeof(enum color) == sizeof(unsigned int), "enums are of another size");

static void *place(struct options *opt, const struct option_row *row)
{
	return (char *)opt + row->to;
}

TAKE(option_true)
{
	*(bool *)place(opt, row) = true;
	return 0;
}

TAKE(option_false)
{
	*(bool *)place(opt, row) = false;
	return 0;
}

TAKE(option_set)
{
	*(unsigned int *)place(opt, row) = (unsigned int)row->low;
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

TAKE(option_enum)
{
	int got = option_word(value, row->words, err);

	if (got < 0)
		return got;
	*(unsigned int *)place(opt, row) = (unsigned int)got;
	return 0;
}

static int number(const struct option_row *row, const char *value, uint64_t *to, struct error *err)
{
	uint64_t n;

	if (units_number(value, strlen(value), 10, &n) || n < row->low || n > row->high)
		return error_set(err, -EINVAL, "'%.60s': not a number from %llu to %llu; give one",
				 value, (unsigned long long)row->low,
				 (unsigned long long)row->high);
	*to = n;
	return 0;
}

TAKE(option_number)
{
	return number(row, value, place(opt, row), err);
}

TAKE(option_number32)
{
	uint64_t n;
	int ret = number(row, value, &n, err);

	if (!ret)
		*(uint32_t *)place(opt, row) = (uint32_t)n;
	return ret;
}

TAKE(option_path)
{
	if (!*value)
		return error_set(err, -EINVAL, "'': no file is named; give its path");
	*(const char **)place(opt, row) = value;
	return 0;
}

TAKE(option_time)
{
	return units_time(value, strlen(value), !row->low, place(opt, row), err);
}
