#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Somebody else stops somebody: the one who reads, the one who is traced, a debugger. All go on afterwards, what
# was lost is counted, and the trace is held against the target's own log.

load lib
load truth

setup_file()
{
	export BATS_TEST_TIMEOUT=1200
	truth_tools
}

setup()
{
	require_root
	probes_remember
	TMP=$BATS_TEST_TMPDIR
	PHASES=$(build_go "$ROOT/tests/targets/phases" phases)
	export TRUTH_DIR=$TMP/logs
	mkdir "$TRUTH_DIR"
}

teardown()
{
	kill -CONT "${STARTED[@]}" 2>/dev/null || :
	stop_all
	no_probes_left
}

# phases ARG...: starts it. Sets TARGET, TARGET_OUT and PHASE.
phases()
{
	start "$PHASES" "$@"
	TARGET=$STARTED_PID
	TARGET_OUT=$STARTED_OUT
	PHASE=0
	wait_for 60 grep -q ready "$TARGET_OUT"
}

# begin_phase, end_phase, phase: the next one.
begin_phase()
{
	PHASE=$((PHASE + 1))
	kill -USR1 "$TARGET"
}

end_phase()
{
	wait_for 200 grep -qx "phase $PHASE" "$TARGET_OUT"
}

phase()
{
	begin_phase
	end_phase
}

# state PID LETTER
state()
{
	grep -q "^State:[[:space:]]*$2" "/proc/$1/status"
}

# halt PID: stops it, and waits until it is.
halt()
{
	kill -STOP "$1"
	wait_for 20 state "$1" '[Tt]'
}

# has COUNT FUNCTION: the trace has as many calls of it.
has()
{
	[ "$(grep -c "\"func\":\"$2\"" "$TMP/trace")" -ge "$1" ]
}

# trace ARG...: the target's calls, into $TMP/trace.
trace()
{
	start "$FTRACE" --format=jsonl -o "$TMP/trace" -u 'main.traced*' "$@" -p "$TARGET"
	TRACER=$STARTED_PID
	TRACER_ERR=$STARTED_ERR
	wait_for 60 attached "$TRACER_ERR"
}

# ended_well: the target and then the tracer end by themselves.
ended_well()
{
	wait "$TARGET" || fail "the target: exit status $?"
	wait "$TRACER" || fail "ftrace: exit status $?: $(cat "$TRACER_ERR")"
}

# agrees OPTION...: with the target's log; and every wrong trace does not.
agrees()
{
	local line

	line=$("$COMPARE" "$@" -reject "$TMP/trace" "$TRUTH_DIR" 2>&1) || fail "$line"
}

