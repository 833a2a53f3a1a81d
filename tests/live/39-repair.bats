#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Breakpoints that nobody owns any more are taken away, and no others.

load lib
load harm

setup_file()
{
	build_go "$ROOT/tests/live/programs/busy" busy || :
}

setup()
{
	require_root
	probes_remember
	STRIKE=$BATS_TEST_TMPDIR/strike
	"${CC:-gcc}" -Wall -Wextra -Werror -O2 -o "$STRIKE" "$ROOT/tests/live/programs/strike/strike.c"
	busy_start
	code_is_whole
}

teardown()
{
	stop_all
	no_probes_left
}

# leak: a tracer whose keeper is killed with it just as it attaches: breakpoints are left in the process.
leak()
{
	local tries tracer

	for ((tries = 0; tries < 10; tries++)); do
		# Held until somebody looks.
		# shellcheck disable=SC2016 # that shell's own
		start bash -c 'kill -STOP $$; exec "$@"' - "$FTRACE" -o /dev/null -u '*' -p "$BUSY_PID"
		tracer=$STARTED_PID
		start "$STRIKE" in "$BUSY" "$BUSY_PID" "$tracer" "name=uprobe-keeper of $tracer"
		wait_for 10 grep -q ready "$STARTED_OUT"
		kill -CONT "$tracer"
		wait "$STARTED_PID" || :
		stop "$tracer" KILL || :
		wait_for 10 keeper_is_gone "$tracer"
		code_is_whole || return 0
	done
	fail "no breakpoint was left behind"
}

keeper_is_gone()
{
	! keeper_of "$1" >/dev/null
}

# repairs STATUS ARGUMENT...: its output is in $output.
repairs()
{
	local want=$1

	shift
	run bounded "$FTRACE" repair "$@"
	[ "$status" = "$want" ] || fail "exit status $status: $output"
}

# all_is_well: the program's code is its file's, and it works.
all_is_well()
{
	code_is_whole || fail "breakpoints are left: $output"
	busy_is_alive || fail "$(tail -n 40 "$BUSY_OUT" "$BUSY_ERR")"
}

@test "nothing to do" {
	repairs 0 -p "$BUSY_PID"
	[ "$output" = "0 breakpoints taken away" ] || fail "$output"
}

@test "of one process, of one program, of all, and by the next start" {
	leak
	repairs 0 -p "$BUSY_PID"
	[[ $output =~ "PID $BUSY_PID (busy), $BUSY: "([1-9][0-9]+)" breakpoints taken away" ]] || fail "$output"
	all_is_well
	leak
	repairs 0 "$BUSY"
	[[ $output =~ ([1-9][0-9]+)" breakpoints taken away"$ ]] || fail "$output"
	all_is_well
	leak
	repairs 0
	[[ $output == *"PID $BUSY_PID (busy), $BUSY: "* ]] || fail "$output"
	all_is_well
}

@test "by the next start, and before it traces" {
	leak
	start "$FTRACE" -o /dev/null -u main.handle -p "$BUSY_PID"
	wait_for 30 attached "$STARTED_ERR"
	grep -Eq '^ftrace: took away [1-9][0-9]* breakpoints? that a killed tracer had left$' "$STARTED_ERR" ||
		fail "$(cat "$STARTED_ERR")"
	stop "$STARTED_PID" INT
	all_is_well
}

@test "those of a living tracer stay, beside lost ones" {
	leak
	start "$FTRACE" -o "$BATS_TEST_TMPDIR/trace" -u 'main.*' -p "$BUSY_PID"
	wait_for 30 attached "$STARTED_ERR"
	err=$STARTED_ERR tracer=$STARTED_PID
	repairs 0 -p "$BUSY_PID"
	[[ $output =~ [1-9][0-9]*" breakpoints left: a living tracer's" ]] || fail "$output"
	[[ $output == *"0 breakpoints taken away" ]] || fail "$output"
	before=$(stat -c %s "$BATS_TEST_TMPDIR/trace")
	wait_for 20 bash -c "[ \$(stat -c %s '$BATS_TEST_TMPDIR/trace') -gt $before ]"
	stop "$tracer" INT
	expect "$err" ", 0 lost"
	all_is_well
}

