/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * executable: Go executables that an input changes, a few bytes here and there.
 *
 * An input is not an executable but a list of edits to one that was built beforehand, so that inputs
 * stay small and most of the file stays sound:
 *
 *     u8   which of the executables
 *     u8   for the fuzz program's own use
 *     then edits of 14 bytes:  u8 region, u8 operation, u32 offset in the region, u64 value
 *
 * Regions are parts of the file by name and offsets wrap at their end, so an input means much the same
 * with executables of another compiler. The file is changed in place (a memfd) and mended
 * afterwards.
 */
#ifndef FTRACE_TESTS_FUZZ_EXECUTABLE_H
#define FTRACE_TESTS_FUZZ_EXECUTABLE_H

#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

#define EDIT_SIZE 14
#define EDITS_MAX 32

enum edit_operation {
	EDIT_SET1,
	EDIT_SET2,
	EDIT_SET4,
	EDIT_SET8,
	EDIT_ADD4, /* value is added to the 4 bytes there */
	EDIT_FILL, /* value's low byte, (value >> 8) & 0xffff times */
	EDIT_CUT,  /* the file ends there */
	EDIT_COPY, /* 16 bytes from elsewhere in the region */
	EDIT_OPERATIONS,
};

enum { REGION_FILE, REGION_ELF_HEADER, REGION_SEGMENTS, REGION_SECTIONS, REGION_NAMED };

static const char *const region_sections[] = {
	".gopclntab",    ".data.rel.ro.gopclntab",
	".go.buildinfo", ".go.module",
	".text",         ".rodata",
	".noptrdata",    ".data",
	".typelink",     ".itablink",
	".symtab",       ".strtab",
	".shstrtab",     ".note.go.buildid",
	".dynamic",      ".rela",
	".debug_abbrev", ".debug_info",
	".debug_line",   ".debug_str",
	".debug_addr",   ".debug_rnglists",
	".debug_ranges", ".debug_loclists",
	".debug_frame",
};

#define REGIONS (REGION_NAMED + sizeof(region_sections) / sizeof(region_sections[0]))

struct region {
	size_t at, size;
};

struct executable {
	uint8_t *bytes; /* as it was built */
	size_t size;
	int fd; /* the copy that is edited */
	struct region regions[REGIONS];
};

struct span {
	size_t at, size;
};

static struct executable executables[3];
static struct span edited[EDITS_MAX];
static size_t nedited;
static bool was_cut;

static inline const Elf64_Shdr *executable_sections(const struct executable *exe, size_t *count)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)exe->bytes;

	*count = header->e_shnum;
	return (const Elf64_Shdr *)(exe->bytes + header->e_shoff);
}

static inline void executable_divide(struct executable *exe)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)exe->bytes;
	size_t count;
	const Elf64_Shdr *sections = executable_sections(exe, &count);
	const char *names = (const char *)exe->bytes + sections[header->e_shstrndx].sh_offset;
	struct region *named = &exe->regions[REGION_NAMED];

	exe->regions[REGION_FILE] = (struct region){0, exe->size};
	exe->regions[REGION_ELF_HEADER] = (struct region){0, sizeof(*header)};
	exe->regions[REGION_SEGMENTS] =
		(struct region){header->e_phoff, header->e_phnum * sizeof(Elf64_Phdr)};
	exe->regions[REGION_SECTIONS] =
		(struct region){header->e_shoff, header->e_shnum * sizeof(Elf64_Shdr)};
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < REGIONS - REGION_NAMED; k++)
			if (!strcmp(names + sections[i].sh_name, region_sections[k]) &&
			    sections[i].sh_type != SHT_NOBITS)
				named[k] =
					(struct region){sections[i].sh_offset, sections[i].sh_size};
}

static inline void executable_load(struct executable *exe, const char *name)
{
	const char *dir = getenv("FTRACE_FUZZ_TARGETS");
	char path[4096];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir ? dir : "build/fuzz/target", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st)) {
		perror(path);
		exit(1);
	}
	exe->size = (size_t)st.st_size;
	exe->bytes = malloc(exe->size);
	exe->fd = memfd_create(name, MFD_CLOEXEC);
	check(exe->bytes && exe->fd >= 0);
	check(pread(fd, exe->bytes, exe->size, 0) == (ssize_t)exe->size);
	check(pwrite(exe->fd, exe->bytes, exe->size, 0) == (ssize_t)exe->size);
	close(fd);
	executable_divide(exe);
}

/* With debug information as it is, compressed, and stripped; the last is position independent. */
static inline void executables_load(void)
{
	executable_load(&executables[0], "plain");
	executable_load(&executables[1], "packed");
	executable_load(&executables[2], "stripped-pie");
}

