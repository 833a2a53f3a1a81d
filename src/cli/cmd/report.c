/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `ftrace report`: shows a recording, in any format, as if it were traced now.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/terminal.h"
#include "call/summing.h"
#include "cli/chatter.h"
#include "cli/cmd/asked.h"
#include "cli/cmd/narrowed.h"
#include "cli/cmd/united.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/options/options.h"
#include "cli/recorded/recorded.h"
#include "recording/recording.h"
#include "sink/formats.h"
#include "sink/summary.h"
#include "tui/tui.h"

struct report {
	const struct options *opt;
	struct recorded recorded;
	struct query *query;
	struct outlet outlet;
	struct sink_config config;
	struct stats *stats;
	struct sink *summing; /* in front of the format's, where there is a table; in `sink` */
	struct sink *sink;
	struct trace_summary summary;
};

/* As it was traced, and as it is to be shown now. */
static struct sink_config config_of(struct report *report)
{
	const struct recording_head *head = recording_head(report->recorded.recording);
	const struct options *opt = report->opt;

	return (struct sink_config){
		.outlet = &report->outlet,
		.catalog = recording_catalog(report->recorded.recording),
		.tool = head->tool ? head->tool : "ftrace",
		.kernel = head->kernel ? head->kernel : "?",
		.host = head->host,
		.command = head->command,
		.start = head->start,
		.stack = head->stack,
		.wall = recording_wall(report->recorded.recording),
		.time = opt->time,
		.color = recorded_color(opt, report->outlet.fd),
		.fold = opt->fold,
		.brief = opt->values.limits.brief,
		.waits = query_shows_times(report->query),
		.goroutines = head->origins && (opt->goroutines || head->goroutines),
		.goroutine_labels = opt->pprof_labels,
		.width = (int)terminal_columns(report->outlet.fd),
		.trim = opt->trim,
		.ntrim = opt->ntrim,
		.sort = opt->sort,
		.histogram = opt->histogram,
		.only = opt->summary == SUMMARY_ONLY,
	};
}

static int make_sink(struct report *report, struct error *err)
{
	const struct options *opt = report->opt;
	struct sink *first;

	if (opt->goroutines && !recording_head(report->recorded.recording)->origins && !opt->quiet)
		fprintf(stderr,
			"ftrace: %s: an older ftrace has recorded it, which did not know who "
			"started which goroutine; record it again\n",
			report->recorded.name);
	report->config = config_of(report);
	if (opt->summary != SUMMARY_NONE) {
		report->config.stats = report->stats = stats_new(report->config.catalog);
		if (!report->stats)
			return error_set(err, -ENOMEM, "out of memory; close something");
	}
	report->sink = opt->format->ops->new (&report->config);
	if (report->sink && report->stats) {
		report->summing = summing_new(report->stats, report->sink, report->config.only);
		if (!report->summing)
			return error_set(err, -ENOMEM, "out of memory; close something");
		report->sink = report->summing;
	}
	first = report->sink ? query_sink(report->query, report->sink) : NULL;
	if (!first)
		return error_set(err, -ENOMEM, "out of memory; close something");
	report->sink = first;
	return 0;
}

static void tell(const struct report *report, struct buf *notes)
{
	if (!report->opt->quiet && notes->len)
		fputs(buf_str(notes), stderr);
	buf_release(notes);
}

static int ask(struct report *report, struct error *err)
{
	struct query_config config = asked_of(report->opt, report->recorded.name);
	struct recording *recording = report->recorded.recording;
	/* What still grows is not read ahead: what is not there yet may come. */
	int fd = report->opt->follow ? -1 : report->recorded.fd;
	struct buf notes = {0};

	report->query = query_new(&config, recording, fd, &notes, err);
	tell(report, &notes);
	return report->query ? 0 : err->code;
}

static int check(struct report *report, struct error *err)
{
	struct buf notes = {0};
	int ret = query_check(report->query, &notes, err);

	tell(report, &notes);
	return ret;
}

static int play(struct report *report, struct error *err)
{
	int ret = sink_begin(report->sink);

	if (!ret)
		ret = query_play(report->query, report->sink);
	query_summary(report->query, &report->summary);
	if (!ret)
		ret = sink_end(report->sink, &report->summary);
	if (!ret)
		ret = outlet_flush(&report->outlet);
	/* Whoever read has seen enough. */
	if (!ret || ret == -EPIPE)
		return 0;
	return error_set(err, ret, "%s: %s; make room",
			 report->opt->output ? report->opt->output : "stdout", strerror(-ret));
}

static void say_summary(struct report *report)
{
	const char *note = sink_note(report->sink);
	struct buf text = {0};

	if (report->opt->quiet)
		return;
	if (report->stats)
		summing_summary(report->summing, &report->summary);
	summary_text(&text, &report->summary);
	fprintf(stderr, "%s\n", buf_str(&text));
	buf_release(&text);
	if (note)
		fprintf(stderr, "ftrace: %s\n", note);
}

/* Through a sink, from the beginning to the end. */
static int write_out(struct report *report, struct error *err)
{
	int ret = recorded_outlet_open(&report->outlet, report->opt, err);

	if (!ret)
		ret = make_sink(report, err);
	if (!ret)
		ret = play(report, err);
	if (!ret)
		ret = check(report, err);
	if (ret)
		return ret;
	ret = recorded_say_damage(&report->recorded, recording_damage(report->recorded.recording));
	say_summary(report);
	return ret;
}

/* On the terminal, as far as it is looked at. */
static int browse(struct report *report, struct error *err)
{
	struct recording_damage damage;
	struct recording *shown = report->recorded.recording, *narrowed;
	int ret, fd;

	outlet_init(&report->outlet, STDOUT_FILENO);
	report->config = config_of(report);
	narrowed = narrowed_open(report->query, &report->config, report->recorded.name, &fd, err);
	ret = err->code;
	if (narrowed) {
		shown = narrowed;
		report->config.catalog = recording_catalog(narrowed);
		report->config.wall = recording_wall(narrowed);
	}
	if (!ret)
		ret = tui_run(shown, report->recorded.name, &report->config,
			      report->opt->summary != SUMMARY_NONE, &damage, err);
	recording_close(narrowed);
	if (fd >= 0)
		close(fd);
	if (!ret && narrowed)
		damage = *recording_damage(report->recorded.recording);
	return ret ? ret : recorded_say_damage(&report->recorded, &damage);
}

/* One recording. */
static int report_one(const struct options *opt)
{
	struct report report = {.opt = opt, .outlet.fd = -1};
	struct error err = {0};
	int ret = recorded_follow(&report.recorded, opt->nfiles ? opt->files[0] : RECORD_NAME,
				  &report.outlet, opt, &err);

	if (!ret)
		ret = ask(&report, &err);
	if (!ret)
		ret = opt->tui ? browse(&report, &err) : write_out(&report, &err);
	/* Ctrl-C, before anything was there to be shown. */
	if (err.code == -EINTR)
		ret = err.code = 0;
	chatter_error(&err);
	sink_free(report.sink);
	ret |= recorded_outlet_close(&report.outlet);
	stats_free(report.stats);
	query_free(report.query);
	recorded_close(&report.recorded);
	return ret ? STATUS_FAILED : 0;
}

int cmd_report(struct options *opt, const struct inherited *given)
{
	(void)given;
	return opt->nfiles > 1 ? cmd_report_united(opt) : report_one(opt);
}
