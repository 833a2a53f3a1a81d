/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an interface holds, where its first method tells that:
 *
 *     context.Context  *context.timerCtx {cancelCtx, timer, deadline}   the deadline
 *     net.Conn         *net.TCPConn {*netFD {..., laddr, raddr}}        both addresses
 *     net.Conn         *tls.Conn {net.Conn, ...}                        the same of the one inside
 *     net.Listener     *net.TCPListener {*netFD, ...}                   the address
 *
 * Sources: Go's src/context/context.go (timerCtx), src/net/net.go, fd_posix.go, tcpsock.go, unixsock.go,
 * src/internal/poll/fd_unix.go, src/crypto/tls/conn.go, 1.19 to 1.27.
 */
#include <errno.h>
#include <stdlib.h>

#include "fetch/ops.h"
#include "fetch/typed_causes.h"
#include "image/image.h"

/* Of a context.timerCtx, behind its cancelCtx, which has a cause since 1.20, and a timer. */
#define DEADLINE_AT(go_minor) ((go_minor) >= 20 ? 88 : 72)

/* Of a net.netFD, behind poll.FD (56 bytes), two ints, a bool and a string. */
#define ADDRS_AT 96

/* Of a net.TCPAddr; the others are smaller. */
#define ADDR_SIZE 48

/* A part of two words, whose bytes will be in a slot of `len` bytes. NULL when memory is out. */
static struct known_shape *make_known(const struct typed_walk *walk, const char *type,
				      uint32_t nparts, uint16_t len, struct shape *part)
{
	struct known_shape *made = calloc(1, sizeof(*made));

	if (!made)
		return NULL;
	made->known = known_named(type);
	made->parts = calloc(nparts, sizeof(*made->parts));
	if (!made->parts) {
		free(made);
		return NULL;
	}
	made->nparts = nparts;
	made->len = len;
	made->status = fetch_status(walk->fetch);
	part->known = made;
	part->kind = SHAPE_KNOWN;
	part->size = 16;
	return made;
}

/* Nothing was read, since there is no room. */
static int give_up(const struct typed_walk *walk, size_t first, struct shape *part)
{
	walk->fetch->nops = first;
	known_release(part->known);
	part->known = NULL;
	return typed_set_reason(part, SHAPE_NOT_READ);
}

static void jump_if(struct causes *c, struct jumps *jumps, enum held_method method)
{
	if (c->methods->held[method])
		causes_jump_at(c, jumps,
			       (struct ft_op){.code = FT_OP_SAME,
					      .imm = (int64_t)c->methods->held[method]});
}

static bool begin(const struct typed_walk *walk, struct causes *c)
{
	*c = (struct causes){
		.fetch = walk->fetch,
		.limits = walk->limits,
		.methods = walk->fetch->methods,
		.own = (uint16_t)(walk->slot + walk->at),
		.link = (uint16_t)(walk->slot + walk->at),
	};
	return c->methods && walk->fetch->image && !walk->fetch->full;
}

int known_read_deadline(const struct typed_walk *walk, struct shape *part)
{
	struct fetch *fetch = walk->fetch;
	struct jumps is_timer = {0}, end = {0};
	size_t first = fetch->nops;
	struct known_shape *made;
	struct causes c;

	if (!begin(walk, &c) || !c.methods->held[HELD_TIMER_CTX])
		return typed_set_reason(part, SHAPE_NOT_READ);
	made = make_known(walk, "time.Time", 2, 16, part);
	if (!made)
		return -ENOMEM;
	made->parts[0] = (struct shape){.kind = SHAPE_UNSIGNED, .size = 8, .name = "wall"};
	made->parts[1] = (struct shape){.kind = SHAPE_SIGNED, .size = 8, .at = 8, .name = "ext"};
	causes_load_method(&c, c.own, &end);
	jump_if(&c, &is_timer, HELD_TIMER_CTX);
	causes_jump(&c, &end);
	causes_land(&c, &is_timer);
	causes_load(&c, c.own, 1);
	fetch_emit(fetch, (struct ft_op){.code = FT_OP_ADD,
					 .imm = DEADLINE_AT(image_info(fetch->image)->go_minor)});
	made->slot = fetch_read(fetch, made->len, walk->limits, made->status);
	causes_land(&c, &end);
	return fetch->full || !made->slot ? give_up(walk, first, part) : 0;
}

