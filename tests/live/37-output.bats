#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Where the trace goes: places that take none, disks that are full, readers that do not read.

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
}

teardown()
{
	exec 9>&-
	kill -CONT "${STARTED[@]}" 2>/dev/null || :
	stop_all
	# What a test that failed has left waiting goes on to its end.
	touch "$TMP/go" "$TMP/end" "$TMP/never"
	for dir in small bound merged; do
		! mountpoint -q "$TMP/$dir" || umount "$TMP/$dir"
	done
	no_probes_left
}

# unread NAME: a FIFO that descriptor 9 holds open and nobody reads.
unread()
{
	mkfifo "$1"
	exec 9<>"$1"
}

# drained CAT FILE: it has read a pipe that was full, into FILE, and waits in read(2) for more.
drained() { [ "$(stat -c %s "$2")" -gt 60000 ] && grep -q '^0 ' "/proc/$1/syscall"; }

# childless PID: what it started has ended, and it knows.
childless() { [ -z "$(pgrep -P "$1")" ]; }

# ends_soon STATUS PID: without anybody's help.
ends_soon()
{
	wait_for 10 has_ended "$2" || return 1
	ended "$1" "$2"
}

@test "-o: a directory, no directory, a place that is read-only" {
	mkdir "$TMP/small"
	mount -t tmpfs -o ro tmpfs "$TMP/small"
	for how in "--exec" "list" ""; do
		status=1
		[ "$how" != --exec ] || status=125
		# shellcheck disable=SC2086 # a word or none
		refused $status "$TMP: Is a directory; *" -o "$TMP" $how "$STEPS"
		# shellcheck disable=SC2086
		refused $status "$TMP/none/trace: No such file or directory; *" -o "$TMP/none/trace" $how "$STEPS"
		# shellcheck disable=SC2086
		refused $status "$TMP/small/trace: Read-only file system; *" -o "$TMP/small/trace" $how "$STEPS"
		# shellcheck disable=SC2086
		refused $status "$STEPS/trace: Not a directory; *" -o "$STEPS/trace" $how "$STEPS"
		# shellcheck disable=SC2086
		refused $status "/dev/full: No space left on device; *" -q --format=jsonl -o /dev/full $how "$STEPS"
	done
}

@test "-o: the traced program, by any name, and ftrace itself" {
	own=$(sha256sum <"$FTRACE")
	cp "$STEPS" "$TMP/prog"
	was=$(sha256sum <"$TMP/prog")
	ln "$TMP/prog" "$TMP/hard"
	ln -s hard "$TMP/soft"
	mkdir "$TMP/bound"
	mount --bind "$TMP" "$TMP/bound"
	exec 9<"$TMP/prog"
	for name in prog ./prog hard soft bound/prog "/proc/self/cwd/prog" /proc/self/fd/9 "$FTRACE"; do
		for how in --exec list ""; do
			status=1
			[ "$how" != --exec ] || status=125
			# shellcheck disable=SC2086 # a word or none
			(cd "$TMP" && refused $status "$name: the traced program itself, *" -o "$name" $how "$TMP/prog")
		done
	done
	umount "$TMP/bound"
	start "$TMP/prog" touch "$TMP/up" await "$TMP/go"
	wait_for 10 test -e "$TMP/up"
	refused 1 "/proc/$STARTED_PID/exe: the traced program itself, *" -o "/proc/$STARTED_PID/exe" -p "$STARTED_PID"
	touch "$TMP/go"
	# Two mounts of one file, which stat(2) tells apart.
	mkdir "$TMP/lower" "$TMP/upper" "$TMP/work" "$TMP/merged"
	cp "$STEPS" "$TMP/lower/prog"
	mount -t overlay overlay -o "lowerdir=$TMP/lower,upperdir=$TMP/upper,workdir=$TMP/work" "$TMP/merged"
	refused 1 "$TMP/lower/prog: the traced program itself, *" -o "$TMP/lower/prog" "$TMP/merged/prog"
	refused 1 "$TMP/merged/prog: the traced program itself, *" -o "$TMP/merged/prog" "$TMP/lower/prog"
	umount "$TMP/merged"
	cmp "$STEPS" "$TMP/lower/prog"
	[ "$(sha256sum <"$TMP/prog")" = "$was" ]
	[ "$(sha256sum <"$FTRACE")" = "$own" ]
	# Also when it has taken the place of the trace meanwhile.
	start_traced -o "$TMP/trace" -u main.work "$TMP/prog"
	ln -f "$TMP/prog" "$TMP/trace"
	kill -HUP "$TRACER"
	wait_for 10 grep -q "^ftrace: $TMP/trace: cannot reopen: the traced program itself, " "$CHATTER"
	stop "$TRACER" INT
	[ "$(sha256sum <"$TMP/prog")" = "$was" ]
	refused 125 "--build-output: '$FTRACE': ftrace itself; *" --build-output "$FTRACE" --package "$ROOT/tests/live/programs/steps"
	[ "$(sha256sum <"$FTRACE")" = "$own" ]
}

