/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/body.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of one function. The largest of real programs, tables that are filled by code, have a tenth of it. */
#define CODE_MAX (4u << 20)

static int refuse(char *why, size_t size, int code, const char *what, uint64_t at)
{
	snprintf(why, size, "%s at +0x%llx", what, (unsigned long long)at);
	return code;
}

/* Index of the instruction at `addr`, or -1 when none starts there. */
static ssize_t find_insn(const struct body *body, uint64_t addr)
{
	size_t low = 0, high = body->ninsns;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (body->insns[mid].addr < addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low < body->ninsns && body->insns[low].addr == addr ? (ssize_t)low : -1;
}

static bool is_inside(const struct body *body, uint64_t addr)
{
	return addr - body->func.entry < body->func.size;
}

static bool has_target(const struct insn *insn)
{
	return insn->kind == INSN_JMP || insn->kind == INSN_JCC;
}

static int check_jumps(const struct body *body, char *why, size_t size)
{
	for (size_t i = 0; i < body->ninsns; i++) {
		const struct insn *insn = &body->insns[i];

		if (has_target(insn) && is_inside(body, insn->target) &&
		    find_insn(body, insn->target) < 0)
			return refuse(why, size, -EILSEQ, "a jump leads into an instruction",
				      insn->target - body->func.entry);
	}
	return 0;
}

/* Room for one more. It is not zeroed: a program has millions of instructions. */
static struct insn *next_insn(struct body *body)
{
	if (body->ninsns == body->capinsns) {
		size_t cap = body->capinsns ? body->capinsns * 2 : 256;
		struct insn *insns = reallocarray(body->insns, cap, sizeof(*insns));

		if (!insns)
			return NULL;
		body->insns = insns;
		body->capinsns = cap;
	}
	return &body->insns[body->ninsns++];
}

int body_decode(struct body *body, const struct image *img, size_t index, char *why, size_t size)
{
	const struct arch *arch = image_info(img)->arch;
	const uint8_t *code;
	uint64_t at = 0;

	body->image = img;
	body->index = index;
	body->ninsns = 0;
	body->sp = (struct image_sp){0};
	if (image_func(img, index, false, &body->func))
		return refuse(why, size, -EILSEQ, "the file's tables contradict each other", 0);
	if (body->func.size > CODE_MAX)
		return refuse(why, size, -EILSEQ, "it is larger than any function", CODE_MAX);
	code = image_code(img, body->func.entry, body->func.size);
	if (!code)
		return refuse(why, size, -EILSEQ, "its code is not in the file", 0);
	while (at < body->func.size) {
		struct insn *insn = next_insn(body);
		int len;

		if (!insn)
			return -ENOMEM;
		len = arch->decode(code + at, body->func.size - at, body->func.entry + at, insn);
		if (len <= 0)
			return refuse(why, size, -EILSEQ, "its code cannot be decoded", at);
		at += (uint64_t)len;
	}
	return check_jumps(body, why, size);
}

void body_release(struct body *body)
{
	free(body->insns);
	*body = (struct body){0};
}

static struct arch_prologue prologue_of(const struct body *body)
{
	return image_info(body->image)->arch->prologue(body->insns, body->ninsns);
}

static bool calls_morestack(const struct body *body)
{
	for (size_t i = 0; i < body->ninsns; i++) {
		const struct insn *insn = &body->insns[i];
		struct image_func func;
		ssize_t index;

		if (insn->kind != INSN_CALL || is_inside(body, insn->target))
			continue;
		index = image_find(body->image, insn->target);
		if (index >= 0 && !image_func(body->image, (size_t)index, false, &func) &&
		    !strncmp(func.name, "runtime.morestack", 17))
			return true;
	}
	return false;
}

/* A leaf may be a loop from its first instruction on. */
static bool loops_to_entry(const struct body *body)
{
	for (size_t i = 0; i < body->ninsns; i++)
		if (has_target(&body->insns[i]) && body->insns[i].target == body->func.entry)
			return true;
	return false;
}

int body_entry(const struct body *body, struct body_site *site, char *why, size_t size)
{
	struct arch_prologue prologue = prologue_of(body);
	const struct insn *check = prologue.check;

	*site = (struct body_site){.g_in_register = check != NULL};
	if (prologue.behind) {
		site->insn = prologue.behind;
		return 0;
	}
	if (check && check->probeable) {
		site->insn = check;
		site->only_if_not = true;
		return 0;
	}
	site->insn = &body->insns[0];
	site->may_repeat = check || calls_morestack(body) || loops_to_entry(body);
	if (site->insn->kind == INSN_TRAP)
		return refuse(why, size, -ENOTSUP, "its first instruction is a trap", 0);
	/* If it is a conditional jump, each run of it counts, whichever way it goes. */
	if (!site->insn->probeable)
		return refuse(why, size, -ENOTSUP,
			      "the kernel takes no probe on its first instruction", 0);
	return 0;
}

/* A jump out of the function is an exit if its frame is gone by then. */
bool body_leaves(struct body *body, const struct insn *insn)
{
	int64_t delta;

	switch (insn->kind) {
	case INSN_JMP:
	case INSN_JCC:
		/* The saved flags do not tell whether it is taken. */
		if (insn->kind == INSN_JCC && insn->cond == INSN_COND_NONE)
			return false;
		if (is_inside(body, insn->target))
			return false;
		break;
	case INSN_JMP_REG:
		break;
	case INSN_JMP_MEM:
		if (insn->scaled_index)
			return false;
		break;
	default:
		return false;
	}
	delta = image_sp_next(body->image, body->index, insn->addr, &body->sp);
	return delta == 0;
}

int body_each_exit(struct body *body, int (*each)(const struct body_site *, void *), void *arg)
{
	bool g_in_register = prologue_of(body).check != NULL;

	for (size_t i = 0; i < body->ninsns; i++) {
		const struct insn *insn = &body->insns[i];
		struct body_site site;
		int ret;

		if (insn->kind == INSN_OTHER || !insn->probeable ||
		    (insn->kind != INSN_RET && !body_leaves(body, insn)))
			continue;
		site = (struct body_site){
			.insn = insn,
			.g_in_register = g_in_register,
			.only_if = insn->kind == INSN_JCC,
		};
		ret = each(&site, arg);
		if (ret)
			return ret;
	}
	return 0;
}

uint64_t body_call_of(const struct body *body, uint64_t target)
{
	for (size_t i = 0; i < body->ninsns; i++)
		if (body->insns[i].kind == INSN_CALL && body->insns[i].target == target)
			return body->insns[i].addr;
	return 0;
}
