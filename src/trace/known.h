/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * known: the words of a value of a known type (fetch/known.h), put together of its parts; internal to src/trace.
 *
 * A part that was cut is shown cut, and the text with it. Of one that was not read, or does not hold what it should,
 * nothing is said: then the value is what it is made of.
 */
#ifndef FTRACE_TRACE_KNOWN_H
#define FTRACE_TRACE_KNOWN_H

#include "fetch/known.h"
#include "trace/saying.h"

struct knowing {
	struct saying say;
	const struct known_shape *shape; /* of debug information; NULL: */
	const struct reading *self; /* the value, whose fields the runtime's descriptors name */
	const struct known *known;
	struct value_place place; /* where the parts lie */
	bool zero;                /* it is the zero value */
	bool cut;                 /* a part was, and nothing goes behind it */
	bool quoted;              /* a Go string: TEXT, not SAID */
	bool replaced;            /* `part` is to be shown instead */
	struct reading part;
	struct value text; /* of `quoted` */
};

/*
 * What the value that was read says of itself, whose text may lie in `room`. `reading` becomes that: SAID, a TEXT, or the
 * part that stands for the value. False: nothing, and `reading` is untouched.
 */
bool known_say(const struct value_source *src, struct reading *reading, char room[VALUE_SAYS_MAX]);

/* Makes words of what was said, if it is a number or a function; false where it is neither that nor words. */
bool known_words_of(struct value *said, char room[VALUE_SAYS_MAX]);

/* Part `i`, as a value; not there: DEEPER. */
void known_read(const struct knowing *k, uint32_t i, struct reading *part);

/* The same of what a known type is that has no fields: an IP address as bytes. */
void known_plain(const struct knowing *k, uint32_t i, struct reading *part);

/* A number of either sign, or 0 and the words fail. */
uint64_t known_number(struct knowing *k, uint32_t i);

/* A string or bytes; of any other kind the words fail. */
struct value known_text(struct knowing *k, uint32_t i);

/* Whether that part is an empty string. */
bool known_empty(struct knowing *k, uint32_t i);

/* Adds text. What was cut ends the words. */
void known_add(struct knowing *k, const struct value *text);
void known_words(struct knowing *k, const char *words);
void known_digits(struct knowing *k, uint64_t number, unsigned int least);

/* Adds what the part, or a value, says: text as it is, numbers, or the words of a known type. */
void known_add_part(struct knowing *k, uint32_t i);
void known_add_value(struct knowing *k, const struct reading *value);

/* The part stands for the value, whose words it may have itself. */
void known_show(struct knowing *k, const struct reading *part);

/* A duration. */
void known_nanoseconds(struct knowing *k, int64_t duration);

/* The words, by enum known_says. */
typedef void known_fn(struct knowing *k);

known_fn known_duration, known_time, known_seconds, known_span, known_zone; /* known_time.c */
known_fn known_ip, known_mac, known_mask, known_net, known_addr_port, known_addr_ip, known_ends,
	known_netip, known_netip_port, known_prefix;                            /* known_net.c */
known_fn known_url, known_user, known_request, known_request_uri, known_cookie; /* known_url.c */
known_fn known_level, known_attr, known_logged, known_field;                    /* known_log.c */
known_fn known_big, known_uuid, known_ulid;                                     /* known_number.c */

known_fn known_dynamic, known_type, known_reflected, known_code, known_call; /* known_type.c */
known_fn known_path, known_kind, known_either, known_question, known_named_value,
	known_status; /* known_name.c */

#endif
