#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Which functions and calls are shown, and where the output goes.

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
	stop_all
	no_probes_left
}

# shown: the functions in the last JSON trace, sorted, each once.
shown()
{
	json '[.[] | select(.type == "call") | .func | ltrimstr("main.")] | unique | join(" ")' "$@"
}

# tree: the calls of the last JSON trace, one word each: DEPTH:FUNC.
tree()
{
	json '[.[] | select(.type == "call") | "\(.depth):\(.func | ltrimstr("main."))"] | join(" ")' "$@"
}

ft() { traced 0 --format=jsonl "$@"; }

@test "-u: a name, globs, brackets; the default is main.*" {
	ft -u main.work --exec "$STEPS" -- work 1
	[ "$(shown)" = work ]
	ft -u 'main.w*' -u main.inner --exec "$STEPS" -- work 1
	[ "$(shown)" = "inner work" ]
	ft -u 'main.[wn]???' --exec "$STEPS" -- work 1 nest 2
	[ "$(shown)" = "nest work" ]
	ft -u 'main.each' -u 'main.each.func?' --exec "$STEPS" -- each 1
	[ "$(shown)" = "each each.func1" ]
	ft --exec "$STEPS" -- work 1
	[ "$(shown)" = "fatal inner main number step work" ]
	ft --exec "$STEPS" --uprobe=main.work -- work 1
	[ "$(shown)" = work ]
}

@test "-r: an unanchored regular expression, beside -u" {
	ft -r '\.(work|nest)$' --exec "$STEPS" -- work 1 nest 1
	[ "$(shown)" = "nest work" ]
	ft -r 'main\.nes' -u main.inner --exec "$STEPS" -- work 1 nest 1
	[ "$(shown)" = "inner nest" ]
	refused 2 "*: *; *" -r '(' "$STEPS"
}

@test "-N wins over -u, -r and -D" {
	ft -u 'main.*' -N main.inner -N 'main.ma*' -N 'main.s*' -N 'main.num*' -N main.fatal --exec "$STEPS" -- work 1
	[ "$(shown)" = work ]
	ft -u main.inner -u main.work -N main.inner --exec "$STEPS" -- work 1
	[ "$(shown)" = work ]
	ft -r 'main.(inner|work)' -N main.inner --exec "$STEPS" -- work 1
	[ "$(shown)" = work ]
	refused 1 "*: *; *" -D main.inner -N main.inner "$STEPS"
}

@test "-N that leaves nothing is told from a pattern that matches nothing" {
	refused 1 "$STEPS: -N leaves out all that matches 'main.*'; narrow it" -N 'main.*' "$STEPS"
	refused 1 "$STEPS: no function matches 'zzz'; *" -u zzz -N 'main.*' "$STEPS"
}

@test "-x limits globs to the main module and the standard library" {
	mkdir -p "$TMP/m/vendor/example.org/far"
	printf 'module near.org/m\ngo 1.19\nrequire example.org/far v1.0.0\n' >"$TMP/m/go.mod"
	printf '# example.org/far v1.0.0\n## explicit\nexample.org/far\n' >"$TMP/m/vendor/modules.txt"
	printf 'package far\n//go:noinline\nfunc Call(n int) int { return n + 1 }\n' \
		>"$TMP/m/vendor/example.org/far/far.go"
	mkdir "$TMP/m/sub"
	printf 'package sub\n//go:noinline\nfunc Call(n int) int { return n + 2 }\n' >"$TMP/m/sub/sub.go"
	cat >"$TMP/m/main.go" <<-'EOF'
		package main

		import ("example.org/far"; "near.org/m/sub"; "strings"; "os")

		func main() { os.Exit(far.Call(0) + sub.Call(1) - len(strings.Repeat("a", os.Getppid()*0+4))) }
	EOF
	(cd "$TMP/m" && $(go_for local) build -mod=vendor -o "$TMP/x" .)
	ft -u '*.Call' -u strings.Repeat --exec "$TMP/x"
	[ "$(json '[.[] | .func // empty] | sort | join(" ")')" = \
		"example.org/far.Call near.org/m/sub.Call strings.Repeat" ]
	ft -x -u '*.Call' -u strings.Repeat --exec "$TMP/x"
	[ "$(json '[.[] | .func // empty] | sort | join(" ")')" = "near.org/m/sub.Call strings.Repeat" ]
	ft -x -r 'Call$' --exec "$TMP/x"
	[ "$(json '[.[] | .func // empty] | join(" ")')" = near.org/m/sub.Call ]
	ft -x -u example.org/far.Call --exec "$TMP/x"
	[ "$(json '[.[] | .func // empty] | join(" ")')" = example.org/far.Call ]
	refused 1 "$TMP/x: -x leaves out all that matches '*far.*'; narrow it" -x -u '*far.*' "$TMP/x"
	refused 1 "$TMP/x: -x leaves out all that matches '*far.*'; narrow it" -x -u '*far.*' -N 'main.*' "$TMP/x"
	refused 1 "$TMP/x: -N leaves out all that matches 'main.*'; narrow it" -x -N 'main.*' "$TMP/x"
	refused 1 "$TMP/x: -N and -x leave out all that matches *; narrow them" -x -u '*.Call' -N '*sub.*' "$TMP/x"
}

