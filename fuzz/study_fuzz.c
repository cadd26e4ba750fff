/* Any JSON as the answer to every question of a study, up to the page and the JSON that it becomes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_forms.h"
#include "study/study_html.h"
#include "study/study_make.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t size;
};

static int
answer(void *context, struct buf *out, const char *const *words, size_t count,
       char complaint[STUDY_COMPLAINT])
{
	const struct input *input = context;
	(void)words;
	(void)count;
	(void)complaint;
	buf_put(out, input->data, input->size);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	const struct study_source source = {answer, &input};
	struct study_facts facts = {.arena = arena_new(), .source = &source};
	const struct study_wish wish = {.hub = "Hub", .years = 2};
	char complaint[STUDY_COMPLAINT];
	struct buf out = {0};
	struct study_document *d = facts.arena ? study_make(&facts, &wish, complaint) : NULL;
	if (d) {
		study_html(&out, d);
		study_json(&out, d);
		for (const struct study_section *s = d->sections; s; s = s->next)
			for (const struct study_block *b = s->blocks; b; b = b->next)
				if (b->table)
					study_csv(&out, b->table);
		if (out.failed)
			abort();
	}
	buf_fini(&out);
	arena_free(facts.arena);
	return 0;
}
