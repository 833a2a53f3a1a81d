# SPDX-License-Identifier: GPL-2.0-only
#
# events: from the start of ftrace to the first line of its output.

# first NAME GOAL PEAK TEXT PROGRAM ARGUMENT OPTION...
first()
{
	local name=$1 goal=$2 limit=$3 text=$4 program=$5 arg=$6 alone kb took peak round

	shift 6
	for ((round = 0; round < FEW; round++)); do
		read -r alone kb < <("$DIR/first" "" "$program" ${arg:+"$arg"})
		read -r took peak < <("$DIR/first" "$text(" "$FTRACE" -q --stream -u "$text" "$@" \
			--exec "$program" -- ${arg:+"$arg"})
		sample "first event of $name" ms "$took" 'first output, alone' "$alone" "$goal"
		sample "  memory of ftrace" MB "$(calc "$peak / 1024")" 'the program itself' \
			"$(calc "$kb / 1024")" "$limit"
	done
}

# megabytes FILE
megabytes()
{
	echo "$((($(stat -c %s "$1") + 500000) / 1000000)) MB"
}

events()
{
	local go

	go=$("$GO" env GOROOT)/bin/go
	first "go version ($(megabytes "$go"))" '' '' main.main "$go" version
	first "a large program ($(megabytes "$DIR/big"))" 700 200 main.first "$DIR/big" ''
	first "the same, no values" 300 200 main.first "$DIR/big" '' --no-args --no-results
	first "the same, stripped ($(megabytes "$DIR/big.stripped"))" 300 200 main.first \
		"$DIR/big.stripped" '' --no-args --no-results
}
