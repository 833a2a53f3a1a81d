/* SPDX-License-Identifier: GPL-2.0-only */
#include "call/mark.h"

#include <stddef.h>
#include <string.h>

#define FIELDS(...) ((const struct mark_field[]){__VA_ARGS__, {.name = NULL}})

const struct mark_kind mark_loss = {
	.name = "loss",
	.fields = FIELDS({"pid", MARK_PID}, {"goid", MARK_GOID}, {"start", MARK_START},
			 {"records", MARK_RESULT}),
	.words = "%r records lost",
	.words_one = "%r record lost",
	.counted = MARK_UNCOUNTED,
	.adds_up = true,
	.apart = true,
	.alarm = true,
};

const struct mark_kind mark_switched_off = {
	.name = "disabled",
	.fields = FIELDS({"func", MARK_FUNC}, {"start", MARK_START}, {"rate", MARK_RESULT}),
	.words = "%f switched off: %r calls/s",
	.counted = MARK_UNCOUNTED,
	.of_trace = true,
	.apart = true,
	.alarm = true,
};

const struct mark_kind mark_wait = {
	.name = "wait",
	.fields = FIELDS({"call", MARK_CALL}, {"pid", MARK_PID}, {"goid", MARK_GOID},
			 {"start", MARK_START}, {"duration", MARK_DURATION},
			 {"waiting", MARK_WAITING}, {"runnable", MARK_RUNNABLE},
			 {"reason", MARK_NAME}, {"waker", MARK_WAKER}, {"end", MARK_OPEN}),
	.words = "%n[; woken by %w]",
	.counted = MARK_WAITS,
	.lasts = true,
	.waits = true,
};

const struct mark_kind mark_syscall = {
	.name = "syscall",
	.fields = FIELDS({"call", MARK_CALL}, {"pid", MARK_PID}, {"goid", MARK_GOID},
			 {"tid", MARK_TID}, {"start", MARK_START}, {"duration", MARK_DURATION},
			 {"name", MARK_NAME}, {"args", MARK_ARGS}, {"result", MARK_RETURN},
			 {"error", MARK_ERROR}),
	.words = "%n(%a)[ = %v]",
	.counted = MARK_SYSCALLS,
	.lasts = true,
};

const struct mark_kind mark_signal = {
	.name = "signal",
	.fields = FIELDS({"call", MARK_CALL}, {"pid", MARK_PID}, {"goid", MARK_GOID},
			 {"tid", MARK_TID}, {"start", MARK_START}, {"signal", MARK_NAME},
			 {"code", MARK_CODE}, {"sender", MARK_SENDER}),
	.words = "--- %n {si_code=%c[, si_pid=%s]} ---",
	.counted = MARK_SIGNALS,
};

const struct mark_kind mark_event = {
	.name = "event",
	.fields = FIELDS({"call", MARK_CALL}, {"pid", MARK_PID}, {"goid", MARK_GOID},
			 {"tid", MARK_TID}, {"start", MARK_START}, {"event", MARK_NAME},
			 {"args", MARK_ARGS}),
	.words = "%n(%a)",
	.counted = MARK_EVENTS,
};

/* Nothing that is told by itself: a sink learns by it which call made the goroutine. */
const struct mark_kind mark_go = {
	.name = "goroutine",
	.fields = (const struct mark_field[]){{.name = NULL}},
	.counted = MARK_UNCOUNTED,
};

const struct mark_kind *mark_kind_named(const char *name)
{
	static const struct mark_kind *const kinds[] = {
		&mark_loss,    &mark_switched_off, &mark_wait,
		&mark_syscall, &mark_signal,       &mark_event,
		&mark_go,
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i]->name, name))
			return kinds[i];
	return NULL;
}
