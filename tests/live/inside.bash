# SPDX-License-Identifier: GPL-2.0-only
#
# inside: what the tests of signals and of the kernel's events share: the program of tests/targets/inside. To be loaded after
# lib.bash.

setup()
{
	require_root
	probes_remember
	# shellcheck disable=SC2034 # the tests' own
	INSIDE=$(build_go "$ROOT/tests/targets/inside" inside)
}

teardown()
{
	stop_all
	no_probes_left
}
