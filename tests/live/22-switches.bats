#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Functions of the runtime that change goroutine or stack: expected/switches says of each whether it is left out,
# comes back, or never does. The program calls C, which calls back, on threads of its own, too.

load lib

SWITCHES_GO=${SWITCHES_GO:-go1.19.13 go1.21.13 go1.24.0 local go1.27.0}

setup_file()
{
	local toolchain

	for toolchain in $SWITCHES_GO; do
		CGO_ENABLED=1 build_go "$ROOT/tests/targets/cgo" cgo "$toolchain" || :
	done
}

setup()
{
	require_root
	probes_remember
	TMP=$BATS_TEST_TMPDIR
}

teardown()
{
	stop_all
	no_probes_left
}

# switches WHAT MINOR: the names that have this in the table, and are there in Go 1.MINOR; each may have ".abi0".
switches()
{
	awk -v what="$1" -v minor="$2" '!/^#/ && $3 == what && $2 <= minor {print $1}' "$ROOT/tests/live/expected/switches"
}

# minor_of PROGRAM: 26 of one built by go1.26.8.
minor_of()
{
	local version

	# shellcheck disable=SC2046 # words
	version=$($(go_for local) version "$1")
	[[ $version =~ go1\.([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# names_of LIST TYPE: of that type in the JSON of `list`, without ".abi0".
names_of()
{
	jq -r --arg type "$2" 'select(.type == $type) | .func | rtrimstr(".abi0")' "$1" | sort -u
}

@test "each is left out, comes back, or never does, with every release" {
	local toolchain bin minor wrong

	for toolchain in $SWITCHES_GO; do
		bin=$(CGO_ENABLED=1 build_go "$ROOT/tests/targets/cgo" cgo "$toolchain")
		minor=$(minor_of "$bin")
		"$FTRACE" list --format=jsonl -u 'runtime.*' -u 'crosscall*' -u 'setg*' -u 'gosave*' "$bin" >"$TMP/list"
		names_of "$TMP/list" probe >"$TMP/probes"
		names_of "$TMP/list" skipped >"$TMP/skipped"

		switches left-out "$minor" | sort >"$TMP/left-out"
		wrong=$(comm -12 "$TMP/left-out" "$TMP/probes")
		[ -z "$wrong" ] || fail "$toolchain: probed: $wrong"
		wrong=$(comm -23 "$TMP/left-out" "$TMP/skipped")
		[ -z "$wrong" ] || fail "$toolchain: not in the list: $wrong"
		wrong=$(switches returns "$minor" | sort | comm -23 - "$TMP/probes")
		[ -z "$wrong" ] || fail "$toolchain: not probed: $wrong"

		follow_switches "$bin" "$minor" || fail "$toolchain"
	done
}

# follow_switches PROGRAM MINOR: what is not left out ends as the table says.
follow_switches()
{
	local options=() name

	for name in $(switches returns "$2") $(switches never "$2"); do
		options+=(-u "$(jq -r --arg name "$name" 'select(.type == "probe" and (.func | rtrimstr(".abi0")) == $name) |
			.func' "$TMP/list" | head -n 1)")
	done
	bounded "$FTRACE" --format=jsonl -o "$TMP/trace" --buffer 256M --stream --no-args --no-results "${options[@]}" \
		--exec "$1" >"$TMP/out" 2>"$TMP/err" </dev/null 3>&- || fail "$(cat "$TMP/err")"
	nothing_lost "$TMP/trace"
	jq -r 'select(.type == "call") | (.func | rtrimstr(".abi0")) + " " + .end +
		(if .start == null then " unseen" else "" end)' "$TMP/trace" | sort | uniq -c >"$TMP/ends"
	for name in $(switches returns "$2"); do
		grep -q " $name return\$" "$TMP/ends" || fail "$name never returned: $(cat "$TMP/ends")"
		! grep " $name " "$TMP/ends" | grep -Ev ' (return|tail|exit)$' || fail "$name: $(cat "$TMP/ends")"
	done
	for name in $(switches never "$2"); do
		! grep -q " $name return" "$TMP/ends" || fail "$name returned: $(cat "$TMP/ends")"
	done
}
