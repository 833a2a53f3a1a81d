// SPDX-License-Identifier: GPL-2.0-only

#include <pthread.h>
#include "_cgo_export.h"

// A thread-local of C's own, so that g is not alone in the TLS block.
static _Thread_local int calls[5];

void calls_back(int n)
{
	calls[n % 5]++;
	goCallback(n);
}

static void *thread(void *times)
{
	for (int i = 0; i < *(int *)times; i++)
		calls_back(i % 3);
	return NULL;
}

void from_threads(int threads, int times)
{
	pthread_t id[16];
	int n = 0;

	while (n < threads && n < 16 && !pthread_create(&id[n], NULL, thread, &times))
		n++;
	while (n > 0)
		pthread_join(id[--n], NULL);
}
