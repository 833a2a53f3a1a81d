/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/reading.h"

#include "image/bytes.h"
#include "trace/reading_priv.h"

bool reading_guard(const struct value_source *src, uint8_t status, uint16_t slot,
		   struct reading *reading)
{
	uint8_t is = value_status(src, status);

	if (FT_V_IS_FAULT(is)) {
		reading_fail(reading, VALUE_UNREADABLE);
		reading->is.u = value_word(src, slot);
		return false;
	}
	switch (is) {
	case FT_V_OK:
	case FT_V_CUT:
	case FT_V_ELSEWHERE:
		return true;
	case FT_V_NIL:
		reading_fail(reading, VALUE_UNREADABLE);
		reading->is.u = 0;
		return false;
	case FT_V_LENGTH:
		reading_fail(reading, VALUE_BAD_LENGTH);
		return false;
	case FT_V_INDEX:
		reading_fail(reading, VALUE_BAD_INDEX);
		return false;
	default:
		reading_fail(reading, VALUE_NOT_READ);
		return false;
	}
}

static const enum value_why reasons[] = {
	[SHAPE_NOT_READ] = VALUE_NOT_READ,
	[SHAPE_UNKNOWN_TYPE] = VALUE_UNKNOWN_TYPE,
	[SHAPE_IN_REGISTER] = VALUE_IN_REGISTER,
	[SHAPE_LEFT_OUT] = VALUE_LEFT_OUT,
};

bool reading_count_holds(uint64_t count, struct reading *reading)
{
	if (count < FT_COUNT_MAX)
		return true;
	reading_fail(reading, VALUE_BAD_LENGTH);
	reading->is.counted = true;
	reading->is.u = count;
	return false;
}

/* Nor does a slice {ptr, len, cap} that is longer than what it lies in. */
static bool capacity_holds(const struct value_source *src, uint32_t own, uint64_t count,
			   struct reading *reading)
{
	if (value_word(src, own + 16u) >= count)
		return true;
	reading_fail(reading, VALUE_BAD_LENGTH);
	reading->is.counted = true;
	reading->is.u = count;
	return false;
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
		*len = iface->text_len[i];
		*status = iface->text_status[i];
		return iface->text[i];
	}
	return SHAPE_NO_SLOT;
}

/* Where a text is that was read: in its slot, or where that says. */
static uint64_t text_place(const struct value_source *src, uint8_t status, uint16_t slot)
{
	return value_status(src, status) == FT_V_ELSEWHERE ? value_word(src, slot) : slot;
}

static void read_string(const struct value_source *src, const struct value_place *place,
			uint32_t own, const struct shape *shape, struct reading *reading)
{
	uint64_t count = value_word(src, own + 8u);
	uint16_t len, slot;
	uint8_t status;

	if (shape->kind == SHAPE_BYTES && !count && !value_word(src, own)) {
		reading->is.kind = VALUE_NULL;
		return;
	}
	if (!reading_count_holds(count, reading))
		return;
	if (shape->kind == SHAPE_BYTES && !capacity_holds(src, own, count, reading))
		return;
	slot = text_slot(place, own, shape, &len, &status);
	if (!slot || !count)
		reading_text(src, own, 0, count, reading);
	else if (reading_guard(src, status, slot, reading))
		reading_text(src, text_place(src, status, slot), count < len ? count : len, count,
			     reading);
}

static void set_children(struct reading *reading, enum value_kind kind, const struct shape *shape,
			 uint32_t count, struct value_place inside)
{
	reading->is.kind = (uint8_t)kind;
	reading->children = shape->children;
	reading->is.nchildren = count;
	reading->inside = inside;
}

/* As many elements of `count` as there are shapes for. */
static void read_elements(const struct shape *shape, uint64_t count, uint64_t shown,
			  struct value_place inside, struct reading *reading)
{
	if (shown > count)
		shown = count;
	if (shape->nchildren != 1 && shown > shape->nchildren)
		shown = shape->nchildren;
	set_children(reading, VALUE_LIST, shape, (uint32_t)shown, inside);
	reading->pattern = shape->nchildren == 1;
	reading->stride = shape->stride;
	reading->is.truncated = reading->is.counted = shown < count;
	reading->is.len = count;
}

static void read_slice(const struct value_source *src, const struct value_place *place,
		       uint32_t own, const struct shape *shape, struct reading *reading)
{
	uint64_t count = value_word(src, own + 8u), shown = 0;
	struct value_place inside;
	uint16_t len, slot;
	uint8_t status;

	if (!count && !value_word(src, own)) {
		reading->is.kind = VALUE_NULL;
		return;
	}
	if (!reading_count_holds(count, reading) || !capacity_holds(src, own, count, reading))
		return;
	slot = text_slot(place, own, shape, &len, &status);
	/* What was guessed may be no more than `count` bytes. */
	if (!shape->data && slot && value_status(src, status) == FT_V_CUT && count < len)
		len = (uint16_t)count;
	inside = (struct value_place){.at = slot, .end = (uint32_t)slot + len};
	if (slot && shape->stride && shape->nchildren)
		shown = len / shape->stride;
	if (!count || !shown || reading_guard(src, status, slot, reading))
		read_elements(shape, count, shown, inside, reading);
}

