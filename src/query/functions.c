/* SPDX-License-Identifier: GPL-2.0-only */
#include "query/functions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/map.h"
#include "base/symbol.h"
#include "base/vec.h"
#include "call/select.h"
#include "plan/naming.h"
#include "plan/nearest.h"

/* What is known of one executable. */
struct program {
	struct name_source source;
	struct catalog_exe exe;
	char *module; /* path of its main module, as far as the places of functions tell */
	const char **symbols;
	size_t count, cap;
	struct naming *naming;
	struct selection_marks marks;
};

/* What is known of a function of the catalog. */
struct known {
	uint64_t filters;
	unsigned int is; /* SELECT_* */
	bool known;
};

struct functions {
	const struct selection *select;
	struct filter *const *filters;
	size_t nfilters;
	const struct catalog *catalog;
	const char *path;
	struct program **programs;
	size_t nprograms, capprograms;
	struct map symbols; /* {hash, program}: which are known */
	struct known *known;
	size_t nknown;
	struct error error;
};

static size_t on_count(const struct name_source *source)
{
	return ((const struct program *)source)->count;
}

static const char *on_name(const struct name_source *source, size_t i)
{
	return ((const struct program *)source)->symbols[i];
}

struct functions *functions_new(const struct selection *select, struct filter *const *filters,
				size_t nfilters, const struct catalog *catalog, const char *path)
{
	struct functions *functions = calloc(1, sizeof(*functions));

	if (!functions)
		return NULL;
	functions->select = select;
	functions->filters = filters;
	functions->nfilters = nfilters;
	functions->catalog = catalog;
	functions->path = path;
	return functions;
}

