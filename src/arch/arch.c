/* SPDX-License-Identifier: GPL-2.0-only */
#include "arch/arch.h"

#include "arch/amd64/amd64.h"

static const struct arch *const archs[] = {&arch_amd64};

const struct arch *arch_of(unsigned int machine)
{
	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++)
		if (archs[i]->machine == machine)
			return archs[i];
	return NULL;
}

const struct arch *arch_native(void)
{
#if defined(__x86_64__)
	return &arch_amd64;
#else
#error "no src/arch/ for this architecture"
#endif
}
