/* CSV (RFC 4180) to the same tree as YAML: a list of mappings, keyed by the first line. Lines may
 * end with CRLF or LF; a field in quotes may hold commas, line ends and doubled quotes. */
#include "hub/hub_parse.h"

#include <string.h>
#include <strings.h>

#include "base/cursor.h"

enum { COLUMNS_MAX = 256 };

struct csv {
	struct cursor bytes;
	struct hub_mark at; /* of the next character */
	struct arena *arena;
	struct hub_report *report;
	struct buf field; /* the field being read */
	bool row_ended;   /* the field was the last of its row */
};

static int
peek(const struct csv *c)
{
	struct cursor copy = c->bytes;
	return cursor_left(&copy) ? cursor_u8(&copy) : -1;
}

static int
take(struct csv *c)
{
	if (!cursor_left(&c->bytes))
		return -1;
	int octet = cursor_u8(&c->bytes);
	if (octet == '\n') {
		c->at.line++;
		c->at.column = 1;
	} else if ((octet & 0xc0) != 0x80) {
		c->at.column++; /* columns count characters, not octets */
	}
	return octet;
}

/* The part between quotes. False if the file ends in it. */
static bool
take_quoted(struct csv *c)
{
	struct hub_mark start = c->at;
	take(c);
	for (;;) {
		int octet = take(c);
		if (octet < 0) {
			hub_complain(c->report, start, "found a quote that is not closed");
			return false;
		}
		if (octet != '"') {
			buf_u8(&c->field, (uint8_t)octet);
			continue;
		}
		if (peek(c) != '"')
			return true;
		take(c);
		buf_u8(&c->field, '"');
	}
}

/* Eats a comma, a line end or the end of the file. */
static bool
take_separator(struct csv *c)
{
	struct hub_mark at = c->at;
	int octet = take(c);
	if (octet == '\r' && peek(c) == '\n')
		octet = take(c);
	c->row_ended = octet != ',';
	if (octet == ',' || octet == '\n' || octet == '\r' || octet < 0)
		return true;
	hub_complain(c->report, at, "found text after a closing quote, expected a comma");
	return false;
}

/* Reads the next field into c->field. */
static bool
take_field(struct csv *c)
{
	buf_clear(&c->field);
	if (peek(c) == '"') {
		if (!take_quoted(c))
			return false;
		return take_separator(c);
	}
	for (;;) {
		int octet = peek(c);
		if (octet < 0 || octet == ',' || octet == '\n' || octet == '\r')
			return take_separator(c);
		if (octet == '"') {
			hub_complain(c->report, c->at,
				     "found a quote inside a field, expected it doubled in a "
				     "quoted field");
			return false;
		}
		buf_u8(&c->field, (uint8_t)take(c));
	}
}

/* Which of the wanted columns each column of the file is; -1: ignored. */
struct header {
	int wanted[COLUMNS_MAX];
	size_t count;
};

static int
column_of(const struct hub_columns *columns, const char *name, size_t length)
{
	for (size_t i = 0; i < columns->count; i++)
		if (strlen(columns->names[i]) == length &&
		    memcmp(columns->names[i], name, length) == 0)
			return (int)i;
	return -1;
}

enum { NEAR_LETTERS_MIN = 5 }; /* with the NUL; of fewer, many are near one another by chance */

/* Is `name` the known column without its unit: "capex" of "capex_musd", "capex_low" of "capex_musd_low"? */
static bool
lacks_unit(const char *name, const char *known)
{
	static const char *const beside[] = {"_low", "_high", "_source", "_confidence"};
	size_t stem = strlen(name), known_stem = strlen(known);
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		size_t tail = strlen(beside[i]);
		if (stem <= tail || strcmp(name + stem - tail, beside[i]) != 0)
			continue;
		if (known_stem <= tail || strcmp(known + known_stem - tail, beside[i]) != 0)
			return false;
		stem -= tail;
		known_stem -= tail;
		break;
	}
	return known_stem > stem && strncasecmp(name, known, stem) == 0 && known[stem] == '_' &&
	       !memchr(known + stem + 1, '_', known_stem - stem - 1);
}

/* The known column that was meant, so far as that can be told; else NULL. */
static const char *
nearest_column(const struct hub_columns *columns, const char *name)
{
	struct hub_nearest near = {.word = name};
	for (size_t i = 0; i < columns->count; i++) {
		if (lacks_unit(name, columns->names[i]))
			return columns->names[i];
		hub_nearest_offer(&near, columns->names[i]);
	}
	return near.best;
}

