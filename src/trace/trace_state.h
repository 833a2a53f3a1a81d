/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace_state: what the parts of the trace share; internal to src/trace.
 *
 *     trace.c     the trace as a whole: its time, its processes, its end
 *     records.c   records: which frames begin and end
 *     show.c      frames: which of them are shown, as calls of a tree, and when they leave
 *     errors.c    trees that are not shown unless a call of them failed
 *     tally.c     what the statistics get of calls
 *     stream.c    calls of trees that are written one by one
 *     marks.c     marks: into the tree that is open, or straight on
 *     origin.c    goroutines: who made them
 *     edit.c      trees: calls and marks come and go
 *     flight.c    what --flight lets out, and when
 *     room.c      what goes where too much is held, or open
 *     process.c   processes, and the records that were lost in them
 */
#ifndef FTRACE_TRACE_TRACE_STATE_H
#define FTRACE_TRACE_TRACE_STATE_H

#include "base/map.h"
#include "base/recent.h"
#include "fetch/filter_eval.h"
#include "trace/decode.h"
#include "trace/lane.h"
#include "trace/tally.h"
#include "trace/trace.h"

/* --flight, while something goes out. */
struct flight {
	bool open;
	bool last;            /* nothing goes out after it: --max-calls was reached */
	uint64_t since, till; /* ends of calls */
	uint64_t
		room; /* bytes that are held from which on ended calls go to the sink; 0: not known yet */
};

struct trace {
	struct trace_config config;
	struct sink *sink;
	struct machine *machine;
	struct lanes lanes;
	struct map processes; /* tgid -> struct traced_process * */
	struct traced_process *recent;
	uint32_t runs;         /* of processes so far: struct process.run */
	struct recent origins; /* {run, goid} -> struct origin; none unless that is asked for */
	size_t crowd; /* processes from which on those that have ended are looked for */
	struct trace_counts counts;
	uint64_t last_id;      /* of the calls that were handed on */
	uint32_t epoch;        /* of the newest record */
	uint64_t attributed;   /* lost records that a process was found for */
	int64_t deficit;       /* the most by which those fell short of the kernel's count */
	uint64_t unattributed; /* time of the newest lost record that no process was found for */
	unsigned char mended
		[FT_VALUES_MAX]; /* values of the record at hand, where the kernel's were not all */
	/* Places in the map of lanes: those before them were looked at in this turn, */
	size_t ticked; /* for what is held for too long */
	size_t looked; /* for goroutines that are gone */
	struct flight flight;
	int stopped; /* 0, 1: --max-calls was reached, or the error that ended it */
};

/* Whether calls learn where their time goes. */
static inline bool trace_times(const struct trace *trace)
{
	return trace->config.marks && trace->config.marks->waits;
}

/* show.c */

/* The frame that was just pushed begins; shows it when it is to be shown. */
void show_begin(struct trace *trace, struct lane *lane, const struct event *event);

/* The innermost frame ends (it is popped by this). `time` is ignored for OPEN, EXIT, LOST. */
void show_end(struct trace *trace, struct lane *lane, enum call_end how, uint64_t time,
	      uint8_t flags, const struct event *event);

/* A call that returned without having been seen to begin. */
void show_unseen(struct trace *trace, struct lane *lane, const struct event *event);

/* Whether the call, which has ended, passes the filter; `event`: the record of its end, or NULL. */
bool show_passes(const struct trace *trace, const struct filter_check *filter,
		 const struct tree *tree, const struct call *call, const struct event *event);

/* A tree leaves whole, or what has ended of it. */
void show_hand_on(struct trace *trace, struct lane *lane, const struct tree *tree);

/* stream.c */

static inline bool stream_is_entered(const struct call *call)
{
	return call->flags & CALL_ENTERED;
}

/* Whether the end of an open call, or --errors, may still leave it out. */
bool stream_is_undecided(const struct trace *trace, const struct tree *tree,
			 const struct call *call);

/* Tells the sink that a call of a streamed tree, with the callers above it, has begun; that it has ended. */
void stream_enter(struct trace *trace, struct lane *lane, uint32_t index);
void stream_leave(struct trace *trace, struct lane *lane, uint32_t index);

/* Lets the open tree of a lane go: its calls are streamed from now on. */
void stream_tree(struct trace *trace, struct lane *lane);

/* Takes from the open tree of a lane what has ended; what ends from now on is not kept either. */
void stream_forget(struct trace *trace, struct lane *lane);

/* Takes from the tree of a lane all but the open calls. */
void stream_keep_open(struct lane *lane);

/* Streamed calls that are open long enough for --min-duration are written now. */
void stream_overdue(struct trace *trace, struct lane *lane, uint64_t now);

/* errors.c */

/* Whether --errors keeps the tree from being shown, as far as is known. */
static inline bool errors_wait(const struct trace *trace, const struct tree *tree)
{
	return trace->config.select.errors && tree->ncalls &&
	       !(tree->calls[0].flags & CALL_FAILED_IN);
}

