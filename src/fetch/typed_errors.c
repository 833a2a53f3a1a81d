/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way through an error's causes (error_shape.h), each step of which may end it:
 *
 *     link = the cause of an error that holds one, or the error itself
 *     link is pkg/errors' message:  its parts;  link = its cause
 *     link is a *tls.CertificateVerificationError:  its parts;  link = its Err
 *     link is an *net.OpError:      its parts;  link = its Err
 *     link is an *os.SyscallError:  its parts;  link = its Err
 *     link is a *net.DNSError or an *net.AddrError:  its parts;  end
 *     what link refers to
 */
#include <stdlib.h>

#include "fetch/ops.h"
#include "fetch/typed_causes.h"

#define LEAF_SIZE    16
#define SYSCALL_SIZE 32
#define OP_SIZE      80
#define MESSAGE_SIZE 32
#define HELD_SIZE    16
#define VERIFY_SIZE  40
#define ADDR_SIZE    48 /* net.TCPAddr, net.UDPAddr; the other addresses are smaller */
#define DNS_SIZE     64
#define NO_ADDR_SIZE 32
#define NAME_SIZE    16 /* "getsockopt", "unixpacket", and an IP address */
#define SERVER_SIZE  32 /* "127.0.0.53:53" */
#define TEXT_MAX     CAUSES_TEXT_MAX
#define ADDRS_SIZE   (2 * (ADDR_SIZE + TEXT_MAX))
#define JOINED_SIZE  (ERROR_JOINED * (16 + LEAF_SIZE + TEXT_MAX))

/* Bytes that are left to the values behind an error. */
#define ROOM_LEFT(most) ((most) / 4)

/* The errors that errors.Join made one of. */
static void read_joined(struct causes *c, struct jumps *end)
{
	const struct error_slot *list = &c->shape->parts[ERROR_JOIN];
	uint16_t count = (uint16_t)(c->value + 8);

	causes_load(c, c->value, 0);
	causes_jump_at(c, end,
		       (struct ft_op){.code = FT_OP_READN,
				      .slot = list->slot,
				      .len = list->len,
				      .from = count,
				      .status = list->status,
				      .imm = 16});
	for (unsigned int i = 0; i < ERROR_JOINED; i++) {
		struct jumps none = {0};

		causes_jump_at(c, end, (struct ft_op){.code = FT_OP_MORE, .from = count, .imm = i});
		causes_read(c, ERROR_JOIN_1 + 2 * i, list->slot, 2 * i + 1, 0, &none);
		causes_read_text(c, ERROR_JOIN_1_TEXT + 2 * i);
		causes_land(c, &none);
	}
	causes_jump(c, end);
}

/* The causes of an error at the top, by its type. */
enum step {
	STEP_0, /* to the interface at that word of what it points to */
	STEP_1,
	STEP_2,
	STEP_4,
	STEP_6,
	STEP_HELD,   /* word 0 of it, and the itab there */
	STEP_ITSELF, /* its own parts are what counts */
	STEP_EXIT,
	STEP_JOIN,
	STEP_STATUS,
	STEP_FIELDS_40, /* its fields from that byte on */
	STEP_FIELDS_48,
	STEPS,
};

/* The frequent ones first. */
static const struct {
	enum error_method method;
	enum step step;
} steps[] = {
	{ERROR_METHOD_PATH, STEP_4},         {ERROR_METHOD_OP, STEP_ITSELF},
	{ERROR_METHOD_URL, STEP_4},          {ERROR_METHOD_NUM, STEP_4},
	{ERROR_METHOD_STATUS, STEP_STATUS},  {ERROR_METHOD_STACK, STEP_0},
	{ERROR_METHOD_MESSAGE, STEP_ITSELF}, {ERROR_METHOD_SYSCALL, STEP_ITSELF},
	{ERROR_METHOD_EXIT, STEP_EXIT},      {ERROR_METHOD_JOIN, STEP_JOIN},
	{ERROR_METHOD_EXEC, STEP_2},         {ERROR_METHOD_LINK, STEP_6},
	{ERROR_METHOD_DNS, STEP_ITSELF},     {ERROR_METHOD_ADDR, STEP_ITSELF},
	{ERROR_METHOD_PG, STEP_FIELDS_48},   {ERROR_METHOD_UNMARSHAL, STEP_FIELDS_40},
	{ERROR_METHOD_TIME, STEP_FIELDS_48}, {ERROR_METHOD_VERIFY, STEP_ITSELF},
	{ERROR_METHOD_PERMANENT, STEP_HELD}, {ERROR_METHOD_READING, STEP_0},
	{ERROR_METHOD_MARSHAL, STEP_2},      {ERROR_METHOD_STREAM, STEP_1},
	{ERROR_METHOD_STREAM_27, STEP_1},    {ERROR_METHOD_STREAM_X, STEP_1},
};

