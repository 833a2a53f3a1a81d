#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Every command that README.md, docs/questions.md and the man page show is run as it stands there: as those that begin with
# `sudo ftrace` or `ftrace list` are, but for a PID, and for a bound on how long it runs.

load lib
load steps

setup()
{
	require_root
	probes_remember
	# Builds run as whoever called sudo, to whom this directory is closed.
	unset SUDO_UID SUDO_GID SUDO_USER DOAS_USER PKEXEC_UID
	TMP=$BATS_TEST_TMPDIR
	cp "$(build_go "$ROOT/tests/live/programs/shown" shown)" "$TMP/main"
	objcopy --strip-all "$TMP/main" "$TMP/server"
	cp "$TMP/main" "$TMP/caddy"
	objcopy --only-keep-debug "$TMP/main" "$TMP/server.debug"
	cd "$TMP"
	mkdir -p cmd/server store
	cp "$ROOT/tests/live/programs/shown/main.go" cmd/server/
	printf 'module example.org/shown\n\ngo 1.19\n' >go.mod
	printf 'package store\n\n//go:noinline\nfunc Get(key string) int { return len(key) }\n' >store/store.go
	printf 'package store\n\nimport "testing"\n\nfunc TestGet(t *testing.T) { if Get("key") != 3 { t.Fail() } }\n' \
		>store/store_test.go
}

teardown()
{
	stop_all
	no_probes_left
}

# commands FILE: those that it shows, one a line.
commands()
{
	sed -e 's/\\-/-/g; s/\\(aq/'\''/g; s/\\e/\\/g' "$1" | sed -nE 's/^ *(sudo )?(ftrace (list )?.*(\.\/|-p ).*)/\2/p' |
		grep -vE '\[|\.\.\.|^ftrace:'
}

# run_for DURATION COMMAND: sets SHOWN_STATUS; its output is in out and err.
run_for()
{
	local words word args=() ends=

	eval "words=($2)"
	for word in "${words[@]:1}"; do
		case $word in
		412) word=$RUNNING ;;
		10s) word=$1 ;;
		--duration | --max-calls | --exec | --package | --test | -- | list) ends=yes ;;
		esac
		args+=("$word")
	done
	[ -n "$ends" ] || args=(--duration "$1" "${args[@]}")
	SHOWN_STATUS=0
	bounded "$FTRACE" "${args[@]}" >out 2>err </dev/null 3>&- || SHOWN_STATUS=$?
}

# run_shown COMMAND TEST...: runs it for longer and longer until TEST succeeds, since a busy machine may let
# nothing happen in a short time. Sets SHOWN_STATUS; its output is in out and err.
run_shown()
{
	local duration

	for duration in 700ms 3s 20s; do
		run_for "$duration" "$1"
		! "${@:2}" || break
	done
}

# shows COMMAND TEXT
shows()
{
	run_shown "$1" grep -qF -- "$2" out
	expect out "$2"
}

@test "commands are found where they stand" {
	[ "$(commands "$ROOT/README.md" | wc -l)" -ge 12 ]
	[ "$(commands "$ROOT/docs/questions.md" | wc -l)" -ge 12 ]
	[ "$(commands "$ROOT/docs/ftrace.1" | wc -l)" -ge 8 ]
	commands "$ROOT/README.md" | grep -qxF "ftrace list -u 'main.*' ./main"
	commands "$ROOT/docs/ftrace.1" | grep -qF "ftrace ./main 'main.handle(r.Method, r.URL.Path)'"
}

@test "every command of README.md, docs/questions.md and the man page does what it is shown for" {
	local line seen

	start ./caddy
	start ./main
	RUNNING=$STARTED_PID
	wait_for 10 grep -q ready "$STARTED_OUT"
	start ./server
	wait_for 10 grep -q ready "$STARTED_OUT"
	while read -r line; do
		case $line in
		# There may be no such goroutine.
		*--goid*) seen=(true) ;;
		*' list '*) seen=(grep -qF main.add out) ;;
		*) seen=(grep -qE '^ftrace: [1-9][0-9]* calls' err) ;;
		esac
		run_shown "$line" "${seen[@]}"
		[ "$SHOWN_STATUS" = 0 ] || fail "$line: status $SHOWN_STATUS: $(cat err)"
		"${seen[@]}" || fail "$line: nothing: $(cat out err)"
	done < <(commands "$ROOT/README.md"; commands "$ROOT/docs/questions.md"; commands "$ROOT/docs/ftrace.1")
}

