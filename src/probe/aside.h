/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * aside: work that goes on to its end when ftrace is killed.
 *
 * The kernel puts breakpoints into programs, and takes them out, in the context of the task that attaches or
 * detaches. When that task has been sent a SIGKILL meanwhile, it finds no page any more: what it had put in
 * stays in the programs, for as long as they run, and costs a trap at each hit ("failed to unregister, leaking
 * uprobe" in its log). So this is left to a task of its own, which shares memory and files with ftrace, but is
 * another process to whoever sends signals. When ftrace is gone by the time it is done, its end closes the
 * files, and with them the links; that is clean, as the end of a killed process is.
 *
 * What kills both at once, in just those moments, still leaves breakpoints behind: so do the kernel's own
 * choice when memory is out, and a SIGKILL for a whole process group.
 *
 * Sources: kernel/events/uprobes.c, uprobe_unregister_nosync(); mm/gup.c, __get_user_pages(); clone(2), vfork(2).
 */
#ifndef FTRACE_PROBE_ASIDE_H
#define FTRACE_PROBE_ASIDE_H

/* Does work(arg), and returns when it is done. Where there can be no other task it is done in this one. */
void aside(void (*work)(void *arg), void *arg);

#endif