/* What ends the way at the top. */
static void read_top(struct causes *c, struct jumps to[STEPS], struct jumps *end)
{
	if (to[STEP_JOIN].count) {
		causes_land(c, &to[STEP_JOIN]);
		read_joined(c, end);
	}
	if (to[STEP_STATUS].count) {
		causes_land(c, &to[STEP_STATUS]);
		causes_read_status(c, end);
	}
	if (to[STEP_FIELDS_40].count) {
		causes_land(c, &to[STEP_FIELDS_40]);
		causes_read_fields(c, 40, end);
	}
	if (to[STEP_FIELDS_48].count) {
		causes_land(c, &to[STEP_FIELDS_48]);
		causes_read_fields(c, 48, end);
	}
}

static void step_from_top(struct causes *c, struct jumps *leaf, struct jumps *end)
{
	static const uint8_t words[] = {[STEP_0] = 0, [STEP_1] = 1, [STEP_2] = 2,
					[STEP_4] = 4, [STEP_6] = 6, [STEP_HELD] = 0};
	struct jumps to[STEPS] = {0}, go = {0};

	causes_load_method(c, c->own, end);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		causes_jump_if(c, &to[steps[i].step], steps[i].method);
	causes_jump(c, end);
	read_top(c, to, end);
	causes_land(c, &to[STEP_EXIT]);
	causes_load(c, c->value, 0);
	causes_put_link(c, 1);
	causes_jump(c, leaf);
	for (uint32_t i = STEP_0; i <= STEP_HELD; i++) {
		struct jumps none = {0};

		if (!to[i].count)
			continue;
		causes_land(c, &to[i]);
		if (i == STEP_HELD)
			causes_read(c, ERROR_HELD, c->value, 0, 0, &none);
		causes_land(c, &none);
		causes_link(c, c->value, words[i]);
		causes_jump(c, &go);
	}
	causes_land(c, &to[STEP_ITSELF]);
	causes_link(c, c->own, 0);
	causes_land(c, &go);
}

static void read_op(struct causes *c, struct jumps *end)
{
	uint16_t op = c->shape->parts[ERROR_OP].slot;
	struct jumps none = {0};

	causes_read(c, ERROR_OP, c->link, 1, 0, end);
	causes_read_text(c, ERROR_OP_NAME);
	causes_read_text(c, ERROR_OP_NET);
	causes_read(c, ERROR_SOURCE, op, ERROR_OP_SOURCE + 1, 0, &none);
	causes_read_text(c, ERROR_SOURCE_TEXT);
	causes_land(c, &none);
	causes_read(c, ERROR_ADDR, op, ERROR_OP_ADDR + 1, 0, &none);
	causes_read_text(c, ERROR_ADDR_TEXT);
	causes_land(c, &none);
	causes_link(c, op, ERROR_OP_ERR);
}

/* What a net.OpError without addresses may hold; acc is the method. */
static void read_addressless(struct causes *c, struct jumps *other, struct jumps *end)
{
	struct jumps is_dns = {0}, is_addr = {0};

	causes_jump_if(c, &is_dns, ERROR_METHOD_DNS);
	causes_jump_if(c, &is_addr, ERROR_METHOD_ADDR);
	causes_jump(c, other);
	causes_land(c, &is_dns);
	causes_read(c, ERROR_DNS, c->link, 1, 0, end);
	causes_read_text(c, ERROR_DNS_ERR);
	causes_read_text(c, ERROR_DNS_NAME);
	causes_read_text(c, ERROR_DNS_SERVER);
	causes_jump(c, end);
	causes_land(c, &is_addr);
	causes_read(c, ERROR_NO_ADDR, c->link, 1, 0, end);
	causes_read_text(c, ERROR_NO_ADDR_ERR);
	causes_read_text(c, ERROR_NO_ADDR_TEXT);
	causes_jump(c, end);
}

static void read_syscall(struct causes *c, struct jumps *end)
{
	causes_read(c, ERROR_SYSCALL, c->link, 1, 0, end);
	causes_read_text(c, ERROR_SYSCALL_NAME);
	causes_link(c, c->shape->parts[ERROR_SYSCALL].slot, ERROR_SYSCALL_ERR);
}

static void read_message(struct causes *c, struct jumps *end)
{
	causes_read(c, ERROR_MESSAGE, c->link, 1, 0, end);
	causes_read_text(c, ERROR_MESSAGE_TEXT);
	causes_link(c, c->shape->parts[ERROR_MESSAGE].slot, ERROR_MESSAGE_ERR);
}

