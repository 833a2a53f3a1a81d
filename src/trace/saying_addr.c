/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/saying_addr.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define GROUPS 8

/* The longest run of two zeros or more, the first of several: where it begins and ends. */
static void find_zeros(const uint16_t groups[GROUPS], unsigned int *first, unsigned int *end)
{
	*first = *end = GROUPS;
	for (unsigned int i = 0; i < GROUPS;) {
		unsigned int j = i;

		while (j < GROUPS && !groups[j])
			j++;
		if (j - i >= 2 && j - i > *end - *first) {
			*first = i;
			*end = j;
		}
		i = j + 1;
	}
}

static void write_groups(const uint16_t groups[GROUPS], char room[VALUE_ADDR_MAX])
{
	unsigned int first, end;
	size_t len = 0;

	find_zeros(groups, &first, &end);
	room[0] = '\0';
	for (unsigned int i = 0; i < GROUPS; i++) {
		if (i == first) {
			len += (size_t)snprintf(room + len, VALUE_ADDR_MAX - len, "::");
			i = end;
			if (i >= GROUPS)
				break;
		} else if (i) {
			len += (size_t)snprintf(room + len, VALUE_ADDR_MAX - len, ":");
		}
		len += (size_t)snprintf(room + len, VALUE_ADDR_MAX - len, "%x", groups[i]);
	}
}

bool value_ip(const char *bytes, size_t len, char room[VALUE_ADDR_MAX])
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	const unsigned char *at = (const unsigned char *)bytes;
	uint16_t groups[GROUPS];

	if (!len) {
		room[0] = '\0';
		return true;
	}
	if (len == 16 && !memcmp(at, mapped, sizeof(mapped))) {
		at += sizeof(mapped);
		len = 4;
	}
	if (len == 4) {
		snprintf(room, VALUE_ADDR_MAX, "%u.%u.%u.%u", at[0], at[1], at[2], at[3]);
		return true;
	}
	if (len != 16)
		return false;
	for (unsigned int i = 0; i < GROUPS; i++)
		groups[i] = (uint16_t)(at[2 * i] << 8 | at[2 * i + 1]);
	write_groups(groups, room);
	return true;
}
