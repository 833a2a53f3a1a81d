/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/status.h"

#include <poll.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/terminal.h"

#define LIVE_EVERY 500000000ull
#define LINE_EVERY 10000000000ull
#define SECOND     1000000000ull

void status_init(struct status *status, const struct status_config *config)
{
	bool terminal = terminal_takes_escapes(config->fd);

	*status = (struct status){.fd = config->fd};
	if (config->quiet)
		return;
	status->live =
		terminal && !config->shared && (config->trace_fd < 0 || !isatty(config->trace_fd));
	status->periodic = config->verbose && !status->live;
}

/* Chatter: when it cannot be written nothing is lost, and a terminal that was stopped (Ctrl-S) must
 * not keep the trace waiting. */
static void put(const struct status *status, struct buf *text)
{
	struct pollfd ready = {.fd = status->fd, .events = POLLOUT};
	ssize_t ignored = 0;

	if (!text->failed && poll(&ready, 1, 0) > 0)
		ignored = write(status->fd, text->data, text->len);
	(void)ignored;
	buf_release(text);
}

/* Over the line that is there. It must not wrap: only one line can be taken away again. */
static void put_live(struct status *status, struct buf *line)
{
	unsigned int columns = terminal_columns(status->fd);
	size_t room = (columns ? columns : 80) - 1;
	struct buf text = {0};

	buf_addc(&text, '\r');
	buf_add(&text, line->data, line->len < room ? line->len : room);
	buf_adds(&text, "\033[K");
	put(status, &text);
	buf_release(line);
	status->shown = true;
}

/* 1234567 as "1 234 567". */
static void add_grouped(struct buf *buf, uint64_t number)
{
	if (number < 1000) {
		buf_addu(buf, number);
		return;
	}
	add_grouped(buf, number / 1000);
	buf_addf(buf, " %03u", (unsigned int)(number % 1000));
}

void status_probes(struct status *status, const char *what, size_t done, size_t sites)
{
	struct buf line = {0};

	if (!status->live || sites <= STATUS_ATTACHING)
		return;
	buf_addf(&line, "ftrace: %s ", what);
	if (done) {
		add_grouped(&line, done);
		buf_adds(&line, " of ");
	}
	add_grouped(&line, sites);
	buf_adds(&line, " probes");
	put_live(status, &line);
}

void status_begin(struct status *status, uint64_t now)
{
	status->began = status->last = now;
}

bool status_due(const struct status *status, uint64_t now)
{
	if (status->live)
		return now - status->last >= LIVE_EVERY;
	return status->periodic && now - status->last >= LINE_EVERY;
}

void status_write(struct status *status, uint64_t now, const struct status_counts *counts)
{
	uint64_t passed = now - status->last;
	uint64_t more = counts->calls - status->last_calls;
	struct buf line = {0};

	if (!passed)
		return;
	buf_addf(&line, "ftrace: %llus: ", (unsigned long long)((now - status->began) / SECOND));
	add_grouped(&line, (uint64_t)((double)more * (double)SECOND / (double)passed + 0.5));
	buf_adds(&line, " calls/s, ");
	add_grouped(&line, counts->calls);
	buf_adds(&line, counts->calls == 1 ? " call, " : " calls, ");
	add_grouped(&line, counts->lost);
	buf_adds(&line, " lost, ");
	add_grouped(&line, counts->open);
	buf_adds(&line, counts->open == 1 ? " goroutine in calls" : " goroutines in calls");
	status->last = now;
	status->last_calls = counts->calls;
	if (status->live) {
		put_live(status, &line);
	} else {
		buf_addc(&line, '\n');
		put(status, &line);
	}
}

void status_clear(struct status *status)
{
	struct buf text = {0};

	if (!status->shown)
		return;
	buf_adds(&text, "\r\033[K");
	put(status, &text);
	status->shown = false;
}
