/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/rtype_status.h"

#include <errno.h>
#include <string.h>

#define STATUS_NAME "google.golang.org/genproto/googleapis/rpc/status.Status"
#define FIELDS_MAX  16

/* What the pointer type at `vaddr` points to. */
static int find_target(const struct rtype_file *file, uint64_t vaddr, uint64_t *target,
		       struct descriptor *type)
{
	struct descriptor pointer;

	if (rtype_file_read(file, vaddr, &pointer) || pointer.kind != GOTYPE_POINTER ||
	    rtype_file_word(file, vaddr + RTYPE_ELEM, target) ||
	    rtype_file_read(file, *target, type) || type->kind != GOTYPE_STRUCT)
		return -ENOENT;
	return 0;
}

/* Field `i` of the struct at `vaddr`. */
static int find_field(const struct rtype_file *file, uint64_t vaddr, uint64_t i,
		      struct file_name *name, uint64_t *type, uint64_t *offset)
{
	uint64_t fields, count, name_at;

	if (rtype_file_word(file, vaddr + RTYPE_STRUCT_FIELDS, &fields) ||
	    rtype_file_word(file, vaddr + RTYPE_STRUCT_FIELDS + 8, &count) || i >= count)
		return -ENOENT;
	fields += i * RTYPE_FIELD_SIZE;
	if (rtype_file_word(file, fields, &name_at) || rtype_file_word(file, fields + 8, type) ||
	    rtype_file_word(file, fields + 16, offset) || rtype_file_name(file, name_at, name))
		return -ENOENT;
	return 0;
}

/* The offset of the field of that name and kind; 0: there is none. */
static uint64_t offset_of(const struct rtype_file *file, uint64_t vaddr, const char *want,
			  enum gotype_kind kind)
{
	for (uint64_t i = 0; i < FIELDS_MAX; i++) {
		struct descriptor field;
		struct file_name name;
		uint64_t type, offset;

		if (find_field(file, vaddr, i, &name, &type, &offset))
			return 0;
		if (name.len == strlen(want) && !memcmp(name.bytes, want, name.len))
			return rtype_file_read(file, type, &field) || field.kind != kind ? 0
											 : offset;
	}
	return 0;
}

enum rtype_status rtype_status_find(const struct rtype_file *file, uint64_t vaddr)
{
	struct descriptor type = {0};
	struct file_name name;
	uint64_t code, text, offset;

	/* *Error {s *Status {s *spb.Status}} */
	for (unsigned int i = 0; i < 3; i++) {
		if (find_target(file, vaddr, &vaddr, &type))
			return RTYPE_STATUS_UNKNOWN;
		if (i < 2 && (find_field(file, vaddr, 0, &name, &vaddr, &offset) || offset))
			return RTYPE_STATUS_UNKNOWN;
	}
	if (!rtype_file_is(file, &type, STATUS_NAME))
		return RTYPE_STATUS_UNKNOWN;
	code = offset_of(file, vaddr, "Code", GOTYPE_INT32);
	text = offset_of(file, vaddr, "Message", GOTYPE_STRING);
	return code == 8 && text == 16    ? RTYPE_STATUS_NEW
	       : code == 40 && text == 48 ? RTYPE_STATUS_OLD
					  : RTYPE_STATUS_UNKNOWN;
}
