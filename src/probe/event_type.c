/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* asprintf */
#include "probe/event_type.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ftrace/marks.h>

/* The longest name of a tracepoint, with what the kernel puts ahead of it. */
#define NAME_MAX_LEN 160

/* Typedefs and qualifiers in a row: no types of a kernel that holds together have more. */
#define CHAIN_MAX 32

static const struct btf_type *bare(const struct btf *types, __u32 id)
{
	const struct btf_type *type = btf__type_by_id(types, id);

	for (int i = 0; i < CHAIN_MAX && type; i++) {
		if (!btf_is_mod(type) && !btf_is_typedef(type) && !btf_is_type_tag(type))
			return type;
		type = btf__type_by_id(types, type->type);
	}
	return NULL;
}

static const struct btf_type *find(const struct btf *types, const char *prefix, const char *point,
				   __u32 kind)
{
	char name[NAME_MAX_LEN];
	int id, len = snprintf(name, sizeof(name), "%s%s", prefix, point);

	if (len < 0 || (size_t)len >= sizeof(name))
		return NULL;
	id = btf__find_by_name_kind(types, name, kind);
	return id < 0 ? NULL : btf__type_by_id(types, (__u32)id);
}

/* typedef void (*btf_trace_NAME)(void *, ...) */
static const struct btf_type *prototype(const struct btf *types, const char *point)
{
	const struct btf_type *type = find(types, "btf_trace_", point, BTF_KIND_TYPEDEF);

	type = type ? bare(types, type->type) : NULL;
	if (!type || !btf_is_ptr(type))
		return NULL;
	type = bare(types, type->type);
	return type && btf_is_func_proto(type) && btf_vlen(type) ? type : NULL;
}

/* One with as many arguments, and names; or NULL. */
static const struct btf_type *named_prototype(const struct btf *types, const char *point,
					      size_t count)
{
	static const char *const prefixes[] = {"__traceiter_", "__probestub_", "__bpf_trace_"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		const struct btf_type *type = find(types, prefixes[i], point, BTF_KIND_FUNC);

		type = type ? btf__type_by_id(types, type->type) : NULL;
		if (type && btf_is_func_proto(type) && btf_vlen(type) == count)
			return type;
	}
	return NULL;
}

static void classify_pointer(struct event_arg *arg, const struct btf *types, __u32 to)
{
	const struct btf_type *type = bare(types, to);
	const char *name = type ? btf__name_by_offset(types, type->name_off) : "";

	if (type && btf_is_struct(type) && !strcmp(name, "task_struct"))
		arg->kind = EVENT_ARG_TASK;
	else if (type && btf_is_int(type) && type->size == 1 && !strcmp(name, "char"))
		arg->kind = EVENT_ARG_STRING;
}

static void classify(struct event_arg *arg, const struct btf *types, __u32 id)
{
	const struct btf_type *type = bare(types, id);

	arg->kind = EVENT_ARG_POINTER;
	arg->size = 8;
	arg->text = EVENT_NO_TEXT;
	if (!type)
		return;
	if (btf_is_ptr(type)) {
		classify_pointer(arg, types, type->type);
		return;
	}
	if (!btf_is_int(type) && !btf_is_any_enum(type))
		return;
	if (type->size != 1 && type->size != 2 && type->size != 4 && type->size != 8)
		return;
	arg->size = (uint8_t)type->size;
	arg->kind = EVENT_ARG_NUMBER;
	if (btf_is_any_enum(type))
		arg->is_signed = btf_kflag(type);
	else
		arg->is_signed = btf_int_encoding(type) & BTF_INT_SIGNED;
}

/* What is behind the last text that there is room for is shown as an address. */
static void give_text(struct event_type *type, struct event_arg *arg)
{
	if (arg->kind != EVENT_ARG_STRING && arg->kind != EVENT_ARG_TASK)
		return;
	if (type->ntexts == FT_EVENT_TEXTS)
		arg->kind = EVENT_ARG_POINTER;
	else
		arg->text = (uint8_t)type->ntexts++;
}

static char *name_of(const struct btf *types, const struct btf_param *param, size_t index)
{
	const char *name = param ? btf__name_by_offset(types, param->name_off) : "";
	char *made;

	if (name && *name)
		return strdup(name);
	return asprintf(&made, "arg%zu", index) < 0 ? NULL : made;
}

int event_type_read(struct event_type *type, const struct btf *types, const char *point)
{
	const struct btf_type *proto = prototype(types, point), *names;
	size_t count;

	if (!proto)
		return -ENOENT;
	/* The first one is whom the function is called for. */
	count = btf_vlen(proto) - 1u;
	if (count > FT_EVENT_ARGS)
		return -E2BIG;
	names = named_prototype(types, point, count + 1);
	type->args = calloc(count ? count : 1, sizeof(*type->args));
	if (!type->args)
		return -ENOMEM;
	for (; type->nargs < count; type->nargs++) {
		struct event_arg *arg = &type->args[type->nargs];

		arg->name = name_of(types, names ? &btf_params(names)[type->nargs + 1] : NULL,
				    type->nargs);
		if (!arg->name)
			return -ENOMEM;
		classify(arg, types, btf_params(proto)[type->nargs + 1].type);
		give_text(type, arg);
	}
	return 0;
}

void event_type_release(struct event_type *type)
{
	for (size_t i = 0; i < type->nargs; i++)
		free(type->args[i].name);
	free(type->args);
	free(type->name);
	*type = (struct event_type){0};
}
