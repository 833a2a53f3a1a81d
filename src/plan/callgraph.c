/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/callgraph.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/symbol.h"
#include "base/vec.h"
#include "plan/body.h"

/* The code that fills the record of a deferred call lies between the function's address and deferproc. */
#define HAND_OVER_INSNS 64

/* Functions whose bodies are still to be looked at, all of one level. */
struct level {
	size_t *items;
	size_t nitems, capitems;
};

struct graph_walk {
	struct naming *naming;
	const struct image *img;
	struct selection_marks *marks;
	struct callgraph_counts *counts;
	struct map relocated; /* PIE: vaddr of a word -> address that the loader puts there */
	struct body body;     /* of the caller */
	const char *sources;  /* a file of the runtime, NULL when none is known ... */
	size_t sources_len;   /* ... and how much of it is its directory */
	bool in_runtime;      /* the caller is the runtime's */
	unsigned int depth;   /* the caller's level, 0 for what was selected by name */
	struct level now, next;
};

bool callgraph_is_runtime(const char *name)
{
	static const char *const roots[] = {"internal/runtime", "runtime/internal"};
	size_t len = symbol_package(name);

	/* No dot: a piece of assembly that the runtime's own assembly jumps to. */
	if (!name[len])
		return true;
	if ((len == 7 && !memcmp(name, "runtime", 7)) || (len == 4 && !memcmp(name, "type", 4)) ||
	    (len == 5 && !memcmp(name, "type:", 5)))
		return true;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		size_t root = strlen(roots[i]);

		if (len >= root && !memcmp(name, roots[i], root) &&
		    (name[root] == '/' || len == root))
			return true;
	}
	return false;
}

/* The runtime also has functions with the names of other packages, for which it does the work
 * (sync.runtime_procPin); they are known by the directory of their file. */
static bool is_of_runtime(const struct graph_walk *walk, size_t index)
{
	struct image_func func;
	const char *slash;

	if (image_func(walk->img, index, true, &func))
		return true;
	if (callgraph_is_runtime(func.name))
		return true;
	slash = walk->sources ? strrchr(func.file, '/') : NULL;
	return slash && (size_t)(slash - func.file) == walk->sources_len &&
	       !memcmp(func.file, walk->sources, walk->sources_len);
}

static void find_sources(struct graph_walk *walk)
{
	for (size_t i = 0; i < image_func_count(walk->img) && !walk->sources; i++) {
		struct image_func func;
		const char *slash;

		if (image_func(walk->img, i, false, &func) ||
		    strcmp(func.name, "runtime.main") != 0)
			continue;
		image_func(walk->img, i, true, &func);
		slash = strrchr(func.file, '/');
		if (!slash)
			return;
		walk->sources = func.file;
		walk->sources_len = (size_t)(slash - func.file);
	}
}

/* Index of the function that begins at `target`, or -1. */
static ssize_t begins_at(const struct graph_walk *walk, uint64_t target, struct image_func *func)
{
	ssize_t index = image_find(walk->img, target);

	if (index < 0 || image_func(walk->img, (size_t)index, false, func) || func->entry != target)
		return -1;
	return index;
}

static int add_to(struct level *level, size_t index)
{
	size_t *slot = vec_push(&level->items, &level->nitems, &level->capitems);

	if (!slot)
		return -ENOMEM;
	*slot = index;
	return 0;
}

/* The caller calls function `index`: it is followed, unless something forbids that. */
static int reach(struct graph_walk *walk, size_t index, const struct image_func *func)
{
	unsigned char *mark = &walk->marks->selected[index];

	if (*mark || func->foreign || naming_excludes(walk->naming, func->name))
		return 0;
	if (!walk->in_runtime && is_of_runtime(walk, index))
		return 0;
	*mark = SELECTED_FOLLOWED;
	walk->marks->levels[index] = (unsigned char)(walk->depth + 1);
	walk->counts->functions++;
	return add_to(func->wrapper ? &walk->now : &walk->next, index);
}

static int reach_address(struct graph_walk *walk, uint64_t target)
{
	struct image_func func;
	ssize_t index = begins_at(walk, target, &func);

	return index < 0 ? 0 : reach(walk, (size_t)index, &func);
}

/* The code behind a static function value, whose first word it is. */
static uint64_t value_code(const struct graph_walk *walk, uint64_t vaddr)
{
	const uint64_t *moved = map_find(&walk->relocated, (struct map_key){.a = vaddr});
	const uint8_t *bytes;
	uint64_t word;

	if (moved)
		return *moved;
	bytes = image_bytes(walk->img, vaddr, sizeof(word));
	if (!bytes)
		return 0;
	memcpy(&word, bytes, sizeof(word));
	return word;
}

