#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# ftrace report of several recordings: their calls together, by the clock.

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

# recorded FILE HOST STEP...: of a program on a host of that name.
recorded()
{
	# shellcheck disable=SC2016 # of the shell that is started
	bounded unshare --uts sh -c 'hostname "$0" && exec "$@"' "$2" "$FTRACE" record -q -u 'main.*' --waits -o "$1" \
		--exec "$STEPS" -- "${@:3}" >/dev/null 3>&-
}

# of FILE...: the calls, without what differs in a recording alone: ids, and PIDs of other hosts.
of()
{
	"$FTRACE" report -q --format jsonl "$@" |
		jq -c 'select(.type == "call") | [.pid % 10000000, .goid, .func, .start, .duration, .args, .results, .caller, .times]' | sort
}

@test "all calls of all recordings, in order of time, with values, callers and times" {
	recorded a.ftrace one work 5 each 3
	recorded b.ftrace two work 3
	recorded c.ftrace one slow 5 nest 3
	diff <(of a.ftrace b.ftrace c.ftrace) <({ of a.ftrace; of b.ftrace; of c.ftrace; } | sort)
	"$FTRACE" report --format jsonl c.ftrace a.ftrace b.ftrace >all 2>said
	sound all
	# One trace, which began with the first of them; processes with their hosts.
	[ "$(json 'map(select(.type == "trace")) | length' all)" = 1 ]
	[ "$(json 'map(select(.type == "process") | .host)' all)" = '["one","two","one"]' ] || fail "$(grep process all)"
	expect_json 'map(select(.type == "process") | .pid >= 10000000)' '[false,true,false]' all
	expect_json '[.[] | select(.type == "call" and .parent == null) | .start + .duration] | . == sort' true all
	expect_json '[.[] | select(.type == "call") | .id] == [range(1; 1 + ([.[] | select(.type == "call")] | length))]' true all
	[ "$(json '.[-1].calls' all)" = "$(of a.ftrace b.ftrace c.ftrace | wc -l)" ]
	grep -q "^ftrace: $(json '.[-1].calls' all) calls" said
}

@test "what is asked for is asked of each; what one of them lacks is said" {
	recorded a.ftrace one work 5
	recorded b.ftrace two work 3
	"$FTRACE" report --format jsonl -u main.work --depth 1 a.ftrace b.ftrace >all 2>said
	[ "$(json '[.[] | select(.type == "call") | .func] | group_by(.) | map([.[0], length])' all)" = '[["main.work",8]]' ]
	"$FTRACE" report --summary=only --format jsonl a.ftrace b.ftrace 2>/dev/null >all
	[ "$(json '[.[] | select(.func? == "main.work") | .calls]' all)" = '[8]' ]
	"$FTRACE" report -q --format jsonl --max-calls 2 -u main.work a.ftrace b.ftrace >all
	[ "$(json '[.[] | select(.type == "call" and .parent == null)] | length' all)" = 2 ]
	"$FTRACE" report -o all.ftrace a.ftrace b.ftrace 2>/dev/null
	[ "$("$FTRACE" report -q --format jsonl all.ftrace | grep -c '"func":"main.work","start"')" = 8 ]
	recorded long.ftrace one work 20000
	head -c $(($(stat -c %s long.ftrace) / 2)) long.ftrace >cut.ftrace
	status=0
	"$FTRACE" report cut.ftrace b.ftrace >shown 2>said || status=$?
	[ "$status" = 1 ]
	grep -q '^ftrace: cut.ftrace: ' said
	grep -q main.work shown
	refused 1 'nothing: No such file or directory; *' report a.ftrace nothing
	refused 2 "--tui: takes one recording; leave 'b.ftrace' out" report --tui a.ftrace b.ftrace
	refused 2 "-f: takes one recording; leave 'b.ftrace' out" report -f a.ftrace b.ftrace
}
