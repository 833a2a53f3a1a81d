#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Programs that are built first, and as whom they are built and run.

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
	# What a build leaves is looked for here.
	export TMPDIR=$TMP/tmp
	mkdir "$TMPDIR"
	make_module
}

teardown()
{
	stop_all
	no_probes_left
	nothing_left
}

# nothing_left: no directory of a build.
nothing_left()
{
	[ -z "$(ls -A "$TMPDIR")" ] || fail "left behind: $(ls "$TMPDIR")"
}

# make_module: a module with two programs, a package with tests and one without.
make_module()
{
	MODULE=$TMP/module
	mkdir -p "$MODULE"/cmd/one "$MODULE"/cmd/two "$MODULE"/lib "$MODULE"/bare "$MODULE"/broken "$MODULE"/tagged
	printf 'module example.com/m\n\ngo 1.19\n' >"$MODULE/go.mod"
	cat >"$MODULE/cmd/one/main.go" <<-'EOT'
		package main

		import "os"

		//go:noinline
		func work(n int) int { return n + 1 }

		func main() {
			dir, _ := os.Getwd()
			exe, _ := os.Executable()
			println("ran", os.Getuid(), os.Getgid(), os.Getenv("HOME"), os.Getenv("USER"), os.Getenv("LOGNAME"))
			println("in", dir)
			groups, _ := os.Getgroups()
			for _, group := range groups {
				println("group", group)
			}
			println("as", exe)
			for _, arg := range os.Args[1:] {
				println("arg", arg)
				work(len(arg))
			}
			if len(os.Args) > 1 && os.Args[1] == "fail" {
				os.Exit(5)
			}
		}
	EOT
	printf 'package main\n\nfunc main() { println("two") }\n' >"$MODULE/cmd/two/main.go"
	printf 'package lib\n\n//go:noinline\nfunc Double(n int) int { return 2 * n }\n' >"$MODULE/lib/lib.go"
	cat >"$MODULE/lib/lib_test.go" <<-'EOT'
		package lib

		import (
			"os"
			"testing"
		)

		func TestDouble(t *testing.T) {
			if _, err := os.Stat("lib_test.go"); err != nil || Double(4) != 8 {
				t.Fatal(err)
			}
			dir, _ := os.Getwd()
			println("in", dir, os.Getenv("PWD"))
		}

		func TestFails(t *testing.T) { t.Fatal("as it should") }
	EOT
	printf 'package bare\n' >"$MODULE/bare/bare.go"
	printf 'package main\n\nfunc main() { unknown() }\n' >"$MODULE/broken/main.go"
	printf '//go:build wanted\n\npackage main\n\nvar text string\n\nfunc main() { println("tagged", text) }\n' >"$MODULE/tagged/main.go"
}

# reachable: lets other users come to what the test made.
reachable()
{
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$TMP"
	chmod -R a+rX "$MODULE"
	chmod 1777 "$TMPDIR"
}

# built_by_nobody: a cache that nobody may write to, so that not each test compiles the runtime.
built_by_nobody()
{
	reachable
	export SUDO_UID=65534 SUDO_GID=65534 SUDO_USER=nobody
	export GOCACHE=$BUILD/gocache.nobody
	mkdir -p "$GOCACHE"
	chown -R 65534:65534 "$GOCACHE"
}

# said TEXT: the program said so on its stderr, which is ftrace's too.
said()
{
	grep -qxF -- "$1" "$FTRACE_ERR" || fail "not said: $1
$(head -n 20 "$FTRACE_ERR")"
}

# failed_build STATUS TEXT ARG...: as refused, but what go says may stand before the line.
failed_build()
{
	local want=$1 text=$2 last

	shift 2
	traced "$want" "$@" || return 1
	last=$(tail -n 1 "$FTRACE_ERR")
	# shellcheck disable=SC2053 # a pattern
	[[ $last == "ftrace: "$text ]] || fail "ftrace $*
expected: ftrace: $text
got:      $(cat "$FTRACE_ERR")" || return 1
	[ "$(grep -c '^ftrace: ' "$FTRACE_ERR")" = 1 ] || fail "more than one line: $(cat "$FTRACE_ERR")"
}

