/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals: a record of one becomes a mark; what it is called.
 *
 * Source: include/uapi/asm-generic/siginfo.h (codes of all signals), sigaction(2).
 */
#define _GNU_SOURCE /* sigabbrev_np */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <ftrace/marks.h>

#include "trace/decode.h"
#include "trace/mark_source.h"
#include "trace/trace_state.h"

/* What is kept of one. */
struct kept {
	int32_t number, code;
	uint32_t sender;
};

static void on_signal(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_signal *record = (const void *)event->record;
	struct kept kept = {record->number, record->code, record->sender};
	struct mark mark = {
		.kind = &mark_signal,
		.start = record->r.time,
		.end = record->r.time,
		.tid = record->r.tid,
	};

	mark_in_call(trace, lane, &mark, &kept, sizeof(kept));
}

static bool signal_holds(const struct ft_record *record)
{
	return record->size == sizeof(struct ft_signal);
}

const struct record_kind record_signal = {
	.size = sizeof(struct ft_signal),
	.hit = true,
	.holds = signal_holds,
	.in_lane = on_signal,
};

/* Codes that any signal may have; those of one signal only are by its own table. */
static const char *code_name(int32_t number, int32_t code)
{
	static const struct {
		int32_t number; /* 0: any */
		int32_t code;
		const char *name;
	} codes[] = {
		{0, SI_USER, "SI_USER"},
		{0, SI_KERNEL, "SI_KERNEL"},
		{0, SI_QUEUE, "SI_QUEUE"},
		{0, SI_TIMER, "SI_TIMER"},
		{0, SI_MESGQ, "SI_MESGQ"},
		{0, SI_ASYNCIO, "SI_ASYNCIO"},
		{0, SI_SIGIO, "SI_SIGIO"},
		{0, SI_TKILL, "SI_TKILL"},
		{SIGSEGV, SEGV_MAPERR, "SEGV_MAPERR"},
		{SIGSEGV, SEGV_ACCERR, "SEGV_ACCERR"},
		{SIGBUS, BUS_ADRALN, "BUS_ADRALN"},
		{SIGBUS, BUS_ADRERR, "BUS_ADRERR"},
		{SIGBUS, BUS_OBJERR, "BUS_OBJERR"},
		{SIGFPE, FPE_INTDIV, "FPE_INTDIV"},
		{SIGFPE, FPE_INTOVF, "FPE_INTOVF"},
		{SIGILL, ILL_ILLOPC, "ILL_ILLOPC"},
		{SIGILL, ILL_ILLOPN, "ILL_ILLOPN"},
		{SIGTRAP, TRAP_BRKPT, "TRAP_BRKPT"},
		{SIGTRAP, TRAP_TRACE, "TRAP_TRACE"},
		{SIGCHLD, CLD_EXITED, "CLD_EXITED"},
		{SIGCHLD, CLD_KILLED, "CLD_KILLED"},
		{SIGCHLD, CLD_DUMPED, "CLD_DUMPED"},
		{SIGCHLD, CLD_TRAPPED, "CLD_TRAPPED"},
		{SIGCHLD, CLD_STOPPED, "CLD_STOPPED"},
		{SIGCHLD, CLD_CONTINUED, "CLD_CONTINUED"},
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == code && (!codes[i].number || codes[i].number == number))
			return codes[i].name;
	return NULL;
}

/* Whether si_pid means something (kernel/signal.c, siginfo_layout()). */
static bool has_sender(int32_t number, int32_t code)
{
	return code == SI_USER || code == SI_TKILL || code == SI_QUEUE || code == SI_MESGQ ||
	       (number == SIGCHLD && code > 0 && code != SI_KERNEL);
}

/* Realtime signals have numbers, from the first that the kernel has. */
static const char *signal_name(int number, char text[32])
{
	const char *name = sigabbrev_np(number);

	if (name)
		snprintf(text, 32, "SIG%s", name);
	else if (number == 32)
		snprintf(text, 32, "SIGRTMIN");
	else if (number > 32)
		snprintf(text, 32, "SIGRT_%d", number - 32);
	else
		snprintf(text, 32, "signal %d", number);
	return text;
}

bool signal_tell(struct mark_source *source, const struct mark_bytes *of)
{
	struct mark_detail *detail = &source->detail;
	static char name[32], code[32];
	struct kept kept;

	if (of->len != sizeof(kept))
		return false;
	memcpy(&kept, of->bytes, sizeof(kept));
	detail->name = signal_name(kept.number, name);
	detail->code = code_name(kept.number, kept.code);
	if (!detail->code) {
		snprintf(code, sizeof(code), "%d", kept.code);
		detail->code = code;
	}
	detail->has_sender = has_sender(kept.number, kept.code);
	detail->sender = kept.sender;
	return true;
}
