/* SPDX-License-Identifier: GPL-2.0-only */
#include "filter_made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void filter_made_release(struct filter_made *made)
{
	fetch_free(made->entry);
	fetch_free(made->results);
	filter_check_free(made->check);
}

int filter_make(struct filter_made *made, struct fetch_target *target, const char *const *filters,
		const char *rule_text, struct error *err)
{
	struct rule *rule = rule_text ? rule_parse(rule_text, 1, 32, err) : NULL;
	struct filter_scope scope = {.ctx = &target->ctx, .rules = &rule, .nrules = rule ? 1 : 0};
	int ret = 0;

	assert_true(rule || !rule_text);
	made->entry = scope.entry = fetch_new(arch_native());
	made->results = scope.results = fetch_new(arch_native());
	made->check = filter_check_new();
	for (unsigned int i = 0; filters[i] && !ret; i++) {
		struct filter *filter = filter_parse(filters[i], i + 1, err);

		if (!filter)
			fail_msg("%s: %s", filters[i], err->text);
		ret = filter_check_add(made->check, filter, i + 1, &scope, err);
		filter_free(filter);
	}
	rule_free(rule);
	if (ret)
		return ret;
	fetch_seal(made->entry);
	fetch_seal(made->results);
	filter_check_seal(made->check, made->entry, made->results);
	return 0;
}
