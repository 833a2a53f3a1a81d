/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rows. Sources: Go's src/, 1.19 to 1.27; of modules those that are named, as of 2025.
 *
 * Fields that moved: sync.Mutex has its word in an internal/sync.Mutex since 1.24, sync.RWMutex an atomic.Int32 since 1.20,
 * netip.Addr a unique.Handle since 1.23, reflect.Value's `typ_` was `typ` until 1.20.
 */
#include "fetch/known.h"

#include <stdlib.h>
#include <string.h>

#define ROW(name, words, ...)                                             \
	{                                                                 \
		.type = (name), .says = (words), .parts = { __VA_ARGS__ } \
	}

/* Of a request: what stands in its first line. */
static const struct known request_uri = ROW("net/url.URL", KNOWN_REQUEST_URI, "Host:48", "Path",
					    "RawPath:32", "RawQuery:48", "ForceQuery", "Opaque:32");

/* In order of bytes: they are searched. */
static const struct known rows[] = {
	ROW("*internal/abi.Type", KNOWN_TYPE, ""),
	ROW("*reflect.rtype", KNOWN_TYPE, ""),
	ROW("*runtime._type", KNOWN_TYPE, ""),
	ROW("bytes.Buffer", KNOWN_TEXT, "buf", "off"),
	ROW("bytes.Reader", KNOWN_TEXT, "s", "i"),
	ROW("context.Context", KNOWN_DYNAMIC, "", "!"),
	ROW("crypto/tls.Conn", KNOWN_PART, "conn"),
	ROW("database/sql.NullBool", KNOWN_NULL, "Bool", "Valid"),
	ROW("database/sql.NullByte", KNOWN_NULL, "Byte", "Valid"),
	ROW("database/sql.NullFloat64", KNOWN_NULL, "Float64", "Valid"),
	ROW("database/sql.NullInt16", KNOWN_NULL, "Int16", "Valid"),
	ROW("database/sql.NullInt32", KNOWN_NULL, "Int32", "Valid"),
	ROW("database/sql.NullInt64", KNOWN_NULL, "Int64", "Valid"),
	ROW("database/sql.NullString", KNOWN_NULL, "String", "Valid"),
	ROW("database/sql.NullTime", KNOWN_NULL, "Time", "Valid"),
	ROW("database/sql.Null[", KNOWN_NULL, "V", "Valid"),
	ROW("database/sql.Stmt", KNOWN_PART, "query"),
	ROW("database/sql/driver.NamedValue", KNOWN_NAMED, "Name:16", "Ordinal", "Value"),
	ROW("encoding/json.RawMessage", KNOWN_BARE, ""),
	ROW("github.com/jackc/pgx/v5/pgconn.CommandTag", KNOWN_BARE, "s"),
	ROW("github.com/jackc/pgx/v5/pgtype.Bool", KNOWN_NULL, "Bool", "Valid"),
	ROW("github.com/jackc/pgx/v5/pgtype.Float8", KNOWN_NULL, "Float64", "Valid"),
	ROW("github.com/jackc/pgx/v5/pgtype.Int2", KNOWN_NULL, "Int16", "Valid"),
	ROW("github.com/jackc/pgx/v5/pgtype.Int4", KNOWN_NULL, "Int32", "Valid"),
	ROW("github.com/jackc/pgx/v5/pgtype.Int8", KNOWN_NULL, "Int64", "Valid"),
	ROW("github.com/jackc/pgx/v5/pgtype.Text", KNOWN_NULL, "String", "Valid"),
	ROW("github.com/miekg/dns.Msg", KNOWN_PART, "Question"),
	ROW("github.com/miekg/dns.Question", KNOWN_QUESTION, "Name", "Qtype"),
	ROW("github.com/pkg/errors.Frame", KNOWN_CALL, ""),
	ROW("go.uber.org/atomic.Bool", KNOWN_FLAG, "v.v"),
	ROW("go.uber.org/atomic.Int32", KNOWN_PART, "v"),
	ROW("go.uber.org/atomic.Int64", KNOWN_PART, "v"),
	ROW("go.uber.org/atomic.Uint32", KNOWN_PART, "v"),
	ROW("go.uber.org/atomic.Uint64", KNOWN_PART, "v"),
	ROW("go.uber.org/zap/zapcore.Field", KNOWN_FIELD, "Key", "Type", "Integer", "String"),
	ROW("google.golang.org/genproto/googleapis/rpc/status.Status", KNOWN_STATUS, "Code",
	    "Message"),
	ROW("google.golang.org/grpc.ClientConn", KNOWN_PART, "target"),
	ROW("google.golang.org/grpc/internal/status.Status", KNOWN_PART, "s"),
	ROW("google.golang.org/grpc/internal/transport.ClientStream", KNOWN_PART, "Stream"),
	ROW("google.golang.org/grpc/internal/transport.ServerStream", KNOWN_PART, "Stream"),
	ROW("google.golang.org/grpc/internal/transport.Stream", KNOWN_PART, "method"),
	ROW("google.golang.org/protobuf/types/known/durationpb.Duration", KNOWN_SPAN, "Seconds",
	    "Nanos"),
	ROW("google.golang.org/protobuf/types/known/timestamppb.Timestamp", KNOWN_SECONDS,
	    "Seconds", "Nanos"),
	ROW("google.golang.org/protobuf/types/known/wrapperspb.BoolValue", KNOWN_PART, "Value"),
	ROW("google.golang.org/protobuf/types/known/wrapperspb.Int32Value", KNOWN_PART, "Value"),
	ROW("google.golang.org/protobuf/types/known/wrapperspb.Int64Value", KNOWN_PART, "Value"),
	ROW("google.golang.org/protobuf/types/known/wrapperspb.StringValue", KNOWN_PART, "Value"),
	ROW("internal/runtime/atomic.Bool", KNOWN_FLAG, "u.value"),
	ROW("internal/runtime/atomic.Int32", KNOWN_PART, "value"),
	ROW("internal/runtime/atomic.Int64", KNOWN_PART, "value"),
	ROW("internal/runtime/atomic.Uint32", KNOWN_PART, "value"),
	ROW("internal/runtime/atomic.Uint64", KNOWN_PART, "value"),
	ROW("internal/runtime/atomic.Uint8", KNOWN_PART, "value"),
	ROW("internal/runtime/atomic.Uintptr", KNOWN_PART, "value"),
	ROW("internal/sync.Mutex", KNOWN_MUTEX, "state"),
	ROW("k8s.io/apimachinery/pkg/apis/meta/v1.Duration", KNOWN_PART, "Duration"),
	ROW("k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime", KNOWN_PART, "Time"),
	ROW("k8s.io/apimachinery/pkg/apis/meta/v1.Time", KNOWN_PART, "Time"),
	ROW("k8s.io/apimachinery/pkg/runtime/schema.GroupVersionKind", KNOWN_KIND, "Group",
	    "Version", "Kind"),
	ROW("k8s.io/apimachinery/pkg/runtime/schema.GroupVersionResource", KNOWN_KIND, "Group",
	    "Version", "Resource"),
	ROW("k8s.io/apimachinery/pkg/types.NamespacedName", KNOWN_PATH, "Namespace", "Name"),
	ROW("k8s.io/apimachinery/pkg/util/intstr.IntOrString", KNOWN_EITHER, "Type", "IntVal",
	    "StrVal"),
	ROW("log/slog.Attr", KNOWN_ATTR, "Key", "Value"),
	ROW("log/slog.Level", KNOWN_LEVEL, ""),
	ROW("log/slog.LevelVar", KNOWN_LEVEL, "val.v"),
	ROW("log/slog.Value", KNOWN_LOGGED, "num", "any", "%num:any"),
	ROW("math/big.Int", KNOWN_BIG, "neg", "abs"),
	ROW("net.Addr", KNOWN_PART, ""),
	ROW("net.Conn", KNOWN_CONN, "", "!"),
	ROW("net.HardwareAddr", KNOWN_MAC, ""),
	ROW("net.IP", KNOWN_IP, ""),
	ROW("net.IPAddr", KNOWN_ADDR_IP, "IP", "Zone"),
	ROW("net.IPConn", KNOWN_PART, "conn.fd"),
	ROW("net.IPMask", KNOWN_MASK, ""),
	ROW("net.IPNet", KNOWN_NET, "IP", "Mask"),
	ROW("net.Listener", KNOWN_CONN, "", "!"),
	ROW("net.PacketConn", KNOWN_CONN, "", "!"),
	ROW("net.TCPAddr", KNOWN_ADDR_PORT, "IP", "Port", "Zone"),
	ROW("net.TCPConn", KNOWN_PART, "conn.fd"),
	ROW("net.TCPListener", KNOWN_PART, "fd"),
	ROW("net.UDPAddr", KNOWN_ADDR_PORT, "IP", "Port", "Zone"),
	ROW("net.UDPConn", KNOWN_PART, "conn.fd"),
	ROW("net.UnixAddr", KNOWN_BARE, "Name"),
	ROW("net.UnixConn", KNOWN_PART, "conn.fd"),
	ROW("net.UnixListener", KNOWN_BARE, "path"),
	ROW("net.netFD", KNOWN_ENDS, "laddr", "raddr"),
	ROW("net/http.Cookie", KNOWN_COOKIE, "Name", "Value"),
	{.type = "net/http.Request",
	 .says = KNOWN_REQUEST,
	 .parts = {"Method:8", "Host:48", "URL"},
	 .inner = &request_uri},
	ROW("net/http.Response", KNOWN_BARE, "Status"),
	ROW("net/netip.Addr", KNOWN_NETIP, "addr.hi", "addr.lo", "z.value|z", "@net/netip.z4",
	    "@net/netip.z6noz"),
	ROW("net/netip.AddrPort", KNOWN_NETIP_PORT, "ip.addr.hi", "ip.addr.lo", "ip.z.value|ip.z",
	    "@net/netip.z4", "@net/netip.z6noz", "port"),
	ROW("net/netip.Prefix", KNOWN_PREFIX, "ip.addr.hi", "ip.addr.lo", "ip.z.value|ip.z",
	    "@net/netip.z4", "@net/netip.z6noz", "bitsPlusOne|bits"),
	ROW("net/url.URL", KNOWN_URL, "Scheme:8", "Opaque:32", "User", "Host:48", "Path",
	    "RawPath:32", "RawQuery:48", "Fragment:16", "RawFragment:16", "ForceQuery", "OmitHost"),
	ROW("net/url.Userinfo", KNOWN_USER, "username", "passwordSet"),
	ROW("os.File", KNOWN_PART, "file"),
	ROW("os.Process", KNOWN_PART, "Pid"),
	ROW("os.file", KNOWN_TEXT, "name"),
	ROW("reflect.Type", KNOWN_TYPE, "", "+8"),
	ROW("reflect.Value", KNOWN_REFLECTED, "typ_|typ"),
	ROW("runtime/internal/atomic.Bool", KNOWN_FLAG, "u.value"),
	ROW("runtime/internal/atomic.Int32", KNOWN_PART, "value"),
	ROW("runtime/internal/atomic.Int64", KNOWN_PART, "value"),
	ROW("runtime/internal/atomic.Uint32", KNOWN_PART, "value"),
	ROW("runtime/internal/atomic.Uint64", KNOWN_PART, "value"),
	ROW("runtime/internal/atomic.Uint8", KNOWN_PART, "value"),
	ROW("runtime/internal/atomic.Uintptr", KNOWN_PART, "value"),
	ROW("strings.Builder", KNOWN_TEXT, "buf"),
	ROW("strings.Reader", KNOWN_TEXT, "s", "i"),
	ROW("sync.Mutex", KNOWN_MUTEX, "mu.state|state"),
	ROW("sync.RWMutex", KNOWN_RWMUTEX, "readerCount.v|readerCount", "w.mu.state|w.state"),
	ROW("sync/atomic.Bool", KNOWN_FLAG, "v"),
	ROW("sync/atomic.Int32", KNOWN_PART, "v"),
	ROW("sync/atomic.Int64", KNOWN_PART, "v"),
	ROW("sync/atomic.Pointer[", KNOWN_PART, "v"),
	ROW("sync/atomic.Uint32", KNOWN_PART, "v"),
	ROW("sync/atomic.Uint64", KNOWN_PART, "v"),
	ROW("sync/atomic.Uintptr", KNOWN_PART, "v"),
	ROW("sync/atomic.Value", KNOWN_PART, "v"),
	ROW("time.Duration", KNOWN_DURATION, ""),
	ROW("time.Location", KNOWN_ZONE, "name"),
	ROW("time.Time", KNOWN_TIME, "wall", "ext"),
};

