#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The file of a traced program is replaced while it is traced, or lies where files are layered.

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
	cp "$STEPS" "$TMP/prog"
	OTHER=$(build_go "$ROOT/tests/live/programs/steps" other local -ldflags=-w)
	THIRD=$(build_go "$ROOT/tests/live/programs/steps" third local -gcflags=-N)
}

teardown()
{
	exec 9>&-
	kill -CONT "${STARTED[@]}" 2>/dev/null || :
	stop_all
	! mountpoint -q "$TMP/merged" || umount "$TMP/merged"
	no_probes_left
}

FOLLOWS="prog: replaced by a new build; following it"

# followed COUNT: that many new builds are followed by now.
followed() { [ "$(grep -c "$FOLLOWS" "$CHATTER")" = "$1" ]; }

calls_by_pid() { json '[.[] | select(.func == "main.work") | .pid] | group_by(.) | map(length) | sort' "$TRACE"; }

@test "a new file under the old name is followed; who runs the old one is traced on" {
	start "$TMP/prog" touch "$TMP/up" await "$TMP/go" work 2
	old=$STARTED_PID
	wait_for 10 test -e "$TMP/up"
	start_traced --format=jsonl -u main.work -u main.inner "$TMP/prog"
	cp "$OTHER" "$TMP/new"
	mv "$TMP/new" "$TMP/prog"
	wait_for 30 followed 1
	"$TMP/prog" work 3
	touch "$TMP/go"
	ended 0 "$old"
	# As the go command does where it cannot rename.
	rm "$TMP/prog"
	cp "$THIRD" "$TMP/prog"
	wait_for 30 followed 2
	"$TMP/prog" work 4
	stop "$TRACER" INT
	sound "$TRACE"
	nothing_lost "$TRACE"
	[ "$(calls_by_pid)" = '[2,3,4]' ]
	expect_json '[.[] | select(.type == "call") | .func] | unique' '["main.inner","main.work"]' "$TRACE"
	# The goroutine is found by the layout of its own file.
	expect_json '[.[] | select(.func == "main.work") | .goid] | unique' '[1]' "$TRACE"
	# Each with the values that its own file describes: the second one has no debug information.
	expect_json "[.[] | select(.func == \"main.work\" and .pid == $old) | .args[0].value]" '[0,1]' "$TRACE"
	expect_json '[.[] | select(.func == "main.work") | has("args")] | group_by(.) | map(length)' '[3,6]' "$TRACE"
	[ "$(grep -c ": replaced by " "$CHATTER")" = 2 ] || fail "$(cat "$CHATTER")"
}

@test "a file that is overwritten in place: the old probes are gone before, the new ones follow" {
	start_traced --format=jsonl -u main.work "$TMP/prog"
	"$TMP/prog" work 1
	for round in 1 2 3; do
		cp "$OTHER" "$TMP/prog"
		# At once, before anything is followed: no old breakpoint is in it.
		"$TMP/prog" touch "$TMP/ran.$round"
		[ -e "$TMP/ran.$round" ]
		wait_for 30 followed $((2 * round - 1))
		"$TMP/prog" work 2
		cp "$THIRD" "$TMP/prog"
		"$TMP/prog" touch "$TMP/again.$round"
		[ -e "$TMP/again.$round" ]
		wait_for 30 followed $((2 * round))
		"$TMP/prog" work 3
	done
	# Cut short, then whole: what was read of the old one is still there.
	: >"$TMP/prog"
	cp "$STEPS" "$TMP/prog"
	wait_for 30 followed 7
	"$TMP/prog" work 4
	stop "$TRACER" INT
	sound "$TRACE"
	[ "$(calls_by_pid)" = '[1,2,2,2,3,3,3,4]' ]
	expect_json '[.[] | select(.func == "main.work") | .caller.func] | unique' '["main.step"]' "$TRACE"
}

@test "a new build in the text output, and in the table of functions" {
	start_traced --summary -u main.work "$TMP/prog"
	"$TMP/prog" work 1
	cp "$OTHER" "$TMP/new"
	mv "$TMP/new" "$TMP/prog"
	wait_for 30 followed 1
	"$TMP/prog" work 2
	stop "$TRACER" INT
	[ "$(grep -c 'main\.work(' "$TRACE")" = 3 ]
	# One line for each of the two files.
	[ "$(awk '/CALLS/ { table = 1 } table && /  main\.work/ { print $1 }' "$TRACE" | sort | xargs)" = "1 2" ]
	start_traced --summary=only --format=jsonl -u main.work "$TMP/prog"
	"$TMP/prog" work 1
	cp "$THIRD" "$TMP/new"
	mv "$TMP/new" "$TMP/prog"
	wait_for 30 followed 1
	"$TMP/prog" work 5
	stop "$TRACER" INT
	expect_json '[.[] | select(.type == "function") | .calls] | sort' '[1,5]' "$TRACE"
}

