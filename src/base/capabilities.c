/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/capabilities.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Sets of 64 bits, in two words each. */
struct sets {
	struct __user_cap_header_struct header;
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
};

static int get(struct sets *sets)
{
	*sets = (struct sets){.header = {.version = _LINUX_CAPABILITY_VERSION_3}};
	return syscall(SYS_capget, &sets->header, sets->data) ? -errno : 0;
}

static int set(struct sets *sets)
{
	return syscall(SYS_capset, &sets->header, sets->data) ? -errno : 0;
}

static void drop_bounding(uint64_t keep)
{
	/* Up to the last one that this kernel knows. */
	for (unsigned long i = 0; i < 64 && prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
		if (!(keep & CAPABILITY(i)))
			prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
}

static int clear_ambient(void)
{
	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) ? -errno : 0;
}

int capabilities_keep(uint64_t keep)
{
	struct sets sets;
	int ret = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;

	if (capabilities_now() & CAPABILITY(CAP_SETPCAP))
		drop_bounding(keep);
	if (!ret)
		ret = clear_ambient();
	if (!ret)
		ret = get(&sets);
	if (ret)
		return ret;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		sets.data[i].permitted &= (uint32_t)(keep >> (32 * i));
		sets.data[i].effective &= sets.data[i].permitted;
		sets.data[i].inheritable = 0;
	}
	return set(&sets);
}

int capabilities_hand_on_none(void)
{
	struct sets sets;
	int ret = clear_ambient();

	if (!ret)
		ret = get(&sets);
	if (ret)
		return ret;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		sets.data[i].inheritable = 0;
	return set(&sets);
}

uint64_t capabilities_now(void)
{
	struct sets sets;

	if (get(&sets))
		return 0;
	return sets.data[0].effective | (uint64_t)sets.data[1].effective << 32;
}
