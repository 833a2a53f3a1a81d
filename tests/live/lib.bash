# SPDX-License-Identifier: GPL-2.0-only
#
# lib: what the live tests share. A test file begins with
#
#	load lib
#	setup() { require_root; probes_remember; }
#	teardown() { stop_all; no_probes_left; }
#
# Everything made goes to build/; everything started is ended by its pid, and nothing else is.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=$(cd "$ROOT" && realpath -m "${B:-build}")
FTRACE=$BUILD/ftrace
TARGETS=$BUILD/targets
STARTED=()

export GOFLAGS=-buildvcs=false
export GOCACHE=${GOCACHE:-$BUILD/gocache}
export HOME=${HOME:-/root}
export PATH=$PATH:/usr/sbin:/sbin
# Builds run as the caller of sudo, who cannot look into a directory that bats made for root.
unset SUDO_UID SUDO_GID SUDO_USER DOAS_USER PKEXEC_UID
# No test asks a server of debug information that is not its own.
unset DEBUGINFOD_URLS

# fail TEXT...: ends the test, and says why.
fail()
{
	printf '%s\n' "$*" >&2
	return 1
}

# built FILE...: what `make live` builds before; here, where a test file is run by itself. Below $BUILD.
built()
{
	local file

	for file; do
		[ -x "$BUILD/$file" ] || make -s -C "$ROOT" B="${B:-build}" "${B:-build}/$file" 3>&-
	done
}

# require_root: a live test without root is a failure, never a skip: tests/run has looked before.
require_root()
{
	[ "$(id -u)" = 0 ] || fail "live tests need root"
}

# require_terminal: for tests with a terminal of their own, which script(1) makes.
require_terminal()
{
	script -qec true /dev/null </dev/null >/dev/null 2>&1 3>&- ||
		fail "no terminal can be made: script(1) or /dev/pts is missing; install util-linux's script, mount devpts"
}

# go_for TOOLCHAIN: prints the words that run that toolchain's go; "local" is the one that is there.
#
# Go 1.19 and 1.20 build nothing while their GOROOT lies inside the module cache in use, so theirs
# is a copy outside of it.
go_for()
{
	local toolchain=$1 go root

	go=$("$ROOT/scripts/find-go") || return 1
	[ "$toolchain" = local ] || "$ROOT/tests/toolchains" "$toolchain" || return 1
	case $toolchain in
	local)
		echo "env GOTOOLCHAIN=local $go"
		;;
	go1.19* | go1.20*)
		root=$BUILD/goroot/$toolchain
		if [ ! -x "$root/bin/go" ]; then
			mkdir -p "$BUILD/goroot"
			rm -rf "$root.new"
			# In a module of its own, since the go line of another may ask for more.
			cp -r "$(cd / && GOTOOLCHAIN=$toolchain "$go" env GOROOT)" "$root.new" || return 1
			chmod -R u+w "$root.new"
			mv "$root.new" "$root" || return 1
		fi
		echo "env GOTOOLCHAIN=local GOROOT=$root $root/bin/go"
		;;
	*)
		echo "env GOTOOLCHAIN=$toolchain $go"
		;;
	esac
}

# go_from MINOR RELEASE: "local" when the compiler that is there is Go 1.MINOR or newer, else RELEASE.
go_from()
{
	local version

	version=$(GOTOOLCHAIN=local "$("$ROOT/scripts/find-go")" env GOVERSION | grep -o 'go1\.[0-9]*') || return 1
	if [ "${version#go1.}" -ge "$1" ]; then
		echo local
	else
		echo "$2"
	fi
}

# sources_hash PATH: changes when what is built there does.
sources_hash()
{
	local dir=$1

	[ -d "$dir" ] || dir=$(dirname "$dir")
	find "$dir" "$dir/../go.mod" "$dir/../truth" -type f \
		\( -name '*.go' -o -name '*.s' -o -name '*.c' -o -name '*.h' -o -name go.mod \) 2>/dev/null |
		LC_ALL=C sort | xargs cat | sha256sum | cut -c1-16
}

