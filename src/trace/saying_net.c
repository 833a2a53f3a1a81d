/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/saying.h"
#include "trace/saying_addr.h"

/* A net.Addr: its itab and data word, and where what the latter leads to is. */
static void add_addr(struct saying *saying, uint32_t word, enum error_part part,
		     enum error_part bytes)
{
	const struct rtype *type = saying_type(saying, saying_word(saying, ERROR_OP, word));
	char room[VALUE_ADDR_MAX];
	struct value text;
	size_t zone;

	if (!type || type->says < SAYS_ADDR_PORT) {
		saying->failed = true;
		return;
	}
	if (!saying_word(saying, ERROR_OP, word + 1)) {
		saying_words(saying, "<nil>");
		return;
	}
	text = saying_string(saying, bytes);
	if (type->says == SAYS_ADDR_NAME) {
		saying_text(saying, &text);
		return;
	}
	zone = type->says == SAYS_ADDR_PORT ? 5 : 4;
	if (text.kind != VALUE_TEXT || text.truncated || saying_word(saying, part, zone) ||
	    !value_ip(text.text, text.nbytes, room)) {
		saying->failed = true;
		return;
	}
	if (type->says == SAYS_ADDR_IP) {
		saying_words(saying, room);
		return;
	}
	if (strchr(room, ':')) {
		saying_words(saying, "[");
		saying_words(saying, room);
		saying_words(saying, "]");
	} else {
		saying_words(saying, room);
	}
	saying_words(saying, ":");
	saying_number(saying, (int64_t)saying_word(saying, part, 3));
}

void saying_op(struct saying *saying)
{
	struct value net = saying_string(saying, ERROR_OP_NET);
	bool source = saying_word(saying, ERROR_OP, ERROR_OP_SOURCE);
	bool addr = saying_word(saying, ERROR_OP, ERROR_OP_ADDR);

	/* They have the same place in the record. */
	if ((source || addr) &&
	    (saying_has(saying, ERROR_DNS) || saying_has(saying, ERROR_NO_ADDR)))
		saying->failed = true;
	saying_part(saying, ERROR_OP_NAME);
	if (net.kind != VALUE_TEXT || net.len)
		saying_words(saying, " ");
	saying_text(saying, &net);
	if (source) {
		saying_words(saying, " ");
		add_addr(saying, ERROR_OP_SOURCE, ERROR_SOURCE, ERROR_SOURCE_TEXT);
	}
	if (addr) {
		saying_words(saying, source ? "->" : " ");
		add_addr(saying, ERROR_OP_ADDR, ERROR_ADDR, ERROR_ADDR_TEXT);
	}
	saying_words(saying, ": ");
	saying_cause(saying, saying_word(saying, ERROR_OP, ERROR_OP_ERR), SAYING_OP);
}

void saying_dns(struct saying *saying, const struct rtype *type)
{
	const struct shape *target = type->shape.children;
	bool unwraps = target->children[0].kind == SHAPE_INTERFACE;
	struct value server = saying_string(saying, ERROR_DNS_SERVER);

	if (!saying->parts || saying->parts->parts[ERROR_DNS_ERR].word != (unwraps ? 2 : 0))
		saying->failed = true;
	saying_words(saying, "lookup ");
	saying_part(saying, ERROR_DNS_NAME);
	if (server.kind != VALUE_TEXT || server.len)
		saying_words(saying, " on ");
	saying_text(saying, &server);
	saying_words(saying, ": ");
	saying_part(saying, ERROR_DNS_ERR);
}

void saying_no_addr(struct saying *saying)
{
	struct value addr = saying_string(saying, ERROR_NO_ADDR_TEXT);

	if (addr.kind != VALUE_TEXT || addr.len) {
		saying_words(saying, "address ");
		saying_text(saying, &addr);
		saying_words(saying, ": ");
	}
	saying_part(saying, ERROR_NO_ADDR_ERR);
}
