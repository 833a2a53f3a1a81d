#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What other viewers read, read back by programs of theirs: protoc, go tool pprof, Go's trace viewer in Chromium, jq. A trace in each format is held
# against the JSON lines of the same recorded events.

load lib

setup()
{
	REPLAY=$BUILD/cases/replay
	built cases/replay
	TMP=$BATS_TEST_TMPDIR
}

teardown() { stop_all; }

# calls CASE JQ: of the JSON lines of a case.
calls() { "$REPLAY" jsonl "$ROOT/tests/cases/$1.events" | jq -r "select(.type==\"call\") | $2"; }

# packets CASE: a case in Perfetto's format, as text.
packets()
{
	"$REPLAY" perfetto "$ROOT/tests/cases/$1.events" |
		protoc --decode=Trace -I"$ROOT/tests/formats" perfetto.proto
}

@test "perfetto: each call begins where it began, with its name told once; what ended ends" {
	for case in tree values unwound stream-mixed recursion; do
		packets $case >"$TMP/packets"
		[ "$(grep -c 'type: BEGIN' "$TMP/packets")" = "$(calls $case .id | wc -l)" ]
		[ "$(grep -c 'type: END' "$TMP/packets")" = "$(calls $case 'select(.end != "open") | .id' | wc -l)" ]
		# Names are interned: as many as there are functions.
		[ "$(grep -c 'event_names' "$TMP/packets")" = "$(calls $case .func | sort -u | wc -l)" ]
		# The script's second 0 is 5 s after the start of the clock, and Unix time 1000000000.
		awk '/timestamp:/ { t = $2 } /type: BEGIN/ { print t - 5000000000 }' "$TMP/packets" |
			sort -n >"$TMP/begins"
		calls $case 'select(.start != null) | .start' | sed 's/^1000000000//' |
			sed 's/^0*//; s/^$/0/' | sort -n >"$TMP/starts"
		# What was not seen to begin has a time here only.
		[ -z "$(comm -13 <(sort "$TMP/begins") <(sort "$TMP/starts"))" ]
	done
	packets values | grep -q 'string_value: "a=1, b=-2"'
	packets unwound | grep -q 'string_value: "unwound"'
}

