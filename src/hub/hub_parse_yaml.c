/* YAML to a tree. libyaml gives events; its documents are not used, because they would resolve
 * scalars and copy what aliases stand for. An alias here shares the children of its anchor, and
 * `weight` counts what it stands for, so a few lines of aliases of aliases are refused by number
 * before anybody walks them. */
#include "hub/hub_parse.h"

#include <assert.h>
#include <string.h>
#include <yaml.h>

#include "base/utf8.h"

struct anchor {
	const char *name;
	struct hub_node *node;
	struct anchor *next;
};

struct builder {
	struct arena *arena;
	struct hub_report *report;
	const char *file;
	struct hub_node *open[HUB_DEPTH_MAX]; /* containers that have not ended, outermost first */
	unsigned depth;
	const char *key; /* of the mapping on top, waiting for its value */
	struct hub_mark key_mark;
	struct hub_node *root;
	struct anchor *anchors; /* newest first: a name may be used again */
	unsigned anchor_count;
	unsigned documents;
	size_t total; /* nodes so far, aliases counted as what they stand for */
};

bool
hub_parse_text(struct hub_report *report, const char *file, struct buf *bytes)
{
	buf_u8(bytes, 0);
	if (bytes->failed) {
		hub_complain(report, (struct hub_mark){file, 0, 0}, "out of memory");
		return false;
	}
	bytes->length--;
	struct hub_mark at = {file, 1, 1};
	bool indents = false; /* nothing but spaces so far in this line */
	for (size_t i = 0; i < bytes->length;) {
		const unsigned char *s = bytes->data + i;
		unsigned length = utf8_length(s);
		if (!length) {
			hub_complain(report, at, "found octet 0x%02x, which is not UTF-8", s[0]);
			return false;
		}
		bool c1 = length == 2 && s[0] == 0xc2 && s[1] < 0xa0;
		if (c1 || s[0] == 0x7f ||
		    (s[0] < 0x20 && s[0] != '\t' && s[0] != '\n' && s[0] != '\r')) {
			hub_complain(report, at, "found control character U+%04X, expected text",
				     c1 ? s[1] : s[0]);
			return false;
		}
		indents |= at.column == 1;
		if (indents && s[0] == 0xc2 && s[1] == 0xa0) {
			hub_complain(report, at,
				     "found a no-break space (U+00A0), expected spaces for "
				     "indentation");
			return false;
		}
		indents &= s[0] == ' ';
		at.column++;
		if (s[0] == '\n') {
			at.line++;
			at.column = 1;
		}
		i += length;
	}
	return true;
}

static struct hub_mark
mark_of(const struct builder *b, yaml_mark_t at)
{
	return (struct hub_mark){b->file, (unsigned)at.line + 1, (unsigned)at.column + 1};
}

static bool
no_memory(struct builder *b)
{
	hub_complain(b->report, (struct hub_mark){b->file, 0, 0}, "out of memory");
	return false;
}

/* Puts a node where it belongs: the root, or a child of the container on top. */
static bool
attach(struct builder *b, struct hub_node *node)
{
	if (b->depth == 0) {
		b->root = node;
		return true;
	}
	struct hub_node *parent = b->open[b->depth - 1];
	if (parent->kind == HUB_NODE_MAP) {
		if (!b->key) {
			hub_complain(b->report, node->mark,
				     "found %s as a key, expected a word and a colon",
				     hub_node_kind_name(node->kind));
			return false;
		}
		node->key = b->key;
		node->key_mark = b->key_mark;
		b->key = NULL;
	}
	hub_node_append(parent, node);
	if (node->kind == HUB_NODE_SCALAR)
		parent->weight++;
	return true;
}

static bool
remember(struct builder *b, const yaml_char_t *name, struct hub_node *node)
{
	if (!name)
		return true;
	if (b->anchor_count == HUB_ANCHORS_MAX) {
		hub_complain(b->report, node->mark, "found more than %d anchors", HUB_ANCHORS_MAX);
		return false;
	}
	struct anchor *anchor = arena_take(b->arena, sizeof(*anchor));
	if (!anchor || !(anchor->name = arena_str(b->arena, (const char *)name)))
		return no_memory(b);
	anchor->node = node;
	anchor->next = b->anchors;
	b->anchors = anchor;
	b->anchor_count++;
	return true;
}

/* Counts what a new node stands for. False, and complained, when it is too much. */
static bool
weigh(struct builder *b, const struct hub_node *node)
{
	b->total += node->weight;
	if (b->total <= HUB_NODES_MAX)
		return true;
	hub_complain(b->report, node->mark,
		     "found more than %d items, aliases counted as what they stand for",
		     HUB_NODES_MAX);
	return false;
}

