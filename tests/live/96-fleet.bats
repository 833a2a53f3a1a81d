#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# examples/fleet: the commands in its files are such that ftrace takes. Needs no root.

load lib

FLEET=$ROOT/examples/fleet

# taken WORDS: the options are there, with values that mean something.
taken()
{
	local words

	eval "words=($1)"
	run "$FTRACE" "${words[@]}" -h
	[ "$status" = 0 ] || fail "$1: $output"
}

@test "the unit's command, with the options that it shows" {
	local line command seen=0

	command=$(sed -n 's/^ExecStart=\/usr\/bin\/ftrace //p' "$FLEET/ftrace@.service")
	[[ $command == *'$FTRACE_OPTIONS' ]]
	while read -r line; do
		taken "${command%'$FTRACE_OPTIONS'} $line"
		seen=$((seen + 1))
	done < <(sed -nE 's/^# +FTRACE_OPTIONS="(.*)"$/\1/p' "$FLEET/ftrace@.service")
	[ "$seen" = 2 ]
	# Each capability that it keeps is one that tracing takes.
	[ "$(sed -n 's/^CapabilityBoundingSet=//p' "$FLEET/ftrace@.service")" = "CAP_BPF CAP_PERFMON CAP_SYS_PTRACE CAP_DAC_READ_SEARCH CAP_DAC_OVERRIDE" ]
	! command -v systemd-analyze >/dev/null || {
		sed "s,/usr/bin/ftrace,$FTRACE," "$FLEET/ftrace@.service" >"$BATS_TEST_TMPDIR/ftrace@.service"
		systemd-analyze verify --man=no "$BATS_TEST_TMPDIR/ftrace@.service" 2>&1 | tee "$BATS_TEST_TMPDIR/said"
		[ ! -s "$BATS_TEST_TMPDIR/said" ]
	}
}

@test "the pod's command" {
	taken "$(sed -n 's/^ *args: \[\(.*\)\]$/\1/p' "$FLEET/daemonset.yaml" | tr -d ',')"
}
