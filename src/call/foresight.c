/* SPDX-License-Identifier: GPL-2.0-only */
#include "call/foresight.h"

#include <errno.h>
#include <stdlib.h>

#include "call/selecting.h"

void foresight_release(struct foresight *foresight)
{
	for (int i = 0; i < FORESEEN; i++)
		map_release(&foresight->words[i]);
	*foresight = (struct foresight){0};
}

bool foresight_has(const struct foresight *foresight, enum foreseen what, uint64_t id)
{
	const uint64_t *word = map_find(&foresight->words[what], (struct map_key){.a = id / 64});

	return word && *word >> id % 64 & 1;
}

/* *fresh: it was not there. */
static int put(struct foresight *foresight, enum foreseen what, uint64_t id, bool *fresh)
{
	uint64_t *word = map_put(&foresight->words[what], (struct map_key){.a = id / 64});
	uint64_t bit = 1ull << id % 64;

	if (!word)
		return -ENOMEM;
	*fresh = !(*word & bit);
	*word |= bit;
	return 0;
}

bool foresight_needs_passed(const struct select_config *config)
{
	return config->filters;
}

bool foresight_needs_kept(const struct select_config *config)
{
	return config->calls.min_duration || config->calls.errors;
}

/* A sink, which is the selecting one as far as it judges. */
struct foreseeing {
	struct selecting s;
	struct foresight *to;
	bool passed;
};

static struct foreseeing *foreseeing_of(struct sink *sink)
{
	return (struct foreseeing *)sink;
}

/* Those above it, and itself, have something that is kept. */
static int keep(struct foreseeing *f, const struct tree *tree, uint32_t call)
{
	bool fresh = true;
	int err = 0;

	for (uint32_t at = call; at != CALL_NONE && fresh && !err; at = tree->calls[at].parent) {
		const struct selected_call *state = selecting_find(&f->s, tree->calls[at].id);

		if (state && state->shown)
			err = put(f->to, FORESEE_KEPT, tree->calls[at].id, &fresh);
	}
	return err;
}

/* The root call that is shown above it. */
static int fail(struct foreseeing *f, const struct tree *tree, uint32_t call)
{
	bool fresh;

	for (uint32_t at = 0; at <= call; at++) {
		const struct selected_call *state = selecting_find(&f->s, tree->calls[at].id);

		if (state && state->shown)
			return put(f->to, FORESEE_FAILED, tree->calls[at].id, &fresh);
	}
	return 0;
}

static int learn(struct foreseeing *f, const struct tree *tree, uint32_t index,
		 const struct selected_call *state)
{
	const struct select_config *config = &f->s.config;
	const struct call *call = &tree->calls[index];
	bool fresh;
	int err = 0;

	if (f->passed)
		return selecting_passes(&f->s, tree, index)
			       ? put(f->to, FORESEE_PASSED, call->id, &fresh)
			       : 0;
	if (state->shown && !narrow_is_short(config, call))
		err = keep(f, tree, index);
	if (!err && config->calls.errors && state->there && state->drilled &&
	    narrow_has_failed(tree, call))
		err = fail(f, tree, index);
	return err;
}

static int on_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct foreseeing *f = foreseeing_of(sink);

	if (!selecting_wants(&f->s, tree->goid, tree->curg))
		return 0;
	return selecting_judge(&f->s, tree, call) ? 0 : -ENOMEM;
}

static int on_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct foreseeing *f = foreseeing_of(sink);
	const struct selected_call *state;
	int err;

	if (!selecting_wants(&f->s, tree->goid, tree->curg))
		return 0;
	state = selecting_find(&f->s, tree->calls[call].id);
	if (!state)
		state = selecting_judge(&f->s, tree, call);
	err = state ? learn(f, tree, call, state) : -ENOMEM;
	selecting_forget(&f->s, tree->calls[call].id);
	return err;
}

/* Calls that never ended: nobody was there to tell. They are as long as may be. */
static int on_end(struct sink *sink, const struct trace_summary *summary)
{
	struct foreseeing *f = foreseeing_of(sink);
	const struct map_slot *slot;
	size_t at = 0;
	int err = 0;

	(void)summary;
	while (!err && (slot = map_next(&f->s.open_calls, &at))) {
		const struct selected_call *state = &f->s.held[slot->value - 1];
		bool fresh;

		if (f->passed ? state->there && !state->filtered : state->shown)
			err = put(f->to, f->passed ? FORESEE_PASSED : FORESEE_KEPT, slot->key.a,
				  &fresh);
	}
	return err;
}

static void on_free(struct sink *sink)
{
	struct foreseeing *f = foreseeing_of(sink);

	selecting_release(&f->s);
	free(f);
}

static const struct sink_ops foresight_ops = {
	.name = "foresight",
	.enter = on_enter,
	.leave = on_leave,
	.end = on_end,
	.free = on_free,
};

/* NULL when memory is out. */
static struct sink *foreseeing_new(const struct select_config *config, struct foresight *foresight,
				   bool passed)
{
	struct foreseeing *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->s.sink.ops = &foresight_ops;
	f->s.config = *config;
	f->s.until = UINT64_MAX;
	/* What was learnt before is used. */
	f->s.foresight = foresight;
	f->to = foresight;
	f->passed = passed;
	return &f->s.sink;
}

static int learn_all(struct foresight *foresight, const struct select_config *config, bool passed,
		     int (*replay)(void *arg, struct sink *sink), void *arg)
{
	static const struct trace_summary nothing;
	struct sink *sink = foreseeing_new(config, foresight, passed);
	int err = sink ? replay(arg, sink) : -ENOMEM;

	if (!err)
		err = sink_end(sink, &nothing);
	sink_free(sink);
	return err;
}

int foresight_learn(struct foresight *foresight, const struct select_config *config,
		    int (*replay)(void *arg, struct sink *sink), void *arg)
{
	int err = 0;

	if (foresight_needs_passed(config)) {
		err = learn_all(foresight, config, true, replay, arg);
		foresight->knows[FORESEE_PASSED] = true;
	}
	if (!err && foresight_needs_kept(config)) {
		err = learn_all(foresight, config, false, replay, arg);
		foresight->knows[FORESEE_KEPT] = foresight->knows[FORESEE_FAILED] = true;
	}
	return err;
}