/* Arrays of 16 bytes, of whatever package. */
static const struct known uuid = ROW("[16]byte called UUID", KNOWN_UUID, "=");
static const struct known ulid = ROW("[16]byte called ULID", KNOWN_ULID, "=");

/* Fields of type uintptr that are addresses of code. */
static const struct known code = ROW("uintptr", KNOWN_CODE, "");
static const struct known call = ROW("uintptr", KNOWN_CALL, "");

static const struct {
	const char *type, *field;
	const struct known *known;
} fields[] = {
	{"go.uber.org/zap/zapcore.EntryCaller", "PC", &code},
	{"log/slog.Record", "PC", &call},
	{"runtime.Frame", "Entry", &code},
	{"runtime.Frame", "PC", &code},
	{"runtime._defer", "pc", &call},
	{"runtime.ancestorInfo", "gopc", &call},
	{"runtime.funcval", "fn", &code},
	{"runtime.g", "gopc", &call},
	{"runtime.g", "startpc", &code},
	{"runtime.gobuf", "pc", &code},
	{"runtime.stkframe", "pc", &code},
};

#define NFIELDS (sizeof(fields) / sizeof(fields[0]))
#define NROWS   (sizeof(rows) / sizeof(rows[0]))

/* A type's name up to its type arguments, which is what a row has. */
struct key {
	const char *name;
	size_t len;
};

