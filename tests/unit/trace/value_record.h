/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * value_record: a fetch and a record that are made by hand, and what an executable would tell of
 * them, for the tests that read values.
 *
 * Slots lie at 16 (behind ip and the statuses 0 to 7) and up. Types and functions of the
 * executable take the place of src/trace/rtype.c and of the image layer:
 *
 *     descriptors  0x5000 int  0x5008 string  0x5010 *errors.errorString  0x5018 *main.T
 *                  0x5020 main.T {N int; S string; E error; P *int; Far string}
 *                  0x5028 map[string]int  0x5030 func()  0x5038 []uint8
 *                  0x5040 syscall.Errno  0x5048 *io/fs.PathError  0x5050 *strconv.NumError
 *                  0x5058 *net/url.Error  0x5060 context.deadlineExceededError
 *                  0x5068 *net.OpError  0x5070 *os.SyscallError  0x5078 *net.TCPAddr
 *                  0x5080 *net.IPAddr  0x5088 *net.UnixAddr  0x5090 *net.DNSError
 *                  0x5098 *os.LinkError  0x50a0 *os/exec.Error  0x50a8 *os/exec.ExitError
 *                  0x50b0 net.UnknownNetworkError  0x50b8 *net.AddrError
 *                  0x50c0 *errors.joinError  0x50c8 *net.ParseError  0x50d0 net/url.EscapeError
 *     itabs        0x6000 of *errors.errorString  0x6008 syscall.Errno  0x6010 *main.T
 *                  0x6100 + of the descriptor at 0x5000 +
 *     functions    0x1000 main.f, 0x1100 main.(*T).M-fm
 */
#ifndef FTRACE_TESTS_VALUE_RECORD_H
#define FTRACE_TESTS_VALUE_RECORD_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ftrace/fetch.h>

#include "trace/reading.h"

#define RECORD_ITEMS 16
#define BIAS         0x100000

struct value_record {
	unsigned char bytes[3072];
	size_t len;
	struct fetch_item items[RECORD_ITEMS];
	struct fetch fetch;
	struct value_source src;
};

static inline void record_init(struct value_record *r)
{
	memset(r, 0, sizeof(*r));
	r->len = sizeof(r->bytes);
	r->fetch.items = r->items;
	r->src = (struct value_source){
		.fetch = &r->fetch,
		.bytes = r->bytes,
		.len = r->len,
		.bias = BIAS,
		.image = (const struct image *)r,
		.types = (struct rtypes *)r,
	};
}

static inline void record_word(struct value_record *r, uint16_t slot, uint64_t word)
{
	memcpy(r->bytes + slot, &word, sizeof(word));
}

static inline void record_text(struct value_record *r, uint16_t slot, const char *text)
{
	memcpy(r->bytes + slot, text, strlen(text));
}

/* Statuses 1 to 7. */
static inline void record_status(struct value_record *r, uint8_t number, uint8_t status)
{
	r->bytes[sizeof(struct ft_values) + number] = status;
}

static inline struct shape *record_item(struct value_record *r, const char *name, const char *type,
					uint16_t slot, enum shape_kind kind, uint32_t size)
{
	struct fetch_item *item = &r->items[r->fetch.nitems++];

	item->name = (char *)name;
	item->type = (char *)type;
	item->slot = slot;
	item->shape.kind = kind;
	item->shape.size = size;
	return &item->shape;
}

/* {ptr, len, cap} at `slot`, of which a string has no cap; `room` bytes of data at `data` with that
 * status. */
static inline struct shape *record_string(struct value_record *r, const char *name,
					  enum shape_kind kind, uint16_t slot, uint64_t len,
					  uint16_t data, uint16_t room, uint8_t status)
{
	struct shape *shape = record_item(r, name, "T", slot, kind, 0);

	record_word(r, slot, 0xc000010000);
	record_word(r, (uint16_t)(slot + 8), len);
	if (kind != SHAPE_STRING)
		record_word(r, (uint16_t)(slot + 16), len);
	shape->data = data;
	shape->data_len = room;
	shape->data_status = status;
	return shape;
}