/* Columns that nobody knows are left alone: files of others have more than is read. One that is
 * almost a known one is a slip, and its values would be missed. */
static void
tell_near(struct csv *c, const struct hub_columns *columns, struct hub_mark at)
{
	buf_u8(&c->field, 0);
	if (c->field.failed || c->field.length < NEAR_LETTERS_MIN)
		return;
	const char *name = (const char *)c->field.data, *nearest = nearest_column(columns, name);
	if (nearest)
		hub_warn(c->report, at, "column \"%s\" is not known and not read; is \"%s\" meant?",
			 hub_show(name).text, nearest);
}

static bool
read_header(struct csv *c, const struct hub_columns *columns, struct header *out)
{
	bool found[COLUMNS_MAX] = {false};
	out->count = 0;
	for (c->row_ended = false; !c->row_ended;) {
		struct hub_mark at = c->at;
		if (!take_field(c))
			return false;
		if (out->count == COLUMNS_MAX) {
			hub_complain(c->report, at, "found more than %d columns", COLUMNS_MAX);
			return false;
		}
		int wanted = c->field.failed ? -1
					     : column_of(columns, (const char *)c->field.data,
							 c->field.length);
		if (wanted >= 0 && found[wanted]) {
			hub_complain(c->report, at, "found column \"%s\" twice",
				     columns->names[wanted]);
			return false;
		}
		if (wanted >= 0)
			found[wanted] = true;
		else
			tell_near(c, columns, at);
		out->wanted[out->count++] = wanted;
	}
	bool whole = true;
	for (size_t i = 0; i < columns->count; i++) {
		if (!columns->required[i] || found[i])
			continue;
		hub_complain(c->report, (struct hub_mark){c->at.file, 1, 1},
			     "column \"%s\" is missing from the first line", columns->names[i]);
		whole = false;
	}
	return whole;
}

static bool
add_field(struct csv *c, struct hub_node *row, const char *name, struct hub_mark at)
{
	if (!c->field.length)
		return true;
	struct hub_node *value = hub_node_new(c->arena, HUB_NODE_SCALAR, at);
	if (!value || !(value->text = arena_copy(c->arena, c->field.data, c->field.length))) {
		hub_complain(c->report, at, "out of memory");
		return false;
	}
	value->key = name;
	value->key_mark = at;
	hub_node_append(row, value);
	return true;
}

static struct hub_node *
read_row(struct csv *c, const struct hub_columns *columns, const struct header *header)
{
	struct hub_mark start = c->at;
	struct hub_node *row = hub_node_new(c->arena, HUB_NODE_MAP, start);
	size_t count = 0;
	if (!row)
		return NULL;
	for (c->row_ended = false; !c->row_ended; count++) {
		struct hub_mark at = c->at;
		if (!take_field(c))
			return NULL;
		if (count >= header->count || header->wanted[count] < 0)
			continue;
		if (!add_field(c, row, columns->names[header->wanted[count]], at))
			return NULL;
	}
	if (count != header->count)
		hub_complain(c->report, start, "found %zu fields, the first line has %zu", count,
			     header->count);
	return row;
}

static bool
read_rows(struct csv *c, const struct hub_columns *columns, struct hub_node *list)
{
	struct header header;
	if (!read_header(c, columns, &header))
		return false;
	while (cursor_left(&c->bytes)) {
		if (peek(c) == '\n' || peek(c) == '\r') {
			take(c); /* an empty line says nothing */
			continue;
		}
		struct hub_node *row = read_row(c, columns, &header);
		if (!row)
			return false;
		hub_node_append(list, row);
	}
	return true;
}

struct hub_node *
hub_parse_csv(struct arena *arena, struct hub_report *report, const char *file,
	      const struct buf *bytes, const struct hub_columns *columns)
{
	struct csv c = {
		.bytes = cursor_of(bytes->data, bytes->length),
		.at = {file, 1, 1},
		.arena = arena,
		.report = report,
	};
	static const unsigned char mark[] = {0xef, 0xbb, 0xbf}; /* some spreadsheets begin so */
	if (bytes->length >= 3 && memcmp(bytes->data, mark, 3) == 0)
		cursor_skip(&c.bytes, 3);
	if (!cursor_left(&c.bytes)) {
		hub_complain(report, (struct hub_mark){file, 0, 0},
			     "the file is empty, expected a first line with the names of columns");
		return NULL;
	}
	struct hub_node *list = hub_node_new(arena, HUB_NODE_LIST, c.at);
	bool good = list && read_rows(&c, columns, list);
	buf_fini(&c.field);
	return good ? list : NULL;
}
