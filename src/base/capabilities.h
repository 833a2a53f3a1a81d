/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * capabilities: what a process of ftrace may do beyond its user's rights, given up for good.
 *
 * A set is a mask, a bit a capability. Sets are a thread's own, and are passed on to those that it makes
 * later: whoever gives something up does so before there is a second thread. Sources: capabilities(7),
 * PR_SET_NO_NEW_PRIVS(2const).
 */
#ifndef FTRACE_BASE_CAPABILITIES_H
#define FTRACE_BASE_CAPABILITIES_H

#include <linux/capability.h>
#include <stdint.h>

#define CAPABILITY(number) (1ull << (number))

/*
 * Keeps those of `keep` that there are, permitted and effective; nothing is inheritable, ambient or, where
 * the caller may say so (CAP_SETPCAP), left in the bounding set. No program that is executed later gets
 * more (no_new_privs). 0, or a negative errno.
 */
int capabilities_keep(uint64_t keep);

/* For a program that is to be executed: its own set-user-ID bit and file capabilities count as for anybody,
 * but nothing is handed to it: no inheritable and no ambient ones. 0, or a negative errno. */
int capabilities_hand_on_none(void);

/* Those that are permitted and effective. */
uint64_t capabilities_now(void);

#endif
