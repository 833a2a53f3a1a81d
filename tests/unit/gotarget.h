/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gotarget: a Go program that a unit test builds into a directory of its own and reads.
 *
 * Toolchains other than the one in PATH are those that GOTOOLCHAIN finds on this machine; nothing
 * is downloaded. Where one is not there the test fails and says so: tests/toolchains fetches them.
 */
#ifndef FTRACE_TESTS_GOTARGET_H
#define FTRACE_TESTS_GOTARGET_H

#include <elf.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct gotarget {
	char dir[64];
	char path[80];
	int fd;
	uint8_t *file; /* all of it */
	size_t size;
};

static inline void gotarget_release(struct gotarget *target)
{
	char command[192];

	if (target->fd > 0)
		close(target->fd);
	free(target->file);
	if (*target->dir) {
		snprintf(command, sizeof(command), "chmod -R u+w %s; rm -rf %s", target->dir,
			 target->dir);
		if (system(command))
			fprintf(stderr, "%s: not removed\n", target->dir);
	}
	memset(target, 0, sizeof(*target));
}

static inline bool gotarget_read(struct gotarget *target)
{
	struct stat st;

	target->fd = open(target->path, O_RDONLY | O_CLOEXEC);
	if (target->fd < 0 || fstat(target->fd, &st))
		return false;
	target->size = st.st_size;
	target->file = malloc(target->size);
	return target->file &&
	       pread(target->fd, target->file, target->size, 0) == (ssize_t)target->size;
}

/* Builds the package in `source` with Go 1.`release` ("22.12"), or the one in PATH for "". Fails the test
 * when that toolchain is not here, or does not build it. */
static inline void gotarget_build(struct gotarget *target, const char *source, const char *release,
				  const char *flags)
{
	char command[1024];
	int status;

	memset(target, 0, sizeof(*target));
	strcpy(target->dir, "/tmp/ftrace-unit.XXXXXX");
	assert_non_null(mkdtemp(target->dir));
	snprintf(target->path, sizeof(target->path), "%s/target", target->dir);
	/* A release before 1.21 does not build while its own directory lies inside GOPATH. */
	snprintf(
		command, sizeof(command),
		"v='%s'; export GOPROXY=off GOFLAGS=-buildvcs=false; cd '%s' || exit 1\n"
		"root=$(GOTOOLCHAIN=${v:+go1.$v} go env GOROOT 2>/dev/null) && [ -n \"$root\" ] || exit 77\n"
		"GOCACHE=$(go env GOCACHE) GOROOT=$root GOTOOLCHAIN=local GOPATH=%s/gopath "
		"\"$root/bin/go\" build %s -o %s . >&2",
		release, source, target->dir, flags, target->path);
	status = system(command);
	if (!status && gotarget_read(target))
		return;
	gotarget_release(target);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		fail_msg("go%s%s is not on this machine; run tests/toolchains, which fetches it",
			 *release ? "1." : "", release);
	fail_msg("%s: go%s%s does not build it with '%s'", source, *release ? "1." : "", release,
		 flags);
}

/* "" when the compiler in PATH is Go 1.`minor` or newer, else `release`: for what came with that one. */
static inline const char *gotarget_from(unsigned int minor, const char *release)
{
	FILE *says = popen("GOTOOLCHAIN=local go env GOVERSION", "r");
	char line[128] = "";
	const char *version;
	unsigned int found = 0;

	assert_non_null(says);
	if (fgets(line, sizeof(line), says) && (version = strstr(line, "go1.")))
		found = (unsigned int)strtoul(version + 4, NULL, 10);
	pclose(says);
	return found >= minor ? "" : release;
}

static inline const Elf64_Shdr *gotarget_section(const struct gotarget *target, const char *name)
{
	const Elf64_Ehdr *elf = (const Elf64_Ehdr *)target->file;
	const Elf64_Shdr *sections = (const Elf64_Shdr *)(target->file + elf->e_shoff);
	const char *names = (const char *)target->file + sections[elf->e_shstrndx].sh_offset;

	for (int i = 0; i < elf->e_shnum; i++)
		if (!strcmp(names + sections[i].sh_name, name))
			return &sections[i];
	return NULL;
}

/* Calls `each` with every function symbol of the program. */
static inline void gotarget_each(const struct gotarget *target,
				 void (*each)(const char *name, uint64_t address, void *arg),
				 void *arg)
{
	const Elf64_Shdr *symtab = gotarget_section(target, ".symtab");
	const Elf64_Shdr *strtab = gotarget_section(target, ".strtab");
	const Elf64_Sym *sym = (const Elf64_Sym *)(target->file + symtab->sh_offset);

	for (size_t i = 0; i < symtab->sh_size / sizeof(*sym); i++)
		if (ELF64_ST_TYPE(sym[i].st_info) == STT_FUNC)
			each((const char *)target->file + strtab->sh_offset + sym[i].st_name,
			     sym[i].st_value, arg);
}

struct gotarget_symbol {
	const char *name;
	uint64_t address;
};

static inline void gotarget_compare(const char *name, uint64_t address, void *arg)
{
	struct gotarget_symbol *symbol = arg;

	if (!strcmp(name, symbol->name))
		symbol->address = address;
}

/* Address of a function, 0 when there is none. */
static inline uint64_t gotarget_address(const struct gotarget *target, const char *name)
{
	struct gotarget_symbol symbol = {.name = name};

	gotarget_each(target, gotarget_compare, &symbol);
	return symbol.address;
}

#endif
