/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memfd_create */
/*
 * Damaged debug information: signatures of functions, types and all that they refer to.
 */
#include <stdbool.h>

#include "executable.h"
#include "image/dwarf.h"
#include "image/gotype.h"
#include "image/image.h"

/* Types inside types are followed this far, through at most so many. */
#define LEVELS    6
#define TYPES_MAX 3000

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);

struct address {
	uint64_t entry;
	bool main;
};

static struct address *addresses; /* of the functions of the executable that is not PIE */
static size_t naddresses;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct image *img;

	(void)argc;
	(void)argv;
	executables_load();
	img = image_open(executables[0].fd, "plain", NULL);
	check(img);
	addresses = calloc(image_func_count(img), sizeof(*addresses));
	check(addresses);
	for (size_t i = 0; i < image_func_count(img); i++) {
		struct image_func func;

		if (image_func(img, i, false, &func))
			continue;
		addresses[naddresses].entry = func.entry;
		addresses[naddresses++].main = !strncmp(func.name, "main.", 5);
	}
	image_free(img);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	return executable_mutate(data, size, max, seed);
}

static void use_type(const struct gotype *type, int level, size_t *budget)
{
	if (!type || level == LEVELS || !*budget)
		return;
	--*budget;
	use_text(type->name);
	check(type->kind < GOTYPE_KINDS);
	check(type->kind != GOTYPE_INVALID || type->size == 0);
	use_text(gotype_kind_name(type->kind));
	for (size_t i = 0; i < type->nfields; i++) {
		const struct gotype_field *field = &type->fields[i];

		use_text(field->name);
		check(field->type && field->offset <= type->size);
		check(field->type->size <= type->size - field->offset);
		use_type(field->type, level + 1, budget);
	}
	if (type->kind == GOTYPE_ARRAY && type->count) {
		check(gotype_elem(type));
		check(gotype_elem(type)->size <= type->size / type->count);
	}
	use_type(gotype_elem(type), level + 1, budget);
	use_type(gotype_key(type), level + 1, budget);
}

static void use_params(const struct dwarf_param *params, size_t count, size_t *budget)
{
	for (size_t i = 0; i < count; i++) {
		use_text(params[i].name);
		check(params[i].type);
		check(params[i].place.first_int >= -1 && params[i].place.first_int < 9);
		check(params[i].place.first_float >= -1 && params[i].place.first_float < 15);
		use_type(params[i].type, 0, budget);
	}
}

static void use_function(struct dwarf *dw, uint64_t entry, size_t *budget)
{
	struct dwarf_signature sig;

	if (dwarf_function(dw, entry, true, &sig))
		return;
	use_text(sig.name);
	check(sig.entry == entry);
	use_params(sig.params, sig.nparams, budget);
	use_params(sig.results, sig.nresults, budget);
	for (size_t i = 0; i < sig.ncaptures; i++) {
		use_text(sig.captures[i].name);
		check(sig.captures[i].type);
		use_type(sig.captures[i].type, 0, budget);
	}
}

static void use_dwarf(struct dwarf *dw, uint8_t option)
{
	static const char *const types[] = {
		"runtime.g", "runtime.m",  "main.node",
		"[]int",     "*main.node", "map[string]*main.node",
		"error",     "string",     "",
	};
	size_t budget = TYPES_MAX;
	uint64_t offset;

	for (size_t i = 0; i < naddresses; i++)
		if (addresses[i].main || (option & 0x80 && i % 32 == option % 32))
			use_function(dw, addresses[i].entry, &budget);
	use_function(dw, 0, &budget);
	use_function(dw, UINT64_MAX, &budget);
	dwarf_member(dw, "runtime.g", "goid", &offset);
	dwarf_member(dw, "runtime.gobuf", "sp", &offset);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		use_type(dwarf_type(dw, types[i]), 0, &budget);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	struct error err = {0};
	struct executable *exe;
	struct dwarf *dw;
	uint8_t option;

	exe = executable_edited(&in, &option);
	dw = dwarf_open_fd(exe->fd, "FILE", true, &err);
	if (dw) {
		use_dwarf(dw, option);
		dwarf_close(dw);
	} else {
		check(err.code < 0);
		check(use_text(err.text) > 0);
	}
	executable_mend(exe);
	return 0;
}
