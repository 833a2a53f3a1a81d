# SPDX-License-Identifier: GPL-2.0-only
#
# steps: the program of tests/live/programs/steps, which does as it is told, and what a trace of it
# must look like. To be loaded after lib.bash.

# steps_build [NAME [TOOLCHAIN [FLAG...]]]: sets STEPS.
steps_build()
{
	STEPS=$(build_go "$ROOT/tests/live/programs/steps" "${1:-steps}" "${@:2}") || return 1
	TMP=$BATS_TEST_TMPDIR
}

# runs_steps PID: it is the program by now, not the shell that is to become it.
runs_steps() { [ "/proc/$1/exe" -ef "$STEPS" ]; }

# start_steps WORD...: starts it, and waits until it runs. Sets PROGRAM. Not in a subshell.
start_steps()
{
	start "$STEPS" "$@"
	PROGRAM=$STARTED_PID
	wait_for 20 runs_steps "$PROGRAM"
}

# traced STATUS ARG...: runs ftrace to its end and wants that exit status.
traced()
{
	local want=$1 got=0

	shift
	run_ftrace "$@" || got=$?
	# shellcheck disable=SC2053 # a pattern
	[[ $got == $want ]] || fail "ftrace $*
exit status $got, not $want
$(head -n 20 "$FTRACE_ERR")"
}

# refused STATUS TEXT ARG...: ftrace ends with that status and one line on stderr that says so;
# TEXT is a glob it has to match after "ftrace: ".
refused()
{
	local want=$1 text=$2 said

	shift 2
	traced "$want" "$@" || return 1
	said=$(cat "$FTRACE_ERR")
	[ "$(wc -l <"$FTRACE_ERR")" = 1 ] || fail "ftrace $*
not one line: $said" || return 1
	# shellcheck disable=SC2053 # a pattern
	[[ $said == "ftrace: "$text ]] || fail "ftrace $*
expected: ftrace: $text
got:      $said" || return 1
	[ ! -s "$FTRACE_OUT" ] || fail "ftrace $*: it wrote a trace"
}

# begun ERR-FILE: as attached(), also of one that starts its program.
begun()
{
	grep -q '; started as PID ' "$1" || attached "$1"
}

# start_traced ARG...: starts ftrace and waits until its probes record. Sets TRACER, TRACE and CHATTER.
start_traced()
{
	start "$FTRACE" "$@"
	TRACER=$STARTED_PID
	TRACE=$STARTED_OUT
	CHATTER=$STARTED_ERR
	wait_for 20 begun "$CHATTER" || { cat "$CHATTER" >&2; return 1; }
}

# ended STATUS PID: waits for a process that ends by itself.
ended()
{
	local got=0

	wait "$2" || got=$?
	[ "$got" = "$1" ] || fail "PID $2: exit status $got, not $1
$(tail -n 20 "$BATS_TEST_TMPDIR"/*.err)"
}

# has_ended PID: nothing of it runs any more.
has_ended()
{
	! grep -qsv '^State:.*Z' <(grep -s '^State:' "/proc/$1/status")
}

# count FUNC [FILE]: prints how many calls of it a JSON trace has.
count()
{
	json "[.[] | select(.type == \"call\" and .func == \"$1\")] | length" "${2:-$FTRACE_OUT}"
}

# sound FILE: whether a JSON trace without streamed calls holds together.
sound()
{
	local wrong

	wrong=$(jq -n -r '
		def say(text): .wrong += [text];
		reduce inputs as $line ({n: 0, line: 0, wrong: [], path: [], seen: {}};
			.line += 1
			| if .line == 1 and $line.type != "trace" then say("no trace line first") else . end
			| if .end then say("something behind the summary") else . end
			| if $line.type == "summary" then .end = $line
			elif $line.type == "process" then
				if .seen["\($line.pid)"] then say("process \($line.pid) twice") else . end
				| .seen["\($line.pid)"] = true
			elif $line.type == "call" then
				.n += 1
				| if $line.id != .n then say("id \($line.id) where \(.n) was due") else . end
				| if .seen["\($line.pid)"] then . else say("call \(.n) before its process") end
				| if $line.end == "unwound" then .unwound += 1 else . end
				| if $line.end == "open" then .open += 1 else . end
				| if ($line.duration == null) != ($line.start == null or
						(["open", "exit", "lost"] | index($line.end)) != null)
					then say("call \(.n): duration \($line.duration) and \($line.end)") else . end
				| .path = .path[:$line.depth]
				| (.path[-1] // null) as $up
				| if $line.parent != ($up.id // null)
					then say("call \(.n): parent \($line.parent), not \($up.id // null)")
				elif (.path | length) != $line.depth
					then say("call \(.n): depth \($line.depth) below \(.path | length)")
				elif $up != null and ($up.pid != $line.pid or $up.goid != $line.goid)
					then say("call \(.n): of another goroutine than its parent")
				elif $up != null and $line.start < $up.start
					then say("call \(.n): begins before its parent")
				elif $up != null and $up.duration != null and $line.duration != null and
						$line.start + $line.duration > $up.start + $up.duration
					then say("call \(.n): ends after its parent")
				else . end
				| .path += [$line]
			else . end)
		| if .end.calls != .n then say("summary: \(.end.calls) calls, not \(.n)") else . end
		| if .end.unwound != (.unwound // 0) then say("summary: unwound") else . end
		| if .end.open != (.open // 0) then say("summary: open") else . end
		| .wrong[:10][]' "$1") || return 1
	[ -z "$wrong" ] || fail "$1: $wrong"
}

# nothing_lost FILE
nothing_lost()
{
	expect_json '.[-1] | .lost + .missed' 0 "$1"
}