static bool
on_scalar(struct builder *b, const yaml_event_t *event)
{
	const char *value = (const char *)event->data.scalar.value;
	struct hub_mark at = mark_of(b, event->start_mark);
	if (strlen(value) != event->data.scalar.length) {
		hub_complain(b->report, at, "found a zero octet in the text");
		return false;
	}
	char *text = arena_str(b->arena, value);
	if (!text)
		return no_memory(b);
	bool in_map = b->depth > 0 && b->open[b->depth - 1]->kind == HUB_NODE_MAP;
	if (in_map && !b->key) {
		if (event->data.scalar.anchor) {
			hub_complain(b->report, at, "found an anchor on a key");
			return false;
		}
		b->key = text;
		b->key_mark = at;
		return true;
	}
	struct hub_node *node = hub_node_new(b->arena, HUB_NODE_SCALAR, at);
	if (!node)
		return no_memory(b);
	node->text = text;
	node->absent = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
		       (text[0] == '\0' || strcmp(text, "~") == 0);
	return weigh(b, node) && attach(b, node) && remember(b, event->data.scalar.anchor, node);
}

static bool
on_start(struct builder *b, enum hub_node_kind kind, const yaml_event_t *event,
	 const yaml_char_t *anchor)
{
	struct hub_node *node = hub_node_new(b->arena, kind, mark_of(b, event->start_mark));
	if (!node)
		return no_memory(b);
	if (b->depth == HUB_DEPTH_MAX) {
		hub_complain(b->report, node->mark, "found more than %d levels of nesting",
			     HUB_DEPTH_MAX);
		return false;
	}
	if (!weigh(b, node) || !attach(b, node) || !remember(b, anchor, node))
		return false;
	b->open[b->depth++] = node;
	return true;
}

static bool
on_end(struct builder *b)
{
	assert(b->depth > 0); /* libyaml's events come in pairs */
	const struct hub_node *ended = b->open[--b->depth];
	assert(ended);
	if (b->depth > 0)
		b->open[b->depth - 1]->weight += ended->weight;
	return true;
}

/* Gives `node` children of its own that stand for those of `anchor`; what is below them is shared.
 * So lists of different files can be joined without touching what an alias stands for. */
static bool
share(struct builder *b, struct hub_node *node, const struct hub_node *anchor)
{
	for (const struct hub_node *child = anchor->first; child; child = child->next) {
		struct hub_node *copy = arena_take(b->arena, sizeof(*copy));
		if (!copy)
			return no_memory(b);
		*copy = *child;
		hub_node_append(node, copy);
	}
	return true;
}

static bool
on_alias(struct builder *b, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;
	struct hub_mark at = mark_of(b, event->start_mark);
	const struct anchor *a = b->anchors;
	while (a && strcmp(a->name, name) != 0)
		a = a->next;
	if (!a) {
		hub_complain(b->report, at, "found *%s, but there is no &%s before it",
			     hub_show(name).text, hub_show(name).text);
		return false;
	}
	for (unsigned i = 0; i < b->depth; i++) {
		if (b->open[i] == a->node) {
			hub_complain(b->report, at, "found *%s inside &%s: it would contain itself",
				     hub_show(name).text, hub_show(name).text);
			return false;
		}
	}
	struct hub_node *node = hub_node_new(b->arena, a->node->kind, at);
	if (!node)
		return no_memory(b);
	node->absent = a->node->absent;
	node->text = a->node->text;
	node->weight = a->node->weight;
	if (!weigh(b, node) || !share(b, node, a->node) || !attach(b, node))
		return false;
	/* A scalar was counted when it was put in its place. */
	if (b->depth > 0 && node->kind != HUB_NODE_SCALAR)
		b->open[b->depth - 1]->weight += node->weight;
	return true;
}

static bool
on_document(struct builder *b, const yaml_event_t *event)
{
	if (b->documents++ == 0)
		return true;
	hub_complain(b->report, mark_of(b, event->start_mark),
		     "found a second document, expected one a file");
	return false;
}

static bool
on_event(struct builder *b, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return on_document(b, event);
	case YAML_SCALAR_EVENT:
		return on_scalar(b, event);
	case YAML_SEQUENCE_START_EVENT:
		return on_start(b, HUB_NODE_LIST, event, event->data.sequence_start.anchor);
	case YAML_MAPPING_START_EVENT:
		return on_start(b, HUB_NODE_MAP, event, event->data.mapping_start.anchor);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return on_end(b);
	case YAML_ALIAS_EVENT:
		return on_alias(b, event);
	default:
		return true;
	}
}

