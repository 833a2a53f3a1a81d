#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Who may do what: what ftrace keeps while it traces, what it needs to begin with, and what the programs that
# it starts get of it.

load lib
load steps

setup()
{
	require_root
	probes_remember
	steps_build
	export TMPDIR=$TMP/tmp
	mkdir "$TMPDIR"
	# Other users come to what the test makes, and to copies of what it runs.
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$TMP"
	chmod 1777 "$TMPDIR"
	install -m 755 "$STEPS" "$TMP/steps"
	install -m 755 "$FTRACE" "$TMP/ftrace"
	STEPS=$TMP/steps
	FTRACE=$TMP/ftrace
}

teardown()
{
	stop_all
	no_probes_left
}

# What the README says that it takes (capability.h).
declare -gA NUMBER=([dac_override]=1 [dac_read_search]=2 [kill]=5 [setpcap]=8 [sys_ptrace]=19 [sys_admin]=21
	[perfmon]=38 [bpf]=39)
ENOUGH="bpf perfmon sys_ptrace dac_read_search"

# mask NAME...: the set of these, as /proc has it.
mask()
{
	local name set=0

	for name; do
		set=$((set | 1 << NUMBER[$name]))
	done
	printf '%016x\n' "$set"
}

# thread_keeps DIRECTORY NAME...: that thread has these capabilities, and can get no others.
thread_keeps()
{
	local file=$1/status want got

	shift
	want=$(mask "$@")
	got=$(awk '/^(Cap|NoNewPrivs)/ { printf "%s%s ", $1, $2 }' "$file")
	[ "$got" = "CapInh:$(mask) CapPrm:$want CapEff:$want CapBnd:${BOUNDING:-$want} CapAmb:$(mask) NoNewPrivs:1 " ] ||
		fail "$file: $got, not $want"
}

# keeps PID NAME...: every thread of it.
keeps()
{
	local thread

	for thread in "/proc/$1/task"/*; do
		thread_keeps "$thread" "${@:2}" || return 1
	done
}

# keeper_keeps NAME...: the process that holds the probes of $TRACER, but for its thread that hears of files being
# written to.
keeper_keeps()
{
	local pid file thread

	for file in $(grep -lsx uprobe-keeper /proc/[0-9]*/comm); do
		file=${file%/comm}
		grep -qsxz "uprobe-keeper of $TRACER" "$file/cmdline" && pid=${file#/proc/}
	done
	# It does not know yet which kind of probes there will be when it lowers the bounding set.
	BOUNDING=$(mask bpf perfmon sys_admin) thread_keeps "/proc/$pid/task/$pid" "$@" || return 1
	for thread in "/proc/$pid/task"/*; do
		[ "${thread##*/}" = "$pid" ] || thread_keeps "$thread" dac_read_search || return 1
	done
}

# as_user NAME...: sets AS_USER, which runs what follows as nobody with these capabilities, handed on to whatever
# inherits some.
as_user()
{
	local sets=-all name

	for name; do
		sets+=,+$name
	done
	AS_USER=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps="$sets" --ambient-caps="$sets"
		--bounding-set="$sets")
}

# shown FIELD VALUE [FILE]: a line of /proc/PID/status that the program showed.
shown()
{
	local got

	got=$(awk -v field="$1:" '$1 == field { $1 = ""; print substr($0, 2) }' "${3:-$FTRACE_OUT}")
	[ "$got" = "$2" ] || fail "$1: '$got', not '$2'"
}

# never COMMAND...: it fails. A plain "!" ends no test.
never()
{
	if "$@"; then
		fail "it did not fail: $*"
	fi
}

# start_waiting: a program that runs until $TMP/go is there, and then calls main.work three times. Sets TARGET.
start_waiting()
{
	rm -f "$TMP/go" "$TMP/up"
	start "$STEPS" touch "$TMP/up" await "$TMP/go" work 3
	TARGET=$STARTED_PID
	wait_for 10 test -e "$TMP/up"
}

