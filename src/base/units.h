/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * units: the numbers of the command line: plain ones, TIME and SIZE.
 *
 * Every function takes `len` bytes at `text`, all of which must belong to the number: no blanks, no
 * trailing text. *value is written on success only. The text of an error is "CAUSE; REMEDY"; the
 * caller puts the option's name before it with error_prefix().
 */
#ifndef FTRACE_BASE_UNITS_H
#define FTRACE_BASE_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * A number without sign. Base 10 takes decimal digits only; base 0 takes what the kernel's
 * kstrtoull(..., 0, ...) takes: 0x before hexadecimal, 0 before octal, else decimal (Linux
 * lib/kstrtox.c). Returns 0, -EINVAL (not a number) or -ERANGE (more than 64 bits).
 */
int units_number(const char *text, size_t len, unsigned int base, uint64_t *value);

/* The same after an optional sign; INT64_MIN to INT64_MAX. */
int units_signed(const char *text, size_t len, unsigned int base, int64_t *value);

/*
 * TIME: a decimal number, a fraction allowed, and ns, us, ms, s or m. *ns is in nanoseconds, at
 * most INT64_MAX; a fraction of a nanosecond is dropped. 0, or -EINVAL for a missing or unknown
 * unit, a negative time, a time too long, and for 0 (or what is less than 1 ns) unless `zero_ok`.
 */
int units_time(const char *text, size_t len, bool zero_ok, uint64_t *ns, struct error *err);

/*
 * SIZE: a decimal number of bytes, or of 1024, 1024^2, 1024^3 bytes with K, M, G behind it. At most
 * INT64_MAX. 0, or -EINVAL; 0 bytes are refused unless `zero_ok`.
 */
int units_size(const char *text, size_t len, bool zero_ok, uint64_t *bytes, struct error *err);

#endif
