/* Reading a hub file: the tree is walked along the schema's rows. Everything is read even when
 * something is wrong, so that all errors are told at once; only a picture without any is handed
 * out. */
#include "hub/hub_file.h"

#include <assert.h>
#include <string.h>

#include "hub/hub_load.h"
#include "hub/hub_value.h"

void *
hub_reader_take(struct hub_reader *r, size_t size)
{
	void *memory = arena_take(r->hub->arena, size);
	if (!memory)
		hub_complain(r->report, (struct hub_mark){0}, "out of memory");
	return memory;
}

void *
hub_reader_scratch(struct hub_reader *r, size_t size)
{
	void *memory = arena_take(r->scratch, size);
	if (!memory)
		hub_complain(r->report, (struct hub_mark){0}, "out of memory");
	return memory;
}

struct hub_mark
hub_reader_mark(const struct hub_node *map, const char *key)
{
	const struct hub_node *node = hub_node_get(map, key);
	if (node)
		return node->mark;
	return map ? map->mark : (struct hub_mark){0};
}

void
hub_reader_claim(struct hub_reader *r, const struct hub_claim *claim)
{
	uint32_t first = hub_lookup_find(r->hub->lookup, claim->by, claim->key, claim->length);
	if (first == HUB_NONE) {
		if (hub_lookup_add(r->hub->lookup, r->hub->arena, claim->by, claim->key,
				   claim->length, claim->value) < 0)
			hub_complain(r->report, claim->at, "out of memory");
		return;
	}
	const struct hub_node *origin = r->origins[claim->by][first];
	/* Two that were made of the same AS number: the number is what is wrong. */
	if (claim->made && !hub_node_get(origin, claim->item))
		return;
	struct hub_mark at = hub_reader_mark(origin, claim->item);
	hub_complain(r->report, claim->at, "%s: found %s twice, first at %s:%u:%u", claim->item,
		     hub_show(claim->text).text, at.file, at.line, at.column);
}

static void read_items(struct hub_reader *r, const struct hub_table *table, void *element,
		       const struct hub_node *map, bool inherited);

/* "a member", "an exporter". */
static const char *
article(const struct hub_table *table)
{
	return strchr("aeioRu", table->name[0]) ? "an" : "a"; /* R: an RPKI cache */
}

/* All complaints so far, also those that were only counted. */
static size_t
complaints(const struct hub_reader *r)
{
	return r->report->count + r->report->more;
}

/* Claims what only one element may have. */
static void
claim_items(struct hub_reader *r, const struct hub_table *table, const void *element,
	    uint32_t index, const struct hub_node *map)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct hub_item *item = &table->items[i];
		const void *value = (const char *)element + item->at;
		if (!item->unique || hub_value_is_none(item, value))
			continue;
		struct buf text = {0};
		hub_codecs[item->type]->write(r->hub, item, value, &text);
		buf_u8(&text, 0);
		bool word = item->type == HUB_TYPE_ID || item->type == HUB_TYPE_TEXT;
		const void *key = word ? *(const void *const *)value : value;
		hub_reader_claim(
			r, &(struct hub_claim){.by = item->unique,
					       .key = key,
					       .length = word ? strlen(key) : hub_value_size(item),
					       .value = index,
					       .at = hub_reader_mark(map, item->key),
					       .made = item->type == HUB_TYPE_ID &&
						       !hub_node_get(map, item->key),
					       .item = item->key,
					       .text = text.failed ? "" : (const char *)text.data});
		buf_fini(&text);
	}
}

/* Gives names to an element that has none, for messages about others that refer to it: the file is
 * refused already. */
static void
mend(const struct hub_table *table, void *element)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct hub_item *item = &table->items[i];
		const char **text = (const char **)((char *)element + item->at);
		bool word = item->type == HUB_TYPE_ID || item->type == HUB_TYPE_TEXT;
		if (word && (item->required || item->unique) && !*text)
			*text = "";
	}
}

