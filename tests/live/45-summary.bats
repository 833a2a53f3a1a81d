#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The table of --summary: its figures against what the program counted itself, and against the calls of
# the same trace; its orders; where it goes.

load lib
load steps

SIX="-u main.check -u main.find -u main.late -u main.plain -u main.nest -u main.throw"
ALL="$SIX -u main.catch -u main.round -u strconv.ParseInt"

setup()
{
	require_root
	probes_remember
	TMP=$BATS_TEST_TMPDIR
	TALLY=$(build_go "$ROOT/tests/live/programs/tally" tally)
}

teardown()
{
	stop_all
	no_probes_left
}

# said: what the program counted, of the last trace; its lines stand among those of the trace.
said()
{
	grep -E '^(main|strconv)\.[A-Za-z]+ [0-9]+ ([0-9]+|-)$' "${1:-$FTRACE_OUT}"
}

# counted: the same as the JSON trace FILE has it.
counted()
{
	grep '^{' "$1" | jq -r 'select(.type == "function") | "\(.func) \(.calls) \(.errors // "-")"' |
		LC_ALL=C sort
}

# functions FILTER [FILE]: what the filter makes of the list of all function lines.
functions()
{
	grep '^{' "${2:-$TMP/t}" | jq -c -s -r "map(select(.type == \"function\")) | $1"
}

# plausible FILE: what holds for each line whatever the program did.
plausible()
{
	local wrong

	wrong=$(functions 'map(select((.calls < 1) or (.histogram | map(.[1]) | add) != .calls
		or .min > .p50 or .p50 > .p90 or .p90 > .p99 or .p99 > .max
		or .avg < .min or .avg > .max or .self > .avg * .calls + .calls or .total < .max
		or .histogram != (.histogram | sort)) | .func) | join(" ")' "$1")
	[ -z "$wrong" ] || fail "these cannot be: $wrong
$(cat "$1")"
}

# The words of $ALL are options.
# shellcheck disable=SC2086
ft() { traced 0 --format=jsonl -o "$TMP/t" "$@"; }

@test "--summary=only: calls and errors are the program's own, in one goroutine and in eight" {
	ft --summary=only $ALL --exec "$TALLY" -- 210
	diff <(said) <(counted "$TMP/t")
	[ "$(said | wc -l)" = 9 ]
	plausible "$TMP/t"
	expect_json '[.[] | select(.type == "call" or .type == "loss")] | length' 0 "$TMP/t"
	expect_json '.[-1] | .type, .calls, .lost' "$(printf 'summary\n0\n0')" "$TMP/t"
	ft --summary=only --buffer 64M $ALL --exec "$TALLY" -- 300 8
	diff <(said) <(counted "$TMP/t")
	plausible "$TMP/t"
}

