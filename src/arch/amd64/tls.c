/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sources: the x86-64 TLS ABI, variant II (a variable is at its offset minus the segment's size rounded up to its
 * alignment); Go's src/runtime/asm_amd64.s (get_tls, g) and src/cmd/internal/obj/x86/obj6.go (how the access is
 * written for each build mode).
 */
#include "arch/amd64/amd64.h"

int64_t amd64_tls_start(uint64_t size)
{
	return -(int64_t)size;
}

/* Go computes an address right before the access that needs it, so one instruction of memory is
 * enough. */
void amd64_tls_accesses(const uint8_t *code, size_t len, uint64_t addr,
			const struct arch_tls_search *search)
{
	struct amd64_tls last = {.kind = AMD64_TLS_NONE};
	bool goes_on = true;

	while (len && goes_on) {
		struct amd64_tls tls;
		int n = amd64_decode_tls(code, len, addr, &tls);
		int64_t base = last.value;

		if (n < 0)
			return;
		if (tls.kind == AMD64_TLS_ABS)
			goes_on = search->access(search->arg, tls.value);
		else if (tls.kind == AMD64_TLS_REG && tls.reg == last.reg &&
			 (last.kind == AMD64_TLS_SET ||
			  (last.kind == AMD64_TLS_LOAD &&
			   search->slot_value(search->arg, (uint64_t)last.value, &base))))
			goes_on = search->access(search->arg, base + tls.value);
		last = tls;
		code += n;
		addr += (uint64_t)n;
		len -= (size_t)n;
	}
}
