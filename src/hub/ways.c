/* The ways through the corridor as JSON, and looking them up. Reading is in ways_read.c. */
#include "hub/ways.h"

#include <string.h>

#include "hub/ways_parts.h"

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

void
ways_segment_write(struct json *j, const struct ways_segment *s)
{
	json_object(j, NULL);
	json_str(j, "id", s->id);
	json_u64(j, "length_m", s->length_m);
	json_u64(j, "latency_us", s->latency_us);
	json_bool(j, "estimated", s->estimated);
	for (int class = 0; class < WAYS_CLASSES; class ++)
		write_names(j, class_names[class], &s->crosses[class]);
	json_object_end(j);
}

void
ways_port_write(struct json *j, const struct ways *ways, const struct ways_port *p)
{
	json_object(j, NULL);
	json_str(j, "id", p->id);
	json_u64(j, "asn", p->asn.number);
	json_str(j, "site", p->site);
	json_str(j, "country", p->country);
	if (p->has_contract)
		write_steps(j, "bought", ways, &p->bought);
	json_object_end(j);
}

void
ways_exit_write(struct json *j, const struct ways *ways, const struct ways_exit *e)
{
	json_object(j, NULL);
	json_str(j, "session", e->session);
	json_str(j, "port", ways->ports[e->port].id);
	json_bool(j, "ipv4", e->ipv4);
	json_bool(j, "ipv6", e->ipv6);
	json_object_end(j);
}

void
ways_way_write(struct json *j, const struct ways *ways, const struct ways_way *w)
{
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

void
ways_promise_write(struct json *j, const struct ways_promise *p)
{
	json_object(j, NULL);
	json_u64(j, "asn", p->asn.number);
	write_names(j, "avoid", &p->countries);
	json_object_end(j);
}

/* All but times and words. */
static void
write_tables(struct json *j, const struct ways *ways)
{
	json_array(j, "segments");
	for (size_t i = 0; i < ways->segment_count; i++)
		ways_segment_write(j, &ways->segments[i]);
	json_array_end(j);
	json_array(j, "ports");
	for (size_t i = 0; i < ways->port_count; i++)
		ways_port_write(j, ways, &ways->ports[i]);
	json_array_end(j);
	json_array(j, "exits");
	for (size_t i = 0; i < ways->exit_count; i++)
		ways_exit_write(j, ways, &ways->exits[i]);
	json_array_end(j);
	json_array(j, "ways");
	for (size_t i = 0; i < ways->way_count; i++)
		ways_way_write(j, ways, &ways->ways[i]);
	json_array_end(j);
	json_array(j, "promises");
	for (size_t i = 0; i < ways->promise_count; i++)
		ways_promise_write(j, &ways->promises[i]);
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

/* --- looking up --- */

const char *
ways_segment_id(const struct ways *ways, uint32_t i)
{
	return ways->segments[i].id;
}

const char *
ways_exit_id(const struct ways *ways, uint32_t i)
{
	return ways->exits[i].session;
}

const char *
ways_port_id(const struct ways *ways, uint32_t i)
{
	return ways->ports[i].id;
}

uint32_t
ways_find(const struct ways *ways, const uint32_t *order, size_t count, ways_id_at *id,
	  const char *wanted)
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

int
ways_compare(const struct ways_way *w, const char *site, struct asn asn, uint32_t exit)
{
	int sign = strcmp(w->site, site);
	if (sign)
		return sign;
	if (w->asn.number != asn.number)
		return w->asn.number < asn.number ? -1 : 1;
	return w->exit < exit ? -1 : w->exit > exit;
}

uint32_t
ways_port_of(const struct ways *ways, const char *id)
{
	return ways_find(ways, NULL, ways->port_count, ways_port_id, id);
}

static const struct ways_way *
way_at(const struct ways *ways, const char *site, struct asn asn, uint32_t exit)
{
	size_t low = 0, high = ways->way_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int sign = ways_compare(&ways->ways[middle], site, asn, exit);
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
		if (ways_compare(&ways->ways[middle], site, asn, 0) < 0)
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
