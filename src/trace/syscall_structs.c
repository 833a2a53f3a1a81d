/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structs that arguments of system calls point to.
 *
 * Sources: include/uapi/ (layouts of x86-64), strace(1) for how its readers know them.
 */
#define _GNU_SOURCE /* CLD_* */
#include <signal.h>

#include "base/escape.h"
#include "plan/syscall_words.h"
#include "trace/syscalls.h"

static void add_times(struct buf *buf, const struct syscall_item *item, size_t at,
		      const char *fraction)
{
	buf_addf(buf, "{tv_sec=%lld, %s=%lld}", (long long)syscall_get(item, at, 8), fraction,
		 (long long)syscall_get(item, at + 8, 8));
}

static void add_interval(struct buf *buf, const struct syscall_item *item, const char *fraction)
{
	buf_adds(buf, "{it_interval=");
	add_times(buf, item, 0, fraction);
	buf_adds(buf, ", it_value=");
	add_times(buf, item, 16, fraction);
	buf_addc(buf, '}');
}

#define UTIME_NOW_NS  0x3fffffff
#define UTIME_OMIT_NS 0x3ffffffe

static void add_file_times(struct buf *buf, const struct syscall_item *item)
{
	buf_addc(buf, '[');
	for (size_t at = 0; at < 32; at += 16) {
		uint64_t ns = syscall_get(item, at + 8, 8);

		if (at)
			buf_adds(buf, ", ");
		if (ns == UTIME_NOW_NS)
			buf_adds(buf, "UTIME_NOW");
		else if (ns == UTIME_OMIT_NS)
			buf_adds(buf, "UTIME_OMIT");
		else
			add_times(buf, item, at, "tv_nsec");
	}
	buf_addc(buf, ']');
}

static void add_limit(struct buf *buf, uint64_t value)
{
	if (value == ~0ull)
		buf_adds(buf, "RLIM64_INFINITY");
	else if (value && !(value % 1024) && value > 1024)
		buf_addf(buf, "%llu*1024", (unsigned long long)value / 1024);
	else
		buf_addu(buf, value);
}

static void add_limits(struct buf *buf, const struct syscall_item *item)
{
	buf_adds(buf, "{rlim_cur=");
	add_limit(buf, syscall_get(item, 0, 8));
	buf_adds(buf, ", rlim_max=");
	add_limit(buf, syscall_get(item, 8, 8));
	buf_addc(buf, '}');
}

/* The kernel's struct sigaction: handler, flags, restorer, mask. */
static void add_sigaction(struct buf *buf, const struct syscall_item *item)
{
	unsigned long long handler = syscall_get(item, 0, 8), restorer = syscall_get(item, 16, 8);
	uint64_t flags = syscall_get(item, 8, 8);

	buf_adds(buf, "{sa_handler=");
	if (handler == 0)
		buf_adds(buf, "SIG_DFL");
	else if (handler == 1)
		buf_adds(buf, "SIG_IGN");
	else
		buf_addf(buf, "%#llx", handler);
	buf_adds(buf, ", sa_mask=");
	syscall_sigset(buf, syscall_get(item, 24, 8));
	buf_adds(buf, ", sa_flags=");
	syscall_flags(buf, syscall_words_sigaction, flags);
	if (flags & 0x4000000)
		buf_addf(buf, ", sa_restorer=%#llx", restorer);
	buf_addc(buf, '}');
}

static void add_stack(struct buf *buf, const struct syscall_item *item)
{
	unsigned long long sp = syscall_get(item, 0, 8);

	buf_addf(buf, sp ? "{ss_sp=%#llx, ss_flags=" : "{ss_sp=NULL, ss_flags=", sp);
	syscall_flags(buf, syscall_words_sigstack, syscall_get(item, 8, 4));
	buf_addf(buf, ", ss_size=%llu}", (unsigned long long)syscall_get(item, 16, 8));
}

static void add_epoll(struct buf *buf, const struct syscall_item *item, size_t at)
{
	buf_adds(buf, "{events=");
	syscall_flags(buf, syscall_words_epoll_events, syscall_get(item, at, 4));
	buf_addf(buf, ", data=%#llx}", (unsigned long long)syscall_get(item, at + 4, 8));
}

static void add_list_end(struct buf *buf, const struct syscall_item *item)
{
	buf_adds(buf, item->head.flags & FT_ITEM_MORE ? ", ...]" : "]");
}

static void add_epolls(struct buf *buf, const struct syscall_item *item)
{
	buf_addc(buf, '[');
	for (size_t at = 0; at + 12 <= item->head.len; at += 12) {
		if (at)
			buf_adds(buf, ", ");
		add_epoll(buf, item, at);
	}
	add_list_end(buf, item);
}

static void add_open_how(struct buf *buf, const struct syscall_item *item)
{
	uint64_t mode = syscall_get(item, 8, 8), resolve = syscall_get(item, 16, 8);

	buf_adds(buf, "{flags=");
	syscall_flags(buf, syscall_words_open, syscall_get(item, 0, 8));
	if (mode) {
		buf_adds(buf, ", mode=");
		syscall_mode(buf, mode);
	}
	buf_adds(buf, ", resolve=");
	syscall_flags(buf, syscall_words_resolve, resolve);
	buf_addc(buf, '}');
}

/* struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls. */
static void add_clone_args(struct buf *buf, const struct syscall_item *item)
{
	uint64_t signal = syscall_get(item, 32, 8);

	buf_adds(buf, "{flags=");
	syscall_flags(buf, syscall_words_clone, syscall_get(item, 0, 8));
	buf_adds(buf, ", exit_signal=");
	syscall_signal(buf, signal);
	buf_addf(buf, ", stack=%#llx, stack_size=%#llx}",
		 (unsigned long long)syscall_get(item, 40, 8),
		 (unsigned long long)syscall_get(item, 48, 8));
}

static void add_siginfo(struct buf *buf, const struct syscall_item *item)
{
	static const char *const codes[] = {
		"0",           "CLD_EXITED",  "CLD_KILLED",   "CLD_DUMPED",
		"CLD_TRAPPED", "CLD_STOPPED", "CLD_CONTINUED"};
	uint64_t code = syscall_get(item, 8, 4), status = syscall_get(item, 24, 4);

	buf_adds(buf, "{si_signo=");
	syscall_signal(buf, syscall_get(item, 0, 4));
	buf_adds(buf, ", si_code=");
	if (code < sizeof(codes) / sizeof(codes[0]))
		buf_adds(buf, codes[code]);
	else
		buf_addi(buf, (int32_t)code);
	buf_addf(buf, ", si_pid=%u, si_uid=%u, si_status=", (unsigned int)syscall_get(item, 16, 4),
		 (unsigned int)syscall_get(item, 20, 4));
	if (code == CLD_EXITED)
		buf_addi(buf, (int32_t)status);
	else
		syscall_signal(buf, status);
	buf_addc(buf, '}');
}

/* An option of a socket: a number, or what it is made of. */
static void add_option(struct buf *buf, const struct syscall_item *item)
{
	if (item->head.len == 4) {
		buf_addf(buf, "[%d]", (int)syscall_get(item, 0, 4));
		return;
	}
	escape_quoted(buf, (const char *)item->bytes, item->head.len);
	if (item->head.flags & FT_ITEM_MORE)
		buf_adds(buf, "...");
}

bool syscall_struct(struct buf *buf, uint8_t type, const struct syscall_item *item)
{
	switch ((enum syscall_type)type) {
	case SYS_TIMESPEC_IN:
	case SYS_TIMESPEC_OUT:
	case SYS_TIMELEFT_OUT:
	case SYS_FUTEX_TIME:
		add_times(buf, item, 0, "tv_nsec");
		return true;
	case SYS_TIMEVAL_OUT:
		add_times(buf, item, 0, "tv_usec");
		return true;
	case SYS_TIMESPECS_IN:
		add_file_times(buf, item);
		return true;
	case SYS_TIMERSPEC_IN:
	case SYS_TIMERSPEC_OUT:
		add_interval(buf, item, "tv_nsec");
		return true;
	case SYS_TIMERVAL_IN:
	case SYS_TIMERVAL_OUT:
		add_interval(buf, item, "tv_usec");
		return true;
	case SYS_RLIMIT_IN:
	case SYS_RLIMIT_OUT:
		add_limits(buf, item);
		return true;
	case SYS_SIGACTION_IN:
	case SYS_SIGACTION_OUT:
		add_sigaction(buf, item);
		return true;
	case SYS_SIGSET_IN:
	case SYS_SIGSET_OUT:
		syscall_sigset(buf, syscall_get(item, 0, 8));
		return true;
	case SYS_STACK_IN:
	case SYS_STACK_OUT:
		add_stack(buf, item);
		return true;
	case SYS_EPOLL_IN:
		add_epoll(buf, item, 0);
		return true;
	case SYS_EPOLL_OUT:
		add_epolls(buf, item);
		return true;
	case SYS_OFFSET_IN:
		buf_addf(buf, "[%lld]", (long long)syscall_get(item, 0, 8));
		return true;
	case SYS_OPEN_HOW_IN:
		add_open_how(buf, item);
		return true;
	case SYS_CLONE_ARGS_IN:
		add_clone_args(buf, item);
		return true;
	case SYS_FDS_OUT:
		buf_addf(buf, "[%d, %d]", (int)syscall_get(item, 0, 4),
			 (int)syscall_get(item, 4, 4));
		return true;
	case SYS_INT_OUT:
		buf_addf(buf, "[%d]", (int)syscall_get(item, 0, 4));
		return true;
	case SYS_STATUS_OUT:
		syscall_wait_status(buf, (uint32_t)syscall_get(item, 0, 4));
		return true;
	case SYS_SIGINFO_OUT:
		add_siginfo(buf, item);
		return true;
	case SYS_OPT_IN:
	case SYS_OPT_OUT:
		add_option(buf, item);
		return true;
	default:
		return false;
	}
}
