/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/cmd/narrowed.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/nameless.h"

static const struct sink_ops nowhere_ops = {.name = "nowhere"};

static bool leaves_out(struct query *query)
{
	struct sink nowhere = {&nowhere_ops}, *first = query_sink(query, &nowhere);

	if (first == &nowhere)
		return false;
	sink_free(first);
	return true;
}

/* All that is asked for goes into the file. */
static int write_file(struct query *query, struct sink_config *config)
{
	struct trace_summary summary;
	struct sink *writer = sink_ftrace.new(config), *first = NULL;
	int err;

	if (writer)
		first = query_sink(query, writer);
	if (!first) {
		sink_free(writer);
		return -ENOMEM;
	}
	err = sink_begin(first);
	if (!err)
		err = query_play(query, first);
	query_summary(query, &summary);
	if (!err)
		err = sink_end(first, &summary);
	sink_free(first);
	return err;
}

struct recording *narrowed_open(struct query *query, const struct sink_config *config,
				const char *name, int *fd, struct error *err)
{
	struct sink_config own = *config;
	struct outlet outlet;
	int ret, closed;

	*fd = -1;
	if (!leaves_out(query))
		return NULL;
	*fd = nameless_open();
	if (*fd < 0) {
		ret = *fd;
		goto fail;
	}
	outlet_init(&outlet, *fd);
	own.outlet = &outlet;
	ret = write_file(query, &own);
	closed = outlet_close(&outlet);
	if (!ret)
		ret = closed;
	if (!ret && lseek(*fd, 0, SEEK_SET) < 0)
		ret = -errno;
	if (!ret)
		return recording_open(*fd, name, err);
fail:
	error_set(err, ret,
		  "%s: what is asked of it, in a temporary file: %s; make room, or set TMPDIR",
		  name, strerror(-ret));
	return NULL;
}
