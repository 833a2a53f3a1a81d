/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pclntab: Go's table of functions, files, lines and frame sizes, as the linker writes it.
 *
 * The struct holds no memory: it points into the mapped file. Offsets named `entry`, `end` and `pc`
 * are bytes from the start of Go's text (moduledata.text); `rel` is bytes from a function's
 * entry. Nothing in the table is trusted: each reader checks its ranges and says -EINVAL or NULL.
 *
 * Sources: Go's src/runtime/symtab.go (pcHeader, pcvalue, step), src/runtime/runtime2.go (_func),
 * src/internal/abi/symtab.go (magic numbers, PCDATA and FUNCDATA numbers, FuncFlag),
 * src/cmd/link/internal/ld/pcln.go; read for 1.19 to 1.27.
 */
#ifndef FTRACE_IMAGE_PCLNTAB_H
#define FTRACE_IMAGE_PCLNTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PCLNTAB_GO12 = 0xfffffffb,  /* 1.2 to 1.15 */
	PCLNTAB_GO116 = 0xfffffffa, /* 1.16, 1.17 */
	PCLNTAB_GO118 = 0xfffffff0, /* 1.18, 1.19 */
	PCLNTAB_GO120 = 0xfffffff1, /* 1.20 to 1.27 at least */
};

enum { PCDATA_INL_TREE_INDEX = 2 };
enum { FUNCDATA_INL_TREE = 3, FUNCDATA_WRAP_INFO = 7 };
enum { FUNC_FLAG_ASM = 1 << 2 };

#define FUNCDATA_NONE UINT32_MAX

struct pclntab {
	const uint8_t *data; /* pcHeader */
	size_t size;         /* bytes that may be read, from data on */
	uint64_t vaddr;      /* of data */
	uint32_t magic;
	uint32_t nfunc;
	uint8_t quantum;                      /* addresses are counted in units of so many bytes */
	size_t names, cus, files, pcs, funcs; /* offsets from data of the five tables */
};

struct pclntab_func {
	uint32_t entry, end;         /* end is the next function's entry */
	uint32_t name;               /* for pclntab_name() */
	uint32_t pcsp, pcfile, pcln; /* for pclntab_value(), 0 when there is no table */
	uint32_t npcdata, nfuncdata;
	uint32_t cu;
	int32_t start_line; /* 0 before 1.20 */
	uint8_t func_id, flag;
	const uint8_t *tail; /* npcdata words, then nfuncdata words */
};

/* The version of the table at `data`, one of PCLNTAB_GO*, or 0: no pcHeader of an
 * architecture with that quantum (arch.h). */
uint32_t pclntab_magic(const uint8_t *data, size_t size, uint8_t quantum);

/* `size` may reach beyond the table. 0, or -EINVAL when the header does not hold together or is of
 * 1.17 or older, or functions are not in order of address or have names that are many times as long as the
 * whole table. */
int pclntab_init(struct pclntab *tab, const uint8_t *data, size_t size, uint64_t vaddr,
		 uint8_t quantum);

/* Entry offset of function `index` <= nfunc; that of nfunc is the end of the last one. */
uint32_t pclntab_entry(const struct pclntab *tab, uint32_t index);

/* 0, or -EINVAL when the record of function `index` < nfunc lies outside the table. */
int pclntab_func(const struct pclntab *tab, uint32_t index, struct pclntab_func *func);

/* Index of the last function whose entry is <= pc and whose successor's is above, or -ENOENT. */
int64_t pclntab_find(const struct pclntab *tab, uint32_t pc);

/* NUL-terminated, or NULL. */
const char *pclntab_name(const struct pclntab *tab, uint32_t offset);

/* Name of file number `file` of a function's compilation unit, or NULL. */
const char *pclntab_file(const struct pclntab *tab, const struct pclntab_func *func, int32_t file);

/* The PCDATA table number `which` for pclntab_value(), 0 when there is none. */
uint32_t pclntab_pcdata(const struct pclntab_func *func, uint32_t which);

/* Offset from moduledata.gofunc of FUNCDATA `which`, or FUNCDATA_NONE. */
uint32_t pclntab_funcdata(const struct pclntab_func *func, uint32_t which);

/*
 * A pc-value table: runs of (value, up to this pc), in order of pc. A run that does not advance, or
 * that begins at or beyond `limit`, ends the table, so that a walk takes at most `limit` steps; and no table
 * has more than some hundred thousand runs.
 */
struct pcvalue {
	const uint8_t *at, *end;
	uint32_t rel; /* end of the current run, bytes from the function's entry */
	uint32_t runs;
	uint32_t limit;
	int32_t value;
	uint8_t quantum; /* pclntab.quantum */
	bool started;
};

void pcvalue_init(struct pcvalue *pv, const uint8_t *bytes, size_t size, uint32_t limit,
		  uint8_t quantum);
void pclntab_values(const struct pclntab *tab, const struct pclntab_func *func, uint32_t table,
		    struct pcvalue *pv);

/* Goes to the next run: false at the end, and where the bytes run out. */
bool pcvalue_next(struct pcvalue *pv);

/* The value at `rel`: 0, or -ENOENT. */
int pclntab_value(const struct pclntab *tab, const struct pclntab_func *func, uint32_t table,
		  uint32_t rel, int32_t *value);

/* Bytes of code that the frame size table covers: the function's size without the padding behind
 * it. 0 when there is no such table. */
uint32_t pclntab_extent(const struct pclntab *tab, const struct pclntab_func *func);

#endif
