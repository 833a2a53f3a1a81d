/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * one_catalog: a catalog of what is in several others: functions of one name, place and executable are one.
 *
 * Strings are those of the others, which outlive it. The caller owns the struct; zero-initialised is empty.
 */
#ifndef FTRACE_CALL_ONE_CATALOG_H
#define FTRACE_CALL_ONE_CATALOG_H

#include <stdint.h>

#include "base/map.h"
#include "call/catalog.h"

struct one_catalog {
	struct catalog catalog;
	struct map names; /* hash of a function's name, and 1 + its executable -> 1 + id */
};

void one_catalog_release(struct one_catalog *one);

/* 1 + the id of what is function `id` of that catalog; 0 when memory is out. Of two whose names have one hash only the first is found
 * again: the other one has more entries than one. */
uint32_t one_catalog_func(struct one_catalog *one, const struct catalog *catalog, uint32_t id);

#endif