@test "--package: a directory, a .go file, an import path, a pattern" {
	cd "$MODULE"
	for dir in cmd/one ./cmd/one/ "$MODULE/cmd/one" cmd/one/main.go example.com/m/cmd/one ./cmd/one/... ./cmd/o... \
		example.com/m/cmd/o...; do
		traced 0 --format=jsonl -u main.work --package "$dir" -- a bc
		[ "$(count main.work)" = 2 ]
		said "arg bc"
		said "in $MODULE"
		nothing_left
	done
	cd cmd/one
	traced 0 --format=jsonl --package . 'main.work(n)' -- a bc
	expect_json '[.[] | select(.func == "main.work") | .args[0].value]' '[1,2]'
	expect_json '[.[] | select(.type == "process") | .exe | test("^'"$TMPDIR"'/ftrace-[^/]*/one$")]' '[true]'
	# From elsewhere its own module counts.
	cd /
	traced 5 -q --package "$MODULE/cmd/one" -- fail
	traced 0 -q --package "$MODULE/cmd/one"
}

@test "--package: a pattern that is several programs, or none" {
	cd "$MODULE"
	refused 2 "./cmd/...: 2 main packages: example.com/m/cmd/one, example.com/m/cmd/two; name one of them" \
		--package ./cmd/...
	refused 2 "cmd/...: 2 main packages: *" --package cmd/...
	refused 125 "./lib/...: package lib, not main; *" --package ./lib/...
	failed_build 127 "./lib/x...: no *; *" --package ./lib/x...
}

@test "--package: what is not there, what is no program, what does not build" {
	cd "$MODULE"
	refused 127 "$TMP/none: No such file or directory; *" --package "$TMP/none"
	refused 127 "./none: No such file or directory; *" --package ./none
	refused 127 "none.go: No such file or directory; *" --package none.go
	refused 127 "none: no such directory, and no package here: *; *" --package none
	refused 127 "example.com/m/none: no such directory, and no package here: *; *" --package example.com/m/none
	refused 125 "lib: package lib, not main; *" --package lib
	refused 125 "$STEPS: neither a directory nor a .go file; *" --package "$STEPS"
	mkdir "$TMP/empty"
	failed_build 125 "$TMP/empty: *; *" --package "$TMP/empty"
	failed_build 125 "cmd: no Go files in *; *" --package cmd
	failed_build 125 "broken: does not build; *" --package broken
	# As the go command printed it, to the byte.
	(cd broken && $(go_for local) build -o /dev/null . 2>"$TMP/plain") || :
	diff <(head -n -1 "$FTRACE_ERR") "$TMP/plain"
	nothing_left
}

@test "--test: in its directory, with its arguments and its status" {
	cd /
	traced 0 --format=jsonl -u example.com/m/lib.Double --test "$MODULE/lib" -- -test.run '^TestDouble$'
	said "in $MODULE/lib $MODULE/lib"
	grep -v '^PASS$' "$FTRACE_OUT" >"$TMP/trace"
	[ "$(count example.com/m/lib.Double "$TMP/trace")" = 1 ]
	expect_json '[.[] | select(.type == "process") | .exe | test("/lib.test$")]' '[true]' "$TMP/trace"
	traced 1 -q -o "$TMP/trace" -u example.com/m/lib.Double --test "$MODULE/lib"
	expect "$FTRACE_OUT" "as it should"
	grep -q 'lib.Double(n=4) = 8' "$TMP/trace"
	# Without a selection main.* is hardly meant.
	traced 0 -o "$TMP/trace" --test "$MODULE/lib" -- -test.run '^TestDouble$'
	said "ftrace: $MODULE/lib: without -u only main.* is traced, which is nothing of its own; use -u 'example.com/m/lib.*'"
	cd "$MODULE"
	failed_build 125 "bare: no test files; *" --test bare
	refused 127 "./none: No such file or directory; *" --test ./none
	traced 0 -q -o "$TMP/trace" -u '*.Double' --test ./... -- -test.run '^TestDouble$'
}