/* What the executable would say. */

static struct shape t_fields[] = {
	{.kind = SHAPE_SIGNED, .name = "N", .at = 0, .size = 8},
	{.kind = SHAPE_STRING, .name = "S", .at = 16, .size = 16},
	{.kind = SHAPE_INTERFACE, .name = "E", .at = 32, .size = 16},
	{.kind = SHAPE_POINTER, .name = "P", .at = 48, .size = 8},
	{.kind = SHAPE_STRING, .name = "Far", .at = 56, .size = 16},
};
static struct shape t_shape = {
	.kind = SHAPE_STRUCT, .size = 72, .children = t_fields, .nchildren = 5};
static struct shape s_field = {.kind = SHAPE_STRING, .name = "s", .size = 16};
static struct shape error_shape = {
	.kind = SHAPE_STRUCT, .size = 16, .children = &s_field, .nchildren = 1};

static struct shape op_fields[] = {
	{.kind = SHAPE_STRING, .name = "Op", .at = 0, .size = 16},
	{.kind = SHAPE_STRING, .name = "Path", .at = 16, .size = 16},
	{.kind = SHAPE_INTERFACE, .name = "Err", .at = 32, .size = 16},
};
static struct shape op_shape = {
	.kind = SHAPE_STRUCT, .size = 48, .children = op_fields, .nchildren = 3};

static struct shape link_fields[] = {
	{.kind = SHAPE_STRING, .name = "Op", .at = 0, .size = 16},
	{.kind = SHAPE_STRING, .name = "Old", .at = 16, .size = 16},
	{.kind = SHAPE_STRING, .name = "New", .at = 32, .size = 16},
	{.kind = SHAPE_INTERFACE, .name = "Err", .at = 48, .size = 16},
};
static struct shape link_shape = {
	.kind = SHAPE_STRUCT, .size = 64, .children = link_fields, .nchildren = 4};

static struct shape dns_fields[] = {
	{.kind = SHAPE_INTERFACE, .name = "UnwrapErr", .at = 0, .size = 16},
	{.kind = SHAPE_STRING, .name = "Err", .at = 16, .size = 16},
};
static struct shape dns_shape = {
	.kind = SHAPE_STRUCT, .size = 72, .children = dns_fields, .nchildren = 2};

#define POINTER_TO(target)                                                             \
	{                                                                              \
		.kind = SHAPE_POINTER, .size = 8, .children = (target), .nchildren = 1 \
	}