@test "perfetto: a track for each goroutine, below its process" {
	packets processes >"$TMP/packets"
	[ "$(grep -c 'process_name: "/srv/' "$TMP/packets")" = 2 ]
	[ "$(grep -c 'name: "G1 main.a"' "$TMP/packets")" = 2 ]
}

@test "perfetto: calls that are deeper than its viewer draws are there, and an instant says so" {
	{
		echo "func main.f"
		echo "process 412"
		for i in $(seq 600); do echo "entry ${i}us 1 main.f depth=$((i * 64))"; done
		for i in $(seq 600 -1 1); do echo "exit $((1300 - i))us 1 main.f depth=$((i * 64))"; done
	} >"$TMP/deep.events"
	"$REPLAY" perfetto "$TMP/deep.events" |
		protoc --decode=Trace -I"$ROOT/tests/formats" perfetto.proto >"$TMP/packets"
	[ "$(grep -c 'type: BEGIN' "$TMP/packets")" = 600 ]
	[ "$(grep -c 'deeper than the viewer draws' "$TMP/packets")" = 1 ]
}

@test "pprof: calls and their own time are those of the table" {
	go=$("$ROOT/scripts/find-go")
	for case in tree recursion stream-mixed; do
		"$REPLAY" pprof "$ROOT/tests/cases/$case.events" >"$TMP/$case.pb.gz"
		"$go" tool pprof -raw "$TMP/$case.pb.gz" >"$TMP/raw"
		grep -qx 'calls/count wall/nanoseconds\[dflt\]' "$TMP/raw"
		sed -n '/^Samples:/,/^Locations/p' "$TMP/raw" | awk 'NR > 2 && /:/ { n += $1; ns += $2 }
			END { print n, ns }' >"$TMP/sums"
		# All own time together is that of the roots.
		calls $case 'select(.parent == null) | .duration' |
			awk -v n="$(calls $case .id | wc -l)" '{ ns += $1 } END { print n, ns }' >"$TMP/expected"
		diff "$TMP/expected" "$TMP/sums"
	done
}

@test "chrome, speedscope: they are JSON, and each call is in it" {
	for case in tree values lost-exit open stream-mixed; do
		"$REPLAY" chrome "$ROOT/tests/cases/$case.events" >"$TMP/chrome"
		[ "$(jq '[.[] | select(.ph == "X" or .ph == "B")] | length' "$TMP/chrome")" = "$(calls $case .id | wc -l)" ]
		"$REPLAY" speedscope "$ROOT/tests/cases/$case.events" >"$TMP/speedscope"
		[ "$(jq '[.profiles[].events[] | select(.type == "O")] | length' "$TMP/speedscope")" = "$(calls $case .id | wc -l)" ]
		[ "$(jq '[.profiles[].events[] | select(.type == "C")] | length' "$TMP/speedscope")" = "$(calls $case .id | wc -l)" ]
		# Times never go back.
		jq -e '[.profiles[].events | . == sort_by(.at)] | all' "$TMP/speedscope"
	done
}

# Everything that may be in a trace: of what is a slice or an instant each is there once, and says how it ended.
@test "perfetto: waits, system calls, wakeups, signals and losses are there; nothing is that its schema does not know" {
	packets everything >"$TMP/packets"
	! grep -E '^ *[0-9]+:' "$TMP/packets"
	# Eleven calls, a wait and a system call; the call that is open has no end.
	[ "$(grep -c 'type: BEGIN' "$TMP/packets")" = 13 ]
	[ "$(grep -c 'type: END' "$TMP/packets")" = 12 ]
	# A signal, a loss, a system call without an end, and both ends of a wakeup.
	[ "$(grep -c 'type: INSTANT' "$TMP/packets")" = 5 ]
	[ "$(grep -E '^ *flow_ids:' "$TMP/packets" | awk '{ print $2 }')" = "$(grep -E '^ *terminating_flow_ids:' "$TMP/packets" | awk '{ print $2 }')" ]
	for end in lost exit unwound 'entry not seen' open; do
		grep -q "string_value: \"$end\"" "$TMP/packets"
	done
	grep -q 'string_value: "main.main main.go:10"' "$TMP/packets"
	# A name is data, whatever it says; what is no UTF-8 would be no string of this format.
	grep -qF 'name: "main.a;b<script>\"&\'"'"'\\u{7}"' "$TMP/packets"
	! grep -q '\\377' "$TMP/packets"
	# What ends lies within what was open: an END closes the newest BEGIN of its track.
	awk '/timestamp:/ { t = $2 } /type:/ { type = $2 } /track_uuid:/ {
			if (type == "BEGIN") open[$2]++
			if (type == "END" && --open[$2] < 0) exit 1
			if (type != "INSTANT" && t < last[$2]) exit 2
			if (type != "INSTANT") last[$2] = t
		}' <(sed '/interned_data/,/^  }/d' "$TMP/packets")
}

# viewed JS...: of a case in Chrome's format, what Go's trace viewer has made of it, by JavaScript expressions.
viewed()
{
	local go static

	go=$("$ROOT/scripts/find-go")
	static=$("$go" env GOROOT)/src/internal/trace/traceviewer/static
	[ -e "$static/trace_viewer_full.html" ] || fail "this Go has no trace viewer; take one from 1.22 on"
	ln -sf "$static/trace_viewer_full.html" "$static/webcomponents.min.js" "$ROOT/tests/formats/viewer.html" "$TMP"
	start python3 -u -m http.server --bind 127.0.0.1 --directory "$TMP" 0
	wait_for 20 grep -q 'port [0-9]' "$STARTED_OUT"
	printf 'js %s\n' "$@" | timeout -s KILL 200 python3 "$ROOT/tests/formats/browser.py" \
		"http://127.0.0.1:$(grep -o 'port [0-9]*' "$STARTED_OUT" | cut -d ' ' -f 2)/viewer.html"
}

