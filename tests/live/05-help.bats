#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What -h and the man page say against the table of options. Needs no root.

load lib

PAGE=$ROOT/docs/ftrace.1
ROWS=$ROOT/src/cli/options/table.c

# rows: every option of the table, as a user writes it, one a line.
rows()
{
	sed -n "s/^	{\"\([a-z-]*\)\", \('\(.\)'\|0\), .*/--\1\n-\3/p" "$ROWS" | grep -vx -- - | LC_ALL=C sort
}

# described: the options that have a paragraph of their own in the man page: those of .TP's tags.
described()
{
	awk '/^\.TP/ { getline; print }' "$PAGE" | sed 's/\\fB//g; s/\\fR//g; s/\\-/-/g; s/\\fI.*//; s/\[=.*//; s/^\.B //' |
		tr ', ' '\n\n' | grep -E '^(--[a-z]|-[A-Za-z]$)' | LC_ALL=C sort
}

# mentioned: the options that -h shows.
mentioned()
{
	"$FTRACE" -h | grep -oE '(^|[[ (,])(--[a-z][a-z-]*|-[A-Za-z])\b' | tr -d '[ (,' | LC_ALL=C sort -u
}

# pairs: "-u --uprobe", one a line, of the table.
pairs()
{
	sed -n "s/^	{\"\([a-z-]*\)\", '\(.\)', .*/-\2 --\1/p" "$ROWS"
}

@test "the table is read as it is" {
	[ "$(rows | wc -l)" -gt 40 ]
	[ "$(grep -cE "^	\{\"[a-z-]+\", " "$ROWS")" = "$(rows | grep -c '^--')" ]
	# getopt_long() agrees: none of them is unknown to the program.
	for option in $(rows); do
		run "$FTRACE" "$option"
		[[ $output != *"unknown option"* ]] || fail "$option: $output"
	done
	run "$FTRACE" --no-such-option
	[[ $output == *"unknown option"* ]]
}

@test "every option has its paragraph in the man page, and nothing else has one" {
	diff <(rows) <(described)
}

@test "the man page gives each option's short form beside the long one" {
	while read -r short long; do
		grep -qF -- "\\fB\\-${short#-}\\fR, \\fB$(sed 's/-/\\-/g' <<<"$long")\\fR" "$PAGE" ||
			fail "$short, $long: not together"
	done < <(pairs)
}

@test "-h shows only options that there are, and says where the others stand" {
	run "$FTRACE" -h
	[ "$status" = 0 ]
	[[ $output == *"man ftrace"* ]]
	[ -n "$(mentioned)" ]
	[ -z "$(LC_ALL=C comm -13 <(rows) <(mentioned))" ] || fail "$(LC_ALL=C comm -13 <(rows) <(mentioned))"
}

@test "help COMMAND is what COMMAND -h is" {
	diff <("$FTRACE" help) <("$FTRACE" -h)
	for command in record report diff list repair; do
		diff <("$FTRACE" help "$command") <("$FTRACE" "$command" -h)
		"$FTRACE" help "$command" | grep -q "^ftrace $command "
	done
	run "$FTRACE" help reprot
	[ "$status" = 2 ]
	[ "$output" = "ftrace: help: 'reprot': no command; use one of record, report, diff, list, repair" ]
	run "$FTRACE" help report diff
	[ "$status" = 2 ]
}

@test "every short option is in -h" {
	while read -r short long; do
		mentioned | grep -qx -e "$short" -e "$long" || fail "$short, $long: not in -h"
	done < <(pairs)
}

@test "-h fits a screen of 80 columns and 24 lines" {
	"$FTRACE" -h >"$BATS_TEST_TMPDIR/help"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/help")" -le 24 ]
	[ "$(awk 'length > longest { longest = length } END { print longest }' "$BATS_TEST_TMPDIR/help")" -le 80 ]
}

@test "the man page names this version and every variable of the environment that is looked at" {
	grep -qF "\"$("$FTRACE" -V | head -n 1)\"" "$PAGE"
	for name in $(grep -rhoE 'getenv\("[A-Z_]+"\)' "$ROOT/src" | sed 's/.*"\(.*\)".*/\1/' | LC_ALL=C sort -u); do
		grep -qE "^\\.B $name\$" "$PAGE" || fail "$name: not in the man page"
	done
}
