/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* asprintf */
#include "image/debug_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/regular.h"
#include "image/debug_link.h"

/* One search. */
struct looking {
	struct debug_file *file;
	const struct elf_file *elf; /* the executable */
	const char *path;
	const struct build_ids *ids;
	struct debug_link link;
	bool has_link;
	bool check_crc; /* whatever the ids say */
	bool given;     /* the one that the user named is looked at */
};

/* What a file that was looked at is. */
enum fit {
	FITS,
	ABSENT, /* there is none, or it cannot be opened */
	UNFIT,  /* `err` says why */
};

/* What to do then depends on who has named it. */
static enum fit unfit(const struct looking *look, struct error *err, const char *at,
		      const char *cause)
{
	error_set(err, -EINVAL, "%s: %s; %s", at, cause,
		  look->given ? "give that of this build" : "it is not used");
	return UNFIT;
}

/* Whether two ids that are there are the same; *known when they are. */
static enum fit compare_ids(const struct looking *look, const struct build_ids *other,
			    const char *at, bool *known, struct error *err)
{
	const struct build_ids *ids = look->ids;
	char cause[256];

	*known = true;
	if (*ids->gnu && *other->gnu) {
		if (!strcmp(ids->gnu, other->gnu))
			return FITS;
		snprintf(cause, sizeof(cause),
			 "debug information of another build (build id %.40s, the executable's is "
			 "%.40s)",
			 other->gnu, ids->gnu);
		return unfit(look, err, at, cause);
	}
	if (*ids->go && *other->go) {
		if (!strcmp(ids->go, other->go))
			return FITS;
		return unfit(look, err, at,
			     "debug information of another build (Go's build ids differ)");
	}
	*known = false;
	return FITS;
}

/* Whether the file is of the executable's build. */
static enum fit compare(const struct looking *look, const struct elf_file *found, const char *at,
			struct error *err)
{
	const struct stat *own = &look->elf->content.when, *st = &found->content.when;
	struct build_ids other;
	enum fit fit;
	bool known;
	uint32_t crc;

	/* A link may bear the executable's own name, for a file in another directory. */
	if (look->check_crc && own->st_dev == st->st_dev && own->st_ino == st->st_ino)
		return ABSENT;
	if (!elf_has_units(found))
		return unfit(look, err, at, "no debug information in it");
	build_ids_read(found, &other);
	fit = compare_ids(look, &other, at, &known, err);
	if (fit != FITS || (known && !look->check_crc))
		return fit;
	if (!look->has_link)
		return unfit(
			look, err, at,
			"it cannot be told whether it is of this build: no build id is in both, and "
			"the executable has no .gnu_debuglink");
	if (debug_link_crc(found->content.fd, &crc))
		return unfit(look, err, at, "it cannot be read as a whole");
	if (crc != look->link.crc)
		return unfit(look, err, at,
			     "debug information of another build (its CRC is not the one in "
			     ".gnu_debuglink)");
	return FITS;
}

/* Takes over `fd`. */
static enum fit try_fd(struct looking *look, int fd, const char *at, struct error *err)
{
	struct debug_file *file = look->file;
	enum fit fit = UNFIT;
	struct elf_file elf;

	if (elf_open_apart(&elf, fd, at, err)) {
		/* Its remedy is for who wants a program. */
		if (err->code == -ENOEXEC)
			unfit(look, err, at, "no sound ELF file of this architecture");
		goto close_fd;
	}
	fit = compare(look, &elf, at, err);
	if (fit == FITS && !content_is_current(&elf.content))
		fit = unfit(look, err, at, "was overwritten while it was read");
	if (fit == FITS && !(file->path = strdup(at)))
		fit = unfit(look, err, at, "out of memory");
	if (fit == FITS)
		file->elf = elf;
	else
		elf_release(&elf);
close_fd:
	close(fd);
	return fit;
}

static enum fit try_path(struct looking *look, const char *at, struct error *err)
{
	int fd = regular_open(at);

	return fd < 0 ? ABSENT : try_fd(look, fd, at, err);
}

/* The first reason is kept. */
static void note(char **reason, const struct error *err)
{
	if (!*reason)
		*reason = strdup(err->text);
}

/* For debug_link_each(): 1 ends the search. */
static int try_place(void *arg, const char *at)
{
	struct looking *look = arg;
	struct error err = {0};
	enum fit fit = try_path(look, at, &err);

	if (fit == UNFIT)
		note(&look->file->refused, &err);
	return fit == FITS;
}

static bool find_given(struct looking *look, const char *given)
{
	struct error err = {0};
	enum fit fit;
	int fd = regular_open(given);

	look->given = true;
	if (fd < 0) {
		error_set(&err, fd, "%s: %s; check the path", given,
			  fd == -ENXIO ? "not a regular file" : strerror(-fd));
		fit = UNFIT;
	} else {
		fit = try_fd(look, fd, given, &err);
	}
	look->given = false;
	look->file->given = fit == FITS;
	if (fit != FITS)
		note(&look->file->unfit, &err);
	return fit == FITS;
}

static bool find_by_build_id(struct looking *look)
{
	const char *id = look->ids->gnu;
	char at[sizeof("/usr/lib/debug/.build-id//.debug") + sizeof(look->ids->gnu)];

	if (strlen(id) < 3)
		return false;
	snprintf(at, sizeof(at), "/usr/lib/debug/.build-id/%.2s/%s.debug", id, id + 2);
	return try_place(look, at);
}

static bool find_by_link(struct looking *look)
{
	int found;

	if (!look->has_link)
		return false;
	look->check_crc = true;
	found = debug_link_each(look->elf, look->path, &look->link, try_place, look);
	look->check_crc = false;
	return found;
}

static bool find_elsewhere(struct looking *look, const struct debug_search *search)
{
	struct error err = {0};
	enum fit fit = ABSENT;
	char *name = NULL;
	int fd;

	if (!search->fetch || !*look->ids->gnu)
		return false;
	fd = search->fetch(search->arg, look->ids->gnu, &name, &err);
	if (fd >= 0)
		fit = try_fd(look, fd, name ? name : "?", &err);
	if (fit == UNFIT || (fd < 0 && fd != -ENOENT))
		note(&look->file->refused, &err);
	free(name);
	return fit == FITS;
}

void debug_file_find(struct debug_file *file, const struct elf_file *elf, const char *path,
		     const struct build_ids *ids, const struct debug_search *search,
		     bool only_given)
{
	struct looking look = {.file = file, .elf = elf, .path = path, .ids = ids};

	*file = (struct debug_file){0};
	look.has_link = debug_link_read(elf, &look.link);
	if (search->given && find_given(&look, search->given))
		return;
	if (only_given)
		return;
	if (find_by_build_id(&look) || find_by_link(&look) || find_elsewhere(&look, search)) {
		free(file->refused);
		file->refused = NULL;
	}
}

void debug_file_release(struct debug_file *file)
{
	if (file->path)
		elf_release(&file->elf);
	free(file->path);
	free(file->unfit);
	free(file->refused);
	*file = (struct debug_file){0};
}

static int is_there(void *arg, const char *at)
{
	const struct stat *wanted = arg;
	struct stat st;

	return !stat(at, &st) && st.st_dev == wanted->st_dev && st.st_ino == wanted->st_ino;
}

bool debug_file_is_linked(const struct elf_file *elf, const char *path, const struct stat *st)
{
	struct debug_link link;
	struct stat wanted = *st;

	return debug_link_read(elf, &link) && debug_link_each(elf, path, &link, is_there, &wanted);
}
