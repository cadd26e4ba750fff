/* Rows out of a text, and answers summed up. */
#include "net/push.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"

void
push_init(struct push *p, bool csv, const char *text, size_t length)
{
	p->csv = csv;
	p->words[0] = "counters";
	p->words[1] = "push";
	p->words[2] = csv ? "csv" : "json";
	p->at = text;
	p->end = text + length;
	p->line = 1;
	p->place = PUSH_BEGINNING;
	p->header[0] = '\0';
	p->row_count = p->result_count = 0;
	p->rows = p->refused = 0;
	p->piece = p->refusals = (struct buf){0};
	p->asked = p->broken = false;
}

void
push_fini(struct push *p)
{
	buf_fini(&p->piece);
	buf_fini(&p->refusals);
}

static void
refuse(struct push *p, size_t line, const char *reason)
{
	if (p->refused++ >= PUSH_REFUSALS_MAX)
		return;
	struct json j = json_to(&p->refusals);
	if (p->refusals.length)
		buf_u8(&p->refusals, ',');
	json_object(&j, NULL);
	json_u64(&j, "line", line);
	json_str(&j, "reason", reason);
	json_object_end(&j);
}

/* Nothing behind that line is read. */
static void
give_up(struct push *p, size_t line, const char *reason)
{
	refuse(p, line, reason);
	p->rows++;
	p->broken = true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
push_is_json(const char *text, size_t length)
{
	size_t i = 0;
	while (i < length && is_blank(text[i]))
		i++;
	return i < length && (text[i] == '{' || text[i] == '[');
}

/* --- rows --- */

struct row {
	const char *text;
	size_t length, line;
};

static bool
next_line(struct push *p, struct row *row)
{
	while (p->at < p->end) {
		const char *newline = memchr(p->at, '\n', (size_t)(p->end - p->at));
		const char *end = newline ? newline : p->end;
		*row = (struct row){p->at, (size_t)(end - p->at), p->line++};
		p->at = newline ? newline + 1 : p->end;
		while (row->length && is_blank(row->text[row->length - 1]))
			row->length--;
		if (row->length)
			return true;
	}
	return false;
}

/* The end of the object that begins at `at`, or NULL: brackets outside of texts are counted. */
static const char *
end_of_object(const struct push *p, size_t *lines)
{
	size_t depth = 0;
	bool text = false;
	*lines = 0;
	for (const char *c = p->at; c < p->end; c++) {
		*lines += *c == '\n';
		if (text && *c == '\\')
			c++;
		else if (*c == '"')
			text = !text;
		else if (!text && (*c == '{' || *c == '['))
			depth++;
		else if (!text && (*c == '}' || *c == ']') && --depth == 0)
			return c + 1;
	}
	return NULL;
}

static bool
next_object(struct push *p, struct row *row)
{
	size_t lines;
	for (; p->at < p->end; p->at++) {
		if (*p->at == '[' && p->place == PUSH_BEGINNING)
			p->place = PUSH_LIST;
		else if (*p->at == ']' && p->place == PUSH_LIST)
			p->place = PUSH_BEHIND_LIST;
		else if (!is_blank(*p->at) && *p->at != ',')
			break;
		p->line += *p->at == '\n';
	}
	if (p->at == p->end) {
		if (p->place == PUSH_LIST)
			give_up(p, p->line, "the list does not end");
		return false;
	}
	if (p->place == PUSH_BEGINNING)
		p->place = PUSH_OBJECTS;
	bool may = *p->at == '{' && p->place != PUSH_BEHIND_LIST;
	const char *end = may ? end_of_object(p, &lines) : NULL;
	if (!end) {
		give_up(p, p->line, "from here on it is no JSON");
		return false;
	}
	*row = (struct row){p->at, (size_t)(end - p->at), p->line};
	p->at = end;
	p->line += lines;
	return true;
}

static bool
next_row(struct push *p, struct row *row)
{
	if (p->broken)
		return false;
	return p->csv ? next_line(p, row) : next_object(p, row);
}

/* A row of a piece is one line; in JSON outside of texts, and between cells, a blank says the same. */
static void
copy_row(char *out, const struct row *row)
{
	for (size_t i = 0; i < row->length; i++)
		out[i] = (unsigned char)row->text[i] < ' ' ? ' ' : row->text[i];
	out[row->length] = '\0';
}

/* False: there is none. */
static bool
read_header(struct push *p)
{
	struct row row;
	if (!p->csv || p->header[0])
		return true;
	if (!next_row(p, &row)) {
		if (!p->broken)
			give_up(p, 1, "there is nothing in it");
		return false;
	}
	if (row.length > PUSH_ROW_MAX) {
		give_up(p, row.line, "the header is too long");
		return false;
	}
	copy_row(p->header, &row);
	return true;
}

static void
put_row(struct push *p, const struct row *row)
{
	char text[PUSH_ROW_MAX + 1];
	copy_row(text, row);
	buf_put(&p->piece, text, row->length);
	buf_u8(&p->piece, '\n');
	p->lines[p->row_count++] = row->line;
}

const struct buf *
push_next(struct push *p)
{
	if (!read_header(p))
		return NULL;
	p->row_count = 0;
	buf_clear(&p->piece);
	if (!buf_reserve(&p->piece, PUSH_PIECE_MAX)) {
		give_up(p, p->line, "from here on: no memory");
		return NULL;
	}
	if (p->csv)
		buf_printf(&p->piece, "%s\n", p->header);
	while (p->row_count < PUSH_ROWS) {
		const char *at = p->at;
		size_t line = p->line;
		struct row row;
		if (!next_row(p, &row))
			break;
		if (row.length <= PUSH_ROW_MAX &&
		    p->piece.length + row.length + 1 > PUSH_PIECE_MAX) {
			p->at = at; /* it stands first in the next piece */
			p->line = line;
			break;
		}
		p->rows++;
		if (row.length > PUSH_ROW_MAX)
			refuse(p, row.line, "it is too long");
		else
			put_row(p, &row);
	}
	/* A header alone goes there too, to be judged. */
	bool due = p->row_count > 0 || (p->csv && !p->asked && !p->rows);
	p->asked = true;
	return due ? &p->piece : NULL;
}

/* --- answers --- */

static void
add_result(struct push *p, const char *name, uint64_t count)
{
	size_t i = 0;
	while (i < p->result_count && strcmp(p->results[i].name, name) != 0)
		i++;
	if (i == PUSH_RESULTS_MAX)
		return;
	if (i == p->result_count) {
		(void)snprintf(p->results[i].name, sizeof(p->results[i].name), "%s", name);
		p->results[i].count = 0;
		p->result_count++;
	}
	p->results[i].count += count;
}

void
push_answered(struct push *p, const char *json, size_t length)
{
	struct arena *arena = arena_new();
	const struct json_value *answer = arena ? json_read(arena, json, length) : NULL;
	double number;
	if (!answer)
		push_refused(p, "the answer to it cannot be read");
	for (const struct json_value *v = json_read_first(json_read_get(answer, "refused")); v;
	     v = v->next) {
		const char *reason = json_read_text(json_read_get(v, "reason"));
		if (json_read_number(&number, json_read_get(v, "row")) && number >= 1 &&
		    number <= (double)p->row_count)
			refuse(p, p->lines[(size_t)number - 1], reason ? reason : "");
	}
	for (const struct json_value *v = json_read_first(json_read_get(answer, "results")); v;
	     v = v->next)
		if (json_read_number(&number, v) && number >= 0)
			add_result(p, v->key, (uint64_t)number);
	arena_free(arena);
}

void
push_refused(struct push *p, const char *reason)
{
	for (size_t i = 0; i < p->row_count; i++)
		refuse(p, p->lines[i], reason);
	if (!p->row_count)
		give_up(p, 1, reason);
}

void
push_result(const struct push *p, struct buf *out)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_u64(&j, "rows", p->rows);
	json_u64(&j, "refused", p->refused);
	json_object(&j, "results");
	for (size_t i = 0; i < p->result_count; i++)
		json_u64(&j, p->results[i].name, p->results[i].count);
	json_object_end(&j);
	json_array(&j, "refusals");
	buf_put(out, p->refusals.data, p->refusals.length);
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}
