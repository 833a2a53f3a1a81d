/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/select.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/vec.h"
#include "plan/regexp.h"

static int add_text(char ***array, size_t *count, size_t *cap, const char *text)
{
	char *copy = strdup(text);
	char **slot = copy ? vec_push(array, count, cap) : NULL;

	if (!slot) {
		free(copy);
		return -ENOMEM;
	}
	*slot = copy;
	return 0;
}

static int check_glob(const char *text, struct error *err)
{
	if (*text)
		return 0;
	return error_set(err, -EINVAL, "'': an empty pattern; '*' matches every function");
}

int selection_add_glob(struct selection *sel, const char *text, bool drill, struct error *err)
{
	struct selection_glob *glob;
	int ret = check_glob(text, err);

	if (ret)
		return ret;
	glob = vec_push(&sel->globs, &sel->nglobs, &sel->capglobs);
	if (!glob)
		return -ENOMEM;
	glob->drill = drill;
	glob->text = strdup(text);
	return glob->text ? 0 : -ENOMEM;
}

int selection_add_regexp(struct selection *sel, const char *text, struct error *err)
{
	struct regexp *re;
	void **slot;

	if (!*text)
		return error_set(err, -EINVAL,
				 "-r '': an empty expression; '.' matches every function");
	re = regexp_compile(text, err);
	if (!re)
		return err ? err->code : -EINVAL;
	slot = vec_push(&sel->compiled, &sel->ncompiled, &sel->capcompiled);
	if (!slot) {
		regexp_free(re);
		return -ENOMEM;
	}
	*slot = re;
	return add_text(&sel->regexps, &sel->nregexps, &sel->capregexps, text);
}

int selection_add_excluded(struct selection *sel, const char *text, struct error *err)
{
	int ret = check_glob(text, err);

	return ret ? ret : add_text(&sel->excluded, &sel->nexcluded, &sel->capexcluded, text);
}

void selection_release(struct selection *sel)
{
	for (size_t i = 0; i < sel->nglobs; i++)
		free(sel->globs[i].text);
	for (size_t i = 0; i < sel->nregexps; i++)
		free(sel->regexps[i]);
	for (size_t i = 0; i < sel->ncompiled; i++)
		regexp_free(sel->compiled[i]);
	for (size_t i = 0; i < sel->nexcluded; i++)
		free(sel->excluded[i]);
	free(sel->globs);
	free(sel->regexps);
	free(sel->compiled);
	free(sel->excluded);
	*sel = (struct selection){0};
}

const char *selection_text(const struct selection *sel, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sel->nglobs + sel->nregexps && used < size; i++) {
		bool glob = i < sel->nglobs;

		used += (size_t)snprintf(text + used, size - used, glob ? "%s'%s'" : "%s/%s/",
					 i ? ", " : "",
					 glob ? sel->globs[i].text : sel->regexps[i - sel->nglobs]);
	}
	return text;
}

/* Import path of the package of a function: up to the first dot behind the last slash that stands
 * before any bracket. Dots in the last path element are written %2e by the linker. */
size_t selection_package(const char *name)
{
	size_t end = strcspn(name, "[(");
	size_t slash = 0;

	for (size_t i = 0; i < end; i++)
		if (name[i] == '/')
			slash = i;
	return slash + strcspn(name + slash, ".");
}

/* The main module or the standard library, whose import paths have no dot in their first element. */
static bool is_own(const char *name, const char *module)
{
	size_t package = selection_package(name);
	size_t first = strcspn(name, "/");
	size_t len = strlen(module);

	if (package == 4 && !memcmp(name, "main", 4))
		return true;
	if (len && package >= len && !memcmp(name, module, len) &&
	    (package == len || name[len] == '/'))
		return true;
	if (package >= 7 && !memcmp(name, "vendor/", 7))
		return false;
	if (first > package)
		first = package;
	return !memchr(name, '.', first);
}

bool selection_excludes(const struct selection *sel, const char *name)
{
	for (size_t i = 0; i < sel->nexcluded; i++)
		if (glob_match(sel->excluded[i], name))
			return true;
	return false;
}

/* SELECTED_* that the patterns give `name`, or a negative errno. `exact` is find_exact()'s, or NULL for a name that is
 * no function of the image. */
static int match_patterns(const struct selection *sel, const char *name, const char *module,
			  const bool *exact)
{
	int found = 0;

	for (size_t i = 0; i < sel->nglobs; i++) {
		struct selection_glob *glob = &sel->globs[i];
		bool spelled = !strcmp(glob->text, name);

		if (exact && exact[i] && !spelled)
			continue;
		if (!spelled && !glob_match(glob->text, name))
			continue;
		if (!spelled && sel->exclude_vendor && !is_own(name, module))
			continue;
		glob->hits++;
		found |= SELECTED | (glob->drill ? SELECTED_DRILL : 0);
	}
	for (size_t i = 0; i < sel->nregexps; i++) {
		int got = regexp_match(sel->compiled[i], name);

		if (got < 0)
			return got;
		if (got && !(sel->exclude_vendor && !is_own(name, module)))
			found |= SELECTED;
	}
	return found && !selection_excludes(sel, name) ? found : 0;
}

/* exact[i]: a function of the image has the i-th glob as its name, brackets and all. */
static bool *find_exact(const struct selection *sel, const struct image *img)
{
	bool *exact = calloc(sel->nglobs + 1, sizeof(*exact));

	if (!exact)
		return NULL;
	for (size_t i = 0; i < sel->nglobs; i++)
		if (glob_is_plain(sel->globs[i].text))
			exact[i] = true;
	for (size_t f = 0; f < image_func_count(img); f++) {
		struct image_func func;

		if (image_func(img, f, false, &func) || !strpbrk(func.name, "*?[\\"))
			continue;
		for (size_t i = 0; i < sel->nglobs; i++)
			if (!exact[i] && !strcmp(sel->globs[i].text, func.name))
				exact[i] = true;
	}
	return exact;
}

int selection_mark(const struct selection *sel, const struct image *img,
		   struct selection_marks *marks, struct error *err)
{
	const struct image_info *info = image_info(img);
	bool *exact = find_exact(sel, img);
	int ret = 0;

	marks->count = image_func_count(img);
	marks->selected = calloc(marks->count + 1, 1);
	if (!exact || !marks->selected) {
		ret = error_set(err, -ENOMEM, "%s: out of memory; choose fewer functions",
				info->path);
		goto out;
	}
	for (size_t f = 0; f < marks->count; f++) {
		struct image_func func;

		/* The name is printable even where the rest of the function does not hold. */
		if (image_func(img, f, false, &func) && !func.name)
			continue;
		ret = match_patterns(sel, func.name, info->module, exact);
		if (ret < 0) {
			ret = error_set(
				err, -EINVAL,
				"-r: the expression takes too many steps on %s; simplify it",
				func.name);
			break;
		}
		marks->selected[f] = (unsigned char)ret;
		ret = 0;
	}
out:
	free(exact);
	if (ret) {
		free(marks->selected);
		marks->selected = NULL;
	}
	return ret;
}

bool selection_selects(const struct selection *sel, const struct image *img, const char *name)
{
	return match_patterns(sel, name, image_info(img)->module, NULL) > 0;
}