@test "chrome: Go's trace viewer reads it: a thread for each goroutine, calls within each other, marks, arrows" {
	"$REPLAY" chrome "$ROOT/tests/cases/everything.events" >"$TMP/trace.json"
	slices='Array.from(model.getDescendantEvents()).filter((e) => e instanceof tr.model.ThreadSlice)'
	viewed 'model.importWarnings.map((w) => w.message)' \
		"$slices.filter((s) => s.category === 'call').map((s) => s.args.id).sort((a, b) => a - b)" \
		"$slices.filter((s) => s.args.id === 3).map((s) => [s.title, s.parentSlice.args.id, s.start, s.duration, s.subSlices.map((m) => m.title)])" \
		"$slices.filter((s) => s.didNotFinish).map((s) => s.args.id)" \
		'model.getAllThreads().map((t) => t.name).sort()' \
		"model.flowEvents.map((f) => [f.startSlice.args.id, f.endSlice.title, f.start])" >"$TMP/got"
	stop_all
	cat "$TMP/got" >&2
	[ "$(sed -n 2p "$TMP/got")" = '[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]' ]
	# Milliseconds, there.
	[ "$(sed -n 3p "$TMP/got")" = '[["main.a;b<script>\"&'"'"'\\u{7}", 2, 0.012, 0.01, ["sleep"]]]' ]
	[ "$(sed -n 4p "$TMP/got")" = '[11]' ]
	[ "$(sed -n 5p "$TMP/got")" = '["G1 main.root", "G2 main.root", "G3 main.unseen", "G4 main.root", "G5 main.root", "G6 main.open"]' ]
	# From the goroutine that woke to the end of the wait.
	[ "$(sed -n 6p "$TMP/got")" = '[[10, "sleep", 0.02]]' ]
}

# top_of FILE: function, its own time, its time with all below it, as go tool pprof adds them up.
top_of()
{
	"$("$ROOT/scripts/find-go")" tool pprof -top -unit=ns -nodefraction=0 -edgefraction=0 -nodecount=1000 "$1" 2>"$TMP/said" |
		awk 'on { sub(/ns$/, "", $1); sub(/ns$/, "", $4); own = $1; all = $4
			for (i = 1; i <= 5; i++) sub(/^ *[^ ]+ */, ""); print $0, own, all } $1 == "flat" { on = 1 }' | LC_ALL=C sort
}

@test "pprof: go tool pprof -top has the table of --summary" {
	for case in tree recursion stream-mixed unwound everything; do
		sed '0,/^process/s//summary\nprocess/' "$ROOT/tests/cases/$case.events" >"$TMP/$case.events"
		"$REPLAY" jsonl "$TMP/$case.events" | jq -r 'select(.type == "function" and .total > 0) |
			"\(.func) \(.self) \(.total)"' | LC_ALL=C sort >"$TMP/table"
		"$REPLAY" pprof "$ROOT/tests/cases/$case.events" >"$TMP/$case.pb.gz"
		top_of "$TMP/$case.pb.gz" | grep -v ' 0 0$' >"$TMP/top"
		[ -s "$TMP/top" ]
		diff "$TMP/table" "$TMP/top" || fail "$case: $(cat "$TMP/said")"
	done
}

@test "folded: frames and a number, whatever the names say; all of them are the own time of all calls" {
	"$REPLAY" folded "$ROOT/tests/cases/everything.events" >"$TMP/folded"
	! grep -vE '^.+ [0-9]+$' "$TMP/folded"
	grep -qxF 'main.root;main.a,b<script>"&'"'"'\u{7} 10000' "$TMP/folded"
	[ "$(awk '{ n += $NF } END { print n }' "$TMP/folded")" = \
		"$(calls everything 'select(.parent == null and .duration != null) | .duration' | awk '{ n += $1 } END { print n }')" ]
}

@test "speedscope: what opens closes, the innermost first; how calls ended it cannot say" {
	"$REPLAY" speedscope "$ROOT/tests/cases/everything.events" >"$TMP/speedscope"
	jq -e '[.profiles[].events | reduce .[] as $e ([]; if $e.type == "O" then . + [$e.frame]
		elif .[-1] == $e.frame then .[:-1] else error("not the innermost") end) | length == 0] | all' "$TMP/speedscope"
	jq -e '[.profiles[] | .unit == "nanoseconds" and .type == "evented" and ([.events[].at] | min) >= .startValue
		and ([.events[].at] | max) <= .endValue] | all' "$TMP/speedscope"
	jq -e '. as $all | [.profiles[].events[].frame] | all(. < ($all.shared.frames | length))' "$TMP/speedscope"
}
