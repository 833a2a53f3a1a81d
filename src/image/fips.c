/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memmem */
#include "image/fips.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

#include "image/bytes.h"

#define MAGIC_LEN 16
#define SUM_LEN   32

/* Words behind the sum. */
enum { SELF, TEXT_START, TEXT_END, WORDS };

#define INFO_LEN (MAGIC_LEN + SUM_LEN + WORDS * 8)

static const uint8_t magic[MAGIC_LEN] = "\xff Go fipsinfo \xff";

static bool accept(const struct elf_file *elf, uint64_t vaddr, const uint64_t *words,
		   uint64_t *start, uint64_t *end)
{
	uint64_t from = words[TEXT_START], to = words[TEXT_END];

	if (words[SELF] != vaddr || from > to || !elf_holds(elf, from, to - from, PF_X))
		return false;
	*start = from;
	*end = to;
	return true;
}

/* Whether go:fipsinfo is at `vaddr`. */
static bool try_at(const struct elf_file *elf, uint64_t vaddr, uint64_t *start, uint64_t *end)
{
	const uint8_t *bytes = elf_at(elf, vaddr, INFO_LEN, 0);
	uint64_t words[WORDS], first = vaddr + MAGIC_LEN + SUM_LEN;

	if (!bytes || memcmp(bytes, magic, MAGIC_LEN) != 0)
		return false;
	for (size_t i = 0; i < WORDS; i++)
		words[i] = bytes_u64(bytes + MAGIC_LEN + SUM_LEN + i * 8);
	if (accept(elf, vaddr, words, start, end))
		return true;
	for (size_t i = 0; i < elf->nrela; i++) {
		struct elf_rela r = elf_rela(elf, i);

		if (r.type == elf->arch->rela_relative && r.offset >= first &&
		    r.offset - first < sizeof(words) && (r.offset - first) % 8 == 0)
			words[(r.offset - first) / 8] = (uint64_t)r.addend;
	}
	return accept(elf, vaddr, words, start, end);
}

static bool scan_data(const struct elf_file *elf, uint64_t *start, uint64_t *end)
{
	for (size_t i = 0; i < elf->nsegments; i++) {
		const struct elf_segment *seg = &elf->segments[i];
		const uint8_t *from, *to, *at;

		if (seg->type != PT_LOAD || !(seg->flags & PF_W))
			continue;
		at = from = elf_bytes(elf, seg->offset, seg->filesz);
		to = from + (from ? seg->filesz : 0);
		while (from && (at = memmem(at, (size_t)(to - at), magic, MAGIC_LEN))) {
			if (try_at(elf, seg->vaddr + (uint64_t)(at - from), start, end))
				return true;
			at++;
		}
	}
	return false;
}

int fips_find(const struct elf_file *elf, const struct symtab *st, uint64_t *start, uint64_t *end)
{
	const struct elf_section *sec = elf_section(elf, ".go.fipsinfo");
	uint64_t size;
	bool tls;

	if ((sec && try_at(elf, sec->addr, start, end)) || scan_data(elf, start, end))
		return 0;
	if (symtab_find(st, "go:textfipsstart", start, &size, &tls) ||
	    symtab_find(st, "go:textfipsend", end, &size, &tls) || *start > *end)
		return -ENOENT;
	return 0;
}

static bool is_of_module(const char *name)
{
	static const char path[] = "crypto/internal/fips140";
	size_t len = sizeof(path) - 1;

	return !strncmp(name, path, len) && (name[len] == '.' || name[len] == '/');
}

int fips_find_by_names(const struct image *img, uint64_t *start, uint64_t *end)
{
	*start = UINT64_MAX;
	*end = 0;
	for (size_t i = 0; i < image_func_count(img); i++) {
		struct image_func func;

		if (image_func(img, i, false, &func) || !is_of_module(func.name))
			continue;
		if (func.entry < *start)
			*start = func.entry;
		if (func.entry + func.size > *end)
			*end = func.entry + func.size;
	}
	return *end ? 0 : -ENOENT;
}