@test "what is kept while it traces, in each mode" {
	chmod 777 "$TMP"
	start_waiting
	start_traced --format=jsonl "$STEPS"
	# The one that empties the ring is there, too.
	grep -qx ftrace-ring "/proc/$TRACER/task"/*/comm
	keeps "$TRACER" sys_ptrace bpf perfmon dac_read_search
	keeper_keeps
	stop "$TRACER" INT
	start_traced --format=jsonl --max-overhead 50 --summary -o "$TMP/trace" "$STEPS"
	keeps "$TRACER" sys_ptrace bpf perfmon dac_read_search dac_override
	stop "$TRACER" INT
	FTRACE_WITHOUT=uprobe_multi start_traced "$STEPS"
	keeps "$TRACER" sys_ptrace bpf perfmon dac_read_search
	keeper_keeps bpf perfmon sys_admin
	stop "$TRACER" INT
	for more in "" --summary=only "--max-overhead 50"; do
		# shellcheck disable=SC2086 # words
		start_traced $more -p "$TARGET"
		keeps "$TRACER" sys_ptrace
		stop "$TRACER" INT
	done
	for user in "" "--user nobody"; do
		rm -f "$TMP/up"
		# shellcheck disable=SC2086 # words
		start_traced $user --exec "$STEPS" -- touch "$TMP/up" await "$TMP/go"
		wait_for 10 test -e "$TMP/up"
		keeps "$TRACER" sys_ptrace kill
		stop "$TRACER" TERM || :
	done
}

@test "with what is kept: a new build, a new file of -o, and a signal, all of other users" {
	install -d -m 700 -o nobody "$TMP/own"
	install -m 700 -o nobody "$STEPS" "$TMP/own/steps"
	start_traced --format=jsonl -o "$TMP/own/trace" -u main.work "$TMP/own/steps"
	setpriv --reuid=nobody --clear-groups "$TMP/own/steps" work 2
	cp "$STEPS" "$TMP/own/new"
	printf more >>"$TMP/own/new"
	chown nobody "$TMP/own/new"
	chmod 700 "$TMP/own/new"
	mv "$TMP/own/new" "$TMP/own/steps"
	wait_for 20 grep -q 'a new build; following it' "$CHATTER"
	setpriv --reuid=nobody --clear-groups "$TMP/own/steps" work 3
	wait_for 20 expect_json '[.[] | select(.func == "main.work")] | length' 5 "$TMP/own/trace"
	mv "$TMP/own/trace" "$TMP/own/old"
	kill -HUP "$TRACER"
	wait_for 10 test -e "$TMP/own/trace"
	stop "$TRACER" INT
	never grep -q 'cannot' "$CHATTER"
	chmod 777 "$TMP"
	start_traced --user nobody --exec "$STEPS" -- catch "$TMP/caught" touch "$TMP/up" await "$TMP/go"
	wait_for 10 test -e "$TMP/up"
	kill -INT "$TRACER"
	wait_for 10 grep -q interrupt "$TMP/caught"
	touch "$TMP/go"
	ended 0 "$TRACER"
}

@test "what the README asks for is enough in every mode" {
	chmod 777 "$TMP"
	install -m 700 -o nobody "$STEPS" "$TMP/secret"
	# Root's own, and one that nobody may not read.
	chmod 711 "$STEPS"
	# shellcheck disable=SC2086 # words
	as_user $ENOUGH
	"${AS_USER[@]}" "$FTRACE" list -u main.work "$STEPS" >"$TMP/list"
	expect "$TMP/list" "1 function, "
	start_waiting
	start "${AS_USER[@]}" "$FTRACE" --format=jsonl -u main.work -p "$TARGET"
	wait_for 20 attached "$STARTED_ERR"
	# Nobody may not lower the bounding set, which without a way to execute a program means nothing.
	# shellcheck disable=SC2086 # words
	BOUNDING=$(mask $ENOUGH) keeps "$STARTED_PID" sys_ptrace
	trace=$STARTED_OUT
	touch "$TMP/go"
	ended 0 "$STARTED_PID"
	[ "$(count main.work "$trace")" = 3 ]
	for more in "" --max-overhead=50 --summary -a; do
		# shellcheck disable=SC2086 # words
		"${AS_USER[@]}" "$FTRACE" --format=jsonl -o "$TMP/trace" $more -u main.work --exec "$TMP/secret" -- work 3
		[ "$(count main.work "$TMP/trace")" = 3 ]
		rm "$TMP/trace"
	done
	"${AS_USER[@]}" "$FTRACE" --summary=only -u main.work --exec "$TMP/secret" -- work 3 >"$TMP/table"
	expect "$TMP/table" main.work
	start "${AS_USER[@]}" "$FTRACE" --format=jsonl -u main.work "$STEPS"
	trace=$STARTED_OUT
	chatter=$STARTED_ERR
	tracer=$STARTED_PID
	wait_for 20 attached "$chatter"
	"$STEPS" work 2
	cp "$STEPS" "$TMP/new"
	printf more >>"$TMP/new"
	mv "$TMP/new" "$STEPS"
	wait_for 20 grep -q 'a new build; following it' "$chatter"
	"$STEPS" work 3
	wait_for 20 expect_json '[.[] | select(.func == "main.work")] | length' 5 "$trace"
	stop "$tracer" INT
}

@test "perf-event uprobes take CAP_SYS_ADMIN besides" {
	# shellcheck disable=SC2086 # words
	as_user $ENOUGH sys_admin
	FTRACE_WITHOUT=uprobe_multi "${AS_USER[@]}" "$FTRACE" --format=jsonl --max-overhead 90 -o "$TMPDIR/trace" -u main.work \
		--exec "$STEPS" -- work 3
	[ "$(count main.work "$TMPDIR/trace")" = 3 ]
}

@test "another user's position-independent program: its types are looked up where they are mapped" {
	install -m 755 "$(build_go "$ROOT/examples/student" pie local -buildmode=pie)" "$TMP/student"
	# shellcheck disable=SC2086 # words
	as_user $ENOUGH
	start setpriv --reuid=daemon --clear-groups "$TMP/student"
	target=$STARTED_PID
	for without in "" inodes; do
		FTRACE_WITHOUT=$without start "${AS_USER[@]}" "$FTRACE" -u main.enroll -p "$target"
		wait_for 20 grep -qF 'fmt.wrapError(' "$STARTED_OUT"
		stop "$STARTED_PID" INT
	done
}

@test "a started program gets none of ftrace's capabilities, and may be more by itself" {
	# shellcheck disable=SC2086 # words
	as_user $ENOUGH
	"${AS_USER[@]}" "$FTRACE" -q -o /dev/null --exec "$STEPS" -- show /proc/self/status >"$TMP/status"
	for set in CapInh CapPrm CapEff CapAmb; do
		shown $set "$(mask)" "$TMP/status"
	done
	# What it may become is what it could have become: the bounding set is as it was, set-user-ID works.
	# shellcheck disable=SC2086 # words
	shown CapBnd "$(mask $ENOUGH)" "$TMP/status"
	shown NoNewPrivs 0 "$TMP/status"
	before=$(awk '/^CapBnd/ { print $2 }' /proc/self/status)
	inheriting() { setpriv --inh-caps=+net_admin --ambient-caps=+net_admin "$@"; }
	for user in nobody root; do
		FTRACE_OUT=$TMP/status
		inheriting "$FTRACE" -q -o /dev/null --user "$user" --exec "$STEPS" -- show /proc/self/status >"$TMP/status"
		shown CapInh "$(mask)"
		shown CapAmb "$(mask)"
		shown CapBnd "$before"
		shown NoNewPrivs 0
	done
	shown CapEff "$before"
	install -m 4755 "$STEPS" "$TMP/setuid"
	traced 0 -q -o /dev/null --user nobody --exec "$TMP/setuid" -- show /proc/self/status
	shown Uid "65534 0 0 0"
}

@test "a started program has descriptors 0 to 2 only" {
	for user in "" "--user root" "--user nobody"; do
		# shellcheck disable=SC2086 # words
		"$FTRACE" -q -o /dev/null $user --exec "$STEPS" -- files >"$TMP/files" </dev/null 3>&- 7</etc/shadow 9<>"$TMP/x"
		for fd in 0 1 2; do
			grep -q "^$fd " "$TMP/files"
		done
		# Behind them what the program opens by itself.
		never grep -vE "^[012] |^[0-9]+ (anon_inode:|/proc/)" "$TMP/files"
	done
}

@test "--user: a session of its own, and that user's environment" {
	session() { awk '{ sub(/.*\) /, ""); print $4, $5 }' "$1"; }
	export XDG_RUNTIME_DIR=/run/user/0 OTHER='two words' SHELL=/bin/sh
	traced 0 -q -o /dev/null --user nobody --exec "$STEPS" -- show /proc/self/environ
	tr '\0' '\n' <"$FTRACE_OUT" | sort >"$TMP/got"
	env -u XDG_RUNTIME_DIR HOME=/nonexistent USER=nobody LOGNAME=nobody env -u _ | grep -av '^_=' | sort >"$TMP/want"
	diff <(grep -v '^_=' "$TMP/got") "$TMP/want"
	# Also as whom one is already.
	# shellcheck disable=SC2086 # words
	as_user $ENOUGH
	HOME=/root "${AS_USER[@]}" "$FTRACE" -q -o /dev/null --user nobody --exec "$STEPS" -- show /proc/self/environ |
		tr '\0' '\n' >"$TMP/got"
	grep -qx HOME=/nonexistent "$TMP/got"
	never grep -q XDG_RUNTIME_DIR "$TMP/got"
	traced 0 -q -o /dev/null --exec "$STEPS" -- show /proc/self/environ
	tr '\0' '\n' <"$FTRACE_OUT" | grep -qx XDG_RUNTIME_DIR=/run/user/0
	# On a terminal: the program without --user is in ftrace's session, the other has neither session nor
	# terminal of ours.
	script -qec "\"$FTRACE\" -q -o /dev/null --exec \"$STEPS\" -- show /proc/self/stat >\"$TMP/with\"" /dev/null </dev/null
	script -qec "\"$FTRACE\" -q -o /dev/null --user nobody --exec \"$STEPS\" -- show /proc/self/stat >\"$TMP/apart\"" /dev/null </dev/null
	read -r _ tty <<<"$(session "$TMP/with")"
	[ "$tty" != 0 ]
	read -r sid tty <<<"$(session "$TMP/apart")"
	[ "$tty" = 0 ]
	[ "$sid" = "$(awk '{ print $1 }' "$TMP/apart")" ]
}

@test "--user: what the terminal sends reaches the program, and its children" {
	chmod 777 "$TMP"
	mkfifo "$TMP/keys"
	exec 8<>"$TMP/keys"
	script -qec "\"$FTRACE\" --user nobody -o /dev/null --exec \"$STEPS\" -- catch \"$TMP/caught\" touch \"$TMP/up\" \
		spawn catch \"$TMP/child\" touch \"$TMP/up2\" await \"$TMP/go\"" /dev/null <"$TMP/keys" >"$TMP/said" 3>&- 8>&- &
	STARTED_PID=$!
	STARTED+=("$STARTED_PID")
	wait_for 20 test -e "$TMP/up2"
	printf '\003' >&8
	wait_for 20 grep -q interrupt "$TMP/caught"
	wait_for 20 grep -q interrupt "$TMP/child"
	[ "$(wc -l <"$TMP/caught")" = 1 ]
	touch "$TMP/go"
	exec 8>&-
	ended 0 "$STARTED_PID"
}

@test "--user: the end of the terminal reaches the program, too" {
	chmod 777 "$TMP"
	mkfifo "$TMP/keys"
	exec 8<>"$TMP/keys"
	setsid script -qec "\"$FTRACE\" --user nobody -o /dev/null --exec \"$STEPS\" -- touch \"$TMP/up\" await \"$TMP/go\"" \
		/dev/null <"$TMP/keys" >"$TMP/said" 3>&- 8>&- &
	STARTED_PID=$!
	STARTED+=("$STARTED_PID")
	wait_for 20 test -e "$TMP/up"
	pid=$(sed -n 's/.*started as PID \([0-9]*\).*/\1/p' "$TMP/said")
	never has_ended "$pid"
	stop "$STARTED_PID" KILL || :
	exec 8>&-
	wait_for 20 has_ended "$pid"
}

