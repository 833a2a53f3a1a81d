/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/known.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/escape.h"

/* The field of a value of which the runtime's descriptors tell the fields. */
static bool read_field(const struct knowing *k, const char *path, struct reading *part)
{
	size_t len = strcspn(path, "|:");
	struct reading at = *k->self;

	while (len) {
		const char *dot = memchr(path, '.', len);
		size_t name = dot ? (size_t)(dot - path) : len;
		uint32_t i = 0;

		while (i < at.is.nchildren && (strncmp(reading_child_name(&at, i), path, name) ||
					       reading_child_name(&at, i)[name]))
			i++;
		if (at.is.kind != VALUE_OBJECT || at.pattern || i == at.is.nchildren)
			return false;
		reading_child(k->say.src, &at, i, part);
		at = *part;
		path += dot ? name + 1 : name;
		len -= dot ? name + 1 : name;
	}
	*part = at;
	return true;
}

static void read_named(const struct knowing *k, const char *path, struct reading *part)
{
	static const struct shape raw = {.kind = SHAPE_RAW, .size = 16};

	*part = (struct reading){.is.kind = VALUE_DEEPER};
	if (path[0] == '=')
		reading_of(k->say.src, &k->self->own, &raw, part);
	else if (path[0] != '+' && path[0] != '!' && path[0] != '@' && path[0] != '%')
		while (!read_field(k, path, part) && (path = strchr(path, '|')))
			path++;
}

void known_read(const struct knowing *k, uint32_t i, struct reading *part)
{
	*part = (struct reading){.is.kind = VALUE_DEEPER};
	if (i >= KNOWN_PARTS || !k->known->parts[i])
		return;
	if (!k->shape)
		read_named(k, k->known->parts[i], part);
	else if (i < k->shape->nparts)
		reading_of(k->say.src, &k->place, &k->shape->parts[i], part);
}

void known_plain(const struct knowing *k, uint32_t i, struct reading *part)
{
	known_read(k, i, part);
	while (part->known && part->bare && !part->known->known->parts[0][0]) {
		struct reading known = *part;

		reading_child(k->say.src, &known, 0, part);
	}
}

uint64_t known_number(struct knowing *k, uint32_t i)
{
	struct reading part;

	known_plain(k, i, &part);
	if (part.is.kind == VALUE_UNSIGNED || part.is.kind == VALUE_SIGNED ||
	    part.is.kind == VALUE_BOOL || part.is.kind == VALUE_ADDRESS)
		return part.is.u;
	if (part.is.kind != VALUE_NULL)
		k->say.failed = true;
	return 0;
}

struct value known_text(struct knowing *k, uint32_t i)
{
	struct reading part;

	known_plain(k, i, &part);
	if (part.is.kind == VALUE_NULL)
		part.is = (struct value){.kind = VALUE_TEXT, .text = "", .utf8 = true};
	if (part.is.kind != VALUE_TEXT) {
		k->say.failed = true;
		part.is = (struct value){.kind = VALUE_TEXT, .text = ""};
	}
	return part.is;
}

bool known_empty(struct knowing *k, uint32_t i)
{
	struct value text = known_text(k, i);

	return !text.nbytes && !text.truncated;
}

void known_add(struct knowing *k, const struct value *text)
{
	if (k->cut)
		return;
	saying_add(&k->say, text->text, text->nbytes);
	k->cut = text->truncated;
}

void known_words(struct knowing *k, const char *words)
{
	if (!k->cut)
		saying_words(&k->say, words);
}

void known_digits(struct knowing *k, uint64_t number, unsigned int least)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%0*" PRIu64, (int)least, number);
	known_words(k, digits);
}

static void add_value(struct knowing *k, const struct reading *reading)
{
	const struct value *is = &reading->is;

	switch (is->kind) {
	case VALUE_TEXT:
	case VALUE_SAID:
		known_add(k, is);
		break;
	case VALUE_NULL:
		known_words(k, "nil");
		break;
	case VALUE_UNSIGNED:
		known_digits(k, is->u, 1);
		break;
	case VALUE_SIGNED:
		if (!k->cut)
			saying_number(&k->say, is->s);
		break;
	case VALUE_BOOL:
		known_words(k, is->u ? "true" : "false");
		break;
	case VALUE_DYNAMIC:
		known_words(k, is->text);
		break;
	default:
		k->say.failed = true;
	}
}

