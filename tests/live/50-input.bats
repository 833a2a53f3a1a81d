#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What cannot be traced, and words that make no sense: one line, a status, nothing attached.

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

# patched FILE OFFSET BYTES: a copy of FILE with BYTES (as printf has them) at OFFSET.
patched()
{
	local copy=$TMP/patched

	cp "$1" "$copy"
	# shellcheck disable=SC2059 # escapes
	printf "$3" | dd of="$copy" bs=1 seek="$2" conv=notrunc status=none
	echo "$copy"
}

# replaced FILE OLD NEW: a copy of FILE with each OLD as NEW, of the same length.
replaced()
{
	[ ${#2} = ${#3} ] || fail "'$2' and '$3' differ in length"
	LC_ALL=C sed "s/$2/$3/g" "$1" >"$TMP/replaced"
	chmod +x "$TMP/replaced"
	echo "$TMP/replaced"
}

# Three ways to meet a file that is no good: status 1, 1, and the one of --exec.
no_good()
{
	refused 1 "$3" "$2"
	refused 1 "$3" list "$2"
	refused "$1" "$3" --exec "$2"
}

@test "no such file, a directory, a device, nothing to read" {
	no_good 127 "$TMP/none" "$TMP/none: No such file or directory; *"
	no_good 126 "$TMP" "$TMP: a directory; *"
	no_good 126 /dev/null "/dev/null: not a regular file; *"
	: >"$TMP/empty"
	chmod +x "$TMP/empty"
	no_good 126 "$TMP/empty" "$TMP/empty: not an ELF file; *"
	mkfifo -m 777 "$TMP/fifo"
	no_good 126 "$TMP/fifo" "$TMP/fifo: not a regular file; *"
	ln -s loop "$TMP/loop"
	refused 1 "$TMP/loop: *; *" "$TMP/loop"
	refused 1 "nosuchprogram: No such file or directory; *" nosuchprogram
}

@test "not ELF, or ELF but not Go" {
	printf 'hello, this is a text that is longer than an ELF header, but none of it is ELF.\n' >"$TMP/text"
	chmod +x "$TMP/text"
	no_good 126 "$TMP/text" "$TMP/text: not an ELF file; *"
	no_good 125 /bin/true "/bin/true: not a Go program *; *"
	library=$(ldd /bin/true | awk '/libc\.so/ { print $3 }')
	refused 1 "$library: *; *" "$library"
}

@test "another architecture: 32 bits, arm64" {
	mkdir "$TMP/p"
	printf 'package main\nfunc main() { println(1) }\n' >"$TMP/p/main.go"
	arm=$(GOARCH=arm64 CGO_ENABLED=0 build_go "$TMP/p/main.go" arm64)
	no_good 126 "$arm" "$arm: an ELF file for arm64 *; build it with GOARCH=amd64"
	no_good 126 "$(patched "$STEPS" 4 '\001')" "$TMP/patched: a 32-bit ELF file *; *"
	no_good 126 "$(patched "$STEPS" 18 '\263')" "$TMP/patched: an ELF file for * *; *"
}

@test "a header that lies, a file that was cut short: refused, never a crash" {
	size=$(stat -c %s "$STEPS")
	for length in 4 16 20 63 64 100 1000 5000 100000 $((size / 2)) $((size - size / 10)); do
		head -c "$length" "$STEPS" >"$TMP/cut"
		chmod +x "$TMP/cut"
		status=0
		run_ftrace list "$TMP/cut" || status=$?
		[ "$status" = 1 ] || [ "$length" -gt $((size / 3)) ] && [ "$status" -le 1 ] ||
			fail "cut at $length: status $status: $(cat "$FTRACE_ERR")"
		[ "$status" = 0 ] || { [ "$(wc -l <"$FTRACE_ERR")" = 1 ] && grep -q '^ftrace: .*: .*; ' "$FTRACE_ERR"; } ||
			fail "cut at $length: $(cat "$FTRACE_ERR")"
	done
	head -c $((size / 4)) "$STEPS" >"$TMP/cut"
	no_good 126 "$TMP/cut" "$TMP/cut: *; *" || no_good 125 "$TMP/cut" "$TMP/cut: *; *"
	# e_phoff, e_shoff, e_phnum, e_shnum, e_shstrndx, e_type
	for at in 32 40 56 60 62 16; do
		patched "$STEPS" "$at" '\377\377' >/dev/null
		status=0
		run_ftrace list "$TMP/patched" || status=$?
		[ "$status" -le 1 ] || fail "$at: status $status: $(cat "$FTRACE_ERR")"
		[ "$status" = 0 ] || [ "$(wc -l <"$FTRACE_ERR")" = 1 ] || fail "$at: $(cat "$FTRACE_ERR")"
	done
}

@test "no function matches: names that are near it are offered" {
	refused 1 "$STEPS: no function matches 'main.innner'; did you mean main.inner*?" -u main.innner "$STEPS"
	refused 1 "$STEPS: no function matches 'zzz.*'; *" -u 'zzz.*' "$STEPS"
	# One of several is told, and the others are traced.
	traced 0 -u main.work -u main.wrk --exec "$STEPS" -- work 1
	expect "$FTRACE_ERR" "ftrace: $STEPS: no function matches 'main.wrk'; did you mean main.work"
	expect "$FTRACE_OUT" "main.work("
	refused 1 "$STEPS: no function matches 'Work'; did you mean main.work?" -u Work "$STEPS"
	refused 1 "$STEPS: no function matches 'man.*'; did you mean main.\*, *?" -u 'man.*' "$STEPS"
	refused 1 "$STEPS: no function matches *zzz*; *" -r zzz "$STEPS"
	refused 1 "$STEPS: no function matches *main.wrk*; did you mean main.work*?" -D main.wrk "$STEPS"
}

@test "a function that was inlined everywhere: it says where" {
	mkdir "$TMP/p"
	printf 'package main\nimport "os"\nfunc small(n int) int { return n + 1 }\nfunc main() { println(small(len(os.Args))) }\n' >"$TMP/p/main.go"
	(cd "$TMP/p" && $(go_for local) build -o "$TMP/x" main.go)
	refused 1 "$TMP/x: main.small: inlined at main.go:4; *" -u main.small "$TMP/x"
}

@test "Go newer than the table and without debug information, and with it" {
	stripped=$(build_go "$ROOT/tests/live/programs/steps" stripped local -ldflags=-w)
	version=$($(go_for local) env GOVERSION)
	newer=$(replaced "$stripped" "$version" "$(sed -E 's/go1\.[0-9]{2}/go1.97/' <<<"$version")")
	refused 1 "$newer: go1.97* is newer than this ftrace knows (*) and the file has no debug information; *" "$newer"
	refused 125 "$newer: go1.97*" --exec "$newer"
	# With debug information nothing has to be known of the version.
	newer=$(replaced "$STEPS" "$version" "$(sed -E 's/go1\.[0-9]{2}/go1.97/' <<<"$version")")
	traced 0 --format=jsonl -u main.work --exec "$newer" -- work 3
	[ "$(count main.work)" = 3 ]
	expect_json '.[1].go | startswith("go1.97")' true
}

@test "Go older than 1.19" {
	version=$($(go_for local) env GOVERSION)
	older=$(replaced "$STEPS" "$version" "$(sed -E 's/go1\.[0-9]{2}/go1.18/' <<<"$version")")
	no_good 125 "$older" "$older: built with go1.18*, and ftrace needs go1.19 or newer; *"
}

@test "stripped of everything, it is traced all the same" {
	stripped=$(build_go "$ROOT/tests/live/programs/steps" bare local '-ldflags=-s -w' -trimpath)
	traced 0 --format=jsonl -u 'main.*' --exec "$stripped" -- work 3 nest 4
	sound "$FTRACE_OUT"
	[ "$(count main.work)" = 3 ]
	[ "$(count main.nest)" = 4 ]
	strip -o "$TMP/s" "$STEPS"
	traced 0 --format=jsonl -u 'main.*' --exec "$TMP/s" -- work 3
	[ "$(count main.work)" = 3 ]
}

@test "not root: it says so; list needs none" {
	cp "$STEPS" "$TMP/steps"
	cp "$FTRACE" "$TMP/ftrace"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$TMP" "$TMP/ftrace" "$TMP/steps"
	nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$TMP/ftrace" "$@" 2>"$TMP/err"; }
	start "$STEPS" touch "$TMP/up" forever
	wait_for 10 test -e "$TMP/up"
	for args in "$TMP/steps" "-p $STARTED_PID" "--exec $TMP/steps"; do
		status=0
		# shellcheck disable=SC2086 # words
		nobody $args || status=$?
		case $args in --exec*) want=125 ;; *) want=1 ;; esac
		[ "$status" = "$want" ]
		[ "$(wc -l <"$TMP/err")" = 1 ]
		grep -qE '^ftrace: .*: .*; .*(root|sudo)' "$TMP/err" || fail "$(cat "$TMP/err")"
	done
	nobody list "$TMP/steps" | grep -q main.work
	[ ! -s "$TMP/err" ]
}

