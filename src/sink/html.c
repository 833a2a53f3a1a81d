/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * html: one page that shows the trace, with nothing from elsewhere: the page's own text (html/, built into the program),
 * and the trace as data in it.
 *
 * The data is a line of records, packed as it comes (html_pack.h); html/data.js reads it. A record is its kind and what is behind
 * it: u an unsigned varint, s a signed one, t a text in UTF-8, already escaped.
 *
 *     HEAD     t JSON: version, tool, kernel, start (Unix time in ns, as text), waits
 *     PROCESS  u pid, t executable, t Go's version
 *     FUNC     t name, t file, u line; counted from 0
 *     TRACK    u pid, t name; counted from 1, 0 is none
 *     KIND     u 1 lasts, 2 waits, 4 alarm; t name; of marks, counted from 0
 *     CALL     u HTML_*, u track, s id less the last one's, u id less the caller's (0: a root), u level, u func, s start less the last
 *              one's, u duration, u how it ended, u flags of struct call, u tid, u bytes of the rest:
 *              [t args] [t results] [t caller] [5 u times] [t stack], as HTML_* says
 *     MARK     u kind, u track, u id of its call (0: none), s start less the last call's or mark's, u duration,
 *              u 1 open, u track of the waker, u time from waking to running, t name, t words
 *     STATS    u func, u calls, u 1 + errors (0: not known), u total, self, min, avg, p50, p90, p99, max
 *     END      t JSON: the summary
 *
 * Times are nanoseconds and count from the start of the trace. Ids are those of struct call.
 */
#include "sink/html.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/json.h"
#include "html_page.h"
#include "sink/export.h"
#include "sink/formats.h"
#include "sink/stack.h"

static struct html *html_of(struct sink *sink)
{
	return (struct html *)sink;
}

static void html_free(struct sink *sink)
{
	struct html *html = html_of(sink);

	if (!html)
		return;
	html_pack_release(&html->pack);
	func_names_release(&html->names);
	call_sites_release(&html->sites);
	map_release(&html->tracks);
	first_trees_release(&html->trees);
	buf_release(&html->words);
	buf_release(&html->rest);
	free(html);
}

static void add_place(struct buf *buf, const struct caller *caller)
{
	const char *name = caller->inlined ? caller->inlined : caller->func;

	escape_text(buf, name, strlen(name));
	if (!caller->file)
		return;
	buf_addc(buf, ' ');
	escape_text(buf, caller->file, strlen(caller->file));
	if (caller->line > 0) {
		buf_addc(buf, ':');
		buf_addi(buf, caller->line);
	}
}

static void render_site(void *arg, struct buf *buf, const struct caller *caller,
			const struct catalog_exe *exe, struct call_site *site)
{
	(void)arg;
	(void)exe;
	(void)site;
	add_place(buf, caller);
}

static struct sink *html_new(const struct sink_config *config)
{
	struct html *html = calloc(1, sizeof(*html));

	if (!html)
		return NULL;
	html->sink.ops = &sink_html;
	html->config = config;
	func_names_init_text(&html->names, config->catalog, NULL, 0);
	call_sites_init(&html->sites, config->catalog, render_site, html);
	if (html_pack_init(&html->pack, config->outlet)) {
		html_free(&html->sink);
		return NULL;
	}
	return &html->sink;
}

static int result(struct html *html)
{
	if (html->trees.failed || html->words.failed || html->rest.failed || html->names.failed)
		return -ENOMEM;
	return html_pack_some(&html->pack, false);
}

/* Ends the JSON in `words`, which is a record. */
static void put_words(struct html *html, enum html_record kind)
{
	html_put(&html->pack.in, kind);
	html_put_text(&html->pack.in, html->words.data, html->words.len);
}

static void put_escaped(struct html *html, const char *text)
{
	buf_reset(&html->words);
	if (text)
		escape_text(&html->words, text, strlen(text));
	html_put_text(&html->pack.in, html->words.data, html->words.len);
}

