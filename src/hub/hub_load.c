/* Joining files: lists of the same key are put together, those of included files first; mappings
 * are put together key by key, and a key that two files give is found by the schema. */
#include "hub/hub_load.h"

#include <errno.h>
#include <string.h>

#include "hub/hub_parse.h"
#include "hub/hub_report.h"
#include "hub/hub_schema.h"

struct loaded {
	const char *identity; /* the path without "." and ".." */
	struct hub_mark by;   /* who asked for it */
	bool open;            /* its includes are being read */
};

struct loader {
	const struct hub_source *source;
	struct arena *arena;
	struct hub_report *report;
	struct loaded files[HUB_FILES_MAX];
	size_t count;
	unsigned depth;
	struct hub_node *root;
	struct hub_node *joined[HUB_ITEMS_MAX]; /* by row of the schema */
	bool failed;
};

static void
fail(struct loader *l)
{
	l->failed = true;
}

/* `path` from the folder of `from`. */
static const char *
join_path(struct loader *l, const char *from, const char *path)
{
	const char *slash = from ? strrchr(from, '/') : NULL;
	if (path[0] == '/' || !slash)
		return arena_str(l->arena, path);
	return arena_printf(l->arena, "%.*s%s", (int)(slash - from + 1), from, path);
}

/* The path by its words: "a/./b/../c" is "a/c". Only to notice that a file comes twice; links may
 * hide that, and the depth of includes is bounded. */
static const char *
identity_of(struct loader *l, const char *path)
{
	size_t length = strlen(path);
	char *out = arena_take(l->arena, length + 2);
	if (!out)
		return NULL;
	size_t used = 0, floor = 0;
	if (*path == '/')
		out[used++] = '/', floor = 1;
	while (*path) {
		size_t word = strcspn(path, "/");
		bool up = word == 2 && memcmp(path, "..", 2) == 0;
		bool stay = word == 0 || (word == 1 && *path == '.');
		if (up && used > floor) {
			used--; /* the slash behind the last word */
			while (used > floor && out[used - 1] != '/')
				used--;
		} else if (!stay) {
			memcpy(out + used, path, word);
			used += word;
			out[used++] = '/';
			if (up)
				floor = used;
		}
		path += word + (path[word] == '/');
	}
	out[used] = '\0';
	return out;
}

/* Notes the file. NULL, and complained, when it was read before or there are too many. */
static struct loaded *
enter(struct loader *l, const char *path, struct hub_mark by)
{
	const char *identity = identity_of(l, path);
	if (!identity) {
		hub_complain(l->report, by, "out of memory");
		return NULL;
	}
	for (size_t i = 0; i < l->count; i++) {
		const struct loaded *other = &l->files[i];
		if (strcmp(other->identity, identity) != 0)
			continue;
		if (other->open)
			hub_complain(l->report, by, "found \"%s\", which includes this file",
				     hub_show(path).text);
		else
			hub_complain(l->report, by, "found \"%s\" again, first at %s:%u:%u",
				     hub_show(path).text, other->by.file, other->by.line,
				     other->by.column);
		return NULL;
	}
	if (l->count == HUB_FILES_MAX) {
		hub_complain(l->report, by, "found more than %d files", HUB_FILES_MAX);
		return NULL;
	}
	struct loaded *file = &l->files[l->count++];
	*file = (struct loaded){.identity = identity, .by = by, .open = true};
	return file;
}

/* Reads the bytes and looks whether they are text. */
static bool
read_bytes(struct loader *l, const char *path, struct hub_mark by, struct buf *out)
{
	errno = 0;
	if (l->source->read(l->source->context, path, out) < 0) {
		const char *why = errno ? strerrordesc_np(errno) : NULL;
		hub_complain(l->report, by, "cannot read \"%s\": %s", hub_show(path).text,
			     why ? why : "unknown error");
		return false;
	}
	return hub_parse_text(l->report, path, out);
}

static struct hub_node *
read_csv(struct loader *l, const struct hub_table *table, const struct hub_node *node)
{
	const char *names[HUB_ITEMS_MAX];
	bool required[HUB_ITEMS_MAX];
	if (node->kind != HUB_NODE_SCALAR || node->absent) {
		hub_complain(l->report, node->mark, "csv: found %s, expected the path of a file",
			     node->absent ? "nothing" : hub_node_kind_name(node->kind));
		return NULL;
	}
	for (size_t i = 0; i < table->count; i++) {
		names[i] = table->items[i].key;
		required[i] = table->items[i].required;
	}
	struct hub_columns columns = {names, required, table->count};
	const char *path = join_path(l, node->mark.file, node->text);
	struct loaded *file = path ? enter(l, path, node->mark) : NULL;
	if (!file)
		return NULL;
	file->open = false;
	struct buf bytes = {0};
	struct hub_node *list = NULL;
	if (read_bytes(l, path, node->mark, &bytes))
		list = hub_parse_csv(l->arena, l->report, path, &bytes, &columns);
	buf_fini(&bytes);
	return list;
}

static const struct hub_node *
csv_of(const struct hub_node *node)
{
	return node->kind == HUB_NODE_MAP && node->count == 1 ? hub_node_get(node, "csv") : NULL;
}

static void
move_children(struct hub_node *to, struct hub_node *from)
{
	if (!from->count)
		return;
	if (to->last)
		to->last->next = from->first;
	else
		to->first = from->first;
	to->last = from->last;
	to->count += from->count;
}

