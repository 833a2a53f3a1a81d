# SPDX-License-Identifier: GPL-2.0-only
#
# harm: one tracer after the other on a busy program (tests/live/programs/busy), each ended at some
# moment, and the program looked at in between. To be loaded after lib.bash.
#
# All that is left to chance comes from HARM_SEED (1), and a failure names it.

HARM_SEED=${HARM_SEED:-1}
# How each tracer ends: by a signal, with its process group, or with its keeper, in either order.
HARM_WAYS=(INT INT TERM KILL GROUP ALL SWAPPED)
# What each cycle traces; one a line.
HARM_SELECTIONS=("-u main.*" "-u main.* --stream" "-u runtime.*" "-u *" "-u net/http.* -u main.*"
	"-u runtime.* --buffer 64K" "-u main.* --no-args --no-results" "-u sync.* -u runtime.g*")

# busy_start [TOOLCHAIN [FLAG...]]: sets BUSY (the program), BUSY_PID, BUSY_OUT and BUSY_ERR.
busy_start()
{
	BUSY=$(build_go "$ROOT/tests/live/programs/busy" busy "$@") || return 1
	start "$BUSY"
	BUSY_PID=$STARTED_PID
	BUSY_OUT=$STARTED_OUT
	BUSY_ERR=$STARTED_ERR
	wait_for 60 grep -qx ready "$BUSY_OUT"
	BUSY_ALIVE=0
}

busy_said()
{
	[ "$(grep -c '^alive' "$BUSY_OUT")" -ge "$1" ] || ! kill -0 "$BUSY_PID" 2>/dev/null
}

# busy_is_alive: each of its workers finishes rounds, and nothing was wrong.
busy_is_alive()
{
	BUSY_ALIVE=$((BUSY_ALIVE + 1))
	kill -USR2 "$BUSY_PID" 2>/dev/null
	wait_for 60 busy_said "$BUSY_ALIVE" && kill -0 "$BUSY_PID" 2>/dev/null && busy_is_right
}

# What a Go program says when it is broken, beside what this one says by itself.
busy_is_right()
{
	! grep -E '^wrong|DATA RACE|^panic:|^fatal error|^SIG|unexpected signal' "$BUSY_OUT" "$BUSY_ERR"
}

# busy_code PID WHAT: checksum of the program's code as that process has it (WHAT: process), or of the same bytes
# of its file (file).
busy_code()
{
	local range offset first last

	read -r range _ offset _ < <(grep -m 1 "r-xp.*$BUSY\$" "/proc/$1/maps") || return 1
	first=$((16#${range%-*})) last=$((16#${range#*-})) offset=$((16#$offset))
	if [ "$2" = process ]; then
		dd if="/proc/$1/mem" bs=64K iflag=skip_bytes,count_bytes skip=$first \
			count=$((last - first)) 2>/dev/null | sha256sum
	else
		# Behind the end of the segment the file goes on, and its last page is as it is there.
		dd if="$BUSY" bs=64K iflag=skip_bytes,count_bytes skip=$offset \
			count=$((last - first)) 2>/dev/null | sha256sum
	fi
}

# code_is_whole: not one breakpoint is left in any process of the program.
code_is_whole()
{
	local pid mapped file

	for pid in "$BUSY_PID" ${BESIDE_PID:-}; do
		mapped=$(busy_code "$pid" process) && file=$(busy_code "$pid" file) && [ "$mapped" = "$file" ] ||
			return 1
	done
}

# beside_start: one more process of the program, which does nothing but be there.
beside_start()
{
	start "$BUSY" idle
	BESIDE_PID=$STARTED_PID
	wait_for 60 grep -qx ready "$STARTED_OUT"
}

# keeper_of PID: the process that keeps the probes of that tracer.
keeper_of()
{
	local comm

	for comm in /proc/[0-9]*/comm; do
		[ "$(cat "$comm" 2>/dev/null)" = uprobe-keeper ] || continue
		comm=${comm%/comm}
		[ "$(tr -d '\0' <"$comm/cmdline")" = "uprobe-keeper of $1" ] || continue
		echo "${comm#/proc/}"
		return 0
	done
	return 1
}

# harm_end PID HOW: ends the tracer, which leads a process group. ALL and SWAPPED end its keeper, too.
harm_end()
{
	local keeper

	case $2 in
	GROUP)
		kill -KILL -- "-$1"
		;;
	ALL | SWAPPED)
		keeper=$(keeper_of "$1") || keeper=
		# shellcheck disable=SC2086 # words
		if [ "$2" = ALL ]; then kill -KILL "$1" $keeper; else kill -KILL $keeper "$1"; fi
		;;
	*)
		kill -"$2" "$1"
		;;
	esac 2>/dev/null
}

