/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* pthread_setname_np */
#include "probe/drain.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "probe/queue.h"

/* The ring is looked at this often at least, and at most, in ns. */
#define LOOK_SLOWEST 28000000ull
#define LOOK_FASTEST 200000ull
/* What busy programs can send: the ring is looked at before three quarters of its room are taken. */
#define BYTES_PER_SECOND (256ull << 20)
/* Records that come all the time are looked at as often as so many bytes of them come. */
#define PORTION(size) ((size) / 8)
/* From here on they go to memory, however far behind the reader is. */
#define FULL(size) ((size) / 2)

/* Read ahead in any case. */
#define AHEAD QUEUE_SPARE
/* Read ahead at most: so many times the ring, and so many bytes. */
#define RINGS      16
#define BYTES_MOST ((size_t)128 << 20)

struct drain {
	struct queue *queue;
	struct ring_buffer *ring; /* the thread's from drain_start() on */
	pthread_t thread;
	bool started;
	size_t size;     /* of the ring, bytes */
	size_t most;     /* chunks */
	uint64_t demand; /* the last one, and how many bytes were in the ring then at most */
	size_t due;
};

static int each_record(void *arg, void *bytes, size_t len)
{
	struct drain *drain = arg;

	return queue_put(drain->queue, bytes, len) ? 0 : -ENOBUFS;
}

struct drain *drain_new(int map, struct error *err)
{
	struct drain *drain = calloc(1, sizeof(*drain));

	if (!drain || !(drain->queue = queue_new()) ||
	    !(drain->ring = ring_buffer__new(map, each_record, drain, NULL))) {
		error_set(err, -errno, "bpf: ring buffer: %s; try a smaller --buffer",
			  strerror(errno));
		drain_free(drain);
		return NULL;
	}
	drain->size = ring__size(ring_buffer__ring(drain->ring, 0));
	drain->most =
		(drain->size < BYTES_MOST / RINGS ? drain->size * RINGS : BYTES_MOST) / QUEUE_CHUNK;
	if (drain->most < AHEAD)
		drain->most = AHEAD;
	return drain;
}

void drain_free(struct drain *drain)
{
	if (!drain)
		return;
	if (drain->started) {
		queue_stop(drain->queue);
		pthread_join(drain->thread, NULL);
	}
	ring_buffer__free(drain->ring);
	queue_free(drain->queue);
	free(drain);
}

/* Bytes in the ring. */
static size_t waiting(const struct drain *drain)
{
	return ring__avail_data_size(ring_buffer__ring(drain->ring, 0));
}

static void note_demand(struct drain *drain)
{
	uint64_t demand = queue_demanded(drain->queue);

	if (demand == drain->demand)
		return;
	drain->demand = demand;
	drain->due = waiting(drain);
}

/* Takes from the ring what is to be read ahead. */
static void empty(struct drain *drain)
{
	const struct ring *ring = ring_buffer__ring(drain->ring, 0);
	bool full = waiting(drain) >= FULL(drain->size), more = true;

	note_demand(drain);
	while (more && queue_room(drain->queue, full || drain->due ? drain->most : AHEAD)) {
		size_t before = ring__consumer_pos(ring), taken;

		more = ring_buffer__consume(drain->ring) == -ENOBUFS;
		taken = ring__consumer_pos(ring) - before;
		drain->due = more && taken < drain->due ? drain->due - taken : 0;
		queue_show(drain->queue);
		if (!drain->due)
			queue_meet(drain->queue, drain->demand);
	}
}

/* When the next look is due, if `came` bytes came in `ns`. */
static uint64_t interval(const struct drain *drain, uint64_t ns, size_t came)
{
	uint64_t room = drain->size - waiting(drain);
	uint64_t next = room * (CLOCK_SECOND * 3 / 4) / BYTES_PER_SECOND;

	if (ns > CLOCK_SECOND)
		ns = CLOCK_SECOND;
	if (came && ns * PORTION(drain->size) / came < next)
		next = ns * PORTION(drain->size) / came;
	if (next > LOOK_SLOWEST)
		return LOOK_SLOWEST;
	return next < LOOK_FASTEST ? LOOK_FASTEST : next;
}

static void *run(void *arg)
{
	struct drain *drain = arg;
	const struct ring *ring = ring_buffer__ring(drain->ring, 0);
	uint64_t last = clock_now(), next = LOOK_FASTEST;
	size_t made = ring__producer_pos(ring);

	while (queue_rest(drain->queue, next)) {
		uint64_t now = clock_now();
		size_t came = ring__producer_pos(ring) - made;

		empty(drain);
		next = interval(drain, now - last, came);
		last = now;
		made += came;
	}
	return NULL;
}

int drain_start(struct drain *drain, struct error *err)
{
	sigset_t all, before;
	int ret;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ret = -pthread_create(&drain->thread, NULL, run, drain);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	drain->started = !ret;
	if (!ret)
		pthread_setname_np(drain->thread, "ftrace-ring");
	return ret ? error_set(err, ret, "a thread: %s; close something", strerror(-ret)) : 0;
}

int drain_fd(const struct drain *drain)
{
	return queue_fd(drain->queue);
}

int drain_read(struct drain *drain, int (*each)(void *arg, const void *bytes, size_t len),
	       void *arg)
{
	const void *record;
	size_t len;
	int ret = 0;

	while (!ret && (record = queue_take(drain->queue, &len)))
		ret = each(arg, record, len);
	return ret < 0 ? ret : 0;
}

void drain_demand(struct drain *drain)
{
	queue_demand(drain->queue);
}

bool drain_met(struct drain *drain)
{
	return queue_met(drain->queue);
}
