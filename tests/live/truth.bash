# SPDX-License-Identifier: GPL-2.0-only
#
# truth: runs a case of tests/targets/cases and holds the trace against the target's own log. To
# be loaded after lib.bash; tests/matrix/run uses it, too.

COMPARE=$BUILD/truth/compare
COVERAGE=$BUILD/truth/coverage
# The release whose packages are counted.
COVERAGE_GO=${COVERAGE_GO:-local}
# Counting needs no values, and a count with records lost is none.
COVERAGE_OPTIONS=${COVERAGE_OPTIONS:---no-args --no-results --stream --buffer 256M}

# truth_tools: builds compare and coverage; go sees for itself whether there is anything to do.
truth_tools()
{
	local go

	go=$(go_for local) || return 1
	mkdir -p "$BUILD/truth"
	# shellcheck disable=SC2086 # words
	(cd "$ROOT/tests/truth" && $go build -o "$BUILD/truth/" ./cmd/...)
}

# truth_row NAME: sets CASE_TARGET, CASE_HOW, CASE_ARGS, CASE_OPTIONS, CASE_COMPARE, CASE_STATUS and
# CASE_BUILDS from the table.
truth_row()
{
	local row

	row=$(grep -E "^$1 +\\|" "$ROOT/tests/targets/cases") || { fail "$1: no such case"; return 1; }
	IFS='|' read -r _ CASE_TARGET CASE_HOW args options compare CASE_STATUS CASE_BUILDS <<<"$row"
	read -r CASE_TARGET <<<"$CASE_TARGET"
	read -r CASE_HOW <<<"$CASE_HOW"
	read -r CASE_STATUS <<<"$CASE_STATUS"
	read -r CASE_BUILDS <<<"$CASE_BUILDS"
	read -ra CASE_ARGS <<<"$args"
	read -ra CASE_OPTIONS <<<"$options"
	read -ra CASE_COMPARE <<<"$compare"
}

# truth_cases: prints the names of all cases.
truth_cases()
{
	sed -n 's/^\([a-z][a-z0-9-]*\) *|.*/\1/p' "$ROOT/tests/targets/cases"
}

# truth_long: prints the names of those that take too long for anything but the matrix.
truth_long()
{
	sed -n 's/^\([a-z][a-z0-9-]*\) *|.*| *long *$/\1/p' "$ROOT/tests/targets/cases"
}

# truth_trace BIN DIR: runs what truth_row has set; DIR/trace, DIR/err and DIR/logs come of it.
truth_trace()
{
	local bin=$1 dir=$2 status=0 target tracer out i pids=()

	rm -rf "$dir"
	mkdir -p "$dir/logs"
	set -- "$FTRACE" --format=jsonl -o "$dir/trace" "${CASE_OPTIONS[@]}"
	export TRUTH_DIR=$dir/logs
	case $CASE_HOW in
	exec)
		bounded "$@" --exec "$bin" -- "${CASE_ARGS[@]}" >"$dir/out" 2>"$dir/err" </dev/null 3>&- || status=$?
		;;
	every | leave)
		start "$@" "$bin"
		tracer=$STARTED_PID
		ln -s "$STARTED_ERR" "$dir/err"
		wait_for 20 attached "$STARTED_ERR" || return 1
		if [ "$CASE_HOW" = every ]; then
			for i in 1 2 3; do
				start "$bin" "${CASE_ARGS[@]}"
				pids+=("$STARTED_PID")
			done
		else
			start "$bin" "${CASE_ARGS[@]}"
			pids=("$STARTED_PID")
			wait_for 20 grep -q ready "$STARTED_OUT" || return 1
			stop "$tracer" INT || status=$?
			kill -USR1 "$STARTED_PID"
			kill -USR2 "$STARTED_PID"
		fi
		for i in "${pids[@]}"; do
			wait "$i" || { fail "the target itself failed: $?"; return 1; }
		done
		[ "$CASE_HOW" = leave ] || stop "$tracer" INT || status=$?
		;;
	attach | stalled)
		start "$bin" "${CASE_ARGS[@]}"
		target=$STARTED_PID
		out=$STARTED_OUT
		wait_for 20 grep -q ready "$out" || return 1
		start "$@" -p "$target"
		tracer=$STARTED_PID
		ln -s "$STARTED_ERR" "$dir/err"
		wait_for 20 attached "$STARTED_ERR" || return 1
		if [ "$CASE_HOW" = stalled ]; then
			kill -STOP "$tracer"
			kill -USR1 "$target"
			wait_for 60 grep -q half "$out" || return 1
			kill -CONT "$tracer"
		fi
		kill -USR1 "$target"
		wait "$target" || { fail "the target itself failed: $?"; return 1; }
		wait "$tracer" || status=$?
		;;
	*)
		fail "$CASE_HOW: no such way to run a target"
		return 1
		;;
	esac
	[ "$status" = "$CASE_STATUS" ] || {
		fail "exit status $status, not $CASE_STATUS: $(head -n 30 "$dir/err")"
		return 1
	}
}

