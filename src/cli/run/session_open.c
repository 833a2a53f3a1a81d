/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/terminal.h"
#include "call/tee.h"
#include "cli/run/pushdown.h"
#include "cli/rights/privileges.h"
#include "cli/run/altered_code.h"
#include "cli/run/session_state.h"
#include "cli/run/wanted_events.h"
#include "cli/target/traced.h"
#include "trace/plan_catalog.h"
#include "cli/run/output.h"
#include "host/container.h"
#include "recording/flight.h"
#include "send/span_sink.h"
#include "sink/formats.h"
#include "trace/failure.h"
#include "trace/held.h"

/* Probes that take a kernel without uprobe_multi twenty seconds to take off. */
#define MANY_SITES 200

/* Half of what --flight may take is for what has ended, half for trees that are open. */
#define FLIGHT_PART(opt) ((opt)->flight_size / 2)

static bool wants_color(const struct options *opt, int fd)
{
	const char *no_color = getenv("NO_COLOR");

	if (opt->color != COLOR_AUTO)
		return opt->color == COLOR_ALWAYS;
	return terminal_takes_escapes(fd) && !(no_color && *no_color);
}

int session_catalog(struct session *s)
{
	if (s->opt->format->places || s->opt->otlp)
		plan_find_places(s->targets->plan, s->catalog.nfuncs);
	return plan_catalog(s->targets->plan, &s->catalog, s->opt->names == NAMES_SHORT);
}

/* The format's, with spans for a collector beside it. */
static struct sink *make_sinks(struct session *s, struct error *err)
{
	const struct options *opt = s->opt;
	struct sink *both[2] = {NULL, opt->format->ops->new (&s->config)}, *tee;

	if (!both[1] || !opt->otlp)
		return both[1];
	if (!send_settings_make(&s->send, opt->otlp_url,
				opt->otlp_queue ? opt->otlp_queue : OTLP_QUEUE, err))
		both[0] = span_sink_new(&s->config, &s->send, opt->quiet, err);
	tee = both[0] ? tee_new(both, 2) : NULL;
	if (tee) {
		s->spans = both[0];
		return tee;
	}
	sink_free(both[0]);
	sink_free(both[1]);
	return NULL;
}

/* The format's, behind one that keeps back what comes where --flight says so; NULL when memory is out. */
static struct sink *make_sink(struct session *s, struct error *err)
{
	struct sink *sink = make_sinks(s, err), *kept;

	if (!sink || !s->opt->flight)
		return sink;
	kept = flight_new(sink, s->opt->flight, FLIGHT_PART(s->opt));
	if (!kept)
		sink_free(sink);
	return kept;
}

/* Where the trace goes. */
static int open_outlet(struct session *s, struct error *err)
{
	const struct options *opt = s->opt;
	int ret;

	if (!opt->output) {
		outlet_init(&s->outlet, STDOUT_FILENO);
	} else {
		s->check = output_check(s->targets);
		ret = reader_open(&s->reader, &s->outlet, opt->output, &s->check, opt->quiet);
		if (ret == -EINTR)
			return error_set(err, ret, "%s: nobody read this FIFO; nothing was traced",
					 opt->output);
		if (ret)
			return error_set(err, ret, "%s: %s; choose another file with -o",
					 opt->output, place_error(ret));
	}
	if (opt->max_size && outlet_allow_seek(&s->outlet))
		return error_set(
			err, -EINVAL,
			"--max-size: %s is no file whose beginning can be written again; name one "
			"with -o",
			opt->output ? opt->output : "stdout");
	if (opt->format->binary && isatty(s->outlet.fd))
		return error_set(err, -EINVAL, "--format %s: not for a terminal; use -o FILE",
				 opt->format->name);
	reader_of(&s->reader, &s->outlet);
	return 0;
}

