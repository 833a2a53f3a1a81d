/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * types: the fixed-width types of what kernel side and user side share, which both can include.
 *
 * All of it is little endian, with padding by hand; times are CLOCK_MONOTONIC nanoseconds
 * (bpf_ktime_get_ns()).
 */
#ifndef FTRACE_TYPES_H
#define FTRACE_TYPES_H

#ifndef __bpf__
#include <stdint.h>
typedef uint8_t __ft_u8;
typedef uint16_t __ft_u16;
typedef uint32_t __ft_u32;
typedef int32_t __ft_s32;
typedef uint64_t __ft_u64;
typedef int64_t __ft_s64;
#else
typedef __u8 __ft_u8;
typedef __u16 __ft_u16;
typedef __u32 __ft_u32;
typedef __s32 __ft_s32;
typedef __u64 __ft_u64;
typedef __s64 __ft_s64;
#endif

#endif
