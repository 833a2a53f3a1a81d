/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/html_pack.h"

#include <errno.h>

#include "base/protobuf.h"

/* Records wait until there are so many bytes of them. */
#define ENOUGH (64 * 1024)

int html_pack_init(struct html_pack *pack, struct outlet *outlet)
{
	*pack = (struct html_pack){.outlet = outlet};
	if (deflateInit(&pack->zip, Z_DEFAULT_COMPRESSION) != Z_OK)
		return -ENOMEM;
	pack->zipping = true;
	return 0;
}

void html_pack_release(struct html_pack *pack)
{
	if (pack->zipping)
		deflateEnd(&pack->zip);
	buf_release(&pack->in);
}

/* The line as base64 (RFC 4648, section 4); nothing when it is empty. */
static int put_line(struct html_pack *pack)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *from = pack->line;
	uint32_t left = pack->len;
	char *to = left ? buf_room(&pack->outlet->buf, (left + 2) / 3 * 4 + 1) : NULL;

	if (!to)
		return left ? -ENOMEM : 0;
	for (; left; from += 3) {
		uint32_t have = left < 3 ? left : 3;
		uint32_t bits = (uint32_t)from[0] << 16;

		if (have > 1)
			bits |= (uint32_t)from[1] << 8;
		if (have > 2)
			bits |= from[2];
		*to++ = digits[bits >> 18];
		*to++ = digits[bits >> 12 & 63];
		*to++ = have > 1 ? digits[bits >> 6 & 63] : '=';
		*to++ = have > 2 ? digits[bits & 63] : '=';
		left -= have;
	}
	*to++ = '\n';
	pack->outlet->buf.len = (size_t)(to - pack->outlet->buf.data);
	pack->len = 0;
	return outlet_drain(pack->outlet);
}

int html_pack_some(struct html_pack *pack, bool last)
{
	int err = 0;

	if (pack->in.failed)
		return -ENOMEM;
	if (!last && pack->in.len < ENOUGH)
		return 0;
	pack->zip.next_in = (Bytef *)pack->in.data;
	pack->zip.avail_in = (uInt)pack->in.len;
	do {
		pack->zip.next_out = pack->line + pack->len;
		pack->zip.avail_out = HTML_LINE - pack->len;
		deflate(&pack->zip, last ? Z_FINISH : Z_NO_FLUSH);
		pack->len = HTML_LINE - pack->zip.avail_out;
		if (pack->len < HTML_LINE)
			break;
		err = put_line(pack);
	} while (!err);
	buf_reset(&pack->in);
	return err || !last ? err : put_line(pack);
}

void html_put(struct buf *buf, uint64_t value)
{
	protobuf_varint(buf, value);
}

void html_put_signed(struct buf *buf, int64_t value)
{
	protobuf_varint(buf, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

void html_put_text(struct buf *buf, const char *bytes, size_t len)
{
	protobuf_varint(buf, len);
	buf_add(buf, bytes, len);
}
