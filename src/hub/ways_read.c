/* Ways from their text. */
#include <math.h>
#include <string.h>

#include "hub/ways_parts.h"

void
ways_wrong(struct ways_reader *r, const char *error)
{
	if (!r->error)
		r->error = error;
}

void *
ways_take(struct ways_reader *r, size_t count, size_t size)
{
	void *taken = arena_take(r->arena, (count + 1) * size);
	if (!taken)
		ways_wrong(r, "no memory");
	return taken;
}

static const char *
copy(struct ways_reader *r, const char *text)
{
	const char *kept = text ? arena_str(r->arena, text) : NULL;
	if (!kept)
		ways_wrong(r, text ? "no memory" : "a text is missing");
	return kept ? kept : "";
}

static const char *
text_of(struct ways_reader *r, const struct json_value *v, const char *key)
{
	return copy(r, json_read_text(json_read_get(v, key)));
}

/* An id is never empty. */
static const char *
id_of(struct ways_reader *r, const struct json_value *v, const char *key)
{
	const char *id = text_of(r, v, key);
	if (!*id)
		ways_wrong(r, "an id is missing");
	return id;
}

uint32_t
ways_number(struct ways_reader *r, const struct json_value *value)
{
	double number;
	if (json_read_number(&number, value) && number >= 0 && number <= UINT32_MAX &&
	    number == floor(number))
		return (uint32_t)number;
	ways_wrong(r, "a number is missing, or out of bounds");
	return 0;
}

static uint32_t
number_of(struct ways_reader *r, const struct json_value *v, const char *key)
{
	return ways_number(r, json_read_get(v, key));
}

static struct utc_s
moment_of(struct ways_reader *r, const struct json_value *v, const char *key)
{
	struct utc_s t = {0};
	const char *text = json_read_text(json_read_get(v, key));
	if (!text || utc_parse(&t, text) < 0)
		ways_wrong(r, "a time is missing");
	return t;
}

/* Counts the rows; 0 when there is no such array, or too many. */
static size_t
count_of(struct ways_reader *r, const struct json_value *array)
{
	size_t count = 0;
	if (!array || array->type != JSON_ARRAY)
		ways_wrong(r, "a table is missing");
	for (const struct json_value *i = json_read_first(array); i; i = i->next)
		count++;
	if (count > WAYS_ROWS_MAX)
		ways_wrong(r, "a table is too long");
	return r->error ? 0 : count;
}

static struct ways_names
names_of(struct ways_reader *r, const struct json_value *v, const char *key)
{
	const struct json_value *array = json_read_get(v, key);
	size_t count = count_of(r, array), i = 0;
	const char **items = ways_take(r, count, sizeof(*items));
	if (!items || r->error)
		return (struct ways_names){0};
	for (const struct json_value *n = json_read_first(array); n; n = n->next)
		items[i++] = copy(r, json_read_text(n));
	return (struct ways_names){items, count};
}

uint32_t *
ways_order(struct ways_reader *r, size_t count, ways_id_at *id)
{
	uint32_t *order = ways_take(r, count, sizeof(*order)),
		 *other = ways_take(r, count, sizeof(*other));
	if (!order || !other || r->error)
		return NULL;
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	for (size_t width = 1; width < count; width *= 2) {
		for (size_t from = 0; from < count; from += 2 * width) {
			size_t middle = from + width < count ? from + width : count;
			size_t to = middle + width < count ? middle + width : count;
			size_t a = from, b = middle;
			for (size_t i = from; i < to; i++) {
				bool first = b >= to ||
					     (a < middle && strcmp(id(r->out, order[a]),
								   id(r->out, order[b])) <= 0);
				other[i] = order[first ? a++ : b++];
			}
		}
		uint32_t *swap = order;
		order = other;
		other = swap;
	}
	for (size_t i = 1; i < count; i++)
		if (strcmp(id(r->out, order[i - 1]), id(r->out, order[i])) == 0)
			ways_wrong(r, "an id is there twice");
	return order;
}

static struct ways_steps
steps_of(struct ways_reader *r, const struct json_value *array)
{
	size_t count = count_of(r, array), i = 0;
	uint32_t *items = ways_take(r, count, sizeof(*items));
	if (!items || r->error)
		return (struct ways_steps){0};
	for (const struct json_value *n = json_read_first(array); n; n = n->next) {
		const char *id = json_read_text(n);
		items[i] = id ? ways_find(r->out, r->by_segment, r->out->segment_count,
					  ways_segment_id, id)
			      : UINT32_MAX;
		if (items[i++] == UINT32_MAX)
			ways_wrong(r, "a way names a segment that is not there");
	}
	return (struct ways_steps){items, count};
}

struct ways_segment *
ways_read_segments(struct ways_reader *r, const struct json_value *root, size_t *count)
{
	const struct json_value *array = json_read_get(root, "segments");
	struct ways_segment *segments = ways_take(r, count_of(r, array), sizeof(*segments));
	size_t i = 0;
	for (const struct json_value *v = json_read_first(array); v && !r->error; v = v->next) {
		struct ways_segment *s = &segments[i++];
		*s = (struct ways_segment){
			.id = id_of(r, v, "id"),
			.length_m = number_of(r, v, "length_m"),
			.latency_us = number_of(r, v, "latency_us"),
			.estimated = json_read_is_true(json_read_get(v, "estimated")),
		};
		for (int class = 0; class < WAYS_CLASSES; class ++)
			s->crosses[class] =
				names_of(r, v, ways_class_name((enum ways_class) class));
	}
	*count = i;
	return segments;
}

