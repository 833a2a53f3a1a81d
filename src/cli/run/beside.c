/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* pipe2, close_range, gettid */
#include "cli/run/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the trial found. */
struct verdict {
	int ret;
	bool opened;
	struct error err;
};

/* Two descriptors stay: what is read, and where it is told. The others are ends of pipes and files that
 * somebody waits to see closed. */
static void close_others(int fd, int told)
{
	int low = fd < told ? fd : told, high = fd < told ? told : fd;

	close_range(3, (unsigned int)low - 1, 0);
	if (high - low > 1)
		close_range((unsigned int)low + 1, (unsigned int)high - 1, 0);
	close_range((unsigned int)high + 1, ~0u, 0);
}

static _Noreturn void try(const struct beside *beside, int told, pid_t parent)
{
	struct verdict verdict = {0};
	struct plan *plan;
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	/* What a key on the terminal sends is for the tracer. */
	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	close_others(beside->fd, told);
	prctl(PR_SET_NAME, "ftrace-reader");
	prctl(PR_SET_DUMPABLE, 0);
	verdict.ret = reading_plan(&plan, beside->opt, NULL, beside->fd, beside->name,
				   beside->max_sites, &verdict.opened, &verdict.err);
	/* Less than a pipe holds, and in one piece. */
	_exit(write(told, &verdict, sizeof(verdict)) != (ssize_t)sizeof(verdict));
}

static void release(struct beside *beside)
{
	if (beside->fd >= 0)
		close(beside->fd);
	free(beside->name);
	beside->name = NULL;
	beside->fd = -1;
	beside->stage = BESIDE_IDLE;
}

int beside_begin(struct beside *beside, const struct options *opt, int fd, const char *name,
		 size_t max_sites, struct error *err)
{
	pid_t parent = getpid();
	int pipes[2] = {-1, -1};
	int ret;

	*beside =
		(struct beside){.opt = opt, .fd = fd, .name = strdup(name), .max_sites = max_sites};
	if (!beside->name) {
		ret = -ENOMEM;
		goto fail;
	}
	if (pipe2(pipes, O_CLOEXEC)) {
		ret = -errno;
		goto fail;
	}
	beside->pid = fork();
	if (!beside->pid)
		try(beside, pipes[1], parent);
	close(pipes[1]);
	if (beside->pid < 0) {
		ret = -errno;
		goto close_pipe;
	}
	beside->verdict = pipes[0];
	beside->stage = BESIDE_TRIAL;
	reading_limit_begin(&beside->limit, beside->pid, beside->pid);
	return 0;
close_pipe:
	close(pipes[0]);
fail:
	error_set(err, ret, "%s: %s; close something", name, strerror(-ret));
	release(beside);
	return ret;
}

/* It is over, whatever it does: 0 in *status when it ended by itself and well. */
static void end_trial(struct beside *beside, int *status)
{
	kill(beside->pid, SIGKILL);
	while (waitpid(beside->pid, status, 0) < 0 && errno == EINTR)
		continue;
	close(beside->verdict);
}

static int over(struct beside *beside, int ret)
{
	beside->ret = ret;
	release(beside);
	return 1;
}

static void *thread(void *arg)
{
	struct beside *beside = arg;

	reading_limit_begin(&beside->limit, getpid(), gettid());
	atomic_store(&beside->begun, true);
	beside->ret = reading_plan(&beside->plan, beside->opt, NULL, beside->fd, beside->name,
				   beside->max_sites, &beside->opened, &beside->err);
	/* The file may be written to later. */
	if (!beside->ret)
		image_keep(beside->plan->images[0].image);
	atomic_store(&beside->done, true);
	return NULL;
}

static int begin_thread(struct beside *beside)
{
	int ret = -pthread_create(&beside->id, NULL, thread, beside);

	if (ret)
		return over(beside,
			    error_set(&beside->err, ret, "%s: a thread: %s; close something",
				      beside->name, strerror(-ret)));
	beside->stage = BESIDE_THREAD;
	return 0;
}

static int look_at_trial(struct beside *beside)
{
	struct pollfd told = {.fd = beside->verdict, .events = POLLIN};
	struct verdict verdict;
	int status, ret;

	if (poll(&told, 1, 0) <= 0) {
		ret = reading_limit_check(&beside->limit);
		if (!ret)
			return 0;
		end_trial(beside, &status);
		return over(beside, reading_limit_say(beside->name, ret, &beside->err));
	}
	ret = read(beside->verdict, &verdict, sizeof(verdict)) == (ssize_t)sizeof(verdict);
	end_trial(beside, &status);
	if (!ret)
		return over(beside,
			    error_set(&beside->err, -EIO,
				      "%s: its reader was killed or crashed; build it again",
				      beside->name));
	beside->opened = verdict.opened;
	if (!verdict.ret)
		return begin_thread(beside);
	beside->err = verdict.err;
	return over(beside, verdict.ret);
}

int beside_look(struct beside *beside)
{
	if (beside->stage == BESIDE_TRIAL)
		return look_at_trial(beside);
	if (beside->stage == BESIDE_IDLE)
		return 0;
	if (atomic_load(&beside->done)) {
		pthread_join(beside->id, NULL);
		return over(beside, beside->ret);
	}
	/* Memory is the tracer's as a whole here; the trial has shown what this file takes. */
	if (!atomic_load(&beside->begun))
		return 0;
	return reading_limit_check(&beside->limit) == -ETIME ? -ETIME : 0;
}

bool beside_end(struct beside *beside)
{
	int status;

	if (beside->stage == BESIDE_TRIAL) {
		end_trial(beside, &status);
		release(beside);
	} else if (beside->stage == BESIDE_THREAD) {
		if (!atomic_load(&beside->done))
			return true;
		pthread_join(beside->id, NULL);
		plan_free(beside->ret ? NULL : beside->plan);
		release(beside);
	}
	return false;
}
