/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/queue.h"

#include <errno.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

/* Before each record: its length. Padded, so that the record is aligned. */
struct head {
	alignas(8) uint32_t len;
};

struct chunk {
	struct chunk *next; /* newer */
	size_t used;        /* bytes; the producer's own */
	size_t shown;       /* of them, the consumer's */
	bool full;          /* no more are put in */
	alignas(8) unsigned char bytes[];
};

struct queue {
	/* The producer's own. */
	struct chunk *filled; /* where it puts records: the newest, or NULL */
	uint64_t put;         /* records */
	uint64_t known;       /* demands it has been told of */

	/* The consumer's own. */
	struct chunk *read; /* the oldest, or NULL */
	size_t at, end;     /* in it: the next record; as far as it is known to go */
	uint64_t taken;     /* records */
	int fd;             /* eventfd */

	/* For all that follows, and for `next`, `shown` and `full` of chunks. */
	pthread_mutex_t lock;
	pthread_cond_t changed; /* what the producer sleeps for */
	struct chunk *first, *last;
	size_t held; /* chunks, from first to last */
	struct chunk *spare;
	size_t spares;
	uint64_t demanded, met; /* demands, by number */
	uint64_t wanted; /* records that the last one that was met asked for, and all before them */
	bool hungry;     /* the consumer sleeps, or is about to */
	bool cramped;    /* the producer found no room */
	bool eased;      /* since then there is some */
	bool stop;
};

struct queue *queue_new(void)
{
	struct queue *queue = calloc(1, sizeof(*queue));
	pthread_condattr_t monotonic;

