/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * core_types: the few types of the kernel that the programs are adjusted to (CO-RE).
 *
 * libbpf takes them out of the kernel's whole BTF, some 5 MB with 150 000 types, and looks through all of
 * these for each type that the programs name: 35 ms, in which nothing else is done. Here a thread does it, while
 * executables are read, and leaves what is needed in a file of a few pages, which libbpf reads instead.
 *
 * Sources: Documentation/bpf/btf.rst; libbpf.h, btf_custom_path.
 */
#ifndef FTRACE_PROBE_CORE_TYPES_H
#define FTRACE_PROBE_CORE_TYPES_H

struct core_types;

/* Begins to look for them. NULL when that cannot be done: libbpf does it then. */
struct core_types *core_types_begin(void);

/* Waits for that. The path of the file, as long as `types` lives; NULL: libbpf is to look by itself. */
const char *core_types_path(struct core_types *types);

/* Waits as well. NULL is let pass. */
void core_types_free(struct core_types *types);

#endif