# A program of several packages, one of a module with a dot in its last element.
several()
{
	mkdir -p "$TMP/s/deep/util" "$TMP/s/other/util" "$TMP/s/y.v3" "$TMP/s/v2"
	printf 'module near.org/m.x\ngo 1.19\n' >"$TMP/s/go.mod"
	printf 'package util\n//go:noinline\nfunc Do(n int) int { return n + 1 }\n' | tee "$TMP/s/deep/util/u.go" >"$TMP/s/other/util/u.go"
	printf 'package y\n//go:noinline\nfunc Parse(n int) int { return n + 1 }\n' >"$TMP/s/y.v3/y.go"
	printf 'package m\ntype T struct{ n int }\n//go:noinline\nfunc (t *T) Add(n int) int { return t.n + n }\n' >"$TMP/s/v2/m.go"
	cat >"$TMP/s/main.go" <<-'EOF'
		package main

		import (
			"os"

			m "near.org/m.x/v2"
			deep "near.org/m.x/deep/util"
			other "near.org/m.x/other/util"
			y "near.org/m.x/y.v3"
		)

		//go:noinline
		func Map[K any](k K) int { return len(os.Args) }

		func main() {
			t := m.T{}
			os.Exit(deep.Do(0) + other.Do(0) + y.Parse(0) + t.Add(Map("a")+Map(1)) - 5)
		}
	EOF
	(cd "$TMP/s" && $(go_for local) build -o "$TMP/several" .)
}

@test "names as people write them: ends, dots, generics without brackets" {
	local name

	several
	while read -r name expected; do
		ft -u "$name" --exec "$TMP/several"
		[ "$(json '[.[] | .func // empty] | unique | join(" ")')" = "$expected" ] ||
			fail "$name: $(json '[.[] | .func // empty] | unique | join(" ")')"
	done <<-'EOF'
		deep/util.Do near.org/m.x/deep/util.Do
		util.Do near.org/m.x/deep/util.Do near.org/m.x/other/util.Do
		util.* near.org/m.x/deep/util.Do near.org/m.x/other/util.Do
		y.v3.Parse near.org/m.x/y%2ev3.Parse
		near.org/m.x/y.v3.* near.org/m.x/y%2ev3.Parse
		m.x.(*T).Add near.org/m.x/v2.(*T).Add
		main.Map main.Map[go.shape.int] main.Map[go.shape.string]
		main.Map[int] main.Map[go.shape.int]
		main.Map[...] main.Map[go.shape.int] main.Map[go.shape.string]
	EOF
	ft -r 'y\.v3' --exec "$TMP/several"
	[ "$(json '[.[] | .func // empty] | join(" ")')" = near.org/m.x/y%2ev3.Parse ]
	ft -u '*.Do' -N other/util.Do --exec "$TMP/several"
	[ "$(json '[.[] | .func // empty] | join(" ")')" = near.org/m.x/deep/util.Do ]
	# Filters and rules take them alike, -x knows a module with dots, and it is told.
	traced 0 --no-timestamp --filter 'deep/util.Do: n == 0' -x --exec "$TMP/several" 'other/util.Do(first=%ax)'
	expect "$FTRACE_OUT" "deep/util.Do(n=0) = 1;"
	expect "$FTRACE_OUT" "other/util.Do(first=0x0) = 1;"
	expect "$FTRACE_ERR" "ftrace: 'deep/util.Do': taken for near.org/m.x/deep/util.Do"
	expect "$FTRACE_ERR" "ftrace: 'other/util.Do': taken for near.org/m.x/other/util.Do"
	refused 1 "$TMP/several: no function matches 'T.Add'; did you mean m.x.(\*T).Add?" -u T.Add "$TMP/several"
	refused 1 "$TMP/several: no function matches 'main.map'; did you mean main.Map?" -u main.map "$TMP/several"
}

