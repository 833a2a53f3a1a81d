/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flight: what of a script's trace is let out: `flight TIME`, `flight-size N`, `when FUNC: EXPR`, where EXPR asks for
 * $duration or nothing.
 */
#ifndef FTRACE_TESTS_CASES_FLIGHT_H
#define FTRACE_TESTS_CASES_FLIGHT_H

#include "recording/flight.h"
#include "state.h"

static void add_when(const char *text)
{
	struct error err = {0};
	struct filter *filter = filter_parse(text, 1, &err);
	struct fetch *args = checked(fetch_new(arch_native()));
	struct fetch *results = checked(fetch_new(arch_native()));
	struct fetch_context ctx = {.noun = "rule", .limits = &value_limits};
	struct filter_scope scope = {.ctx = &ctx, .entry = args, .results = results};
	struct filter_check *check = checked(filter_check_new());
	struct plan_func *func;

	if (!filter || filter_check_add(check, filter, 1, &scope, &err))
		die(err.text, text);
	fetch_seal(args);
	fetch_seal(results);
	filter_check_seal(check, args, results);
	func = &replay.plan.funcs[func_index(&replay.plan, filter->glob)];
	*(struct filter_check **)checked(vec_push(&func->whens, &func->nwhens, &func->capwhens)) =
		check;
	filter_free(filter);
	fetch_free(args);
	fetch_free(results);
}

/* The sink, behind one that keeps back what comes. */
static struct sink *flight_before(struct sink *sink)
{
	struct trace_config *config = &replay.config;

	if (!config->flight)
		return sink;
	if (!replay.flight_size)
		replay.flight_size = 64 << 20;
	config->hold_bytes = replay.flight_size / 2;
	return checked(flight_new(sink, config->flight, replay.flight_size / 2));
}

#endif
