/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/value.h"

#include "base/escape.h"
#include "trace/value_priv.h"

bool value_guard(const struct value_source *src, uint8_t status, uint16_t slot, struct value *value)
{
	uint8_t is = value_status(src, status);

	if (FT_V_IS_FAULT(is)) {
		value->kind = VALUE_ERROR;
		value->why = VALUE_UNREADABLE;
		value->u = value_word(src, slot);
		return false;
	}
	switch (is) {
	case FT_V_OK:
	case FT_V_CUT:
		return true;
	case FT_V_NIL:
		value->kind = VALUE_ERROR;
		value->why = VALUE_UNREADABLE;
		value->u = 0;
		return false;
	case FT_V_LENGTH:
		value_because(value, "<bad length>");
		return false;
	case FT_V_INDEX:
		value_because(value, "<bad index>");
		return false;
	default:
		value_because(value, "<not read>");
		return false;
	}
}

/* A count that makes no sense is the whole answer. */
static bool count_holds(uint64_t count, struct value *value)
{
	if (count <= VALUE_COUNT_MAX)
		return true;
	value->kind = VALUE_ERROR;
	value->why = VALUE_BAD_LENGTH;
	value->u = count;
	return false;
}

/* Nor does a slice {ptr, len, cap} that is longer than what it lies in. */
static bool capacity_holds(const struct value_source *src, uint32_t own, uint64_t count,
			   struct value *value)
{
	if (value_word(src, own + 16u) >= count)
		return true;
	value->kind = VALUE_ERROR;
	value->why = VALUE_BAD_LENGTH;
	value->u = count;
	return false;
}

/* `len` bytes of the record are text, `count` bytes would be all of it. */
static void read_text(const struct value_source *src, uint32_t at, uint64_t len, uint64_t count,
		      struct value *value)
{
	const char *bytes = (const char *)src->bytes + at;
	size_t whole;

	if (!value_has(src, at, len)) {
		value_because(value, "<not read>");
		return;
	}
	value->kind = VALUE_TEXT;
	value->text = bytes;
	value->truncated = value->counted = len < count;
	value->len = count;
	whole = value->truncated ? utf8_cut(bytes, len) : len;
	value->utf8 = utf8_valid(bytes, whole);
	value->nbytes = value->utf8 ? whole : len;
}

/* Where the text of a string, or the elements of a slice, at `own` were put; 0: nowhere. */
static uint16_t text_slot(const struct value_place *place, uint32_t own, const struct shape *shape,
			  uint16_t *len, uint8_t *status)
{
	const struct shape_interface *iface = place->iface;

	*len = shape->data_len;
	*status = shape->data_status;
	if (shape->data || !iface || !iface->value)
		return shape->data;
	for (unsigned int i = 0; i < IFACE_TEXTS; i++) {
		if (own != iface->value + i * 8u || !iface->text[i])
			continue;
		*len = iface->text_len;
		*status = iface->text_status[i];
		return iface->text[i];
	}
	return SHAPE_NO_SLOT;
}

static void read_string(const struct value_source *src, const struct value_place *place,
			uint32_t own, const struct shape *shape, struct value *value)
{
	uint64_t count = value_word(src, own + 8u);
	uint16_t len, slot;
	uint8_t status;

	if (shape->kind == SHAPE_BYTES && !count && !value_word(src, own)) {
		value->kind = VALUE_NULL;
		return;
	}
	if (!count_holds(count, value))
		return;
	if (shape->kind == SHAPE_BYTES && !capacity_holds(src, own, count, value))
		return;
	slot = text_slot(place, own, shape, &len, &status);
	if (!slot || !count)
		read_text(src, own, 0, count, value);
	else if (value_guard(src, status, slot, value))
		read_text(src, slot, count < len ? count : len, count, value);
}

static void read_cstring(const struct value_source *src, const struct shape *shape,
			 struct value *value)
{
	size_t len;

