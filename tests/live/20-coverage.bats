#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# How often each function of a package of the standard library was seen, against the counters that
# the compiler puts in for coverage. The packages that take long are in tests/matrix/run.

load lib
load truth

# What takes long is built here, where no test's time runs out: each builds it again, from the cache.
setup_file()
{
	truth_tools
	coverage_build regexp "$BATS_FILE_TMPDIR/program" || :
	coverage_build text/template "$BATS_FILE_TMPDIR/program" || :
}

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

# counted PACKAGE TEST-ARG...
counted()
{
	local out

	out=$(coverage_test "$1" "$BATS_TEST_TMPDIR/coverage" "${@:2}") || fail "$out"
}

@test "coverage: regexp" {
	counted regexp -test.short -test.run '^(TestFind|TestReplace|TestSplit|TestOnePass|TestParse)'
}

@test "coverage: text/template" {
	counted text/template -test.short -test.run '^(TestExecute|TestJSEscaping|TestTree|TestClone)'
}

@test "coverage: a count that is wrong by one is refused" {
	local dir=$BATS_TEST_TMPDIR/coverage out

	out=$(KEEP_TRACE=yes coverage_test regexp "$dir" -test.short -test.run '^TestSplit') ||
		fail "$out"
	# One call less, and a summary that agrees with that.
	jq -c -s '(map(.func == "regexp.(*Regexp).Split") | index(true)) as $at
		| del(.[$at])
		| map(if .type == "summary" then .calls -= 1 else . end) | .[]' "$dir/trace" >"$dir/less"
	mv "$dir/less" "$dir/trace"
	run coverage_count regexp "$dir"
	[ "$status" = 1 ] || fail "status $status: $output"
	[[ $output == *"mismatches=1"* ]] || fail "$output"
}
