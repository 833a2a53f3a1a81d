/* SPDX-License-Identifier: GPL-2.0-only */
#include "send/rejected.h"

#include <stdbool.h>
#include <string.h>

enum { RESPONSE_PARTIAL_SUCCESS = 1 };
enum { PARTIAL_SUCCESS_REJECTED = 1, PARTIAL_SUCCESS_MESSAGE = 2 };
enum wire_type { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };

struct message {
	const unsigned char *at, *end;
};

/* A field that was read. */
struct field {
	uint32_t number;
	uint64_t value;
	struct message bytes;
};

static bool get_varint(struct message *message, uint64_t *value)
{
	*value = 0;
	for (unsigned int shift = 0; shift < 64 && message->at < message->end; shift += 7) {
		unsigned char byte = *message->at++;

		*value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

static bool skip(struct message *message, uint64_t len, struct message *bytes)
{
	if (len > (uint64_t)(message->end - message->at))
		return false;
	*bytes = (struct message){message->at, message->at + len};
	message->at += len;
	return true;
}

/* False at the end, and where it does not hold together. */
static bool get_field(struct message *message, struct field *field)
{
	uint64_t key, len;

	*field = (struct field){0};
	if (!get_varint(message, &key))
		return false;
	field->number = (uint32_t)(key >> 3);
	switch (key & 7) {
	case VARINT:
		return get_varint(message, &field->value);
	case FIXED64:
		return skip(message, 8, &field->bytes);
	case FIXED32:
		return skip(message, 4, &field->bytes);
	case BYTES:
		return get_varint(message, &len) && skip(message, len, &field->bytes);
	default:
		return false;
	}
}

/* What could harm a terminal is left out. */
static void set_message(struct rejected *rejected, struct message text)
{
	size_t len = 0;

	for (; text.at < text.end && len + 1 < sizeof(rejected->message); text.at++)
		rejected->message[len++] =
			*text.at >= ' ' && *text.at < 0x7f ? (char)*text.at : '?';
	rejected->message[len] = '\0';
}

void rejected_read(struct rejected *rejected, const void *bytes, size_t len)
{
	struct message response = {bytes, (const unsigned char *)bytes + len}, partial;
	struct field outer, inner;

	*rejected = (struct rejected){0};
	while (len && get_field(&response, &outer)) {
		if (outer.number != RESPONSE_PARTIAL_SUCCESS || !outer.bytes.at)
			continue;
		partial = outer.bytes;
		while (get_field(&partial, &inner)) {
			if (inner.number == PARTIAL_SUCCESS_REJECTED && !inner.bytes.at)
				rejected->spans = (int64_t)inner.value > 0 ? inner.value : 0;
			else if (inner.number == PARTIAL_SUCCESS_MESSAGE && inner.bytes.at)
				set_message(rejected, inner.bytes);
		}
	}
}
