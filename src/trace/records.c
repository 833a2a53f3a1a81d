/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules of the shadow stack (trace.h), a function for each kind of record.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "trace/mend.h"
#include "trace/span.h"
#include "trace/trace_state.h"
#include "trace/waits.h"

/* The innermost frame is over, though it did not end by itself. */
static void end_top(struct trace *trace, struct lane *lane, uint64_t time, uint8_t cause)
{
	const struct frame *frame = &lane->frames[lane->nframes - 1];

	if (process_lost_since(trace, lane, frame))
		show_end(trace, lane, CALL_LOST, 0, 0, NULL);
	else
		show_end(trace, lane, CALL_UNWOUND, time, CALL_APPROXIMATE | cause, NULL);
}

/* All frames below `depth` are over. */
static void end_deeper(struct trace *trace, struct lane *lane, uint64_t depth, uint64_t time,
		       uint8_t cause)
{
	while (lane->nframes && lane->frames[lane->nframes - 1].depth > depth)
		end_top(trace, lane, time, cause);
}

static void end_at(struct trace *trace, struct lane *lane, uint64_t depth, uint64_t time)
{
	end_deeper(trace, lane, depth, time, 0);
	while (lane->nframes && lane->frames[lane->nframes - 1].depth == depth)
		end_top(trace, lane, time, 0);
}

/* The entry ran again for the same call, behind morestack. */
static bool is_repeat(const struct lane *lane, const struct event *event)
{
	const struct frame *top = lane->nframes ? &lane->frames[lane->nframes - 1] : NULL;

	return event->site->may_repeat && top && !top->doubt &&
	       top->depth == event->record->depth && top->func == event->site->func;
}

/*
 * Where two records of a lane were lost at this depth or above, they may have been the exit of a call
 * and the entry of the next one of the same function at the same depth: what returns now is then not
 * what was seen to begin.
 */
static bool may_be_another(const struct trace *trace, const struct frame *frame)
{
	return frame->doubt >= 2 ||
	       (trace->epoch != frame->epoch && trace->unattributed >= frame->start);
}

/* Whoever enters now may be called by a later call than the one that was seen to begin. */
static void end_doubtful(struct trace *trace, struct lane *lane, uint64_t time)
{
	while (lane->nframes && may_be_another(trace, &lane->frames[lane->nframes - 1]))
		end_top(trace, lane, time, 0);
}

static void on_entry(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_record *record = event->record;
	struct frame *frame;

	end_deeper(trace, lane, record->depth, record->time, 0);
	end_doubtful(trace, lane, record->time);
	if (is_repeat(lane, event))
		return;
	end_at(trace, lane, record->depth, record->time);
	lane->g = event->entry->g;
	frame = lane_push(lane);
	if (!frame || (trace->config.stats && span_reserve(lane))) {
		lane->nframes -= frame != NULL;
		trace_check(trace, -ENOMEM);
		return;
	}
	frame->depth = record->depth;
	frame->start = record->time;
	frame->func = event->site->func;
	frame->epoch = record->epoch;
	if (trace_times(trace))
		waits_enter(trace, lane, event);
	show_begin(trace, lane, event);
	if (trace->config.stats)
		span_begin(lane);
}

/* On a stack without a goroutine only entries tell whom it works for: exits of what was not wanted
 * find no frame, and nothing is to be said of them. */
static bool is_stray(const struct trace *trace, const struct event *event)
{
	return trace->config.select.ngoids && event->record->flags & (FT_R_STACK | FT_R_THREAD);
}

static void on_exit_site(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_record *record = event->record;
	const struct frame *top;

	end_deeper(trace, lane, record->depth, record->time, 0);
	top = lane->nframes ? &lane->frames[lane->nframes - 1] : NULL;
	if (top && top->depth == record->depth && top->func == event->site->func &&
	    !may_be_another(trace, top)) {
		bool tail = event->site->kind == SITE_TAIL;

		show_end(trace, lane, tail ? CALL_TAIL : CALL_RETURN, record->time,
			 event->site->leaf ? CALL_APPROXIMATE : 0, tail ? NULL : event);
		return;
	}
	end_at(trace, lane, record->depth, record->time);
	/* A process that was traced from its start has no call whose entry could not be seen. */
	if (!is_stray(trace, event) &&
	    (!lane->owner->process.whole || lane->owner->last_loss || trace->unattributed))
		show_unseen(trace, lane, event);
}

