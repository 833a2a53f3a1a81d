#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# --otlp and --format otlp: what a collector's own reader makes of the spans, against the JSON lines of the same run.

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
	COLLECTOR=$(build_go "$ROOT/tests/live/programs/collector" collector "$(go_from 25 go1.26.8)")
	GOROUTINES=$(build_go "$ROOT/tests/live/programs/waiting" waiting)
	cd "$TMP" || return 1
	unset "${!OTEL_@}"
	export no_proxy=127.0.0.1 NO_PROXY=127.0.0.1
}

teardown()
{
	stop_all
	no_probes_left
}

# collect [ANSWER...]: a collector; sets URL. Its spans are in c/spans, a line of each request in c/requests.
collect()
{
	mkdir -p c
	rm -f c/url
	start "$COLLECTOR" c "$@"
	COLLECTING=$STARTED_PID
	wait_for 20 test -s c/url
	URL=$(cat c/url)
}

# sent: what the summary line says of spans.
sent() { sed -nE 's/^ftrace: .* lost, ([0-9]+ spans? sent.* left out), .*/\1/p' "$FTRACE_ERR"; }

# agree SPANS LINES: each span is one call of the JSON lines, by its function, thread, goroutine and times, and each call that has a
# start and an end is one span; what is above a span is what is above the call, or the call that started its goroutine.
agree()
{
	jq -n -e --slurpfile spans "$1" --slurpfile lines <(sed 's/"start":\([0-9]*\)/"start":"\1"/' "$2") '
		def of(s): "\(s.attributes["code.function.name"]) \(s.attributes["thread.id"]) \(s.attributes["go.goroutine.id"]) \(s.began) \(s.took)";
		def call: "\(.func) \(.tid) \(.goid) \(.start) \(.duration)";
		[$lines[] | select(.type == "call" and .duration != null)] as $calls |
		INDEX($calls[]; .id) as $call | INDEX($spans[]; .id) as $span |
		($calls | map(call) | sort) == ([$spans[] | of(.)] | sort) and
		([$calls[] | select($call["\(.parent)"]) | [call, ($call["\(.parent)"] | call)]] -
			[$spans[] | select($span[.parent]) | [of(.), of($span[.parent])]] == [])' >/dev/null ||
		fail "$(jq -r '"\(.attributes["code.function.name"]) \(.attributes["thread.id"]) \(.began) \(.took)"' "$1" | sort | head -n 5; jq -r 'select(.type == "call") | "\(.func) \(.tid) \(.start) \(.duration)"' "$2" | sort | head -n 5)"
	jq -s -e '
		(map(.id) | length) == (map(.id) | unique | length) and
		all(.trace | test("^[0-9a-f]{32}$")) and all(.id | test("^[0-9a-f]{16}$")) and
		(INDEX(.id) as $by | all(.parent == "" or $by[.parent] == null or
			($by[.parent].trace == .trace and $by[.parent].start <= .start)))' "$1" >/dev/null || fail "$(head -n 3 "$1")"
}

@test "each call is a span, with its values, its error, its resource" {
	collect
	export OTEL_SERVICE_NAME=shop OTEL_RESOURCE_ATTRIBUTES='deployment.environment=a%2Cb,team=x,service.name=no,host.name=here' \
		OTEL_EXPORTER_OTLP_HEADERS='X-Secret=s%20t'
	run_ftrace -u 'main.*' --format jsonl --otlp "$URL" --exec "$STEPS" -- work 20 nest 3 each 3
	agree c/spans "$FTRACE_OUT"
	[ "$(sent)" = "$(wc -l <c/spans) spans sent, 0 dropped, $(json '[.[] | select(.type == "call" and .duration == null)] | length') calls left out" ] || fail "$(cat "$FTRACE_ERR")"
	expect_json '.[-1].spans.sent == (.[-1].calls - .[-1].spans.left_out)' true
	expect_json 'map([.kind, .resource["service.name"], .resource["deployment.environment"], .resource.team,
		.resource["process.runtime.name"], .resource["telemetry.sdk.name"], .resource["host.name"]]) | unique' \
		'[["Internal","shop","a,b","x","go","ftrace","here"]]' c/spans
	expect_json "map(.resource[\"process.executable.path\"]) | unique" "[\"$STEPS\"]" c/spans
	expect_json '[.[] | select(.name == "main.work") | .attributes["ftrace.arg.n"] | type] | unique' '["number"]' c/spans
	expect_json '[.[] | select(.name == "main.inner") | .attributes["ftrace.result.~r0"] | type] | unique' '["number"]' c/spans
	expect_json 'map(.attributes["ftrace.end"]) | unique' '["return"]' c/spans
	expect_json 'map(.attributes | has("code.file.path") and has("code.line.number") and has("ftrace.caller")) | unique' '[true]' c/spans
	grep -vqE '^POST /v1/traces application/x-protobuf [0-9]+ "s t" 200$' c/requests && fail "$(cat c/requests)"
	! grep -q 's t' "$FTRACE_ERR"
}

