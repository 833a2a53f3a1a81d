/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/cost.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "arch/arch.h"

/* What a program takes on top of the trap, both ways together halved (docs/performance.md). */
#define PROGRAM_NS 400

#define BATCHES 10
#define CALLS   50

static uint64_t thread_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* The least of several: whatever else happens only adds. */
static uint64_t measure(const struct arch_sample *sample)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < BATCHES; i++) {
		uint64_t began = thread_ns(), took;

		for (int call = 0; call < CALLS; call++)
			sample->call();
		took = (thread_ns() - began) / CALLS;
		if (took < least)
			least = took;
	}
	return least;
}

/* Where in the file `code` is, by the mapping that it is in (proc_pid_maps(5)). */
static int find_offset(const char *code, uint64_t *offset)
{
	unsigned long long start, end, at, addr = (uintptr_t)code;
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	bool found = false;

	if (!maps)
		return -errno;
	while (!found && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%llx-%llx %*s %llx", &start, &end, &at) != 3)
			continue;
		found = addr >= start && addr < end;
		*offset = at + (addr - start);
	}
	fclose(maps);
	return found ? 0 : -ENOENT;
}

static int open_event(uint64_t offset)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.uprobe_path = (uintptr_t) "/proc/self/exe",
		.probe_offset = offset,
	};
	FILE *type = fopen("/sys/bus/event_source/devices/uprobe/type", "re");
	int ret;

	if (!type)
		return -errno;
	ret = fscanf(type, "%u", &attr.type) == 1 ? 0 : -EINVAL;
	fclose(type);
	if (ret)
		return ret;
	ret = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	return ret < 0 ? -errno : ret;
}

/* A link holds its program. */
static int open_link(uint64_t offset)
{
	unsigned long at = offset;
	LIBBPF_OPTS(bpf_link_create_opts, opts, .uprobe_multi.path = "/proc/self/exe",
		    .uprobe_multi.offsets = &at, .uprobe_multi.cnt = 1,
		    .uprobe_multi.pid = (__u32)getpid());
	int prog = features_empty_program(BPF_TRACE_UPROBE_MULTI), link;

	if (prog < 0)
		return prog;
	link = bpf_link_create(prog, -1, BPF_TRACE_UPROBE_MULTI, &opts);
	close(prog);
	return link;
}

static int hit_cost(const struct arch_sample *sample, const char *code,
		    const struct features *features, uint64_t bare, uint64_t *cost)
{
	uint64_t took, offset = 0;
	int fd = find_offset(code, &offset);

	if (!fd)
		fd = features->uprobe_multi ? open_link(offset) : open_event(offset);
	if (fd < 0)
		return fd;
	took = measure(sample);
	close(fd);
	*cost = (took > bare ? took - bare : 0) + PROGRAM_NS;
	return 0;
}

int probe_cost(struct probe_cost *cost, const struct features *features)
{
	const struct arch_sample *sample = arch_native()->sample;
	uint64_t bare = measure(sample);
	int ret = hit_cost(sample, sample->emulated, features, bare, &cost->emulated);

	return ret ? ret : hit_cost(sample, sample->stepped, features, bare, &cost->stepped);
}
