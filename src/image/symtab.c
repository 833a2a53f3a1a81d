/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/symtab.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "image/bytes.h"

void symtab_init(struct symtab *st, const struct elf_file *elf)
{
	const struct elf_section *syms = elf_section(elf, ".symtab");
	const struct elf_section *strs;
	const char *text;

	memset(st, 0, sizeof(*st));
	if (!syms || syms->type != SHT_SYMTAB || syms->link >= elf->nsections)
		return;
	strs = &elf->sections[syms->link];
	if (strs->type != SHT_STRTAB || strs->size == 0)
		return;
	text = (const char *)elf_bytes(elf, strs->offset, strs->size);
	if (!text || text[strs->size - 1] != 0)
		return;
	st->syms = elf_bytes(elf, syms->offset, syms->size);
	if (!st->syms)
		return;
	st->nsyms = syms->size / sizeof(Elf64_Sym);
	if (st->nsyms > UINT32_MAX)
		st->nsyms = UINT32_MAX;
	st->strs = text;
	st->strsize = strs->size;
}

static const uint8_t *symbol(const struct symtab *st, size_t index)
{
	return st->syms + index * sizeof(Elf64_Sym);
}

static const char *symbol_name(const struct symtab *st, size_t index)
{
	uint32_t at = bytes_u32(symbol(st, index));

	return at < st->strsize ? st->strs + at : "";
}

static uint8_t symbol_type(const uint8_t *sym)
{
	return ELF64_ST_TYPE(sym[offsetof(Elf64_Sym, st_info)]);
}

static uint64_t symbol_value(const uint8_t *sym)
{
	return bytes_u64(sym + offsetof(Elf64_Sym, st_value));
}

static uint64_t symbol_size(const uint8_t *sym)
{
	return bytes_u64(sym + offsetof(Elf64_Sym, st_size));
}

/* The end of a bracketed list that begins at `at`, or NULL. */
static const char *skip_brackets(const char *at)
{
	int depth = 0;

	for (; *at; at++) {
		if (*at == '[')
			depth++;
		else if (*at == ']' && --depth == 0)
			return at + 1;
	}
	return NULL;
}

int symtab_agree(const char *symbol, const char *name)
{
	static const char elided[] = "[...]";

	if (strcmp(symbol, name) == 0)
		return 2;
	while (*name) {
		if (strncmp(name, elided, sizeof(elided) - 1) == 0 && *symbol == '[') {
			symbol = skip_brackets(symbol);
			if (!symbol)
				return 0;
			name += sizeof(elided) - 1;
		} else if (*symbol++ != *name++) {
			return 0;
		}
	}
	return *symbol == 0 || strcmp(symbol, ".abi0") == 0 || strcmp(symbol, ".abiinternal") == 0;
}

/* Gives the function symbol `at`, unless the one that it has fits better. */
static void offer(struct symtab *st, const struct pclntab *tab, uint32_t func, uint32_t at)
{
	uint32_t old = st->of_func[func];
	struct pclntab_func f;
	const char *name;

	if (pclntab_func(tab, func, &f))
		return;
	name = pclntab_name(tab, f.name);
	if (!name)
		return;
	if (symtab_agree(symbol_name(st, at), name) >
	    (old ? symtab_agree(symbol_name(st, old), name) : 0))
		st->of_func[func] = at;
}

int symtab_match(struct symtab *st, const struct pclntab *tab, uint64_t text)
{
	/* Aliases are rare; a table of nothing but aliases with long names would cost minutes. */
	size_t aliases = tab->nfunc + 1024ul;
	uint32_t next = 0;

	if (!st->syms)
		return 0;
	st->of_func = calloc(tab->nfunc, sizeof(*st->of_func));
	if (!st->of_func)
		return -ENOMEM;
	st->nfunc = tab->nfunc;
	for (uint32_t i = 1; i < st->nsyms; i++) {
		const uint8_t *sym = symbol(st, i);
		uint64_t pc = symbol_value(sym) - text;
		int64_t func = next;

		if (symbol_type(sym) != STT_FUNC || symbol_value(sym) < text || pc > UINT32_MAX)
			continue;
		/* The linker writes symbols nearly in order of address. */
		if (func >= tab->nfunc || pclntab_entry(tab, next) != pc)
			func = pclntab_find(tab, (uint32_t)pc);
		if (func < 0 || pclntab_entry(tab, (uint32_t)func) != pc)
			continue;
		if (st->of_func[func] && aliases-- == 0)
			break;
		offer(st, tab, (uint32_t)func, i);
		next = (uint32_t)func + 1;
	}
	return 0;
}

void symtab_release(struct symtab *st)
{
	free(st->of_func);
	memset(st, 0, sizeof(*st));
}

const char *symtab_func(const struct symtab *st, uint32_t func, uint64_t *size)
{
	uint32_t at = func < st->nfunc ? st->of_func[func] : 0;

	if (!at)
		return NULL;
	*size = symbol_size(symbol(st, at));
	return symbol_name(st, at);
}

int symtab_find(const struct symtab *st, const char *name, uint64_t *vaddr, uint64_t *size,
		bool *tls)
{
	for (size_t i = 1; i < st->nsyms; i++) {
		const uint8_t *sym = symbol(st, i);

		if (bytes_u16(sym + offsetof(Elf64_Sym, st_shndx)) == SHN_UNDEF ||
		    strcmp(symbol_name(st, i), name) != 0)
			continue;
		*vaddr = symbol_value(sym);
		*size = symbol_size(sym);
		*tls = symbol_type(sym) == STT_TLS;
		return 0;
	}
	return -ENOENT;
}

void symtab_each(const struct symtab *st, void (*each)(const char *name, void *arg), void *arg)
{
	for (size_t i = 1; i < st->nsyms; i++)
		if (bytes_u16(symbol(st, i) + offsetof(Elf64_Sym, st_shndx)) != SHN_UNDEF)
			each(symbol_name(st, i), arg);
}

void symtab_variables(const struct symtab *st,
		      void (*each)(const char *name, uint64_t vaddr, uint64_t size, void *arg),
		      void *arg)
{
	for (size_t i = 1; i < st->nsyms; i++) {
		const uint8_t *sym = symbol(st, i);

		if (bytes_u16(sym + offsetof(Elf64_Sym, st_shndx)) != SHN_UNDEF &&
		    symbol_type(sym) == STT_OBJECT)
			each(symbol_name(st, i), symbol_value(sym), symbol_size(sym), arg);
	}
}