/* The address in the interface at `at` of what was read: the linker made its itab, and names and IP addresses are the
 * first thing in it, a zone the fifth word. */
static int read_addr(const struct typed_walk *walk, uint16_t slot, uint32_t at, struct shape *part)
{
	struct known_shape *made = make_known(walk, "net.Addr", 1, 16, part);
	struct fetch *fetch = walk->fetch;
	struct shape_interface *iface;
	size_t first = fetch->nops;

	if (!made)
		return -ENOMEM;
	part->at = at;
	made->parts[0] = (struct shape){.kind = SHAPE_INTERFACE, .type = "net.Addr", .size = 16};
	iface = &made->parts[0].iface;
	iface->value_status = fetch_status(fetch);
	fetch_emit(fetch, (struct ft_op){.code = FT_OP_WORD, .from = (uint16_t)(slot + at + 8)});
	fetch_emit(fetch, (struct ft_op){.code = FT_OP_NIL, .status = iface->value_status});
	iface->value_len = ADDR_SIZE;
	iface->value = fetch_read(fetch, iface->value_len, walk->limits, iface->value_status);
	typed_read_guess(fetch, iface, 0, walk->limits);
	typed_read_guess(fetch, iface, 4, walk->limits);
	fetch_skip_to_end(fetch, first);
	return 0;
}

/* acc = the address of the netFD, or the way ends. */
static void find_fd(struct causes *c, struct jumps *end)
{
	struct jumps is_tls = {0}, is_net = {0}, go = {0};

	if (c->methods->held[HELD_TLS_CONN]) {
		c->link = fetch_slot(c->fetch, 16, c->limits);
		causes_link(c, c->own, 0);
		causes_load_method(c, c->link, end);
		jump_if(c, &is_tls, HELD_TLS_CONN);
		causes_jump(c, &go);
		causes_land(c, &is_tls);
		causes_load(c, c->link, 1);
		causes_jump_at(c, end, (struct ft_op){.code = FT_OP_NIL});
		causes_jump_at(c, end,
			       (struct ft_op){.code = FT_OP_READ, .slot = c->link, .len = 16});
		causes_land(c, &go);
	}
	causes_load_method(c, c->link, end);
	for (uint32_t i = HELD_FIRST_OF_NET; i < HELD_METHODS; i++)
		jump_if(c, &is_net, (enum held_method)i);
	causes_jump(c, end);
	causes_land(c, &is_net);
	causes_load(c, c->link, 1);
	causes_jump_at(c, end, (struct ft_op){.code = FT_OP_NIL});
	causes_jump_at(c, end, (struct ft_op){.code = FT_OP_LOAD});
	causes_jump_at(c, end, (struct ft_op){.code = FT_OP_NIL});
}

static bool has_connections(const struct methods *methods)
{
	for (uint32_t i = HELD_FIRST_OF_NET; i < HELD_METHODS; i++)
		if (methods->held[i])
			return true;
	return false;
}

int known_read_ends(const struct typed_walk *walk, struct shape *part)
{
	struct fetch *fetch = walk->fetch;
	size_t first = fetch->nops;
	struct jumps end = {0};
	struct known_shape *made;
	struct causes c;
	int ret = 0;

	if (!begin(walk, &c) || !has_connections(c.methods))
		return typed_set_reason(part, SHAPE_NOT_READ);
	made = make_known(walk, "net.netFD", 2, 32, part);
	if (!made)
		return -ENOMEM;
	find_fd(&c, &end);
	fetch_emit(fetch, (struct ft_op){.code = FT_OP_ADD, .imm = ADDRS_AT});
	made->slot = fetch_slot(fetch, made->len, walk->limits);
	causes_jump_at(&c, &end,
		       (struct ft_op){.code = FT_OP_READ,
				      .slot = made->slot,
				      .len = made->len,
				      .status = made->status});
	for (uint32_t i = 0; made->slot && i < made->nparts && !ret; i++)
		ret = read_addr(walk, made->slot, 16 * i, &made->parts[i]);
	causes_land(&c, &end);
	if (ret)
		return ret;
	return fetch->full || !made->slot || !c.link ? give_up(walk, first, part) : 0;
}
