/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ftrace/cookie.h>
#include <ftrace/fetch.h>

#include "base/vec.h"
#include "fetch/goabi.h"
#include "fetch/outcome.h"
#include "fetch/ops.h"
#include "fetch/rule_fetch.h"
#include "fetch/typed.h"
#include "fetch/typed_shared.h"
#include "plan/lacking.h"

/* One function, while its fetches are made. */
struct valued {
	struct plan *plan;
	struct plan_func *func;
	const struct values_config *config;
	const struct arch *arch;
	const struct methods *methods;
	struct lacking *lacking;
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

/* By the name of a rule or a filter. */
static bool is_meant(const struct valued *v, const char *name)
{
	return naming_matches(v->plan->images[v->func->image].naming, name, v->func->name);
}

/* Whether a rule or a filter speaks of it. */
static bool is_named(const struct valued *v)
{
	const struct values_config *config = v->config;

	for (size_t i = 0; i < config->nrules; i++)
		if (is_meant(v, config->rules[i]->func))
			return true;
	for (size_t i = 0; i < config->nfilters; i++)
		if (is_meant(v, config->filters[i]->glob))
			return true;
	for (size_t i = 0; i < config->nwhens; i++)
		if (is_meant(v, config->whens[i]->glob))
			return true;
	return false;
}

static int learn(struct valued *v)
{
	struct dwarf *dwarf = v->plan->images[v->func->image].dwarf;
	int ret;

	v->abi0 = is_abi0(v->plan, v->func);
	if (!dwarf)
		return 0;
	ret = dwarf_function(dwarf, v->func->entry, false, &v->signature);
	if (ret)
		return ret == -ENOMEM ? ret : 0;
	ret = goabi_assign(v->arch, &v->signature, v->abi0, &v->abi);
	v->known = !ret;
	return ret;
}

static struct fetch_context context_of(const struct valued *v)
{
	const struct plan_image *pi = &v->plan->images[v->func->image];

	return (struct fetch_context){
		.image = pi->image,
		.dwarf = pi->dwarf,
		.sig = v->known ? &v->signature : NULL,
		.abi = v->known ? &v->abi : NULL,
		.func = v->func->name,
		.noun = "rule",
		.abi0 = v->abi0,
		.limits = &v->config->limits,
	};
}

/* The items that rules give for one side; *any says whether a rule spoke of that side at all. */
static int add_rules(struct valued *v, struct fetch *fetch, bool at_return, bool *any,
		     struct error *err)
{
	struct fetch_context context = context_of(v);
	int ret = 0;

	context.at_return = at_return;
	for (size_t i = 0; i < v->config->nrules && !ret; i++) {
		const struct rule *rule = v->config->rules[i];

		if (!is_meant(v, rule->func) || (at_return && !rule->has_results))
			continue;
		*any = true;
		context.number = (unsigned int)i + 1;
		ret = rule_fetch_items(fetch, at_return ? rule->results : rule->entry,
				       at_return ? rule->nresults : rule->nentry, &context, err);
	}
	return ret;
}

/* What is read on one side, behind what filters have put there. */
static int add_items(struct valued *v, bool at_return, struct fetch *fetch, struct error *err)
{
	enum values_wish wish = at_return ? v->config->results : v->config->args;
	bool ruled = false;
	int ret;

	if (v->known && !at_return)
		typed_dictionary(fetch, &v->signature, &v->abi, &v->config->limits);
	ret = add_rules(v, fetch, at_return, &ruled, err);

	/* Where nothing else tells what is returned, the rules do. */
	for (size_t i = 0; i < fetch->nitems && at_return && v->config->outcomes && !v->known; i++)
		fetch->items[i].outcome = !fetch->items[i].hidden &&
					  fetch->items[i].shape.is_error && fetch->items[i].slot;

	if (!ret && !ruled && wish != VALUES_NEVER && v->known)
		ret = typed_signature(fetch, &v->signature, &v->abi, at_return, &v->config->limits);
	return ret;
}

/* What add_filters() returns of a function that is to be left out. */
#define LACKS 1

/* The filters that speak of the function; their operands come before the items that are shown. */
static int add_filters(struct valued *v, const struct filter_scope *scope, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < v->config->nfilters && !ret; i++) {
		if (!is_meant(v, v->config->filters[i]->glob))
			continue;
		if (!v->func->filter)
			v->func->filter = filter_check_new();
		ret = v->func->filter ? filter_check_add(v->func->filter, v->config->filters[i],
							 (unsigned int)i + 1, scope, err)
				      : -ENOMEM;
		if (lacking_takes(v->lacking, i, v->config->filters[i], v->plan, v->func, ret, err))
			ret = LACKS;
	}
	return ret;
}