/* What the pointer at `own` points to is at shape->data; false when `value` is complete. */
static bool follow(const struct value_source *src, uint32_t own, const struct shape *shape,
		   struct reading *reading)
{
	if (!value_word(src, own)) {
		reading->is.kind = VALUE_NULL;
		return false;
	}
	if (!shape->data) {
		reading->is.kind = VALUE_DEEPER;
		return false;
	}
	return reading_guard(src, shape->data_status, shape->data, reading);
}

static void read_address(const struct value_source *src, uint32_t own, const struct shape *shape,
			 struct reading *reading)
{
	const struct gotype *type = shape->gotype;
	bool go = shape->kind == SHAPE_POINTER || (type && type->kind == GOTYPE_POINTER);

	reading->is.u = value_word(src, own);
	reading->is.symbol = NULL;
	reading->is.kind = go && !reading->is.u ? VALUE_NULL : VALUE_ADDRESS;
	if (go || type)
		return;
	value_symbol(src, reading->is.u, &reading->is);
	if (!reading->is.symbol)
		value_variable(src, reading->is.u, &reading->is);
}

static void read_pointer(const struct value_source *src, const struct value_place *place,
			 uint32_t own, const struct shape *shape, struct reading *reading)
{
	struct value_place inside = {.at = shape->data,
				     .end = (uint32_t)shape->data + shape->data_len};

	if (!shape->data || !shape->nchildren) {
		read_address(src, own, shape, reading);
		return;
	}
	if (!follow(src, own, shape, reading))
		return;
	if (shape->iface.value == shape->data)
		inside.iface = &shape->iface;
	else if (place->iface && place->iface->value == shape->data)
		inside.iface = place->iface;
	set_children(reading, VALUE_POINTER, shape, 1, inside);
	reading->is.u = value_word(src, own);
}

/* A func that brings no variables along is a constant of the executable, so that its name is known where nothing was read
 * of it. */
static bool read_constant_func(const struct value_source *src, uint32_t own,
			       struct reading *reading)
{
	uint64_t at = value_word(src, own) - src->bias;
	const uint8_t *code = src->image ? image_constant(src->image, at, 8) : NULL;

	if (!code)
		return false;
	reading->is.u = bytes_u64(code) + src->bias;
	value_symbol(src, reading->is.u, &reading->is);
	if (!reading->is.symbol || reading->is.offset)
		return false;
	reading->is.kind = VALUE_FUNC;
	return true;
}

/* Maps, channels and funcs: a word or two at what they point to. */
static void read_words(const struct value_source *src, uint32_t own, const struct shape *shape,
		       struct reading *reading)
{
	uint64_t first, second;

	if (shape->kind == SHAPE_FUNC && !shape->data && read_constant_func(src, own, reading))
		return;
	if (!follow(src, own, shape, reading))
		return;
	if (!value_has(src, shape->data, shape->kind == SHAPE_CHAN ? 16 : 8)) {
		reading_fail(reading, VALUE_NOT_READ);
		return;
	}
	first = value_word(src, shape->data);
	if (shape->kind == SHAPE_FUNC) {
		reading->is.kind = VALUE_FUNC;
		reading->is.u = first;
		value_symbol(src, first, &reading->is);
		return;
	}
	second = shape->kind == SHAPE_CHAN ? value_word(src, shape->data + 8u) : 0;
	if (!reading_count_holds(first, reading) || !reading_count_holds(second, reading))
		return;
	reading->is.kind = shape->kind == SHAPE_MAP ? VALUE_MAP : VALUE_CHAN;
	reading->is.len = first;
	reading->is.capacity = second;
}

static void read_float(const unsigned char *bytes, const struct shape *shape,
		       struct reading *reading)
{
	bool complex = shape->kind == SHAPE_COMPLEX;
	double wide[2];
	float narrow[2];

	reading->is.kind = complex ? VALUE_COMPLEX : VALUE_FLOAT;
	reading->is.single = shape->size == (complex ? sizeof(narrow) : sizeof(narrow[0]));
	if (reading->is.single) {
		memcpy(narrow, bytes, shape->size);
		reading->is.f = narrow[0];
		if (complex)
			reading->is.imag = narrow[1];
	} else {
		memcpy(wide, bytes, shape->size);
		reading->is.f = wide[0];
		if (complex)
			reading->is.imag = wide[1];
	}
}

static void read_number(const unsigned char *bytes, const struct shape *shape,
			struct reading *reading)
{
	unsigned int unused = 64 - 8 * shape->size;
	uint64_t word = 0;

