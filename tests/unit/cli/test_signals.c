/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/run/signals.h"

/* si_code: who sends it. */
#define BY_KILL     SI_USER
#define BY_TERMINAL SI_KERNEL

/* A program that runs, or not. Signals that are sent to it are held back, and seen by heard(). */
struct scene {
	struct child child;
	struct signals signals;
	int told; /* the program writes which one it got */
};

static void run_program(int tell)
{
	sigset_t all;
	int sig;

	sigfillset(&all);
	while (!sigwait(&all, &sig))
		if (write(tell, &(char){(char)sig}, 1) != 1)
			break;
	_exit(0);
}

static void begin(struct scene *scene, bool program)
{
	int told[2];
	sigset_t all, before;

	*scene = (struct scene){
		.child = {.go = -1, .told = -1},
		.signals = {.fd = -1, .child = &scene->child},
		.told = -1,
	};
	if (!program)
		return;
	assert_int_equal(pipe(told), 0);
	/* From its first moment on. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	scene->child.pid = fork();
	assert_true(scene->child.pid >= 0);
	if (!scene->child.pid)
		run_program(told[1]);
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(told[1]);
	scene->told = told[0];
}

static void end(struct scene *scene)
{
	if (!scene->child.pid)
		return;
	kill(scene->child.pid, SIGKILL);
	if (!scene->child.reaped)
		assert_int_equal(waitpid(scene->child.pid, NULL, 0), scene->child.pid);
	close(scene->told);
}

static void hear(struct scene *scene, int sig, int code)
{
	const struct signalfd_siginfo info = {.ssi_signo = (uint32_t)sig, .ssi_code = code};

	signals_hear(&scene->signals, &info);
}

/* The next signal that the program got; SIGUSR1 is sent behind all others, so that none is waited for in vain. */
static int heard(struct scene *scene)
{
	char sig;

	assert_int_equal(read(scene->told, &sig, 1), 1);
	return sig;
}

static void assert_heard_none(struct scene *scene)
{
	kill(scene->child.pid, SIGUSR1);
	assert_int_equal(heard(scene), SIGUSR1);
}

static void test_without_a_program(void **state)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
	struct scene scene;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		begin(&scene, false);
		hear(&scene, ends[i], BY_KILL);
		assert_true(scene.signals.over);
		assert_false(scene.signals.reopen);
		assert_int_equal(scene.signals.asked, 1);
		assert_int_equal(scene.signals.last, ends[i]);
		assert_int_equal(scene.signals.fatal, 0);
	}
}

static void test_the_first_is_the_programs(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, true);
	hear(&scene, SIGTERM, BY_KILL);
	assert_int_equal(heard(&scene), SIGTERM);
	assert_false(scene.signals.over);
	assert_int_equal(scene.signals.fatal, 0);
	hear(&scene, SIGINT, BY_KILL);
	assert_true(scene.signals.over);
	assert_int_equal(scene.signals.fatal, SIGINT);
	assert_int_equal(scene.signals.asked, 2);
	assert_heard_none(&scene);
	end(&scene);
}

static void test_the_terminal_sends_it_to_both(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, true);
	hear(&scene, SIGINT, BY_TERMINAL);
	assert_false(scene.signals.over);
	assert_heard_none(&scene);
	end(&scene);
	/* Unless the program has a session of its own. */
	begin(&scene, true);
	scene.child.apart = true;
	hear(&scene, SIGINT, BY_TERMINAL);
	assert_int_equal(heard(&scene), SIGINT);
	assert_heard_none(&scene);
	end(&scene);
}

static void test_hangup_by_kill(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, true);
	scene.signals.has_file = true;
	hear(&scene, SIGHUP, BY_KILL);
	assert_true(scene.signals.reopen);
	assert_false(scene.signals.over);
	assert_int_equal(scene.signals.asked, 0);
	assert_heard_none(&scene);
	/* With no file the trace ends, and the program goes on. */
	scene.signals.has_file = scene.signals.reopen = false;
	hear(&scene, SIGHUP, BY_KILL);
	assert_false(scene.signals.reopen);
	assert_true(scene.signals.over);
	assert_int_equal(scene.signals.fatal, 0);
	assert_heard_none(&scene);
	end(&scene);
}

static void test_hangup_of_the_terminal(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, true);
	scene.signals.has_file = true;
	hear(&scene, SIGHUP, BY_TERMINAL);
	assert_int_equal(heard(&scene), SIGHUP);
	assert_false(scene.signals.reopen);
	assert_true(scene.signals.over);
	assert_int_equal(scene.signals.fatal, SIGHUP);
	assert_heard_none(&scene);
	end(&scene);
}

static void test_the_programs_end(void **state)
{
	struct scene scene;
	siginfo_t info;

	(void)state;
	begin(&scene, true);
	hear(&scene, SIGCHLD, BY_KILL);
	assert_false(scene.child.reaped);
	kill(scene.child.pid, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)scene.child.pid, &info, WEXITED | WNOWAIT), 0);
	hear(&scene, SIGCHLD, BY_KILL);
	assert_true(scene.child.reaped);
	assert_int_equal(scene.signals.last, 0);
	assert_false(scene.signals.over);
	/* Nothing is sent to a process that is no more. */
	hear(&scene, SIGINT, BY_KILL);
	assert_true(scene.signals.over);
	assert_int_equal(scene.signals.fatal, 0);
	close(scene.told);
}

static void test_read(void **state)
{
	struct child child = {.go = -1, .told = -1};
	struct signals signals;
	struct error err;

	(void)state;
	assert_int_equal(signals_open(&signals, &child, true, &err), 0);
	signals_read(&signals);
	assert_int_equal(signals.asked, 0);
	raise(SIGINT);
	raise(SIGTERM);
	signals_read(&signals);
	assert_int_equal(signals.asked, 2);
	assert_true(signals.over);
	signals_close(&signals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_a_program),
		cmocka_unit_test(test_the_first_is_the_programs),
		cmocka_unit_test(test_the_terminal_sends_it_to_both),
		cmocka_unit_test(test_hangup_by_kill),
		cmocka_unit_test(test_hangup_of_the_terminal),
		cmocka_unit_test(test_the_programs_end),
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