@test "--summary: each figure is that of the calls above it" {
	ft --summary $ALL --exec "$TALLY" -- 100
	diff <(said) <(counted "$TMP/t")
	sound <(grep -v '"type":"function"' "$TMP/t")
	jq -s -r '[.[] | select(.type == "call")] | group_by(.func)[] | map(.duration) as $d
		| "\(.[0].func) \($d | length) \($d | min) \($d | max) \(($d | add) / ($d | length) | floor)"' \
		"$TMP/t" >"$TMP/calls"
	functions 'sort_by(.func)[] | "\(.func) \(.calls) \(.min) \(.max) \(.avg)"' >"$TMP/table"
	diff "$TMP/calls" "$TMP/table"
	# Totals are of the calls that have no caller of the same function.
	jq -s -r '(map(select(.type == "call")) | map({key: "\(.id)", value: .}) | from_entries) as $all
		| def outer: . as $c | [recurse($all["\(.parent)"] // empty)][1:] | all(.func != $c.func);
		[.[] | select(.type == "call") | select(outer)] | group_by(.func)[]
		| "\(.[0].func) \(map(.duration) | add)"' "$TMP/t" >"$TMP/calls"
	functions 'sort_by(.func)[] | "\(.func) \(.total)"' >"$TMP/table"
	diff "$TMP/calls" "$TMP/table"
	# All time is somebody's own, and of one function only.
	[ "$(functions 'map(.self) | add')" = \
		"$(jq -s '[.[] | select(.type == "call" and .parent == null) | .duration] | add' "$TMP/t")" ]
}

@test "percentiles are those of the calls, to a sixteenth" {
	ft --summary -u main.plain --exec "$TALLY" -- 500
	jq -s -e '([.[] | select(.type == "call") | .duration] | sort) as $d
		| (.[] | select(.type == "function")) as $f
		| ([[50, $f.p50], [90, $f.p90], [99, $f.p99]]
		| map($d[(($d | length) * .[0] / 100 | ceil) - 1] as $true
			| (.[1] - $true) * 16 <= $true and ($true - .[1]) * 16 <= $true) | all)' "$TMP/t"
}

@test "calls of another package: strconv" {
	ft --summary=only -u 'strconv.*' --exec "$TALLY" -- 70
	[ "$(counted "$TMP/t" | grep ParseInt)" = "$(said | grep ParseInt)" ]
	plausible "$TMP/t"
}

@test "errors that are not read are not known" {
	ft --summary --no-results $SIX --exec "$TALLY" -- 10
	[ "$(functions 'map(.errors) | unique')" = '[null]' ]
	TALLY=$(build_go "$ROOT/tests/live/programs/tally" tally local '-ldflags=-s -w')
	traced 0 -q --summary=only $SIX --exec "$TALLY" -- 10
	[ "$(awk '/ main\.check$/ { print $1, $2 }' "$FTRACE_OUT")" = "10 -" ]
}

@test "an error that a rule reads counts" {
	ft --summary=only --exec "$TALLY" 'main.find()($ret2:goerror)' 'main.check()(err)' -- 10
	[ "$(functions 'sort_by(.func)[] | "\(.calls) \(.errors)"')" = "$(printf '10 4\n10 2')" ]
	ft --summary --exec "$TALLY" 'main.find()($ret1)' -- 10
	[ "$(functions '.[] | "\(.calls) \(.errors)"')" = "10 null" ]
}

@test "--sort: each order" {
	for key in calls total self avg min p50 p90 p99 max errors; do
		ft --summary=only --sort $key $ALL --exec "$TALLY" -- 30
		[ "$(functions "map(.$key // -1) | . == (sort | reverse)")" = true ] ||
			fail "$key: $(functions "map([.func, .$key])")"
		[ "$(functions length)" = 9 ]
	done
	ft --summary=only --sort=name $ALL --exec "$TALLY" -- 30
	[ "$(functions 'map(.func) | . == sort')" = true ]
	ft --summary=only $ALL --exec "$TALLY" -- 30
	[ "$(functions 'map(.total) | . == (sort | reverse)')" = true ]
}

@test "text: the table behind the tree on stdout, its columns aligned; the summary on stderr" {
	traced 0 --summary $ALL --exec "$TALLY" -- 20
	expect "$FTRACE_ERR" "records, 0 lost"
	sed -n '/^ *CALLS  ERRORS /,$p' "$FTRACE_OUT" >"$TMP/table"
	[ "$(grep -c 'CALLS  ERRORS ' "$FTRACE_OUT")" = 1 ]
	said >"$TMP/said"
	# The program's own lines come before or behind.
	grep -vxFf "$TMP/said" "$TMP/table" | sed -n '2,$p' >"$TMP/rows"
	[ "$(wc -l <"$TMP/rows")" = 9 ]
	awk '{ print $NF, $1, $2 }' "$TMP/rows" | LC_ALL=C sort | diff - "$TMP/said"
	[ "$(sed -n 's/FUNCTION$//p' "$TMP/table" | awk '{ print length }')" = \
		"$(sed 's/[a-z]*\.[A-Za-z]*$//' "$TMP/rows" | awk '{ print length }' | sort -u)" ]
	grep -qE 'main.round\(.*\) \{' "$FTRACE_OUT"
	run grep -c '~' "$TMP/rows"
	[ "$output" = 9 ]
}

@test "-q, -o FILE, and nothing but the table with =only" {
	traced 0 -q --summary=only -o "$TMP/f" $ALL --exec "$TALLY" -- 20
	[ ! -s "$FTRACE_ERR" ]
	diff <(said) "$FTRACE_OUT"
	[ "$(wc -l <"$TMP/f")" = 10 ]
	[ "$(head -n 1 "$TMP/f" | awk '{ print $1, $2, $NF }')" = "CALLS ERRORS FUNCTION" ]
	traced 0 -q --summary=only -o "$TMP/f.zst" $ALL --exec "$TALLY" -- 20
	[ "$(zstd -qdc "$TMP/f.zst" | awk '/main.find$/ { print $1, $2 }')" = "20 4" ]
	traced 0 --summary=only -P main. -u main.find --exec "$TALLY" -- 20
	grep -qE '  find$' "$FTRACE_OUT"
	expect "$FTRACE_ERR" "ftrace: 20 calls, "
}

@test "--histogram: one block a function; it and --sort ask for the table" {
	traced 0 -q --histogram -o "$TMP/f" $ALL --exec "$TALLY" -- 20
	[ "$(grep -cxE '(main|strconv)\.[A-Za-z]+' "$TMP/f")" = 9 ]
	[ "$(awk '$0 == "main.plain" { on = 1; next } !$0 { on = 0 } on { n += $6 } END { print n }' "$TMP/f")" = 40 ]
	traced 0 -q --sort name -o "$TMP/f" -u main.find --exec "$TALLY" -- 20
	grep -q '^CALLS ' "$TMP/f"
	grep -q 'main.find(n=3)' "$TMP/f"
}

@test "the options on which calls apply to the table, too" {
	same() {
		ft --summary "$@" --exec "$TALLY" -- 40
		functions 'map("\(.func) \(.calls)") | sort[]' >"$TMP/with"
		jq -s -r '[.[] | select(.type == "call")] | group_by(.func)[] | "\(.[0].func) \(length)"' \
			"$TMP/t" | diff - "$TMP/with"
		ft --summary=only "$@" --exec "$TALLY" -- 40
		functions 'map("\(.func) \(.calls)") | sort[]' | diff - "$TMP/with"
	}
	same $ALL --depth 2
	[ "$(functions 'map(select(.func == "main.nest").calls)')" = '[40]' ]
	same -D main.catch $ALL
	[ "$(functions 'map(.func) | sort | join(" ")')" = "main.catch main.throw" ]
	same $ALL --sample 4
	[ "$(functions '.[] | select(.func == "main.round").calls')" = 10 ]
	same $ALL --filter 'main.find: n > 19'
	[ "$(functions '.[] | select(.func == "main.find").calls')" = 20 ]
	same $ALL --filter 'main.check: err != nil'
	[ "$(functions '.[] | select(.func == "main.check") | .calls, .errors')" = "$(printf '14\n14')" ]
	same $ALL --max-calls 7
	[ "$(functions '.[] | select(.func == "main.round").calls')" = 7 ]
	ft --summary=only -u main.main $ALL --min-duration 1m --exec "$TALLY" -- 40
	[ "$(functions length)" = 0 ]
}

@test "-p and Ctrl-C: the table is written at the end" {
	start "$TALLY" wait "$TMP/go"
	target=$STARTED_PID output=$STARTED_OUT
	wait_for 10 test -e "$TMP/go.up"
	start_traced --summary=only --format=jsonl $ALL -p "$target"
	touch "$TMP/go"
	wait_for 20 grep -q strconv.ParseInt "$output"
	stop "$TRACER" INT
	diff "$output" <(counted "$TRACE")
	kill -0 "$target"
}

@test "two executables: whose function it is" {
	cp "$TALLY" "$TMP/other"
	start "$TALLY" wait "$TMP/go"
	one=$STARTED_PID
	start "$TMP/other" wait "$TMP/go2"
	other=$STARTED_PID output=$STARTED_OUT
	wait_for 10 test -e "$TMP/go.up"
	wait_for 10 test -e "$TMP/go2.up"
	start_traced --summary=only -u main.find -p "$one,$other"
	touch "$TMP/go2"
	wait_for 20 grep -q strconv.ParseInt "$output"
	stop "$TRACER" INT
	grep -q "  main.find of .*other$" "$TRACE" || fail "$(cat "$TRACE")"
	[ "$(grep -c main.find "$TRACE")" = 1 ]
}

@test "calls that did not end are told of, and not counted" {
	traced 0 -q --summary=only -u main.main -u main.plain --exec "$TALLY" -- 5
	[ "$(awk '/main.plain$/ { print $1 }' "$FTRACE_OUT")" = 10 ]
	steps_build
	start_traced --summary -u main.hang -u main.work -o "$TMP/f" --exec "$STEPS" -- work 3 hang "$TMP/hangs"
	wait_for 20 test -e "$TMP/hangs"
	kill -TERM "$TRACER"
	ended 143 "$TRACER"
	grep -q '^-- 1 call is not counted' "$TMP/f" || fail "$(cat "$TMP/f")"
	[ "$(awk '/  main.work$/ { print $1 }' "$TMP/f")" = 3 ]
}

@test "colour: errors and long times" {
	esc=$'\033'
	traced 0 -q --summary=only --color always $ALL --exec "$TALLY" -- 20
	grep -q "$esc\\[31m4$esc\\[0m .* main.find" "$FTRACE_OUT"
	traced 0 -q --summary=only --color never $ALL --exec "$TALLY" -- 20
	run grep -c "$esc" "$FTRACE_OUT"
	[ "$output" = 0 ]
}

@test "what makes no sense is a usage error" {
	refused 2 "--summary: 'all': unknown; use one of only" --summary=all "$TALLY"
	refused 2 "--summary: '': unknown; use one of only" --summary= "$TALLY"
	refused 2 "--sort: 'size': unknown; use one of total, calls, *, name" --sort size "$TALLY"
	refused 2 "--sort: '': unknown; *" --sort= "$TALLY"
	refused 2 "--histogram=9: takes no value; *" --histogram=9 "$TALLY"
	refused 2 "--sort: needs a value; *" "$TALLY" --sort
}

@test "--interval: each table counts what came since the last, and none counts a call twice" {
	ft --summary=only --interval 100ms $ALL --exec "$TALLY" -- 20000
	# Several of each, in order of time, which add up to what the program counted.
	functions '[.[] | select(.func == "main.check") | .start] | . == sort and length > 2' | grep -qx true ||
		fail "$(functions 'map(.start)')"
	functions 'group_by(.func)[] | "\(.[0].func) \(map(.calls) | add) \(map(.errors) | if .[0] == null then "-" else add end)"' |
		LC_ALL=C sort >"$TMP/added"
	diff <(said) "$TMP/added"
	expect_json '.[-1].type' summary "$TMP/t"
	run_ftrace -q --buffer 64M --summary=only --interval 100ms --min-duration 1ns -u main.check --exec "$TALLY" -- 100000
	[ "$(grep -c '^-- [0-9:.]* to [0-9:.]* --$' "$FTRACE_OUT")" -gt 1 ]
	[ "$(awk '/ main\.check$/ { n += $1 } END { print n }' "$FTRACE_OUT")" = 100000 ] || fail "$(cat "$FTRACE_OUT")"
}

@test "--interval: on a terminal in place, cut to it, and the screen comes back" {
	local got

	got=$(script -qec "stty cols 60 rows 6; '$FTRACE' -q --summary=only --interval 100ms -u 'main.*' --color never --exec '$TALLY' -- 20000" /dev/null </dev/null)
	[ "$(grep -o $'\e\\[?1049h' <<<"$got" | wc -l)" = 1 ]
	[ "$(grep -o $'\e\\[?1049l' <<<"$got" | wc -l)" = 1 ]
	[ "$(grep -o $'\e\\[?25h' <<<"$got" | wc -l)" = 1 ]
	# No more lines than the screen has, none longer, and the names are there.
	sed $'/\e\\[?1049l/,$d; s/\e\\[H/\\\n/g' <<<"$got" | sed $'s/\e\\[[?0-9]*[a-zA-Z]//g' | tr -d '\r' >"$TMP/screens"
	awk 'length($0) > 60 { exit 1 }' "$TMP/screens" || fail "$(cat "$TMP/screens")"
	grep -q 'main.check' "$TMP/screens"
}