@test "one trace a root call, and of all goroutines that it started" {
	collect
	run_ftrace -u main.queries -u 'main.queries.*' -u main.together -u 'main.together.*' -u main.query --waits --format jsonl \
		--otlp="$URL" --exec "$GOROUTINES" -- queries
	agree c/spans "$FTRACE_OUT"
	# All of it is one tree, whose root is main.queries.
	expect_json '[(map(.trace) | unique | length), (map(select(.parent == "") | .name))]' '[1,["main.queries"]]' c/spans
	expect_json '(map(.id) | unique) as $ids | map(select(.parent != "") | .parent) - $ids' '[]' c/spans
	expect_json 'INDEX(.id) as $by | [.[] | select(.name == "main.together.func1") | $by[.parent].name] | unique' '["main.together"]' c/spans
	expect_json '[.[] | .events[] | select(.name == "wait") | .attributes["ftrace.reason"]] | length > 0' true c/spans
	expect_json '[.[] | select(.attributes["ftrace.running"] != null) |
		.took == ([.attributes["ftrace.running"], .attributes["ftrace.offcpu"], .attributes["ftrace.runnable"],
		.attributes["ftrace.waiting"], .attributes["ftrace.syscall"]] | add)] | unique' '[true]' c/spans
}

@test "--format otlp: the same spans as lines, live and from a recording" {
	run_ftrace -u 'main.*' --format otlp --exec "$STEPS" -- work 5 each 3
	"$COLLECTOR" -read "$FTRACE_OUT" >live
	[ "$(grep -c '"name":"main.work"' live)" = 8 ]
	run_ftrace record -q -u 'main.*' -o r.ftrace --exec "$STEPS" -- work 20 each 3
	"$FTRACE" report --format otlp r.ftrace >lines 2>said
	"$COLLECTOR" -read lines >spans
	"$FTRACE" report --format jsonl r.ftrace >calls 2>/dev/null
	agree spans calls
	left=$(jq -s '[.[] | select(.type == "call" and .duration == null)] | length' calls)
	[ "$left" = 0 ] || grep -q "^ftrace: $left calls\? \(is\|are\) no span: " said
}

@test "an answer that says later is heeded, another one said; what is rejected is dropped" {
	collect 503:1 429 200 400 partial
	run_ftrace -u main.work --otlp "$URL" -o /dev/null --exec "$STEPS" -- work 3
	[ "$(cut -d " " -f 4,6 c/requests | tr '\n' ',')" = '3 503:1,3 429,3 200,' ] || fail "$(cat c/requests "$FTRACE_ERR")"
	[ "$(sent)" = "3 spans sent, 0 dropped, 0 calls left out" ] || fail "$(cat "$FTRACE_ERR")"
	run_ftrace -u main.work --otlp "$URL" -o /dev/null --exec "$STEPS" -- work 3
	[ "$(sent)" = "0 spans sent, 3 dropped (answer 400), 0 calls left out" ] || fail "$(cat "$FTRACE_ERR")"
	expect "$FTRACE_ERR" "ftrace: --otlp: $URL: it answers 400; its spans are gone"
	run_ftrace -u main.work --otlp "$URL" -o /dev/null --exec "$STEPS" -- work 3
	[ "$(sent)" = "2 spans sent, 1 dropped (rejected), 0 calls left out" ] || fail "$(cat "$FTRACE_ERR")"
	expect "$FTRACE_ERR" "ftrace: --otlp: $URL: 1 spans rejected: one too many?[31m; they are gone"
}

@test "redirects are not followed; long and broken answers are answers; a collector that hangs holds up nothing for long" {
	collect redirect huge cut hang
	run_ftrace -u main.work --otlp "$URL" -o /dev/null --exec "$STEPS" -- work 3
	[ "$(sent)" = "0 spans sent, 3 dropped (answer 307), 0 calls left out" ] || fail "$(cat "$FTRACE_ERR")"
	for _ in huge cut; do
		run_ftrace -u main.work --otlp "$URL" -o /dev/null --exec "$STEPS" -- work 3
		[ "$(sent)" = "3 spans sent, 0 dropped, 0 calls left out" ] || fail "$(cat "$FTRACE_ERR")"
	done
	FTRACE_TIMEOUT=30 run_ftrace -u main.work --otlp "$URL" -o /dev/null --exec "$STEPS" -- work 3
	[ "$(sent)" = "0 spans sent, 3 dropped (no answer), 0 calls left out" ] || fail "$(cat "$FTRACE_ERR")"
}

