/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * decide: whether a call passes its filter, from the bytes that were read of it.
 *
 * A filter is a flat graph of tests; each names the test that follows when it holds and when it does not,
 * and a way through the graph meets no test twice. The BPF program and user space compile these very
 * lines, so they agree: no libc, no floating point, loops with constant bounds. The caller walks
 * the graph (FT_DECIDE_NEXT) since a loop is written differently on the two sides.
 *
 * An operand that could not be read makes the whole filter false: every filter begins with an
 * FT_TEST_READ of each of its operands, and the other tests rely on that.
 */
#ifndef FTRACE_DECIDE_H
#define FTRACE_DECIDE_H

#include <ftrace/fetch.h>

#define FT_TESTS_MAX 1024 /* of one function */
#define FT_TEXT_MAX  256  /* bytes of a text that are compared */

/* What a way ends in. */
#define FT_ACCEPT 0xffff
#define FT_REJECT 0xfffe

enum ft_operand_kind {
	FT_NUMBER_CONST = 1, /* the test's `number`, unsigned */
	FT_NUMBER_NEGATIVE,  /* the test's `number`, signed */
	FT_NUMBER_UNSIGNED,  /* `size` bytes at `slot` */
	FT_NUMBER_SIGNED,    /* likewise */
	FT_NUMBER_BITS,      /* `bits` from bit `shift` on of them */
	FT_NUMBER_DURATION,  /* of the call, nanoseconds */
	FT_REAL_CONST,       /* the test's `number`: the bits of a double */
	FT_REAL,             /* IEEE 754, `size` 4 or 8, at `slot` */
	FT_TEXT_CONST,       /* the test's `text` */
	FT_TEXT_HEADER,      /* length at slot + 8; the first FT_TEXT_MAX bytes of text at `data` */
	FT_TEXT_NUL,         /* up to a NUL, at most `len` bytes, at `data`; CUT: it has more */
	FT_NUMBER_FAILED,    /* 1 when the call returned an error or panicked, else 0 */
};

enum ft_side { FT_SIDE_ENTRY, FT_SIDE_RESULTS };

struct ft_operand {
	__ft_u8 kind; /* enum ft_operand_kind; 0: none */
	__ft_u8 side; /* enum ft_side: whose values */
	__ft_u8 size;
	__ft_u8 bits;
	__ft_u8 shift;
	__ft_u8 status; /* numbers that guard slot and data; 0: none does */
	__ft_u8 data_status;
	__ft_u8 pad;
	__ft_u16 slot;
	__ft_u16 data;
	__ft_u16 len;
	__ft_u16 pad2;
};

enum ft_test_kind {
	FT_TEST_READ = 1, /* `left` was read */
	FT_TEST_NUMBER,   /* `left` stands in `order` to `right`, as whole numbers of either sign */
	FT_TEST_BITS,     /* `left` and `right` have a bit in common */
	FT_TEST_REAL,     /* as NUMBER; with a NaN only NE holds */
	FT_TEST_TEXT, /* as NUMBER, byte by byte; of what goes beyond FT_TEXT_MAX only that it is there */
	FT_TEST_PREFIX, /* `left` begins with the constant */
	FT_TEST_GLOB,   /* `left` matches the glob number `number`: ft_decide_glob() */
};

enum ft_order { FT_EQ, FT_NE, FT_LT, FT_LE, FT_GT, FT_GE };

struct ft_test {
	__ft_u8 kind;  /* enum ft_test_kind */
	__ft_u8 order; /* enum ft_order */
	__ft_u16 yes;  /* the next test, FT_ACCEPT or FT_REJECT */
	__ft_u16 no;
	__ft_u16 text;     /* index of the constant text */
	__ft_u16 text_len; /* its bytes, at most FT_TEXT_MAX */
	__ft_u16 pad[3];
	__ft_u64 number;
	struct ft_operand left, right;
};

struct ft_text {
	__ft_u8 bytes[FT_TEXT_MAX]; /* NUL behind the text */
};

#define FT_GLOB_SETS  16 /* brackets of one glob */
#define FT_GLOB_WORDS (FT_TEXT_MAX / 64)

