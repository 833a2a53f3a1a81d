#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What of a recording is shown: the calls of a real program. That it is what would have been traced is tested with recorded
# cases (tests/cases).

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
	cd "$TMP" || return 1
	"$FTRACE" record -q -u 'main.*' -o r.ftrace --exec "$STEPS" -- work 20 slow 5 work 1 each 3 >/dev/null
}

teardown()
{
	stop_all
	no_probes_left
}

# lines OPTION...: of the recording, as JSON.
lines() { "$FTRACE" report -q --format jsonl "$@" r.ftrace; }

# starts TYPE OPTION...: when lines of this type began, sorted: whole, where jq's numbers are rounded.
starts() { lines "${@:2}" | sed -n "s/.*\"type\":\"$1\".*\"start\":\([0-9]*\).*/\1/p" | sort -n; }

# are QUERY OPTION...: all that is true of an array of the calls, of which there are some.
are() { lines "${@:2}" | jq -es "[.[] | select(.type == \"call\")] | length > 0 and ($1)" >/dev/null || fail "$* $(lines "${@:2}" | head -n 20)"; }

@test "functions, goroutines, depths and durations" {
	are 'all(.func == "main.work")' -u main.work
	are 'all(.func != "main.work")' -N main.work
	are 'all(.depth == 0)' --depth 1
	are 'all(.duration >= 1000)' -u main.slow --min-duration 1us
	are '[.[] | select(.depth == 0) | .func] | unique == ["main.work"]' -D main.work
	are '[.[] | select(.parent == null)] | length == 2' --max-calls 2 -u main.work
	are '[.[].id] == [range(1; length + 1)]' -u main.work
	goid=$(lines -u main.work | jq -s 'map(select(.type == "call"))[0].goid')
	are "all(.goid == $goid)" --goid "$goid"
}

@test "times, with what is cut" {
	start=$(starts trace)
	first=$(($(starts call -u main.work | head -n 1) - start))
	last=$(($(starts call -u main.work | tail -n 1) - start))
	[ "$first" -lt "$last" ]
	are 'length == 1' -u main.work --to "+${first}ns"
	[ "$(starts call -u main.work --from "+${last}ns" | tail -n 1)" = $((start + last)) ]
	are 'map(select(.cut != "from")) | length == 1' -u main.work --from "+${last}ns"
	"$FTRACE" report -q --from "+${last}ns" r.ftrace | grep -q '/\* cut \*/'
	# The same by the clock and by a date.
	when=$(date -d "@$((start / 1000000000))" '+%Y-%m-%d %H:%M:%S')
	are true --from "$when"
	are true --from "${when/ /T}" --to "$(date -d "@$((start / 1000000000 + 60))" '+%Y-%m-%dT%H:%M:%S')"
	are true --from "$(date -d "@$((start / 1000000000))" +%H:%M:%S)"
}

@test "filters over what was recorded" {
	n=$(lines -u main.work | jq -s '[.[] | select(.type == "call") | .args[0]][0]')
	[ "$n" != null ] || skip "no values"
	name=$(jq -r .name <<<"$n")
	are 'all(.func == "main.work")' -u main.work --filter "main.work: \$duration > 0s"
	[ "$(lines -u main.work --filter 'main.work: $duration > 100s' | jq -s 'map(select(.type == "call")) | length')" = 0 ]
	status=0
	"$FTRACE" report -q --filter "main.work: ${name}.nosuch == 1" r.ftrace >/dev/null 2>err || status=$?
	[ "$status" = 1 ]
	grep -q "^ftrace: filter 1, column 12: '$name.nosuch' was recorded of no call of main.work; " err
}

# says STATUS LINE OPTION...: no trace, and that.
says()
{
	status=0
	"$FTRACE" report "${@:3}" r.ftrace >out 2>err || status=$?
	[ "$status" = "$1" ] || fail "${*:3}: $status $(cat err)"
	[ "$(cat err)" = "$2" ] || fail "${*:3}: $(cat err)"
	[ ! -s out ]
}

@test "what is not in it is said in one line" {
	says 1 "ftrace: r.ftrace: no function matches 'main.wark'; did you mean main.work?" -u main.wark
	says 1 "ftrace: r.ftrace: no function matches 'nothing'; 'ftrace report --summary=only' shows those that are in it" -D nothing
	says 1 "ftrace: --from: r.ftrace has ended by then; choose an earlier time" --from +100m
	says 1 "ftrace: --to: r.ftrace begins later; choose a later time" --to 2001-01-01
	says 1 "ftrace: --from: it is behind --to; exchange them" --from +2ms --to +1ms
	says 2 "ftrace: --from: 'noon': not a time; write 12:28:24.98, '2026-11-30 12:28:24.98', or +1.5s from the beginning" --from noon
}

@test "an index that is damaged costs time, and changes nothing" {
	lines -D main.work --from +1ms >with
	size=$(stat -c %s r.ftrace)
	# The tail, the index's bytes, and the offset in the tail.
	for at in $((size - 4)) $((size - 60)) $((size - 12)); do
		cp r.ftrace whole
		printf '\377' | dd of=r.ftrace bs=1 seek="$at" conv=notrunc status=none
		lines -D main.work --from +1ms >without 2>/dev/null || :
		diff with without
		mv whole r.ftrace
	done
}
