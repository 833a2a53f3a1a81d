/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/filter_eval.h"

static const struct ft_text no_text;

static bool asks_duration(const struct ft_test *test)
{
	return test->left.kind == FT_NUMBER_DURATION || test->right.kind == FT_NUMBER_DURATION;
}

bool filter_eval(const struct filter_check *check, const unsigned char *entry, size_t entry_len,
		 const unsigned char *results, size_t results_len, uint64_t duration)
{
	static const unsigned char unasked[FT_VALUES_MAX + 2 * FT_TEXT_MAX];
	uint64_t room[FT_ROOM];
	struct ft_decision d = {.values = {unasked, unasked}, .duration = duration, .room = room};
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

		if (asks_duration(test) && duration == FILTER_NO_DURATION)
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
