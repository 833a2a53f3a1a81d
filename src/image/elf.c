/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/elf.h"

#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "image/bytes.h"

#define BUILD_AGAIN "copy or build it again"

/* Real executables have about ten; every address lookup walks them. */
#define MAX_SEGMENTS 256

/* Of a section, its NUL included. */
#define MAX_NAME 256

static const char *machine_name(unsigned int machine)
{
	static const struct {
		unsigned int machine;
		const char *name;
	} names[] = {
		{EM_386, "386"},           {EM_ARM, "arm"},    {EM_AARCH64, "arm64"},
		{EM_PPC64, "ppc64"},       {EM_S390, "s390x"}, {EM_RISCV, "riscv64"},
		{EM_LOONGARCH, "loong64"}, {EM_MIPS, "mips"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].machine == machine)
			return names[i].name;
	return "another architecture";
}

static int changed(const char *path, struct error *err)
{
	return error_set(err, -EBUSY, "%s: was overwritten while it was read; try again", path);
}

/* The identification bytes and the machine, before libelf sees them: its messages name no cause. */
static int check_kind(struct elf_file *elf, const char *path, struct error *err)
{
	const struct arch *native = arch_native();
	const size_t size = elf->content.size;
	const uint8_t *d;
	unsigned int machine;

	if (size < EI_NIDENT)
		return error_set(err, -ENOEXEC, "%s: not an ELF file; give a Go executable", path);
	d = elf_bytes(elf, 0, size < sizeof(Elf64_Ehdr) ? size : sizeof(Elf64_Ehdr));
	if (!d)
		return changed(path, err);
	if (memcmp(d, ELFMAG, SELFMAG) != 0)
		return error_set(err, -ENOEXEC, "%s: not an ELF file; give a Go executable", path);
	if (size < 20)
		return error_set(err, -ENOEXEC, "%s: cut short within its ELF header; " BUILD_AGAIN,
				 path);
	machine = d[EI_DATA] == ELFDATA2MSB ? (unsigned int)d[18] << 8 | d[19] : bytes_u16(d + 18);
	if (d[EI_CLASS] == ELFCLASS32)
		return error_set(err, -ENOEXEC,
				 "%s: a 32-bit ELF file (%s), and ftrace reads %s only; build it "
				 "with GOARCH=%s",
				 path, machine_name(machine), native->name, native->goarch);
	elf->arch = arch_of(machine);
	if (!elf->arch)
		return error_set(err, -ENOEXEC,
				 "%s: an ELF file for %s (machine %u), and ftrace reads %s only; "
				 "build it with GOARCH=%s",
				 path, machine_name(machine), machine, native->name,
				 native->goarch);
	if (d[EI_CLASS] != ELFCLASS64 || d[EI_DATA] != ELFDATA2LSB || d[EI_VERSION] != EV_CURRENT)
		return error_set(err, -ENOEXEC,
				 "%s: its ELF header is damaged (class %u, byte order %u, version "
				 "%u); " BUILD_AGAIN,
				 path, d[EI_CLASS], d[EI_DATA], d[EI_VERSION]);
	if (size < sizeof(Elf64_Ehdr))
		return error_set(err, -ENOEXEC, "%s: cut short within its ELF header; " BUILD_AGAIN,
				 path);
	return 0;
}

static int table_error(const struct elf_file *elf, const char *path, const char *what,
		       uint64_t offset, struct error *err)
{
	return error_set(
		err, -ENOEXEC,
		"%s: its %s at offset %llu lie beyond the end of the file (%zu bytes), so it "
		"was cut short or its header is wrong; " BUILD_AGAIN,
		path, what, (unsigned long long)offset, elf->content.size);
}

static int read_segments(struct elf_file *elf, Elf *e, const GElf_Ehdr *eh, const char *path,
			 struct error *err)
{
	size_t count;

