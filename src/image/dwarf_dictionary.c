/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The dictionary that a generic function takes besides its parameters: where it stands among them.
 */
#include <string.h>

#include "image/dwarf_priv.h"

/* "func1", "gowrap2", "deferwrap1": what the compiler calls functions inside a function. */
static bool is_inner_name(const char *name)
{
	static const char *const inner[] = {"func", "gowrap", "deferwrap", "dwrap"};

	for (size_t i = 0; i < sizeof(inner) / sizeof(inner[0]); i++) {
		size_t len = strlen(inner[i]);

		if (!strncmp(name, inner[i], len) && name[len] >= '0' && name[len] <= '9')
			return true;
	}
	return *name == '\0';
}

/* "main.(*T).M", "main.T.M" but not "main.F", up to `end`. */
static bool is_method(const char *name, const char *end)
{
	int dots = 0;

	for (const char *at = name; at < end && *at != '['; at++)
		dots = *at == '/' ? 0 : dots + (*at == '.');
	return dots > 1;
}

/*
 * A generic function over shapes takes a dictionary. Compilers up to 1.26 leave it out of the debug
 * information, 1.27 has it at the end when the function can be inlined. The name tells where it
 * belongs: first for "main.F[go.shape.int]", behind the receiver for "main.(*T[go.shape.int]).M",
 * "main.T[go.shape.int].M" and "main.(*T).M[go.shape.int]", in 1.19 before it. A function inside
 * finds it in its closure; equality functions ("type:.eq.main.T[...]") have none.
 */
static bool dictionary_place(const char *name, int go_minor, size_t *at)
{
	const char *open = strchr(name, '[');
	const char *close = open ? strrchr(open, ']') : NULL;
	bool method;

	if (!close || strncmp(open + 1, "go.shape.", 9) || !strncmp(name, "type:", 5) ||
	    !strncmp(name, "type..", 6))
		return false;
	method = close[1] || is_method(name, open);
	if (close[1]) {
		close += close[1] == ')' ? 2 : 1;
		if (*close != '.' || strchr(close, '-') || strchr(close + 1, '.') ||
		    is_inner_name(close + 1))
			return false;
	}
	*at = method && go_minor != 19;
	return true;
}

/* Takes the dictionary out of the list, if it is there. read_params() left room for one more. */
static bool take_dictionary(struct dwarf_signature *sig, struct dwarf_param *dictionary, size_t *at)
{
	for (size_t i = 0; i < sig->nparams; i++) {
		struct dwarf_param *param = &sig->params[i];

		if (!param->name || strcmp(param->name, ".dict"))
			continue;
		*dictionary = *param;
		*at = i;
		memmove(param, param + 1, (sig->nparams - i - 1) * sizeof(*param));
		sig->nparams--;
		return true;
	}
	return false;
}

void dwarf_place_dictionary(struct dwarf *dw, struct dwarf_signature *sig, int go_minor)
{
	struct dwarf_param dictionary = {
		.name = ".dict",
		.type = &dw->pointer,
		.place = {.first_int = -1, .first_float = -1},
	};
	size_t at = 0;
	bool listed = take_dictionary(sig, &dictionary, &at);

	if (!dictionary_place(sig->name, go_minor, &at) && !listed)
		return;
	if (at > sig->nparams)
		at = sig->nparams;
	dictionary.dictionary = true;
	memmove(&sig->params[at + 1], &sig->params[at], (sig->nparams - at) * sizeof(*sig->params));
	sig->params[at] = dictionary;
	sig->nparams++;
}
