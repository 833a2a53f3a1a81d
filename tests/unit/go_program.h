/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * go_program: builds a small Go program in a directory of its own, for the tests that need a real
 * executable. Include it after <cmocka.h>.
 *
 * The caller owns the struct; go_program_remove() deletes the directory and all that is in it.
 */
#ifndef FTRACE_TESTS_GO_PROGRAM_H
#define FTRACE_TESTS_GO_PROGRAM_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/image.h"

struct go_program {
	char dir[64]; /* "" before go_program_init() */
};

static inline bool go_program_write(const struct go_program *gp, const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", gp->dir, name);
	f = fopen(path, "w");
	if (!f)
		return false;
	fputs(text, f);
	return fclose(f) == 0;
}

static inline bool go_program_init(struct go_program *gp, const char *main_go)
{
	strcpy(gp->dir, "/tmp/ftrace-unit-XXXXXX");
	if (!mkdtemp(gp->dir)) {
		gp->dir[0] = 0;
		return false;
	}
	return go_program_write(gp, "go.mod", "module example.com/target\n\ngo 1.19\n") &&
	       go_program_write(gp, "main.go", main_go);
}

/* Builds `name` with these arguments of `go build`. */
static inline bool go_program_build(const struct go_program *gp, const char *name, const char *args)
{
	char command[512];

	snprintf(command, sizeof(command),
		 "cd %s && CGO_ENABLED=0 GOOS=linux GOARCH=amd64 GOFLAGS= GOWORK=off "
		 "GO111MODULE=on go build -o %s %s .",
		 gp->dir, name, args);
	return system(command) == 0;
}

/* A shell command in the directory. */
static inline bool go_program_run(const struct go_program *gp, const char *what)
{
	char command[256];

	snprintf(command, sizeof(command), "cd %s && { %s; }", gp->dir, what);
	return system(command) == 0;
}

static inline int go_program_open(const struct go_program *gp, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", gp->dir, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* The executable as an image, which the caller frees; fails the test when it is none. */
static inline struct image *go_program_image(const struct go_program *gp, const char *name)
{
	struct error err = {0};
	int fd = go_program_open(gp, name);
	struct image *img;

	assert_true(fd >= 0);
	img = image_open(fd, name, &err);
	close(fd); /* the image keeps its own */
	if (!img)
		fail_msg("%s", err.text);
	return img;
}

static inline void go_program_remove(struct go_program *gp)
{
	char command[128];

	if (!gp->dir[0])
		return;
	snprintf(command, sizeof(command), "rm -rf %s", gp->dir);
	if (system(command) != 0)
		fprintf(stderr, "%s: could not be removed\n", gp->dir);
	gp->dir[0] = 0;
}

#endif
