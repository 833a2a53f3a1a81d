#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The trace against the target's own log, case by case (tests/targets/cases). Where a trace agrees
# it is then made wrong in each way there is, and has to be refused each time.

load lib
load truth

setup_file()
{
	truth_tools
}

setup()
{
	require_root
	probes_remember
}

teardown()
{
	stop_all
	no_probes_left
}

@test "every case of the table that is not long has its test here" {
	diff <(truth_cases | grep -vxF "$(truth_long)") <(sed -n 's/^@test "truth: .*" { truth \(.*\); }$/\1/p' "$BATS_TEST_FILENAME")
}

@test "truth: the stack grows in the prologue, in each of its three forms" { truth growth; }
@test "truth: the stack is copied between entry and exit" { truth copied; }
@test "truth: preemption at the prologue, one processor" { truth preempt-1; }
@test "truth: preemption at the prologue, two processors" { truth preempt-2; }
@test "truth: preemption at the prologue, eight processors" { truth preempt-8; }
@test "truth: panics, recovered in every way" { truth panics; }
@test "truth: a call that panics again and again at one depth" { truth safe; }
@test "truth: the same with nothing else traced" { truth safe-one; }
@test "truth: runtime.Goexit and its defers" { truth goexit; }
@test "truth: a panic that ends the process" { truth fatal-panic; }
@test "truth: os.Exit inside traced calls" { truth fatal-exit; }
@test "truth: the runtime gives up inside traced calls" { truth fatal-throw; }
@test "truth: SIGKILL inside traced calls" { truth fatal-kill; }
@test "truth: open-coded, stack and heap defers, and results they change" { truth defers; }
@test "truth: direct and mutual recursion, also through others" { truth recursion; }
@test "truth: closures, method values, generics" { truth names; }
@test "truth: methods that jump" { truth wrappers; }
@test "truth: assembly, nosplit and frameless functions" { truth asm; }
@test "truth: functions that never return" { truth forever; }
@test "truth: beside a function that is inlined" { truth inlined; }
@test "truth: beside functions of the scheduler's stack" { truth sched; }
@test "truth: beside the whole runtime" { truth runtime; }
@test "truth: calls to C and from threads of C" { truth cgo; }
@test "truth: 100 000 goroutines at once" { truth many; }
@test "truth: 5 000 goroutines at once" { truth many-some; }
@test "truth: goroutines that end while traced" { truth short; }
@test "truth: goroutines that change threads inside each call" { truth migrate; }
@test "truth: several processes of one binary, and their children" { truth family; }
@test "truth: a process that replaces itself" { truth reexec; }
@test "truth: attached while calls are running" { truth midflight; }
@test "truth: detached while calls are running" { truth leave; }
@test "truth: beside syscall.*, with children on their parent's memory" { truth vfork; }
@test "truth: signals while calls are running" { truth signals; }
@test "truth: beside the signal handler" { truth handler; }
@test "truth: more events than the ring holds" { truth loss; }

@test "list tells which function was inlined, and where" {
	bin=$(build_go "$ROOT/tests/targets/inlined" inlined)
	run_ftrace list --format=jsonl -u 'main.traced*' "$bin"
	expect_json '.[] | select(.func == "main.tracedSmall") | .type, (.reason | test("main.go:18"))' \
		$'skipped\ntrue'
	expect_json '.[] | select(.func == "main.tracedUser") | .type' probe
}

# Its own mapping of the file must not get the breakpoints of the first.
@test "a second tracer finds the code as the file has it" {
	local bin

	bin=$(build_go "$ROOT/tests/targets/safe" safe)
	run_ftrace list -u 'main.traced*' "$bin"
	mv "$FTRACE_OUT" "$BATS_TEST_TMPDIR/before"
	start "$FTRACE" -o /dev/null -u 'main.traced*' "$bin"
	wait_for 20 attached "$STARTED_ERR"
	run_ftrace list -u 'main.traced*' "$bin"
	diff "$BATS_TEST_TMPDIR/before" "$FTRACE_OUT"
	stop "$STARTED_PID" INT
}