/* Reads one mapping of a list into its place; `index` is its number in the hub. */
static void
read_element(struct hub_reader *r, const struct hub_table *table, void *element, uint32_t index,
	     const struct hub_node *map)
{
	size_t before = complaints(r);
	for (size_t i = 0; i < table->count; i++)
		if (table->items[i].unique)
			r->origins[table->items[i].unique][index] = map;
	if (table->begin)
		table->begin(r, element, index);
	read_items(r, table, element, map, false);
	if (map->kind == HUB_NODE_MAP) {
		if (table->fill)
			table->fill(r, element, map);
		claim_items(r, table, element, index, map);
	}
	mend(table, element);
	if (table->check && complaints(r) == before)
		table->check(r, element, map);
}

/* How many elements a list node has; complains when it is no list, or too long. */
static size_t
count_list(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node)
{
	size_t limit = item->limit ? item->limit : HUB_LIST_MAX;
	if (node->kind != HUB_NODE_LIST) {
		hub_complain(r->report, node->mark, "%s: found %s, expected a list", item->key,
			     hub_node_kind_name(node->kind));
		return 0;
	}
	if (node->count > limit) {
		hub_complain(r->report, node->mark, "%s: found %zu elements, expected at most %zu",
			     item->key, node->count, limit);
		return 0;
	}
	return node->count;
}

/* Room for the origins of a list that may have `count` elements. False if there is none. */
static bool
make_origins(struct hub_reader *r, const struct hub_table *table, size_t count)
{
	for (size_t i = 0; i < table->count; i++) {
		enum hub_index by = table->items[i].unique;
		if (!by)
			continue;
		r->origins[by] =
			hub_reader_scratch(r, (count + 1) * sizeof(const struct hub_node *));
		if (!r->origins[by])
			return false;
	}
	/* Ports are also found by MAC address, and by the name of their interface. */
	if (table == &hub_schema_port)
		r->origins[HUB_BY_MAC] = r->origins[HUB_BY_INTERFACE_NAME] =
			r->origins[HUB_BY_PORT];
	return true;
}

/* Room in the hub for the elements of all parents' spans, e.g. the ports of all members. */
static bool
make_pools(struct hub_reader *r, const struct hub_table *table, const struct hub_node *parents)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct hub_item *item = &table->items[i];
		if (!item->span)
			continue;
		size_t count = 0;
		for (const struct hub_node *map = parents->first; map; map = map->next) {
			const struct hub_node *list = hub_node_get(map, item->key);
			if (list && list->kind == HUB_NODE_LIST)
				count += list->count;
		}
		void *pool = hub_reader_take(r, count * item->table->size);
		if (!pool || !make_origins(r, item->table, count))
			return false;
		*(void **)((char *)r->hub + item->pool_at) = pool;
	}
	return true;
}

/* A list whose elements belong to this parent alone, or to the hub. */
static void
read_table_list(struct hub_reader *r, const struct hub_item *item, void *element,
		const struct hub_node *node, bool inherited)
{
	const struct hub_table *table = item->table;
	void **array = (void **)((char *)element + item->at);
	/* The count grows as elements get whole enough to be looked at by those that follow. */
	size_t *filled = (size_t *)((char *)element + item->count_at);
	size_t count = count_list(r, item, node), kept = inherited && item->append ? *filled : 0;
	char *elements = hub_reader_take(r, (kept + count) * table->size);
	if (!elements || !make_origins(r, table, count) || !make_pools(r, table, node))
		return;
	if (kept)
		memcpy(elements, *array, kept * table->size);
	*array = elements;
	*filled = kept;
	const struct hub_node *map = node->first;
	for (uint32_t i = 0; i < count; i++, map = map->next) {
		*filled = kept + i + 1;
		read_element(r, table, elements + (kept + i) * table->size, i, map);
	}
}

