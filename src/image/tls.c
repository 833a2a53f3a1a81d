/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/tls.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "image/bytes.h"
#include "image/insn.h"

#define WORD 8

/* Words of the GOT that are looked up among all relocations; g's place is in one. */
#define MAX_SLOTS 16

/* The runtime's assembly functions touch g within their first instructions. */
#define MAX_CODE 1024

struct search {
	const struct elf_file *elf;
	uint64_t tls_size; /* of the TLS block, rounded up */
	int64_t offset;    /* what all accesses so far agree on, 0 before the first */
	bool contradicted;
	bool has_slot; /* the newest word of the GOT that was read, and its value */
	uint64_t slot;
	int64_t value;
	int slots; /* how many were read */
};

/* Size of the executable's TLS block as the linker counts it, 0 when its header is damaged. A
 * static program of Go alone has no such header: its runtime sets FS itself, for one word. */
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
static bool find_value(const struct search *s, uint64_t slot, int64_t *value)
{
	const uint8_t *bytes = elf_at(s->elf, slot, WORD, 0);
	uint64_t sym = 0;

	for (size_t i = 0; i < s->elf->nrela; i++) {
		struct elf_rela r = elf_rela(s->elf, i);

		if (r.offset != slot)
			continue;
		if (r.type != R_X86_64_TPOFF64 ||
		    (r.symbol && !dynamic_symbol(s->elf, r.symbol, &sym)))
			return false;
		*value = (int64_t)(sym + (uint64_t)r.addend - s->tls_size);
		return true;
	}
	if (!bytes)
		return false;
	*value = (int64_t)bytes_u64(bytes);
	return true;
}

static bool slot_value(struct search *s, uint64_t slot, int64_t *value)
{
	if (!s->has_slot || s->slot != slot) {
		if (s->slots++ >= MAX_SLOTS)
			return false;
		s->has_slot = find_value(s, slot, &s->value);
		s->slot = slot;
	}
	*value = s->value;
	return s->has_slot;
}

static void note_access(struct search *s, int64_t offset)
{
	/* g's slot lies within the block, on a word boundary. */
	if (offset >= 0 || offset < -(int64_t)s->tls_size || offset % WORD ||
	    (s->offset && s->offset != offset))
		s->contradicted = true;
	else
		s->offset = offset;
}

/* Go computes an address right before the access that needs it, so one instruction of memory is
 * enough. */
static void read_function(struct search *s, const uint8_t *code, size_t len, uint64_t addr)
{
	struct insn_tls last = {.kind = INSN_TLS_NONE};

	while (len && !s->contradicted) {
		struct insn_tls tls;
		int n = insn_decode_tls(code, len, addr, &tls);
		int64_t base = last.value;

		if (n < 0)
			return;
		if (tls.kind == INSN_TLS_ABS)
			note_access(s, tls.value);
		else if (tls.kind == INSN_TLS_REG && tls.reg == last.reg &&
			 (last.kind == INSN_TLS_SET ||
			  (last.kind == INSN_TLS_LOAD &&
			   slot_value(s, (uint64_t)last.value, &base))))
			note_access(s, base + tls.value);
		last = tls;
		code += n;
		addr += (uint64_t)n;
		len -= (size_t)n;
	}
}

static int from_code(struct search *s, const struct pclntab *tab, uint64_t text, int64_t *offset)
{
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
			read_function(s, code, len, text + f.entry);
	}
	if (s->contradicted || !s->offset)
		return -ENOENT;
	*offset = s->offset;
	return 0;
}

int tls_g_offset(const struct elf_file *elf, const struct symtab *st, const struct pclntab *tab,
		 uint64_t text, int64_t *offset)
{
	struct search s = {.elf = elf, .tls_size = block_size(elf)};
	uint64_t value, size;
	bool tls;

	/* Where a library's block goes is decided when it is loaded. */
	if (!s.tls_size || elf->shared)
		return -ENOENT;
	if (symtab_find(st, "runtime.tlsg", &value, &size, &tls) == 0 && tls && value % WORD == 0 &&
	    bytes_within(value, WORD, s.tls_size)) {
		*offset = (int64_t)(value - s.tls_size);
		return 0;
	}
	return from_code(&s, tab, text, offset);
}
