/* Tables in three forms. */
#include "view/view_journal_table.h"

#include <string.h>

#include "view/view_text.h"

void
view_table_begin(struct view_table *t, struct buf *out, enum view_form form)
{
	*t = (struct view_table){.out = out, .form = form};
	if (form == VIEW_JSON) {
		t->json = json_to(out);
		json_object(&t->json, NULL);
	}
}

static void
csv_head(struct view_table *t)
{
	bool first = true;
	for (size_t i = 0; i < t->column_count; i++) {
		if (!t->columns[i].key)
			continue;
		buf_printf(t->out, "%s%s", first ? "" : ",", t->columns[i].key);
		first = false;
	}
	buf_str(t->out, "\r\n");
}

/* Numbers stand at the right. Nothing is cut: who sees the name of an invoice is going to type it. */
static void
cell(struct view_table *t, const struct view_column *column, const char *value, bool last)
{
	size_t width = (size_t)(column->width < 0 ? -column->width : column->width);
	if (view_width(value) > width)
		buf_str(t->out, value);
	else
		view_cell(t->out, value, column->width);
	if (!last)
		buf_u8(t->out, ' ');
}

static void
text_line(struct view_table *t, const char *const *values)
{
	for (size_t i = 0; i < t->column_count; i++)
		if (t->columns[i].head)
			cell(t, &t->columns[i], values ? values[i] : t->columns[i].head,
			     i + 1 == t->column_count);
	view_end_line(t->out);
}

void
view_table_rows(struct view_table *t, const char *name, const struct view_column *columns,
		size_t count)
{
	t->columns = columns;
	t->column_count = count;
	t->rows = 0;
	if (t->form == VIEW_JSON)
		json_array(&t->json, name);
	else if (t->form == VIEW_CSV)
		csv_head(t);
}

static void
json_row(struct view_table *t, const char *const *values)
{
	json_object(&t->json, NULL);
	for (size_t i = 0; i < t->column_count; i++) {
		if (!t->columns[i].key)
			continue;
		if (t->columns[i].number && *values[i])
			json_raw(&t->json, t->columns[i].key, values[i], strlen(values[i]));
		else
			json_str(&t->json, t->columns[i].key, *values[i] ? values[i] : NULL);
	}
	json_object_end(&t->json);
}

static bool
is_number(const char *text)
{
	text += *text == '-';
	return *text && text[strspn(text, "0123456789.")] == '\0';
}

static void
csv_row(struct view_table *t, const char *const *values)
{
	bool first = true;
	for (size_t i = 0; i < t->column_count; i++) {
		if (!t->columns[i].key)
			continue;
		if (!first)
			buf_u8(t->out, ',');
		/* A number below zero is no formula, which view_csv_field would take it for. */
		if (is_number(values[i]))
			buf_str(t->out, values[i]);
		else
			view_csv_field(t->out, values[i]);
		first = false;
	}
	buf_str(t->out, "\r\n");
}

void
view_table_row(struct view_table *t, const char *const *values)
{
	if (t->form == VIEW_JSON) {
		json_row(t, values);
	} else if (t->form == VIEW_CSV) {
		csv_row(t, values);
	} else {
		if (!t->rows)
			text_line(t, NULL);
		text_line(t, values);
	}
	t->rows++;
}

void
view_table_rows_end(struct view_table *t, const char *none)
{
	if (t->form == VIEW_JSON)
		json_array_end(&t->json);
	else if (t->form == VIEW_TEXT && !t->rows && none)
		buf_printf(t->out, "%s\n", none);
}

void
view_table_end(struct view_table *t)
{
	if (t->form != VIEW_JSON)
		return;
	json_object_end(&t->json);
	buf_str(t->out, "\n");
}
