/* The proof of the way as JSON, and back. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "hub/traffic_normal.h"
#include "view/view_proof_parts.h"

/* --- writing --- */

static void
json_percent(struct json *j, const char *key, uint32_t hundredths)
{
	char text[VIEW_PROOF_PERCENT];
	view_proof_percent(text, hundredths);
	json_raw(j, key, text, strlen(text));
}

static void
json_names(struct json *j, const char *key, const struct ways_names *names)
{
	json_array(j, key);
	for (size_t i = 0; i < names->count; i++)
		json_str(j, NULL, names->items[i]);
	json_array_end(j);
}

static void
json_part(struct json *j, const char *key, uint64_t octets, uint32_t percent)
{
	json_object(j, key);
	json_u64(j, "octets", octets);
	json_percent(j, "percent", percent);
	json_object_end(j);
}

static void
json_amount(struct json *j, const struct ledger_way_amount *amount, uint64_t whole)
{
	json_u64(j, "octets", amount->octets);
	json_percent(j, "percent", ledger_way_percent(amount->octets, whole));
	json_u64(j, "estimated_octets", amount->estimated);
	json_percent(j, "estimated_percent", ledger_way_percent(amount->estimated, whole));
}

static void
json_promise(struct json *j, const struct ledger_way *way, const struct view_proof_parts *p)
{
	if (!way->promised.count) {
		json_null(j, "avoid");
		return;
	}
	json_object(j, "avoid");
	json_names(j, "countries", &way->promised);
	json_object(j, "avoided");
	json_u64(j, "octets", way->kept.octets);
	json_percent(j, "percent", p->promise[0]);
	json_u64(j, "estimated_octets", way->kept.estimated);
	json_percent(j, "estimated_percent", p->kept_estimated);
	json_object_end(j);
	json_object(j, "crossed");
	json_u64(j, "octets", way->broken.octets);
	json_percent(j, "percent", p->promise[1]);
	json_u64(j, "estimated_octets", way->broken.estimated);
	json_object_end(j);
	json_part(j, "unknown", way->unknown, p->promise[2]);
	json_object_end(j);
}

static void
json_row(struct json *j, const struct ledger_way_row *row, uint32_t percent)
{
	const struct ledger_way_path *path = &row->path;
	json_object(j, NULL);
	json_str(j, "basis", ledger_way_basis_name(path->basis));
	json_bool(j, "estimated", path->estimated);
	json_names(j, "segments", &path->segments);
	for (int class = 0; class < WAYS_CLASSES; class ++)
		json_names(j, ways_class_name((enum ways_class) class), &path->crosses[class]);
	json_u64(j, "length_m", path->length_m);
	json_u64(j, "latency_us", path->latency_us);
	json_u64(j, "octets", row->amount.octets);
	json_percent(j, "percent", percent);
	json_u64(j, "estimated_octets", row->amount.estimated);
	json_u64(j, "samples", row->samples);
	json_percent(j, "sampling_error_percent", traffic_error(row->samples));
	json_object_end(j);
}

static void
json_rows(struct json *j, const struct ledger_way *way)
{
	uint64_t *octets = calloc(way->row_count + 1, sizeof(*octets));
	uint32_t *percents = calloc(way->row_count + 1, sizeof(*percents));
	j->out->failed |= !octets || !percents;
	json_array(j, "ways");
	for (size_t i = 0; i < way->row_count && octets; i++)
		octets[i] = way->rows[i].amount.octets;
	if (octets && percents)
		ledger_way_percents(percents, octets, way->row_count);
	for (size_t i = 0; i < way->row_count && percents; i++)
		json_row(j, &way->rows[i], percents[i]);
	json_array_end(j);
	free(octets);
	free(percents);
}

static void
json_lines(struct json *j, const struct ledger_way *way)
{
	const char *const *lines = NULL;
	struct arena *arena = arena_new();
	size_t count = arena ? view_proof_lines(&lines, arena, way) : 0;
	j->out->failed |= !count;
	json_array(j, "text");
	for (size_t i = 0; i < count; i++)
		json_str(j, NULL, lines[i]);
	json_array_end(j);
	arena_free(arena);
}

