/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of constants. The compiler describes each integer constant of a package in the package's unit, by its name, type
 * and value, in the order of declaration; those of a type are looked for in the type's own package.
 *
 * Sources: Go's src/cmd/compile/internal/gc/obj.go (dumpGlobalConst), src/cmd/internal/dwarf/dwarf.go (PutIntConst).
 */
#include <string.h>

#include "image/dwarf_priv.h"

/* Bytes of the package's path in "net/http.ConnState"; 0: a type without a name of its own. */
static size_t package_len(const char *name)
{
	const char *slash = strrchr(name, '/'), *dot = strchr(slash ? slash : name, '.');

	return dot && !strpbrk(name, "[]*(){ ") ? (size_t)(dot - name) : 0;
}

static struct dwarf_unit *unit_of(struct dwarf *dw, const char *type)
{
	size_t len = package_len(type);

	for (size_t i = 0; len && i < dw->nunits; i++) {
		const char *name = dw->units[i].name;

		if (dw->units[i].go && name && !strncmp(name, type, len) && !name[len])
			return &dw->units[i];
	}
	return NULL;
}

/* The first of several with one value counts. */
static void keep_constant(struct dwarf *dw, Dwarf_Die *die)
{
	const char *name = dwarf_die_name(dw, die), *own;
	struct map_key key;
	Dwarf_Die type;
	uint64_t *slot;

	if (!name || !dwarf_number(die, DW_AT_const_value, &key.b) ||
	    !dwarf_reference(die, DW_AT_type, &type))
		return;
	key.a = dwarf_dieoffset(&type);
	own = strrchr(name, '/');
	own = strchr(own ? own : name, '.');
	slot = own && own[1] && own[1] != '_' ? map_put(&dw->constants, key) : NULL;
	if (slot && !*slot)
		*slot = (uintptr_t)(own + 1);
}

static void walk_unit(struct dwarf *dw, struct dwarf_unit *unit)
{
	Dwarf_Die die, child;

	unit->constants_walked = true;
	if (!dwarf_offdie(dw->lib, unit->die, &die) || !dwarf_first(&die, &child))
		return;
	do {
		if (dwarf_tag(&child) == DW_TAG_constant)
			keep_constant(dw, &child);
	} while (dwarf_next(dw, &child));
}

const char *dwarf_constant(struct gotype_owner *owner, const struct gotype *type, uint64_t value)
{
	struct dwarf *dw = (struct dwarf *)owner;
	struct dwarf_unit *unit;
	uint64_t *slot;

	if (type->constants == GOTYPE_CONSTANTS_UNKNOWN) {
		struct gotype **own =
			(struct gotype **)map_find(&dw->types, (struct map_key){.a = type->ref});

		unit = unit_of(dw, type->name);
		if (unit && !unit->constants_walked)
			walk_unit(dw, unit);
		if (own && *own == type)
			(*own)->constants = unit ? GOTYPE_CONSTANTS_SOME : GOTYPE_CONSTANTS_NONE;
	}
	if (type->constants != GOTYPE_CONSTANTS_SOME)
		return NULL;
	slot = map_find(&dw->constants, (struct map_key){.a = type->ref, .b = value});
	return slot ? (const char *)(uintptr_t)*slot : NULL;
}
