/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/event_find.h"

#include <bpf/btf.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/suggest.h"
#include "base/vec.h"
#include "probe/event_type.h"

/* Names that are shown of what is left out of a glob. */
#define NOTES_MAX 4

/* A pattern being looked for. */
struct search {
	struct event_types *found;
	const char *pattern;
	const struct event_list *list;
	const struct btf *btf;
	struct error *err;
	size_t matched, refused;
	bool plain;
};

/* Its events fire while the kernel holds locks, also that of the ring to which they would be written. */
static bool is_of_locks(const char *full, const char *name)
{
	return !strncmp(full, "lock:", 5) || !strncmp(name, "contention_", 11) ||
	       !strncmp(name, "lock_", 5);
}

static const char *cause_of(int code)
{
	switch (code) {
	case -EDEADLK:
		return "fires while a lock is held that recording it takes";
	case -E2BIG:
		return "has more arguments than can be read";
	default:
		return "is no tracepoint of its own: the kernel's types do not have it";
	}
}

/* A module's tracepoints are in its own types. */
static int read_of_modules(struct event_type *type, const struct btf *btf, const char *point)
{
	DIR *folder = opendir("/sys/kernel/btf");
	const struct dirent *found;
	int ret = -ENOENT;

	while (folder && ret == -ENOENT && (found = readdir(folder))) {
		struct btf *module;

		if (found->d_name[0] == '.' || !strcmp(found->d_name, "vmlinux"))
			continue;
		module = btf__load_module_btf(found->d_name, (struct btf *)btf);
		if (!module)
			continue;
		ret = event_type_read(type, module, point);
		btf__free(module);
	}
	if (folder)
		closedir(folder);
	return ret;
}

static int read_type(const struct search *s, struct event_type *type,
		     const struct event_entry *entry)
{
	int ret;

	if (is_of_locks(entry->full, entry->name))
		return -EDEADLK;
	ret = event_type_read(type, s->btf, entry->name);
	if (ret == -ENOENT)
		ret = read_of_modules(type, s->btf, entry->name);
	type->name = strdup(entry->full);
	if (!type->name)
		return -ENOMEM;
	type->point = type->name + strlen(entry->full) - strlen(entry->name);
	return ret;
}

static bool is_there(const struct event_types *found, const char *full)
{
	for (size_t i = 0; i < found->count; i++)
		if (!strcmp(found->types[i].name, full))
			return true;
	return false;
}

/* One that cannot be had: of a glob it is left out, and said. */
static int refuse(struct search *s, const struct event_entry *entry, int code)
{
	struct buf *notes = &s->found->notes;

	if (code == -ENOMEM)
		return error_set(s->err, code, "-e %.100s: out of memory; name fewer", s->pattern);
	if (s->plain && code == -ENOENT && !strncmp(entry->full, "syscalls:sys_", 13))
		return error_set(s->err, code,
				 "-e %.100s: the kernel makes it of raw_syscalls; use --syscalls",
				 s->pattern);
	if (s->plain)
		return error_set(s->err, code, "-e %.100s: %s; leave it out", s->pattern,
				 cause_of(code));
	if (++s->refused > NOTES_MAX)
		return 0;
	buf_adds(notes, "-e ");
	buf_adds(notes, s->pattern);
	buf_adds(notes, ": without ");
	buf_adds(notes, entry->full);
	buf_adds(notes, ", which ");
	buf_adds(notes, cause_of(code));
	buf_addc(notes, '\n');
	return 0;
}

static int add(struct search *s, const struct event_entry *entry)
{
	struct event_type type = {0};
	struct event_type *slot;
	int ret;

	s->matched++;
	if (is_there(s->found, entry->full))
		return 0;
	ret = read_type(s, &type, entry);
	if (ret) {
		event_type_release(&type);
		return refuse(s, entry, ret);
	}
	slot = s->found->count < EVENTS_MAX
		       ? vec_push(&s->found->types, &s->found->count, &s->found->cap)
		       : NULL;
	if (!slot) {
		event_type_release(&type);
		return error_set(s->err, -E2BIG, "-e %.100s: too many tracepoints; %d at most",
				 s->pattern, EVENTS_MAX);
	}
	*slot = type;
	return 0;
}

