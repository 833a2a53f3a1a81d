/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `ftrace list`: what would be probed, where, and what not and why.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/vec.h"
#include "cli/exit_status.h"
#include "cli/chatter.h"
#include "cli/commands.h"
#include "cli/reading/opening.h"
#include "cli/run/output.h"
#include "sink/formats.h"
#include "image/dwarf.h"
#include "image/gotype.h"
#include "plan/omitted.h"
#include "cli/cmd/list_lines.h"

/* How often to check that the FIFO of -o has a reader. */
#define FIFO_LOOK_MS 50

/* One inlined call of a function that also has a body of its own. */
struct place {
	const char *func;
	struct list_place at;
};

struct listing {
	const struct plan *plan;
	struct place *items;
	size_t nitems, capitems;
	struct list_place *out; /* what the last call returned */
	size_t capout;
	struct buf signature; /* likewise */
};

static int by_func(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = strcmp(x->func, y->func);

	if (order)
		return order;
	return omitted_compare_places(x->at.file, x->at.line, y->at.file, y->at.line);
}

static int note_place(const struct image_inline *call, void *arg)
{
	struct listing *listing = arg;
	struct place *place = vec_push(&listing->items, &listing->nitems, &listing->capitems);

	if (!place)
		return -ENOMEM;
	*place = (struct place){call->func, {call->file, call->line}};
	return 0;
}

static int compare_func(const void *key, const void *item)
{
	const struct place *place = item;

	return strcmp(key, place->func);
}

static size_t inlined_at(const struct plan *plan, uint32_t func, const struct list_place **out,
			 void *arg)
{
	struct listing *listing = arg;
	const char *name = plan->funcs[func].name;
	const struct place *found, *end = listing->items + listing->nitems;
	size_t count = 0;

	if (!listing->nitems)
		return 0;
	found = bsearch(name, listing->items, listing->nitems, sizeof(*found), compare_func);
	if (!found)
		return 0;
	while (found > listing->items && !strcmp(found[-1].func, name))
		found--;
	for (; found < end && !strcmp(found->func, name); found++) {
		struct list_place *slot;

		/* One place may hold several copies, when its own function was inlined too. */
		if (count && !strcmp(listing->out[count - 1].file, found->at.file) &&
		    listing->out[count - 1].line == found->at.line)
			continue;
		slot = vec_push(&listing->out, &count, &listing->capout);
		if (!slot)
			break;
		*slot = found->at;
	}
	*out = listing->out;
	return count;
}

static void put_params(struct buf *text, const struct dwarf_param *params, size_t count, bool names)
{
	size_t put = 0;

	for (size_t i = 0; i < count; i++) {
		if (params[i].dictionary)
			continue;
		buf_adds(text, put++ ? ", " : "");
		if (names && params[i].name[0] != '~') {
			buf_adds(text, params[i].name);
			buf_addc(text, ' ');
		}
		buf_adds(text, params[i].type->name);
	}
}

/* As Go writes a function's type, the receiver first. */
static const char *params_text(const struct plan *plan, uint32_t func, void *arg)
{
	struct listing *listing = arg;
	struct buf *text = &listing->signature;
	struct dwarf *dwarf = plan->images[plan->funcs[func].image].dwarf;
	struct dwarf_signature sig;
	bool named;

	if (!dwarf || dwarf_function(dwarf, plan->funcs[func].entry, false, &sig))
		return NULL;
	named = sig.nresults && sig.results[0].name[0] != '~';
	buf_reset(text);
	buf_addc(text, '(');
	put_params(text, sig.params, sig.nparams, true);
	buf_addc(text, ')');
	if (sig.nresults) {
		buf_adds(text, sig.nresults > 1 || named ? " (" : " ");
		put_params(text, sig.results, sig.nresults, named);
		buf_adds(text, sig.nresults > 1 || named ? ")" : "");
	}
	return buf_str(text);
}

/* Collects what the plan itself does not have: positions and inlined calls. */
static int collect(struct targets *targets, void *arg, struct error *err)
{
	struct listing *listing = arg;
	int ret = 0;

	listing->plan = targets->plan;
	for (size_t i = 0; i < targets->plan->nimages && !ret; i++)
		ret = image_each_inline(targets->plan->images[i].image, note_place, listing);
	if (ret == -ENOMEM)
		return error_set(err, ret, "out of memory; close something");
	plan_find_places(targets->plan, 0);
	if (listing->nitems)
		qsort(listing->items, listing->nitems, sizeof(*listing->items), by_func);
	return 0;
}

static void release(struct listing *listing)
{
	free(listing->items);
	free(listing->out);
	buf_release(&listing->signature);
}

/* The formats that a list can have. */
static const struct {
	const struct sink_ops *of;
	int (*print)(const struct list_config *config);
} printers[] = {
	{&sink_text, list_text},
	{&sink_jsonl, list_jsonl},
};

static int open_output(struct outlet *outlet, const struct options *opt, struct targets *targets,
		       struct error *err)
{
	const struct place_check check = output_check(targets);
	int ret;

	if (!opt->output) {
		outlet_init(outlet, STDOUT_FILENO);
		return 0;
	}
	while ((ret = outlet_open(outlet, opt->output, &check)) == -EAGAIN)
		poll(NULL, 0, FIFO_LOOK_MS);
	if (ret)
		error_set(err, ret, "%s: %s; choose another file with -o", opt->output,
			  place_error(ret));
	return ret;
}

static int print(struct listing *listing, const struct options *opt, struct targets *targets,
		 struct error *err)
{
	struct outlet outlet;
	struct list_config config = {
		.outlet = &outlet,
		.plan = listing->plan,
		.full_names = opt->names == NAMES_FULL,
		.params = params_text,
		.inlined_at = inlined_at,
		.arg = listing,
	};
	size_t i = 0;
	int ret;

	while (i < sizeof(printers) / sizeof(printers[0]) && printers[i].of != opt->format->ops)
		i++;
	if (i == sizeof(printers) / sizeof(printers[0]))
		return error_set(err, -EINVAL,
				 "list: not in the format %s; use --format text or jsonl",
				 opt->format->name);
	ret = open_output(&outlet, opt, targets, err);
	if (ret)
		return ret;
	ret = printers[i].print(&config);
	if (!ret)
		ret = outlet_close(&outlet);
	else
		outlet_close(&outlet);
	if (!ret || ret == -EPIPE)
		return 0;
	return error_set(err, ret, "%s: %s; make room, or choose another file with -o",
			 opt->output ? opt->output : "stdout", strerror(-ret));
}

/* Whoever waits for a list is to know that it is none. */
static int interrupted(int sig)
{
	signal(sig, SIG_DFL);
	raise(sig);
	return STATUS_SIGNAL(sig);
}

int cmd_list(struct options *opt, const struct inherited *given)
{
	struct listing listing = {0};
	struct opening opening = {
		.opt = opt,
		.targets.how.given = given,
		.more = collect,
		.arg = &listing,
	};
	struct error err = {0};
	int ret = opening_run(&opening, &err);

	if (!ret && !opt->quiet)
		fputs(buf_str(&opening.targets.notes), stderr);
	if (!ret)
		ret = print(&listing, opt, &opening.targets, &err);
	if (ret)
		chatter_error(&err);
	if (opening.running)
		_exit(ret == -EINTR ? interrupted(opening.watched.signal) : 1);
	release(&listing);
	targets_release(&opening.targets);
	return ret ? 1 : 0;
}
