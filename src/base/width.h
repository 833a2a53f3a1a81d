/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * width: how many columns of a terminal a text takes.
 *
 * A wide character (CJK, emoji) takes two, a combining one none. Text is UTF-8 without hidden characters (escape.h);
 * a byte that is none of it counts as one column. Source: the C library's wcwidth() for C.UTF-8, which has Unicode's
 * EastAsianWidth.txt and combining classes; where there is no such locale each character is one column wide.
 */
#ifndef FTRACE_BASE_WIDTH_H
#define FTRACE_BASE_WIDTH_H

#include <stddef.h>
#include <stdint.h>

uint32_t text_width(const char *text, size_t len);

/* The length in bytes of the longest beginning, or end, of `text` that takes at most `room` columns: whole characters,
 * with what combines with them. */
size_t text_head_within(const char *text, size_t len, uint32_t room);
size_t text_tail_within(const char *text, size_t len, uint32_t room);

#endif
