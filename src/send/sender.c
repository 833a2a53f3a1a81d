/* SPDX-License-Identifier: GPL-2.0-only */
#include "send/sender.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/capabilities.h"
#include "base/clock.h"
#include "send/http.h"
#include "send/queue.h"
#include "send/rejected.h"

#define SECOND      1000000000ull
#define SAY_EVERY   (60 * SECOND)
#define DELAY_FIRST (1 * SECOND)
#define DELAY_MOST  (8 * SECOND)
#define FINISH      (5 * SECOND)
#define RETRY_MOST  3600u /* s that an answer may ask for */

struct sender {
	const struct send_settings *settings;
	struct http *http;
	bool quiet;
	pthread_t thread;
	bool started;

	pthread_mutex_t lock;   /* of what follows; never held while anything is sent */
	pthread_cond_t changed; /* by CLOCK_MONOTONIC */
	struct send_queue queue;
	struct sender_counts counts;
	char why[64];
	bool busy;     /* a request is on its way */
	bool ending;   /* no more comes */
	bool last;     /* the request on its way was begun then */
	bool hurried;  /* ... and that was a reason to try again at once */
	bool given_up; /* the last try has failed */
	atomic_bool stop;

	/* The thread's own. */
	struct buf packed, body;
	uint64_t said; /* when something was */
	uint64_t delay;
	unsigned int seed;
};

/* Under the lock. */
static void drop(struct sender *sender, uint64_t spans, const char *why)
{
	if (!spans)
		return;
	sender->counts.dropped += spans;
	snprintf(sender->why, sizeof(sender->why), "%s", why);
	sender->counts.why = sender->why;
}

static void say(struct sender *sender, const char *what, const char *then)
{
	uint64_t now = clock_now();

	if (sender->quiet || (sender->said && now - sender->said < SAY_EVERY))
		return;
	sender->said = now;
	fprintf(stderr, "ftrace: --otlp: %s: %s; %s\n", sender->settings->shown, what, then);
}

/* False when memory is out. */
static bool gzip(struct buf *to, const struct send_request *request)
{
	z_stream stream = {.next_in = (Bytef *)request->bytes, .avail_in = (uInt)request->len};
	uLong bound;
	bool whole = false;

	buf_reset(to);
	/* 15 bits, and 16 for gzip's head (zlib.h). */
	if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	bound = deflateBound(&stream, request->len);
	stream.next_out = (Bytef *)buf_room(to, bound);
	stream.avail_out = (uInt)bound;
	if (stream.next_out && deflate(&stream, Z_FINISH) == Z_STREAM_END) {
		to->len = stream.total_out;
		whole = true;
	}
	deflateEnd(&stream);
	return whole;
}

/* A success: all of it but for what the answer says was rejected. */
static void on_success(struct sender *sender, const struct send_request *request)
{
	struct rejected rejected;
	char text[sizeof(rejected.message) + 64];

	rejected_read(&rejected, sender->body.data, sender->body.len);
	if (rejected.spans > request->spans)
		rejected.spans = request->spans;
	if (rejected.spans) {
		snprintf(text, sizeof(text), "%" PRIu64 " spans rejected: %s", rejected.spans,
			 rejected.message);
		say(sender, text, "they are gone");
	}
	pthread_mutex_lock(&sender->lock);
	sender->counts.sent += request->spans - rejected.spans;
	drop(sender, rejected.spans, "rejected");
	pthread_mutex_unlock(&sender->lock);
	sender->delay = 0;
}

static bool is_for_later(long status)
{
	return !status || status == 429 || status == 502 || status == 503 || status == 504;
}

/* How long to wait, ns. */
static uint64_t next_delay(struct sender *sender, const struct http_answer *answer)
{
	uint64_t delay;

	if (answer->retry)
		return (answer->retry < RETRY_MOST ? answer->retry : RETRY_MOST) * SECOND;
	sender->delay = sender->delay ? sender->delay * 2 : DELAY_FIRST;
	if (sender->delay > DELAY_MOST)
		sender->delay = DELAY_MOST;
	/* Many that lost the same collector do not come back at once: a quarter less, or more. */
	delay = sender->delay - sender->delay / 4;
	return delay + (uint64_t)rand_r(&sender->seed) % (sender->delay / 2);
}

/* The time at which it may be tried again; 0: it is done. Frees the request, or puts it back. */
static uint64_t on_answer(struct sender *sender, struct send_request *request,
			  const struct http_answer *answer)
{
	bool later = is_for_later(answer->status);
	char what[64];

	if (answer->status >= 200 && answer->status < 300) {
		on_success(sender, request);
		free(request);
		return 0;
	}
	snprintf(what, sizeof(what), "it answers %ld", answer->status);
	if (!atomic_load(&sender->stop))
		say(sender, answer->status ? what : answer->problem,
		    later ? "spans wait" : "its spans are gone");
	pthread_mutex_lock(&sender->lock);
	snprintf(what, sizeof(what), "answer %ld", answer->status);
	if (!later) {
		drop(sender, request->spans, what);
		free(request);
	} else {
		drop(sender, send_queue_put_back(&sender->queue, request), "no room");
		/* Who answers may take it in the time that is left. */
		sender->given_up = sender->last && !answer->status;
	}
	pthread_mutex_unlock(&sender->lock);
	return later ? clock_now() + next_delay(sender, answer) : 0;
}

