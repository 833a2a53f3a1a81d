/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/rtype_says.h"

#include <string.h>

/*
 * `fields` of the struct that a pointer leads to, from its start: s string, i interface, b slice of
 * bytes, l slice of something else, n integer, p pointer; `.` and no more. Of a type that is no such
 * pointer: S string, U unsigned number; NULL: any.
 */
static const struct says_row {
	const char *name;
	enum rtype_says says;
	const char *fields;
	const char *words;
} says_rows[] = {
	{"*errors.errorString", SAYS_FIRST, "s", NULL},
	{"*fmt.wrapError", SAYS_FIRST, "s", NULL},
	{"*fmt.wrapErrors", SAYS_FIRST, "s", NULL},
	{"*fmt.errorString", SAYS_FIRST, "s", NULL},
	{"*github.com/pkg/errors.fundamental", SAYS_FIRST, "s", NULL},
	{"*encoding/json.SyntaxError", SAYS_FIRST, "s", NULL},
	{"*net/http.ProtocolError", SAYS_FIRST, "s", NULL},
	{"*net/http.httpError", SAYS_FIRST, "s", NULL},
	{"*net/http.timeoutError", SAYS_FIRST, "s", NULL},
	{"*net.notFoundError", SAYS_FIRST, "s.", NULL},
	{"*net.temporaryError", SAYS_FIRST, "s.", NULL},
	{"net.InvalidAddrError", SAYS_ITSELF, "S", NULL},
	{"net/textproto.ProtocolError", SAYS_ITSELF, "S", NULL},
	{"net.UnknownNetworkError", SAYS_BEHIND, "S", "unknown network "},
	{"os/user.UnknownUserError", SAYS_BEHIND, "S", "user: unknown user "},
	{"os/user.UnknownGroupError", SAYS_BEHIND, "S", "group: unknown group "},
	{"net/url.EscapeError", SAYS_QUOTED, "S", "invalid URL escape "},
	{"context.deadlineExceededError", SAYS_WORDS, NULL, "context deadline exceeded"},
	{"*internal/poll.DeadlineExceededError", SAYS_WORDS, NULL, "i/o timeout"},
	{"internal/poll.errNetClosing", SAYS_WORDS, NULL, "use of closed network connection"},
	{"*net.timeoutError", SAYS_WORDS, NULL, "i/o timeout"},
	{"net.canceledError", SAYS_WORDS, NULL, "operation was canceled"},
	{"*net/http.MaxBytesError", SAYS_WORDS, NULL, "http: request body too large"},
	{"net/http.tlsHandshakeTimeoutError", SAYS_WORDS, NULL, "net/http: TLS handshake timeout"},
	{"syscall.Errno", SAYS_ERRNO, "U", NULL},
	{"*io/fs.PathError", SAYS_PATH, "ssi.", NULL},
	{"*strconv.NumError", SAYS_NUM, "ssi.", NULL},
	{"*net/url.Error", SAYS_URL, "ssi.", NULL},
	{"*os.LinkError", SAYS_LINK, "sssi.", NULL},
	{"*os/exec.Error", SAYS_EXEC, "si.", NULL},
	{"*os.SyscallError", SAYS_SYSCALL, "si.", NULL},
	{"*os/exec.ExitError", SAYS_EXIT, "p", NULL},
	{"*net.OpError", SAYS_OP, "ssiii.", NULL},
	{"*net.DNSError", SAYS_DNS, "isss", NULL},
	{"*net.DNSError", SAYS_DNS, "sss", NULL},
	{"*errors.joinError", SAYS_JOIN, "l.", NULL},
	{"*net.ParseError", SAYS_PARSE, "ss.", NULL},
	{"*net.AddrError", SAYS_NO_ADDR, "ss.", NULL},
	{"*net.TCPAddr", SAYS_ADDR_PORT, "bns.", NULL},
	{"*net.UDPAddr", SAYS_ADDR_PORT, "bns.", NULL},
	{"*net.IPAddr", SAYS_ADDR_IP, "bs.", NULL},
	{"*net.UnixAddr", SAYS_ADDR_NAME, "ss.", NULL},
};

static const struct field_kind {
	char letter;
	enum shape_kind kind;
	uint32_t size;
} field_kinds[] = {
	{'s', SHAPE_STRING, 16}, {'i', SHAPE_INTERFACE, 16}, {'b', SHAPE_BYTES, 24},
	{'n', SHAPE_SIGNED, 8},  {'p', SHAPE_POINTER, 8},    {'l', SHAPE_SLICE, 24},
};

static const struct field_kind *kind_of(char letter)
{
	for (size_t i = 0; i < sizeof(field_kinds) / sizeof(field_kinds[0]); i++)
		if (field_kinds[i].letter == letter)
			return &field_kinds[i];
	return NULL;
}

static bool has_fields(const struct shape *target, const char *fields)
{
	uint32_t at = 0;
	size_t i = 0;

	for (; fields[i] && fields[i] != '.'; i++) {
		const struct field_kind *kind = kind_of(fields[i]);

		if (!kind || i >= target->nchildren || target->children[i].kind != kind->kind ||
		    target->children[i].at != at)
			return false;
		at += kind->size;
	}
	return fields[i] != '.' || i == target->nchildren;
}

static bool is_shaped(const struct rtype *type, const char *fields)
{
	if (!fields)
		return true;
	if (!strcmp(fields, "S"))
		return type->shape.kind == SHAPE_STRING;
	if (!strcmp(fields, "U"))
		return type->shape.kind == SHAPE_UNSIGNED;
	return type->shape.kind == SHAPE_POINTER && type->shape.nchildren &&
	       type->shape.children[0].kind == SHAPE_STRUCT &&
	       has_fields(&type->shape.children[0], fields);
}

void rtype_find_says(struct rtype *type)
{
	type->says = SAYS_NOTHING;
	for (size_t i = 0; i < sizeof(says_rows) / sizeof(says_rows[0]); i++) {
		if (strcmp(type->name, says_rows[i].name) || !is_shaped(type, says_rows[i].fields))
			continue;
		type->says = says_rows[i].says;
		type->words = says_rows[i].words;
		return;
	}
}