static int open_output(struct session *s, struct error *err)
{
	const struct options *opt = s->opt;
	struct utsname uts;
	int ret = open_outlet(s, err);

	if (ret)
		return ret;
	uname(&uts);
	snprintf(s->kernel, sizeof(s->kernel), "%s", uts.release);
	snprintf(s->host, sizeof(s->host), "%s", uts.nodename);
	s->callers = callers_new(s->targets->plan);
	if (session_catalog(s))
		return error_set(err, -ENOMEM, "out of memory; close something");
	wall_learn(&s->wall, clock_now(), wall_measure());
	s->config = (struct sink_config){
		.outlet = &s->outlet,
		.catalog = &s->catalog,
		.tool = "ftrace " FTRACE_VERSION,
		.kernel = s->kernel,
		.host = s->host,
		.max_size = opt->max_size,
		.start = clock_now(),
		.stack = opt->stack,
		.wall = &s->wall,
		.time = opt->time,
		.color = wants_color(opt, s->outlet.fd),
		.fold = opt->fold,
		.brief = opt->values.limits.brief,
		.waits = opt->marks.waits,
		.container = container_of_process,
		.goroutines = opt->goroutines,
		.goroutine_labels = opt->pprof_labels,
		.width = (int)terminal_columns(s->outlet.fd),
		.trim = opt->trim,
		.ntrim = opt->ntrim,
	};
	if (opt->summary != SUMMARY_NONE) {
		s->config.stats = s->stats = stats_new(&s->catalog);
		s->config.sort = opt->sort;
		s->config.histogram = opt->histogram;
		s->config.only = opt->summary == SUMMARY_ONLY;
		if (!s->stats)
			return error_set(err, -ENOMEM, "out of memory; close something");
	}
	describer_init(&s->describer, s->targets->plan, s->callers);
	s->describer.marks.wanted = &opt->marks;
	if (s->callers)
		s->sink = make_sink(s, err);
	if (s->sink)
		return 0;
	return err->code ? err->code : error_set(err, -ENOMEM, "out of memory; close something");
}

static int make_trace(struct session *s, struct error *err)
{
	const struct options *opt = s->opt;
	struct trace_config config = {
		.plan = s->targets->plan,
		.select = opt->select,
		.hold = opt->hold,
		.source = &s->describer.source,
		.stats = s->stats,
		.stats_only = s->config.only,
		.tell_errors = opt->format->binary,
		.marks = &opt->marks,
		.min_wait = opt->min_wait,
	};

	if (opt->flight) {
		config.flight = opt->flight;
		config.hold = TRACE_HOLD_NEVER;
		config.hold_bytes = FLIGHT_PART(opt);
	}
	/* What leaves it whole is to have room in the file, with others beside it. */
	if (opt->max_size && opt->max_size < HELD_BYTES)
		config.hold_bytes = opt->max_size;
	/* What was passed over never arrives. */
	if (s->pushdown.sample > 1)
		config.select.sample = 0;
	machine_init(&s->machine, s->targets, s->child.pid, s->probe);
	s->trace = trace_new(&config, s->sink, &s->machine.machine);
	return s->trace ? 0 : error_set(err, -ENOMEM, "out of memory; close something");
}

static void open_status(struct session *s)
{
	struct status_config config = {
		.fd = STDERR_FILENO,
		.trace_fd = s->outlet.fd,
		.shared = s->opt->exec,
		.quiet = s->opt->quiet,
		.verbose = s->opt->verbose,
	};

	status_init(&s->status, &config);
}

static int attach_all(struct session *s, struct error *err)
{
	const struct targets *targets = s->targets;
	uint64_t began = clock_now();

	status_probes(&s->status, "attaching", 0, targets->plan->nsites);
	for (size_t i = 0; i < targets->nitems; i++) {
		pid_t pid = s->child.pid ? s->child.pid : targets->items[i].pid;
		int ret = probe_attach(s->probe, targets->items[i].image, pid, err);

		/* Of several, one that has ended just now; that of all is told by pids. */
		if (ret && (ret != -ESRCH || targets->nitems == 1))
			return ret;
	}
	status_clear(&s->status);
	if (s->opt->verbose)
		fprintf(stderr, "ftrace: attached %zu probes in %.1f ms\n", targets->plan->nsites,
			(double)(clock_now() - began) / 1e6);
	return 0;
}

/* What the call graph led to, and where it could not be followed. */
static void say_followed(const struct session *s)
{
	const struct callgraph_counts *calls = &s->targets->plan->calls;

	if (s->opt->verbose && s->opt->selection.follow)
		fprintf(stderr,
			"ftrace: --follow-calls %u: %zu function%s more; %zu call%s through "
			"pointers (interfaces, function values) could not be followed\n",
			s->opt->selection.follow, calls->functions,
			calls->functions == 1 ? "" : "s", calls->pointers,
			calls->pointers == 1 ? "" : "s");
}

