/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/dwarf.h"

#include <errno.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "image/bytes.h"
#include "image/dwarf_priv.h"

/* libdw's DWARF_E_NO_DWARF: its header keeps the numbers to itself, and the texts are translated.
 * Source: elfutils libdw/libdwP.h. */
enum { LIBDW_NO_DWARF = 6 };

static struct dwarf_chunk *add_chunk(struct dwarf *dw, size_t bytes)
{
	struct dwarf_chunk *chunk;

	if (__builtin_add_overflow(bytes, sizeof(*chunk), &bytes) ||
	    !dwarf_bounds_take(&dw->bounds.alloc, bytes))
		return NULL;
	chunk = calloc(1, bytes);
	if (!chunk)
		return NULL;
	chunk->next = dw->chunks;
	dw->chunks = chunk;
	return chunk;
}

void *dwarf_alloc(struct dwarf *dw, size_t count, size_t size)
{
	static const size_t align = _Alignof(max_align_t);
	struct dwarf_chunk *chunk;
	size_t bytes;
	void *made;

	if (__builtin_mul_overflow(count, size, &bytes) ||
	    __builtin_add_overflow(bytes, align - 1, &bytes))
		return NULL;
	bytes -= bytes % align;
	if (bytes > DWARF_CHUNK / 4) {
		chunk = add_chunk(dw, bytes);
		return chunk ? chunk->bytes : NULL;
	}
	if (bytes > dw->left) {
		chunk = add_chunk(dw, DWARF_CHUNK);
		if (!chunk)
			return NULL;
		dw->room = (char *)chunk->bytes;
		dw->left = DWARF_CHUNK;
	}
	made = dw->room;
	dw->room += bytes;
	dw->left -= bytes;
	return made;
}

const struct dwarf_unit *dwarf_unit_of(const struct dwarf *dw, uint64_t offset)
{
	size_t low = 0, high = dw->nunits;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (dw->units[mid].die > offset)
			high = mid;
		else
			low = mid + 1;
	}
	if (!low || offset >= dw->units[low - 1].end)
		return NULL;
	return &dw->units[low - 1];
}

/* An inline string (DW_FORM_string) may run out of its unit; libdw does not look. */
static bool inline_text_ends(struct dwarf *dw, Dwarf_Die *die, const Dwarf_Attribute *attr)
{
	uint64_t offset = dwarf_dieoffset(die), at;
	const struct dwarf_unit *unit = dwarf_unit_of(dw, offset);

	if (!unit || (const unsigned char *)attr->valp < (const unsigned char *)die->addr)
		return false;
	at = offset + ((const unsigned char *)attr->valp - (const unsigned char *)die->addr);
	return at < unit->end && memchr(attr->valp, 0, unit->end - at);
}

const char *dwarf_text(struct dwarf *dw, Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attr;
	const char *text;

	if (!dw->bounds.text || !dwarf_attr(die, name, &attr))
		return NULL;
	if (dwarf_whatform(&attr) == DW_FORM_string && !inline_text_ends(dw, die, &attr))
		return NULL;
	text = dwarf_formstring(&attr);
	return text && dwarf_bounds_take(&dw->bounds.text, strlen(text)) ? text : NULL;
}

const char *dwarf_die_name(struct dwarf *dw, Dwarf_Die *die)
{
	return dwarf_text(dw, die, DW_AT_name);
}

bool dwarf_number(Dwarf_Die *die, unsigned int name, uint64_t *value)
{
	Dwarf_Attribute attr;
	Dwarf_Word word;

	if (!dwarf_attr(die, name, &attr))
		return false;
	if (dwarf_whatform(&attr) == DW_FORM_addr) {
		Dwarf_Addr addr;

		if (dwarf_formaddr(&attr, &addr))
			return false;
		*value = addr;
		return true;
	}
	if (dwarf_formudata(&attr, &word))
		return false;
	*value = word;
	return true;
}

bool dwarf_flag_set(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attr;
	bool set;

	return dwarf_attr(die, name, &attr) && !dwarf_formflag(&attr, &set) && set;
}

bool dwarf_reference(Dwarf_Die *die, unsigned int name, Dwarf_Die *to)
{
	Dwarf_Attribute attr;

	return dwarf_attr(die, name, &attr) && dwarf_formref_die(&attr, to);
}

bool dwarf_first(Dwarf_Die *die, Dwarf_Die *child)
{
	return dwarf_child(die, child) == 0;
}

bool dwarf_next(struct dwarf *dw, Dwarf_Die *die)
{
	uintptr_t from = (uintptr_t)die->addr;

	return dw->bounds.dies && dwarf_siblingof(die, die) == 0 && (uintptr_t)die->addr > from &&
	       dwarf_bounds_take(&dw->bounds.dies, (uintptr_t)die->addr - from);
}

/* FNV-1a. */
uint64_t dwarf_hash(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return hash;
}

