/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/units.h"
#include "cli/options/take.h"

static int take_built(struct options *opt, const char *value, bool test, struct error *err)
{
	if (!*value)
		return error_set(err, -EINVAL, "'': no package is named; give its directory");
	if (opt->exec)
		return error_set(err, -EINVAL, "'%.60s': a second program; start one at a time",
				 value);
	opt->exec = true;
	opt->package = value;
	opt->build_test = test;
	return 0;
}

TAKE(take_exec)
{
	if (!*value)
		return error_set(err, -EINVAL, "'': no program is named; give its path");
	if (opt->exec)
		return error_set(err, -EINVAL, "'%.60s': a second program; start one at a time",
				 value);
	opt->exec = true;
	opt->binary = value;
	return 0;
}

TAKE(take_package)
{
	return take_built(opt, value, false, err);
}

TAKE(take_test)
{
	return take_built(opt, value, true, err);
}

/* A PID is as good as any other; that there is such a process is found out later. */
static int check_pid(const char *word, size_t len, struct error *err)
{
	uint64_t pid;

	if (!units_number(word, len, 10, &pid) && pid && pid <= INT_MAX)
		return 0;
	return error_set(err, -EINVAL, "'%.*s': not a PID from 1 to %d; give one, or a name",
			 len < 60 ? (int)len : 60, word, INT_MAX);
}

TAKE(take_pid)
{
	static const char between[] = ", \t\n\v\f\r";
	const char *at = value + strspn(value, between);
	size_t before = opt->processes.count, len;
	int ret = 0;

	for (; (len = strcspn(at, between)) && !ret; at += strspn(at, between)) {
		if (*at == '-')
			ret = error_set(err, -EINVAL,
					"'%.*s': neither a PID nor a name; give those of processes",
					(int)(len < 60 ? len : 60), at);
		else if (len == strspn(at, "0123456789"))
			ret = check_pid(at, len, err);
		if (!ret)
			ret = words_add(&opt->processes, at, len);
		at += len;
	}
	if (!ret && opt->processes.count == before)
		ret = error_set(err, -EINVAL,
				"'%.60s': no process is named; give PIDs or names, with commas "
				"between them",
				value);
	return ret;
}

TAKE(take_cgroup)
{
	if (!*value)
		return error_set(
			err, -EINVAL,
			"'': no control group is named; give a unit, a container's id or a "
			"path");
	opt->cgroup = value;
	return 0;
}

TAKE(take_build_output)
{
	if (!*value || value[strlen(value) - 1] == '/')
		return error_set(err, -EINVAL, "'%.60s': no file is named; give its path", value);
	opt->build_output = value;
	return 0;
}

/* Flags that would send the go command elsewhere than the message says. */
static const char *is_ours(const char *flag)
{
	flag += !strncmp(flag, "--", 2);
	if (!strcmp(flag, "-o") || !strncmp(flag, "-o=", 3))
		return "use --build-output";
	if (!strcmp(flag, "-C") || !strncmp(flag, "-C=", 3))
		return "name the directory itself";
	return NULL;
}

TAKE(take_build_flags)
{
	size_t before = opt->build_flags.count;
	int ret = words_split(&opt->build_flags, value, err);

	opt->has_build_flags = true;
	for (size_t i = before; i < opt->build_flags.count && !ret; i++) {
		const char *flag = opt->build_flags.items[i], *remedy = is_ours(flag);

		if (remedy)
			ret = error_set(err, -EINVAL, "'%.60s': that is not for a flag to say; %s",
					flag, remedy);
		else if (i == before && flag[0] != '-')
			ret = error_set(err, -EINVAL,
					"'%.60s': not a flag of go build; it begins with -", flag);
	}
	return ret;
}

TAKE(take_user)
{
	int ret;

	if (!*value)
		return error_set(err, -EINVAL, "'': no user is named; give a name or a number");
	account_release(&opt->account);
	ret = account_find(&opt->account, value, err);
	if (!ret)
		opt->user = value;
	return ret == -ENOENT ? -EINVAL : ret;
}
