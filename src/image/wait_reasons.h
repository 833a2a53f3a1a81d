/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wait_reasons: what the runtime calls the reasons for which goroutines wait.
 *
 * Their numbers are others in nearly every release, and a stripped executable does not tell where its own table of them
 * is: they are known by release.
 *
 * Source: Go's src/runtime/runtime2.go (waitReasonStrings) of 1.19.13, 1.20.14, 1.21.13, 1.22.12, 1.23.12, 1.24.13, 1.25.0, 1.26.8
 * and 1.27.0.
 */
#ifndef FTRACE_IMAGE_WAIT_REASONS_H
#define FTRACE_IMAGE_WAIT_REASONS_H

/* `chan receive` of Go 1.minor; NULL: the number, or the release, is not known. In static memory. */
const char *wait_reason(int minor, unsigned int number);

#endif