@test "what is printed can be typed back" {
	several
	traced 0 -q --no-timestamp --no-args --no-results -u 'main.*' -u '*util.*' -u '*y.v3*' -u '*T*.Add' --exec "$TMP/several"
	sed -n 's/.* \([^ ]*\)();.*/\1/p' "$FTRACE_OUT" | sort -u >"$TMP/names"
	[ "$(wc -l <"$TMP/names")" = 6 ] || fail "$(cat "$TMP/names" "$FTRACE_OUT")"
	while read -r name; do
		traced 0 -q --no-timestamp --no-args --no-results -u "$name" --exec "$TMP/several"
		[ "$(grep -cF " $name();" "$FTRACE_OUT")" = "$(grep -c '();' "$FTRACE_OUT")" ] || fail "$name: $(cat "$FTRACE_OUT")"
	done <"$TMP/names"
}

@test "-D: only trees below, their roots have depth 0" {
	ft -u main.inner -u main.nest -D main.work --exec "$STEPS" -- work 2 nest 2
	[ "$(tree)" = "0:work 1:inner 0:work 1:inner" ]
	sound "$FTRACE_OUT"
	ft -u 'main.*' -N main.number -N main.fatal -D main.step --exec "$STEPS" -- work 1
	[ "$(tree)" = "0:step 1:work 2:inner" ]
	# The outermost call of GLOB is the root.
	ft -D main.nest --exec "$STEPS" -- nest 3
	[ "$(tree)" = "0:nest 1:nest 2:nest" ]
}

@test "--depth counts levels of each tree" {
	ft -u main.nest --depth 1 --exec "$STEPS" -- nest 3 nest 2
	[ "$(tree)" = "0:nest 0:nest" ]
	ft -u main.nest --depth 2 --exec "$STEPS" -- nest 3 nest 1
	[ "$(tree)" = "0:nest 1:nest 0:nest" ]
	ft -u 'main.*' -N main.number -N main.fatal -D main.step --depth 2 --exec "$STEPS" -- work 1
	[ "$(tree)" = "0:step 1:work" ]
}

@test "--min-duration leaves the shorter ones out, callers stay" {
	ft -u main.slow -u main.step --min-duration 500ms --exec "$STEPS" -- slow 1 slow 600 slow 2
	expect_json '[.[] | select(.type == "call" and .duration < 500000000)] | length' 0
	# A busy machine may make the others as long.
	expect_json '[.[] | select(.type == "call")] | INDEX(.id) as $by | map(select(.func == "main.slow" and
		.args[0].value == 600) | "\(.depth) \($by[.parent | tostring].func)")' '["1 main.step"]'
	start "$STEPS" touch "$TMP/up" await "$TMP/go" work 1 hang "$TMP/hangs"
	wait_for 10 test -e "$TMP/up"
	start_traced --format=jsonl -u main.hang -u main.work --min-duration 1m -p "$STARTED_PID"
	touch "$TMP/go"
	wait_for 10 test -e "$TMP/hangs"
	stop "$TRACER" INT
	expect_json '[.[] | select(.type == "call") | .func, .end]' '["main.hang","open"]' "$TRACE"
}

@test "--goid: only these goroutines" {
	ft -u main.work --exec "$STEPS" -- work 1 each 3
	all=$(json '[.[] | select(.type == "call") | .goid] | unique | length')
	[ "$all" = 4 ]
	ft -u main.work --goid 1 --exec "$STEPS" -- work 2 each 3
	expect_json '[.[] | select(.type == "call") | .goid]' '[1,1]'
	ft -u main.work --goid 1,999999 --goid 999998 --exec "$STEPS" -- work 2 each 3
	expect_json '[.[] | select(.type == "call") | .goid]' '[1,1]'
}

@test "--sample takes root 1, N+1, 2N+1 with their trees, and counts the rest" {
	ft -u main.work -u main.inner --sample 3 --exec "$STEPS" -- work 8
	[ "$(tree)" = "0:work 1:inner 0:work 1:inner 0:work 1:inner" ]
	expect_json '.[-1].skipped' 5
	expect "$FTRACE_ERR" "5 roots skipped by --sample"
	ft -u main.nest -u main.work --sample 2 --exec "$STEPS" -- work 1 nest 2 work 1 nest 1 work 1
	[ "$(tree)" = "0:work 0:work 0:work" ]
	ft -u main.work --sample 1 --exec "$STEPS" -- work 3
	[ "$(tree)" = "0:work 0:work 0:work" ]
}

