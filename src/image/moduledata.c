/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/moduledata.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

#include "image/bytes.h"
#include "image/releases.h"

/* Words of moduledata, the same from 1.18 to 1.27. */
enum {
	MD_PC_HEADER = 0,
	MD_FTAB = 16, /* pointer, length, capacity */
	MD_MINPC = 20,
	MD_MAXPC = 21,
	MD_TEXT = 22,
	MD_ETEXT = 23,
	MD_DATA = 26,
	MD_EDATA = 27,
};

/* gofunc: 1.20 put covctrs and ecovctrs before it, 1.27 typedesclen, itaboffset and itabsize. */
enum { MD_GOFUNC_119 = 38, MD_GOFUNC_120 = 40, MD_GOFUNC_127 = 43, MD_WORDS = 44 };

/* types; etypes is the word behind it, in 1.27 the second. */
enum { MD_TYPES_119 = 35, MD_TYPES_120 = 37 };

/* A file may hold any number of words that look like the pclntab's address, and each costs a walk over all
 * relocations. */
#define MAX_CANDIDATES 16

struct moduledata_search {
	const struct elf_file *elf;
	const struct pclntab *tab;
	struct moduledata *md;
	int go_minor;
	int candidates;
};

static int gofunc_word(int go_minor)
{
	if (!go_is_known(go_minor))
		return 0;
	if (go_minor == 19)
		return MD_GOFUNC_119;
	return go_minor < 27 ? MD_GOFUNC_120 : MD_GOFUNC_127;
}

static void find_types(struct moduledata *md, const uint64_t *w, int go_minor)
{
	int types = go_minor == 19 ? MD_TYPES_119 : MD_TYPES_120;
	int etypes = types + (go_minor < 27 ? 1 : 2);

	if (!go_is_known(go_minor) || w[types] >= w[etypes])
		return;
	md->types = w[types];
	md->etypes = w[etypes];
}

static bool accept(struct moduledata_search *s, uint64_t vaddr, const uint64_t *w)
{
	const struct pclntab *tab = s->tab;
	uint64_t text = w[MD_TEXT], etext = w[MD_ETEXT];
	int gofunc = gofunc_word(s->go_minor);

	if (w[MD_PC_HEADER] != tab->vaddr || text >= etext ||
	    w[MD_FTAB] != tab->vaddr + tab->funcs || w[MD_FTAB + 1] != tab->nfunc + 1ull ||
	    w[MD_MINPC] != text + pclntab_entry(tab, 0) ||
	    w[MD_MAXPC] != text + pclntab_entry(tab, tab->nfunc) || w[MD_MAXPC] > etext ||
	    !elf_holds(s->elf, text, etext - text, PF_X))
		return false;
	s->md->vaddr = vaddr;
	s->md->text = text;
	s->md->etext = etext;
	s->md->data = w[MD_DATA];
	s->md->edata = w[MD_EDATA];
	s->md->gofunc = gofunc ? w[gofunc] : 0;
	find_types(s->md, w, s->go_minor);
	return true;
}

static void apply_relocations(const struct elf_file *elf, uint64_t vaddr, uint64_t *words)
{
	for (size_t i = 0; i < elf->nrela; i++) {
		struct elf_rela r = elf_rela(elf, i);
		uint64_t at = r.offset - vaddr;

		if (r.type == elf->arch->rela_relative && r.offset >= vaddr && at < MD_WORDS * 8 &&
		    at % 8 == 0)
			words[at / 8] = (uint64_t)r.addend;
	}
}

static bool try_at(struct moduledata_search *s, uint64_t vaddr)
{
	const uint8_t *bytes = elf_at(s->elf, vaddr, MD_WORDS * 8, 0);
	uint64_t words[MD_WORDS];

	if (!bytes || s->candidates++ >= MAX_CANDIDATES)
		return false;
	for (size_t i = 0; i < MD_WORDS; i++)
		words[i] = bytes_u64(bytes + i * 8);
	if (accept(s, vaddr, words))
		return true;
	if (s->elf->nrela == 0)
		return false;
	apply_relocations(s->elf, vaddr, words);
	return accept(s, vaddr, words);
}

static bool scan_data(struct moduledata_search *s)
{
	struct elf_scan scan = {0};

	while (elf_scan_next(s->elf, &scan, PF_W))
		for (uint64_t at = -scan.vaddr & 7; at + 8 <= scan.size; at += 8)
			if (bytes_u64(scan.bytes + at) == s->tab->vaddr &&
			    try_at(s, scan.vaddr + at))
				return true;
	return false;
}

static bool scan_relocations(struct moduledata_search *s)
{
	for (size_t i = 0; i < s->elf->nrela; i++) {
		struct elf_rela r = elf_rela(s->elf, i);

		if (r.type == s->elf->arch->rela_relative && (uint64_t)r.addend == s->tab->vaddr &&
		    try_at(s, r.offset))
			return true;
	}
	return false;
}

int moduledata_find(struct moduledata *md, const struct elf_file *elf, const struct pclntab *tab,
		    const struct symtab *st, int go_minor)
{
	struct moduledata_search s = {.elf = elf, .tab = tab, .md = md, .go_minor = go_minor};
	const struct elf_section *sec = elf_section(elf, ".go.module");
	uint64_t vaddr, size;
	bool found, tls;

	memset(md, 0, sizeof(*md));
	found = (sec && try_at(&s, sec->addr)) ||
		(symtab_find(st, "runtime.firstmoduledata", &vaddr, &size, &tls) == 0 &&
		 try_at(&s, vaddr)) ||
		scan_data(&s) || scan_relocations(&s);
	if (!found)
		return -ENOENT;
	if (!md->gofunc && symtab_find(st, "go:func.*", &vaddr, &size, &tls) == 0)
		md->gofunc = vaddr;
	return 0;
}
