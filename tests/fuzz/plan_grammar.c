/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that a user writes: rules and filters, and what becomes of them when they meet an
 * executable; globs, regular expressions, times and sizes. The first byte tells which.
 */
#include <errno.h>
#include <stdbool.h>

#include <ftrace/cookie.h>

#include "base/escape.h"
#include "base/glob.h"
#include "base/units.h"
#include "fetch/filter_eval.h"
#include "plan/values.h"
#include "rule/filter.h"
#include "rule/filter_glob.h"
#include "rule/rule.h"
#include "target_plan.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct plan *plan;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	plan = target_plan();
	return 0;
}

static void check_message(const struct error *err)
{
	check(err->code < 0);
	check(use_text(err->text) > 0);
	check(utf8_valid(err->text, strlen(err->text)));
	check(!strchr(err->text, '\n'));
}

static void check_expr(const struct rule_expr *expr)
{
	for (int levels = 0; expr; expr = expr->child, levels++) {
		check(levels < 256);
		if (expr->text)
			use_text(expr->text);
		rule_expr_is_memory(expr);
	}
}

static void check_items(const struct rule_item *items, size_t count)
{
	check(count <= RULE_ITEMS);
	for (size_t i = 0; i < count; i++) {
		use_text(items[i].name);
		check_expr(items[i].expr);
		check(items[i].type.count <= RULE_ELEMENTS);
		check(items[i].type.bits <= 512);
	}
}

/* The kernel side writes where the operations say: none of them may leave the record. */
static void check_op(const struct ft_op *op, size_t left, uint32_t size, uint32_t nstatus)
{
	uint32_t written = 0;

	check(op->code >= FT_OP_REG && op->code <= FT_OP_TEXTS);
	check(!op->base || op->base + 8u <= size);
	check(op->status < (nstatus ? nstatus : 1) || op->status == nstatus);
	check(op->skip <= left);
	switch (op->code) {
	case FT_OP_WORD:
	case FT_OP_MORE:
		check(op->from + 8u <= size);
		break;
	case FT_OP_LOAD:
	case FT_OP_PUT:
		written = 8;
		break;
	case FT_OP_READN:
	case FT_OP_GUESS:
		check(op->from + 8u <= size);
		written = op->len;
		break;
	case FT_OP_READ:
		check(op->status + FT_READ_WANTS(op->reg) <= nstatus);
		written = op->len;
		break;
	case FT_OP_STR:
		written = op->len;
		break;
	case FT_OP_TASK:
		written = op->reg == FT_TASK_COMM ? 16 : 8;
		break;
	case FT_OP_REGS:
		check(op->reg && op->reg <= FT_REGS_MAX);
		check(!op->status || op->status + op->reg <= nstatus);
		written = 8u * op->reg;
		break;
	case FT_OP_WANT:
		check(op->reg <= FT_WANT_MAX && op->status + op->reg <= nstatus);
		break;
	case FT_OP_TEXTS:
		check(op->skip > 1 && op->skip == left);
		break;
	default:
		break;
	}
	check(op->slot + written <= size);
	check(op->reach % 8 == 0 && op->reach <= size);
	check(!op->slot || op->reach >= op->slot + written);
}

static void check_fetch(const struct fetch *fetch)
{
	uint32_t size;

	if (!fetch)
		return;
	check(fetch->sealed);
	size = fetch_size(fetch);
	check(size % 8 == 0 && size >= sizeof(struct ft_values) && size <= FT_VALUES_MAX);
	check(fetch->nops <= FT_PROGRAM_MAX && fetch->nstatus < FT_STATUS_MAX);
	for (size_t i = 0; i < fetch->nops; i++)
		check_op(&fetch->ops[i], fetch->nops - i - 1, size, fetch->nstatus);
	for (size_t i = 0; i < fetch->nitems; i++) {
		use_text(fetch->items[i].name);
		use_text(fetch->items[i].type);
		check(fetch->items[i].slot <= size);
	}
}

static void check_test(const struct filter_check *filter, const struct ft_test *test)
{
	check(test->yes < filter->ntests || test->yes >= FT_REJECT);
	check(test->no < filter->ntests || test->no >= FT_REJECT);
	check(test->text_len <= FT_TEXT_MAX && (!test->text || test->text < filter->ntexts));
	if (test->kind == FT_TEST_GLOB) {
		check(test->number < filter->nglobs);
		check(filter->globs[test->number]->table.end <= FT_TEXT_MAX);
	}
}

/* Values that are exactly as long as they have to be: the sanitizers watch. */
static void check_filter(const struct plan_func *func)
{
	const struct filter_check *filter = func->filter;
	unsigned char *values[2];

	check(filter->sealed && filter->ntests <= FT_TESTS_MAX);
	for (size_t i = 0; i < filter->ntests; i++)
		check_test(filter, &filter->tests[i]);
	for (int side = 0; side < 2; side++) {
		values[side] = malloc(filter->size[side] + 1);
		check(values[side]);
		memset(values[side], FT_V_OK, filter->size[side]);
	}
	filter_eval(filter, values[0], filter->size[0], values[1], filter->size[1], 1,
		    FILTER_FAILED);
	filter_eval(filter, NULL, 0, NULL, 0, FILTER_NO_DURATION, FILTER_UNDECIDED);
	free(values[0]);
	free(values[1]);
}

