/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/pclntab.h"

#include <errno.h>
#include <string.h>

#include "image/bytes.h"

#define HEADER_SIZE 72 /* struct pcHeader of 1.18 and later: 8 bytes and 8 words */
#define FTAB_ENTRY  8  /* {entryoff, funcoff uint32} */

/* No symbol of a real program is longer; it bounds what a name without its NUL costs. */
#define MAX_NAME 65536

/* Runs of one pc-value table that are gone through; the largest functions of real programs have some thousand. */
#define MAX_RUNS (1u << 18)

/* How many times its own size a table may spend on the names of its functions. The linker writes each name once;
 * instances of a generic function share one up to Go 1.20. */
#define NAMES_SHARED 8

enum { FUNC_SIZE_118 = 40, FUNC_SIZE_120 = 44 };

uint32_t pclntab_magic(const uint8_t *data, size_t size, uint8_t quantum)
{
	uint32_t magic;

	if (size < 8)
		return 0;
	magic = bytes_u32(data);
	/* two zero bytes, instruction quantum, pointer size 8 */
	if (data[4] != 0 || data[5] != 0 || data[6] != quantum || data[7] != 8)
		return 0;
	switch (magic) {
	case PCLNTAB_GO12:
	case PCLNTAB_GO116:
	case PCLNTAB_GO118:
	case PCLNTAB_GO120:
		return magic;
	}
	return 0;
}

/* Functions in order of address, as the runtime itself insists (src/runtime/symtab.go, moduledataverify1): all
 * functions together are as long as the text, and no more is spent on them. Likewise with names. */
static bool is_bounded(const struct pclntab *tab)
{
	uint64_t left = (uint64_t)tab->size * NAMES_SHARED;

	for (uint32_t i = 0; i < tab->nfunc; i++) {
		struct pclntab_func func;
		const char *name;
		size_t len;

		if (pclntab_entry(tab, i) > pclntab_entry(tab, i + 1))
			return false;
		if (pclntab_func(tab, i, &func))
			continue;
		name = pclntab_name(tab, func.name);
		len = name ? strlen(name) : MAX_NAME;
		if (len > left)
			return false;
		left -= len;
	}
	return true;
}

int pclntab_init(struct pclntab *tab, const uint8_t *data, size_t size, uint64_t vaddr,
		 uint8_t quantum)
{
	size_t *tables[] = {&tab->names, &tab->cus, &tab->files, &tab->pcs, &tab->funcs};
	uint64_t nfunc;

	memset(tab, 0, sizeof(*tab));
	tab->magic = pclntab_magic(data, size, quantum);
	if ((tab->magic != PCLNTAB_GO118 && tab->magic != PCLNTAB_GO120) || size < HEADER_SIZE)
		return -EINVAL;
	/* The word at 24 was textStart up to 1.25, and is 0 since: moduledata has it always. */
	for (size_t i = 0; i < 5; i++) {
		uint64_t offset = bytes_u64(data + 32 + i * 8);

		if (offset < HEADER_SIZE || offset >= size)
			return -EINVAL;
		*tables[i] = offset;
	}
	nfunc = bytes_u64(data + 8);
	if (nfunc == 0 || nfunc > UINT32_MAX - 1 ||
	    !bytes_within(tab->funcs, nfunc * FTAB_ENTRY + 4, size))
		return -EINVAL;
	tab->nfunc = (uint32_t)nfunc;
	tab->data = data;
	tab->size = size;
	tab->vaddr = vaddr;
	tab->quantum = quantum;
	return is_bounded(tab) ? 0 : -EINVAL;
}

uint32_t pclntab_entry(const struct pclntab *tab, uint32_t index)
{
	return bytes_u32(tab->data + tab->funcs + (size_t)index * FTAB_ENTRY);
}

int pclntab_func(const struct pclntab *tab, uint32_t index, struct pclntab_func *func)
{
	const uint8_t *ftab = tab->data + tab->funcs + (size_t)index * FTAB_ENTRY;
	size_t fixed = tab->magic == PCLNTAB_GO120 ? FUNC_SIZE_120 : FUNC_SIZE_118;
	uint64_t at = (uint64_t)tab->funcs + bytes_u32(ftab + 4);
	const uint8_t *f;

	memset(func, 0, sizeof(*func));
	func->entry = bytes_u32(ftab);
	func->end = bytes_u32(ftab + FTAB_ENTRY);
	if (!bytes_within(at, fixed, tab->size))
		return -EINVAL;
	f = tab->data + at;
	func->name = bytes_u32(f + 4);
	func->pcsp = bytes_u32(f + 16);
	func->pcfile = bytes_u32(f + 20);
	func->pcln = bytes_u32(f + 24);
	func->npcdata = bytes_u32(f + 28);
	func->cu = bytes_u32(f + 32);
	func->start_line = fixed == FUNC_SIZE_120 ? (int32_t)bytes_u32(f + 36) : 0;
	func->func_id = f[fixed - 4];
	func->flag = f[fixed - 3];
	func->nfuncdata = f[fixed - 1];
	func->tail = f + fixed;
	if (!bytes_within(at + fixed, ((uint64_t)func->npcdata + func->nfuncdata) * 4, tab->size) ||
	    bytes_u32(f) != func->entry) {
		func->npcdata = func->nfuncdata = 0;
		return -EINVAL;
	}
	return 0;
}

