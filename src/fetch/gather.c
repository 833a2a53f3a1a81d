/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/gather.h"

#include <stdbool.h>
#include <string.h>

struct gather {
	const struct ft_op *ops;
	size_t count;
	struct ft_op made[2 * FT_PROGRAM_MAX + 1];
	size_t nmade;
	struct ft_op texts[FT_PROGRAM_MAX];
	size_t ntexts;
	/* By index of an operation before; one more for the end. */
	bool reached[FT_PROGRAM_MAX + 1]; /* some operation's skip leads there */
	uint16_t to[FT_PROGRAM_MAX + 1];  /* its index now */
};

static size_t skips_to(const struct gather *g, size_t index)
{
	size_t to = index + 1 + g->ops[index].skip;

	return to < g->count ? to : g->count;
}

static bool is_text(const struct ft_op *op)
{
	return op->code == FT_OP_READN && op->reg == 1 && op->base && op->status && op->imm == 1;
}

/* One more for the operation before, when that always comes here, and the statuses are neighbours. */
static bool join_want(struct ft_op *before, const struct ft_op *text)
{
	bool read = before && before->code == FT_OP_READ;
	uint32_t wants;

	if (!read && !(before && before->code == FT_OP_WANT))
		return false;
	wants = read ? FT_READ_WANTS(before->reg) : before->reg;
	if (wants == FT_WANT_MAX || !before->status ||
	    before->status + read + wants != text->status)
		return false;
	before->reg += read ? FT_READ_WANT : 1;
	return true;
}

/* What stays in the place of a text; `maybe`: some operation may leave it out. */
static void leave_want(struct gather *g, size_t index, bool maybe)
{
	struct ft_op *text = &g->texts[g->ntexts++];
	struct ft_op *before = g->nmade ? &g->made[g->nmade - 1] : NULL;

	*text = g->ops[index];
	text->reg = maybe ? FT_V_WANTED : FT_V_UNREAD;
	text->skip = 0;
	if (!maybe || (!g->reached[index] && join_want(before, text)))
		return;
	g->made[g->nmade++] = (struct ft_op){.code = FT_OP_WANT,
					     .status = text->status,
					     .reg = 1,
					     .skip = (uint16_t)(index + 1)};
}

/* Until all are made, `skip` is where it leads. */
static void go_through(struct gather *g)
{
	size_t left_out = 0;

	for (size_t i = 0; i < g->count; i++) {
		size_t to = skips_to(g, i);

		g->to[i] = (uint16_t)g->nmade;
		if (is_text(&g->ops[i])) {
			leave_want(g, i, i < left_out);
		} else {
			g->made[g->nmade] = g->ops[i];
			g->made[g->nmade++].skip = (uint16_t)to;
		}
		if (g->ops[i].skip && left_out < to)
			left_out = to;
	}
	g->to[g->count] = (uint16_t)g->nmade;
	for (size_t i = 0; i < g->nmade; i++)
		g->made[i].skip = (uint16_t)(g->to[g->made[i].skip] - i - 1);
}

static void add_texts(struct gather *g)
{
	g->made[g->nmade++] = (struct ft_op){.code = FT_OP_TEXTS, .skip = (uint16_t)g->ntexts};
	memcpy(&g->made[g->nmade], g->texts, g->ntexts * sizeof(*g->texts));
	g->nmade += g->ntexts;
}

size_t fetch_gather(struct ft_op *ops, size_t count, size_t room)
{
	struct gather g = {.ops = ops, .count = count};
	size_t texts = 0;

	for (size_t i = 0; i < count; i++)
		texts += is_text(&ops[i]);
	if (texts > 1) {
		for (size_t i = 0; i < count; i++)
			g.reached[skips_to(&g, i)] |= ops[i].skip != 0;
		go_through(&g);
		add_texts(&g);
	}
	if (texts > 1 && g.nmade <= room) {
		memcpy(ops, g.made, g.nmade * sizeof(*ops));
		return g.nmade;
	}
	for (size_t i = 0; i < count; i++)
		if (ops[i].code == FT_OP_READN)
			ops[i].reg = 0;
	return count;
}
