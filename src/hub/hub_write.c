/* Writing a picture as a hub file, and the schema as text; both walk the same rows as reading. */
#include <ctype.h>
#include <string.h>

#include "hub/hub_file.h"
#include "hub/hub_value.h"

struct writer {
	const struct hub *hub;
	struct buf *out;
};

/* Words that other readers of YAML take for something else than text. */
static bool
ambiguous(const char *text, size_t length)
{
	static const char *const words[] = {"y",    "n",     "yes",  "no",   "on",  "off",
					    "true", "false", "null", ".nan", ".inf"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == length && strncasecmp(words[i], text, length) == 0)
			return true;
	return false;
}

/* One scalar, in quotes unless it is plain beyond doubt; true and false of a yes-or-no are plain.
 */
static void
put_scalar(struct writer *w, const struct buf *text, bool word)
{
	const char *s = (const char *)text->data;
	bool plain = text->length > 0 && isalnum((unsigned char)s[0]) &&
		     (word || !ambiguous(s, text->length));
	for (size_t i = 0; i < text->length && plain; i++)
		plain = isalnum((unsigned char)s[i]) || strchr("._/-+", s[i]);
	if (plain) {
		buf_put(w->out, s, text->length);
		return;
	}
	buf_u8(w->out, '"');
	for (size_t i = 0; i < text->length; i++) {
		if (s[i] == '"' || s[i] == '\\')
			buf_u8(w->out, '\\');
		buf_u8(w->out, (uint8_t)s[i]);
	}
	buf_u8(w->out, '"');
}

static void
put_value(struct writer *w, const struct hub_item *item, const void *value)
{
	struct buf text = {0};
	if (item->type == HUB_TYPE_FAMILIES) {
		const bool *families = value;
		buf_printf(w->out, "[%s%s%s]", families[0] ? "ipv4" : "",
			   families[0] && families[1] ? ", " : "", families[1] ? "ipv6" : "");
		return;
	}
	hub_codecs[item->type]->write(w->hub, item, value, &text);
	if (text.failed)
		w->out->failed = true;
	put_scalar(w, &text, item->type == HUB_TYPE_BOOL);
	buf_fini(&text);
}

static void
put_key(struct writer *w, unsigned depth, const char *key)
{
	buf_printf(w->out, "%*s%s:", (int)depth * 2, "", key);
}

static void put_items(struct writer *w, const struct hub_table *table, const void *element,
		      unsigned depth, const void *base);

/* Of a list whose base is known: the first element that is to be written. False: it is as it was. */
static bool
differs(const struct hub_item *item, const void *element, const void *base, size_t *first)
{
	const char *array = *(const char *const *)((const char *)element + item->at);
	size_t count = *(const size_t *)((const char *)element + item->count_at);
	const char *was = *(const char *const *)((const char *)base + item->at);
	size_t had = *(const size_t *)((const char *)base + item->count_at);
	size_t size = item->type == HUB_TYPE_TABLE ? item->table->size : hub_value_size(item);
	*first = item->append ? had : 0;
	return count != had || (count && memcmp(array, was, count * size) != 0);
}

/* The elements of a list of mappings; the first key of each stands behind a dash. */
static void
put_elements(struct writer *w, const struct hub_item *item, const char *array, size_t count,
	     unsigned depth)
{
	if (!count)
		return;
	put_key(w, depth, item->key);
	buf_str(w->out, "\n");
	for (size_t i = 0; i < count; i++) {
		size_t start = w->out->length;
		put_items(w, item->table, array + i * item->table->size, depth + 2, NULL);
		if (w->out->failed)
			return;
		w->out->data[start + (size_t)depth * 2 + 2] = '-';
	}
}

static void
put_list(struct writer *w, const struct hub_item *item, const void *element, unsigned depth,
	 const void *base)
{
	const char *array = *(const char *const *)((const char *)element + item->at);
	size_t count = *(const size_t *)((const char *)element + item->count_at);
	size_t size = hub_value_size(item), first = 0;
	if (base ? !differs(item, element, base, &first) : !count && !item->fallback)
		return;
	put_key(w, depth, item->key);
	buf_str(w->out, " [");
	for (size_t i = first; i < count; i++) {
		if (i > first)
			buf_str(w->out, ", ");
		put_value(w, item, array + i * size);
	}
	buf_str(w->out, "]\n");
}