static int html_begin(struct sink *sink)
{
	struct html *html = html_of(sink);
	const struct sink_config *config = html->config;
	struct buf *buf = &html->words;
	char start[32] = "";

	buf_add(&config->outlet->buf, html_page_head, sizeof(html_page_head));
	buf_reset(buf);
	buf_addi(buf, sink_unix_time(config, config->start));
	strncpy(start, buf_str(buf), sizeof(start) - 1);
	buf_reset(buf);
	json_object(buf);
	json_field_u64(buf, "version", 1);
	json_field_text(buf, "tool", config->tool);
	json_field_text(buf, "kernel", config->kernel);
	json_field_text(buf, "start", start);
	json_field_bool(buf, "waits", config->waits);
	json_field_bool(buf, "only", config->only);
	json_object_end(buf);
	put_words(html, HTML_HEAD);
	return result(html);
}

static int html_process(struct sink *sink, const struct process *process)
{
	struct html *html = html_of(sink);

	html_put(&html->pack.in, HTML_PROCESS);
	html_put(&html->pack.in, process->pid);
	put_escaped(html, process->exe);
	put_escaped(html, process->go);
	return result(html);
}

/* Functions of the catalog up to `id`, which a record names next. */
static void put_funcs(struct html *html, uint32_t id)
{
	for (; html->nfuncs <= id; html->nfuncs++) {
		const struct catalog_func *func = catalog_func(html->config->catalog, html->nfuncs);

		if (!func)
			return;
		html_put(&html->pack.in, HTML_FUNC);
		put_escaped(html, func->name);
		put_escaped(html, func->file && strcmp(func->file, "?") != 0 ? func->file : NULL);
		html_put(&html->pack.in, func->line > 0 ? (uint64_t)func->line : 0);
	}
}

/* The number of a track, which gets a record when it is new; 0 when memory is out. */
static uint32_t track_of(struct html *html, uint32_t pid, const struct tree *tree)
{
	struct map_key key = {.a = pid, .b = export_track(tree)};
	uint64_t *place = map_put(&html->tracks, key);

	if (!place) {
		html->words.failed = true;
		return 0;
	}
	if (*place)
		return (uint32_t)*place;
	*place = html->tracks.count;
	buf_reset(&html->words);
	export_track_name(&html->words, tree);
	html_put(&html->pack.in, HTML_TRACK);
	html_put(&html->pack.in, pid);
	html_put_text(&html->pack.in, html->words.data, html->words.len);
	return (uint32_t)html->tracks.count;
}

static uint32_t pid_of(const struct tree *tree)
{
	return tree->process ? tree->process->pid : 0;
}

static void put_time(struct html *html, uint64_t time)
{
	int64_t at = (int64_t)(time - html->config->start);

	html_put_signed(&html->pack.in, at - html->last);
	html->last = at;
}

static void add_values(struct html *html, const struct values *values, bool results)
{
	buf_reset(&html->words);
	export_values(&html->words, values, results);
	html_put_text(&html->rest, html->words.data, html->words.len);
}

static void add_stack_frame(void *arg, const struct caller *caller)
{
	struct buf *buf = arg;

	if (buf->len)
		buf_addc(buf, '\n');
	add_place(buf, caller);
}

/* What not every call has; which of it this one has. */
static uint32_t add_rest(struct html *html, const struct tree *tree, const struct call *call)
{
	const struct values *args = tree_args(tree, call), *results;
	const struct call_times *times = tree_times(tree, call);
	const struct call_site *site = NULL;
	const struct catalog_func *func = catalog_func(html->config->catalog, call->func);
	uint32_t has = 0;

	buf_reset(&html->rest);
	if (args) {
		add_values(html, args, false);
		has |= HTML_ARGS;
	}
	results = tree_results(tree, call);
	if (results) {
		add_values(html, results, true);
		has |= HTML_RESULTS;
	}
	if (call->caller && func && !(call->flags & CALL_ENTRY_UNSEEN))
		site = call_sites_find(&html->sites, tree->source, call, func->exe);
	if (site && site->len) {
		html_put_text(&html->rest, site->text, site->len);
		has |= HTML_CALLER;
	}
	if (times) {
		for (int i = 0; i < STATES; i++)
			html_put(&html->rest, times->ns[i]);
		has |= HTML_TIMES;
	}
	if (call->callers != CALL_NONE && call->parent == CALL_NONE) {
		buf_reset(&html->words);
		stack_walk(html->config, tree, call, add_stack_frame, &html->words);
		html_put_text(&html->rest, html->words.data, html->words.len);
		has |= HTML_STACK;
	}
	return has;
}