/* What people do most, by libyaml's words for it. */
static const struct slip {
	const char *problem, *context; /* beginnings; NULL: any */
	bool where_it_began;           /* that is the place to mend */
	const char *text;              /* %u: the line where it began */
} slips[] = {
	{"did not find expected '-' indicator", NULL, false,
	 "found a line that is indented otherwise than those it belongs to: in the list that "
	 "begins "
	 "on line %u each element has a dash and a blank before its first item, and its other "
	 "items "
	 "stand right below that"},
	{"did not find expected key", NULL, false,
	 "found a line that is indented otherwise than those it belongs to: the mapping begins on "
	 "line %u, and all its keys stand right below each other"},
	{"did not find expected <document start>", NULL, false,
	 "found a line that is indented less than the first one"},
	{"could not find expected ':'", NULL, true,
	 "found text without a colon and a blank, expected KEY: VALUE"},
	{"mapping values are not allowed", NULL, false,
	 "found a colon where none can be: the line is indented too far, the line above has no "
	 "blank "
	 "behind its colon, or a text with a colon in it lacks its quotes"},
	{"found a tab character", NULL, false, "found a tab, expected spaces for indentation"},
	{"found unexpected end of stream", "while scanning a quoted scalar", true,
	 "found a quote that is not closed"},
	{"found unexpected document indicator", "while scanning a quoted scalar", true,
	 "found a quote that is not closed"},
	{"did not find expected ',' or '}'", NULL, false,
	 "found neither a comma nor the } of the mapping that begins on line %u; text with a "
	 "colon, a "
	 "comma or a bracket in it needs quotes"},
	{"did not find expected ',' or ']'", NULL, false,
	 "found neither a comma nor the ] of the list that begins on line %u; text with a colon, a "
	 "comma or a bracket in it needs quotes"},
	{"found character that cannot start any token", NULL, false,
	 "found a character that no text can begin with; put the text in quotes"},
};

static bool
begins_with(const char *text, const char *beginning)
{
	return !beginning || (text && strncmp(text, beginning, strlen(beginning)) == 0);
}

/* Puts the line into the text, where it has a place for it. */
static void
complain_slip(struct builder *b, struct hub_mark at, const char *text, unsigned began)
{
	const char *place = strstr(text, "%u");
	if (place)
		hub_complain(b->report, at, "%.*s%u%s", (int)(place - text), text, began,
			     place + 2);
	else
		hub_complain(b->report, at, "%s", text);
}

static void
complain_syntax(struct builder *b, const yaml_parser_t *parser, const struct buf *bytes)
{
	struct hub_mark at = mark_of(b, parser->problem_mark);
	const char *problem = parser->problem ? parser->problem : "not YAML";
	size_t index = parser->problem_mark.index;
	unsigned began = (unsigned)parser->context_mark.line + 1;
	if (parser->error == YAML_MEMORY_ERROR) {
		no_memory(b);
		return;
	}
	if (parser->error == YAML_READER_ERROR)
		at = mark_of(b, parser->mark);
	/* The index counts characters; it is only used where it agrees with the octets. */
	if (strstr(problem, "cannot start any token") && index < bytes->length &&
	    bytes->data[index] == '\t') {
		hub_complain(b->report, at, "found a tab, expected spaces for indentation");
		return;
	}
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		const struct slip *slip = &slips[i];
		if (!begins_with(problem, slip->problem) ||
		    !begins_with(parser->context, slip->context))
			continue;
		if (slip->where_it_began && parser->context)
			at = mark_of(b, parser->context_mark);
		complain_slip(b, at, slip->text, began);
		return;
	}
	if (parser->context && began != at.line)
		hub_complain(b->report, at, "%s, %s that began on line %u", problem,
			     parser->context, began);
	else
		hub_complain(b->report, at, "%s", problem);
}

static bool
parse(struct builder *b, yaml_parser_t *parser, const struct buf *bytes)
{
	for (bool ended = false; !ended;) {
		yaml_event_t event;
		if (!yaml_parser_parse(parser, &event)) {
			complain_syntax(b, parser, bytes);
			return false;
		}
		ended = event.type == YAML_STREAM_END_EVENT;
		bool good = on_event(b, &event);
		yaml_event_delete(&event);
		if (!good)
			return false;
	}
	return true;
}

struct hub_node *
hub_parse_yaml(struct arena *arena, struct hub_report *report, const char *file,
	       const struct buf *bytes)
{
	struct builder b = {.arena = arena, .report = report, .file = file};
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser)) {
		no_memory(&b);
		return NULL;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	/* libyaml takes a byte order mark for a column. */
	static const uint8_t mark[] = {0xef, 0xbb, 0xbf};
	bool marked = bytes->length >= sizeof(mark) && memcmp(bytes->data, mark, sizeof(mark)) == 0;
	size_t skip = marked ? sizeof(mark) : 0;
	yaml_parser_set_input_string(&parser, bytes->data + skip, bytes->length - skip);
	bool good = parse(&b, &parser, bytes);
	yaml_parser_delete(&parser);
	if (!good)
		return NULL;
	if (!b.root || b.root->absent) {
		hub_complain(report, (struct hub_mark){file, 0, 0},
			     "the file is empty, expected a hub");
		return NULL;
	}
	return b.root;
}
