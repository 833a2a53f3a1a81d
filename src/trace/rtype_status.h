/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rtype_status: how google.golang.org/genproto/googleapis/rpc/status.Status lies in memory, which its generator
 * changed: {state, sizeCache, unknownFields, Code, Message, ...} or {state, Code, Message, ...}. Internal to
 * src/trace/rtype*.c.
 *
 * Source: protoc-gen-go up to and since 1.36.
 */
#ifndef FTRACE_TRACE_RTYPE_STATUS_H
#define FTRACE_TRACE_RTYPE_STATUS_H

#include "trace/rtype.h"
#include "trace/rtype_file.h"

/* By the descriptor at `vaddr` of *google.golang.org/grpc/internal/status.Error, which leads to it. */
enum rtype_status rtype_status_find(const struct rtype_file *file, uint64_t vaddr);

#endif
