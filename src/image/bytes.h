/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bytes: little-endian words of a file, at any alignment.
 *
 * The caller has checked that the bytes are there.
 */
#ifndef FTRACE_IMAGE_BYTES_H
#define FTRACE_IMAGE_BYTES_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t bytes_u16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return le16toh(v);
}

static inline uint32_t bytes_u32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return le32toh(v);
}

static inline uint64_t bytes_u64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

/* True when `len` bytes at `offset` lie within `size` bytes. */
static inline bool bytes_within(uint64_t offset, uint64_t len, uint64_t size)
{
	return offset <= size && len <= size - offset;
}

#endif
