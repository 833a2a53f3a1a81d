/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/goroutine.h"

#include <errno.h>
#include <stddef.h>

#include <ftrace/image.h>

/* m stands behind the stack, stackguard0 and stackguard1, _panic and _defer in every version. */
struct row {
	int first, last; /* Go 1.first to 1.last */
	uint32_t goid, m, curg, status, waitreason, bp;
	uint32_t parent, gopc, startpc; /* parent 0: there is none */
};

/* g.sched.ctxt of every version. */
#define CTXT 80

/* From the DWARF of programs built with 1.19.13, 1.20.14, 1.21.13, 1.22.12, 1.23.12, 1.24.13,
 * 1.25.0, 1.26.8 and 1.27.0 for linux/amd64. */
static const struct row rows[] = {
	{19, 20, FT_G_GOID, .m = 48, .curg = 192, .status = 144, .waitreason = 176, .bp = 104,
	 .gopc = 296, .startpc = 312},
	{21, 22, FT_G_GOID, .m = 48, .curg = 192, .status = 144, .waitreason = 176, .bp = 104,
	 .parent = 272, .gopc = 280, .startpc = 296},
	{23, 24, FT_G_GOID_SHIFTED, .m = 48, .curg = 192, .status = 152, .waitreason = 184,
	 .bp = 104, .parent = 280, .gopc = 288, .startpc = 304},
	{25, 25, FT_G_GOID, .m = 48, .curg = 184, .status = 144, .waitreason = 176, .bp = 96,
	 .parent = 272, .gopc = 280, .startpc = 296},
	{26, 27, FT_G_GOID, .m = 48, .curg = 184, .status = 144, .waitreason = 176, .bp = 96,
	 .parent = 280, .gopc = 288, .startpc = 304},
};

#define NROWS (sizeof(rows) / sizeof(rows[0]))

int goroutine_table(int minor, struct goroutine_layout *layout)
{
	for (size_t i = 0; i < NROWS; i++) {
		if (minor < rows[i].first || minor > rows[i].last)
			continue;
		layout->goid = rows[i].goid;
		layout->m = rows[i].m;
		layout->curg = rows[i].curg;
		layout->status = rows[i].status;
		layout->waitreason = rows[i].waitreason;
		layout->bp = rows[i].bp;
		layout->ctxt = CTXT;
		layout->parent = rows[i].parent;
		layout->gopc = rows[i].gopc;
		layout->startpc = rows[i].startpc;
		layout->stack_lo = FT_G_STACK_LO;
		layout->stack_hi = FT_G_STACK_HI;
		return 0;
	}
	return -ENOENT;
}

/* An offset that a probe can use: the runtime's structs are a few hundred bytes long. */
static int member_of(struct dwarf *dwarf, const char *type, const char *name, unsigned int align,
		     uint32_t *offset)
{
	uint64_t found;

	if (dwarf_member(dwarf, type, name, &found) || found > 1 << 16 || found % align)
		return -ENOENT;
	*offset = (uint32_t)found;
	return 0;
}

static int member(struct dwarf *dwarf, const char *type, const char *name, uint32_t *offset)
{
	return member_of(dwarf, type, name, 4, offset);
}

static int from_dwarf(struct dwarf *dwarf, struct goroutine_layout *layout)
{
	uint32_t stack, lo, hi, sched, bp, ctxt;

	if (member(dwarf, "runtime.g", "goid", &layout->goid) ||
	    member(dwarf, "runtime.g", "m", &layout->m) ||
	    member(dwarf, "runtime.g", "atomicstatus", &layout->status) ||
	    member_of(dwarf, "runtime.g", "waitreason", 1, &layout->waitreason) ||
	    member(dwarf, "runtime.g", "sched", &sched) ||
	    member(dwarf, "runtime.gobuf", "bp", &bp) ||
	    member(dwarf, "runtime.gobuf", "ctxt", &ctxt) ||
	    member(dwarf, "runtime.g", "gopc", &layout->gopc) ||
	    member(dwarf, "runtime.g", "startpc", &layout->startpc) ||
	    member(dwarf, "runtime.g", "stack", &stack) ||
	    member(dwarf, "runtime.stack", "lo", &lo) ||
	    member(dwarf, "runtime.stack", "hi", &hi) ||
	    member(dwarf, "runtime.m", "curg", &layout->curg))
		return -ENOENT;
	layout->bp = sched + bp;
	layout->ctxt = sched + ctxt;
	if (member(dwarf, "runtime.g", "parentGoid", &layout->parent))
		layout->parent = 0;
	layout->stack_lo = stack + lo;
	layout->stack_hi = stack + hi;
	return 0;
}

static int unknown(const struct image_info *info, struct error *err)
{
	if (info->go_minor > rows[NROWS - 1].last)
		return error_set(
			err, -ENOENT,
			"%s: %s is newer than this ftrace knows (go1.%d to go1.%d) and the "
			"file has no debug information; build it without -ldflags=-w, or use a "
			"newer ftrace",
			info->path, info->go_version, rows[0].first, rows[NROWS - 1].last);
	return error_set(
		err, -ENOENT,
		"%s: the file tells neither its Go version (\"%s\") nor, by debug information, "
		"where the runtime keeps goroutines; build it with a released Go or without "
		"-ldflags=-w",
		info->path, info->go_version);
}

int goroutine_layout(const struct image *img, struct dwarf *dwarf, struct goroutine_layout *layout,
		     struct error *err)
{
	const struct image_info *info = image_info(img);

	layout->from_dwarf = dwarf && from_dwarf(dwarf, layout) == 0;
	if (!layout->from_dwarf && goroutine_table(info->go_minor, layout))
		return unknown(info, err);
	return image_tls_offset(img, &layout->tls, err);
}
