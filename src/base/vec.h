/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vec: growth of an array of structs that its owner declares as three fields,
 *
 *     struct site *sites;
 *     size_t nsites, capsites;
 *
 *     struct site *s = vec_push(&p->sites, &p->nsites, &p->capsites);
 *
 * vec_push() returns the new zeroed last element, or NULL when memory is out; the
 * array is unchanged then. The owner frees the array with free().
 */
#ifndef FTRACE_BASE_VEC_H
#define FTRACE_BASE_VEC_H

#include <stddef.h>

/* `array` is the address of the owner's pointer. */
void *vec_push_sized(void *array, size_t *count, size_t *cap, size_t elem);

#define vec_push(array, count, cap) \
	((__typeof__(*(array)))vec_push_sized((array), (count), (cap), sizeof(**(array))))

#endif