@test "replaced by what cannot be traced: one line, and the next good one is followed" {
	start_traced --format=jsonl -u main.work "$TMP/prog"
	cp "$(build_go "$ROOT/examples/student" student)" "$TMP/new"
	mv "$TMP/new" "$TMP/prog"
	wait_for 30 grep -q "^ftrace: $TMP/prog: replaced by a file that is not traced: .*no function matches 'main.work'; " "$CHATTER"
	printf 'no program at all, but longer than the header of one would be, so that it is read as one.\n' >"$TMP/new"
	chmod +x "$TMP/new"
	mv "$TMP/new" "$TMP/prog"
	wait_for 30 grep -q "^ftrace: $TMP/prog: replaced by a file that is not traced: .*not an ELF file; " "$CHATTER"
	rm "$TMP/prog"
	cp "$OTHER" "$TMP/new"
	mv "$TMP/new" "$TMP/prog"
	wait_for 30 followed 1
	"$TMP/prog" work 3
	stop "$TRACER" INT
	[ "$(count main.work "$TRACE")" = 3 ]
	[ "$(grep -c ": replaced by " "$CHATTER")" = 3 ] || fail "$(cat "$CHATTER")"
}

@test "with -p and --exec nothing is followed, and -q says nothing" {
	start "$TMP/prog" touch "$TMP/up" await "$TMP/go" work 2
	target=$STARTED_PID
	wait_for 10 test -e "$TMP/up"
	start_traced --format=jsonl -u main.work -p "$target"
	cp "$OTHER" "$TMP/new"
	mv "$TMP/new" "$TMP/prog"
	"$TMP/prog" work 9
	touch "$TMP/go"
	ended 0 "$target"
	ended 0 "$TRACER"
	[ "$(count main.work "$TRACE")" = 2 ]
	run grep -c replaced "$CHATTER"
	[ "$output" = 0 ]
	start "$FTRACE" -q --format=jsonl -u main.work "$TMP/prog"
	tracer=$STARTED_PID
	TRACE=$STARTED_OUT
	CHATTER=$STARTED_ERR
	wait_for 10 test -s "$TRACE"
	cp "$THIRD" "$TMP/new"
	mv "$TMP/new" "$TMP/prog"
	seen() { "$TMP/prog" work 1 && grep -q main.work "$TRACE"; }
	wait_for 10 seen
	stop "$tracer" INT
	[ ! -s "$CHATTER" ]
}

@test "a file on overlayfs: by its path and by PID" {
	mkdir "$TMP/lower" "$TMP/upper" "$TMP/work" "$TMP/merged"
	pie=$(build_go "$ROOT/tests/live/programs/steps" pie local -buildmode=pie)
	cp "$pie" "$TMP/lower/prog"
	mount -t overlay overlay -o "lowerdir=$TMP/lower,upperdir=$TMP/upper,workdir=$TMP/work" "$TMP/merged"
	start "$TMP/merged/prog" touch "$TMP/up" await "$TMP/go" work 2 touch "$TMP/half" await "$TMP/on" work 2
	target=$STARTED_PID
	wait_for 10 test -e "$TMP/up"
	start_traced --format=jsonl "$TMP/merged/prog" 'main.work(%ip:ptr)'
	expect "$CHATTER" "; 1 process; Ctrl-C ends"
	touch "$TMP/go"
	wait_for 10 test -e "$TMP/half"
	"$TMP/merged/prog" work 3
	stop "$TRACER" INT
	[ "$(calls_by_pid)" = '[2,3]' ]
	expect_json '[.[] | select(.func == "main.work") | .args[0].value.symbol | test("^main.work")] | unique' '[true]' "$TRACE"
	start_traced --format=jsonl -u main.work -p "$target"
	touch "$TMP/on"
	ended 0 "$target"
	ended 0 "$TRACER"
	[ "$(calls_by_pid)" = '[2]' ]
}

