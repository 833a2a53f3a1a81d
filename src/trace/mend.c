/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/mend.h"

#include <string.h>

struct mending {
	const struct fetch *fetch;
	const struct image *image;
	uint64_t bias;
	unsigned char *bytes;
	size_t len; /* of them */
	uint64_t acc;
	bool lost; /* what comes next needs what is not known here */
};

static bool any_fault(const struct fetch *fetch, const unsigned char *bytes, size_t len)
{
	size_t end = sizeof(struct ft_values) + fetch->nstatus;

	for (size_t i = sizeof(struct ft_values) + 1; i < end && i < len; i++)
		if (FT_V_IS_FAULT(bytes[i]))
			return true;
	return false;
}

static uint8_t *status_of(const struct mending *m, const struct ft_op *op)
{
	return m->bytes + sizeof(struct ft_values) + op->status;
}

static uint64_t word_at(struct mending *m, uint16_t place)
{
	uint64_t word = 0;

	if (place + sizeof(word) <= m->len)
		memcpy(&word, m->bytes + place, sizeof(word));
	else
		m->lost = true;
	return word;
}

static void put_word(const struct mending *m, uint16_t place, uint64_t word)
{
	if (place && place + sizeof(word) <= FT_VALUES_MAX)
		memcpy(m->bytes + place, &word, sizeof(word));
}

static void grow(struct mending *m, const struct ft_op *op)
{
	if (m->len < op->reach && op->reach <= FT_VALUES_MAX)
		m->len = op->reach;
}

/*
 * A number below 256 that an interface holds lies in a table of the runtime, which nobody writes, but which releases before 1.26 keep
 * among the variables. Source: Go's src/runtime/iface.go (staticuint64s).
 */
static const uint8_t *small_number(const struct image *img, uint64_t at, uint64_t len)
{
	const uint8_t *bytes = image_bytes(img, at, len);
	uint64_t start, size;

	if (!bytes || image_symbol(img, "runtime.staticuint64s", &start, &size) || at < start ||
	    len > size || at - start > size - len)
		return NULL;
	return bytes;
}

/* The file's bytes at an address of the process, or NULL. */
static const uint8_t *constant(const struct mending *m, uint64_t addr, uint64_t len)
{
	const uint8_t *bytes = image_constant(m->image, addr - m->bias, len);

	return bytes ? bytes : small_number(m->image, addr - m->bias, len);
}

static bool copy(const struct mending *m, const struct ft_op *op, uint64_t len)
{
	const uint8_t *from = len ? constant(m, m->acc, len) : m->bytes;

	if (!from || len > op->len || op->slot + len > FT_VALUES_MAX)
		return false;
	memcpy(m->bytes + op->slot, from, len);
	return true;
}

/* How many bytes fit into the slot of what `count` in another slot says; false when that makes no sense. */
static bool counted(struct mending *m, const struct ft_op *op, uint64_t *len, bool *cut)
{
	uint64_t count = word_at(m, op->from);

	*len = op->len;
	*cut = false;
	if (m->lost || count >= FT_COUNT_MAX)
		return false;
	*cut = count * (uint64_t)op->imm > *len;
	if (!*cut)
		*len = count * (uint64_t)op->imm;
	return true;
}

static uint8_t read_counted(struct mending *m, const struct ft_op *op)
{
	uint64_t len;
	bool cut;

	if (!counted(m, op, &len, &cut))
		return FT_V_LENGTH;
	if (!copy(m, op, len))
		return FT_V_FAULT;
	return cut ? FT_V_CUT : FT_V_OK;
}

/* As the kernel side does it (bpf/fetch.bpf.h, op_guess()). */
static uint8_t read_guess(struct mending *m, const struct ft_op *op)
{
	uint64_t count = word_at(m, op->from), len = op->len;

	if (m->lost || count >= FT_COUNT_MAX)
		return FT_V_LENGTH;
	if (count * 8 < len)
		len = count * 8;
	if (copy(m, op, len))
		return FT_V_OK;
	return copy(m, op, count < op->len ? count : op->len) ? FT_V_CUT : FT_V_FAULT;
}

static uint8_t read_text(const struct mending *m, const struct ft_op *op)
{
	const uint8_t *byte = NULL;
	uint16_t len = 0;

	while (len < op->len && (!len || *byte)) {
		byte = constant(m, m->acc + len++, 1);
		if (!byte)
			return FT_V_FAULT;
	}
	if (!len || !copy(m, op, len))
		return FT_V_FAULT;
	m->bytes[op->slot + len - 1] = 0;
	return len < op->len ? FT_V_OK : FT_V_CUT;
}

/* What one operation reads of constants; the status that it would have had. */
static uint8_t read_constant(struct mending *m, const struct ft_op *op)
{
	const uint8_t *word;

	switch (op->code) {
	case FT_OP_LOAD:
		word = constant(m, m->acc, sizeof(m->acc));
		if (!word)
			return op->reg;
		memcpy(&m->acc, word, sizeof(m->acc));
		return FT_V_OK;
	case FT_OP_READ:
		return copy(m, op, op->len) ? FT_V_OK : FT_V_FAULT;
	case FT_OP_READN:
		return read_counted(m, op);
	case FT_OP_GUESS:
		return read_guess(m, op);
	default:
		return read_text(m, op);
	}
}

static bool reads(const struct ft_op *op)
{
	return op->code == FT_OP_LOAD || op->code == FT_OP_READ || op->code == FT_OP_READN ||
	       op->code == FT_OP_GUESS || op->code == FT_OP_STR;
}