@test "--max-calls writes that many roots, whole" {
	ft -u main.work -u main.inner --max-calls 4 --exec "$STEPS" -- work 50 each 50
	[ "$(tree)" = "0:work 1:inner 0:work 1:inner 0:work 1:inner 0:work 1:inner" ]
	sound "$FTRACE_OUT"
	start "$STEPS" touch "$TMP/up" forever
	wait_for 10 test -e "$TMP/up"
	ft -u main.work -u main.inner --max-calls 7 -p "$STARTED_PID"
	expect_json '[.[] | select(.type == "call" and .parent == null and .end == "return")] | length' 7
	kill -0 "$STARTED_PID"
}

@test "-P leaves prefixes off names, in text only" {
	traced 0 -u main.work -u main.inner -P main. --exec "$STEPS" -- work 1
	grep -qE ' work\(.*\) \{' "$FTRACE_OUT"
	run grep -c 'main.work(' "$FTRACE_OUT"
	[ "$output" = 0 ]
	ft -u main.work -P main. --exec "$STEPS" -- work 1
	[ "$(count main.work)" = 1 ]
}

@test "--timestamp in all its forms" {
	date '+%F %H:%M' >"$TMP/minutes"
	for row in 'time|^[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{6} ' \
		'date|^20[0-9]{2}-[0-1][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{6} ' \
		'relative|^ *[0-9]+\.[0-9]{6} ' 'unix|^1[0-9]{9}\.[0-9]{6,9} '; do
		traced 0 -u main.work --timestamp "${row%%|*}" --exec "$STEPS" -- work 1
		grep -qE "${row#*|}.*main.work" "$FTRACE_OUT" || fail "$row: $(cat "$FTRACE_OUT")"
		[ "${row%%|*}" != date ] || grep -oE '^[^ ]+ [0-9]+:[0-9]+' <(grep main.work "$FTRACE_OUT") >>"$TMP/minutes"
	done
	date '+%F %H:%M' >>"$TMP/minutes"
	sort -c "$TMP/minutes"
	traced 0 -u main.work --no-timestamp --exec "$STEPS" -- work 1
	grep -qE '^ +[0-9.]+ [num]?s' <(grep main.work "$FTRACE_OUT")
	run grep -c TIME "$FTRACE_OUT"
	[ "$output" = 0 ]
}

@test "text: the tree alone, one line a leaf" {
	traced 0 --no-timestamp --no-args --no-results -u main.work -u main.inner --exec "$STEPS" -- work 1
	sed -E 's/[0-9.]+ [num]?s [+!#*@$ ]/N /; s/ +/ /g; s/^ //' "$FTRACE_OUT" | sed 's/ [^ ]*+[0-9]* .*//' >"$TMP/got"
	diff "$ROOT/tests/live/expected/work.text" "$TMP/got"
}

@test "--color: always, never, auto on a terminal, NO_COLOR" {
	esc=$'\033'
	has_color() { grep -q "$esc\\[" "$1"; }
	traced 0 -u main.work --color always --exec "$STEPS" -- work 1
	has_color "$FTRACE_OUT"
	NO_COLOR=1 traced 0 -u main.work --color always --exec "$STEPS" -- work 1
	has_color "$FTRACE_OUT"
	traced 0 -u main.work --exec "$STEPS" -- work 1
	run has_color "$FTRACE_OUT"
	[ "$status" = 1 ]
	require_terminal
	on_terminal() {
		script -qec "'$FTRACE' $* -q -u main.work '$STEPS' -- work 1" /dev/null </dev/null >"$TMP/tty" 2>&1 3>&-
	}
	unset NO_COLOR
	export TERM=xterm
	on_terminal --color auto
	has_color "$TMP/tty"
	on_terminal --color never
	run has_color "$TMP/tty"
	[ "$status" = 1 ]
	NO_COLOR=1 on_terminal
	run has_color "$TMP/tty"
	[ "$status" = 1 ]
	NO_COLOR='' on_terminal
	has_color "$TMP/tty"
	TERM=dumb on_terminal
	run grep -q $'\033' "$TMP/tty"
	[ "$status" = 1 ]
}

