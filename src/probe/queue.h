/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * queue: records on their way from the thread that empties the kernel's ring to the one that reads them.
 *
 *     producer                                consumer
 *       queue_room    is there room?
 *       queue_put     one record
 *       queue_show    so far, all at once ---> queue_fd    readable, if it slept
 *                                              queue_take  record by record, the oldest first
 *       queue_rest    sleeps            <----- (room again)
 *
 * Bytes lie in chunks of QUEUE_CHUNK, which are given back when they have been read, but for a few. Between the two
 * threads a lock is taken once for what is shown, and once for a chunk, not for each record. What the consumer
 * demands by queue_demand() it has when queue_met() says so.
 *
 * One thread of each kind; which one may call what is said at each function. Made and freed by the consumer, while
 * there is no producer.
 */
#ifndef FTRACE_PROBE_QUEUE_H
#define FTRACE_PROBE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a chunk, with what is noted of its records. */
#define QUEUE_CHUNK ((size_t)256 << 10)
/* Bytes of the longest record: one with all values takes half of that (FT_VALUES_MAX). */
#define QUEUE_RECORD_MAX ((size_t)8 << 10)
/* Chunks that are kept for the next records when they are empty. */
#define QUEUE_SPARE 4

struct queue;

/* NULL and errno when memory or descriptors are out. */
struct queue *queue_new(void);
void queue_free(struct queue *queue);

/* Producer: */

/* Whether there is room for one more record, of any length, when at most `chunks` of them may hold records. False also
 * when memory is out; queue_rest() then comes back as soon as that may have changed. */
bool queue_room(struct queue *queue, size_t chunks);

/* Copies a record; there must be room. False when there may be no room for another one: queue_room() tells. What is
 * longer than QUEUE_RECORD_MAX is cut off there, which whoever reads it takes for damaged. */
bool queue_put(struct queue *queue, const void *bytes, size_t len);

/* What was put is the consumer's from now on. */
void queue_show(struct queue *queue);

/* Sleeps for `ns`, or until there is room where there was none, or a demand. False when the producer is to end. */
bool queue_rest(struct queue *queue, uint64_t ns);

/* The number of the last demand, 0: there was none. */
uint64_t queue_demanded(struct queue *queue);

/* Everything is shown that there was when that demand was made. */
void queue_meet(struct queue *queue, uint64_t demand);

/* Consumer: */

/* Readable when there is something new, once queue_take() has found nothing. */
int queue_fd(const struct queue *queue);

/* The next record, aligned to 8 bytes and valid until the next call; NULL when there is none. */
const void *queue_take(struct queue *queue, size_t *len);

/* The producer is to show at once what there is by now. */
void queue_demand(struct queue *queue);

/* Whether it has done so, and all of that has been taken. */
bool queue_met(struct queue *queue);

/* The producer is to end. */
void queue_stop(struct queue *queue);

#endif
