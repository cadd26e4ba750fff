/* The files of towers and of existing fibre: what CSV and GeoJSON have in common. Both become
 * records of named texts and numbers; corridor_reach_geojson.c and the CSV reader of the hub bring
 * them, here they are understood. */
#include "corridor/corridor_reach_read.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "corridor/corridor_geo.h"
#include "corridor/corridor_reach_parts.h"
#include "hub/hub_parse.h"

static const double amount_max = 1e9; /* Mbit/s, or units of weight, of one tower */

/* --- values --- */

bool
corridor_reach_number(double *out, const char *text)
{
	if (!*text || strspn(text, "0123456789+-.eE") != strlen(text) || strlen(text) > 40)
		return false;
	char *end;
	double value = strtod(text, &end);
	if (end == text || *end || !isfinite(value))
		return false;
	*out = value;
	return true;
}

static bool
one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcasecmp(text, *words) == 0)
			return true;
	return false;
}

static bool
read_flag(bool *out, const char *text)
{
	static const char *const yes[] = {"yes", "true", "1", "y", "fibre", "fiber", NULL};
	static const char *const no[] = {"no", "false", "0", "n", "none", "microwave", NULL};
	*out = one_of(text, yes);
	return *out || one_of(text, no);
}

static bool
read_kind(bool *town, const char *text)
{
	static const char *const towns[] = {"town", "city", "village", NULL};
	static const char *const towers[] = {"tower", "site", "mast", NULL};
	*town = one_of(text, towns);
	return *town || one_of(text, towers);
}

/* By its first word, as elsewhere: "estimated (map)". */
static enum hub_confidence
read_confidence(const char *text)
{
	static const char *const words[] = {"", "seen", "derived", "estimated"};
	for (int i = HUB_SEEN; i <= HUB_ESTIMATED; i++)
		if (strncasecmp(text, words[i], strlen(words[i])) == 0)
			return (enum hub_confidence)i;
	return HUB_UNSTATED;
}

/* The number of this word for the ground; -1 when there are too many or no memory. */
static int
terrain_of(struct corridor_reach_input *input, const char *text)
{
	for (size_t i = 0; i < input->terrain_count; i++)
		if (strcasecmp(input->terrains[i], text) == 0)
			return (int)i;
	if (input->terrain_count == CORRIDOR_REACH_TERRAINS)
		return -1;
	const char *copy = arena_str(input->arena, text);
	if (!copy)
		return -1;
	input->terrains[input->terrain_count] = copy;
	return (int)input->terrain_count++;
}

/* --- coordinates --- */

bool
corridor_reach_position(struct corridor_reach_reader *r, double latitude, double longitude)
{
	if (fabs(latitude) <= 90 && fabs(longitude) <= 180)
		return true;
	if (fabs(latitude) <= 180 && fabs(longitude) <= 90)
		corridor_reach_say(
			r,
			"latitude %g is not on the globe; with longitude %g it looks as if "
			"the two were exchanged%s",
			latitude, longitude,
			r->geojson ? " (GeoJSON has the longitude first)" : "");
	else
		corridor_reach_say(
			r,
			"found latitude %g and longitude %g, expected -90 to 90 and -180 "
			"to 180",
			latitude, longitude);
	return false;
}

/* --- a tower --- */

static int64_t
thousandths(struct corridor_reach_reader *r, const char *key, const char *text, bool *good)
{
	double value = 0;
	if (text && (!corridor_reach_number(&value, text) || value < 0 || value > amount_max)) {
		corridor_reach_say(r, "%s: found \"%s\", expected a number from 0 to %.0f", key,
				   hub_show(text).text, amount_max);
		*good = false;
		return 0;
	}
	return llround(value * 1000);
}

/* The words of a record that only one of a few may be. */
static bool
take_words(struct corridor_reach_reader *r, struct corridor_reach_tower *t,
	   const struct corridor_reach_record *record)
{
	const char *flag = record->text[REACH_ON_FIBRE], *kind = record->text[REACH_KIND];
	if (flag && !read_flag(&t->on_fibre, flag)) {
		corridor_reach_say(r, "on_fibre: found \"%s\", expected yes or no",
				   hub_show(flag).text);
		return false;
	}
	if (kind && !read_kind(&t->town, kind)) {
		corridor_reach_say(r, "kind: found \"%s\", expected tower or town",
				   hub_show(kind).text);
		return false;
	}
	int terrain = terrain_of(r->input,
				 record->text[REACH_TERRAIN] ? record->text[REACH_TERRAIN] : "");
	if (terrain < 0) {
		corridor_reach_say(r, "terrain: more than %d kinds of it",
				   CORRIDOR_REACH_TERRAINS - 1);
		return false;
	}
	t->terrain = (uint8_t)terrain;
	return true;
}