/* Whether calls of the image can be seen to return an error. */
static bool errors_are_known(const struct plan *plan, size_t image)
{
	for (size_t i = 0; i < plan->nfuncs; i++)
		if (plan->funcs[i].image == image && failure_is_seen(plan->funcs[i].results))
			return true;
	return false;
}

/* Where --errors or $error can tell of panics alone. */
static void say_panics_only(const struct session *s)
{
	const struct plan *plan = s->targets->plan;
	bool asked = s->opt->select.errors;

	for (size_t i = 0; i < s->opt->nfilters; i++)
		asked |= s->opt->filters[i]->asks_error;
	for (size_t i = 0; i < plan->nimages && asked; i++) {
		struct buf name = {0};

		if (errors_are_known(plan, i))
			continue;
		escape_text(&name, image_info(plan->images[i].image)->path,
			    strlen(image_info(plan->images[i].image)->path));
		fprintf(stderr, "ftrace: %s: %s, only panics count as errors; %s\n", buf_str(&name),
			plan->images[i].dwarf
				? "no traced function returns an error"
				: "no debug information says which results are errors",
			plan->images[i].dwarf ? "choose others besides"
					      : "build it without -ldflags=-w, or give rules with "
						":goerror results");
		buf_release(&name);
	}
}

static void say_empty(const struct session *s)
{
	struct buf name = {0};

	escape_text(&name, s->opt->cgroup, strlen(s->opt->cgroup));
	fprintf(stderr,
		"ftrace: %s: no Go program runs in this control group as yet; those that come are "
		"traced; Ctrl-C ends\n",
		buf_str(&name));
	buf_release(&name);
}

/* Which executables, and where. The path of -p is what a process chose, and the version what its file says. */
static void say_files(const struct session *s)
{
	const struct plan *plan = s->targets->plan;
	const struct image_info *info = image_info(plan->images[0].image);
	struct buf text = {0};

	escape_text(&text, info->path, strlen(info->path));
	buf_adds(&text, " (");
	escape_text(&text, info->go_version, strlen(info->go_version));
	buf_addc(&text, ')');
	if (plan->nimages > 1)
		buf_addf(&text, " and %zu more", plan->nimages - 1);
	if (s->opt->cgroup) {
		const char *group = cgroup_name(&s->targets->members.cgroup);

		buf_adds(&text, " in ");
		escape_text(&text, group, strlen(group));
	}
	fprintf(stderr, "ftrace: %s", buf_str(&text));
	buf_release(&text);
}

void session_banner(const struct session *s)
{
	const struct plan *plan = s->targets->plan;
	size_t exits = 0, running;

	if (s->opt->quiet)
		return;
	if (!plan->nimages) {
		say_empty(s);
		return;
	}
	say_followed(s);
	fputs(buf_str(&s->targets->notes), stderr);
	say_files(s);
	for (size_t i = 0; i < plan->nsites; i++)
		exits += plan->sites[i].kind == SITE_RET || plan->sites[i].kind == SITE_TAIL;
	fprintf(stderr, ": %zu function%s, %zu entr%s, %zu exit%s; ", plan->nfuncs,
		plan->nfuncs == 1 ? "" : "s", plan->nfuncs, plan->nfuncs == 1 ? "y" : "ies", exits,
		exits == 1 ? "" : "s");
	if (plan->nlacking)
		fprintf(stderr, "%zu function%s without what --filter compares left out; ",
			plan->nlacking, plan->nlacking == 1 ? "" : "s");
	if (plan->nfips)
		fprintf(stderr, "%zu function%s of the FIPS 140 module left out; ", plan->nfips,
			plan->nfips == 1 ? "" : "s");
	running = s->child.pid ? 0 : traced_count(s->targets, false);
	if (s->child.pid)
		fprintf(stderr, "started as PID %d\n", (int)s->child.pid);
	else
		fprintf(stderr, "%zu process%s; Ctrl-C ends\n", running, running == 1 ? "" : "es");
	if (s->payers)
		fprintf(stderr,
			"ftrace: %zu other process%s the same file and pay%s for the probes, too\n",
			s->payers, s->payers == 1 ? " runs" : "es run", s->payers == 1 ? "s" : "");
	say_panics_only(s);
}