static void
read_span(struct hub_reader *r, const struct hub_item *item, void *element,
	  const struct hub_node *node)
{
	const struct hub_table *table = item->table;
	char *pool = *(char **)((char *)r->hub + item->pool_at);
	size_t *filled = (size_t *)((char *)r->hub + item->pool_count_at);
	uint32_t *first = (uint32_t *)((char *)element + item->at);
	uint32_t *own = (uint32_t *)((char *)element + item->count_at);
	*first = (uint32_t)*filled;
	size_t count = node ? count_list(r, item, node) : 0;
	const struct hub_node *map = count ? node->first : NULL;
	for (size_t i = 0; i < count; i++, map = map->next) {
		uint32_t index = (uint32_t)(*filled)++;
		(*own)++;
		read_element(r, table, pool + index * table->size, index, map);
	}
}

/* Makes a list of the words of a scalar: "KZ AZ", "RED_SEA;MED", "a, b". Braces hold together. */
static const struct hub_node *
split(struct hub_reader *r, const struct hub_node *scalar)
{
	struct hub_node *list = hub_node_new(r->scratch, HUB_NODE_LIST, scalar->mark);
	const char *s = scalar->text;
	if (!list)
		return NULL;
	while (*s) {
		s += strspn(s, " \t\r\n,;");
		size_t length = 0;
		for (int braces = 0; s[length] && (braces || !strchr(" \t\r\n,;", s[length]));
		     length++)
			braces += (s[length] == '{') - (s[length] == '}' && braces);
		if (!length)
			break;
		struct hub_node *word = hub_node_new(r->scratch, HUB_NODE_SCALAR, scalar->mark);
		if (!word || !(word->text = arena_copy(r->scratch, s, length)))
			return NULL;
		hub_node_append(list, word);
		s += length;
	}
	return list;
}

static bool
is_scalar(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node)
{
	if (node->kind == HUB_NODE_SCALAR && !node->absent)
		return true;
	hub_complain(r->report, node->mark, "%s: found %s, expected %s", item->key,
		     node->absent ? "nothing" : hub_node_kind_name(node->kind),
		     hub_codecs[item->type]->name);
	return false;
}

/* The list of words that a list or a scalar stands for; NULL, and complained, if it is neither. */
static const struct hub_node *
words_of(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node)
{
	if (node->kind == HUB_NODE_SCALAR) {
		node = split(r, node);
		if (!node)
			hub_complain(r->report, (struct hub_mark){0}, "out of memory");
		return node;
	}
	size_t before = complaints(r);
	count_list(r, item, node);
	return complaints(r) == before ? node : NULL;
}

static void
read_value_list(struct hub_reader *r, const struct hub_item *item, void *element,
		const struct hub_node *node, bool inherited)
{
	const struct hub_node *words = words_of(r, item, node);
	if (!words)
		return;
	void **array = (void **)((char *)element + item->at);
	size_t *count = (size_t *)((char *)element + item->count_at);
	size_t size = hub_value_size(item), kept = inherited && item->append ? *count : 0;
	char *values = hub_reader_take(r, (kept + words->count) * size);
	if (!values)
		return;
	if (kept)
		memcpy(values, *array, kept * size);
	*array = values;
	*count = kept;
	for (const struct hub_node *word = words->first; word; word = word->next) {
		char *value = values + (*count)++ * size;
		hub_value_none(item, value);
		if (is_scalar(r, item, word))
			hub_value_read(r, item, word, value);
	}
	/* References that were not found must not be looked at. */
	if (item->type >= HUB_TYPE_LAN && item->type <= HUB_TYPE_PORT)
		for (size_t i = 0; i < *count; i++)
			if (((const uint32_t *)(const void *)values)[i] == HUB_NONE)
				*count = 0;
}

static void
read_families(struct hub_reader *r, const struct hub_item *item, void *value,
	      const struct hub_node *node)
{
	const struct hub_node *words = words_of(r, item, node);
	if (words && !words->count)
		hub_complain(r->report, node->mark, "%s: found an empty list, expected %s",
			     item->key, hub_codecs[item->type]->name);
	for (const struct hub_node *word = words ? words->first : NULL; word; word = word->next)
		if (is_scalar(r, item, word))
			hub_value_read(r, item, word, value);
}

