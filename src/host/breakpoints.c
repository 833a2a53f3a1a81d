/* SPDX-License-Identifier: GPL-2.0-only */
#include "host/breakpoints.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/map.h"
#include "base/vec.h"
#include "probe/repair.h"

struct scanning {
	struct breakpoints *all;
	pid_t pid;
	struct altered_list list;
};

static int add_found(struct breakpoints *all, const struct altered_list *list)
{
	uint32_t process = (uint32_t)(all->nprocesses - 1);
	const struct altered_process *in = &all->processes[process];
	uint8_t state = in->tracer ? BREAKPOINT_DEBUGGED
			: in->own  ? BREAKPOINT_OWN
				   : BREAKPOINT_LOST;

	for (size_t i = 0; i < list->nitems; i++) {
		const struct altered *at = &list->items[i];

		if (at->breakpoint) {
			struct breakpoint *b = vec_push(&all->items, &all->nitems, &all->capitems);

			if (!b)
				return -ENOMEM;
			*b = (struct breakpoint){at->offset, process, state};
		} else {
			struct patch *p = vec_push(&all->patches, &all->npatches, &all->cappatches);

			if (!p)
				return -ENOMEM;
			*p = (struct patch){at->offset, at->len, process};
		}
	}
	return 0;
}

/* Takes the descriptor over. */
static int add_process(struct breakpoints *all, pid_t pid, const struct altered_map *map, int fd,
		       const struct file_id *file)
{
	struct altered_process *in =
		vec_push(&all->processes, &all->nprocesses, &all->capprocesses);

	if (!in) {
		close(fd);
		return -ENOMEM;
	}
	*in = (struct altered_process){
		.pid = pid,
		.tracer = altered_tracer(pid),
		.map = *map,
		.file = *file,
		.fd = fd,
		.own = altered_by_itself(pid, map),
		.wanted = true,
	};
	return 0;
}

/* A descriptor of the mapped file, for the caller; a negative errno: it is not to be looked at. */
static int open_mapped(const struct breakpoints *all, pid_t pid, const struct altered_map *map,
		       struct file_id *file)
{
	int ret = inodes_of_mapping(all->inodes, pid, map->start, map->end, file);

	if (ret || !all->known)
		return ret ? ret : altered_open_file(pid, map);
	for (size_t i = 0; i < all->nknown; i++)
		if (file_id_same(&all->known[i].id, file))
			return fcntl(all->known[i].fd, F_DUPFD_CLOEXEC, 3);
	return -ENOENT;
}

static int scan_map(void *arg, const struct altered_map *map)
{
	struct scanning *s = arg;
	struct file_id file;
	int fd, ret;

	if (!altered_has_pages(s->pid, map))
		return 0;
	fd = open_mapped(s->all, s->pid, map, &file);
	if (fd < 0)
		return 0; /* it may have gone; the next one may be there */
	s->list.nitems = 0;
	ret = altered_find(s->pid, map, fd, &s->list);
	if (ret || !s->list.nitems) {
		close(fd);
		return ret == -ENOMEM ? ret : 0;
	}
	ret = add_process(s->all, s->pid, map, fd, &file);
	return ret ? ret : add_found(s->all, &s->list);
}

int breakpoints_scan(struct breakpoints *all, pid_t pid)
{
	struct scanning s = {.all = all, .pid = pid};
	int ret = altered_each_map(pid, scan_map, &s);

	all->away += s.list.away;
	altered_release(&s.list);
	all->closed += ret == -EACCES || ret == -EPERM;
	return ret == -ENOMEM ? ret : 0;
}

static struct map_key key_of(const struct breakpoints *all, const struct breakpoint *b)
{
	const struct file_id *file = &all->processes[b->process].file;

	return (struct map_key){.a = file->inode ^ file->device << 48, .b = b->offset};
}

