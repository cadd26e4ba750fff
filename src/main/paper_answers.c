/* Answers of studies that are kept. */
#include "main/paper_answers.h"

#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"

static struct paper_kept *
place_of(struct paper_answers *all, const char *study)
{
	for (int i = 0; i < PAPER_ANSWERS_STUDIES; i++)
		if (all->kept[i].study && strcmp(all->kept[i].study, study) == 0)
			return &all->kept[i];
	return NULL;
}

static void
forget(struct paper_kept *kept)
{
	free(kept->study);
	buf_fini(&kept->answers);
	*kept = (struct paper_kept){0};
}

const struct buf *
paper_answers_find(struct paper_answers *all, const char *study)
{
	struct paper_kept *kept = place_of(all, study);
	if (!kept)
		return NULL;
	kept->used = ++all->uses;
	return &kept->answers;
}

/* A free place, or that of the eldest. */
static struct paper_kept *
eldest(struct paper_answers *all)
{
	struct paper_kept *found = &all->kept[0];
	for (int i = 1; i < PAPER_ANSWERS_STUDIES; i++)
		if (all->kept[i].used < found->used)
			found = &all->kept[i];
	return found;
}

void
paper_answers_put(struct paper_answers *all, const char *study, const void *octets, size_t length)
{
	struct paper_kept *kept = place_of(all, study);
	if (!kept)
		kept = eldest(all);
	forget(kept);
	if (length > PAPER_ANSWERS_OCTETS)
		return;
	kept->study = strdup(study);
	buf_put(&kept->answers, octets, length);
	kept->used = ++all->uses;
	if (!kept->study || kept->answers.failed)
		forget(kept);
}

void
paper_answers_forget(struct paper_answers *all)
{
	for (int i = 0; i < PAPER_ANSWERS_STUDIES; i++)
		forget(&all->kept[i]);
}

int
paper_answers_question(char out[PAPER_ANSWERS_QUESTION], const char *const *words, size_t count)
{
	size_t used = 0;
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(words[i]);
		if (used + length + 1 > PAPER_ANSWERS_QUESTION)
			return -1;
		memcpy(out + used, words[i], length);
		used += length;
		out[used++] = i + 1 < count ? '\t' : '\0';
	}
	return count ? 0 : -1;
}

void
paper_answers_add(struct buf *answers, const char *question, bool refused, const void *text,
		  size_t length)
{
	buf_text(answers, question);
	buf_u8(answers, refused);
	buf_u32(answers, (uint32_t)length);
	buf_put(answers, text, length);
}

bool
paper_answers_look(const struct buf *answers, const char *question, bool *refused,
		   const void **text, size_t *length)
{
	size_t wanted = strlen(question);
	struct cursor c = cursor_of(answers->data, answers->length);
	while (cursor_left(&c) > 0) {
		uint16_t question_length = cursor_u16(&c);
		const void *asked = cursor_take(&c, question_length);
		bool was_refused = cursor_u8(&c);
		uint32_t text_length = cursor_u32(&c);
		const void *found = cursor_take(&c, text_length);
		if (c.failed)
			return false;
		if (question_length != wanted || memcmp(asked, question, wanted) != 0)
			continue;
		*refused = was_refused;
		*text = found;
		*length = text_length;
		return true;
	}
	return false;
}