/* One filter by itself; NULL with `err` filled. */
static struct filter_check *check_of(const struct filter *filter, unsigned int number,
				     const struct filter_scope *scope, struct error *err)
{
	struct filter_check *check = filter_check_new();

	if (!check) {
		error_set(err, -ENOMEM, "filter %u: out of memory", number);
		return NULL;
	}
	if (!filter_check_add(check, filter, number, scope, err))
		return check;
	filter_check_free(check);
	return NULL;
}

/* Whether the function has what the filter compares: 0, or a negative errno with `err` filled. What does not fit
 * spoils the fetches that it is added to, so it is tried on others. */
static int try_when(struct valued *v, unsigned int number, const struct filter_scope *scope,
		    struct error *err)
{
	struct fetch *args = fetch_new(v->arch), *results = fetch_new(v->arch);
	struct filter_scope apart = *scope;
	struct filter_check *check = NULL;
	int ret = -ENOMEM;

	if (args && results) {
		apart.entry = args;
		apart.results = results;
		check = check_of(v->config->whens[number - 1], number, &apart, err);
		ret = check ? 0 : err->code;
	}
	filter_check_free(check);
	fetch_free(args);
	fetch_free(results);
	return ret;
}

/* What --when compares, each by itself, since one of them is enough. A function that lacks it is traced all the same. */
static int add_whens(struct valued *v, const struct filter_scope *scope, struct error *err)
{
	const struct values_config *config = v->config;
	struct plan_func *func = v->func;

	for (size_t i = 0; i < config->nwhens; i++) {
		const struct filter *when = config->whens[i];
		unsigned int number = (unsigned int)i + 1;
		struct filter_check **slot;
		int ret;

		if (!is_meant(v, when->glob))
			continue;
		ret = try_when(v, number, scope, err);
		if (ret && ret != -ENOMEM)
			error_prefix(err, "--when");
		if (lacking_notes(v->lacking, config->nfilters + i, when, v->plan, func, ret, err))
			continue;
		if (ret)
			return ret;
		slot = vec_push(&func->whens, &func->nwhens, &func->capwhens);
		if (!slot)
			return -ENOMEM;
		*slot = check_of(when, number, scope, err);
		if (!*slot)
			return err->code;
	}
	return 0;
}

/* What is compared, ahead of all that is shown. */
static int add_compared(struct valued *v, struct fetch *args, struct fetch *results,
			struct error *err)
{
	struct fetch_context context = context_of(v);
	struct rule **rules = calloc(v->config->nrules + 1, sizeof(struct rule *));
	struct filter_scope scope = {
		.ctx = &context,
		.entry = args,
		.results = results,
		.rules = rules,
	};
	int ret = rules ? 0 : -ENOMEM;

	for (size_t i = 0; i < v->config->nrules && !ret; i++)
		if (is_meant(v, v->config->rules[i]->func))
			rules[scope.nrules++] = v->config->rules[i];
	if (!ret)
		ret = add_filters(v, &scope, err);
	/* The kernel needs no more to decide. */
	args->noperands = args->nops;
	results->noperands = results->nops;
	if (!ret)
		ret = add_whens(v, &scope, err);
	free(rules);
	return ret;
}

/* A fetch that reads nothing is none. */
static struct fetch *sealed(struct fetch *fetch)
{
	if (fetch->nitems || fetch->dictionary) {
		fetch_seal(fetch);
		return fetch;
	}
	fetch_free(fetch);
	return NULL;
}

static struct fetch_span linked_of(const struct image *image)
{
	const struct image_info *info = image_info(image);

	return (struct fetch_span){info->first, info->end};
}

