/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/inodes.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ftrace/inode.h>

#include "base/vec.h"
#include "inode.skel.h"
#include "probe/features.h"

/* Of looks at our own mappings, which another thread of ours may be changing. */
#define TRIES 1000

struct inodes {
	struct inode_bpf *skel; /* NULL: stat() has to do */
	int all;                /* a link over all processes */
	bool by_pid;            /* a link can be for one process */
};

/* What one look at processes found. */
struct found {
	struct ft_inode *items;
	size_t nitems, capitems;
};

struct inodes *inodes_new(void)
{
	struct inodes *inodes = calloc(1, sizeof(*inodes));

	if (!inodes)
		return NULL;
	inodes->all = -1;
	inodes->by_pid = true;
	if (features_unwanted("inodes"))
		return inodes;
	inodes->skel = inode_bpf__open_and_load();
	if (!inodes->skel)
		return inodes;
	inodes->all =
		bpf_link_create(inodes->skel->progs.ftrace_inodes.prog_fd, 0, BPF_TRACE_ITER, NULL);
	if (inodes->all < 0) {
		inode_bpf__destroy(inodes->skel);
		inodes->skel = NULL;
	}
	return inodes;
}

void inodes_free(struct inodes *inodes)
{
	if (!inodes)
		return;
	if (inodes->all >= 0)
		close(inodes->all);
	inode_bpf__destroy(inodes->skel);
	free(inodes);
}

bool inodes_are_exact(const struct inodes *inodes)
{
	return inodes->skel;
}

/* A link that visits one process; a negative errno on kernels before 6.1. */
static int link_one(const struct inodes *inodes, pid_t pid)
{
	union bpf_iter_link_info info = {.task.tid = (__u32)pid};
	LIBBPF_OPTS(bpf_link_create_opts, opts, .iter_info = &info, .iter_info_len = sizeof(info));

	return bpf_link_create(inodes->skel->progs.ftrace_inodes.prog_fd, 0, BPF_TRACE_ITER, &opts);
}

static int read_found(int link, struct found *found)
{
	struct ft_inode records[256];
	int fd = bpf_iter_create(link), ret = 0;
	ssize_t len;

	if (fd < 0)
		return fd;
	while (!ret && (len = read(fd, records, sizeof(records))) != 0) {
		if (len < 0) {
			ret = -errno;
			break;
		}
		for (size_t i = 0; i < (size_t)len / sizeof(records[0]) && !ret; i++) {
			struct ft_inode *slot =
				vec_push(&found->items, &found->nitems, &found->capitems);

			if (slot)
				*slot = records[i];
			else
				ret = -ENOMEM;
		}
	}
	close(fd);
	return ret;
}

/* Looks at one process, or at all when `pid` is 0. */
static int look(struct inodes *inodes, pid_t pid, uint64_t address, struct found *found)
{
	int link = inodes->all, ret;

	if (pid && inodes->by_pid) {
		link = link_one(inodes, pid);
		inodes->by_pid = link >= 0 || link == -ESRCH;
		if (link < 0)
			link = inodes->all;
	}
	inodes->skel->bss->only = (__u32)pid;
	inodes->skel->bss->address = address;
	ret = read_found(link, found);
	if (link != inodes->all)
		close(link);
	return ret;
}

/* What is at an address of a process; -EAGAIN: its mappings are being changed. */
static int look_at(struct inodes *inodes, pid_t pid, uint64_t address, struct ft_inode *at)
{
	struct found found = {0};
	int ret = look(inodes, pid, address, &found);

	if (!ret && !found.nitems)
		ret = -ESRCH;
	if (!ret)
		*at = found.items[0];
	free(found.items);
	return !ret && at->busy ? -EAGAIN : ret;
}

static int by_stat(int ret, const struct stat *st, struct file_id *file)
{
	if (ret)
		return -errno;
	*file = (struct file_id){.inode = st->st_ino, .device = st->st_dev + 1};
	return 0;
}