/* The whole pattern with groups; without, what is behind its colon. */
static bool matches(const struct search *s, const struct event_entry *entry)
{
	const char *pattern = s->pattern;

	if (!s->list->grouped)
		pattern = strchr(pattern, ':') + 1;
	return glob_match(pattern, entry->full);
}

static int not_found(const struct search *s)
{
	const char *name = strchr(s->pattern, ':');
	struct suggest suggest;
	char text[256];

	name = name ? name + 1 : s->pattern;
	suggest_init(&suggest, s->list->grouped ? s->pattern : name);
	for (size_t i = 0; i < s->list->count; i++) {
		const struct event_entry *entry = &s->list->entries[i];

		/* The right name in the wrong group, or in none. */
		if (!strcmp(entry->name, name))
			return error_set(s->err, -ENOENT,
					 "-e %.100s: the kernel has no such tracepoint; did you "
					 "mean %.100s?",
					 s->pattern, entry->full);
		suggest_name(&suggest, entry->full);
	}
	suggest_text(&suggest, text, sizeof(text));
	return error_set(s->err, -ENOENT, "-e %.100s: the kernel has no such tracepoint%s",
			 s->pattern, *text ? text : "; see /sys/kernel/tracing/available_events");
}

static void note_rest(struct search *s)
{
	struct buf *notes = &s->found->notes;

	if (s->refused > NOTES_MAX) {
		buf_adds(notes, "-e ");
		buf_adds(notes, s->pattern);
		buf_adds(notes, ": and without ");
		buf_addu(notes, s->refused - NOTES_MAX);
		buf_adds(notes, " more\n");
	}
	if (s->list->grouped)
		return;
	buf_adds(notes, "-e ");
	buf_adds(notes, s->pattern);
	buf_adds(notes, ": its group is not looked at, since tracefs is not mounted and may not be\n");
}

int event_find(struct event_types *found, const char *pattern, const struct event_list *list,
	       const struct btf *btf, struct error *err)
{
	struct search s = {
		.found = found,
		.pattern = pattern,
		.list = list,
		.btf = btf,
		.err = err,
		.plain = glob_is_plain(pattern),
	};
	int ret = 0;

	if (!strchr(pattern, ':'))
		return not_found(&s);
	for (size_t i = 0; i < list->count && !ret; i++)
		if (matches(&s, &list->entries[i]))
			ret = add(&s, &list->entries[i]);
	if (ret)
		return ret;
	if (!s.matched)
		return not_found(&s);
	if (s.matched == s.refused)
		return error_set(err, -ENOENT,
				 "-e %.100s: none of these tracepoints can be recorded; name others",
				 pattern);
	note_rest(&s);
	return 0;
}

int event_find_all(struct event_types *found, char *const *patterns, size_t count,
		   struct error *err)
{
	struct event_list list = {0};
	struct btf *btf;
	int ret;

	if (!count)
		return 0;
	btf = btf__load_vmlinux_btf();
	if (!btf)
		return error_set(err, -errno,
				 "-e %.100s: the kernel does not tell its types: %s; leave it out",
				 patterns[0], strerror(errno));
	ret = event_list_find(&list, btf);
	if (ret)
		error_set(err, ret, "-e %.100s: out of memory; close something", patterns[0]);
	for (size_t i = 0; i < count && !ret; i++)
		ret = event_find(found, patterns[i], &list, btf, err);
	event_list_release(&list);
	btf__free(btf);
	return ret;
}

void event_types_release(struct event_types *found)
{
	for (size_t i = 0; i < found->count; i++)
		event_type_release(&found->types[i]);
	free(found->types);
	buf_release(&found->notes);
	*found = (struct event_types){0};
}