# truth_check DIR [COMPARE-OPTION...]: prints what compare says of the run.
truth_check()
{
	local dir=$1

	shift
	"$COMPARE" "${CASE_COMPARE[@]}" "$@" "$dir/trace" "$dir/logs" 2>&1
}

# truth NAME: one case as the tests run it: the default build, and then every wrong trace refused.
truth()
{
	local bin line

	truth_row "$1" || return 1
	bin=$(build_go "$ROOT/tests/targets/$CASE_TARGET" "$CASE_TARGET") || return 1
	# A file of its own: some cases trace every process of it, and other runs of the tests share $bin.
	cp "$bin" "$BATS_TEST_TMPDIR/" || return 1
	truth_trace "$BATS_TEST_TMPDIR/$CASE_TARGET" "$BATS_TEST_TMPDIR/run" || return 1
	line=$(truth_check "$BATS_TEST_TMPDIR/run" -reject) || fail "$line"
}

# coverage_end: the function that reads the counters when the tests are over, and then calls some of
# the packages under test.
coverage_end()
{
	case $COVERAGE_GO in
	go1.2[0-2]*) echo runtime/coverage.processCoverTestDir ;;
	*) echo internal/coverage/cfile.ProcessCoverTestDir ;;
	esac
}

# coverage_count PACKAGE DIR: what coverage says of DIR/program, DIR/profile and DIR/trace.
coverage_count()
{
	local go

	go=$(go_for "$COVERAGE_GO") || return 1
	"$COVERAGE" -binary "$2/program" -profile "$2/profile" -package "$1" \
		-dir "$($go env GOROOT)/src/$1" -until "$(coverage_end)" "$2/trace"
}

# coverage_build PACKAGE PROGRAM: its own tests, nothing inlined, with counters of the package alone.
coverage_build()
{
	local go

	go=$(go_for "$COVERAGE_GO") || return 1
	$go test -c -covermode=atomic -coverpkg="$1" -gcflags=all=-l -o "$2" "$1"
}

# coverage_test PACKAGE DIR [TEST-ARG...]: counts the calls of a package's functions while its own
# tests run, and holds them against the coverage counters. Prints what coverage says. The trace
# goes through a pipe, for it can be long; with KEEP_TRACE it stays, as DIR/trace.
coverage_test()
{
	local package=$1 dir=$2 go root status=0

	shift 2
	go=$(go_for "$COVERAGE_GO") || return 1
	root=$($go env GOROOT)
	mkdir -p "$dir"
	rm -f "$dir/trace"
	coverage_build "$package" "$dir/program" || return 1
	if [ -z "${KEEP_TRACE:-}" ]; then
		mkfifo "$dir/trace" || return 1
		start coverage_count "$package" "$dir"
	fi
	# The test reads its own files below the package's directory.
	# shellcheck disable=SC2086 # words
	(cd "$root/src/$package" && bounded \
		"$FTRACE" --format=jsonl -o "$dir/trace" $COVERAGE_OPTIONS \
		-u "$package.*" -u "$(coverage_end)" \
		--exec "$dir/program" -- -test.coverprofile="$dir/profile" "$@") \
		>"$dir/out" 2>"$dir/err" </dev/null 3>&- || status=$?
	[ "$status" = 0 ] || {
		fail "$package: exit status $status: $(tail -n 20 "$dir/out" "$dir/err")"
		return 1
	}
	if [ -n "${KEEP_TRACE:-}" ]; then
		coverage_count "$package" "$dir"
		return
	fi
	wait "$STARTED_PID" || status=$?
	cat "$STARTED_OUT" "$STARTED_ERR"
	return "$status"
}

# waits_trace BIN DIR: the waits of tests/targets/waits; DIR/trace, DIR/err and DIR/logs/waits come of it.
# A starved tracer may lose a record, says so, and gives the calls around it no times: such a run says nothing about the rest
# and is made again, at most twice.
waits_trace()
{
	local run

	for run in 1 2 3; do
		rm -rf "$2"
		mkdir -p "$2/logs"
		TRUTH_DIR=$2/logs bounded "$FTRACE" --format=jsonl -o "$2/trace" --no-args -u main.traced --waits \
			--exec "$1" >"$2/out" 2>"$2/err" </dev/null 3>&- || { fail "status $?: $(tail -n 20 "$2/err")"; return 1; }
		[ "$(jq 'select(.type == "summary").lost' "$2/trace")" = 0 ] && return
		echo "run $run lost records" >&2
	done
	fail "records were lost in each of three runs"
	return 1
}

# waits_check DIR [-reject]: prints what the checker says of the run.
waits_check()
{
	"$BUILD/truth/waits" "${@:2}" "$1/trace" "$1/logs/waits" 2>&1
}
