/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/source_file.h"

#include <string.h>

const char *source_file_short(const char *file, const char *root)
{
	size_t len = root ? strlen(root) : 0;
	const char *slash = strrchr(file, '/');

	while (len && root[len - 1] == '/')
		len--;
	if (len && !strncmp(file, root, len) && file[len] == '/' && file[len + 1])
		return file + len + 1;
	return slash && slash[1] ? slash + 1 : file;
}