static void
read_value(struct hub_reader *r, const struct hub_item *item, void *element,
	   const struct hub_node *node, bool inherited)
{
	void *value = (char *)element + item->at;
	if (item->list) {
		read_value_list(r, item, element, node, inherited);
		return;
	}
	if (item->type == HUB_TYPE_FAMILIES)
		read_families(r, item, value, node);
	else if (is_scalar(r, item, node))
		hub_value_read(r, item, node, value);
}

/* A mapping inside the element. `inherited`: what holds it is a copy, and so is this. */
static void
read_table(struct hub_reader *r, const struct hub_item *item, void *element,
	   const struct hub_node *node, bool inherited)
{
	const struct hub_table *table = item->table;
	void *inner = (char *)element + item->at;
	if (item->required && !node)
		return; /* that it is missing is said already */
	if (item->inherited) {
		memcpy(inner, (const char *)r->hub + item->inherit_at, table->size);
		inherited = true;
	}
	if (inherited && !node)
		return;
	size_t before = complaints(r);
	read_items(r, table, inner, node, inherited);
	if (node && node->kind != HUB_NODE_MAP)
		return;
	if (table->fill)
		table->fill(r, inner, node);
	if (table->check && complaints(r) == before)
		table->check(r, inner, node);
}

static void
read_item(struct hub_reader *r, const struct hub_item *item, void *element,
	  const struct hub_node *node, bool inherited)
{
	if (item->type == HUB_TYPE_TABLE) {
		if (item->span)
			read_span(r, item, element, node);
		else if (!item->list)
			read_table(r, item, element, node, inherited);
		else if (node)
			read_table_list(r, item, element, node, inherited);
		return;
	}
	if (item->type == HUB_TYPE_FILE || (inherited && !node))
		return;
	if (!inherited && !item->list)
		hub_value_none(item, (char *)element + item->at);
	struct hub_node fallback = {.kind = HUB_NODE_SCALAR, .text = item->fallback};
	if (node)
		read_value(r, item, element, node, inherited);
	else if (item->fallback)
		read_value(r, item, element, &fallback, false);
}

/* Counts the tables in this one that have such an item; *owner is one of them. */
static unsigned
count_owners(const struct hub_table *table, const char *key, unsigned depth,
	     const struct hub_table **owner)
{
	enum { TABLES_DEEP = 6 };
	unsigned count = 0;
	for (size_t i = 0; i < table->count; i++) {
		const struct hub_item *item = &table->items[i];
		if (strcmp(item->key, key) == 0 && *owner != table) {
			*owner = table;
			count++;
		}
		if (item->table && depth < TABLES_DEEP)
			count += count_owners(item->table, key, depth + 1, owner);
	}
	return count;
}

static void
complain_unknown(struct hub_reader *r, const struct hub_table *table, const struct hub_node *node)
{
	if (hub_report_full(r->report)) {
		r->report->more++;
		return;
	}
	struct hub_nearest nearest = {.word = node->key};
	for (size_t i = 0; i < table->count; i++)
		hub_nearest_offer(&nearest, table->items[i].key);
	const struct hub_table *owner = NULL;
	if (count_owners(&hub_schema_root, node->key, 0, &owner) == 1) {
		hub_complain(r->report, node->key_mark,
			     "found \"%s\", which is no item of %s %s, but of %s %s",
			     hub_show(node->key).text, article(table), table->name, article(owner),
			     owner->name);
		return;
	}
	if (nearest.best) {
		hub_complain(r->report, node->key_mark,
			     "found \"%s\", which is no item of %s %s; did you mean \"%s\"?",
			     hub_show(node->key).text, article(table), table->name, nearest.best);
		return;
	}
	if (strcmp(node->key, "<<") == 0) {
		hub_complain(r->report, node->key_mark,
			     "found \"<<\", which joins no mappings here: write the items out");
		return;
	}
	struct buf known = {0};
	for (size_t i = 0; i < table->count; i++)
		buf_printf(&known, "%s%s", i ? ", " : "", table->items[i].key);
	hub_complain(r->report, node->key_mark,
		     "found \"%s\", which is no item of %s %s; there are %.*s",
		     hub_show(node->key).text, article(table), table->name,
		     known.failed ? 0 : (int)known.length, (const char *)known.data);
	buf_fini(&known);
}