@test "--test: a package of the standard library in a module of its own" {
	mkdir "$TMP/csv"
	cp "$($(go_for local) env GOROOT)"/src/encoding/csv/*.go "$TMP/csv"
	printf 'module example.com/csv\n\ngo 1.23\n' >"$TMP/csv/go.mod"
	traced 0 --format=jsonl -o "$TMP/trace" --buffer 64M -u 'example.com/csv.*' --test "$TMP/csv" -- -test.run '^TestRead$|^TestWrite$'
	expect "$FTRACE_OUT" PASS
	sound "$TMP/trace"
	nothing_lost "$TMP/trace"
	expect_json '[.[] | select(.func == "example.com/csv.TestRead" or .func == "example.com/csv.TestWrite") | .end] | length' 2 "$TMP/trace"
	[ "$(count 'example.com/csv.(*Reader).readRecord' "$TMP/trace")" -ge 20 ]
}

@test "--build-flags: split as a shell does; --build-output: kept" {
	cd "$MODULE"
	failed_build 125 "tagged: *; *" --package tagged
	traced 0 -q -o "$TMP/trace" --build-flags "-tags=wanted  -ldflags '-X main.text=a\\b'" --package tagged
	said 'tagged a\b'
	traced 0 -q -o "$TMP/trace" --build-flags "-tags wanted" --build-flags "-ldflags=\"-X 'main.text=two words'\"" --package tagged
	said 'tagged two words'
	traced 0 --format=jsonl -o "$TMP/trace" --build-output kept --package cmd/one -- x
	said "as $MODULE/kept"
	expect_json '[.[] | select(.type == "process") | .exe]' "[\"$MODULE/kept\"]" "$TMP/trace"
	./kept 2>&1 | grep -qx "as $MODULE/kept"
	traced 0 -q -o "$TMP/trace" --build-output "$TMP/lib.test" -u '*.Double' --test lib -- -test.run Double
	[ -x "$TMP/lib.test" ]
	refused 125 "--build-output: '$TMP': a directory; *" --build-output "$TMP" --package cmd/one
	failed_build 125 "cmd/one: does not build; *" --build-output /proc/none/file --package cmd/one
	failed_build 125 "cmd/one: does not build; *" --build-flags -nosuchflag --package cmd/one
	failed_build 125 "cmd/one: the go command made no program; *" --build-flags -n --package cmd/one
}

@test "no go command: it says so; one where installers put it is found" {
	cd "$MODULE"
	mkdir "$TMP/bin"
	# A directory and a file without permission are none.
	mkdir "$TMP/bin/go"
	HOME=$TMP PATH=$TMP/bin:/usr/bin:/bin run_ftrace -q --package cmd/one 2>/dev/null && status=0 || status=$?
	if [ "$status" = 125 ]; then
		[[ $(cat "$FTRACE_ERR") == "ftrace: go: no such command; "* ]]
	else
		[ "$status" = 0 ]
	fi
	# In the home directory, the newest.
	for version in go1.9 go1.21.0 go1.100.1; do
		mkdir -p "$TMP/sdk/$version/bin"
		printf '#!/bin/sh\necho "%s" >&2\nexit 3\n' "$version" >"$TMP/sdk/$version/bin/go"
		chmod +x "$TMP/sdk/$version/bin/go"
	done
	mkdir -p "$TMP/none"
	places=$(ls -d /usr/local/go/bin/go /usr/lib/go/bin/go 2>/dev/null | head -n 1)
	[ -n "$places" ] || {
		HOME=$TMP PATH=$TMP/none failed_build 125 "cmd/one: does not build; *" --package cmd/one
		grep -qx go1.100.1 "$FTRACE_ERR"
	}
	# PATH comes first.
	cp "$TMP/sdk/go1.9/bin/go" "$TMP/none/go"
	PATH=$TMP/none:$PATH failed_build 125 "cmd/one: does not build; *" --package cmd/one
	grep -qx go1.9 "$FTRACE_ERR"
}

@test "sudo: built and run as the user who called it, with that user's directories" {
	built_by_nobody
	cd "$MODULE"
	install -d -o 65534 "$TMP/own"
	traced 0 -o "$TMP/trace" --build-output "$TMP/own/one" --package cmd/one
	said "ran 65534 65534 /nonexistent nobody nobody"
	[ "$(stat -c %u:%g "$TMP/own/one")" = 65534:65534 ]
	[ -z "$(find "$GOCACHE" ! -user 65534 -print -quit)" ]
	# root is asked for by name
	traced 0 -q -o "$TMP/trace" --user root --package cmd/one
	grep -q '^ran 0 0 ' "$FTRACE_ERR"
	# What that user may not write to, the build does not.
	failed_build 125 "cmd/one: does not build; *" --build-output "$MODULE/not-mine" --package cmd/one
	[ ! -e "$MODULE/not-mine" ]
	chmod 700 "$MODULE"
	failed_build 125 "*cmd/one: Permission denied; *" --package "$MODULE/cmd/one"
	chmod 755 "$MODULE"
	# What --exec starts is root's, as under any other tool.
	traced 0 -q -o "$TMP/trace" --exec "$TMP/own/one"
	grep -q '^ran 0 0 ' "$FTRACE_ERR"
	for value in '' x -1 99999999999; do
		SUDO_UID=$value refused 125 "SUDO_UID: *; *" --package cmd/one
		SUDO_GID=$value refused 125 "SUDO_GID: *; *" --package cmd/one
	done
}

@test "sudo: root's cache is not that user's" {
	built_by_nobody
	install -d -m 700 "$TMP/roots"
	cd "$MODULE"
	# Unusable ones are as good as not given. nobody has no home directory either.
	cat >"$TMP/go" <<-'EOT'
		#!/bin/sh
		echo "$GOCACHE|$XDG_CACHE_HOME|$GOPATH|$GOTMPDIR" >&2
		exit 1
	EOT
	mkdir "$TMP/bin"
	install -m 755 "$TMP/go" "$TMP/bin/go"
	export GOCACHE=$TMP/roots/cache XDG_CACHE_HOME=$TMP/roots GOPATH=$TMP/roots/path
	PATH=$TMP/bin:$PATH failed_build 125 "*does not build; *" --package cmd/one
	grep -qxE "$TMPDIR/ftrace-[^/|]*/cache\|\|$TMPDIR/ftrace-[^/|]*/path\|$TMPDIR/ftrace-[^/|]*" "$FTRACE_ERR" ||
		fail "$(cat "$FTRACE_ERR")"
	[ -z "$(ls -A "$TMP/roots")" ]
}

