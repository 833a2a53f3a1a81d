#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Containers of one image on one host, as a pod's: each has namespaces, a root and an upper layer of its own,
# and the file that they run is one.

load lib
load steps

setup()
{
	require_root
	probes_remember
	TMP=$BATS_TEST_TMPDIR
	mkdir "$TMP/layer" "$TMP/layer/proc"
	TALLY=$(CGO_ENABLED=0 build_go "$ROOT/tests/live/programs/tally" tally)
	cp "$TALLY" "$TMP/layer/tally"
	OUTPUTS=()
}

teardown()
{
	stop_all
	no_probes_left
}

# container NAME: its first process makes its calls when /0 is there. Sets ROOT_OF_NAME and PID_NAME.
container()
{
	mkdir -p "$TMP/$1/upper" "$TMP/$1/work" "$TMP/$1/m"
	start unshare --pid --fork --kill-child --mount --propagation private sh -c '
		mount -t overlay -o "lowerdir=$1/layer,upperdir=$1/$2/upper,workdir=$1/$2/work" overlay "$1/$2/m" &&
			mount -t proc proc "$1/$2/m/proc" && exec chroot "$1/$2/m" /tally wait /0' - "$TMP" "$1"
	OUTPUTS+=("$STARTED_OUT")
	wait_for 20 pgrep -P "$STARTED_PID" tally >"$TMP/first"
	declare -g "PID_$1=$(pgrep -P "$STARTED_PID")" "ROOT_OF_$1=/proc/$(pgrep -P "$STARTED_PID")/root"
	wait_for 20 test -e "/proc/$(pgrep -P "$STARTED_PID")/root/0.up"
}

# within NAME WORD...: one more process in it, with these arguments.
within()
{
	local pid=PID_$1

	start nsenter --target "${!pid}" --mount --pid --root --wd=/ /tally "${@:2}"
	OUTPUTS+=("$STARTED_OUT")
}

# report: what all programs counted themselves, one function a line: "FUNC CALLS".
report()
{
	cat "${OUTPUTS[@]}" | awk '$1 ~ /^main/ { n[$1] += $2 } END { for (f in n) print f, n[f] }' | sort
}

all_reported() { [ "$(cat "${OUTPUTS[@]}" | grep -c '^main.round ')" = ${#OUTPUTS[@]} ]; }

@test "two containers, twenty processes, started before and during the trace" {
	container a
	container b
	for i in 1 2 3 4; do
		within a wait "/$i"
		within b wait "/$i"
	done
	for i in 1 2 3 4; do
		wait_for 20 test -e "$ROOT_OF_a/$i.up"
		wait_for 20 test -e "$ROOT_OF_b/$i.up"
	done
	start_traced --format=jsonl --buffer 64M -r '^main.(check|find|late|plain|nest|throw|catch|round)$' "$ROOT_OF_a/tally"
	expect "$CHATTER" "; 10 processes; Ctrl-C ends"
	for i in 0 1 2 3 4; do
		# These have ended before anybody can ask them for their path.
		within a 40 2
		touch "$ROOT_OF_a/$i" "$ROOT_OF_b/$i"
		within b 40 2
	done
	wait_for 60 all_reported
	exe_of_a=$(readlink "/proc/$PID_a/exe")
	stop "$TRACER" INT
	sound "$TRACE"
	nothing_lost "$TRACE"
	json '[.[] | select(.type == "call") | .func] | group_by(.)[] | "\(.[0]) \(length)"' "$TRACE" | sort >"$TMP/traced"
	diff <(report) "$TMP/traced"
	expect_json '[.[] | select(.type == "process") | .pid] | length, (unique | length)' "$(printf '20\n20')" "$TRACE"
	expect_json '[.[] | select(.type == "call" and .end != "return" and .end != "tail" and .func != "main.throw") |
		.func] | unique' '[]' "$TRACE"
	expect_json ".[] | select(.type == \"process\" and .pid == $PID_a) | .exe" "$exe_of_a" "$TRACE"
	expect_json '[.[] | select(.type == "process") | .exe] | group_by(.) | map(length)' '[10,10]' "$TRACE"
	# The PIDs are of our namespace, and beside them are theirs.
	expect_json "[.[] | select(.pid == $PID_a and .type == \"process\") | .nspid]" '[1]' "$TRACE"
}

@test "-p, list and BINARY by the path in the other root; ftrace inside of one of them" {
	container a
	container b
	within a wait /1
	wait_for 20 test -e "$ROOT_OF_a/1.up"
	start_traced --format=jsonl -u main.round -p "$PID_b"
	expect "$CHATTER" "; 1 process; Ctrl-C ends"
	touch "$ROOT_OF_a/0" "$ROOT_OF_b/0" "$ROOT_OF_a/1"
	wait_for 60 all_reported
	stop "$TRACER" INT
	expect_json '[.[] | select(.type == "call") | .pid] | group_by(.) | map([.[0], length])' "[[$PID_b,100]]" "$TRACE"
	traced 0 list -u main.round "$ROOT_OF_b/tally"
	traced 0 list -u main.round -p "$PID_a,$PID_b"
	[ "$(grep -c main.round "$FTRACE_OUT")" = 1 ]
	# What runs in the other one is hit, and has no PID in here.
	container c
	container d
	start nsenter --target "$PID_c" --pid unshare --mount --propagation private sh -c 'mount -t proc proc /proc && exec "$@"' - \
		"$FTRACE" --format=jsonl -u main.round -o "$TMP/trace" "$TMP/layer/tally"
	wait_for 20 attached "$STARTED_ERR"
	expect "$STARTED_ERR" "; 1 process; Ctrl-C ends"
	touch "$ROOT_OF_c/0" "$ROOT_OF_d/0"
	seen() { [ "$(grep -c main.round "$TMP/trace")" = 100 ]; }
	wait_for 60 seen
	wait_for 60 all_reported
	kill "$(pgrep -P "$STARTED_PID")"
	ended 0 "$STARTED_PID"
	expect_json '[.[] | select(.type == "call") | .pid] | group_by(.) | map([.[0], length])' "[[1,100]]" "$TMP/trace"
}

@test "what has ended before anybody could ask it is never shown under another container's path" {
	container a
	start_traced --format=jsonl -u main.round "$ROOT_OF_a/tally"
	# Whatever happens now is read when it is over.
	kill -STOP "$TRACER"
	container b
	within b 2 1
	ended 0 "$STARTED_PID"
	exe_of_b=$(readlink "/proc/$PID_b/exe")
	container c
	within c 3 1
	ended 0 "$STARTED_PID"
	kill -KILL "$PID_c"
	wait_for 20 has_ended "$PID_c"
	kill -CONT "$TRACER"
	seen() { [ "$(grep -c '"func":"main.round"' "$TRACE")" = 5 ]; }
	wait_for 20 seen
	stop "$TRACER" INT
	# Of the one another process of the same root could be asked, of the other nothing was left.
	runs() { echo "map(select(.type == \"call\").pid) | group_by(.)[] | select(length == $1)[0]"; }
	expect_json "($(runs 2)) as \$pid | .[] | select(.type == \"process\" and .pid == \$pid) | .exe" "$exe_of_b" "$TRACE"
	expect_json "($(runs 3)) as \$pid | .[] | select(.type == \"process\" and .pid == \$pid) | .exe" tally "$TRACE"
}
