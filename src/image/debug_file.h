/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * debug_file: the file that an executable's debug information was moved to.
 *
 * It is looked for, in this order: under the name that the user gave; by the GNU build id, in
 * /usr/lib/debug/.build-id/XX/REST.debug; under the name in the section .gnu_debuglink, beside the executable, in
 * .debug there, and in /usr/lib/debug followed by the executable's directory; and where the caller has it from.
 *
 * It is used only when it is of the same build. Two GNU build ids tell, else two of the go command; a file that
 * .gnu_debuglink leads to has the CRC, too, that stands there. Files and ids are anybody's: nothing but a regular file is
 * opened, and what is in it is checked as in an executable.
 *
 * The caller owns the struct and releases it; zero-initialised it has no file. Not to be used by two threads.
 *
 * Sources: "Debugging Information in Separate Files" of GDB's manual (places, CRC, .gnu_debuglink); build_id.h.
 */
#ifndef FTRACE_IMAGE_DEBUG_FILE_H
#define FTRACE_IMAGE_DEBUG_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/error.h"
#include "image/build_id.h"
#include "image/elf.h"

/* What is looked for besides the usual places; all of it is the caller's. */
struct debug_search {
	const char *given; /* file that the user named; NULL: none */
	/* Brings the file with that GNU build id: a descriptor, which is the asker's from then on, with *name a text for
	 * messages that is, too; -ENOENT when nobody has it; another negative errno with `err` filled. NULL: nobody is
	 * asked. */
	int (*fetch)(void *arg, const char *build_id, char **name, struct error *err);
	void *arg;
};

struct debug_file {
	struct elf_file elf; /* open when `path` is there */
	char *path;          /* NULL: none was found */
	bool given;          /* it is the one that the user named */
	char *unfit; /* why the one that the user named is not used; NULL: it is, or there is none */
	char *refused; /* why another one that is there is not used, where none was found; NULL */
};

/* Looks for the file of the executable `elf`, whose path is `path` and whose ids are `ids`; with `only_given` nowhere but
 * where the user said. */
void debug_file_find(struct debug_file *file, const struct elf_file *elf, const char *path,
		     const struct build_ids *ids, const struct debug_search *search,
		     bool only_given);
void debug_file_release(struct debug_file *file);

/* Whether that file lies where the executable's .gnu_debuglink leads to, whatever is in it. */
bool debug_file_is_linked(const struct elf_file *elf, const char *path, const struct stat *st);

#endif
