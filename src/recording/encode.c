/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/encode.h"

#include "base/short_names.h"
#include "recording/call_bits.h"
#include "recording/format.h"
#include "recording/wire.h"

void encode_release(struct encoder *encoder)
{
	buf_release(&encoder->block);
	buf_release(&encoder->one);
	buf_release(&encoder->shape);
	buf_release(&encoder->values);
	dictionary_release(&encoder->strings);
	dictionary_release(&encoder->places);
	dictionary_release(&encoder->shapes);
	dictionary_release(&encoder->origins);
	map_release(&encoder->callers);
	map_release(&encoder->processes);
	buf_release(&encoder->funcs);
	buf_release(&encoder->exes);
}

void encode_begin(struct encoder *encoder)
{
	buf_reset(&encoder->block);
	dictionary_reset(&encoder->strings);
	dictionary_reset(&encoder->places);
	dictionary_reset(&encoder->shapes);
	dictionary_reset(&encoder->origins);
	map_release(&encoder->callers);
	map_release(&encoder->processes);
	buf_reset(&encoder->funcs);
	buf_reset(&encoder->exes);
	encoder->deltas = (struct block_deltas){0};
	encoder->first = UINT64_MAX;
	encoder->last = 0;
	encoder->calls = 0;
}

void encode_finish(struct encoder *encoder, unsigned int operation)
{
	buf_addc(&encoder->block, (char)operation);
	buf_add(&encoder->block, encoder->one.data, encoder->one.len);
	encoder->failed |= encoder->one.failed || encoder->block.failed || encoder->shape.failed ||
			   encoder->values.failed;
	buf_reset(&encoder->one);
}

/* Number of these bytes in a dictionary; new ones become an operation of their own at once. */
static uint32_t define(struct encoder *encoder, struct dictionary *dictionary, const void *bytes,
		       size_t len, unsigned int operation, bool counted)
{
	bool fresh;
	uint32_t number = dictionary_put(dictionary, bytes, len, &fresh);

	encoder->failed |= !number;
	if (!fresh)
		return number;
	buf_addc(&encoder->block, (char)operation);
	if (counted)
		wire_put(&encoder->block, len);
	buf_add(&encoder->block, bytes, len);
	return number;
}

uint32_t encode_string(struct encoder *encoder, const char *text)
{
	return text ? define(encoder, &encoder->strings, text, strlen(text), OP_STRING, true) : 0;
}

/* Whether this is the first time that number is asked for in the block. */
static bool is_first(struct encoder *encoder, struct buf *known, uint32_t number)
{
	if (number >= known->len)
		buf_fill(known, 0, number + 1 - known->len);
	if (known->failed) {
		encoder->failed = true;
		return false;
	}
	if (known->data[number])
		return false;
	known->data[number] = 1;
	return true;
}

/* The packages by which an executable's names are shortened. */
static void put_packages(struct buf *to, const struct short_names *names)
{
	wire_put(to, names ? 1 + names->count : 0);
	for (size_t i = 0; names && i < names->count; i++) {
		wire_put(to, names->packages[i].len);
		buf_add(to, names->packages[i].path, names->packages[i].len);
	}
}

void encode_exe(struct encoder *encoder, uint32_t id)
{
	const struct catalog_exe *exe = catalog_exe(encoder->catalog, id);
	struct buf def = {0};

	if (!is_first(encoder, &encoder->exes, id))
		return;
	wire_put(&def, id);
	wire_put(&def, encode_string(encoder, exe->path));
	wire_put(&def, encode_string(encoder, exe->root));
	put_packages(&def, exe->names);
	buf_addc(&encoder->block, OP_EXE);
	buf_add(&encoder->block, def.data, def.len);
	encoder->failed |= def.failed;
	buf_release(&def);
}

void encode_func(struct encoder *encoder, uint32_t id)
{
	const struct catalog_func *func = catalog_func(encoder->catalog, id);
	uint32_t name, file;

	if (!func || !is_first(encoder, &encoder->funcs, id))
		return;
	encode_exe(encoder, func->exe);
	name = encode_string(encoder, func->name);
	file = encode_string(encoder, func->file);
	buf_addc(&encoder->block, OP_FUNC);
	wire_put(&encoder->block, id);
	wire_put(&encoder->block, name);
	wire_put(&encoder->block, file);
	wire_put_signed(&encoder->block, func->line);
	wire_put(&encoder->block, func->exe);
	wire_put(&encoder->block, func->errors_known);
}

void encode_process(struct encoder *encoder, const struct process *process, bool announced)
{
	struct buf *block = &encoder->block;
	uint64_t *known = map_put(&encoder->processes, (struct map_key){.a = process->pid});
	uint32_t exe, go, build_id;

	if (!known) {
		encoder->failed = true;
		return;
	}
	if (*known == 1 + (uint64_t)process->run && !announced)
		return;
	*known = 1 + (uint64_t)process->run;
	encode_exe(encoder, process->image);
	exe = encode_string(encoder, process->exe);
	go = encode_string(encoder, process->go);
	build_id = encode_string(encoder, process->build_id);
	buf_addc(block, OP_PROCESS);
	wire_put(block, announced);
	wire_put(block, process->pid);
	wire_put(block, process->nspid);
	wire_put(block, process->image);
	wire_put(block, exe);
	wire_put(block, go);
	wire_put(block, build_id);
	wire_put(block, process->whole);
	wire_put(block, process->run);
}

uint32_t encode_place(struct encoder *encoder, const struct caller *caller)
{
	struct buf def = {0};
	uint32_t count = 0, number;

	if (!caller)
		return 0;
	while (caller[count++].more)
		;
	wire_put(&def, count);
	for (uint32_t i = 0; i < count; i++) {
		wire_put(&def, encode_string(encoder, caller[i].func));
		wire_put(&def, caller[i].offset);
		wire_put(&def, encode_string(encoder, caller[i].file));
		wire_put(&def, encode_string(encoder, caller[i].inlined));
		wire_put_signed(&def, caller[i].line);
	}
	encoder->failed |= def.failed;
	number = define(encoder, &encoder->places, def.data, def.len, OP_PLACE, false);
	buf_release(&def);
	return number;
}

uint32_t encode_origin(struct encoder *encoder, const struct tree *tree)
{
	const struct goroutine *goroutine = tree_goroutine(tree);
	struct buf def = {0};
	uint32_t number;

	if (!goroutine)
		return 0;
	wire_put(&def, (goroutine->has_parent ? ORIGIN_HAS_PARENT : 0) |
			       (goroutine->has_start ? ORIGIN_HAS_START : 0) |
			       (goroutine->inside ? ORIGIN_IS_INSIDE : 0) |
			       (goroutine->linked ? ORIGIN_IS_LINKED : 0));
	if (goroutine->has_parent)
		wire_put(&def, goroutine->parent);
	if (goroutine->has_start)
		wire_put(&def, goroutine->start);
	if (goroutine->linked) {
		wire_put(&def, goroutine->call);
		wire_put(&def, goroutine->root_goid);
		wire_put(&def, goroutine->root_start);
	}
	wire_put(&def, encode_string(encoder, goroutine->func));
	wire_put(&def, encode_place(encoder, goroutine->created));
	encoder->failed |= def.failed;
	number = define(encoder, &encoder->origins, def.data, def.len, OP_ORIGIN, false);
	buf_release(&def);
	return number;
}

void encode_wall(struct encoder *encoder, uint64_t since, int64_t offset)
{
	wire_put(&encoder->one, since);
	wire_put_signed(&encoder->one, offset);
	encode_finish(encoder, OP_WALL);
}
