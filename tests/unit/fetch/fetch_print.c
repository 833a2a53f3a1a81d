/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "base/escape.h"
#include "fetch_vm.h"

static uint64_t number(const uint8_t *bytes, uint32_t size)
{
	uint64_t value = 0;

	memcpy(&value, bytes, size <= 8 ? size : 8);
	return value;
}

static int64_t signed_number(const uint8_t *bytes, uint32_t size)
{
	unsigned int shift = 64 - 8 * size;

	return (int64_t)(number(bytes, size) << shift) >> shift;
}

static void print_real(const uint8_t *bytes, uint32_t size, struct buf *buf)
{
	double wide;
	float narrow;

	memcpy(&wide, bytes, size == 8 ? 8 : 0);
	memcpy(&narrow, bytes, size == 4 ? 4 : 0);
	buf_addf(buf, "%g", size == 8 ? wide : (double)narrow);
}

static const char *const reasons[] = {
	[SHAPE_NOT_READ] = "<not read>",
	[SHAPE_UNKNOWN_TYPE] = "<unknown type>",
	[SHAPE_IN_REGISTER] = "<in %s>",
	[SHAPE_LEFT_OUT] = "<left out: more than --max-bytes>",
};

/* False, with the reason printed, when what `status` guards was not read. */
static bool readable(const struct fetch_vm *vm, uint8_t status, uint16_t slot, struct buf *buf)
{
	uint8_t is = fetch_vm_status(vm, status);

	if (FT_V_IS_FAULT(is)) {
		buf_addf(buf, "<unreadable 0x%llx>",
			 (unsigned long long)number(vm->bytes + slot, 8));
		return false;
	}
	switch (is) {
	case FT_V_OK:
	case FT_V_CUT:
	case FT_V_ELSEWHERE:
		return true;
	case FT_V_NIL:
		buf_adds(buf, "<nil>");
		return false;
	case FT_V_LENGTH:
		buf_adds(buf, "<bad length>");
		return false;
	case FT_V_INDEX:
		buf_adds(buf, "<out of range>");
		return false;
	default:
		buf_adds(buf, "<unread>");
		return false;
	}
}

static void print(const struct fetch_vm *vm, const struct shape *shape, const uint8_t *bytes,
		  struct buf *buf);

/* Where a text is that was read. */
static const char *text_at(const struct fetch_vm *vm, const struct shape *shape)
{
	const uint8_t *slot = vm->bytes + shape->data;

	if (fetch_vm_status(vm, shape->data_status) == FT_V_ELSEWHERE)
		slot = vm->bytes + number(slot, 8);
	return (const char *)slot;
}

static void print_text(const struct fetch_vm *vm, const struct shape *shape, uint64_t len,
		       struct buf *buf)
{
	if (!shape->data) {
		buf_adds(buf, "<no room>");
		return;
	}
	if (!readable(vm, shape->data_status, shape->data, buf))
		return;
	escape_quoted(buf, text_at(vm, shape), len < shape->data_len ? len : shape->data_len);
	if (len > shape->data_len)
		buf_adds(buf, "...");
}

static void print_list(const struct fetch_vm *vm, const struct shape *shape, const uint8_t *bytes,
		       uint64_t count, uint64_t shown, struct buf *buf)
{
	buf_addc(buf, '[');
	for (uint64_t i = 0; i < count && i < shown; i++) {
		const struct shape *child = &shape->children[shape->nchildren > 1 ? i : 0];

		buf_adds(buf, i ? " " : "");
		print(vm, child, bytes + (shape->nchildren > 1 ? child->at : i * shape->stride),
		      buf);
	}
	buf_adds(buf, shown < count ? "...]" : "]");
}

static void print_slice(const struct fetch_vm *vm, const struct shape *shape, const uint8_t *bytes,
			struct buf *buf)
{
	uint64_t count = number(bytes + 8, 8);

	if (!readable(vm, shape->data_status, shape->data, buf))
		return;
	print_list(vm, shape, vm->bytes + shape->data, count,
		   shape->stride ? shape->data_len / shape->stride : 0, buf);
}

static void print_struct(const struct fetch_vm *vm, const struct shape *shape, const uint8_t *bytes,
			 struct buf *buf)
{
	buf_addc(buf, '{');
	for (size_t i = 0; i < shape->nchildren; i++) {
		buf_addf(buf, "%s%s:", i ? " " : "", shape->children[i].name);
		print(vm, &shape->children[i], bytes + shape->children[i].at, buf);
	}
	buf_addc(buf, '}');
}

static void print_pointer(const struct fetch_vm *vm, const struct shape *shape,
			  const uint8_t *bytes, struct buf *buf)
{
	if (!number(bytes, 8)) {
		buf_adds(buf, "nil");
		return;
	}
	buf_addc(buf, '&');
	if (readable(vm, shape->data_status, shape->data, buf))
		print(vm, &shape->children[0], vm->bytes + shape->data, buf);
}

