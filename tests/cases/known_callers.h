/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * known_callers: takes the place of src/trace/caller.c. Return addresses stand for what a script
 * says of them, so that no executable is needed.
 */
#ifndef FTRACE_TESTS_CASES_KNOWN_CALLERS_H
#define FTRACE_TESTS_CASES_KNOWN_CALLERS_H

#include "base/vec.h"
#include "trace/caller.h"
#include "words.h"

#define MODULE_ROOT "/src/app"
#define CALLER_BASE 0x900000u

struct callers {
	struct caller *known;
	size_t count, cap;
};

const struct caller *callers_find(struct callers *callers, uint32_t image, uint64_t pc)
{
	uint64_t index = (pc - CALLER_BASE) / 16;

	(void)image;
	return pc >= CALLER_BASE && index < callers->count ? &callers->known[index] : NULL;
}

/* FUNC+OFFSET[,FILE:LINE[,INLINED]] becomes an address that callers_find() knows. */
static uint64_t callers_add(struct callers *callers, char *text)
{
	struct caller *caller = checked(vec_push(&callers->known, &callers->count, &callers->cap));
	char *file = strchr(text, ','), *plus, *colon, *inlined;

	if (file)
		*file++ = '\0';
	plus = strrchr(text, '+');
	if (!plus)
		die("FUNC+OFFSET is missing", text);
	*plus = '\0';
	caller->func = copy(text);
	caller->offset = number(plus + 1);
	if (file) {
		inlined = strchr(file, ',');
		if (inlined) {
			*inlined++ = '\0';
			caller->inlined = copy(inlined);
		}
		colon = strrchr(file, ':');
		if (!colon)
			die("FILE:LINE is missing", file);
		*colon = '\0';
		caller->file = copy(file);
		caller->line = (int)number(colon + 1);
	}
	return CALLER_BASE + 16 * (callers->count - 1);
}

static void callers_release(struct callers *callers)
{
	for (size_t i = 0; i < callers->count; i++) {
		free((char *)callers->known[i].func);
		free((char *)callers->known[i].file);
		free((char *)callers->known[i].inlined);
	}
	free(callers->known);
}

#endif