	if (elf_getphdrnum(e, &count) || !bytes_within(eh->e_phoff, 0, elf->content.size) ||
	    count > (elf->content.size - eh->e_phoff) / sizeof(Elf64_Phdr))
		return table_error(elf, path, "program headers", eh->e_phoff, err);
	if (count > MAX_SEGMENTS)
		return error_set(
			err, -ENOEXEC,
			"%s: its ELF header is damaged (%zu program headers); " BUILD_AGAIN, path,
			count);
	for (size_t i = 0; i < count; i++) {
		struct elf_segment *seg;
		GElf_Phdr ph;
		bool held;

		if (!gelf_getphdr(e, (int)i, &ph))
			return table_error(elf, path, "program headers", eh->e_phoff, err);
		held = bytes_within(ph.p_offset, ph.p_filesz, elf->content.size);
		if (ph.p_type == PT_LOAD && !held)
			return table_error(elf, path, "loaded segments", ph.p_offset, err);
		if (ph.p_type == PT_LOAD &&
		    (ph.p_filesz > ph.p_memsz || ph.p_vaddr + ph.p_memsz < ph.p_vaddr))
			return error_set(err, -ENOEXEC,
					 "%s: program header %zu is damaged (address 0x%llx, size "
					 "%llu); " BUILD_AGAIN,
					 path, i, (unsigned long long)ph.p_vaddr,
					 (unsigned long long)ph.p_memsz);
		if (!held && ph.p_type != PT_TLS)
			continue;
		seg = vec_push(&elf->segments, &elf->nsegments, &elf->capsegments);
		if (!seg)
			return error_set(err, -ENOMEM, "%s: out of memory; close other programs",
					 path);
		*seg = (struct elf_segment){
			.vaddr = ph.p_vaddr,
			.memsz = ph.p_memsz,
			.offset = held ? ph.p_offset : 0,
			.filesz = held ? ph.p_filesz : 0,
			.align = ph.p_align,
			.type = ph.p_type,
			.flags = ph.p_flags,
		};
	}
	return 0;
}

/* Section names straight from the file's bytes, so that they outlive libelf's handle. */
static const char *section_name(const struct elf_file *elf, const GElf_Shdr *strs, uint64_t at)
{
	const char *name;
	uint64_t room;

	if (strs->sh_type != SHT_STRTAB || at >= strs->sh_size ||
	    !bytes_within(strs->sh_offset, strs->sh_size, elf->content.size))
		return "";
	room = strs->sh_size - at < MAX_NAME ? strs->sh_size - at : MAX_NAME;
	name = (const char *)elf_bytes(elf, strs->sh_offset + at, room);
	return name && memchr(name, 0, room) ? name : "";
}

static int read_sections(struct elf_file *elf, Elf *e, const GElf_Ehdr *eh, const char *path,
			 struct error *err)
{
	GElf_Shdr sh, strs = {0};
	size_t count, names;

	if (eh->e_shoff == 0) /* stripped of them: legal, everything needed is found by scanning */
		return 0;
	if (!bytes_within(eh->e_shoff, sizeof(Elf64_Shdr), elf->content.size) ||
	    elf_getshdrnum(e, &count) ||
	    count > (elf->content.size - eh->e_shoff) / sizeof(Elf64_Shdr))
		return table_error(elf, path, "section headers", eh->e_shoff, err);
	if (elf_getshdrstrndx(e, &names) || !gelf_getshdr(elf_getscn(e, names), &strs))
		strs.sh_type = SHT_NULL;
	for (size_t i = 0; i < count; i++) {
		struct elf_section *sec;

		sec = vec_push(&elf->sections, &elf->nsections, &elf->capsections);
		if (!sec)
			return error_set(err, -ENOMEM, "%s: out of memory; close other programs",
					 path);
		sec->name = "";
		if (!gelf_getshdr(elf_getscn(e, i), &sh))
			continue;
		sec->name = section_name(elf, &strs, sh.sh_name);
		sec->addr = sh.sh_addr;
		sec->link = sh.sh_link;
		if (sh.sh_type != SHT_NOBITS &&
		    !bytes_within(sh.sh_offset, sh.sh_size, elf->content.size)) {
			elf->cut = true;
			continue; /* keeps type SHT_NULL */
		}
		sec->type = sh.sh_type;
		sec->offset = sh.sh_offset;
		sec->size = sh.sh_size;
	}
	return 0;
}

/* Finds the dynamic relocations by the dynamic section: their sections' names differ by linker. */
static void read_dynamic(struct elf_file *elf)
{
	const struct elf_segment *dyn = elf_segment(elf, PT_DYNAMIC);
	uint64_t rela = 0, size = 0, entry = sizeof(Elf64_Rela), flags = 0;
	const uint8_t *bytes;

	if (!dyn)
		return;
	bytes = elf_bytes(elf, dyn->offset, dyn->filesz);
	for (uint64_t i = 0; bytes && i + sizeof(Elf64_Dyn) <= dyn->filesz;
	     i += sizeof(Elf64_Dyn)) {
		const uint8_t *d = bytes + i;
		uint64_t tag = bytes_u64(d), value = bytes_u64(d + 8);

		if (tag == DT_NULL)
			break;
		if (tag == DT_RELA)
			rela = value;
		else if (tag == DT_RELASZ)
			size = value;
		else if (tag == DT_RELAENT)
			entry = value;
		else if (tag == DT_SYMTAB)
			elf->dynsym = value;
		else if (tag == DT_FLAGS_1)
			flags = value;
	}
	elf->shared = elf->pie && !elf_segment(elf, PT_INTERP) && !(flags & DF_1_PIE);
	if (entry != sizeof(Elf64_Rela) || size < sizeof(Elf64_Rela))
		return;
	elf->rela = elf_at(elf, rela, size, 0);
	elf->nrela = elf->rela ? size / sizeof(Elf64_Rela) : 0;
}