/*
 * A glob. Bit i of a row is place i: what was read so far ends before part i of the glob, a part being
 * what takes one byte. There may be one place more than the row has bits, the end of a glob that is
 * nothing but FT_TEXT_MAX parts.
 */
struct ft_glob {
	__ft_u64 takes[256]
		      [FT_GLOB_WORDS]; /* by byte: it leads from these places to the next ones */
	__ft_u64 stays[FT_GLOB_WORDS + 1]; /* places with a star: any byte leads to the same one */
	__ft_u32 sets[256];                /* by byte: which sets have it */
	__ft_u16 from[FT_GLOB_SETS],
		to[FT_GLOB_SETS]; /* by set: it leads from this place to that */
	__ft_u16 end;
	__ft_u16 nsets;
	__ft_u32 open; /* a star is last */
};

_Static_assert(sizeof(struct ft_operand) == 16, "wire size");
_Static_assert(sizeof(struct ft_test) == 56, "wire size");
_Static_assert(sizeof(struct ft_glob) == 256 * 36 + 40 + 64 + 8, "wire size");

/* What a test looks at. Values are at least FT_VALUES_MAX + 512 bytes long, or known to hold all slots
 * of the tests with 8 bytes to spare. */
struct ft_decision {
	const __ft_u8 *values[2];   /* by enum ft_side; never NULL */
	const struct ft_text *text; /* of the present test; never NULL */
	__ft_u64 duration;
	__ft_u64 failed;         /* 0 or 1 */
	volatile __ft_u64 *room; /* FT_ROOM words, in the kernel of a map: see FT_FORGET */
};

/* One for FT_FORGET, and two rows of places, each for more bits than the verifier can make out. */
#define FT_ROOM      24
#define FT_ROOM_NOW  8
#define FT_ROOM_NEXT 16

#define FT_DECIDE_NEXT(test, holds) ((holds) ? (test)->yes : (test)->no)

#ifdef __bpf__
#define FT_DECIDE                 static __always_inline
#define FT_STEP                   static
#define FT_LOOP(turns, step, arg) bpf_loop(turns, step, arg, 0)
/* The compiler must not take the mask away: the verifier wants to see it. */
#define FT_BOUND(value, mask)           \
	({                              \
		__ft_u64 v__ = (value); \
		barrier_var(v__);       \
		v__ &(mask);            \
	})
/* A number that a loop found is another one for the verifier after each of its turns, and it would
 * check all that follows as many times. What comes out of a map it knows nothing of. */
#define FT_FORGET(d, value) (*(d)->room = (value), *(d)->room)
/* The compiler must not make a branch of what was written without one. */
#define FT_HIDE(value) barrier_var(value)
#else
#define FT_DECIDE static inline
#define FT_STEP   static inline
#define FT_LOOP(turns, step, arg)                    \
	for (__ft_u32 i__ = 0; i__ < (turns); i__++) \
		if (step(i__, arg))                  \
	break
#define FT_BOUND(value, mask) ((__ft_u64)(value) & (mask))
#define FT_FORGET(d, value)   ((void)(d), (value))
#define FT_HIDE(value)        ((void)(value))
#endif

FT_DECIDE __ft_u64 ft_decide_word(const __ft_u8 *at)
{
#ifdef __bpf__
	return *(const __ft_u64 *)at;
#else
	__ft_u64 word;

	__builtin_memcpy(&word, at, sizeof(word));
	return word;
#endif
}

FT_DECIDE const __ft_u8 *ft_decide_at(const struct ft_decision *d, __ft_u8 side, __ft_u16 place)
{
	return d->values[side == FT_SIDE_RESULTS] + FT_BOUND(place, FT_VALUES_MAX - 1);
}

FT_DECIDE int ft_decide_was_read(const struct ft_decision *d, __ft_u8 side, __ft_u8 status)
{
	__ft_u8 is;

	if (!status)
		return 1;
	is = d->values[side == FT_SIDE_RESULTS][sizeof(struct ft_values) + status];
	return is == FT_V_OK || is == FT_V_CUT;
}

/* A whole number: its low 64 bits, and whether it is below 0. */
struct ft_number {
	__ft_u64 bits;
	int negative;
};