@test "--exec: a name without a slash is PATH's, as a shell has it" {
	mkdir "$TMP/here" "$TMP/bin" "$TMP/dirs" "$TMP/dirs/steps" "$TMP/plain"
	cd "$TMP/here"
	printf '#!/bin/sh\necho wrong\n' >steps
	chmod 755 steps
	cp "$STEPS" "$TMP/bin/steps"
	cp "$STEPS" "$TMP/bin/nested"
	printf 'no program' >"$TMP/plain/steps"
	PATH=$TMP/dirs:$TMP/plain:$TMP/bin:$PATH traced 0 -q -o /dev/null --exec steps -- print found
	expect "$FTRACE_OUT" found
	PATH=$TMP/bin:$PATH traced 0 -q -o /dev/null steps -- print found
	expect "$FTRACE_OUT" found
	PATH=/usr/bin:/bin refused 127 "steps: not in PATH; what is here is ./steps" --exec steps
	PATH=/usr/bin:/bin refused 127 "nosuch: not in PATH; give its path" --exec nosuch
	PATH=$TMP/plain:/usr/bin:/bin refused 126 "$TMP/plain/steps: not executable; *" --exec steps
	# An empty element is where one stands; so a shell has it, too.
	cp "$STEPS" steps
	PATH=/usr/bin::/bin traced 0 -q -o /dev/null --exec steps -- print found
	PATH=/usr/bin:/bin: traced 0 -q -o /dev/null --exec steps -- print found
	PATH=/usr/bin:/bin traced 0 -q -o /dev/null --exec ./steps -- print found
	PATH=/usr/bin:/bin traced 0 -q -o /dev/null ./steps -- print found
	# What is traced, not started, is a file here first.
	PATH=$TMP/bin:$PATH traced 0 list -u main.work steps
	PATH=$TMP/bin:$PATH traced 0 list -u main.work nested
}

