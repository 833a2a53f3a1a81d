/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/filter_eval.h"

static const struct ft_text no_text;

static bool asks(const struct ft_test *test, enum ft_operand_kind kind)
{
	return test->left.kind == kind || test->right.kind == kind;
}

bool filter_eval(const struct filter_check *check, const unsigned char *entry, size_t entry_len,
		 const unsigned char *results, size_t results_len, uint64_t duration,
		 enum filter_failed failed)
{
	static const unsigned char unasked[FT_VALUES_MAX + 2 * FT_TEXT_MAX];
	uint64_t room[FT_ROOM];
	struct ft_decision d = {
		.values = {unasked, unasked},
		.duration = duration,
		.failed = failed == FILTER_FAILED,
		.room = room,
	};
	uint16_t at = check->start;

	if (entry && entry_len >= check->size[FT_SIDE_ENTRY])
		d.values[FT_SIDE_ENTRY] = entry;
	else if (check->asks[FT_SIDE_ENTRY])
		return false;
	if (results && results_len >= check->size[FT_SIDE_RESULTS])
		d.values[FT_SIDE_RESULTS] = results;
	else if (check->asks[FT_SIDE_RESULTS])
		return false;
	for (size_t i = 0; i < check->ntests && at < check->ntests; i++) {
		const struct ft_test *test = &check->tests[at];
		bool holds;

		if ((asks(test, FT_NUMBER_DURATION) && duration == FILTER_NO_DURATION) ||
		    (asks(test, FT_NUMBER_FAILED) && failed == FILTER_UNDECIDED))
			return false;
		d.text = test->text < check->ntexts ? &check->texts[test->text] : &no_text;
		if (test->kind == FT_TEST_GLOB)
			holds = ft_decide_glob(&d, test, &check->globs[test->number]->table);
		else
			holds = ft_decide_test(&d, test);
		at = FT_DECIDE_NEXT(test, holds);
	}
	return at == FT_ACCEPT;
}