static void read_verify(struct causes *c, struct jumps *end)
{
	causes_read(c, ERROR_VERIFY, c->link, 1, 0, end);
	causes_link(c, c->shape->parts[ERROR_VERIFY].slot, ERROR_VERIFY_ERR);
	causes_read_detail(c);
}

/* Where the link has that method, its parts, and on to its cause; acc is the link's method, before and after. */
static void pass(struct causes *c, enum error_method method,
		 void (*read)(struct causes *c, struct jumps *end), struct jumps *end)
{
	struct jumps is_it = {0}, other = {0};

	if (!c->methods->error[method])
		return;
	causes_jump_if(c, &is_it, method);
	causes_jump(c, &other);
	causes_land(c, &is_it);
	read(c, end);
	causes_load_method(c, c->link, end);
	causes_land(c, &other);
}

static void read_causes(struct causes *c)
{
	struct jumps leaf = {0}, end = {0}, is_syscall = {0};
	bool net = c->methods->error[ERROR_METHOD_OP];

	step_from_top(c, &leaf, &end);
	causes_load_method(c, c->link, &end);
	pass(c, ERROR_METHOD_MESSAGE, read_message, &end);
	pass(c, ERROR_METHOD_VERIFY, read_verify, &end);
	pass(c, ERROR_METHOD_OP, read_op, &end);
	causes_jump_if(c, &is_syscall, ERROR_METHOD_SYSCALL);
	if (net)
		read_addressless(c, &leaf, &end);
	else
		causes_jump(c, &leaf);
	causes_land(c, &is_syscall);
	read_syscall(c, &end);
	causes_land(c, &leaf);
	causes_read(c, ERROR_LEAF, c->link, 1, 0, &end);
	causes_read_text(c, ERROR_LEAF_TEXT);
	causes_land(c, &end);
}

static bool take_part(struct causes *c, enum error_part part, uint32_t len)
{
	struct error_slot *at = &c->shape->parts[part];

	at->slot = fetch_slot(c->fetch, len, c->limits);
	at->status = fetch_status(c->fetch);
	at->len = (uint16_t)len;
	return at->slot && at->status;
}

static bool take_op(struct causes *c)
{
	return take_part(c, ERROR_OP, OP_SIZE) && take_part(c, ERROR_OP_NAME, NAME_SIZE) &&
	       take_part(c, ERROR_OP_NET, NAME_SIZE) && take_part(c, ERROR_SOURCE, ADDR_SIZE) &&
	       take_part(c, ERROR_SOURCE_TEXT, TEXT_MAX) && take_part(c, ERROR_ADDR, ADDR_SIZE) &&
	       take_part(c, ERROR_ADDR_TEXT, TEXT_MAX);
}

static bool take_addressless(struct causes *c, uint16_t room)
{
	_Static_assert(DNS_SIZE + 2 * TEXT_MAX + SERVER_SIZE <= ADDRS_SIZE &&
			       DNS_SIZE >= NO_ADDR_SIZE,
		       "in the place of the addresses");
	return causes_share(c, ERROR_DNS, room, 0, DNS_SIZE) &&
	       causes_share(c, ERROR_DNS_ERR, room, DNS_SIZE, TEXT_MAX) &&
	       causes_share(c, ERROR_DNS_NAME, room, DNS_SIZE + TEXT_MAX, TEXT_MAX) &&
	       causes_share(c, ERROR_DNS_SERVER, room, DNS_SIZE + 2 * TEXT_MAX, SERVER_SIZE) &&
	       causes_share(c, ERROR_NO_ADDR, room, 0, NO_ADDR_SIZE) &&
	       causes_share(c, ERROR_NO_ADDR_ERR, room, DNS_SIZE, TEXT_MAX) &&
	       causes_share(c, ERROR_NO_ADDR_TEXT, room, DNS_SIZE + TEXT_MAX, TEXT_MAX);
}

static bool take_joined(struct causes *c, uint16_t room)
{
	_Static_assert(JOINED_SIZE <= CAUSES_FIELDS_SIZE, "in the same room");
	const uint32_t second = 16 * ERROR_JOINED + LEAF_SIZE + TEXT_MAX;

	return causes_share(c, ERROR_JOIN, room, 0, 16 * ERROR_JOINED) &&
	       causes_share(c, ERROR_JOIN_1, room, 16 * ERROR_JOINED, LEAF_SIZE) &&
	       causes_share(c, ERROR_JOIN_1_TEXT, room, 16 * ERROR_JOINED + LEAF_SIZE, TEXT_MAX) &&
	       causes_share(c, ERROR_JOIN_2, room, second, LEAF_SIZE) &&
	       causes_share(c, ERROR_JOIN_2_TEXT, room, second + LEAF_SIZE, TEXT_MAX);
}

