/* Lists from outside, tried as part of a hub file. */
#include "corridor/corridor_import.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/arena.h"

void
corridor_import_fini(struct corridor_import *import)
{
	for (size_t i = 0; i < HUB_CSV_LISTS; i++)
		buf_fini(&import->csv[i]);
	buf_fini(&import->complaints);
	buf_fini(&import->notes);
	*import = (struct corridor_import){0};
}

int
corridor_import_csv(struct corridor_import *out, size_t index, const char *bytes, size_t length)
{
	assert(out && index < HUB_CSV_LISTS);
	buf_put(&out->csv[index], bytes, length);
	return out->csv[index].failed ? -1 : 0;
}

static bool
names_list(const char *path, const char *list)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t length = strlen(list);
	return strncmp(name, list, length) == 0 &&
	       (name[length] == '\0' || strcmp(name + length, ".csv") == 0);
}

/* The id of the row that begins at or before a line, and which row it is, from 1; the first line names the
 * columns, and a field in quotes may go over several lines. False: the line is that of the columns. */
static bool
row_at(const struct buf *csv, unsigned line, const char **id, size_t *id_length, size_t *row)
{
	const char *at = (const char *)csv->data, *end = at + csv->length, *start = at;
	bool quoted = false, has_id = csv->length > 3 && memcmp(at, "id,", 3) == 0;
	*row = 0;
	for (unsigned now = 1; at < end && now < line; at++) {
		quoted ^= *at == '"';
		if (*at != '\n')
			continue;
		now++;
		if (!quoted) {
			start = at + 1;
			++*row;
		}
	}
	*id = start;
	*id_length = 0;
	while (has_id && start + *id_length < end && !strchr(",\"\r\n", start[*id_length]))
		++*id_length;
	return *row > 0;
}

static void
trace(const struct corridor_import *import, struct arena *arena, struct hub_error *e)
{
	size_t i = 0, id_length, row;
	while (i < HUB_CSV_LISTS && !(import->from[i] && names_list(e->file, hub_csv_lists[i])))
		i++;
	if (i == HUB_CSV_LISTS)
		return;
	const char *file = import->from[i], *id;
	if (import->made[i] && row_at(&import->csv[i], e->line, &id, &id_length, &row))
		file = id_length ? arena_printf(arena, "%s: %s %.*s", file, hub_csv_lists[i],
						(int)id_length, id)
				 : arena_printf(arena, "%s: %s, number %zu", file, hub_csv_lists[i],
						row);
	if (import->made[i])
		e->line = e->last_line = 0;
	if (file)
		e->file = file;
}

void
corridor_import_trace(const struct corridor_import *import, struct hub_report *report)
{
	assert(import && report);
	for (size_t i = 0; i < report->count; i++)
		trace(import, report->arena, &report->errors[i]);
	for (size_t i = 0; i < report->warning_count; i++)
		trace(import, report->arena, &report->warnings[i]);
}

/* Does the first line name this column? */
static bool
has_column(const char *bytes, size_t length, const char *column)
{
	const char *end = memchr(bytes, '\n', length);
	size_t left = end ? (size_t)(end - bytes) : length, want = strlen(column);
	for (size_t i = 0; i + want <= left; i++) {
		bool starts = i == 0 || strchr(",\"", bytes[i - 1]);
		bool ends = i + want == left || strchr(",\"\r", bytes[i + want]);
		if (starts && ends && memcmp(bytes + i, column, want) == 0)
			return true;
	}
	return false;
}

size_t
corridor_import_which(const char *path, const char *bytes, size_t length)
{
	/* By hub_csv_lists: a column that no other list has. */
	static const char *const telling[HUB_CSV_LISTS] = {
		"lat",   "a",    "design_tbps", "per_year",  "per_1000_km_year",
		"price", "gbps", "capex_musd",  "lost_gbps", "traffic_gbps",
	};
	for (size_t i = 0; i < HUB_CSV_LISTS; i++)
		if (names_list(path, hub_csv_lists[i]))
			return i;
	for (size_t i = 0; i < HUB_CSV_LISTS; i++)
		if (has_column(bytes, length, telling[i]))
			return i;
	return HUB_CSV_LISTS;
}

size_t
corridor_import_join(struct corridor_import *to, struct corridor_import *from)
{
	assert(to && from && to != from);
	for (size_t i = 0; i < HUB_CSV_LISTS; i++)
		if (to->csv[i].length && from->csv[i].length)
			return i;
	for (size_t i = 0; i < HUB_CSV_LISTS; i++) {
		if (!from->csv[i].length)
			continue;
		buf_fini(&to->csv[i]);
		to->csv[i] = from->csv[i];
		to->from[i] = from->from[i];
		to->made[i] = from->made[i];
		from->csv[i] = (struct buf){0};
	}
	return HUB_CSV_LISTS;
}

/* The files of a try: the hub file, and beside it the lists. */
struct trial {
	const struct corridor_import *import;
	struct buf hub;
};

static int
read_trial(void *context, const char *path, struct buf *out)
{
	const struct trial *trial = context;
	const struct buf *from = strcmp(path, CORRIDOR_IMPORT_KNOWN) == 0 ? &trial->hub : NULL;
	for (size_t i = 0; i < HUB_CSV_LISTS && !from; i++)
		if (names_list(path, hub_csv_lists[i]))
			from = &trial->import->csv[i];
	if (!from) {
		errno = ENOENT;
		return -1;
	}
	buf_put(out, from->data, from->length);
	if (!out->failed)
		return 0;
	errno = ENOMEM;
	return -1;
}

/* Is the line the beginning of one of the lists that were imported? */
static bool
begins_imported(const struct corridor_import *import, const char *line, size_t length)
{
	for (size_t i = 0; i < HUB_CSV_LISTS; i++) {
		size_t key = strlen(hub_csv_lists[i]);
		if (import->csv[i].length && length > key && line[key] == ':' &&
		    memcmp(line, hub_csv_lists[i], key) == 0)
			return true;
	}
	return false;
}

/* The text of the hub file without the lists that were imported: its writer starts each item of the
 * outermost table at the beginning of a line, and indents what is in it. */
static void
put_known(struct buf *out, const struct corridor_import *import, const struct buf *known)
{
	bool skipped = false;
	const char *at = (const char *)known->data, *end = at + known->length;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = newline ? (size_t)(newline - at) + 1 : (size_t)(end - at);
		if (*at != ' ')
			skipped = begins_imported(import, at, length);
		if (!skipped)
			buf_put(out, at, length);
		at += length;
	}
}

struct hub *
corridor_import_try(const struct corridor_import *import, const struct buf *known,
		    struct hub_report *report)
{
	struct trial trial = {.import = import};
	struct hub_source source = {.read = read_trial, .context = &trial};
	if (known)
		put_known(&trial.hub, import, known);
	else
		buf_str(&trial.hub, "hub: {name: import, asn: 64500, router_id: 192.0.2.1}\n");
	for (size_t i = 0; i < HUB_CSV_LISTS; i++)
		if (import->csv[i].length)
			buf_printf(&trial.hub, "%s: {csv: %s.csv}\n", hub_csv_lists[i],
				   hub_csv_lists[i]);
	struct hub *hub = hub_file_read(CORRIDOR_IMPORT_KNOWN, source, report);
	buf_fini(&trial.hub);
	return hub;
}
