/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * symbol: the text of a Go function's symbol, and of a type's name.
 *
 *     github.com/a/b%2ec.(*Set[go.shape.string]).Add
 *     ---- package ----- -------- the rest ---------
 *
 * The linker writes control characters, blanks, `%`, `"` and bytes from 0x7f on in a package's path as %xx, and dots of
 * its last element too, so that the first dot behind the last slash of the path ends it.
 *
 * Source: Go's src/cmd/internal/objabi/path.go (PathToPrefix).
 */
#ifndef FTRACE_BASE_SYMBOL_H
#define FTRACE_BASE_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Bytes of `name` that are the import path of its package, as it is written there; all of it, or what stands before a
 * bracket, when there is no dot. `in`: of what is not NUL-terminated.
 *
 * What is promoted from an embedded type of another package and not exported has that one's path in its name, too:
 * example.com/a.T.example.com/b.method. Its package is example.com/a.
 */
size_t symbol_package(const char *name);
size_t symbol_package_in(const char *name, size_t len);

/* Appends text with every %xx as the byte that it stands for. */
void symbol_decode(struct buf *buf, const char *text, size_t len);

/* Bytes in front of a type's name in the symbols of what the compiler generates for it: "type:.eq.", "type:.hash.";
 * 0: it is not one of them. */
size_t symbol_generated(const char *name);

/* Whether an element of an import path is a major version's, "v2" and up ("v1" is a name like any other). Source: Go's
 * golang.org/x/mod/module (SplitPathVersion). */
bool symbol_is_version(const char *element, size_t len);

/*
 * The bracket that closes the one at `open`: [ with ], those inside it left out; NULL when there is none. Quoted text
 * in it (struct tags) is passed over.
 */
const char *symbol_bracket_end(const char *open);

#endif