/* Whether --depth leaves the call out though it is in the tree, for --errors to see how it ends. */
static inline bool errors_only_watch(const struct trace *trace, const struct call *call)
{
	const struct call_select *select = &trace->config.select;

	return select->errors && select->depth && call->level >= select->depth;
}

/* Whether the call, which has ended, returned an error that is not nil, or was left by a panic, or the process died of one
 * in it. */
enum filter_failed errors_failed(const struct trace *trace, const struct call *call,
				 const struct event *event);

/* A call of the tree has ended, as its record says or without one: learns whether it failed. */
void errors_learn(const struct trace *trace, struct tree *tree, uint32_t index,
		  const struct event *event);

/* marks.c */

/* What is of a lane but of no call (mark_kind.apart): into the open tree, or, where that is streamed or there is none (also:
 * lane NULL), straight to the sink. */
void mark_put(struct trace *trace, struct lane *lane, const struct mark *mark);

/* The innermost shown call that was open at that time, or CALL_NONE. */
uint32_t mark_call_at(const struct lane *lane, uint64_t time);

/* What is of the innermost shown call that was open when the mark began: kind, start, end, result, what, tid and open are
 * given, and what the source is to know of it, `len` bytes. Whether there is such a call. */
bool mark_in_call(struct trace *trace, struct lane *lane, const struct mark *given,
		  const void *bytes, size_t len);

/* A mark of a tree that is streamed goes out, where a call that it hangs on was told to the sink. */
void mark_stream(struct trace *trace, const struct tree *tree, const struct mark *given);

/* Of a streamed tree: marks that waited for their call to be told to the sink go out where it was; those of no call go away. */
void mark_flush(struct trace *trace, struct lane *lane);

/* flight.c */

/* A call that is shown begins; has ended, as its record says or without one (event NULL): what it is to --when. */
void flight_begin(struct trace *trace, struct frame *frame, const struct event *event);
void flight_end(struct trace *trace, const struct tree *tree, const struct call *call,
		const struct event *event);

/* It is that late: where nothing is to go out any more what is open does, and no more after it. */
void flight_pass(struct trace *trace, uint64_t now);

/* Nothing comes any more: of open trees only what belongs to what goes out stays. */
void flight_finish(struct trace *trace);

/* Much is held: what has ended of the open trees goes to the sink. */
void flight_spill(struct trace *trace);

/* origin.c */

/* Keeps in the tree of a goroutine, of which the first call begins, what is known of where that comes from. */
void origin_keep(struct trace *trace, struct tree *tree);

/* room.c */

/* To be called after each event of a lane: keeps all of them within the bounds of trace_config. No pointer to a lane
 * survives it. */
void room_make(struct trace *trace, struct lane *lane);

/* Ends processes whose end nobody told. */
void room_sweep(struct trace *trace);

/* trace.c */

/* Nothing comes of the lane any more: `how` is what became of frames that are certainly open. */
void trace_end_lane(struct trace *trace, struct lane *lane, enum call_end how);

/* The program in it is over; with `renewed` the process goes on with another. */
void trace_end_process(struct trace *trace, struct traced_process *owner, bool renewed);

/* process.c */

/* The process of a record, identified when it is new; NULL when it is not one to trace. */
struct traced_process *process_of(struct trace *trace, const struct ft_record *record);
struct traced_process *process_find(const struct trace *trace, uint32_t tgid);

/* Makes the sink know the process, before the first call of it. */
void process_announce(struct trace *trace, struct traced_process *owner);

void process_forget(struct trace *trace, struct traced_process *owner);

/* Whether there are so many that some have ended unseen, in all likelihood. */
bool process_crowded(const struct trace *trace);

/* One that has ended unseen, since the record that said so was lost, or NULL; start with *at = 0. */
struct traced_process *process_next_over(const struct trace *trace, size_t *at);
void process_release(struct trace *trace);

/* A record came with another epoch: learns what was lost, and marks it where it is. */
void process_losses(struct trace *trace, uint64_t now);

/* Whether a record of the lane's process was lost since the frame began. */
bool process_lost_since(const struct trace *trace, const struct lane *lane,
			const struct frame *frame);

/* What is handed on is counted. */
static inline void trace_count(struct trace *trace, const struct call *call)
{
	trace->counts.calls++;
	trace->counts.unwound += call->how == CALL_UNWOUND;
	trace->counts.open += call->how == CALL_OPEN;
}

static inline void trace_count_mark(struct trace *trace, const struct mark *mark)
{
	if (mark->kind->counted < MARK_COUNTS)
		trace->counts.marks[mark->kind->counted]++;
}

/* Remembers the first error of the sink, or of memory. */
static inline void trace_check(struct trace *trace, int ret)
{
	if (ret < 0 && !trace->stopped)
		trace->stopped = ret;
}

#endif
