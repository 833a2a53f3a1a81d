/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/build/package.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/vec.h"

/* One line of `go list`: the fields below, each with a NUL behind it. */
static char format[] = "-f={{.Name}}{{\"\\x00\"}}{{.ImportPath}}{{\"\\x00\"}}{{.Dir}}{{\"\\x00\"}}"
		       "{{len .TestGoFiles}}+{{len .XTestGoFiles}}{{\"\\x00\"}}"
		       "{{with .Error}}{{.Err}}{{end}}{{\"\\x00\"}}";

struct listed {
	const char *name, *path, *dir, *tests, *error;
};

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), more = strlen(end);

	return len >= more && !strcmp(text + len - more, end);
}

/* A directory is entered, so that its own module counts, not the one of where one stands. */
static int place_file(struct package *package, const char *dir, bool is_dir, bool test)
{
	const char *slash = strrchr(dir, '/');

	if (is_dir) {
		package->from = strdup(dir);
		package->argument = strdup(".");
	} else {
		package->from = slash ? strndup(dir, (size_t)(slash - dir) + 1) : strdup(".");
		package->argument = strdup(test ? "." : slash ? slash + 1 : dir);
	}
	return package->from && package->argument ? 0 : -ENOMEM;
}

/* Likewise what stands before the "..." of a pattern, when it is a directory. */
static int place_pattern(struct package *package, const char *dir)
{
	size_t len = (size_t)(strstr(dir, "...") - dir);
	struct stat st;

	while (len && dir[len - 1] != '/')
		len--;
	package->from = len ? strndup(dir, len) : NULL;
	if (len && !package->from)
		return -ENOMEM;
	if (!len || stat(package->from, &st) || !S_ISDIR(st.st_mode)) {
		free(package->from);
		package->from = NULL;
		package->argument = strdup(dir);
		return package->argument ? 0 : -ENOMEM;
	}
	package->argument = malloc(strlen(dir + len) + 3);
	if (!package->argument)
		return -ENOMEM;
	sprintf(package->argument, "./%s", dir + len);
	return 0;
}

static int place(struct package *package, const char *dir, bool test, struct error *err)
{
	struct stat st;
	int ret;

	if (!stat(dir, &st)) {
		if (!S_ISDIR(st.st_mode) && !ends_with(dir, ".go"))
			return error_set(err, -ENOPKG,
					 "%s: neither a directory nor a .go file; "
					 "a program is started with --exec",
					 dir);
		ret = place_file(package, dir, S_ISDIR(st.st_mode), test);
	} else if (errno != ENOENT && errno != ENOTDIR && errno != ENAMETOOLONG) {
		return error_set(err, -errno, "%s: %s; run ftrace as root", dir, strerror(errno));
	} else if (strstr(dir, "...")) {
		ret = place_pattern(package, dir);
	} else if (*dir == '/' || !strncmp(dir, "./", 2) || !strncmp(dir, "../", 3) ||
		   ends_with(dir, ".go")) {
		return error_set(err, -ENOENT, "%.200s: No such file or directory; check the path",
				 dir);
	} else {
		package->argument = strdup(dir);
		ret = package->argument ? 0 : -ENOMEM;
	}
	return ret ? error_set(err, ret, "%s: out of memory; close something", dir) : 0;
}

/* Those of go build's flags that decide which files and packages there are. */
static bool selects_files(const char *flag, bool *takes_next)
{
	static const char *const valued[] = {"tags", "mod", "modfile", "overlay"};
	static const char *const plain[] = {"race", "msan", "asan"};

	*takes_next = false;
	if (*flag++ != '-')
		return false;
	flag += *flag == '-';
	for (size_t i = 0; i < sizeof(valued) / sizeof(valued[0]); i++) {
		size_t len = strlen(valued[i]);

		*takes_next = !strcmp(flag, valued[i]);
		if (*takes_next || (!strncmp(flag, valued[i], len) && flag[len] == '='))
			return true;
	}
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (!strncmp(flag, plain[i], strlen(plain[i])) &&
		    strchr("=", flag[strlen(plain[i])]))
			return true;
	return false;
}

static int run_list(struct package *package, struct go *go, const char *dir,
		    const struct words *flags, struct buf *out, struct error *err)
{
	static char list[] = "list", forgiving[] = "-e", find[] = "-find", end[] = "--";
	char **argv = calloc(flags->count + 8, sizeof(*argv));
	size_t count = 1;
	int status;

	if (!argv)
		return error_set(err, -ENOMEM, "%s: out of memory; close something", dir);
	argv[count++] = list;
	argv[count++] = forgiving;
	argv[count++] = find;
	argv[count++] = format;
	for (size_t i = 0; i < flags->count; i++) {
		bool next;

		if (!selects_files(flags->items[i], &next))
			continue;
		argv[count++] = flags->items[i];
		if (next && i + 1 < flags->count)
			argv[count++] = flags->items[++i];
	}
	argv[count++] = end;
	argv[count++] = package->argument;
	status = go_run(go, package->from, argv, out, err);
	free(argv);
	if (status < 0)
		return status;
	if (go->signal)
		return error_set(err, -EINTR, "%s: interrupted; nothing was started", dir);
	if (status)
		return error_set(err, -ENOEXEC,
				 "%s: does not build; mend what the go command says above", dir);
	return 0;
}