/* Until the time; when the end comes it is over, once. Under the lock. */
static void wait_until(struct sender *sender, uint64_t time)
{
	struct timespec at = {.tv_sec = (time_t)(time / SECOND), .tv_nsec = (long)(time % SECOND)};

	while (!(sender->ending && !sender->hurried) && !atomic_load(&sender->stop) &&
	       clock_now() < time)
		pthread_cond_timedwait(&sender->changed, &sender->lock, &at);
	sender->hurried = sender->ending;
}

static uint64_t send_one(struct sender *sender, struct send_request *request)
{
	struct http_answer answer = {.problem = "out of memory"};

	if (!sender->settings->gzip)
		http_post(sender->http, request->bytes, request->len, &answer, &sender->body);
	else if (gzip(&sender->packed, request))
		http_post(sender->http, sender->packed.data, sender->packed.len, &answer,
			  &sender->body);
	return on_answer(sender, request, &answer);
}

static void *run(void *arg)
{
	struct sender *sender = arg;
	uint64_t again = 0;

	/* Whoever talks to others needs none of what tracing takes. */
	(void)capabilities_keep(0);
	pthread_mutex_lock(&sender->lock);
	for (;;) {
		struct send_request *request;

		if (again)
			wait_until(sender, again);
		while (!sender->queue.oldest && !sender->ending)
			pthread_cond_wait(&sender->changed, &sender->lock);
		if (sender->given_up || atomic_load(&sender->stop))
			break;
		request = send_queue_take(&sender->queue);
		if (!request)
			break;
		sender->busy = true;
		sender->last = sender->ending;
		pthread_mutex_unlock(&sender->lock);
		again = send_one(sender, request);
		pthread_mutex_lock(&sender->lock);
		sender->busy = false;
		pthread_cond_broadcast(&sender->changed);
	}
	sender->given_up = true;
	pthread_cond_broadcast(&sender->changed);
	pthread_mutex_unlock(&sender->lock);
	return NULL;
}

/* No signal is the thread's: they are read elsewhere. */
static int start(struct sender *sender)
{
	sigset_t all, before;
	int ret;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ret = pthread_create(&sender->thread, NULL, run, sender);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	sender->started = !ret;
	return -ret;
}

struct sender *sender_new(const struct send_settings *settings, bool quiet, struct error *err)
{
	struct sender *sender = calloc(1, sizeof(*sender));
	pthread_condattr_t clock;
	int ret;

	if (!sender) {
		error_set(err, -ENOMEM, "out of memory; close something");
		return NULL;
	}
	sender->settings = settings;
	sender->quiet = quiet;
	sender->seed = (unsigned int)clock_now();
	send_queue_init(&sender->queue, settings->room);
	pthread_mutex_init(&sender->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&sender->changed, &clock);
	pthread_condattr_destroy(&clock);
	sender->http = http_new(settings, &sender->stop, err);
	if (!sender->http) {
		sender_free(sender);
		return NULL;
	}
	ret = start(sender);
	if (!ret)
		return sender;
	error_set(err, ret, "--otlp: no thread can be made: %s; close something", strerror(-ret));
	sender_free(sender);
	return NULL;
}

void sender_put(struct sender *sender, const void *bytes, size_t len, uint32_t spans)
{
	pthread_mutex_lock(&sender->lock);
	drop(sender, send_queue_put(&sender->queue, bytes, len, spans), "no room");
	pthread_cond_signal(&sender->changed);
	pthread_mutex_unlock(&sender->lock);
}

void sender_finish(struct sender *sender, struct sender_counts *counts)
{
	uint64_t until = clock_now() + FINISH;
	struct timespec at = {.tv_sec = (time_t)(until / SECOND),
			      .tv_nsec = (long)(until % SECOND)};
	struct send_request *request;

	pthread_mutex_lock(&sender->lock);
	sender->ending = true;
	pthread_cond_broadcast(&sender->changed);
	while (!sender->given_up && clock_now() < until)
		pthread_cond_timedwait(&sender->changed, &sender->lock, &at);
	atomic_store(&sender->stop, true);
	pthread_cond_broadcast(&sender->changed);
	pthread_mutex_unlock(&sender->lock);
	pthread_join(sender->thread, NULL);
	sender->started = false;
	while ((request = send_queue_take(&sender->queue))) {
		drop(sender, request->spans, "no answer");
		free(request);
	}
	*counts = sender->counts;
}

void sender_free(struct sender *sender)
{
	struct sender_counts counts;

	if (!sender)
		return;
	if (sender->started)
		sender_finish(sender, &counts);
	http_free(sender->http);
	send_queue_release(&sender->queue);
	buf_release(&sender->packed);
	buf_release(&sender->body);
	pthread_cond_destroy(&sender->changed);
	pthread_mutex_destroy(&sender->lock);
	free(sender);
}
