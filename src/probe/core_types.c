/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memfd_create */
#include "probe/core_types.h"

#include <bpf/btf.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct core_types {
	pthread_t thread;
	bool joined;
	int file; /* -1: not found */
	char path[32];
};

/* What the programs of ftrace.bpf.c begin at; libbpf refuses them when one is missing. */
static const char *const roots[] = {"task_struct",   "mm_struct",      "file",
				    "signal_struct", "bpf_pidns_info", "bpf_raw_tracepoint_args"};

struct copying {
	const struct btf *from;
	struct btf *to;
	__u32 *known; /* by number in `from`: the number in `to`, 0: not there yet */
};

static int copy(struct copying *c, __u32 id);

/* The members' types come first: members can be added only to the last type. */
static int copy_members(struct copying *c, const struct btf_type *type)
{
	const struct btf_member *members = btf_members(type);
	const char *name = btf__name_by_offset(c->from, type->name_off);
	int id, ret = 0;

	for (__u32 i = 0; i < btf_vlen(type) && ret >= 0; i++)
		ret = copy(c, members[i].type);
	if (ret < 0)
		return ret;
	id = btf_is_struct(type) ? btf__add_struct(c->to, name, type->size)
				 : btf__add_union(c->to, name, type->size);
	for (__u32 i = 0; i < btf_vlen(type) && id >= 0 && ret >= 0; i++)
		ret = btf__add_field(c->to, btf__name_by_offset(c->from, members[i].name_off),
				     (__u32)copy(c, members[i].type),
				     btf_member_bit_offset(type, i),
				     btf_member_bitfield_size(type, i));
	return ret < 0 ? ret : id;
}

static int copy_array(struct copying *c, const struct btf_array *array)
{
	int element = copy(c, array->type), index = copy(c, array->index_type);

	if (element < 0 || index < 0)
		return element < 0 ? element : index;
	return btf__add_array(c->to, index, element, array->nelems);
}

/* Whatever a pointer points to is looked at by its own name. */
static int copy_new(struct copying *c, const struct btf_type *type)
{
	if (btf_is_composite(type))
		return copy_members(c, type);
	if (btf_is_array(type))
		return copy_array(c, btf_array(type));
	if (btf_is_ptr(type))
		return btf__add_ptr(c->to, 0);
	return btf__add_type(c->to, c->from, type);
}

/* A type and all that it is made of; its number in the copy, or negative. */
static int copy(struct copying *c, __u32 id)
{
	const struct btf_type *type = btf__type_by_id(c->from, id);
	int made;

	while (type && (btf_is_mod(type) || btf_is_typedef(type) || btf_is_type_tag(type))) {
		id = type->type;
		type = btf__type_by_id(c->from, id);
	}
	if (!type || !id)
		return type ? 0 : -1;
	if (c->known[id])
		return (int)c->known[id];
	made = copy_new(c, type);
	if (made > 0)
		c->known[id] = (__u32)made;
	return made;
}

static bool copy_roots(struct copying *c)
{
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		__s32 id = btf__find_by_name_kind(c->from, roots[i], BTF_KIND_STRUCT);

		if (id < 0 || copy(c, (__u32)id) < 0)
			return false;
	}
	return true;
}

static int write_file(const struct btf *btf)
{
	__u32 size;
	const void *bytes = btf__raw_data(btf, &size);
	int fd = bytes ? memfd_create("types", MFD_CLOEXEC) : -1;

	if (fd >= 0 && write(fd, bytes, size) != (ssize_t)size) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void *find(void *arg)
{
	struct core_types *types = arg;
	struct copying c = {.from = btf__load_vmlinux_btf()};

	if (!c.from)
		return NULL;
	c.to = btf__new_empty();
	c.known = calloc(btf__type_cnt(c.from), sizeof(*c.known));
	if (c.to && c.known && copy_roots(&c))
		types->file = write_file(c.to);
	free(c.known);
	btf__free(c.to);
	btf__free((struct btf *)c.from);
	return NULL;
}

struct core_types *core_types_begin(void)
{
	struct core_types *types = calloc(1, sizeof(*types));
	sigset_t all, before;
	int ret;

	if (!types)
		return NULL;
	types->file = -1;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	ret = pthread_create(&types->thread, NULL, find, types);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!ret)
		return types;
	free(types);
	return NULL;
}

static void join(struct core_types *types)
{
	if (!types->joined)
		pthread_join(types->thread, NULL);
	types->joined = true;
}

const char *core_types_path(struct core_types *types)
{
	if (!types)
		return NULL;
	join(types);
	if (types->file < 0)
		return NULL;
	snprintf(types->path, sizeof(types->path), "/proc/self/fd/%d", types->file);
	return types->path;
}

void core_types_free(struct core_types *types)
{
	if (!types)
		return;
	join(types);
	if (types->file >= 0)
		close(types->file);
	free(types);
}
