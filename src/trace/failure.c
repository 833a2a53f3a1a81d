/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/failure.h"

#include <string.h>

/* The last result that is shown, when it is an error that was read; else NULL. */
static const struct fetch_item *find_error(const struct fetch *results)
{
	size_t last = results ? results->nitems : 0;

	while (last && results->items[last - 1].hidden)
		last--;
	if (last && results->items[last - 1].shape.is_error && results->items[last - 1].slot)
		return &results->items[last - 1];
	return NULL;
}

bool failure_is_known(const struct fetch *results)
{
	return find_error(results);
}

/* Whether it was read, and is not nil. */
static bool is_set(const struct fetch_item *error, const unsigned char *values, size_t len)
{
	uint64_t word;

	if (len < sizeof(word) || error->slot > len - sizeof(word))
		return false;
	if (error->status && (sizeof(struct ft_values) + error->status >= len ||
			      values[sizeof(struct ft_values) + error->status] != FT_V_OK))
		return false;
	/* The interface's first word is 0 when it is nil. */
	memcpy(&word, values + error->slot, sizeof(word));
	return word != 0;
}

bool failure_in(const struct fetch *results, const unsigned char *values, size_t len)
{
	const struct fetch_item *error = find_error(results);

	return error && is_set(error, values, len);
}

bool failure_is_seen(const struct fetch *results)
{
	for (size_t i = 0; results && i < results->nitems; i++)
		if (results->items[i].outcome)
			return true;
	return false;
}

bool failure_of_any(const struct fetch *results, const unsigned char *values, size_t len)
{
	for (size_t i = 0; results && i < results->nitems; i++)
		if (results->items[i].outcome && is_set(&results->items[i], values, len))
			return true;
	return false;
}
