/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/live_table.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "sink/stats_table.h"

/* xterm's control sequences: the other screen and no cursor; to its top; the rest of a line, of the screen. */
#define ENTER "\033[?1049h\033[?25l"
#define LEAVE "\033[?25h\033[?1049l"
#define TOP   "\033[H"
#define WIPE  "\033[K"
#define REST  "\033[J"
#define PLAIN "\033[0m"

static void add_clock(struct buf *buf, int64_t unix_ns)
{
	time_t second = (time_t)(unix_ns / 1000000000);
	char text[16];
	struct tm tm;

	localtime_r(&second, &tm);
	strftime(text, sizeof(text), "%H:%M:%S", &tm);
	buf_addf(buf, "%s.%03d", text, (int)(unix_ns % 1000000000 / 1000000));
}

static int make(struct buf *buf, const struct sink_config *config, struct func_names *names,
		uint64_t now, uint64_t lost)
{
	buf_adds(buf, "-- ");
	add_clock(buf, sink_unix_time(config, config->since));
	buf_adds(buf, " to ");
	add_clock(buf, sink_unix_time(config, now));
	buf_adds(buf, " --\n");
	return stats_table(buf, config, names, lost);
}

/* One line of `text`, cut to the width; what is behind it. */
static const char *add_cut(struct buf *buf, const char *text, int width)
{
	int columns = 0;

	for (; *text && *text != '\n'; text++) {
		if (*text == '\033') {
			const char *end = strchr(text, 'm');

			if (!end)
				break;
			buf_add(buf, text, (size_t)(end + 1 - text));
			text = end;
			continue;
		}
		/* Bytes inside a character of UTF-8 go with it. */
		columns += (*text & 0xc0) != 0x80;
		if (!width || columns <= width)
			buf_addc(buf, *text);
	}
	return *text ? text + 1 : text;
}

static void add_screen(struct live_table *live, struct buf *buf, const struct sink_config *config,
		       const char *text)
{
	if (!live->screen)
		buf_adds(buf, ENTER);
	live->screen = true;
	buf_adds(buf, TOP);
	for (int line = 0; *text && line < config->height; line++) {
		if (line)
			buf_adds(buf, "\r\n");
		text = add_cut(buf, text, config->width);
		buf_adds(buf, config->color ? PLAIN WIPE : WIPE);
	}
	buf_adds(buf, REST);
}

int live_table_put(struct live_table *live, const struct sink_config *config,
		   struct func_names *names, uint64_t now, uint64_t lost)
{
	struct buf *buf = &config->outlet->buf, text = {0};
	int ret;

	if (!config->height) {
		if (live->again)
			buf_addc(buf, '\n');
		live->again = true;
		return make(buf, config, names, now, lost);
	}
	ret = make(&text, config, names, now, lost);
	if (!ret)
		add_screen(live, buf, config, buf_str(&text));
	buf_release(&text);
	return ret || buf->failed ? -ENOMEM : 0;
}

void live_table_leave(struct live_table *live, struct buf *buf)
{
	if (live->screen)
		buf_adds(buf, LEAVE);
	live->screen = false;
}