static int add_ranges(struct dwarf *dw, Dwarf_Die *die, size_t unit)
{
	Dwarf_Addr base, low, high;
	ptrdiff_t at = 0;

	while ((at = dwarf_ranges(die, at, &base, &low, &high)) > 0) {
		struct dwarf_range *range;

		if (!dwarf_bounds_take(&dw->bounds.ranges, 1))
			return 0;
		if (low >= high)
			continue;
		if (dw->nranges >= DWARF_MAX_RANGES)
			return 0;
		range = vec_push(&dw->ranges, &dw->nranges, &dw->capranges);
		if (!range)
			return -ENOMEM;
		*range = (struct dwarf_range){.low = low, .high = high, .unit = unit};
	}
	return 0;
}

/* "Go cmd/compile go1.22.12; regabi" */
static int producer_minor(const char *producer)
{
	const char *at = producer ? strstr(producer, "go1.") : NULL;
	int minor = 0;

	if (!at)
		return 0;
	for (at += 4; *at >= '0' && *at <= '9' && minor < 1000; at++)
		minor = minor * 10 + (*at - '0');
	return minor;
}

static int add_unit(struct dwarf *dw, uint64_t die_offset, uint64_t end)
{
	struct dwarf_unit *unit = vec_push(&dw->units, &dw->nunits, &dw->capunits);
	uint64_t language;
	Dwarf_Die die;

	if (!unit)
		return -ENOMEM;
	unit->die = die_offset;
	unit->end = end;
	if (!dwarf_offdie(dw->lib, die_offset, &die) || dwarf_tag(&die) != DW_TAG_compile_unit)
		return 0;
	unit->name = dwarf_die_name(dw, &die);
	unit->go = dwarf_number(&die, DW_AT_language, &language) && language == DW_LANG_Go;
	if (!unit->go)
		return 0;
	unit->go_minor = producer_minor(dwarf_text(dw, &die, DW_AT_producer));
	return add_ranges(dw, &die, dw->nunits - 1);
}

static int range_cmp(const void *a, const void *b)
{
	const struct dwarf_range *x = a, *y = b;

	return (x->low > y->low) - (x->low < y->low);
}

/* The section of abbreviations, as libdw has unpacked it. */
static const Elf_Data *find_abbrevs(struct dwarf *dw)
{
	Elf *elf = dwarf_getelf(dw->lib);
	Elf_Scn *section = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return NULL;
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr sh;
		const char *name;

		if (!gelf_getshdr(section, &sh) || sh.sh_type == SHT_NOBITS)
			continue;
		name = elf_strptr(elf, names, sh.sh_name);
		if (name && (!strcmp(name, ".debug_abbrev") || !strcmp(name, ".zdebug_abbrev")))
			return elf_getdata(section, NULL);
	}
	return NULL;
}

/* What the units' tables of abbreviations are long together, each counted as often as it is used. */
struct abbrevs {
	const Elf_Data *data;
	uint64_t offset, length; /* of the newest */
	uint64_t left;
};

static bool take_abbrevs(struct abbrevs *abbrevs, Dwarf_Off offset)
{
	if (!abbrevs->data || !abbrevs->data->d_buf)
		return false;
	if (offset != abbrevs->offset || !abbrevs->length) {
		abbrevs->offset = offset;
		abbrevs->length =
			dwarf_abbrev_length(abbrevs->data->d_buf, abbrevs->data->d_size, offset);
	}
	return dwarf_bounds_take(&abbrevs->left, abbrevs->length);
}

/* A damaged unit ends the list; what came before it is still good. */
static int read_units(struct dwarf *dw)
{
	struct abbrevs abbrevs = {.data = find_abbrevs(dw), .left = dw->bounds.sections};
	Dwarf_Off offset = 0, next, table;
	size_t header;
	int err;

	while (dw->nunits < DWARF_MAX_UNITS &&
	       dwarf_nextcu(dw->lib, offset, &next, &header, &table, NULL, NULL) == 0) {
		if (next <= offset || header >= next - offset || !take_abbrevs(&abbrevs, table))
			break;
		err = add_unit(dw, offset + header, next);
		if (err)
			return err;
		offset = next;
	}
	if (dw->nranges)
		qsort(dw->ranges, dw->nranges, sizeof(*dw->ranges), range_cmp);
	return 0;
}

/* Whether what is asked of libdw needs a section of that name. Those of lines, frames and locations are as large as
 * the rest, and libdw unpacks all that it finds. */
static bool is_wanted(const struct dwarf *dw, const char *name)
{
	static const char *const wanted[] = {"loc",    "loclists",    "info",     "abbrev",
					     "str",    "str_offsets", "line_str", "addr",
					     "ranges", "rnglists"};

	name += *name == '.';
	name += *name == 'z';
	for (size_t i = dw->places ? 0 : 2; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!strncmp(name, "debug_", 6) && !strcmp(name + 6, wanted[i]))
			return true;
	return false;
}

/* Reads a section that libdw is to look into; the others it is not to find. What lies beyond the end of the
 * file libelf finds out itself. */
