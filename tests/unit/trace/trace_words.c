/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/trace_words.h"

#include <errno.h>

struct words words;

static struct plan_func funcs[] = {{.name = "a"}, {.name = "b"}};
struct site words_sites[] = {
	{.kind = SITE_ENTRY, .func = A},
	{.kind = SITE_RET, .func = A},
	{.kind = SITE_TAIL, .func = A},
	{.kind = SITE_ENTRY, .func = B},
	{.kind = SITE_RET, .func = B},
	{.kind = SITE_TAIL, .func = B},
	{.kind = SITE_RECOVER, .func = PLAN_NO_FUNC},
	{.kind = SITE_GOEXIT, .func = PLAN_NO_FUNC},
	{.kind = SITE_PANIC, .func = PLAN_NO_FUNC},
};
static const struct plan plan = {.funcs = funcs, .nfuncs = 2, .sites = words_sites, .nsites = 9};

static const char *const ends[] = {"open", "return", "tail", "unwound", "exit", "lost"};

static void put_call(const struct tree *tree, uint32_t index)
{
	const struct call *call = &tree->calls[index];
	bool first = true;

	buf_adds(&words.out, funcs[call->func].name);
	for (uint32_t i = index + 1; i < tree->ncalls; i++) {
		if (tree->calls[i].parent != index)
			continue;
		buf_addc(&words.out, first ? '(' : ' ');
		first = false;
		put_call(tree, i);
	}
	buf_adds(&words.out, first ? "=" : ")=");
	buf_adds(&words.out, ends[call->how]);
}

static int op_process(struct sink *sink, const struct process *process)
{
	(void)sink, (void)process;
	words.announced++;
	return 0;
}

static int op_root(struct sink *sink, const struct tree *tree)
{
	(void)sink;
	for (size_t i = 0; i < tree->nmarks; i++)
		buf_adds(&words.out, "loss ");
	for (size_t i = 0; i < tree->ncalls; i++)
		assert_int_equal(tree->calls[i].id, ++words.ids);
	put_call(tree, 0);
	words.took = tree->calls[0].end - tree->calls[0].start;
	buf_addc(&words.out, ' ');
	return words.answer;
}

static int op_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	(void)sink;
	assert_int_equal(tree->calls[call].id, ++words.ids);
	/* Whoever called it was told of before. */
	assert_true(call == 0 || tree->calls[tree->calls[call].parent].id);
	words.entered++;
	return words.answer;
}

static int op_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	(void)sink;
	words.most_values = tree->nvalues > words.most_values ? tree->nvalues : words.most_values;
	buf_adds(&words.out, funcs[tree->calls[call].func].name);
	buf_addc(&words.out, '.');
	return words.answer;
}

static int op_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	(void)sink, (void)tree, (void)mark;
	buf_adds(&words.out, "loss ");
	return words.answer;
}

static int op_identify(struct machine *machine, struct process *process,
		       const struct ft_record *first)
{
	(void)machine;
	process->whole = words.whole;
	return words.foreign && first->tgid == words.foreign ? -ENOENT : 0;
}

static bool op_is_gone(struct machine *machine, const struct process *process, uint64_t g,
		       uint64_t goid)
{
	(void)machine, (void)process, (void)g, (void)goid;
	return words.gone;
}

static bool op_is_over(struct machine *machine, const struct process *process)
{
	(void)machine;
	return words.over && process->pid >= words.over;
}

static uint32_t op_epoch(struct machine *machine, uint64_t *now)
{
	(void)machine;
	*now = words.now ? words.now : *now;
	return words.record.r.epoch + words.unlisted;
}

static bool op_next_loss(struct machine *machine, struct ft_loss_key *key, struct ft_loss *loss)
{
	(void)machine;
	if (!words.lost.count && !words.lost.marks)
		return false;
	*key = words.lost_key;
	*loss = words.lost;
	words.lost = (struct ft_loss){0};
	return true;
}

static const struct sink_ops sink_ops = {
	.process = op_process,
	.root = op_root,
	.enter = op_enter,
	.leave = op_leave,
	.mark = op_mark,
};
static struct sink sink = {&sink_ops};

static const struct machine_ops machine_ops = {
	.identify = op_identify,
	.is_over = op_is_over,
	.is_gone = op_is_gone,
	.epoch = op_epoch,
	.next_loss = op_next_loss,
};
static struct machine machine = {&machine_ops};

int words_setup(void **state)
{
	(void)state;
	words = (struct words){
		.config = {.plan = &plan, .hold = TRACE_HOLD_NEVER},
		.whole = true,
	};
	return 0;
}

int words_teardown(void **state)
{
	(void)state;
	trace_free(words.trace);
	words.trace = NULL;
	buf_release(&words.out);
	return 0;
}

void words_start(void)
{
	words.trace = trace_new(&words.config, &sink, &machine);
	assert_non_null(words.trace);
}

int hit(uint8_t kind, uint32_t site, uint64_t time, uint64_t lane, uint64_t depth)
{
	words.record.r.kind = kind;
	words.record.r.site = site;
	words.record.r.time = time;
	words.record.r.lane = lane;
	words.record.r.depth = depth;
	words.record.r.tgid = 10;
	words.record.r.tid = 10;
	words.record.r.size = kind == FT_ENTRY ? sizeof(words.record) : sizeof(words.record.r);
	return trace_record(words.trace, &words.record, words.record.r.size);
}

int enter(uint32_t func, uint64_t time, uint64_t lane, uint64_t depth)
{
	return hit(FT_ENTRY, func * SITES + ENTRY, time, lane, depth);
}

int leave(uint32_t func, uint64_t time, uint64_t lane, uint64_t depth)
{
	return hit(FT_EXIT, func * SITES + RET, time, lane, depth);
}

void expect(const char *text)
{
	assert_string_equal(buf_str(&words.out), text);
	buf_reset(&words.out);
}