@test "values of the commands that show how to read them" {
	start ./main
	wait_for 10 grep -q ready "$STARTED_OUT"
	shows "$(commands "$ROOT/docs/ftrace.1" | grep -F 'r.URL.Path')" 'main.handle(r.Method="POST", r.URL.Path="/path")'
	shows "$(commands "$ROOT/docs/ftrace.1" | grep -F 'sum=$retval')" 'main.add(a=19, b=1000) = sum=1019'
	shows "$(commands "$ROOT/docs/ftrace.1" | grep -F 'name=+0(%ax):gostring')" \
		'main.(*Student).String(name="zhang", age=100) = "name: zhang, age: 100"'
	shows "$(commands "$ROOT/README.md" | grep -F 'name=+0(%ax):gostring')" \
		'main.(*Student).String(name="zhang", age=100) = "name: zhang, age: 100"'
	shows "$(commands "$ROOT/README.md" | grep -F '~r1 != nil')" \
		'main.enroll(s=&{name:"ken", age:16}) = (0, *fmt.wrapError("ken: too young"))'
	! grep -q 'age:19' out || fail "$(cat out)"
	shows "$(commands "$ROOT/README.md" | grep -F 's.age < 18')" 'main.enroll(s=&{name:"ken", age:16})'
}

@test "a recording answers what docs/questions.md asks it" {
	local line

	start ./main
	RUNNING=$STARTED_PID
	wait_for 10 grep -q ready "$STARTED_OUT"
	while read -r line; do
		run_for 3s "$line"
		[ "$SHOWN_STATUS" = 0 ] || fail "$line: $(cat err)"
	done < <(commands "$ROOT/docs/questions.md" | grep -F 'ftrace record')
	[ "$(grep -c '^    ftrace report' "$ROOT/docs/questions.md")" -ge 3 ]
	while read -r line; do
		eval "words=($line)"
		bounded "$FTRACE" "${words[@]:1}" >out 2>err || fail "$line: $(cat err)"
		grep -q 'main\.enroll' out || fail "$line: $(cat out err)"
	done < <(grep '^    ftrace report' "$ROOT/docs/questions.md")
	[ "$(grep -c '^    ftrace diff' "$ROOT/docs/questions.md")" -ge 2 ]
	while read -r line; do
		eval "words=($line)"
		SHOWN_STATUS=0
		bounded "$FTRACE" "${words[@]:1}" >out 2>err || SHOWN_STATUS=$?
		# 1 is what --fail-above says of two runs on a busy machine.
		[ "$SHOWN_STATUS" = 0 ] || [[ $SHOWN_STATUS$line == 1*--fail-above* ]] || fail "$line: $(cat err)"
		grep -q 'main\.enroll' out || fail "$line: $(cat out err)"
	done < <(grep '^    ftrace diff' "$ROOT/docs/questions.md")
}

# Digits differ from run to run, and with them columns, marks and which of the goroutines is first.
normalised()
{
	sed -E 's/^[0-9:.]+ +([0-9.]+ [num]?s [-+!#*@$ ] )? *[0-9]+ +//; s/-?[0-9]+(\.[0-9]+)?/N/g;
		s/N(ns|us|µs|ms|s)\b/T/g; s/  +/ /g; s/(ada|grace|ken|rob)/WHO/g; s/ $//'
}

@test "the calls that README.md shows are those of the example" {
	local student duration missing

	student=$(build_go "$ROOT/examples/student" student)
	start "$student"
	# The first picture: the second one is of another example.
	awk '/^    TIME/ { on = !seen++ } /^$/ { on = 0 } on' "$ROOT/README.md" | sed 's/^    //' |
		tail -n +2 >shown
	[ "$(wc -l <shown)" -ge 8 ]
	normalised <shown >want
	for duration in 1500ms 5s 20s; do
		traced 0 -u 'main.*' --duration $duration "$student"
		normalised <"$FTRACE_OUT" >got
		missing=$(grep -vxFf got want) || break
	done
	[ -z "$missing" ] || fail "not so: $missing
$(head -n 30 got)"
}

@test "make -C examples: a recording is made, reported, drawn and compared" {
	local made=$BUILD/examples

	rm -f "$made"/pool.{ftrace,ftrace.before,html,folded}
	make -s -C "$ROOT/examples" B="${B:-build}" DURATION=1s report html flame diff >out 2>err 3>&- || fail "$(cat out err)"
	grep -qE 'main\.\(\*pool\)\.write$' out || fail "$(cat out err)"
	grep -qE '^main\.\(\*pool\)\.write +[0-9]+ +[+-]' out || fail "$(cat out err)"
	grep -qE 'write [0-9]+$' "$made/pool.folded" || fail "$(cat "$made/pool.folded")"
	grep -q '</html>' "$made/pool.html"
	rm -f "$made"/pool.{ftrace,ftrace.before,html,folded}
}