void
view_proof_json(struct json *j, const struct ledger_way *way)
{
	struct view_proof_parts p = view_proof_parts_of(way);
	char hash[LEDGER_HASH_TEXT];
	json_object(j, "way");
	json_lines(j, way);
	json_utc(j, "from", way->from);
	json_utc(j, "to", way->to);
	json_u64(j, "bin_s", way->bin_s);
	json_u64(j, "first_entry", way->first_entry);
	json_u64(j, "last_entry", way->last_entry);
	json_u64(j, "entries", way->entries);
	json_str(j, "last_hash", ledger_hash_format(hash, way->last_hash));
	json_u64(j, "in_octets", way->in);
	json_u64(j, "out_octets", way->out);
	json_part(j, "measured", p.octets - way->unknown - way->estimated, p.grounds[0]);
	json_part(j, "estimated", way->estimated, p.grounds[1]);
	json_part(j, "unknown", way->unknown, p.grounds[2]);
	json_u64(j, "split_octets", way->split);
	json_u64(j, "mean_length_m", way->length_m);
	json_u64(j, "mean_latency_us", way->latency_us);
	json_promise(j, way, &p);
	for (int list = 0; list < LEDGER_WAY_LISTS; list++) {
		json_array(j, ledger_way_list_name(list));
		for (size_t i = 0; i < way->list_counts[list]; i++) {
			json_object(j, NULL);
			json_str(j, "name", way->lists[list][i].name);
			json_amount(j, &way->lists[list][i].amount, p.octets);
			json_object_end(j);
		}
		json_array_end(j);
	}
	json_rows(j, way);
	json_object_end(j);
}

/* --- reading --- */

struct reader {
	struct arena *arena;
	bool bad, no_memory;
};

static void *
take(struct reader *r, size_t count, size_t size)
{
	void *taken = arena_take(r->arena, (count + 1) * size);
	r->no_memory |= !taken;
	return taken;
}

static uint64_t
number_at(struct reader *r, const struct json_value *object, const char *key)
{
	const struct json_value *v = json_read_get(object, key);
	char digits[24];
	if (!v || v->type != JSON_NUMBER || v->raw_length >= sizeof(digits) ||
	    strspn(v->raw, "0123456789") < v->raw_length) {
		r->bad = true;
		return 0;
	}
	memcpy(digits, v->raw, v->raw_length);
	digits[v->raw_length] = '\0';
	return strtoull(digits, NULL, 10);
}

static const char *
text_of(struct reader *r, const struct json_value *v)
{
	const char *text = json_read_text(v);
	const char *copy = text ? arena_str(r->arena, text) : NULL;
	r->bad |= !text;
	r->no_memory |= text && !copy;
	return copy ? copy : "";
}

static size_t
count_of(struct reader *r, const struct json_value *array)
{
	size_t count = 0;
	r->bad |= !array || array->type != JSON_ARRAY;
	for (const struct json_value *i = json_read_first(array); i; i = i->next)
		count++;
	return count;
}

static struct utc_s
moment_at(struct reader *r, const struct json_value *object, const char *key)
{
	const char *text = json_read_text(json_read_get(object, key));
	struct utc_s t = {0};
	r->bad |= !text || utc_parse(&t, text) < 0;
	return t;
}

static struct ways_names
names_at(struct reader *r, const struct json_value *object, const char *key)
{
	const struct json_value *array = json_read_get(object, key);
	const char **items = take(r, count_of(r, array), sizeof(*items));
	size_t count = 0;
	for (const struct json_value *i = json_read_first(array); i && items; i = i->next)
		items[count++] = text_of(r, i);
	return (struct ways_names){items, count};
}

static struct ledger_way_amount
amount_of(struct reader *r, const struct json_value *v)
{
	return (struct ledger_way_amount){number_at(r, v, "octets"),
					  number_at(r, v, "estimated_octets")};
}