@test "-p: gone, a kernel thread, a zombie, not Go" {
	start true
	wait "$STARTED_PID" || :
	refused 1 "PID $STARTED_PID: no such process; *" -p "$STARTED_PID"
	kthread=$(ps -e -o pid= -o ppid= | awk '$2 == 2 { print $1; exit }')
	refused 1 "PID $kthread: *; *" -p "$kthread"
	refused 1 "*: not a Go program *; *" -p $$
	sh -c 'sh -c "until grep -q sleep /proc/\$PPID/comm; do :; done" & echo $! >"$1/zombie"; exec sleep 60 3>&-' - "$TMP" &
	STARTED+=($!)
	wait_for 10 test -s "$TMP/zombie"
	is_zombie() { grep -q 'State:.Z' "/proc/$(cat "$TMP/zombie")/status"; }
	wait_for 10 is_zombie
	refused 1 "PID $(cat "$TMP/zombie"): *; *" -p "$(cat "$TMP/zombie")"
	start "$STEPS" touch "$TMP/up" forever
	wait_for 10 test -e "$TMP/up"
	refused 1 "PID 4194303: no such process; *" -p "$STARTED_PID,4194303"
}

@test "a target that was replaced while it runs is traced in its own file" {
	other=$(build_go "$ROOT/examples/student" student)
	cp "$STEPS" "$TMP/prog"
	start "$TMP/prog" touch "$TMP/up" await "$TMP/go" work 3
	target=$STARTED_PID
	wait_for 10 test -e "$TMP/up"
	cp "$other" "$TMP/new"
	mv "$TMP/new" "$TMP/prog"
	start_traced --format=jsonl -u main.work -p "$target"
	touch "$TMP/go"
	ended 0 "$target"
	ended 0 "$TRACER"
	[ "$(count main.work "$TRACE")" = 3 ]
	# By its name: the old one and the new one.
	cp "$STEPS" "$TMP/prog2"
	start "$TMP/prog2" touch "$TMP/up2" await "$TMP/go2" work 3
	target=$STARTED_PID
	wait_for 10 test -e "$TMP/up2"
	build_go "$ROOT/tests/live/programs/steps" other local -ldflags=-s >"$TMP/path"
	cp "$(cat "$TMP/path")" "$TMP/new"
	mv "$TMP/new" "$TMP/prog2"
	start_traced --format=jsonl -u main.work "$TMP/prog2"
	touch "$TMP/go2"
	ended 0 "$target"
	"$TMP/prog2" work 4
	stop "$TRACER" INT
	[ "$(count main.work "$TRACE")" = 7 ]
	expect_json '[.[] | select(.func == "main.work") | .pid] | group_by(.) | map(length) | sort' '[3,4]' "$TRACE"
	# One that was deleted.
	cp "$STEPS" "$TMP/prog3"
	start "$TMP/prog3" touch "$TMP/up3" await "$TMP/go3" work 3
	wait_for 10 test -e "$TMP/up3"
	target=$STARTED_PID
	rm "$TMP/prog3"
	start_traced --format=jsonl -u main.work -p "$target"
	touch "$TMP/go3"
	ended 0 "$target"
	ended 0 "$TRACER"
	[ "$(count main.work "$TRACE")" = 3 ]
}

