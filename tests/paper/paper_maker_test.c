/* What the makers of documents share: no text is cut, and a lack of memory is not forgotten. */
#include "paper/paper_maker.h"

#include <string.h>

#include "tap.h"

int
main(void)
{
	struct arena *arena = arena_new();
	struct paper_maker m = {.arena = arena};
	char text[6001];
	for (size_t i = 0; i + 3 < sizeof(text); i += 3)
		memcpy(text + i, "\xe2\x82\xac", 4);
	const char *made = paper_text_of(&m, "%s and %s", text, text);
	ok(made && strlen(made) == 2 * strlen(text) + 5 && !m.failed,
	   "a text of thousands of letters is whole");
	is_str(paper_sentence_of(&m, "bins are whole"), "Bins are whole.",
	       "a sentence has a capital");
	is_str(paper_sentence_of(&m, "95th percentile"), "95th percentile.", "a number has none");
	is_str(paper_sentence_of(&m, "\u00e9tat"), "\u00e9tat.", "nor is a letter of others cut");
	ok(paper_take(&m, SIZE_MAX / 2) == NULL && m.failed, "a lack of memory is remembered");
	arena_free(arena);
	return done_testing();
}