static inline void executable_put(const struct executable *exe, size_t at, const void *bytes,
				  size_t size)
{
	if (at >= exe->size)
		return;
	if (size > exe->size - at)
		size = exe->size - at;
	check(pwrite(exe->fd, bytes, size, (off_t)at) == (ssize_t)size);
	edited[nedited++] = (struct span){at, size};
}

static inline void executable_edit(struct executable *exe, struct input *in)
{
	const struct region *region = &exe->regions[take(in, 1) % REGIONS];
	uint8_t operation = take(in, 1) % EDIT_OPERATIONS;
	uint32_t offset = (uint32_t)take(in, 4), word = 0;
	uint64_t value = take(in, 8);
	static uint8_t fill[0x10000];
	size_t at;

	if (!region->size)
		return;
	at = region->at + offset % region->size;
	switch (operation) {
	case EDIT_ADD4:
		if (at + sizeof(word) > exe->size)
			return;
		memcpy(&word, exe->bytes + at, sizeof(word));
		word += (uint32_t)value;
		executable_put(exe, at, &word, sizeof(word));
		break;
	case EDIT_FILL:
		memset(fill, (int)(value & 0xff), sizeof(fill));
		executable_put(exe, at, fill, value >> 8 & 0xffff);
		break;
	case EDIT_CUT:
		check(!ftruncate(exe->fd, (off_t)at));
		was_cut = true;
		break;
	case EDIT_COPY:
		if (value % region->size + 16 <= region->size)
			executable_put(exe, at, exe->bytes + region->at + value % region->size, 16);
		break;
	default:
		executable_put(exe, at, &value, (size_t)1 << operation);
	}
}

/* The executable that the input chooses, changed as it says; `option` is the input's second byte. */
static inline struct executable *executable_edited(struct input *in, uint8_t *option)
{
	struct executable *exe = &executables[take(in, 1) % 3];

	*option = (uint8_t)take(in, 1);
	nedited = 0;
	was_cut = false;
	for (size_t i = 0; i < EDITS_MAX && in->size >= EDIT_SIZE; i++)
		executable_edit(exe, in);
	return exe;
}

static inline void executable_mend(struct executable *exe)
{
	if (was_cut) {
		check(pwrite(exe->fd, exe->bytes, exe->size, 0) == (ssize_t)exe->size);
		check(!ftruncate(exe->fd, (off_t)exe->size));
	}
	while (nedited) {
		const struct span *span = &edited[--nedited];

		check(pwrite(exe->fd, exe->bytes + span->at, span->size, (off_t)span->at) ==
		      (ssize_t)span->size);
	}
}

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

static inline uint64_t executable_draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Every size is as likely as any other: tables are damaged best near their beginning. */
static inline uint64_t executable_draw_scaled(uint64_t *state, unsigned int bits)
{
	return executable_draw(state) >> (64 - 1 - executable_draw(state) % bits);
}

/* One edit more, or another instead of one that is there. */
static inline size_t executable_mutate(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	uint64_t state = seed * 0x9e3779b97f4a7c15u + 1, value;
	size_t edits = size > 2 ? (size - 2) / EDIT_SIZE : 0, at;
	uint32_t offset;

	if (executable_draw(&state) % 4 == 0)
		return LLVMFuzzerMutate(data, size, max);
	if (size < 2) {
		memset(data, 0, 2);
		size = 2;
	}
	if (executable_draw(&state) % 8 == 0)
		data[executable_draw(&state) % 2] = (uint8_t)executable_draw(&state);
	at = executable_draw(&state) % 3 ? edits : executable_draw(&state) % (edits + 1);
	if (at >= EDITS_MAX || 2 + (at + 1) * EDIT_SIZE > max)
		at = 0;
	offset = (uint32_t)executable_draw_scaled(&state, 24);
	value = executable_draw_scaled(&state, 63);
	if (executable_draw(&state) % 4 == 0)
		value = ~value;
	data[2 + at * EDIT_SIZE] = (uint8_t)(executable_draw(&state) % REGIONS);
	data[3 + at * EDIT_SIZE] = (uint8_t)(executable_draw(&state) % EDIT_OPERATIONS);
	memcpy(data + 4 + at * EDIT_SIZE, &offset, sizeof(offset));
	memcpy(data + 8 + at * EDIT_SIZE, &value, sizeof(value));
	return at < edits ? 2 + edits * EDIT_SIZE : 2 + (at + 1) * EDIT_SIZE;
}

#endif