void known_add_value(struct knowing *k, const struct reading *value)
{
	char room[VALUE_SAYS_MAX];
	struct reading said = *value;

	if (reading_is_known(&said) && !known_say(k->say.src, &said, room))
		k->say.failed = true;
	add_value(k, &said);
}

void known_add_part(struct knowing *k, uint32_t i)
{
	struct reading part;

	known_read(k, i, &part);
	known_add_value(k, &part);
}

/* The part stands for the value, whose words it may have itself. */
void known_show(struct knowing *k, const struct reading *part)
{
	k->part = *part;
	k->replaced = true;
	if (part->is.kind == VALUE_ERROR || part->is.kind == VALUE_DEEPER)
		k->say.failed = true;
	else if (reading_is_known(part) && !known_say(k->say.src, &k->part, k->say.room))
		k->say.failed = true;
}

static void say_part(struct knowing *k)
{
	struct reading part, held;

	known_read(k, 0, &part);
	/* What an interface holds, if that has words. */
	if (part.is.kind == VALUE_DYNAMIC && part.is.nchildren) {
		reading_child(k->say.src, &part, 0, &held);
		if (reading_is_known(&held) && known_say(k->say.src, &held, k->say.room))
			part = held;
	}
	known_show(k, &part);
}

static void say_conn(struct knowing *k)
{
	struct reading ends;

	known_read(k, 1, &ends);
	if (reading_is_known(&ends) && known_say(k->say.src, &ends, k->say.room))
		known_show(k, &ends);
	else
		say_part(k);
}

static void say_text(struct knowing *k)
{
	struct value text = known_text(k, 0);
	uint64_t from = k->known->parts[1] ? known_number(k, 1) : 0;
	uint64_t len = text.truncated ? text.len : text.nbytes;

	if (from > len || (text.truncated && !text.counted) ||
	    (from && from >= text.nbytes && from < len)) {
		k->say.failed = true;
		return;
	}
	text.text += from < text.nbytes ? from : text.nbytes;
	text.nbytes -= from < text.nbytes ? (uint32_t)from : text.nbytes;
	text.len = len - from;
	text.utf8 = utf8_valid(text.text, text.nbytes);
	k->text = text;
	k->quoted = true;
}

static void say_bare(struct knowing *k)
{
	struct value text = known_text(k, 0);

	known_add(k, &text);
}

static void say_flag(struct knowing *k)
{
	known_words(k, known_number(k, 0) ? "true" : "false");
}

static void say_null(struct knowing *k)
{
	struct reading part;

	if (!known_number(k, 1)) {
		known_words(k, "NULL");
		return;
	}
	known_read(k, 0, &part);
	known_show(k, &part);
}

static void say_mutex(struct knowing *k)
{
	bool locked = known_number(k, 0) & 1; /* sync.mutexLocked */

	k->zero |= !locked;
	known_words(k, locked ? "locked" : "unlocked");
}

/* sync.rwmutexMaxReaders is taken off the readers while one writes. */
static void say_rwmutex(struct knowing *k)
{
	int32_t readers = (int32_t)known_number(k, 0);

	k->zero |= !readers;
	if (readers < 0) {
		known_words(k, "locked");
	} else if (readers) {
		known_words(k, "locked by readers: ");
		known_digits(k, (uint64_t)readers, 1);
	} else {
		known_words(k, "unlocked");
	}
}

static known_fn *const words[] = {
	[KNOWN_PART] = say_part,
	[KNOWN_NAMED] = known_named_value,
	[KNOWN_TEXT] = say_text,
	[KNOWN_BARE] = say_bare,
	[KNOWN_FLAG] = say_flag,
	[KNOWN_NULL] = say_null,
	[KNOWN_DURATION] = known_duration,
	[KNOWN_TIME] = known_time,
	[KNOWN_SECONDS] = known_seconds,
	[KNOWN_SPAN] = known_span,
	[KNOWN_ZONE] = known_zone,
	[KNOWN_LEVEL] = known_level,
	[KNOWN_ATTR] = known_attr,
	[KNOWN_LOGGED] = known_logged,
	[KNOWN_FIELD] = known_field,
	[KNOWN_BIG] = known_big,
	[KNOWN_IP] = known_ip,
	[KNOWN_MAC] = known_mac,
	[KNOWN_MASK] = known_mask,
	[KNOWN_NET] = known_net,
	[KNOWN_ADDR_PORT] = known_addr_port,
	[KNOWN_ADDR_IP] = known_addr_ip,
	[KNOWN_ENDS] = known_ends,
	[KNOWN_NETIP] = known_netip,
	[KNOWN_NETIP_PORT] = known_netip_port,
	[KNOWN_PREFIX] = known_prefix,
	[KNOWN_URL] = known_url,
	[KNOWN_USER] = known_user,
	[KNOWN_REQUEST_URI] = known_request_uri,
	[KNOWN_REQUEST] = known_request,
	[KNOWN_COOKIE] = known_cookie,
	[KNOWN_CODE] = known_code,
	[KNOWN_CALL] = known_call,
	[KNOWN_TYPE] = known_type,
	[KNOWN_REFLECTED] = known_reflected,
	[KNOWN_DYNAMIC] = known_dynamic,
	[KNOWN_CONN] = say_conn,
	[KNOWN_MUTEX] = say_mutex,
	[KNOWN_RWMUTEX] = say_rwmutex,
	[KNOWN_UUID] = known_uuid,
	[KNOWN_ULID] = known_ulid,
	[KNOWN_PATH] = known_path,
	[KNOWN_KIND] = known_kind,
	[KNOWN_QUESTION] = known_question,
	[KNOWN_STATUS] = known_status,
	[KNOWN_EITHER] = known_either,
};

