/* arouteserver puts files together before it reads them as YAML: a line "!include FILE" is replaced
 * by the lines of the file, and ${NAME} by a variable of the environment. So is done here; places in
 * messages are then those of the files that people know. */
#include <ctype.h>
#include <string.h>

#include "base/log.h"
#include "hub/hub_parse.h"
#include "import/import_ars.h"

enum { DEPTH_MAX = 16, LINES_MAX = 4 << 20, TEXT_MAX = 64 << 20 };

struct place {
	const char *file;
	unsigned line;
};

struct joined {
	struct import *im;
	const char *root;  /* the first file; paths start at its folder */
	struct buf text;   /* all lines */
	struct buf places; /* a struct place for each */
	unsigned depth;
	bool failed;
};

static void
complain(struct joined *j, const char *file, unsigned line, const char *what, const char *text)
{
	hub_complain(j->im->report, (struct hub_mark){file, line, 1}, "%s \"%s\"", what,
		     hub_show(text).text);
	j->failed = true;
}

static size_t
name_length(const char *s, const char *end)
{
	size_t length = 0;
	while (s + length < end && (isalnum((unsigned char)s[length]) || s[length] == '_'))
		length++;
	return length;
}

/* What stands for the variable. NULL: leave it as it is. */
static const char *
expand(struct joined *j, const char *name, bool braces, bool comment, const struct place *at)
{
	const char *value = j->im->request->variable ? j->im->request->variable(name) : NULL;
	if (value && (strchr(value, '\n') || strchr(value, '\r'))) {
		complain(j, at->file, at->line, "found several lines in the variable", name);
		return "";
	}
	if (value || !braces)
		return value;
	if (!comment)
		complain(j, at->file, at->line,
			 "found a variable of the environment that is not set:", name);
	return "";
}

/* The rest of a line behind a # that follows a blank is a comment, as good as always. */
static bool
in_comment(const char *start, const char *at)
{
	for (const char *c = start; c < at; c++)
		if (*c == '#' && (c == start || isblank((unsigned char)c[-1])))
			return true;
	return false;
}

static void
add_line(struct joined *j, const char *line, size_t length, struct place at)
{
	const char *end = line + length;
	for (const char *c = line; c < end;) {
		bool braces = *c == '$' && c + 1 < end && c[1] == '{';
		const char *name = c + 1 + braces;
		size_t named = *c == '$' ? name_length(name, end) : 0;
		bool closed = !braces || (name + named < end && name[named] == '}');
		const char *value = NULL;
		if (named && closed)
			value = expand(j, import_printf(j->im, "%.*s", (int)named, name), braces,
				       in_comment(line, c), &at);
		if (!value) {
			buf_u8(&j->text, (uint8_t)*c++);
			continue;
		}
		buf_str(&j->text, value);
		c = name + named + braces;
	}
	buf_u8(&j->text, '\n');
	buf_put(&j->places, &at, sizeof(at));
	if (j->text.length > TEXT_MAX || j->places.length / sizeof(at) > LINES_MAX)
		complain(j, at.file, at.line, "found too much text with all that is included in",
			 j->root);
}

static void add_file(struct joined *j, const char *path, const struct place *by);

/* "!include FILE" with nothing before it. True if the line is one. */
static bool
include(struct joined *j, const char *line, size_t length, struct place at)
{
	static const char word[] = "!include";
	const char *end = line + length;
	while (line < end && isspace((unsigned char)*line))
		line++;
	size_t left = (size_t)(end - line);
	if (left < sizeof(word) || memcmp(line, word, sizeof(word) - 1) != 0 ||
	    !isblank((unsigned char)line[sizeof(word) - 1]))
		return false;
	line += sizeof(word) - 1;
	while (line < end && isspace((unsigned char)*line))
		line++;
	size_t named = 0;
	while (line + named < end && !isspace((unsigned char)line[named]))
		named++;
	const char *path = import_printf(j->im, "%.*s", (int)named, line);
	const char *slash = strrchr(j->root, '/');
	if (path[0] != '/' && slash)
		path = import_printf(j->im, "%.*s%s", (int)(slash - j->root + 1), j->root, path);
	add_file(j, path, &at);
	return true;
}

static void
add_lines(struct joined *j, const char *file, const struct buf *bytes)
{
	const char *text = (const char *)bytes->data, *end = text + bytes->length;
	struct place at = {file, 1};
	for (; text < end && !j->failed; at.line++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t length = newline ? (size_t)(newline - text) : (size_t)(end - text);
		size_t shown = length && text[length - 1] == '\r' ? length - 1 : length;
		if (!include(j, text, shown, at))
			add_line(j, text, shown, at);
		text += length + (newline != NULL);
	}
}

static void
add_file(struct joined *j, const char *path, const struct place *by)
{
	struct buf bytes = {0};
	if (j->depth == DEPTH_MAX) {
		complain(j, by->file, by->line, "found files that include each other:", path);
		return;
	}
	j->depth++;
	size_t errors = j->im->report->count;
	if (!import_fetch(j->im, path, &bytes) || !hub_parse_text(j->im->report, path, &bytes)) {
		j->failed = true;
		if (by && j->im->report->count > errors)
			complain(j, by->file, by->line, "it is included here:", path);
	} else {
		add_lines(j, path, &bytes);
	}
	j->depth--;
	buf_fini(&bytes);
}

static struct hub_mark
true_place(const struct joined *j, struct hub_mark at)
{
	const struct place *places = (const struct place *)(const void *)j->places.data;
	size_t count = j->places.length / sizeof(*places);
	if (!count)
		return (struct hub_mark){j->root, 0, 0};
	/* What is missing at the end is missed behind the last line. */
	size_t i = at.line == 0 ? 0 : at.line > count ? count - 1 : at.line - 1;
	return (struct hub_mark){places[i].file, at.line ? places[i].line : 0, at.column};
}

/* Nodes that aliases share are met more than once; they no longer name the joined text then. */
static void
mend(const struct joined *j, struct hub_node *node, const char *joined_name)
{
	if (node->mark.file == joined_name)
		node->mark = true_place(j, node->mark);
	if (node->key_mark.file == joined_name)
		node->key_mark = true_place(j, node->key_mark);
	for (struct hub_node *child = node->first; child; child = child->next)
		mend(j, child, joined_name);
}

static void
mend_errors(const struct joined *j, size_t first, const char *joined_name)
{
	struct hub_report *report = j->im->report;
	for (size_t i = first; i < report->count; i++) {
		struct hub_error *e = &report->errors[i];
		if (strcmp(e->file, joined_name) != 0)
			continue;
		struct hub_mark at =
			true_place(j, (struct hub_mark){joined_name, e->line, e->column});
		e->file = arena_str(report->arena, at.file);
		if (!e->file)
			e->file = "";
		e->line = at.line;
		e->column = at.column;
	}
}

struct hub_node *
import_include(struct import *im, const char *path)
{
	static const char joined_name[] = "\x01joined";
	struct joined j = {.im = im, .root = path};
	struct hub_node *root = NULL;
	add_file(&j, path, NULL);
	if (j.text.failed || j.places.failed)
		fatal("import: no memory");
	if (!j.failed) {
		size_t errors = im->report->count;
		buf_u8(&j.text, 0);
		j.text.length--;
		root = hub_parse_yaml(im->arena, im->report, joined_name, &j.text);
		if (root)
			mend(&j, root, joined_name);
		mend_errors(&j, errors, joined_name);
	}
	buf_fini(&j.text);
	buf_fini(&j.places);
	return root;
}