/* Which child of the mapping is which item; unknown and repeated keys are complained about. */
static void
sort_children(struct hub_reader *r, const struct hub_table *table, const struct hub_node *map,
	      const struct hub_node *found[HUB_ITEMS_MAX])
{
	for (const struct hub_node *child = map->first; child; child = child->next) {
		size_t i = 0;
		while (i < table->count && strcmp(table->items[i].key, child->key) != 0)
			i++;
		if (i == table->count)
			complain_unknown(r, table, child);
		else if (found[i])
			hub_complain(r->report, child->key_mark,
				     "found \"%s\" twice, first at %s:%u:%u", child->key,
				     found[i]->key_mark.file, found[i]->key_mark.line,
				     found[i]->key_mark.column);
		else
			found[i] = child;
	}
}

/* Reads the items of a mapping in the order of the schema. `map` NULL: none is written. */
static void
read_items(struct hub_reader *r, const struct hub_table *table, void *element,
	   const struct hub_node *map, bool inherited)
{
	const struct hub_node *found[HUB_ITEMS_MAX] = {NULL};
	assert(table->count <= HUB_ITEMS_MAX);
	bool readable = !map || map->kind == HUB_NODE_MAP;
	if (!readable)
		hub_complain(r->report, map->mark, "found %s, expected the items of %s %s",
			     map->absent ? "nothing" : hub_node_kind_name(map->kind),
			     article(table), table->name);
	else if (map)
		sort_children(r, table, map, found);
	for (size_t i = 0; i < table->count; i++) {
		const struct hub_item *item = &table->items[i];
		const struct hub_node *node = found[i] && !found[i]->absent ? found[i] : NULL;
		if (!node && item->required && readable)
			hub_complain(r->report,
				     found[i] ? found[i]->mark
				     : map    ? map->mark
					      : (struct hub_mark){0},
				     "\"%s\" is missing from this %s", item->key, table->name);
		if (!node && found[i] && item->type == HUB_TYPE_SECRET && !found[i]->text[0])
			hub_complain(r->report, found[i]->mark,
				     "%s: found nothing; a password that begins with # stands in "
				     "quotes, and ~ means that there is none",
				     item->key);
		read_item(r, item, element, node, inherited);
	}
}

static struct hub *
new_hub(void)
{
	struct arena *arena = arena_new();
	struct hub *hub = arena ? arena_take(arena, sizeof(*hub)) : NULL;
	struct hub_lookup *lookup = hub ? arena_take(arena, sizeof(*lookup)) : NULL;
	if (!lookup) {
		arena_free(arena);
		return NULL;
	}
	hub->arena = arena;
	hub->lookup = lookup;
	return hub;
}

struct hub *
hub_file_read(const char *path, struct hub_source source, struct hub_report *report)
{
	assert(path && source.read);
	hub_report_init(report);
	struct arena *scratch = arena_new();
	struct hub *hub = new_hub();
	struct hub_reader r = {.hub = hub, .report = report, .scratch = scratch, .source = &source};
	if (!report->arena || !scratch || !hub) {
		hub_complain(report, (struct hub_mark){path, 0, 0}, "out of memory");
	} else {
		const struct hub_node *root = hub_load(path, &source, scratch, report);
		if (root) {
			size_t before = complaints(&r);
			read_items(&r, &hub_schema_root, hub, root, false);
			hub_reader_find_peers(&r);
			if (complaints(&r) == before)
				hub_schema_root.check(&r, hub, root);
		}
	}
	hub_report_sort(report);
	arena_free(scratch);
	if (report->count == 0)
		return hub;
	hub_free(hub);
	return NULL;
}
