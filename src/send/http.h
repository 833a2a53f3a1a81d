/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * http: requests to one URL, by libcurl: HTTP/1.1 and 2, TLS with checked certificates, proxies as its environment says. Redirects are
 * not followed.
 *
 * The library is loaded when it is asked for: with all that it needs it would make each start of ftrace ten times as long.
 *
 * Source: libcurl's manual, curl_easy_setopt(3), libcurl-thread(3).
 */
#ifndef FTRACE_SEND_HTTP_H
#define FTRACE_SEND_HTTP_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "send/settings.h"

/* Bytes of an answer that are kept; of more it is cut off. */
#define HTTP_ANSWER 65536

struct http;

struct http_answer {
	long status;         /* 0: there was none */
	uint64_t retry;      /* s that are asked for; 0: none */
	const char *problem; /* status 0: why, one line */
};

/* `stop`: whoever sets it ends a request that is on its way; it outlives the struct, as the settings do. NULL with `err`
 * filled. */
struct http *http_new(const struct send_settings *settings, const atomic_bool *stop,
		      struct error *err);
void http_free(struct http *http);

/* Posts it, packed before if the settings say so; what is answered goes to `answer`, its body, cut, to `body`. */
void http_post(struct http *http, const void *bytes, size_t len, struct http_answer *answer,
	       struct buf *body);

#endif