@test "a set-user-ID ftrace is refused" {
	install -m 4755 "$FTRACE" "$TMP/setuid"
	run setpriv --reuid=nobody --clear-groups "$TMP/setuid" list "$STEPS"
	[ "$status" = 1 ]
	[ "$output" = "ftrace: set-user-ID or set-group-ID; take that bit away, and run it with sudo" ]
	# With capabilities of its file it is anybody's, and what it starts is that user's still.
	setcap cap_bpf,cap_perfmon,cap_sys_ptrace,cap_dac_read_search+ep "$FTRACE"
	setpriv --reuid=nobody --clear-groups "$FTRACE" -q -o /dev/null --exec "$STEPS" -- show /proc/self/status >"$TMP/status"
	shown CapEff "$(mask)" "$TMP/status"
	shown CapPrm "$(mask)" "$TMP/status"
	shown Uid "65534 65534 65534 65534" "$TMP/status"
}

# A package to build, with a tool that says as whom it is run, named by the settings of the user.
make_package()
{
	mkdir "$TMP/module" "$TMP/own"
	chmod 755 "$TMP/module"
	printf 'module example.com/m\n\ngo 1.19\n' >"$TMP/module/go.mod"
	cat >"$TMP/module/main.go" <<-'EOT'
		package main

		import "os"

		//go:noinline
		func work() int { return os.Getuid() }

		func main() { println("ran", work()) }
	EOT
	cat >"$TMP/tool" <<-EOT
		#!/bin/sh
		id -u >>"$TMP/own/users"
		awk '/^CapEff|^CapInh/ { print \$2 }' /proc/self/status >>"$TMP/own/users"
		exec "\$@"
	EOT
	chmod 755 "$TMP/tool"
	echo "GOFLAGS=-toolexec=$TMP/tool" >"$TMP/own/env"
	chown -R nobody "$TMP/own"
	export GOENV=$TMP/own/env
	unset GOFLAGS
	export GOCACHE=$TMP/own/cache
	mkdir "$GOCACHE"
	cp -r "$BUILD/gocache.nobody/." "$GOCACHE" 2>/dev/null || :
	chown -R nobody "$GOCACHE"
	cd "$TMP/module"
}

