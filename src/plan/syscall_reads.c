/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is read at a call, by what its arguments are.
 *
 * Sources of the sizes: include/uapi/ (struct itimerspec, epoll_event, sigaction of the kernel, clone_args).
 */
#include <stddef.h>
#include <string.h>

#include "plan/syscall_form.h"

/* `count` is that of the argument `other` unless it says something else. */
#define BY_OTHER 0xff
#define AT_OTHER 0xfe

static const struct ft_read by_type[SYS_TYPES] = {
	[SYS_FD] = {FT_READ_FILE, FT_AT_ENTRY, 0, 0, 0, 0},
	[SYS_DIRFD] = {FT_READ_FILE, FT_AT_ENTRY, 0, 0, 0, 0},
	[SYS_FCNTL] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 32, 32},
	[SYS_FUTEX_TIME] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 16, 16},
	[SYS_PATH] = {FT_READ_PATH, FT_AT_ENTRY, 0, 0, 1, FT_PATH_MAX},
	[SYS_TEXT] = {FT_READ_PATH, FT_AT_ENTRY, 0, 0, 1, FT_PATH_MAX},
	[SYS_STRINGS] = {FT_READ_STRINGS, FT_AT_ENTRY, 0, 0, 1, FT_STRING_MAX},
	[SYS_BUF_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, BY_OTHER, 1, FT_BUFFER_MAX},
	[SYS_IOV_IN] = {FT_READ_IOV, FT_AT_ENTRY, 0, BY_OTHER, 16, 0},
	[SYS_MSG_IN] = {FT_READ_MSG, FT_AT_ENTRY, 0, 0, FT_MSGHDR, 0},
	[SYS_ADDR_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, BY_OTHER, 1, FT_ADDRESS_MAX},
	[SYS_OPT_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, BY_OTHER, 1, FT_BUFFER_MAX},
	[SYS_TIMESPEC_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 16, 16},
	[SYS_TIMESPECS_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 32, 32},
	[SYS_TIMERSPEC_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 32, 32},
	[SYS_TIMERVAL_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 32, 32},
	[SYS_RLIMIT_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 16, 16},
	[SYS_SIGACTION_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 32, 32},
	[SYS_SIGSET_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 8, 8},
	[SYS_STACK_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 24, 24},
	[SYS_EPOLL_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 12, 12},
	[SYS_OFFSET_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 8, 8},
	[SYS_OPEN_HOW_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 24, 24},
	[SYS_CLONE_ARGS_IN] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 64, 64},
	[SYS_PATH_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_ARG_RESULT, 1, FT_PATH_MAX},
	[SYS_BUF_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_ARG_RESULT, 1, FT_BUFFER_MAX},
	[SYS_IOV_OUT] = {FT_READ_IOV, FT_AT_SUCCESS, 0, BY_OTHER, 16, 0},
	[SYS_MSG_OUT] = {FT_READ_MSG, FT_AT_SUCCESS, 0, 0, FT_MSGHDR, 0},
	[SYS_ADDR_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, AT_OTHER, 1, FT_ADDRESS_MAX},
	[SYS_OPT_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, AT_OTHER, 1, FT_BUFFER_MAX},
	[SYS_TIMESPEC_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_COUNT_ONE, 16, 16},
	[SYS_TIMELEFT_OUT] = {FT_READ_BYTES, FT_AT_EXIT, 0, FT_COUNT_ONE, 16, 16},
	[SYS_TIMERSPEC_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_COUNT_ONE, 32, 32},
	[SYS_TIMERVAL_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_COUNT_ONE, 32, 32},
	[SYS_TIMEVAL_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_COUNT_ONE, 16, 16},
	[SYS_RLIMIT_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_COUNT_ONE, 16, 16},
	[SYS_SIGACTION_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_COUNT_ONE, 32, 32},
	[SYS_SIGSET_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_COUNT_ONE, 8, 8},
	[SYS_STACK_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_COUNT_ONE, 24, 24},
	[SYS_EPOLL_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_ARG_RESULT, 12, 96},
	[SYS_FDS_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_COUNT_ONE, 8, 8},
	[SYS_INT_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_COUNT_ONE, 4, 4},
	[SYS_STATUS_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_COUNT_ONE, 4, 4},
	[SYS_SIGINFO_OUT] = {FT_READ_BYTES, FT_AT_SUCCESS, 0, FT_COUNT_ONE, 32, 32},
	[SYS_LEN_INOUT] = {FT_READ_BYTES, FT_AT_ENTRY, 0, FT_COUNT_ONE, 4, 4},
	[SYS_POLL_INOUT] = {FT_READ_BYTES, FT_AT_ENTRY, 0, BY_OTHER, 8, 64},
};

static void add(struct ft_reads *reads, size_t *n, struct ft_read read, uint8_t when)
{
	if (*n == FT_READS)
		return;
	read.when = when;
	reads->reads[(*n)++] = read;
}

void syscall_reads(const struct syscall_form *form, struct ft_reads *reads)
{
	size_t n = 0;

	memset(reads, 0, sizeof(*reads));
	for (uint8_t i = 0; form && i < SYSCALL_ARGS; i++) {
		const struct syscall_arg *arg = &form->args[i];
		struct ft_read read = by_type[arg->type];

		if (read.what == FT_READ_NONE)
			continue;
		read.arg = i;
		if (read.count == BY_OTHER)
			read.count = arg->other;
		else if (read.count == AT_OTHER)
			read.count = (uint8_t)(FT_COUNT_AT + arg->other);
		add(reads, &n, read, read.when);
		if (arg->type == SYS_LEN_INOUT || arg->type == SYS_POLL_INOUT)
			add(reads, &n, read, FT_AT_SUCCESS);
	}
	if (form && form->result == SYS_RETURNS_SOCKET)
		add(reads, &n, (struct ft_read){.what = FT_READ_FILE, .arg = FT_ARG_RESULT},
		    FT_AT_SUCCESS);
}
