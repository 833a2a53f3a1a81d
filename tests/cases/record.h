/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record: one line of a script becomes the bytes that the kernel side would have sent.
 */
#ifndef FTRACE_TESTS_CASES_RECORD_H
#define FTRACE_TESTS_CASES_RECORD_H

#include <ftrace/marks.h>
#include <ftrace/record.h>
#include <ftrace/syscall_read.h>

#include "known_events.h"
#include "known_callers.h"
#include "plan/plan.h"
#include "values.h"
#include "words.h"

/* The script's second 0, CLOCK_MONOTONIC. */
#define START 5000000000u

#define RECORD_MAX 4096

/* An address in code that goes on behind system calls. */
#define SYSCALL_END 0x800010u

/* What records of a script have in common. */
struct recorder {
	const struct plan *plan; /* its last four sites: SITE_RECOVER, SITE_GOEXIT, SITE_STATE, SITE_BIRTH */
	struct callers *callers;
	uint32_t pid;   /* where a line gives none; 0: no process yet */
	uint32_t epoch; /* the last one given */
};

enum event_site {
	EVENT_ENTRY,
	EVENT_RET,
	EVENT_TAIL,
	EVENT_RECOVER,
	EVENT_GOEXIT,
	EVENT_STATE,
	EVENT_BIRTH,
	EVENT_LANE,
	EVENT_NO_SITE
};

struct event_word {
	const char *word;
	enum ft_kind kind;
	enum event_site site;
};

static const struct event_word event_words[] = {
	{"entry", FT_ENTRY, EVENT_ENTRY},       {"exit", FT_EXIT, EVENT_RET},
	{"tail", FT_EXIT, EVENT_TAIL},          {"recover", FT_RECOVER, EVENT_RECOVER},
	{"goexit", FT_GOEXIT, EVENT_GOEXIT},    {"exec", FT_EXEC, EVENT_NO_SITE},
	{"ended", FT_PROC_EXIT, EVENT_NO_SITE}, {"state", FT_STATE, EVENT_STATE},
	{"offcpu", FT_OFFCPU, EVENT_LANE},      {"signal", FT_SIGNAL, EVENT_LANE},
	{"event", FT_EVENT, EVENT_LANE},        {"syscall", FT_SYSCALL, EVENT_LANE},
	{"birth", FT_BIRTH, EVENT_BIRTH},       {"origin", FT_ORIGIN, EVENT_ENTRY},
};

static uint32_t func_index(const struct plan *plan, const char *name)
{
	for (size_t i = 0; name && i < plan->nfuncs; i++)
		if (!strcmp(plan->funcs[i].name, name))
			return (uint32_t)i;
	die("no such function", name);
	return 0;
}

static void parse_lane(char *word, struct ft_record *r)
{
	if (!word)
		die("a lane is missing", NULL);
	if (!strcmp(word, "thread")) {
		r->flags |= FT_R_THREAD;
	} else if (!strncmp(word, "g0:", 3)) {
		r->flags |= FT_R_STACK;
		r->lane = number(word + 3);
	} else {
		r->lane = number(word);
	}
}

static void parse_site(struct recorder *recorder, enum event_site site, char **save,
		       struct ft_record *r)
{
	const struct plan *plan = recorder->plan;
	uint32_t func;

	if (site == EVENT_NO_SITE)
		return;
	parse_lane(strtok_r(NULL, " \t", save), r);
	if (site == EVENT_LANE)
		return;
	if (site >= EVENT_RECOVER) {
		r->site = (uint32_t)plan->nsites - 4 + (uint32_t)(site - EVENT_RECOVER);
		return;
	}
	func = func_index(plan, strtok_r(NULL, " \t", save));
	r->site = plan->funcs[func].first_site + (uint32_t)site;
}

/* The bytes of one record: the fixed part, then what was read. */
struct parsed {
	union {
		struct ft_entry entry;
		struct ft_state state;
		struct ft_offcpu offcpu;
		struct ft_signal signal;
		struct event_record event;
		struct ft_syscall syscall;
		struct ft_birth birth;
		struct ft_origin origin;
	};
	unsigned char bytes[RECORD_MAX];
	size_t len;
};

