# SPDX-License-Identifier: GPL-2.0-only
#
# live: how many calls a second get through, with the ring that is the default.

LIVE_TREES=20000
LIVE_CALLS=12 # of main.branch and main.add in each

live()
{
	local round empty plain

	start_target
	{
		"$DIR/sites" "$DIR/target" main.branch
		"$DIR/sites" "$DIR/target" main.add
	} >"$DIR/live.offsets"
	for ((round = 0; round < FEW; round++)); do
		ask tree 100000
		plain=$ANSWER
		start_reference empty "$DIR/target" "$DIR/live.offsets"
		ask tree "$LIVE_TREES"
		empty=$ANSWER
		stop_tracer
		start_ftrace -o "$DIR/live.out" -u main.branch -u main.add --no-args --no-results \
			-p "$TARGET_IS"
		ask tree "$LIVE_TREES"
		stop_tracer
		sample 'live, two functions in a loop' 'calls/s' \
			"$(calc "$LIVE_CALLS * 1e9 / $ANSWER")" 'empty program' \
			"$(calc "$LIVE_CALLS * 1e9 / $empty")"
		sample '  calls that did not get through' n "$(calc "$(live_calls) - $(live_shown)")" - 0 0
		sample '  records lost' n "$(lost)" - 0 0
		sample '  a call' ns "$(calc "($ANSWER - $plain) / $LIVE_CALLS")" 'empty program' \
			"$(calc "($empty - $plain) / $LIVE_CALLS")"
	done
	rm -f "$DIR/live.out"
	end "$TARGET_IS"
}

# The target goes through its loop in 20 batches, each of one more than a twentieth.
live_calls()
{
	echo $((20 * (LIVE_TREES / 20 + 1) * LIVE_CALLS))
}

# live_shown: as many calls as ftrace says that it has shown.
live_shown()
{
	sed -n 's/^ftrace: \([0-9]*\) calls, .*/\1/p' "$CHATTER"
}
