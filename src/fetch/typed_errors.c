/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way through an error's causes (error_shape.h), each step of which may end it:
 *
 *     link = the cause of an error that holds one, or the error itself
 *     link is an *net.OpError:      its parts;  link = its Err
 *     link is an *os.SyscallError:  its parts;  link = its Err
 *     link is a *net.DNSError or an *net.AddrError:  its parts;  end
 *     what link refers to
 */
#include <stdlib.h>

#include "fetch/ops.h"
#include "fetch/typed_priv.h"

#define ITAB_METHOD  24 /* abi.ITab.Fun: the first method, and `error` has no other */
#define LEAF_SIZE    16
#define SYSCALL_SIZE 32
#define OP_SIZE      80
#define ADDR_SIZE    48 /* net.TCPAddr, net.UDPAddr; the other addresses are smaller */
#define DNS_SIZE     64
#define NO_ADDR_SIZE 32
#define NAME_SIZE    16 /* "getsockopt", "unixpacket", and an IP address */
#define SERVER_SIZE  32 /* "127.0.0.53:53" */
#define TEXT_MAX     64
#define ADDRS_SIZE   (2 * (ADDR_SIZE + TEXT_MAX))
#define JOINED_SIZE  (ERROR_JOINED * (16 + LEAF_SIZE + TEXT_MAX))

/* Bytes that are left to the values behind an error. */
#define ROOM_LEFT(most) ((most) / 4)

#define JUMPS_MAX 32

struct causes {
	struct fetch *fetch;
	const struct fetch_limits *limits;
	const struct error_methods *methods;
	struct error_shape *shape;
	uint16_t own;   /* slot of the error's two words */
	uint16_t value; /* slot of what its data word points to */
	uint16_t link;  /* slot of the two words that the way has come to */
};

/* Operations whose `skip` is to lead to one place. */
struct jumps {
	size_t from[JUMPS_MAX];
	size_t count;
};

static void add_jump(struct causes *c, struct jumps *jumps, struct ft_op op)
{
	if (jumps->count < JUMPS_MAX && fetch_emit(c->fetch, op))
		jumps->from[jumps->count++] = c->fetch->nops - 1;
	else
		c->fetch->full = true;
}

/* In any case: no count is greater. acc stays. */
static void jump(struct causes *c, struct jumps *jumps)
{
	add_jump(c, jumps, (struct ft_op){.code = FT_OP_MORE, .from = c->link, .imm = INT64_MAX});
}

static void jump_if(struct causes *c, struct jumps *jumps, enum error_method method)
{
	if (c->methods->at[method])
		add_jump(c, jumps,
			 (struct ft_op){.code = FT_OP_SAME,
					.imm = (int64_t)c->methods->at[method]});
}

static void land(struct causes *c, struct jumps *jumps)
{
	for (size_t i = 0; i < jumps->count; i++)
		fetch_skip_from(c->fetch, jumps->from[i]);
	jumps->count = 0;
}

static void load_word(struct causes *c, uint32_t slot, uint32_t word)
{
	fetch_emit(c->fetch,
		   (struct ft_op){.code = FT_OP_WORD, .from = (uint16_t)(slot + 8 * word)});
}

static void put_link(struct causes *c, uint32_t word)
{
	fetch_emit(c->fetch,
		   (struct ft_op){.code = FT_OP_PUT, .slot = (uint16_t)(c->link + 8 * word)});
}

static void link_to(struct causes *c, uint32_t slot, uint32_t word)
{
	load_word(c, slot, word);
	put_link(c, 0);
	load_word(c, slot, word + 1);
	put_link(c, 1);
}

/* acc = the address of the Error method of the interface whose first word is in `slot`. */
static void load_method(struct causes *c, uint16_t slot, struct jumps *none)
{
	load_word(c, slot, 0);
	add_jump(c, none, (struct ft_op){.code = FT_OP_NIL});
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_ADD, .imm = ITAB_METHOD});
	add_jump(c, none, (struct ft_op){.code = FT_OP_LOAD});
}

/* The part's bytes, at the pointer in word `word` of `slot`; `none`: nil, or not there. */
static void read_part(struct causes *c, enum error_part part, uint16_t slot, uint32_t word,
		      struct jumps *none)
{
	const struct error_slot *at = &c->shape->parts[part];

	load_word(c, slot, word);
	add_jump(c, none, (struct ft_op){.code = FT_OP_NIL, .status = at->status});
	add_jump(c, none,
		 (struct ft_op){.code = FT_OP_READ,
				.slot = at->slot,
				.len = at->len,
				.status = at->status});
}

static void read_text(struct causes *c, enum error_part part)
{
	struct error_slot *at = &c->shape->parts[part];
	struct error_header header = error_header(part);
	uint16_t in = c->shape->parts[header.in].slot;

	at->word = header.word;
	if (header.in == ERROR_DNS)
		at->word = (uint8_t)(at->word + c->methods->dns_word);
	load_word(c, in, at->word);
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_READN,
					    .slot = at->slot,
					    .len = at->len,
					    .from = (uint16_t)(in + 8 * at->word + 8),
					    .status = at->status,
					    .imm = 1});
}