@test "doas, pkexec, sudo: built and run as the caller, with the caller's tools" {
	make_package
	for caller in DOAS_USER=nobody PKEXEC_UID=65534 "SUDO_UID=65534 SUDO_GID=65534" "SUDO_UID=0 SUDO_GID=0 DOAS_USER=nobody"; do
		rm -f "$TMP/own/users"
		printf '// %s\n' "$caller" >>main.go
		# shellcheck disable=SC2086,SC2163 # words
		export $caller
		traced 0 -q -o /dev/null --package .
		unset SUDO_UID SUDO_GID DOAS_USER PKEXEC_UID
		expect "$FTRACE_ERR" "ran 65534"
		[ "$(sort -u "$TMP/own/users")" = "$(printf '%s\n%s' "$(mask)" 65534)" ]
	done
	rm "$TMP/own/users"
	DOAS_USER=daemon PKEXEC_UID=65534 refused 125 "DOAS_USER and PKEXEC_UID: two users; unset *" --package .
	DOAS_USER=nosuchuser refused 125 "DOAS_USER: 'nosuchuser': no such user; unset it" --package .
	PKEXEC_UID=x refused 125 "PKEXEC_UID: 'x': *; unset it" --package .
	[ ! -e "$TMP/own/users" ]
	[ -z "$(ls -A "$TMPDIR")" ]
}

