/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/rights/privileges.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/capabilities.h"

/* Since 5.19 a descriptor of a map is enough to use it (kernel/bpf/syscall.c, __sys_bpf()). */
static bool bpf_is_privileged(void)
{
	unsigned int major, minor;
	struct utsname uts;

	if (uname(&uts) || sscanf(uts.release, "%u.%u", &major, &minor) != 2)
		return true;
	return major < 5 || (major == 5 && minor < 19);
}

static uint64_t needed(const struct privileges *privileges)
{
	uint64_t keep = CAPABILITY(CAP_SYS_PTRACE);

	if (bpf_is_privileged())
		keep |= CAPABILITY(CAP_BPF);
	if (privileges->follow)
		keep |= CAPABILITY(CAP_BPF) | CAPABILITY(CAP_PERFMON) |
			CAPABILITY(CAP_DAC_READ_SEARCH);
	if (privileges->program)
		keep |= CAPABILITY(CAP_KILL);
	if (privileges->output)
		keep |= CAPABILITY(CAP_DAC_OVERRIDE);
	return keep;
}

struct privileges privileges_of(const struct options *opt)
{
	return (struct privileges){
		.follow = (opt->binary && !opt->exec) || opt->cgroup,
		.program = opt->exec,
		.output = opt->output,
	};
}

int privileges_drop(const struct privileges *privileges, struct error *err)
{
	int ret = capabilities_keep(needed(privileges));

	if (!ret)
		return 0;
	return error_set(err, ret,
			 "capabilities: they cannot be given up: %s; see what the container or the "
			 "security module forbids",
			 strerror(-ret));
}
