/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * replay: a script of recorded events in, what ftrace would print out.
 *
 *     replay FORMAT SCRIPT
 *     replay FORMAT SCRIPT RECORDING     the same by way of a recording, which is left in that file
 *     replay FORMAT SCRIPT RECORDING all the same; all is recorded, and what the script selects is selected then
 *
 * Each line of a script is a word and what belongs to it; `#` starts a comment. TIME is in
 * nanoseconds since tracing began, or with us, ms, s. Settings and names come first:
 *
 *     func NAME                    a traced function
 *     process PID [exe=PATH] [nspid=N]
 *     hold TIME|never   hold-calls N   hold-bytes N   depth N   min-duration TIME   sample N   max-calls N
 *     errors
 *     flight TIME  flight-size N  when NAME: EXPR   (flight.h)
 *     goid N            drill NAME     width N   fold   color   time WORD   trim PREFIX   full-names
 *     waits [TIME]                 where the time goes; shorter waits are no marks
 *     goroutines                   who made them
 *     signals
 *     events                       those of known_events.h
 *     may-repeat NAME              its entry is probed before the stack check
 *     missed N   duration TIME
 *     summary [only]   histogram   sort KEY
 *     takes NAME ITEM...           its arguments, and
 *     gives NAME ITEM...           its results: ITEM is NAME:TYPE (values.h)
 *
 * then what happens. LANE is a goid, `g0:N` for the scheduler's stack N, or `thread`:
 *
 *     entry TIME LANE NAME depth=N [caller=FUNC+OFFSET[,FILE:LINE[,INLINED]]] [curg=N]
 *     exit  TIME LANE NAME depth=N
 *     tail  TIME LANE NAME depth=N
 *     recover TIME LANE depth=N
 *     goexit  TIME LANE depth=N
 *     state TIME LANE from=STATE to=STATE [reason=N] [waker=GOID|nobody] [at=PLACE|at=exitsyscall]...
 *     offcpu TIME LANE since=TIME  its thread had no processor up to now
 *     signal TIME LANE number=N [sender=PID]
 *     event TIME LANE event=N [arg=N] [text=TEXT] [task=COMM/PID]...  its arguments, none 0
 *     syscall TIME LANE number=N since=TIME|open=1 [argN=N] [result=N] [item=N:PATH] [item=N>BYTES]
 *     birth TIME LANE child=GOID [runs=FUNC] [created=FUNC+OFFSET[,FILE:LINE]]  it makes another goroutine
 *     origin TIME LANE NAME [parent=GOID|unknown] [runs=FUNC] [created=...]  what it says of itself before its entry
 *     exec TIME                    the process runs another program
 *     ended TIME                   the process has ended
 *     lost TIME LANE COUNT [depth=N]  the kernel could not hand over COUNT records, none of them
 *                                  at a lesser depth than N (all deeper than any frame otherwise)
 *     tick TIME                    time goes by
 *     idle                         the ring is empty
 *     raw HEX...                   these bytes as a record
 *
 * Any record takes pid=N (the first process otherwise), tid=N (pid otherwise), epoch=N (the last
 * one otherwise), values=V,V... of what its function takes or gives, and, to spoil it, site=N,
 * size=N, kind=N, flags=N and len=N. Tracing began on 9 September 2001 at 01:46:40 UTC, Unix time
 * 1000000000. The closing summary for stderr is the last line of text.
 */
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "call/foresight.h"
#include "call/select.h"
#include "flight.h"
#include "recording/recording.h"
#include "settings.h"
#include "trace/describe.h"
#include "trace/plan_catalog.h"

#define UNIX_START     1000000000000000000
#define SITES_PER_FUNC 3

static const char *recording_path; /* NULL: straight into the sink */
static bool selects_later;         /* from what was recorded */

static void add_site(uint32_t func, enum site_kind kind)
{
	struct plan *plan = &replay.plan;
	struct site *site = checked(vec_push(&plan->sites, &plan->nsites, &plan->capsites));

	site->addr = 0x1000 + 16 * plan->nsites;
	site->func = func;
	site->kind = (uint8_t)kind;
}

static void check(int err)
{
	if (err < 0)
		die(strerror(-err), "trace");
}

static void add_func(const char *name)
{
	struct plan *plan = &replay.plan;
	struct plan_func *func = checked(vec_push(&plan->funcs, &plan->nfuncs, &plan->capfuncs));
	uint32_t index = (uint32_t)(plan->nfuncs - 1);

	func->name = copy(name);
	check(short_names_add(&replay.names, func->name));
	func->file = "?";
	func->first_site = (uint32_t)plan->nsites;
	func->nsites = SITES_PER_FUNC;
	add_site(index, SITE_ENTRY);
	add_site(index, SITE_RET);
	add_site(index, SITE_TAIL);
}

