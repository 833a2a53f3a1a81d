#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What other viewers read, read back by programs of theirs: protoc, go tool pprof, jq. A trace in each format is held
# against the JSON lines of the same recorded events.

load lib

setup()
{
	REPLAY=$BUILD/cases/replay
	[ -x "$REPLAY" ] || make -s -C "$ROOT" "$BUILD/cases/replay"
	TMP=$BATS_TEST_TMPDIR
}

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
