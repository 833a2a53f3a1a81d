# SPDX-License-Identifier: GPL-2.0-only
#
# The core of the live tests on other kernels, in an emulated machine; no root.

.PHONY: check-kernels
check-kernels:
	@scripts/check-build live kernels go

# KERNELS='-t truth 6.1' chooses; tests/kernels/run says how.
KERNELS ?=
export KERNELS

.PHONY: test-kernels
test-kernels: check-kernels all ## boot older and newer kernels, and run the core of the live tests in each
	tests/run kernels