static int on_identify(struct machine *machine, struct process *process,
		       const struct ft_record *first)
{
	struct replay *r = &replay;

	(void)machine, (void)first;
	for (size_t i = 0; i < r->nprocesses; i++) {
		if (r->processes[i].pid != process->pid)
			continue;
		process->nspid = r->processes[i].nspid;
		process->exe = strdup(r->processes[i].exe);
		process->go = "go1.26.8";
		process->build_id = "c0ffee";
		return process->exe ? 0 : -ENOMEM;
	}
	return -ESRCH;
}

static bool on_next_loss(struct machine *machine, struct ft_loss_key *key, struct ft_loss *loss)
{
	struct replay *r = &replay;

	(void)machine;
	if (r->next_loss == r->nlosses)
		return false;
	*key = r->losses[r->next_loss].key;
	*loss = r->losses[r->next_loss++].loss;
	return true;
}

static void begin(void)
{
	static const struct machine_ops ops = {.identify = on_identify, .next_loss = on_next_loss};
	static struct machine machine = {&ops};
	struct short_names *names = &replay.names;

	if (replay.trace)
		return;
	short_names_seal(names);
	add_site(PLAN_NO_FUNC, SITE_RECOVER);
	add_site(PLAN_NO_FUNC, SITE_GOEXIT);
	add_site(PLAN_NO_FUNC, SITE_STATE);
	add_site(PLAN_NO_FUNC, SITE_BIRTH);
	check(catalog_add_exe(&replay.catalog,
			      &(struct catalog_exe){.root = MODULE_ROOT,
						    .names = replay.full_names ? NULL : names}));
	check(plan_catalog(&replay.plan, &replay.catalog, false));
	describer_init(&replay.describer, &replay.plan, &replay.callers);
	replay.describer.marks.wanted = &replay.marks;
	replay.config.source = &replay.describer.source;
	if (replay.table)
		replay.config.stats = replay.stats = checked(stats_new(&replay.catalog));
	replay.config.tell_errors = recording_path;
	if (selects_later) {
		replay.later = replay.config.select;
		replay.config.select = (struct call_select){0};
	}
	replay.config.stats_only = replay.sink_config.only && !recording_path;
	replay.sink_config.stats = replay.stats;
	if (recording_path)
		check(outlet_open(&replay.outlet, recording_path, NULL));
	else
		outlet_init(&replay.outlet, STDOUT_FILENO);
	replay.sink = flight_before(
		checked((recording_path ? &sink_ftrace : replay.ops)->new (&replay.sink_config)));
	replay.trace = checked(trace_new(&replay.config, replay.sink, &machine));
	check(sink_begin(replay.sink));
}

static void feed(const void *bytes, size_t len)
{
	/* Of exactly that size, so that the sanitizer sees each byte read too far. */
	void *record = checked(malloc(len ? len : 1));

	memcpy(record, bytes, len);
	check(trace_record(replay.trace, record, len));
	free(record);
}

static void do_event(const struct event_word *event, char **save)
{
	unsigned char bytes[RECORD_MAX];
	size_t len;

	begin();
	len = record_parse(&replay.recorder, event, save, bytes);
	feed(bytes, len);
}

static void do_raw(char **save)
{
	unsigned char bytes[RECORD_MAX];
	size_t len = 0;
	char *word;

	begin();
	while ((word = strtok_r(NULL, " \t", save))) {
		for (; *word; word += 2) {
			unsigned int byte;

			if (len == sizeof(bytes) || sscanf(word, "%2x", &byte) != 1 || !word[1])
				die("not bytes in hexadecimal", word);
			bytes[len++] = (unsigned char)byte;
		}
	}
	feed(bytes, len);
}

static void do_lost(char **save)
{
	struct loss_due *due =
		checked(vec_push(&replay.losses, &replay.nlosses, &replay.caplosses));
	struct ft_record r = {0};
	char *word;

	if (!replay.recorder.pid)
		die("no process yet", "lost");
	due->loss.first = due->loss.last = START + duration(strtok_r(NULL, " \t", save));
	parse_lane(strtok_r(NULL, " \t", save), &r);
	due->loss.count = number(strtok_r(NULL, " \t", save));
	word = strtok_r(NULL, " \t", save);
	if (word && strncmp(word, "depth=", 6) != 0)
		die("not depth=N", word);
	due->loss.depth = word ? number(word + 6) : UINT64_MAX;
	due->key.tgid = replay.recorder.pid;
	due->key.flags = r.flags;
	due->key.lane = r.flags & FT_R_THREAD ? replay.recorder.pid : r.lane;
	replay.summary.lost += due->loss.count;
}

