/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * settings: where spans are sent, by --otlp and by the environment.
 *
 * Source: OpenTelemetry, "OTLP Exporter Configuration" and "Environment Variable Specification": what is for traces goes before
 * what is for all; an empty variable counts as none; headers are `key=value,...`, percent-encoded.
 */
#ifndef FTRACE_SEND_SETTINGS_H
#define FTRACE_SEND_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct send_settings {
	char *url;      /* whole, with what it may tell */
	char *shown;    /* of it what may be printed: scheme, host, port */
	char **headers; /* "Name: value" */
	size_t nheaders, capheaders;
	const char *authority, *certificate, *key; /* files; NULL: none */
	uint64_t timeout;                          /* ms, of one request */
	bool gzip;
	uint64_t room; /* bytes that may wait */
};

/* `url`: of the command line; NULL: the environment's. -EINVAL with `err` filled, which tells nothing secret. */
int send_settings_make(struct send_settings *settings, const char *url, uint64_t room,
		       struct error *err);
void send_settings_release(struct send_settings *settings);

/* A URL of the command line: begins as one, and has nothing in it that others must not see. -EINVAL with `err` filled. */
int send_url_check(const char *url, struct error *err);

/* Whether it is meant as one: it begins with http:// or https://. */
bool send_url_is_one(const char *word);

#endif