@test "--user: the started program's user, groups and home" {
	reachable
	cd "$MODULE"
	$(go_for local) build -o "$TMP/one" ./cmd/one
	chmod 755 "$TMP/one"
	for user in nobody 65534; do
		traced 0 --format=jsonl --user "$user" --exec "$TMP/one" -- x
		said "ran 65534 65534 /nonexistent nobody nobody"
		[ "$(count main.work)" = 1 ]
		[ "$(grep '^group ' "$FTRACE_ERR")" = "group 65534" ]
	done
	traced 0 -q --user nobody "$TMP/one" --
	said "ran 65534 65534 /nonexistent nobody nobody"
	traced 0 -q --package cmd/one --user nobody
	said "ran 65534 65534 /nonexistent nobody nobody"
	# One that this user may not execute.
	chmod 700 "$TMP/one"
	refused 126 "$TMP/one: cannot be executed: Permission denied; *" -q --user nobody --exec "$TMP/one"
	for value in '' nosuchuser -1 4294967295 99999999999999999999 ' root'; do
		refused 2 "--user: '$value': *; *" --user "$value" --exec "$TMP/one"
	done
	refused 2 "--user: *; *" --user nobody "$TMP/one"
	refused 2 "--user: *; *" --user nobody -p $$
	refused 2 "--user: needs a value; *" "$TMP/one" --user
}

@test "Ctrl-C and SIGTERM while it is built: nothing is left, 128 and the signal" {
	cat >"$TMP/go" <<-'EOT'
		#!/bin/bash
		trap 'echo cleaned >"$RESULT"; exit 1' INT
		case $1 in list) printf 'main\0m/one\0%s\0%s\0\0\n' "$PWD" 0+0; exit 0 ;; esac
		mkdir "$GOTMPDIR/built"
		echo built >"$GOTMPDIR/built/file"
		echo $$ >"$RESULT.pid"
		while :; do sleep 0.05; done
	EOT
	mkdir "$TMP/bin"
	install -m 755 "$TMP/go" "$TMP/bin/go"
	export RESULT=$TMP/result
	cd "$MODULE"
	for signal in INT TERM HUP; do
		rm -f "$RESULT" "$RESULT.pid"
		PATH=$TMP/bin:$PATH start "$FTRACE" --package cmd/one
		wait_for 10 test -s "$RESULT.pid"
		kill "-$signal" "$STARTED_PID"
		ended $((128 + $(kill -l $signal))) "$STARTED_PID"
		[ "$(cat "$STARTED_ERR")" = "ftrace: cmd/one: interrupted; nothing was started" ]
		[ "$(cat "$RESULT")" = cleaned ]
		nothing_left
		! kill -0 "$(cat "$RESULT.pid")" 2>/dev/null
	done
	# One that does not heed it goes with the second.
	sed -i 's/^trap .*/trap "echo >$RESULT" INT TERM HUP/' "$TMP/bin/go"
	rm -f "$RESULT" "$RESULT.pid"
	PATH=$TMP/bin:$PATH start "$FTRACE" --package cmd/one
	wait_for 10 test -s "$RESULT.pid"
	kill -INT "$STARTED_PID"
	wait_for 10 test -e "$RESULT"
	kill -0 "$(cat "$RESULT.pid")"
	kill -TERM "$STARTED_PID"
	ended 143 "$STARTED_PID"
	nothing_left
}