static const char *
keep(struct corridor_reach_reader *r, const char *text)
{
	return text ? arena_str(r->input->arena, text) : NULL;
}

void
corridor_reach_take_tower(struct corridor_reach_reader *r,
			  const struct corridor_reach_record *record)
{
	struct corridor_reach_input *input = r->input;
	struct corridor_reach_tower t = {
		.latitude = record->latitude, .longitude = record->longitude, .place = HUB_NONE};
	bool good = true;
	if (input->tower_count == r->room) {
		corridor_reach_say(r, "more than %d towers", CORRIDOR_REACH_TOWERS);
		return;
	}
	if (!record->text[REACH_ID]) {
		corridor_reach_say(r, "\"id\" is missing");
		return;
	}
	t.traffic_kbps = thousandths(r, "traffic_mbps", record->text[REACH_TRAFFIC], &good);
	t.weight_milli = thousandths(r, "weight", record->text[REACH_WEIGHT], &good);
	if (!good || !take_words(r, &t, record))
		return;
	t.id = keep(r, record->text[REACH_ID]);
	t.name = keep(r, record->text[REACH_NAME]);
	t.operator_name = keep(r, record->text[REACH_OPERATOR]);
	if (record->text[REACH_CONFIDENCE])
		t.confidence = read_confidence(record->text[REACH_CONFIDENCE]);
	if (!t.id) {
		corridor_reach_say(r, "out of memory");
		return;
	}
	/* 0, 0 is in the sea, and what many programs write for "not known". */
	bool nowhere =
		isnan(t.latitude) || isnan(t.longitude) || (t.latitude == 0 && t.longitude == 0);
	if (nowhere)
		t.latitude = t.longitude = NAN;
	else if (!corridor_reach_position(r, t.latitude, t.longitude))
		return;
	input->notes.no_coordinates += nowhere;
	input->notes.unstated += t.confidence == HUB_UNSTATED;
	input->notes.no_traffic += t.traffic_kbps == 0;
	input->towers[input->tower_count++] = t;
}

/* --- CSV --- */

static const char *const tower_columns[] = {
	[REACH_ID] = "id",
	[REACH_NAME] = "name",
	[REACH_KIND] = "kind",
	[REACH_TRAFFIC] = "traffic_mbps",
	[REACH_ON_FIBRE] = "on_fibre",
	[REACH_OPERATOR] = "operator",
	[REACH_WEIGHT] = "weight",
	[REACH_TERRAIN] = "terrain",
	[REACH_CONFIDENCE] = "confidence",
	[REACH_LINE] = "line",
	[REACH_LATITUDE] = "lat",
	[REACH_LATITUDE + 1] = "latitude",
	[REACH_LONGITUDE] = "lon",
	[REACH_LONGITUDE + 1] = "longitude",
	[REACH_LONGITUDE + 2] = "lng",
};

enum { COLUMNS = sizeof(tower_columns) / sizeof(tower_columns[0]) };

const char *
corridor_reach_key(enum corridor_reach_item item)
{
	return tower_columns[item];
}

static bool
csv_coordinate(struct corridor_reach_reader *r, double *out, const char *const *text, int names)
{
	const char *found = NULL;
	for (int i = 0; i < names && !found; i++)
		found = text[i];
	*out = NAN;
	if (!found || corridor_reach_number(out, found))
		return true;
	corridor_reach_say(r, "found \"%s\", expected degrees such as 33.7", hub_show(found).text);
	return false;
}

static void
csv_row(struct corridor_reach_reader *r, const struct hub_node *row, corridor_reach_take *take)
{
	struct corridor_reach_record record = {0};
	const char *text[COLUMNS] = {0};
	r->mark = row->mark;
	for (const struct hub_node *n = row->first; n; n = n->next)
		for (int i = 0; i < COLUMNS; i++)
			if (n->key == tower_columns[i])
				text[i] = n->text;
	for (int i = 0; i < REACH_TEXTS; i++)
		record.text[i] = text[i];
	if (!csv_coordinate(r, &record.latitude, text + REACH_LATITUDE, 2) ||
	    !csv_coordinate(r, &record.longitude, text + REACH_LONGITUDE, 3))
		return;
	take(r, &record);
}

static void
read_csv(struct corridor_reach_reader *r, const struct buf *bytes, bool towers)
{
	bool required[COLUMNS] = {[REACH_ID] = towers};
	struct hub_columns columns = {tower_columns, required, COLUMNS};
	struct hub_node *rows = hub_parse_csv(r->scratch, r->report, r->mark.file, bytes, &columns);
	if (!rows || r->report->count)
		return;
	if (!corridor_reach_room(r, rows->count, towers))
		return;
	for (const struct hub_node *row = rows->first; row && !hub_report_full(r->report);
	     row = row->next)
		csv_row(r, row, towers ? corridor_reach_take_tower : corridor_reach_take_point);
}