/* The errors that errors.Join made one of. */
static void read_joined(struct causes *c, struct jumps *end)
{
	const struct error_slot *list = &c->shape->parts[ERROR_JOIN];
	uint16_t count = (uint16_t)(c->value + 8);

	load_word(c, c->value, 0);
	add_jump(c, end,
		 (struct ft_op){.code = FT_OP_READN,
				.slot = list->slot,
				.len = list->len,
				.from = count,
				.status = list->status,
				.imm = 16});
	for (unsigned int i = 0; i < ERROR_JOINED; i++) {
		struct jumps none = {0};

		add_jump(c, end, (struct ft_op){.code = FT_OP_MORE, .from = count, .imm = i});
		read_part(c, ERROR_JOIN_1 + 2 * i, list->slot, 2 * i + 1, &none);
		read_text(c, ERROR_JOIN_1_TEXT + 2 * i);
		land(c, &none);
	}
	jump(c, end);
}

/* The causes of an error at the top, by its type. */
enum step {
	STEP_2, /* to the interface at that word of what it points to */
	STEP_4,
	STEP_6,
	STEP_ITSELF, /* its own parts are what counts */
	STEP_EXIT,
	STEP_JOIN,
	STEPS,
};

/* The frequent ones first. */
static const struct {
	enum error_method method;
	enum step step;
} steps[] = {
	{ERROR_METHOD_PATH, STEP_4},         {ERROR_METHOD_OP, STEP_ITSELF},
	{ERROR_METHOD_URL, STEP_4},          {ERROR_METHOD_NUM, STEP_4},
	{ERROR_METHOD_SYSCALL, STEP_ITSELF}, {ERROR_METHOD_EXIT, STEP_EXIT},
	{ERROR_METHOD_JOIN, STEP_JOIN},      {ERROR_METHOD_EXEC, STEP_2},
	{ERROR_METHOD_LINK, STEP_6},         {ERROR_METHOD_DNS, STEP_ITSELF},
	{ERROR_METHOD_ADDR, STEP_ITSELF},
};

static void step_from_top(struct causes *c, struct jumps *leaf, struct jumps *end)
{
	struct jumps to[STEPS] = {0}, go = {0};

	load_method(c, c->own, end);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		jump_if(c, &to[steps[i].step], steps[i].method);
	jump(c, end);
	if (to[STEP_JOIN].count) {
		land(c, &to[STEP_JOIN]);
		read_joined(c, end);
	}
	land(c, &to[STEP_EXIT]);
	load_word(c, c->value, 0);
	put_link(c, 1);
	jump(c, leaf);
	for (uint32_t i = STEP_2; i <= STEP_6; i++) {
		land(c, &to[i]);
		link_to(c, c->value, 2 + 2 * (i - STEP_2));
		jump(c, &go);
	}
	land(c, &to[STEP_ITSELF]);
	link_to(c, c->own, 0);
	land(c, &go);
}

static void read_op(struct causes *c, struct jumps *end)
{
	uint16_t op = c->shape->parts[ERROR_OP].slot;
	struct jumps none = {0};

	read_part(c, ERROR_OP, c->link, 1, end);
	read_text(c, ERROR_OP_NAME);
	read_text(c, ERROR_OP_NET);
	read_part(c, ERROR_SOURCE, op, ERROR_OP_SOURCE + 1, &none);
	read_text(c, ERROR_SOURCE_TEXT);
	land(c, &none);
	read_part(c, ERROR_ADDR, op, ERROR_OP_ADDR + 1, &none);
	read_text(c, ERROR_ADDR_TEXT);
	land(c, &none);
	link_to(c, op, ERROR_OP_ERR);
}

/* What a net.OpError without addresses may hold; acc is the method. */
static void read_addressless(struct causes *c, struct jumps *other, struct jumps *end)
{
	struct jumps is_dns = {0}, is_addr = {0};

	jump_if(c, &is_dns, ERROR_METHOD_DNS);
	jump_if(c, &is_addr, ERROR_METHOD_ADDR);
	jump(c, other);
	land(c, &is_dns);
	read_part(c, ERROR_DNS, c->link, 1, end);
	read_text(c, ERROR_DNS_ERR);
	read_text(c, ERROR_DNS_NAME);
	read_text(c, ERROR_DNS_SERVER);
	jump(c, end);
	land(c, &is_addr);
	read_part(c, ERROR_NO_ADDR, c->link, 1, end);
	read_text(c, ERROR_NO_ADDR_ERR);
	read_text(c, ERROR_NO_ADDR_TEXT);
	jump(c, end);
}

static void read_syscall(struct causes *c, struct jumps *end)
{
	read_part(c, ERROR_SYSCALL, c->link, 1, end);
	read_text(c, ERROR_SYSCALL_NAME);
	link_to(c, c->shape->parts[ERROR_SYSCALL].slot, ERROR_SYSCALL_ERR);
}

