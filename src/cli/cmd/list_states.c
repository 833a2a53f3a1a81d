/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/cmd/list_states.h"

#include <string.h>

#include "base/digits.h"
#include "base/escape.h"
#include "base/json.h"
#include "plan/states.h"

struct place {
	const struct site *site;
	struct image_func func;
	const char *from, *to; /* NULL: any */
};

static const char *known_state(uint8_t operand)
{
	return operand & FT_STATE_CONST ? state_name(operand & ~FT_STATE_CONST) : NULL;
}

/* False when the site is no such place. */
static bool find_place(const struct plan *plan, size_t index, struct place *place)
{
	const struct site *site = &plan->sites[index];
	const struct plan_image *pi = &plan->images[site->image];
	ssize_t func;

	if (site->kind != SITE_STATE)
		return false;
	func = image_find(pi->image, site->addr);
	if (func < 0 || image_func(pi->image, (size_t)func, false, &place->func))
		return false;
	place->site = site;
	place->from = known_state(pi->states[site->state].from);
	place->to = known_state(pi->states[site->state].to);
	return true;
}

static unsigned int name_width(const struct plan *plan)
{
	unsigned int width = (unsigned int)strlen("STATE CHANGES");

	for (size_t i = 0; i < plan->nsites; i++) {
		struct place place;
		size_t len;

		if (!find_place(plan, i, &place))
			continue;
		len = strlen(place.func.name);
		if (len > width && len < 70)
			width = (unsigned int)len;
	}
	return width;
}

static void add_padded(struct buf *buf, const char *text, unsigned int width)
{
	size_t len = strlen(text);

	escape_text(buf, text, len);
	buf_fill(buf, ' ', (len < width ? width - (unsigned int)len : 0) + 2);
}

static const char *probe_of(const struct site *site)
{
	return site->emulated ? "cheap" : "stepped";
}

static void add_text(struct buf *buf, const struct place *place, unsigned int width)
{
	uint64_t offset = place->site->addr - place->func.entry;
	unsigned int digits = digits_count(offset);

	add_padded(buf, place->func.name, width);
	buf_fill(buf, ' ', digits < 6 ? 6 - digits : 0);
	buf_addu(buf, offset);
	buf_adds(buf, "  ");
	add_padded(buf, probe_of(place->site), 7);
	if (!place->from && !place->to) {
		buf_adds(buf, "any\n");
		return;
	}
	buf_adds(buf, place->from ? place->from : "any");
	buf_adds(buf, " to ");
	buf_adds(buf, place->to ? place->to : "any");
	buf_addc(buf, '\n');
}

int list_states_text(const struct list_config *config)
{
	const struct plan *plan = config->plan;
	struct buf *buf = &config->outlet->buf;
	unsigned int width = name_width(plan);
	bool any = false;
	int err = 0;

	for (size_t i = 0; i < plan->nsites && !err; i++) {
		struct place place;

		if (!find_place(plan, i, &place))
			continue;
		if (!any) {
			buf_addc(buf, '\n');
			add_padded(buf, "STATE CHANGES", width);
			buf_adds(buf, "OFFSET  PROBE    CHANGE\n");
		}
		any = true;
		add_text(buf, &place, width);
		err = outlet_drain(config->outlet);
	}
	return err;
}

int list_states_jsonl(const struct list_config *config)
{
	const struct plan *plan = config->plan;
	struct buf *buf = &config->outlet->buf;
	int err = 0;

	for (size_t i = 0; i < plan->nsites && !err; i++) {
		struct place place;

		if (!find_place(plan, i, &place))
			continue;
		json_object(buf);
		json_field_text(buf, "type", "state");
		json_field_text(buf, "func", place.func.name);
		json_field_u64(buf, "offset", place.site->addr - place.func.entry);
		json_field_text(buf, "probe", probe_of(place.site));
		if (place.from)
			json_field_text(buf, "from", place.from);
		if (place.to)
			json_field_text(buf, "to", place.to);
		json_line_end(buf);
		err = outlet_drain(config->outlet);
	}
	return err;
}
