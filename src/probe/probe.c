/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/probe.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ftrace/cookie.h>
#include <ftrace/image.h>
#include <ftrace/loss.h>
#include <ftrace/record.h>

#include "ftrace.skel.h"
#include "probe/call_points.h"
#include "probe/core_types.h"
#include "probe/made.h"
#include "probe/probe_state.h"
#include "probe/programs.h"
#include "probe/share.h"

/* Inode of the first PID namespace (include/linux/proc_ns.h, PROC_PID_INIT_INO). */
#define FIRST_PIDNS 0xEFFFFFFCu

static size_t ring_bytes(size_t wanted)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);

	while (size < wanted && size < (size_t)1 << 31)
		size *= 2;
	return size;
}

static void put_images(struct probe *probe)
{
	const struct plan *plan = probe->config.plan;

	for (size_t i = 0; i < plan->nimages; i++) {
		const struct goroutine_layout *layout = &plan->images[i].goroutine;

		probe->skel->bss->images[i] = (struct ft_image){
			.tls = layout->tls,
			.goid = layout->goid,
			.m = layout->m,
			.curg = layout->curg,
			.status = layout->status,
			.waitreason = layout->waitreason,
			.bp = layout->bp,
			.parent = layout->parent,
			.gopc = layout->gopc,
			.startpc = layout->startpc,
			.ctxt = layout->ctxt,
		};
		memcpy(&probe->skel->bss->state_sites[i * FT_STATE_SITES], plan->images[i].states,
		       sizeof(plan->images[i].states));
	}
}

/* Of a map with an element for each site: there is none before the first executable is. */
static __u32 slots(const struct plan *plan)
{
	return plan->nsites ? (__u32)plan->nsites : 1;
}

static void configure(struct probe *probe)
{
	const struct plan *plan = probe->config.plan;
	struct ftrace_bpf *skel = probe->skel;
	struct stat ns;

	bpf_map__set_max_entries(skel->maps.ring, (__u32)ring_bytes(probe->config.ring_size));
	skel->rodata->filter_pids =
		probe->config.only_pids &&
		(probe->config.through_exec || !probe->config.features->pid_filter);
	skel->rodata->filter_group = probe->config.only_cgroup;
	bpf_map__set_autocreate(skel->maps.group, probe->config.only_cgroup);
	if (!stat("/proc/self/ns/pid", &ns) && ns.st_ino != FIRST_PIDNS) {
		skel->rodata->pidns_dev = ns.st_dev;
		skel->rodata->pidns_ino = ns.st_ino;
	}
	pushdown_size(&probe->config.pushdown, plan, skel);
	skel->rodata->registers_writable = probe->config.features->write_regs;
	skel->rodata->emulate_ret = probe->config.emulate && probe->config.features->write_regs;
	if (skel->rodata->registers_writable)
		bpf_map__set_max_entries(skel->maps.rets, slots(plan));
	skel->rodata->states_kept = probe->config.states;
	skel->rodata->births_kept = probe->config.births;
	if (probe->config.budgeted) {
		skel->rodata->budgeted = true;
		bpf_map__set_max_entries(skel->maps.hits, slots(plan));
	}
	put_images(probe);
	if (!probe->config.features->uprobe_multi) {
		struct bpf_program *prog;

		bpf_object__for_each_program(prog, skel->obj) if (bpf_program__type(prog) ==
								  BPF_PROG_TYPE_KPROBE)
			bpf_program__set_expected_attach_type(prog, 0);
	}
}

/* Reads may fault pages in, where the kernel lets programs sleep. */
static void allow_faults(struct probe *probe)
{
	struct ftrace_bpf *skel = probe->skel;

	if (!probe->config.fault || !probe->config.features->sleepable)
		return;
	bpf_program__set_flags(skel->progs.ftrace_entry, BPF_F_SLEEPABLE);
	bpf_program__set_flags(skel->progs.ftrace_exit, BPF_F_SLEEPABLE);
	bpf_program__set_flags(skel->progs.ftrace_leaf, BPF_F_SLEEPABLE);
	bpf_program__set_flags(skel->progs.ftrace_fault, BPF_F_SLEEPABLE);
	bpf_program__set_flags(skel->progs.ftrace_recover, BPF_F_SLEEPABLE);
	bpf_program__set_flags(skel->progs.ftrace_goexit, BPF_F_SLEEPABLE);
	bpf_program__set_flags(skel->progs.ftrace_panic, BPF_F_SLEEPABLE);
	skel->rodata->can_fault = true;
}

