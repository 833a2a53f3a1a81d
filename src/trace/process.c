/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdlib.h>

#include "trace/trace_state.h"
#include "trace/waits.h"

/* So many are remembered without a look at whether they still run. */
#define PROCESSES_FEW 1024

struct traced_process *process_find(const struct trace *trace, uint32_t tgid)
{
	const uint64_t *slot = map_find(&trace->processes, (struct map_key){.a = tgid});

	return slot ? (struct traced_process *)(uintptr_t)*slot : NULL;
}

static struct traced_process *process_new(struct trace *trace, const struct ft_record *record)
{
	struct traced_process *owner = calloc(1, sizeof(*owner));
	uint64_t *slot =
		owner ? map_put(&trace->processes, (struct map_key){.a = record->tgid}) : NULL;

	if (!slot) {
		free(owner);
		trace_check(trace, -ENOMEM);
		return NULL;
	}
	*slot = (uintptr_t)owner;
	owner->process.pid = record->tgid;
	owner->process.run = ++trace->runs;
	owner->foreign = trace->machine->ops->identify(trace->machine, &owner->process, record) < 0;
	return owner;
}

/* After an exec: announced again only when another file runs now. */
static void identify_anew(struct trace *trace, struct traced_process *owner,
			  const struct ft_record *record)
{
	struct process old = owner->process;

	owner->process = (struct process){.pid = old.pid, .run = ++trace->runs};
	owner->foreign = trace->machine->ops->identify(trace->machine, &owner->process, record) < 0;
	owner->process.announced = old.announced && owner->process.image == old.image;
	owner->renewed = false;
	free(old.exe);
}

struct traced_process *process_of(struct trace *trace, const struct ft_record *record)
{
	struct traced_process *owner = trace->recent;

	if (!owner || owner->process.pid != record->tgid) {
		owner = process_find(trace, record->tgid);
		if (!owner)
			owner = process_new(trace, record);
		trace->recent = owner;
	}
	if (owner && owner->renewed)
		identify_anew(trace, owner, record);
	return owner && !owner->foreign ? owner : NULL;
}

void process_announce(struct trace *trace, struct traced_process *owner)
{
	if (owner->process.announced)
		return;
	owner->process.announced = true;
	trace_check(trace, sink_process(trace->sink, &owner->process));
}

bool process_crowded(const struct trace *trace)
{
	size_t least = trace->crowd > PROCESSES_FEW ? trace->crowd : PROCESSES_FEW;

	return trace->machine->ops->is_over && trace->processes.count >= least;
}

struct traced_process *process_next_over(const struct trace *trace, size_t *at)
{
	struct map_slot *slot;

	while ((slot = map_next(&trace->processes, at))) {
		struct traced_process *owner = (struct traced_process *)(uintptr_t)slot->value;

		if (trace->machine->ops->is_over(trace->machine, &owner->process))
			return owner;
	}
	return NULL;
}

static void process_free(struct traced_process *owner)
{
	free(owner->process.exe);
	free(owner);
}

void process_forget(struct trace *trace, struct traced_process *owner)
{
	map_delete(&trace->processes, (struct map_key){.a = owner->process.pid});
	trace->recent = NULL;
	process_free(owner);
}

void process_release(struct trace *trace)
{
	struct map_slot *slot;
	size_t at = 0;

	while ((slot = map_next(&trace->processes, &at)))
		process_free((struct traced_process *)(uintptr_t)slot->value);
	map_release(&trace->processes);
}

/* The lane's frames learn of it when a record comes that was made after it. */
static void add_due(struct trace *trace, struct lane *lane, const struct ft_loss *lost)
{
	struct ft_loss *due = lane->due;

	if (!due) {
		lane->due = malloc(sizeof(*due));
		if (lane->due)
			*lane->due = *lost;
		else
			trace_check(trace, -ENOMEM);
		return;
	}
	due->first = lost->first < due->first ? lost->first : due->first;
	due->last = lost->last > due->last ? lost->last : due->last;
	due->depth = lost->depth < due->depth ? lost->depth : due->depth;
	due->count += lost->count;
	due->marks += lost->marks;
}

/* The lane learns of its lost records, and they are told where they are missing. */
static void place_loss(struct trace *trace, struct traced_process *owner,
		       const struct ft_loss_key *key, const struct ft_loss *lost)
{
	struct map_key where = lane_key(key->tgid, key->flags, key->lane, (uint32_t)key->lane);
	struct lane *lane = lanes_find(&trace->lanes, where);
	const struct mark mark = {
		.kind = &mark_loss,
		.start = lost->first,
		.end = lost->last,
		.goid = key->flags ? 0 : key->lane,
		.goid_known = !key->flags,
		.result = lost->count,
		.pid = key->tgid,
	};

	trace->counts.lost += lost->count;
	if (owner && !lane) {
		lane = lanes_get(&trace->lanes, where);
		if (!lane)
			trace_check(trace, -ENOMEM);
	}
	if (owner && lane) {
		lane_own(lane, owner);
		add_due(trace, lane, lost);
		waits_lose(lane, lost->last);
		held_update(&trace->lanes.held, lane);
	}
	if (owner)
		process_announce(trace, owner);
	if (lost->count)
		mark_put(trace, lane, &mark);
}

void process_losses(struct trace *trace, uint64_t now)
{
	struct ft_loss_key key;
	struct ft_loss loss;
	int64_t deficit;
	struct machine *machine = trace->machine;
	uint32_t kernel = machine->ops->epoch ? machine->ops->epoch(machine, &now) : trace->epoch;

	while (machine->ops->next_loss && machine->ops->next_loss(machine, &key, &loss)) {
		struct ft_record record = {.tgid = key.tgid, .time = loss.first};
		struct traced_process *owner = process_of(trace, &record);

		trace->attributed += loss.count + loss.marks;
		if (owner && owner->last_loss < loss.last)
			owner->last_loss = loss.last;
		place_loss(trace, owner, &key, &loss);
	}
	/* The epoch counts every loss; more of them than the list told means that it was full. */
	deficit = (int64_t)kernel - (int64_t)trace->attributed;
	if (deficit > trace->deficit) {
		trace->deficit = deficit;
		trace->unattributed = now;
	}
}

bool process_lost_since(const struct trace *trace, const struct lane *lane,
			const struct frame *frame)
{
	if (trace->epoch == frame->epoch)
		return false;
	return lane->owner->last_loss >= frame->start || trace->unattributed >= frame->start;
}
