# SPDX-License-Identifier: GPL-2.0-only
#
# changes: runs tests/targets/states and counts the changes of state that the kernel side records of it
# (tests/changes/changes.c). To be loaded after lib.bash; tests/matrix/run uses it, too.

CHANGES=$BUILD/changes/changes

# counted PROGRAM GLOB ARGUMENT...: what the records come to, in $output, a line each; none lost, none that contradicts another.
counted()
{
	local program=$1 glob=$2

	shift 2
	output=$(timeout -s KILL 120 "$CHANGES" "$glob" "$program" "$@" 2>&1) || fail "status $?: $output" || return 1
	{ grep -qx $'lost\t0' <<<"$output" && grep -qx $'broken\t0' <<<"$output"; } || fail "$output"
}

# near FROM TO NUMBER: so many changes, and a few more that the scheduler makes.
near()
{
	local got

	got=$(awk -v from="$1" -v to="$2" '$1 == "change" && $2 == from && $3 == to { print $4 }' <<<"$output")
	{ [ "${got:-0}" -ge "$3" ] && [ "$got" -le $(($3 + $3 / 50 + 20)) ]; } || fail "$1 to $2: ${got:-0}, not $3:
$output"
}

# exact FROM TO NUMBER
exact()
{
	grep -qx "change	$1	$2	$3" <<<"$output" || fail "not $3 from $1 to $2:
$output"
}

# all_counted PROGRAM: round trips through channels and calls of the system, with one P: it is certain then who waits.
all_counted()
{
	counted "$1" main.inside -procs 1 channel 2000 && near 2 4 2000 && near 4 1 2000 && near 1 2 2000 || return 1
	[ "$(awk '$1 == "waker" { n++; name = $2 } END { print n, name }' <<<"$output")" = "1 main.echo" ] ||
		fail "wakers: $output" || return 1
	counted "$1" main.inside -procs 1 syscall 2000 && exact 2 3 2000 && exact 3 2 2000
}