struct ways_port *
ways_read_ports(struct ways_reader *r, const struct json_value *root, size_t *count)
{
	const struct json_value *array = json_read_get(root, "ports");
	struct ways_port *ports = ways_take(r, count_of(r, array), sizeof(*ports));
	size_t i = 0;
	for (const struct json_value *v = json_read_first(array); v && !r->error; v = v->next) {
		const struct json_value *bought = json_read_get(v, "bought");
		ports[i] = (struct ways_port){
			.id = id_of(r, v, "id"),
			.asn.number = number_of(r, v, "asn"),
			.site = text_of(r, v, "site"),
			.country = text_of(r, v, "country"),
			.has_contract = bought != NULL,
		};
		if (bought)
			ports[i].bought = steps_of(r, bought);
		if (i && strcmp(ports[i - 1].id, ports[i].id) >= 0)
			ways_wrong(r, "ports are not in order");
		i++;
	}
	*count = i;
	return ports;
}

struct ways_exit *
ways_read_exits(struct ways_reader *r, const struct json_value *root, size_t *count)
{
	const struct json_value *array = json_read_get(root, "exits");
	struct ways_exit *exits = ways_take(r, count_of(r, array), sizeof(*exits));
	size_t i = 0;
	for (const struct json_value *v = json_read_first(array); v && !r->error; v = v->next) {
		exits[i] = (struct ways_exit){
			.session = id_of(r, v, "session"),
			.port = ways_port_of(r->out, id_of(r, v, "port")),
			.ipv4 = json_read_is_true(json_read_get(v, "ipv4")),
			.ipv6 = json_read_is_true(json_read_get(v, "ipv6")),
		};
		if (exits[i++].port == UINT32_MAX)
			ways_wrong(r, "an exit names a port that is not there");
	}
	*count = i;
	return exits;
}

struct ways_way *
ways_read_ways(struct ways_reader *r, const struct json_value *root, size_t *count)
{
	const struct json_value *array = json_read_get(root, "ways");
	struct ways_way *ways = ways_take(r, count_of(r, array), sizeof(*ways));
	size_t i = 0;
	for (const struct json_value *v = json_read_first(array); v && !r->error; v = v->next) {
		const struct json_value *steps = json_read_get(v, "segments");
		struct ways_way *w = &ways[i];
		*w = (struct ways_way){
			.site = id_of(r, v, "site"),
			.asn.number = number_of(r, v, "asn"),
			.exit = ways_find(r->out, r->by_exit, r->out->exit_count, ways_exit_id,
					  id_of(r, v, "to")),
			.closed = steps && steps->type == JSON_NULL,
		};
		if (!w->closed)
			w->steps = steps_of(r, steps);
		if (w->exit == UINT32_MAX)
			ways_wrong(r, "a way names an exit that is not there");
		if (i && ways_compare(&ways[i - 1], w->site, w->asn, w->exit) >= 0)
			ways_wrong(r, "ways are not in order");
		i++;
	}
	*count = i;
	return ways;
}

struct ways_promise *
ways_read_promises(struct ways_reader *r, const struct json_value *root, size_t *count)
{
	const struct json_value *array = json_read_get(root, "promises");
	struct ways_promise *promises = ways_take(r, count_of(r, array), sizeof(*promises));
	size_t i = 0;
	for (const struct json_value *v = json_read_first(array); v && !r->error; v = v->next) {
		promises[i] =
			(struct ways_promise){{number_of(r, v, "asn")}, names_of(r, v, "avoid")};
		if (i && promises[i - 1].asn.number >= promises[i].asn.number)
			ways_wrong(r, "promises are not in order");
		i++;
	}
	*count = i;
	return promises;
}

void
ways_read_head(struct ways_reader *r, const struct json_value *root)
{
	if (!root || number_of(r, root, "ways_version") != 1)
		ways_wrong(r, "these are no ways");
	r->out->from = moment_of(r, root, "from");
	r->out->until = moment_of(r, root, "until");
	r->out->why = text_of(r, root, "why");
	if (r->out->until.s < r->out->from.s)
		ways_wrong(r, "it ends before it begins");
}

static void
read_all(struct ways_reader *r, const struct json_value *root)
{
	struct ways *out = r->out;
	ways_read_head(r, root);
	if (json_read_get(root, "since"))
		ways_wrong(r, "it says what has changed since another, and not all");
	if (r->error)
		return;
	out->segments = ways_read_segments(r, root, &out->segment_count);
	r->by_segment = r->error ? NULL : ways_order(r, out->segment_count, ways_segment_id);
	if (r->error)
		return;
	out->ports = ways_read_ports(r, root, &out->port_count);
	if (r->error)
		return;
	out->exits = ways_read_exits(r, root, &out->exit_count);
	r->by_exit = r->error ? NULL : ways_order(r, out->exit_count, ways_exit_id);
	if (r->error)
		return;
	out->ways = ways_read_ways(r, root, &out->way_count);
	if (!r->error)
		out->promises = ways_read_promises(r, root, &out->promise_count);
	if (!r->error && ways_sort(out, r->arena) < 0)
		ways_wrong(r, "no memory");
}

int
ways_read(struct ways *out, struct arena *arena, const void *json, size_t length,
	  const char **error)
{
	struct ways ways = {0};
	struct ways_reader r = {.arena = arena, .out = &ways};
	struct arena *tree = arena_new();
	if (tree)
		read_all(&r, length <= WAYS_LENGTH_MAX ? json_read(tree, json, length) : NULL);
	else
		ways_wrong(&r, "no memory");
	arena_free(tree);
	*error = r.error;
	if (r.error)
		return -1;
	*out = ways;
	return 0;
}