@test "Ctrl-C while the program runs, and its end by itself: nothing is left" {
	cp -r "$ROOT/tests/live/programs/steps" "$TMP/steps"
	printf 'module steps\n\ngo 1.19\n' >"$TMP/steps/go.mod"
	start_traced --format=jsonl -u main.work --package "$TMP/steps" -- catch "$TMP/caught" touch "$TMP/up" await "$TMP/go" work 3 exit 6
	wait_for 10 test -e "$TMP/up"
	[ -n "$(ls "$TMPDIR")" ]
	kill -INT "$TRACER"
	wait_for 10 grep -q interrupt "$TMP/caught"
	touch "$TMP/go"
	ended 6 "$TRACER"
	[ "$(count main.work "$TRACE")" = 3 ]
	nothing_left
	start_traced --format=jsonl --package "$TMP/steps" -- catch "$TMP/caught2" touch "$TMP/up2" await "$TMP/go2"
	wait_for 10 test -e "$TMP/up2"
	kill -INT "$TRACER"
	wait_for 10 grep -q interrupt "$TMP/caught2"
	kill -TERM "$TRACER"
	ended 143 "$TRACER"
	nothing_left
	touch "$TMP/go2"
}

@test "options of builds: contradictions and absurd values" {
	cd "$MODULE"
	for option in --package --test --build-output --build-flags --user; do
		refused 2 "$option: needs a value; *" cmd/one "$option"
		refused 2 "$option: needs a value; *" cmd/one "$option" -- x
	done
	refused 2 "--package: '': *; *" --package ''
	refused 2 "--test: '': *; *" --test ''
	refused 2 "--package: '*': a second program; *" --package cmd/one --package cmd/two
	refused 2 "--test: '*': a second program; *" --package cmd/one --test lib
	refused 2 "--package: '*': a second program; *" --exec "$STEPS" --package cmd/one
	refused 2 "--exec: '*': a second program; *" --test lib --exec "$STEPS"
	refused 2 "-p: it does not go with --package; *" --package cmd/one -p $$
	refused 2 "-p: it does not go with --test; *" --test lib -p $$
	refused 2 "list: it starts nothing; leave out --package" list --package cmd/one
	refused 2 "list: it starts nothing; leave out --test" list --test lib
	refused 2 "*: not a rule; *" --package cmd/one another
	refused 2 "--build-output: nothing is built; *" --build-output "$TMP/x" "$STEPS" --
	refused 2 "--build-flags: nothing is built; *" --build-flags -race -p $$
	refused 2 "--build-output: *; *" --build-output '' --package cmd/one
	refused 2 "--build-output: *; *" --build-output "$TMP/" --package cmd/one
	for value in 'x' 'race' "-tags='a" '-tags="a' '-x \' '-o x' '-o=x' '--o=x' '-C /' '-v -o x'; do
		refused 2 "--build-flags: '*': *; *" --build-flags "$value" --package cmd/one
	done
	# None at all are none.
	traced 0 -q --build-flags '  ' --package cmd/one
	long=$(printf '%05000d' 1)
	for option in --package --test --user --build-output; do
		set -- "$option" "$long"
		[ "$option" != --build-output ] || set -- "$@" --package cmd/one
		failed_build '*' "*; *" "$@"
		[ "$(tail -n 1 "$FTRACE_ERR" | wc -c)" -lt 1100 ]
	done
}
