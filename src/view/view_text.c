/* Text in columns of a terminal, and fields of CSV. */
#include "view/view_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { LABEL_COLUMNS = 14 };

/* Code points that do not take one column: marks that stand on the letter before take none, East Asian wide ones
 * two (Unicode: general categories Mn, Me and Cf, and UAX #11). Those of scripts that names of networks are written in;
 * in order. */
static const struct {
	uint32_t first, last;
	uint8_t columns;
} widths[] = {
	{0x0300, 0x036f, 0},   {0x0483, 0x0489, 0},   {0x0591, 0x05bd, 0},   {0x05bf, 0x05c7, 0},
	{0x0610, 0x061a, 0},   {0x064b, 0x065f, 0},   {0x0670, 0x0670, 0},   {0x06d6, 0x06dc, 0},
	{0x06df, 0x06e4, 0},   {0x0900, 0x0902, 0},   {0x093a, 0x093a, 0},   {0x093c, 0x093c, 0},
	{0x0941, 0x0948, 0},   {0x094d, 0x094d, 0},   {0x0981, 0x0981, 0},   {0x09bc, 0x09bc, 0},
	{0x09c1, 0x09c4, 0},   {0x09cd, 0x09cd, 0},   {0x0e31, 0x0e31, 0},   {0x0e34, 0x0e3a, 0},
	{0x0e47, 0x0e4e, 0},   {0x1100, 0x115f, 2},   {0x200b, 0x200f, 0},   {0x202a, 0x202e, 0},
	{0x2060, 0x2064, 0},   {0x20d0, 0x20f0, 0},   {0x2e80, 0x303e, 2},   {0x3041, 0x33ff, 2},
	{0x3400, 0x4dbf, 2},   {0x4e00, 0x9fff, 2},   {0xa000, 0xa4cf, 2},   {0xa960, 0xa97f, 2},
	{0xac00, 0xd7a3, 2},   {0xf900, 0xfaff, 2},   {0xfe00, 0xfe0f, 0},   {0xfe20, 0xfe2f, 0},
	{0xfe30, 0xfe6f, 2},   {0xff00, 0xff60, 2},   {0xffe0, 0xffe6, 2},   {0x1f300, 0x1f64f, 2},
	{0x1f680, 0x1f6ff, 2}, {0x1f900, 0x1f9ff, 2}, {0x20000, 0x3fffd, 2},
};

/* Columns of a code point. */
static size_t
columns_of(uint32_t point)
{
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]) && point >= widths[i].first; i++)
		if (point <= widths[i].last)
			return widths[i].columns;
	return 1;
}

/* Takes a code point of UTF-8 (RFC 3629 section 3) from *text, which is not at its end; an octet that begins none counts
 * as one. */
static uint32_t
next_point(const char **text)
{
	const unsigned char *at = (const unsigned char *)*text;
	unsigned more = at[0] >= 0xf0 ? 3 : at[0] >= 0xe0 ? 2 : at[0] >= 0xc0 ? 1 : 0;
	uint32_t point = more ? at[0] & (0x3fu >> more) : at[0];
	unsigned i = 1;
	for (; i <= more && (at[i] & 0xc0) == 0x80; i++)
		point = point << 6 | (at[i] & 0x3fu);
	*text += i;
	return point;
}

/* Columns of the first `length` octets, which end with a code point. */
static size_t
width_of(const char *text, size_t length)
{
	size_t width = 0;
	for (const char *end = text + length; text < end;)
		width += columns_of(next_point(&text));
	return width;
}

size_t
view_width(const char *text)
{
	return width_of(text, strlen(text));
}

/* Octets of what fits into so many columns, and the columns that it takes. */
static size_t
octets_of(const char *text, size_t columns, size_t *taken)
{
	const char *at = text;
	*taken = 0;
	while (*at) {
		const char *next = at;
		size_t width = columns_of(next_point(&next));
		if (*taken + width > columns)
			break;
		*taken += width;
		at = next;
	}
	return (size_t)(at - text);
}

static void
spaces(struct buf *out, size_t count)
{
	while (count--)
		buf_u8(out, ' ');
}

void
view_cell(struct buf *out, const char *text, int width)
{
	size_t columns = (size_t)(width < 0 ? -width : width);
	if (!text)
		text = "";
	size_t taken = view_width(text);
	if (taken > columns) {
		buf_put(out, text, octets_of(text, columns ? columns - 1 : 0, &taken));
		if (columns)
			buf_str(out, "\u2026");
		if (taken + 1 < columns) /* a wide one did not fit */
			spaces(out, columns - taken - 1);
		return;
	}
	if (width < 0)
		spaces(out, columns - taken);
	buf_str(out, text);
	if (width > 0)
		spaces(out, columns - taken);
}

void
view_end_line(struct buf *out)
{
	while (out->length && out->data[out->length - 1] == ' ')
		out->length--;
	buf_str(out, "\n");
}

void
view_wrapped(struct buf *out, const char *text, size_t column, size_t indent)
{
	bool fresh = true; /* nothing written on this line yet */
	while (*text) {
		size_t length = strcspn(text, " ");
		bool more = text[length] != '\0';
		size_t width = width_of(text, length);
		if (!fresh && column + 1 + width > VIEW_COLUMNS) {
			buf_str(out, "\n");
			spaces(out, indent);
			column = indent;
			fresh = true;
		}
		if (!fresh) {
			buf_str(out, " ");
			column++;
		}
		buf_put(out, text, length);
		column += width;
		fresh = false;
		text += length + more;
	}
	buf_str(out, "\n");
}

void
view_field(struct buf *out, const char *label, const char *text)
{
	if (!text || !text[0])
		return;
	view_cell(out, label, LABEL_COLUMNS);
	view_wrapped(out, text, LABEL_COLUMNS, LABEL_COLUMNS);
}

void
view_csv_field(struct buf *out, const char *text)
{
	if (!text)
		return;
	/* A spreadsheet would take it for a formula. */
	bool formula = *text && strchr("=+-@\t", *text);
	if (!formula && !strpbrk(text, ",\"\r\n")) {
		buf_str(out, text);
		return;
	}
	buf_u8(out, '"');
	if (formula)
		buf_u8(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_u8(out, '"');
		buf_u8(out, (uint8_t)*text);
	}
	buf_u8(out, '"');
}

/* Three digits and a unit. */
static char *
scaled(char out[VIEW_RATE_TEXT], uint64_t number, const char *const *units, size_t count)
{
	double value = (double)number;
	size_t unit = 0;
	/* 999.5 would be written as 1000 of the smaller unit. */
	while (value >= 999.5 && unit + 1 < count) {
		value /= 1000;
		unit++;
	}
	int places = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
	snprintf(out, VIEW_RATE_TEXT, "%.*f %s", places, value, units[unit]);
	return out;
}

char *
view_rate(char out[VIEW_RATE_TEXT], uint64_t bps)
{
	static const char *const units[] = {"bit/s",  "kbit/s", "Mbit/s",
					    "Gbit/s", "Tbit/s", "Pbit/s"};
	return scaled(out, bps, units, sizeof(units) / sizeof(units[0]));
}

char *
view_octets(char out[VIEW_RATE_TEXT], uint64_t octets)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
	return scaled(out, octets, units, sizeof(units) / sizeof(units[0]));
}
