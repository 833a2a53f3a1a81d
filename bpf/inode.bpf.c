// SPDX-License-Identifier: GPL-2.0-only
/*
 * inode: which inode each process has mapped where its code begins, or at one address.
 *
 * It is the inode that uprobes know, the one that lies below an overlay: kernel/events/uprobes.c looks
 * at file_inode(vma->vm_file), and fs/overlayfs/file.c, ovl_mmap(), puts the file below there. The
 * executable that mm->exe_file and /proc/PID/exe tell of is the overlay's.
 *
 * Nothing is waited for: bpf_find_vma() gives up where somebody changes the mappings.
 *
 * Pointers are followed by reading, not as the verifier would have it: for each type on the way it looks
 * through all names of the kernel's BTF, a millisecond each (btf_nested_type_is_trusted()).
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include <ftrace/inode.h>

char LICENSE[] SEC("license") = "GPL";

#define EBUSY      16
#define PF_KTHREAD 0x00200000

/* Only this process, where that is not 0. */
volatile __u32 only = 0;
/* What is looked at, where that is not 0; else the first address of the executable's code. */
volatile __u64 address = 0;

static long take_inode(struct task_struct *task, struct vm_area_struct *vma, struct ft_inode *found)
{
	found->inode = (__u64)BPF_CORE_READ(vma, vm_file, f_inode);
	return 0;
}

/* The PID in the namespace of whoever reads. */
static __always_inline __u32 pid_of(struct task_struct *task)
{
	struct task_struct *reader = (struct task_struct *)bpf_get_current_task();
	struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
	__u32 level = BPF_CORE_READ(reader, thread_pid, level);
	void *numbers = (void *)pid + bpf_core_field_offset(pid->numbers);
	struct upid upid = {};

	bpf_probe_read_kernel(&upid.nr, sizeof(upid.nr),
			      numbers + level * bpf_core_type_size(struct upid) +
				      bpf_core_field_offset(struct upid, nr));
	return (__u32)upid.nr;
}

SEC("iter/task")
int ftrace_inodes(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct ft_inode found = {};
	struct mm_struct *mm;
	long ret;

	if (!task || task->flags & PF_KTHREAD)
		return 0;
	mm = BPF_CORE_READ(task, mm);
	/* Threads share what their leader has; one that has ended alone has nothing any more. */
	if (!mm || (task->pid != task->tgid && BPF_CORE_READ(task, group_leader, mm)))
		return 0;
	found.pid = pid_of(task);
	if (only && found.pid != only)
		return 0;
	found.exe = (__u64)BPF_CORE_READ(mm, exe_file, f_inode);
	found.at = address ? address : BPF_CORE_READ(mm, start_code);
	ret = bpf_find_vma(task, found.at, take_inode, &found, 0);
	found.busy = ret == -EBUSY;
	if (found.inode || found.busy)
		bpf_seq_write(ctx->meta->seq, &found, sizeof(found));
	return 0;
}
