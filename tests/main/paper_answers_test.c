/* Answers of studies that are kept: found by their question, the eldest gone first, nothing harmed by what is too large. */
#include "main/paper_answers.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

static bool
holds(struct paper_answers *all, const char *study, const char *text)
{
	const struct buf *kept = paper_answers_find(all, study);
	return kept && kept->length == strlen(text) && memcmp(kept->data, text, kept->length) == 0;
}

static void
studies(void)
{
	struct paper_answers all = {0};
	static uint8_t large[PAPER_ANSWERS_OCTETS + 1];
	char name[16];
	ok(!paper_answers_find(&all, "a"), "at first nothing is kept");
	paper_answers_put(&all, "a", "one", 3);
	paper_answers_put(&all, "a", "two", 3);
	ok(holds(&all, "a", "two"), "what is kept last of a study holds");
	for (int i = 0; i < PAPER_ANSWERS_STUDIES - 1; i++) {
		(void)snprintf(name, sizeof(name), "b%d", i);
		paper_answers_put(&all, name, name, strlen(name));
	}
	ok(holds(&all, "a", "two"), "several are kept");
	paper_answers_put(&all, "c", "three", 5);
	ok(!paper_answers_find(&all, "b0") && holds(&all, "a", "two") && holds(&all, "c", "three"),
	   "that which was not asked for the longest gives way");
	paper_answers_put(&all, "a", large, sizeof(large));
	ok(!paper_answers_find(&all, "a") && holds(&all, "c", "three"),
	   "what is too large is not kept, nor what it comes after");
	paper_answers_forget(&all);
	ok(!paper_answers_find(&all, "c"), "all can be forgotten");
}

static void
answers(void)
{
	const char *const words[] = {"corridor", "path", "A", "B"};
	const char *const joined[] = {"corridor", "path", "A B"};
	char question[PAPER_ANSWERS_QUESTION], other[PAPER_ANSWERS_QUESTION];
	struct buf kept = {0};
	const void *text;
	size_t length;
	bool refused;
	is_int(paper_answers_question(question, words, 4), 0, "words are a question");
	ok(paper_answers_question(other, joined, 3) == 0 && strcmp(question, other) != 0,
	   "a word with a blank in it is not two");
	paper_answers_add(&kept, question, false, "{}", 2);
	paper_answers_add(&kept, other, true, "no such site", 12);
	ok(paper_answers_look(&kept, question, &refused, &text, &length) && !refused &&
		   length == 2 && memcmp(text, "{}", 2) == 0,
	   "an answer is found by its question");
	ok(paper_answers_look(&kept, other, &refused, &text, &length) && refused && length == 12,
	   "so is that there is none");
	ok(!paper_answers_look(&kept, "corridor", &refused, &text, &length),
	   "the beginning of a question is none");
	kept.length -= 3;
	ok(!paper_answers_look(&kept, other, &refused, &text, &length),
	   "of what was cut off nothing is taken");
	buf_fini(&kept);
}

int
main(void)
{
	studies();
	answers();
	return done_testing();
}