void functions_free(struct functions *functions)
{
	if (!functions)
		return;
	for (size_t i = 0; i < functions->nprograms; i++) {
		struct program *program = functions->programs[i];

		naming_free(program->naming);
		free(program->marks.selected);
		free(program->module);
		free(program->symbols);
		free(program);
	}
	map_release(&functions->symbols);
	free(functions->programs);
	free(functions->known);
	free(functions);
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* The program of an executable, by its path; NULL when memory is out. */
static struct program *program_of(struct functions *functions, const struct catalog_exe *exe)
{
	struct program *program, **slot;

	for (size_t i = 0; i < functions->nprograms; i++)
		if (same(functions->programs[i]->exe.path, exe->path))
			return functions->programs[i];
	program = calloc(1, sizeof(*program));
	slot = program ? vec_push(&functions->programs, &functions->nprograms,
				  &functions->capprograms)
		       : NULL;
	if (!slot) {
		free(program);
		return NULL;
	}
	*slot = program;
	program->exe = *exe;
	program->source = (struct name_source){
		.path = functions->path, .module = "", .count = on_count, .name = on_name};
	return program;
}

/*
 * A package's folder below the root of the sources is the end of its path: /src/app/store/x.go of example.com/app/store.Put
 * with the root /src/app tells example.com/app.
 */
static void learn_module(struct program *program, const struct catalog_func *func)
{
	size_t root = program->exe.root ? strlen(program->exe.root) : 0;
	size_t package = symbol_package(func->name), below;
	const char *from, *slash;

	if (program->module || !root || !func->file ||
	    strncmp(func->file, program->exe.root, root) != 0 || func->file[root] != '/')
		return;
	from = func->file + root;
	slash = strrchr(from, '/');
	below = (size_t)(slash - from);
	if (package <= below || memcmp(func->name + package - below, from, below) != 0 ||
	    !strncmp(func->name, "main.", 5))
		return;
	program->module = strndup(func->name, package - below);
	if (program->module)
		program->source.module = program->module;
}

static uint64_t hash_of(const char *text)
{
	uint64_t hash = 14695981039346656037ull;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211ull;
	return hash;
}

/* One more symbol, unless it is known. 0 or -ENOMEM. */
static int add(struct functions *functions, const struct catalog *catalog, uint32_t id)
{
	const struct catalog_func *func = catalog_func(catalog, id);
	struct program *program = program_of(functions, catalog_exe(catalog, func->exe));
	uint64_t *seen;
	const char **slot;

	if (!program)
		return -ENOMEM;
	learn_module(program, func);
	seen = map_put(&functions->symbols,
		       (struct map_key){.a = hash_of(func->name), .b = (uintptr_t)program});
	if (!seen)
		return -ENOMEM;
	if (*seen)
		return 0;
	*seen = 1;
	slot = vec_push(&program->symbols, &program->count, &program->cap);
	if (!slot)
		return -ENOMEM;
	*slot = func->name;
	return 0;
}

/* Names of the program are taken as all of them together tell; *changed: some are taken otherwise than before. */
static int take_names(struct functions *functions, struct program *program, bool *changed,
		      struct error *err)
{
	if (program->naming && program->marks.count == program->count)
		return 0;
	if (!program->naming) {
		program->naming =
			naming_of(functions->select, &program->source, program->exe.names);
		if (!program->naming)
			return -ENOMEM;
	} else if (naming_learn(program->naming)) {
		program->marks.count = 0;
		*changed = true;
	}
	return naming_mark(program->naming, &program->marks, err);
}

static int learn(struct functions *functions, const struct catalog *catalog, size_t from,
		 struct error *err)
{
	bool changed = false;
	int ret = 0;

	for (size_t i = from; i < catalog->nfuncs && !ret; i++)
		ret = add(functions, catalog, (uint32_t)i);
	for (size_t i = 0; i < functions->nprograms && !ret; i++)
		ret = take_names(functions, functions->programs[i], &changed, err);
	for (size_t i = 0; changed && i < functions->nknown; i++)
		functions->known[i].known = false;
	if (ret == -ENOMEM && !err->code)
		error_set(err, ret, "%s: out of memory; choose fewer functions", functions->path);
	return ret;
}

int functions_learn(struct functions *functions, const struct catalog *catalog, struct error *err)
{
	return learn(functions, catalog, 0, err);
}

/* What its names come to. */
static void decide(struct functions *functions, uint32_t id)
{
	const struct catalog_func *func = catalog_func(functions->catalog, id);
	struct known *known = &functions->known[id];
	struct program *program = program_of(functions, catalog_exe(functions->catalog, func->exe));
	int marks = program && program->naming ? naming_marks_of(program->naming, func->name) : 0;

	*known = (struct known){.known = true};
	if (marks < 0)
		error_set(&functions->error, -EINVAL,
			  "-r: the expression takes too many steps on %s; simplify it", func->name);
	if (marks <= 0)
		return;
	known->is = SELECT_FUNC | (marks & SELECTED_DRILL ? SELECT_DRILL : 0);
	for (size_t i = 0; i < functions->nfilters; i++)
		if (naming_matches(program->naming, functions->filters[i]->glob, func->name))
			known->filters |= 1ull << i;
	if (known->filters)
		known->is |= SELECT_FILTERED;
}

static bool reach(struct functions *functions)
{
	size_t count = functions->catalog->nfuncs, from = functions->nknown;
	struct known *more;

	if (functions->error.code)
		return false;
	more = reallocarray(functions->known, count, sizeof(*more));
	if (!more) {
		error_set(&functions->error, -ENOMEM, "%s: out of memory; choose fewer functions",
			  functions->path);
		return false;
	}
	memset(more + from, 0, (count - from) * sizeof(*more));
	functions->known = more;
	functions->nknown = count;
	return !learn(functions, functions->catalog, from, &functions->error);
}

unsigned int functions_of(struct functions *functions, uint32_t func, uint64_t *filters)
{
	*filters = 0;
	if (func >= functions->catalog->nfuncs ||
	    (functions->nknown < functions->catalog->nfuncs && !reach(functions)))
		return 0;
	if (!functions->known[func].known)
		decide(functions, func);
	*filters = functions->known[func].filters;
	return functions->known[func].is;
}

int functions_error(const struct functions *functions, struct error *err)
{
	if (functions->error.code)
		*err = functions->error;
	return functions->error.code;
}

static size_t hits(const struct functions *functions, size_t which)
{
	size_t count = 0;

	for (size_t i = 0; i < functions->nprograms; i++)
		count += naming_hits(functions->programs[i]->naming, which);
	return count;
}

/* "'main.ad'", "/^x/". */
static void put_pattern(const struct selection *select, size_t which, struct buf *text)
{
	bool glob = which < select->nglobs;
	const char *written =
		glob ? select->globs[which].text : select->regexps[which - select->nglobs];

	buf_addc(text, glob ? '\'' : '/');
	escape_text(text, written, strlen(written));
	buf_addc(text, glob ? '\'' : '/');
}

static int no_match(const struct functions *functions, size_t which, struct error *err)
{
	const struct selection *select = functions->select;
	struct buf pattern = {0}, near = {0};

	put_pattern(select, which, &pattern);
	for (size_t i = 0; i < functions->nprograms && which < select->nglobs && !near.len; i++)
		nearest_names(&near, select->globs[which].text, &functions->programs[i]->source,
			      functions->programs[i]->exe.names);
	error_set(err, -ENODATA, "%s: no function matches %s%s", functions->path, buf_str(&pattern),
		  near.len ? buf_str(&near)
			   : "; 'ftrace report --summary=only' shows those that are in it");
	buf_release(&pattern);
	buf_release(&near);
	return -ENODATA;
}

/* A function that is shown. */
static bool any_is_selected(const struct functions *functions)
{
	for (size_t i = 0; i < functions->nprograms; i++)
		for (size_t f = 0; f < functions->programs[i]->marks.count; f++)
			if (functions->programs[i]->marks.selected[f])
				return true;
	return false;
}

/* The first of the globs of -D, or of filters, where none of them matches anything; `nglobs`: one does. */
static size_t all_missed(const struct functions *functions, bool drill)
{
	const struct selection *select = functions->select;
	size_t first = select->nglobs;

	for (size_t i = select->nglobs; i-- > 0;) {
		if (drill ? !select->globs[i].drill : !select->globs[i].filter)
			continue;
		if (hits(functions, i))
			return select->nglobs;
		first = i;
	}
	return first;
}

int functions_check(struct functions *functions, struct buf *notes, struct error *err)
{
	const struct selection *select = functions->select;
	size_t count = select->nglobs + select->nregexps, none;

	if (!functions->nprograms)
		return 0;
	for (int drill = 0; drill < 2; drill++) {
		none = all_missed(functions, drill);
		if (none < select->nglobs)
			return no_match(functions, none, err);
	}
	for (none = 0; none < count && hits(functions, none); none++)
		;
	if (!any_is_selected(functions)) {
		if (none < count)
			return no_match(functions, none, err);
		return error_set(err, -ENODATA, "%s: -N or -x leaves out all functions; narrow it",
				 functions->path);
	}
	for (size_t i = none; i < count; i++) {
		struct error note = {0};

		if (hits(functions, i))
			continue;
		no_match(functions, i, &note);
		buf_addf(notes, "ftrace: %s\n", note.text);
	}
	for (size_t i = 0; i < functions->nprograms; i++)
		naming_tell(functions->programs[i]->naming, functions->nprograms == 1, notes);
	return 0;
}
