/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * debugger: attaches to all threads of a process, as a debugger does, and steps through them instruction by
 * instruction.
 *
 *     debugger PID STEPS
 *
 * Says "attached", and "stepped N, M at breakpoints" when the threads have taken STEPS steps together, M of
 * them beginning at an int3 that somebody else has put there, or more steps until M is not 0; then all run
 * freely. At SIGTERM it detaches. It ends with 0 also when the process does, and with 1 when a thread
 * stopped for a SIGTRAP that never took a step.
 */
#define _GNU_SOURCE /* __WALL */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS   1024
#define TRAP_FLAG 0x100l /* TF of the flags register */

static volatile sig_atomic_t told;

static struct {
	pid_t tid;
	/* A SIGTRAP is the end of a step; where the kernel stepped for a probe it may tell that twice. */
	bool stepped;
} threads[THREADS];
static size_t nthreads;

static void die(const char *what)
{
	fprintf(stderr, "debugger: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* It may come right before waitpid(), which would then go on waiting: so it comes again. */
static void on_term(int sig)
{
	(void)sig;
	told = 1;
	alarm(1);
}

static size_t find(pid_t tid)
{
	size_t i = 0;

	while (i < nthreads && threads[i].tid != tid)
		i++;
	if (i == THREADS)
		die("too many threads");
	if (i == nthreads)
		threads[nthreads++].tid = tid;
	return i;
}

/* Threads begin while the others are looked up: until no new one is found. */
static void attach(pid_t pid)
{
	char path[64];
	bool again = true;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	while (again) {
		DIR *dir = opendir(path);
		struct dirent *entry;

		again = false;
		while (dir && (entry = readdir(dir))) {
			pid_t tid = atoi(entry->d_name);
			size_t before = nthreads;

			if (tid <= 0 || find(tid) < before)
				continue;
			again = true;
			if (ptrace(PTRACE_SEIZE, tid, NULL, PTRACE_O_TRACECLONE)) {
				/* Gone already, or the kernel has attached to it as to a new thread. */
				if (errno != ESRCH && errno != EPERM)
					die("seize");
				continue;
			}
			if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL))
				die("interrupt");
		}
		if (!dir)
			die(path);
		closedir(dir);
	}
}

static bool at_breakpoint(pid_t tid)
{
	long ip = ptrace(PTRACE_PEEKUSER, tid, offsetof(struct user_regs_struct, rip), NULL);
	long word = ptrace(PTRACE_PEEKTEXT, tid, ip, NULL);

	return (word & 0xff) == 0xcc;
}

/* Is the end of a step still to be told? A thread that stepped into a system call is taken out of it by
 * PTRACE_INTERRUPT, stops for that first, and would die of the SIGTRAP when nobody traces it any more. */
static bool step_pending(pid_t tid)
{
	struct __ptrace_peeksiginfo_args which = {.nr = 32};
	siginfo_t infos[32];
	long count = ptrace(PTRACE_PEEKSIGINFO, tid, &which, infos);

	while (count-- > 0)
		if (infos[count].si_signo == SIGTRAP)
			return true;
	return false;
}

/*
 * Lets a thread run without steps. Where the kernel stepped the instruction under a probe for a thread that
 * was being stepped anyhow it leaves the trap flag set, and takes it for the program's own from then on.
 */
static void release(pid_t tid, bool for_good, int sig)
{
	size_t flags = offsetof(struct user_regs_struct, eflags);
	long value = ptrace(PTRACE_PEEKUSER, tid, flags, NULL);

	ptrace(PTRACE_POKEUSER, tid, flags, value & ~TRAP_FLAG);
	ptrace(for_good ? PTRACE_DETACH : PTRACE_CONT, tid, NULL, sig);
}

/* Lets every thread go that stops from now on, and makes those stop that do not. */
static int detach(void)
{
	for (size_t i = 0; i < nthreads; i++)
		ptrace(PTRACE_INTERRUPT, threads[i].tid, NULL, NULL);
	for (size_t left = nthreads; left;) {
		int status, sig = 0;
		pid_t tid = waitpid(-1, &status, __WALL);

		if (tid < 0 && errno != EINTR)
			return 0;
		if (tid < 0)
			continue;
		if (WIFSTOPPED(status)) {
			/* A signal is its own; a stop that ptrace has made is nobody's. */
			if (status >> 16 == 0 && WSTOPSIG(status) != SIGTRAP)
				sig = WSTOPSIG(status);
			release(tid, !step_pending(tid), sig);
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = on_term};
	long steps = argc == 3 ? atol(argv[2]) : 0, taken = 0, hits = 0;
	int status;

	if (steps <= 0) {
		fprintf(stderr, "usage: debugger PID STEPS\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	attach(atoi(argv[1]));
	printf("attached\n");
	while (!told) {
		pid_t tid = waitpid(-1, &status, __WALL);
		bool step = taken < steps || !hits;
		int sig = 0;
		size_t i;

		if (tid < 0 && errno == ECHILD)
			return 0;
		if (tid < 0 || !WIFSTOPPED(status))
			continue;
		i = find(tid);
		if (status >> 16 == PTRACE_EVENT_STOP && WSTOPSIG(status) != SIGTRAP) {
			ptrace(PTRACE_LISTEN, tid, NULL, NULL);
			continue;
		}
		if (status >> 16 == 0 && WSTOPSIG(status) != SIGTRAP)
			sig = WSTOPSIG(status);
		else if (status >> 16 == 0 && !threads[i].stepped)
			die("a SIGTRAP from nowhere");
		if (step) {
			hits += at_breakpoint(tid);
			if (++taken >= steps && hits)
				printf("stepped %ld, %ld at breakpoints\n", taken, hits);
		}
		threads[i].stepped |= step;
		if (step)
			ptrace(PTRACE_SINGLESTEP, tid, NULL, sig);
		else
			release(tid, false, sig);
	}
	return detach();
}
