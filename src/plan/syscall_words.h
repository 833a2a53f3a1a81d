/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * syscall_words: names of the constants in arguments of system calls.
 *
 * Sources: include/uapi/ of Linux 6.18; where the C library has the constant its value is taken from there.
 */
#ifndef FTRACE_PLAN_SYSCALL_WORDS_H
#define FTRACE_PLAN_SYSCALL_WORDS_H

#include "plan/syscall_form.h"

#define SYSCALL_WORDS(NAME)                                                                       \
	NAME(open)                                                                                \
	NAME(made) NAME(access) NAME(at) NAME(statx) NAME(prot) NAME(map) NAME(mremap) NAME(      \
		madvise) NAME(msync) NAME(whence) NAME(family) NAME(socket) NAME(message)         \
		NAME(shutdown) NAME(level) NAME(option) NAME(clone) NAME(wait) NAME(idtype) NAME( \
			fcntl) NAME(fd) NAME(flock) NAME(epoll) NAME(epoll_op) NAME(epoll_events) \
			NAME(poll_events) NAME(futex) NAME(clock) NAME(timer) NAME(timerfd) NAME( \
				eventfd) NAME(signalfd) NAME(inotify) NAME(inotify_mask)          \
				NAME(random) NAME(memfd) NAME(resource) NAME(sigmask) NAME(       \
					sigaction) NAME(sigstack) NAME(rename) NAME(fallocate)    \
					NAME(splice) NAME(usage) NAME(which_timer) NAME(prctl)    \
						NAME(arch_prctl) NAME(ioctl) NAME(close_range)    \
							NAME(pidfd) NAME(mount) NAME(umount)      \
								NAME(resolve) NAME(rwf)           \
									NAME(advice)

#define SYSCALL_WORDS_DECLARE(name) extern const struct syscall_word syscall_words_##name[];
SYSCALL_WORDS(SYSCALL_WORDS_DECLARE)
#undef SYSCALL_WORDS_DECLARE

#endif
