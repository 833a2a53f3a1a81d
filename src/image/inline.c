/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/inline.h"

#include <errno.h>
#include <string.h>

#include "image/bytes.h"

/* Entry sizes, and where the name and the parent pc stand, before 1.20 and since. */
enum { SIZE_118 = 20, NAME_118 = 12, PARENT_118 = 16 };
enum { SIZE_120 = 16, NAME_120 = 4, PARENT_120 = 8 };

void inline_init(struct inline_tree *tree, const struct elf_file *elf, const struct pclntab *tab,
		 const struct pclntab_func *func, uint64_t gofunc)
{
	uint32_t offset = pclntab_funcdata(func, FUNCDATA_INL_TREE);
	uint64_t vaddr = gofunc + offset;

	memset(tree, 0, sizeof(*tree));
	tree->tab = tab;
	tree->func = func;
	tree->index_table = pclntab_pcdata(func, PCDATA_INL_TREE_INDEX);
	if (!gofunc || offset == FUNCDATA_NONE || !tree->index_table || vaddr < gofunc)
		return;
	tree->room = elf_room(elf, vaddr);
	tree->entries = tree->room ? elf_at(elf, vaddr, tree->room, 0) : NULL;
	/* Nearly every inlined call leaves code of its own; a tree that is many times larger than
	 * its function would only cost time. */
	tree->limit = func->end > func->entry ? func->end - func->entry + 64 : 0;
}

int32_t inline_index(const struct inline_tree *tree, uint32_t rel)
{
	int32_t index;

	if (!tree->entries ||
	    pclntab_value(tree->tab, tree->func, tree->index_table, rel, &index) || index < 0)
		return -1;
	return index;
}

uint32_t inline_count(const struct inline_tree *tree)
{
	struct pcvalue pv;
	int32_t max = -1;

	if (!tree->entries)
		return 0;
	pclntab_values(tree->tab, tree->func, tree->index_table, &pv);
	while (pcvalue_next(&pv))
		if (pv.value > max && (uint32_t)pv.value < tree->limit)
			max = pv.value;
	return (uint32_t)(max + 1);
}

int inline_call(const struct inline_tree *tree, uint32_t index, struct inline_call *call)
{
	bool new = tree->tab->magic == PCLNTAB_GO120;
	uint64_t size = new ? SIZE_120 : SIZE_118;
	const uint8_t *entry;

	if (!tree->entries || index >= tree->limit || !bytes_within(index * size, size, tree->room))
		return -EINVAL;
	entry = tree->entries + index * size;
	call->name = pclntab_name(tree->tab, bytes_u32(entry + (new ? NAME_120 : NAME_118)));
	call->parent_rel = bytes_u32(entry + (new ? PARENT_120 : PARENT_118));
	if (!call->name || !*call->name || call->parent_rel >= tree->func->end - tree->func->entry)
		return -EINVAL;
	return 0;
}