	if (!value_guard(src, shape->data_status, shape->data, value))
		return;
	if (!shape->data || !value_has(src, shape->data, shape->data_len)) {
		value_because(value, "<not read>");
		return;
	}
	len = strnlen((const char *)src->bytes + shape->data, shape->data_len);
	/* One byte more stands for what the kernel side left behind: how much is not known. */
	if (value_status(src, shape->data_status) == FT_V_CUT) {
		read_text(src, shape->data, len, len + 1, value);
		value->counted = false;
	} else {
		read_text(src, shape->data, len, len, value);
	}
}

/* Text of a fixed size: up to the first NUL, and back to a whole character. */
static void read_fixed_text(const struct value_source *src, uint32_t own, const struct shape *shape,
			    struct value *value)
{
	const char *bytes = (const char *)src->bytes + own;
	size_t len = strnlen(bytes, shape->size);

	if (len == shape->size)
		len = utf8_cut(bytes, len);
	read_text(src, own, len, len, value);
	value->kind = shape->kind == SHAPE_CHAR ? VALUE_CHAR : VALUE_TEXT;
}

static void set_children(struct value *value, enum value_kind kind, const struct shape *shape,
			 uint32_t count, struct value_place inside)
{
	value->kind = kind;
	value->children = shape->children;
	value->nchildren = count;
	value->inside = inside;
}

/* As many elements of `count` as there are shapes for. */
static void read_elements(const struct shape *shape, uint64_t count, uint64_t shown,
			  struct value_place inside, struct value *value)
{
	if (shown > count)
		shown = count;
	if (shape->nchildren != 1 && shown > shape->nchildren)
		shown = shape->nchildren;
	set_children(value, VALUE_LIST, shape, (uint32_t)shown, inside);
	value->pattern = shape->nchildren == 1;
	value->stride = shape->stride;
	value->truncated = value->counted = shown < count;
	value->len = count;
}

static void read_slice(const struct value_source *src, const struct value_place *place,
		       uint32_t own, const struct shape *shape, struct value *value)
{
	uint64_t count = value_word(src, own + 8u), shown = 0;
	struct value_place inside;
	uint16_t len, slot;
	uint8_t status;

	if (!count && !value_word(src, own)) {
		value->kind = VALUE_NULL;
		return;
	}
	if (!count_holds(count, value) || !capacity_holds(src, own, count, value))
		return;
	slot = text_slot(place, own, shape, &len, &status);
	/* What was guessed may be no more than `count` bytes. */
	if (!shape->data && slot && value_status(src, status) == FT_V_CUT && count < len)
		len = (uint16_t)count;
	inside = (struct value_place){.at = slot, .end = (uint32_t)slot + len};
	if (slot && shape->stride && shape->nchildren)
		shown = len / shape->stride;
	if (!count || !shown || value_guard(src, status, slot, value))
		read_elements(shape, count, shown, inside, value);
}

/* What the pointer at `own` points to is at shape->data; false when `value` is complete. */
static bool follow(const struct value_source *src, uint32_t own, const struct shape *shape,
		   struct value *value)
{
	if (!value_word(src, own)) {
		value->kind = VALUE_NULL;
		return false;
	}
	if (!shape->data) {
		value->kind = VALUE_DEEPER;
		return false;
	}
	return value_guard(src, shape->data_status, shape->data, value);
}

static void read_address(const struct value_source *src, uint32_t own, const struct shape *shape,
			 struct value *value)
{
	const struct gotype *type = shape->gotype;
	bool go = shape->kind == SHAPE_POINTER || (type && type->kind == GOTYPE_POINTER);

	value->u = value_word(src, own);
	value->symbol = NULL;
	value->kind = go && !value->u ? VALUE_NULL : VALUE_ADDRESS;
	if (go || type)
		return;
	value_symbol(src, value->u, value);
	if (!value->symbol)
		value_variable(src, value->u, value);
}

static void read_pointer(const struct value_source *src, const struct value_place *place,
			 uint32_t own, const struct shape *shape, struct value *value)
{
	struct value_place inside = {.at = shape->data,
				     .end = (uint32_t)shape->data + shape->data_len};

	if (!shape->data || !shape->nchildren) {
		read_address(src, own, shape, value);
		return;
	}
	if (!follow(src, own, shape, value))
		return;
	if (place->iface && place->iface->value == shape->data)
		inside.iface = place->iface;
	set_children(value, VALUE_POINTER, shape, 1, inside);
}

