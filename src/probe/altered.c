/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/altered.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arch/arch.h"
#include "base/peek.h"
#include "base/vec.h"

/* Bytes that are compared at once. */
#define PART (64u << 10)

static FILE *open_proc(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return fopen(path, "re");
}

/* A line of maps or the head of one in smaps. */
static bool parse_map(const char *line, struct altered_map *map, char *flags)
{
	unsigned long long start, end, offset, inode;

	if (sscanf(line, "%llx-%llx %4s %llx %*x:%*x %llu", &start, &end, flags, &offset, &inode) !=
		    5 ||
	    !inode)
		return false;
	*map = (struct altered_map){start, end, offset, flags[1] == 'w'};
	return true;
}

int altered_each_map(pid_t pid, int (*each)(void *arg, const struct altered_map *map), void *arg)
{
	FILE *maps = open_proc(pid, "maps");
	char line[PATH_MAX + 128], flags[5];
	struct altered_map map;
	int ret = 0;

	if (!maps)
		return errno == ENOENT ? -ESRCH : -errno;
	while (!ret && fgets(line, sizeof(line), maps))
		if (parse_map(line, &map, flags) && flags[2] == 'x' && flags[3] == 'p')
			ret = each(arg, &map);
	fclose(maps);
	return ret;
}

int altered_open_file(pid_t pid, const struct altered_map *map)
{
	char path[96];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/map_files/%llx-%llx", (int)pid,
		 (unsigned long long)map->start, (unsigned long long)map->end);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}

static int is_one(void *arg, uint64_t first, uint64_t end)
{
	(void)arg, (void)first, (void)end;
	return 1;
}

bool altered_has_pages(pid_t pid, const struct altered_map *map)
{
	return peek_own(pid, map->start, map->end, is_one, NULL) == 1;
}

struct finding {
	pid_t pid;
	const struct altered_map *map;
	int fd;
	struct altered_list *list;
	size_t first; /* the mapping's first item */
	uint8_t now[PART], file[PART];
};

static int add_byte(struct finding *f, uint64_t offset, uint8_t byte)
{
	struct altered_list *list = f->list;
	struct altered *item = list->nitems > f->first ? &list->items[list->nitems - 1] : NULL;

	if (item && !item->single && byte != arch_native()->breakpoint &&
	    item->offset + item->len == offset) {
		item->len++;
		return 0;
	}
	item = vec_push(&list->items, &list->nitems, &list->capitems);
	if (!item)
		return -ENOMEM;
	*item = (struct altered){
		.offset = offset, .len = 1, .single = byte == arch_native()->breakpoint};
	return 0;
}

static int compare(struct finding *f, uint64_t at, size_t len)
{
	uint64_t offset = f->map->offset + (at - f->map->start);
	ssize_t got = pread(f->fd, f->file, len, (off_t)offset);
	int ret = 0;

	/* Behind the end of a file that was cut short there is nothing to compare with. */
	if (got < 0)
		return -errno;
	for (size_t i = 0; i < (size_t)got && !ret; i++)
		if (f->now[i] != f->file[i])
			ret = add_byte(f, offset + i, f->now[i]);
	return ret;
}

/* Pages of the process' own, or what is left of them: one by one where not all are there. */
static int look_at(void *arg, uint64_t first, uint64_t end)
{
	struct finding *f = arg;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	int ret = 0;

	for (uint64_t at = first; at < end && !ret;) {
		size_t len = end - at < PART ? (size_t)(end - at) : PART;

		ret = peek_read(f->pid, at, f->now, len);
		if (ret == -EAGAIN && len > page) {
			len = (size_t)page;
			ret = peek_read(f->pid, at, f->now, len);
		}
		if (!ret)
			ret = compare(f, at, len);
		else if (ret == -EAGAIN) {
			f->list->away++;
			ret = 0;
		}
		at += len;
	}
	return ret;
}

/* More of them in a row than there are instructions of one byte are a patch. */
static void judge_rows(struct altered *items, size_t count)
{
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && items[end].single && items[i].single &&
				  items[end].offset == items[end - 1].offset + 1;
		     end++)
			;
		for (size_t j = i; end - i > ALTERED_ROW && j < end; j++)
			items[j].single = false;
	}
}

/* A byte of a patch may be a breakpoint's by chance, with bytes that are as they were beside it. */
static void judge(struct altered *items, size_t count)
{
	uint64_t end = 0, start = UINT64_MAX; /* of the nearest patch */

	for (size_t i = 0; i < count; i++) {
		if (!items[i].single)
			end = items[i].offset + items[i].len;
		items[i].breakpoint =
			items[i].single && (!end || items[i].offset - end >= ALTERED_NEAR);
	}
	for (size_t i = count; i--;) {
		if (!items[i].single)
			start = items[i].offset;
		else if (start - items[i].offset - 1 < ALTERED_NEAR)
			items[i].breakpoint = false;
	}
}

int altered_find(pid_t pid, const struct altered_map *map, int fd, struct altered_list *list)
{
	struct finding *f = malloc(sizeof(*f));
	int ret;

	if (!f)
		return -ENOMEM;
	f->pid = pid;
	f->map = map;
	f->fd = fd;
	f->list = list;
	f->first = list->nitems;
	ret = peek_own(pid, map->start, map->end, look_at, f);
	judge_rows(list->items + f->first, list->nitems - f->first);
	judge(list->items + f->first, list->nitems - f->first);
	free(f);
	return ret;
}

void altered_release(struct altered_list *list)
{
	free(list->items);
	*list = (struct altered_list){0};
}

bool altered_by_itself(pid_t pid, const struct altered_map *map)
{
	FILE *smaps = map->writable ? NULL : open_proc(pid, "smaps");
	char line[PATH_MAX + 128], flags[5];
	struct altered_map at = {0}, head;
	bool itself = true;

	if (!smaps)
		return true;
	while (fgets(line, sizeof(line), smaps)) {
		if (parse_map(line, &head, flags))
			at = head;
		if (at.start != map->start || at.end != map->end ||
		    strncmp(line, "VmFlags:", 8) != 0)
			continue;
		itself = strstr(line, " ac") != NULL;
		break;
	}
	fclose(smaps);
	return itself;
}

pid_t altered_tracer(pid_t pid)
{
	FILE *status = open_proc(pid, "status");
	char line[256];
	int tracer = 0;

	if (!status)
		return -ESRCH;
	while (fgets(line, sizeof(line), status))
		if (sscanf(line, "TracerPid: %d", &tracer) == 1)
			break;
	fclose(status);
	return tracer;
}
