/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mend: what the kernel side could not read, and the executable has.
 *
 * Without --fault a page that nobody has come to yet, or that the kernel has taken back, is not brought in: a
 * constant string on it has the status FAULT, and its address in its slot. What an executable may neither write
 * nor run is the same in the file as in memory (image_constant()), so it is read there, and the operations that
 * were left out behind it are made up for, as far as they, too, need nothing but such constants: a string whose
 * header is one, what a constant struct points to. What is anywhere else stays as the kernel side left it.
 *
 * A program that makes its own constants writable, and changes them, may be shown what they were.
 */
#ifndef FTRACE_TRACE_MEND_H
#define FTRACE_TRACE_MEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ftrace/fetch.h>

#include "fetch/fetch.h"
#include "image/image.h"

/*
 * Puts the values of a record, `len` bytes at `bytes`, with what could be made up for into `room`; how many bytes
 * these are now. 0: they are to stay as they are, since all was read, or nothing can be made up for. `fetch` is
 * the sealed one that they were read by, `bias` the executable's load bias in the process.
 */
size_t mend_values(const struct fetch *fetch, const struct image *image, uint64_t bias,
		   const unsigned char *bytes, size_t len, unsigned char room[FT_VALUES_MAX]);

#endif