static int check_headers(struct elf_file *elf, Elf *e, const char *path, struct error *err)
{
	GElf_Ehdr eh;
	int ret;

	if (!gelf_getehdr(e, &eh))
		return error_set(err, -ENOEXEC, "%s: its ELF header is damaged (%s); " BUILD_AGAIN,
				 path, elf_errmsg(-1));
	if (eh.e_type != ET_EXEC && eh.e_type != ET_DYN)
		return error_set(err, -ENOEXEC,
				 "%s: an ELF file, but no executable (it is %s); give the linked "
				 "program",
				 path,
				 eh.e_type == ET_REL    ? "an object file"
				 : eh.e_type == ET_CORE ? "a core dump"
							: "of an unknown type");
	if (eh.e_phentsize != sizeof(Elf64_Phdr) ||
	    (eh.e_shoff && eh.e_shentsize != sizeof(Elf64_Shdr)))
		return error_set(err, -ENOEXEC,
				 "%s: its ELF header is damaged (header entries of %u and %u "
				 "bytes); " BUILD_AGAIN,
				 path, eh.e_phentsize, eh.e_shentsize);
	elf->pie = eh.e_type == ET_DYN;
	ret = elf->apart ? 0 : read_segments(elf, e, &eh, path, err);
	if (ret == 0)
		ret = read_sections(elf, e, &eh, path, err);
	if (ret == 0 && !elf->apart)
		read_dynamic(elf);
	return ret;
}

void elf_read_headers(const struct content *content)
{
	const Elf64_Ehdr *eh = (const void *)content_at(content, 0, sizeof(*eh));
	uint64_t segments, sections;
	Elf64_Shdr first;
	const void *at;

	if (!eh)
		return;
	segments = eh->e_phnum;
	sections = eh->e_shnum;
	at = eh->e_shoff ? content_at(content, eh->e_shoff, sizeof(first)) : NULL;
	/* More than fit into the header are told by the first section (gABI, e_phnum and e_shnum). */
	if (at) {
		memcpy(&first, at, sizeof(first));
		if (segments == PN_XNUM)
			segments = first.sh_info;
		if (!sections)
			sections = first.sh_size;
		if (sections <= content->size / sizeof(first))
			content_at(content, eh->e_shoff, sections * sizeof(first));
	}
	content_at(content, eh->e_phoff, segments * sizeof(Elf64_Phdr));
}

static int open_as(struct elf_file *elf, bool apart, int fd, const char *path, struct error *err)
{
	Elf *e;
	int ret;

	*elf = (struct elf_file){.apart = apart};
	ret = content_open(&elf->content, fd, path, err);
	if (ret)
		return ret;
	ret = check_kind(elf, path, err);
	if (ret)
		goto release;
	elf_read_headers(&elf->content);
	elf_version(EV_CURRENT);
	e = elf_memory((char *)elf->content.data, elf->content.size);
	if (!e) {
		ret = error_set(err, -ENOEXEC, "%s: its ELF header is damaged (%s); " BUILD_AGAIN,
				path, elf_errmsg(-1));
		goto release;
	}
	ret = check_headers(elf, e, path, err);
	elf_end(e);
release:
	if (ret)
		elf_release(elf);
	return ret;
}

int elf_open(struct elf_file *elf, int fd, const char *path, struct error *err)
{
	return open_as(elf, false, fd, path, err);
}

int elf_open_apart(struct elf_file *elf, int fd, const char *path, struct error *err)
{
	return open_as(elf, true, fd, path, err);
}

void elf_keep(const struct elf_file *elf)
{
	const struct elf_section *syms = elf_section(elf, ".symtab");

	for (size_t i = 0; i < elf->nsegments; i++) {
		const struct elf_segment *seg = &elf->segments[i];

		if (seg->type == PT_LOAD && !(seg->flags & PF_X))
			elf_bytes(elf, seg->offset, seg->filesz);
	}
	if (syms && syms->link < elf->nsections) {
		const struct elf_section *strs = &elf->sections[syms->link];

		elf_bytes(elf, syms->offset, syms->size);
		elf_bytes(elf, strs->offset, strs->size);
	}
}

