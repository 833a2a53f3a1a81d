/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sources: Go's src/crypto/tls/alert.go, src/crypto/x509/verify.go, src/net/http/h2_bundle.go (ErrCode), RFC 9113;
 * google.golang.org/grpc/codes.
 */
#include <inttypes.h>
#include <stdio.h>

#include "trace/saying.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Since 1.24; before that it was a number. */
#define ALERT_ECH_REQUIRED 121

void saying_alert(struct saying *saying, uint64_t alert)
{
	static const char *const words[] = {
		[0] = "close notify",
		[10] = "unexpected message",
		[20] = "bad record MAC",
		[21] = "decryption failed",
		[22] = "record overflow",
		[30] = "decompression failure",
		[40] = "handshake failure",
		[42] = "bad certificate",
		[43] = "unsupported certificate",
		[44] = "revoked certificate",
		[45] = "expired certificate",
		[46] = "unknown certificate",
		[47] = "illegal parameter",
		[48] = "unknown certificate authority",
		[49] = "access denied",
		[50] = "error decoding message",
		[51] = "error decrypting message",
		[60] = "export restriction",
		[70] = "protocol version not supported",
		[71] = "insufficient security level",
		[80] = "internal error",
		[86] = "inappropriate fallback",
		[90] = "user canceled",
		[100] = "no renegotiation",
		[109] = "missing extension",
		[110] = "unsupported extension",
		[111] = "certificate unobtainable",
		[112] = "unrecognized name",
		[113] = "bad certificate status response",
		[114] = "bad certificate hash value",
		[115] = "unknown PSK identity",
		[116] = "certificate required",
		[120] = "no application protocol",
	};

	alert &= 0xff;
	if (alert == ALERT_ECH_REQUIRED)
		saying->failed = true;
	saying_words(saying, "tls: ");
	if (alert < COUNT(words) && words[alert]) {
		saying_words(saying, words[alert]);
		return;
	}
	saying_words(saying, "alert(");
	saying_number(saying, (int64_t)alert);
	saying_words(saying, ")");
}

void saying_http2_code(struct saying *saying, uint64_t code)
{
	static const char *const words[] = {
		"NO_ERROR",
		"PROTOCOL_ERROR",
		"INTERNAL_ERROR",
		"FLOW_CONTROL_ERROR",
		"SETTINGS_TIMEOUT",
		"STREAM_CLOSED",
		"FRAME_SIZE_ERROR",
		"REFUSED_STREAM",
		"CANCEL",
		"COMPRESSION_ERROR",
		"CONNECT_ERROR",
		"ENHANCE_YOUR_CALM",
		"INADEQUATE_SECURITY",
		"HTTP_1_1_REQUIRED",
	};
	char number[40];

	if (code < COUNT(words)) {
		saying_words(saying, words[code]);
		return;
	}
	snprintf(number, sizeof(number), "unknown error code 0x%" PRIx64, code);
	saying_words(saying, number);
}

void saying_grpc_code(struct saying *saying, uint64_t code)
{
	static const char *const words[] = {
		"OK",
		"Canceled",
		"Unknown",
		"InvalidArgument",
		"DeadlineExceeded",
		"NotFound",
		"AlreadyExists",
		"PermissionDenied",
		"ResourceExhausted",
		"FailedPrecondition",
		"Aborted",
		"OutOfRange",
		"Unimplemented",
		"Internal",
		"Unavailable",
		"DataLoss",
		"Unauthenticated",
	};

	if (code < COUNT(words)) {
		saying_words(saying, words[code]);
		return;
	}
	saying_words(saying, "Code(");
	saying_number(saying, (int64_t)code);
	saying_words(saying, ")");
}

void saying_certificate(struct saying *saying, uint64_t reason, const struct value *detail)
{
	static const struct {
		const char *words;
		bool detailed;
	} reasons[] = {
		{"certificate is not authorized to sign other certificates", false},
		{"certificate has expired or is not yet valid: ", true},
		{"a root or intermediate certificate is not authorized to sign for this name: ",
		 true},
		{"too many intermediates for path length constraint", false},
		{"certificate specifies an incompatible key usage", false},
		{"issuer name does not match subject from issuing certificate", false},
		{"issuer has name constraints but leaf doesn't have a SAN extension", false},
		{"issuer has name constraints but leaf contains unknown or unconstrained name: ",
		 true},
		{NULL, false},
		{"a root or intermediate certificate is not authorized for an extended key usage: ",
		 true},
	};

	/* The last one means one thing before 1.24, and another since. */
	if (reason >= COUNT(reasons) || !reasons[reason].words) {
		saying->failed = true;
		return;
	}
	saying_words(saying, "x509: ");
	saying_words(saying, reasons[reason].words);
	if (reasons[reason].detailed)
		saying_text(saying, detail);
}
