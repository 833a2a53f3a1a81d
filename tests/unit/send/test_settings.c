/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where spans go, by the command line and the environment, and what of it is refused; what is printed tells nothing secret.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "send/settings.h"

static const char *const names[] = {
	"OTEL_EXPORTER_OTLP_ENDPOINT",    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
	"OTEL_EXPORTER_OTLP_HEADERS",     "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
	"OTEL_EXPORTER_OTLP_TIMEOUT",     "OTEL_EXPORTER_OTLP_PROTOCOL",
	"OTEL_EXPORTER_OTLP_COMPRESSION", "OTEL_EXPORTER_OTLP_CERTIFICATE",
};

static int clear(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
	return 0;
}

static void expect_url(const char *given, const char *url, const char *shown)
{
	struct send_settings settings;
	struct error err = {0};

	assert_int_equal(send_settings_make(&settings, given, 1, &err), 0);
	assert_string_equal(settings.url, url);
	assert_string_equal(settings.shown, shown);
	send_settings_release(&settings);
}

static void urls(void **state)
{
	(void)state;
	expect_url(NULL, "http://localhost:4318/v1/traces", "http://localhost:4318");
	expect_url("http://c:4318", "http://c:4318/v1/traces", "http://c:4318");
	expect_url("https://c/base//", "https://c/base/v1/traces", "https://c");
	expect_url("http://c/v1/traces", "http://c/v1/traces", "http://c");
	setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "https://me:pass@all/", 1);
	expect_url(NULL, "https://me:pass@all/v1/traces", "https://all");
	setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "https://me:pa/ss#word@all/", 1);
	expect_url(NULL, "https://me:pa/ss#word@all/v1/traces", "https://all");
	setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "https://me:pass@all/", 1);
	setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://alone/as/it/is", 1);
	expect_url(NULL, "http://alone/as/it/is", "http://alone");
	expect_url("http://said", "http://said/v1/traces", "http://said");
	setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "", 1);
	expect_url(NULL, "https://me:pass@all/v1/traces", "https://all");
}

static void headers(void **state)
{
	struct send_settings settings;
	struct error err = {0};

	(void)state;
	setenv("OTEL_EXPORTER_OTLP_HEADERS", "a=1, x-key = b%20c%2C ,, tail=%zz", 1);
	assert_int_equal(send_settings_make(&settings, NULL, 1, &err), 0);
	assert_int_equal(settings.nheaders, 3);
	assert_string_equal(settings.headers[0], "a: 1");
	assert_string_equal(settings.headers[1], "x-key: b c,");
	assert_string_equal(settings.headers[2], "tail: %zz");
	send_settings_release(&settings);
}

static void expect_refused(const char *name, const char *value, const char *text)
{
	struct send_settings settings;
	struct error err = {0};

	clear(NULL);
	setenv(name, value, 1);
	assert_true(send_settings_make(&settings, NULL, 1, &err) < 0);
	assert_non_null(strstr(err.text, name));
	assert_non_null(strstr(err.text, text));
	assert_null(strstr(err.text, "secret"));
}

static void what_is_refused(void **state)
{
	struct error err = {0};

	(void)state;
	expect_refused("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "begins with http://");
	expect_refused("OTEL_EXPORTER_OTLP_ENDPOINT", "http://", "without a host");
	expect_refused("OTEL_EXPORTER_OTLP_HEADERS", "ok=1,secret", "number 2");
	expect_refused("OTEL_EXPORTER_OTLP_HEADERS", "key=secret%0Ax", "line break");
	expect_refused("OTEL_EXPORTER_OTLP_TIMEOUT", "soon", "milliseconds");
	expect_refused("OTEL_EXPORTER_OTLP_TIMEOUT", "-1", "milliseconds");
	expect_refused("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http/protobuf");
	expect_refused("OTEL_EXPORTER_OTLP_COMPRESSION", "lz4", "gzip or none");
	assert_true(send_url_check("http://me:secret@c", &err) < 0);
	assert_null(strstr(err.text, "secret"));
	assert_true(send_url_check("http://me:secret/x@c", &err) < 0);
	assert_null(strstr(err.text, "secret"));
	assert_int_equal(send_url_check("http://c/within", &err), 0);
	assert_true(send_url_is_one("HTTPS://c"));
	assert_false(send_url_is_one("./http"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(urls, clear),
		cmocka_unit_test_setup(headers, clear),
		cmocka_unit_test_setup(what_is_refused, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
