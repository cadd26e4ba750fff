/* A study: sections of paragraphs, points, tables and figures. A value without hub, files or fonts
 * in it, drawn as a page (study_html.h), as PDF (paper/paper_study.h), and as JSON, CSV and text.
 *
 * All of it lives in the arena that the study was made in. What is added to NULL is left out and
 * without memory NULL is returned, so a maker adds everything and asks `failed` once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"
#include "study/study_scene.h"

/* A cell: text, or a number with its bounds. */
struct study_cell {
	const char *text;        /* NULL: it is a number */
	double value, low, high; /* NAN: not known; low and high NAN: no range */
};

struct study_column {
	const char *name, *unit; /* unit NULL: none */
	bool number;             /* to the right; else text */
	int places;              /* after the point; -1: four digits that count */
	double share;            /* of the width, beside the others'; 0: 1 */
};

struct study_row {
	struct study_cell *cells; /* as many as there are columns */
	size_t filled;
	const char *head, *label, *brief; /* of a dense table */
	struct study_row *next;
};

struct study_table {
	unsigned number; /* from 1, in the order of the study */
	const char *id, *caption;
	const struct study_column *columns;
	size_t column_count, row_count;
	struct study_row *rows, *last;
	const char *note; /* below it, or NULL */
	/* An annex: on paper each row is a label and a sentence, in two columns of the page, below
	 * the head that it shares with its neighbours. Everywhere else it is a table. */
	bool dense;
	const struct study_document *document;
};

struct study_figure {
	unsigned number;
	const char *id, *caption;
	const char *alt; /* what is to be seen, for who cannot see it */
	struct study_scene *scene;
};

enum study_kind {
	STUDY_PARAGRAPH,
	STUDY_POINT,   /* of a list */
	STUDY_MISSING, /* what the data cannot answer, and why */
	STUDY_FORMULA,
	STUDY_TERM, /* of the glossary: text is the word, more what it means */
	STUDY_TABLE,
	STUDY_FIGURE,
};

struct study_block {
	enum study_kind kind;
	const char *text, *more;
	struct study_table *table;
	struct study_figure *figure;
	struct study_block *next;
};

struct study_section {
	unsigned number; /* of the chapter, from 1 */
	const char *id, *title;
	struct study_block *blocks, *last;
	struct study_section *next;
	struct study_document *document;
};

/* "Data", "sha256:..." on the title page. */
struct study_fact {
	const char *label, *text;
	struct study_fact *next;
};

struct study_document {
	struct arena *arena;
	bool failed; /* there was no memory for something */
	const char *title, *subtitle, *hub;
	struct utc_s date;
	struct study_fact *facts, *last_fact;
	struct study_section *sections, *last;
	unsigned section_count, table_count, figure_count;
};

/* NULL: no memory. Texts that are handed in are kept as they are, and have to live as long. */
struct study_document *study_document_new(struct arena *arena);
/* Memory of the study's, zeroed; NULL, and `failed`, if there is none. */
void *study_take(struct study_document *document, size_t size);
const char *study_text(struct study_document *document, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void study_fact_add(struct study_document *document, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
struct study_section *study_section_add(struct study_document *document, const char *id,
					const char *title);
void study_say(struct study_section *section, enum study_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void study_term(struct study_section *section, const char *word, const char *meaning);
/* `columns` is kept. */
struct study_table *study_table_add(struct study_section *section, const char *id,
				    const char *caption, const struct study_column *columns,
				    size_t count);
/* The cells of the row follow, from the left. */
void study_row_begin(struct study_table *table);
/* NULL: an empty cell. */
void study_cell_text(struct study_table *table, const char *text);
void study_cell_number(struct study_table *table, double value);
void study_cell_range(struct study_table *table, double value, double low, double high);
/* What the row that was begun last says on paper, in a dense table; `head` and `label` NULL: none. All are
 * kept. */
void study_row_brief(struct study_table *table, const char *head, const char *label,
		     const char *brief);
struct study_figure *study_figure_add(struct study_section *section, const char *id,
				      const char *caption, struct study_scene *scene);

enum { STUDY_NUMBER = 48 };
/* "12 452", "1.053", with narrow spaces between thousands and "n/a" for what is not known; `places` as in a column. Returns `out`. */
char *study_number(char out[STUDY_NUMBER], double value, int places);
/* "9 961 to 14 942", or nothing when there is no range; returns `out`. */
enum { STUDY_RANGE = 2 * STUDY_NUMBER + 8 };
char *study_range(char out[STUDY_RANGE], const struct study_cell *cell, int places);
