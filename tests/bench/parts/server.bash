# SPDX-License-Identifier: GPL-2.0-only
#
# server: what a server of JSON answers loses while it is traced. One client process asks over four
# connections, each of which waits for its answer before it asks again.

CONNECTIONS=4
WARM=${BENCH_WARM:-1}       # seconds before it counts
SECONDS_EACH=${BENCH_LOAD:-2}

# load: sets RATE (answers a second) and P99 (us).
load()
{
	read -r RATE P99 < <("${ON_FTRACE[@]}" "$DIR/ask" "$ADDRESS" "$CONNECTIONS" "$WARM" "$SECONDS_EACH") ||
		die "the client failed"
}

# served NAME OPTION...: under ftrace, against RATE and P99 of the bare server.
served()
{
	local name=$1 rate=$RATE p99=$P99

	shift
	start_ftrace -o /dev/null "$@" -p "$SERVER"
	load
	stop_tracer
	sample "requests, $name" 'req/s' "$RATE" bare "$rate"
	sample "  99 of 100 answered within" us "$P99" bare "$p99"
	sample "  records lost" n "$(lost)" - 0
	RATE=$rate P99=$p99
}

server()
{
	local round

	GOMAXPROCS=1 "${ON_TARGET[@]}" "$DIR/serve" >"$DIR/serve.out" &
	SERVER=$!
	STARTED+=("$SERVER")
	wait_for "$DIR/serve.out" listening
	ADDRESS=$(sed -n 's/^listening on //p' "$DIR/serve.out")
	for ((round = 0; round < (FEW + 1) / 2; round++)); do
		load
		sample 'requests, bare' 'req/s' "$RATE" - 0
		sample '  99 of 100 answered within' us "$P99" - 0
		served "-u 'main.*'" -u 'main.*'
		served "-u 'net/http.*'" -u 'net/http.*'
		served "-u 'net/http.*' --summary=only" -u 'net/http.*' --summary=only
		served "-u 'net/http.*' --max-overhead 5" -u 'net/http.*' --max-overhead 5
	done
	end "$SERVER"
}
