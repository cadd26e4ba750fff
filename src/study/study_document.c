/* Putting a study together. */
#include "study/study_document.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define THIN "\u202f"

struct study_document *
study_document_new(struct arena *arena)
{
	assert(arena);
	struct study_document *document = arena_take(arena, sizeof(*document));
	if (document)
		document->arena = arena;
	return document;
}

void *
study_take(struct study_document *document, size_t size)
{
	void *memory = document ? arena_take(document->arena, size) : NULL;
	if (document && !memory)
		document->failed = true;
	return memory;
}

static const char *
text_of(struct study_document *document, const char *format, va_list args)
{
	const char *text = document ? arena_vprintf(document->arena, format, args) : NULL;
	if (document && !text)
		document->failed = true;
	return text ? text : "";
}

const char *
study_text(struct study_document *document, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const char *text = text_of(document, format, args);
	va_end(args);
	return text;
}

void
study_fact_add(struct study_document *document, const char *label, const char *format, ...)
{
	va_list args;
	struct study_fact *fact = study_take(document, sizeof(*fact));
	if (!fact)
		return;
	va_start(args, format);
	*fact = (struct study_fact){label, text_of(document, format, args), NULL};
	va_end(args);
	if (document->last_fact)
		document->last_fact->next = fact;
	else
		document->facts = fact;
	document->last_fact = fact;
}

struct study_section *
study_section_add(struct study_document *document, const char *id, const char *title)
{
	struct study_section *section = study_take(document, sizeof(*section));
	if (!section)
		return NULL;
	*section = (struct study_section){.number = ++document->section_count,
					  .id = id,
					  .title = title,
					  .document = document};
	if (document->last)
		document->last->next = section;
	else
		document->sections = section;
	document->last = section;
	return section;
}

static struct study_block *
block_add(struct study_section *section, enum study_kind kind)
{
	struct study_block *block = section ? study_take(section->document, sizeof(*block)) : NULL;
	if (!block)
		return NULL;
	block->kind = kind;
	if (section->last)
		section->last->next = block;
	else
		section->blocks = block;
	section->last = block;
	return block;
}

void
study_say(struct study_section *section, enum study_kind kind, const char *format, ...)
{
	va_list args;
	struct study_block *block = block_add(section, kind);
	if (!block)
		return;
	va_start(args, format);
	block->text = text_of(section->document, format, args);
	va_end(args);
}

void
study_term(struct study_section *section, const char *word, const char *meaning)
{
	struct study_block *block = block_add(section, STUDY_TERM);
	if (!block)
		return;
	block->text = word;
	block->more = meaning;
}

struct study_table *
study_table_add(struct study_section *section, const char *id, const char *caption,
		const struct study_column *columns, size_t count)
{
	struct study_table *table = section ? study_take(section->document, sizeof(*table)) : NULL;
	struct study_block *block = table ? block_add(section, STUDY_TABLE) : NULL;
	if (!block)
		return NULL;
	*table = (struct study_table){.number = ++section->document->table_count,
				      .id = id,
				      .caption = caption,
				      .columns = columns,
				      .column_count = count,
				      .document = section->document};
	block->table = table;
	return table;
}

/* A study is made by one hand: its document may be written through the table. */
void
study_row_begin(struct study_table *table)
{
	if (!table)
		return;
	struct study_document *document = (struct study_document *)table->document;
	struct study_row *row = study_take(document, sizeof(*row));
	struct study_cell *cells = study_take(document, table->column_count * sizeof(*cells));
	if (!row || !cells)
		return;
	for (size_t i = 0; i < table->column_count; i++)
		cells[i] = (struct study_cell){.text = "", .value = NAN, .low = NAN, .high = NAN};
	row->cells = cells;
	if (table->last)
		table->last->next = row;
	else
		table->rows = row;
	table->last = row;
	table->row_count++;
}

static struct study_cell *
next_cell(struct study_table *table)
{
	struct study_row *row = table ? table->last : NULL;
	assert(!row || row->filled < table->column_count);
	return row ? &row->cells[row->filled++] : NULL;
}

void
study_cell_text(struct study_table *table, const char *text)
{
	struct study_cell *cell = next_cell(table);
	if (cell)
		cell->text = text ? text : "";
}

void
study_cell_number(struct study_table *table, double value)
{
	study_cell_range(table, value, NAN, NAN);
}

void
study_cell_range(struct study_table *table, double value, double low, double high)
{
	struct study_cell *cell = next_cell(table);
	if (cell)
		*cell = (struct study_cell){NULL, value, low, high};
}

void
study_row_brief(struct study_table *table, const char *head, const char *label, const char *brief)
{
	if (!table || !table->last)
		return;
	table->last->head = head;
	table->last->label = label;
	table->last->brief = brief;
}

struct study_figure *
study_figure_add(struct study_section *section, const char *id, const char *caption,
		 struct study_scene *scene)
{
	struct study_figure *figure =
		section && scene ? study_take(section->document, sizeof(*figure)) : NULL;
	struct study_block *block = figure ? block_add(section, STUDY_FIGURE) : NULL;
	if (!block)
		return NULL;
	*figure = (struct study_figure){++section->document->figure_count, id, caption, caption,
					scene};
	block->figure = figure;
	return figure;
}

/* Thin spaces between groups of three, before the point. */
static char *
grouped(char out[STUDY_NUMBER], const char *number)
{
	size_t sign = number[0] == '-', used = 0;
	size_t whole = sign + strspn(number + sign, "0123456789");
	for (size_t i = 0; number[i] && used + sizeof(THIN) + 1 < STUDY_NUMBER; i++) {
		if (i > sign && i < whole && (whole - i) % 3 == 0 && whole - sign > 4) {
			memcpy(out + used, THIN, sizeof(THIN) - 1);
			used += sizeof(THIN) - 1;
		}
		out[used++] = number[i];
	}
	out[used] = '\0';
	return out;
}

/* Of what stands behind the point, those that say nothing. */
static void
drop_zeros(char *text)
{
	size_t length = strlen(text);
	if (!strchr(text, '.'))
		return;
	while (length && text[length - 1] == '0')
		text[--length] = '\0';
	if (length && text[length - 1] == '.')
		text[length - 1] = '\0';
}

char *
study_number(char out[STUDY_NUMBER], double value, int places)
{
	char text[STUDY_NUMBER];
	bool counting = places < 0;
	if (!isfinite(value)) {
		(void)snprintf(out, STUDY_NUMBER, "n/a");
		return out;
	}
	if (counting) {
		double size = fabs(value);
		int digits = size > 0 ? (int)floor(log10(size)) : 0;
		places = digits >= 3 ? 0 : digits < -5 ? 8 : 3 - digits;
		if (size == 0 || (size == floor(size) && size < 1e6))
			places = 0;
	}
	(void)snprintf(text, sizeof(text), "%.*f", places, value);
	if (counting)
		drop_zeros(text);
	/* "-0.0" is 0. */
	const char *start =
		text[0] == '-' && strspn(text + 1, "0.") == strlen(text + 1) ? text + 1 : text;
	return grouped(out, start);
}

char *
study_range(char out[STUDY_RANGE], const struct study_cell *cell, int places)
{
	char low[STUDY_NUMBER], high[STUDY_NUMBER];
	*out = '\0';
	if (isfinite(cell->low) && isfinite(cell->high) && cell->low < cell->high)
		(void)snprintf(out, STUDY_RANGE, "%s to %s", study_number(low, cell->low, places),
			       study_number(high, cell->high, places));
	return out;
}