/* What was lost is known sooner than the records before it in the ring are read. */
static void learn_loss(struct lane *lane, uint64_t time, uint32_t epoch)
{
	struct ft_loss *due = lane->due;

	if (!due || time < due->first)
		return;
	for (size_t i = 0; i < lane->nframes; i++)
		if (lane->frames[i].depth >= due->depth && lane->frames[i].epoch != epoch)
			lane->frames[i].doubt += due->count + due->marks < 2 ? 1 : 2;
	if (time > due->last) {
		free(due);
		lane->due = NULL;
	}
}

static void on_callers(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_callers *callers = (const void *)event->record;

	if (!lane->callers)
		lane->callers = malloc(sizeof(*lane->callers));
	if (!lane->callers) {
		trace_check(trace, -ENOMEM);
		return;
	}
	lane->callers->time = event->record->time;
	lane->callers->count = callers->count;
	for (uint32_t i = 0; i < callers->count; i++)
		lane->callers->addrs[i] = event->site->addr + (uint64_t)callers->callers[i];
}

static void on_recover(struct trace *trace, struct lane *lane, const struct event *event)
{
	end_deeper(trace, lane, event->record->depth, event->record->time, CALL_PANIC);
}

static void on_goexit(struct trace *trace, struct lane *lane, const struct event *event)
{
	end_deeper(trace, lane, 0, event->record->time, CALL_GOEXIT);
}

/*
 * Where a call is seen late (plan/late.h), and code before that place touched memory that is not there, it has not been
 * seen: now it is, and is about to panic. That code has no frame, so that SP was what it was at the entry.
 */
static void on_fault(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_fault *fault = (const void *)event->record;
	const struct plan *plan = trace->config.plan;
	const struct plan_func *func =
		late_unseen_at(plan, event->site->image, event->site->addr + (uint64_t)fault->pc);
	struct ft_entry entry = fault->e;
	struct event entered = {.record = &entry.r, .kind = &record_entry, .entry = &entry};

	if (!func)
		return;
	entered.site = &plan->sites[func->first_site];
	entry.r.depth -= sizeof(uint64_t);
	entry.caller += (int64_t)(event->site->addr - entered.site->addr);
	on_entry(trace, lane, &entered);
}

/* What is open now stays so until the process has ended. */
static void on_panic(struct trace *trace, struct lane *lane, const struct event *event)
{
	(void)trace, (void)event;
	for (size_t i = 0; i < lane->nframes; i++)
		if (lane->frames[i].call != CALL_NONE)
			lane->tree.calls[lane->frames[i].call].flags |= CALL_PANIC;
}

static void on_exec(struct trace *trace, struct traced_process *owner)
{
	trace_end_process(trace, owner, true);
}

static void on_process_exit(struct trace *trace, struct traced_process *owner)
{
	trace_end_process(trace, owner, false);
}

static bool callers_hold(const struct ft_record *record)
{
	const struct ft_callers *callers = (const void *)record;
	size_t room = (record->size - sizeof(*callers)) / sizeof(callers->callers[0]);

	return callers->count <= FT_CALLERS_MAX && callers->count <= room;
}

#define IN_LANE (FT_R_STACK | FT_R_THREAD)

const struct record_kind record_entry = {
	.size = sizeof(struct ft_entry),
	.flags = IN_LANE | FT_R_VALUES,
	.sites = RECORD_FROM(SITE_ENTRY),
	.hit = true,
	.in_lane = on_entry,
};

const struct record_kind record_exit = {
	.size = sizeof(struct ft_record),
	.flags = IN_LANE | FT_R_VALUES,
	.sites = RECORD_FROM(SITE_RET) | RECORD_FROM(SITE_TAIL),
	.hit = true,
	.in_lane = on_exit_site,
};

const struct record_kind record_recover = {
	.size = sizeof(struct ft_record),
	.flags = IN_LANE,
	.sites = RECORD_FROM(SITE_RECOVER),
	.hit = true,
	.in_lane = on_recover,
};

const struct record_kind record_goexit = {
	.size = sizeof(struct ft_record),
	.flags = IN_LANE,
	.sites = RECORD_FROM(SITE_GOEXIT),
	.hit = true,
	.in_lane = on_goexit,
};

