/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/formats.h"

#include <string.h>

#define ROW(id, suffixes_, binary_, watched_, brief_, places_, stream_, links_, help_) \
	{.name = #id,                                                                  \
	 .suffixes = (suffixes_),                                                      \
	 .binary = (binary_),                                                          \
	 .watched = (watched_),                                                        \
	 .brief = (brief_),                                                            \
	 .places = (places_),                                                          \
	 .stream = (stream_),                                                          \
	 .links = (links_),                                                            \
	 .help = (help_),                                                              \
	 .ops = &sink_##id},
const struct format formats[] = {FORMATS(ROW)};
#undef ROW

#define ROW(id, ...) #id,
const char *const format_names[] = {FORMATS(ROW) NULL};
#undef ROW

const size_t nformats = sizeof(formats) / sizeof(formats[0]);

const struct format *format_named(const char *name)
{
	for (size_t i = 0; i < nformats; i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}

/* Whether the `len` bytes at `name` end in one of the suffixes, and are more than it. */
static bool ends_in(const char *name, size_t len, const char *suffixes)
{
	while (*suffixes) {
		size_t n = strcspn(suffixes, " ");

		if (len > n && name[len - n - 1] != '/' && !memcmp(name + len - n, suffixes, n))
			return true;
		suffixes += n;
		suffixes += strspn(suffixes, " ");
	}
	return false;
}

const struct format *format_of_file(const char *name)
{
	size_t len = strlen(name);

	if (ends_in(name, len, ".zst"))
		len -= strlen(".zst");
	for (size_t i = 0; i < nformats; i++)
		if (ends_in(name, len, formats[i].suffixes))
			return &formats[i];
	return NULL;
}