@test "an old file of another program under the same name does not keep the new from being traced" {
	cp "$(build_go "$ROOT/examples/student" student)" "$TMP/prog"
	start "$TMP/prog"
	wait_for 10 grep -q student: "$STARTED_OUT"
	old=$STARTED_PID
	cp "$STEPS" "$TMP/new"
	mv "$TMP/new" "$TMP/prog"
	start_traced --format=jsonl -u main.work "$TMP/prog"
	grep -q "^ftrace: PID $old: .*main.work" "$CHATTER"
	"$TMP/prog" work 4
	stop "$TRACER" INT
	[ "$(count main.work "$TRACE")" = 4 ]
}

@test "names with control characters: escaped in text, valid in JSON, harmless in messages" {
	evil=$(replaced "$STEPS" 'main\.inner' $'main.\033]0;\\\\')
	[ "$(strings -n 4 "$evil" | grep -c 'main\.inner')" -le 2 ]
	traced 0 -u '*' -N 'runtime.*' -N 'internal*' -N 'sync*' -N 'syscall.*' --exec "$evil" -- work 1
	run grep -c $'\033' "$FTRACE_OUT"
	[ "$output" = 0 ]
	grep -q 'main\..*]0;' "$FTRACE_OUT"
	traced 0 --format=jsonl -u 'main.*' --exec "$evil" -- work 1
	expect_json '[.[] | select(.type == "call" and .parent != null and (.func | test("\\]0;"))) | .func | length]' '[10]' ||
		fail "$(grep ']0;' "$FTRACE_OUT")"
	for format in text jsonl; do
		traced 0 list --format $format "$evil"
		run grep -c $'\033' "$FTRACE_OUT"
		[ "$output" = 0 ]
	done
	refused 1 "$evil: no function matches *; did you mean *" -u $'main.\033]0;x' "$evil"
	run grep -c $'\033' "$FTRACE_ERR"
	[ "$output" = 0 ]
	# The first line on stderr has the file's name, which a process of -p may have chosen.
	cp "$evil" "$TMP/"$'\033]0;x\nftrace: '
	traced 0 -u main.work --exec "$TMP/"$'\033]0;x\nftrace: ' -- work 1
	run grep -c $'\033' "$FTRACE_ERR"
	[ "$output" = 0 ]
	grep -qF "ftrace: $TMP/"'\x1b]0;x\nftrace:  (go' "$FTRACE_ERR" || fail "$(cat "$FTRACE_ERR")"
}