/* The next line; false at the end. `out` is NUL-terminated. */
static bool next_listed(const char **at, const char *end, struct listed *to)
{
	const char **fields[] = {&to->name, &to->path, &to->dir, &to->tests, &to->error};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const char *nul = memchr(*at, '\0', (size_t)(end - *at));

		if (!nul)
			return false;
		*fields[i] = *at;
		*at = nul + 1;
	}
	*at += *at < end && **at == '\n';
	return true;
}

/* What was listed, counted. */
struct matches {
	struct listed only; /* the first that can be built, else the first of all */
	size_t all, good;
	struct buf names; /* of those that can be built */
};

static bool is_good(const struct listed *listed, bool test)
{
	return test ? strcmp(listed->tests, "0+0") != 0 : !strcmp(listed->name, "main");
}

static void count_matches(struct matches *matches, const struct buf *out, bool test)
{
	const char *at = out->data, *end = out->data + out->len;
	struct listed listed;

	while (out->len && next_listed(&at, end, &listed)) {
		if (!matches->all++)
			matches->only = listed;
		if (!is_good(&listed, test))
			continue;
		if (!matches->good++)
			matches->only = listed;
		if (matches->good <= 8) {
			buf_adds(&matches->names, matches->good > 1 ? ", " : "");
			buf_adds(&matches->names, listed.path);
		}
	}
	if (matches->good > 8)
		buf_adds(&matches->names, ", ...");
}

/* Go's own words, as far as they fit a line. */
static int say_error(const char *dir, const struct listed *listed, struct error *err)
{
	int len = (int)strcspn(listed->error, *listed->dir ? "\n" : ";\n");

	if (!*listed->dir)
		return error_set(err, -ENOENT,
				 "%.200s: no such directory, and no package here: %.*s; "
				 "check the path",
				 dir, len < 300 ? len : 300, listed->error);
	return error_set(err, -ENOPKG, "%.200s: %.*s; name a directory with Go files", dir,
			 len < 300 ? len : 300, listed->error);
}

/* The one package, or what is wrong with what matches. */
static int judge(const struct matches *matches, const char *dir, bool test, struct error *err)
{
	const char *kind = test ? "package with tests" : "main package";

	if (matches->good > 1)
		return error_set(err, -E2BIG, "%.200s: %zu %ss: %.600s; name one of them", dir,
				 matches->good, test ? "packages with test" : kind,
				 matches->names.failed ? "?" : matches->names.data);
	if (matches->good)
		return 0;
	if (matches->all == 1 && *matches->only.error)
		return say_error(dir, &matches->only, err);
	if (matches->all != 1)
		return error_set(err, matches->all ? -ENOPKG : -ENOENT,
				 "%.200s: no %s among the %zu that match; name one", dir, kind,
				 matches->all);
	if (test)
		return error_set(err, -ENOPKG,
				 "%.200s: no test files; name a directory with *_test.go", dir);
	return error_set(err, -ENOPKG,
			 "%.200s: package %.60s, not main; name a program's directory, or "
			 "use --test",
			 dir, matches->only.name);
}

/* A pattern is built by the path of what it came down to. */
static int adopt(struct package *package, const struct listed *listed)
{
	package->path = strdup(listed->path);
	package->dir = strdup(listed->dir);
	if (strstr(package->argument, "...")) {
		free(package->argument);
		package->argument = strdup(listed->path);
	}
	return package->path && package->dir && package->argument ? 0 : -ENOMEM;
}

int package_find(struct package *package, struct go *go, const char *dir, bool test,
		 const struct words *flags, struct error *err)
{
	struct matches matches = {0};
	struct buf out = {0};
	int ret = place(package, dir, test, err);

	if (!ret)
		ret = run_list(package, go, dir, flags, &out, err);
	if (!ret) {
		count_matches(&matches, &out, test);
		buf_str(&matches.names);
		ret = judge(&matches, dir, test, err);
	}
	if (!ret && adopt(package, &matches.only))
		ret = error_set(err, -ENOMEM, "%s: out of memory; close something", dir);
	buf_release(&matches.names);
	buf_release(&out);
	return ret;
}

void package_release(struct package *package)
{
	free(package->from);
	free(package->argument);
	free(package->path);
	free(package->dir);
	*package = (struct package){0};
}
