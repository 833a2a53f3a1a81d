/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/tls.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "image/bytes.h"

#define WORD 8

/* Words of the GOT that are looked up among all relocations; g's place is in one. */
#define MAX_SLOTS 16

/* The runtime's assembly functions touch g within their first instructions. */
#define MAX_CODE 1024

struct tls_search {
	const struct elf_file *elf;
	uint64_t tls_size; /* of the TLS block, rounded up */
	int64_t tls_start; /* of it from the thread pointer */
	int64_t offset;    /* what all accesses so far agree on, 0 before the first */
	bool contradicted;
	bool has_slot; /* the newest word of the GOT that was read, and its value */
	uint64_t slot;
	int64_t value;
	int slots; /* how many were read */
};

/* Size of the executable's TLS block as the linker counts it, 0 when its header is damaged. A
 * static program of Go alone has no such header: its runtime sets the thread pointer itself, for one word. */
static uint64_t block_size(const struct elf_file *elf)
{
	const struct elf_segment *tls = elf_segment(elf, PT_TLS);
	uint64_t align = tls && tls->align ? tls->align : 1;

	if (!tls)
		return WORD;
	if (align & (align - 1) || align > 1 << 20 || tls->memsz > INT32_MAX)
		return 0;
	return (tls->memsz + align - 1) & ~(align - 1);
}

/* A thread-local variable's value in a dynamic symbol, 0 when it cannot be read. */
static bool dynamic_symbol(const struct elf_file *elf, uint32_t index, uint64_t *value)
{
	uint64_t at = elf->dynsym + (uint64_t)index * sizeof(Elf64_Sym);
	const uint8_t *sym = elf->dynsym ? elf_at(elf, at, sizeof(Elf64_Sym), 0) : NULL;

	if (!sym || bytes_u16(sym + offsetof(Elf64_Sym, st_shndx)) == SHN_UNDEF)
		return false;
	*value = bytes_u64(sym + offsetof(Elf64_Sym, st_value));
	return true;
}

/* What the word at `slot` (in the GOT) will be when the program runs. */
static bool find_value(const struct tls_search *s, uint64_t slot, int64_t *value)
{
	const uint8_t *bytes = elf_at(s->elf, slot, WORD, 0);
	uint64_t sym = 0;

	for (size_t i = 0; i < s->elf->nrela; i++) {
		struct elf_rela r = elf_rela(s->elf, i);

		if (r.offset != slot)
			continue;
		if (r.type != s->elf->arch->rela_tpoff ||
		    (r.symbol && !dynamic_symbol(s->elf, r.symbol, &sym)))
			return false;
		*value = (int64_t)(sym + (uint64_t)r.addend) + s->tls_start;
		return true;
	}
	if (!bytes)
		return false;
	*value = (int64_t)bytes_u64(bytes);
	return true;
}

static bool slot_value(void *arg, uint64_t slot, int64_t *value)
{
	struct tls_search *s = arg;

	if (!s->has_slot || s->slot != slot) {
		if (s->slots++ >= MAX_SLOTS)
			return false;
		s->has_slot = find_value(s, slot, &s->value);
		s->slot = slot;
	}
	*value = s->value;
	return s->has_slot;
}

static bool note_access(void *arg, int64_t offset)
{
	struct tls_search *s = arg;

	/* g's slot lies within the block, on a word boundary. */
	if (!bytes_within((uint64_t)offset - (uint64_t)s->tls_start, WORD, s->tls_size) ||
	    offset % WORD || (s->offset && s->offset != offset))
		s->contradicted = true;
	else
		s->offset = offset;
	return !s->contradicted;
}

static int from_code(struct tls_search *s, const struct pclntab *tab, uint64_t text,
		     int64_t *offset)
{
	const struct arch_tls_search search = {slot_value, note_access, s};
	static const char package[] = "runtime.";

	for (uint32_t i = 0; i < tab->nfunc && !s->contradicted; i++) {
		struct pclntab_func f;
		const uint8_t *code;
		const char *name;
		uint32_t len;

		if (pclntab_func(tab, i, &f) || !(f.flag & FUNC_FLAG_ASM))
			continue;
		name = pclntab_name(tab, f.name);
		len = pclntab_extent(tab, &f);
		if (!name || strncmp(name, package, sizeof(package) - 1) != 0 || len > MAX_CODE)
			continue;
		code = elf_at(s->elf, text + f.entry, len, PF_X);
		if (code)
			s->elf->arch->tls_accesses(code, len, text + f.entry, &search);
	}
	if (s->contradicted || !s->offset)
		return -ENOENT;
	*offset = s->offset;
	return 0;
}

int tls_g_offset(const struct elf_file *elf, const struct symtab *st, const struct pclntab *tab,
		 uint64_t text, int64_t *offset)
{
	struct tls_search s = {.elf = elf, .tls_size = block_size(elf)};
	uint64_t value, size;
	bool tls;

	/* Where a library's block goes is decided when it is loaded. */
	if (!s.tls_size || elf->shared)
		return -ENOENT;
	s.tls_start = elf->arch->tls_start(s.tls_size);
	if (symtab_find(st, "runtime.tlsg", &value, &size, &tls) == 0 && tls && value % WORD == 0 &&
	    bytes_within(value, WORD, s.tls_size)) {
		*offset = (int64_t)value + s.tls_start;
		return 0;
	}
	return from_code(&s, tab, text, offset);
}