static void do_process(char **save)
{
	struct known_process *process =
		checked(vec_push(&replay.processes, &replay.nprocesses, &replay.capprocesses));
	char *word;

	process->pid = (uint32_t)number(strtok_r(NULL, " \t", save));
	if (!replay.recorder.pid)
		replay.recorder.pid = process->pid;
	while ((word = strtok_r(NULL, " \t", save))) {
		if (!strncmp(word, "exe=", 4) && !process->exe)
			process->exe = copy(word + 4);
		else if (!strncmp(word, "nspid=", 6))
			process->nspid = (uint32_t)number(word + 6);
		else
			die("no such field", word);
	}
	if (!process->exe)
		process->exe = copy("/srv/main");
}

/* What a function takes, or gives. */
static void do_values(char **save, bool results)
{
	struct plan_func *func =
		&replay.plan.funcs[func_index(&replay.plan, strtok_r(NULL, " \t", save))];
	struct fetch **fetch = results ? &func->results : &func->args;

	if (*fetch)
		die("given twice", func->name);
	*fetch = fetch_parse(save);
}

static void do_line(char *text)
{
	char *save, *word;

	text[strcspn(text, "#\n")] = '\0';
	word = strtok_r(text, " \t", &save);
	if (!word)
		return;
	for (size_t i = 0; i < sizeof(event_words) / sizeof(event_words[0]); i++) {
		if (!strcmp(word, event_words[i].word)) {
			do_event(&event_words[i], &save);
			return;
		}
	}
	if (!strcmp(word, "func")) {
		add_func(checked(strtok_r(NULL, "", &save)));
	} else if (!strcmp(word, "when")) {
		add_when(checked(strtok_r(NULL, "", &save)));
	} else if (!strcmp(word, "process")) {
		do_process(&save);
	} else if (!strcmp(word, "takes") || !strcmp(word, "gives")) {
		do_values(&save, *word == 'g');
	} else if (!strcmp(word, "lost")) {
		do_lost(&save);
	} else if (!strcmp(word, "raw")) {
		do_raw(&save);
	} else if (!strcmp(word, "tick")) {
		begin();
		check(trace_tick(replay.trace, START + duration(strtok_r(NULL, " \t", &save))));
	} else if (!strcmp(word, "idle")) {
		begin();
		check(sink_idle(replay.sink));
	} else if (!do_setting(word, strtok_r(NULL, " \t", &save))) {
		die("no such word", word);
	}
}

static unsigned int on_func(struct select_choice *choice, uint32_t func)
{
	const struct catalog_func *entry = catalog_func(replay.played, func);

	(void)choice;
	return SELECT_FUNC |
	       (replay.plan.funcs[func_index(&replay.plan, entry->name)].drill ? SELECT_DRILL : 0);
}

static bool on_mark(struct select_choice *choice, const struct tree *tree, const struct mark *mark)
{
	(void)choice, (void)tree, (void)mark;
	return true;
}

static int on_replay(void *arg, struct sink *sink)
{
	int fd = open(recording_path, O_RDONLY);
	struct error err = {0};
	struct recording *recording = recording_open(fd, recording_path, &err);
	const struct catalog *played = replay.played;
	int ret;

	(void)arg;
	if (!recording)
		die(err.text, recording_path);
	replay.played = recording_catalog(recording);
	ret = recording_play(recording, sink);
	replay.played = played;
	recording_close(recording);
	close(fd);
	return ret;
}

static int on_foresee(struct select_choice *choice, const struct select_config *config,
		      struct foresight *to)
{
	(void)choice;
	return foresight_learn(to, config, on_replay, NULL);
}

/* Before the others: what the script selects. */
static struct sink *select_from(struct sink *sink, const struct catalog *catalog)
{
	static struct select_choice choice = {
		.func = on_func, .mark = on_mark, .foresee = on_foresee};
	struct select_config config = {.calls = replay.later, .to = UINT64_MAX, .choice = &choice};

	replay.played = catalog;
	return checked(select_new(&config, sink));
}

