/* Asking, and reading answers. */
#include "study/study_facts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct study_answer *
remembered(const struct study_facts *facts, const char *question)
{
	for (struct study_answer *a = facts->answers; a; a = a->next)
		if (strcmp(a->question, question) == 0)
			return a;
	return NULL;
}

static void
put_question(struct study_facts *facts, struct study_answer *answer, const char *const *words,
	     size_t count)
{
	struct buf out = {0};
	char complaint[STUDY_COMPLAINT] = "out of memory";
	int result = facts->source->answer(facts->source->context, &out, words, count, complaint);
	if (result == 0 && !out.failed) {
		const char *kept = arena_copy(facts->arena, out.data, out.length);
		answer->value = kept ? json_read(facts->arena, kept, out.length) : NULL;
		(void)snprintf(complaint, sizeof(complaint), "the answer was not understood");
	}
	if (!answer->value)
		answer->complaint = arena_str(facts->arena, complaint);
	buf_fini(&out);
}

static const char *
join(struct arena *arena, const char *const *words, size_t count)
{
	struct buf out = {0};
	for (size_t i = 0; i < count; i++) {
		bool quote = strchr(words[i], ' ') != NULL;
		buf_printf(&out, "%s%s%s%s", i ? " " : "", quote ? "\"" : "", words[i],
			   quote ? "\"" : "");
	}
	const char *text = out.failed ? NULL : arena_copy(arena, out.data, out.length);
	buf_fini(&out);
	return text;
}

static const struct json_value *
ask(struct study_facts *facts, const char *const *words, size_t count)
{
	const char *question = join(facts->arena, words, count);
	struct study_answer *answer = question ? remembered(facts, question) : NULL;
	if (!answer) {
		answer = question ? arena_take(facts->arena, sizeof(*answer)) : NULL;
		if (!answer) {
			facts->failed = true;
			facts->complaint = "out of memory";
			return NULL;
		}
		answer->question = question;
		put_question(facts, answer, words, count);
		if (facts->last)
			facts->last->next = answer;
		else
			facts->answers = answer;
		facts->last = answer;
		facts->answer_count++;
	}
	facts->complaint = answer->complaint;
	return answer->value;
}

/* Gathers the words behind `first`; their number. Two places are kept for --date and its value. */
static size_t
gather(const char *words[STUDY_WORDS_MAX], const char *first, va_list args)
{
	size_t count = 0;
	words[count++] = "corridor";
	for (const char *word = first; word && count + 2 < STUDY_WORDS_MAX;
	     word = va_arg(args, const char *))
		words[count++] = word;
	return count;
}

const struct json_value *
study_ask(struct study_facts *facts, const char *first, ...)
{
	const char *words[STUDY_WORDS_MAX];
	va_list args;
	va_start(args, first);
	size_t count = gather(words, first, args);
	va_end(args);
	bool dated = false;
	for (size_t i = 0; i < count; i++)
		dated = dated || strcmp(words[i], "--date") == 0;
	if (facts->date && !dated) {
		words[count++] = "--date";
		words[count++] = facts->date;
	}
	return ask(facts, words, count);
}

const struct json_value *
study_ask_plain(struct study_facts *facts, const char *first, ...)
{
	const char *words[STUDY_WORDS_MAX];
	va_list args;
	va_start(args, first);
	size_t count = gather(words, first, args);
	va_end(args);
	return ask(facts, words, count);
}

const struct json_value *
study_ask_words(struct study_facts *facts, const char *first, ...)
{
	const char *words[STUDY_WORDS_MAX];
	va_list args;
	va_start(args, first);
	size_t count = gather(words, first, args);
	va_end(args);
	return ask(facts, words + 1, count - 1);
}

double
study_number_of(const struct json_value *object, const char *key)
{
	double value = NAN;
	(void)json_read_number(&value, json_read_get(object, key));
	return value;
}

struct study_bounds
study_bounds_of(const struct json_value *object, const char *key)
{
	const struct json_value *fact = json_read_get(object, key);
	return (struct study_bounds){study_number_of(fact, "value"), study_number_of(fact, "low"),
				     study_number_of(fact, "high")};
}

struct study_bounds
study_bounds_by(const struct json_value *object, const char *key)
{
	char name[96];
	struct study_bounds bounds = {.value = study_number_of(object, key)};
	(void)snprintf(name, sizeof(name), "%s_low", key);
	bounds.low = study_number_of(object, name);
	(void)snprintf(name, sizeof(name), "%s_high", key);
	bounds.high = study_number_of(object, name);
	return bounds;
}

const char *
study_text_of(const struct json_value *object, const char *key)
{
	const char *text = json_read_text(json_read_get(object, key));
	return text ? text : "";
}

const char *
study_list_of(struct arena *arena, const struct json_value *list, size_t most)
{
	struct buf out = {0};
	size_t count = 0;
	for (const struct json_value *v = json_read_first(list); v; v = v->next, count++) {
		const char *text = json_read_text(v);
		if (count < most)
			buf_printf(&out, "%s%s", count ? ", " : "", text ? text : "");
		else if (count == most)
			buf_str(&out, ", ...");
	}
	const char *text = out.failed ? NULL : arena_copy(arena, out.data, out.length);
	buf_fini(&out);
	return text ? text : "";
}

size_t
study_length_of(const struct json_value *list)
{
	size_t count = 0;
	for (const struct json_value *v = json_read_first(list); v; v = v->next)
		count++;
	return count;
}

const struct json_value *
study_find(const struct json_value *list, const char *key, const char *text)
{
	for (const struct json_value *v = json_read_first(list); v; v = v->next)
		if (strcmp(study_text_of(v, key), text) == 0)
			return v;
	return NULL;
}
