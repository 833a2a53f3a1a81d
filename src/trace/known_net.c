/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses and connections. Sources: Go's src/net/{ip,mac,tcpsock,udpsock,iprawsock,fd_posix}.go, src/net/netip/netip.go. */
#include <stdio.h>

#include "trace/known.h"
#include "trace/saying_addr.h"

/* Bytes of that part, whole, as an address. */
static void add_ip(struct knowing *k, uint32_t i, const char *before, const char *behind)
{
	struct value bytes = known_text(k, i);
	char room[VALUE_ADDR_MAX];
	bool quoted;

	if (bytes.truncated || !value_ip(bytes.text, bytes.nbytes, room)) {
		k->say.failed = true;
		return;
	}
	quoted = strchr(room, ':');
	known_words(k, quoted ? before : "");
	known_words(k, room);
	known_words(k, quoted ? behind : "");
}

void known_ip(struct knowing *k)
{
	if (known_empty(k, 0))
		known_words(k, "<nil>");
	else
		add_ip(k, 0, "", "");
}

void known_mac(struct knowing *k)
{
	struct value bytes = known_text(k, 0);
	char text[4];

	for (uint32_t i = 0; i < bytes.nbytes; i++) {
		snprintf(text, sizeof(text), "%s%02x", i ? ":" : "", (unsigned char)bytes.text[i]);
		known_words(k, text);
	}
	k->cut |= bytes.truncated;
}

void known_mask(struct knowing *k)
{
	struct value bytes = known_text(k, 0);
	char text[3];

	for (uint32_t i = 0; i < bytes.nbytes; i++) {
		snprintf(text, sizeof(text), "%02x", (unsigned char)bytes.text[i]);
		known_words(k, text);
	}
	k->cut |= bytes.truncated;
}

/* The ones that the mask begins with; -1: it has others behind them. */
static int ones_of(const struct value *mask)
{
	int ones = 0;

	for (uint32_t i = 0; i < 8 * mask->nbytes; i++) {
		bool one = (unsigned char)mask->text[i / 8] >> (7 - i % 8) & 1;

		if (one && ones != (int)i)
			return -1;
		ones += one;
	}
	return ones;
}

void known_net(struct knowing *k)
{
	struct value ip = known_text(k, 0), mask = known_text(k, 1);
	int ones = ones_of(&mask);

	/* A mask of an address of the other kind is said in other words. */
	if (ones < 0 || mask.truncated || !mask.nbytes || ip.nbytes != mask.nbytes) {
		k->say.failed = true;
		return;
	}
	add_ip(k, 0, "", "");
	known_words(k, "/");
	known_digits(k, (uint64_t)ones, 1);
}

static void add_zone(struct knowing *k, uint32_t i)
{
	if (known_empty(k, i))
		return;
	known_words(k, "%");
	known_add_part(k, i);
}

void known_addr_port(struct knowing *k)
{
	struct value ip = known_text(k, 0);
	bool six = ip.nbytes == 16 && memcmp(ip.text, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) != 0;

	known_words(k, six ? "[" : "");
	add_ip(k, 0, "", "");
	add_zone(k, 2);
	known_words(k, six ? "]:" : ":");
	known_digits(k, known_number(k, 1), 1);
}

void known_addr_ip(struct knowing *k)
{
	add_ip(k, 0, "", "");
	add_zone(k, 1);
}

/* netFD's; of a listener there is no other end. */
void known_ends(struct knowing *k)
{
	struct reading remote;

	known_add_part(k, 0);
	known_plain(k, 1, &remote);
	if (remote.is.kind == VALUE_NULL)
		return;
	known_words(k, "->");
	known_add_part(k, 1);
}

/*
 * The address is 128 bits, and z tells which kind: nil, that of z4, of z6noz, or one of a zone, which is elsewhere.
 */
static void add_netip(struct knowing *k, bool port)
{
	uint64_t hi = known_number(k, 0), lo = known_number(k, 1), z = known_number(k, 2);
	char bytes[16], room[VALUE_ADDR_MAX];
	bool mapped = !hi && lo >> 32 == 0xffff, four = z == known_number(k, 3);

	for (unsigned int i = 0; i < 8; i++) {
		bytes[i] = (char)(hi >> (56 - 8 * i));
		bytes[8 + i] = (char)(lo >> (56 - 8 * i));
	}
	if (!z) {
		known_words(k, port ? "invalid AddrPort" : "invalid IP");
		return;
	}
	if ((!four && z != known_number(k, 4)) || (four && !mapped) ||
	    !value_ip(bytes, sizeof(bytes), room)) {
		k->say.failed = true;
		return;
	}
	known_words(k, port && !four ? "[" : "");
	known_words(k, mapped && !four ? "::ffff:" : "");
	known_words(k, room);
	known_words(k, port && !four ? "]" : "");
}

void known_netip(struct knowing *k)
{
	add_netip(k, false);
}

void known_netip_port(struct knowing *k)
{
	add_netip(k, true);
	if (!known_number(k, 2))
		return;
	known_words(k, ":");
	known_digits(k, known_number(k, 5), 1);
}

void known_prefix(struct knowing *k)
{
	bool plus_one = k->shape && !strcmp(k->shape->parts[5].type, "uint8");
	int64_t bits = (int64_t)known_number(k, 5) - plus_one;

	if (!known_number(k, 2) || bits < 0) {
		known_words(k, "invalid Prefix");
		return;
	}
	add_netip(k, false);
	known_words(k, "/");
	known_digits(k, (uint64_t)bits, 1);
}
