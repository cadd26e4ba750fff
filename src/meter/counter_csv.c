/* CSV, cell by cell. */
#include "meter/counter_csv.h"

#include <stdio.h>
#include <string.h>

struct cell {
	char text[COUNTER_FIELD_MAX];
	size_t length;
};

static bool
append(struct cell *cell, uint8_t octet)
{
	if (cell->length == sizeof(cell->text))
		return false;
	cell->text[cell->length++] = (char)octet;
	return true;
}

static void
trim(struct cell *cell)
{
	size_t from = 0;
	while (from < cell->length && cell->text[from] == ' ')
		from++;
	while (cell->length > from && cell->text[cell->length - 1] == ' ')
		cell->length--;
	memmove(cell->text, cell->text + from, cell->length - from);
	cell->length -= from;
}

/* What is between quotes; two of them are one. A comma after them: another cell follows. */
static bool
read_quoted(struct cell *cell, struct cursor *in, bool *more)
{
	while (cursor_left(in)) {
		uint8_t octet = cursor_u8(in);
		if (octet != '"') {
			if (!append(cell, octet))
				return false;
			continue;
		}
		if (!cursor_left(in))
			return true;
		octet = cursor_u8(in);
		*more = octet == ',';
		if (*more)
			return true;
		if (octet != '"' || !append(cell, octet))
			return false;
	}
	return false;
}

/* The next cell; *more: another follows. False when it is too long, or its quotes are wrong. */
static bool
read_cell(struct cell *cell, struct cursor *in, bool *more)
{
	size_t before = cursor_left(in);
	struct cursor ahead = *in;
	cell->length = 0;
	*more = false;
	if (before && cursor_u8(&ahead) == '"') {
		*in = ahead;
		return read_quoted(cell, in, more);
	}
	while (cursor_left(in)) {
		uint8_t octet = cursor_u8(in);
		if (octet == ',') {
			*more = true;
			break;
		}
		if (octet == '"' || !append(cell, octet))
			return false;
	}
	trim(cell);
	return true;
}

int
counter_csv_header(struct counter_csv *out, struct cursor header, char why[COUNTER_REASON])
{
	static const uint8_t mark[] = {0xef, 0xbb, 0xbf}; /* that spreadsheets put in front */
	if (cursor_left(&header) >= sizeof(mark) && memcmp(header.at, mark, sizeof(mark)) == 0)
		cursor_skip(&header, sizeof(mark));
	uint32_t had = 0;
	bool more = true;
	struct counter_csv csv = {0};
	while (more) {
		struct cell cell;
		int field = -1;
		if (read_cell(&cell, &header, &more))
			field = counter_field_by_name(cell.text, cell.length);
		if (field < 0 || had & UINT32_C(1) << field) {
			(void)snprintf(why, COUNTER_REASON, "column %zu: \"%.*s\" is %s",
				       csv.count + 1, cell.length > 40 ? 40 : (int)cell.length,
				       cell.text, field < 0 ? "none" : "there twice");
			return -1;
		}
		had |= UINT32_C(1) << field;
		csv.fields[csv.count++] = (int8_t)field;
	}
	*out = csv;
	return 0;
}

int
counter_csv_row(struct counter_report *out, const struct counter_csv *csv, struct cursor row,
		char why[COUNTER_REASON])
{
	bool more = true;
	for (size_t column = 0; more || column < csv->count; column++) {
		struct cell cell;
		if (!more || column == csv->count) {
			(void)snprintf(why, COUNTER_REASON, "%s than the %zu columns of the header",
				       more ? "more" : "fewer", csv->count);
			return -1;
		}
		if (!read_cell(&cell, &row, &more)) {
			(void)snprintf(why, COUNTER_REASON,
				       "column %zu: too long, or a quote that is out of place",
				       column + 1);
			return -1;
		}
		if (counter_report_set(out, csv->fields[column], cell.text, cell.length, why) < 0)
			return -1;
	}
	return 0;
}