/* Maps, channels and funcs: a word or two at what they point to. */
static void read_words(const struct value_source *src, uint32_t own, const struct shape *shape,
		       struct value *value)
{
	uint64_t first, second;

	if (!follow(src, own, shape, value))
		return;
	if (!value_has(src, shape->data, shape->kind == SHAPE_CHAN ? 16 : 8)) {
		value_because(value, "<not read>");
		return;
	}
	first = value_word(src, shape->data);
	if (shape->kind == SHAPE_FUNC) {
		value->kind = VALUE_FUNC;
		value->u = first;
		value_symbol(src, first, value);
		return;
	}
	second = shape->kind == SHAPE_CHAN ? value_word(src, shape->data + 8u) : 0;
	if (!count_holds(first, value) || !count_holds(second, value))
		return;
	value->kind = shape->kind == SHAPE_MAP ? VALUE_MAP : VALUE_CHAN;
	value->count = first;
	value->capacity = second;
}

static void read_float(const unsigned char *bytes, const struct shape *shape, struct value *value)
{
	bool complex = shape->kind == SHAPE_COMPLEX;
	double wide[2];
	float narrow[2];

	value->kind = complex ? VALUE_COMPLEX : VALUE_FLOAT;
	value->single = shape->size == (complex ? sizeof(narrow) : sizeof(narrow[0]));
	if (value->single) {
		memcpy(narrow, bytes, shape->size);
		value->f = narrow[0];
		if (complex)
			value->imag = narrow[1];
	} else {
		memcpy(wide, bytes, shape->size);
		value->f = wide[0];
		if (complex)
			value->imag = wide[1];
	}
}

static void read_number(const unsigned char *bytes, const struct shape *shape, struct value *value)
{
	unsigned int unused = 64 - 8 * shape->size;
	uint64_t word = 0;

	memcpy(&word, bytes, shape->size);
	value->u = word;
	switch (shape->kind) {
	case SHAPE_SIGNED:
		value->kind = VALUE_SIGNED;
		value->s = (int64_t)(word << unused) >> unused;
		value->duration = shape->type && !strcmp(shape->type, "time.Duration");
		break;
	case SHAPE_HEX:
		value->kind = VALUE_HEX;
		break;
	case SHAPE_BOOL:
		value->kind = VALUE_BOOL;
		value->u = !!word;
		break;
	case SHAPE_BITS:
		value->u = shape->shift < 64 ? word >> shape->shift : 0;
		if (shape->bits < 64)
			value->u &= (1ull << shape->bits) - 1;
		/* fall through */
	default:
		value->kind = VALUE_UNSIGNED;
	}
}

/* Bytes of its own that a shape must have in the record; 0: it has none, or its children have. */
static uint32_t own_size(const struct shape *shape)
{
	switch (shape->kind) {
	case SHAPE_UNSIGNED:
	case SHAPE_SIGNED:
	case SHAPE_HEX:
	case SHAPE_BOOL:
	case SHAPE_BITS:
		return shape->size && shape->size <= 8 ? shape->size : UINT32_MAX;
	case SHAPE_FLOAT:
		return shape->size == 4 || shape->size == 8 ? shape->size : UINT32_MAX;
	case SHAPE_COMPLEX:
		return shape->size == 8 || shape->size == 16 ? shape->size : UINT32_MAX;
	case SHAPE_CHAR:
	case SHAPE_TEXT:
		return shape->size;
	case SHAPE_ADDRESS:
	case SHAPE_POINTER:
	case SHAPE_MAP:
	case SHAPE_CHAN:
	case SHAPE_FUNC:
		return 8;
	case SHAPE_STRING:
	case SHAPE_INTERFACE:
		return 16;
	case SHAPE_SLICE:
	case SHAPE_BYTES:
		return 24;
	default:
		return 0;
	}
}

