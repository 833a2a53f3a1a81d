/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memfd_create */
/*
 * Whole recordings, of which something is not as it was written: bytes, what is in a block under a checksum that holds, what a head
 * says, the order of blocks, the end. Each is read in every way there is, and what is read by the index is what is there without.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "check.h"
#include "recording/format.h"
#include "recording/recording.h"
#include "sink/formats.h"

#define BLOCKS 32        /* that are looked at of a file */
#define PLAIN  (1u << 16) /* bytes of a block that are changed inside */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

/* Counts what comes. */
struct counter {
	struct sink sink;
	uint64_t calls, others;
};

static int on_root(struct sink *sink, const struct tree *tree)
{
	((struct counter *)sink)->calls += tree->ncalls;
	return 0;
}

static int on_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	check(call < tree->ncalls);
	((struct counter *)sink)->calls++;
	return 0;
}

static int on_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	(void)tree, (void)mark;
	((struct counter *)sink)->others++;
	return 0;
}

static const struct sink_ops counting = {
	.name = "counting", .root = on_root, .leave = on_leave, .mark = on_mark};

/* As `report` reads it. */
static void write_lines(int fd)
{
	struct error err;
	struct recording *recording;
	struct outlet outlet;
	struct sink_config config = {.outlet = &outlet, .tool = "ftrace", .kernel = "6"};
	struct trace_summary summary;
	struct sink *sink;

	check(!lseek(fd, 0, SEEK_SET));
	recording = recording_open(fd, "x", &err);
	if (!recording)
		return;
	outlet_init(&outlet, open("/dev/null", O_WRONLY | O_CLOEXEC));
	config.catalog = recording_catalog(recording);
	config.waits = recording_head(recording)->waits;
	config.goroutines = recording_head(recording)->goroutines;
	sink = sink_jsonl.new(&config);
	check(sink && !sink_begin(sink) && !recording_play(recording, sink));
	recording_summary(recording, &summary);
	check(!sink_end(sink, &summary));
	sink_free(sink);
	check(!outlet_flush(&outlet));
	close(outlet.fd);
	outlet_close(&outlet);
	recording_close(recording);
}

/* Without an index, or of it all that `wants` asks for. */
static struct counter count(int fd, const struct recording_index *index,
			    const struct recording_wants *wants)
{
	struct counter counter = {.sink.ops = &counting};
	struct recording *recording;
	struct error err;

	check(!lseek(fd, 0, SEEK_SET));
	recording = recording_open(fd, "x", &err);
	if (!recording)
		return counter;
	check(!(index ? recording_play_some(recording, index, wants, &counter.sink)
		      : recording_play(recording, &counter.sink)));
	recording_close(recording);
	return counter;
}

/* An index that is believed hides nothing of what is there. */
static void read_some(int fd)
{
	static const uint64_t goid = 18;
	const struct recording_wants all = {.to = UINT64_MAX};
	const struct recording_wants one = {
		.from = 100, .to = UINT64_MAX / 2, .goids = &goid, .ngoids = 1};
	struct recording_index *index = recording_index_read(fd);
	struct counter whole, some;

	if (!index)
		return;
	recording_index_end(index);
	whole = count(fd, NULL, NULL);
	some = count(fd, index, &all);
	check(some.calls == whole.calls && some.others == whole.others);
	some = count(fd, index, &one);
	check(some.calls <= whole.calls);
	recording_index_free(index);
}

