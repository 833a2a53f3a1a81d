/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/gotype.h"

#include <string.h>

static const char *const kind_names[GOTYPE_KINDS] = {
	[GOTYPE_INVALID] = "unknown",
	[GOTYPE_BOOL] = "bool",
	[GOTYPE_INT] = "int",
	[GOTYPE_INT8] = "int8",
	[GOTYPE_INT16] = "int16",
	[GOTYPE_INT32] = "int32",
	[GOTYPE_INT64] = "int64",
	[GOTYPE_UINT] = "uint",
	[GOTYPE_UINT8] = "uint8",
	[GOTYPE_UINT16] = "uint16",
	[GOTYPE_UINT32] = "uint32",
	[GOTYPE_UINT64] = "uint64",
	[GOTYPE_UINTPTR] = "uintptr",
	[GOTYPE_FLOAT32] = "float32",
	[GOTYPE_FLOAT64] = "float64",
	[GOTYPE_COMPLEX64] = "complex64",
	[GOTYPE_COMPLEX128] = "complex128",
	[GOTYPE_ARRAY] = "array",
	[GOTYPE_CHAN] = "chan",
	[GOTYPE_FUNC] = "func",
	[GOTYPE_INTERFACE] = "interface",
	[GOTYPE_MAP] = "map",
	[GOTYPE_POINTER] = "pointer",
	[GOTYPE_SLICE] = "slice",
	[GOTYPE_STRING] = "string",
	[GOTYPE_STRUCT] = "struct",
	[GOTYPE_UNSAFE_POINTER] = "unsafe.Pointer",
};

static const struct gotype *refer(const struct gotype *type, const struct gotype *known,
				  uint64_t ref)
{
	if (known || !ref || !type->owner)
		return known;
	return type->owner->resolve(type->owner, ref);
}

const struct gotype *gotype_elem(const struct gotype *type)
{
	return refer(type, type->elem, type->elem_ref);
}

const struct gotype *gotype_key(const struct gotype *type)
{
	return refer(type, type->key, type->key_ref);
}

const char *gotype_constant(const struct gotype *type, uint64_t value)
{
	if (type->constants == GOTYPE_CONSTANTS_NONE || !type->owner || !type->owner->constant)
		return NULL;
	return type->owner->constant(type->owner, type, value);
}

const struct gotype_field *gotype_field(const struct gotype *type, const char *name)
{
	for (size_t i = 0; i < type->nfields; i++)
		if (!strcmp(type->fields[i].name, name))
			return &type->fields[i];
	return NULL;
}

bool gotype_is_shaped(const struct gotype *type)
{
	return strstr(type->name, "go.shape.") != NULL;
}

bool gotype_is_error(const struct gotype *type)
{
	static const char shape[] = "go.shape.interface { Error() string }";
	size_t len = sizeof(shape) - 1;

	if (type->kind != GOTYPE_INTERFACE)
		return false;
	return !strcmp(type->name, "error") ||
	       (!strncmp(type->name, shape, len) && (!type->name[len] || type->name[len] == '_'));
}

const char *gotype_kind_name(enum gotype_kind kind)
{
	return (unsigned int)kind < GOTYPE_KINDS ? kind_names[kind] : "unknown";
}

bool gotype_is_integer(enum gotype_kind kind)
{
	return kind >= GOTYPE_INT && kind <= GOTYPE_UINTPTR;
}

bool gotype_is_signed(enum gotype_kind kind)
{
	return kind >= GOTYPE_INT && kind <= GOTYPE_INT64;
}

bool gotype_is_float(enum gotype_kind kind)
{
	return kind == GOTYPE_FLOAT32 || kind == GOTYPE_FLOAT64;
}

bool gotype_is_complex(enum gotype_kind kind)
{
	return kind == GOTYPE_COMPLEX64 || kind == GOTYPE_COMPLEX128;
}
