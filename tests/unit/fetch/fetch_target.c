/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch_target.h"

void fetch_target_open(struct fetch_target *target, const char *release, const char *flags)
{
	struct error err = {0};

	memset(target, 0, sizeof(*target));
	gotarget_build(&target->file, "tests/unit/fetch/values", release, flags);
	target->image = image_open(target->file.fd, "values", &err);
	if (!target->image)
		fail_msg("%s", err.text);
	target->dwarf = dwarf_open_fd(target->file.fd, "values", true, &err);
	target->limits = (struct fetch_limits){.max_string = 64,
					       .max_elems = 8,
					       .max_depth = 2,
					       .max_items = 32,
					       .max_bytes = FT_VALUES_MAX};
}

void fetch_target_close(struct fetch_target *target)
{
	goabi_release(&target->abi);
	dwarf_close(target->dwarf);
	image_free(target->image);
	gotarget_release(&target->file);
	memset(target, 0, sizeof(*target));
}

void fetch_target_choose(struct fetch_target *target, const char *func, bool at_return)
{
	bool known = false;

	goabi_release(&target->abi);
	if (target->dwarf) {
		uint64_t entry = gotarget_address(&target->file, func);

		if (dwarf_function(target->dwarf, entry, false, &target->sig))
			fail_msg("%s is not in the program", func);
		assert_int_equal(goabi_assign(arch_native(), &target->sig, false, &target->abi), 0);
		known = true;
	}
	target->ctx = (struct fetch_context){.image = target->image,
					     .dwarf = target->dwarf,
					     .sig = known ? &target->sig : NULL,
					     .abi = known ? &target->abi : NULL,
					     .limits = &target->limits,
					     .func = func,
					     .noun = "rule",
					     .number = 1,
					     .at_return = at_return};
}

struct fetch *fetch_target_compile(struct fetch_target *target, const char *rule_text,
				   bool at_return, struct error *err)
{
	struct rule *rule = rule_parse(rule_text, 1, 32, err);
	struct fetch *fetch = fetch_new(arch_native());
	int ret;

	if (!rule)
		fail_msg("%s: %s", rule_text, err->text);
	assert_non_null(fetch);
	ret = rule_fetch_items(fetch, at_return ? rule->results : rule->entry,
			       at_return ? rule->nresults : rule->nentry, &target->ctx, err);
	rule_free(rule);
	if (!ret)
		return fetch;
	assert_int_equal(ret, err->code);
	fetch_free(fetch);
	return NULL;
}
