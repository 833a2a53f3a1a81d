/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rtype: the types that interface values have at run time.
 *
 * An interface leads to a type descriptor of the runtime, which lies in the executable file: name,
 * kind and layout are read from there, debug information is not needed. Everything in the
 * file is untrusted; a descriptor that does not hold together is not known. Types that a program
 * makes while it runs (reflect.StructOf and its like) are not in the file and so not known either.
 *
 * Descriptors are read once and kept; rtypes_trim() bounds how many. Not thread-safe.
 *
 * Sources: Go's src/internal/abi/type.go and map*.go (1.21 to 1.27), src/runtime/type.go and
 * typekind.go (1.19, 1.20), src/cmd/compile/internal/reflectdata/reflect.go.
 */
#ifndef FTRACE_TRACE_RTYPE_H
#define FTRACE_TRACE_RTYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "fetch/fetch.h"
#include "image/gotype.h"
#include "image/image.h"

/* How the text of an error is made, or that of a net.Addr; by the sources of the packages that
 * rtype_says.c names in Go 1.19 to 1.27, which agree. */
enum rtype_says {
	SAYS_NOTHING, /* not known */
	SAYS_FIRST,   /* a pointer to a struct: its first field */
	SAYS_ITSELF,  /* a string */
	SAYS_BEHIND,  /* a string, behind struct rtype's words */
	SAYS_QUOTED,  /* the same, quoted */
	SAYS_WORDS,   /* always the same: struct rtype's words */
	SAYS_ERRNO,   /* syscall.Errno: rtypes_errno() */
	SAYS_PATH,    /* a pointer to {string, string, error}: io/fs.PathError ... */
	SAYS_NUM,     /* ... strconv.NumError ... */
	SAYS_URL,     /* ... net/url.Error */
	SAYS_LINK,    /* a pointer to {string, string, string, error}: os.LinkError */
	SAYS_EXEC,    /* a pointer to {string, error}: os/exec.Error ... */
	SAYS_SYSCALL, /* ... os.SyscallError */
	SAYS_EXIT,    /* a pointer to {*os.ProcessState, ...}: os/exec.ExitError */
	SAYS_OP,      /* a pointer to {string, string, Addr, Addr, error}: net.OpError */
	SAYS_DNS,     /* a pointer to three strings, since 1.23 behind an error: net.DNSError */
	SAYS_PARSE,   /* a pointer to two strings: net.ParseError */
	SAYS_JOIN,    /* a pointer to a slice of errors: what errors.Join makes */
	SAYS_NO_ADDR, /* a pointer to two strings: net.AddrError */
	SAYS_ALERT,   /* a number: crypto/tls.AlertError */
	SAYS_CODE,    /* a number, behind struct rtype's words: HTTP/2's ConnectionError */
	SAYS_CA,      /* {*Certificate, error, *Certificate}: crypto/x509.UnknownAuthorityError */
	SAYS_CERT,    /* {*Certificate, int, string}: crypto/x509.CertificateInvalidError */
	SAYS_WRAP_0,  /* struct rtype's words, and the error in its first two words ... */
	SAYS_HELD, /* a pointer to an error whose itab tells nothing: crypto/tls.permanentError */
	SAYS_MESSAGE, /* a pointer to {error, string}: github.com/pkg/errors.withMessage */
	SAYS_VERIFY, /* a pointer to {[]*Certificate, error}: crypto/tls.CertificateVerificationError */
	/* Those of saying_fields.c. */
	SAYS_UNMARSHAL,
	SAYS_UNMARSHAL_27, /* since 1.27 with an error at its end */
	SAYS_UNMARSHAL_ARG,
	SAYS_MARSHAL,
	SAYS_TYPE, /* struct rtype's words, and a reflect.Type */
	SAYS_UNSUPPORTED,
	SAYS_XML,
	SAYS_TIME,
	SAYS_DURATION,
	SAYS_PG,
	SAYS_PG_UNLOCALIZED,
	SAYS_PQ,
	SAYS_MYSQL,
	SAYS_MYSQL_STATE,
	SAYS_STATUS,
	SAYS_STREAM,
	SAYS_GO_AWAY,
	SAYS_LAST_OF_FIELDS = SAYS_GO_AWAY,
	/* From here on no errors: pointers to ... */
	SAYS_ADDR_PORT, /* {[]byte, int, string}: net.TCPAddr, net.UDPAddr */
	SAYS_ADDR_IP,   /* {[]byte, string}: net.IPAddr */
	SAYS_ADDR_NAME, /* {string, string}: net.UnixAddr */
};

/* Where a gRPC status has its code and its message, which follow each other. */
enum rtype_status {
	RTYPE_STATUS_UNKNOWN,
	RTYPE_STATUS_NEW, /* bytes 8 and 16 */
	RTYPE_STATUS_OLD, /* bytes 40 and 48 */
};

struct rtype {
	const char *name; /* as debug information names it: "*net/http.Request" */
	const char *text; /* as %T prints it: "*http.Request" */
	enum gotype_kind kind;
	bool direct; /* an interface's data word is the value itself, not its address */
	enum rtype_says says;
	enum rtype_status status;  /* SAYS_STATUS */
	const struct known *known; /* its row, or that of what it points to; NULL: none */
	const char *words;         /* SAYS_WORDS, SAYS_BEHIND and others; NULL: none */
	/*
	 * How a value of the type lies in memory. It refers to no slots: what it would follow is
	 * filled in by who knows them (reading.c). Of a POINTER children[0] is the target.
	 */
	struct shape shape;
};

struct rtypes;

/* `img` must outlive it. NULL when memory is out. */
struct rtypes *rtypes_new(const struct image *img);
void rtypes_free(struct rtypes *types);

/* The type whose descriptor is at `vaddr`, or NULL. Good until rtypes_trim(). */
const struct rtype *rtypes_find(struct rtypes *types, uint64_t vaddr);

/* The dynamic type that the itab at `vaddr` stands for, if the linker made it; or NULL. */
const struct rtype *rtypes_of_itab(struct rtypes *types, uint64_t vaddr);

/*
 * The shape with the real types (trace/instance.h) of an item of a generic function, whose dictionary is at `vaddr`;
 * `shape` itself where nothing tells. Good until rtypes_trim().
 */
const struct shape *rtypes_instance(struct rtypes *types, const struct shape *shape,
				    uint64_t vaddr);

/* What the syscall.Errno or the syscall.Signal `number` says, in the executable's own words; NULL when
 * these are not found. Not NUL-terminated; of no length when the number has no words. */
const char *rtypes_errno(struct rtypes *types, uint64_t number, size_t *len);
const char *rtypes_signal(struct rtypes *types, uint64_t number, size_t *len);

/* Forgets everything when there is much: between two calls, never while a value is being shown. */
void rtypes_trim(struct rtypes *types);

#endif
