/* The ways through the corridor as JSON, and back. */
#include "hub/ways.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"

static const char *const class_names[WAYS_CLASSES] = {"countries", "cables", "risks"};

const char *ways_class_name(enum ways_class class)
{
	return class_names[class];
}

/* --- writing --- */

static void
write_names(struct json *j, const char *key, const struct ways_names *names)
{
	json_array(j, key);
	for (size_t i = 0; i < names->count; i++)
		json_str(j, NULL, names->items[i]);
	json_array_end(j);
}

static void
write_steps(struct json *j, const char *key, const struct ways *ways,
	    const struct ways_steps *steps)
{
	json_array(j, key);
	for (size_t i = 0; i < steps->count; i++)
		json_str(j, NULL, ways->segments[steps->items[i]].id);
	json_array_end(j);
}

static void
write_segments(struct json *j, const struct ways *ways)
{
	json_array(j, "segments");
	for (size_t i = 0; i < ways->segment_count; i++) {
		const struct ways_segment *s = &ways->segments[i];
		json_object(j, NULL);
		json_str(j, "id", s->id);
		json_u64(j, "length_m", s->length_m);
		json_u64(j, "latency_us", s->latency_us);
		json_bool(j, "estimated", s->estimated);
		for (int class = 0; class < WAYS_CLASSES; class ++)
			write_names(j, class_names[class], &s->crosses[class]);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
write_ports(struct json *j, const struct ways *ways)
{
	json_array(j, "ports");
	for (size_t i = 0; i < ways->port_count; i++) {
		const struct ways_port *p = &ways->ports[i];
		json_object(j, NULL);
		json_str(j, "id", p->id);
		json_u64(j, "asn", p->asn.number);
		json_str(j, "site", p->site);
		json_str(j, "country", p->country);
		if (p->has_contract)
			write_steps(j, "bought", ways, &p->bought);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
write_exits(struct json *j, const struct ways *ways)
{
	json_array(j, "exits");
	for (size_t i = 0; i < ways->exit_count; i++) {
		const struct ways_exit *e = &ways->exits[i];
		json_object(j, NULL);
		json_str(j, "session", e->session);
		json_str(j, "port", ways->ports[e->port].id);
		json_bool(j, "ipv4", e->ipv4);
		json_bool(j, "ipv6", e->ipv6);
		json_object_end(j);
	}
	json_array_end(j);
	json_array(j, "ways");
	for (size_t i = 0; i < ways->way_count; i++) {
		const struct ways_way *w = &ways->ways[i];
		json_object(j, NULL);
		json_str(j, "site", w->site);
		json_u64(j, "asn", w->asn.number);
		json_str(j, "to", ways->exits[w->exit].session);
		if (w->closed)
			json_null(j, "segments");
		else
			write_steps(j, "segments", ways, &w->steps);
		json_object_end(j);
	}
	json_array_end(j);
}

/* All but times and words. */
static void
write_tables(struct json *j, const struct ways *ways)
{
	write_segments(j, ways);
	write_ports(j, ways);
	write_exits(j, ways);
	json_array(j, "promises");
	for (size_t i = 0; i < ways->promise_count; i++) {
		json_object(j, NULL);
		json_u64(j, "asn", ways->promises[i].asn.number);
		write_names(j, "avoid", &ways->promises[i].countries);
		json_object_end(j);
	}
	json_array_end(j);
}

void
ways_write(const struct ways *ways, struct buf *out)
{
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_u64(&j, "ways_version", 1);
	json_utc(&j, "from", ways->from);
	json_utc(&j, "until", ways->until);
	json_str(&j, "why", ways->why);
	write_tables(&j, ways);
	json_object_end(&j);
	buf_str(out, "\n");
}

bool
ways_same(const struct ways *a, const struct ways *b)
{
	struct buf x = {0}, y = {0};
	struct json jx = json_to(&x), jy = json_to(&y);
	json_object(&jx, NULL);
	write_tables(&jx, a);
	json_object(&jy, NULL);
	write_tables(&jy, b);
	bool same = !x.failed && !y.failed && x.length == y.length &&
		    memcmp(x.data, y.data, x.length) == 0;
	buf_fini(&x);
	buf_fini(&y);
	return same;
}

/* --- reading --- */

struct reader {
	struct arena *arena;
	const char *error; /* the first */
	struct ways *out;
	/* Indices of segments and exits by their ids, in the order of ids. */
	uint32_t *by_segment, *by_exit;
};

static void
wrong(struct reader *r, const char *error)
{
	if (!r->error)
		r->error = error;
}

static void *
take(struct reader *r, size_t count, size_t size)
{
	void *taken = arena_take(r->arena, (count + 1) * size);
	if (!taken)
		wrong(r, "no memory");
	return taken;
}

static const char *
copy(struct reader *r, const char *text)
{
	const char *kept = text ? arena_str(r->arena, text) : NULL;
	if (!kept)
		wrong(r, text ? "no memory" : "a text is missing");
	return kept ? kept : "";
}

static const char *
text_of(struct reader *r, const struct json_value *v, const char *key)
{
	return copy(r, json_read_text(json_read_get(v, key)));
}

/* An id is never empty. */
static const char *
id_of(struct reader *r, const struct json_value *v, const char *key)
{
	const char *id = text_of(r, v, key);
	if (!*id)
		wrong(r, "an id is missing");
	return id;
}

static uint32_t
number_of(struct reader *r, const struct json_value *v, const char *key)
{
	double number;
	if (json_read_number(&number, json_read_get(v, key)) && number >= 0 &&
	    number <= UINT32_MAX && number == floor(number))
		return (uint32_t)number;
	wrong(r, "a number is missing, or out of bounds");
	return 0;
}

static struct utc_s
moment_of(struct reader *r, const struct json_value *v, const char *key)
{
	struct utc_s t = {0};
	const char *text = json_read_text(json_read_get(v, key));
	if (!text || utc_parse(&t, text) < 0)
		wrong(r, "a time is missing");
	return t;
}

/* Counts the rows; 0 when there is no such array, or too many. */
static size_t
count_of(struct reader *r, const struct json_value *array)
{
	size_t count = 0;
	if (!array || array->type != JSON_ARRAY)
		wrong(r, "a table is missing");
	for (const struct json_value *i = json_read_first(array); i; i = i->next)
		count++;
	if (count > WAYS_ROWS_MAX)
		wrong(r, "a table is too long");
	return r->error ? 0 : count;
}

static struct ways_names
names_of(struct reader *r, const struct json_value *v, const char *key)
{
	const struct json_value *array = json_read_get(v, key);
	size_t count = count_of(r, array), i = 0;
	const char **items = take(r, count, sizeof(*items));
	if (!items || r->error)
		return (struct ways_names){0};
	for (const struct json_value *n = json_read_first(array); n; n = n->next)
		items[i++] = copy(r, json_read_text(n));
	return (struct ways_names){items, count};
}

/* The place of an id in an order; `id_at` gives the id of an index. */
typedef const char *id_at(const struct ways *ways, uint32_t index);

static const char *
segment_id(const struct ways *ways, uint32_t i)
{
	return ways->segments[i].id;
}

static const char *
exit_id(const struct ways *ways, uint32_t i)
{
	return ways->exits[i].session;
}

static const char *
port_id(const struct ways *ways, uint32_t i)
{
	return ways->ports[i].id;
}

/* `order` NULL: the rows are in order themselves. UINT32_MAX: it is not there. */
static uint32_t
find(const struct ways *ways, const uint32_t *order, size_t count, id_at *id, const char *wanted)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint32_t at = order ? order[middle] : (uint32_t)middle;
		int sign = strcmp(id(ways, at), wanted);
		if (sign == 0)
			return at;
		if (sign < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return UINT32_MAX;
}

/* Indices in the order of ids, by merging. NULL and the reading failed when an id is there twice. */
static uint32_t *
order_of(struct reader *r, size_t count, id_at *id)
{
	uint32_t *order = take(r, count, sizeof(*order)), *other = take(r, count, sizeof(*other));
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
			wrong(r, "an id is there twice");
	return order;
}

static struct ways_steps
steps_of(struct reader *r, const struct json_value *array)
{
	size_t count = count_of(r, array), i = 0;
	uint32_t *items = take(r, count, sizeof(*items));
	if (!items || r->error)
		return (struct ways_steps){0};
	for (const struct json_value *n = json_read_first(array); n; n = n->next) {
		const char *id = json_read_text(n);
		items[i] = id ? find(r->out, r->by_segment, r->out->segment_count, segment_id, id)
			      : UINT32_MAX;
		if (items[i++] == UINT32_MAX)
			wrong(r, "a way names a segment that is not there");
	}
	return (struct ways_steps){items, count};
}

static void
read_segments(struct reader *r, const struct json_value *root)
{
	const struct json_value *array = json_read_get(root, "segments");
	size_t count = count_of(r, array), i = 0;
	struct ways_segment *segments = take(r, count, sizeof(*segments));
	for (const struct json_value *v = json_read_first(array); v && !r->error; v = v->next) {
		struct ways_segment *s = &segments[i++];
		*s = (struct ways_segment){
			.id = id_of(r, v, "id"),
			.length_m = number_of(r, v, "length_m"),
			.latency_us = number_of(r, v, "latency_us"),
			.estimated = json_read_is_true(json_read_get(v, "estimated")),
		};
		for (int class = 0; class < WAYS_CLASSES; class ++)
			s->crosses[class] = names_of(r, v, class_names[class]);
	}
	r->out->segments = segments;
	r->out->segment_count = i;
	r->by_segment = r->error ? NULL : order_of(r, i, segment_id);
}

static void
read_ports(struct reader *r, const struct json_value *root)
{
	const struct json_value *array = json_read_get(root, "ports");
	size_t count = count_of(r, array), i = 0;
	struct ways_port *ports = take(r, count, sizeof(*ports));
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
			wrong(r, "ports are not in order");
		i++;
	}
	r->out->ports = ports;
	r->out->port_count = i;
}

static void
read_exits(struct reader *r, const struct json_value *root)
{
	const struct json_value *array = json_read_get(root, "exits");
	size_t count = count_of(r, array), i = 0;
	struct ways_exit *exits = take(r, count, sizeof(*exits));
	for (const struct json_value *v = json_read_first(array); v && !r->error; v = v->next) {
		exits[i] = (struct ways_exit){
			.session = id_of(r, v, "session"),
			.port = ways_port_of(r->out, id_of(r, v, "port")),
			.ipv4 = json_read_is_true(json_read_get(v, "ipv4")),
			.ipv6 = json_read_is_true(json_read_get(v, "ipv6")),
		};
		if (exits[i++].port == UINT32_MAX)
			wrong(r, "an exit names a port that is not there");
	}
	r->out->exits = exits;
	r->out->exit_count = i;
	r->by_exit = r->error ? NULL : order_of(r, i, exit_id);
}

static int
compare_ways(const struct ways_way *w, const char *site, struct asn asn, uint32_t exit)
{
	int sign = strcmp(w->site, site);
	if (sign)
		return sign;
	if (w->asn.number != asn.number)
		return w->asn.number < asn.number ? -1 : 1;
	return w->exit < exit ? -1 : w->exit > exit;
}

static void
read_ways(struct reader *r, const struct json_value *root)
{
	const struct json_value *array = json_read_get(root, "ways");
	size_t count = count_of(r, array), i = 0;
	struct ways_way *ways = take(r, count, sizeof(*ways));
	for (const struct json_value *v = json_read_first(array); v && !r->error; v = v->next) {
		const struct json_value *steps = json_read_get(v, "segments");
		struct ways_way *w = &ways[i];
		*w = (struct ways_way){
			.site = id_of(r, v, "site"),
			.asn.number = number_of(r, v, "asn"),
			.exit = find(r->out, r->by_exit, r->out->exit_count, exit_id,
				     id_of(r, v, "to")),
			.closed = steps && steps->type == JSON_NULL,
		};
		if (!w->closed)
			w->steps = steps_of(r, steps);
		if (w->exit == UINT32_MAX)
			wrong(r, "a way names an exit that is not there");
		if (i && compare_ways(&ways[i - 1], w->site, w->asn, w->exit) >= 0)
			wrong(r, "ways are not in order");
		i++;
	}
	r->out->ways = ways;
	r->out->way_count = i;
}

static void
read_promises(struct reader *r, const struct json_value *root)
{
	const struct json_value *array = json_read_get(root, "promises");
	size_t count = count_of(r, array), i = 0;
	struct ways_promise *promises = take(r, count, sizeof(*promises));
	for (const struct json_value *v = json_read_first(array); v && !r->error; v = v->next) {
		promises[i] =
			(struct ways_promise){{number_of(r, v, "asn")}, names_of(r, v, "avoid")};
		if (i && promises[i - 1].asn.number >= promises[i].asn.number)
			wrong(r, "promises are not in order");
		i++;
	}
	r->out->promises = promises;
	r->out->promise_count = i;
}

int
ways_read(struct ways *out, struct arena *arena, const void *json, size_t length,
	  const char **error)
{
	struct ways ways = {0};
	struct reader r = {.arena = arena, .out = &ways};
	const struct json_value *root =
		length <= WAYS_LENGTH_MAX ? json_read(arena, json, length) : NULL;
	if (!root || number_of(&r, root, "ways_version") != 1)
		wrong(&r, "these are no ways");
	ways.from = moment_of(&r, root, "from");
	ways.until = moment_of(&r, root, "until");
	ways.why = text_of(&r, root, "why");
	if (ways.until.s < ways.from.s)
		wrong(&r, "it ends before it begins");
	if (!r.error)
		read_segments(&r, root);
	if (!r.error)
		read_ports(&r, root);
	if (!r.error)
		read_exits(&r, root);
	if (!r.error)
		read_ways(&r, root);
	if (!r.error)
		read_promises(&r, root);
	*error = r.error;
	if (r.error)
		return -1;
	*out = ways;
	return 0;
}

/* --- looking up --- */

uint32_t
ways_port_of(const struct ways *ways, const char *id)
{
	return find(ways, NULL, ways->port_count, port_id, id);
}

static const struct ways_way *
way_at(const struct ways *ways, const char *site, struct asn asn, uint32_t exit)
{
	size_t low = 0, high = ways->way_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int sign = compare_ways(&ways->ways[middle], site, asn, exit);
		if (sign == 0)
			return &ways->ways[middle];
		if (sign < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* A member with ways of its own at that site has no others: what is not among them is closed to it. */
static bool
has_own(const struct ways *ways, const char *site, struct asn asn)
{
	size_t low = 0, high = ways->way_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_ways(&ways->ways[middle], site, asn, 0) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ways->way_count && strcmp(ways->ways[low].site, site) == 0 &&
	       ways->ways[low].asn.number == asn.number;
}

const struct ways_way *
ways_way_of(const struct ways *ways, const char *site, struct asn asn, uint32_t exit)
{
	return way_at(ways, site, has_own(ways, site, asn) ? asn : (struct asn){0}, exit);
}

const struct ways_promise *
ways_promise_of(const struct ways *ways, struct asn asn)
{
	for (size_t i = 0; i < ways->promise_count; i++)
		if (ways->promises[i].asn.number == asn.number)
			return &ways->promises[i];
	return NULL;
}