/* As --tui reads it: one block after the other, each held until the next. */
static void walk(int fd)
{
	struct counter counter = {.sink.ops = &counting};
	struct held_block *held = NULL;
	struct recording *recording;
	struct error err;
	size_t blocks;

	check(!lseek(fd, 0, SEEK_SET));
	recording = recording_open(fd, "x", &err);
	if (!recording)
		return;
	check(!recording_find_blocks(recording));
	recording_blocks(recording, &blocks);
	for (size_t i = blocks; i-- > 0;) {
		int ret = recording_play_block(recording, i, &counter.sink);

		check(!ret || ret == -EBADMSG);
		recording_block_done(recording);
		if (ret)
			continue;
		recording_turn_to(recording, NULL);
		held_block_free(held);
		check(!recording_play_block(recording, i, &counter.sink));
		held = recording_hold(recording);
		check(held && held_block_size(held));
		recording_turn_to(recording, held);
	}
	recording_turn_to(recording, NULL);
	held_block_free(held);
	recording_close(recording);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("recording", MFD_CLOEXEC);

	check(fd >= 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
	write_lines(fd);
	read_some(fd);
	walk(fd);
	close(fd);
	return 0;
}

/* A file whose blocks are known: block i is data[at[i]] to data[at[i + 1]]. */
struct parsed {
	size_t at[BLOCKS + 1];
	size_t count;
};

static struct block_head head_at(const uint8_t *data, size_t at)
{
	struct block_head head;

	memcpy(&head, data + at, sizeof(head));
	return head;
}

static void put_head(uint8_t *data, size_t at, struct block_head *head)
{
	head->check = block_check(head);
	memcpy(data + at, head, sizeof(*head));
}

static struct parsed parse(const uint8_t *data, size_t size)
{
	static const char magic[8] = BLOCK_MAGIC;
	struct parsed file = {.at = {sizeof(struct file_head)}};

	while (file.count < BLOCKS) {
		size_t at = file.at[file.count];
		struct block_head head;

		if (at > size || size - at < sizeof(head) || memcmp(data + at, magic, sizeof(magic)) != 0)
			break;
		head = head_at(data, at);
		if (head.packed > size - at - sizeof(head))
			break;
		file.at[++file.count] = at + sizeof(head) + head.packed;
	}
	return file;
}

/* The bytes from `at` on, `old` of them, become `len` others. The new size; as it was where they have no room. */
static size_t exchange(uint8_t *data, size_t size, size_t max_size, size_t at, size_t old,
		       const uint8_t *to, size_t len)
{
	if (size - old + len > max_size)
		return size;
	memmove(data + at + len, data + at + old, size - at - old);
	memcpy(data + at, to, len);
	return size - old + len;
}

/* What the block holds is changed, and packed again as a writer would. */
static size_t change_inside(uint8_t *data, size_t size, size_t max_size, size_t at)
{
	static uint8_t plain[PLAIN], block[sizeof(struct block_head) + PLAIN];
	struct block_head head = head_at(data, at);
	size_t old = sizeof(head) + head.packed;
	size_t len = ZSTD_decompress(plain, sizeof(plain), data + at + sizeof(head), head.packed);

	if (ZSTD_isError(len))
		return size;
	len = LLVMFuzzerMutate(plain, len, sizeof(plain));
	head.plain = (uint32_t)len;
	len = ZSTD_compress(block + sizeof(head), sizeof(block) - sizeof(head), plain, len, 1);
	if (ZSTD_isError(len))
		return size;
	head.packed = (uint32_t)len;
	put_head(block, 0, &head);
	return exchange(data, size, max_size, at, old, block, sizeof(head) + len);
}

/* One word of it, which its checksum is made to agree with. */
static size_t change_head(uint8_t *data, size_t size, size_t at, unsigned int seed)
{
	struct block_head head = head_at(data, at);
	uint32_t *words[] = {&head.kind, &head.number, &head.packed, &head.plain, &head.calls};
	uint64_t value = 0;

	LLVMFuzzerMutate((uint8_t *)&value, sizeof(value), sizeof(value));
	switch (seed % 8) {
	case 0:
		head.first = value;
		break;
	case 1:
		head.last = value;
		break;
	case 2:
		head.kind = 1 + value % 5;
		break;
	default:
		*words[seed % 5] = (uint32_t)(seed & 8 ? value : value % 16);
	}
	put_head(data, at, &head);
	return size;
}

/* A block twice, or not at all. */
static size_t change_order(uint8_t *data, size_t size, size_t max_size, const struct parsed *file,
			   unsigned int seed)
{
	static uint8_t block[PLAIN];
	size_t i = seed % file->count, to = seed / 64 % (file->count + 1);
	size_t len = file->at[i + 1] - file->at[i];

	if (seed & 1u << 30)
		return exchange(data, size, max_size, file->at[i], len, NULL, 0);
	if (len > sizeof(block))
		return size;
	memcpy(block, data + file->at[i], len);
	return exchange(data, size, max_size, file->at[to], 0, block, len);
}

/* The last index of the file is the one that its end names. */
static void mend_tail(uint8_t *data, size_t size)
{
	const struct parsed file = parse(data, size);
	struct file_tail tail = {.magic = TAIL_MAGIC};

	if (size < sizeof(tail) || !file.count ||
	    memcmp(data + size - sizeof(tail.magic), TAIL_MAGIC, sizeof(tail.magic)) != 0)
		return;
	tail.index = file.at[file.count - 1];
	memcpy(data + size - sizeof(tail), &tail, sizeof(tail));
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	const struct parsed file = parse(data, size);
	unsigned int choice = seed >> 8;

	if (!file.count || seed % 8 == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	switch (seed % 8) {
	case 1:
		size = change_order(data, size, max_size, &file, choice);
		break;
	case 2:
		size = change_head(data, size, file.at[choice % file.count], choice / 64);
		break;
	case 3:
		return choice % (size + 1);
	default:
		size = change_inside(data, size, max_size, file.at[choice % file.count]);
	}
	if (seed & 1u << 31)
		mend_tail(data, size);
	return size;
}