static int make_fetches(struct valued *v, struct error *err)
{
	struct fetch *args = fetch_new(v->arch), *results = fetch_new(v->arch);
	int ret = args && results ? 0 : -ENOMEM;

	if (!ret) {
		args->methods = results->methods = v->methods;
		args->linked = results->linked = linked_of(v->plan->images[v->func->image].image);
		args->image = results->image = v->plan->images[v->func->image].image;
		ret = add_compared(v, args, results, err);
	}
	if (!ret && v->known && v->config->outcomes)
		ret = outcome_add(results, &v->signature, &v->abi, &v->config->limits);
	if (!ret)
		ret = add_items(v, false, args, err);
	if (!ret)
		ret = add_items(v, true, results, err);
	if (ret) {
		fetch_free(args);
		fetch_free(results);
		return ret;
	}
	v->func->args = sealed(args);
	v->func->results = sealed(results);
	if (v->func->filter)
		filter_check_seal(v->func->filter, v->func->args, v->func->results);
	for (size_t i = 0; i < v->func->nwhens; i++)
		filter_check_seal(v->func->whens[i], v->func->args, v->func->results);
	return 0;
}

/* Where an error is returned in a register, this tells whether it is nil. */
static void find_error(struct valued *v)
{
	const struct dwarf_signature *sig = &v->signature;
	const struct goabi_value *place;
	const struct gotype *type;

	if (!v->config->errors || !v->known || !sig->nresults)
		return;
	place = &v->abi.results[sig->nresults - 1];
	type = sig->results[sig->nresults - 1].type;
	if (outcome_is_error(type) && place->known && place->npieces == 2 &&
	    place->pieces[0].file == GOABI_INT)
		v->func->error = (uint8_t)(1 + v->arch->abi->ints[place->pieces[0].index].number);
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
	if (pi->unread)
		return error_set(err, -ENODATA, "%s", pi->unread);
	return error_set(err, -ENODATA,
			 "%s: %s: the file has no debug information; build it without -ldflags=-w, "
			 "name a file that has it with --debug-file, or give a rule",
			 image_info(pi->image)->path, args ? "--args" : "--results");
}

/* Of functions that nobody named, those with equal lists of values share what is read. */
static int share_fetches(struct valued *v, struct typed_shared *shared)
{
	const struct values_config *config = v->config;
	struct plan_func *func = v->func;
	int ret = 0;

	if (v->known && config->args != VALUES_NEVER)
		ret = typed_shared_fetch(shared, &v->signature, &v->abi, false, &config->limits,
					 &func->args);
	if (!ret && v->known && (config->results != VALUES_NEVER || config->outcomes))
		ret = typed_shared_fetch(shared, &v->signature, &v->abi, true, &config->limits,
					 &func->results);
	return ret;
}

static int value_func(struct valued *v, struct typed_shared *shared, struct error *err)
{
	int ret = learn(v);

	if (!ret)
		ret = is_named(v) ? make_fetches(v, err) : share_fetches(v, shared);
	find_error(v);
	mark_sites(v->plan, v->func);
	goabi_release(&v->abi);
	return ret == LACKS ? 0 : ret;
}

int plan_values(struct plan *plan, uint8_t image, const struct values_config *config,
		struct error *err)
{
	const struct plan_image *pi = &plan->images[image];
	int ret = check_wishes(pi, config, err);
	bool needed = config->nrules || config->nfilters || config->nwhens ||
		      config->args != VALUES_NEVER || config->results != VALUES_NEVER ||
		      config->errors || config->outcomes;
	struct methods methods;
	struct lacking lacking = {0};
	const struct arch *arch = image_info(pi->image)->arch;
	struct typed_shared shared = {
		.arch = arch,
		.methods = &methods,
		.image = pi->image,
		.linked = linked_of(pi->image),
		.outcomes = config->outcomes,
		.outcomes_only = config->results == VALUES_NEVER,
	};

	if (needed && !ret)
		methods_find(&methods, pi->image);
	if (!ret)
		ret = lacking_begin(&lacking, plan->nfuncs, config->nfilters + config->nwhens);
	for (size_t i = 0; i < plan->nfuncs && needed && !ret; i++) {
		struct valued v = {
			.plan = plan,
			.func = &plan->funcs[i],
			.config = config,
			.arch = arch,
			.methods = &methods,
			.lacking = &lacking,
		};

		if (v.func->image == image)
			ret = value_func(&v, &shared, err);
	}
	typed_shared_release(&shared);
	if (!ret)
		ret = lacking_end(&lacking, plan, err);
	lacking_release(&lacking);
	if (ret == -ENOMEM)
		error_set(err, ret, "%s: out of memory; choose fewer functions",
			  image_info(pi->image)->path);
	return ret;
}
