/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * saying: the text of an error while it is put together from the parts of a record; internal to
 * src/trace/saying*.c.
 *
 * What is missing, cut or not known makes the whole text fail: `failed` stays set, and nothing of it
 * is shown. Only a part that says most itself may be cut, and the text ends there.
 */
#ifndef FTRACE_TRACE_SAYING_H
#define FTRACE_TRACE_SAYING_H

#include "trace/reading_priv.h"

/* How far the way through the causes has come, so that what a record claims cannot lead in a circle. */
enum saying_stage { SAYING_TOP, SAYING_MESSAGE, SAYING_VERIFY, SAYING_OP, SAYING_SYSCALL };

struct saying {
	char *room; /* VALUE_SAYS_MAX bytes */
	size_t len;
	bool failed;
	bool cut;         /* nothing goes behind what is there */
	uint64_t missing; /* bytes that would have */
	const struct value_source *src;
	const struct reading *dynamic;   /* the error whose text it is */
	const struct error_shape *parts; /* NULL: no causes were read */
	struct reading target;           /* the struct that its pointer leads to */
};

void saying_add(struct saying *saying, const char *text, size_t len);
void saying_words(struct saying *saying, const char *words);
void saying_number(struct saying *saying, int64_t number);

/* A TEXT that is whole. */
void saying_text(struct saying *saying, const struct value *text);

/* A TEXT that may be cut. */
void saying_message(struct saying *saying, const struct value *text);

/* The same as strconv.Quote has it: only where that changes nothing in it. */
void saying_quoted(struct saying *saying, const struct value *text);

/* Was the part read, all of it? */
bool saying_has(const struct saying *saying, enum error_part part);

/* Word `word` of a part that was read; else 0, and the text fails. */
uint64_t saying_word(struct saying *saying, enum error_part part, uint32_t word);

/* The string whose bytes are `part`: TEXT, or what stands in its place. */
struct value saying_string(const struct saying *saying, enum error_part part);

/* The same, added. */
void saying_part(struct saying *saying, enum error_part part);

/* The type of an interface by its first word, or NULL. */
const struct rtype *saying_type(const struct saying *saying, uint64_t itab);

/* saying_errors.c: the error that another one holds, `itab` being the first word of that interface. */
void saying_cause(struct saying *saying, uint64_t itab, enum saying_stage stage);

/* saying_net.c: *net.OpError, *net.DNSError (of that type), *net.AddrError. */
void saying_op(struct saying *saying);
void saying_dns(struct saying *saying, const struct rtype *type);
void saying_no_addr(struct saying *saying);

/* Number `i` of the fields of `target`. */
struct value saying_field(const struct saying *saying, uint32_t i);

/* Word `word` of what the error's data word leads to; else 0, and the text fails. */
uint64_t saying_top_word(struct saying *saying, uint32_t word);

/* Finds the struct that the error is, or that its pointer leads to. */
bool saying_find_target(struct saying *saying);

/* saying_fields.c: an error at the top whose own fields tell it all; false: it is none of these. */
bool saying_fields(struct saying *saying, const struct rtype *type);

/* saying_codes.c: what numbers say, by the tables of their packages. */
void saying_alert(struct saying *saying, uint64_t alert);
void saying_http2_code(struct saying *saying, uint64_t code);
void saying_grpc_code(struct saying *saying, uint64_t code);

/* An x509.InvalidReason; `detail`: the text behind some of them. */
void saying_certificate(struct saying *saying, uint64_t reason, const struct value *detail);

#endif