@test "-o: the file that the debug information was moved to" {
	mkdir "$TMP/.debug"
	cp "$STEPS" "$TMP/prog"
	objcopy --only-keep-debug "$STEPS" "$TMP/prog.debug"
	objcopy --strip-debug --add-gnu-debuglink="$TMP/prog.debug" "$STEPS" "$TMP/prog"
	was=$(sha256sum <"$TMP/prog.debug")
	for how in --exec list ""; do
		status=1
		[ "$how" != --exec ] || status=125
		# shellcheck disable=SC2086 # a word or none
		(cd "$TMP" && refused $status "prog.debug: the traced program itself, its debug information, *" -o prog.debug $how ./prog)
	done
	mv "$TMP/prog.debug" "$TMP/.debug/"
	refused 1 "$TMP/.debug/prog.debug: the traced program itself, *" -o "$TMP/.debug/prog.debug" "$TMP/prog"
	[ "$(sha256sum <"$TMP/.debug/prog.debug")" = "$was" ]
}

@test "-o: what another user has laid out in a directory that all may write to, and devices" {
	mkdir "$TMP/shared"
	chmod 1777 "$TMP/shared"
	echo precious >"$TMP/precious"
	ln -s "$TMP/precious" "$TMP/shared/link"
	ln -s "$TMP" "$TMP/shared/way"
	echo theirs >"$TMP/shared/file"
	mkfifo "$TMP/shared/fifo"
	chown -h nobody "$TMP/shared/"*
	# The same whatever the kernel is set to: it is an error of its own where that stands in the way.
	for how in --exec list ""; do
		status=1
		[ "$how" != --exec ] || status=125
		# shellcheck disable=SC2086 # a word or none
		refused $status "$TMP/shared/link: a symbolic link of another user in *" -o "$TMP/shared/link" $how "$STEPS"
		# shellcheck disable=SC2086
		refused $status "$TMP/shared/way/precious: a symbolic link of another user in *" -o "$TMP/shared/way/precious" $how "$STEPS"
		# shellcheck disable=SC2086
		refused $status "$TMP/shared/file: another user's, in *" -o "$TMP/shared/file" $how "$STEPS"
		# shellcheck disable=SC2086
		refused $status "$TMP/shared/fifo: another user's, in *" -o "$TMP/shared/fifo" $how "$STEPS"
	done
	[ "$(cat "$TMP/precious" "$TMP/shared/file")" = "precious
theirs" ]
	# One's own are no danger, and outside of such directories links are everybody's.
	ln -s "$TMP/out" "$TMP/shared/own"
	ln -s shared/own "$TMP/chain"
	chown -h nobody "$TMP/chain"
	traced 0 -o "$TMP/chain" -u main.work "$STEPS" -- work 2
	[ "$(grep -c main.work "$TMP/out")" = 2 ]
	# Also when it is opened again.
	start_traced -o "$TMP/shared/trace" -u main.work "$STEPS"
	rm "$TMP/shared/trace"
	ln -s "$TMP/precious" "$TMP/shared/trace"
	chown -h nobody "$TMP/shared/trace"
	kill -HUP "$TRACER"
	wait_for 10 grep -q "^ftrace: $TMP/shared/trace: cannot reopen: a symbolic link of another user " "$CHATTER"
	stop "$TRACER" INT
	[ "$(cat "$TMP/precious")" = precious ]
	mknod "$TMP/block" b 7 200
	refused 1 "$TMP/block: a device that takes no trace; *" -o "$TMP/block" "$STEPS"
	mknod "$TMP/memory" c 1 1
	refused 1 "$TMP/memory: a device that takes no trace; *" -o "$TMP/memory" "$STEPS"
	traced 0 -o /dev/null "$STEPS" -- work 1
	traced 0 -o /dev/stdout -u main.work "$STEPS" -- work 1
	grep -q main.work "$FTRACE_OUT"
}

@test "BINARY: its kind is known before it is opened" {
	mkfifo "$TMP/fifo"
	mknod "$TMP/watchdog" c 10 130
	for how in list repair; do
		for name in "$TMP/fifo" "$TMP/watchdog" /dev/tty; do
			strace -f -o "$TMP/calls" -e trace=open,openat,openat2 "$FTRACE" $how "$name" >/dev/null 2>"$TMP/said" &&
				fail "$how $name: a program?"
			grep -q "^ftrace: $name: not a regular file; " "$TMP/said"
			! grep -F "\"$name\"" "$TMP/calls" | grep -v O_PATH || fail "$how: $name is opened"
		done
	done
}

@test "a limit of the file's size is told as a full disk is" {
	for format in text jsonl; do
		for to in file stdout; do
			rm -f "$TMP/up" "$TMP/go" "$TMP/trace"
			name=stdout
			if [ $to = file ]; then
				name=$TMP/trace
				# shellcheck disable=SC2016 # it is bash that expands it
				start bash -c 'ulimit -f 8; exec "$@"' - "$FTRACE" --format=$format -u main.work -o "$TMP/trace" "$STEPS" -- work 2000 touch "$TMP/up" await "$TMP/go" exit 7
			else
				# shellcheck disable=SC2016
				start bash -c 'ulimit -f 8; exec "$@" >"$0"' "$TMP/trace" "$FTRACE" --format=$format -u main.work "$STEPS" -- work 2000 touch "$TMP/up" await "$TMP/go" exit 7
			fi
			wait_for 20 grep -q "^ftrace: $name: File too large; " "$STARTED_ERR"
			wait_for 10 test -e "$TMP/up"
			wait_for 5 no_new_probe
			touch "$TMP/go"
			ended 125 "$STARTED_PID"
			[ "$(wc -l <"$STARTED_ERR")" = 2 ] || fail "$(cat "$STARTED_ERR")"
			[ "$(stat -c %s "$TMP/trace")" -gt 6000 ]
			[ -z "$(tail -c 1 "$TMP/trace")" ]
			[ $format = text ] || jq -e . "$TMP/trace" >"$TMP/parsed"
		done
	done
	# A program that is started still dies of it.
	# shellcheck disable=SC2016
	start bash -c 'ulimit -f 8; exec "$@"' - "$FTRACE" -q -o /dev/null --exec /bin/true
	wait "$STARTED_PID" || :
}

# in_terminal COMMAND: a shell on a terminal of its own runs it in the foreground. Ends with the terminal.
in_terminal()
{
	: >"$TMP/said"
	start python3 -c '
import os, pty, sys, time
pid, master = pty.fork()
if not pid:
    os.execvp("sh", ["sh", "-c", sys.argv[1]])
while not os.path.exists(sys.argv[2]):
    time.sleep(0.02)
os.close(master)
' "$1" "$2"
}

# recorded PID-FILE: that process has ended.
recorded() { ! kill -0 "$(cat "$1")" 2>/dev/null; }

@test "the terminal goes: tracing ends, also with -o; nohup stays, and a signal by hand opens the file again" {
	for target in "-u main.work $STEPS" "-u main.work $STEPS -- touch $TMP/ran forever"; do
		rm -f "$TMP/pid" "$TMP/hang" "$TMP/said"
		in_terminal "echo \$\$ >$TMP/pid; exec $FTRACE -o $TMP/trace $target 2>$TMP/said" "$TMP/hang"
		wait_for 20 begun "$TMP/said"
		touch "$TMP/hang"
		wait_for 20 recorded "$TMP/pid" || fail "$target: $(cat "$TMP/said")"
		grep -q ' 0 lost, ' "$TMP/said"
		wait_for 5 no_new_probe
	done
	# As a child of the shell, which passes the signal on.
	rm -f "$TMP/pid" "$TMP/hang"
	in_terminal "$FTRACE -o $TMP/trace -u main.work $STEPS 2>$TMP/said & echo \$! >$TMP/pid; wait" "$TMP/hang"
	wait_for 20 test -s "$TMP/pid"
	wait_for 20 begun "$TMP/said"
	mv "$TMP/trace" "$TMP/trace.1"
	kill -HUP "$(cat "$TMP/pid")"
	wait_for 10 test -e "$TMP/trace"
	touch "$TMP/hang"
	stop "$(cat "$TMP/pid")" INT || :
	kill -INT "$(cat "$TMP/pid")" 2>/dev/null || :
	rm -f "$TMP/pid" "$TMP/hang" "$TMP/trace"
	in_terminal "trap '' HUP; $FTRACE -o $TMP/trace -u main.work $STEPS 2>$TMP/said & echo \$! >$TMP/pid; wait" "$TMP/hang"
	wait_for 20 test -s "$TMP/pid"
	wait_for 20 begun "$TMP/said"
	touch "$TMP/hang"
	wait "$STARTED_PID" || :
	"$STEPS" work 3
	kill -HUP "$(cat "$TMP/pid")"
	three() { [ "$(grep -c main.work "$TMP/trace")" = 3 ]; }
	wait_for 10 three
	kill -TERM "$(cat "$TMP/pid")"
	wait_for 20 recorded "$TMP/pid"
}

@test "a disk that becomes full: it says so at once, the program runs on, what is there is whole" {
	mkdir "$TMP/small"
	mount -t tmpfs -o size=64k tmpfs "$TMP/small"
	for format in text jsonl; do
		rm -f "$TMP/small/trace" "$TMP/up" "$TMP/go"
		start "$FTRACE" --format=$format -u main.work -o "$TMP/small/trace" "$STEPS" -- work 2000 touch "$TMP/up" await "$TMP/go" exit 7
		wait_for 20 grep -qx "ftrace: $TMP/small/trace: No space left on device; what was written so far is whole" "$STARTED_ERR"
		# Nothing is attached any more, and it still runs.
		wait_for 10 test -e "$TMP/up"
		wait_for 5 no_new_probe
		touch "$TMP/go"
		ended 125 "$STARTED_PID"
		[ "$(wc -l <"$STARTED_ERR")" = 2 ] || fail "$(cat "$STARTED_ERR")"
		[ "$(stat -c %s "$TMP/small/trace")" -gt 60000 ]
		[ -z "$(tail -c 1 "$TMP/small/trace")" ]
	done
	jq -e . "$TMP/small/trace" >"$TMP/parsed"
	# An ordinary trace ends with it, too.
	start_traced --stream -o "$TMP/small/trace" "$STEPS"
	"$STEPS" work 5000
	ends_soon 1 "$TRACER"
	grep -q "^ftrace: $TMP/small/trace: No space left on device; " "$CHATTER"
	refused 1 "$TMP/small/trace: No space left on device; *" list -u '*' -o "$TMP/small/trace" "$STEPS"
}

@test "-o FIFO: waits for its reader, and a signal ends that" {
	mkfifo "$TMP/fifo"
	for signal in INT TERM HUP; do
		start "$FTRACE" -o "$TMP/fifo" "$STEPS"
		wait_for 10 grep -qx "ftrace: $TMP/fifo: a FIFO that nobody reads yet; waiting for a reader" "$STARTED_ERR"
		kill "-$signal" "$STARTED_PID"
		ends_soon 0 "$STARTED_PID"
		[ "$(tail -n +2 "$STARTED_ERR")" = "ftrace: $TMP/fifo: nobody read this FIFO; nothing was traced" ]
		start "$FTRACE" -q -o "$TMP/fifo" "$STEPS" -- touch "$TMP/ran"
		blocked() { grep -q '^SigBlk:.*14003$' "/proc/$STARTED_PID/status"; }
		wait_for 10 blocked
		kill "-$signal" "$STARTED_PID"
		ends_soon $((128 + $(kill -l $signal))) "$STARTED_PID"
		[ ! -e "$TMP/ran" ]
		[ "$(cat "$STARTED_ERR")" = "ftrace: $TMP/fifo: nobody read this FIFO; nothing was traced" ]
	done
	start "$FTRACE" -o "$TMP/fifo" list "$STEPS"
	list=$STARTED_PID
	wait_for 10 stuck "$list"
	bounded cat "$TMP/fifo" >"$TMP/list"
	ends_soon 0 "$list"
	grep -q main.work "$TMP/list"
	start "$FTRACE" --format=jsonl -o "$TMP/fifo" "$STEPS" -- work 2000
	wait_for 10 grep -q 'waiting for a reader' "$STARTED_ERR"
	bounded cat "$TMP/fifo" >"$TMP/trace"
	ends_soon 0 "$STARTED_PID"
	sound "$TMP/trace"
	[ "$(count main.work "$TMP/trace")" = 2000 ]
}

@test "a reader that takes nothing: Ctrl-C and SIGTERM end it all the same" {
	for signal in INT TERM; do
		for to in stdout "$TMP/fifo"; do
			rm -f "$TMP/fifo"
			unread "$TMP/fifo"
			start "$STEPS" touch "$TMP/up" await "$TMP/go" work 20000 each 50 touch "$TMP/done" await "$TMP/end"
			target=$STARTED_PID
			wait_for 10 test -e "$TMP/up"
			if [ "$to" = stdout ]; then
				# shellcheck disable=SC2016 # it is sh that expands it
				start sh -c 'exec "$@" >"$0"' "$TMP/fifo" "$FTRACE" --format=jsonl -u main.work -p "$target"
			else
				start "$FTRACE" --format=jsonl -u main.work -o "$to" -p "$target"
			fi
			tracer=$STARTED_PID
			wait_for 20 attached "$STARTED_ERR"
			touch "$TMP/go"
			wait_for 20 test -e "$TMP/done"
			wait_for 10 stuck "$tracer"
			# One signal is enough.
			kill "-$signal" "$tracer"
			ends_soon 0 "$tracer"
			[ "$(tail -n +2 "$STARTED_ERR")" = "ftrace: $to: its reader takes nothing; the rest of the trace is dropped" ] ||
				fail "$(cat "$STARTED_ERR")"
			wait_for 5 no_new_probe
			kill -0 "$target"
			touch "$TMP/end"
			ended 0 "$target"
			rm "$TMP/up" "$TMP/go" "$TMP/done" "$TMP/end"
		done
	done
}

@test "a reader that takes nothing, and a started program: its status, or the signal's" {
	unread "$TMP/fifo"
	# The first signal is the program's, which ends by it.
	start "$FTRACE" --format=jsonl -u main.work -o "$TMP/fifo" "$STEPS" -- work 20000 touch "$TMP/up" await "$TMP/never"
	wait_for 20 test -e "$TMP/up"
	wait_for 10 stuck "$STARTED_PID"
	kill -TERM "$STARTED_PID"
	ends_soon 143 "$STARTED_PID"
	grep -q 'its reader takes nothing; ' "$STARTED_ERR"
	# It has its own idea of the first; the second ends ftrace alone.
	exec 9>&-
	unread "$TMP/second"
	start "$FTRACE" --format=jsonl -u main.work -o "$TMP/second" "$STEPS" -- catch "$TMP/caught" work 20000 touch "$TMP/up2" await "$TMP/go" touch "$TMP/ran"
	wait_for 20 test -e "$TMP/up2"
	kill -INT "$STARTED_PID"
	wait_for 10 grep -q interrupt "$TMP/caught"
	wait_for 10 stuck "$STARTED_PID"
	kill -INT "$STARTED_PID"
	ends_soon 130 "$STARTED_PID"
	touch "$TMP/go"
	wait_for 10 test -e "$TMP/ran"
	# The program has ended by itself: the first is enough.
	exec 9>&-
	unread "$TMP/third"
	start "$FTRACE" -q --format=jsonl -u main.work -o "$TMP/third" "$STEPS" -- work 20000 touch "$TMP/up3" exit 9
	wait_for 20 test -e "$TMP/up3"
	wait_for 10 childless "$STARTED_PID"
	wait_for 10 stuck "$STARTED_PID"
	kill -INT "$STARTED_PID"
	ends_soon 9 "$STARTED_PID"
}

@test "a pipe whose reader goes on after Ctrl-C gets all of it" {
	unread "$TMP/fifo"
	# Between one and two pipes full.
	start "$STEPS" touch "$TMP/up" await "$TMP/go" work 300 touch "$TMP/done"
	wait_for 10 test -e "$TMP/up"
	target=$STARTED_PID
	start "$FTRACE" --format=jsonl -u main.work -o "$TMP/fifo" -p "$target"
	tracer=$STARTED_PID
	wait_for 20 attached "$STARTED_ERR"
	touch "$TMP/go"
	wait_for 20 test -e "$TMP/done"
	wait_for 10 stuck "$tracer"
	# It waits a second for its reader, who may need longer to begin on a busy machine.
	kill -STOP "$tracer"
	kill -INT "$tracer"
	cat "$TMP/fifo" 9>&- >"$TMP/trace" 3>&- &
	cat=$!
	STARTED+=("$cat")
	exec 9>&-
	wait_for 10 drained "$cat" "$TMP/trace"
	kill -CONT "$tracer"
	ends_soon 0 "$tracer"
	wait "$cat"
	sound "$TMP/trace"
	[ "$(count main.work "$TMP/trace")" = 300 ]
}

@test "stdout and stderr into one pipe that nobody reads: a signal ends it" {
	unread "$TMP/fifo"
	# shellcheck disable=SC2016 # it is sh that expands it
	start sh -c 'exec "$@" >"$0" 2>&1' "$TMP/fifo" "$FTRACE" -v -u main.work "$STEPS" -- work 20000 touch "$TMP/up" await "$TMP/never"
	wait_for 20 test -e "$TMP/up"
	wait_for 10 stuck "$STARTED_PID"
	kill -TERM "$STARTED_PID"
	ends_soon 143 "$STARTED_PID"
}

@test "--duration lets a program go although nobody reads its trace" {
	unread "$TMP/fifo"
	start "$FTRACE" --duration 500ms --format=jsonl -u main.work -o "$TMP/fifo" "$STEPS" -- work 20000 touch "$TMP/up" await "$TMP/go" exit 4
	wait_for 20 test -e "$TMP/up"
	wait_for 10 stuck "$STARTED_PID"
	wait_for 10 no_new_probe
	touch "$TMP/go"
	bounded cat "$TMP/fifo" 9>&- >"$TMP/trace" 3>&- &
	exec 9>&-
	ends_soon 4 "$STARTED_PID"
}
