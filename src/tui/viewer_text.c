/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "base/escape.h"
#include "sink/duration.h"
#include "sink/summary.h"
#include "tui/details.h"
#include "tui/viewer.h"
#include "tui/wrap.h"

/* An empty text that lies over what is there; what is known of the call under the cursor gives way. */
static struct buf *begin(struct viewer *viewer, const char *title)
{
	if (viewer->view != VIEW_TEXT)
		viewer->below = viewer->view;
	viewer->view = VIEW_TEXT;
	buf_reset(&viewer->title);
	buf_adds(&viewer->title, title);
	paper_reset(&viewer->text);
	return &viewer->text.text;
}

static void end(struct viewer *viewer)
{
	viewer->failed |= paper_split(&viewer->text) != 0;
}

void viewer_show_help(struct viewer *viewer)
{
	keys_help(begin(viewer, "Keys"));
	end(viewer);
}

void viewer_show_details(struct viewer *viewer)
{
	details(begin(viewer, "The call"), &viewer->lines, &viewer->rows, viewer->cursor,
		screen_width(viewer->screen));
	end(viewer);
}

static void add_fact(struct viewer *viewer, const char *name, const char *text)
{
	struct buf *line = &viewer->line;

	if (!text)
		return;
	buf_reset(line);
	buf_addf(line, "  %-9s ", name);
	escape_text(line, text, strlen(text));
	if (!line->failed)
		wrap(&viewer->text.text, line->data, line->len, screen_width(viewer->screen), 12);
}

/* What was recorded, and what of it is missing. */
static void add_counts(struct viewer *viewer)
{
	const struct shelf *shelf = &viewer->shelf;
	struct trace_summary summary;
	struct buf text = {0};

	buf_addf(&text, "%llu in %zu blocks", (unsigned long long)shelf->calls, shelf->nblocks);
	add_fact(viewer, "calls", buf_str(&text));
	buf_reset(&text);
	if (viewer->shelf.damage.cut) {
		add_fact(viewer, "no end", "the recorder was killed, or the file was cut");
	} else {
		recording_summary(viewer->recording, &summary);
		summary_text(&text, &summary);
		add_fact(viewer, "summary", buf_str(&text));
		buf_reset(&text);
	}
	if (shelf->damage.blocks) {
		buf_addf(&text, "%llu block%s with %llu call%s, as far as they were looked at",
			 (unsigned long long)shelf->damage.blocks,
			 shelf->damage.blocks == 1 ? "" : "s",
			 (unsigned long long)shelf->damage.calls,
			 shelf->damage.calls == 1 ? "" : "s");
		add_fact(viewer, "damaged", buf_str(&text));
	}
	buf_release(&text);
}

void viewer_show_info(struct viewer *viewer)
{
	const struct recording_head *head = recording_head(viewer->recording);

	begin(viewer, "The recording");
	add_fact(viewer, "file", viewer->name);
	add_fact(viewer, "command", head->command);
	add_fact(viewer, "tool", head->tool);
	add_fact(viewer, "host", head->host);
	add_fact(viewer, "kernel", head->kernel);
	add_counts(viewer);
	end(viewer);
}
