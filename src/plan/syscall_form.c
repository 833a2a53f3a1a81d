/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/syscall_form.h"

#include <stddef.h>
#include <string.h>

#include "arch/arch.h"
#include "plan/syscall_form_rows.h"

static const struct syscall_form *const tables[] = {syscall_forms_files, syscall_forms_others};

const struct syscall_form *syscall_form(const char *name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct syscall_form *form = tables[i]; form->name; form++)
			if (!strcmp(form->name, name))
				return form;
	return NULL;
}

const struct syscall_form *syscall_form_of(unsigned int number)
{
	static const struct syscall_form *forms[FT_SYSCALLS];
	static bool filled;
	const struct arch *arch = arch_native();

	for (unsigned int i = 0; !filled && i < arch->nsyscalls && i < FT_SYSCALLS; i++)
		forms[i] = arch->syscalls[i] ? syscall_form(arch->syscalls[i]) : NULL;
	filled = true;
	return number < FT_SYSCALLS ? forms[number] : NULL;
}

/* Calls without a form that are of a class. */
static const struct {
	const char *name;
	unsigned int classes;
} others[] = {
	{"acct", SYS_CLASS_FILE},
	{"bpf", SYS_CLASS_DESC},
	{"execveat", SYS_CLASS_FILE},
	{"fanotify_init", SYS_CLASS_DESC},
	{"fanotify_mark", SYS_CLASS_FILE | SYS_CLASS_DESC},
	{"fgetxattr", SYS_CLASS_DESC},
	{"file_getattr", SYS_CLASS_FILE | SYS_CLASS_DESC},
	{"file_setattr", SYS_CLASS_FILE | SYS_CLASS_DESC},
	{"flistxattr", SYS_CLASS_DESC},
	{"fremovexattr", SYS_CLASS_DESC},
	{"fsetxattr", SYS_CLASS_DESC},
	{"futimesat", SYS_CLASS_FILE | SYS_CLASS_DESC},
	{"get_mempolicy", SYS_CLASS_MEMORY},
	{"getxattr", SYS_CLASS_FILE},
	{"io_uring_enter", SYS_CLASS_DESC},
	{"io_uring_register", SYS_CLASS_DESC},
	{"io_uring_setup", SYS_CLASS_DESC},
	{"lgetxattr", SYS_CLASS_FILE},
	{"listxattr", SYS_CLASS_FILE},
	{"llistxattr", SYS_CLASS_FILE},
	{"lremovexattr", SYS_CLASS_FILE},
	{"lsetxattr", SYS_CLASS_FILE},
	{"map_shadow_stack", SYS_CLASS_MEMORY},
	{"mbind", SYS_CLASS_MEMORY},
	{"memfd_secret", SYS_CLASS_DESC},
	{"migrate_pages", SYS_CLASS_MEMORY},
	{"mknod", SYS_CLASS_FILE},
	{"mlock2", SYS_CLASS_MEMORY},
	{"mlockall", SYS_CLASS_MEMORY},
	{"mount_setattr", SYS_CLASS_FILE | SYS_CLASS_DESC},
	{"move_mount", SYS_CLASS_FILE | SYS_CLASS_DESC},
	{"move_pages", SYS_CLASS_MEMORY},
	{"mseal", SYS_CLASS_MEMORY},
	{"munlockall", SYS_CLASS_MEMORY},
	{"name_to_handle_at", SYS_CLASS_FILE | SYS_CLASS_DESC},
	{"open_by_handle_at", SYS_CLASS_DESC},
	{"open_tree", SYS_CLASS_FILE | SYS_CLASS_DESC},
	{"perf_event_open", SYS_CLASS_DESC},
	{"pivot_root", SYS_CLASS_FILE},
	{"pkey_mprotect", SYS_CLASS_MEMORY},
	{"preadv2", SYS_CLASS_DESC},
	{"process_madvise", SYS_CLASS_DESC | SYS_CLASS_MEMORY},
	{"pwritev2", SYS_CLASS_DESC},
	{"quotactl", SYS_CLASS_FILE},
	{"remap_file_pages", SYS_CLASS_MEMORY},
	{"removexattr", SYS_CLASS_FILE},
	{"rt_sigqueueinfo", SYS_CLASS_SIGNAL | SYS_CLASS_PROCESS},
	{"rt_tgsigqueueinfo", SYS_CLASS_SIGNAL | SYS_CLASS_PROCESS},
	{"setxattr", SYS_CLASS_FILE},
	{"shmat", SYS_CLASS_MEMORY},
	{"shmdt", SYS_CLASS_MEMORY},
	{"signalfd", SYS_CLASS_DESC | SYS_CLASS_SIGNAL},
	{"swapoff", SYS_CLASS_FILE},
	{"swapon", SYS_CLASS_FILE},
	{"uselib", SYS_CLASS_FILE},
	{"userfaultfd", SYS_CLASS_DESC},
	{"utime", SYS_CLASS_FILE},
	{"utimes", SYS_CLASS_FILE},
	{"vmsplice", SYS_CLASS_DESC},
};

unsigned int syscall_classes(const char *name)
{
	const struct syscall_form *form = syscall_form(name);
	unsigned int classes = form ? form->classes : 0;

	if (form && (form->result == SYS_RETURNS_FD || form->result == SYS_RETURNS_SOCKET))
		classes |= SYS_CLASS_DESC;
	for (size_t i = 0; form && i < SYSCALL_ARGS; i++) {
		uint8_t type = form->args[i].type;

		if (type == SYS_PATH)
			classes |= SYS_CLASS_FILE;
		if (type == SYS_FD || type == SYS_DIRFD)
			classes |= SYS_CLASS_DESC;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(others[i].name, name))
			classes |= others[i].classes;
	return classes;
}
