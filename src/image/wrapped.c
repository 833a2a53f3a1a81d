/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What wrappers are made for: FUNCDATA 7 is where the function's address stands, from the start of Go's text.
 *
 * Source: Go's src/runtime/trace.go, since 1.22 tracestack.go (startPCForTrace); 1.19 to 1.27.
 */
#include <errno.h>

#include "image/bytes.h"
#include "image/image.h"
#include "image/position.h"

int image_wrapped(const struct image *img, size_t index, uint64_t *vaddr)
{
	struct position_source src;
	const uint8_t *at;
	uint32_t offset;

	if (position_source(img, index, &src))
		return -ENOENT;
	offset = pclntab_funcdata(&src.func, FUNCDATA_WRAP_INFO);
	if (!src.gofunc || offset == FUNCDATA_NONE || src.gofunc + offset < src.gofunc)
		return -ENOENT;
	at = elf_at(src.elf, src.gofunc + offset, sizeof(uint32_t), 0);
	if (!at)
		return -ENOENT;
	*vaddr = image_info(img)->text + bytes_u32(at);
	return 0;
}