FT_DECIDE struct ft_number ft_decide_number(const struct ft_decision *d, const struct ft_test *t,
					    const struct ft_operand *o)
{
	struct ft_number n = {.bits = t->number};
	unsigned int unused = 64 - 8 * (o->size & 15);

	switch (o->kind) {
	case FT_NUMBER_CONST:
		return n;
	case FT_NUMBER_NEGATIVE:
		n.negative = (__ft_s64)n.bits < 0;
		return n;
	case FT_NUMBER_DURATION:
		n.bits = d->duration;
		return n;
	case FT_NUMBER_FAILED:
		n.bits = d->failed;
		return n;
	}
	n.bits = ft_decide_word(ft_decide_at(d, o->side, o->slot)) << (unused & 63);
	if (o->kind == FT_NUMBER_SIGNED) {
		n.negative = (__ft_s64)n.bits < 0;
		n.bits = (__ft_u64)((__ft_s64)n.bits >> (unused & 63));
		return n;
	}
	n.bits >>= unused & 63;
	if (o->kind == FT_NUMBER_BITS) {
		n.bits = n.bits >> (o->shift & 63) << (-o->bits & 63);
		n.bits >>= -o->bits & 63;
	}
	return n;
}

FT_DECIDE int ft_decide_compare(struct ft_number a, struct ft_number b)
{
	if (a.negative != b.negative)
		return a.negative ? -1 : 1;
	return a.bits < b.bits ? -1 : a.bits > b.bits;
}

FT_DECIDE int ft_decide_holds(__ft_u8 order, int compared)
{
	switch (order) {
	case FT_EQ:
		return compared == 0;
	case FT_NE:
		return compared != 0;
	case FT_LT:
		return compared < 0;
	case FT_LE:
		return compared <= 0;
	case FT_GT:
		return compared > 0;
	default:
		return compared >= 0;
	}
}

#define FT_REAL_SIGN     (1ull << 63)
#define FT_REAL_INFINITY (0x7ffull << 52)

/* The bits of a double: float32 is widened, which is exact. */
FT_DECIDE __ft_u64 ft_decide_real(const struct ft_decision *d, const struct ft_test *t,
				  const struct ft_operand *o)
{
	__ft_u64 word, sign, exponent, fraction;

	if (o->kind == FT_REAL_CONST)
		return t->number;
	word = ft_decide_word(ft_decide_at(d, o->side, o->slot));
	if (o->size != 4)
		return word;
	sign = (word >> 31 & 1) << 63;
	exponent = word >> 23 & 0xff;
	fraction = word & 0x7fffff;
	if (exponent == 0xff)
		return sign | FT_REAL_INFINITY | fraction << 29;
	if (!exponent && !fraction)
		return sign;
	exponent += 1023 - 127;
	if (exponent > 1023 - 127)
		return sign | exponent << 52 | fraction << 29;
	/* A subnormal: shifted until its first bit is the one that a double leaves out. */
	exponent++;
	for (int i = 0; i < 23 && !(fraction >> 23); i++) {
		fraction <<= 1;
		exponent--;
	}
	return FT_FORGET(d, sign | exponent << 52 | (fraction & 0x7fffff) << 29);
}

FT_DECIDE int ft_decide_real_holds(__ft_u8 order, __ft_u64 a, __ft_u64 b)
{
	struct ft_number x = {.bits = a & ~FT_REAL_SIGN}, y = {.bits = b & ~FT_REAL_SIGN};

	if (x.bits > FT_REAL_INFINITY || y.bits > FT_REAL_INFINITY)
		return order == FT_NE;
	/* Without its sign a double orders as its bits do; 0 and -0 are equal. */
	x.negative = x.bits && a & FT_REAL_SIGN;
	y.negative = y.bits && b & FT_REAL_SIGN;
	x.bits = x.negative ? 0 - x.bits : x.bits;
	y.bits = y.negative ? 0 - y.bits : y.bits;
	return ft_decide_holds(order, ft_decide_compare(x, y));
}

/* A text, eight bytes at a time. */
struct ft_words {
	const __ft_u8 *bytes;
	__ft_u64 len; /* at most FT_TEXT_MAX + 1; of a text up to a NUL the most that it has */
	__ft_u64 nul; /* all ones when it ends at a NUL, else 0 */
};