# harm_cycle NUMBER: one tracer, begun and ended.
harm_cycle()
{
	local select=${HARM_SELECTIONS[RANDOM % ${#HARM_SELECTIONS[@]}]} words=() where=() how status=0
	local millis=$((RANDOM % 120)) early=$((RANDOM % 4)) what

	set -f
	# shellcheck disable=SC2206 # words
	words=($select)
	set +f
	where=(-p "$BUSY_PID")
	[ $((RANDOM % 4)) != 0 ] || where=("$BUSY")
	how=${HARM_WAYS[RANDOM % ${#HARM_WAYS[@]}]}
	if [ "$early" = 0 ]; then
		millis=$((millis * 4))
		# Begun in the background it ignores SIGINT until it has seen to signals itself.
		[ "$how" != INT ] || how=TERM
	fi
	what="seed $HARM_SEED, cycle $1: $select ${where[0]}, $how after $millis ms, early=$early"
	start setsid "$FTRACE" -o /dev/null "${words[@]}" "${where[@]}"
	unset 'STARTED[-1]'
	# One time in four it is ended while it is still attaching, or even before.
	[ "$early" = 0 ] || wait_for 30 attached "$STARTED_ERR" ||
		{ fail "$what: not attached: $(cat "$STARTED_ERR")"; kill -KILL "$STARTED_PID"; return 1; }
	sleep "0.$(printf %03d "$millis")"
	harm_end "$STARTED_PID" "$how"
	wait "$STARTED_PID" 2>/dev/null || status=$?
	case $how,$status in
	INT,0 | KILL,137 | GROUP,137 | ALL,137 | SWAPPED,137 | SWAPPED,1 | TERM,0 | TERM,143) ;;
	*)
		fail "$what: exit status $status: $(tail -n 5 "$STARTED_ERR")"
		return 1
		;;
	esac
	busy_is_alive || {
		fail "$what: the program came to harm: $(tail -n 40 "$BUSY_OUT" "$BUSY_ERR")"
		return 1
	}
	case $how in
	ALL | SWAPPED)
		# Caught in the middle of it, nothing was left that could have tidied up.
		"$FTRACE" repair "$BUSY" >/dev/null || { fail "$what: repair: status $?"; return 1; }
		;;
	esac
	wait_for 20 code_is_whole || { fail "$what: breakpoints are left"; return 1; }
}

# harm CYCLES [TOOLCHAIN [FLAG...]]
harm()
{
	local cycles=$1 i status=0

	busy_start "${@:2}" || return 1
	beside_start || return 1
	RANDOM=$HARM_SEED
	code_is_whole || fail "the program's code is not that of its file, before anything"
	for ((i = 1; i <= cycles; i++)); do
		harm_cycle "$i" || return 1
	done
	kill "$BUSY_PID"
	wait "$BUSY_PID" || status=$?
	[ "$status" = 0 ] || fail "the program ended with status $status: $(tail "$BUSY_OUT" "$BUSY_ERR")"
	expect "$BUSY_OUT" right
	busy_is_right || fail "the program came to harm"
	printf "# harm: cycles=%s build=%s seed=%s\n" "$cycles" "${*:2}" "$HARM_SEED" >&3
}