static int put_call(struct html *html, const struct tree *tree, uint32_t i)
{
	struct buf *buf = &html->pack.in;
	const struct call *call = &tree->calls[i];
	struct export_span span = export_span(tree, i);
	uint64_t parent = call->parent != CALL_NONE ? tree->calls[call->parent].id : call->id;
	uint32_t track = track_of(html, pid_of(tree), tree);
	uint32_t has = add_rest(html, tree, call) | (span.open ? HTML_OPEN : 0);

	put_funcs(html, call->func);
	html_put(buf, HTML_CALL);
	html_put(buf, has);
	html_put(buf, track);
	html_put_signed(buf, (int64_t)(call->id - html->last_id));
	html_put(buf, call->id - parent);
	html_put(buf, call->level);
	html_put(buf, call->func);
	put_time(html, span.start);
	html_put(buf, span.open ? 0 : span.end - span.start);
	html_put(buf, call->how);
	html_put(buf, call->flags);
	html_put(buf, call->tid);
	html_put_text(buf, html->rest.data, html->rest.len);
	html->last_id = call->id;
	return result(html);
}

/* The number of a kind of marks, which gets a record when it is new. */
static uint32_t kind_of(struct html *html, const struct mark_kind *kind)
{
	uint32_t i;

	for (i = 0; i < html->nkinds; i++)
		if (html->kinds[i] == kind)
			return i;
	if (i == HTML_KINDS) {
		html->words.failed = true;
		return 0;
	}
	html->kinds[html->nkinds++] = kind;
	html_put(&html->pack.in, HTML_KIND);
	html_put(&html->pack.in,
		 (kind->lasts ? 1 : 0) | (kind->waits ? 2 : 0) | (kind->alarm ? 4 : 0));
	html_put_text(&html->pack.in, kind->name, strlen(kind->name));
	return i;
}

/* Where a mark is drawn: in the tree's goroutine, or in that of its own which is in no tree. */
static uint32_t track_of_mark(struct html *html, const struct tree *tree, const struct mark *mark)
{
	struct tree own = {.goid = mark->goid};

	if (tree)
		return track_of(html, pid_of(tree), tree);
	return mark->goid_known && mark->goid ? track_of(html, mark->pid, &own) : 0;
}

static uint32_t track_of_waker(struct html *html, uint32_t pid, const struct mark_detail *detail)
{
	struct tree waker = {.goid = detail ? detail->waker.goid : 0};

	return detail && detail->waited && detail->waker.goid_known && waker.goid
		       ? track_of(html, pid, &waker)
		       : 0;
}

static int put_mark(struct html *html, const struct tree *tree, const struct mark *mark)
{
	struct mark_words words = {.config = html->config, .names = &html->names};
	const struct mark_detail *detail = tree_mark_detail(tree, mark);
	bool in_call = tree && mark->call != CALL_NONE && mark->call < tree->ncalls;
	struct buf *buf = &html->pack.in;
	uint32_t track, waker, kind;

	if (!mark->kind->words)
		return 0;
	kind = kind_of(html, mark->kind);
	track = track_of_mark(html, tree, mark);
	waker = track_of_waker(html, tree ? pid_of(tree) : mark->pid, detail);
	html_put(buf, HTML_MARK);
	html_put(buf, kind);
	html_put(buf, track);
	html_put(buf, in_call ? tree->calls[mark->call].id : 0);
	put_time(html, mark->start);
	html_put(buf, mark->kind->lasts && mark->end > mark->start ? mark->end - mark->start : 0);
	html_put(buf, mark->open);
	html_put(buf, waker);
	html_put(buf, detail && detail->waited ? detail->runnable : 0);
	put_escaped(html, detail ? detail->name : NULL);
	buf_reset(&html->words);
	words.exe = catalog_exe(html->config->catalog, 0);
	mark_text(&html->words, &words, mark, detail);
	html_put_text(buf, html->words.data, html->words.len);
	return result(html);
}

/* An instant in a goroutine's first call, with an arrow from the go statement. Where its root is streamed and not the first call
 * that is told it belongs to the root all the same. */
