/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a probe costs before any tracer has done anything: a program that returns at once.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

SEC("uprobe.multi")
int empty(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
