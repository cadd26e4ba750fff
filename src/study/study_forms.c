/* JSON, CSV and text of a study. */
#include "study/study_forms.h"

#include <math.h>
#include <stdio.h>

#include "base/json.h"
#include "view/view_text.h"

static bool
has_range(const struct study_table *t, size_t column)
{
	for (const struct study_row *r = t->rows; r; r = r->next)
		if (!r->cells[column].text && isfinite(r->cells[column].low) &&
		    isfinite(r->cells[column].high))
			return true;
	return false;
}

/* --- JSON --- */

static void
cell_json(struct json *j, const struct study_cell *c)
{
	if (c->text) {
		json_str(j, NULL, c->text);
	} else if (isfinite(c->low) && isfinite(c->high)) {
		json_object(j, NULL);
		json_double(j, "value", c->value);
		json_double(j, "low", c->low);
		json_double(j, "high", c->high);
		json_object_end(j);
	} else {
		json_double(j, NULL, c->value);
	}
}

static void
table_json(struct json *j, const struct study_table *t)
{
	json_u64(j, "number", t->number);
	json_str(j, "id", t->id);
	json_str(j, "caption", t->caption);
	json_array(j, "columns");
	for (size_t i = 0; i < t->column_count; i++) {
		json_object(j, NULL);
		json_str(j, "name", t->columns[i].name);
		json_str(j, "unit", t->columns[i].unit);
		json_object_end(j);
	}
	json_array_end(j);
	json_array(j, "rows");
	for (const struct study_row *r = t->rows; r; r = r->next) {
		json_array(j, NULL);
		for (size_t i = 0; i < t->column_count; i++)
			cell_json(j, &r->cells[i]);
		json_array_end(j);
	}
	json_array_end(j);
	json_str(j, "note", t->note);
}

static void
block_json(struct json *j, const struct study_block *b)
{
	static const char *const kinds[] = {"paragraph", "point", "missing", "formula",
					    "term",      "table", "figure"};
	json_object(j, NULL);
	json_str(j, "kind", kinds[b->kind]);
	if (b->table) {
		table_json(j, b->table);
	} else if (b->figure) {
		json_u64(j, "number", b->figure->number);
		json_str(j, "id", b->figure->id);
		json_str(j, "caption", b->figure->caption);
	} else {
		json_str(j, "text", b->text);
	}
	if (b->more)
		json_str(j, "meaning", b->more);
	json_object_end(j);
}

void
study_json(struct buf *out, const struct study_document *d)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "title", d->title);
	json_str(&j, "hub", d->hub);
	json_utc(&j, "date", d->date);
	json_array(&j, "facts");
	for (const struct study_fact *f = d->facts; f; f = f->next) {
		json_object(&j, NULL);
		json_str(&j, "label", f->label);
		json_str(&j, "text", f->text);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_array(&j, "sections");
	for (const struct study_section *s = d->sections; s; s = s->next) {
		json_object(&j, NULL);
		json_str(&j, "id", s->id);
		json_str(&j, "title", s->title);
		json_array(&j, "blocks");
		for (const struct study_block *b = s->blocks; b; b = b->next)
			block_json(&j, b);
		json_array_end(&j);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
}

/* --- CSV --- */

static void
csv_number(struct buf *out, double value)
{
	if (isfinite(value))
		buf_printf(out, "%.12g", value);
}

static void
csv_head(struct buf *out, const struct study_table *t)
{
	char name[160];
	for (size_t i = 0; i < t->column_count; i++) {
		const struct study_column *c = &t->columns[i];
		(void)snprintf(name, sizeof(name), "%s%s%s%s", c->name, c->unit ? " (" : "",
			       c->unit ? c->unit : "", c->unit ? ")" : "");
		buf_str(out, i ? "," : "");
		view_csv_field(out, name);
		if (!has_range(t, i))
			continue;
		buf_str(out, ",");
		(void)snprintf(name, sizeof(name), "%s low", c->name);
		view_csv_field(out, name);
		buf_str(out, ",");
		(void)snprintf(name, sizeof(name), "%s high", c->name);
		view_csv_field(out, name);
	}
	buf_str(out, "\r\n");
}

void
study_csv(struct buf *out, const struct study_table *t)
{
	csv_head(out, t);
	for (const struct study_row *r = t->rows; r; r = r->next) {
		for (size_t i = 0; i < t->column_count; i++) {
			const struct study_cell *c = &r->cells[i];
			buf_str(out, i ? "," : "");
			if (c->text)
				view_csv_field(out, c->text);
			else
				csv_number(out, c->value);
			if (!has_range(t, i))
				continue;
			buf_str(out, ",");
			csv_number(out, c->text ? NAN : c->low);
			buf_str(out, ",");
			csv_number(out, c->text ? NAN : c->high);
		}
		buf_str(out, "\r\n");
	}
}

/* --- text --- */

/* A digest is one word that fills a line: it stands below its label, whole, where it cannot stand beside it. */
static void
fact_text(struct buf *out, const struct study_fact *f)
{
	enum { LABEL = 24 };
	view_cell(out, f->label, LABEL);
	if (LABEL + 1 + view_width(f->text) > VIEW_COLUMNS) {
		view_end_line(out);
		buf_str(out, " ");
	}
	buf_printf(out, " %s\n", f->text);
}

void
study_summary(struct buf *out, const struct study_document *d)
{
	view_wrapped(out, d->title, 0, 0);
	view_wrapped(out, d->hub, 0, 0);
	buf_str(out, "\n");
	for (const struct study_fact *f = d->facts; f; f = f->next)
		fact_text(out, f);
	buf_str(out, "\n");
	for (const struct study_block *b = d->sections ? d->sections->blocks : NULL; b;
	     b = b->next) {
		if (!b->text)
			continue;
		buf_str(out, "- ");
		view_wrapped(out, b->text, 2, 2);
	}
	buf_printf(out,
		   "\n%u table%s and %u figure%s; --out FILE.html, FILE.pdf or a folder has "
		   "them.\n",
		   d->table_count, d->table_count == 1 ? "" : "s", d->figure_count,
		   d->figure_count == 1 ? "" : "s");
}
