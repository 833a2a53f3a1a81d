/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arch: the architecture that the programs are compiled for.
 */
#ifndef FTRACE_ARCH_BPF_H
#define FTRACE_ARCH_BPF_H

#if defined(__TARGET_ARCH_x86)
#include "arch/amd64.bpf.h"
#else
#error "no bpf/arch/ARCH.bpf.h for this architecture"
#endif

#endif
