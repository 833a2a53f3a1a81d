/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * syscall_set: which system calls are meant by what a person wrote.
 *
 *     all     NAME,NAME,%CLASS     !NAME,%CLASS    all but these, and but the runtime's own
 */
#ifndef FTRACE_PLAN_SYSCALL_SET_H
#define FTRACE_PLAN_SYSCALL_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "plan/marks.h"

/* Fills the set; `text`: NULL means all but the runtime's own. 0, or a negative errno with `err` filled. */
int syscall_set_parse(const char *text, uint64_t set[MARKS_SYSCALLS / 64], struct error *err);

#endif
