/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/rtype_says.h"

#include <string.h>

/* Any of `http2` below: no name has a colon in it. */
#define HTTP2 "http2:"

/*
 * `fields` of the struct that a pointer leads to, from its start: s string, i interface, b slice of
 * bytes, l slice of something else, n integer, p pointer, w uint32, d int32, h uint16, q [5]byte, v reflect.Value, ? further than is looked;
 * `.` and no more.
 * Behind `=` those of a struct that no pointer leads to. Of a type that is none of these: S string, U unsigned number;
 * NULL: any.
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
	{"*github.com/pkg/errors.withStack", SAYS_WRAP_0, "ip.", NULL},
	{"*github.com/pkg/errors.withMessage", SAYS_MESSAGE, "is.", NULL},
	{"*crypto/tls.permanentError", SAYS_HELD, "i.", NULL},
	{"net/http.transportReadFromServerError", SAYS_WRAP_0, "=i.",
	 "net/http: Transport failed to read from server: "},
	{"*crypto/tls.CertificateVerificationError", SAYS_VERIFY, "li.",
	 "tls: failed to verify certificate: "},
	{"crypto/tls.RecordHeaderError", SAYS_FIRST, "=s", "tls: "},
	{"crypto/tls.AlertError", SAYS_ALERT, "U", NULL},
	{"crypto/tls.alert", SAYS_ALERT, "U", NULL},
	{"crypto/x509.UnknownAuthorityError", SAYS_CA, "=pip.",
	 "x509: certificate signed by unknown authority"},
	{"crypto/x509.ConstraintViolationError", SAYS_WORDS, "=.",
	 "x509: invalid signature: parent certificate cannot sign this kind of certificate"},
	{"crypto/x509.UnhandledCriticalExtension", SAYS_WORDS, "=.",
	 "x509: unhandled critical extension"},
	{"*crypto/tls.ECHRejectionError", SAYS_WORDS, NULL, "tls: server rejected ECH"},
	{"crypto/x509.CertificateInvalidError", SAYS_CERT, "=pns.", NULL},
	{"*encoding/json.UnmarshalTypeError", SAYS_UNMARSHAL, "sinss.", NULL},
	{"*encoding/json.UnmarshalTypeError", SAYS_UNMARSHAL_27, "sinssi.", NULL},
	{"*encoding/json.InvalidUnmarshalError", SAYS_UNMARSHAL_ARG, "i.", NULL},
	{"*encoding/json.UnsupportedTypeError", SAYS_TYPE, "i.", "json: unsupported type: "},
	{"*encoding/json.UnsupportedValueError", SAYS_UNSUPPORTED, "vs.",
	 "json: unsupported value: "},
	{"*encoding/xml.SyntaxError", SAYS_XML, "sn.", "XML syntax error on line "},
	{"*encoding/json.MarshalerError", SAYS_MARSHAL, "iis.", NULL},
	{"*time.ParseError", SAYS_TIME, "sssss.", NULL},
	{"*time.parseDurationError", SAYS_DURATION, "ss.", "time: "},
	{"runtime.plainError", SAYS_ITSELF, "S", NULL},
	{"runtime.errorString", SAYS_BEHIND, "S", "runtime error: "},
	{"runtime.errorAddressString", SAYS_FIRST, "=s", "runtime error: "},
	{HTTP2 "ConnectionError", SAYS_CODE, "U", "connection error: "},
	{HTTP2 "StreamError", SAYS_STREAM, "=wwi.", NULL},
	{HTTP2 "GoAwayError", SAYS_GO_AWAY, "=wws.", NULL},
	{"*google.golang.org/grpc/internal/status.Error", SAYS_STATUS, "p.", NULL},
	/* Told apart by the int32 behind their texts. */
	{"*github.com/jackc/pgx/v5/pgconn.PgError", SAYS_PG, "sssssd", NULL},
	{"*github.com/jackc/pgx/v5/pgconn.PgError", SAYS_PG_UNLOCALIZED, "ssssssd", NULL},
	{"*github.com/jackc/pgconn.PgError", SAYS_PG, "sssssd", NULL},
	{"*github.com/lib/pq.Error", SAYS_PQ, "ssssssssssssssss?.", "pq: "},
	{"*github.com/go-sql-driver/mysql.MySQLError", SAYS_MYSQL, "hs.", NULL},
	{"*github.com/go-sql-driver/mysql.MySQLError", SAYS_MYSQL_STATE, "hqs.", NULL},
	{"*net.TCPAddr", SAYS_ADDR_PORT, "bns.", NULL},
	{"*net.UDPAddr", SAYS_ADDR_PORT, "bns.", NULL},
	{"*net.IPAddr", SAYS_ADDR_IP, "bs.", NULL},
	{"*net.UnixAddr", SAYS_ADDR_NAME, "ss.", NULL},
};

/* Where HTTP/2 is: net/http has it in a bundle, since 1.27 in a package. */
static const char *const http2[] = {
	"net/http.http2",
	"net/http/internal/http2.",
	"golang.org/x/net/http2.",
};

static const struct field_kind {
	char letter;
	enum shape_kind kind;
	uint32_t size;
} field_kinds[] = {
	{'s', SHAPE_STRING, 16},  {'i', SHAPE_INTERFACE, 16}, {'b', SHAPE_BYTES, 24},
	{'n', SHAPE_SIGNED, 8},   {'p', SHAPE_POINTER, 8},    {'l', SHAPE_SLICE, 24},
	{'w', SHAPE_UNSIGNED, 4}, {'d', SHAPE_SIGNED, 4},     {'h', SHAPE_UNSIGNED, 2},
	{'q', SHAPE_ARRAY, 5},    {'v', SHAPE_STRUCT, 24},    {'?', SHAPE_DEEPER, 16},
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
		uint32_t align = !kind || kind->kind == SHAPE_ARRAY ? 1
				 : kind->size < 8                   ? kind->size
								    : 8;

		at = (at + align - 1) / align * align;
		if (!kind || i >= target->nchildren || target->children[i].kind != kind->kind ||
		    target->children[i].at != at ||
		    (target->children[i].size && target->children[i].size != kind->size))
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
	if (fields[0] == '=')
		return type->shape.kind == SHAPE_STRUCT && has_fields(&type->shape, fields + 1);
	return type->shape.kind == SHAPE_POINTER && type->shape.nchildren &&
	       type->shape.children[0].kind == SHAPE_STRUCT &&
	       has_fields(&type->shape.children[0], fields);
}

static bool is_named(const char *name, const char *row)
{
	if (strncmp(row, HTTP2, sizeof(HTTP2) - 1) != 0)
		return !strcmp(name, row);
	for (size_t i = 0; i < sizeof(http2) / sizeof(http2[0]); i++)
		if (!strncmp(name, http2[i], strlen(http2[i])) &&
		    !strcmp(name + strlen(http2[i]), row + sizeof(HTTP2) - 1))
			return true;
	return false;
}

void rtype_find_says(struct rtype *type)
{
	type->says = SAYS_NOTHING;
	for (size_t i = 0; i < sizeof(says_rows) / sizeof(says_rows[0]); i++) {
		if (!is_named(type->name, says_rows[i].name) ||
		    !is_shaped(type, says_rows[i].fields))
			continue;
		type->says = says_rows[i].says;
		type->words = says_rows[i].words;
		return;
	}
}