static inline const struct rtype *known_type(uint64_t vaddr)
{
	static struct rtype types[] = {
		{.name = "int", .text = "int", .shape = {.kind = SHAPE_SIGNED, .size = 8}},
		{.name = "string", .text = "string", .shape = {.kind = SHAPE_STRING, .size = 16}},
		{.name = "*errors.errorString",
		 .text = "*errors.errorString",
		 .direct = true,
		 .says = SAYS_FIRST,
		 .shape = POINTER_TO(&error_shape)},
		{.name = "*example.com/main.T",
		 .text = "*main.T",
		 .direct = true,
		 .shape = POINTER_TO(&t_shape)},
		{.name = "example.com/main.T", .text = "main.T"},
		{.name = "map[string]int",
		 .text = "map[string]int",
		 .direct = true,
		 .shape = {.kind = SHAPE_MAP, .size = 8}},
		{.name = "func()",
		 .text = "func()",
		 .direct = true,
		 .shape = {.kind = SHAPE_FUNC, .size = 8}},
		{.name = "[]uint8", .text = "[]uint8", .shape = {.kind = SHAPE_BYTES, .size = 24}},
		{.name = "syscall.Errno",
		 .text = "syscall.Errno",
		 .says = SAYS_ERRNO,
		 .shape = {.kind = SHAPE_UNSIGNED, .size = 8}},
		{.name = "*io/fs.PathError",
		 .text = "*fs.PathError",
		 .direct = true,
		 .says = SAYS_PATH,
		 .shape = POINTER_TO(&op_shape)},
		{.name = "*strconv.NumError",
		 .text = "*strconv.NumError",
		 .direct = true,
		 .says = SAYS_NUM,
		 .shape = POINTER_TO(&op_shape)},
		{.name = "*net/url.Error",
		 .text = "*url.Error",
		 .direct = true,
		 .says = SAYS_URL,
		 .shape = POINTER_TO(&op_shape)},
		{.name = "context.deadlineExceededError",
		 .text = "context.deadlineExceededError",
		 .says = SAYS_WORDS,
		 .words = "context deadline exceeded",
		 .shape = {.kind = SHAPE_STRUCT}},
		{.name = "*net.OpError",
		 .direct = true,
		 .says = SAYS_OP,
		 .shape = POINTER_TO(&t_shape)},
		{.name = "*os.SyscallError",
		 .direct = true,
		 .says = SAYS_SYSCALL,
		 .shape = POINTER_TO(&t_shape)},
		{.name = "*net.TCPAddr", .says = SAYS_ADDR_PORT, .shape = POINTER_TO(&t_shape)},
		{.name = "*net.IPAddr", .says = SAYS_ADDR_IP, .shape = POINTER_TO(&t_shape)},
		{.name = "*net.UnixAddr", .says = SAYS_ADDR_NAME, .shape = POINTER_TO(&t_shape)},
		{.name = "*net.DNSError",
		 .direct = true,
		 .says = SAYS_DNS,
		 .shape = POINTER_TO(&dns_shape)},
		{.name = "*os.LinkError",
		 .direct = true,
		 .says = SAYS_LINK,
		 .shape = POINTER_TO(&link_shape)},
		{.name = "*os/exec.Error",
		 .direct = true,
		 .says = SAYS_EXEC,
		 .shape = POINTER_TO(&error_shape)},
		{.name = "*os/exec.ExitError",
		 .direct = true,
		 .says = SAYS_EXIT,
		 .shape = POINTER_TO(&t_shape)},
		{.name = "net.UnknownNetworkError",
		 .says = SAYS_BEHIND,
		 .words = "unknown network ",
		 .shape = {.kind = SHAPE_STRING, .size = 16}},
		{.name = "*net.AddrError",
		 .direct = true,
		 .says = SAYS_NO_ADDR,
		 .shape = POINTER_TO(&op_shape)},
		{.name = "*errors.joinError",
		 .direct = true,
		 .says = SAYS_JOIN,
		 .shape = POINTER_TO(&t_shape)},
		{.name = "*net.ParseError",
		 .direct = true,
		 .says = SAYS_PARSE,
		 .shape = POINTER_TO(&op_shape)},
		{.name = "net/url.EscapeError",
		 .says = SAYS_QUOTED,
		 .words = "invalid URL escape ",
		 .shape = {.kind = SHAPE_STRING, .size = 16}},
	};

	types[4].shape = t_shape;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (!types[i].text)
			types[i].text = types[i].name;
	if (vaddr < 0x5000 || vaddr % 8 || (vaddr - 0x5000) / 8 >= sizeof(types) / sizeof(*types))
		return NULL;
	return &types[(vaddr - 0x5000) / 8];
}

const struct rtype *rtypes_find(struct rtypes *types, uint64_t vaddr)
{
	(void)types;
	return known_type(vaddr);
}

const struct rtype *rtypes_of_itab(struct rtypes *types, uint64_t vaddr)
{
	(void)types;
	return vaddr == 0x6000   ? known_type(0x5010)
	       : vaddr == 0x6008 ? known_type(0x5040)
	       : vaddr == 0x6010 ? known_type(0x5018)
	       : vaddr >= 0x6100 ? known_type(vaddr - 0x1100)
				 : NULL;
}

