# SPDX-License-Identifier: GPL-2.0-only
#
# attach: how long probes take to come and to go.

# attaching NAME GLOB [GOAL]: into one running process.
attaching()
{
	local name=$1 glob=$2 goal=${3:-} round attach detach

	"$DIR/sites" "$DIR/big" "$glob" >"$DIR/big.offsets"
	for ((round = 0; round < FEW; round++)); do
		start_reference empty "$DIR/big" "$DIR/big.offsets"
		stop_tracer
		attach=$(take "$CHATTER" attached)
		detach=$(take "$CHATTER" detached)
		start_ftrace -o /dev/null -u "$glob" --no-args --no-results "$DIR/big"
		stop_tracer
		sample "attach $name" ms "$(take "$CHATTER" attached)" 'empty program' "$attach" "$goal"
		sample "detach $name" ms "$(take "$CHATTER" detached)" 'empty program' "$detach" "$goal"
	done
}

# everything NAME OPTION...: -u '*' from the start of ftrace until all is attached, and what memory it
# took.
everything()
{
	local name=$1 round attach took kb

	shift
	"$DIR/sites" "$DIR/big" '*' >"$DIR/big.offsets"
	for ((round = 0; round < FEW; round++)); do
		start_reference empty "$DIR/big" "$DIR/big.offsets"
		stop_tracer
		attach=$(take "$CHATTER" attached)
		# Chatter is what `first` is to read, and --duration ends it.
		# shellcheck disable=SC2016 # the inner shell's
		read -r took kb < <("$DIR/first" 'Ctrl-C ends' sh -c 'exec "$@" 2>&1' sh \
			"$FTRACE" -o /dev/null --duration 10ms -u '*' "$@" "$DIR/big")
		sample "$name" ms "$took" 'empty, attach alone' "$attach" 3000
		sample "  memory of ftrace" MB "$(calc "$kb / 1024")" - 0 200
	done
}

# whole NAME GLOB GOAL: from the start of ftrace to its end, with nothing in between, into one running process.
whole()
{
	local name=$1 glob=$2 goal=$3 round began took attach detach

	"$DIR/sites" "$DIR/big" "$glob" >"$DIR/big.offsets"
	for ((round = 0; round < FEW; round++)); do
		start_reference empty "$DIR/big" "$DIR/big.offsets"
		stop_tracer
		attach=$(take "$CHATTER" attached)
		detach=$(take "$CHATTER" detached)
		began=$(date +%s%N)
		"$FTRACE" -v -o /dev/null --duration 1ms -u "$glob" "$DIR/big" 2>"$CHATTER"
		took=$(calc "($(date +%s%N) - $began) / 1e6")
		sample "$name" ms "$took" 'empty, attach and detach' "$(calc "$attach + $detach")" "$goal"
		sample "  of it attaching" ms "$(take "$CHATTER" attached)" 'empty program' "$attach"
		sample "  of it detaching" ms "$(take "$CHATTER" detached)" 'empty program' "$detach"
	done
}

# grouped N: 43412 as 43 412.
grouped()
{
	sed -E ':again; s/([0-9])([0-9]{3})( |$)/\1 \2\3/; t again' <<<"$1"
}

attach()
{
	local funcs

	coproc BIG { exec "$DIR/big" wait; }
	STARTED+=("$BIG_PID")
	read -r ANSWER <&"${BIG[0]}"
	attaching '1 000 sites' 'big/few.F*'
	attaching '10 000 sites' 'big/many.F*' 300
	whole 'start and end, 500 functions, values' 'big/few.F*' 150
	funcs=$("$FTRACE" list -u '*' "$DIR/big" | sed -n '$s/ functions.*//p')
	everything "-u '*', $(grouped "$funcs") functions" --no-args --no-results
	everything "-u '*', $(grouped "$funcs") functions, values"
	end "$BIG_PID"
}
