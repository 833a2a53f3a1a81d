/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memrchr */
#include "image/position.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Calls inlined into each other at one instruction; the compiler's own limits keep it below. */
#define MAX_INLINE_DEPTH 256

static void file_and_line(const struct position_source *src, uint32_t rel, struct image_pos *pos)
{
	int32_t file, line;
	const char *name;

	pos->file = "?";
	pos->line = 0;
	if (pclntab_value(src->tab, &src->func, src->func.pcfile, rel, &file) ||
	    pclntab_value(src->tab, &src->func, src->func.pcln, rel, &line))
		return;
	name = pclntab_file(src->tab, &src->func, file);
	if (!name || line < 0)
		return;
	pos->file = name;
	pos->line = line;
}

/* One step outwards: the place of the call that inlined the code at *rel. False at the outside. */
static bool outwards(const struct position_source *src, uint32_t *rel, const char **name)
{
	int32_t index = inline_index(&src->tree, *rel);
	struct inline_call call;

	if (index < 0 || inline_call(&src->tree, (uint32_t)index, &call))
		return false;
	*name = call.name;
	*rel = call.parent_rel;
	return true;
}

void position_outermost(const struct position_source *src, uint32_t rel, struct image_pos *pos)
{
	const char *name;

	for (int i = 0; i < MAX_INLINE_DEPTH && outwards(src, &rel, &name); i++)
		;
	file_and_line(src, rel, pos);
}

int image_position(const struct image *img, uint64_t pc, struct image_pos *pos, int max)
{
	ssize_t index = image_find(img, pc);
	struct position_source src;
	struct image_func func;
	uint32_t rel;
	int n = 0;

	if (index < 0 || max <= 0 || position_source(img, (size_t)index, &src) ||
	    image_func(img, (size_t)index, false, &func))
		return -ENOENT;
	rel = (uint32_t)(pc - func.entry);
	for (int depth = 0; n < max && depth < MAX_INLINE_DEPTH; depth++) {
		file_and_line(&src, rel, &pos[n]);
		pos[n].inlined = outwards(&src, &rel, &pos[n].func);
		if (!pos[n++].inlined) {
			pos[n - 1].func = func.name;
			break;
		}
	}
	return n;
}

/* A pc-value table written out, to look many places up in it. */
struct run {
	uint32_t end;
	int32_t value;
};

struct runs {
	struct run *run;
	size_t nrun, caprun;
};

static int read_runs(struct runs *runs, const struct position_source *src, uint32_t table)
{
	struct pcvalue pv;

	runs->nrun = 0;
	pclntab_values(src->tab, &src->func, table, &pv);
	while (pcvalue_next(&pv)) {
		struct run *r = vec_push(&runs->run, &runs->nrun, &runs->caprun);

		if (!r)
			return -ENOMEM;
		*r = (struct run){pv.rel, pv.value};
	}
	return 0;
}

static int32_t value_at(const struct runs *runs, uint32_t rel)
{
	size_t low = 0, high = runs->nrun;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (runs->run[mid].end <= rel)
			low = mid + 1;
		else
			high = mid;
	}
	return low < runs->nrun ? runs->run[low].value : -1;
}

/* Entries, and bytes of their names, that all inline trees together may have, by the size of the pclntab. A linker
 * writes each once: what has more consists of the same bytes again and again. */
enum { BYTES_PER_ENTRY = 4, NAMES_PER_BYTE = 64 };

struct each {
	uint64_t entries, names; /* that are left */
	struct runs files, lines;
	int (*fn)(const struct image_inline *, void *);
	void *arg;
};

static int each_of_function(struct each *each, const struct position_source *src, size_t index)
{
	uint32_t count = inline_count(&src->tree);
	int ret;

	if (!count)
		return 0;
	ret = read_runs(&each->files, src, src->func.pcfile);
	if (ret == 0)
		ret = read_runs(&each->lines, src, src->func.pcln);
	for (uint32_t i = 0; i < count && ret == 0 && each->entries; i++) {
		struct image_inline in = {.into = index};
		struct inline_call call;
		size_t len;

		each->entries--;
		if (inline_call(&src->tree, i, &call))
			continue;
		len = strlen(call.name);
		each->names -= len < each->names ? len : each->names;
		if (!each->names)
			each->entries = 0;
		in.func = call.name;
		in.line = value_at(&each->lines, call.parent_rel);
		in.file =
			pclntab_file(src->tab, &src->func, value_at(&each->files, call.parent_rel));
		if (!in.file || in.line < 0) {
			in.file = "?";
			in.line = 0;
		}
		ret = each->fn(&in, each->arg);
	}
	return ret;
}

int image_each_inline(const struct image *img, int (*each)(const struct image_inline *, void *),
		      void *arg)
{
	struct each walk = {.fn = each, .arg = arg};
	bool begun = false;
	int ret = 0;

	for (size_t i = 0; i < image_func_count(img) && ret == 0; i++) {
		struct position_source src;

		if (position_source(img, i, &src))
			continue;
		if (!begun) {
			walk.entries = src.tab->size / BYTES_PER_ENTRY;
			walk.names = (uint64_t)src.tab->size * NAMES_PER_BYTE;
			begun = true;
		}
		ret = each_of_function(&walk, &src, i);
	}
	free(walk.files.run);
	free(walk.lines.run);
	return ret;
}

/* The part of `file` before SUFFIX and its base name, where suffix is the package's path within the
 * module. */
static char *root_of(const char *file, const char *suffix)
{
	const char *slash = strrchr(file, '/');
	size_t len = slash ? (size_t)(slash - file) : 0, cut = strlen(suffix);

	if (!slash || len <= cut || strncmp(file + len - cut, suffix, cut) != 0 ||
	    (cut && file[len - cut - 1] == '/'))
		return NULL;
	return strndup(file, len - cut);
}

/* The path within the module of the package that a function belongs to, "" for the module's own
 * root, NULL when it belongs to another module. */
static const char *path_in_module(const char *name, const char *package, const char *module,
				  char *room, size_t size)
{
	size_t len = strlen(module), path;
	const char *slash, *dot;

	if (strncmp(name, "main.", 5) == 0) {
		name = package;
		path = strlen(package);
	} else {
		name = strncmp(name, module, len) == 0 ? name : "";
		/* slashes may also stand in type arguments, behind the package */
		slash = memrchr(name, '/', strcspn(name, "[("));
		dot = strchr(slash ? slash : name, '.');
		path = dot ? (size_t)(dot - name) : 0;
	}
	if (path < len || strncmp(name, module, len) != 0 || path - len >= size ||
	    (path > len && name[len] != '/'))
		return NULL;
	memcpy(room, name + len, path - len);
	room[path - len] = 0;
	return room;
}

char *position_module_root(const struct image *img, const char *package, const char *module)
{
	size_t count = *module ? image_func_count(img) : 0;
	struct image_func func;
	char room[4096];

	for (size_t i = 0; i < count; i++) {
		const char *suffix;
		char *root;

		if (image_func(img, i, false, &func) || func.wrapper)
			continue;
		suffix = path_in_module(func.name, package, module, room, sizeof(room));
		if (!suffix)
			continue;
		image_func(img, i, true, &func);
		root = root_of(func.file, suffix);
		if (root)
			return root;
	}
	return strdup("");
}