static void parse_values(const struct plan *plan, struct parsed *parsed, char *list)
{
	struct ft_record *r = &parsed->entry.r;
	const struct site *site = r->site < plan->nsites ? &plan->sites[r->site] : NULL;
	const struct plan_func *func =
		site && site->func != PLAN_NO_FUNC ? &plan->funcs[site->func] : NULL;

	if (!func)
		die("a record of no function has no values", list);
	parsed->len += values_parse(r->kind == FT_ENTRY ? func->args : func->results, site->addr,
				    list, parsed->bytes + parsed->len, RECORD_MAX - parsed->len);
	r->size = (uint16_t)parsed->len;
	r->flags |= FT_R_VALUES;
}

static uint8_t parse_state(const char *word)
{
	static const char *const names[] = {
		[FT_G_RUNNABLE] = "runnable",   [FT_G_RUNNING] = "running",
		[FT_G_SYSCALL] = "syscall",     [FT_G_WAITING] = "waiting",
		[FT_G_COPYSTACK] = "copystack", [FT_G_PREEMPTED] = "preempted",
	};

	for (uint8_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i] && !strcmp(names[i], word))
			return i;
	die("no such state", word);
	return 0;
}

/* A place in the waker's code, of several the innermost first. */
static void add_frame(struct recorder *recorder, struct parsed *parsed, char *value)
{
	struct ft_state *state = &parsed->state;
	uint64_t addr = recorder->plan->sites[state->r.site].addr;

	if (state->count == FT_WAKER_FRAMES)
		die("too many frames", value);
	if (!strcmp(value, "exitsyscall"))
		state->frames[state->count++] = (int64_t)(SYSCALL_END - addr);
	else
		state->frames[state->count++] =
			(int64_t)(callers_add(recorder->callers, value) - addr);
	state->r.size += sizeof(state->frames[0]);
	parsed->len = state->r.size;
}

/* What was read of an argument: INDEX:PATH, at entry, or INDEX>TEXT, at exit. */
static void add_read_item(struct parsed *parsed, char *value)
{
	char *end;
	struct ft_item item = {.arg = (uint8_t)strtoul(value, &end, 10)};

	if (*end != ':' && *end != '>')
		die("INDEX:TEXT is missing", value);
	item.when = *end == ':' ? FT_AT_ENTRY : FT_AT_SUCCESS;
	item.what = *end == ':' ? FT_READ_PATH : FT_READ_BYTES;
	item.len = (uint16_t)strlen(++end);
	memcpy(parsed->bytes + parsed->len, &item, sizeof(item));
	memcpy(parsed->bytes + parsed->len + sizeof(item), end, item.len);
	parsed->len += sizeof(item) + ((item.len + 7u) & ~7u);
	parsed->syscall.r.size = (uint16_t)parsed->len;
}

static bool parse_syscall_field(const char *word, char *value, struct parsed *parsed)
{
	struct ft_syscall *call = &parsed->syscall;

	if (!strcmp(word, "since"))
		call->start = START + duration(value);
	else if (!strcmp(word, "number"))
		call->number = (uint32_t)number(value);
	else if (!strcmp(word, "result"))
		call->result = strtoll(value, NULL, 0);
	else if (!strcmp(word, "open"))
		call->flags = FT_SYSCALL_OPEN, call->start = call->r.time;
	else if (!strncmp(word, "arg", 3) && word[3] >= '0' && word[3] < '0' + FT_SYSCALL_ARGS)
		call->args[word[3] - '0'] = (uint64_t)strtoll(value, NULL, 0);
	else if (!strcmp(word, "item"))
		add_read_item(parsed, value);
	else
		return false;
	return true;
}