	if (!queue)
		return NULL;
	queue->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (queue->fd < 0) {
		free(queue);
		return NULL;
	}
	pthread_mutex_init(&queue->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&queue->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return queue;
}

static void free_chunks(struct chunk *chunk)
{
	while (chunk) {
		struct chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
}

void queue_free(struct queue *queue)
{
	if (!queue)
		return;
	free_chunks(queue->first);
	free_chunks(queue->spare);
	pthread_cond_destroy(&queue->changed);
	pthread_mutex_destroy(&queue->lock);
	close(queue->fd);
	free(queue);
}

/* What a record takes in a chunk. */
static size_t space(size_t len)
{
	return sizeof(struct head) + (len + 7) / 8 * 8;
}

/* Whether any record fits. */
static bool has_room(const struct chunk *chunk)
{
	return QUEUE_CHUNK - sizeof(*chunk) - chunk->used >= space(QUEUE_RECORD_MAX);
}

/* The lock is held. */
static void append(struct queue *queue, struct chunk *chunk)
{
	chunk->next = NULL;
	chunk->used = chunk->shown = 0;
	chunk->full = false;
	if (queue->last)
		queue->last->next = chunk;
	else
		queue->first = chunk;
	queue->last = chunk;
	queue->held++;
	queue->filled = chunk;
}

bool queue_room(struct queue *queue, size_t chunks)
{
	struct chunk *chunk = NULL;
	bool room;

	pthread_mutex_lock(&queue->lock);
	room = !queue->stop && (queue->filled || queue->held < chunks);
	queue->cramped = !room;
	queue->eased = false;
	if (room && !queue->filled && queue->spare) {
		chunk = queue->spare;
		queue->spare = chunk->next;
		queue->spares--;
		append(queue, chunk);
	}
	pthread_mutex_unlock(&queue->lock);
	if (!room || queue->filled)
		return room;
	chunk = malloc(QUEUE_CHUNK);
	if (!chunk)
		return false;
	pthread_mutex_lock(&queue->lock);
	append(queue, chunk);
	pthread_mutex_unlock(&queue->lock);
	return true;
}

bool queue_put(struct queue *queue, const void *bytes, size_t len)
{
	struct chunk *chunk = queue->filled;
	struct head head;

	if (len > QUEUE_RECORD_MAX)
		len = QUEUE_RECORD_MAX;
	head = (struct head){.len = (uint32_t)len};
	memcpy(chunk->bytes + chunk->used, &head, sizeof(head));
	memcpy(chunk->bytes + chunk->used + sizeof(head), bytes, len);
	chunk->used += space(len);
	queue->put++;
	return has_room(chunk);
}

/* The lock is held. Whoever sleeps on it is woken. */
static void wake_consumer(struct queue *queue)
{
	if (queue->hungry)
		eventfd_write(queue->fd, 1);
	queue->hungry = false;
}

void queue_show(struct queue *queue)
{
	struct chunk *chunk = queue->filled;

	if (!chunk || chunk->used == chunk->shown)
		return;
	pthread_mutex_lock(&queue->lock);
	chunk->shown = chunk->used;
	chunk->full = !has_room(chunk);
	if (chunk->full)
		queue->filled = NULL;
	wake_consumer(queue);
	pthread_mutex_unlock(&queue->lock);
}

bool queue_rest(struct queue *queue, uint64_t ns)
{
	struct timespec until;
	bool stop;
	int ret = 0;

	ns += clock_now();
	until = (struct timespec){
		.tv_sec = (time_t)(ns / CLOCK_SECOND),
		.tv_nsec = (long)(ns % CLOCK_SECOND),
	};
	pthread_mutex_lock(&queue->lock);
	while (!ret && !queue->stop && !queue->eased && queue->demanded == queue->known)
		ret = pthread_cond_timedwait(&queue->changed, &queue->lock, &until);
	stop = queue->stop;
	pthread_mutex_unlock(&queue->lock);
	return !stop;
}

uint64_t queue_demanded(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->known = queue->demanded;
	pthread_mutex_unlock(&queue->lock);
	return queue->known;
}

void queue_meet(struct queue *queue, uint64_t demand)
{
	queue_show(queue);
	pthread_mutex_lock(&queue->lock);
	if (queue->met != demand) {
		queue->met = demand;
		queue->wanted = queue->put;
		/* Also when it has not yet looked for what is new. */
		queue->hungry = true;
		wake_consumer(queue);
	}
	pthread_mutex_unlock(&queue->lock);
}

int queue_fd(const struct queue *queue)
{
	return queue->fd;
}

/* The oldest chunk has been read, and no more comes into it. The lock is held. Returns what is to be freed. */
static struct chunk *give_back(struct queue *queue)
{
	struct chunk *chunk = queue->first;

	queue->first = chunk->next;
	if (!queue->first)
		queue->last = NULL;
	queue->held--;
	if (queue->cramped) {
		queue->cramped = false;
		queue->eased = true;
		pthread_cond_signal(&queue->changed);
	}
	if (queue->spares == QUEUE_SPARE)
		return chunk;
	chunk->next = queue->spare;
	queue->spare = chunk;
	queue->spares++;
	return NULL;
}

/* Looks what has been shown meanwhile. False when there is nothing: from now on the descriptor tells. */
static bool look(struct queue *queue)
{
	struct chunk *chunk, *unused = NULL;
	eventfd_t told;

	pthread_mutex_lock(&queue->lock);
	chunk = queue->first;
	if (chunk && chunk->full && queue->at == chunk->shown) {
		unused = give_back(queue);
		queue->at = 0;
		chunk = queue->first;
	}
	queue->read = chunk;
	queue->end = chunk ? chunk->shown : 0;
	queue->hungry = queue->at == queue->end;
	if (queue->hungry)
		eventfd_read(queue->fd, &told);
	pthread_mutex_unlock(&queue->lock);
	free(unused);
	return queue->at < queue->end;
}

const void *queue_take(struct queue *queue, size_t *len)
{
	const unsigned char *record;
	struct head head;

	if (queue->at == queue->end && !look(queue))
		return NULL;
	memcpy(&head, queue->read->bytes + queue->at, sizeof(head));
	record = queue->read->bytes + queue->at + sizeof(head);
	queue->at += space(head.len);
	queue->taken++;
	*len = head.len;
	return record;
}

void queue_demand(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->demanded++;
	pthread_cond_signal(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
}

bool queue_met(struct queue *queue)
{
	bool met;

	pthread_mutex_lock(&queue->lock);
	met = queue->met == queue->demanded && queue->taken >= queue->wanted;
	pthread_mutex_unlock(&queue->lock);
	return met;
}

void queue_stop(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->stop = true;
	pthread_cond_signal(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
}