@test "a writer is not held up by an ftrace that is stopped, and no old breakpoint is met" {
	start_traced --format=jsonl -u 'main.*' -u 'runtime.*' "$TMP/prog"
	"$TMP/prog" work 1
	kill -STOP "$TRACER"
	# Where each lies elsewhere; at once, and again and again.
	for round in $(seq 20); do
		timeout 20 cp "$THIRD" "$TMP/prog"
		"$TMP/prog" work 1 || fail "round $round: status $?"
		timeout 20 cp "$STEPS" "$TMP/prog"
		"$TMP/prog" work 1 || fail "round $round: status $?"
	done
	timeout 20 truncate -s 100 "$TMP/prog"
	timeout 20 cp "$THIRD" "$TMP/prog"
	kill -CONT "$TRACER"
	wait_for 30 followed 1
	"$TMP/prog" work 3
	stop "$TRACER" INT
	[ "$(calls_by_pid)" = '[1,3]' ] || fail "$(calls_by_pid)"
}

@test "a writer is not held up by an ftrace whose reader takes nothing, and nothing traced is lost" {
	mkfifo "$TMP/fifo"
	exec 9<>"$TMP/fifo"
	start "$TMP/prog" touch "$TMP/up" await "$TMP/go" work 3000 touch "$TMP/done"
	wait_for 10 test -e "$TMP/up"
	start "$FTRACE" --format=jsonl -u main.work -u main.inner -o "$TMP/fifo" "$TMP/prog"
	tracer=$STARTED_PID
	wait_for 20 attached "$STARTED_ERR"
	touch "$TMP/go"
	wait_for 20 test -e "$TMP/done"
	wait_for 10 stuck "$tracer"
	wait_for 10 has_ended "${STARTED[0]}"
	timeout 20 cp "$OTHER" "$TMP/prog"
	timeout 20 truncate -s 0 "$TMP/prog"
	bounded cat "$TMP/fifo" 9>&- >"$TMP/trace" 3>&- &
	cat=$!
	exec 9>&-
	stop "$tracer" INT
	wait "$cat"
	sound "$TMP/trace"
	[ "$(count main.work "$TMP/trace")" = 3000 ]
	# Names and callers are those of the file that was traced, which is gone.
	expect_json '[.[] | select(.func == "main.inner") | .caller.func] | unique' '["main.work"]' "$TMP/trace"
	expect_json '[.[] | select(.func == "main.work") | .caller.file | test("main.go$")] | unique' '[true]' "$TMP/trace"
}

@test "cut short, rewritten and removed while it is traced: the summary comes, with -p too" {
	for change in 'truncate -s 4096 prog' ': >prog' 'cp /bin/sh prog' 'rm prog'; do
		cp "$STEPS" "$TMP/prog"
		rm -f "$TMP/up" "$TMP/go"
		start_traced --summary -a -R -u 'main.*' "$TMP/prog"
		"$TMP/prog" work 5
		(cd "$TMP" && eval "$change")
		stop "$TRACER" INT || fail "$change: status $?"
		grep -q ' 0 lost, ' "$CHATTER" || fail "$change: $(cat "$CHATTER")"
		grep -q ' main.work' "$TRACE"
	done
}

@test "fifty builds over the traced file, each started at once: all run, and the last is traced" {
	mkdir "$TMP/src"
	cp "$ROOT"/tests/live/programs/steps/*.go "$TMP/src/"
	printf 'module steps\n\ngo 1.19\n' >"$TMP/src/go.mod"
	go=$(go_for local)
	# As a login has it, whatever there is here.
	ulimit -Sn 1024
	start_traced --format=jsonl -u main.work "$TMP/prog"
	for build in $(seq 50); do
		(cd "$TMP/src" && bounded $go build -ldflags="-w -X main.build=$build" -o "$TMP/prog" .) 3>&-
		"$TMP/prog" work 1 || fail "build $build: status $?"
	done
	seen() { "$TMP/prog" work 7 && grep -q '"func":"main.work"' <(tail -n 3 "$TRACE"); }
	wait_for 60 seen
	stop "$TRACER" INT
	sound "$TRACE"
	nothing_lost "$TRACE"
	! grep -v -e "$FOLLOWS" -e 'Ctrl-C ends' -e ' 0 lost, ' -e 'nothing was hit in 5 s' "$CHATTER" || fail "$(cat "$CHATTER")"
}
