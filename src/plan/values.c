/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/values.h"

#include <errno.h>
#include <string.h>

#include <ftrace/abi.h>

#include "base/glob.h"
#include "plan/goabi.h"
#include "plan/rule_fetch.h"
#include "plan/typed.h"

const struct fetch_limits values_default_limits = {
	.max_string = 64,
	.max_elems = 8,
	.max_depth = 2,
	.max_items = 32,
	.max_bytes = FT_VALUES_MAX,
};

/* One function, while its fetches are made. */
struct valued {
	struct plan *plan;
	struct plan_func *func;
	const struct values_config *config;
	struct dwarf_signature signature;
	struct goabi abi;
	bool known; /* signature and abi are filled */
	bool abi0;
};

static bool is_abi0(const struct plan *plan, const struct plan_func *func)
{
	size_t len = strlen(func->name);
	struct image_func facts;

	if (len > 5 && !strcmp(func->name + len - 5, ".abi0"))
		return true;
	return !image_func(plan->images[func->image].image, func->index, false, &facts) &&
	       facts.assembly;
}

static int learn(struct valued *v)
{
	struct dwarf *dwarf = v->plan->images[v->func->image].dwarf;
	int ret;

	v->abi0 = is_abi0(v->plan, v->func);
	if (!dwarf)
		return 0;
	ret = dwarf_function(dwarf, v->func->entry, &v->signature);
	if (ret)
		return ret == -ENOMEM ? ret : 0;
	ret = goabi_assign(&v->signature, v->abi0, &v->abi);
	v->known = !ret;
	return ret;
}

/* The items that rules give for one side; *any says whether a rule spoke of that side at all. */
static int add_rules(struct valued *v, struct fetch *fetch, bool at_return, bool *any,
		     struct error *err)
{
	const struct plan_image *pi = &v->plan->images[v->func->image];
	struct fetch_context context = {
		.image = pi->image,
		.dwarf = pi->dwarf,
		.sig = v->known ? &v->signature : NULL,
		.abi = v->known ? &v->abi : NULL,
		.func = v->func->name,
		.noun = "rule",
		.abi0 = v->abi0,
		.at_return = at_return,
		.limits = &v->config->limits,
	};
	int ret = 0;

	for (size_t i = 0; i < v->config->nrules && !ret; i++) {
		const struct rule *rule = v->config->rules[i];

		if (!glob_match(rule->func, v->func->name) || (at_return && !rule->has_results))
			continue;
		*any = true;
		context.number = (unsigned int)i + 1;
		ret = rule_fetch_items(fetch, at_return ? rule->results : rule->entry,
				       at_return ? rule->nresults : rule->nentry, &context, err);
	}
	return ret;
}

/* What is read on one side; *result stays NULL when it is nothing. */
static int make_fetch(struct valued *v, bool at_return, struct fetch **result, struct error *err)
{
	enum values_wish wish = at_return ? v->config->results : v->config->args;
	struct fetch *fetch = fetch_new();
	bool ruled = false;
	int ret = 0;

	if (!fetch)
		return -ENOMEM;
	ret = add_rules(v, fetch, at_return, &ruled, err);
	if (!ret && !ruled && wish != VALUES_NEVER && v->known)
		ret = typed_signature(fetch, &v->signature, &v->abi, at_return, &v->config->limits);
	if (ret || !fetch->nitems) {
		fetch_free(fetch);
		return ret;
	}
	fetch_seal(fetch);
	*result = fetch;
	return 0;
}

static void mark_sites(struct plan *plan, const struct plan_func *func)
{
	for (uint32_t i = 0; i < func->nsites; i++) {
		struct site *site = &plan->sites[func->first_site + i];

		if ((site->kind == SITE_ENTRY && func->args) ||
		    (site->kind == SITE_RET && func->results))
			site->flags |= FT_C_FETCH;
	}
}

static int check_wishes(const struct plan_image *pi, const struct values_config *config,
			struct error *err)
{
	bool args = config->args == VALUES_ALWAYS;

	if (pi->dwarf || (!args && config->results != VALUES_ALWAYS))
		return 0;
	return error_set(err, -ENODATA,
			 "%s: %s: the file has no debug information; build it without -ldflags=-w, "
			 "or give a rule",
			 image_info(pi->image)->path, args ? "--args" : "--results");
}

int plan_values(struct plan *plan, uint8_t image, const struct values_config *config,
		struct error *err)
{
	const struct plan_image *pi = &plan->images[image];
	int ret = check_wishes(pi, config, err);
	bool needed = config->nrules || config->args != VALUES_NEVER ||
		      config->results != VALUES_NEVER;

	for (size_t i = 0; i < plan->nfuncs && needed && !ret; i++) {
		struct valued v = {.plan = plan, .func = &plan->funcs[i], .config = config};

		if (v.func->image != image)
			continue;
		ret = learn(&v);
		if (!ret)
			ret = make_fetch(&v, false, &v.func->args, err);
		if (!ret)
			ret = make_fetch(&v, true, &v.func->results, err);
		mark_sites(plan, v.func);
		goabi_release(&v.abi);
	}
	if (ret == -ENOMEM)
		error_set(err, ret, "%s: out of memory; choose fewer functions",
			  image_info(pi->image)->path);
	return ret;
}
