/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a wait tells: why, how long, and who ended it where.
 */
#include <string.h>

#include "base/symbol.h"
#include "image/buildinfo.h"
#include "image/wait_reasons.h"
#include "trace/mark_source.h"
#include "trace/waits.h"

/* Packages whose frames say how somebody was woken, not where. */
static bool is_outside(const char *name)
{
	static const char *const packages[] = {
		"runtime", "sync", "sync/atomic", "internal/sync", "internal/poll", "time", NULL,
	};
	static const char *const below[] = {"internal/runtime/", "runtime/internal/", NULL};
	size_t len = symbol_package(name);

	/* Closures of these, as the compiler names them when it inlines them elsewhere. */
	if (!strncmp(name, "_.", 2))
		return false;
	for (size_t i = 0; packages[i]; i++)
		if (strlen(packages[i]) == len && !strncmp(name, packages[i], len))
			return false;
	for (size_t i = 0; below[i]; i++)
		if (!strncmp(name, below[i], strlen(below[i])))
			return false;
	return true;
}

/* The innermost frame that is the user's, bodies that are inlined in it included. */
static const struct caller *place_of(struct mark_source *source, uint32_t image,
				     const unsigned char *frames, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct caller *caller;
		uint64_t addr;

		memcpy(&addr, frames + i * sizeof(addr), sizeof(addr));
		caller = source->callers ? callers_find(source->callers, image, addr) : NULL;
		for (; caller; caller = caller->more ? caller + 1 : NULL)
			if (is_outside(caller->inlined ? caller->inlined : caller->func))
				return caller;
	}
	return NULL;
}

/* Of the release that the process runs. */
static int minor_of(const struct mark_bytes *of)
{
	const char *version = of->tree->process ? of->tree->process->go : NULL;

	return version ? buildinfo_minor(version) : 0;
}

bool wait_tell(struct mark_source *source, const struct mark_bytes *of)
{
	struct mark_detail *detail = &source->detail;
	struct wait_kept kept;

	if (of->len < sizeof(kept))
		return false;
	memcpy(&kept, of->bytes, sizeof(kept));
	if ((of->len - sizeof(kept)) / sizeof(uint64_t) < kept.count)
		return false;
	detail->name = kept.yielded ? "preempted" : wait_reason(minor_of(of), kept.reason);
	detail->waited = !kept.open;
	detail->waiting = kept.waiting;
	detail->runnable = kept.runnable;
	if (kept.open || kept.yielded || !kept.flags)
		return true;
	detail->waker.known = true;
	detail->waker.goid_known = kept.flags & FT_WAKER_GOROUTINE;
	detail->waker.goid = kept.waker;
	detail->waker.place = place_of(source, of->image, of->bytes + sizeof(kept), kept.count);
	return true;
}