/* What is in the recording, as the script's settings show it. */
static void play_back(void)
{
	struct sink_config config = replay.sink_config;
	struct recording *recording;
	struct trace_summary summary;
	struct error err = {0};
	struct stats *stats = NULL;
	struct sink *sink, *summing;
	int fd = open(recording_path, O_RDONLY);

	recording = recording_open(fd, recording_path, &err);
	if (!recording)
		die(err.text, recording_path);
	outlet_init(&replay.outlet, STDOUT_FILENO);
	config.catalog = recording_catalog(recording);
	config.wall = recording_wall(recording);
	config.tool = recording_head(recording)->tool;
	config.kernel = recording_head(recording)->kernel;
	config.start = recording_head(recording)->start;
	config.waits = recording_head(recording)->waits;
	config.goroutines = recording_head(recording)->goroutines;
	if (replay.table)
		config.stats = stats = checked(stats_new(config.catalog));
	sink = checked(replay.ops->new (&config));
	summing = sink;
	if (stats)
		sink = summing = checked(summing_new(stats, sink, config.only));
	if (selects_later)
		sink = select_from(sink, config.catalog);
	check(sink_begin(sink));
	check(recording_play(recording, sink));
	recording_summary(recording, &summary);
	check(sink_end(sink, &summary));
	if (recording_damage(recording)->blocks || recording_damage(recording)->cut)
		die("damaged", recording_path);
	if (selects_later)
		select_summary(sink, &summary);
	if (stats)
		summing_summary(summing, &summary);
	if (replay.ops == &sink_text) {
		summary_text(&replay.outlet.buf, &summary);
		buf_addc(&replay.outlet.buf, '\n');
	}
	check(outlet_close(&replay.outlet));
	sink_free(sink);
	stats_free(stats);
	recording_close(recording);
	close(fd);
}

static void finish(void)
{
	struct trace_summary summary;

	begin();
	check(trace_finish(replay.trace));
	summary = trace_summarize(replay.trace);
	summary.lost = replay.summary.lost;
	summary.missed = replay.summary.missed;
	summary.duration = replay.summary.duration;
	summary.sampled = replay.summary.sampled;
	if (replay.config.flight)
		flight_summary(replay.sink, &summary);
	check(sink_end(replay.sink, &summary));
	if (replay.ops == &sink_text && !recording_path) {
		summary_text(&replay.outlet.buf, &summary);
		buf_addc(&replay.outlet.buf, '\n');
	}
	check(outlet_close(&replay.outlet));
	if (recording_path)
		play_back();
}

static void release(void)
{
	sink_free(replay.sink);
	trace_free(replay.trace);
	stats_free(replay.stats);
	for (size_t i = 0; i < replay.plan.nfuncs; i++) {
		free((char *)replay.plan.funcs[i].name);
		plan_func_release(&replay.plan.funcs[i]);
	}
	describer_release(&replay.describer);
	catalog_release(&replay.catalog);
	callers_release(&replay.callers);
	for (size_t i = 0; i < replay.nprocesses; i++)
		free(replay.processes[i].exe);
	for (size_t i = 0; i < replay.sink_config.ntrim; i++)
		free(replay.trim[i]);
	free(replay.plan.funcs);
	free(replay.plan.sites);
	free(replay.processes);
	free(replay.losses);
}

int main(int argc, char **argv)
{
	char *text = NULL;
	size_t cap = 0;
	FILE *script;

	if (argc < 3 || argc > 5) {
		fprintf(stderr, "usage: replay FORMAT SCRIPT [RECORDING [all]]\n");
		return 2;
	}
	for (size_t i = 0; i < nformats; i++)
		if (!strcmp(argv[1], formats[i].name))
			replay.ops = formats[i].ops;
	script_path = argv[2];
	recording_path = argv[3];
	selects_later = argc == 5;
	if (!replay.ops)
		die("no such format", argv[1]);
	replay.plan.nimages = 1;
	replay.plan.images[0].ends[replay.plan.images[0].nends++] =
		(struct plan_range){SYSCALL_END - 16, SYSCALL_END + 16};
	replay.recorder = (struct recorder){.plan = &replay.plan, .callers = &replay.callers};
	replay.summary.duration = 5000000000;
	replay.config = (struct trace_config){
		.plan = &replay.plan, .hold = TRACE_HOLD_NEVER, .hold_calls = 1000000};
	replay.config.marks = &replay.marks;
	replay.config.select.goids = replay.goids;
	replay.sink_config = (struct sink_config){.outlet = &replay.outlet,
						  .catalog = &replay.catalog,
						  .tool = "ftrace 0.1.0",
						  .kernel = "6.18.44",
						  .start = START,
						  .realtime = UNIX_START - (int64_t)START,
						  .trim = replay.trim};
	setenv("TZ", "UTC", 1);
	tzset();
	script = fopen(script_path, "r");
	if (!script)
		die(strerror(errno), script_path);
	while (getline(&text, &cap, script) >= 0) {
		script_line++;
		do_line(text);
	}
	fclose(script);
	free(text);
	finish();
	release();
	return 0;
}
