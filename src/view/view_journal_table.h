/* Tables of the journal: the same rows as cells of a terminal, as objects of JSON, as lines of CSV.
 * Used by view_journal's files only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/json.h"
#include "view/view_form.h"

struct view_column {
	const char *key;  /* of JSON and CSV; NULL: not there */
	const char *head; /* of the terminal's table; NULL: not there */
	int width;        /* as view_cell */
	bool number;      /* JSON: as it is, not as text */
};

struct view_table {
	struct buf *out;
	enum view_form form;
	const struct view_column *columns;
	size_t column_count, rows;
	struct json json; /* between begin and end: inside the object that holds the array */
	bool in_array;
};

/* JSON: an object is begun, into which the caller may put more by table->json before
 * view_table_rows and after view_table_rows_end. */
void view_table_begin(struct view_table *table, struct buf *out, enum view_form form);
/* Begins the rows: CSV and text have their heads. */
void view_table_rows(struct view_table *table, const char *name, const struct view_column *columns,
		     size_t count);
/* One value a column; "" is null in JSON. Values that do not fit a column of the terminal make
 * the line longer. */
void view_table_row(struct view_table *table, const char *const *values);
/* `none` is said in the terminal's form when there was no row; NULL: nothing is. */
void view_table_rows_end(struct view_table *table, const char *none);
void view_table_end(struct view_table *table);
