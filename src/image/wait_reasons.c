/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/wait_reasons.h"

#include <stddef.h>

#define COLUMNS 7

/* The first release, Go 1.N, of each column; a column holds up to the next one's. */
static const int since[COLUMNS + 1] = {19, 20, 22, 23, 24, 25, 26, 28};

/* The runtime's constant by column; 0, which says nothing in any, where there is no such reason. */
static const struct {
	const char *name;
	unsigned char numbers[COLUMNS];
} reasons[] = {
	/* clang-format off */
	{"GC assist marking", {1, 1, 1, 1, 1, 1, 1}},
	{"IO wait", {2, 2, 2, 2, 2, 2, 2}},
	{"chan receive (nil chan)", {3, 3, 3, 3, 3, 3, 15}},
	{"chan send (nil chan)", {4, 4, 4, 4, 4, 4, 16}},
	{"dumping heap", {5, 5, 5, 5, 5, 5, 3}},
	{"garbage collection", {6, 6, 6, 6, 6, 6, 4}},
	{"garbage collection scan", {7, 7, 7, 7, 7, 7, 5}},
	{"panicwait", {8, 8, 8, 8, 8, 8, 6}},
	{"select", {9, 9, 9, 9, 9, 9, 18}},
	{"select (no cases)", {10, 10, 10, 10, 10, 10, 17}},
	{"GC assist wait", {11, 11, 11, 11, 11, 11, 7}},
	{"GC sweep wait", {12, 12, 12, 12, 12, 12, 8}},
	{"GC scavenge wait", {13, 13, 13, 13, 13, 13, 9}},
	{"chan receive", {14, 14, 14, 14, 14, 14, 19}},
	{"chan send", {15, 15, 15, 15, 15, 15, 20}},
	{"finalizer wait", {16, 16, 16, 16, 16, 16, 10}},
	{"force gc (idle)", {17, 17, 17, 17, 17, 17, 11}},
	{"semacquire", {18, 18, 18, 18, 18, 19, 13}},
	{"sleep", {19, 19, 19, 19, 19, 20, 14}},
	{"sync.Cond.Wait", {20, 20, 20, 20, 20, 21, 21}},
	{"timer goroutine (idle)", {21, 0, 0, 0, 0, 0, 0}},
	{"trace reader (blocked)", {22, 24, 24, 24, 25, 26, 26}},
	{"wait for GC cycle", {23, 25, 25, 25, 26, 27, 27}},
	{"GC worker (idle)", {24, 26, 26, 26, 27, 28, 28}},
	{"preempted", {25, 28, 28, 28, 29, 30, 30}},
	{"debug call", {26, 29, 29, 29, 30, 31, 31}},
	{"sync.Mutex.Lock", {0, 21, 21, 21, 21, 22, 22}},
	{"sync.RWMutex.RLock", {0, 22, 22, 22, 22, 23, 23}},
	{"sync.RWMutex.Lock", {0, 23, 23, 23, 23, 24, 24}},
	{"GC worker (active)", {0, 27, 27, 27, 28, 29, 29}},
	{"GC mark termination", {0, 30, 30, 30, 31, 32, 32}},
	{"stopping the world", {0, 31, 31, 31, 32, 33, 33}},
	{"flushing proc caches", {0, 0, 32, 32, 33, 34, 34}},
	{"trace goroutine status", {0, 0, 33, 33, 34, 35, 35}},
	{"trace proc status", {0, 0, 34, 34, 35, 36, 36}},
	{"page trace flush", {0, 0, 35, 35, 36, 37, 37}},
	{"coroutine", {0, 0, 36, 36, 37, 38, 38}},
	{"GC weak to strong wait", {0, 0, 0, 37, 38, 39, 39}},
	{"sync.WaitGroup.Wait", {0, 0, 0, 0, 24, 25, 25}},
	{"synctest.Run", {0, 0, 0, 0, 39, 40, 40}},
	{"synctest.Wait", {0, 0, 0, 0, 40, 41, 41}},
	{"chan receive (synctest)", {0, 0, 0, 0, 41, 0, 0}},
	{"chan send (synctest)", {0, 0, 0, 0, 42, 0, 0}},
	{"select (synctest)", {0, 0, 0, 0, 43, 0, 0}},
	{"GOMAXPROCS updater (idle)", {0, 0, 0, 0, 0, 18, 12}},
	{"chan receive (durable)", {0, 0, 0, 0, 0, 42, 42}},
	{"chan send (durable)", {0, 0, 0, 0, 0, 43, 43}},
	{"select (durable)", {0, 0, 0, 0, 0, 44, 44}},
	{"sync.WaitGroup.Wait (durable)", {0, 0, 0, 0, 0, 45, 45}},
	{"cleanup wait", {0, 0, 0, 0, 0, 46, 46}},
	/* clang-format on */
};

const char *wait_reason(int minor, unsigned int number)
{
	size_t column = 0;

	if (!number || minor < since[0] || minor >= since[COLUMNS])
		return NULL;
	while (minor >= since[column + 1])
		column++;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].numbers[column] == number)
			return reasons[i].name;
	return NULL;
}