static int read_section(struct dwarf *dw, Elf_Scn *section, size_t names)
{
	const uint8_t *bytes;
	const char *name;
	GElf_Shdr sh;

	if (!gelf_getshdr(section, &sh) || sh.sh_type == SHT_NOBITS)
		return 0;
	name = elf_strptr(dw->elf, names, sh.sh_name);
	if (!name || !strstr(name, "debug"))
		return 0;
	dw->shared = dw->shared || !strcmp(name, ".gnu_debugaltlink");
	if (!is_wanted(dw, name)) {
		sh.sh_type = SHT_NOBITS;
		gelf_update_shdr(section, &sh);
		return 0;
	}
	if (!bytes_within(sh.sh_offset, sh.sh_size, dw->content.size))
		return 0;
	bytes = content_at(&dw->content, sh.sh_offset, sh.sh_size);
	if (!bytes)
		return content_is_current(&dw->content) ? -EFBIG : -EBUSY;
	if (!dwarf_bounds_section(&dw->bounds, name, sh.sh_flags, bytes, sh.sh_size))
		return -EFBIG;
	dw->has_info = dw->has_info || (strstr(name, "debug_info") && sh.sh_size);
	return dwarf_unpack(dw, section, bytes, sh.sh_size);
}

/* libdw is not to look at the file itself, which may change. */
static int read_sections(struct dwarf *dw)
{
	Elf_Scn *section = NULL;
	const struct arch *arch;
	GElf_Ehdr header;
	GElf_Shdr sh;
	size_t names;
	int ret = 0;

	elf_read_headers(&dw->content);
	elf_version(EV_CURRENT);
	dw->elf = elf_memory((char *)dw->content.data, dw->content.size);
	if (!dw->elf || elf_getshdrstrndx(dw->elf, &names) ||
	    !gelf_getshdr(elf_getscn(dw->elf, names), &sh) ||
	    !content_at(&dw->content, sh.sh_offset, sh.sh_size))
		return -ENODATA;
	arch = gelf_getehdr(dw->elf, &header) ? arch_of(header.e_machine) : NULL;
	dw->abi = arch ? arch->abi : NULL;
	while (!ret && (section = elf_nextscn(dw->elf, section)))
		ret = read_section(dw, section, names);
	return !ret && !content_is_current(&dw->content) ? -EBUSY : ret;
}

/* What keeps the sections from being read, for people. */
static const char *read_cause(int code)
{
	switch (code) {
	case -EBUSY:
		return "was overwritten while it was read; try again";
	case -EBADMSG:
		return "debug information cannot be read: it is packed with zstd, and damaged; build the "
		       "program again";
	case -ENOTSUP:
		return "debug information cannot be read: it is packed neither with zlib nor with zstd; "
		       "pack it anew, with objcopy --compress-debug-sections=zstd";
	case -ENOMEM:
		return "out of memory for debug information; free some";
	default:
		return "its debug information is larger than any program needs, or says that it "
		       "unpacks to so much; it is not used";
	}
}

struct dwarf *dwarf_open_fd(int fd, const char *path, bool places, struct error *err)
{
	struct dwarf *dw = calloc(1, sizeof(*dw));
	int ret;

	if (!dw) {
		error_set(err, -ENOMEM, "%s: out of memory for debug information; free some", path);
		return NULL;
	}
	dw->places = places;
	dwarf_types_init(dw);
	ret = content_open(&dw->content, fd, path, err);
	if (ret)
		goto free_dwarf;
	ret = read_sections(dw);
	if (ret == -ENODATA)
		goto none;
	if (ret) {
		error_set(err, ret, "%s: %s", path, read_cause(ret));
		goto free_dwarf;
	}
	dwarf_bounds_begin(&dw->bounds);
	dw->lib = dwarf_begin_elf(dw->elf, DWARF_C_READ, NULL);
	if (!dw->lib) {
		int code = dwarf_errno();

		if (code == LIBDW_NO_DWARF && !dw->has_info)
			goto none;
		error_set(err, -EBADMSG,
			  "%s: debug information cannot be read: %s; build the program again", path,
			  dwarf_errmsg(code));
		goto free_dwarf;
	}
	if (read_units(dw)) {
		error_set(err, -ENOMEM, "%s: out of memory for debug information; free some", path);
		goto free_dwarf;
	}
	if (!dw->nunits && !dw->has_info)
		goto none;
	if (!dw->nunits) {
		error_set(err, -EBADMSG,
			  "%s: debug information cannot be read: its first unit is damaged; build "
			  "the program again",
			  path);
		goto free_dwarf;
	}
	return dw;

none:
	error_set(err, -ENODATA, "%s: no debug information; build without -ldflags=-w or -s", path);
free_dwarf:
	dwarf_close(dw);
	return NULL;
}

bool dwarf_is_shared(const struct dwarf *dw)
{
	return dw->shared;
}

void dwarf_close(struct dwarf *dw)
{
	struct dwarf_chunk *chunk, *next;

	if (!dw)
		return;
	for (chunk = dw->chunks; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(dw->lists.params);
	free(dw->lists.results);
	free(dw->lists.captures);
	map_release(&dw->entries);
	map_release(&dw->types);
	map_release(&dw->constants);
	free(dw->named);
	free(dw->ranges);
	free(dw->units);
	dwarf_end(dw->lib);
	elf_end(dw->elf);
	content_release(&dw->content);
	free(dw);
}
