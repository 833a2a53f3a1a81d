#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Programs whose FIPS 140 module checks its own code at their start run traced as they run alone.

load lib

PROGRAM=$ROOT/tests/live/programs/fips
# The module came with Go 1.24.
GO=$(go_from 24 go1.25.0)

setup()
{
	require_root
	probes_remember
}

teardown()
{
	stop_all
	no_probes_left
}

# runs_checked PROGRAM [VARIABLE=VALUE...]: started by ftrace, its module passes its check, and what lies around
# the module is traced.
runs_checked()
{
	local program=$1

	shift
	"$program" 2 >"$BATS_TEST_TMPDIR/alone"
	bounded env "$@" "$FTRACE" --format jsonl -u 'crypto/*' -u main.digest -o "$BATS_TEST_TMPDIR/trace" \
		--exec "$program" -- 2 >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null 3>&- ||
		fail "$program $*: exit status $?: $(tail -n 30 "$BATS_TEST_TMPDIR/err")"
	cmp "$BATS_TEST_TMPDIR/alone" "$BATS_TEST_TMPDIR/out"
	grep -Eq '[1-9][0-9]* functions of the FIPS 140 module left out' "$BATS_TEST_TMPDIR/err" ||
		fail "$(cat "$BATS_TEST_TMPDIR/err")"
	expect_json '[.[] | select(.func == "crypto/sha256.Sum256")] | length > 0' true "$BATS_TEST_TMPDIR/trace"
	expect_json '[.[] | .func // "" | select(test("^crypto/internal/fips140[./]"))]' "[]" "$BATS_TEST_TMPDIR/trace"
}

@test "a build with the module on, and one by GODEBUG" {
	on=$(GOFIPS140=latest build_go "$PROGRAM" on "$GO" -ldflags=-X=main.x=on)
	off=$(build_go "$PROGRAM" off "$GO")
	runs_checked "$on"
	runs_checked "$off" GODEBUG=fips140=on
	runs_checked "$off" GODEBUG=fips140=only
	runs_checked "$off" GODEBUG=fips140=debug
	expect "$BATS_TEST_TMPDIR/err" 'fips140: verified code+data'
}

@test "stripped, position-independent, linked by the C linker" {
	for flags in '-ldflags=-s -w' '-buildmode=pie -ldflags=-s' '-ldflags=-linkmode=external' \
		'-buildmode=pie -ldflags=-linkmode=external'; do
		# shellcheck disable=SC2086 # words
		case $flags in
		'-ldflags=-s -w') program=$(build_go "$PROGRAM" fips "$GO" "$flags") ;;
		*) program=$(build_go "$PROGRAM" fips "$GO" $flags) ;;
		esac
		runs_checked "$program" GODEBUG=fips140=on
	done
}

@test "Go 1.24 to 1.27" {
	for toolchain in go1.24.0 go1.25.0 go1.27.0; do
		program=$(build_go "$PROGRAM" fips "$toolchain")
		runs_checked "$program" GODEBUG=fips140=on
	done
}

@test "waiting: each start of the program passes its check" {
	program=$(build_go "$PROGRAM" fips "$GO")
	start "$FTRACE" -u '*' -N 'runtime*' -o "$BATS_TEST_TMPDIR/trace" "$program"
	err=$STARTED_ERR tracer=$STARTED_PID
	wait_for 30 attached "$err"
	for _ in 1 2 3; do
		GODEBUG=fips140=on bounded "$program" 1 >"$BATS_TEST_TMPDIR/out" 2>&1 ||
			fail "$(cat "$BATS_TEST_TMPDIR/out")"
	done
	stop "$tracer" INT
	[ "$(grep -c 'main.main() {' "$BATS_TEST_TMPDIR/trace")" = 3 ] || fail "$(grep -n main.main "$BATS_TEST_TMPDIR/trace")"
}

@test "list says why" {
	program=$(build_go "$PROGRAM" fips "$GO")
	run_ftrace list -u 'crypto/internal/fips140/sha256.*' --format jsonl "$program" ||
		[ "$?" = 1 ]
	run_ftrace list -u 'crypto/internal/fips140/sha256.*' -u main.digest --format jsonl "$program"
	expect_json '[.[] | select(.func == "crypto/internal/fips140/sha256.(*Digest).Write") |
		[.type, .reason]]' \
		'[["skipped","it is code of the FIPS 140 module, which may check itself at any start; trace its callers"]]'
	expect_json '[.[] | select(.type == "probe" and (.func | startswith("crypto")))]' '[]'
}
