#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Debug information apart from the executable, as debuggers look for it; only of the same build.

load lib
load steps

setup()
{
	require_root
	probes_remember
	# With a GNU build id, which Go writes by itself from 1.24 on.
	steps_build steps "$(go_from 24 go1.26.8)"
	OTHER=$(build_go "$ROOT/tests/live/programs/steps" other "$(go_from 24 go1.26.8)" -gcflags=-N)
	ID=$(readelf -n "$STEPS" | sed -n 's/.*Build ID: //p')
	[ "$ID" ]
	objcopy --only-keep-debug "$STEPS" "$TMP/whole.debug"
	objcopy -S "$STEPS" "$TMP/bare"
	objcopy --add-gnu-debuglink="$TMP/whole.debug" "$TMP/bare" "$TMP/prog"
}

teardown()
{
	[ ! "$CACHE" ] || rm -r "$CACHE"
	rm -f "$STORE"
	rmdir "${STORE%/*}" 2>/dev/null || :
	stop_all
	no_probes_left
}

# listed ARG...: what `ftrace list -u main.work ARG...` says of its parameters is in $FTRACE_OUT.
listed()
{
	traced 0 list -u main.work "$@"
}

TYPED="func(n int)"

# serve: a server of the file of whole.debug on a port of its own, for $URL; what it was asked for is in $SERVER_ERR.
serve()
{
	mkdir -p "$TMP/served/buildid/$ID"
	cp "$TMP/whole.debug" "$TMP/served/buildid/$ID/debuginfo"
	start python3 -u -m http.server --bind 127.0.0.1 --directory "$TMP/served" 0
	SERVER=$STARTED_PID
	SERVER_ERR=$STARTED_ERR
	wait_for 10 grep -q '^Serving HTTP' "$STARTED_OUT"
	URL=http://127.0.0.1:$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$STARTED_OUT")
}

@test "beside the executable, in .debug, and below /usr/lib/debug" {
	traced 0 -v --format=jsonl -u main.work --exec "$TMP/prog" -- work 2
	expect_json '[.[] | select(.func == "main.work") | .args[0].value]' '[0,1]'
	expect "$FTRACE_ERR" "$TMP/prog: debug information from $TMP/whole.debug"
	mkdir "$TMP/.debug"
	mv "$TMP/whole.debug" "$TMP/.debug/"
	listed "$TMP/prog"
	expect "$FTRACE_OUT" "$TYPED"
	rm "$TMP/.debug/whole.debug"
	listed "$TMP/prog"
	! grep -qF "$TYPED" "$FTRACE_OUT"
	[ ! -s "$FTRACE_ERR" ]
	# Not by a link.
	objcopy --only-keep-debug "$STEPS" "$TMP/by-id"
	STORE=/usr/lib/debug/.build-id/${ID:0:2}/${ID:2}.debug
	mkdir -p "${STORE%/*}"
	cp "$TMP/by-id" "$STORE"
	listed "$TMP/bare"
	expect "$FTRACE_OUT" "$TYPED"
}

@test "another CRC, another build and nothing are not taken, and that is said" {
	echo >>"$TMP/whole.debug"
	listed "$TMP/prog"
	! grep -qF "$TYPED" "$FTRACE_OUT"
	expect "$FTRACE_ERR" "ftrace: $TMP/whole.debug: debug information of another build (its CRC is not the one in .gnu_debuglink); it is not used"
	[ "$(wc -l <"$FTRACE_ERR")" = 1 ]
	refused 1 "*its CRC is not the one in .gnu_debuglink*" list -a "$TMP/prog"
	# The build id says all where a person has named the file.
	listed --debug-file "$TMP/whole.debug" "$TMP/prog"
	expect "$FTRACE_OUT" "$TYPED"
	refused 1 "$OTHER: debug information of another build (build id *, the executable's is $ID); give that of this build" \
		list --debug-file "$OTHER" "$TMP/prog"
	refused 125 "$OTHER: debug information of another build *" --debug-file "$OTHER" --exec "$TMP/prog"
	refused 1 "$TMP/bare: no debug information in it; *" list --debug-file "$TMP/bare" "$TMP/prog"
	refused 1 "$TMP/nothing: No such file or directory; check the path" list --debug-file "$TMP/nothing" "$TMP/prog"
	mkfifo "$TMP/fifo"
	refused 1 "$TMP/fifo: not a regular file; check the path" list --debug-file "$TMP/fifo" "$TMP/prog"
}

@test "of several executables the one that it fits has it" {
	mkdir "$TMP/two"
	objcopy --only-keep-debug "$OTHER" "$TMP/two/two.debug"
	objcopy -S --add-gnu-debuglink="$TMP/two/two.debug" "$OTHER" "$TMP/two/prog"
	start "$TMP/bare" await "$TMP/go" work 1
	first=$STARTED_PID
	start "$TMP/two/prog" await "$TMP/go" work 1
	start_traced --format=jsonl -u main.work --debug-file "$TMP/whole.debug" -p "$first,$STARTED_PID"
	touch "$TMP/go"
	ended 0 "$TRACER"
	expect_json '[.[] | select(.func == "main.work") | .args[0].value]' '[0,0]' "$TRACE"
	! grep -q 'another build' "$CHATTER"
}

