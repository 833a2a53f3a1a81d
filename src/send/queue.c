/* SPDX-License-Identifier: GPL-2.0-only */
#include "send/queue.h"

#include <stdlib.h>
#include <string.h>

void send_queue_init(struct send_queue *queue, size_t room)
{
	*queue = (struct send_queue){.room = room};
}

void send_queue_release(struct send_queue *queue)
{
	struct send_request *request;

	while ((request = send_queue_take(queue)))
		free(request);
}

struct send_request *send_queue_take(struct send_queue *queue)
{
	struct send_request *request = queue->oldest;

	if (!request)
		return NULL;
	queue->oldest = request->next;
	if (!queue->oldest)
		queue->newest = NULL;
	queue->held -= request->len;
	request->next = NULL;
	return request;
}

uint64_t send_queue_put(struct send_queue *queue, const void *bytes, size_t len, uint32_t spans)
{
	struct send_request *request = len <= queue->room ? malloc(sizeof(*request) + len) : NULL;
	uint64_t gone = 0;

	if (!request)
		return spans;
	while (queue->held > queue->room - len) {
		struct send_request *oldest = send_queue_take(queue);

		gone += oldest->spans;
		free(oldest);
	}
	*request = (struct send_request){.spans = spans, .len = len};
	memcpy(request->bytes, bytes, len);
	if (queue->newest)
		queue->newest->next = request;
	else
		queue->oldest = request;
	queue->newest = request;
	queue->held += len;
	return gone;
}

uint64_t send_queue_put_back(struct send_queue *queue, struct send_request *request)
{
	uint64_t spans = request->spans;

	/* It is the oldest: the first to make room. */
	if (queue->held > queue->room - request->len) {
		free(request);
		return spans;
	}
	request->next = queue->oldest;
	queue->oldest = request;
	if (!queue->newest)
		queue->newest = request;
	queue->held += request->len;
	return 0;
}
