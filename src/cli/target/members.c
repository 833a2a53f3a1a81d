/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/target/members.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/target/exe_path.h"
#include "cli/target/target_state.h"
#include "host/procfs.h"
#include "image/go_marks.h"

/* Files that are remembered; then all are looked at once more. */
#define SEEN_MAX 65536

/* A file as it is now: whoever writes to it changes its time, and no program that runs can be written to. */
static struct map_key key_of(const struct stat *st)
{
	uint64_t time = (uint64_t)st->st_ctim.tv_sec * 1000000000 + (uint64_t)st->st_ctim.tv_nsec;

	return (struct map_key){
		.a = st->st_ino,
		.b = ((uint64_t)st->st_dev << 32 | (uint64_t)st->st_dev >> 32) ^ time,
	};
}

int members_look(struct members *members, pid_t pid, int *fd)
{
	uint64_t *seen;
	char path[32];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	if (stat(path, &st))
		return 0;
	if (members->seen.count == SEEN_MAX)
		map_release(&members->seen);
	seen = map_put(&members->seen, key_of(&st));
	if (!seen)
		return -ENOMEM;
	if (*seen)
		return 0;
	*fd = procfs_open_exe(pid);
	*seen = *fd >= 0;
	return *fd >= 0;
}

/* What is no Go program is passed over, and what cannot be traced is said. */
static int look_at(struct targets *targets, const struct options *opt, pid_t pid)
{
	size_t before = targets->plan->nimages;
	struct error why = {0};
	uint32_t image;
	bool go;
	char *exe;
	int fd, ret = members_look(&targets->members, pid, &fd);

	if (ret <= 0)
		return ret;
	exe = procfs_exe(pid);
	if (targets->watched)
		watched_file(targets->watched, exe ? exe : "?");
	if (!go_marks_any(fd)) {
		free(exe);
		close(fd);
		return 0;
	}
	ret = target_add_image(targets, opt, fd, exe ? exe : "?", &image, &go, &why);
	free(exe);
	if (!ret)
		return targets->plan->nimages > before ? target_add(targets, image, 0) : 0;
	if (go && ret != -ENOMEM && !opt->quiet)
		fprintf(stderr, "ftrace: PID %d is not traced: %s\n", (int)pid, why.text);
	return ret == -ENOMEM ? ret : 0;
}

int members_open(struct targets *targets, const struct options *opt, struct error *err)
{
	struct pid_list pids = {0};
	size_t closed = 0;
	int ret = cgroup_find(&targets->members.cgroup, opt->cgroup, err);

	if (!ret)
		ret = cgroup_pids(&targets->members.cgroup, &pids);
	for (size_t i = 0; i < pids.count && !ret; i++)
		ret = look_at(targets, opt, pids.pids[i]);
	for (size_t i = 0; i < pids.count && !ret; i++)
		exe_path_ask(targets, pids.pids[i]);
	for (size_t i = 0; i < pids.count; i++)
		closed += procfs_is_closed(pids.pids[i]);
	if (closed && !opt->quiet)
		fprintf(stderr,
			"ftrace: %s: %zu process%s not looked at, which takes CAP_SYS_PTRACE\n",
			opt->cgroup, closed, closed == 1 ? " is" : "es are");
	pid_list_release(&pids);
	return ret;
}

void members_release(struct members *members)
{
	cgroup_release(&members->cgroup);
	map_release(&members->seen);
}
