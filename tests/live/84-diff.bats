#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# ftrace diff: two recordings of a program that does more, or takes longer, the second time.

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

# recorded FILE WORD...: what the program does so.
recorded()
{
	"$FTRACE" record -q -u 'main.*' -o "$1" --exec "$STEPS" -- "${@:2}" >/dev/null
}

# diffed FILTER ARG...: what jq makes of the lines, by function.
diffed()
{
	"$FTRACE" diff -q --format jsonl "${@:2}" | jq -c -s "map({key: .func, value: .}) | from_entries | $1"
}

@test "calls and times of both are those of their own tables, by name" {
	recorded before.ftrace work 20 slow 5
	recorded after.ftrace work 30 nest 3
	[ "$(diffed '."main.work" | [.before.calls, .after.calls]' before.ftrace after.ftrace)" = '[20,30]' ]
	[ "$(diffed '."main.slow" | [.before.calls, .after]' before.ftrace after.ftrace)" = '[1,null]' ]
	[ "$(diffed '."main.nest" | [.before, .after.calls]' before.ftrace after.ftrace)" = '[null,3]' ]
	for side in before after; do
		diff <("$FTRACE" report -q --summary=only --format jsonl $side.ftrace |
			jq -cS 'select(.type == "function") | del(.type)' | sort) \
			<("$FTRACE" diff -q --format jsonl before.ftrace after.ftrace |
				jq -cS "select(.$side) | .$side + {func}" | sort)
	done
	# The largest change is the first.
	"$FTRACE" diff before.ftrace after.ftrace >text 2>said
	sed -n 1p text | grep -q '^FUNCTION  *CALLS  *TOTAL  *P50  *P99$'
	grep -q '^main\.work  *30  +10 (+50 %) ' text
	grep -q '^main\.slow  *0  -1 (gone) ' text
	grep -q '^main\.nest  *3  +3 (new) ' text
	grep -q '^ftrace: before.ftrace: [0-9]* calls in ' said
	tail -n 1 said | grep -qE '^ftrace: [0-9]+ functions?, 1 new, 1 gone$'
	diffed . before.ftrace after.ftrace >/dev/null
	"$FTRACE" diff -q --format jsonl before.ftrace after.ftrace |
		jq -s -e 'map((.after.total // 0) - (.before.total // 0) | fabs) | . == (sort | reverse)'
	"$FTRACE" diff -q --sort calls --format jsonl before.ftrace after.ftrace | head -n 1 | jq -e '.func | test("main.(work|inner)")'
}

@test "a file that is not named is the one that record writes, and the one before it" {
	"$FTRACE" record -q -u 'main.*' --exec "$STEPS" -- work 2 >/dev/null
	run "$FTRACE" diff
	[ "$status" = 1 ]
	[[ $output == "ftrace: ftrace.data.old: No such file or directory; "* ]]
	"$FTRACE" record -q -u 'main.*' --exec "$STEPS" -- work 5 >/dev/null
	[ "$(diffed '."main.work" | [.before.calls, .after.calls]')" = '[2,5]' ]
	recorded other work 9
	[ "$(diffed '."main.work" | [.before.calls, .after.calls]' other)" = '[5,9]' ]
	[ "$(diffed '."main.work" | [.before.calls, .after.calls]' - other <ftrace.data.old)" = '[2,9]' ]
}

@test "what changed by less is left out; what only one has is not" {
	recorded a work 100 slow 1
	recorded b work 110 nest 1
	"$FTRACE" diff --sort calls --threshold 20 a b >text 2>said
	! grep -q 'main\.work' text
	grep -q '^main\.slow ' text
	grep -q '^main\.nest ' text
	grep -q 'that changed by less than 20 % left out$' said
	"$FTRACE" diff -q --sort calls --threshold 10 a b | grep -q '^main\.work '
}

@test "the status is 1 when a function got slower by more than it may, and names it" {
	recorded a slow 2 slow 2
	recorded b slow 20 slow 20
	run "$FTRACE" diff -q --fail-above 100 a b
	[ "$status" = 1 ]
	[[ $output == *"ftrace: main.slow: +"*" %, more than --fail-above 100; see 'ftrace report b'"* ]]
	# Faster is never too slow; nor is what was as often called, by calls.
	"$FTRACE" diff -q -u main.slow --fail-above 0 --sort max b a >/dev/null
	"$FTRACE" diff -q --fail-above 0 --sort calls a b >/dev/null
	# Also where the table leaves it out.
	! "$FTRACE" diff -q --fail-above 1 --threshold 100000 a b >/dev/null 2>&1
}

@test "what cannot be compared is said, and so is what is missing" {
	recorded a work 20
	cp "$STEPS" other
	"$FTRACE" record -q -u 'main.*' -o b --exec ./other -- work 20 >/dev/null
	"$FTRACE" diff a b 2>&1 >/dev/null | grep -q '^ftrace: a is of .*/steps, b of .*/other: functions are compared by name alone$'
	head -c $(($(stat -c %s a) / 2)) a >cut
	run "$FTRACE" diff cut b
	[ "$status" = 1 ]
	[[ $output == *"ftrace: cut: it has no end: "* ]]
	[[ $output == *FUNCTION* ]]
	refused 2 "c: 'diff' takes two recordings; leave it out" diff a b c
	refused 2 "-: it can be read only once; name a file for one of them" diff - -
	refused 2 "diff: not in the format html; use --format text or jsonl" diff --format html a b
	refused 2 "--threshold: 'x': not a percentage; give a number from 0 on" diff --threshold x a b
	refused 1 "b2: No such file or directory; record one with 'ftrace record'" diff a b2
}

@test "what is asked for is narrowed in both" {
	recorded a work 20 slow 1
	recorded b work 30 nest 2
	[ "$(diffed 'keys' -u main.work a b)" = '["main.work"]' ]
	[ "$(diffed '."main.work" | [.before.calls, .after.calls]' --max-calls 1 -u main.work a b)" = '[1,1]' ]
	# One that only the second has.
	[ "$(diffed '."main.nest" | [.before, .after.calls]' -u main.nest a b)" = '[null,2]' ]
	"$FTRACE" diff -u main.nest a b 2>&1 >/dev/null | grep -q '^ftrace: a: no function matches '
	refused 1 'b: no function matches *' diff -q -u main.none a b
}
