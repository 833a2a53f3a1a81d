#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What a call takes of a terminal: two rows at most, whatever its values are.

load lib

setup()
{
	require_root
	require_terminal
	export TERM=xterm
	probes_remember
	TMP=$BATS_TEST_TMPDIR
	ROWS=$(build_go "$ROOT/tests/live/programs/rows" rows)
}

teardown()
{
	no_probes_left
}

# on_terminal COLUMNS OPTION...: the trace of the program as a terminal of that width gets it, in $TMP/trace.
on_terminal()
{
	local columns=$1

	shift
	bounded script -qec "stty cols $columns; '$FTRACE' --color never -q -u 'main.*' $* '$ROWS' --" /dev/null \
		</dev/null >"$TMP/screen" 3>&-
	tr -d '\r' <"$TMP/screen" >"$TMP/trace"
	grep -q 'main.hostile' "$TMP/trace"
}

# fits COLUMNS: no call takes more than two rows; a line that has nothing but a caller belongs to the one above it.
fits()
{
	python3 - "$1" "$TMP/trace" <<-'EOF'
	import sys, unicodedata
	columns, rows = int(sys.argv[1]), 0
	def width(text):
	    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
	               for c in text)
	for line in open(sys.argv[2], encoding="utf-8"):
	    line = line.rstrip("\n")
	    if any(unicodedata.category(c) in ("Cc", "Cf", "Zl") for c in line):
	        sys.exit("not printable: %r" % line)
	    rows = -(-width(line) // columns) + (rows if line.startswith(" " * 40) else 0)
	    if rows > 2:
	        sys.exit("%d rows: %s" % (rows, line))
	EOF
}

@test "a call takes at most two rows of a terminal, of 80 columns or of 120" {
	for columns in 80 120; do
		on_terminal "$columns"
		fits "$columns"
		[ "$(grep -c 'rows/main.go' "$TMP/trace")" -ge 5 ]
		# What is short is whole.
		grep -q 'main.a1(x=55, y=.*) = ' "$TMP/trace"
		grep -q 'Addr:"127.0.0.1:8080"' "$TMP/trace"
	done
}

@test "a struct that an open caller has shown is named by its type and address" {
	on_terminal 120
	grep -qE 'main\.inside\(s=\*main\.server\(0x[0-9a-f]+\), name="a text' "$TMP/trace"
}

@test "--values full is bounded by nothing, and --fold makes a line of a chain" {
	on_terminal 120 --values full
	run fits 120
	[ "$status" = 1 ]
	[[ $output == *rows:* ]]
	on_terminal 120 --fold -N main.main
	grep -q 'main.large > main.inside(' "$TMP/trace"
	fits 120
}
