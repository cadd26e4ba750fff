/* Text in columns of a terminal, and fields of CSV. */
#include "view/view_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LABEL_COLUMNS = 14 };

/* True for an octet that continues a code point of UTF-8 (RFC 3629 section 3). */
static bool
continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

size_t
view_width(const char *text)
{
	size_t width = 0;
	for (; *text; text++)
		width += !continues(*text);
	return width;
}

/* Octets of the first `columns` code points. */
static size_t
octets_of(const char *text, size_t columns)
{
	size_t i = 0;
	for (; text[i]; i++) {
		if (!continues(text[i]) && columns-- == 0)
			break;
	}
	return i;
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
		buf_put(out, text, octets_of(text, columns ? columns - 1 : 0));
		if (columns)
			buf_str(out, "\u2026");
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
		size_t width = 0;
		for (size_t i = 0; i < length; i++)
			width += !continues(text[i]);
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
	if (!strpbrk(text, ",\"\r\n")) {
		buf_str(out, text);
		return;
	}
	buf_u8(out, '"');
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
