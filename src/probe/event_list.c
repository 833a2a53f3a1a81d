/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* asprintf */
#include "probe/event_list.h"

#include <bpf/btf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/vec.h"

#define TYPEDEF "btf_trace_"

/* `group` may be NULL. */
static int add(struct event_list *list, const char *group, const char *name)
{
	struct event_entry *entry = vec_push(&list->entries, &list->count, &list->cap);
	int len;

	if (!entry)
		return -ENOMEM;
	len = asprintf(&entry->full, "%s%s%s", group ? group : "", group ? ":" : "", name);
	if (len < 0) {
		list->count--;
		return -ENOMEM;
	}
	entry->name = entry->full + (size_t)len - strlen(name);
	return 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct event_entry *)a)->full, ((const struct event_entry *)b)->full);
}

static void sort(struct event_list *list)
{
	if (list->count)
		qsort(list->entries, list->count, sizeof(*list->entries), compare);
}

static bool is_folder(const struct dirent *found)
{
	return found->d_type == DT_DIR && found->d_name[0] != '.';
}

static DIR *open_folder(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (!folder && fd >= 0)
		close(fd);
	return folder;
}

/* One that goes away meanwhile, with its module, is none. */
static int read_group(struct event_list *list, int at, const char *group)
{
	DIR *folder = open_folder(at, group);
	const struct dirent *found;
	int ret = 0;

	if (!folder)
		return 0;
	while (!ret && (found = readdir(folder)))
		if (is_folder(found))
			ret = add(list, group, found->d_name);
	closedir(folder);
	return ret;
}

static int read_groups(struct event_list *list, int at, const char *directory)
{
	DIR *folder = open_folder(at, directory);
	const struct dirent *found;
	int ret = 0;

	if (!folder)
		return -errno;
	while (!ret && (found = readdir(folder)))
		if (is_folder(found))
			ret = read_group(list, dirfd(folder), found->d_name);
	closedir(folder);
	sort(list);
	list->grouped = true;
	return ret || list->count ? ret : -ENOENT;
}

int event_list_read(struct event_list *list, const char *directory)
{
	return read_groups(list, AT_FDCWD, directory);
}

/* A mount of its own that stands nowhere in the tree of files, and goes when it is closed. */
static int open_tracefs(void)
{
	int fs = fsopen("tracefs", FSOPEN_CLOEXEC), mount = -1;

	if (fs >= 0 && !fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY);
	if (fs >= 0)
		close(fs);
	return mount;
}

static int read_unmounted(struct event_list *list)
{
	int mount = open_tracefs();
	int ret = mount < 0 ? -ENOENT : read_groups(list, mount, "events");

	if (mount >= 0)
		close(mount);
	return ret;
}

static int list_types(struct event_list *list, const struct btf *types)
{
	__u32 count = types ? btf__type_cnt(types) : 0;
	int ret = 0;

	for (__u32 i = 1; i < count && !ret; i++) {
		const struct btf_type *type = btf__type_by_id(types, i);
		const char *name = btf__name_by_offset(types, type->name_off);

		if (btf_is_typedef(type) && !strncmp(name, TYPEDEF, strlen(TYPEDEF)))
			ret = add(list, NULL, name + strlen(TYPEDEF));
	}
	sort(list);
	list->grouped = false;
	return ret;
}

int event_list_find(struct event_list *list, const struct btf *types)
{
	int ret = event_list_read(list, "/sys/kernel/tracing/events");

	if (ret && ret != -ENOMEM)
		ret = event_list_read(list, "/sys/kernel/debug/tracing/events");
	if (ret && ret != -ENOMEM)
		ret = read_unmounted(list);
	if (ret && ret != -ENOMEM)
		ret = list_types(list, types);
	return ret;
}

void event_list_release(struct event_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->entries[i].full);
	free(list->entries);
	*list = (struct event_list){0};
}
