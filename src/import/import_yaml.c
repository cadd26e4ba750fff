/* A tree of YAML with comments, and its writing. */
#include "import/import_yaml.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/utf8.h"

enum { WIDTH = 100 };

enum yaml_kind { YAML_SCALAR, YAML_MAP, YAML_LIST, YAML_FLOW_LIST, YAML_FLOW_MAP };

struct comment {
	const char *text;
	struct comment *next;
};

struct import_yaml {
	enum yaml_kind kind;
	struct arena *arena;
	const char *key;  /* NULL in a list */
	const char *text; /* of a scalar */
	bool quoted;
	struct comment *comments, *last_comment;
	struct import_yaml *first, *last, *next;
};

static void *
take(struct arena *arena, size_t size)
{
	void *memory = arena_take(arena, size);
	if (!memory)
		fatal("import: no memory");
	return memory;
}

static char *
copy_text(struct arena *arena, const char *text)
{
	char *copy = arena_str(arena, text);
	if (!copy)
		fatal("import: no memory");
	return copy;
}

static struct import_yaml *
add(struct import_yaml *parent, const char *key, enum yaml_kind kind)
{
	assert((parent->kind == YAML_MAP || parent->kind == YAML_FLOW_MAP) == (key != NULL));
	struct import_yaml *node = take(parent->arena, sizeof(*node));
	*node = (struct import_yaml){.kind = kind, .arena = parent->arena, .key = key};
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	return node;
}

struct import_yaml *
import_yaml_root(struct arena *arena)
{
	struct import_yaml *node = take(arena, sizeof(*node));
	*node = (struct import_yaml){.kind = YAML_MAP, .arena = arena};
	return node;
}

struct import_yaml *
import_yaml_map(struct import_yaml *parent, const char *key)
{
	return add(parent, key, YAML_MAP);
}

struct import_yaml *
import_yaml_list(struct import_yaml *parent, const char *key)
{
	return add(parent, key, YAML_LIST);
}

struct import_yaml *
import_yaml_flow_list(struct import_yaml *parent, const char *key)
{
	return add(parent, key, YAML_FLOW_LIST);
}

struct import_yaml *
import_yaml_flow_map(struct import_yaml *parent, const char *key)
{
	return add(parent, key, YAML_FLOW_MAP);
}

/* Words that some reader of YAML takes for something else than text. */
static bool
ambiguous(const char *text)
{
	static const char *const words[] = {"y",   "n",    "yes",   "no",  "on",
					    "off", "true", "false", "null"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(words[i], text) == 0)
			return true;
	return false;
}

/* Words of letters, digits and a few marks, with single spaces between them. */
static bool
plain(const char *text)
{
	if (!isalnum((unsigned char)text[0]))
		return false;
	for (const char *c = text; *c; c++) {
		bool space = *c == ' ' && c[1] != '\0' && c[1] != ' ';
		if (!isalnum((unsigned char)*c) && !strchr("._/-+", *c) && !space)
			return false;
	}
	return true;
}

struct import_yaml *
import_yaml_text(struct import_yaml *parent, const char *key, const char *text)
{
	struct import_yaml *node = add(parent, key, YAML_SCALAR);
	node->text = copy_text(parent->arena, text);
	node->quoted = !plain(text) || !isalpha((unsigned char)text[0]) || ambiguous(text);
	return node;
}

struct import_yaml *
import_yaml_word(struct import_yaml *parent, const char *key, const char *format, ...)
{
	char text[512];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	struct import_yaml *node = add(parent, key, YAML_SCALAR);
	node->text = copy_text(parent->arena, text);
	node->quoted = !plain(text);
	return node;
}

void
import_yaml_comment(struct import_yaml *node, const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	struct comment *comment = take(node->arena, sizeof(*comment));
	comment->text = copy_text(node->arena, text);
	if (node->last_comment)
		node->last_comment->next = comment;
	else
		node->comments = comment;
	node->last_comment = comment;
}

static bool
same(const struct import_yaml *a, const struct import_yaml *b)
{
	if (a->kind != b->kind || (a->key && strcmp(a->key, b->key) != 0) ||
	    (a->text && strcmp(a->text, b->text) != 0))
		return false;
	const struct import_yaml *x = a->first, *y = b->first;
	while (x && y && same(x, y))
		x = x->next, y = y->next;
	return !x && !y;
}

void
import_yaml_drop_repeats(struct import_yaml *list)
{
	enum { COMPARED_MAX = 20000 }; /* more than a hub file takes in any list */
	struct import_yaml *kept = NULL;
	size_t count = 0;
	for (const struct import_yaml *node = list->first; node; node = node->next)
		if (++count > COMPARED_MAX)
			return;
	for (struct import_yaml *node = list->first, *next; node; node = next) {
		const struct import_yaml *other = list->first;
		next = node->next;
		while (other != node && !same(other, node))
			other = other->next;
		if (other == node)
			kept = node;
		else
			kept->next = next;
	}
	list->last = kept;
}

void
import_yaml_join(struct import_yaml *to, struct import_yaml *from)
{
	assert(to->kind == from->kind);
	if (!from->first)
		return;
	if (to->last)
		to->last->next = from->first;
	else
		to->first = from->first;
	to->last = from->last;
	from->first = from->last = NULL;
}