static void
put_item(struct writer *w, const struct hub_item *item, const void *element, unsigned depth,
	 const void *base)
{
	const char *value = (const char *)element + item->at;
	if (item->list) {
		put_list(w, item, element, depth, base);
		return;
	}
	if (base && memcmp(value, (const char *)base + item->at, item->size) == 0)
		return;
	/* Of these, zero is a value, and not always the default. */
	bool telling = item->type == HUB_TYPE_COUNT || item->type == HUB_TYPE_BOOL ||
		       item->type == HUB_TYPE_WORD;
	if (!item->required && !item->fallback && !telling && hub_value_is_none(item, value))
		return;
	put_key(w, depth, item->key);
	buf_str(w->out, " ");
	put_value(w, item, value);
	buf_str(w->out, "\n");
}

static void
put_table(struct writer *w, const struct hub_item *item, const void *element, unsigned depth,
	  const void *base)
{
	const char *value = (const char *)element + item->at;
	if (item->span) {
		const char *pool = *(const char *const *)((const char *)w->hub + item->pool_at);
		uint32_t first = *(const uint32_t *)(const void *)value;
		uint32_t count = *(const uint32_t *)((const char *)element + item->count_at);
		put_elements(w, item, pool + first * item->table->size, count, depth);
	} else if (item->list) {
		const char *array = *(const char *const *)(const void *)value;
		size_t count = *(const size_t *)((const char *)element + item->count_at);
		size_t first = 0;
		bool changed = !base || differs(item, element, base, &first);
		if (changed && first < count)
			put_elements(w, item, array + first * item->table->size, count - first,
				     depth);
	} else {
		const void *inner = item->inherited ? (const char *)w->hub + item->inherit_at
				    : base          ? (const char *)base + item->at
						    : NULL;
		size_t start = w->out->length;
		put_key(w, depth, item->key);
		buf_str(w->out, "\n");
		size_t before = w->out->length;
		put_items(w, item->table, value, depth + 1, inner);
		if (w->out->length == before) /* nothing in it */
			w->out->length = start;
	}
}

/* `base`: what the values were inherited from; only what differs is written. */
static void
put_items(struct writer *w, const struct hub_table *table, const void *element, unsigned depth,
	  const void *base)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct hub_item *item = &table->items[i];
		if (item->type == HUB_TYPE_TABLE)
			put_table(w, item, element, depth, base);
		else if (item->type != HUB_TYPE_FILE)
			put_item(w, item, element, depth, base);
	}
}

void
hub_file_write(const struct hub *hub, struct buf *out)
{
	struct writer w = {hub, out};
	put_items(&w, &hub_schema_root, hub, 0, NULL);
}

static void
schema_item(const struct hub_item *item, const char *path, struct buf *out)
{
	buf_printf(out, "- `%s%s%s`: ", path, item->key, item->list || item->span ? "[]" : "");
	hub_value_expected(item, out);
	if (item->limit)
		buf_printf(out, "; at most %zu", item->limit);
	if (item->required)
		buf_str(out, "; required");
	else if (item->fallback)
		buf_printf(out, "; default %s", item->fallback);
	else if (item->fallback_help)
		buf_printf(out, "; default: %s", item->fallback_help);
	if (item->unique)
		buf_str(out, "; unique");
	buf_printf(out, ". %s\n", item->help);
}

static void
schema_table(const struct hub_table *table, const char *path, struct buf *out)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct hub_item *item = &table->items[i];
		schema_item(item, path, out);
		if (item->type != HUB_TYPE_TABLE)
			continue;
		struct buf inner = {0};
		buf_printf(&inner, "%s%s%s.", path, item->key,
			   item->list || item->span ? "[]" : "");
		/* A member's policy has the items of the hub's. */
		if (!inner.failed && !item->inherited)
			schema_table(item->table, (const char *)inner.data, out);
		buf_fini(&inner);
	}
}

void
hub_file_schema(struct buf *out)
{
	schema_table(&hub_schema_root, "", out);
}
