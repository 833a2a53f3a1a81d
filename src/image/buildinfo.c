/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/buildinfo.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "image/bytes.h"

#define MAGIC       "\xff Go buildinf:"
#define MAGIC_SIZE  14
#define HEADER_SIZE 32
#define ALIGN       16
#define FRAME       16 /* bytes that begin, and bytes that end, the module text */

enum { FLAG_INLINE = 2 }; /* strings follow the header: 1.18 and later */

struct text_span {
	const uint8_t *at;
	uint64_t len;
};

int buildinfo_minor(const char *version)
{
	static const char go1[] = "go1.";
	const char *at = strstr(version, go1);
	int minor = 0;

	if (!at || (at != version && at[-1] != ' '))
		return 0;
	at += sizeof(go1) - 1;
	for (int digits = 0; *at >= '0' && *at <= '9'; at++) {
		if (++digits > 4)
			return 0;
		minor = minor * 10 + (*at - '0');
	}
	return minor;
}

/* One string with its length before it: false when it does not fit. */
static bool take_string(struct text_span *from, struct text_span *out)
{
	uint64_t len = 0;

	for (unsigned int shift = 0; shift < 63; shift += 7) {
		uint8_t b;

		if (from->len == 0)
			return false;
		b = *from->at++;
		from->len--;
		len |= (uint64_t)(b & 0x7f) << shift;
		if (b & 0x80)
			continue;
		if (len > from->len)
			return false;
		*out = (struct text_span){from->at, len};
		from->at += len;
		from->len -= len;
		return true;
	}
	return false;
}

/* A Go string header at `vaddr`, and the string it leads to (1.17 and older, for their version). */
static struct text_span string_at(const struct elf_file *elf, uint64_t vaddr)
{
	const uint8_t *head = elf_at(elf, vaddr, 16, 0);
	struct text_span s = {NULL, 0};

	if (!head)
		return s;
	s.len = bytes_u64(head + 8);
	s.at = elf_at(elf, bytes_u64(head), s.len, 0);
	if (!s.at)
		s.len = 0;
	return s;
}

static bool is_blob(const uint8_t *at, uint64_t len)
{
	return len >= HEADER_SIZE && memcmp(at, MAGIC, MAGIC_SIZE) == 0;
}

/* The blob and what follows it. */
static struct text_span find_blob(const struct elf_file *elf)
{
	const struct elf_section *sec = elf_section(elf, ".go.buildinfo");
	struct elf_scan scan = {0};
	const uint8_t *blob = sec ? elf_bytes(elf, sec->offset, sec->size) : NULL;

	if (blob && is_blob(blob, sec->size))
		return (struct text_span){blob, sec->size};
	while (elf_scan_next(elf, &scan, PF_W))
		for (uint64_t at = -scan.vaddr & (ALIGN - 1); at < scan.size; at += ALIGN)
			if (is_blob(scan.bytes + at, scan.size - at))
				return (struct text_span){scan.bytes + at, scan.size - at};
	return (struct text_span){NULL, 0};
}

/* The word after "KEY\t" at the beginning of a line. */
static struct text_span line_value(struct text_span text, const char *key)
{
	size_t klen = strlen(key);

	while (text.len) {
		const uint8_t *end = memchr(text.at, '\n', text.len);
		uint64_t line = end ? (uint64_t)(end - text.at) : text.len;

		if (line > klen && memcmp(text.at, key, klen) == 0 && text.at[klen] == '\t') {
			const uint8_t *value = text.at + klen + 1;
			const uint8_t *tab = memchr(value, '\t', line - klen - 1);

			return (struct text_span){value,
						  tab ? (uint64_t)(tab - value) : line - klen - 1};
		}
		if (!end)
			break;
		text.at = end + 1;
		text.len -= line + 1;
	}
	return (struct text_span){NULL, 0};
}

static char *copy(struct text_span s)
{
	/* A NUL or an overlong text is no name: it would not be what was compared or shown. */
	if (s.len > 4096 || (s.len && memchr(s.at, 0, s.len)))
		s.len = 0;
	return s.len ? strndup((const char *)s.at, s.len) : strdup("");
}

int buildinfo_read(struct buildinfo *info, const struct elf_file *elf)
{
	struct text_span blob = find_blob(elf), version = {NULL, 0}, mod = {NULL, 0};
	bool framed;

	if (blob.at && blob.at[15] & FLAG_INLINE) {
		struct text_span rest = {blob.at + HEADER_SIZE, blob.len - HEADER_SIZE};

		if (!take_string(&rest, &version) || !take_string(&rest, &mod))
			mod.len = 0;
	} else if (blob.at) {
		version = string_at(elf, bytes_u64(blob.at + 16));
	}
	framed = mod.len >= 2 * FRAME + 1 && mod.at[mod.len - FRAME - 1] == '\n';
	mod = framed ? (struct text_span){mod.at + FRAME, mod.len - 2 * FRAME}
		     : (struct text_span){NULL, 0};
	info->version = copy(version);
	info->path = copy(line_value(mod, "path"));
	info->module = copy(line_value(mod, "mod"));
	if (!info->version || !info->path || !info->module) {
		buildinfo_release(info);
		return -ENOMEM;
	}
	return *info->version ? 0 : -ENOENT;
}

void buildinfo_release(struct buildinfo *info)
{
	free(info->version);
	free(info->path);
	free(info->module);
	memset(info, 0, sizeof(*info));
}