/* Whether all bytes of its parts are zero. */
static bool is_zero(const struct knowing *k)
{
	if (!k->shape || k->shape->slot)
		return false;
	for (uint32_t i = 0; i < k->shape->nparts; i++) {
		const struct shape *part = &k->shape->parts[i];
		uint64_t at = (uint64_t)k->place.at + part->at;

		if (part->kind == SHAPE_VARIABLE)
			continue;
		if (at + part->size > k->place.end || !value_has(k->say.src, at, part->size))
			return false;
		for (uint32_t n = 0; n < part->size; n++)
			if (k->say.src->bytes[at + n])
				return false;
	}
	return true;
}

static void finish(const struct knowing *k, struct reading *reading)
{
	const char *type = reading->is.type;

	if (k->replaced) {
		*reading = k->part;
	} else {
		*reading = (struct reading){.is = k->text};
		if (!k->quoted)
			reading->is = (struct value){.kind = VALUE_SAID,
						     .text = k->say.room,
						     .len = k->say.len,
						     .nbytes = (uint32_t)k->say.len,
						     .utf8 = utf8_valid(k->say.room, k->say.len),
						     .truncated = k->cut};
	}
	reading_forget(reading);
	reading->is.type = type;
	reading->is.zero |= k->zero;
}

bool known_say(const struct value_source *src, struct reading *reading, char room[VALUE_SAYS_MAX])
{
	const struct known_shape *shape = reading->known;
	struct knowing k = {
		.say = {.room = room, .src = src},
		.shape = shape,
		.known = shape ? shape->known : reading->row,
		.self = reading,
		.place = reading->own,
	};

	if (shape && shape->slot)
		k.place = (struct value_place){.at = shape->slot,
					       .end = (uint32_t)shape->slot + shape->len};
	k.zero = is_zero(&k);
	words[k.known->says](&k);
	if (k.say.failed)
		return false;
	/* No words at all would look as if something were missing. */
	if (!k.say.len && !k.cut && !k.quoted && !k.replaced) {
		k.text = (struct value){.kind = VALUE_TEXT, .text = "", .utf8 = true};
		k.quoted = true;
	}
	finish(&k, reading);
	return true;
}

bool known_words_of(struct value *said, char room[VALUE_SAYS_MAX])
{
	int len;

	if (said->kind == VALUE_SAID || said->kind == VALUE_TEXT)
		return true;
	if (said->kind == VALUE_SIGNED)
		len = snprintf(room, VALUE_SAYS_MAX, "%" PRId64, said->s);
	else if (said->kind == VALUE_UNSIGNED)
		len = snprintf(room, VALUE_SAYS_MAX, "%" PRIu64, said->u);
	else if (said->kind == VALUE_BOOL)
		len = snprintf(room, VALUE_SAYS_MAX, "%s", said->u ? "true" : "false");
	else if (said->kind == VALUE_FUNC && said->symbol)
		len = snprintf(room, VALUE_SAYS_MAX, "%.*s", VALUE_SAYS_MAX - 1, said->symbol);
	else
		return false;
	*said = (struct value){.type = said->type,
			       .kind = VALUE_SAID,
			       .text = room,
			       .len = (uint64_t)len,
			       .nbytes = (uint32_t)len,
			       .utf8 = true};
	return true;
}
