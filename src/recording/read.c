/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recording/reader.h"

void recording_close(struct recording *recording)
{
	if (!recording)
		return;
	recording_turn_to(recording, NULL);
	blocks_release(&recording->blocks);
	decoder_release(&recording->decoder);
	directory_release(&recording->directory);
	free(recording);
}

void recording_note_damage(struct recording *recording, const struct block_head *head,
			   uint32_t done)
{
	struct recording_damage *damage = &recording->damage;

	recording->decoder.gaps = true;
	if (!damage->blocks++)
		damage->first = head->check ? head->number : recording->number;
	if (head->check && head->calls > done)
		damage->calls += head->calls - done;
}

int recording_next_block(struct recording *recording, struct block_head *head)
{
	for (;;) {
		switch (blocks_next(&recording->blocks, head)) {
		case BLOCKS_BLOCK:
			recording->number = (uint64_t)head->number + 1;
			return 1;
		case BLOCKS_DAMAGED:
			recording_note_damage(recording, head, 0);
			recording->number++;
			break;
		case BLOCKS_END:
			return 0;
		case BLOCKS_ERROR:
			return recording->blocks.error;
		}
	}
}

int recording_play_found(struct recording *recording, const struct block_head *head,
			 struct sink *sink)
{
	/* Calls stand in data blocks alone: others the index does not tell of. */
	int ret = decode_block(&recording->decoder, recording->blocks.plain, head->plain,
			       head->kind == BLOCK_DATA ? sink : NULL);

	if (head->kind == BLOCK_END && !ret)
		recording->ended = true;
	if (ret != -EBADMSG)
		return ret;
	recording_note_damage(recording, head, recording->decoder.done);
	return 0;
}

static int nothing_in_it(const char *name, struct error *err)
{
	return error_set(err, -EBADMSG,
			 "%s: nothing is in the recording: its recorder ended before it began, or the "
			 "file was cut; record it again",
			 name);
}

/* The head is damaged, and this came instead. */
static int keep_first(struct recording *recording, const struct block_head *head)
{
	recording->first = *head;
	recording->has_first = true;
	return 0;
}

static int read_head(struct recording *recording, const char *name, struct error *err)
{
	struct file_head file;
	struct block_head head;
	bool whole = blocks_head(&recording->blocks, &file);
	int ret;

	if (!whole && blocks_head_is_cut(&recording->blocks))
		return nothing_in_it(name, err);
	if (!whole ||
	    memcmp(file.magic, RECORDING_MAGIC, sizeof(file.magic)) != 0 ||
	    file.check != ~file.version)
		return error_set(err, recording->blocks.error ? recording->blocks.error : -EBADMSG,
				 "%s: %s; name a file that 'ftrace record' wrote", name,
				 recording->blocks.error ? strerror(-recording->blocks.error)
							 : "no recording");
	if (file.version > RECORDING_VERSION)
		return error_set(
			err, -EPROTONOSUPPORT,
			"%s: a recording of version %u, and this ftrace reads up to %u; use "
			"a newer one",
			name, file.version, RECORDING_VERSION);
	recording->decoder.version = file.version;
	recording->bounded = recording->decoder.gaps = file.version == RECORDING_BOUNDED;
	if (recording->bounded && lseek(recording->blocks.fd, 0, SEEK_CUR) < 0)
		return error_set(
			err, -errno,
			"%s: of bounded size (--max-size), which cannot be read from a pipe; "
			"name the file",
			name);
	ret = recording_next_block(recording, &head);
	if (ret > 0 && head.kind == BLOCK_HEAD)
		ret = recording_play_found(recording, &head, NULL);
	else if (ret > 0)
		ret = keep_first(recording, &head);
	else if (!ret)
		ret = nothing_in_it(name, err);
	if (ret && !err->code)
		error_set(err, ret, "%s: %s", name, strerror(-ret));
	return ret;
}

struct recording *recording_open(int fd, const char *name, struct error *err)
{
	return recording_follow(fd, name, NULL, err);
}

struct recording *recording_follow(int fd, const char *name, const struct recording_wait *wait,
				   struct error *err)
{
	struct recording *recording = calloc(1, sizeof(*recording));

	*err = (struct error){0};
	if (!recording) {
		error_set(err, -ENOMEM, "%s: out of memory; close something", name);
		return NULL;
	}
	decoder_init(&recording->decoder);
	if (blocks_init(&recording->blocks, fd, wait)) {
		error_set(err, -ENOMEM, "%s: out of memory; close something", name);
		goto fail;
	}
	if (read_head(recording, name, err))
		goto fail;
	return recording;
fail:
	recording_close(recording);
	return NULL;
}

bool recording_is_bounded(const struct recording *recording)
{
	return recording->bounded;
}

const struct recording_head *recording_head(const struct recording *recording)
{
	return &recording->decoder.head;
}

const struct catalog *recording_catalog(const struct recording *recording)
{
	return &recording->decoder.catalog;
}

const struct wall *recording_wall(const struct recording *recording)
{
	return &recording->decoder.wall;
}

/* The block that comes next, which may have been read before. */
static int next_block(struct recording *recording, struct block_head *head)
{
	if (!recording->has_first)
		return recording_next_block(recording, head);
	recording->has_first = false;
	*head = recording->first;
	return 1;
}

int recording_play(struct recording *recording, struct sink *sink)
{
	struct block_head head;
	int ret = recording->bounded ? recording_play_bounded(recording, sink) : 1;

	while (ret > 0 && (ret = next_block(recording, &head)) > 0) {
		ret = recording_play_found(recording, &head, sink);
		if (ret)
			return ret;
		/* What stands behind it would have to be waited for, too. */
		ret = !(recording->ended && recording->blocks.wait);
	}
	/* Who has seen enough knows that there is more. */
	recording->damage.cut = !recording->ended && ret != -EINTR;
	return ret < 0 && ret != -EINTR ? ret : 0;
}

void recording_summary(const struct recording *recording, struct trace_summary *summary)
{
	const struct decoder *decoder = &recording->decoder;
	const struct trace_summary *made = &decoder->made;

	*summary = decoder->summed ? decoder->summary : *made;
	if (!decoder->summed) {
		for (int i = 0; i < MARK_COUNTS; i++)
			summary->marked[i] = summary->marks[i];
		if (summary->ended > decoder->head.start)
			summary->duration = summary->ended - decoder->head.start;
	}
	/* What is counted are those that are there. */
	if (recording->overwritten) {
		memcpy(summary->marks, made->marks, sizeof(summary->marks));
		summary->calls = made->calls;
		summary->unwound = made->unwound;
		summary->open = made->open;
		summary->overwritten += recording->overwritten;
	}
}

const struct recording_damage *recording_damage(const struct recording *recording)
{
	return &recording->damage;
}