FT_DECIDE struct ft_words ft_decide_text(const struct ft_decision *d, const struct ft_test *t,
					 const struct ft_operand *o)
{
	struct ft_words text = {.bytes = d->text->bytes, .len = t->text_len};

	if (o->kind != FT_TEXT_CONST) {
		text.bytes = ft_decide_at(d, o->side, o->data);
		text.len = o->len;
		text.nul = ~0ull;
	}
	if (o->kind == FT_TEXT_HEADER) {
		text.len = ft_decide_word(ft_decide_at(d, o->side, (__ft_u16)(o->slot + 8)));
		text.nul = 0;
	}
	text.len = FT_FORGET(d, text.len > FT_TEXT_MAX ? FT_TEXT_MAX + 1 : text.len);
	return text;
}

/* Which bytes of the word at `i` belong to the text: all of them, or those before its end. */
FT_DECIDE __ft_u64 ft_decide_mask(const struct ft_words *text, __ft_u32 i, __ft_u64 word)
{
	__ft_s64 left = (__ft_s64)(text->len - i);
	__ft_u64 part = (1ull << (8 * left & 63)) - 1;
	/* All ones when it ends in this word, or before it: a branch for each would make two ways of
	 * every turn of the loop around this, and the verifier go all of them. */
	__ft_u64 ends = (__ft_u64)((left - 8) >> 63), over = (__ft_u64)((left - 1) >> 63);
	/* Bit 7 of the first byte that is 0, and perhaps of later ones. */
	__ft_u64 zero = (word - 0x0101010101010101) & ~word & 0x8080808080808080 & text->nul;

	FT_HIDE(ends);
	FT_HIDE(over);
	return (part | ~ends) & ~over & (((zero & -zero) >> 7) - 1);
}

/* Whether a text is longer than FT_TEXT_MAX, which its first bytes fill. */
FT_DECIDE int ft_decide_beyond(const struct ft_decision *d, const struct ft_operand *o,
			       const struct ft_words *text)
{
	if (!text->nul)
		return text->len > FT_TEXT_MAX;
	return o->len == FT_TEXT_MAX && o->data_status &&
	       d->values[o->side == FT_SIDE_RESULTS][sizeof(struct ft_values) + o->data_status] ==
		       FT_V_CUT;
}

/* Two texts that are compared. */
struct ft_texts {
	struct ft_words a, b;
	__ft_s64 order; /* -1, 0, 1; of a prefix: not 0 when `a` does not begin with `b` */
	__ft_u64 prefix;
};

/* One turn: not 0 when the order is found. */
FT_STEP long ft_decide_words(__ft_u32 turn, void *arg)
{
	struct ft_texts *t = arg;
	__ft_u32 i = FT_BOUND(turn * 8, FT_TEXT_MAX - 8);
	__ft_u64 x = ft_decide_word(t->a.bytes + i), y = ft_decide_word(t->b.bytes + i);
	__ft_u64 xmask = ft_decide_mask(&t->a, i, x), ymask = ft_decide_mask(&t->b, i, y);

	if (t->prefix) {
		x &= ymask;
		xmask &= ymask;
	}
	x = __builtin_bswap64(x & xmask);
	y = __builtin_bswap64(y & ymask);
	if (x == y) {
		x = xmask;
		y = ymask;
	}
	if (x != y) {
		t->order = x < y ? -1 : 1;
		return 1;
	}
	return ~ymask != 0;
}

FT_DECIDE int ft_decide_text_order(const struct ft_decision *d, const struct ft_test *t)
{
	struct ft_texts texts = {
		.a = ft_decide_text(d, t, &t->left),
		.b = ft_decide_text(d, t, &t->right),
	};

	FT_LOOP(FT_TEXT_MAX / 8, ft_decide_words, &texts);
	if (texts.order)
		return (int)texts.order;
	/* Equal so far: of what goes on, it is only known that it does. */
	return ft_decide_beyond(d, &t->left, &texts.a) - ft_decide_beyond(d, &t->right, &texts.b);
}

FT_DECIDE int ft_decide_prefix(const struct ft_decision *d, const struct ft_test *t)
{
	struct ft_texts texts = {
		.a = ft_decide_text(d, t, &t->left),
		.b = {.bytes = d->text->bytes, .len = t->text_len},
		.prefix = 1,
	};

	FT_LOOP(FT_TEXT_MAX / 8, ft_decide_words, &texts);
	return texts.order == 0;
}

