/* SPDX-License-Identifier: GPL-2.0-only */
/* Types and code as values. Sources: Go's src/reflect/{type,value}.go, src/context/context.go. */
#include "trace/known.h"

/* The name behind the package, and what the pointer leads to: `cancelCtx`. */
void known_dynamic(struct knowing *k)
{
	struct reading part;
	const char *name;
	bool own;

	known_plain(k, 0, &part);
	if (part.is.kind == VALUE_NULL) {
		known_show(k, &part);
		return;
	}
	if (part.is.kind != VALUE_DYNAMIC) {
		k->say.failed = true;
		return;
	}
	name = part.is.text;
	own = !strncmp(name, "*context.", 9) || !strncmp(name, "context.", 8);
	known_words(k, own ? strchr(name, '.') + 1 : name);
	known_read(k, 1, &part);
	if (!reading_is_known(&part))
		return;
	known_words(k, "(");
	known_add_part(k, 1);
	known_words(k, ")");
}

/* A name for a type by the address of its descriptor. */
static void add_type(struct knowing *k, uint64_t addr)
{
	const struct value_source *src = k->say.src;
	const struct rtype *type = src->types ? rtypes_find(src->types, addr - src->bias) : NULL;

	if (type)
		known_words(k, type->text);
	else
		k->say.failed = true;
}

void known_type(struct knowing *k)
{
	struct reading part;

	known_read(k, 0, &part);
	if (part.is.kind == VALUE_DYNAMIC) {
		/* A reflect.Type that is another one's cannot be known. */
		if (strcmp(part.is.dynamic, "*reflect.rtype") != 0)
			k->say.failed = true;
		add_type(k, part.is.word);
	} else if (part.is.kind == VALUE_NULL) {
		known_show(k, &part);
	} else {
		add_type(k, part.is.kind == VALUE_POINTER ? part.is.u : known_number(k, 0));
	}
}

/* As its String() has it. */
void known_reflected(struct knowing *k)
{
	uint64_t type = known_number(k, 0);

	known_words(k, "<");
	if (type)
		add_type(k, type);
	else
		known_words(k, "invalid");
	known_words(k, " Value>");
}

/* The function at `back` bytes before the address. */
static void add_function(struct knowing *k, uint64_t back)
{
	struct reading func = {.is.kind = VALUE_FUNC};
	uint64_t addr = known_number(k, 0);

	known_plain(k, 0, &func);
	if (addr) {
		func = (struct reading){.is.kind = VALUE_FUNC};
		value_symbol(k->say.src, addr - back, &func.is);
		k->say.failed |= !func.is.symbol;
	}
	known_show(k, &func);
}

void known_code(struct knowing *k)
{
	add_function(k, 0);
}

/* A call may be the last instruction of its function. */
void known_call(struct knowing *k)
{
	add_function(k, 1);
}
