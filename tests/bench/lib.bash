# SPDX-License-Identifier: GPL-2.0-only
#
# lib: what the parts of the bench share. A part is a function named like its file in parts/, which
# takes its measurements and hands each to sample.

FEW=${BENCH_FEW:-5}
STATS=/proc/sys/kernel/bpf_stats_enabled
STARTED=()

die()
{
	echo "bench: $*" >&2
	exit 1
}

# sample FIGURE UNIT VALUE REFERENCE-NAME REFERENCE [GOAL]: one measurement. A FIGURE that begins with
# two spaces belongs to the last one that does not; GOAL is the most that VALUE should be, or the least
# when UNIT is a rate.
sample()
{
	(IFS=$'\t' && printf '%s\n' "$*") >>"$SAMPLES"
}

# calc EXPRESSION: its value, by awk.
calc()
{
	awk "BEGIN { printf \"%.3f\", $1 }"
}

# wait_for FILE TEXT: until it is there; 60 s.
wait_for()
{
	local tries

	for ((tries = 0; tries < 3000; tries++)); do
		grep -q -- "$2" "$1" 2>/dev/null && return
		sleep 0.02
	done
	die "$1 never said '$2': $(cat "$1")"
}

# take FILE TEXT: the milliseconds behind the last TEXT in FILE.
take()
{
	sed -n "s/.*$2[^.]* in \([0-9.]*\) ms\$/\1/p" "$1" | tail -n 1
}

# Two processors, when there are two: ON_TARGET and ON_FTRACE.
pin()
{
	local -a cpus

	mapfile -t cpus < <(taskset -cp $$ | sed 's/.*: //' | tr ',' '\n' |
		awk -F- '{ for (i = $1; i <= ($2 == "" ? $1 : $2); i++) print i }')
	ON_TARGET=(taskset -c "${cpus[0]}")
	ON_FTRACE=(taskset -c "${cpus[1]:-${cpus[0]}}")
}

# ask FUNCTION COUNT: nanoseconds of one call, in $ANSWER.
ask()
{
	echo "$1 $2" >&"${TARGET[1]}"
	read -r ANSWER <&"${TARGET[0]}"
}

start_target()
{
	coproc TARGET { GOMAXPROCS=1 exec "${ON_TARGET[@]}" "$DIR/target"; }
	STARTED+=("$TARGET_PID")
	TARGET_IS=$TARGET_PID
	read -r ANSWER <&"${TARGET[0]}"
	ask add 1000000
}

# start_reference empty|bare FILE OFFSETS, start_ftrace ARG...: in the background until stop_tracer; chatter
# is in $CHATTER.
start_reference()
{
	: >"$CHATTER"
	"${ON_FTRACE[@]}" "$DIR/reference" "$1" "$2" <"$3" >"$CHATTER" 2>&1 &
	TRACER=$!
	STARTED+=("$TRACER")
	wait_for "$CHATTER" attached
}

start_ftrace()
{
	: >"$CHATTER"
	"${ON_FTRACE[@]}" "$FTRACE" -v "$@" 2>"$CHATTER" &
	TRACER=$!
	STARTED+=("$TRACER")
	wait_for "$CHATTER" 'Ctrl-C ends'
	# Records begin a moment after that line.
	sleep 0.05
}

stop_tracer()
{
	kill "$TRACER"
	wait "$TRACER" || die "the tracer failed: $(cat "$CHATTER")"
}

# lost: how many records the last tracer lost, by its own account.
lost()
{
	local n

	n=$(sed -n 's/.* \([0-9][0-9]*\) lost.*/\1/p' "$CHATTER" | tail -n 1)
	[ -n "$n" ] || die "nothing about losses: $(cat "$CHATTER")"
	echo "$n"
}

# end PID: of a target.
end()
{
	kill "$1"
	wait "$1" 2>/dev/null || :
}

finish()
{
	local pid

	for pid in "${STARTED[@]}"; do
		kill "$pid" 2>/dev/null || :
	done
	echo "$STATS_BEFORE" >"$STATS"
}