@test "a collector that goes and comes back: what was sent and what was dropped is all" {
	collect
	start "$STEPS" forever
	start_traced -u main.work --otlp "$URL" -o calls.jsonl -p "$STARTED_PID"
	wait_for 20 test -s c/spans
	# The thread that sends has no capability.
	grep -qh '^CapEff:.0000000000000000$' /proc/"$TRACER"/task/*/status || fail "$(grep -h CapEff /proc/"$TRACER"/task/*/status)"
	stop "$COLLECTING" KILL || :
	wait_for 20 grep -q '; spans wait$' "$CHATTER"
	ADDRESS=${URL#http://} collect
	before=$(wc -l <c/spans)
	more() { [ "$(wc -l <c/spans)" -gt "$before" ]; }
	wait_for 40 more
	stop "$TRACER" INT
	expect_json '.[-1] | .calls == .spans.sent + .spans.dropped + .spans.left_out' true calls.jsonl
	[ "$(json '.[-1].spans.sent' calls.jsonl)" -le "$(wc -l <c/spans)" ]
}

@test "certificates are checked, by the authority that the environment names" {
	mkdir c
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout c/key.pem -out c/cert.pem -subj /CN=collector \
		-addext subjectAltName=IP:127.0.0.1 2>/dev/null
	collect
	run_ftrace -u main.work --otlp "$URL" -o /dev/null --exec "$STEPS" -- work 3
	[ "$(sent)" = "0 spans sent, 3 dropped (no answer), 0 calls left out" ] || fail "$(cat "$FTRACE_ERR")"
	grep -qi 'certificate' "$FTRACE_ERR" || fail "$(cat "$FTRACE_ERR")"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout other.key -out other.pem -subj /CN=other 2>/dev/null
	OTEL_EXPORTER_OTLP_CERTIFICATE=other.pem run_ftrace -u main.work --otlp "$URL" -o /dev/null --exec "$STEPS" -- work 3
	[ "$(sent)" = "0 spans sent, 3 dropped (no answer), 0 calls left out" ] || fail "$(cat "$FTRACE_ERR")"
	OTEL_EXPORTER_OTLP_CERTIFICATE=c/cert.pem run_ftrace -u main.work --otlp "$URL" -o /dev/null --exec "$STEPS" -- work 3
	[ "$(sent)" = "3 spans sent, 0 dropped, 0 calls left out" ] || fail "$(cat "$FTRACE_ERR")"
}

@test "what cannot be sent to is refused, and nothing secret is said" {
	refused 2 "--otlp: no URL of a collector; it begins with http:// or https://" --otlp=collector:4318 --exec "$STEPS" -- work 1
	refused 2 "--otlp: others can see what is on a command line; *" --otlp http://me:pass@127.0.0.1:1 --exec "$STEPS" -- work 1
	refused 2 "--otlp: a URL without a host, or with blanks in it" --otlp http:///v1 --exec "$STEPS" -- work 1
	refused 2 "--otlp-queue: nothing waits without --otlp" --otlp-queue 1M --exec "$STEPS" -- work 1
	refused 2 "--otlp: a table has no calls to be sent; use --summary" --otlp --summary=only --exec "$STEPS" -- work 1
	export OTEL_EXPORTER_OTLP_HEADERS='authorization=secret%0d%0ax'
	refused 125 "OTEL_EXPORTER_OTLP_HEADERS: number 1: a line break or another control character in it; take it out" \
		--otlp http://127.0.0.1:9 --exec "$STEPS" -- work 1
	unset OTEL_EXPORTER_OTLP_HEADERS
	export OTEL_EXPORTER_OTLP_ENDPOINT=http://me:pass@127.0.0.1:9
	run_ftrace -u main.work --otlp -o /dev/null --exec "$STEPS" -- work 1
	expect "$FTRACE_ERR" 'ftrace: --otlp: http://127.0.0.1:9: '
	! grep -q pass "$FTRACE_ERR" || fail "$(cat "$FTRACE_ERR")"
	export OTEL_EXPORTER_OTLP_PROTOCOL=grpc
	refused 125 "OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc': only http/protobuf is spoken; *" --otlp --exec "$STEPS" -- work 1
}
