/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rtype_file: words, names and descriptors of the runtime's types as the file has them; internal to
 * src/trace.
 */
#ifndef FTRACE_TRACE_RTYPE_FILE_H
#define FTRACE_TRACE_RTYPE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "image/gotype.h"
#include "image/image.h"

struct relocated {
	uint64_t vaddr, value;
};

struct rtype_file {
	const struct image *img;
	uint64_t types, etypes; /* 0, 0: this version's are not known */
	int go_minor;
	struct relocated *relocated; /* by vaddr; of position-independent executables */
	size_t nrelocated, caprelocated;
};

/* One abi.Type. */
struct descriptor {
	uint64_t vaddr;
	uint64_t size;
	uint8_t tflag;
	enum gotype_kind kind;
	bool direct;
	int32_t str;
};

/* A text in the file, not NUL-terminated. */
struct file_name {
	const char *bytes;
	size_t len;
	bool embedded; /* of a field */
};

/* Parts of descriptors, in bytes from their start (abi.Type is 48 bytes long). */
enum {
	RTYPE_ELEM = 48,     /* pointer, slice, array, channel */
	RTYPE_CHAN_DIR = 56, /* 1 receive, 2 send, 3 both */
	RTYPE_ARRAY_LEN = 64,
	RTYPE_FUNC_COUNTS =
		48, /* parameters, then results: 16 bits each, the latter's highest: variadic */
	RTYPE_MAP_KEY = 48,
	RTYPE_MAP_ELEM = 56,
	RTYPE_IFACE_METHODS = 64, /* how many */
	RTYPE_STRUCT_FIELDS = 56, /* address, then how many */
	RTYPE_FIELD_SIZE = 24,    /* name, type, offset */
};

/* 0 or -ENOMEM. */
int rtype_file_init(struct rtype_file *file, const struct image *img);
void rtype_file_release(struct rtype_file *file);

/* The word at `vaddr` as the loader leaves it, but for the load bias: 0, or -ENOENT. */
int rtype_file_word(const struct rtype_file *file, uint64_t vaddr, uint64_t *word);

/* 0, or -ENOENT when there is no descriptor. */
int rtype_file_read(const struct rtype_file *file, uint64_t vaddr, struct descriptor *type);

/* The name (abi.Name) at `vaddr`: 0, or -ENOENT. */
int rtype_file_name(const struct rtype_file *file, uint64_t vaddr, struct file_name *name);

/* Is that its full name? */
bool rtype_file_is(const struct rtype_file *file, const struct descriptor *type, const char *name);

/* Appends the name as %T prints it, or (`full`) with whole package paths. 0, or -ENOENT. */
int rtype_file_print(const struct rtype_file *file, const struct descriptor *type, bool full,
		     struct buf *buf);

#endif