void elf_idle(const struct elf_file *elf)
{
	const struct elf_section *text = elf_section(elf, ".text");

	if (text)
		content_forget(&elf->content, text->offset, text->size);
}

const uint8_t *elf_bytes(const struct elf_file *elf, uint64_t offset, uint64_t len)
{
	return content_at(&elf->content, offset, len);
}

void elf_release(struct elf_file *elf)
{
	content_release(&elf->content);
	free(elf->segments);
	free(elf->sections);
	*elf = (struct elf_file){.content = {.fd = -1}};
}

const struct elf_section *elf_section(const struct elf_file *elf, const char *name)
{
	for (size_t i = 0; i < elf->nsections; i++) {
		const struct elf_section *sec = &elf->sections[i];

		if (sec->type != SHT_NULL && sec->type != SHT_NOBITS &&
		    strcmp(sec->name, name) == 0)
			return sec;
	}
	return NULL;
}

static const struct elf_segment *loaded(const struct elf_file *elf, uint64_t vaddr, uint32_t flags)
{
	for (size_t i = 0; i < elf->nsegments; i++) {
		const struct elf_segment *seg = &elf->segments[i];

		if (seg->type == PT_LOAD && (seg->flags & flags) == flags && vaddr >= seg->vaddr &&
		    vaddr - seg->vaddr < seg->filesz)
			return seg;
	}
	return NULL;
}

const uint8_t *elf_at(const struct elf_file *elf, uint64_t vaddr, uint64_t len, uint32_t flags)
{
	const struct elf_segment *seg = loaded(elf, vaddr, flags);

	if (!seg || len > seg->filesz - (vaddr - seg->vaddr))
		return NULL;
	return elf_bytes(elf, seg->offset + (vaddr - seg->vaddr), len);
}

bool elf_has_units(const struct elf_file *elf)
{
	const struct elf_section *units = elf_section(elf, ".debug_info");

	if (!units)
		units = elf_section(elf, ".zdebug_info");
	return units && units->size;
}

bool elf_holds(const struct elf_file *elf, uint64_t vaddr, uint64_t len, uint32_t flags)
{
	const struct elf_segment *seg = loaded(elf, vaddr, flags);

	return seg && len <= seg->filesz - (vaddr - seg->vaddr);
}

/* As the kernel maps them. */
#define PAGE 4096

const uint8_t *elf_constant(const struct elf_file *elf, uint64_t vaddr, uint64_t len)
{
	for (size_t i = 0; i < elf->nsegments; i++) {
		const struct elf_segment *seg = &elf->segments[i];

		if (seg->type == PT_LOAD && seg->flags & (PF_W | PF_X) &&
		    vaddr / PAGE <= (seg->vaddr + seg->memsz) / PAGE &&
		    (vaddr + len) / PAGE >= seg->vaddr / PAGE)
			return NULL;
	}
	return elf_at(elf, vaddr, len, PF_R);
}

uint64_t elf_room(const struct elf_file *elf, uint64_t vaddr)
{
	const struct elf_segment *seg = loaded(elf, vaddr, 0);

	return seg ? seg->filesz - (vaddr - seg->vaddr) : 0;
}

int elf_code_offset(const struct elf_file *elf, uint64_t vaddr, uint64_t *offset)
{
	const struct elf_segment *seg = loaded(elf, vaddr, PF_X);

	if (!seg)
		return -ENOENT;
	*offset = seg->offset + (vaddr - seg->vaddr);
	return 0;
}

int elf_address(const struct elf_file *elf, uint64_t offset, uint64_t *vaddr)
{
	for (size_t i = 0; i < elf->nsegments; i++) {
		const struct elf_segment *seg = &elf->segments[i];

		if (seg->type != PT_LOAD || offset < seg->offset ||
		    offset - seg->offset >= seg->filesz)
			continue;
		*vaddr = seg->vaddr + (offset - seg->offset);
		return 0;
	}
	return -ENOENT;
}

const struct elf_segment *elf_segment(const struct elf_file *elf, uint32_t type)
{
	for (size_t i = 0; i < elf->nsegments; i++)
		if (elf->segments[i].type == type)
			return &elf->segments[i];
	return NULL;
}

struct elf_rela elf_rela(const struct elf_file *elf, size_t index)
{
	const uint8_t *r = elf->rela + index * sizeof(Elf64_Rela);
	uint64_t info = bytes_u64(r + 8);

	return (struct elf_rela){
		.offset = bytes_u64(r),
		.type = (uint32_t)info,
		.symbol = (uint32_t)(info >> 32),
		.addend = (int64_t)bytes_u64(r + 16),
	};
}
