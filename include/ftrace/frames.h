/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frames: the open frames of a lane, where the kernel keeps them itself (bpf/frames.bpf.h).
 */
#ifndef FTRACE_FRAMES_H
#define FTRACE_FRAMES_H

#include <ftrace/types.h>

/* They come in chunks; key of the `chunks` hash. */
struct ft_chunk_key {
	__ft_u32 tgid;
	__ft_u32 flags; /* FT_R_STACK, FT_R_THREAD; number of the chunk << 8 */
	__ft_u64 lane;  /* FT_R_THREAD: the tid */
};

#define FT_CHUNK_FRAMES 8

/* Processes are told apart by the low bits of their PID where it is noted that they have, or had, open frames. */
#define FT_FRAMED            65536
#define FT_FRAMED_YES        1 /* it has, or may have */
#define FT_FRAMED_ASKED      2 /* it may have: user space is just looking whether that is still so; 0: none has */
#define FT_FRAMED_SLOT(tgid) ((tgid) & (FT_FRAMED - 1))

struct ft_frame {
	__ft_u64 depth;
	__ft_u64 start; /* time */
	__ft_u64 below; /* ns in ended calls that it made itself */
	__ft_u64 seen;  /* bits of it and of its callers, by site */
	__ft_u32 site;  /* of its entry */
	__ft_u32 pad;
	/* ft_chunk's own, as they were when it began: */
	__ft_u64 wait;
	__ft_u64 syscall;
};

struct ft_chunk {
	/* Of the first chunk of a lane only: */
	__ft_u32 count;  /* frames in all chunks */
	__ft_u32 passed; /* its one frame is a root that was passed over */
	__ft_u64 top;    /* depth of the innermost frame */
	/* With --waits, of a goroutine: */
	__ft_u32
		state; /* enum ft_goroutine_state; FT_G_IDLE: as it was when its first frame began, running */
	__ft_u32 pad;
	__ft_u64 since; /* when it came into that state */
	__ft_u64
		wait; /* ns in which it was runnable, waited or had no processor, of ended states */
	__ft_u64 syscall; /* ns in system calls */
	struct ft_frame frames[FT_CHUNK_FRAMES];
};

_Static_assert(sizeof(struct ft_chunk_key) == 16, "wire size");
_Static_assert(sizeof(struct ft_frame) == 56, "wire size");
_Static_assert(sizeof(struct ft_chunk) == 48 + FT_CHUNK_FRAMES * sizeof(struct ft_frame),
	       "wire size");

#endif
