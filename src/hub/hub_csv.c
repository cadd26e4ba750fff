/* Lists of the picture as CSV. Columns are rows of the schema, so none can be forgotten. */
#include "hub/hub_csv.h"

#include <assert.h>
#include <string.h>

#include "hub/hub_value.h"

const char *const hub_csv_lists[HUB_CSV_LISTS] = {
	"sites",  "segments", "cables",     "risks",     "failure_rates",
	"prices", "demands",  "candidates", "incidents", "content"};

const struct hub_item *
hub_csv_list(const char *key)
{
	for (size_t i = 0; i < HUB_CSV_LISTS; i++) {
		if (strcmp(hub_csv_lists[i], key) != 0)
			continue;
		for (size_t k = 0; k < hub_schema_root.count; k++)
			if (strcmp(hub_schema_root.items[k].key, key) == 0)
				return &hub_schema_root.items[k];
	}
	return NULL;
}

size_t
hub_csv_elements(const struct hub *hub, const struct hub_item *list, const char **first)
{
	assert(list->list && list->type == HUB_TYPE_TABLE);
	*first = *(const char *const *)((const char *)hub + list->at);
	return *(const size_t *)((const char *)hub + list->count_at);
}

void
hub_csv_field(struct buf *out, const char *text, size_t length)
{
	bool quoted = length > 0 && (text[0] == ' ' || text[length - 1] == ' ');
	for (size_t i = 0; i < length && !quoted; i++)
		quoted = strchr(",\"\r\n", text[i]) != NULL;
	if (!quoted) {
		buf_put(out, text, length);
		return;
	}
	buf_u8(out, '"');
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '"')
			buf_u8(out, '"');
		buf_u8(out, (uint8_t)text[i]);
	}
	buf_u8(out, '"');
}

static const struct hub_item *
item_of(const struct hub_table *table, const char *key)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->items[i].key, key) == 0)
			return &table->items[i];
	return NULL;
}

/* Beside a number stands "as the row" in its source and its confidence unless they were written:
 * what is the same as in the row need not be. */
static bool
same_as_row(const struct hub_table *table, const struct hub_item *item, const void *element)
{
	static const char *const ends[] = {"source", "confidence"};
	if (item->type != HUB_TYPE_TEXT || item->list)
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t length = strlen(item->key), tail = strlen(ends[i]);
		if (length <= tail + 1 || item->key[length - tail - 1] != '_' ||
		    strcmp(item->key + length - tail, ends[i]) != 0)
			continue;
		const struct hub_item *row = item_of(table, ends[i]);
		const char *mine = *(const char *const *)((const char *)element + item->at);
		const char *theirs =
			row ? *(const char *const *)((const char *)element + row->at) : NULL;
		return mine && theirs && strcmp(mine, theirs) == 0;
	}
	return false;
}

/* The elements of a list with a blank between: each has to be one word. */
static bool
list_cell(const struct hub *hub, const struct hub_item *item, const void *element, struct buf *out,
	  const char **why)
{
	const char *array = *(const char *const *)((const char *)element + item->at);
	size_t count = *(const size_t *)((const char *)element + item->count_at);
	size_t size = hub_value_size(item);
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_u8(out, ' ');
		size_t start = out->length;
		hub_codecs[item->type]->write(hub, item, array + i * size, out);
		for (size_t k = start; k < out->length; k++) {
			if (!strchr(" ,;\t\r\n", out->data[k]))
				continue;
			*why = "a word with a blank, comma or semicolon in it, which a list in "
			       "CSV cannot hold";
			return false;
		}
	}
	return true;
}

/* Is its text what would be taken without it? */
static bool
is_fallback(const struct hub *hub, const struct hub_item *item, const void *value)
{
	struct buf text = {0};
	if (!item->fallback)
		return false;
	hub_codecs[item->type]->write(hub, item, value, &text);
	bool same = !text.failed && strlen(item->fallback) == text.length &&
		    memcmp(text.data, item->fallback, text.length) == 0;
	buf_fini(&text);
	return same;
}

bool
hub_csv_leaves_out(const struct hub *hub, const struct hub_table *table,
		   const struct hub_item *item, const void *element)
{
	const void *value = (const char *)element + item->at;
	if (item->type == HUB_TYPE_TABLE || item->type == HUB_TYPE_FILE || item->span)
		return true;
	if (item->list)
		return *(const size_t *)((const char *)element + item->count_at) == 0;
	if (item->required)
		return false;
	/* Of these, zero is a value. */
	bool telling = item->type == HUB_TYPE_COUNT || item->type == HUB_TYPE_WORD ||
		       (item->type == HUB_TYPE_BOOL && item->fallback);
	return (!telling && hub_value_is_none(item, value)) || is_fallback(hub, item, value) ||
	       same_as_row(table, item, element);
}

bool
hub_csv_cell(const struct hub *hub, const struct hub_table *table, const struct hub_item *item,
	     const void *element, struct buf *out, const char **why)
{
	if (hub_csv_leaves_out(hub, table, item, element))
		return true;
	if (item->list)
		return list_cell(hub, item, element, out, why);
	hub_codecs[item->type]->write(hub, item, (const char *)element + item->at, out);
	return true;
}

/* Which columns any element fills. */
static int
find_columns(bool *used, const struct hub *hub, const struct hub_item *list,
	     struct hub_csv_trouble *trouble)
{
	const struct hub_table *table = list->table;
	const char *element;
	size_t count = hub_csv_elements(hub, list, &element);
	struct buf cell = {0};
	int result = 0;
	for (size_t c = 0; c < table->count; c++)
		used[c] = table->items[c].required;
	for (size_t row = 0; row < count && result == 0; row++, element += table->size) {
		for (size_t c = 0; c < table->count && result == 0; c++) {
			const struct hub_item *item = &table->items[c];
			buf_clear(&cell);
			*trouble = (struct hub_csv_trouble){row, item->key, NULL};
			if (!hub_csv_cell(hub, table, item, element, &cell, &trouble->why))
				result = -1;
			used[c] |= cell.length > 0;
		}
	}
	buf_fini(&cell);
	return result;
}

int
hub_csv_write(const struct hub *hub, const struct hub_item *list, struct buf *out,
	      struct hub_csv_trouble *trouble)
{
	const struct hub_table *table = list->table;
	bool used[HUB_ITEMS_MAX];
	const char *element;
	size_t count = hub_csv_elements(hub, list, &element);
	struct buf cell = {0};
	assert(table->count <= HUB_ITEMS_MAX);
	if (find_columns(used, hub, list, trouble) < 0)
		return -1;
	const char *comma = "";
	for (size_t c = 0; c < table->count; c++) {
		if (!used[c])
			continue;
		buf_printf(out, "%s%s", comma, table->items[c].key);
		comma = ",";
	}
	buf_str(out, "\r\n");
	for (size_t row = 0; row < count; row++, element += table->size) {
		comma = "";
		for (size_t c = 0; c < table->count; c++) {
			if (!used[c])
				continue;
			buf_clear(&cell);
			(void)hub_csv_cell(hub, table, &table->items[c], element, &cell,
					   &trouble->why);
			buf_str(out, comma);
			hub_csv_field(out, (const char *)cell.data, cell.length);
			out->failed |= cell.failed;
			comma = ",";
		}
		buf_str(out, "\r\n");
	}
	buf_fini(&cell);
	*trouble = (struct hub_csv_trouble){0};
	return out->failed ? -1 : 0;
}