static void read_causes(struct causes *c)
{
	struct jumps leaf = {0}, end = {0}, is_op = {0}, other = {0}, is_syscall = {0};
	bool net = c->methods->at[ERROR_METHOD_OP];

	step_from_top(c, &leaf, &end);
	load_method(c, c->link, &end);
	if (net) {
		jump_if(c, &is_op, ERROR_METHOD_OP);
		jump(c, &other);
		land(c, &is_op);
		read_op(c, &end);
		load_method(c, c->link, &end);
		land(c, &other);
	}
	jump_if(c, &is_syscall, ERROR_METHOD_SYSCALL);
	if (net)
		read_addressless(c, &leaf, &end);
	else
		jump(c, &leaf);
	land(c, &is_syscall);
	read_syscall(c, &end);
	land(c, &leaf);
	read_part(c, ERROR_LEAF, c->link, 1, &end);
	read_text(c, ERROR_LEAF_TEXT);
	land(c, &end);
}

static bool take_part(struct causes *c, enum error_part part, uint32_t len)
{
	struct error_slot *at = &c->shape->parts[part];

	at->slot = fetch_slot(c->fetch, len, c->limits);
	at->status = fetch_status(c->fetch);
	at->len = (uint16_t)len;
	return at->slot && at->status;
}

/* The part lies in `room`, from `offset` on, as others do that are not read of the same error. */
static bool share_part(struct causes *c, enum error_part part, uint16_t room, uint32_t offset,
		       uint32_t len)
{
	struct error_slot *at = &c->shape->parts[part];

	at->slot = (uint16_t)(room + offset);
	at->status = fetch_status(c->fetch);
	at->len = (uint16_t)len;
	return at->status;
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
	return share_part(c, ERROR_DNS, room, 0, DNS_SIZE) &&
	       share_part(c, ERROR_DNS_ERR, room, DNS_SIZE, TEXT_MAX) &&
	       share_part(c, ERROR_DNS_NAME, room, DNS_SIZE + TEXT_MAX, TEXT_MAX) &&
	       share_part(c, ERROR_DNS_SERVER, room, DNS_SIZE + 2 * TEXT_MAX, SERVER_SIZE) &&
	       share_part(c, ERROR_NO_ADDR, room, 0, NO_ADDR_SIZE) &&
	       share_part(c, ERROR_NO_ADDR_ERR, room, DNS_SIZE, TEXT_MAX) &&
	       share_part(c, ERROR_NO_ADDR_TEXT, room, DNS_SIZE + TEXT_MAX, TEXT_MAX);
}

static bool take_joined(struct causes *c, uint16_t room)
{
	_Static_assert(JOINED_SIZE <= ADDRS_SIZE, "in the place of the addresses");
	const uint32_t second = 16 * ERROR_JOINED + LEAF_SIZE + TEXT_MAX;

	return share_part(c, ERROR_JOIN, room, 0, 16 * ERROR_JOINED) &&
	       share_part(c, ERROR_JOIN_1, room, 16 * ERROR_JOINED, LEAF_SIZE) &&
	       share_part(c, ERROR_JOIN_1_TEXT, room, 16 * ERROR_JOINED + LEAF_SIZE, TEXT_MAX) &&
	       share_part(c, ERROR_JOIN_2, room, second, LEAF_SIZE) &&
	       share_part(c, ERROR_JOIN_2_TEXT, room, second + LEAF_SIZE, TEXT_MAX);
}

/* Slots for what the executable may have. */
static bool take_parts(struct causes *c)
{
	uint32_t most = c->limits->max_string ? c->limits->max_string : 1;
	bool net = c->methods->at[ERROR_METHOD_OP];
	uint16_t room;

	c->link = fetch_slot(c->fetch, 16, c->limits);
	if (!c->link || !take_part(c, ERROR_LEAF, LEAF_SIZE) ||
	    !take_part(c, ERROR_LEAF_TEXT, most) || !take_part(c, ERROR_SYSCALL, SYSCALL_SIZE) ||
	    !take_part(c, ERROR_SYSCALL_NAME, NAME_SIZE))
		return false;
	if (net && (!take_op(c) || !take_addressless(c, c->shape->parts[ERROR_SOURCE].slot)))
		return false;
	if (!c->methods->at[ERROR_METHOD_JOIN])
		return true;
	room = net ? c->shape->parts[ERROR_SOURCE].slot
		   : fetch_slot(c->fetch, JOINED_SIZE, c->limits);
	return room && take_joined(c, room);
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
	struct error_methods methods = *walk->fetch->methods;
	struct causes c = {
		.fetch = walk->fetch,
		.limits = walk->limits,
		.methods = &methods,
		.shape = calloc(1, sizeof(*c.shape)),
		.own = (uint16_t)(walk->slot + walk->at),
		.value = iface->value,
	};
	bool done = c.shape && try_causes(&c);

	/* Errors of the network and of errors.Join take the most room. */
	if (c.shape && !done) {
		methods.at[ERROR_METHOD_OP] = 0;
		methods.at[ERROR_METHOD_DNS] = methods.at[ERROR_METHOD_ADDR] = 0;
		methods.at[ERROR_METHOD_JOIN] = 0;
		done = try_causes(&c);
	}
	if (done)
		iface->error = c.shape;
	else
		free(c.shape);
}
