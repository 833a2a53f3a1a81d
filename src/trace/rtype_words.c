/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/rtype_words.h"

#include <string.h>

#include "image/bytes.h"

#define HEADER    16 /* of a string */
#define WORDS_MAX 128

static const struct table {
	const char *symbol;
	const char *first, *second; /* of the numbers 1 and 2 */
	const char *last;
	uint64_t last_number;
} tables[] = {
	[RTYPE_WORDS_ERRNO] = {"syscall.errors", "operation not permitted",
			       "no such file or directory", "operation not possible due to RF-kill",
			       132},
	[RTYPE_WORDS_SIGNAL] = {"syscall.signals", "hangup", "interrupt", "bad system call", 31},
};

static const char *words_of(const struct rtype_file *file, uint64_t header, size_t *len)
{
	uint64_t text, bytes;

	if (rtype_file_word(file, header, &text) || rtype_file_word(file, header + 8, &bytes) ||
	    bytes > WORDS_MAX)
		return NULL;
	*len = bytes;
	return bytes ? (const char *)image_bytes(file->img, text, bytes) : "";
}

static bool are_words(const struct rtype_file *file, uint64_t header, const char *want)
{
	size_t len = 0;
	const char *words = words_of(file, header, &len);

	return words && len == strlen(want) && !memcmp(words, want, len);
}

/* Lengths are in the file as they are in memory; pointers of a position-independent one are not. */
static void scan(struct rtype_words *words, const struct rtype_file *file,
		 const struct table *table)
{
	uint64_t first = strlen(table->first), second = strlen(table->second);
	uint64_t size = (table->last_number + 1) * HEADER, data, edata;
	const uint8_t *bytes;

	if (image_data(file->img, &data, &edata) || edata - data < size)
		return;
	bytes = image_bytes(file->img, data, edata - data);
	for (uint64_t at = -data & 7; bytes && at <= edata - data - size; at += 8) {
		if (bytes_u64(bytes + at + HEADER + 8) != first ||
		    bytes_u64(bytes + at + 2 * HEADER + 8) != second ||
		    !are_words(file, data + at, "") ||
		    !are_words(file, data + at + HEADER, table->first) ||
		    !are_words(file, data + at + 2 * HEADER, table->second) ||
		    !are_words(file, data + at + table->last_number * HEADER, table->last))
			continue;
		words->vaddr = data + at;
		words->count = table->last_number + 1;
		return;
	}
}

static void search(struct rtype_words *words, const struct rtype_file *file,
		   const struct table *table)
{
	uint64_t size;

	words->searched = true;
	if (!image_symbol(file->img, table->symbol, &words->vaddr, &size))
		words->count = size / HEADER;
	else
		scan(words, file, table);
}

const char *rtype_words_at(struct rtype_words *words, const struct rtype_file *file,
			   enum rtype_words_kind kind, uint64_t number, size_t *len)
{
	*len = 0;
	if (!words->searched && file->img)
		search(words, file, &tables[kind]);
	if (!words->count)
		return NULL;
	return number < words->count ? words_of(file, words->vaddr + number * HEADER, len) : "";
}