static int compare(const void *key, const void *row)
{
	const struct key *want = key;
	const char *type = ((const struct known *)row)->type;
	int order = strncmp(want->name, type, want->len);

	return order ? order : -(type[want->len] != '\0');
}

const struct known *known_named(const char *name)
{
	const char *generic = strchr(name, '[');
	/* What begins with `[` is a list. */
	struct key key = {name, generic > name ? (size_t)(generic - name) + 1 : strlen(name)};

	return bsearch(&key, rows, NROWS, sizeof(rows[0]), compare);
}

const struct known *known_bytes(const char *name)
{
	const char *last = strrchr(name, '.');

	if (!last || name[0] == '[')
		return NULL;
	return !strcmp(last, ".UUID") ? &uuid : !strcmp(last, ".ULID") ? &ulid : NULL;
}

const struct known *known_field_named(const char *type, const char *field)
{
	for (size_t i = 0; i < NFIELDS; i++)
		if (!strcmp(fields[i].field, field) && !strcmp(fields[i].type, type))
			return fields[i].known;
	return NULL;
}

const char *known_field_at(size_t i, const char **type)
{
	*type = i < NFIELDS ? fields[i].type : NULL;
	return i < NFIELDS ? fields[i].field : NULL;
}

const struct known *known_row(size_t i)
{
	return i < NROWS ? &rows[i] : i == NROWS ? &uuid : i == NROWS + 1 ? &ulid : NULL;
}