@test "-o: to a file, nothing to stdout; an old one is replaced" {
	echo old >"$TMP/f"
	ft -o "$TMP/f" -u main.work --exec "$STEPS" -- work 2
	[ ! -s "$FTRACE_OUT" ]
	[ "$(count main.work "$TMP/f")" = 2 ]
	expect_json '.[0].type' trace "$TMP/f"
	ft -o /dev/stdout -u main.work --exec "$STEPS" -- work 2
	[ "$(count main.work)" = 2 ]
}

@test "-o FILE.zst is a whole zstd file" {
	ft -o "$TMP/f.zst" -u main.work --exec "$STEPS" -- work 500
	zstd -qt "$TMP/f.zst"
	zstd -qdc "$TMP/f.zst" >"$TMP/f"
	[ "$(count main.work "$TMP/f")" = 500 ]
	sound "$TMP/f"
	[ "$(stat -c %s "$TMP/f.zst")" -lt "$(($(stat -c %s "$TMP/f") / 4))" ]
}

@test "-o FILE.zst can be read while it is being written" {
	start "$STEPS" touch "$TMP/up" await "$TMP/go" work 2 hang "$TMP/hangs"
	wait_for 10 test -e "$TMP/up"
	start_traced -o "$TMP/f.zst" --format=jsonl -u main.work -p "$STARTED_PID"
	touch "$TMP/go"
	has_two() { [ "$(zstd -dc "$TMP/f.zst" 2>/dev/null | grep -c main.work)" = 2 ]; }
	wait_for 10 has_two
	stop "$TRACER" INT
	zstd -qt "$TMP/f.zst"
}

@test "SIGHUP reopens FILE: nothing is lost over a rotation" {
	for file in f f.zst; do
		start "$STEPS" touch "$TMP/up.$file" await "$TMP/go.$file" work 3
		target=$STARTED_PID
		wait_for 10 test -e "$TMP/up.$file"
		start_traced -o "$TMP/$file" --format=jsonl -u main.work -u main.await "$STEPS"
		"$STEPS" work 2
		has_two() { plain "$TMP/$1" | jq -s -e 'map(select(.func == "main.work")) | length == 2' >/dev/null; }
		plain() { if [[ $1 == *.zst ]]; then zstd -qdc "$1"; else cat "$1"; fi 2>/dev/null; }
		wait_for 10 has_two "$file"
		mv "$TMP/$file" "$TMP/old.$file"
		kill -HUP "$TRACER"
		wait_for 10 test -e "$TMP/$file"
		touch "$TMP/go.$file"
		ended 0 "$target"
		stop "$TRACER" INT
		[ "$(plain "$TMP/old.$file" | jq -s 'map(select(.func == "main.work")) | length')" = 2 ]
		[ "$(plain "$TMP/$file" | jq -s 'map(select(.func == "main.work")) | length')" = 3 ]
		cat <(plain "$TMP/old.$file") <(plain "$TMP/$file") >"$TMP/whole"
		sound "$TMP/whole"
	done
}

@test "SIGHUP when FILE cannot be made again: it says so and goes on" {
	mkdir "$TMP/d"
	start_traced -o "$TMP/d/f" --format=jsonl -u main.work "$STEPS"
	mv "$TMP/d" "$TMP/e"
	kill -HUP "$TRACER"
	wait_for 10 grep -q 'cannot reopen: No such file' "$CHATTER"
	"$STEPS" work 2
	stop "$TRACER" INT
	[ "$(count main.work "$TMP/e/f")" = 2 ]
}

@test "SIGHUP of a recording: one file, it says so and goes on" {
	start_traced -o "$TMP/f.ftrace" -u main.work "$STEPS"
	mv "$TMP/f.ftrace" "$TMP/e.ftrace"
	kill -HUP "$TRACER"
	wait_for 10 grep -qxF "ftrace: $TMP/f.ftrace: cannot reopen: --format ftrace is one file; the trace goes on into the old file" "$CHATTER"
	"$STEPS" work 2
	stop "$TRACER" INT
	[ ! -e "$TMP/f.ftrace" ]
	"$FTRACE" report -q --format jsonl "$TMP/e.ftrace" >"$TMP/whole"
	[ "$(count main.work "$TMP/whole")" = 2 ]
}