@test "a new build that takes the file's place brings its own" {
	start_traced --format=jsonl -u main.work "$TMP/prog"
	"$TMP/prog" work 1
	objcopy --only-keep-debug "$OTHER" "$TMP/new.debug"
	objcopy -S --add-gnu-debuglink="$TMP/new.debug" "$OTHER" "$TMP/new"
	mv "$TMP/new" "$TMP/prog"
	wait_for 30 grep -q 'following it' "$CHATTER"
	"$TMP/prog" work 2
	stop "$TRACER" INT
	expect_json '[.[] | select(.func == "main.work") | .args[0].value]' '[0,0,1]' "$TRACE"
}

@test "a debuginfod server: once, and then from the cache of whoever called sudo" {
	serve
	# That user may not look into a directory of bats.
	CACHE=$(mktemp -d)
	chown 65534:65534 "$CACHE"
	for round in 1 2; do
		SUDO_UID=65534 SUDO_GID=65534 DEBUGINFOD_CACHE_PATH=$CACHE DEBUGINFOD_URLS=$URL listed "$TMP/bare"
		expect "$FTRACE_OUT" "$TYPED"
	done
	[ "$(grep -c "GET /buildid/$ID/debuginfo" "$SERVER_ERR")" = 1 ]
	[ "$(stat -c %u "$CACHE/$ID/debuginfo")" = 65534 ]
	# Nor where no value is wanted.
	DEBUGINFOD_CACHE_PATH=$TMP/cache1 DEBUGINFOD_URLS=$URL listed --no-args --no-results "$TMP/bare"
	# Without any nobody is asked.
	DEBUGINFOD_CACHE_PATH=$TMP/cache2 listed "$TMP/bare"
	! grep -qF "$TYPED" "$FTRACE_OUT"
	[ "$(grep -c GET "$SERVER_ERR")" = 1 ]
}

@test "a server that has something else, nothing, or is not there" {
	serve
	export DEBUGINFOD_URLS=$URL
	cp "$OTHER" "$TMP/served/buildid/$ID/debuginfo"
	DEBUGINFOD_CACHE_PATH=$TMP/1 listed "$TMP/bare"
	expect "$FTRACE_ERR" "$TMP/1/$ID/debuginfo: debug information of another build"
	rm "$TMP/served/buildid/$ID/debuginfo"
	DEBUGINFOD_CACHE_PATH=$TMP/2 listed "$TMP/bare"
	[ ! -s "$FTRACE_ERR" ]
	stop "$SERVER" || :
	DEBUGINFOD_CACHE_PATH=$TMP/3 listed "$TMP/bare"
	expect "$FTRACE_ERR" "ftrace: $TMP/bare: debuginfod: "
	[ "$(wc -l <"$FTRACE_ERR")" = 1 ]
}

# ask_silent: starts `ftrace list` with a server that takes a request and says nothing; it was asked by then.
ask_silent()
{
	start python3 -u -c 'import socket
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1])
c = s.accept()[0]
print("asked" if c.recv(9) else "")
c.recv(1 << 20)
while c.recv(1 << 20): pass
print("left")
s.accept()'
	SILENT=$STARTED_OUT
	wait_for 10 test -s "$SILENT"
	DEBUGINFOD_CACHE_PATH=$TMP/cache DEBUGINFOD_URLS=http://127.0.0.1:$(cat "$SILENT") \
		start "$FTRACE" list -u main.work "$TMP/bare"
	wait_for 10 grep -q asked "$SILENT"
}

@test "a server that says nothing: waiting is not reading, and ends with a signal" {
	ask_silent
	local pid=$STARTED_PID
	# More than reading a file may take (9 s).
	wait_for 60 old_enough "$pid" 10
	kill -0 "$pid"
	kill -TERM "$pid"
	ended 143 "$pid"
	# The process that has asked ends, too, and leaves no half of a file.
	wait_for 10 grep -q left "$SILENT"
	[ -z "$(find "$TMP/cache" -name 'debuginfo.*')" ]
}

# old_enough PID SECONDS
old_enough() { [ "$(ps -o etimes= -p "$1")" -gt "$2" ]; }

@test "-o does not write over the file of --debug-file" {
	refused 1 "$TMP/whole.debug: the traced program itself, its debug information, *" \
		list -o "$TMP/whole.debug" --debug-file "$TMP/whole.debug" "$TMP/bare"
}

# of_fails: the values of main.fails as a line a call, whatever they are called.
of_fails()
{
	json '.[] | select(.func == "main.fails") | [[.args[].value], [.results[].value]] | tostring'
}

@test "without any, words of the calling convention: what a rule reads is what debug information tells" {
	local with without

	with=$(build_go "$ROOT/tests/targets/values" values)
	without=$(build_go "$ROOT/tests/targets/values" values local -ldflags=-w)
	traced 0 --format=jsonl -u main.fails --exec "$with"
	of_fails >"$TMP/typed"
	[ "$(wc -l <"$TMP/typed")" -gt 3 ]
	traced 0 -v --format=jsonl --exec "$without" \
		'main.fails(n=$arg1:s64, err=($arg2, $arg3):goerror)($ret1:s64, (%bx,%cx):goerror)'
	expect "$FTRACE_ERR" "no debug information: only rules read arguments and results"
	of_fails | diff "$TMP/typed" -
}
