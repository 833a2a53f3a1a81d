# SPDX-License-Identifier: GPL-2.0-only
#
# states: what --waits costs a goroutine that waits, outside of traced calls and inside; what --syscalls costs a system call
# of another program, and one inside of a traced call.

TURNS=20000

# does ARG...: processor time of what the target (tests/targets/states) does once, in $ANSWER.
does()
{
	ANSWER=$("${ON_TARGET[@]}" "$DIR/states" -procs 1 "$@" "$TURNS" |
		sed -n 's/.*, \([0-9]*\) ns of processors$/\1/p')
	[ -n "$ANSWER" ] || die "states $*: it says nothing"
	ANSWER=$(calc "$ANSWER / $TURNS")
}

# counted ARG...: the same with the kernel counting what the programs of the tracer's probes do: nanoseconds in
# $RUNTIME, runs in $RUNS.
counted()
{
	echo 1 >"$STATS"
	does "$@"
	echo 0 >"$STATS"
	read -r RUNTIME RUNS < <(cat /proc/"$TRACER"/fdinfo/* | awk '
		/^prog_type:/ { type = $2 }
		/^run_time_ns:/ { t = $2 }
		type == 2 && /^run_cnt:/ { time += t; runs += $2 }
		END { print time + 0, runs + 0 }')
	[ "$RUNS" -gt 0 ] || die "no program has run"
}

# records: how many the last tracer read, by its own account.
records()
{
	sed -n 's/.* \([0-9]*\) records.*/\1/p' "$CHATTER" | tail -n 1
}

# changes HOW FUNCTION WHAT: figures for what goroutines do with each other, in a call of FUNCTION. Times in the programs
# are those of one run.
changes()
{
	local how=$1 func=$2 what=$3 bare reference run outside

	does -outside "$how"
	bare=$ANSWER
	start_reference empty "$DIR/states" "$DIR/states.offsets"
	does -outside "$how"
	reference=$(calc "$ANSWER - $bare")
	counted -outside "$how"
	run=$(calc "$RUNTIME / $RUNS")
	stop_tracer
	start_ftrace -o /dev/null -u main.inside --waits --no-args "$DIR/states"
	does -outside "$how"
	sample "$what, outside of calls" ns "$(calc "$ANSWER - $bare")" 'empty program' "$reference"
	counted -outside "$how"
	outside=$(calc "$RUNTIME / $RUNS")
	sample '  a change of state, above the trap' ns "$(calc "$outside - $run")" 'empty program' "$run" 100
	stop_tracer
	start_ftrace -o /dev/null -u "$func" --waits --no-args --buffer 64M "$DIR/states"
	does "$how"
	sample "$what, inside" ns "$(calc "$ANSWER - $bare")" 'empty program' "$reference"
	stop_tracer
	start_ftrace -o /dev/null -u "$func" --waits --no-args --buffer 64M "$DIR/states"
	counted "$how"
	stop_tracer
	# What is above a change of which no record is made is the records'.
	sample '  a record, above the trap' ns \
		"$(calc "($RUNTIME - $RUNS * $outside) / $(records) + $outside - $run")" 'empty program' "$run" 400
}

# system_calls: the file that is traced is the program's own, or another one.
system_calls()
{
	local bare reference

	does -outside syscall
	bare=$ANSWER
	: >"$CHATTER"
	"${ON_FTRACE[@]}" "$DIR/reference" calls >"$CHATTER" 2>&1 </dev/null &
	TRACER=$!
	STARTED+=("$TRACER")
	wait_for "$CHATTER" attached
	does -outside syscall
	reference=$(calc "$ANSWER - $bare")
	stop_tracer
	start_ftrace -o /dev/null -u main.add --syscalls "$DIR/target"
	does -outside syscall
	stop_tracer
	sample 'a system call of another program' ns "$(calc "$ANSWER - $bare")" 'empty tracepoints' "$reference"
	sample '  above them' ns "$(calc "$ANSWER - $bare - $reference")" 'empty tracepoints' "$reference" 100
	start_ftrace -o /dev/null -u main.inside --syscalls --no-args --buffer 64M "$DIR/states"
	does syscall
	stop_tracer
	sample 'a system call, inside' ns "$(calc "$ANSWER - $bare")" 'empty tracepoints' "$reference"
	sample '  above them' ns "$(calc "$ANSWER - $bare - $reference")" 'empty tracepoints' "$reference" 600
}

states()
{
	local round

	(cd tests/targets/states && "$GO" build -o "$DIR/states" .)
	"$DIR/sites" "$DIR/states" main.inside waits >"$DIR/states.offsets"
	for ((round = 0; round < FEW; round++)); do
		changes channel main.inside 'a round trip by channels'
		changes mutex 'main.mutex.func*' 'a mutex handed over'
		system_calls
	done
}
