/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * typed_causes: the program that reads an error's causes while it is made; internal to src/fetch/typed_err*.c and
 * typed_causes.c. What does not fit sets fetch->full.
 */
#ifndef FTRACE_FETCH_TYPED_CAUSES_H
#define FTRACE_FETCH_TYPED_CAUSES_H

#include "fetch/typed_priv.h"

#define CAUSES_JUMPS_MAX 64

struct causes {
	struct fetch *fetch;
	const struct fetch_limits *limits;
	const struct methods *methods;
	struct error_shape *shape;
	uint16_t own;   /* slot of the error's two words */
	uint16_t value; /* slot of what its data word points to */
	uint16_t link;  /* slot of the two words that the way has come to */
};

/* Operations whose `skip` is to lead to one place. */
struct jumps {
	size_t from[CAUSES_JUMPS_MAX];
	size_t count;
};

/* Appends `op`, whose `skip` is to be one of `jumps`. */
void causes_jump_at(struct causes *c, struct jumps *jumps, struct ft_op op);

/* In any case. acc stays. */
void causes_jump(struct causes *c, struct jumps *jumps);

/* Where acc is the address of that method; nothing where the executable has it not. */
void causes_jump_if(struct causes *c, struct jumps *jumps, enum error_method method);

/* All of `jumps` lead to here. */
void causes_land(struct causes *c, struct jumps *jumps);

/* acc = word `word` of `slot`. */
void causes_load(struct causes *c, uint32_t slot, uint32_t word);

/* Word `word` of the link = acc. */
void causes_put_link(struct causes *c, uint32_t word);

/* The link is the interface at word `word` of `slot`. */
void causes_link(struct causes *c, uint32_t slot, uint32_t word);

/* acc = the address of the Error method of the interface whose first word is in `slot`. */
void causes_load_method(struct causes *c, uint16_t slot, struct jumps *none);

/* The part's bytes, `skip` bytes behind what word `word` of `slot` points to; `none`: nil, or not there. */
void causes_read(struct causes *c, enum error_part part, uint16_t slot, uint32_t word,
		 uint32_t skip, struct jumps *none);

/* The bytes of the string whose header is in another part. */
void causes_read_text(struct causes *c, enum error_part part);

/* The part lies in `room`, from `offset` on, as others do that are not read of the same error. */
bool causes_share(struct causes *c, enum error_part part, uint16_t room, uint32_t offset,
		  uint32_t len);

#define CAUSES_TEXT_MAX 64

/* Bytes of what the parts of typed_error_fields.c share. */
#define CAUSES_FIELDS_SIZE 224

/* typed_error_fields.c: parts of which a error of a certain type is made. Their places, in a room of
 * CAUSES_FIELDS_SIZE bytes and in the leaf's text. */
bool causes_take_fields(struct causes *c, uint16_t room);

/* The error's strings at byte `first` of what it refers to, and 16 bytes further. */
void causes_read_fields(struct causes *c, uint32_t first, struct jumps *end);

/* The text of what the link refers to, as an x509.CertificateInvalidError has it. */
void causes_read_detail(struct causes *c);

/* The status of a gRPC error. */
void causes_read_status(struct causes *c, struct jumps *end);

#endif
