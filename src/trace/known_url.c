/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * URLs and requests. A password is said as URL.Redacted() has it, and not read. Source: Go's src/net/url/url.go, whose
 * shouldEscape() and validEncoded() agree in all releases.
 */
#include <stdio.h>

#include "trace/known.h"

/* What stays as it is besides letters, digits and "-_.~", and what may stand besides in text that is escaped already. */
struct escaping {
	const char *plain;
	const char *raw;
};

static const struct escaping path_escaping = {"$&+,/:;=@", "!'()*[]%"};
static const struct escaping fragment_escaping = {"$&+,/:;=?@!()*", "'[]%"};
static const struct escaping user_escaping = {"$&+,;=", ""};

static bool is_among(char c, const char *set)
{
	return c && strchr(set, c);
}

static bool is_plain(char c, const char *set)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       is_among(c, "-_.~") || is_among(c, set);
}

static void add_escaped(struct knowing *k, const struct value *text, const struct escaping *how)
{
	char escaped[4];

	for (uint32_t i = 0; i < text->nbytes; i++) {
		char c = text->text[i];

		if (is_plain(c, how->plain))
			snprintf(escaped, sizeof(escaped), "%c", c);
		else
			snprintf(escaped, sizeof(escaped), "%%%02X", (unsigned char)c);
		known_words(k, escaped);
	}
	k->cut |= text->truncated;
}

static int digit_of(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* Whether `raw`, which must be an escaped form of the text, is one, as far as both were read. */
static bool is_escaped_form(const struct value *raw, const struct value *text,
			    const struct escaping *how)
{
	uint32_t at = 0, i = 0;

	for (; i < raw->nbytes && (at < text->nbytes || !text->truncated); at++) {
		char c = raw->text[i++];

		if (!is_plain(c, how->plain) && !is_among(c, how->raw))
			return false;
		if (c == '%' && i + 2 > raw->nbytes)
			return raw->truncated;
		if (c == '%') {
			int high = digit_of(raw->text[i]), low = digit_of(raw->text[i + 1]);

			if (high < 0 || low < 0)
				return false;
			c = (char)(high << 4 | low);
			i += 2;
		}
		if (at >= text->nbytes || c != text->text[at])
			return false;
	}
	return raw->truncated || at == text->nbytes;
}

/* The form that the URL was written in, where it says so. */
static void add_form(struct knowing *k, uint32_t raw_part, uint32_t part,
		     const struct escaping *how)
{
	struct value raw = known_text(k, raw_part), text = known_text(k, part);

	if (raw.nbytes && is_escaped_form(&raw, &text, how))
		known_add(k, &raw);
	else if (text.nbytes == 1 && text.text[0] == '*' && how == &path_escaping)
		known_words(k, "*");
	else
		add_escaped(k, &text, how);
}

/* Host names are escaped by other rules: one that would be is not said. */
static void add_host(struct knowing *k, const struct value *host)
{
	for (uint32_t i = 0; i < host->nbytes; i++)
		if (!is_plain(host->text[i], "!$&'()*+,;=:[]<>\""))
			k->say.failed = true;
	known_add(k, host);
}

static void add_query(struct knowing *k, uint32_t query, uint32_t forced)
{
	if (known_empty(k, query) && !known_number(k, forced))
		return;
	known_words(k, "?");
	known_add_part(k, query);
}

/* A colon in the first element of what begins with the path would look like a scheme's. */
static bool is_like_scheme(const struct value *path)
{
	const char *slash = memchr(path->text, '/', path->nbytes);
	const char *colon = memchr(path->text, ':', path->nbytes);

	return colon && (!slash || colon < slash);
}

/* Parts, as known_table.c has them. */
enum {
	SCHEME,
	OPAQUE,
	USER,
	HOST,
	PATH,
	RAW_PATH,
	QUERY,
	FRAGMENT,
	RAW_FRAGMENT,
	FORCE_QUERY,
	OMIT_HOST
};

static void add_authority(struct knowing *k)
{
	struct value host = known_text(k, HOST);
	struct reading user;
	bool has_user;

	known_read(k, USER, &user);
	has_user = user.is.kind != VALUE_NULL;
	if ((known_empty(k, SCHEME) && !host.nbytes && !has_user) ||
	    (known_number(k, OMIT_HOST) && !host.nbytes && !has_user))
		return;
	if (host.nbytes || !known_empty(k, PATH) || has_user)
		known_words(k, "//");
	if (has_user) {
		known_add_part(k, USER);
		known_words(k, "@");
	}
	add_host(k, &host);
}

void known_url(struct knowing *k)
{
	struct value path = known_text(k, PATH);

	known_add_part(k, SCHEME);
	known_words(k, known_empty(k, SCHEME) ? "" : ":");
	if (!known_empty(k, OPAQUE)) {
		known_add_part(k, OPAQUE);
	} else {
		add_authority(k);
		if (path.nbytes && path.text[0] != '/' && !known_empty(k, HOST))
			known_words(k, "/");
		if (!k->say.len && is_like_scheme(&path))
			known_words(k, "./");
		add_form(k, RAW_PATH, PATH, &path_escaping);
	}
	add_query(k, QUERY, FORCE_QUERY);
	if (known_empty(k, FRAGMENT))
		return;
	known_words(k, "#");
	add_form(k, RAW_FRAGMENT, FRAGMENT, &fragment_escaping);
}

void known_user(struct knowing *k)
{
	struct value name = known_text(k, 0);

	add_escaped(k, &name, &user_escaping);
	known_words(k, known_number(k, 1) ? ":xxxxx" : "");
}

/* {Host, Path, RawPath, RawQuery, ForceQuery, Opaque}: what a server is asked for. */
void known_request_uri(struct knowing *k)
{
	struct value opaque = known_text(k, 5);

	if (opaque.nbytes) {
		known_add(k, &opaque);
	} else if (known_empty(k, 1)) {
		known_words(k, "/");
	} else {
		add_form(k, 2, 1, &path_escaping);
	}
	add_query(k, 3, 4);
}

/* The host that the request is for, a client's where its URL has it. */
void known_request(struct knowing *k)
{
	struct reading url, host;

	if (known_empty(k, 0))
		known_words(k, "GET");
	known_add_part(k, 0);
	known_words(k, " ");
	known_add_part(k, 1);
	known_read(k, 2, &url);
	if (url.is.kind == VALUE_NULL)
		return;
	if (known_empty(k, 1) && url.is.kind == VALUE_OBJECT && url.is.nchildren) {
		reading_child(k->say.src, &url, 0, &host);
		if (host.is.kind == VALUE_TEXT)
			known_add(k, &host.is);
	}
	known_add_part(k, 2);
}

void known_cookie(struct knowing *k)
{
	known_add_part(k, 0);
	known_words(k, "=");
	known_add_part(k, 1);
}
