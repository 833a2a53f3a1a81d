/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/select.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

bool selection_chooses(const struct selection *sel)
{
	for (size_t i = 0; i < sel->nglobs; i++)
		if (!sel->globs[i].drill && !sel->globs[i].filter)
			return true;
	return sel->nregexps;
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
