/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * queue: requests that wait to be sent, of bounded size: the oldest make room.
 *
 * Pure bookkeeping; the caller owns the struct, and locks it.
 */
#ifndef FTRACE_SEND_QUEUE_H
#define FTRACE_SEND_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct send_request {
	struct send_request *next;
	uint32_t spans;
	size_t len;
	unsigned char bytes[];
};

struct send_queue {
	struct send_request *oldest, *newest;
	size_t held; /* bytes */
	size_t room;
};

void send_queue_init(struct send_queue *queue, size_t room);
void send_queue_release(struct send_queue *queue);

/* Puts a copy behind all others. Returns how many spans had to go for it, its own among them where it is larger than the room, or
 * memory is out. */
uint64_t send_queue_put(struct send_queue *queue, const void *bytes, size_t len, uint32_t spans);

/* Takes the oldest, which is the caller's then (free(3)); NULL: there is none. */
struct send_request *send_queue_take(struct send_queue *queue);

/* Puts one that was taken back in front, where that leaves room for it; else its spans are gone: how many. */
uint64_t send_queue_put_back(struct send_queue *queue, struct send_request *request);

#endif