/* Never a private mapping if it can be helped: that is one more place where breakpoints are put. */
static void *map_page(int fd, size_t size)
{
	void *page = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);

	return page == MAP_FAILED ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : page;
}

int inodes_of_file(struct inodes *inodes, int fd, struct file_id *file)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	struct ft_inode at;
	int ret, tries = TRIES;
	struct stat st;
	void *page;

	if (!inodes->skel)
		return by_stat(fstat(fd, &st), &st, file);
	page = map_page(fd, size);
	if (page == MAP_FAILED)
		return -errno;
	do
		ret = look_at(inodes, getpid(), (uint64_t)page, &at);
	while (ret == -EAGAIN && --tries);
	munmap(page, size);
	if (!ret)
		*file = (struct file_id){.inode = at.inode};
	return ret;
}

/* By the file itself, where the process cannot be looked into just now. */
static int of_executable(struct inodes *inodes, pid_t pid, struct runner *runner)
{
	char path[64];
	struct stat st;
	int fd, ret;

	*runner = (struct runner){.pid = pid};
	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	if (!inodes->skel)
		return by_stat(stat(path, &st), &st, &runner->file);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	ret = inodes_of_file(inodes, fd, &runner->file);
	close(fd);
	return ret;
}

int inodes_of_process(struct inodes *inodes, pid_t pid, struct runner *runner)
{
	struct ft_inode at;
	int ret = inodes->skel ? look_at(inodes, pid, 0, &at) : -EAGAIN;

	if (ret == -EAGAIN)
		ret = of_executable(inodes, pid, runner);
	else if (!ret)
		*runner = (struct runner){pid, {.inode = at.inode}, at.exe, at.at};
	return ret == -ENOENT ? -ESRCH : ret;
}

int inodes_of_mapping(struct inodes *inodes, pid_t pid, uint64_t start, uint64_t end,
		      struct file_id *file)
{
	struct ft_inode at;
	struct stat st;
	char path[96];
	int ret;

	if (inodes->skel) {
		ret = look_at(inodes, pid, start, &at);
		if (!ret)
			*file = (struct file_id){.inode = at.inode};
		return ret == -ESRCH ? -ENOENT : ret;
	}
	snprintf(path, sizeof(path), "/proc/%d/map_files/%llx-%llx", (int)pid,
		 (unsigned long long)start, (unsigned long long)end);
	return by_stat(stat(path, &st), &st, file);
}

/* Every process by its directory in /proc. */
static int each_by_stat(struct inodes *inodes, int (*each)(void *arg, const struct runner *runner),
			void *arg)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	int ret = 0;

	if (!dir)
		return -errno;
	while (!ret && (entry = readdir(dir))) {
		struct runner runner;
		char *end;
		long pid = strtol(entry->d_name, &end, 10);

		if (pid > 0 && !*end && !of_executable(inodes, (pid_t)pid, &runner))
			ret = each(arg, &runner);
	}
	closedir(dir);
	return ret;
}

int inodes_each_runner(struct inodes *inodes, int (*each)(void *arg, const struct runner *runner),
		       void *arg)
{
	struct found found = {0};
	pid_t before = 0;
	int ret;

	if (!inodes->skel)
		return each_by_stat(inodes, each, arg);
	ret = look(inodes, 0, 0, &found);
	for (size_t i = 0; i < found.nitems && !ret; i++) {
		const struct ft_inode *item = &found.items[i];
		struct runner runner = {
			(pid_t)item->pid, {.inode = item->inode}, item->exe, item->at};

		/* Not in our namespace, or another thread of one whose leader has ended. */
		if (!runner.pid || runner.pid == before)
			continue;
		before = runner.pid;
		if (!item->busy || !of_executable(inodes, runner.pid, &runner))
			ret = each(arg, &runner);
	}
	free(found.items);
	return ret;
}