static enum ledger_way_basis
basis_of(struct reader *r, const char *name)
{
	for (int i = 0; i < LEDGER_WAY_BASES; i++)
		if (strcmp(ledger_way_basis_name((enum ledger_way_basis)i), name) == 0)
			return (enum ledger_way_basis)i;
	r->bad = true;
	return LEDGER_WAY_UNKNOWN;
}

static void
read_rows(struct reader *r, struct ledger_way *out, const struct json_value *way)
{
	const struct json_value *array = json_read_get(way, "ways");
	out->rows = take(r, count_of(r, array), sizeof(*out->rows));
	for (const struct json_value *i = json_read_first(array); i && out->rows; i = i->next) {
		struct ledger_way_row *row = &out->rows[out->row_count++];
		row->path = (struct ledger_way_path){
			.basis = basis_of(r, text_of(r, json_read_get(i, "basis"))),
			.estimated = json_read_is_true(json_read_get(i, "estimated")),
			.segments = names_at(r, i, "segments"),
			.length_m = number_at(r, i, "length_m"),
			.latency_us = number_at(r, i, "latency_us"),
		};
		for (int class = 0; class < WAYS_CLASSES; class ++)
			row->path.crosses[class] =
				names_at(r, i, ways_class_name((enum ways_class) class));
		row->amount = amount_of(r, i);
		row->samples = number_at(r, i, "samples");
	}
}

static void
read_lists(struct reader *r, struct ledger_way *out, const struct json_value *way)
{
	for (int list = 0; list < LEDGER_WAY_LISTS; list++) {
		const struct json_value *array = json_read_get(way, ledger_way_list_name(list));
		out->lists[list] = take(r, count_of(r, array), sizeof(*out->lists[list]));
		for (const struct json_value *i = json_read_first(array); i && out->lists[list];
		     i = i->next)
			out->lists[list][out->list_counts[list]++] = (struct ledger_way_share){
				text_of(r, json_read_get(i, "name")), amount_of(r, i)};
	}
}

int
view_proof_read(struct ledger_way *out, struct arena *arena, const struct json_value *v)
{
	struct reader r = {.arena = arena};
	const struct json_value *avoid = json_read_get(v, "avoid");
	struct ledger_way way = {
		.from = moment_at(&r, v, "from"),
		.to = moment_at(&r, v, "to"),
		.bin_s = (uint32_t)number_at(&r, v, "bin_s"),
		.first_entry = number_at(&r, v, "first_entry"),
		.last_entry = number_at(&r, v, "last_entry"),
		.entries = number_at(&r, v, "entries"),
		.in = number_at(&r, v, "in_octets"),
		.out = number_at(&r, v, "out_octets"),
		.unknown = number_at(&r, json_read_get(v, "unknown"), "octets"),
		.estimated = number_at(&r, json_read_get(v, "estimated"), "octets"),
		.split = number_at(&r, v, "split_octets"),
		.length_m = number_at(&r, v, "mean_length_m"),
		.latency_us = number_at(&r, v, "mean_latency_us"),
	};
	if (!json_read_is_null(avoid)) {
		way.promised = names_at(&r, avoid, "countries");
		way.kept = amount_of(&r, json_read_get(avoid, "avoided"));
		way.broken = amount_of(&r, json_read_get(avoid, "crossed"));
	}
	read_lists(&r, &way, v);
	read_rows(&r, &way, v);
	const char *hash = json_read_text(json_read_get(v, "last_hash"));
	r.bad |= !hash || ledger_hash_parse(&way.last_hash, hash) < 0;
	/* What is printed of it is reckoned from these. */
	uint64_t octets = way.in + way.out;
	r.bad |= octets < way.in || way.unknown > octets || way.estimated > octets - way.unknown;
	if (r.bad || r.no_memory) {
		errno = r.no_memory ? ENOMEM : EBADMSG;
		return -1;
	}
	*out = way;
	return 0;
}
