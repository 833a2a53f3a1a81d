/* SPDX-License-Identifier: GPL-2.0-only */
#include "send/http.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The name of its ABI, the same since 2006. */
#define LIBRARY "libcurl.so.4"

struct http {
	void *library;
	__typeof__(curl_easy_init) *init;
	__typeof__(curl_easy_setopt) *setopt;
	__typeof__(curl_easy_perform) *perform;
	__typeof__(curl_easy_getinfo) *getinfo;
	__typeof__(curl_easy_cleanup) *cleanup;
	__typeof__(curl_easy_strerror) *words;
	__typeof__(curl_slist_append) *append;
	__typeof__(curl_slist_free_all) *free_list;
	CURL *easy;
	struct curl_slist *headers;
	const atomic_bool *stop;
	struct buf *body;
	char problem[CURL_ERROR_SIZE];
};

static bool load(struct http *http)
{
	const struct {
		const char *name;
		void *to;
	} functions[] = {
		{"curl_easy_init", &http->init},       {"curl_easy_setopt", &http->setopt},
		{"curl_easy_perform", &http->perform}, {"curl_easy_getinfo", &http->getinfo},
		{"curl_easy_cleanup", &http->cleanup}, {"curl_easy_strerror", &http->words},
		{"curl_slist_append", &http->append},  {"curl_slist_free_all", &http->free_list},
	};

	http->library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	for (size_t i = 0; http->library && i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *function = dlsym(http->library, functions[i].name);

		if (!function)
			return false;
		memcpy(functions[i].to, &function, sizeof(function));
	}
	return http->library;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct http *http = arg;

	if (http->body->len + size * count > HTTP_ANSWER)
		return 0;
	buf_add(http->body, bytes, size * count);
	return size * count;
}

static int on_progress(void *arg, curl_off_t down, curl_off_t downed, curl_off_t up,
		       curl_off_t upped)
{
	const struct http *http = arg;

	(void)down, (void)downed, (void)up, (void)upped;
	return atomic_load(http->stop);
}

static bool add_header(struct http *http, const char *header)
{
	struct curl_slist *list = http->append(http->headers, header);

	if (list)
		http->headers = list;
	return list;
}

#define SET(option, value) (http->setopt(http->easy, (option), (value)) == CURLE_OK)

static bool set_up(struct http *http, const struct send_settings *settings)
{
	bool good = SET(CURLOPT_URL, settings->url) && SET(CURLOPT_NOSIGNAL, 1L) &&
		    SET(CURLOPT_POST, 1L) && SET(CURLOPT_FOLLOWLOCATION, 0L) &&
		    SET(CURLOPT_TIMEOUT_MS, (long)settings->timeout) &&
		    SET(CURLOPT_WRITEFUNCTION, on_body) && SET(CURLOPT_WRITEDATA, http) &&
		    SET(CURLOPT_NOPROGRESS, 0L) && SET(CURLOPT_XFERINFOFUNCTION, on_progress) &&
		    SET(CURLOPT_XFERINFODATA, http) && SET(CURLOPT_ERRORBUFFER, http->problem) &&
		    SET(CURLOPT_USERAGENT, "ftrace/" FTRACE_VERSION);

	if (settings->authority)
		good = good && SET(CURLOPT_CAINFO, settings->authority);
	if (settings->certificate)
		good = good && SET(CURLOPT_SSLCERT, settings->certificate);
	if (settings->key)
		good = good && SET(CURLOPT_SSLKEY, settings->key);
	/* It would wait for leave to send a larger body. */
	good = good && add_header(http, "Expect:") &&
	       add_header(http, "Content-Type: application/x-protobuf");
	if (settings->gzip)
		good = good && add_header(http, "Content-Encoding: gzip");
	for (size_t i = 0; i < settings->nheaders; i++)
		good = good && add_header(http, settings->headers[i]);
	return good && SET(CURLOPT_HTTPHEADER, http->headers);
}

struct http *http_new(const struct send_settings *settings, const atomic_bool *stop,
		      struct error *err)
{
	struct http *http = calloc(1, sizeof(*http));

	if (!http) {
		error_set(err, -ENOMEM, "out of memory; close something");
		return NULL;
	}
	http->stop = stop;
	if (!load(http)) {
		error_set(err, -ENOENT, "--otlp: %s: cannot be loaded; install libcurl", LIBRARY);
		http_free(http);
		return NULL;
	}
	http->easy = http->init();
	if (!http->easy || !set_up(http, settings)) {
		error_set(err, -EINVAL,
			  "--otlp: libcurl refuses the URL, a header or a certificate's file");
		http_free(http);
		return NULL;
	}
	return http;
}

void http_free(struct http *http)
{
	if (!http)
		return;
	if (http->easy)
		http->cleanup(http->easy);
	if (http->headers)
		http->free_list(http->headers);
	/* Never unloaded: what it brought along may have threads, and handlers for the end. */
	free(http);
}

void http_post(struct http *http, const void *bytes, size_t len, struct http_answer *answer,
	       struct buf *body)
{
	curl_off_t retry = 0;
	CURLcode code;

	*answer = (struct http_answer){0};
	buf_reset(body);
	http->body = body;
	http->problem[0] = '\0';
	if (!SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len) || !SET(CURLOPT_POSTFIELDS, bytes)) {
		answer->problem = "out of memory";
		return;
	}
	code = http->perform(http->easy);
	/* An answer whose body was too long, cut off, or did not come in time, is one. */
	http->getinfo(http->easy, CURLINFO_RESPONSE_CODE, &answer->status);
	if (code != CURLE_OK && answer->status < 200)
		answer->status = 0;
	if (!answer->status)
		answer->problem = http->problem[0] ? http->problem : http->words(code);
	if (http->getinfo(http->easy, CURLINFO_RETRY_AFTER, &retry) == CURLE_OK && retry > 0)
		answer->retry = (uint64_t)retry;
}
