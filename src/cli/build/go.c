/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* strverscmp, pipe2 */
#include "cli/build/go.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/run/child.h"
#include "cli/run/signals.h"

static bool is_program(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, X_OK);
}

/* Where installers, distributions and golang.org/dl put it. "~" is the user's home directory. */
static const char *const places[] = {
	"/usr/local/go/bin/go",   "~/go/bin/go",        "~/sdk/go*/bin/go",
	"~/.local/go/bin/go",     "/usr/lib/go/bin/go", "/usr/lib/go-*/bin/go",
	"/usr/lib/golang/bin/go", "/opt/go/bin/go",     "/snap/bin/go",
};

static char *in_path(void)
{
	const char *path = getenv("PATH");
	char full[PATH_MAX];

	while (path && *path) {
		size_t len = strcspn(path, ":");

		/* As go itself: never from a directory that depends on where one stands. */
		if (*path == '/' && len < sizeof(full) - 4) {
			snprintf(full, sizeof(full), "%.*s/go", (int)len, path);
			if (is_program(full))
				return strdup(full);
		}
		path += len + (path[len] == ':');
	}
	return NULL;
}

/* The newest that the pattern finds. */
static char *at_place(const char *place, const char *home)
{
	char pattern[PATH_MAX];
	const char *best = NULL;
	char *found = NULL;
	glob_t all = {0};

	if (*place == '~' && (!home || *home != '/'))
		return NULL;
	snprintf(pattern, sizeof(pattern), "%s%s", *place == '~' ? home : "",
		 *place == '~' ? place + 1 : place);
	if (!glob(pattern, 0, NULL, &all))
		for (size_t i = 0; i < all.gl_pathc; i++)
			if (is_program(all.gl_pathv[i]) &&
			    (!best || strverscmp(all.gl_pathv[i], best) > 0))
				best = all.gl_pathv[i];
	if (best)
		found = strdup(best);
	globfree(&all);
	return found;
}

int go_find(struct go *go, struct error *err)
{
	const char *home = go->account ? go->account->home : getenv("HOME");

	go->path = in_path();
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !go->path; i++)
		go->path = at_place(places[i], home);
	if (!go->path)
		return error_set(err, -ENOENT,
				 "go: no such command; install Go, or name its directory in PATH");
	go->bin = strndup(go->path, (size_t)(strrchr(go->path, '/') - go->path));
	return go->bin ? 0 : error_set(err, -ENOMEM, "go: out of memory; close something");
}

/* Whether a directory can be used so, or be made: then the nearest one above it that exists tells. */
static bool usable(const char *path, int mode)
{
	char at[PATH_MAX];

	if (*path != '/' || strlen(path) >= sizeof(at))
		return false;
	memcpy(at, path, strlen(path) + 1);
	while (access(at, F_OK) && errno == ENOENT) {
		char *slash = strrchr(at, '/');

		slash[slash == at] = '\0';
		mode |= W_OK;
	}
	return !access(at, mode | X_OK);
}

/* Root's own directories are no use to the user whom sudo came from, nor are missing ones. */
static void drop_unusable(void)
{
	static const struct {
		const char *name;
		int mode;
	} directories[] = {
		{"GOCACHE", W_OK}, {"XDG_CACHE_HOME", W_OK},  {"GOTMPDIR", W_OK},
		{"TMPDIR", W_OK},  {"XDG_CONFIG_HOME", R_OK}, {"GOMODCACHE", R_OK},
		{"GOPATH", R_OK},
	};

	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		const char *value = getenv(directories[i].name);

		/* GOCACHE and GOPATH may be no paths: "off", a list. */
		if (value && *value == '/' && !strchr(value, ':') &&
		    !usable(value, directories[i].mode))
			unsetenv(directories[i].name);
	}
}

static void set_below(const char *name, const char *scratch, const char *below)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", scratch, below);
	setenv(name, path, 0);
}