/* `name` is a literal of `parent`: "main.f.func1", or a wrapper made for a go or defer statement in
 * it, "main.f.gowrap1". */
static bool is_literal_of(const char *name, const char *parent)
{
	size_t len = strlen(parent);

	return !strncmp(name, parent, len) && name[len] == '.' && strcmp(name + len, ".abi0") != 0;
}

static bool starts_later(const char *name)
{
	return !strcmp(name, "runtime.newproc") || !strncmp(name, "runtime.deferproc", 17);
}

/* The next function that is called behind instruction `at` starts a goroutine or defers a call. */
static bool is_handed_over(const struct graph_walk *walk, size_t at)
{
	const struct body *body = &walk->body;

	for (size_t i = at + 1; i < body->ninsns && i < at + HAND_OVER_INSNS; i++) {
		struct image_func func;

		if (body->insns[i].kind == INSN_CALL_INDIRECT)
			return false;
		if (body->insns[i].kind == INSN_CALL)
			return begins_at(walk, body->insns[i].target, &func) >= 0 &&
			       starts_later(func.name);
	}
	return false;
}

static int follow_value(struct graph_walk *walk, size_t at)
{
	uint64_t target = walk->body.insns[at].target;
	struct image_func func;
	ssize_t index = begins_at(walk, target, &func);

	if (index < 0)
		index = begins_at(walk, value_code(walk, target), &func);
	if (index < 0)
		return 0;
	if (!is_literal_of(func.name, walk->body.func.name) && !is_handed_over(walk, at))
		return 0;
	return reach(walk, (size_t)index, &func);
}

static int follow_insn(struct graph_walk *walk, size_t at)
{
	struct body *body = &walk->body;
	const struct insn *insn = &body->insns[at];

	switch (insn->kind) {
	case INSN_CALL:
		return reach_address(walk, insn->target);
	case INSN_JMP:
	case INSN_JCC:
		if (insn->target - body->func.entry < body->func.size)
			return 0;
		return reach_address(walk, insn->target);
	case INSN_ADDRESS:
		return follow_value(walk, at);
	case INSN_CALL_INDIRECT:
		walk->counts->pointers++;
		return 0;
	case INSN_JMP_REG:
	case INSN_JMP_MEM:
		walk->counts->pointers += body_leaves(body, insn);
		return 0;
	default:
		return 0;
	}
}

/* A body that cannot be decoded is passed over. */
static int follow_func(struct graph_walk *walk, size_t index)
{
	char why[160];
	int ret = body_decode(&walk->body, walk->img, index, why, sizeof(why));

	if (ret)
		return ret == -ENOMEM ? ret : 0;
	walk->in_runtime = is_of_runtime(walk, index);
	for (size_t i = 0; i < walk->body.ninsns && !ret; i++)
		ret = follow_insn(walk, i);
	return ret;
}

static int note_relocated(uint64_t vaddr, uint64_t value, void *arg)
{
	struct graph_walk *walk = arg;
	const struct image_info *info = image_info(walk->img);
	uint64_t *slot;

	if (value < info->text || value >= info->etext)
		return 0;
	slot = map_put(&walk->relocated, (struct map_key){.a = vaddr});
	if (!slot)
		return -ENOMEM;
	*slot = value;
	return 0;
}

static int begin(struct graph_walk *walk)
{
	struct selection_marks *marks = walk->marks;
	int ret = 0;

	find_sources(walk);
	marks->levels = calloc(marks->count + 1, 1);
	if (!marks->levels)
		return -ENOMEM;
	for (size_t i = 0; i < marks->count && !ret; i++)
		if (marks->selected[i])
			ret = add_to(&walk->now, i);
	if (!ret && image_info(walk->img)->pie)
		ret = image_each_relative(walk->img, note_relocated, walk);
	return ret;
}

int callgraph_follow(struct naming *naming, unsigned int levels, const struct image *img,
		     struct selection_marks *marks, struct callgraph_counts *counts)
{
	struct graph_walk walk = {.naming = naming, .img = img, .marks = marks, .counts = counts};
	int ret = begin(&walk);

	for (; walk.depth < levels && walk.now.nitems && !ret; walk.depth++) {
		struct level done;

		/* The level grows while it is walked: wrappers join it. */
		for (size_t i = 0; i < walk.now.nitems && !ret; i++)
			ret = follow_func(&walk, walk.now.items[i]);
		done = walk.now;
		walk.now = walk.next;
		walk.next = (struct level){.items = done.items, .capitems = done.capitems};
	}
	free(walk.now.items);
	free(walk.next.items);
	map_release(&walk.relocated);
	body_release(&walk.body);
	return ret;
}
