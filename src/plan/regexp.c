/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/regexp.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <errno.h>
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

/* A name has some hundred bytes, for which no useful expression needs as many steps. */
#define MATCH_LIMIT 1000000

struct regexp {
	pcre2_code *characters; /* for names that are UTF-8; NULL when the expression is not */
	pcre2_code *bytes;      /* for those that are not */
	pcre2_match_data *data;
	pcre2_match_context *context;
};

/* Characters in the first bytes of the expression. */
static size_t count_characters(const char *text, size_t bytes)
{
	size_t count = 0;

	for (size_t i = 0; i < bytes; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

struct regexp *regexp_compile(const char *text, struct error *err)
{
	struct regexp *re = calloc(1, sizeof(*re));
	PCRE2_UCHAR reason[256];
	PCRE2_SIZE at = 0;
	int code = 0;

	if (!re) {
		error_set(err, -ENOMEM, "-r: out of memory; use a shorter expression");
		return NULL;
	}
	re->bytes = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, 0, &code, &at, NULL);
	if (re->bytes && utf8_valid(text, strlen(text)))
		re->characters = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
					       PCRE2_UTF | PCRE2_UCP, &code, &at, NULL);
	if (!re->bytes || (!re->characters && utf8_valid(text, strlen(text)))) {
		pcre2_get_error_message(code, reason, sizeof(reason));
		error_set(err, -EINVAL,
			  "-r '%s': column %zu: %s; quote special characters with '\\'", text,
			  count_characters(text, at) + 1, (const char *)reason);
		goto fail;
	}
	pcre2_jit_compile(re->bytes, PCRE2_JIT_COMPLETE);
	if (re->characters)
		pcre2_jit_compile(re->characters, PCRE2_JIT_COMPLETE);
	re->data = pcre2_match_data_create_from_pattern(re->bytes, NULL);
	re->context = pcre2_match_context_create(NULL);
	if (!re->data || !re->context) {
		error_set(err, -ENOMEM, "-r '%s': out of memory; use a shorter expression", text);
		goto fail;
	}
	pcre2_set_match_limit(re->context, MATCH_LIMIT);
	return re;
fail:
	regexp_free(re);
	return NULL;
}

void regexp_free(struct regexp *re)
{
	if (!re)
		return;
	pcre2_match_context_free(re->context);
	pcre2_match_data_free(re->data);
	pcre2_code_free(re->characters);
	pcre2_code_free(re->bytes);
	free(re);
}

int regexp_match(const struct regexp *re, const char *name)
{
	size_t len = strlen(name);
	const pcre2_code *code =
		re->characters && utf8_valid(name, len) ? re->characters : re->bytes;
	int got = pcre2_match(code, (PCRE2_SPTR)name, len, 0, 0, re->data, re->context);

	if (got >= 0)
		return 1;
	switch (got) {
	case PCRE2_ERROR_NOMATCH:
		return 0;
	case PCRE2_ERROR_NOMEMORY:
		return -ENOMEM;
	default:
		return -ELOOP;
	}
}
