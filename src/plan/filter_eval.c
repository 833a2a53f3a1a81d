/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/filter_eval.h"

#include "base/glob.h"

static const struct ft_text no_text;

/* `~` over the first FT_TEXT_MAX bytes. A glob holds no NUL, so one in the text is for wildcards only:
 * 0xff, which is in no UTF-8 either, stands for it. */
static bool glob_holds(const struct filter_check *check, const struct ft_decision *d,
		       const struct ft_test *test)
{
	struct ft_words words = ft_decide_text(d, test, &test->left);
	char text[FT_TEXT_MAX + 1];
	size_t len = 0;

	for (; len < FT_TEXT_MAX && len < words.len; len++) {
		if (!words.bytes[len] && words.nul)
			break;
		text[len] = (char)(words.bytes[len] ? words.bytes[len] : 0xff);
	}
	text[len] = '\0';
	return glob_match(check->globs[test->text], text);
}

static bool asks_duration(const struct ft_test *test)
{
	return test->left.kind == FT_NUMBER_DURATION || test->right.kind == FT_NUMBER_DURATION;
}

bool filter_eval(const struct filter_check *check, const unsigned char *entry, size_t entry_len,
		 const unsigned char *results, size_t results_len, uint64_t duration)
{
	static const unsigned char unasked[FT_VALUES_MAX + 2 * FT_TEXT_MAX];
	struct ft_decision d = {.values = {unasked, unasked}, .duration = duration};
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
		holds = test->kind == FT_TEST_GLOB ? glob_holds(check, &d, test)
						   : ft_decide_test(&d, test);
		at = FT_DECIDE_NEXT(test, holds);
	}
	return at == FT_ACCEPT;
}