static void set_environment(const struct go *go)
{
	const char *path = getenv("PATH"), *home = getenv("HOME");
	char longer[2 * PATH_MAX];

	drop_unusable();
	/* An account without a home directory (nobody) builds, too. */
	if (!home || !usable(home, W_OK)) {
		if (!getenv("XDG_CACHE_HOME"))
			set_below("GOCACHE", go->scratch, "cache");
		if (!getenv("GOPATH"))
			set_below("GOMODCACHE", go->scratch, "modules");
		set_below("GOPATH", go->scratch, "path");
	}
	/* Interrupted or killed, it leaves its work where it is taken away. */
	setenv("GOTMPDIR", go->scratch, 0);
	snprintf(longer, sizeof(longer), "%s%s%s", path ? path : "", path && *path ? ":" : "",
		 go->bin);
	setenv("PATH", longer, 1);
}

/* What the new process needs. */
struct begin {
	const struct go *go;
	int out;
};

static void begin(void *arg)
{
	const struct begin *how = arg;
	int null = open("/dev/null", O_RDONLY);

	setsid(); /* as somebody else it has one already */
	/* Whatever kills ftrace ends it, too, so that what it made can be taken away. */
	prctl(PR_SET_PDEATHSIG, SIGINT);
	/* Where ftrace runs in the background of a script they may be ignored. */
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	dup2(null, STDIN_FILENO);
	dup2(how->out, STDOUT_FILENO);
	/* 0 to 2 are open, so this is another one. */
	close(null);
	set_environment(how->go);
}

/* A second signal is meant more seriously. */
static void pass_on(struct go *go, pid_t pid, int signals)
{
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		kill(-pid, go->signal ? SIGKILL : SIGINT);
		go->signal = (int)info.ssi_signo;
	}
}

/* Reads what the command prints until it has ended. */
static void attend(struct go *go, struct child *child, int out, int signals, struct buf *text)
{
	struct pollfd polls[2] = {{.fd = signals, .events = POLLIN}, {.fd = out, .events = POLLIN}};
	char bytes[4096];

	while (!child->reaped) {
		ssize_t got;

		poll(polls, 2, -1);
		pass_on(go, child->pid, signals);
		if (polls[1].revents) {
			got = read(out, bytes, sizeof(bytes));
			if (got <= 0)
				polls[1].fd = -1;
			else if (text->len < GO_OUTPUT_MAX)
				buf_add(text, bytes, (size_t)got);
		}
		child_reap(child, false);
	}
	/* What it printed last. A process that it left behind may hold the pipe open: no waiting. */
	fcntl(out, F_SETFL, O_NONBLOCK);
	for (ssize_t got; (got = read(out, bytes, sizeof(bytes))) > 0 && text->len < GO_OUTPUT_MAX;)
		buf_add(text, bytes, (size_t)got);
}

static int open_signals(void)
{
	sigset_t mask;

	signals_heard(&mask);
	return signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
}

int go_run(struct go *go, const char *directory, char **argv, struct buf *out, struct error *err)
{
	struct begin how = {.go = go};
	struct child_how start = {
		.path = go->path,
		.argv = argv,
		.given = go->given,
		.account = go->account,
		.directory = directory,
		.prepare = begin,
		.arg = &how,
	};
	struct buf ignored = {0};
	struct child child;
	int fds[2], signals, ret;

	argv[0] = go->path;
	if (pipe2(fds, O_CLOEXEC))
		return error_set(err, -errno, "pipe: %s; close something", strerror(errno));
	signals = open_signals();
	if (signals < 0) {
		ret = error_set(err, -errno, "signalfd: %s; close something", strerror(errno));
		close(fds[0]);
		close(fds[1]);
		return ret;
	}
	how.out = out ? fds[1] : STDERR_FILENO;
	ret = child_start(&child, &start, err);
	close(fds[1]);
	if (!ret) {
		ret = child_release(&child, err);
		if (ret)
			error_prefix(err, "%s", go->path);
		attend(go, &child, fds[0], signals, out ? out : &ignored);
	}
	close(fds[0]);
	close(signals);
	buf_release(&ignored);
	if (!ret && out && out->failed)
		ret = error_set(err, -ENOMEM, "go: out of memory; close something");
	return ret ? ret : child_exit_status(&child);
}

void go_release(struct go *go)
{
	free(go->path);
	free(go->bin);
	go->path = go->bin = NULL;
}
