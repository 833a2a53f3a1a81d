/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/unprobed.h"

#include <stddef.h>
#include <string.h>

#include "base/glob.h"

static const char middle[] = "it is entered in its middle, so calls cannot be told";
static const char switches[] =
	"it leaves on another stack than it was entered on, so its end cannot be told; trace its callers";
static const char changes[] =
	"it is entered on one goroutine and leaves on another, so its end cannot be told; trace its callers";
static const char bounds[] =
	"it moves the bounds of the stack that it runs on, so its end cannot be told; trace its callers";
static const char end[] = "its goroutine ends in it, so it never returns; trace runtime.goexit0";
static const char first[] = "it runs before the runtime or the kernel has set up the thread";
static const char checked[] =
	"it is code of the FIPS 140 module, which may check itself at any start; trace its callers";

static const struct {
	const char *name; /* a glob; the ".abi0" suffix is optional */
	const char *reason;
} unprobed[] = {
	{"runtime.duffzero", middle},
	{"runtime.duffcopy", middle},
	{"runtime.goexit", middle},
	{"runtime.goexit1", end},
	{"runtime.gogo", switches},
	{"gogo", switches},
	{"runtime.mcall", switches},
	{"runtime.morestack*", switches},
	{"runtime.newstack", switches},
	{"runtime.systemstack_switch", switches},
	{"runtime.switchToCrashStack0", switches}, /* 1.22 on */
	{"runtime.mstart", switches},
	{"runtime.mstart0", bounds},
	{"runtime.setg", changes},
	{"setg_gcc", changes},
	/* Of threads that C made: they come without a goroutine, and get or lose the one of an extra m. */
	{"runtime.needm", changes},
	{"runtime.needAndBindM", changes}, /* 1.21 on */
	{"runtime.dropm", changes},
	{"runtime.cgocallback", changes},
	{"crosscall2*", changes},
	{"runtime.callbackUpdateSystemStack", bounds}, /* 1.21 on */
	{"runtime.rt0_go", first},
	{"_rt0_*", first},
	{"runtime.clone", first},
	{"runtime.settls", first},
	{"runtime.sigreturn*", "the kernel returns from signals through it"},
};

static bool is_fips(const struct image_info *info, const struct image_func *func)
{
	return func->entry < info->efips && func->entry + func->size > info->fips;
}

static const char *reason_by_name(const char *name)
{
	size_t len = strlen(name);
	char base[64];

	if (len >= sizeof(base))
		return NULL;
	memcpy(base, name, len + 1);
	if (len > 5 && !strcmp(base + len - 5, ".abi0"))
		base[len - 5] = '\0';
	for (size_t i = 0; i < sizeof(unprobed) / sizeof(unprobed[0]); i++)
		if (glob_match(unprobed[i].name, base))
			return unprobed[i].reason;
	return NULL;
}

const char *unprobed_reason(const struct image_info *info, const struct image_func *func)
{
	return is_fips(info, func) ? checked : reason_by_name(func->name);
}

bool unprobed_is_fips(const char *reason)
{
	return reason == checked;
}
