#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Filters: what the kernel decides, what user space decides, and what jq decides of a trace without
# any, are the same calls; and those that the kernel refuses cost no record.

load lib
load steps

setup()
{
	require_root
	probes_remember
	TMP=$BATS_TEST_TMPDIR
	VALUES=$(build_go "$ROOT/tests/targets/values" values)
}

teardown()
{
	stop_all
	no_probes_left
}

# filtered FILE OPTION...: a trace of the program.
filtered()
{
	local file=$1

	shift
	traced 0 --format=jsonl --buffer 64M -o "$file" "$@" --exec "$VALUES" || return 1
	nothing_lost "$file"
}

# calls FUNC CONDITION FILE: FUNC's calls for which the jq condition holds, `$a` being its arguments by
# name and `t` the text of a value; one a line, by their values. Addresses differ in each run.
calls()
{
	jq -c "def t: if type == \"object\" then .value // \"\" else . // \"\" end; select(.func == \"$1\") | (.args // [] | map({key: .name, value: .value}) | from_entries) as \$a |
		select($2) | [.func, (.args | walk(if type == \"object\" and .ptr then \"ptr\" else . end))]" "$3"
}

# whole: a trace without a filter.
whole()
{
	[ -s "$BATS_FILE_TMPDIR/whole" ] || filtered "$BATS_FILE_TMPDIR/whole" -u 'main.*'
}

# decide LINE...: each line is FUNC | EXPR | CONDITION, and each FUNC is in one line.
decide()
{
	local line func expr condition kernel=() user=() none=() n got

	for line; do
		IFS='|' read -r func expr condition <<<"${line//||/@or@}"
		func=main.${func// /} expr=${expr//@or@/||}
		none+=(-u "$func")
		kernel+=(--filter "$func: $expr")
		user+=(--filter "$func: ($expr) || \$duration < 0ns")
	done
	whole
	# Of an operand that is away user space decides (26-reads.bats).
	filtered "$TMP/kernel" --fault "${kernel[@]}"
	filtered "$TMP/user" "${user[@]}"
	for line; do
		IFS='|' read -r func expr condition <<<"${line//||/@or@}"
		func=main.${func// /}
		calls "$func" "${condition//@or@/ or }" "$BATS_FILE_TMPDIR/whole" >"$TMP/want"
		calls "$func" true "$TMP/kernel" >"$TMP/got"
		diff "$TMP/want" "$TMP/got" >"$TMP/diff" || fail "kernel: $line: $(head -n 4 "$TMP/diff")"
		calls "$func" true "$TMP/user" >"$TMP/got"
		diff "$TMP/want" "$TMP/got" >"$TMP/diff" || fail "user space: $line: $(head -n 4 "$TMP/diff")"
		n=$(wc -l <"$TMP/want")
		got=$(calls "$func" true "$BATS_FILE_TMPDIR/whole" | wc -l)
		# A test that all calls pass, or none, says little.
		[ "$n" -gt 0 ] && [ "$n" -lt "$got" ] || fail "$line: $n of $got calls"
	done
	# What was refused in the kernel was not sent, and what user space refused was.
	expect_json '.[-1] | .records == 2 * .calls' true "$TMP/kernel"
	expect_json '.[-1] | .records > 2 * .calls' true "$TMP/user"
}

@test "integers: every width and sign, in registers and in memory" {
	decide 'signed     | a < 0                     | $a.a < 0' \
	       'unsigned   | a > 0x7f                  | $a.a > 127' \
	       'narrow     | c == -1                   | $a.c == -1' \
	       'between    | s[0] == 0                 | ($a.s | length) > 0' \
	       'throughPointer | f != nil && f.B >= 1    | ($a.f.B | tonumber? // .) | if type == "number" then . >= 1 else . == "+Inf" end' \
	       'tooBig     | t.J < 0                   | $a.t.J < 0' \
	       'fits       | n.C == 0x10000000000      | $a.n.C == 1099511627776' \
	       'named      | d > 1s                    | $a.d > 1000000000'
	decide 'signed     | b == -1 && e != 0         | $a.b == -1' \
	       'unsigned   | b & 0x8000                | $a.b > 32767' \
	       'narrow     | b >= 252                  | $a.b >= 252' \
	       'throughPointer | f.A == 1.5              | $a.f.A == 1.5' \
	       'tooBig     | t.nine.B <= -1            | $a.t.nine.B <= -1' \
	       'fits       | !(n.A == 0)               | $a.n.A != 0' \
	       'named      | i == 0xffff               | $a.i == 65535'
	decide 'signed     | c >= 1 || d == -1         | $a.c >= 1 || $a.d == -1' \
	       'unsigned   | c == 0xffffffff           | $a.c == 4294967295' \
	       'throughPointer | f.A < 0.5                | $a.f.A | if type == "number" then . < 0.5 else . == "-Inf" end' \
	       'named      | d <= -1                   | $a.d < 0'
}

@test "unsigned ones of 64 bits, past what a signed one holds" {
	decide 'unsigned   | d > 9223372036854775807   | ($a.d | tostring | length) > 18' \
	       'signed     | d < -9223372036854775807  | $a.d < -9.1e18'
	decide 'unsigned   | d == 18446744073709551615 && e >= d | ($a.d | tostring)[:7] == "1844674"' \
	       'signed     | d == 9223372036854775807  | $a.d > 9.1e18'
}

@test "bools, negated, compared, beside each other" {
	decide 'narrow     | a                         | $a.a'
	decide 'narrow     | !a && d                   | $a.a == false'
	decide 'narrow     | a == false && c > 0       | $a.a == false and $a.c > 0'
	decide 'narrow     | a != d && (c == 0 || b == 252) | $a.c == 0 || $a.b == 252'
}

@test "strings: whole, ordered, by glob; of a field, an element, behind a pointer" {
	decide 'text       | s == "zhang"              | $a.s == "zhang"' \
	       'words      | a[1] == "zhang"           | $a.a[1] == "zhang"' \
	       'aliases    | l == "a"                  | $a.l == "a"' \
	       'raw        | *p == "zhang" || *p == "" | $a.p == "zhang" || $a.p == ""' \
	       'embed      | p.base.Tag == "tag"       | $a.p != null'
	decide 'text       | s ~ "zh*"                 | $a.s == "zhang"' \
	       'aliases    | l ~ "quo*" && !f          | ($a.l | t)[:3] == "quo"'
	decide 'text       | s != "" && n < 8          | $a.s != "" and $a.n < 8' \
	       'words      | b[0] ~ "li*"              | ($a.b[0] | t)[:2] == "li"' \
	       'aliases    | f || l == "zhang"         | $a.f || $a.l == "zhang"'
	decide 'aliases    | l ~ "?"                   | $a.l | type == "string" and length == 1'
	decide 'text       | s < "ab!" && s >= "a"     | ($a.s // "~") | . < "ab!" and . >= "a"' \
	       'aliases    | l ~ "*[\"]*"              | ($a.l // "") | contains("\"")'
	decide 'text       | s ~ "*feed*"              | ($a.s // "") | contains("feed")' \
	       'aliases    | l ~ "zh[a-c]ng"           | $a.l == "zhang"'
	decide 'text       | !(s ~ "?*[!a-y]*") && len(s) < 60 | ($a.s // "~~") | utf8bytelength < 60 and test("^(.[a-y]*)?$"; "s")' \
	       'aliases    | l ~ "*\"*\"*" || l ~ "qu?te*" | ($a.l // "") | test("\".*\"|^qu.te")'
}

@test "len, nil, fields through pointers" {
	decide 'slices     | len(a) > 5                | ($a.a // [] | length) > 5' \
	       'text       | len(s) == 5               | ($a.s // "" | utf8bytelength) == 5' \
	       'raw        | len(b) == 5               | ($a.b // "" | utf8bytelength) == 5' \
	       'tables     | len(m) >= 4               | $a.m.len >= 4' \
	       'embed      | p != nil && p.base.ID == 7 | $a.p != null' \
	       'pointers   | c != nil && c.Y == -1     | $a.c != null' \
	       'fails      | err != nil && n > 3       | $a.err != null and $a.n > 3' \
	       'anything   | v == nil                  | $a.v == null'
	decide 'tables     | cap(c) > 3                | $a.c.cap > 3' \
	       'embed      | p == nil                  | $a.p == null' \
	       'code       | f != nil                  | $a.f != null' \
	       'slices     | a == nil                  | $a.a == null'
}

@test "task, process and goroutine" {
	filtered "$TMP/kernel" --filter 'main.signed: $comm == "values" && $pid == $tid' \
		--filter 'main.unsigned: $goid == 1' --filter 'main.narrow: $comm ~ "val*"' \
		--filter 'main.text: $comm != "values" || $goid != 1 || $pid == 1'
	expect_json '[.[] | select(.func == "main.narrow")] | length' 8 "$TMP/kernel"
	expect_json '[.[] | select(.func == "main.unsigned")] | length' 6 "$TMP/kernel"
	expect_json '[.[] | select(.func == "main.signed" and .tid != .pid)] | length' 0 "$TMP/kernel"
	expect_json '[.[] | select(.func == "main.text")] | length' 0 "$TMP/kernel"
	expect_json '.[-1] | .records == 2 * .calls' true "$TMP/kernel"
}

@test "globs of several filters, each of several functions" {
	local func

	filtered "$TMP/kernel" --filter 'main.[a-m]*: $comm ~ "*alu?s" && !($comm ~ "?")' \
		--filter 'main.[n-z]*: $comm ~ "*[!s]"' --filter 'main.unsigned: $comm ~ "*"'
	expect_json '.[-1] | .records == 2 * .calls' true "$TMP/kernel"
	expect_json '[.[] | select(.type == "call" and (.func | test("^main.[n-z]")))] | length' 0 "$TMP/kernel"
	whole
	for func in main.fails main.code main.embed; do
		calls $func true "$TMP/kernel" | wc -l >"$TMP/got"
		calls $func true "$BATS_FILE_TMPDIR/whole" | wc -l | diff - "$TMP/got"
	done
}

@test "what cannot be read makes the whole filter false" {
	filtered "$TMP/kernel" --filter 'main.embed: p.base.ID == 7 || p.base.ID != 7'
	expect_json '[.[] | select(.func == "main.embed") | .args[1].value.base.ID]' '[7]' "$TMP/kernel"
	filtered "$TMP/user" --filter 'main.embed: p.base.ID == 7 || p.base.ID != 7 || $duration < 0ns'
	expect_json '[.[] | select(.func == "main.embed") | .args[1].value.base.ID]' '[7]' "$TMP/user"
	filtered "$TMP/kernel" --filter 'main.raw: *p != "x"'
	expect_json '[.[] | select(.func == "main.raw" and .args[1].value == null and .args[1].hex == null)] | length' 0 "$TMP/kernel"
}

@test "results and duration are decided at the end" {
	filtered "$TMP/user" --filter 'main.text: len(~r0) == 10' --filter 'main.fails: ~r1 == nil' \
		--filter 'main.signed: $duration > 1m' --filter 'main.unsigned: v == 255 && a == 0'
	expect_json '[.[] | select(.func == "main.text") | .results[0].value]' '["zhangzhang"]' "$TMP/user"
	expect_json '[.[] | select(.func == "main.fails") | .args[0].value]' '[0]' "$TMP/user"
	expect_json '[.[] | select(.func == "main.signed")] | length' 0 "$TMP/user"
	expect_json '[.[] | select(.func == "main.unsigned") | .args[0].value] | unique' '[0]' "$TMP/user"
}

@test "a filter that cannot be: the message points at the column" {
	refused 1 '*column 16:*' --filter 'main.signed: a == "x"' "$VALUES"
	refused 1 '*column 14:*nothing*' --filter 'main.signed: nothing > 1' "$VALUES"
	refused 1 '*column 18:*X0*' --filter 'main.single: 1 < a' "$VALUES"
	refused 2 '*column 16:*' --filter 'main.text: s > ' "$VALUES"
	refused 2 '*column 21:*column 12*' --filter 'main.text: (s == "a"' "$VALUES"
	refused 1 '*column 12:*' --filter 'main.text: len(n) > 1' "$VALUES"
	refused 1 '*column 14:*' --filter 'main.text: s & 1' "$VALUES"
	refused 1 '*main.nothing*' --filter 'main.nothing: n > 1' "$VALUES"
}

@test "of a glob's functions those that lack what the filter compares are left out, and counted" {
	local failing

	failing=$(build_go "$ROOT/tests/live/programs/failing" failing)
	# main.run has no n either, and is named by -u besides: nobody could say whether its calls pass.
	traced 0 --format=jsonl -o "$TMP/t" -u main.run --filter 'main.*: n > 2' --exec "$failing"
	[ "$(jq -s '[.[] | select(.type == "call") | .args[] | select(.name == "n") | .value] | unique' -c "$TMP/t")" = '[3]' ]
	[ "$(jq -s '[.[] | select(.func == "main.main" or .func == "main.(*broken).Error")] | length' "$TMP/t")" = 0 ]
	"$FTRACE" list --filter 'main.*: n > 2' "$failing" >"$TMP/list"
	left=$(grep -c 'it lacks what --filter compares$' "$TMP/list")
	[ "$left" -gt 5 ]
	# The one that is named exactly is an error, and so is a filter that suits none.
	run "$FTRACE" list --filter 'main.main: n > 2' "$failing"
	[ "$status" = 1 ] && [[ $output == *"filter 1, column 12: 'n' is no parameter of main.main"* ]]
	run "$FTRACE" list --filter 'main.*: nothing > 2' "$failing"
	[ "$status" = 1 ] && [[ $output == *"filter 1, column 9: 'nothing' is no parameter of "* ]]
	run_ftrace --filter 'main.*: n > 2' --exec "$failing"
	grep -q "; $left functions without what --filter compares left out; " "$FTRACE_ERR" || fail "$(cat "$FTRACE_ERR")"
}