	memcpy(&word, bytes, shape->size);
	reading->is.u = word;
	switch (shape->kind) {
	case SHAPE_SIGNED:
		reading->is.kind = VALUE_SIGNED;
		reading->is.s = (int64_t)(word << unused) >> unused;
		break;
	case SHAPE_HEX:
		reading->is.kind = VALUE_HEX;
		break;
	case SHAPE_BOOL:
		reading->is.kind = VALUE_BOOL;
		reading->is.u = !!word;
		break;
	case SHAPE_BITS:
		reading->is.u = shape->shift < 64 ? word >> shape->shift : 0;
		if (shape->bits < 64)
			reading->is.u &= (1ull << shape->bits) - 1;
		/* fall through */
	default:
		reading->is.kind = VALUE_UNSIGNED;
	}
	if (shape->gotype &&
	    (reading->is.kind == VALUE_SIGNED || reading->is.kind == VALUE_UNSIGNED))
		reading->is.symbol = gotype_constant(shape->gotype, reading->is.u);
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
	case SHAPE_RAW:
		return shape->size;
	case SHAPE_KNOWN:
		return shape->known->slot ? 8 : 0;
	case SHAPE_COUNTED:
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
		     const struct shape *shape, uint32_t *own, struct reading *reading)
{
	uint64_t at = (uint64_t)place->at + shape->at;
	uint32_t size = own_size(shape);

	if (at > UINT16_MAX || (size && (at + size > place->end || !value_has(src, at, size)))) {
		if (place->iface)
			reading->is.kind = VALUE_DEEPER;
		else
			reading_fail(reading, VALUE_NOT_READ);
		return false;
	}
	*own = (uint32_t)at;
	return !shape->status || reading_guard(src, shape->status, (uint16_t)at, reading);
}

void reading_of(const struct value_source *src, const struct value_place *place,
		const struct shape *shape, struct reading *reading)
{
	uint32_t own;

	reading->is = (struct value){.type = shape->type};
	reading->pattern = reading->bare = false;
	reading_forget(reading);
	if (shape->kind == SHAPE_REASON) {
		reading_fail(reading, reasons[shape->reason]);
		reading->is.symbol = shape->reg;
		return;
	}
	if (shape->kind == SHAPE_DEEPER) {
		reading->is.kind = VALUE_DEEPER;
		return;
	}
	if (shape->kind == SHAPE_CSTRING) {
		reading_cstring(src, shape, reading);
		return;
	}
	if (!find_own(src, place, shape, &own, reading))
		return;
	reading->own = (struct value_place){own, place->end, place->iface};
	reading->known = shape->known;
	switch (shape->kind) {
	case SHAPE_RAW:
	case SHAPE_VARIABLE:
	case SHAPE_COUNTED:
	case SHAPE_KNOWN:
		reading_known(src, own, place, shape, reading);
		break;
	case SHAPE_FLOAT:
	case SHAPE_COMPLEX:
		read_float(src->bytes + own, shape, reading);
		break;
	case SHAPE_CHAR:
	case SHAPE_TEXT:
		reading_fixed_text(src, own, shape, reading);
		break;
	case SHAPE_ADDRESS:
		read_address(src, own, shape, reading);
		break;
	case SHAPE_STRING:
	case SHAPE_BYTES:
		read_string(src, place, own, shape, reading);
		break;
	case SHAPE_SLICE:
		read_slice(src, place, own, shape, reading);
		break;
	case SHAPE_ARRAY:
		read_elements(shape, shape->count, shape->nchildren ? shape->shown : 0,
			      (struct value_place){own, place->end, place->iface}, reading);
		break;
	case SHAPE_STRUCT:
		set_children(reading, VALUE_OBJECT, shape, (uint32_t)shape->nchildren,
			     (struct value_place){own, place->end, place->iface});
		break;
	case SHAPE_POINTER:
		read_pointer(src, place, own, shape, reading);
		break;
	case SHAPE_MAP:
	case SHAPE_CHAN:
	case SHAPE_FUNC:
		read_words(src, own, shape, reading);
		break;
	case SHAPE_INTERFACE:
		reading_interface(src, own, shape, reading);
		break;
	default:
		read_number(src->bytes + own, shape, reading);
	}
	if (shape->row)
		reading_take_row(src, shape->row, reading);
}

void reading_child(const struct value_source *src, const struct reading *parent, uint32_t i,
		   struct reading *child)
{
	struct value_place place = parent->inside;
	uint64_t at;

	if (parent->is.kind == VALUE_DYNAMIC) {
		reading_dynamic(src, parent, child);
		return;
	}
	if (!parent->pattern) {
		reading_of(src, &place, &parent->children[i], child);
		return;
	}
	at = place.at + (uint64_t)i * parent->stride;
	place.at = at < UINT32_MAX ? (uint32_t)at : UINT32_MAX;
	reading_of(src, &place, &parent->children[0], child);
}
