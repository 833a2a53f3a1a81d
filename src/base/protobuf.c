/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/protobuf.h"

#include "base/escape.h"

enum wire_type { VARINT = 0, FIXED64 = 1, BYTES = 2 };

/* A varint of 64 bits. */
#define VARINT_MAX 10
/* Room for the length of a message: most have less than 2^14 bytes. */
#define LENGTH_ROOM 2

static size_t put_varint(unsigned char *to, uint64_t value)
{
	size_t len = 0;

	while (value >= 0x80) {
		to[len++] = (unsigned char)(value | 0x80);
		value >>= 7;
	}
	to[len++] = (unsigned char)value;
	return len;
}

void protobuf_varint(struct buf *buf, uint64_t value)
{
	unsigned char *to = (unsigned char *)buf_room(buf, VARINT_MAX);

	if (to)
		buf->len += put_varint(to, value);
}

static void put_key(struct buf *buf, uint32_t field, enum wire_type type)
{
	protobuf_varint(buf, (uint64_t)field << 3 | type);
}

void protobuf_u64(struct buf *buf, uint32_t field, uint64_t value)
{
	put_key(buf, field, VARINT);
	protobuf_varint(buf, value);
}

void protobuf_i64(struct buf *buf, uint32_t field, int64_t value)
{
	protobuf_u64(buf, field, (uint64_t)value);
}

void protobuf_fixed64(struct buf *buf, uint32_t field, uint64_t value)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(value >> 8 * i);
	put_key(buf, field, FIXED64);
	buf_add(buf, bytes, sizeof(bytes));
}

void protobuf_double(struct buf *buf, uint32_t field, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	protobuf_fixed64(buf, field, bits);
}

void protobuf_bytes(struct buf *buf, uint32_t field, const void *bytes, size_t len)
{
	put_key(buf, field, BYTES);
	protobuf_varint(buf, len);
	buf_add(buf, bytes, len);
}

void protobuf_string(struct buf *buf, uint32_t field, const char *bytes, size_t len)
{
	uint32_t rune;
	size_t at;

	if (utf8_valid(bytes, len)) {
		protobuf_bytes(buf, field, bytes, len);
		return;
	}
	at = protobuf_open(buf, field);
	for (size_t i = 0; i < len;) {
		size_t n = utf8_decode(bytes + i, len - i, &rune);

		if (n)
			buf_add(buf, bytes + i, n);
		else
			buf_add(buf, "\xef\xbf\xbd", 3);
		i += n ? n : 1;
	}
	protobuf_close(buf, at);
}

size_t protobuf_open(struct buf *buf, uint32_t field)
{
	put_key(buf, field, BYTES);
	buf_add(buf, "\0\0", LENGTH_ROOM);
	return buf->len;
}

void protobuf_close(struct buf *buf, size_t at)
{
	unsigned char length[VARINT_MAX];
	size_t len, n;

	if (buf->failed)
		return;
	len = buf->len - at;
	n = put_varint(length, len);
	if (n > LENGTH_ROOM && !buf_room(buf, n - LENGTH_ROOM))
		return;
	if (n != LENGTH_ROOM)
		memmove(buf->data + at - LENGTH_ROOM + n, buf->data + at, len);
	memcpy(buf->data + at - LENGTH_ROOM, length, n);
	buf->len = at - LENGTH_ROOM + n + len;
}
