#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# One file or two is what the kernel makes of it: mounts of one overlay layer, bind mounts, hard links,
# subvolumes, other mount namespaces. Each hit is recorded once, under its own process' path.

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
	MOUNTS=()
	LAYER=$TMP/lower
	mkdir "$LAYER"
	cp "$STEPS" "$LAYER/lab"
}

teardown()
{
	local at

	stop_all
	for ((at = ${#MOUNTS[@]} - 1; at >= 0; at--)); do
		wait_for 20 umount "${MOUNTS[at]}" 2>"$TMP/umount"
	done
	no_probes_left
}

# mounted DIR OPTION...: mounts something there until the test ends.
mounted()
{
	local dir=$1

	shift
	[ -e "$dir" ] || mkdir -p "$dir"
	mount "$@" "$dir" || return 1
	MOUNTS+=("$dir")
}

# container NAME: an overlay over the layer, with an upper layer of its own, in $TMP/NAME/m.
container()
{
	mkdir -p "$TMP/$1/upper" "$TMP/$1/work"
	mounted "$TMP/$1/m" -t overlay \
		-o "lowerdir=$LAYER,upperdir=$TMP/$1/upper,workdir=$TMP/$1/work" overlay
}

# runs NAME PROGRAM [WAIT-FOR [CALLS]]: a process that makes CALLS (3) calls of main.work when $TMP/go is there,
# and then waits for the end. Sets $PID_NAME.
runs()
{
	start "$2" touch "$TMP/$1.up" await "$TMP/${3:-go}" work "${4:-3}" touch "$TMP/$1.done" await "$TMP/end"
	declare -g "PID_$1=$STARTED_PID"
	wait_for 10 test -e "$TMP/$1.up"
}

# done_all NAME...: they have made their calls.
done_all()
{
	local name

	for name; do
		wait_for 20 test -e "$TMP/$name.done"
	done
}

# executables: what the trace says of each process that it shows, in order of the PIDs: "PID EXE".
executables()
{
	json '[.[] | select(.type == "process")] | sort_by(.pid)[] | "\(.pid) \(.exe)"' "$TRACE"
}

# calls_of PID: how often the trace has main.work of it, all of them with an end of its own.
calls_of()
{
	json "[.[] | select(.func == \"main.work\" and .pid == $1 and .end == \"return\")] | length" "$TRACE"
}

# code PID [FILE]: a checksum of the process' code; with FILE of the same bytes in there.
code()
{
	local range flags offset rest first last

	read -r range flags offset rest < <(grep -m 1 ' r-xp ' "/proc/$1/maps") || return 1
	first=$((16#${range%-*})) last=$((16#${range#*-})) offset=$((16#$offset))
	if [ $# = 1 ]; then
		dd if="/proc/$1/mem" bs=64K iflag=skip_bytes,count_bytes skip=$first count=$((last - first))
	else
		dd if="$2" bs=64K iflag=skip_bytes,count_bytes skip=$offset count=$((last - first))
	fi 2>/dev/null | sha256sum
}

# pays PID: it has breakpoints in its code.
pays()
{
	[ "$(code "$1")" != "$(code "$1" "$STEPS")" ]
}

@test "two overlays of one layer, -p both: each hit once, each process under its own path" {
	container a
	container b
	runs a "$TMP/a/m/lab"
	runs b "$TMP/b/m/lab"
	start_traced --format=jsonl -u main.work -p "$PID_a,$PID_b"
	expect "$CHATTER" ": 1 function, 1 entry, 1 exit; 2 processes; Ctrl-C ends"
	touch "$TMP/go"
	done_all a b
	stop "$TRACER" INT
	sound "$TRACE"
	[ "$(count main.work "$TRACE")" = 6 ]
	[ "$(calls_of "$PID_a") $(calls_of "$PID_b")" = "3 3" ]
	[ "$(executables)" = "$(printf '%s\n' "$PID_a $TMP/a/m/lab" "$PID_b $TMP/b/m/lab" | sort -n)" ]
}

@test "two overlays of one layer, -p one: the other is neither recorded nor pays" {
	container a
	container b
	runs a "$TMP/a/m/lab"
	runs b "$TMP/b/m/lab"
	start_traced --format=jsonl -u main.work -p "$PID_a"
	expect "$CHATTER" "; 1 process; Ctrl-C ends"
	! grep 'other process' "$CHATTER" || fail "nobody else pays"
	pays "$PID_a"
	! pays "$PID_b" || fail "the other process has breakpoints"
	touch "$TMP/go"
	done_all a b
	stop "$TRACER" INT
	[ "$(count main.work "$TRACE") $(calls_of "$PID_a")" = "3 3" ]
}

@test "-p one of two, where the kernel's PID filter does not serve: it says who else pays" {
	container a
	container b
	runs a "$TMP/a/m/lab"
	runs b "$TMP/b/m/lab"
	FTRACE_WITHOUT=pid_filter start_traced --format=jsonl -u main.work -p "$PID_a"
	expect "$CHATTER" "ftrace: 1 other process runs the same file and pays for the probes, too"
	pays "$PID_b"
	touch "$TMP/go"
	done_all a b
	stop "$TRACER" INT
	[ "$(count main.work "$TRACE") $(calls_of "$PID_a")" = "3 3" ]
}

@test "--exec where others run the file: it says that they pay" {
	container a
	runs a "$TMP/a/m/lab"
	runs b "$LAYER/lab"
	touch "$TMP/go"
	done_all a b
	container c
	traced 0 --format=jsonl -u main.work --exec "$TMP/c/m/lab" -- work 5
	expect "$FTRACE_ERR" "ftrace: 2 other processes run the same file and pay for the probes, too"
	[ "$(count main.work)" = 5 ]
	traced 0 -q --format=jsonl -u main.work --exec "$TMP/c/m/lab" -- work 5
	[ ! -s "$FTRACE_ERR" ]
}

@test "BINARY in one overlay: all that run it, in whatever mount, also later" {
	container a
	container b
	mkdir "$TMP/else"
	ln "$LAYER/lab" "$TMP/lower/hard"
	touch "$TMP/else/bound"
	mounted "$TMP/else/bound" --bind "$LAYER/lab"
	runs a "$TMP/a/m/lab"
	runs b "$TMP/b/m/lab"
	runs hard "$TMP/b/m/hard"
	runs bound "$TMP/else/bound"
	runs layer "$LAYER/lab"
	runs same "$STEPS"
	start_traced --format=jsonl -u main.work "$TMP/a/m/lab"
	expect "$CHATTER" "; 5 processes; Ctrl-C ends"
	container late
	runs late "$TMP/late/m/lab"
	touch "$TMP/go"
	done_all a b hard bound layer same late
	stop "$TRACER" INT
	sound "$TRACE"
	[ "$(count main.work "$TRACE")" = 18 ]
	[ "$(executables)" = "$(printf '%s\n' "$PID_a $TMP/a/m/lab" "$PID_b $TMP/b/m/lab" "$PID_hard $TMP/b/m/hard" \
		"$PID_bound $TMP/else/bound" "$PID_layer $LAYER/lab" "$PID_late $TMP/late/m/lab" | sort -n)" ]
}

@test "a file that one overlay has copied up is another file" {
	container a
	container b
	touch "$TMP/a/m/lab"
	runs a "$TMP/a/m/lab"
	runs b "$TMP/b/m/lab"
	start_traced --format=jsonl -u main.work -p "$PID_a"
	expect "$CHATTER" "; 1 process; Ctrl-C ends"
	FIRST=$TRACER
	start_traced --format=jsonl -u main.work "$TMP/b/m/lab"
	expect "$CHATTER" "; 1 process; Ctrl-C ends"
	touch "$TMP/go"
	done_all a b
	stop "$TRACER" INT
	[ "$(executables) $(count main.work "$TRACE")" = "$PID_b $TMP/b/m/lab 3" ]
	stop "$FIRST" INT
	TRACE=${TRACE%/*}/2.out
	[ "$(executables) $(count main.work "$TRACE")" = "$PID_a $TMP/a/m/lab 3" ]
}

@test "copied up while it runs: no path leads to what runs, and that is said" {
	container a
	container b
	runs a "$TMP/a/m/lab"
	runs b "$TMP/b/m/lab"
	chmod 700 "$TMP/a/m/lab"
	refused 1 "PID $PID_a: its file is another one by now, copied up by its overlay; restart it" -p "$PID_a"
	start_traced --format=jsonl -u main.work "$TMP/a/m/lab"
	expect "$CHATTER" "; 0 processes; Ctrl-C ends"
	expect "$CHATTER" "ftrace: PID $PID_a: it runs an older file of that name, and is not traced: its file is another"
	stop "$TRACER" INT
	# Where the path still leads to it, both are found.
	start_traced --format=jsonl -u main.work "$TMP/b/m/lab"
	expect "$CHATTER" "; 2 processes; Ctrl-C ends"
	touch "$TMP/go"
	done_all a b
	stop "$TRACER" INT
	[ "$(count main.work "$TRACE") $(calls_of "$PID_a")" = "6 3" ]
}

@test "deleted, renamed, and replaced files in an overlay" {
	container a
	container b
	runs a "$TMP/a/m/lab"
	runs b "$TMP/b/m/lab"
	mv "$TMP/b/m/lab" "$TMP/b/m/renamed"
	rm "$TMP/a/m/lab"
	cp "$(build_go "$ROOT/tests/live/programs/steps" other local -ldflags=-w)" "$TMP/a/m/lab"
	runs new "$TMP/a/m/lab"
	# The new file, the old one that had its name, and what else runs that.
	start_traced --format=jsonl -u main.work "$TMP/a/m/lab"
	expect "$CHATTER" " and 1 more: 2 functions, 2 entries, 2 exits; 3 processes; Ctrl-C ends"
	touch "$TMP/go"
	done_all a b new
	stop "$TRACER" INT
	sound "$TRACE"
	[ "$(count main.work "$TRACE")" = 9 ]
	[ "$(executables)" = "$(printf '%s\n' "$PID_a $TMP/a/m/lab (deleted)" "$PID_b $TMP/b/m/renamed" \
		"$PID_new $TMP/a/m/lab" | sort -n)" ]
}

@test "btrfs: two subvolumes with files of the same number are two, two mounts of one are one" {
	truncate -s 200M "$TMP/img"
	mkfs.btrfs -q "$TMP/img"
	mounted "$TMP/disk" -o loop "$TMP/img" || skip "no btrfs from a loop device on this machine"
	btrfs -q subvolume create "$TMP/disk/one"
	btrfs -q subvolume create "$TMP/disk/two"
	cp "$STEPS" "$TMP/disk/one/lab"
	cp "$STEPS" "$TMP/disk/two/lab"
	[ "$(stat -c %i "$TMP/disk/one/lab")" = "$(stat -c %i "$TMP/disk/two/lab")" ]
	mounted "$TMP/mine" -o loop,subvol=one "$TMP/img"
	runs disk "$TMP/disk/one/lab"
	runs mine "$TMP/mine/lab"
	runs two "$TMP/disk/two/lab"
	start_traced --format=jsonl -u main.work "$TMP/mine/lab"
	expect "$CHATTER" "; 2 processes; Ctrl-C ends"
	touch "$TMP/go"
	done_all disk mine two
	stop "$TRACER" INT
	[ "$(count main.work "$TRACE")" = 6 ]
	[ "$(executables)" = "$(printf '%s\n' "$PID_disk $TMP/disk/one/lab" "$PID_mine $TMP/mine/lab" | sort -n)" ]
	start_traced --format=jsonl -u main.work -p "$PID_disk,$PID_two"
	expect "$CHATTER" " and 1 more: 2 functions, 2 entries, 2 exits; 2 processes; Ctrl-C ends"
	stop "$TRACER" INT
	touch "$TMP/end"
	ended 0 "$PID_disk"
	ended 0 "$PID_mine"
	ended 0 "$PID_two"
}

@test "a position independent executable in an overlay: callers, and errors by their types" {
	cp "$(build_go "$ROOT/tests/live/programs/tally" pie local -buildmode=pie)" "$LAYER/pie"
	container a
	container b
	start "$TMP/a/m/pie" wait "$TMP/first"
	start "$TMP/b/m/pie" wait "$TMP/second"
	wait_for 20 test -e "$TMP/first.up" -a -e "$TMP/second.up"
	start_traced --format=jsonl -u main.check -s 2 "$TMP/b/m/pie"
	expect "$CHATTER" "; 2 processes; Ctrl-C ends"
	touch "$TMP/first" "$TMP/second"
	seen() { [ "$(grep -c main.check "$TRACE")" = 200 ]; }
	wait_for 60 seen
	stop "$TRACER" INT
	expect_json '[.[] | select(.type == "call") | .stack | map(.func)] | unique' '[["main.round","main.rounds.func1"]]' "$TRACE"
	expect_json '[.[] | select(.type == "call") | .results[0].value.text] | group_by(.) | map([.[0], length])' \
		'[[null,132],["a third",68]]' "$TRACE"
}

@test "where the kernel does not tell, files go by what stat says" {
	runs a "$STEPS"
	runs b "$LAYER/lab"
	FTRACE_WITHOUT=inodes start_traced --format=jsonl -u main.work "$LAYER/lab"
	expect "$CHATTER" "; 1 process; Ctrl-C ends"
	touch "$TMP/go"
	done_all a b
	stop "$TRACER" INT
	[ "$(executables) $(count main.work "$TRACE")" = "$PID_b $LAYER/lab 3" ]
}