/* The dictionary at 0x7000 says that an item is a main.count. */
const struct shape *rtypes_instance(struct rtypes *types, const struct shape *shape, uint64_t vaddr)
{
	static const struct shape count = {.kind = SHAPE_SIGNED, .size = 8, .type = "main.count"};

	(void)types;
	return vaddr == 0x7000 ? &count : shape;
}

const char *rtypes_errno(struct rtypes *types, uint64_t number, size_t *len)
{
	(void)types;
	*len = number == 2 ? 2 : 0;
	return number == 2 ? "no" : "";
}

const char *rtypes_signal(struct rtypes *types, uint64_t number, size_t *len)
{
	(void)types;
	*len = number == 9 ? 6 : 0;
	return number == 9 ? "killed" : "";
}

const char *image_variable(const struct image *img, uint64_t at, uint64_t *vaddr)
{
	(void)img;
	*vaddr = 0x5000;
	return at >= 0x5000 && at < 0x5100 ? "main.variable" : NULL;
}

const uint8_t *image_constant(const struct image *img, uint64_t vaddr, size_t len)
{
	/* At 0x3000: the funcval of main.f, its middle, no code. */
	static const uint64_t words[] = {0x1000, 0x1010, 0x9000};

	(void)img;
	return vaddr >= 0x3000 && vaddr + len <= 0x3000 + sizeof(words)
		       ? (const uint8_t *)words + (vaddr - 0x3000)
		       : NULL;
}

const uint8_t *image_bytes(const struct image *img, uint64_t vaddr, size_t len)
{
	(void)img, (void)vaddr, (void)len;
	return NULL;
}

int image_symbol(const struct image *img, const char *name, uint64_t *vaddr, uint64_t *size)
{
	(void)img, (void)name, (void)vaddr, (void)size;
	return -ENOENT;
}

int image_wrapped(const struct image *img, size_t index, uint64_t *vaddr)
{
	(void)img, (void)index, (void)vaddr;
	return -ENOENT;
}

ssize_t image_find(const struct image *img, uint64_t pc)
{
	(void)img;
	return pc >= 0x1000 && pc < 0x1200 ? (ssize_t)(pc - 0x1000) / 0x100 : -ENOENT;
}

int image_func(const struct image *img, size_t index, bool with_position, struct image_func *func)
{
	static const char *const names[] = {"main.f", "main.(*T).M-fm"};

	(void)img;
	(void)with_position;
	*func = (struct image_func){.entry = 0x1000 + 0x100 * index, .name = names[index]};
	return 0;
}

/*
 * An interface whose parts were read: own words at `slot`, the rest behind them:
 * +16 type, +24 value (64), +88 and +120 texts (32 each). Statuses 1 to 4.
 */
static inline struct shape *record_interface(struct value_record *r, const char *name,
					     uint16_t slot, uint64_t type)
{
	struct shape *shape = record_item(r, name, "interface {}", slot, SHAPE_INTERFACE, 16);
	struct shape_interface *iface = &shape->iface;

	iface->type = slot + 16;
	iface->value = slot + 24;
	iface->value_len = 64;
	iface->text[0] = slot + 88;
	iface->text[2] = slot + 120;
	for (unsigned int i = 0; i < IFACE_TEXTS; i++)
		iface->text_len[i] = 32;
	iface->type_status = 1;
	iface->value_status = 2;
	iface->text_status[0] = 3;
	iface->text_status[2] = 4;
	for (uint8_t i = 1; i <= 4; i++)
		record_status(r, i, FT_V_OK);
	record_word(r, slot, 0x77770000);
	record_word(r, (uint16_t)(slot + 8), 0xc000020000);
	record_word(r, iface->type, type ? type + BIAS : 0);
	return shape;
}

#endif
