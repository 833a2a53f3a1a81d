#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# --syscalls: the calls of a program that makes many kinds of them, against what strace says of the same run; which are
# chosen; those that do not return; on whose account those of the runtime and of C code are.

load lib

setup()
{
	require_root
	probes_remember
	TMP=$BATS_TEST_TMPDIR
	mkdir "$TMP/d"
	CALLS=$(build_go "$ROOT/tests/targets/syscalls" syscalls)
}

teardown()
{
	stop_all
	no_probes_left
}

# trace ARG...: runs the program under ftrace, with the arguments that follow `--`.
trace()
{
	run_ftrace "$@" || fail "$(cat "$FTRACE_ERR")"
}

# is EXPECTED FILTER: what the jq filter makes of the trace.
is() { expect_json "$2" "$1"; }

# ours: system calls of the text $FTRACE_OUT, without what descriptors stand for.
ours()
{
	sed -nE 's/^.* ~ //p' "$FTRACE_OUT" | grep -vE '^(futex|rt_sigreturn)' | sed -E '
		s/([(, =])(-?[0-9]+)<(([A-Z]+:\[[^]]*\])|[^>]*)>/\1\2/g
		s/statbuf/_/; s/^(newfstatat\([^,]*, "[^"]*", )0x[0-9a-f]+/\1_/
		s/^(getdents64\([0-9]+, )0x[0-9a-f]+/\1_/'
}

# Where the goroutine has given up the thread for a while, what that does meanwhile is nobody's: futex, rt_sigreturn.
#
# theirs: the same as strace wrote it to FILE, between the marks that the program sets, put as ftrace puts it.
theirs()
{
	sed -nE '/^getppid/,/^getppid/p' "$1" | grep -vE '^(getppid|futex|rt_sigreturn|---)' | sed -E '
		s/([(, =[])(-?[0-9]+)<[^<>]*(<[^<>]*>)?>(\(deleted\))?/\1\2/g
		s/fd=([0-9]+)<[^>]*>/fd=\1/g
		s/AT_FDCWD<[^>]*>/AT_FDCWD/g
		s/\{sa_family=AF_INET, sin_port=htons\(([0-9]+)\), sin_addr=inet_addr\("([^"]*)"\)\}/\2:\1/g
		s/\{sa_family=AF_INET6, sin6_port=htons\(([0-9]+)\), .*inet_pton\(AF_INET6, "([^"]*)".*sin6_scope_id=0\}/[\2]:\1/
		s/\{sa_family=AF_UNIX, sun_path=("[^"]*")\}/\1/
		s/IPPROTO_IP\)/0)/; s/msg_namelen=[0-9]+ => /msg_namelen=/
		s/, data=\{u32=[0-9]+, u64=([0-9]+)\}/, data=\1/g
		s/^(newfstatat\([^,]*, "[^"]*", )(\{.*\}|0x[0-9a-f]+)/\1_/
		s/^(getdents64\([0-9]+, )0x[0-9a-f]+ [^,]*,/\1_,/
		s: /\* [^*]* \*/::g
		s/\{fd=([0-9]+), events=([A-Z]+)\}(.*) \(\[.*$/{fd=\1, events=\2}\3/
		s/ +=/ =/'
}

# same NAME: what the two tracers say of the kind NAME.
same()
{
	local pid

	pid=$(sed -n 's/.*started as PID //p' "$FTRACE_ERR")
	ours | decimal >"$TMP/ours"
	theirs "$TMP/strace.$pid" | decimal >"$TMP/theirs"
	[ -s "$TMP/theirs" ] || fail "$1: strace saw nothing"
	diff "$TMP/theirs" "$TMP/ours" || fail "$1: strace's on the left"
}

# decimal: without what ftrace says of answers inside of what was asked, and with data in one form.
decimal()
{
	sed -E 's/, revents=[A-Z|]+//g' | perl -pe 's/data=0x([0-9a-f]+)/"data=".hex($1)/ge'
}

# beside KIND OPTION...: both tracers on one run.
beside()
{
	local kind=$1

	shift
	FTRACE_OUT=$TMP/out.$kind FTRACE_ERR=$TMP/err.$kind
	rm -f "$TMP"/strace.*
	bounded strace -ff -y -s 32 -o "$TMP/strace" "$FTRACE" -u "main.$kind" --syscalls=all -o "$FTRACE_OUT" \
		"$@" "$CALLS" -- "$TMP/d" "$kind" >/dev/null 2>"$FTRACE_ERR" </dev/null 3>&- ||
		fail "$(cat "$FTRACE_ERR")"
	same "$kind"
}

@test "the calls, arguments and results that strace sees" {
	for kind in files dirs udp unix pipes polls memory times signals; do
		beside "$kind"
	done
}

@test "descriptors stand for files, pipes and sockets, by the names that the kernel has for them" {
	trace -u main.files -u main.pipes -u main.udp -u main.unix --format=jsonl --syscalls "$CALLS" -- "$TMP/d"
	is 'true' '[.[] | select(.name == "fsync") | .args[0].file] == ["'"$TMP"'/d/two"]'
	is '["'"$TMP"'/d/two (deleted)"]' '[.[] | select(.name == "pread64") | .args[0].file]'
	is 'true' '[.[] | select(.name == "writev") | .args[0].file | test("^pipe:\\[[0-9]+\\]$")] | all and length == 1'
	is 'true' '[.[] | select(.name == "write") | .args[0].file | select(startswith("UDP:")) |
		test("^UDP:\\[127.0.0.1:[0-9]+->127.0.0.1:[0-9]+\\]$")] | all and length == 1'
	is 'true' '[.[] | select(.name == "listen" and .call) | .args[0].file] == ["UNIX:['"$TMP"'/d/socket]"]'
}

@test "an argument has the kernel's name, an error its own, and text is whole" {
	trace -u main.files -u main.udp --format=jsonl --syscalls "$CALLS" -- "$TMP/d"
	is '[[{"name":"dfd","value":"AT_FDCWD"},{"name":"filename","value":"'"$TMP"'/d/one"},{"name":"flags","value":"O_RDONLY|O_CLOEXEC"},{"name":"mode","value":0}]]' \
		'[.[] | select(.name == "openat" and (.args[2].value | startswith("O_RDONLY"))) | .args] | .[:1]'
	is '[-1,"ENOENT"]' '[.[] | select(.name == "newfstatat" and .error)][0] | [.result, .error]'
	is '["[::1]:1",-1,"ECONNREFUSED"]' '[.[] | select(.name == "connect" and .error)][0] | [.args[1].value, .result, .error]'
	is '["O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC","0640"]' '[.[] | select(.name == "openat")][0].args[2:] | map(.value)'
	is 'true' '[.[] | select(.type == "syscall")] | all(.duration >= 0 and .call and .pid and .tid and .goid)'
	is 'true' '([.[] | select(.type == "syscall")] | length) == .[-1].syscalls'
}

@test "a path of 4 095 bytes is told whole, one that is longer or unreadable is not made up" {
	long=$(printf 'x/%.0s' $(seq 2047))y
	trace -u main.long --format=jsonl --syscalls "$CALLS" -- "$long" long
	is "true" '[.[] | select(.name == "chdir") | .args[0].value] == ["'"$long"'"]'
	trace -u main.strange --syscalls "$CALLS" -- "$TMP/d" strange
	grep -qF 'openat(AT_FDCWD, 0x8, O_RDONLY) = -1 EFAULT (Bad address)' "$FTRACE_OUT"
	grep -qF 'keyctl(0x3e8, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 EOPNOTSUPP' "$FTRACE_OUT"
	grep -qF 'syscall_500(0x1, 0x2, 0x3, 0x0, 0x0, 0x0) = -1 ENOSYS' "$FTRACE_OUT"
}

# names SET: the names of the calls of main.times, main.dirs and main.memory that are shown for it.
names()
{
	trace -u main.times -u main.dirs -u main.memory --format=jsonl "$1" "$CALLS" -- "$TMP/d" >&2
	json '[.[] | select(.type == "syscall") | .name] | unique | join(" ")' | tr -d '"'
}

@test "names, classes, all, all but these; never what the runtime does for itself unless it is asked for" {
	local default="close getcwd getdents64 mkdirat mmap mprotect munmap openat prlimit64 timerfd_create timerfd_settime unlinkat"

	[ "$(names --syscalls)" = "$default" ]
	[ "$(names --syscalls=mkdirat,munmap)" = "mkdirat munmap" ]
	[ "$(names --syscalls=%memory)" = "madvise mmap mprotect munmap" ]
	[ "$(names --syscalls=%file,getdents64)" = "getcwd getdents64 mkdirat openat unlinkat" ]
	[ "$(names '--syscalls=!%desc,getcwd')" = "mprotect munmap prlimit64" ]
	[[ " $(names --syscalls=all) " = *" madvise "*" nanosleep "* ]]
}

@test "a name that is none is refused, and another one offered" {
	run "$FTRACE" --syscalls=opennat "$CALLS"
	[ "$status" = 2 ]
	[ "$output" = "ftrace: --syscalls: 'opennat' is no system call; did you mean openat, openat2?" ]
	run "$FTRACE" --syscalls=read,%fil "$CALLS"
	[[ "$output" = *"'%fil' is no system call; did you mean %file?"* ]]
}

@test "calls that do not return have no result: exit, another program, tracing ends" {
	trace -u main.ends --format=jsonl --syscalls "$CALLS" -- "$TMP/d" ends
	is '[["exit_group",null,null]]' '[.[] | select(.type == "syscall") | [.name, .result, .duration]]'
	trace -u main.replaced --format=jsonl --syscalls "$CALLS" -- "$TMP/d" replaced
	is '[["execve",["none"],-1,"ENOENT"],["execve",["true","now"],null,null]]' \
		'[.[] | select(.type == "syscall" and .name == "execve") | [.name, .args[1].value, .result, .error]]'
	start "$CALLS" "$TMP/d" waits
	TARGET=$STARTED_PID
	FTRACE_OUT=$TMP/waits
	start "$FTRACE" -u main.waits --format=jsonl -o "$FTRACE_OUT" --syscalls -p "$TARGET"
	wait_for 20 attached "$STARTED_ERR"
	touch "$TMP/d/go"
	wait_for 20 is_reading
	stop "$STARTED_PID" || :
	is '["read",false,false]' '[.[] | select(.name == "read")][-1] | [.name, has("result"), has("duration")]'
}

is_reading() { cat /proc/"$TARGET"/task/*/syscall | grep -q '^0 '; }

@test "what is made on the scheduler's stack and in C code is the goroutine's" {
	trace -u main.grows --format=jsonl --syscalls=mmap "$CALLS" -- "$TMP/d" grows
	is 'true' '[.[] | select(.name == "mmap") | .goid] | length > 0 and all(. == 1)'
	CALLS=$(build_go "$ROOT/tests/targets/syscalls" syscalls local -tags c)
	trace -u main.inC --format=jsonl --syscalls "$CALLS" -- "$TMP/d" inC
	is '[["access","/none",1,"ENOENT"]]' '[.[] | select(.type == "syscall") | [.name, .args[0].value, .goid, .error]]'
}

@test "nothing outside of traced calls, nor of other processes, nor of a vfork child" {
	trace -u main.child --format=jsonl --syscalls "$CALLS" -- "$TMP/d" child
	is 1 '[.[] | select(.type == "syscall") | .pid] | unique | length'
	is '[]' '[.[] | select(.name == "execve" or .name == "dup3")]'
	is '0' '.[-1].lost'
}

@test "other versions of Go, a position-independent one, and one with the race detector" {
	for how in "go1.19.13" "go1.22.12" "local -buildmode=pie" "local -race"; do
		# shellcheck disable=SC2086 # words
		CALLS=$(build_go "$ROOT/tests/targets/syscalls" syscalls $how)
		rm -rf "$TMP/d"
		mkdir "$TMP/d"
		trace -u main.dirs --format=jsonl --syscalls=mkdirat,unlinkat "$CALLS" -- "$TMP/d" dirs
		is '["mkdirat","'"$TMP"'/d/sub","0755",0]' \
			'[.[] | select(.name == "mkdirat")][0] | [.name, .args[1].value, .args[2].value, .result]'
	done
}
