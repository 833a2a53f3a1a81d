#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# ftrace record --max-size: the newest calls in a file that does not grow, readable at any moment.

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
	cd "$TMP" || return 1
}

teardown()
{
	stop_all
	no_probes_left
}

LIMIT=65536

# lines FILE: what the recording has, as lines.
lines() { "$FTRACE" report -q --format jsonl "$@"; }

# sound FILE: ids count what is shown, parents stand where they can, the last line counts.
sound()
{
	lines "$1" >shown 2>said || [ -n "${2:-}" ] || fail "$(cat said)"
	jq -s -e '
		map(select(.type == "call")) as $calls | (map(select(.type == "summary")))[0] as $summary |
		($calls | map(.id) | sort) as $ids |
		$summary.calls == ($calls | length) and
		$ids == ([range(1; ($calls | length) + 1)]) and
		([$calls[] | select(.parent == null and .depth != 0)] == []) and
		([$calls[] | .parent | numbers] - $ids == [])' shown >/dev/null || fail "$(tail -n 3 shown)"
}

@test "the file has the newest calls, and says how many it had before" {
	"$FTRACE" record -u 'main.*' --max-size 64K -o ring --exec "$STEPS" -- work 20000 >/dev/null 2>err
	[ "$(stat -c %s ring)" -le $LIMIT ]
	[ "$(du --block-size=1 ring | cut -f 1)" -le $LIMIT ]
	sound ring
	all=$(sed -nE 's/^ftrace: ([0-9]+) calls.*/\1/p' err)
	[ "$(jq -s '.[-1] | .calls + .overwritten' shown)" = "$all" ]
	gone=$(jq -s '.[-1].overwritten' shown)
	[ "$gone" -gt 0 ]
	grep -qxF "ftrace: the recording has the newest calls; $gone older ones were overwritten" err
	"$FTRACE" report ring 2>&1 >/dev/null | grep -q ", $gone overwritten, "
	# The newest: what returned last is there, in order of time.
	[ "$(jq -r 'select(.type == "call").func' shown | tail -n 1)" = main.main ]
	jq -s -e 'map(select(.func == "main.inner").start) | . == sort' shown >/dev/null
	# The process is told though the block that told it first is gone.
	[ "$(jq -s '[.[] | select(.type == "process")] | length' shown)" = 1 ]
	jq -r .type shown | head -n 2 | diff - <(printf 'trace\nprocess\n')
}

@test "what has room is a recording as any other" {
	"$FTRACE" record -q -u 'main.*' --max-size 1M -o ring --exec "$STEPS" -- work 20 each 3 >/dev/null
	sound ring
	! grep -q overwritten shown
	[ "$(jq -s 'map(select(.func == "main.work")) | length' shown)" = 23 ]
	"$FTRACE" diff -q ring ring | grep -q 'main\.work  *23  +0 (0 %)'
}

# has_wrapped FILE: it does not grow any more.
has_wrapped() { "$FTRACE" report -q --format jsonl "$1" 2>/dev/null | tail -n 1 | grep -q '"overwritten":[1-9]'; }

@test "it can be read while it is written, and after kill -9 at any moment" {
	for round in 1 2 3; do
		rm -f ring
		start_steps spin
		start "$FTRACE" record -q -u 'main.*' --max-size 64K -o ring -p "$PROGRAM"
		recorder=$STARTED_PID
		wait_for 20 has_wrapped ring
		sound ring live
		sleep "0.$((RANDOM % 10))$((RANDOM % 10))"
		kill -KILL "$recorder"
		stop "$recorder" KILL || :
		stop "$PROGRAM" KILL || :
		[ "$(stat -c %s ring)" -le $LIMIT ]
		sound ring killed
		grep -q '^ftrace: ring: it has no end: ' said
		has_wrapped ring
	done
}

# shown_calls COUNT
shown_calls() { [ "$(grep -c '"type":"call"' "$FOLLOWED")" -ge "$1" ]; }

gone() { ! kill -0 "$1" 2>/dev/null; }

@test "report -f shows what comes, round after round, and ends with the recording" {
	start_steps forever
	start "$FTRACE" record -q -u 'main.*' --max-size 64K -o ring -p "$PROGRAM"
	recorder=$STARTED_PID
	wait_for 20 test -s ring
	start "$FTRACE" report -f --format jsonl ring
	FOLLOWED=$STARTED_OUT follower=$STARTED_PID err=$STARTED_ERR
	wait_for 20 shown_calls 1
	first=$(grep -c '"type":"call"' "$FOLLOWED")
	wait_for 20 shown_calls $((first + 1))
	stop "$recorder" INT
	wait_for 20 gone "$follower"
	wait "$follower" || fail "$(cat "$err")"
	tail -n 1 "$FOLLOWED" | jq -e '.type == "summary"'
}

@test "what cannot be bounded is refused" {
	refused 125 "--max-size: stdout is no file whose beginning can be written again; name one with -o" \
		record --max-size 64K -o - --exec "$STEPS" -- work 1
	refused 125 "--max-size: x.zst is no file whose beginning can be written again; name one with -o" \
		record --max-size 64K -o x.zst --exec "$STEPS" -- work 1
	refused 2 "--max-size: only recordings can be bounded; use 'ftrace record'" \
		--max-size 64K --exec "$STEPS" -- work 1
	refused 2 "--max-size: '4K': too small for a recording; give 64K or more" \
		record --max-size 4K --exec "$STEPS" -- work 1
	"$FTRACE" record -q -u 'main.*' --max-size 64K -o ring --exec "$STEPS" -- work 20 >/dev/null
	status=0
	cat ring | "$FTRACE" report - 2>said || status=$?
	[ "$status" = 1 ]
	grep -qxF 'ftrace: stdin: of bounded size (--max-size), which cannot be read from a pipe; name the file' said
}
