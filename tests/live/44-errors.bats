#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# --errors and $error: the trees in which a call failed, and no others.

load lib

CALLS="-u main.fine -u main.last -u main.first -u main.several -u main.wide -u main.pointer -u main.recovers
	-u main.panics -u main.deep -u main.deeper -u main.generic[*]"

setup()
{
	require_root
	probes_remember
	TMP=$BATS_TEST_TMPDIR
	FTRACE_OUT=$TMP/ftrace.out FTRACE_ERR=$TMP/ftrace.err
	FAILING=$(build_go "$ROOT/tests/live/programs/failing" failing)
}

teardown()
{
	stop_all
	no_probes_left
}

# failing OPTION...: the calls that come of the program, as DEPTH FUNC, one a line.
failing()
{
	# shellcheck disable=SC2086 # words
	run_ftrace --format=jsonl $CALLS "$@" --exec "$FAILING" || fail "$(cat "$FTRACE_ERR")"
	jq -r 'select(.type == "call") | "\(.depth) \(.func)"' "$FTRACE_OUT"
}

# Each function fails in the second and the third round.
TREES="0 main.last
0 main.first
0 main.several
0 main.wide
0 main.recovers
1 main.panics
0 main.deep
1 main.deeper
2 main.last
0 main.generic[go.shape.string]
0 main.generic[go.shape.int]"

# same WHAT GOT EXPECTED
same()
{
	[ "$2" = "$3" ] || fail "$1: $(diff <(echo "$3") <(echo "$2"))"
}

@test "--errors: the trees in which a call returned an error or panicked" {
	same "with results" "$(failing --errors)" "$TREES
$TREES"
	same "without results" "$(failing --errors --no-results)" "$TREES
$TREES"
	same "streamed" "$(failing --errors --stream | sort)" "$(printf '%s\n' "$TREES" "$TREES" | sort)"
	grep -q '"streamed":true' "$FTRACE_OUT"
}

@test "--errors: a call below --depth counts, a root that fails ends --max-calls" {
	same "roots" "$(failing --errors --depth 1)" "$(printf '%s\n' "$TREES" "$TREES" | grep ^0)"
	same "three" "$(failing --errors --max-calls 3)" "$(head -n 3 <<<"$TREES")"
	same "below -D" "$(failing --errors -D main.deeper)" "0 main.deeper
1 main.last
0 main.deeper
1 main.last"
}

@test "--errors: the table is of what is shown" {
	failing --errors --summary=only >"$TMP/none"
	[ ! -s "$TMP/none" ]
	same "table" "$(jq -r 'select(.type == "function") | "\(.func) \(.calls) \(.errors)"' "$FTRACE_OUT" | sort)" \
		"$(printf 'main.%s\n' 'deep 2 null' 'deeper 2 null' 'first 2 null' 'generic[go.shape.int] 2 2' \
			'generic[go.shape.string] 2 2' 'last 4 4' 'panics 2 null' 'recovers 2 null' 'several 2 1' 'wide 2 2')"
}

@test "\$error: a call that failed itself, and what else is asked of it" {
	# shellcheck disable=SC2016 # a name of the filter
	same "all" "$(failing --filter 'main.*: $error' -N 'main.(*' -N 'main.fake*')" \
		"$(printf '%s\n' "$TREES" "$TREES" | grep -v 'recovers\|deep' | sed 's/^./0/')"
	# shellcheck disable=SC2016
	same "the others" "$(failing --filter 'main.last: !$error || $duration < 0ns' -N 'main.[!l]*')" \
		"$(printf '0 main.last\n%.0s' 1 2)"
}

@test "--errors: a failing statement, through database/sql" {
	run_ftrace --format=jsonl --errors -u 'database/sql.*' --exec "$FAILING"
	same "statements" "$(jq -r 'select(.func == "database/sql.(*DB).exec") | .args[] | select(.name == "query") | .value' \
		"$FTRACE_OUT")" DROP
	[ "$(jq -s '[.[] | select(.func == "database/sql.(*DB).ExecContext" and .depth == 0)] | length' "$FTRACE_OUT")" = 1 ]
}

# dies HOW OPTION...: what is shown of calls in which the program ends that way, as DEPTH FUNC END.
dies()
{
	local how=$1

	shift
	run_ftrace --format=jsonl -o "$TMP/trace" -u 'main.traced*' -N main.tracedParked -N main.tracedWait "$@" \
		--exec "$(build_go "$ROOT/tests/targets/fatal" fatal)" -- "$how" || :
	jq -r 'select(.type == "call") | "\(.depth) \(.func) \(.end)"' "$TMP/trace"
}

@test "--errors: a panic that the program dies of is one in its goroutine, other ends are none" {
	same "panic" "$(dies panic --errors -N main.tracedLeaf)" "0 main.tracedOuter exit
1 main.tracedInner exit
2 main.tracedEnd exit
3 main.tracedOuter.func1 return"
	same "streamed" "$(dies panic --errors --stream -N main.tracedLeaf | grep -c exit)" 3
	# shellcheck disable=SC2016 # a name of the filter
	same "alone" "$(dies panic --filter 'main.traced*: $error' | sort)" "0 main.tracedOuter exit
1 main.tracedInner exit
2 main.tracedEnd exit"
	run_ftrace record -o "$TMP/recording" -u 'main.traced*' -N main.tracedLeaf \
		--exec "$(build_go "$ROOT/tests/targets/fatal" fatal)" -- panic || :
	"$FTRACE" report --errors --format=jsonl "$TMP/recording" >"$TMP/reported"
	same "recorded" "$(jq -r 'select(.type == "call") | "\(.depth) \(.func) \(.end)"' "$TMP/reported")" \
		"$(dies panic --errors -N main.tracedLeaf)"
	same "os.Exit" "$(dies exit --errors)" ""
	same "throw" "$(dies throw --errors)" ""
	run_ftrace --errors --no-timestamp -o "$TMP/text" -u main.tracedEnd \
		--exec "$(build_go "$ROOT/tests/targets/fatal" fatal)" -- panic || :
	expect "$TMP/text" '/* panic, process exited */'
}

@test "--errors: without debug information panics only, and rules' errors; it is said" {
	$(go_for local) build -C "$ROOT/tests/live/programs/failing" -ldflags='-s -w' -o "$TMP/failing"
	FAILING=$TMP/failing
	same "panics" "$(failing --errors)" "0 main.recovers
1 main.panics
0 main.recovers
1 main.panics"
	grep -q '^ftrace: .*/failing: no debug information says which results are errors, only panics' "$FTRACE_ERR" ||
		fail "$(cat "$FTRACE_ERR")"
	# What a rule reads as an error is one: that of main.wide is on the stack.
	run_ftrace --format=jsonl --errors "$FAILING" 'main.wide()(err=+16(%sp):goerror)' --
	[ "$(jq -s '[.[] | select(.func == "main.wide")] | length' "$FTRACE_OUT")" = 2 ] || fail "$(cat "$FTRACE_ERR" "$FTRACE_OUT")"
	[ ! -s "$FTRACE_ERR" ] || ! grep -q 'only panics' "$FTRACE_ERR"
}
