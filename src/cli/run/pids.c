/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/pids.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int pids_open(struct pids *pids, const pid_t *list, size_t count, struct error *err)
{
	size_t live = 0;

	*pids = (struct pids){.pids = list, .fds = calloc(count + 1, sizeof(*pids->fds))};
	if (!pids->fds)
		return error_set(err, -ENOMEM, "out of memory; close something");
	for (; pids->count < count; pids->count++) {
		pid_t pid = list[pids->count];
		int fd = (int)syscall(SYS_pidfd_open, pid, 0);

		/* One that has ended since it was found, of several. */
		if (fd < 0 && (errno != ESRCH || (pids->count + 1 == count && !live)))
			return error_set(err, -errno, "PID %d: %s; look for the new one with pidof",
					 (int)pid, strerror(errno));
		pids->fds[pids->count] = fd;
		live += fd >= 0;
	}
	return 0;
}

void pids_close(struct pids *pids)
{
	for (size_t i = 0; i < pids->count; i++)
		pids_end(pids, i);
	free(pids->fds);
	*pids = (struct pids){0};
}

void pids_end(struct pids *pids, size_t i)
{
	if (pids->fds[i] >= 0)
		close(pids->fds[i]);
	pids->fds[i] = -1;
}

bool pids_all_ended(const struct pids *pids)
{
	for (size_t i = 0; i < pids->count; i++)
		if (!pids_has_ended(pids, i))
			return false;
	return pids->count;
}

bool pids_has(const struct pids *pids, uint32_t pid)
{
	for (size_t i = 0; i < pids->count; i++)
		if ((uint32_t)pids->pids[i] == pid)
			return true;
	return false;
}
