/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/goroutine_json.h"

#include <stdint.h>

#include "base/json.h"
#include "sink/mark_json.h"

void goroutine_lines_init(struct goroutine_lines *lines)
{
	*lines = (struct goroutine_lines){0};
	recent_init(&lines->makers, sizeof(uint64_t), GOROUTINES_WAITING);
}

void goroutine_lines_release(struct goroutine_lines *lines)
{
	first_trees_release(&lines->told);
	recent_release(&lines->makers);
}

static struct map_key key_of(const struct tree *tree, uint64_t goid)
{
	return (struct map_key){.a = tree->process ? tree->process->run : 0, .b = goid};
}

void goroutine_lines_learn(struct goroutine_lines *lines, const struct tree *tree,
			   const struct mark *mark)
{
	uint64_t *id;

	if (!tree || mark->call == CALL_NONE)
		return;
	id = recent_put(&lines->makers, key_of(tree, mark->result));
	if (id)
		*id = tree->calls[mark->call].id;
	else
		lines->failed = true;
}

static void add_known(struct goroutine_lines *lines, struct buf *buf,
		      const struct sink_config *config, const struct tree *tree)
{
	const struct goroutine *goroutine = tree_goroutine(tree);
	const uint64_t *call = recent_find(&lines->makers, key_of(tree, tree->goid));

	if (!goroutine)
		return;
	if (goroutine->has_parent)
		json_field_u64(buf, "parent", goroutine->parent);
	if (call)
		json_field_u64(buf, "call", *call);
	if (goroutine->has_start)
		json_field_i64(buf, "start", sink_unix_time(config, goroutine->start));
	if (goroutine->func)
		json_field_text(buf, "func", goroutine->func);
	if (goroutine->created) {
		json_key(buf, "created");
		mark_json_place(buf, goroutine->created);
	}
}

bool goroutine_lines_add(struct goroutine_lines *lines, struct buf *buf,
			 const struct sink_config *config, const struct tree *tree)
{
	bool first = config->goroutines && first_tree(&lines->told, tree);

	lines->failed |= lines->told.failed;
	if (!first)
		return false;
	json_object(buf);
	json_field_text(buf, "type", "goroutine");
	json_field_u64(buf, "pid", tree->process ? tree->process->pid : 0);
	json_field_u64(buf, "goid", tree->goid);
	add_known(lines, buf, config, tree);
	return true;
}
