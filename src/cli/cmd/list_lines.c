/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/cmd/list_lines.h"

#include <errno.h>

#include "base/digits.h"
#include "base/escape.h"
#include "base/json.h"
#include "base/width.h"
#include "cli/cmd/list_states.h"
#include "sink/shown_name.h"
#include "sink/source_file.h"

/* A name that is wider does not move the columns of the others. */
#define NAME_LIMIT 70
#define NAME_LEAST 20
/* What is inlined everywhere would fill pages; JSON has all places. */
#define PLACES_SHOWN 8

struct totals {
	size_t entries, stepped, exits;
};

static uint32_t exits_of(const struct plan *plan, const struct plan_func *func)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < func->nsites; i++) {
		uint8_t kind = plan->sites[func->first_site + i].kind;

		count += kind == SITE_RET || kind == SITE_TAIL;
	}
	return count;
}

static const char *params_of(const struct list_config *config, uint32_t func)
{
	return config->params ? config->params(config->plan, func, config->arg) : NULL;
}

/* Pads what begins at `from`. */
static void pad(struct buf *buf, size_t from, unsigned int width)
{
	unsigned int used = buf->failed ? 0 : text_width(buf->data + from, buf->len - from);

	buf_fill(buf, ' ', (used < width ? width - used : 0) + 2);
}

static void add_padded(struct buf *buf, const char *text, unsigned int width)
{
	size_t from = buf->len;

	buf_adds(buf, text);
	pad(buf, from, width);
}

/* How names of that image are shown. */
static struct catalog_exe names_of(const struct list_config *config, uint8_t image)
{
	return (struct catalog_exe){
		.names = config->full_names ? NULL : config->plan->images[image].names};
}

static void add_name(const struct list_config *config, uint8_t image, const char *name)
{
	struct catalog_exe exe = names_of(config, image);

	shown_name_put(&config->outlet->buf, &exe, name, NULL, 0);
}

static void add_padded_name(const struct list_config *config, uint8_t image, const char *name,
			    unsigned int width)
{
	size_t from = config->outlet->buf.len;

	add_name(config, image, name);
	pad(&config->outlet->buf, from, width);
}

static void add_right(struct buf *buf, uint64_t number, unsigned int width)
{
	unsigned int used = digits_count(number);

	buf_fill(buf, ' ', used < width ? width - used : 0);
	buf_addu(buf, number);
}

/* For a name, which is written to see how wide it is, and taken back. */
static void widen(unsigned int *width, const struct list_config *config, uint8_t image,
		  const char *name)
{
	struct buf *buf = &config->outlet->buf;
	size_t from = buf->len;
	unsigned int wide;

	add_name(config, image, name);
	wide = buf->failed ? 0 : text_width(buf->data + from, buf->len - from);
	if (wide > *width)
		*width = wide < NAME_LIMIT ? wide : NAME_LIMIT;
	buf->len = from;
}

static unsigned int name_width(const struct list_config *config)
{
	const struct plan *plan = config->plan;
	unsigned int width = NAME_LEAST;

	for (size_t i = 0; i < plan->nfuncs; i++)
		widen(&width, config, plan->funcs[i].image, plan->funcs[i].name);
	for (size_t i = 0; i < plan->nskipped; i++)
		widen(&width, config, plan->skipped[i].image, plan->skipped[i].name);
	return width;
}

static void add_place(struct buf *buf, const struct plan *plan, const struct plan_func *func)
{
	const char *root = image_info(plan->images[func->image].image)->module_root;
	const char *file = func->file ? source_file_short(func->file, root) : "?";

	escape_text(buf, file, strlen(file));
	if (func->line > 0) {
		buf_addc(buf, ':');
		buf_addu(buf, (uint64_t)func->line);
	}
}

static void add_inlined_text(const struct list_config *config, const struct plan_func *func,
			     uint32_t index)
{
	const char *root = image_info(config->plan->images[func->image].image)->module_root;
	struct buf *buf = &config->outlet->buf;
	const struct list_place *places;
	size_t count = config->inlined_at
			       ? config->inlined_at(config->plan, index, &places, config->arg)
			       : 0;

	for (size_t i = 0; i < count && i < PLACES_SHOWN; i++) {
		const char *file = source_file_short(places[i].file, root);

		buf_adds(buf, i ? ", " : "    also inlined, and not seen there: ");
		escape_text(buf, file, strlen(file));
		buf_addc(buf, ':');
		buf_addu(buf, places[i].line > 0 ? (uint64_t)places[i].line : 0);
	}
	if (count > PLACES_SHOWN)
		buf_addf(buf, ", and at %zu more place%s", count - PLACES_SHOWN,
			 count - PLACES_SHOWN == 1 ? "" : "s");
	if (count)
		buf_addc(buf, '\n');
}

static void add_func_text(const struct list_config *config, uint32_t index, unsigned int width,
			  struct totals *totals)
{
	const struct plan *plan = config->plan;
	const struct plan_func *func = &plan->funcs[index];
	const char *params = params_of(config, index);
	bool cheap = plan_func_cheap(plan, func);
	uint32_t exits = exits_of(plan, func);
	struct buf *buf = &config->outlet->buf;

