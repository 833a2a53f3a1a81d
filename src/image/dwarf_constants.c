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

/* The units of the type's package, of which linkers may make several. False: it has none. */
static bool walk_package(struct dwarf *dw, const char *type)
{
	size_t len = package_len(type);
	bool found = false;

	for (size_t i = 0; len && i < dw->nunits; i++) {
		struct dwarf_unit *unit = &dw->units[i];

		if (!unit->go || !unit->name || strncmp(unit->name, type, len) != 0 ||
		    unit->name[len])
			continue;
		found = true;
		if (!unit->constants_walked)
			walk_unit(dw, unit);
	}
	return found;
}

const char *dwarf_constant(struct gotype_owner *owner, const struct gotype *type, uint64_t value)
{
	struct dwarf *dw = (struct dwarf *)owner;
	uint64_t *slot;

	if (type->constants == GOTYPE_CONSTANTS_UNKNOWN) {
		struct gotype **own =
			(struct gotype **)map_find(&dw->types, (struct map_key){.a = type->ref});
		bool some = walk_package(dw, type->name);

		if (own && *own == type)
			(*own)->constants = some ? GOTYPE_CONSTANTS_SOME : GOTYPE_CONSTANTS_NONE;
	}
	if (type->constants != GOTYPE_CONSTANTS_SOME)
		return NULL;
	slot = map_find(&dw->constants, (struct map_key){.a = type->ref, .b = value});
	return slot ? (const char *)(uintptr_t)*slot : NULL;
}