/* True when the shape's own bytes are there; `own` is where. */
static bool find_own(const struct value_source *src, const struct value_place *place,
		     const struct shape *shape, uint32_t *own, struct value *value)
{
	uint64_t at = (uint64_t)place->at + shape->at;
	uint32_t size = own_size(shape);

	if (at > UINT16_MAX || (size && (at + size > place->end || !value_has(src, at, size)))) {
		if (place->iface)
			value->kind = VALUE_DEEPER;
		else
			value_because(value, "<not read>");
		return false;
	}
	*own = (uint32_t)at;
	return !shape->status || value_guard(src, shape->status, (uint16_t)at, value);
}

void value_read(const struct value_source *src, const struct value_place *place,
		const struct shape *shape, struct value *value)
{
	uint32_t own;

	value->truncated = value->counted = value->pattern = false;
	value->duration = value->instant = false;
	value->nchildren = 0;
	if (shape->kind == SHAPE_REASON) {
		value_because(value, shape->reason ? shape->reason : "<not read>");
		return;
	}
	if (shape->kind == SHAPE_DEEPER) {
		value->kind = VALUE_DEEPER;
		return;
	}
	if (shape->kind == SHAPE_CSTRING) {
		read_cstring(src, shape, value);
		return;
	}
	if (!find_own(src, place, shape, &own, value))
		return;
	switch (shape->kind) {
	case SHAPE_FLOAT:
	case SHAPE_COMPLEX:
		read_float(src->bytes + own, shape, value);
		break;
	case SHAPE_CHAR:
	case SHAPE_TEXT:
		read_fixed_text(src, own, shape, value);
		break;
	case SHAPE_ADDRESS:
		read_address(src, own, shape, value);
		break;
	case SHAPE_STRING:
	case SHAPE_BYTES:
		read_string(src, place, own, shape, value);
		break;
	case SHAPE_SLICE:
		read_slice(src, place, own, shape, value);
		break;
	case SHAPE_ARRAY:
		read_elements(shape, shape->count, shape->nchildren ? shape->shown : 0,
			      (struct value_place){own, place->end, place->iface}, value);
		break;
	case SHAPE_STRUCT:
		set_children(value, VALUE_OBJECT, shape, (uint32_t)shape->nchildren,
			     (struct value_place){own, place->end, place->iface});
		value->instant =
			shape->type && !strcmp(shape->type, "time.Time") && shape->nchildren == 3;
		break;
	case SHAPE_POINTER:
		read_pointer(src, place, own, shape, value);
		break;
	case SHAPE_MAP:
	case SHAPE_CHAN:
	case SHAPE_FUNC:
		read_words(src, own, shape, value);
		break;
	case SHAPE_INTERFACE:
		value_interface(src, own, shape, value);
		break;
	default:
		read_number(src->bytes + own, shape, value);
	}
}

void value_item(const struct value_source *src, size_t i, struct value *value)
{
	const struct fetch_item *item = &src->fetch->items[i];
	struct value_place place = {.at = item->slot,
				    .end = src->len < UINT16_MAX ? (uint32_t)src->len : UINT16_MAX};

	/* An item without bytes of its own has a reason, or text elsewhere: nothing lies at 0. */
	if (!item->slot)
		place.end = 0;
	if (item->status && item->shape.kind != SHAPE_REASON &&
	    !value_guard(src, item->status, item->slot, value)) {
		value->truncated = false;
		value->nchildren = 0;
		return;
	}
	value_read(src, &place, &item->shape, value);
}

void value_child(const struct value_source *src, const struct value *parent, uint32_t i,
		 struct value *child)
{
	struct value_place place = parent->inside;
	uint64_t at;

	if (parent->kind == VALUE_DYNAMIC) {
		value_dynamic(src, parent, child);
		return;
	}
	if (!parent->pattern) {
		value_read(src, &place, &parent->children[i], child);
		return;
	}
	at = place.at + (uint64_t)i * parent->stride;
	place.at = at < UINT32_MAX ? (uint32_t)at : UINT32_MAX;
	value_read(src, &place, &parent->children[0], child);
}
