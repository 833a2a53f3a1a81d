/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/rtype_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "image/bytes.h"

/* Of abi.Type. */
enum { TYPE_SIZE = 48, TYPE_TFLAG = 20, TYPE_KIND = 23, TYPE_STR = 40 };

enum { TFLAG_UNCOMMON = 1, TFLAG_EXTRA_STAR = 2, TFLAG_NAMED = 4, TFLAG_DIRECT_IFACE = 32 };
enum { KIND_MASK = 31, KIND_DIRECT_IFACE = 32 };

#define NAME_EMBEDDED 8
/* Names are at most a varint of two bytes long in practice; %T of a struct may be longer. */
#define NAME_MAX_LEN 4096
/* Types in types: `[][]map[string]*T`. */
#define NAME_DEPTH 8
/* Of a func whose name is put together: parameters and results, types in each. They multiply. */
#define FUNC_PARTS_MAX 16
#define FUNC_DEPTH     3
#define UNCOMMON_SIZE  16 /* of abi.UncommonType */

static int keep_relative(uint64_t vaddr, uint64_t value, void *arg)
{
	struct rtype_file *file = arg;
	struct relocated *r;

	r = vec_push(&file->relocated, &file->nrelocated, &file->caprelocated);
	if (!r)
		return -ENOMEM;
	*r = (struct relocated){.vaddr = vaddr, .value = value};
	return 0;
}

static int by_vaddr(const void *a, const void *b)
{
	const struct relocated *x = a, *y = b;

	return (x->vaddr > y->vaddr) - (x->vaddr < y->vaddr);
}

int rtype_file_init(struct rtype_file *file, const struct image *img)
{
	int ret;

	*file = (struct rtype_file){.img = img};
	if (!img || image_types(img, &file->types, &file->etypes))
		return 0;
	file->go_minor = image_info(img)->go_minor;
	ret = image_each_relative(img, keep_relative, file);
	if (ret) {
		rtype_file_release(file);
		return ret;
	}
	if (file->nrelocated)
		qsort(file->relocated, file->nrelocated, sizeof(*file->relocated), by_vaddr);
	return 0;
}

void rtype_file_release(struct rtype_file *file)
{
	free(file->relocated);
	*file = (struct rtype_file){0};
}

int rtype_file_word(const struct rtype_file *file, uint64_t vaddr, uint64_t *word)
{
	struct relocated key = {.vaddr = vaddr}, *found = NULL;
	const uint8_t *bytes;

	if (file->nrelocated)
		found = bsearch(&key, file->relocated, file->nrelocated, sizeof(key), by_vaddr);
	if (found) {
		*word = found->value;
		return 0;
	}
	bytes = file->img ? image_bytes(file->img, vaddr, 8) : NULL;
	if (!bytes)
		return -ENOENT;
	*word = bytes_u64(bytes);
	return 0;
}

int rtype_file_read(const struct rtype_file *file, uint64_t vaddr, struct descriptor *type)
{
	const uint8_t *bytes;

	if (vaddr < file->types || vaddr >= file->etypes || vaddr % 8 ||
	    file->etypes - vaddr < TYPE_SIZE)
		return -ENOENT;
	bytes = image_bytes(file->img, vaddr, TYPE_SIZE);
	if (!bytes)
		return -ENOENT;
	*type = (struct descriptor){
		.vaddr = vaddr,
		.size = bytes_u64(bytes),
		.tflag = bytes[TYPE_TFLAG],
		.kind = bytes[TYPE_KIND] & KIND_MASK,
		.str = (int32_t)bytes_u32(bytes + TYPE_STR),
		.direct = file->go_minor >= 26 ? bytes[TYPE_TFLAG] & TFLAG_DIRECT_IFACE
					       : bytes[TYPE_KIND] & KIND_DIRECT_IFACE,
	};
	if (type->kind == GOTYPE_INVALID || type->kind >= GOTYPE_KINDS)
		return -ENOENT;
	return 0;
}

int rtype_file_name(const struct rtype_file *file, uint64_t vaddr, struct file_name *name)
{
	const uint8_t *head = image_bytes(file->img, vaddr, 2), *bytes;
	size_t len = 0, at = 1;
	unsigned int shift = 0;

	if (!head)
		return -ENOENT;
	for (;;) {
		bytes = image_bytes(file->img, vaddr, at + 1);
		if (!bytes || shift > 14)
			return -ENOENT;
		len |= (size_t)(bytes[at] & 0x7f) << shift;
		if (!(bytes[at++] & 0x80))
			break;
		shift += 7;
	}
	if (!len || len > NAME_MAX_LEN)
		return -ENOENT;
	bytes = image_bytes(file->img, vaddr, at + len);
	if (!bytes || memchr(bytes + at, 0, len))
		return -ENOENT;
	*name = (struct file_name){
		.bytes = (const char *)bytes + at,
		.len = len,
		.embedded = bytes[0] & NAME_EMBEDDED,
	};
	return 0;
}

