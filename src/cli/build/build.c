/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* asprintf */
#include "cli/build/build.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/run/output.h"
#include "cli/build/package.h"
#include "cli/run/signals.h"

static void block_signals(void)
{
	sigset_t mask;

	signals_heard(&mask);
	sigprocmask(SIG_BLOCK, &mask, NULL);
}

/* Where the program goes: FILE, or a temporary one that is called as the go command would. */
static int name_program(struct build *build, const struct options *opt,
			const struct package *package, struct error *err)
{
	const char *file = opt->build_output, *base = strrchr(package->path, '/');
	char here[PATH_MAX];
	struct stat st;
	int len;

	base = base ? base + 1 : package->path;
	if (!file) {
		len = asprintf(&build->program, "%s/%s%s", build->scratch.path, base,
			       opt->build_test ? ".test" : "");
	} else if (!stat(file, &st) && S_ISDIR(st.st_mode)) {
		return error_set(err, -EISDIR,
				 "--build-output: '%s': a directory; name a file in it", file);
	} else if (output_is_ftrace(file)) {
		return error_set(err, -ETXTBSY,
				 "--build-output: '%s': ftrace itself; name another file", file);
	} else if (*file == '/') {
		len = asprintf(&build->program, "%s", file);
	} else if (getcwd(here, sizeof(here))) {
		len = asprintf(&build->program, "%s/%s", here, file);
	} else {
		return error_set(err, -errno, "--build-output: '%s': %s; give an absolute path",
				 file, strerror(errno));
	}
	if (len >= 0)
		return 0;
	build->program = NULL;
	return error_set(err, -ENOMEM, "%s: out of memory; close something", opt->package);
}

/* The words of `go build -o PROGRAM PACKAGE`; the array alone is allocated. */
static char **command(const struct build *build, const struct options *opt,
		      const struct package *package)
{
	static char verb_build[] = "build", verb_test[] = "test", only[] = "-c", output[] = "-o";
	char **argv = calloc(opt->build_flags.count + 8, sizeof(*argv));
	size_t count = 1;

	if (!argv)
		return NULL;
	argv[count++] = opt->build_test ? verb_test : verb_build;
	for (size_t i = 0; i < opt->build_flags.count; i++)
		argv[count++] = opt->build_flags.items[i];
	if (opt->build_test)
		argv[count++] = only;
	argv[count++] = output;
	argv[count++] = build->program;
	argv[count++] = package->argument;
	return argv;
}

static int compile(struct build *build, const struct options *opt, const struct package *package,
		   struct error *err)
{
	char **argv = command(build, opt, package);
	int status;

	if (!argv)
		return error_set(err, -ENOMEM, "%s: out of memory; close something", opt->package);
	status = go_run(&build->go, package->from, argv, NULL, err);
	free(argv);
	if (status < 0)
		return status;
	if (build->go.signal)
		return error_set(err, -EINTR, "%s: interrupted; nothing was started", opt->package);
	if (status)
		return error_set(err, -ENOEXEC,
				 "%s: does not build; mend what the go command says above",
				 opt->package);
	if (access(build->program, F_OK))
		return error_set(err, -ENOEXEC,
				 "%s: the go command made no program; look at --build-flags",
				 opt->package);
	return 0;
}

/* In a test the package has its own name, whatever it is called in its source. */
static void hint(const struct options *opt, const struct package *package)
{
	const char *base = strrchr(package->path, '/');
	size_t len = strlen(package->path);

	if (!opt->build_test || !opt->selected_by_default || opt->quiet)
		return;
	base = base ? base + 1 : package->path;
	/* A dot in the last element is not a dot in the names of functions. */
	if (strchr(base, '.'))
		len = (size_t)(strchr(base, '.') - package->path);
	fprintf(stderr,
		"ftrace: %s: without -u only main.* is traced, which is nothing of its own; use "
		"-u '%.*s%s'\n",
		opt->package, (int)len, package->path, strchr(base, '.') ? "*" : ".*");
}

static int make(struct build *build, const struct options *opt, struct error *err)
{
	struct package package = {0};
	int ret = account_caller(&build->caller, err);

	if (ret < 0)
		return ret;
	build->as_caller = ret;
	build->go.account = build->as_caller ? &build->caller : NULL;
	build->go.given = build->given;
	ret = go_find(&build->go, err);
	if (ret)
		return ret == -ENOENT ? -ENOPKG : ret;
	if (scratch_make(&build->scratch, build->go.account, err))
		return -EIO;
	build->go.scratch = build->scratch.path;
	ret = package_find(&package, &build->go, opt->package, opt->build_test, &opt->build_flags,
			   err);
	if (!ret)
		ret = name_program(build, opt, &package, err);
	if (!ret)
		ret = compile(build, opt, &package, err);
	if (!ret)
		hint(opt, &package);
	if (!ret && opt->build_test) {
		build->directory = package.dir;
		package.dir = NULL;
	}
	package_release(&package);
	return ret;
}

int build_make(struct build *build, const struct options *opt, const struct inherited *given,
	       struct error *err)
{
	build->given = given;
	block_signals();
	return make(build, opt, err);
}

/* As `go test` has it: PWD says where the program is, and it finds the go command. */
static void set_environment(void *arg)
{
	const struct build *build = arg;
	const char *path = getenv("PATH");
	char *longer;

	if (!build->directory)
		return;
	setenv("PWD", build->directory, 1);
	if (asprintf(&longer, "%s%s%s", path ? path : "", path && *path ? ":" : "", build->go.bin) <
	    0)
		return;
	setenv("PATH", longer, 1);
	free(longer);
}

void build_how(struct build *build, const struct options *opt, struct child_how *how)
{
	*how = (struct child_how){
		.given = build->given,
		.account = opt->user ? &opt->account : build->go.account,
		.directory = build->directory,
		.prepare = set_environment,
		.arg = build,
	};
}

void build_release(struct build *build)
{
	scratch_remove(&build->scratch);
	go_release(&build->go);
	account_release(&build->caller);
	free(build->program);
	free(build->directory);
	*build = (struct build){0};
}