/* What map, channel and func refer to: one or two words. */
static void print_words(const struct fetch_vm *vm, const struct shape *shape, const uint8_t *bytes,
			struct buf *buf)
{
	if (!number(bytes, 8)) {
		buf_adds(buf, "nil");
		return;
	}
	if (!readable(vm, shape->data_status, shape->data, buf))
		return;
	buf_addf(buf, "%s(%llu",
		 shape->kind == SHAPE_MAP    ? "map"
		 : shape->kind == SHAPE_CHAN ? "chan"
					     : "func",
		 (unsigned long long)number(vm->bytes + shape->data, 8));
	if (shape->kind == SHAPE_CHAN)
		buf_addf(buf, " %llu", (unsigned long long)number(vm->bytes + shape->data + 8, 8));
	buf_addc(buf, ')');
}

static void print_interface(const struct fetch_vm *vm, const struct shape *shape,
			    const uint8_t *bytes, struct buf *buf)
{
	const struct shape_interface *iface = &shape->iface;
	uint8_t status;

	if (!number(bytes, 8)) {
		buf_adds(buf, "nil");
		return;
	}
	if (!readable(vm, iface->type_status, iface->type, buf))
		return;
	buf_adds(buf, shape->is_error ? "error(" : "any(");
	if (iface->type)
		buf_addf(buf, "0x%llx", (unsigned long long)number(vm->bytes + iface->type, 8));
	else
		buf_adds(buf, "itab");
	status = iface->text[0] ? fetch_vm_status(vm, iface->text_status[0]) : FT_V_UNREAD;
	if (status == FT_V_OK || status == FT_V_CUT) {
		uint64_t len = number(vm->bytes + iface->value + 8, 8);

		buf_addc(buf, ' ');
		escape_quoted(buf, (const char *)vm->bytes + iface->text[0],
			      len < iface->text_len[0] ? len : iface->text_len[0]);
	}
	buf_addc(buf, ')');
}

static void print_number(const struct shape *shape, const uint8_t *bytes, struct buf *buf)
{
	switch (shape->kind) {
	case SHAPE_UNSIGNED:
		buf_addu(buf, number(bytes, shape->size));
		break;
	case SHAPE_SIGNED:
		buf_addi(buf, signed_number(bytes, shape->size));
		break;
	case SHAPE_HEX:
		buf_addf(buf, "0x%llx", (unsigned long long)number(bytes, shape->size));
		break;
	case SHAPE_BITS:
		buf_addu(buf, number(bytes, shape->size) << (64 - shape->shift - shape->bits) >>
				      (64 - shape->bits));
		break;
	case SHAPE_BOOL:
		buf_adds(buf, *bytes ? "true" : "false");
		break;
	default:
		escape_quoted(buf, (const char *)bytes, 1);
	}
}

static void print(const struct fetch_vm *vm, const struct shape *shape, const uint8_t *bytes,
		  struct buf *buf)
{
	if (shape->status && !readable(vm, shape->status, (uint16_t)(bytes - vm->bytes), buf))
		return;
	switch (shape->kind) {
	case SHAPE_FLOAT:
		print_real(bytes, shape->size, buf);
		break;
	case SHAPE_COMPLEX:
		print_real(bytes, shape->size / 2, buf);
		buf_addc(buf, ',');
		print_real(bytes + shape->size / 2, shape->size / 2, buf);
		break;
	case SHAPE_TEXT:
		escape_quoted(buf, (const char *)bytes, strnlen((const char *)bytes, shape->size));
		break;
	case SHAPE_CSTRING:
		print_text(vm, shape, strnlen((const char *)vm->bytes + shape->data, FT_VALUES_MAX),
			   buf);
		break;
	case SHAPE_ADDRESS:
		buf_addf(buf, "@0x%llx", (unsigned long long)number(bytes, 8));
		break;
	case SHAPE_STRING:
	case SHAPE_BYTES:
		print_text(vm, shape, number(bytes + 8, 8), buf);
		break;
	case SHAPE_SLICE:
		print_slice(vm, shape, bytes, buf);
		break;
	case SHAPE_ARRAY:
		print_list(vm, shape, bytes, shape->count, shape->shown, buf);
		break;
	case SHAPE_STRUCT:
		print_struct(vm, shape, bytes, buf);
		break;
	case SHAPE_POINTER:
		print_pointer(vm, shape, bytes, buf);
		break;
	case SHAPE_MAP:
	case SHAPE_CHAN:
	case SHAPE_FUNC:
		print_words(vm, shape, bytes, buf);
		break;
	case SHAPE_INTERFACE:
		print_interface(vm, shape, bytes, buf);
		break;
	case SHAPE_REASON:
		buf_addf(buf, reasons[shape->reason], shape->reg);
		break;
	case SHAPE_DEEPER:
		buf_adds(buf, "<deeper>");
		break;
	default:
		print_number(shape, bytes, buf);
	}
}

void fetch_vm_print(const struct fetch_vm *vm, const struct fetch_item *item, struct buf *buf)
{
	if (readable(vm, item->status, item->slot, buf))
		print(vm, &item->shape, vm->bytes + item->slot, buf);
}
