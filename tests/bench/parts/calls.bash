# SPDX-License-Identifier: GPL-2.0-only
#
# calls: what one traced call costs, with nothing to read and with each kind of value.

CALLS=20000

# programs FUNCTION: nanoseconds that one call spends in the tracer's programs, as the kernel counts
# them; in $ANSWER. Counting costs something itself, so it is on only here.
programs()
{
	local func=$1

	echo 1 >"$STATS"
	ask "$func" "$CALLS"
	echo 0 >"$STATS"
	# The entry's and the exit's, or the empty one, which serves both; none of another type than 2, which
	# is BPF_PROG_TYPE_KPROBE.
	ANSWER=$(cat /proc/"$TRACER"/fdinfo/* | awk '
		/^prog_type:/ { type = $2 }
		/^run_time_ns:/ { time = $2 }
		type == 2 && /^run_cnt:/ && $2 > 0 { sum += time / $2; programs++ }
		END { if (!programs) exit 1; print sum * 2 / programs }')
}

# one_call NAME GOAL FUNCTION OPTION... [-- RULE...]: a figure against the empty program on the same
# instructions. Leaves what the programs took, above the empty one, in $ABOVE.
one_call()
{
	local name=$1 goal=$2 func=$3 plain=${PLAIN[$3]} empty=${EMPTY[$3]} traced options=()

	shift 3
	while [ $# != 0 ] && [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	[ $# = 0 ] || shift
	start_ftrace -o /dev/null -u "main.$func" --buffer 64M "${options[@]}" "$DIR/target" "$@"
	ask "$func" "$CALLS"
	traced=$(calc "$ANSWER - $plain")
	programs "$func"
	stop_tracer
	[ "$(lost)" = 0 ] || echo "bench: $name: $(tail -n 1 "$CHATTER")" >&2
	ABOVE=$(calc "$ANSWER - ${RUN[$func]}")
	sample "a call, $name" ns "$traced" 'empty program' "$empty"
	sample "  above the empty program" ns "$(calc "$traced - $empty")" 'empty program' "$empty"
	sample "  in the programs, above it" ns "$ABOVE" 'empty program' "${RUN[$func]}" "$goal"
}

# empty_call FUNCTION: the reference of the figures that come.
empty_call()
{
	local func=$1

	ask "$func" 1000000
	PLAIN[$func]=$ANSWER
	start_reference empty "$DIR/target" "$DIR/$func.offsets"
	ask "$func" "$CALLS"
	EMPTY[$func]=$(calc "$ANSWER - ${PLAIN[$func]}")
	programs "$func"
	RUN[$func]=$ANSWER
	stop_tracer
}

# bare_calls FUNCTION: what ftrace's programs, which took $ABOVE, have above ones that make the same calls to
# the kernel and do nothing else.
bare_calls()
{
	local ours=$ABOVE func=$1 bare

	start_reference bare "$DIR/target" "$DIR/$func.offsets"
	programs "$func"
	stop_tracer
	bare=$(calc "$ANSWER - ${RUN[$func]}")
	sample '  of these above bare calls of the kernel' ns "$(calc "$ours - $bare")" 'bare calls' "$bare"
}

# more REFERENCE BARE N GOAL: what each of N items adds to the $BARE ns that REFERENCE takes.
more()
{
	local name="more than $1"

	[ "$3" = 1 ] || name+=', an item'
	sample "  $name" ns "$(calc "($ABOVE - $2) / $3")" "$1" "$2" "$4"
}

# Rules replace what is read at entry; nothing is read at exit.
adds()
{
	local bare one=%ax:s64 four='%ax:s64, %bx:s64, %cx:s64, %di:s64' none=(--no-args --no-results)

	empty_call add
	one_call 'no values' 500 add "${none[@]}"
	bare_calls add
	bare=$ABOVE
	one_call '1 register item' '' add "${none[@]}" -- "main.add($one)"
	more 'no values' "$bare" 1 ""
	one_call '4 register items' '' add "${none[@]}" -- "main.add($four)"
	more 'no values' "$bare" 4 15
	one_call '16 register items' '' add "${none[@]}" -- "main.add($four, $four, $four, $four)"
	more 'no values' "$bare" 16 15
	one_call 'two ints, one int result' '' add
	one_call 'a filter that is false' '' add "${none[@]}" --filter 'main.add: b < 0'
	more 'no values' "$bare" 1 0
}

greets()
{
	local bare none=(--no-args --no-results)

	empty_call greet
	one_call 'a register item, of greet' '' greet "${none[@]}" -- 'main.greet(%ax:u64)'
	bare=$ABOVE
	one_call 'a memory read, of greet' '' greet "${none[@]}" -- 'main.greet(+0(%ax):u64)'
	more 'the register item' "$bare" 1 100
	one_call 'a string' '' greet
}

calls()
{
	local func round
	declare -gA PLAIN EMPTY RUN

	start_target
	for func in add greet handle; do
		"$DIR/sites" "$DIR/target" "main.$func" >"$DIR/$func.offsets"
	done
	for ((round = 0; round < ${BENCH_ROUNDS:-7}; round++)); do
		adds
		greets
		empty_call handle
		one_call 'an http handler' '' handle
	done
	end "$TARGET_IS"
}