/* A nameOff counts from the start of the types; 0 is none. */
static int name_at(const struct rtype_file *file, int32_t offset, struct file_name *name)
{
	if (offset <= 0 || (uint64_t)offset >= file->etypes - file->types)
		return -ENOENT;
	return rtype_file_name(file, file->types + (uint64_t)offset, name);
}

/* Where abi.UncommonType stands: behind the part that belongs to the kind. */
static uint64_t uncommon_offset(const struct rtype_file *file, enum gotype_kind kind)
{
	switch (kind) {
	case GOTYPE_POINTER:
	case GOTYPE_SLICE:
	case GOTYPE_FUNC:
		return 56;
	case GOTYPE_CHAN:
		return 64;
	case GOTYPE_ARRAY:
		return 72;
	case GOTYPE_STRUCT:
	case GOTYPE_INTERFACE:
		return 80;
	case GOTYPE_MAP:
		return file->go_minor < 24 ? 88 : file->go_minor < 27 ? 112 : 136;
	default:
		return TYPE_SIZE;
	}
}

/* The package path of a named type; an empty one when it has none (int, error). */
static void package_path(const struct rtype_file *file, const struct descriptor *type,
			 struct file_name *path)
{
	const uint8_t *bytes;

	*path = (struct file_name){0};
	if (!(type->tflag & TFLAG_UNCOMMON))
		return;
	bytes = image_bytes(file->img, type->vaddr + uncommon_offset(file, type->kind), 4);
	if (!bytes || name_at(file, (int32_t)bytes_u32(bytes), path))
		return;
	for (size_t i = 0; i < path->len; i++)
		if ((unsigned char)path->bytes[i] <= ' ')
			path->len = 0;
}

static int own_name(const struct rtype_file *file, const struct descriptor *type,
		    struct file_name *name)
{
	if (name_at(file, type->str, name))
		return -ENOENT;
	if (type->tflag & TFLAG_EXTRA_STAR) {
		if (name->bytes[0] != '*' || name->len == 1)
			return -ENOENT;
		name->bytes++;
		name->len--;
	}
	return 0;
}

/* `store.Item` of package example.com/app/store becomes `example.com/app/store.Item`. */
static void print_named(const struct rtype_file *file, const struct descriptor *type,
			const struct file_name *name, struct buf *buf)
{
	const char *dot = memchr(name->bytes, '.', name->len);
	const char *bracket = memchr(name->bytes, '[', name->len);
	struct file_name path;

	package_path(file, type, &path);
	if (path.len && dot && (!bracket || dot < bracket)) {
		buf_add(buf, path.bytes, path.len);
		buf_add(buf, dot, name->len - (size_t)(dot - name->bytes));
	} else {
		buf_add(buf, name->bytes, name->len);
	}
}

static int print_full(const struct rtype_file *file, uint64_t vaddr, unsigned int depth,
		      struct buf *buf);

/* `prefix` and the type whose address is the word at `place`. */
static int print_part(const struct rtype_file *file, uint64_t place, unsigned int depth,
		      struct buf *buf, const char *prefix)
{
	uint64_t part;

	buf_adds(buf, prefix);
	if (rtype_file_word(file, place, &part))
		return -ENOENT;
	return print_full(file, part, depth - 1, buf);
}

static int print_chan(const struct rtype_file *file, const struct descriptor *type,
		      unsigned int depth, struct buf *buf)
{
	const uint8_t *dir = image_bytes(file->img, type->vaddr + RTYPE_CHAN_DIR, 8);
	struct descriptor elem;
	uint64_t at;
	int ret;

	if (!dir || rtype_file_word(file, type->vaddr + RTYPE_ELEM, &at) ||
	    rtype_file_read(file, at, &elem))
		return -ENOENT;
	buf_adds(buf, dir[0] == 1 ? "<-chan " : dir[0] == 2 ? "chan<- " : "chan ");
	/* chan (<-chan T) */
	dir = image_bytes(file->img, at + RTYPE_CHAN_DIR, 8);
	if (dir && elem.kind == GOTYPE_CHAN && !(elem.tflag & TFLAG_NAMED) && dir[0] == 1) {
		buf_addc(buf, '(');
		ret = print_full(file, at, depth - 1, buf);
		buf_addc(buf, ')');
		return ret;
	}
	return print_full(file, at, depth - 1, buf);
}