int64_t pclntab_find(const struct pclntab *tab, uint32_t pc)
{
	uint32_t low = 0, high = tab->nfunc;

	if (pc < pclntab_entry(tab, 0) || pc >= pclntab_entry(tab, tab->nfunc))
		return -ENOENT;
	while (high - low > 1) {
		uint32_t mid = low + (high - low) / 2;

		if (pclntab_entry(tab, mid) <= pc)
			low = mid;
		else
			high = mid;
	}
	return low;
}

static const char *string_at(const struct pclntab *tab, size_t base, uint32_t offset)
{
	size_t room;

	if (offset >= tab->size - base)
		return NULL;
	room = tab->size - base - offset;
	if (!memchr(tab->data + base + offset, 0, room < MAX_NAME ? room : MAX_NAME))
		return NULL;
	return (const char *)tab->data + base + offset;
}

const char *pclntab_name(const struct pclntab *tab, uint32_t offset)
{
	return string_at(tab, tab->names, offset);
}

const char *pclntab_file(const struct pclntab *tab, const struct pclntab_func *func, int32_t file)
{
	uint64_t slot;

	if (file < 0)
		return NULL;
	slot = ((uint64_t)func->cu + (uint32_t)file) * 4;
	if (!bytes_within(slot, 4, tab->size - tab->cus))
		return NULL;
	/* An unused slot holds ~0, which is beyond the table too. */
	return string_at(tab, tab->files, bytes_u32(tab->data + tab->cus + slot));
}

uint32_t pclntab_pcdata(const struct pclntab_func *func, uint32_t which)
{
	return which < func->npcdata ? bytes_u32(func->tail + which * 4) : 0;
}

uint32_t pclntab_funcdata(const struct pclntab_func *func, uint32_t which)
{
	if (which >= func->nfuncdata)
		return FUNCDATA_NONE;
	return bytes_u32(func->tail + ((size_t)func->npcdata + which) * 4);
}

void pcvalue_init(struct pcvalue *pv, const uint8_t *bytes, size_t size, uint32_t limit,
		  uint8_t quantum)
{
	*pv = (struct pcvalue){
		.at = bytes,
		.end = bytes + size,
		.limit = limit,
		.value = -1,
		.quantum = quantum,
	};
}

void pclntab_values(const struct pclntab *tab, const struct pclntab_func *func, uint32_t table,
		    struct pcvalue *pv)
{
	uint32_t limit = func->end > func->entry ? func->end - func->entry : 0;
	size_t room = tab->size - tab->pcs;

	/* Table 0 is "none", and would otherwise decode as one. */
	if (table == 0 || table >= room)
		pcvalue_init(pv, tab->data, 0, 0, tab->quantum);
	else
		pcvalue_init(pv, tab->data + tab->pcs + table, room - table, limit, tab->quantum);
}

/* A base-128 number of at most 32 bits. */
static bool read_varint(struct pcvalue *pv, uint32_t *value)
{
	uint32_t v = 0;

	for (unsigned int shift = 0; shift < 35; shift += 7) {
		uint8_t b;

		if (pv->at == pv->end)
			return false;
		b = *pv->at++;
		v |= (uint32_t)(b & 0x7f) << shift;
		if (!(b & 0x80)) {
			*value = v;
			return true;
		}
	}
	return false;
}

bool pcvalue_next(struct pcvalue *pv)
{
	uint32_t delta, pcs;

	if (pv->rel >= pv->limit || pv->runs >= MAX_RUNS || !read_varint(pv, &delta))
		return false;
	pv->runs++;
	/* A zero ends the table, but the first run may well keep the initial -1. */
	if (delta == 0 && pv->started)
		return false;
	if (!read_varint(pv, &pcs) || pcs == 0 || pcs > (UINT32_MAX - pv->rel) / pv->quantum)
		return false;
	pv->started = true;
	pv->value = (int32_t)((uint32_t)pv->value + ((delta >> 1) ^ -(delta & 1)));
	pv->rel += pcs * pv->quantum;
	return true;
}

int pclntab_value(const struct pclntab *tab, const struct pclntab_func *func, uint32_t table,
		  uint32_t rel, int32_t *value)
{
	struct pcvalue pv;

	pclntab_values(tab, func, table, &pv);
	while (pcvalue_next(&pv)) {
		if (rel < pv.rel) {
			*value = pv.value;
			return 0;
		}
	}
	return -ENOENT;
}

uint32_t pclntab_extent(const struct pclntab *tab, const struct pclntab_func *func)
{
	struct pcvalue pv;

	pclntab_values(tab, func, func->pcsp, &pv);
	while (pcvalue_next(&pv))
		;
	return pv.rel;
}
