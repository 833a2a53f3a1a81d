/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shapes: tests/unit/image/shapes built by one compiler, with its debug information opened.
 * Include it after <cmocka.h>.
 */
#ifndef FTRACE_TESTS_SHAPES_H
#define FTRACE_TESTS_SHAPES_H

#include "base/buf.h"
#include "gotarget.h"
#include "image/dwarf.h"
#include "image/image.h"

#define SHAPES "tests/unit/image/shapes"

struct build {
	const char *release; /* "22.12" for go1.22.12; "" is the compiler in PATH */
	const char *flags;
	int minor; /* 99 for the one in PATH: built_minor has what it really is */
};

static struct gotarget target;
static struct dwarf *dw;
static struct buf text;
static int built_minor;

static int teardown(void **state)
{
	(void)state;
	dwarf_close(dw);
	dw = NULL;
	buf_release(&text);
	gotarget_release(&target);
	return 0;
}

static void open_target(void)
{
	struct error err = {0};

	dw = dwarf_open_fd(target.fd, target.path, true, &err);
	if (!dw)
		fail_msg("%s", err.text);
}

static inline void open_build(const struct build *build)
{
	struct error err = {0};
	struct image *img;

	gotarget_build(&target, SHAPES, build->release, build->flags);
	open_target();
	img = image_open(target.fd, target.path, &err);
	assert_non_null(img);
	built_minor = image_info(img)->go_minor;
	image_free(img);
}

#endif