@test "every option refuses a value that is missing, empty, negative, too large or absurd" {
	for option in --depth --goid --sample --max-calls; do
		for value in '' -1 0 x 1.5 1e3 0x10 ' 1' 99999999999999999999999 +1 1,; do
			[ "$value" != 1, ] || [ "$option" != --depth ] || continue
			refused 2 "--*: *; *" "$option" "$value" "$STEPS"
		done
	done
	# Words are names of processes.
	for option in -p --pid; do
		for value in '' ' ' , -1 0 99999999999999999999999 1,0; do
			refused 2 "--*: *; *" "$option" "$value"
		done
	done
	for option in --min-duration --duration --hold; do
		for value in '' -1ms x 5 1.5 10parsecs 99999999999999999999s 1..5s .5s s 1s1 1e3s ' 1s' 153722868m; do
			refused 2 "--*: *; *" "$option" "$value" "$STEPS"
		done
	done
	for value in 0 0s 0ns 0.0ms 0.1ns; do
		refused 2 "--*: *; *" --duration "$value" "$STEPS"
	done
	for value in '' -1 0 0K x 1.5M 1T 99999999999999999999999 3G 8589934592G; do
		refused 2 "--*: *; *" --buffer "$value" "$STEPS"
	done
	for option in --timestamp --format --color; do
		for value in '' x TEXT "text "; do
			refused 2 "--*: *; use one of *" "$option" "$value" "$STEPS"
		done
	done
	for option in -u -r -N -D -o --exec; do
		refused 2 "-*: *; *" "$option" '' "$STEPS"
	done
	for option in -u -r -N -D -p -P -o --depth --goid --sample --max-calls --duration --hold --buffer \
		--timestamp --format --color --exec --min-duration --uprobe; do
		refused 2 "$option: needs a value; *" "$STEPS" "$option"
		refused 2 "$option: needs a value; *" "$STEPS" "$option" -- a
	done
	for option in --stream --quiet --verbose --debug --no-timestamp --exclude-vendor --help --version; do
		refused 2 "$option=1: takes no value; *" "$option=1" "$STEPS"
	done
}

@test "options and words that do not exist" {
	refused 2 "--depht: unknown option; did you mean depth?" --depht 1 "$STEPS" ||
		refused 2 "--depht: unknown option; did you mean --depth?" --depht 1 "$STEPS"
	refused 2 "--zzzzzzz: unknown option; *" --zzzzzzz "$STEPS"
	refused 2 "-Z: unknown option; *" -Z "$STEPS"
	refused 2 "-[?]*: unknown option; *" $'-\033' "$STEPS"
	refused 2 "no program is named; *"
	refused 2 "no program is named; *" list
	refused 2 "no program is named; *" -- a
	refused 2 "*: *; *" "$STEPS" another
	refused 2 "*: *; *" --exec "$STEPS" another
	refused 2 "*: *; *" -p $$ another
	refused 2 "*: *; *" list "$STEPS" another
	refused 2 "*: *; *" --exec "$STEPS" --exec "$STEPS"
	# A message stays one line, and short enough to be read.
	refused 2 "*: *; *" --depth $'1\n2' "$STEPS"
	long=$(printf '%05000d' 1)x
	for option in --depth --goid --hold --buffer --format -u -D; do
		refused '[12]' "*; *" "$option" "$long" "$STEPS"
	done
	refused 2 "*; *" "--$long" "$STEPS"
	refused 2 "*; *" "$STEPS" "$long"
}