# build_go DIR-OR-FILE NAME [TOOLCHAIN [FLAG...]]: builds a Go program and prints its path. Built
# once for each source text, toolchain, flags, and GOARCH, CGO_ENABLED and the like.
build_go()
{
	local source=$1 name=$2 toolchain=${3:-local} go key out log

	shift 2
	[ $# = 0 ] || shift
	source=$(realpath "$source") || return 1
	key=$(printf '%s\n' "$(sources_hash "$source")" "$toolchain" "$*" \
		"$(env | LC_ALL=C sort | grep -E '^(CGO_|GOARCH|GOAMD64|GOEXPERIMENT|GODEBUG)')" |
		sha256sum | cut -c1-16)
	out=$TARGETS/$key/$name
	if [ ! -x "$out" ]; then
		go=$(go_for "$toolchain") || return 1
		mkdir -p "$TARGETS/$key"
		log=$TARGETS/$key/$name.log
		# shellcheck disable=SC2086 # words
		if [ -d "$source" ]; then
			(cd "$source" && $go build "$@" -o "$out.new" .) >"$log" 2>&1
		else
			(cd "$(dirname "$source")" && $go build "$@" -o "$out.new" "$(basename "$source")") \
				>"$log" 2>&1
		fi || { fail "build_go: $name, $toolchain, flags '$*': $(cat "$log")"; return 1; }
		mv "$out.new" "$out"
	fi
	echo "$out"
}

# start COMMAND...: runs it in the background, output to $BATS_TEST_TMPDIR/N.out and N.err. Its
# pid is in $STARTED_PID, the files in $STARTED_OUT and $STARTED_ERR. Not in a subshell.
start()
{
	local base=$BATS_TEST_TMPDIR/${#STARTED[@]}

	STARTED_OUT=$base.out
	STARTED_ERR=$base.err
	# Not only in the background: until that gets there, what an earlier one said would be found.
	: >"$STARTED_OUT"
	: >"$STARTED_ERR"
	# bats keeps descriptor 3 to itself: a child that inherits it keeps bats waiting.
	"$@" >"$STARTED_OUT" 2>"$STARTED_ERR" </dev/null 3>&- &
	STARTED_PID=$!
	STARTED+=("$STARTED_PID")
}

# stop PID [SIGNAL]: ends one started process and returns its exit status.
stop()
{
	kill "-${2:-TERM}" "$1" 2>/dev/null || :
	wait "$1" 2>/dev/null
}

# stop_all: ends what start started, kindly first, and waits for each.
stop_all()
{
	local pid tries

	for pid in "${STARTED[@]}"; do
		kill "$pid" 2>/dev/null || continue
		for ((tries = 0; tries < 50; tries++)); do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.1
		done
		kill -KILL "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	STARTED=()
	return 0
}

# wait_for SECONDS COMMAND...: until it succeeds. The bound only ends what is broken, and is a minute at
# least: a busy machine may leave a process alone for long. PATIENCE is how many times as long a slow
# machine gets.
wait_for()
{
	local end=$1

	[ "$end" -ge 60 ] || end=60
	end=$((SECONDS + end * ${PATIENCE:-1}))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || { fail "still not so in time: $*"; return 1; }
		sleep 0.05
	done
}

# bounded COMMAND...: runs it, and ends it with status 124 after FTRACE_TIMEOUT (240) seconds.
bounded()
{
	timeout --kill-after=10 "${FTRACE_TIMEOUT:-240}" "$@"
}

# attached ERR-FILE: do all probes record of the ftrace that writes its chatter there?
attached()
{
	grep -q 'Ctrl-C ends' "$1"
}

# run_ftrace ARG...: runs it to its end, within FTRACE_TIMEOUT (240) seconds. Its stdout is in the
# file $FTRACE_OUT, its stderr in $FTRACE_ERR; the status is its own, 124 when it had to be ended.
run_ftrace()
{
	FTRACE_OUT=$BATS_TEST_TMPDIR/ftrace.out
	FTRACE_ERR=$BATS_TEST_TMPDIR/ftrace.err
	bounded "$FTRACE" "$@" >"$FTRACE_OUT" 2>"$FTRACE_ERR" </dev/null 3>&-
}

# stuck PID: it is in poll(2) or write(2), and a moment later still at the same place: for a reader it is, while a word
# to stderr or to the process that keeps the probes takes no time.
stuck()
{
	local now

	now=$(cat "/proc/$1/syscall")
	sleep 0.1
	[[ $now =~ ^(1|7)\  ]] && [ "$(cat "/proc/$1/syscall")" = "$now" ]
}

# json FILTER [FILE]: prints what the jq filter makes of all lines of FILE ($FTRACE_OUT), given
# as one array.
json()
{
	jq -c -s -r "$1" "${2:-$FTRACE_OUT}"
}

# expect_json FILTER EXPECTED [FILE]
expect_json()
{
	local got

	got=$(json "$1" "${3:-$FTRACE_OUT}") || return 1
	[ "$got" = "$2" ] || fail "$1
  expected: $2
  got:      $got"
}

# expect FILE TEXT: TEXT stands somewhere in FILE.
expect()
{
	grep -qF -- "$2" "$1" || fail "not in $(basename "$1"): $2
$(head -n 40 "$1")"
}

# probes: the ids of all links that uprobe programs hold, on this machine; one a line.
probes()
{
	"$("$ROOT/scripts/find-bpftool")" -j link 2>/dev/null |
		jq -r '.[] | select(.type == "uprobe_multi" or .type == "perf_event") | .id' | LC_ALL=C sort
}

# probes_remember, no_probes_left: no link is there that was not there before. The kernel frees a
# link a moment after its last descriptor is closed.
probes_remember()
{
	PROBES_BEFORE=$(probes)
}

no_new_probe()
{
	local id

	for id in $(LC_ALL=C comm -13 <(printf '%s\n' "$PROBES_BEFORE") <(probes)); do
		is_foreign "$id" || return 1
	done
}

# is_foreign LINK: does a process hold it that this run of bats did not start? Another tracer, or
# another run of these tests.
is_foreign()
{
	local holder

	holder=$(grep -lsx "link_id:[[:space:]]*$1" /proc/[0-9]*/fdinfo/* | head -n 1)
	[ -n "$holder" ] || return 1
	holder=${holder%/fdinfo/*}
	! grep -qszFx "BATS_RUN_TMPDIR=$BATS_RUN_TMPDIR" "$holder/environ"
}

no_probes_left()
{
	wait_for 5 no_new_probe ||
		fail "links left behind: $("$("$ROOT/scripts/find-bpftool")" link | grep -v '0x' | head -n 40)"
}