@test "--stream: each call when it ends, marked, with the id it had at its entry" {
	ft --stream -u main.nest -u main.work -u main.inner --exec "$STEPS" -- nest 3 work 1
	expect_json '[.[] | select(.type == "call") | .streamed] | unique' '[true]'
	expect_json '[.[] | select(.type == "call") | [.func, .id, .parent, .depth]]' \
		'[["main.nest",3,2,2],["main.nest",2,1,1],["main.nest",1,null,0],["main.inner",5,4,1],["main.work",4,null,0]]'
	ft --hold 0 -u main.work --exec "$STEPS" -- work 1
	expect_json '[.[] | select(.type == "call") | .streamed]' '[true]'
	ft --hold never -u main.work --exec "$STEPS" -- work 1
	expect_json '[.[] | select(.type == "call") | .streamed]' '[null]'
}

@test "--stream in text: the opening line at the entry, while the call runs" {
	start "$STEPS" touch "$TMP/up" await "$TMP/go" hang "$TMP/hangs"
	wait_for 10 test -e "$TMP/up"
	start_traced --stream -u main.hang -u main.fatal -p "$STARTED_PID"
	touch "$TMP/go"
	wait_for 10 grep -q 'main.hang(.*) {' "$TRACE"
	stop "$TRACER" INT
}

@test "--hold lets a root call go after that time, in JSON too" {
	for way in "--format=jsonl --hold 50ms" ""; do
		rm -f "$TMP/go"
		# shellcheck disable=SC2086 # words
		start_traced $way -u main.work -u main.main -u main.inner "$STEPS"
		start "$STEPS" await "$TMP/go" work 2 hang "$TMP/hangs"
		touch "$TMP/go"
		wait_for 20 grep -q main.work "$TRACE"
		kill -0 "$TRACER"
		stop "$TRACER" INT
	done
}

@test "-q is quiet, -v tells what the kernel can, -V and -h go to stdout" {
	traced 0 -q -u main.work --exec "$STEPS" -- work 1
	[ ! -s "$FTRACE_ERR" ]
	traced 0 -v -u main.work --exec "$STEPS" -- work 1
	expect "$FTRACE_ERR" "ftrace: kernel: "
	for option in -V --version; do
		traced 0 "$option"
		grep -qxE 'ftrace [0-9]+\.[0-9]+\.[0-9]+' "$FTRACE_OUT"
		[ ! -s "$FTRACE_ERR" ]
	done
	for option in -h --help; do
		traced 0 "$option"
		[ "$(wc -l <"$FTRACE_OUT")" -le 26 ]
		[ "$(awk 'length($0) > 80' "$FTRACE_OUT")" = "" ]
		[ ! -s "$FTRACE_ERR" ]
		grep -q "sudo ftrace -u 'main" "$FTRACE_OUT"
	done
	status=0
	"$FTRACE" -h >/dev/full 2>"$TMP/err" || status=$?
	[ "$status" = 1 ]
	grep -q '^ftrace: stdout: ' "$TMP/err"
}

@test "-d shows what libbpf says, and nothing else does" {
	traced 0 -d -q -u main.work --exec "$STEPS" -- work 1
	expect "$FTRACE_ERR" "libbpf: "
}

@test "the banner and the closing summary are on stderr" {
	traced 0 -u main.work -u main.inner --exec "$STEPS" -- work 3
	grep -qE '^ftrace: .*/steps \(go1\.[0-9.]+\): 2 functions, 2 entries, 2 exits; started as PID [0-9]+$' "$FTRACE_ERR"
	grep -qE '^ftrace: 6 calls, 12 records, 0 lost, ' "$FTRACE_ERR"
	[ "$(wc -l <"$FTRACE_ERR")" = 2 ]
	run grep -c ftrace: "$FTRACE_OUT"
	[ "$output" = 0 ]
}

@test "a program that never leaves main.main shows its calls, in constant memory" {
	start_traced -o /dev/null --no-timestamp -u 'main.*' --exec "$STEPS" -- spin
	high() { awk '/VmHWM/ { print $2 }' "/proc/$TRACER/status"; }
	read_calls() { awk '/rchar|wchar/ { print $2 }' "/proc/$TRACER/io" | tail -1; }
	written() { [ "$(read_calls)" -gt "$1" ]; }
	# Streamed by now, and the ring as full as it gets.
	wait_for 30 written 3000000
	before=$(high)
	wait_for 60 written 30000000
	after=$(high)
	[ "$after" -lt "$((before + 8192))" ] || fail "$before kB, then $after kB"
	kill -KILL "$(pgrep -P "$TRACER")"
	ended 137 "$TRACER"
}
