#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# PID namespaces: PIDs are those that ftrace's own namespace has.

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
}

teardown()
{
	stop_all
	no_probes_left
}

inside() { unshare --pid --fork --kill-child --mount-proc "$@"; }

@test "ftrace inside a PID namespace: --exec" {
	inside "$FTRACE" --format=jsonl -u main.work --exec "$STEPS" -- work 3 each 2 >"$TMP/trace" 2>"$TMP/err" 3>&-
	sound "$TMP/trace"
	[ "$(count main.work "$TMP/trace")" = 5 ]
	expect_json '[.[] | select(.type == "process")] | length' 1 "$TMP/trace"
	expect_json '[.[] | select(.type == "call") | .pid < 100 and .tid < 100] | unique' '[true]' "$TMP/trace"
	pid=$(sed -n 's/.*started as PID //p' "$TMP/err")
	expect_json '[.[] | select(.type == "call" or .type == "process") | .pid] | unique' "[$pid]" "$TMP/trace"
	expect_json '[.[] | .nspid // empty]' '[]' "$TMP/trace"
}

@test "ftrace inside a PID namespace: -p and BINARY" {
	cat >"$TMP/run" <<-'EOF'
		until_there() { while [ ! -e "$1" ]; do :; done; }
		"$STEPS" touch "$TMP/up" await "$TMP/go" work 3 touch "$TMP/done" await "$TMP/end" &
		target=$!
		until_there "$TMP/up"
		"$FTRACE" --format=jsonl -u main.work $WAY >"$TMP/trace" 2>"$TMP/err" &
		tracer=$!
		while ! grep -qs "Ctrl-C ends" "$TMP/err"; do kill -0 $tracer || exit 3; done
		touch "$TMP/go"
		until_there "$TMP/done"
		"$STEPS" work 5
		kill -TERM $tracer
		wait $tracer || exit 4
		touch "$TMP/end"
		wait $target || exit 5
		echo $target >"$TMP/pid"
	EOF
	export STEPS FTRACE TMP WAY
	WAY=$STEPS inside sh "$TMP/run" 3>&-
	sound "$TMP/trace"
	pid=$(cat "$TMP/pid")
	expect_json "[.[] | select(.func == \"main.work\" and .pid == $pid)] | length" 3 "$TMP/trace"
	[ "$(count main.work "$TMP/trace")" = 8 ]
	rm "$TMP/up" "$TMP/go" "$TMP/done" "$TMP/end" "$TMP/err"
	# The PID of the process is the same again: it is counted anew in each namespace.
	WAY="-p $pid" inside sh "$TMP/run" 3>&-
	[ "$(cat "$TMP/pid")" = "$pid" ]
	[ "$(count main.work "$TMP/trace")" = 3 ]
}

@test "a target in another PID namespace: its PID here, and nspid there" {
	start_traced --format=jsonl -u main.work "$STEPS"
	start unshare --pid --fork --kill-child --mount-proc "$STEPS" work 3 touch "$TMP/up" await "$TMP/go"
	wait_for 10 test -e "$TMP/up"
	pid=$(pgrep -P "$STARTED_PID")
	wait_for 10 grep -q main.work "$TRACE"
	touch "$TMP/go"
	ended 0 "$STARTED_PID"
	stop "$TRACER" INT
	[ "$(count main.work "$TRACE")" = 3 ]
	expect_json '[.[] | select(.type == "process") | [.pid, .nspid]]' "[[$pid,1]]" "$TRACE"
	expect_json '[.[] | select(.type == "call") | .pid] | unique' "[$pid]" "$TRACE"
}

@test "-p: a target in another PID and mount namespace" {
	cp "$STEPS" "$TMP/prog"
	mkdir "$TMP/root"
	start unshare --pid --fork --kill-child --mount sh -c 'mount -t tmpfs none "$1/root" &&
		cp "$1/prog" "$1/root/prog" && exec "$1/root/prog" touch "$1/up" await "$1/go" work 3 await "$1/end"' - "$TMP"
	wait_for 10 test -e "$TMP/up"
	pid=$(pgrep -P "$STARTED_PID")
	start_traced --format=jsonl -u main.work -p "$pid"
	touch "$TMP/go"
	seen() { [ "$(grep -c main.work "$TRACE")" = 3 ]; }
	wait_for 10 seen
	touch "$TMP/end"
	ended 0 "$TRACER"
	[ "$(count main.work "$TRACE")" = 3 ]
	expect_json '[.[] | select(.type == "process") | [.pid, .nspid]]' "[[$pid,1]]" "$TRACE"
}

@test "a target in a root directory, PID and mount namespace of its own: by its path and by PID" {
	mkdir "$TMP/root"
	CGO_ENABLED=0 build_go "$ROOT/tests/live/programs/steps" static >"$TMP/path"
	cp "$(cat "$TMP/path")" "$TMP/root/prog"
	start unshare --pid --fork --kill-child --mount --root="$TMP/root" /prog touch /up await /go work 3 touch /half await /on work 2
	wait_for 10 test -e "$TMP/root/up"
	pid=$(pgrep -P "$STARTED_PID")
	start_traced --format=jsonl -u main.work "$TMP/root/prog"
	expect "$CHATTER" "; 1 process; Ctrl-C ends"
	touch "$TMP/root/go"
	wait_for 10 test -e "$TMP/root/half"
	stop "$TRACER" INT
	[ "$(count main.work "$TRACE")" = 3 ]
	expect_json '[.[] | select(.type == "process") | [.pid, .nspid, .exe]]' "[[$pid,1,\"$TMP/root/prog\"]]" "$TRACE"
	start_traced --format=jsonl -u main.work -p "$pid"
	touch "$TMP/root/on"
	ended 0 "$TRACER"
	[ "$(count main.work "$TRACE")" = 2 ]
}

@test "a PID namespace inside does not see what is outside" {
	start "$STEPS" touch "$TMP/up" forever
	wait_for 10 test -e "$TMP/up"
	inside "$FTRACE" --format=jsonl -u main.work --max-calls 3 "$STEPS" -- work 2 slow 100 >"$TMP/trace" 2>"$TMP/err" 3>&-
	[ "$(count main.work "$TMP/trace")" = 2 ]
	status=0
	inside "$FTRACE" -p "$STARTED_PID" 2>"$TMP/err" 3>&- || status=$?
	[ "$status" = 1 ]
	grep -qx "ftrace: PID $STARTED_PID: no such process; .*" "$TMP/err"
}

@test "ftrace inside a time namespace: times are those of the day" {
	local before after

	for offset in 1000000 -3; do
		before=$(date +%s%N)
		unshare -T --monotonic "$offset" "$FTRACE" --format=jsonl -u main.work --exec "$STEPS" -- work 3 >"$TMP/trace" 3>&-
		after=$(date +%s%N)
		[ "$(count main.work "$TMP/trace")" = 3 ]
		expect_json "[.[] | select(.type == \"call\" or .type == \"trace\") | .start >= $before and .start <= $after] | unique" \
			'[true]' "$TMP/trace"
	done
}
