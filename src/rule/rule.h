/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rule: what a user wrote to have read at the entry and the returns of functions, as a syntax tree.
 *
 *     FUNC(ITEM, ...)               at entry
 *     FUNC(ITEM, ...)(ITEM, ...)    at entry, and at each return
 *     ITEM  = [NAME=]EXPR[:TYPE]
 *           | [NAME=](EXPR, EXPR[, EXPR]):TYPE
 *
 * The lists are the last balanced parentheses of the text; what stands before them is FUNC, a
 * function's name or a glob. A parenthesis in a glob that has no partner is written `\(`. Blanks
 * may stand between any two tokens. Text in, tree out: what a name, a symbol or $argN is in an
 * executable is not known here.
 *
 * Where a value's bytes come from:
 *   - An EXPR that is memory (rule_expr_is_memory()) is a place. Every TYPE is read from that
 *     place: an integer, a string's header (gostring), its text (string), the first element
 *     (TYPE[N]).
 *   - Any other EXPR is a 64-bit value. u, s, x, b, bool, char, f, ptr and cN are that value's own
 *     bits, cut to the type's width; for string, ustring, gostring, gobytes, goerror and TYPE[N]
 *     the value is the address where they lie.
 *   - Of several EXPRs each one's value is a word of a string's, slice's or interface's header.
 *   - Without TYPE: what debug information says of a name, $argN or $retN; text for $comm; else
 *     x64.
 * All memory is the target's own, so `u` before OFF, and ustring, mean what the plain forms mean.
 *
 * Sources: Linux Documentation/trace/uprobetracer.rst and kernel/trace/trace_probe.c for the
 * kernel's part of the grammar.
 */
#ifndef FTRACE_RULE_RULE_H
#define FTRACE_RULE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/arch.h"
#include "base/error.h"

#define RULE_LEVELS   8     /* memory reads nested in one EXPR; `*+OFF()` is two */
#define RULE_NESTING  16    /* parentheses and lists nested around one part of an EXPR */
#define RULE_STEPS    32    /* fields and indexes behind one NAME */
#define RULE_ELEMENTS 64    /* of TYPE[N] */
#define RULE_ORDINALS 255   /* $argN, $retN */
#define RULE_STACK    65535 /* $stackN */
#define RULE_WORDS    3     /* EXPRs of one value */
#define RULE_ITEMS    32    /* of one list, unless the user says otherwise */

enum rule_expr_kind {
	RULE_REG, /* reg: (register >> shift), its low `bits` bits, zero-extended */
	RULE_SP,  /* $stack: the stack pointer itself */
	/* $stackN: the 8 bytes at SP + 8 * number; 0 is the return address, on both sides */
	RULE_STACK_WORD,
	RULE_MEMORY, /* +OFF(child): memory at child's value + offset, which wraps at 64 bits */
	RULE_ADDR,   /* @ADDR: memory at `number`, as in the file, moved by the load base */
	RULE_SYMBOL, /* @SYMBOL[+OFF]: memory at `text` + offset, moved likewise */
	RULE_FILE,   /* @+OFFSET: memory where byte `number` of the file is mapped */
	RULE_IMM,    /* \IMM: `number` itself; a negative one in two's complement */
	RULE_ARG,    /* $argN: parameter `number`, from 1; the receiver counts. Entry only */
	RULE_RET,    /* $retN: result `number`, from 1; $retval is the first. Returns only */
	RULE_COMM,   /* $comm: the thread's name, text */
	RULE_PID,
	RULE_TID,
	RULE_GOID,
	RULE_NAME,  /* `text`, a parameter or result by debug information: also ~pN, ~rN */
	RULE_FIELD, /* child.text; a pointer is followed, as in Go */
	RULE_INDEX, /* child[number] */
	RULE_DEREF, /* *child, child being one of these four */
	RULE_LEN,   /* len(child), likewise */
	RULE_CAP,   /* cap(child) */
	RULE_TUPLE, /* (child, its next[, the next]): `number` words of one value, 2 or 3 */
};

/* One node; owns `child`, `next` and `text`. What is not named above is 0. */
struct rule_expr {
	enum rule_expr_kind kind;
	unsigned int column; /* in the rule (or filter), characters from 1 */
	struct rule_expr *child;
	struct rule_expr *next; /* of a word of a RULE_TUPLE: the one behind it */
	char *text;
	uint64_t number;
	int64_t offset;           /* bytes; the whole range of int64_t */
	struct arch_register reg; /* of this program's architecture: it traces no other */
};

enum rule_type_kind {
	RULE_NO_TYPE,  /* none was written */
	RULE_UNSIGNED, /* bits: 8, 16, 32, 64 */
	RULE_SIGNED,   /* likewise */
	RULE_HEX,      /* likewise, unsigned */
	RULE_BITS,     /* bits wide, from bit `shift` on, of a word of `container` bits */
	RULE_BOOL,     /* one byte */
	RULE_CHAR,     /* one byte */
	RULE_FLOAT,    /* bits: 32, 64 */
	RULE_PTR,      /* 64 bits, shown with the symbol */
	RULE_TEXT,     /* cN: `bits` of text, a multiple of 8 from 8 to 512, cut at the first NUL */
	RULE_STRING,   /* text up to a NUL; ustring is the same */
	RULE_GOSTRING, /* {pointer, length} */
	RULE_GOBYTES,  /* {pointer, length, capacity} */
	RULE_GOERROR,  /* {type, pointer} */
};

struct rule_type {
	enum rule_type_kind kind;
	unsigned int column; /* 0 when none was written */
	char *text;          /* as written, owned; NULL when none was */
	uint16_t bits;
	uint8_t shift, container;
	uint8_t count; /* elements of TYPE[N], 1..RULE_ELEMENTS; 0: not an array */
};

struct rule_item {
	char *name; /* owned; without NAME= the EXPR as written */
	bool named; /* NAME= was there */
	unsigned int column;
	struct rule_expr *expr;
	struct rule_type type;
};

struct rule {
	char *func; /* name or glob */
	struct rule_item *entry, *results;
	size_t nentry, nresults;
	bool has_results; /* a second list was there, even an empty one */
};

/*
 * Parses one rule. `number` is its place among the rules, from 1, and `max_items` the most that
 * one list may hold. NULL with `err` filled ("rule 1, column 24: unknown register '%axx'; ..."):
 * -EINVAL for every mistake in the text, -ENOMEM. The caller releases the rule with rule_free().
 */
struct rule *rule_parse(const char *text, unsigned int number, unsigned int max_items,
			struct error *err);
void rule_free(struct rule *rule);

bool rule_expr_is_memory(const struct rule_expr *expr);

#endif
