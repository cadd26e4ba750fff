/* What the makers of documents share. */
#include "paper/paper_maker.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paper/paper_table.h"

void *
paper_take(struct paper_maker *m, size_t size)
{
	void *memory = arena_take(m->arena, size);
	m->failed |= !memory;
	return memory;
}

const char *
paper_text_of(struct paper_maker *m, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const char *copy = arena_vprintf(m->arena, format, arguments);
	va_end(arguments);
	m->failed |= !copy;
	return copy;
}

const char *
paper_sentence_of(struct paper_maker *m, const char *text)
{
	bool small = text[0] >= 'a' && text[0] <= 'z';
	return paper_text_of(m, "%c%s.", small ? text[0] - 'a' + 'A' : text[0], text + 1);
}

struct paper_document *
paper_begin(struct paper_maker *m, const char *number)
{
	m->document = paper_take(m, sizeof(*m->document));
	struct paper_section *sections = paper_take(m, PAPER_SECTIONS_MAX * sizeof(*sections));
	if (m->failed)
		return NULL;
	m->document->sections = sections;
	m->document->number = number;
	return m->document;
}

/* --- reading --- */

const struct json_value *
paper_get(const struct paper_maker *m, const char *key)
{
	return json_read_get(m->bill, key);
}

const char *
paper_get_text(const struct json_value *object, const char *key)
{
	const char *text = json_read_text(json_read_get(object, key));
	return text && *text ? text : NULL;
}

bool
paper_get_u64(uint64_t *out, const struct json_value *object, const char *key)
{
	const struct json_value *value = key ? json_read_get(object, key) : object;
	char digits[24];
	if (!value || value->type != JSON_NUMBER || value->raw_length >= sizeof(digits))
		return false;
	memcpy(digits, value->raw, value->raw_length);
	digits[value->raw_length] = '\0';
	if (digits[strspn(digits, "0123456789")])
		return false;
	*out = strtoull(digits, NULL, 10);
	return true;
}

size_t
paper_length_of(const struct json_value *array)
{
	size_t count = 0;
	for (const struct json_value *i = json_read_first(array); i; i = i->next)
		count++;
	return count;
}

const char *
paper_amount_of(struct paper_maker *m, const struct json_value *money, bool currency)
{
	char grouped[96];
	const char *amount = paper_get_text(money, "amount"),
		   *code = paper_get_text(money, "currency");
	if (!amount)
		return "";
	(void)paper_grouped(grouped, sizeof(grouped), amount);
	if (!currency || !code)
		return paper_text_of(m, "%s", grouped);
	return paper_text_of(m, "%s\u00a0%.8s", grouped, code);
}

int64_t
paper_minor_of(const char *amount)
{
	char digits[32];
	size_t used = 0;
	for (const char *c = amount; c && *c && used + 1 < sizeof(digits); c++)
		if (*c != '.')
			digits[used++] = *c;
	digits[used] = '\0';
	return strtoll(digits, NULL, 10);
}

const char *
paper_exact_rate(struct paper_maker *m, uint64_t bps)
{
	char number[48], grouped[96];
	int length = snprintf(number, sizeof(number), "%" PRIu64 ".%06" PRIu64, bps / 1000000,
			      bps % 1000000);
	while (number[length - 1] == '0')
		number[--length] = '\0';
	if (number[length - 1] == '.')
		number[--length] = '\0';
	return paper_text_of(m, "%s\u00a0Mbit/s", paper_grouped(grouped, sizeof(grouped), number));
}

const char *
paper_count_text(struct paper_maker *m, uint64_t count)
{
	char number[32], grouped[64];
	(void)snprintf(number, sizeof(number), "%" PRIu64, count);
	return paper_text_of(m, "%s", paper_grouped(grouped, sizeof(grouped), number));
}

void
paper_add_text(struct paper_maker *m, struct paper_texts *texts, const char *text)
{
	if (!text)
		return;
	if (!texts->items)
		texts->items = paper_take(m, PAPER_TEXTS_MAX * sizeof(*texts->items));
	if (texts->items && texts->count < PAPER_TEXTS_MAX)
		texts->items[texts->count++] = text;
}