/* Errors of which parts lie where the addresses would. */
static bool shares_room(const struct methods *methods)
{
	static const enum error_method sharing[] = {ERROR_METHOD_JOIN,      ERROR_METHOD_STATUS,
						    ERROR_METHOD_UNMARSHAL, ERROR_METHOD_TIME,
						    ERROR_METHOD_PG,        ERROR_METHOD_VERIFY};

	for (size_t i = 0; i < sizeof(sharing) / sizeof(sharing[0]); i++)
		if (methods->error[sharing[i]])
			return true;
	return false;
}

static bool take_shared(struct causes *c)
{
	bool net = c->methods->error[ERROR_METHOD_OP];
	uint16_t room;

	_Static_assert(CAUSES_FIELDS_SIZE <= ADDRS_SIZE, "in the place of the addresses");
	if (!shares_room(c->methods))
		return true;
	room = net ? c->shape->parts[ERROR_SOURCE].slot
		   : fetch_slot(c->fetch, CAUSES_FIELDS_SIZE, c->limits);
	return room && take_joined(c, room) && causes_take_fields(c, room);
}

/* Slots for what the executable may have. */
static bool take_parts(struct causes *c)
{
	uint32_t most = c->limits->max_string ? c->limits->max_string : 1;

	c->link = fetch_slot(c->fetch, 16, c->limits);
	if (!c->link || !take_part(c, ERROR_LEAF, LEAF_SIZE) ||
	    !take_part(c, ERROR_LEAF_TEXT, most) || !take_part(c, ERROR_SYSCALL, SYSCALL_SIZE) ||
	    !take_part(c, ERROR_SYSCALL_NAME, NAME_SIZE))
		return false;
	if (c->methods->error[ERROR_METHOD_OP] &&
	    (!take_op(c) || !take_addressless(c, c->shape->parts[ERROR_SOURCE].slot)))
		return false;
	if (c->methods->error[ERROR_METHOD_MESSAGE] && (!take_part(c, ERROR_MESSAGE, MESSAGE_SIZE) ||
						     !take_part(c, ERROR_MESSAGE_TEXT, TEXT_MAX)))
		return false;
	if (c->methods->error[ERROR_METHOD_VERIFY] && !take_part(c, ERROR_VERIFY, VERIFY_SIZE))
		return false;
	if (c->methods->error[ERROR_METHOD_PERMANENT] && !take_part(c, ERROR_HELD, HELD_SIZE))
		return false;
	return take_shared(c);
}

static bool leaves_room(const struct causes *c)
{
	uint32_t most = c->limits->max_bytes < FT_VALUES_MAX ? c->limits->max_bytes : FT_VALUES_MAX;

	return fetch_size(c->fetch) <= most - ROOM_LEFT(most) &&
	       c->fetch->nops <= FT_PROGRAM_MAX - ROOM_LEFT(FT_PROGRAM_MAX);
}

/* All of it is taken back when there is no room. */
static bool try_causes(struct causes *c)
{
	struct fetch *fetch = c->fetch, before = *fetch;

	fetch->full = false;
	*c->shape = (struct error_shape){0};
	if (take_parts(c))
		read_causes(c);
	if (!fetch->full && leaves_room(c)) {
		fetch->full = before.full;
		return true;
	}
	fetch->nops = before.nops;
	fetch->used = before.used;
	fetch->nstatus = before.nstatus;
	fetch->full = before.full;
	return false;
}

void typed_read_causes(const struct typed_walk *walk, struct shape_interface *iface)
{
	struct methods methods = *walk->fetch->methods;
	struct causes c = {
		.fetch = walk->fetch,
		.limits = walk->limits,
		.methods = &methods,
		.shape = calloc(1, sizeof(*c.shape)),
		.own = (uint16_t)(walk->slot + walk->at),
		.value = iface->value,
	};
	bool done = c.shape && try_causes(&c);

	/* Errors of the network and those that share their room take the most of it. */
	if (c.shape && !done) {
		for (size_t i = ERROR_METHOD_JOIN; i < ERROR_METHODS; i++)
			if (i != ERROR_METHOD_SYSCALL && i != ERROR_METHOD_STACK)
				methods.error[i] = 0;
		done = try_causes(&c);
	}
	if (done)
		iface->error = c.shape;
	else
		free(c.shape);
}