static int start_program(struct session *s, struct error *err)
{
	struct child_how how = s->targets->how;

	how.path = s->targets->path;
	how.argv = s->opt->argv;
	return child_start(&s->child, &how, err);
}

/* Where the kernel takes probes off one by one, each takes it a tenth of a second: whoever asks for thousands does not
 * know what that means. */
static int check_number(const struct session *s, struct error *err)
{
	size_t sites = s->targets->plan->nsites;

	if (s->features.uprobe_multi || sites <= MANY_SITES || s->opt->many)
		return 0;
	return error_set(
		err, -E2BIG,
		"kernel: it takes %zu probes off in some %zu s, having no uprobe_multi (6.6); "
		"narrow -u to %d probes, or insist with --many",
		sites, sites / 10, MANY_SITES);
}

/* Some function has to be asked, or nothing is ever written. */
static int check_when(const struct session *s, struct error *err)
{
	const struct plan *plan = s->targets->plan;

	if (!s->opt->flight || !plan->nimages)
		return 0;
	for (size_t i = 0; i < plan->nfuncs; i++)
		if (plan->funcs[i].nwhens)
			return 0;
	return error_set(
		err, -ENODATA,
		"--when: none of its functions is there, so nothing would ever be written; "
		"name others, 'ftrace list' tells which there are");
}

/* Whatever a hostile program, or a mistake of ours, makes of this process from now on. */
static int give_up_privileges(const struct session *s, struct error *err)
{
	struct privileges keep = privileges_of(s->opt);

	return privileges_drop(&keep, err);
}

static void say_kernel(const struct session *s)
{
	char text[128];

	fprintf(stderr, "ftrace: kernel: %s\n", features_text(&s->features, text, sizeof(text)));
	fprintf(stderr, "ftrace: returns: %s\n",
		!s->opt->no_emulate && s->features.write_regs
			? "carried out by the program, one trap each"
			: "left to the kernel, two traps each");
}

int session_prepare(struct session *s, struct error *err)
{
	const struct options *opt = s->opt;
	bool only_pids = opt->exec || opt->processes.count;
	/* Before the program is started all that run its file are others. */
	size_t others = only_pids || opt->cgroup ? traced_count(s->targets, !opt->exec) : 0;
	struct probe_config config = {
		.plan = s->targets->plan,
		.features = &s->features,
		.ring_size = opt->ring_size,
		.fault = opt->fault,
		.budgeted = opt->max_overhead > 0,
		.emulate = !opt->no_emulate,
		.only_pids = only_pids,
		.only_cgroup = opt->cgroup,
		.marks = &opt->marks,
		/* Where others run the file, they are not to pay for what -p may need some day. */
		.through_exec = opt->exec || (opt->processes.count && !others),
		.keeper = s->keeper,
		.types = s->types,
	};
	int ret;

	probe_debug(opt->debug);
	ret = features_find(&s->features, err);
	if (ret)
		return ret;
	ret = check_number(s, err);
	if (!ret)
		ret = check_when(s, err);
	if (ret)
		return ret;
	if (opt->verbose)
		say_kernel(s);
	ret = pids_open(&s->pids, s->targets->pids.pids, s->targets->pids.count, err);
	if (!ret)
		ret = altered_code_before(opt, s->targets, s->keeper, s->features.uprobe_multi,
					  err);
	if (!ret)
		ret = open_output(s, err);
	if (ret)
		return ret;
	if (opt->max_overhead && !ret)
		ret = budget_prepare(&s->budget, &s->features, err);
	if (ret)
		return ret;
	open_status(s);
	config.pushdown = s->pushdown = pushdown_of(opt, config.plan);
	s->probe = probe_new(&config, err);
	if (!s->probe)
		return err->code ? err->code : -EIO;
	wanted_events_refused(opt, s->probe);
	if (opt->cgroup)
		ret = probe_set_cgroup(s->probe, s->targets->members.cgroup.fd, err);
	s->payers = probe_reaches_others(s->probe) ? others : 0;
	if (opt->exec && !ret)
		ret = start_program(s, err);
	if (!ret)
		ret = make_trace(s, err);
	if (!ret)
		ret = attach_all(s, err);
	return ret ? ret : give_up_privileges(s, err);
}