void
paper_add_texts(struct paper_maker *m, struct paper_texts *texts, const struct json_value *array)
{
	for (const struct json_value *i = json_read_first(array); i; i = i->next)
		paper_add_text(m, texts, json_read_text(i));
}

void
paper_add_fact(struct paper_maker *m, struct paper_facts *facts, const char *label,
	       const char *text)
{
	if (!text)
		return;
	if (!facts->items)
		facts->items = paper_take(m, PAPER_FACTS_MAX * sizeof(*facts->items));
	if (facts->items && facts->count < PAPER_FACTS_MAX)
		facts->items[facts->count++] = (struct paper_fact){label, text};
}

struct paper_section *
paper_add_section(struct paper_maker *m, const char *title)
{
	struct paper_document *d = m->document;
	assert(d->section_count < PAPER_SECTIONS_MAX);
	struct paper_section *section = &d->sections[d->section_count++];
	section->title = title;
	return section;
}

void
paper_letterhead(struct paper_maker *m)
{
	struct paper_party *from = &m->document->from;
	const struct json_value *hub = json_read_get(m->parties, "hub");
	const char *name = paper_get_text(hub, "name"), *legal = paper_get_text(hub, "legal_name");
	const char *city = paper_get_text(hub, "city"), *country = paper_get_text(hub, "country");
	uint64_t asn = 0;
	from->name = legal ? legal : name ? name : "";
	if (legal && name && strcmp(legal, name) != 0)
		paper_add_text(m, &from->lines, name);
	size_t before = from->lines.count;
	paper_add_texts(m, &from->lines, json_read_get(hub, "address"));
	if (from->lines.count == before && city)
		paper_add_text(m, &from->lines,
			       country ? paper_text_of(m, "%s, %s", city, country) : city);
	const char *number = paper_get_text(hub, "tax_number"),
		   *label = paper_get_text(hub, "tax_name");
	if (number)
		paper_add_text(m, &from->lines,
			       paper_text_of(m, "%s %s", label ? label : "Tax number", number));
	paper_add_text(m, &from->lines, paper_get_text(hub, "registration"));
	const char *email = paper_get_text(hub, "email"), *phone = paper_get_text(hub, "phone");
	if (email || phone)
		paper_add_text(m, &from->lines,
			       paper_text_of(m, "%s%s%s", email ? email : "",
					     email && phone ? " · " : "", phone ? phone : ""));
	if (paper_get_u64(&asn, hub, "asn"))
		m->document->footer = paper_text_of(m, "%s · AS%" PRIu64 "%s%s%s%s", from->name,
						    asn, number ? " · " : "",
						    number ? (label ? label : "Tax number") : "",
						    number ? " " : "", number ? number : "");
}

void
paper_addressee(struct paper_maker *m)
{
	struct paper_party *to = &m->document->to;
	const struct json_value *member = json_read_get(m->parties, "member");
	const struct json_value *bill_to = json_read_get(member, "bill_to");
	const char *name = paper_get_text(member, "name"), *legal = paper_get_text(bill_to, "name");
	const char *country = paper_get_text(member, "country");
	uint64_t asn = 0;
	to->name = legal ? legal : name ? name : "";
	paper_add_texts(m, &to->lines, json_read_get(bill_to, "address"));
	bool known = legal && name && strcmp(legal, name) != 0;
	if (paper_get_u64(&asn, member, "asn"))
		paper_add_text(m, &to->lines,
			       paper_text_of(m, "%s%sAS%" PRIu64 "%s%s", known ? name : "",
					     known ? " · " : "", asn, country ? " · " : "",
					     country ? country : ""));
	else if (known)
		paper_add_text(m, &to->lines, name);
	const char *number = paper_get_text(bill_to, "tax_number");
	if (number)
		paper_add_text(m, &to->lines, paper_text_of(m, "Tax number %s", number));
	paper_add_text(m, &to->lines, paper_get_text(member, "email"));
}