/* Code that a birth or an origin tells of: FUNC, or a place as callers are given. */
static bool parse_birth_field(struct recorder *recorder, const char *word, char *value,
			      struct parsed *parsed)
{
	bool birth = parsed->birth.r.kind == FT_BIRTH;
	int64_t *runs = birth ? &parsed->birth.runs : &parsed->origin.runs;
	int64_t *created = birth ? &parsed->birth.created : &parsed->origin.created;
	uint64_t addr = recorder->plan->sites[parsed->birth.r.site].addr;
	char func[256];

	if (birth && !strcmp(word, "child")) {
		parsed->birth.child = number(value);
	} else if (!birth && !strcmp(word, "parent")) {
		parsed->origin.parent = strcmp(value, "unknown") ? number(value) : FT_NO_PARENT;
	} else if (!strcmp(word, "runs")) {
		snprintf(func, sizeof(func), "%s+0", value);
		*runs = (int64_t)(callers_add(recorder->callers, func) - addr);
	} else if (!strcmp(word, "created")) {
		*created = (int64_t)(callers_add(recorder->callers, value) - addr);
	} else {
		return false;
	}
	return true;
}

/* A field that only records of the kind have; false when it is none of those. */
static bool parse_own_field(struct recorder *recorder, const char *word, char *value,
			    struct parsed *parsed)
{
	uint8_t kind = parsed->entry.r.kind;

	if (kind == FT_STATE && !strcmp(word, "from"))
		parsed->state.from = parse_state(value);
	else if (kind == FT_STATE && !strcmp(word, "to"))
		parsed->state.to = parse_state(value);
	else if (kind == FT_STATE && !strcmp(word, "reason"))
		parsed->state.reason = (uint8_t)number(value);
	else if (kind == FT_STATE && !strcmp(word, "waker") && !strcmp(value, "nobody"))
		parsed->state.flags = FT_WAKER_NOBODY;
	else if (kind == FT_STATE && !strcmp(word, "waker"))
		parsed->state.flags = FT_WAKER_GOROUTINE, parsed->state.waker = number(value);
	else if (kind == FT_STATE && !strcmp(word, "at"))
		add_frame(recorder, parsed, value);
	else if (kind == FT_OFFCPU && !strcmp(word, "since"))
		parsed->offcpu.since = START + duration(value);
	else if (kind == FT_SIGNAL && !strcmp(word, "number"))
		parsed->signal.number = (int32_t)number(value);
	else if (kind == FT_SIGNAL && !strcmp(word, "sender"))
		parsed->signal.sender = (uint32_t)number(value);
	else if (kind == FT_BIRTH || kind == FT_ORIGIN)
		return parse_birth_field(recorder, word, value, parsed);
	else if (kind == FT_SYSCALL)
		return parse_syscall_field(word, value, parsed);
	else
		return false;
	return true;
}

/* One more argument of an event: a word, text, or COMM/PID of a task; of the latter two the word is an address. */
static void add_event_arg(struct parsed *parsed, const char *word, const char *value)
{
	struct event_record *event = &parsed->event;
	struct ft_event_task task = {0};
	unsigned int text = (unsigned int)__builtin_popcount(event->e.read), index = 0;

	while (index < FT_EVENT_ARGS && event->e.args[index])
		index++;
	if (index == FT_EVENT_ARGS || text == FT_EVENT_TEXTS)
		die("too many", value);
	event->e.args[index] =
		strcmp(word, "arg") ? 0xffff888000000000 + index : strtoull(value, NULL, 0);
	if (!strcmp(word, "arg"))
		return;
	if (!strcmp(word, "text"))
		snprintf(event->rooms[text], sizeof(event->rooms[text]), "%s", value);
	else if (sscanf(value, "%15[^/]/%u", task.comm, &task.pid) == 2)
		memcpy(event->rooms[text], &task, sizeof(task));
	event->e.read |= 1u << text;
	event->e.r.size = FT_EVENT_WITH_TEXTS;
	parsed->len = FT_EVENT_WITH_TEXTS;
}

static bool parse_event_field(const char *word, const char *value, struct parsed *parsed)
{
	if (!strcmp(word, "arg") || !strcmp(word, "text") || !strcmp(word, "task"))
		add_event_arg(parsed, word, value);
	else if (!strcmp(word, "event"))
		parsed->event.e.event = (uint32_t)number(value);
	else
		return false;
	return true;
}

