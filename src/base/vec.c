/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/vec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *vec_push_sized(void *array, size_t *count, size_t *cap, size_t elem)
{
	char *data;

	memcpy(&data, array, sizeof(data));
	if (*count == *cap) {
		size_t more = *cap ? *cap * 2 : 1;

		if (more > SIZE_MAX / elem)
			return NULL;
		data = realloc(data, more * elem);
		if (!data)
			return NULL;
		memcpy(array, &data, sizeof(data));
		*cap = more;
	}
	data += (*count)++ * elem;
	memset(data, 0, elem);
	return data;
}
