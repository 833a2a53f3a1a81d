/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/regexp.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <errno.h>
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

/* A name has some hundred bytes, for which no useful expression needs as many steps. */
#define MATCH_LIMIT 1000000

struct regexp {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
};

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
	re->code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, 0, &code, &at, NULL);
	if (!re->code) {
		pcre2_get_error_message(code, reason, sizeof(reason));
		error_set(err, -EINVAL,
			  "-r '%s': column %zu: %s; quote special characters with '\\'", text,
			  (size_t)at + 1, (const char *)reason);
		goto fail;
	}
	pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE);
	re->data = pcre2_match_data_create_from_pattern(re->code, NULL);
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
	pcre2_code_free(re->code);
	free(re);
}

int regexp_match(const struct regexp *re, const char *name)
{
	int got =
		pcre2_match(re->code, (PCRE2_SPTR)name, strlen(name), 0, 0, re->data, re->context);

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