/* Puts the rows of CSV files where they are named: {csv: FILE}, or such an element of a list. */
static void
expand_csv(struct loader *l, const struct hub_table *table, struct hub_node *node)
{
	struct hub_node all = {.kind = HUB_NODE_LIST};
	struct hub_node *child = node->kind == HUB_NODE_LIST ? node->first : NULL, *next;
	if (csv_of(node)) {
		struct hub_node *rows = read_csv(l, table, csv_of(node));
		if (rows)
			move_children(&all, rows);
		else
			fail(l);
	}
	for (; child; child = next) {
		next = child->next;
		const struct hub_node *csv = csv_of(child);
		if (!csv) {
			hub_node_append(&all, child);
			continue;
		}
		struct hub_node *rows = read_csv(l, table, csv);
		if (rows)
			move_children(&all, rows);
		else
			fail(l);
	}
	if (node->kind == HUB_NODE_LIST || csv_of(node)) {
		node->kind = HUB_NODE_LIST;
		node->first = all.first;
		node->last = all.last;
		node->count = all.count;
	}
}

/* The table of a list that may come from CSV; NULL: another item. */
static const struct hub_table *
table_of_csv(const char *key)
{
	for (size_t i = 0; i < hub_schema_root.count; i++) {
		const struct hub_item *item = &hub_schema_root.items[i];
		if (item->table && item->table->csv && strcmp(item->key, key) == 0)
			return item->table;
	}
	return NULL;
}

/* Adds a top-level item of one file to the whole. */
static void
join(struct loader *l, struct hub_node *node)
{
	const struct hub_table *root = &hub_schema_root;
	size_t row = 0;
	while (row < root->count && strcmp(root->items[row].key, node->key) != 0)
		row++;
	struct hub_node *earlier = row < root->count ? l->joined[row] : NULL;
	if (earlier && earlier->key_mark.file != node->key_mark.file &&
	    earlier->kind == node->kind && node->kind != HUB_NODE_SCALAR) {
		move_children(earlier, node);
		return;
	}
	/* A second one in the same file, or of another kind, is left for the schema to find. */
	if (row < root->count && !earlier)
		l->joined[row] = node;
	hub_node_append(l->root, node);
}

static void load(struct loader *l, const char *path, struct hub_mark by);

static void
include(struct loader *l, const char *from, const struct hub_node *node)
{
	const struct hub_node *one = node->kind == HUB_NODE_LIST ? node->first : node;
	for (; one; one = one->next) {
		if (one->kind != HUB_NODE_SCALAR || one->absent) {
			hub_complain(l->report, one->mark,
				     "include: found %s, expected the path of a file",
				     one->absent ? "nothing" : hub_node_kind_name(one->kind));
			fail(l);
		} else {
			const char *path = join_path(l, from, one->text);
			if (path)
				load(l, path, one->mark);
			else
				fail(l);
		}
		if (node->kind != HUB_NODE_LIST)
			return;
	}
}

static struct hub_node *
parse_file(struct loader *l, const char *path, struct hub_mark by)
{
	struct buf bytes = {0};
	struct hub_node *root = NULL;
	if (read_bytes(l, path, by, &bytes))
		root = hub_parse_yaml(l->arena, l->report, path, &bytes);
	buf_fini(&bytes);
	if (root && root->kind != HUB_NODE_MAP) {
		hub_complain(l->report, root->mark,
			     "found %s, expected keys such as hub: and members:",
			     hub_node_kind_name(root->kind));
		root = NULL;
	}
	return root;
}

static void
load(struct loader *l, const char *path, struct hub_mark by)
{
	if (l->depth == HUB_INCLUDE_DEPTH_MAX) {
		hub_complain(l->report, by, "files include each other more than %d deep",
			     HUB_INCLUDE_DEPTH_MAX);
		fail(l);
		return;
	}
	struct loaded *file = enter(l, path, by);
	struct hub_node *root = file ? parse_file(l, path, by) : NULL;
	if (!root) {
		fail(l);
		return;
	}
	l->depth++;
	for (const struct hub_node *node = root->first; node; node = node->next)
		if (strcmp(node->key, "include") == 0 && !node->absent)
			include(l, path, node);
	l->depth--;
	file->open = false;
	struct hub_node *next;
	for (struct hub_node *node = root->first; node; node = next) {
		next = node->next;
		if (strcmp(node->key, "include") == 0)
			continue;
		const struct hub_table *rows = table_of_csv(node->key);
		if (rows)
			expand_csv(l, rows, node);
		join(l, node);
	}
}

struct hub_node *
hub_load(const char *path, const struct hub_source *source, struct arena *arena,
	 struct hub_report *report)
{
	struct hub_mark start = {path, 1, 1};
	struct loader *l = arena_take(arena, sizeof(*l));
	struct hub_node *root = hub_node_new(arena, HUB_NODE_MAP, start);
	const char *copy = arena_str(arena, path);
	if (!l || !root || !copy) {
		hub_complain(report, start, "out of memory");
		return NULL;
	}
	root->mark.file = copy;
	*l = (struct loader){.source = source, .arena = arena, .report = report, .root = root};
	load(l, copy, (struct hub_mark){copy, 0, 0});
	return l->failed ? NULL : root;
}
