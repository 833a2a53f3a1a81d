/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * error_shape: what is read of an error's causes, so that user space can say what Error() says.
 *
 * An error of the standard library often holds another one, and its text is made of both:
 *
 *     *url.Error {Op, URL, Err} -> *net.OpError {Op, Net, Source, Addr, Err}
 *         -> *os.SyscallError {Syscall, Err} -> syscall.Errno
 *
 * The program at the site walks that way, and leaves out what is not there. Which type an error has
 * it sees by the address of its Error method (methods.h). Each part has a
 * status of its own; what a part means, user space decides by the dynamic types.
 *
 * Sources: Go's src/crypto/tls/common.go, src/encoding/json, src/time/format.go, src/net/http/h2_bundle.go (1.27:
 * src/net/http/internal/http2); github.com/pkg/errors, github.com/jackc/pgx, google.golang.org/grpc/internal/status;
 * Go's src/net/net.go, src/net/{tcp,udp,unix}sock.go,
 * src/net/iprawsock.go, src/net/url/url.go, src/os/error.go, src/os/file.go, src/os/exec/exec.go,
 * src/io/fs/fs.go, src/strconv, 1.19 to 1.27.
 */
#ifndef FTRACE_FETCH_ERROR_SHAPE_H
#define FTRACE_FETCH_ERROR_SHAPE_H

#include <stdint.h>

/* Methods that the program tells apart (methods.h). */
enum error_method {
	ERROR_METHOD_PATH, /* {string, string, error}: io/fs.PathError ... */
	ERROR_METHOD_URL,
	ERROR_METHOD_NUM,
	ERROR_METHOD_LINK, /* {string, string, string, error}: os.LinkError */
	ERROR_METHOD_EXEC, /* {string, error}: os/exec.Error */
	ERROR_METHOD_EXIT, /* {*os.ProcessState, ...}: os/exec.ExitError */
	ERROR_METHOD_JOIN, /* {[]error}: what errors.Join makes, since 1.20 */
	ERROR_METHOD_SYSCALL,
	ERROR_METHOD_OP,
	ERROR_METHOD_DNS,
	ERROR_METHOD_ADDR,
	ERROR_METHOD_STACK,     /* {error, ...}: github.com/pkg/errors.withStack ... */
	ERROR_METHOD_PERMANENT, /* ... crypto/tls.permanentError ... */
	ERROR_METHOD_READING,   /* ... net/http.transportReadFromServerError */
	ERROR_METHOD_MESSAGE,   /* {error, string}: github.com/pkg/errors.withMessage */
	ERROR_METHOD_VERIFY, /* {[]*x509.Certificate, error}: crypto/tls.CertificateVerificationError */
	ERROR_METHOD_STATUS,    /* {*Status}: google.golang.org/grpc/internal/status.Error */
	ERROR_METHOD_UNMARSHAL, /* its fields from byte 40 on: encoding/json.UnmarshalTypeError */
	ERROR_METHOD_MARSHAL,   /* {reflect.Type, error, string}: encoding/json.MarshalerError */
	ERROR_METHOD_TIME,      /* its fields from byte 48 on: time.ParseError ... */
	ERROR_METHOD_PG,        /* ... github.com/jackc/pgx/v5/pgconn.PgError */
	ERROR_METHOD_STREAM,    /* {uint32, uint32, error}: what net/http has of HTTP/2 ... */
	ERROR_METHOD_STREAM_27, /* ... since 1.27 ... */
	ERROR_METHOD_STREAM_X,  /* ... golang.org/x/net/http2.StreamError */
	ERROR_METHODS,
};