/* A glob on its way over a text. */
struct ft_globbing {
	const struct ft_glob *glob;
	const __ft_u8 *bytes;
	volatile __ft_u64 *room;
	__ft_u64 len, nul; /* struct ft_words */
};

/* Where the sets that have the byte lead: all in a row, since each way out of the loop would be one more
 * that the verifier goes to the end. */
FT_DECIDE void ft_decide_sets(const struct ft_globbing *g, __ft_u32 sets)
{
	for (__ft_u32 i = 0; i < FT_GLOB_SETS; i++) {
		__ft_u32 from = g->glob->from[i], to = g->glob->to[i];
		__ft_u64 here = g->room[FT_ROOM_NOW + FT_BOUND(from >> 6, 7)] >> (from & 63);

		g->room[FT_ROOM_NEXT + FT_BOUND(to >> 6, 7)] |= (here & sets >> i & 1) << (to & 63);
	}
}

/* One byte, all places at a time: not 0 at the end of the text, or when no place is left. */
FT_STEP long ft_decide_places(__ft_u32 turn, void *arg)
{
	struct ft_globbing *g = arg;
	volatile __ft_u64 *now = g->room + FT_ROOM_NOW, *next = g->room + FT_ROOM_NEXT;
	__ft_u8 c = g->bytes[FT_BOUND(turn, FT_TEXT_MAX - 1)];
	__ft_u64 carry = 0, any = 0;

	if (turn >= g->len || (!c && g->nul))
		return 1;
	for (int i = 0; i < FT_GLOB_WORDS; i++) {
		__ft_u64 took = now[i] & g->glob->takes[c][i];

		next[i] = took << 1 | carry | (now[i] & g->glob->stays[i]);
		carry = took >> 63;
	}
	next[FT_GLOB_WORDS] = carry;
	if (g->glob->sets[c])
		ft_decide_sets(g, g->glob->sets[c]);
	for (int i = 0; i <= FT_GLOB_WORDS; i++)
		any |= now[i] = next[i];
	return !any;
}

/* Whether an FT_TEST_GLOB holds. Of a text that goes beyond FT_TEXT_MAX its end is not known: only a star
 * at the glob's end matches it. */
FT_DECIDE int ft_decide_glob(const struct ft_decision *d, const struct ft_test *t,
			     const struct ft_glob *glob)
{
	struct ft_words text = ft_decide_text(d, t, &t->left);
	struct ft_globbing g = {
		.glob = glob,
		.bytes = text.bytes,
		.room = d->room,
		.len = text.len,
		.nul = text.nul,
	};

	for (int i = 0; i <= FT_GLOB_WORDS; i++)
		d->room[FT_ROOM_NOW + i] = !i;
	FT_LOOP(FT_TEXT_MAX, ft_decide_places, &g);
	if (!(d->room[FT_ROOM_NOW + FT_BOUND(glob->end >> 6, 7)] >> (glob->end & 63) & 1))
		return 0;
	return glob->open || !ft_decide_beyond(d, &t->left, &text);
}

/* Whether a test holds; an FT_TEST_GLOB never does here. */
FT_DECIDE int ft_decide_test(const struct ft_decision *d, const struct ft_test *t)
{
	switch (t->kind) {
	case FT_TEST_READ:
		return ft_decide_was_read(d, t->left.side, t->left.status) &&
		       ft_decide_was_read(d, t->left.side, t->left.data_status);
	case FT_TEST_NUMBER:
		return ft_decide_holds(t->order,
				       ft_decide_compare(ft_decide_number(d, t, &t->left),
							 ft_decide_number(d, t, &t->right)));
	case FT_TEST_BITS:
		return (ft_decide_number(d, t, &t->left).bits &
			ft_decide_number(d, t, &t->right).bits) != 0;
	case FT_TEST_REAL:
		return ft_decide_real_holds(t->order, ft_decide_real(d, t, &t->left),
					    ft_decide_real(d, t, &t->right));
	case FT_TEST_TEXT:
		return ft_decide_holds(t->order, ft_decide_text_order(d, t));
	case FT_TEST_PREFIX:
		return ft_decide_prefix(d, t);
	default:
		return 0;
	}
}

#endif
