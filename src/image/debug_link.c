/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/debug_link.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/bytes.h"

#define CHUNK (256u << 10)

/* Bytes. Of one that is larger no more could be held than of an executable (content.h). */
#define FILE_MAX (1ll << 30)

bool debug_link_read(const struct elf_file *elf, struct debug_link *link)
{
	const struct elf_section *section = elf_section(elf, ".gnu_debuglink");
	const uint8_t *bytes, *end;
	uint64_t crc;

	if (!section || section->size > PATH_MAX)
		return false;
	bytes = elf_bytes(elf, section->offset, section->size);
	end = bytes ? memchr(bytes, 0, section->size) : NULL;
	if (!end || end == bytes || memchr(bytes, '/', (size_t)(end - bytes)))
		return false;
	/* Behind the name's NUL, at the next multiple of 4. */
	crc = ((uint64_t)(end - bytes) + 4) & ~3ull;
	if (!bytes_within(crc, 4, section->size))
		return false;
	*link = (struct debug_link){.name = (const char *)bytes, .crc = bytes_u32(bytes + crc)};
	return true;
}

/* The directory of a path, without the slash at its end; false when it does not fit. */
static bool directory_of(const char *path, char *dir)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 1;

	if (len >= PATH_MAX)
		return false;
	memcpy(dir, slash ? path : ".", len);
	dir[len] = '\0';
	return true;
}

/* Where the file itself lies: symbolic links lead there, and relative paths. */
static bool real_directory(const struct elf_file *elf, char *dir)
{
	char self[32], path[PATH_MAX];
	ssize_t len;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", elf->content.fd);
	len = readlink(self, path, sizeof(path) - 1);
	if (len <= 0 || *path != '/')
		return false;
	path[len] = '\0';
	return directory_of(path, dir);
}

int debug_link_each(const struct elf_file *elf, const char *path, const struct debug_link *link,
		    int (*each)(void *arg, const char *at), void *arg)
{
	static const char *const places[] = {"%s/%s", "%s/.debug/%s", "/usr/lib/debug%s/%s"};
	char dirs[2][PATH_MAX], full[PATH_MAX];
	bool known[2] = {real_directory(elf, dirs[0]), directory_of(path, dirs[1])};
	int ret = 0;

	known[1] = known[1] && !(known[0] && !strcmp(dirs[0], dirs[1]));
	for (size_t dir = 0; dir < 2; dir++)
		for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && known[dir] && !ret;
		     i++) {
			if (places[i][0] == '/' && dirs[dir][0] && dirs[dir][0] != '/')
				continue;
			if (snprintf(full, sizeof(full), places[i], dirs[dir], link->name) <
			    (int)sizeof(full))
				ret = each(arg, full);
		}
	return ret;
}

/* The remainders of one byte, and of one byte with up to three zeros behind it. */
static void make_tables(uint32_t tables[4][256])
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t crc = i;

		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
		tables[0][i] = crc;
	}
	for (int t = 1; t < 4; t++)
		for (uint32_t i = 0; i < 256; i++)
			tables[t][i] = tables[t - 1][i] >> 8 ^ tables[0][tables[t - 1][i] & 0xff];
}

static uint32_t add_bytes(uint32_t tables[4][256], uint32_t crc, const uint8_t *at, size_t len)
{
	for (; len >= 4; at += 4, len -= 4) {
		crc ^= bytes_u32(at);
		crc = tables[3][crc & 0xff] ^ tables[2][crc >> 8 & 0xff] ^
		      tables[1][crc >> 16 & 0xff] ^ tables[0][crc >> 24];
	}
	for (; len; at++, len--)
		crc = crc >> 8 ^ tables[0][(crc ^ *at) & 0xff];
	return crc;
}

int debug_link_crc(int fd, uint32_t *crc)
{
	uint8_t *chunk = malloc(CHUNK);
	uint32_t tables[4][256], sum = ~0u;
	struct stat st;
	off_t at = 0;
	ssize_t n = 0;

	if (!chunk)
		return -ENOMEM;
	make_tables(tables);
	if (fstat(fd, &st) || st.st_size > FILE_MAX) {
		free(chunk);
		return -EFBIG;
	}
	while (at < st.st_size && (n = pread(fd, chunk, CHUNK, at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		sum = add_bytes(tables, sum, chunk, (size_t)n);
		at += n;
	}
	free(chunk);
	*crc = ~sum;
	return at == st.st_size ? 0 : -EIO;
}