enum error_part {
	ERROR_LEAF,      /* 16 bytes at the last error's data word, or of the os.ProcessState */
	ERROR_LEAF_TEXT, /* what these would be as a string */
	ERROR_SYSCALL,   /* *os.SyscallError, the top itself or a cause */
	ERROR_SYSCALL_NAME,
	ERROR_OP, /* *net.OpError, the top itself or a cause */
	ERROR_OP_NAME,
	ERROR_OP_NET,
	ERROR_SOURCE,      /* 48 bytes at its Source's data word; status NIL: there is none */
	ERROR_SOURCE_TEXT, /* IP address or name */
	ERROR_ADDR,
	ERROR_ADDR_TEXT,
	/* *net.DNSError or *net.AddrError, the top itself or a cause; their parts lie where those of the
	 * addresses do, which such an error has not: where both were read, neither is to be believed. */
	ERROR_DNS,
	ERROR_DNS_ERR,
	ERROR_DNS_NAME,
	ERROR_DNS_SERVER,
	ERROR_NO_ADDR,
	ERROR_NO_ADDR_ERR,
	ERROR_NO_ADDR_TEXT,
	/* What errors.Join made: two words for each error, and as of a leaf what they are. In the place of
	 * the addresses, too. */
	ERROR_JOIN,
	ERROR_JOIN_1,
	ERROR_JOIN_1_TEXT,
	ERROR_JOIN_2,
	ERROR_JOIN_2_TEXT,
	/* Two strings of the error at the top, the second with 16 bytes behind it. */
	ERROR_FIELD_1,
	ERROR_FIELD_1_TEXT, /* in the place of the leaf's, which such an error has not */
	ERROR_FIELD_2,
	ERROR_FIELD_2_TEXT,
	/* The protocol buffer of a gRPC status, and its message where the two layouts have it (rtype_status.h). */
	ERROR_STATUS,
	ERROR_STATUS_NEW_TEXT,
	ERROR_STATUS_OLD_TEXT, /* in the place of the leaf's */
	/* From here on again errors that may be between the top and the leaf. */
	ERROR_MESSAGE,
	ERROR_MESSAGE_TEXT,
	ERROR_VERIFY,
	ERROR_HELD, /* the itab of what a tls.permanentError holds, which is made at run time: its type is the second word */
	ERROR_DETAIL, /* a string 16 bytes into the cause of ERROR_VERIFY; in the place of the addresses */
	ERROR_DETAIL_TEXT,
	ERROR_PARTS,
};

struct error_slot {
	uint16_t slot, len; /* SHAPE_NO_SLOT: not read */
	uint8_t status;
	uint8_t word; /* of a text: where the string's header is in error_header()'s part */
};

struct error_shape {
	struct error_slot parts[ERROR_PARTS];
};

/* Where the text `part` has its string's header: in which part, at which word of it; net.DNSError's
 * strings stand so many words behind its first one. */
struct error_header {
	enum error_part in;
	uint8_t word;
};

static inline struct error_header error_header(enum error_part part)
{
	static const struct error_header headers[ERROR_PARTS] = {
		[ERROR_LEAF_TEXT] = {ERROR_LEAF, 0},
		[ERROR_SYSCALL_NAME] = {ERROR_SYSCALL, 0},
		[ERROR_OP_NAME] = {ERROR_OP, 0},
		[ERROR_OP_NET] = {ERROR_OP, 2},
		[ERROR_SOURCE_TEXT] = {ERROR_SOURCE, 0},
		[ERROR_ADDR_TEXT] = {ERROR_ADDR, 0},
		[ERROR_DNS_ERR] = {ERROR_DNS, 0},
		[ERROR_DNS_NAME] = {ERROR_DNS, 2},
		[ERROR_DNS_SERVER] = {ERROR_DNS, 4},
		[ERROR_NO_ADDR_ERR] = {ERROR_NO_ADDR, 0},
		[ERROR_NO_ADDR_TEXT] = {ERROR_NO_ADDR, 2},
		[ERROR_JOIN_1_TEXT] = {ERROR_JOIN_1, 0},
		[ERROR_JOIN_2_TEXT] = {ERROR_JOIN_2, 0},
		[ERROR_FIELD_1_TEXT] = {ERROR_FIELD_1, 0},
		[ERROR_FIELD_2_TEXT] = {ERROR_FIELD_2, 0},
		[ERROR_STATUS_NEW_TEXT] = {ERROR_STATUS, 2},
		[ERROR_STATUS_OLD_TEXT] = {ERROR_STATUS, 6},
		[ERROR_MESSAGE_TEXT] = {ERROR_MESSAGE, 2},
		[ERROR_DETAIL_TEXT] = {ERROR_DETAIL, 0},
	};

	return headers[part];
}

/* Words where an interface is. */
#define ERROR_OP_SOURCE   4
#define ERROR_OP_ADDR     6
#define ERROR_OP_ERR      8
#define ERROR_SYSCALL_ERR 2
#define ERROR_MESSAGE_ERR 0
#define ERROR_VERIFY_ERR  3

/* So many joined errors are read. */
#define ERROR_JOINED 2

#endif
