/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stacks: prints, for each loaded BPF program whose name begins so, its name and how often its machine
 * code on x86-64 takes the address of a stack per CPU.
 *
 *     stacks PREFIX
 *
 * The kernel's compiler makes such an address with `add %gs:OFFSET, %r9` and uses that
 * instruction for nothing else (arch/x86/net/bpf_jit_comp.c, emit_priv_frame_ptr).
 */
#include <bpf/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const unsigned char add_gs_r9[] = {0x65, 0x4c, 0x03};

static int tell(int fd, const char *prefix)
{
	struct bpf_prog_info info = {0}, code = {0};
	__u32 size = sizeof(info), uses = 0;
	unsigned char *bytes;

	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return -1;
	if (strncmp(info.name, prefix, strlen(prefix)) != 0)
		return 0;
	bytes = calloc(info.jited_prog_len + 1, 1);
	if (!bytes)
		return -1;
	code.jited_prog_len = info.jited_prog_len;
	code.jited_prog_insns = (__u64)(unsigned long)bytes;
	size = sizeof(code);
	if (bpf_obj_get_info_by_fd(fd, &code, &size) || !code.jited_prog_len)
		return -1;
	for (__u32 i = 0; i + sizeof(add_gs_r9) <= code.jited_prog_len; i++)
		uses += !memcmp(bytes + i, add_gs_r9, sizeof(add_gs_r9));
	printf("%s %u\n", info.name, uses);
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	__u32 id = 0;

	if (argc != 2)
		return 2;
	while (!bpf_prog_get_next_id(id, &id)) {
		int fd = bpf_prog_get_fd_by_id(id), failed;

		/* One may go while we look. */
		if (fd < 0)
			continue;
		failed = tell(fd, argv[1]);
		close(fd);
		if (failed) {
			perror("stacks");
			return 1;
		}
	}
	return 0;
}