static size_t fail(const struct mending *m, const struct ft_op *op, uint8_t status)
{
	if (op->status)
		*status_of(m, op) = status;
	if (FT_V_IS_FAULT(status))
		put_word(m, op->slot, m->acc);
	return op->skip;
}

/* A text that what was read just now wants. Such a one lies in its slot, as if it were alone. */
static void make_up_text(struct mending *m, uint32_t number)
{
	for (size_t i = 0; i < m->fetch->nops; i++) {
		const struct ft_op *op = &m->fetch->ops[i];
		uint8_t status;

		if (op->code != FT_OP_READN || op->reg != FT_V_WANTED || op->status != number)
			continue;
		grow(m, op);
		m->acc = word_at(m, op->base);
		status = read_constant(m, op);
		if (m->lost)
			return;
		*status_of(m, op) = status;
		if (status == FT_V_FAULT)
			put_word(m, op->slot, m->acc);
	}
}

static void make_up_texts(struct mending *m, uint32_t first, uint32_t count)
{
	uint64_t acc = m->acc;

	for (uint32_t i = 0; i < count && !m->lost; i++)
		make_up_text(m, first + i);
	m->acc = acc;
}

/* An operation that the kernel side left out; how many behind it are to be. */
static size_t make_up(struct mending *m, const struct ft_op *op)
{
	uint8_t status;

	if (op->base)
		m->acc = word_at(m, op->base);
	if (op->code == FT_OP_READ)
		m->acc += (uint64_t)op->imm;
	if (reads(op)) {
		status = read_constant(m, op);
		if (m->lost)
			return 0;
		if (status != FT_V_OK && status != FT_V_CUT)
			return fail(m, op, status);
		/* A LOAD has no status of its own where it succeeds. */
		if (op->status && op->code != FT_OP_LOAD)
			*status_of(m, op) = status;
		if (op->code == FT_OP_READ)
			make_up_texts(m, op->status + 1u, FT_READ_WANTS(op->reg));
		return 0;
	}
	switch (op->code) {
	case FT_OP_IMM:
		m->acc = (uint64_t)op->imm;
		return 0;
	case FT_OP_ADD:
		m->acc += (uint64_t)op->imm;
		return 0;
	case FT_OP_BIAS:
		m->acc += m->bias;
		return 0;
	case FT_OP_WORD:
		m->acc = word_at(m, op->from);
		return 0;
	case FT_OP_SHIFT:
		m->acc >>= op->imm & 63;
		return 0;
	case FT_OP_MASK:
		m->acc &= (uint64_t)op->imm;
		return 0;
	case FT_OP_PUT:
		put_word(m, op->slot, m->acc);
		if (op->status)
			*status_of(m, op) = FT_V_OK;
		return 0;
	case FT_OP_NIL:
		return m->acc ? 0 : fail(m, op, FT_V_NIL);
	case FT_OP_MORE:
		return (int64_t)word_at(m, op->from) > op->imm ? 0 : fail(m, op, FT_V_INDEX);
	case FT_OP_SAME:
		return m->acc == (uint64_t)op->imm + m->bias ? op->skip : 0;
	case FT_OP_WANT:
		make_up_texts(m, op->status, op->reg);
		return 0;
	case FT_OP_TEXTS:
		return op->skip;
	case FT_OP_RANGE:
		if (op->reg && !m->acc)
			return fail(m, op, FT_V_NIL);
		return m->acc - ((uint64_t)op->imm + m->bias) < (uint64_t)op->len * FT_RANGE_UNIT
			       ? op->skip
			       : 0;
	default:
		/* Registers and tasks are gone. */
		m->lost = true;
		return 0;
	}
}

/* Whether it is this operation that the kernel side failed at. */
static bool failed_at(const struct mending *m, const struct ft_op *op)
{
	uint8_t status = *status_of(m, op);

	if (!op->status || !op->slot || !reads(op) || op->slot + sizeof(m->acc) > m->len)
		return false;
	return status != FT_V_STEP_BEYOND &&
	       status == (op->code == FT_OP_LOAD ? op->reg : FT_V_FAULT);
}

/* Reads on from operation `at`, whose address is in its slot; false when it is no constant. */
static bool go_on(struct mending *m, size_t at)
{
	const struct ft_op *op = &m->fetch->ops[at];
	size_t end = at + 1 + op->skip;
	uint8_t status;

	m->lost = false;
	m->acc = word_at(m, op->slot);
	status = read_constant(m, op);
	if (status != FT_V_OK && status != FT_V_CUT)
		return false;
	if (op->code != FT_OP_LOAD)
		*status_of(m, op) = status;
	grow(m, op);
	if (op->code == FT_OP_READ)
		make_up_texts(m, op->status + 1u, FT_READ_WANTS(op->reg));
	if (end > m->fetch->nops)
		end = m->fetch->nops;
	for (size_t i = at + 1; i < end && !m->lost; i++) {
		grow(m, &m->fetch->ops[i]);
		i += make_up(m, &m->fetch->ops[i]);
	}
	return true;
}

size_t mend_values(const struct fetch *fetch, const struct image *image, uint64_t bias,
		   const unsigned char *bytes, size_t len, unsigned char room[FT_VALUES_MAX])
{
	struct mending m = {
		.fetch = fetch, .image = image, .bias = bias, .bytes = room, .len = len};
	bool mended = false;

	if (!any_fault(fetch, bytes, len) || len > FT_VALUES_MAX || len < fetch_least(fetch))
		return 0;
	memcpy(room, bytes, len);
	memset(room + len, 0, FT_VALUES_MAX - len);
	for (size_t i = 0; i < fetch->nops; i++)
		mended |= failed_at(&m, &fetch->ops[i]) && go_on(&m, i);
	return mended ? m.len : 0;
}
