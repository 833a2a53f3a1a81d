/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * losses: lanes with lost records, taken off the kernel's list in batches.
 */
#ifndef FTRACE_PROBE_LOSSES_H
#define FTRACE_PROBE_LOSSES_H

#include <stdbool.h>

#include <ftrace/loss.h>

struct losses;
struct bpf_map;

/* The next lane, taken off `map`; false when all that was there has been taken: then it begins anew. However many
 * come meanwhile, it goes through the list once. *losses is made when it is NULL; with no memory for that there is
 * nothing on the list, and what is there counts as lost in no lane. */
bool losses_next(struct losses **losses, const struct bpf_map *map, struct ft_loss_key *key,
		 struct ft_loss *loss);

void losses_free(struct losses *losses);

#endif