@test "a debugger's stay, and are said" {
	leak
	# Held at the prompt by a FIFO that nobody writes to.
	mkfifo "$BATS_TEST_TMPDIR/prompt"
	start bash -c "exec gdb -q -nx -p $BUSY_PID <'$BATS_TEST_TMPDIR/prompt'"
	gdb=$STARTED_PID
	exec 4>"$BATS_TEST_TMPDIR/prompt"
	echo 'set breakpoint always-inserted on' >&4
	echo 'break runtime.throw' >&4
	wait_for 30 grep -q '^TracerPid:[^0]*[1-9]' "/proc/$BUSY_PID/status"
	wait_for 30 grep -q 'Breakpoint 1 at' "$STARTED_OUT"
	repairs 1 -p "$BUSY_PID"
	[[ $output =~ [1-9][0-9]*" breakpoints left: it is debugged by PID $gdb (gdb); end that, and repair again" ]] ||
		fail "$output"
	[[ $output == *"0 breakpoints taken away" ]] || fail "$output"
	start "$FTRACE" -o /dev/null -u main.handle -p "$BUSY_PID"
	echo continue >&4
	wait_for 30 attached "$STARTED_ERR"
	stop "$STARTED_PID" INT
	[ "$(grep -c "^ftrace: PID $BUSY_PID is traced by $gdb (gdb): " "$STARTED_ERR")" = 2 ] ||
		fail "$(cat "$STARTED_ERR")"
	kill -INT "$BUSY_PID" # gdb takes it, and is at its prompt
	printf '%s\n' 'delete' 'detach' 'quit' >&4
	exec 4>&-
	wait "$gdb" || :
	repairs 0 -p "$BUSY_PID"
	all_is_well
}

@test "what the program wrote into its own code stays" {
	own=$BATS_TEST_TMPDIR/own
	"${CC:-gcc}" -Wall -Wextra -Werror -O2 -o "$own" "$ROOT/tests/live/programs/own/own.c"
	mkfifo "$BATS_TEST_TMPDIR/in"
	start bash -c "exec '$own' <'$BATS_TEST_TMPDIR/in'"
	exec 4>"$BATS_TEST_TMPDIR/in"
	out=$STARTED_OUT pid=$STARTED_PID
	wait_for 10 grep -qx 'ready 0' "$out"
	repairs 0 -p "$pid"
	[[ $output == *": 1 breakpoint left: the program wrote there itself"* ]] || fail "$output"
	repairs 0 "$own"
	repairs 0
	echo >&4
	wait_for 10 grep -qx 'hits 1' "$out"
	exec 4>&-
}

# Written as a debugger does that is killed: the kernel has no uprobe there, and takes one from the file.
@test "one of which the kernel knows nothing, by both kinds of uprobe" {
	local without at

	for without in none uprobe_multi; do
		for name in runtime.throw runtime.fatal; do
			at=$(nm "$BUSY" | awk -v name="$name" '$3 == name { print $1 }')
			printf '\xcc' | dd of="/proc/$BUSY_PID/mem" bs=1 seek=$((16#$at)) conv=notrunc 2>/dev/null
		done
		! code_is_whole
		FTRACE_WITHOUT=$without repairs 0 "$BUSY"
		[[ $output == *": 2 breakpoints taken away"* ]] || fail "$without: $output"
		all_is_well
	done
}

# A tenth of a second for each of them: it is said, and Ctrl-C is heard.
@test "without uprobe_multi a start beside another tracer says what takes it so long" {
	local other
	export FTRACE_WITHOUT=uprobe_multi

	start "$FTRACE" -o /dev/null -u 'main.*' --many -p "$BUSY_PID"
	other=$STARTED_PID
	wait_for 60 attached "$STARTED_ERR"
	start "$FTRACE" -o /dev/null -u main.mix -p "$BUSY_PID"
	wait_for 60 grep -q 'ftrace: finding out which of [0-9]* breakpoints that are there already' "$STARTED_ERR"
	kill -TERM "$STARTED_PID"
	wait "$STARTED_PID"
	expect "$STARTED_ERR" "ftrace: interrupted while breakpoints of before were looked at"
	kill -0 "$other"
	run code_is_whole
	[ "$status" != 0 ]
	stop "$other" TERM
	wait_for 60 code_is_whole
	busy_is_alive
}

@test "usage" {
	repairs 2 -p "$BUSY_PID" x
	repairs 2 "$BUSY" x
	repairs 1 -p 4194303
	[ "$output" = "ftrace: PID 4194303: no such process; look for it with pidof" ] || fail "$output"
	repairs 1 /nonexistent/program
	run setpriv --reuid=65534 --clear-groups "$FTRACE" repair
	[ "$status" = 1 ]
	[[ $output == "ftrace: "*root* ]] || fail "$output"
}
