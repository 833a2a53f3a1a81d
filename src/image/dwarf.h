/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dwarf: the debug information of one Go executable, read with libdw: types, signatures.
 *
 * DWARF 4 and 5, compressed or not. Only what is asked for is read: a compile unit is walked once,
 * when a name of its package is first wanted. Everything is untrusted. The caller owns the
 * struct; strings returned live until dwarf_close().
 *
 * Sources: DWARF 5 standard; Go's src/cmd/internal/dwarf/dwarf.go,
 * src/cmd/link/internal/ld/dwarf.go.
 */
#ifndef FTRACE_IMAGE_DWARF_H
#define FTRACE_IMAGE_DWARF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The first Go (1.22) whose compiler lists all parameters. */
#define DWARF_GAPS_BEFORE 22

struct dwarf;
struct gotype;

/* `fd` stays the caller's. All that is used of the file is read now: it may change afterwards. With `places` the
 * compiler's own places of parameters can be asked for, which takes half as long again: they are needed of compilers
 * before Go 1.22, whose lists have gaps. NULL with err->code -ENODATA when the file has no debug information; other
 * codes: it is there but damaged, and the text says how. */
struct dwarf *dwarf_open_fd(int fd, const char *path, bool places, struct error *err);
void dwarf_close(struct dwarf *dw);

/* Whether it refers to a file that several executables share (dwz puts there what they have in common; the section
 * .gnu_debugaltlink names it). That is not read: what refers to it is as if it were not described. */
bool dwarf_is_shared(const struct dwarf *dw);

/* Offset of `member` in the structure type `type` ("runtime.g", "goid"): 0, or -ENOENT. */
int dwarf_member(struct dwarf *dw, const char *type, const char *member, uint64_t *offset);

/* The type of that name as Go spells it with full package paths ("runtime.g", "[]int",
 * "*example.com/app/store.Item"), or NULL. */
const struct gotype *dwarf_type(struct dwarf *dw, const char *name);

/*
 * Where the compiler says that a parameter is at the function's first instruction: the first
 * register of each file that it takes, or its place on the stack. It is a witness, not the truth:
 * of a parameter that is overwritten at once it may tell the place of the new value.
 */
struct dwarf_place {
	int8_t first_int;   /* index into AX BX CX DI SI R8 R9 R10 R11; -1: none or not known */
	int8_t first_float; /* of X0 to X14; -1 likewise */
	bool on_stack;
	int64_t stack_offset; /* from the stack pointer at entry; 8 is the first argument word */
};

struct dwarf_param {
	/* As in the source; an unnamed or `_` parameter is "~pN", such a result "~rN", where N
	 * counts from 0, the receiver and the dictionary included, as compilers since 1.22 do. */
	const char *name;
	const struct gotype *type; /* never NULL; GOTYPE_INVALID when it is not known */
	bool dictionary;           /* of a generic function: passed, but not in the source */
	struct dwarf_place
		place; /* when it was asked for, or the signature has gaps; see dwarf_open_fd() */
};

/* A variable that a closure brought along, in the closure object that DX points to at entry. */
struct dwarf_capture {
	const char *name;
	const struct gotype *type; /* of the variable itself */
	uint64_t offset;           /* bytes from the start of the closure object */
	bool by_ref;               /* the closure object holds the variable's address */
};

struct dwarf_signature {
	const char *name; /* "main.(*T).M" */
	uint64_t entry;   /* vaddr of the first instruction */
	bool wrapper;     /* made by the compiler */
	/* Go 1.21 and older leave unnamed and `_` parameters out: then `place` of the others is
	 * the only trace of them, and the list may have gaps. */
	bool gaps;
	struct dwarf_param *params; /* in order of passing: receiver first */
	size_t nparams;
	struct dwarf_param *results;
	size_t nresults;
	struct dwarf_capture *captures; /* Go 1.23 and later record them */
	size_t ncaptures;
};

/*
 * The signature of the function that starts at `entry`, with or without `places`: 0, -ENOENT when
 * no debug information describes one there, -ENOMEM. A function written in assembly has a signature
 * without parameters, whatever it takes. The lists of `sig` are good until the next call; names and
 * types live until dwarf_close().
 */
int dwarf_function(struct dwarf *dw, uint64_t entry, bool places, struct dwarf_signature *sig);

#endif
