/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/capabilities.h"

/* A line of our /proc/self/status, as a number. */
static uint64_t field(const char *name)
{
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long long value = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			sscanf(line + strlen(name), "%llx", &value);
	if (file)
		fclose(file);
	return value;
}

/* In a process of its own, whose status is 0 when `work` says true. */
static int apart(int (*work)(void))
{
	pid_t pid = fork();
	int status = -1;

	if (!pid)
		_exit(!work());
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int keeps_two(void)
{
	uint64_t had = capabilities_now(), keep = CAPABILITY(CAP_KILL) | CAPABILITY(CAP_BPF);

	if (had != field("CapEff:") || capabilities_keep(keep))
		return 0;
	/* What was not there does not come. */
	return field("CapEff:") == (keep & had) && field("CapPrm:") == (keep & had) &&
	       !field("CapInh:") && !field("CapAmb:") && field("NoNewPrivs:") == 1 &&
	       (!(had & CAPABILITY(CAP_SETPCAP)) || !(field("CapBnd:") & ~keep));
}

static int keeps_none(void)
{
	return !capabilities_keep(0) && !capabilities_now() && !capabilities_keep(~0ull) &&
	       !capabilities_now();
}

/* The calling process' own stay. */
static int hands_on_none(void)
{
	uint64_t had = capabilities_now();

	if (had & CAPABILITY(CAP_KILL)) {
		struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
		struct __user_cap_data_struct data[2];

		if (syscall(SYS_capget, &header, data))
			return 0;
		data[0].inheritable = (uint32_t)CAPABILITY(CAP_KILL);
		if (syscall(SYS_capset, &header, data) ||
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0) ||
		    field("CapAmb:") != CAPABILITY(CAP_KILL))
			return 0;
	}
	return !capabilities_hand_on_none() && !field("CapInh:") && !field("CapAmb:") &&
	       capabilities_now() == had && field("NoNewPrivs:") == 0;
}

static void test_keep(void **state)
{
	(void)state;
	assert_int_equal(apart(keeps_two), 0);
	assert_int_equal(apart(keeps_none), 0);
}

static void test_hand_on(void **state)
{
	(void)state;
	assert_int_equal(apart(hands_on_none), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keep),
		cmocka_unit_test(test_hand_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