static bool has_site(const struct plan *plan, uint8_t kind)
{
	for (size_t i = 0; i < plan->nsites; i++)
		if (plan->sites[i].kind == kind)
			return true;
	return false;
}

static bool has_leaf(const struct plan *plan)
{
	for (size_t i = 0; i < plan->nsites; i++)
		if (plan->sites[i].leaf)
			return true;
	return false;
}

/* What is attached nowhere need not pass the verifier. */
static void leave_out(struct probe *probe)
{
	const struct plan *plan = probe->config.plan;
	const struct ftrace_bpf *skel = probe->skel;

	bpf_program__set_autoload(skel->progs.ftrace_recover, has_site(plan, SITE_RECOVER));
	bpf_program__set_autoload(skel->progs.ftrace_goexit, has_site(plan, SITE_GOEXIT));
	bpf_program__set_autoload(skel->progs.ftrace_fault,
				  plan->nlate && has_site(plan, SITE_FAULT));
	bpf_program__set_autoload(skel->progs.ftrace_panic, has_site(plan, SITE_PANIC));
	bpf_program__set_autoload(skel->progs.ftrace_state, has_site(plan, SITE_STATE));
	bpf_program__set_autoload(skel->progs.ftrace_birth, has_site(plan, SITE_BIRTH));
	bpf_program__set_autoload(skel->progs.ftrace_leaf, has_leaf(plan));
	mark_points_choose(probe->skel, probe->config.marks);
}

/* Makes the programs' maps as large as what the sites read, and the programs as small as that lets
 * them be. */
static void size_programs(struct probe *probe, const struct programs *programs)
{
	if (!programs->nops)
		return;
	probe->skel->rodata->values_kept = true;
	probe->skel->rodata->made_kept = programs->made;
	probe->skel->rodata->ops_kept = programs->looped;
	probe->skel->rodata->texts_kept = programs->texts;
	bpf_map__set_max_entries(probe->skel->maps.programs, (__u32)probe->config.plan->nsites);
	bpf_map__set_max_entries(probe->skel->maps.ops, (__u32)programs->nops);
}

static int print_all(enum libbpf_print_level level, const char *fmt, va_list args)
{
	(void)level;
	return vfprintf(stderr, fmt, args);
}

void probe_debug(bool debug)
{
	libbpf_set_print(debug ? print_all : NULL);
}

/* What the programs look things up in. 0, or a negative errno with `err` filled. */
static int fill(struct probe *probe, const struct programs *programs, struct error *err)
{
	const struct plan *plan = probe->config.plan;
	int ret = programs_put(programs, plan, probe->skel);

	if (ret)
		return error_set(err, ret, "bpf: reading of values: %s; use --no-args --no-results",
				 strerror(-ret));
	ret = probe->skel->rodata->registers_writable ? programs_put_rets(plan, probe->skel) : 0;
	if (ret)
		return error_set(err, ret, "bpf: addresses of returns: %s; trace fewer functions",
				 strerror(-ret));
	ret = call_points_put(probe->skel, probe->config.marks);
	if (ret)
		return error_set(err, ret, "bpf: --syscalls: %s; leave it out", strerror(-ret));
	ret = pushdown_put(&probe->config.pushdown, plan, probe->skel);
	if (ret)
		return error_set(err, ret,
				 "bpf: what to leave out: %s; use fewer filters and goids",
				 strerror(-ret));
	return 0;
}

/* What system calls are read with needs more of the kernel's types than are looked for ahead. */
static const char *types_path(const struct probe_config *config)
{
	return call_points_wanted(config->marks) ? NULL : core_types_path(config->types);
}

