/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memfd_create */
/*
 * A damaged executable: everything that image.h and arch.h tell of it, and a plan of all of it.
 */
#include <stdbool.h>

#include "executable.h"
#include "image/image.h"
#include "plan/plan.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	executables_load();
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	return executable_mutate(data, size, max, seed);
}

static void use_code(const struct image *img, size_t index, const struct image_func *func)
{
	const uint8_t *code = image_code(img, func->entry, func->size);
	struct image_pos pos[8];
	struct insn insn;

	check(code);
	for (uint64_t at = 0; at < func->size && at < 96; at += insn.len) {
		uint64_t pc = func->entry + at;
		int n;

		if (image_info(img)->arch->decode(code + at, func->size - at, pc, &insn) < 0)
			break;
		check(insn.len > 0 && insn.len <= func->size - at);
		image_sp_delta(img, index, pc);
		n = image_position(img, pc, pos, 8);
		check(n <= 8);
		for (int i = 0; i < n; i++)
			use_text(pos[i].func), use_text(pos[i].file);
	}
}

static void use_func(const struct image *img, size_t index, bool closely)
{
	const struct image_info *info = image_info(img);
	struct image_func func;
	uint64_t offset;

	if (image_func(img, index, closely, &func)) {
		use_text(func.name);
		return;
	}
	use_text(func.name);
	check(func.size > 0 && func.entry >= info->text && func.entry <= info->etext);
	check(func.size <= info->etext - func.entry);
	check(!image_offset(img, func.entry, &offset));
	check(image_find(img, func.entry) >= 0);
	if (closely) {
		use_text(func.file);
		use_code(img, index, &func);
	}
}

static int use_inline(const struct image_inline *call, void *arg)
{
	const struct image *img = arg;

	use_text(call->func);
	use_text(call->file);
	check(call->into < image_func_count(img));
	return 0;
}

static void use_image(struct image *img, uint8_t option)
{
	const struct image_info *info = image_info(img);
	uint64_t vaddr, size;
	struct error err;
	int64_t tls;

	use_text(info->go_version);
	use_text(info->build_id);
	use_text(info->module);
	use_text(info->module_root);
	for (size_t i = 0; i < image_func_count(img); i++)
		use_func(img, i, i % 16 == option % 16);
	if (option & 0x08)
		image_each_inline(img, use_inline, img);
	image_tls_offset(img, &tls, &err);
	image_symbol(img, "runtime.mainPC", &vaddr, &size);
	image_bytes(img, info->text - 8, 16);
	image_bytes(img, UINT64_MAX - 8, 16);
}

static void check_plan(const struct plan *plan)
{
	const struct image *img = plan->images[0].image;

	for (size_t i = 0; i < plan->nfuncs; i++) {
		const struct plan_func *func = &plan->funcs[i];

		use_text(func->name);
		use_text(func->file);
		check(func->nsites > 0 && func->first_site < plan->nsites);
		check(func->nsites <= plan->nsites - func->first_site);
		check(plan->sites[func->first_site].kind == SITE_ENTRY);
	}
	for (size_t i = 0; i < plan->nsites; i++) {
		const struct site *site = &plan->sites[i];
		uint64_t offset;

		check(site->func == PLAN_NO_FUNC || site->func < plan->nfuncs);
		check(!image_offset(img, site->addr, &offset) && offset == site->offset);
		if (site->func == PLAN_NO_FUNC)
			continue;
		check(site->addr >= plan->funcs[site->func].entry);
		check(site->addr - plan->funcs[site->func].entry < plan->funcs[site->func].size);
	}
	for (size_t i = 0; i < plan->nskipped; i++)
		use_text(plan->skipped[i].name), use_text(plan->skipped[i].reason);
}

static void use_plan(struct image *img, uint8_t option)
{
	struct selection select = {0};
	struct plan *plan = plan_new();
	struct error err = {0};

	check(plan);
	check(!selection_add_glob(&select, (option & 0x30) == 0x30 ? "*" : "*main*", false, &err));
	select.follow = option >> 4 & 1;
	select.exclude_vendor = option >> 6 & 1;
	if (plan_add(plan, img, &select, option >> 7, &err)) {
		check(err.code < 0);
		check(use_text(err.text) > 0);
	} else {
		check_plan(plan);
	}
	selection_release(&select);
	plan_free(plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	struct error err = {0};
	struct executable *exe;
	struct image *img;
	uint8_t option;

	exe = executable_edited(&in, &option);
	img = image_open(exe->fd, "FILE", &err);
	if (img) {
		use_image(img, option);
		use_plan(img, option);
	} else {
		check(err.code < 0);
		check(!strncmp(err.text, "FILE: ", 6));
	}
	executable_mend(exe);
	return 0;
}