/* Places that are not to be touched at all, or not once more. */
static int mark_kept(struct breakpoints *all, struct map *done)
{
	for (size_t i = 0; i < all->nitems; i++) {
		const struct breakpoint *b = &all->items[i];

		if (b->state != BREAKPOINT_LOST && !map_put(done, key_of(all, b)))
			return -ENOMEM;
	}
	for (size_t i = 0; i < all->nitems; i++) {
		struct breakpoint *b = &all->items[i];

		if (b->state == BREAKPOINT_LOST && map_find(done, key_of(all, b)))
			b->state = BREAKPOINT_SHARED;
	}
	return 0;
}

/* [first, end) are those of one process. */
static int settle_process(struct breakpoints *all, size_t first, size_t end, struct map *done,
			  struct keeper *keeper, int program, bool multi)
{
	const struct altered_process *in = &all->processes[all->items[first].process];
	unsigned long *offsets = calloc(end - first, sizeof(*offsets));
	size_t count = 0;
	int ret = offsets ? 0 : -ENOMEM;

	for (size_t i = first; i < end && !ret; i++) {
		struct map_key key = key_of(all, &all->items[i]);

		if (all->items[i].state == BREAKPOINT_LOST && !map_find(done, key))
			offsets[count++] = all->items[i].offset;
	}
	if (!ret && count)
		ret = repair_places(keeper, program, multi, in->fd, in->pid, offsets, count);
	free(offsets);
	/* One that has ended meanwhile leaves its places to the next that has them. */
	if (ret)
		return ret == -ESRCH ? 0 : ret;
	for (size_t i = first; i < end; i++)
		if (all->items[i].state == BREAKPOINT_LOST &&
		    !map_put(done, key_of(all, &all->items[i])))
			return -ENOMEM;
	return 0;
}

static size_t end_of(const struct breakpoints *all, size_t first)
{
	size_t end = first + 1;

	while (end < all->nitems && all->items[end].process == all->items[first].process)
		end++;
	return end;
}

/* Both lists ascend. */
static int look_again(struct breakpoints *all, size_t first, size_t end)
{
	const struct altered_process *in = &all->processes[all->items[first].process];
	struct altered_list list = {0};
	size_t at = 0;
	int ret = altered_find(in->pid, &in->map, in->fd, &list);

	for (size_t i = first; i < end && (!ret || ret == -ESRCH); i++) {
		while (at < list.nitems && list.items[at].offset < all->items[i].offset)
			at++;
		if (all->items[i].state != BREAKPOINT_LOST)
			continue;
		if (ret)
			all->items[i].state = BREAKPOINT_ENDED;
		else if (at == list.nitems || list.items[at].offset != all->items[i].offset)
			all->items[i].state = BREAKPOINT_TAKEN;
	}
	altered_release(&list);
	return ret == -ESRCH ? 0 : ret;
}

int breakpoints_settle(struct breakpoints *all, struct keeper *keeper, int program, bool multi)
{
	struct map done = {0};
	int ret = mark_kept(all, &done);

	for (size_t i = 0, end; i < all->nitems && !ret; i = end) {
		end = end_of(all, i);
		if (all->processes[all->items[i].process].wanted)
			ret = settle_process(all, i, end, &done, keeper, program, multi);
	}
	map_release(&done);
	for (size_t i = 0, end; i < all->nitems && !ret; i = end) {
		end = end_of(all, i);
		ret = look_again(all, i, end);
	}
	return ret;
}

size_t breakpoints_count(const struct breakpoints *all, uint32_t process, uint8_t state)
{
	size_t count = 0;

	for (size_t i = 0; i < all->nitems; i++)
		count += all->items[i].process == process && all->items[i].state == state;
	return count;
}

void breakpoints_release(struct breakpoints *all)
{
	for (size_t i = 0; i < all->nprocesses; i++)
		if (all->processes[i].fd >= 0)
			close(all->processes[i].fd);
	free(all->processes);
	free(all->items);
	free(all->patches);
	*all = (struct breakpoints){0};
}