static void
put_scalar(const struct import_yaml *node, struct buf *out)
{
	if (!node->quoted) {
		buf_str(out, node->text);
		return;
	}
	buf_u8(out, '"');
	for (const char *c = node->text; *c; c++) {
		if (*c == '"' || *c == '\\')
			buf_u8(out, '\\');
		buf_u8(out, (uint8_t)*c);
	}
	buf_u8(out, '"');
}

/* Octets of the word at `s` and how many characters they are. What could end the comment or is not
 * text is made a question mark by the writer. */
static size_t
measure(const char *s, size_t *columns)
{
	size_t length = 0;
	*columns = 0;
	while (s[length] && s[length] != ' ' && s[length] != '\n') {
		unsigned step = utf8_length((const unsigned char *)s + length);
		length += step ? step : 1;
		++*columns;
	}
	return length;
}

static void
put_word(struct buf *out, const char *word, size_t length)
{
	for (size_t i = 0; i < length;) {
		const unsigned char *c = (const unsigned char *)word + i;
		unsigned step = utf8_length(c);
		bool control = *c < 0x20 || *c == 0x7f || (c[0] == 0xc2 && c[1] < 0xa0);
		/* U+2028 and U+2029 end lines in YAML, U+FEFF and U+FFFE have no place in it. */
		bool line = step == 3 && (memcmp(c, "\xe2\x80\xa8", 3) == 0 ||
					  memcmp(c, "\xe2\x80\xa9", 3) == 0 ||
					  memcmp(c, "\xef\xbb\xbf", 3) == 0 ||
					  (c[0] == 0xef && c[1] == 0xbf && c[2] >= 0xbe));
		if (!step || control || line)
			buf_u8(out, '?');
		else
			buf_put(out, c, step);
		i += step ? step : 1;
	}
}

void
import_yaml_write_comment(struct buf *out, const char *prefix, const char *text)
{
	size_t column = 0, columns;
	for (const char *s = text; *s;) {
		if (*s == ' ' || *s == '\n') {
			s++;
			continue;
		}
		size_t length = measure(s, &columns);
		if (column && column + 1 + columns > WIDTH) {
			buf_str(out, "\n");
			column = 0;
		}
		if (column == 0) {
			buf_str(out, prefix);
			column = strlen(prefix);
		} else {
			buf_str(out, " ");
			column++;
		}
		put_word(out, s, length);
		column += columns;
		s += length;
	}
	if (column)
		buf_str(out, "\n");
}

static void
put_comments(const struct import_yaml *node, unsigned depth, struct buf *out)
{
	char prefix[80];
	(void)snprintf(prefix, sizeof(prefix), "%*s# ", (int)depth * 2, "");
	for (const struct comment *c = node->comments; c; c = c->next)
		import_yaml_write_comment(out, prefix, c->text);
}

static void put_block(const struct import_yaml *node, unsigned depth, struct buf *out);

static bool
is_container(const struct import_yaml *node)
{
	return node->kind == YAML_MAP || node->kind == YAML_LIST;
}

/* Nothing of it would be written. */
static bool
is_nothing(const struct import_yaml *node)
{
	if (!is_container(node))
		return false;
	for (const struct import_yaml *child = node->first; child; child = child->next)
		if (!is_nothing(child))
			return false;
	return true;
}

/* A value that fits behind its key or dash. */
static void
put_inline(const struct import_yaml *node, struct buf *out)
{
	if (node->kind == YAML_SCALAR) {
		put_scalar(node, out);
		return;
	}
	bool map = node->kind == YAML_FLOW_MAP;
	buf_str(out, map ? "{" : "[");
	for (const struct import_yaml *child = node->first; child; child = child->next) {
		if (child != node->first)
			buf_str(out, ", ");
		if (map)
			buf_printf(out, "%s: ", child->key);
		put_inline(child, out);
	}
	buf_str(out, map ? "}" : "]");
}

/* An element of a list: its first line begins with a dash. */
static void
put_element(const struct import_yaml *child, unsigned depth, struct buf *out)
{
	if (!is_container(child)) {
		buf_printf(out, "%*s- ", (int)depth * 2, "");
		put_inline(child, out);
		buf_str(out, "\n");
		return;
	}
	/* The comments of the first key must not come between the dash and the key. */
	if (child->first)
		put_comments(child->first, depth, out);
	size_t start = out->length;
	struct import_yaml bare = *child, first;
	if (child->first) {
		first = *child->first;
		first.comments = NULL;
		bare.first = &first;
	}
	put_block(&bare, depth + 1, out);
	if (!out->failed && out->length > start)
		out->data[start + (size_t)depth * 2] = '-';
}

static void
put_block(const struct import_yaml *node, unsigned depth, struct buf *out)
{
	for (const struct import_yaml *child = node->first; child; child = child->next) {
		if (is_nothing(child))
			continue;
		if (depth == 0 && child != node->first)
			buf_str(out, "\n");
		put_comments(child, depth, out);
		if (node->kind == YAML_LIST) {
			put_element(child, depth, out);
			continue;
		}
		buf_printf(out, "%*s%s:", (int)depth * 2, "", child->key);
		if (is_container(child)) {
			buf_str(out, "\n");
			put_block(child, depth + 1, out);
		} else {
			buf_str(out, " ");
			put_inline(child, out);
			buf_str(out, "\n");
		}
	}
}

void
import_yaml_write(const struct import_yaml *root, struct buf *out)
{
	put_block(root, 0, out);
}