@test "kill -9 while it builds and while the program runs: the temporary directory goes" {
	nothing_there() { [ -z "$(ls -A "$TMPDIR")" ]; }
	mkdir "$TMP/bin"
	cat >"$TMP/bin/go" <<-EOT
		#!/bin/bash
		trap 'exit 1' INT
		case \$1 in list) printf 'main\0m/one\0%s\0%s\0\0\n' "\$PWD" 0+0; exit 0 ;; esac
		if [ -e "$TMP/quick" ]; then cp "$STEPS" "\$3"; exit; fi
		mkdir "\$GOTMPDIR/built"
		echo \$\$ >"$TMP/pid"
		while :; do echo >"\$GOTMPDIR/built/file\$RANDOM"; sleep 0.05; done
	EOT
	chmod 755 "$TMP/bin/go"
	mkdir "$TMP/package"
	for caller in 0 65534; do
		rm -f "$TMP/pid" "$TMP/quick" "$TMP/up"
		chmod 777 "$TMP"
		export SUDO_UID=$caller SUDO_GID=$caller PATH=$TMP/bin:$PATH
		start setsid "$FTRACE" --package "$TMP/package"
		wait_for 10 test -s "$TMP/pid"
		never nothing_there
		kill -KILL -- "-$STARTED_PID"
		wait_for 10 nothing_there
		wait_for 10 has_ended "$(cat "$TMP/pid")"
		touch "$TMP/quick"
		start setsid "$FTRACE" --package "$TMP/package" -- touch "$TMP/up" await "$TMP/go"
		wait_for 20 test -e "$TMP/up"
		never nothing_there
		kill -KILL "$STARTED_PID"
		wait_for 10 nothing_there
		touch "$TMP/go"
	done
}