# lossy LAST: records were lost, every one is counted, in marks, too; and of the last phase none was.
lossy()
{
	local calls

	calls=$(cat "$TRUTH_DIR"/* | grep -c '^>')
	expect_json ".[-1] | .lost > 0, .missed, .records + .lost" "true
0
$((2 * calls))" "$TMP/trace"
	expect_json '([.[] | select(.type == "loss") | .records] | add) == .[-1].lost' true "$TMP/trace"
	expect_json '[.[] | select(.func == "main.tracedLast")] | length, ([.[] | .end] | unique)' \
		"$1"$'\n["return"]' "$TMP/trace"
	agrees -mode=lossy
	printf '# consumer: %s of %s records lost\n' "$(json '.[-1].lost' "$TMP/trace")" $((2 * calls)) >&3
}

# pinged: a call that is made now is in the trace, and so is everything that was made before it.
pinged()
{
	kill -USR2 "$TARGET"
	has 1 main.tracedPing
}

# stopped_for_a_while PID: it runs in the first phase and in the last, and not in the one between, which
# makes more records than there is room for; what the last one makes has room as soon as the rest was read.
stopped_for_a_while()
{
	phase
	wait_for 60 has 40 main.tracedTree
	halt "$1"
	phase
	kill -CONT "$1"
	wait_for 100 pinged
	phase
	ended_well
}

@test "ftrace is stopped while the target is busy: losses are counted, and what comes after is whole" {
	phases -trees=10,5000,3
	trace --buffer 64K
	stopped_for_a_while "$TRACER"
	lossy 12
}

@test "the reader of its output is stopped: losses are counted, and what comes after is whole" {
	mkfifo "$TMP/fifo"
	phases -trees=10,10000,3
	start cat "$TMP/fifo"
	reader=$STARTED_PID
	ln -s "$STARTED_OUT" "$TMP/trace"
	# shellcheck disable=SC2016 # the inner shell's
	start sh -c 'out=$1; shift; exec "$@" >"$out"' sh "$TMP/fifo" "$FTRACE" --format=jsonl \
		--buffer 64K -u 'main.traced*' -p "$TARGET"
	TRACER=$STARTED_PID
	TRACER_ERR=$STARTED_ERR
	wait_for 60 attached "$TRACER_ERR"
	stopped_for_a_while "$reader"
	wait "$reader"
	lossy 12
}

@test "200 threads, each with a goroutine of its own" {
	phases -workers=200 -threads -trees=5,5
	trace --buffer 64M
	phase
	phase
	ended_well
	agrees
	expect_json '[.[] | select(.type == "call") | "\(.goid) \(.tid)"] | unique | length' 200 "$TMP/trace"
	expect_json '[.[] | select(.type == "call") | .tid] | unique | length' 200 "$TMP/trace"
}

@test "a target that is stopped while probes come and go" {
	phases -trees=20,20,20
	halt "$TARGET"
	trace
	state "$TARGET" T
	kill -CONT "$TARGET"
	phase
	phase
	wait_for 60 has 360 main.tracedLeaf
	halt "$TARGET"
	stop "$TRACER" INT || fail "exit status $?: $(cat "$TRACER_ERR")"
	state "$TARGET" T
	wait_for 20 no_new_probe
	kill -CONT "$TARGET"
	phase
	wait "$TARGET" || fail "the target: exit status $?"
	agrees -mode=midflight -early -open=open
	expect_json '[.[] | select(.func == "main.tracedTree" and .depth == 0)] | length' 160 "$TMP/trace"
	expect_json '[.[] | select(.func == "main.tracedLast")] | length' 0 "$TMP/trace"
}

@test "a debugger steps through the target at the same time" {
	"${CC:-gcc}" -Wall -Wextra -Werror -o "$TMP/debugger" "$ROOT/tests/live/programs/debugger/debugger.c"
	phases -trees=5,200,20
	trace --buffer 16M
	phase
	start "$TMP/debugger" "$TARGET" 50000
	debugger=$STARTED_PID
	debugger_out=$STARTED_OUT
	debugger_err=$STARTED_ERR
	wait_for 60 grep -q attached "$debugger_out"
	begin_phase
	wait_for 200 grep -q stepped "$debugger_out"
	end_phase
	stop "$debugger" || fail "debugger: exit status $?: $(cat "$debugger_err")"
	phase
	ended_well
	agrees
	printf '# consumer: debugger %s\n' "$(tail -n 1 "$debugger_out")" >&3
}

# wide N: one call with N below it, streamed; the ring holds all of them. Sets PEAK, KiB.
wide()
{
	start "$WIDE" "$1"
	TARGET=$STARTED_PID
	TARGET_OUT=$STARTED_OUT
	wait_for 60 grep -q ready "$TARGET_OUT"
	start "$FTRACE" --stream --format=jsonl -o "$TMP/trace" -u main.wide -u main.leaf \
		--no-args --no-results --buffer 64M -p "$TARGET"
	TRACER=$STARTED_PID
	TRACER_ERR=$STARTED_ERR
	wait_for 60 attached "$TRACER_ERR"
	kill -USR1 "$TARGET"
	wait_for 400 ends_with main.wide
	PEAK=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$TRACER/status")
	kill -USR2 "$TARGET"
	ended_well
	[ "$(grep -c '"func":"main.leaf"' "$TMP/trace")" = "$1" ]
}

ends_with()
{
	tail -n 1 "$TMP/trace" | grep -q "\"func\":\"$1\""
}

@test "--stream: one call with very many below it in constant memory" {
	local some

	WIDE=$(build_go "$ROOT/tests/live/programs/wide" wide)
	wide 20000
	some=$PEAK
	wide 400000
	printf '# consumer: 20000 calls below one %s KiB, 400000 %s KiB\n' "$some" "$PEAK" >&3
	[ $((PEAK - some)) -lt 8192 ] || fail "$PEAK KiB, $some KiB with 20 000"
}

@test "one call with 500 000 below it, and a reader that sleeps: memory has room for what the ring has not" {
	local reader

	WIDE=$(build_go "$ROOT/tests/live/programs/wide" wide)
	mkfifo "$TMP/fifo"
	start cat "$TMP/fifo"
	reader=$STARTED_PID
	ln -s "$STARTED_OUT" "$TMP/trace"
	start "$WIDE" 500000
	TARGET=$STARTED_PID
	TARGET_OUT=$STARTED_OUT
	wait_for 60 grep -q ready "$TARGET_OUT"
	start "$FTRACE" --stream --format=jsonl -o "$TMP/fifo" -u main.wide -u main.leaf --no-args --no-results -p "$TARGET"
	TRACER=$STARTED_PID
	TRACER_ERR=$STARTED_ERR
	wait_for 60 attached "$TRACER_ERR"
	halt "$reader"
	kill -USR1 "$TARGET"
	wait_for 400 grep -q sum "$TARGET_OUT"
	kill -CONT "$reader"
	kill -USR2 "$TARGET"
	ended_well
	wait "$reader"
	tail -n 1 "$TMP/trace" >"$TMP/last"
	expect_json ".[] | .lost, .records" $'0\n1000002' "$TMP/last"
	[ "$(grep -c '"func":"main.leaf"' "$TMP/trace")" = 500000 ]
}