/* Opens the kernel's programs and hands them over. */
static int open_and_load(struct probe *probe, struct probe *first, const struct programs *programs)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = types_path(&probe->config));
	int ret = made_set(NULL, NULL, NULL);

	if (ret)
		return ret;
	probe->skel = ftrace_bpf__open_opts(&opts);
	if (!probe->skel)
		return -errno;
	configure(probe);
	size_programs(probe, programs);
	allow_faults(probe);
	leave_out(probe);
	ret = first ? share_maps(first->skel, probe->skel) : 0;
	if (!ret && programs->made)
		ret = made_set(programs, arch_native(), probe->skel->obj);
	if (!ret)
		ret = ftrace_bpf__load(probe->skel);
	made_set(NULL, NULL, NULL);
	return ret;
}

/* Where the kernel does not take the instructions, the loop is tried. */
static int open_one_way(struct probe *probe, struct probe *first, struct programs *programs)
{
	bool may = !probe->config.fault && !features_unwanted("made");
	int ret;

	if (may && made_choose(programs, arch_native())) {
		ret = open_and_load(probe, first, programs);
		if (!ret)
			return 0;
		ftrace_bpf__destroy(probe->skel);
		probe->skel = NULL;
		made_forget(programs);
	}
	return open_and_load(probe, first, programs);
}

/* The programs, loaded and filled; `first`: whose maps they work on, NULL: their own. */
static struct probe *load(const struct probe_config *config, struct probe *first, struct error *err)
{
	struct probe *probe = calloc(1, sizeof(*probe));
	struct programs programs = {0};
	int ret;

	if (!probe) {
		error_set(err, -ENOMEM, "bpf: out of memory; close something");
		return NULL;
	}
	probe->config = *config;
	/* Where memory is accounted to the cgroup no limit has to be raised. */
	libbpf_set_memlock_rlim(0);
	ret = programs_collect(&programs, config->plan);
	if (ret) {
		error_set(err, ret, "bpf: out of memory; trace fewer functions");
		goto fail;
	}
	ret = open_one_way(probe, first, &programs);
	if (ret) {
		error_set(err, ret,
			  "bpf: the kernel refuses the programs: %s; run with -d to see why",
			  strerror(-ret));
		goto fail;
	}
	if (first)
		share_variables(first->skel, probe->skel);
	if (fill(probe, &programs, err))
		goto fail;
	/* A map that is shared has not got what was set before. */
	put_images(probe);
	attach_init(&probe->attach, config->plan, config->features, probe->skel, config->keeper);
	ret = rounds_begin(probe);
	if (ret) {
		error_set(err, ret, "bpf: counters of hits: %s; leave --max-overhead out",
			  strerror(-ret));
		goto fail;
	}
	programs_release(&programs);
	return probe;
fail:
	programs_release(&programs);
	probe_free(probe);
	return NULL;
}

struct probe *probe_new(const struct probe_config *wanted, struct error *err)
{
	struct probe_config all = *wanted, *config = &all;
	struct probe *probe;

	all.states = all.marks && all.marks->waits;
	all.births = all.marks && all.marks->goroutines;
	probe = load(config, NULL, err);

	if (!probe)
		return NULL;
	probe->drain = drain_new(bpf_map__fd(probe->skel->maps.ring), err);
	if (!probe->drain)
		goto fail;
	if (attach_process_events(&probe->attach, err) ||
	    mark_points_attach(&probe->marks, probe->skel, config->marks, err))
		goto fail;
	return probe;
fail:
	probe_free(probe);
	return NULL;
}

void probe_free(struct probe *probe)
{
	if (!probe)
		return;
	/* Before the ring goes. */
	drain_free(probe->drain);
	probe_free(probe->next);
	mark_points_release(&probe->marks);
	attach_release(&probe->attach);
	rounds_end(probe);
	forget_release(&probe->forget);
	losses_free(probe->losses);
	ftrace_bpf__destroy(probe->skel);
	free(probe);
}

