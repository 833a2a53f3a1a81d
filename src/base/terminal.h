/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * terminal: what is known of the terminal behind a descriptor.
 */
#ifndef FTRACE_BASE_TERMINAL_H
#define FTRACE_BASE_TERMINAL_H

#include <stdbool.h>

/* How many columns it has now; 0: it is none, or does not say. */
unsigned int terminal_columns(int fd);

/* The same of lines. */
unsigned int terminal_lines(int fd);

/* It is one, and acts on escapes: TERM=dumb says that it does not. */
bool terminal_takes_escapes(int fd);

#endif