/* Types from `at` on, an address each, between commas. */
static int print_list(const struct rtype_file *file, uint64_t at, unsigned int count, bool variadic,
		      unsigned int depth, struct buf *buf)
{
	uint64_t part;

	for (unsigned int i = 0; i < count; i++) {
		const char *comma = i ? ", " : "";

		if (!variadic || i + 1 < count) {
			if (print_part(file, at + i * 8, depth, buf, comma))
				return -ENOENT;
			continue;
		}
		/* ...T is a []T */
		buf_adds(buf, comma);
		if (rtype_file_word(file, at + i * 8, &part) ||
		    print_part(file, part + RTYPE_ELEM, depth, buf, "..."))
			return -ENOENT;
	}
	return 0;
}

/* The lists are behind what is common to all types. */
static int print_func(const struct rtype_file *file, const struct descriptor *type,
		      unsigned int depth, struct buf *buf)
{
	const uint8_t *counts = image_bytes(file->img, type->vaddr + RTYPE_FUNC_COUNTS, 4);
	uint64_t at = type->vaddr + uncommon_offset(file, GOTYPE_FUNC);
	unsigned int params, results;

	if (!counts)
		return -ENOENT;
	params = bytes_u32(counts) & 0xffff;
	results = bytes_u32(counts) >> 16 & 0x7fff;
	if (params + results > FUNC_PARTS_MAX)
		return -ENOENT;
	if (type->tflag & TFLAG_UNCOMMON)
		at += UNCOMMON_SIZE;
	if (depth > FUNC_DEPTH)
		depth = FUNC_DEPTH;
	buf_adds(buf, "func(");
	if (print_list(file, at, params, bytes_u32(counts) >> 31, depth, buf))
		return -ENOENT;
	buf_adds(buf, !results ? ")" : results == 1 ? ") " : ") (");
	if (print_list(file, at + params * 8, results, false, depth, buf))
		return -ENOENT;
	buf_adds(buf, results > 1 ? ")" : "");
	return 0;
}

/* The types of which `type` is made, each with its path. -ENOENT: print its own name. */
static int print_parts(const struct rtype_file *file, const struct descriptor *type,
		       unsigned int depth, struct buf *buf)
{
	uint64_t at = type->vaddr;
	const uint8_t *len;
	int ret;

	switch (type->kind) {
	case GOTYPE_POINTER:
		return print_part(file, at + RTYPE_ELEM, depth, buf, "*");
	case GOTYPE_SLICE:
		return print_part(file, at + RTYPE_ELEM, depth, buf, "[]");
	case GOTYPE_ARRAY:
		len = image_bytes(file->img, at + RTYPE_ARRAY_LEN, 8);
		if (!len)
			return -ENOENT;
		buf_addc(buf, '[');
		buf_addu(buf, bytes_u64(len));
		return print_part(file, at + RTYPE_ELEM, depth, buf, "]");
	case GOTYPE_CHAN:
		return print_chan(file, type, depth, buf);
	case GOTYPE_MAP:
		ret = print_part(file, at + RTYPE_MAP_KEY, depth, buf, "map[");
		return ret ? ret : print_part(file, at + RTYPE_MAP_ELEM, depth, buf, "]");
	case GOTYPE_FUNC:
		return print_func(file, type, depth, buf);
	default:
		return -ENOENT;
	}
}

static int print_full(const struct rtype_file *file, uint64_t vaddr, unsigned int depth,
		      struct buf *buf)
{
	size_t from = buf->len;
	struct descriptor type;
	struct file_name name;

	if (rtype_file_read(file, vaddr, &type) || own_name(file, &type, &name))
		return -ENOENT;
	if (type.tflag & TFLAG_NAMED) {
		print_named(file, &type, &name, buf);
		return 0;
	}
	if (depth && !print_parts(file, &type, depth, buf))
		return 0;
	buf->len = from;
	buf_add(buf, name.bytes, name.len);
	return 0;
}

int rtype_file_print(const struct rtype_file *file, const struct descriptor *type, bool full,
		     struct buf *buf)
{
	struct file_name name;

	if (full)
		return print_full(file, type->vaddr, NAME_DEPTH, buf);
	if (own_name(file, type, &name))
		return -ENOENT;
	buf_add(buf, name.bytes, name.len);
	return 0;
}

bool rtype_file_is(const struct rtype_file *file, const struct descriptor *type, const char *name)
{
	struct buf buf = {0};
	bool same = !print_full(file, type->vaddr, 0, &buf) && !strcmp(buf_str(&buf), name);

	buf_release(&buf);
	return same;
}