/* --- existing fibre --- */

/* A point of a line: of the last one, when it has the same name, else of a new one. */
void
corridor_reach_take_point(struct corridor_reach_reader *r,
			  const struct corridor_reach_record *record)
{
	struct corridor_reach_input *input = r->input;
	const char *line = record->text[REACH_LINE];
	if (isnan(record->latitude) || isnan(record->longitude)) {
		corridor_reach_say(r, "a point of existing fibre needs lat and lon");
		return;
	}
	if (!corridor_reach_position(r, record->latitude, record->longitude))
		return;
	struct corridor_reach_line *last =
		input->line_count ? &input->lines[input->line_count - 1] : NULL;
	bool goes_on = last && line && r->line && strcmp(r->line, line) == 0;
	if (!goes_on) {
		last = &input->lines[input->line_count++];
		*last = (struct corridor_reach_line){
			.name = keep(r, record->text[REACH_NAME] ? record->text[REACH_NAME] : line),
			.latitudes = r->latitudes,
			.longitudes = r->longitudes,
		};
		r->line = line;
	}
	last->count++;
	*r->latitudes++ = record->latitude;
	*r->longitudes++ = record->longitude;
}

/* Room for `count` records more. */
bool
corridor_reach_room(struct corridor_reach_reader *r, size_t count, bool towers)
{
	struct corridor_reach_input *input = r->input;
	size_t before = towers ? input->tower_count : input->line_count;
	size_t size = towers ? sizeof(*input->towers) : sizeof(*input->lines);
	if (count > CORRIDOR_REACH_TOWERS || before + count > CORRIDOR_REACH_TOWERS) {
		corridor_reach_say(r, "more than %d %s", CORRIDOR_REACH_TOWERS,
				   towers ? "towers" : "points");
		return false;
	}
	void *array = arena_take(input->arena, (before + count + 1) * size);
	r->latitudes = towers ? NULL : arena_take(input->arena, (count + 1) * sizeof(double));
	r->longitudes = towers ? NULL : arena_take(input->arena, (count + 1) * sizeof(double));
	if (!array || (!towers && (!r->latitudes || !r->longitudes))) {
		corridor_reach_say(r, "out of memory");
		return false;
	}
	if (before)
		memcpy(array, towers ? (void *)input->towers : (void *)input->lines, before * size);
	if (towers)
		input->towers = array;
	else
		input->lines = array;
	r->room = before + count;
	return true;
}

/* --- both --- */

static int
read_file(struct corridor_reach_input *input, struct hub_report *report, const char *file,
	  struct buf *bytes, bool towers)
{
	struct corridor_reach_reader r = {
		.input = input,
		.report = report,
		.mark = {arena_str(input->arena, file), 0, 0},
		.scratch = arena_new(),
	};
	size_t before = report->count + report->more;
	if (!r.scratch || !r.mark.file) {
		hub_complain(report, (struct hub_mark){file, 0, 0}, "out of memory");
	} else if (hub_parse_text(report, r.mark.file, bytes)) {
		const char *text = (const char *)bytes->data;
		/* Some programs put a mark before UTF-8; that of CSV is skipped where it is read. */
		size_t mark = strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
		r.geojson = text[mark + strspn(text + mark, " \t\r\n")] == '{';
		if (r.geojson)
			buf_consume(bytes, mark);
		if (r.geojson)
			corridor_reach_read_geojson(&r, bytes, towers);
		else
			read_csv(&r, bytes, towers);
	}
	arena_free(r.scratch);
	return report->count + report->more == before ? 0 : -1;
}

int
corridor_reach_read_towers(struct corridor_reach_input *input, struct hub_report *report,
			   const char *file, struct buf *bytes)
{
	assert(input && input->arena && report && file && bytes);
	if (read_file(input, report, file, bytes, true) < 0)
		return -1;
	return corridor_reach_look(input, report, file);
}

int
corridor_reach_read_fibre(struct corridor_reach_input *input, struct hub_report *report,
			  const char *file, struct buf *bytes)
{
	assert(input && input->arena && report && file && bytes);
	return read_file(input, report, file, bytes, false);
}

struct corridor_reach_input
corridor_reach_input_new(void)
{
	struct corridor_reach_input input = {.arena = arena_new()};
	input.terrains[0] = "";
	input.terrain_count = 1;
	return input;
}

void
corridor_reach_input_fini(struct corridor_reach_input *input)
{
	arena_free(input->arena);
	*input = (struct corridor_reach_input){0};
}