static void parse_field(struct recorder *recorder, char *word, struct parsed *parsed)
{
	struct ft_entry *entry = &parsed->entry;
	const struct plan *plan = recorder->plan;
	struct ft_record *r = &entry->r;
	char *value = strchr(word, '=');

	if (!value)
		die("NAME=VALUE is missing", word);
	*value++ = '\0';
	if (parse_own_field(recorder, word, value, parsed))
		return;
	if (r->kind == FT_EVENT && parse_event_field(word, value, parsed))
		return;
	if (!strcmp(word, "caller")) {
		uint64_t addr = r->site < plan->nsites ? plan->sites[r->site].addr : 0;

		entry->caller = (int64_t)(callers_add(recorder->callers, value) - addr);
	} else if (!strcmp(word, "depth")) {
		r->depth = number(value);
	} else if (!strcmp(word, "curg")) {
		entry->curg = number(value);
	} else if (!strcmp(word, "pid")) {
		r->tgid = r->tid = (uint32_t)number(value);
	} else if (!strcmp(word, "tid")) {
		r->tid = (uint32_t)number(value);
	} else if (!strcmp(word, "epoch")) {
		recorder->epoch = r->epoch = (uint32_t)number(value);
	} else if (!strcmp(word, "site")) {
		r->site = (uint32_t)number(value);
	} else if (!strcmp(word, "size")) {
		r->size = (uint16_t)number(value);
	} else if (!strcmp(word, "kind")) {
		r->kind = (uint8_t)number(value);
	} else if (!strcmp(word, "flags")) {
		r->flags = (uint8_t)number(value);
	} else if (!strcmp(word, "len")) {
		parsed->len = number(value);
	} else if (!strcmp(word, "values")) {
		parse_values(plan, parsed, value);
	} else {
		die("no such field", word);
	}
}

/* Of the fixed part; of a state without frames. */
static size_t size_of(enum ft_kind kind)
{
	switch (kind) {
	case FT_ENTRY:
		return sizeof(struct ft_entry);
	case FT_STATE:
		return FT_STATE_SIZE;
	case FT_OFFCPU:
		return sizeof(struct ft_offcpu);
	case FT_EVENT:
		return sizeof(struct ft_event);
	case FT_SIGNAL:
		return sizeof(struct ft_signal);
	case FT_SYSCALL:
		return sizeof(struct ft_syscall);
	case FT_BIRTH:
		return sizeof(struct ft_birth);
	case FT_ORIGIN:
		return sizeof(struct ft_origin);
	default:
		return sizeof(struct ft_record);
	}
}

/* Puts the record of a line whose first word was `event` into `bytes`; returns its length. */
static size_t record_parse(struct recorder *recorder, const struct event_word *event, char **save,
			   unsigned char bytes[RECORD_MAX])
{
	static struct parsed parsed;
	struct ft_record *r = &parsed.entry.r;
	size_t fixed = size_of(event->kind);
	char *word;

	if (!recorder->pid)
		die("no process yet", event->word);
	memset(&parsed, 0, sizeof(parsed));
	parsed.len = fixed;
	r->kind = (uint8_t)event->kind;
	r->size = (uint16_t)fixed;
	r->tgid = r->tid = recorder->pid;
	r->epoch = recorder->epoch;
	r->time = START + duration(strtok_r(NULL, " \t", save));
	parse_site(recorder, event->site, save, r);
	while ((word = strtok_r(NULL, " \t", save)))
		parse_field(recorder, word, &parsed);
	if (parsed.len > RECORD_MAX)
		die("too long", "len");
	if (event->kind == FT_EVENT)
		fixed = sizeof(parsed.event);
	memcpy(parsed.bytes, &parsed.entry, r->kind == FT_STATE ? r->size : fixed);
	memcpy(bytes, parsed.bytes, RECORD_MAX);
	return parsed.len;
}

#endif
