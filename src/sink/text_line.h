/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * text_line: the lines of the text output, one function per kind.
 *
 *     17:10:59.088803               1  main.doSomething() {       main.main+15 main.go:10
 *     17:10:59.088811    182 ns     1    main.add(a=1) = 3;       main.doSomething+37 main.go:15
 *     17:10:59.088826               1    -- 41 records lost --
 *     17:11:00.088955    1.00 s $   1  } main.doSomething
 *
 * A call whose results are known closes with them, `} = 3;`: its name stands in its opening line.
 *
 * The FUNCTION column grows with the widest line, up to a limit. What is wider moves its own
 * caller to the right when there is no terminal. On a terminal the caller gets shorter (`main.main
 * main.go:10`, then `main.go:10`, at last `...go:10`), where need be in the row below, and a line takes at most two
 * rows: of a name that is too wide for them the end is shown. A terminal that changes its width is followed.
 *
 * Nesting is two columns a level; below the deepest level for which there is room, the level
 * stands in front of the name (`[101] main.f();`).
 */
#ifndef FTRACE_SINK_TEXT_LINE_H
#define FTRACE_SINK_TEXT_LINE_H

#include "call/sink.h"
#include "sink/call_site.h"
#include "sink/colors.h"
#include "sink/columns.h"
#include "sink/func_names.h"
#include "sink/value_text.h"

struct text_lines {
	const struct sink_config *config;
	struct columns columns;
	struct func_names names;
	struct call_sites sites;
	unsigned int width;      /* of the terminal now; 0: not one */
	unsigned int rows;       /* columns that two of its rows have for function and values */
	unsigned int func;       /* width of the FUNCTION column now */
	unsigned int func_limit; /* it grows up to this */
	unsigned int levels;     /* deepest level that is still shown by indentation */
	struct value_style style;
	struct short_texts texts; /* the style's */
	struct value_room room;   /* on a terminal: of the values of a line */
	struct buf chain;         /* of the next line: what stands before its name */
	unsigned int chain_width;
	struct buf creator; /* of the next line's call, of which nothing was made before */
	const struct call_times *times; /* of the next line's call; NULL: not known */
	bool bounded;                   /* values are brief and have to fit into rows */
	bool callers;                   /* there is room for the CALLER column */
	bool header_due;
};

#define TEXT_GAP        2 /* between FUNCTION and CALLER */
#define TEXT_DOTS       "..."
#define TEXT_DOTS_WIDTH 3

/* `config` outlives the struct. */
void text_lines_init(struct text_lines *lines, const struct sink_config *config);
void text_lines_release(struct text_lines *lines);

/* Prints the column names if that is due, and makes room for `owner`. Before the lines of a tree. */
void text_lines_begin(struct text_lines *lines, const struct owner *owner);

/* From the next line on there is a PID column, and the column names are printed again. */
void text_lines_show_pid(struct text_lines *lines, uint32_t pid);

/* Widens the FUNCTION column to `width` where it may grow so far. */
void text_lines_grow(struct text_lines *lines, unsigned int width);

/* Makes room in the FUNCTION column for the opening line of `call`. */
void text_lines_fit(struct text_lines *lines, const struct call *call);

/* Puts the names of `count` calls from `first` on, one inside of the other, before that of the next line's call. */
void text_chain(struct text_lines *lines, const struct call *first, uint32_t count);

/* The lines of the callers above a root call, the outermost first; none without -s. */
void text_stack(struct text_lines *lines, const struct owner *owner, const struct tree *tree,
		const struct call *call);

/* For text_lines_init(). */
void text_callers_init(struct text_lines *lines);

/* What the CALLER column shows of a call, good until the next one is looked for; NULL: nothing. */
const struct call_site *text_caller_find(struct text_lines *lines, const struct tree *tree,
					 const struct call *call);

/* Puts into `buf` what stands behind the caller of a root call whose goroutine was made in a traced call, or nothing. */
void text_creator(const struct text_lines *lines, struct buf *buf, const struct tree *tree,
		  const struct call *call);

/* Ends a line whose function part is `width` wide; `creator`: of text_creator(). */
void text_caller_add(struct text_lines *lines, const struct tree *tree, const struct call *call,
		     unsigned int width, const struct buf *creator);

/* `main.add(a=1, b=2)` with its indentation, of a call whose line is still to come. The caller releases `text`. */
struct text_held {
	struct buf text;
	struct buf creator; /* what stands behind its caller */
	unsigned int width;
};

/* Makes it, in place of what was there. */
void text_head(struct text_lines *lines, struct text_held *held, const struct tree *tree,
	       const struct call *call);

/* `head`: of the same call; NULL: not made yet. With it an opening line needs no more of `tree` than its source. */
void text_opening(struct text_lines *lines, const struct owner *owner, const struct tree *tree,
		  const struct call *call, const struct text_held *head);
void text_leaf(struct text_lines *lines, const struct owner *owner, const struct tree *tree,
	       const struct call *call, const struct text_held *head);
void text_closing(struct text_lines *lines, const struct owner *owner, const struct tree *tree,
		  const struct call *call);

/* `tree`: what the mark stands in, or NULL; `level`: how deep it is there. */
void text_mark(struct text_lines *lines, const struct owner *owner, const struct tree *tree,
	       const struct mark *mark, unsigned int level);

#endif
