/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/call_points.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <ftrace/image.h>
#include <ftrace/syscall_read.h>

#include "arch/arch.h"
#include "ftrace.skel.h"
#include "plan/syscall_form.h"

bool call_points_wanted(const struct marks_wanted *marks)
{
	return marks && marks->syscalls;
}

/* No number of a call. */
#define NEVER (~0u)

static __u32 number_of(const char *name)
{
	const struct arch *arch = arch_native();

	for (__u32 i = 0; i < arch->nsyscalls; i++)
		if (arch->syscalls[i] && !strcmp(arch->syscalls[i], name))
			return i;
	return NEVER;
}

void call_points_choose(struct ftrace_bpf *skel, const struct marks_wanted *marks)
{
	bool wanted = call_points_wanted(marks);

	bpf_program__set_autoload(skel->progs.ftrace_open_calls, wanted);
	bpf_map__set_autocreate(skel->maps.call_reads, wanted);
	bpf_map__set_autocreate(skel->maps.kept_calls, wanted);
	skel->rodata->calls_kept = wanted;
	for (size_t i = 0; wanted && i < FT_SYSCALLS / 64; i++)
		skel->rodata->calls_wanted[i] = marks->syscall[i];
	skel->rodata->calls_final[0] = number_of("exit");
	skel->rodata->calls_final[1] = number_of("exit_group");
}

int call_points_put(const struct ftrace_bpf *skel, const struct marks_wanted *marks)
{
	int ret = 0;

	for (__u32 i = 0; call_points_wanted(marks) && i < FT_SYSCALLS && !ret; i++) {
		const struct syscall_form *form = syscall_form_of(i);
		struct ft_reads reads;

		if (!form)
			continue;
		syscall_reads(form, &reads);
		ret = bpf_map__update_elem(skel->maps.call_reads, &i, sizeof(i), &reads,
					   sizeof(reads), 0);
	}
	return ret;
}

void call_points_end(const struct ftrace_bpf *skel, const struct marks_wanted *marks)
{
	struct bpf_link *link;
	char none[64];
	int fd;

	if (!call_points_wanted(marks))
		return;
	link = bpf_program__attach_iter(skel->progs.ftrace_open_calls, NULL);
	if (!link)
		return;
	fd = bpf_iter_create(bpf_link__fd(link));
	while (fd >= 0) {
		ssize_t got = read(fd, none, sizeof(none));

		if (!got || (got < 0 && errno != EINTR && errno != EAGAIN))
			break;
	}
	if (fd >= 0)
		close(fd);
	bpf_link__destroy(link);
}
