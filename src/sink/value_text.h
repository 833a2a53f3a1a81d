/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * value_text: arguments and results for people, much as Go writes them.
 *
 *     int, bool, float      -5  true  2.5        complex      (1+2i)
 *     time.Duration         1.5s, 20ms           a constant   2 (StateActive)
 *     string, []byte        "zhang"              a hexadecimal one  0x1f
 *     cut                   "aaaa"...            a char       'x'
 *     slice, array          [1, 2, 3]            cut          [1, 2, ...]
 *     struct                {name:"zhang", age:100}
 *     pointer               &{...}, &3           not followed 0xc000012345
 *     nil of any kind       nil                  with symbol  0x4b2c80 <main.f+16>
 *     map, chan             map{len:5}  chan{len:1, cap:4}
 *     func                  main.f.func1
 *     interface             int(3)  *main.T(&{...})  *errors.errorString("boom")
 *     not asked for         ...                  not readable <unreadable 0x10>, <in X0>
 *
 * In brief a value says what a reader looks for, in at most 100 columns, an error's text in 200:
 *
 *     struct                fields that are not zero; {} when all are, and one `...` for all that was not read or does
 *                           not fit
 *     pointer               &{...}; not followed, or shown before (shown.h): *Server(0xc000123), but inside a struct only
 *                           where it was shown before
 *     map                   map[5]
 *     interface             *main.T{...}; not followed: *main.T(0xc000123), main.T(...)
 *     what says what it is  GET example.com/     of a request, for instance: its words, without quotes
 *
 * Names of types and functions are shortened as elsewhere. All that comes from the traced program is escaped.
 */
#ifndef FTRACE_SINK_VALUE_TEXT_H
#define FTRACE_SINK_VALUE_TEXT_H

#include "base/buf.h"
#include "call/value.h"
#include "sink/short_texts.h"
#include "sink/shown.h"

/* How values are written. Each of the pointers may be NULL. */
struct value_style {
	bool brief;
	struct shown *shown;             /* brief: what was shown before */
	const struct short_names *names; /* how names inside of them are shortened: not at all */
	struct short_texts *texts;       /* what was made of these */
};

#define VALUE_WIDTHS 256

/*
 * What the brief values of one line take, in columns, with names and commas. Zero-initialised nothing bounds them;
 * where that was too much they are written once more, after value_room_share().
 */
struct value_room {
	unsigned int width; /* which they took, ... */
	unsigned int nwidths;
	unsigned int widths[VALUE_WIDTHS]; /* ... one by one; of very many the first */
	uint8_t weights
		[VALUE_WIDTHS]; /* of how many shares each has a claim: of what says itself two, of errors four */
	bool errors_whole; /* what errors say does not give way */
	bool shared;
	unsigned int share;  /* what is wider than its part of this gives way, ... */
	unsigned int shares; /* ... of so many parts, ... */
	unsigned int wide;   /* ... and has so much left for all that comes */
	unsigned int at;     /* the next one */
};

/* Gives all values that were written at most `all` columns: what is short is kept whole. */
void value_room_share(struct value_room *room, unsigned int all);

/* `a=1, b=2`. `room`: NULL where nothing is bounded but by the style. */
void value_text_args(struct buf *buf, const struct values *args, const struct value_style *style,
		     struct value_room *room);

/* One value with all that is inside it, without its name, in at most `width` columns. */
void value_text_one(struct buf *buf, const struct value *value, const struct value_style *style,
		    unsigned int width);

/* `3`, `n=3`, `(3, nil)`: results without a name of their own (`~r0`) are not named. */
void value_text_results(struct buf *buf, const struct values *results,
			const struct value_style *style, struct value_room *room);

#endif
