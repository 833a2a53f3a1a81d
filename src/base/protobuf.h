/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * protobuf: messages of Protocol Buffers, written field by field into a buffer.
 *
 * A message inside of another one has its length in front, which is known when it ends: protobuf_open() leaves room for it, and
 * protobuf_close() moves what is there when that was too much. Messages are closed in the reverse order of opening.
 *
 * Source: protobuf.dev, "Encoding": a field is a varint of its number and a wire type, then its value.
 */
#ifndef FTRACE_BASE_PROTOBUF_H
#define FTRACE_BASE_PROTOBUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

/* Numbers of fields are from 1 to 2^29 - 1. */

void protobuf_u64(struct buf *buf, uint32_t field, uint64_t value);
void protobuf_i64(struct buf *buf, uint32_t field, int64_t value); /* int64, not sint64 */
void protobuf_fixed64(struct buf *buf, uint32_t field, uint64_t value);
void protobuf_double(struct buf *buf, uint32_t field, double value);
void protobuf_bytes(struct buf *buf, uint32_t field, const void *bytes, size_t len);

static inline void protobuf_text(struct buf *buf, uint32_t field, const char *text)
{
	protobuf_bytes(buf, field, text, strlen(text));
}

/* Bytes in `len` that are no UTF-8 become U+FFFD each, since a `string` must be UTF-8. */
void protobuf_string(struct buf *buf, uint32_t field, const char *bytes, size_t len);

/* Where the message begins that is closed by it. */
size_t protobuf_open(struct buf *buf, uint32_t field);
void protobuf_close(struct buf *buf, size_t at);

/* A number alone: of a packed field, between protobuf_open() and protobuf_close(). */
void protobuf_varint(struct buf *buf, uint64_t value);

#endif
