/* SPDX-License-Identifier: GPL-2.0-only */
#include "send/settings.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/percent.h"
#include "base/vec.h"

#define TRACES      "OTEL_EXPORTER_OTLP_TRACES_"
#define ALL         "OTEL_EXPORTER_OTLP_"
#define PATH        "/v1/traces"
#define TIMEOUT_MS  10000
#define TIMEOUT_TOP 3600000

bool send_url_is_one(const char *word)
{
	return !strncasecmp(word, "http://", 7) || !strncasecmp(word, "https://", 8);
}

/* Where the host begins, and how long it is. What stands before an `@` may be a password, with whatever in it. */
static const char *host_of(const char *url, size_t *len)
{
	const char *from = strstr(url, "://") + 3, *at = strrchr(from, '@');

	if (at)
		from = at + 1;
	*len = strcspn(from, "/?#");
	return from;
}

static int check(const char *url, struct error *err)
{
	size_t len;

	if (!send_url_is_one(url))
		return error_set(err, -EINVAL,
				 "no URL of a collector; it begins with http:// or https://");
	host_of(url, &len);
	for (const char *c = url; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			len = 0;
	if (!len)
		return error_set(err, -EINVAL, "a URL without a host, or with blanks in it");
	return 0;
}

int send_url_check(const char *url, struct error *err)
{
	if (strchr(url, '@'))
		return error_set(
			err, -EINVAL,
			"others can see what is on a command line; give names and passwords in "
			"OTEL_EXPORTER_OTLP_HEADERS");
	return check(url, err);
}

/* That of traces, else that of all; NULL: neither is set. */
static const char *variable(const char *traces, const char *all)
{
	const char *value = getenv(traces);

	if (!value || !*value)
		value = getenv(all);
	return value && *value ? value : NULL;
}

#define VARIABLE(name) variable(TRACES name, ALL name)

/* The path is added to all but a URL for traces alone. */
static int set_url(struct send_settings *settings, const char *given, struct error *err)
{
	const char *traces = getenv(TRACES "ENDPOINT"), *url = given, *what = "--otlp", *host;
	bool whole = !given && traces && *traces;
	struct buf buf = {0};
	size_t len;

	if (!given) {
		what = whole ? TRACES "ENDPOINT" : ALL "ENDPOINT";
		url = VARIABLE("ENDPOINT");
	}
	if (!url)
		url = "http://localhost:4318";
	if (check(url, err))
		return error_prefix(err, "%s", what);
	len = strlen(url);
	while (!whole && len && url[len - 1] == '/')
		len--;
	buf_add(&buf, url, len);
	if (!whole &&
	    (len < strlen(PATH) || memcmp(url + len - strlen(PATH), PATH, strlen(PATH)) != 0))
		buf_adds(&buf, PATH);
	buf_addc(&buf, '\0');
	settings->url = buf.failed ? NULL : strdup(buf.data);
	host = host_of(url, &len);
	buf_reset(&buf);
	buf_add(&buf, url, (size_t)(strstr(url, "://") + 3 - url));
	buf_add(&buf, host, len);
	buf_addc(&buf, '\0');
	settings->shown = buf.failed ? NULL : strdup(buf.data);
	buf_release(&buf);
	return settings->url && settings->shown
		       ? 0
		       : error_set(err, -ENOMEM, "out of memory; close something");
}

/* One of them, of `len` bytes; `number` counts from 1. */
static int add_header(struct send_settings *settings, const char *text, size_t len,
		      unsigned int number, struct error *err)
{
	const char *equals = memchr(text, '=', len);
	size_t from = 0, name = equals ? (size_t)(equals - text) : 0, value;
	struct buf buf = {0};
	char **slot;

	while (from < name && isspace((unsigned char)text[from]))
		from++;
	while (name > from && isspace((unsigned char)text[name - 1]))
		name--;
	if (name == from)
		return error_set(err, -EINVAL, ALL "HEADERS: number %u: no NAME=VALUE", number);
	percent_decode(&buf, text + from, name - from);
	buf_adds(&buf, ": ");
	value = (size_t)(equals + 1 - text);
	while (value < len && isspace((unsigned char)text[value]))
		value++;
	while (len > value && isspace((unsigned char)text[len - 1]))
		len--;
	percent_decode(&buf, text + value, len - value);
	for (size_t i = 0; i < buf.len; i++)
		if ((unsigned char)buf.data[i] < ' ' || buf.data[i] == 0x7f) {
			buf_release(&buf);
			return error_set(err, -EINVAL,
					 ALL "HEADERS: number %u: a line break or another control "
					     "character in it; take it out",
					 number);
		}
	buf_addc(&buf, '\0');
	slot = buf.failed
		       ? NULL
		       : vec_push(&settings->headers, &settings->nheaders, &settings->capheaders);
	if (!slot) {
		buf_release(&buf);
		return error_set(err, -ENOMEM, "out of memory; close something");
	}
	*slot = buf.data;
	return 0;
}

static int set_headers(struct send_settings *settings, struct error *err)
{
	const char *given = VARIABLE("HEADERS");
	unsigned int number = 0;

	while (given && *given) {
		size_t len = strcspn(given, ",");

		if (strspn(given, " \t") < len && add_header(settings, given, len, ++number, err))
			return err->code;
		given += len;
		given += *given == ',';
	}
	return 0;
}

static int set_timeout(struct send_settings *settings, struct error *err)
{
	const char *given = VARIABLE("TIMEOUT");
	char *end = NULL;

	settings->timeout = TIMEOUT_MS;
	if (!given)
		return 0;
	settings->timeout = strtoull(given, &end, 10);
	if (!isdigit((unsigned char)*given) || *end || !settings->timeout ||
	    settings->timeout > TIMEOUT_TOP)
		return error_set(err, -EINVAL,
				 ALL "TIMEOUT: '%.20s': no number of milliseconds up to an hour",
				 given);
	return 0;
}

/* Of what is spoken here. */
static int check_words(struct send_settings *settings, bool own, struct error *err)
{
	const char *protocol = VARIABLE("PROTOCOL"), *compression = VARIABLE("COMPRESSION");

	if (!own && protocol && strcmp(protocol, "http/protobuf") != 0)
		return error_set(
			err, -EINVAL,
			ALL "PROTOCOL: '%.20s': only http/protobuf is spoken; name the URL of such "
			    "a receiver with --otlp",
			protocol);
	if (compression && strcmp(compression, "gzip") != 0 && strcmp(compression, "none") != 0)
		return error_set(err, -EINVAL, ALL "COMPRESSION: '%.20s': use gzip or none",
				 compression);
	settings->gzip = !compression || !strcmp(compression, "gzip");
	return 0;
}

int send_settings_make(struct send_settings *settings, const char *url, uint64_t room,
		       struct error *err)
{
	int ret;

	*settings = (struct send_settings){
		.room = room,
		.authority = VARIABLE("CERTIFICATE"),
		.certificate = VARIABLE("CLIENT_CERTIFICATE"),
		.key = VARIABLE("CLIENT_KEY"),
	};
	ret = set_url(settings, url, err);
	if (!ret)
		ret = check_words(settings, url, err);
	if (!ret)
		ret = set_timeout(settings, err);
	if (!ret)
		ret = set_headers(settings, err);
	if (ret)
		send_settings_release(settings);
	return ret;
}

void send_settings_release(struct send_settings *settings)
{
	free(settings->url);
	free(settings->shown);
	for (size_t i = 0; i < settings->nheaders; i++)
		free(settings->headers[i]);
	free(settings->headers);
	*settings = (struct send_settings){0};
}