static void put_origin(struct html *html, const struct tree *tree)
{
	const struct goroutine *goroutine = first_tree_link(&html->trees, tree);
	uint64_t start = export_span(tree, 0).start;
	struct buf *buf = &html->pack.in;
	struct tree parent;
	uint32_t track, maker, kind;

	if (!goroutine)
		return;
	parent = (struct tree){.goid = goroutine->parent};
	kind = kind_of(html, &mark_go);
	track = track_of(html, pid_of(tree), tree);
	maker = track_of(html, pid_of(tree), &parent);
	html_put(buf, HTML_MARK);
	html_put(buf, kind);
	html_put(buf, track);
	html_put(buf, tree->calls[0].id);
	put_time(html, start);
	html_put(buf, 0);
	html_put(buf, 0);
	html_put(buf, maker);
	html_put(buf, start > goroutine->start ? start - goroutine->start : 0);
	put_escaped(html, "created");
	buf_reset(&html->words);
	buf_adds(&html->words, "created ");
	if (goroutine->created) {
		buf_adds(&html->words, "by ");
		add_place(&html->words, goroutine->created);
		buf_addc(&html->words, ' ');
	}
	buf_addf(&html->words, "in G%llu", (unsigned long long)goroutine->parent);
	html_put_text(buf, html->words.data, html->words.len);
}

static int html_root(struct sink *sink, const struct tree *tree)
{
	struct html *html = html_of(sink);
	int err = 0;

	for (uint32_t i = 0; i < tree->ncalls && !err; i++)
		err = put_call(html, tree, i);
	for (size_t i = 0; i < tree->nmarks && !err; i++)
		err = put_mark(html, tree, &tree->marks[i]);
	put_origin(html, tree);
	return err;
}

static int html_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	put_origin(html_of(sink), tree);
	return put_call(html_of(sink), tree, call);
}

static int html_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	return put_mark(html_of(sink), tree, mark);
}

/* The table, where no calls come to make it from. */
static int put_stats(struct html *html)
{
	struct buf *buf = &html->pack.in;
	size_t count;
	struct stats_row *rows = stats_rows(html->config->stats, html->config->sort, &count);

	if (!rows && stats_calls(html->config->stats))
		return -ENOMEM;
	for (size_t i = 0; rows && i < count; i++) {
		const struct stats_row *row = &rows[i];
		const uint64_t numbers[] = {
			row->func,  row->calls, row->errors_known ? 1 + row->errors : 0,
			row->total, row->self,  row->min,
			row->avg,   row->p50,   row->p90,
			row->p99,   row->max};

		put_funcs(html, row->func);
		html_put(buf, HTML_STATS);
		for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++)
			html_put(buf, numbers[k]);
	}
	free(rows);
	return 0;
}

static int html_end(struct sink *sink, const struct trace_summary *summary)
{
	struct html *html = html_of(sink);
	struct outlet *outlet = html->config->outlet;
	struct buf *buf = &html->words;
	int err = html->config->stats && html->config->only ? put_stats(html) : 0;

	if (err)
		return err;
	buf_reset(buf);
	json_object(buf);
	json_field_u64(buf, "calls", summary->calls);
	json_field_u64(buf, "counted", summary->counted);
	json_field_u64(buf, "records", summary->records);
	json_field_u64(buf, "lost", summary->lost);
	json_field_u64(buf, "missed", summary->missed);
	json_field_u64(buf, "damaged", summary->damaged);
	json_field_u64(buf, "skipped", summary->skipped);
	json_field_u64(buf, "unwound", summary->unwound);
	json_field_u64(buf, "open", summary->open);
	json_field_u64(buf, "duration", summary->duration);
	json_field_u64(buf, "ended",
		       summary->ended > html->config->start ? summary->ended - html->config->start
							    : 0);
	json_object_end(buf);
	put_words(html, HTML_END);
	err = result(html);
	if (!err)
		err = html_pack_some(&html->pack, true);
	if (err)
		return err;
	buf_add(&outlet->buf, html_page_tail, sizeof(html_page_tail));
	return outlet_flush(outlet);
}

const struct sink_ops sink_html = {
	.name = "html",
	.new = html_new,
	.begin = html_begin,
	.process = html_process,
	.root = html_root,
	.leave = html_leave,
	.mark = html_mark,
	.end = html_end,
	.free = html_free,
};
