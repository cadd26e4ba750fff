/* What the makers of documents share: reading JSON leniently, texts in the arena, lists that grow, and the two parties.
 * Used inside paper only. What does not fit a list is left out; without memory `failed` is set, and nothing but that. */
#pragma once

#include "base/arena.h"
#include "base/json_read.h"
#include "paper/paper_document.h"

enum { PAPER_SECTIONS_MAX = 6, PAPER_FACTS_MAX = 16, PAPER_TEXTS_MAX = 64 };

struct paper_maker {
	struct arena *arena;
	const struct json_value *bill;
	/* {"hub":..., "member":...}, as in a bill; the bill itself unless they come from elsewhere. */
	const struct json_value *parties;
	struct paper_document *document;
	bool failed;
};

/* An empty document with that number, or NULL. */
struct paper_document *paper_begin(struct paper_maker *m, const char *number);

/* Memory that lives as long as the document, zeroed. NULL, and m->failed, if there is none. */
void *paper_take(struct paper_maker *m, size_t size);
/* Text made by the format, in the same way. */
const char *paper_text_of(struct paper_maker *m, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* What others say without a full stop, as a sentence: with a capital letter and one. */
const char *paper_sentence_of(struct paper_maker *m, const char *text);

/* A value of the bill; NULL: there is none. */
const struct json_value *paper_get(const struct paper_maker *m, const char *key);
/* NULL for none, and for one that is empty. */
const char *paper_get_text(const struct json_value *object, const char *key);
/* A whole number, exact up to 64 bits, of a member; `key` NULL: the value itself. False when it is none. */
bool paper_get_u64(uint64_t *out, const struct json_value *object, const char *key);
size_t paper_length_of(const struct json_value *array);

/* "1 234.50" of {"amount": "1234.50", ...}, with its currency if that is wanted. */
const char *paper_amount_of(struct paper_maker *m, const struct json_value *money, bool currency);
/* Minor units of a decimal that has as many places as its currency. */
int64_t paper_minor_of(const char *amount);
/* "60 000 Mbit/s", to the bit. */
const char *paper_exact_rate(struct paper_maker *m, uint64_t bps);
const char *paper_count_text(struct paper_maker *m, uint64_t count);

/* A text or fact that is NULL is not added. */
void paper_add_text(struct paper_maker *m, struct paper_texts *texts, const char *text);
void paper_add_texts(struct paper_maker *m, struct paper_texts *texts,
		     const struct json_value *array);
void paper_add_fact(struct paper_maker *m, struct paper_facts *facts, const char *label,
		    const char *text);
struct paper_section *paper_add_section(struct paper_maker *m, const char *title);

/* Who writes and who is written to, by m->parties. */
void paper_letterhead(struct paper_maker *m);
void paper_addressee(struct paper_maker *m);