int probe_attach(struct probe *probe, uint32_t image, pid_t pid, struct error *err)
{
	__u32 key = (__u32)pid;
	__u8 yes = 1;
	int ret;

	if (!pid || !probe->skel->rodata->filter_pids)
		return attach_image(&probe->attach, image, pid, err);
	ret = bpf_map__update_elem(probe->skel->maps.pids, &key, sizeof(key), &yes, sizeof(yes), 0);
	if (ret)
		return error_set(err, ret, "PID %d: one process too many: %s; name fewer with -p",
				 (int)pid, strerror(-ret));
	return attach_has(&probe->attach, image) ? 0 : attach_image(&probe->attach, image, 0, err);
}

/* Each executable that is added takes some thirty descriptors, and a login often allows a thousand. */
static void allow_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int probe_add(struct probe *probe, uint32_t image, struct error *err)
{
	struct probe_config config = probe->config;
	struct probe *added;
	int ret;

	allow_descriptors();
	/* What is recorded besides calls is the first one's. */
	config.marks = NULL;
	added = load(&config, probe, err);
	if (!added)
		return err && err->code ? err->code : -EIO;
	added->attach.round = probe->attach.round;
	ret = attach_image(&added->attach, image, 0, err);
	if (ret) {
		probe_free(added);
		return ret;
	}
	added->next = probe->next;
	probe->next = added;
	return 0;
}

void probe_drop(struct probe *probe, uint32_t image)
{
	for (; probe; probe = probe->next)
		attach_drop(&probe->attach, image);
}

int probe_renew(struct probe *probe, pid_t pid, struct error *err)
{
	return attach_renew(&probe->attach, pid, err);
}

bool probe_reaches_others(const struct probe *probe)
{
	return probe->skel->rodata->filter_pids || probe->config.only_cgroup;
}

int probe_set_cgroup(struct probe *probe, int fd, struct error *err)
{
	__u32 first = 0, value = (__u32)fd;
	int ret = bpf_map__update_elem(probe->skel->maps.group, &first, sizeof(first), &value,
				       sizeof(value), 0);

	return ret ? error_set(err, ret,
			       "--cgroup: the kernel cannot tell who is in the group: %s; name the "
			       "processes with -p",
			       strerror(-ret))
		   : 0;
}

int probe_event_error(const struct probe *probe, size_t event)
{
	const struct event_points *events = &probe->marks.events;

	return event < events->count && events->links[event] < 0 ? events->links[event] : 0;
}

void probe_enable(struct probe *probe, bool enable)
{
	__atomic_store_n(&probe->skel->bss->enabled, enable, __ATOMIC_RELEASE);
}

void probe_detach(struct probe *probe)
{
	probe_enable(probe, false);
	call_points_end(probe->skel, probe->config.marks);
	probe->detached = true;
	keeper_detach(probe->config.keeper, NULL, 0);
	mark_points_release(&probe->marks);
	for (struct probe *at = probe; at; at = at->next) {
		attach_forget(&at->attach);
		attach_release(&at->attach);
	}
}

int probe_read(struct probe *probe, int (*each)(void *arg, const void *bytes, size_t len),
	       void *arg)
{
	int ret = drain_read(probe->drain, each, arg);
	int failed = probe->detached ? 0 : forget_look(&probe->forget, probe->skel);

	return failed ? failed : ret;
}

int probe_start(struct probe *probe, struct error *err)
{
	return drain_start(probe->drain, err);
}

int probe_fd(const struct probe *probe)
{
	return drain_fd(probe->drain);
}

void probe_demand(struct probe *probe)
{
	drain_demand(probe->drain);
}

bool probe_met(struct probe *probe)
{
	return drain_met(probe->drain);
}

uint32_t probe_epoch(const struct probe *probe)
{
	return __atomic_load_n(&probe->skel->bss->epoch, __ATOMIC_ACQUIRE);
}

bool probe_next_loss(struct probe *probe, struct ft_loss_key *key, struct ft_loss *loss)
{
	return losses_next(&probe->losses, probe->skel->maps.losses, key, loss);
}

int probe_forget(struct probe *probe, uint32_t pid, uint64_t time)
{
	if (probe->detached || !pushdown_keeps_frames(&probe->config.pushdown))
		return 0;
	return forget_process(&probe->forget, probe->skel, pid, time);
}
