/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options/words.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

static bool is_space(char c)
{
	return c && strchr(" \t\n\r\v\f", c);
}

/* Takes one word off `*text` into `to`, which is as long as the text. False: a quote does not end. */
static bool take_word(const char **text, char *to)
{
	const char *at = *text;
	char quote = '\0';

	for (; *at && (quote || !is_space(*at)); at++) {
		if (quote ? *at == quote : *at == '\'' || *at == '"') {
			quote = quote ? '\0' : *at;
			continue;
		}
		/* Between double quotes only these are quoted by it. */
		if (*at == '\\' && (!quote || (quote == '"' && at[1] && strchr("\"\\$`", at[1])))) {
			if (!at[1])
				return false;
			at++;
		}
		*to++ = *at;
	}
	*to = '\0';
	*text = at;
	return !quote;
}

int words_split(struct words *words, const char *text, struct error *err)
{
	const char *all = text;

	for (;;) {
		char **slot;

		while (is_space(*text))
			text++;
		if (!*text)
			return 0;
		slot = vec_push(&words->items, &words->count, &words->cap);
		if (!slot || !(*slot = malloc(strlen(text) + 1)))
			return -ENOMEM;
		if (!take_word(&text, *slot))
			return error_set(err, -EINVAL,
					 "'%.60s': a quote that does not end; close it", all);
	}
}

int words_add(struct words *words, const char *word, size_t len)
{
	char **slot = vec_push(&words->items, &words->count, &words->cap);

	if (!slot)
		return -ENOMEM;
	*slot = strndup(word, len);
	return *slot ? 0 : -ENOMEM;
}

void words_release(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->items[i]);
	free(words->items);
	*words = (struct words){0};
}
