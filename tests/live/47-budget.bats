#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# --max-overhead: the function that is called far too often goes, the others stay, and what the trace
# says of them is whole.

load lib

FOUR="-u main.hot -u main.rare -u main.step -u main.serve"

setup()
{
	require_root
	probes_remember
	TMP=$BATS_TEST_TMPDIR
	BUDGET=$(build_go "$ROOT/tests/live/programs/budget" budget)
}

teardown()
{
	stop_all
	no_probes_left
}

# rounds N: N calls of main.rare have come after main.hot went.
rounds()
{
	[ -s "$TMP/t" ] && [ "$(sed '1,/"disabled"/d' "$TMP/t" | grep -c '"func":"main.rare"')" -ge "$1" ]
}

# trace OPTION...: until 100 calls of main.rare are there without main.hot; then both end. $TMP/t, $TMP/err.
trace()
{
	local target

	start "$BUDGET"
	target=$STARTED_PID
	# shellcheck disable=SC2086 # words
	start "$FTRACE" --max-overhead 10 --stream --format jsonl -o "$TMP/t" $FOUR "$@" -p "$target"
	TRACER=$STARTED_PID
	wait_for 60 rounds 100 || fail "$(cat "$STARTED_ERR")"
	stop "$TRACER" || fail "$(cat "$STARTED_ERR")"
	cp "$STARTED_ERR" "$TMP/err"
	stop "$target" || [ $? = 143 ]
}

# lines FILTER: what jq makes of all lines, as an array.
lines()
{
	jq -c -s "$1" "$TMP/t"
}

# whole: what must hold of the trace, wherever main.hot went.
whole()
{
	local wrong

	[ "$(lines 'map(select(.type == "disabled") | .func)')" = '["main.hot"]' ] ||
		fail "$(grep '"disabled"' "$TMP/t")"
	# Every call of main.rare has its step, and the number that comes next.
	wrong=$(sed '1,/"disabled"/d' "$TMP/t" | jq -c -s '
		[.[] | select(.func == "main.rare" and .end == "return")] as $rare |
		[.[] | select(.func == "main.step" and .end == "return")] as $step |
		([.[] | select(.type == "loss") | .start] | max // 0) as $loss |
		([$rare[] | select(.start > $loss)] | sort_by(.start) | map(.args[0].value)) as $n |
		([$step[] | select(.start > $loss)] | sort_by(.start) | map(.args[0].value)) as $m |
		[if ($n | length) < 50 then "too few" else empty end,
		 range(1; $n | length) | select($n[.] != $n[. - 1] + 1) | "\($n[.]) after \($n[. - 1])"] +
		(if ($n - $m | length) > 1 then [$n - $m] else [] end)')
	[ "$wrong" = '[]' ] || fail "$wrong"
	# Lost is what the lines say, and nothing of main.hot comes any more.
	[ "$(sed '1,/"disabled"/d' "$TMP/t" | grep -c '"func":"main.hot".*"end":"return"')" = 0 ] ||
		fail "main.hot is still traced"
	[ "$(lines '[.[] | select(.type == "loss") | .records] | add // 0')" = \
		"$(lines '.[-1].lost')" ] || fail "lost: $(lines 'map(select(.type == "loss"))') $(tail -n 1 "$TMP/t")"
}

@test "--max-overhead: the hottest function goes, the others are traced without a gap" {
	trace
	whole
	grep -q '^ftrace: probes take [0-9]* % of the processor time: switched off: main.hot$' "$TMP/err" ||
		fail "$(cat "$TMP/err")"
	# Nobody asked how often it was called a second; it was often.
	[ "$(lines 'map(select(.type == "disabled") | .rate)[0] > 100')" = true ]
	# What was open of it at that time did not return by itself.
	[ "$(lines '[.[] | select(.type == "call" and .func == "main.hot" and .end != "return" and .end != "lost")] | length')" = 0 ]
}

@test "--max-overhead: the same where each site has a link of its own" {
	export FTRACE_WITHOUT=uprobe_multi
	trace
	whole
}

@test "--max-overhead: the same where the kernel keeps the frames" {
	trace --depth 2
	[ "$(lines 'map(select(.type == "disabled") | .func)')" = '["main.hot"]' ]
	[ "$(lines '[.[] | select(.type == "call" and .depth > 1)] | length')" = 0 ]
}

@test "--max-overhead: below the budget nothing goes" {
	# shellcheck disable=SC2086 # words
	run_ftrace --max-overhead 99 --format jsonl -o "$TMP/t" $FOUR -N main.hot --exec "$BUDGET" -- 200
	[ "$(lines '[.[] | select(.type == "disabled")] | length')" = 0 ]
	[ "$(lines '[.[] | select(.func == "main.rare")] | length')" = 200 ]
}

@test "--max-overhead: text says which, and the table of --summary=only, too" {
	# shellcheck disable=SC2086 # words
	run_ftrace --max-overhead 10 $FOUR --exec "$BUDGET" -- 1500
	grep -qE -- '-- main.hot switched off: [0-9]+ calls/s --$' "$FTRACE_OUT" || fail "$(tail "$FTRACE_OUT")"
	# shellcheck disable=SC2086 # words
	run_ftrace --max-overhead 10 --summary=only $FOUR --exec "$BUDGET" -- 1500
	grep -qE -- '^-- main.hot switched off: [0-9]+ calls/s --$' "$FTRACE_OUT" || fail "$(tail "$FTRACE_OUT")"
	grep -qE '^ *1500 .* main.rare$' "$FTRACE_OUT" || grep -q 'records were lost' "$FTRACE_OUT" ||
		fail "$(cat "$FTRACE_OUT")"
}

# All their frames are forgotten when a function goes, while the target's calls are lost.
@test "--max-overhead: many goroutines that are in a call do not keep it from going on" {
	# shellcheck disable=SC2086 # words
	run_ftrace --max-overhead 10 --summary=only $FOUR -u main.stay --exec "$BUDGET" -- 1500 60000 ||
		fail "$(cat "$FTRACE_ERR")"
	grep -q 'switched off: ' "$FTRACE_ERR" || fail "$(cat "$FTRACE_ERR")"
}