const struct record_kind record_fault = {
	.size = sizeof(struct ft_fault),
	.flags = IN_LANE,
	.sites = RECORD_FROM(SITE_FAULT),
	.hit = true,
	.in_lane = on_fault,
};

const struct record_kind record_panic = {
	.size = sizeof(struct ft_record),
	.flags = IN_LANE,
	.sites = RECORD_FROM(SITE_PANIC),
	.hit = true,
	.in_lane = on_panic,
};

/* More of the hit whose entry comes next. */
const struct record_kind record_callers = {
	.size = sizeof(struct ft_callers),
	.flags = IN_LANE,
	.sites = RECORD_FROM(SITE_ENTRY),
	.holds = callers_hold,
	.in_lane = on_callers,
};

const struct record_kind record_exec = {
	.size = sizeof(struct ft_record),
	.flags = FT_R_THREAD,
	.in_process = on_exec,
};

const struct record_kind record_process_exit = {
	.size = sizeof(struct ft_record),
	.flags = FT_R_THREAD,
	.in_process = on_process_exit,
};

static void lane_event(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_record *record = event->record;
	bool was_open = lane->nframes > 0;

	lane->last = record->time;
	learn_loss(lane, record->time, record->epoch);
	event->kind->in_lane(trace, lane, event);
	if (was_open && !lane->nframes)
		trace->counts.open_lanes--;
	else if (!was_open && lane->nframes)
		trace->counts.open_lanes++;
}

static void process_event(struct trace *trace, const struct event *event)
{
	struct traced_process *owner = process_find(trace, event->record->tgid);

	if (owner)
		event->kind->in_process(trace, owner);
}

static bool is_wanted(const struct trace *trace, const struct event *event)
{
	const struct call_select *select = &trace->config.select;
	const struct ft_record *record = event->record;
	uint64_t goid = record->lane;

	/* Of a goroutine that is wanted another one may be the parent. */
	if (!select->ngoids || record->kind == FT_BIRTH)
		return true;
	if (record->flags & (FT_R_STACK | FT_R_THREAD)) {
		if (!event->entry)
			return true;
		goid = event->entry->curg;
	}
	for (size_t i = 0; i < select->ngoids; i++)
		if (select->goids[i] == goid)
			return true;
	return false;
}

/* Before anybody looks at the values of the record. */
static void mend(struct trace *trace, struct event *event)
{
	const struct plan *plan = trace->config.plan;
	const struct image *image;
	const struct fetch *fetch;
	uint64_t ip;
	size_t len;

	if (!event->site || event->nvalues < sizeof(struct ft_values))
		return;
	image = plan->images[event->site->image].image;
	if (!image)
		return;
	fetch = event->entry ? plan->funcs[event->site->func].args
			     : plan->funcs[event->site->func].results;
	if (!fetch)
		return;
	memcpy(&ip, event->values, sizeof(ip));
	len = mend_values(fetch, image, ip - event->site->addr, event->values, event->nvalues,
			  trace->mended);
	if (!len)
		return;
	event->values = trace->mended;
	event->nvalues = len;
}

int trace_record(struct trace *trace, const void *bytes, size_t len)
{
	const struct ft_record *record = bytes;
	struct traced_process *owner;
	struct event event;
	struct lane *lane;

	if (trace->stopped)
		return trace->stopped;
	if (decode(trace->config.plan, bytes, len, &event)) {
		trace->counts.records++;
		trace->counts.damaged++;
		return 0;
	}
	trace->counts.records += event.kind->hit;
	flight_pass(trace, record->time);
	if (trace->stopped)
		return trace->stopped;
	if (record->epoch != trace->epoch) {
		trace->epoch = record->epoch;
		process_losses(trace, record->time);
	}
	if (!event.kind->in_lane) {
		process_event(trace, &event);
		return trace->stopped;
	}
	owner = process_of(trace, record);
	if (!owner || !is_wanted(trace, &event))
		return trace->stopped;
	lane = lanes_get(&trace->lanes,
			 lane_key(record->tgid, record->flags, record->lane, record->tid));
	if (!lane)
		return trace->stopped = -ENOMEM;
	lane_own(lane, owner);
	mend(trace, &event);
	lane_event(trace, lane, &event);
	room_make(trace, lane);
	return trace->stopped;
}