	add_padded_name(config, func->image, func->name, width);
	add_right(buf, func->size, 6);
	buf_adds(buf, cheap ? "  cheap    " : "  stepped  ");
	add_right(buf, exits, 5);
	buf_adds(buf, "  ");
	add_place(buf, plan, func);
	buf_addc(buf, '\n');
	if (params) {
		buf_adds(buf, "    func");
		add_name(config, func->image, params);
		buf_addc(buf, '\n');
	}
	add_inlined_text(config, func, index);
	totals->entries++;
	totals->stepped += !cheap;
	totals->exits += exits;
}

/* What --follow-calls found, and could not find. */
static void add_followed(struct buf *buf, const struct plan *plan)
{
	size_t followed = 0;

	for (size_t i = 0; i < plan->nfuncs; i++)
		followed += plan->funcs[i].level > 0;
	if (followed)
		buf_addf(buf, "; %zu by --follow-calls", followed);
	if (plan->calls.pointers)
		buf_addf(buf, "; %zu call%s through pointers, not followed", plan->calls.pointers,
			 plan->calls.pointers == 1 ? "" : "s");
}

static void add_totals(struct buf *buf, const struct plan *plan, const struct totals *totals)
{
	buf_addf(buf, "%zu function%s, %zu entr%s", plan->nfuncs, plan->nfuncs == 1 ? "" : "s",
		 totals->entries, totals->entries == 1 ? "y" : "ies");
	if (totals->stepped)
		buf_addf(buf, " (%zu stepped)", totals->stepped);
	buf_addf(buf, ", %zu exit%s", totals->exits, totals->exits == 1 ? "" : "s");
	if (plan->nskipped)
		buf_addf(buf, "; %zu not traced", plan->nskipped);
	add_followed(buf, plan);
	buf_addc(buf, '\n');
}

int list_text(const struct list_config *config)
{
	const struct plan *plan = config->plan;
	struct buf *buf = &config->outlet->buf;
	unsigned int width = name_width(config);
	struct totals totals = {0};
	int err = 0;

	if (plan->nfuncs) {
		add_padded(buf, "FUNCTION", width);
		buf_adds(buf, "  SIZE  ENTRY    EXITS  FILE:LINE\n");
	}
	for (size_t i = 0; i < plan->nfuncs && !err; i++) {
		add_func_text(config, (uint32_t)i, width, &totals);
		err = outlet_drain(config->outlet);
	}
	if (plan->nskipped) {
		if (plan->nfuncs)
			buf_addc(buf, '\n');
		add_padded(buf, "NOT TRACED", width);
		buf_adds(buf, "REASON\n");
	}
	for (size_t i = 0; i < plan->nskipped && !err; i++) {
		add_padded_name(config, plan->skipped[i].image, plan->skipped[i].name, width);
		escape_text(buf, plan->skipped[i].reason, strlen(plan->skipped[i].reason));
		buf_addc(buf, '\n');
		err = outlet_drain(config->outlet);
	}
	if (!err)
		err = list_states_text(config);
	if (err)
		return err;
	if (plan->nfuncs || plan->nskipped)
		buf_addc(buf, '\n');
	add_totals(buf, plan, &totals);
	return outlet_flush(config->outlet);
}

/* "inlined_at":[{"file":"main.go","line":7},...] */
static void add_inlined_json(const struct list_config *config, uint32_t index)
{
	struct buf *buf = &config->outlet->buf;
	const struct list_place *places;
	size_t count = config->inlined_at
			       ? config->inlined_at(config->plan, index, &places, config->arg)
			       : 0;

	if (!count)
		return;
	json_key(buf, "inlined_at");
	json_array(buf);
	for (size_t i = 0; i < count; i++) {
		json_next(buf);
		json_object(buf);
		json_field_text(buf, "file", places[i].file);
		json_field_i64(buf, "line", places[i].line > 0 ? places[i].line : 0);
		json_object_end(buf);
	}
	json_array_end(buf);
}

static void add_func_json(const struct list_config *config, uint32_t index)
{
	const struct plan *plan = config->plan;
	const struct plan_func *func = &plan->funcs[index];
	const char *params = params_of(config, index);
	struct buf *buf = &config->outlet->buf;

	json_object(buf);
	json_field_text(buf, "type", "probe");
	json_field_text(buf, "func", func->name);
	json_field_u64(buf, "size", func->size);
	if (func->file && strcmp(func->file, "?") != 0) {
		json_field_text(buf, "file", func->file);
		json_field_i64(buf, "line", func->line > 0 ? func->line : 0);
	}
	json_field_text(buf, "entry", plan_func_cheap(plan, func) ? "cheap" : "stepped");
	json_field_u64(buf, "exits", exits_of(plan, func));
	if (params)
		json_field_text(buf, "params", params);
	if (func->level)
		json_field_u64(buf, "level", func->level);
	add_inlined_json(config, index);
	json_line_end(buf);
}

int list_jsonl(const struct list_config *config)
{
	const struct plan *plan = config->plan;
	struct buf *buf = &config->outlet->buf;
	int err = 0;

	for (size_t i = 0; i < plan->nfuncs && !err; i++) {
		add_func_json(config, (uint32_t)i);
		err = outlet_drain(config->outlet);
	}
	for (size_t i = 0; i < plan->nskipped && !err; i++) {
		json_object(buf);
		json_field_text(buf, "type", "skipped");
		json_field_text(buf, "func", plan->skipped[i].name);
		json_field_text(buf, "reason", plan->skipped[i].reason);
		json_line_end(buf);
		err = outlet_drain(config->outlet);
	}
	if (!err)
		err = list_states_jsonl(config);
	return err ? err : outlet_flush(config->outlet);
}