static void forget_values(void)
{
	for (size_t i = 0; i < plan->nfuncs; i++) {
		struct plan_func *func = &plan->funcs[i];

		check_fetch(func->args);
		check_fetch(func->results);
		if (func->filter && func->filter->sealed)
			check_filter(func);
		filter_check_free(func->filter);
		func->filter = NULL;
		fetch_free(func->args);
		fetch_free(func->results);
		func->args = func->results = NULL;
	}
	for (size_t i = 0; i < plan->nsites; i++)
		plan->sites[i].flags &= (uint8_t)~FT_C_FETCH;
}

static void use_rule(const char *text, uint8_t option)
{
	struct error err = {0};
	struct rule *rule = rule_parse(text, 1, RULE_ITEMS, &err);
	struct values_config config = {
		.args = option & 0x80 ? VALUES_WHERE_POSSIBLE : VALUES_NEVER,
		.results = option & 0x40 ? VALUES_WHERE_POSSIBLE : VALUES_NEVER,
		.rules = &rule,
		.nrules = 1,
		.limits = fetch_default_limits,
	};

	if (!rule) {
		check_message(&err);
		return;
	}
	use_text(rule->func);
	check_items(rule->entry, rule->nentry);
	check_items(rule->results, rule->nresults);
	if (option & 0x20)
		config.limits.max_bytes = 256;
	if (plan_values(plan, 0, &config, &err))
		check_message(&err);
	forget_values();
	rule_free(rule);
}

static size_t count_nodes(const struct filter_node *node)
{
	if (!node)
		return 0;
	check_expr(node->expr);
	if (node->text)
		check(memchr(node->text, 0, node->len + 1));
	return 1 + count_nodes(node->left) + count_nodes(node->right);
}

static void use_filter(const char *text)
{
	struct values_config config = {
		.args = VALUES_NEVER,
		.results = VALUES_NEVER,
		.nfilters = 1,
		.limits = fetch_default_limits,
	};
	struct error err = {0};
	struct filter *filter = filter_parse(text, 1, &err);

	if (!filter) {
		check_message(&err);
		return;
	}
	use_text(filter->glob);
	check(count_nodes(filter->root) <= FILTER_NODES);
	config.filters = &filter;
	if (plan_values(plan, 0, &config, &err))
		check_message(&err);
	forget_values();
	filter_free(filter);
}

static void use_regexp(const char *text, bool exclude_vendor)
{
	struct selection select = {.exclude_vendor = exclude_vendor};
	struct selection_marks marks = {0};
	struct error err = {0};
	char shown[64];

	struct naming *naming = NULL;

	if (selection_add_regexp(&select, text, &err))
		check_message(&err);
	else
		naming = naming_new(&select, plan->images[0].image, plan->images[0].names);
	if (naming && naming_mark(naming, &marks, &err))
		check_message(&err);
	naming_free(naming);
	selection_text(&select, shown, sizeof(shown));
	use_text(shown);
	free(marks.selected);
	selection_release(&select);
}

/* The kernel's matcher says the same as ours. */
static void use_filter_glob(const char *pattern, const char *name)
{
	static uint8_t values[FT_VALUES_MAX + FT_TEXT_MAX + 8];
	static const struct ft_text none;
	const struct ft_test test = {
		.kind = FT_TEST_GLOB,
		.left = {.kind = FT_TEXT_HEADER, .slot = 64, .data = 128, .len = FT_TEXT_MAX}};
	uint64_t room[FT_ROOM], len = strlen(name);
	const struct ft_decision d = {.values = {values, values}, .text = &none, .room = room};
	struct filter_glob *glob;

	if (strlen(pattern) > FT_TEXT_MAX || filter_glob_sets(pattern) > FT_GLOB_SETS ||
	    len > FT_TEXT_MAX)
		return;
	glob = filter_glob_new(pattern);
	check(glob);
	memcpy(values + 72, &len, sizeof(len));
	memcpy(values + 128, name, len);
	check(!ft_decide_glob(&d, &test, &glob->table) == !glob_match_bytes(pattern, name));
	filter_glob_put(glob);
}

static void use_glob(const char *text, size_t size)
{
	const char *name = memchr(text, '\n', size);
	char *pattern;

	if (!name)
		name = text;
	pattern = strndup(text, (size_t)(name - text));
	check(pattern);
	glob_match(pattern, name);
	use_filter_glob(pattern, name);
	if (glob_is_plain(pattern))
		check(glob_match(pattern, pattern));
	free(pattern);
}

static void use_units(const char *text, size_t size)
{
	struct error err = {0};
	uint64_t value;
	int64_t number;

	if (units_time(text, size, true, &value, &err))
		check_message(&err);
	if (units_size(text, size, false, &value, &err))
		check_message(&err);
	units_number(text, size, 10, &value);
	units_signed(text, size, 16, &number);
}

static void use_escape(const char *text, size_t size)
{
	struct buf buf = {0};

	escape_text(&buf, text, size);
	escape_quoted(&buf, text, size);
	escape_json(&buf, text, size);
	check(utf8_valid(buf.data, buf.len));
	for (size_t i = 0; i < buf.len; i++)
		check((unsigned char)buf.data[i] >= ' ');
	check(utf8_cut(text, size) <= size);
	buf_release(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t option = size ? data[0] : 0;
	size_t len = size ? size - 1 : 0;
	char *text = malloc(len + 1);

	check(text);
	if (len)
		memcpy(text, data + 1, len);
	text[len] = '\0';
	switch (option & 0x0f) {
	case 1:
		use_filter(text);
		break;
	case 2:
		use_regexp(text, option & 0x80);
		break;
	case 3:
		use_glob(text, strlen(text));
		break;
	case 4:
		use_units(text, len);
		break;
	case 5:
		use_escape(text, len);
		break;
	default:
		use_rule(text, option);
	}
	free(text);
	return 0;
}
