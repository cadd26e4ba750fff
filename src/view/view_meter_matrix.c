/* The matrix: who sends how much to whom, by member, family, country and network. */
#include <stdlib.h>
#include <string.h>

#include "meter/tally.h"
#include "view/view_meter_parts.h"
#include "view/view_text.h"

enum { SUMS_MAX = 1 << 22, NO_MEMBER = 0xfffff };

/* Sums by member of what the batch has by port. Members are indices, NO_MEMBER for a port that is
 * not in the picture any more. */
struct sums {
	const struct hub *hub;
	const struct traffic_batch *batch;
	uint32_t *member; /* of each port */
	struct tally pairs, networks;
};

static uint64_t
pair_key(uint32_t from, uint32_t to, uint8_t family)
{
	return 1ull << 63 | (uint64_t)from << 23 | (uint64_t)to << 3 | (family & 7);
}

/* Member 18 bits, direction, country 10 bits (26 * 26), AS number. */
static uint64_t
network_key(uint32_t member, const struct traffic_origin *o)
{
	uint64_t country = 0;
	if (o->country[0] != '-')
		country =
			(uint64_t)(o->country[0] - 'A') * 26 + (uint64_t)(o->country[1] - 'A') + 1;
	return 1ull << 63 | (uint64_t)(member & NO_MEMBER) << 43 | (uint64_t)o->outgoing << 42 |
	       country << 32 | o->asn.number;
}

static void
sums_fini(struct sums *s)
{
	free(s->member);
	tally_fini(&s->pairs);
	tally_fini(&s->networks);
}

static int
sums_init(struct sums *s, const struct hub *hub, const struct traffic_batch *batch)
{
	*s = (struct sums){.hub = hub, .batch = batch};
	tally_init(&s->pairs, SUMS_MAX);
	tally_init(&s->networks, SUMS_MAX);
	s->member = malloc((batch->port_count + 1) * sizeof(*s->member));
	if (!s->member)
		return -1;
	for (size_t i = 0; i < batch->port_count; i++) {
		uint32_t port = hub_port_by_id(hub, batch->ports[i].port);
		s->member[i] = port == HUB_NONE ? NO_MEMBER : hub->ports[port].member;
	}
	for (size_t i = 0; i < batch->pair_count; i++) {
		const struct traffic_pair *p = &batch->pairs[i];
		if (!tally_add(&s->pairs, pair_key(s->member[p->from], s->member[p->to], p->family),
			       p->octets, p->packets))
			return -1;
	}
	for (size_t i = 0; i < batch->origin_count; i++) {
		const struct traffic_origin *o = &batch->origins[i];
		if (!tally_add(&s->networks, network_key(s->member[o->port], o), o->octets, 0))
			return -1;
	}
	return 0;
}

static int
by_octets(const void *a, const void *b)
{
	const struct tally_entry *x = a, *y = b;
	if (x->octets != y->octets)
		return x->octets > y->octets ? -1 : 1;
	return x->key < y->key ? -1 : x->key > y->key;
}

/* The largest first; to be freed. NULL without memory. */
static struct tally_entry *
sorted(const struct tally *t)
{
	struct tally_entry *list = malloc((t->count + 1) * sizeof(*list));
	size_t n = 0;
	for (const struct tally_entry *e = tally_first(t); list && e; e = tally_next(t, e))
		list[n++] = *e;
	if (list)
		qsort(list, n, sizeof(*list), by_octets);
	return list;
}

static const struct hub_member *
member_at(const struct hub *hub, uint64_t key, unsigned shift)
{
	uint32_t index = (uint32_t)(key >> shift & NO_MEMBER);
	return index == NO_MEMBER ? NULL : &hub->members[index];
}

static const char *
family_name(uint64_t key)
{
	switch (key & 7) {
	case IP_V4:
		return "ipv4";
	case IP_V6:
		return "ipv6";
	default:
		return "other";
	}
}

static void
member_json(struct json *j, const char *asn_key, const char *name_key,
	    const struct hub_member *member)
{
	if (member)
		json_u64(j, asn_key, member->asn.number);
	else
		json_null(j, asn_key);
	json_str(j, name_key, member ? member->name : NULL);
}

static void
pairs_json(struct json *j, const struct sums *s, const struct tally_entry *pairs, size_t limit)
{
	json_array(j, "pairs");
	for (size_t i = 0; i < s->pairs.count && i < limit; i++) {
		json_object(j, NULL);
		member_json(j, "from_asn", "from", member_at(s->hub, pairs[i].key, 23));
		member_json(j, "to_asn", "to", member_at(s->hub, pairs[i].key, 3));
		json_str(j, "family", family_name(pairs[i].key));
		json_u64(j, "octets", pairs[i].octets);
		json_u64(j, "bps", view_meter_bps(pairs[i].octets, s->batch->covered_s));
		json_u64(j, "packets", pairs[i].packets);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
countries_json(struct json *j, const struct traffic_batch *batch)
{
	json_array(j, "countries");
	for (size_t i = 0; i < batch->country_count; i++) {
		const struct traffic_country *c = &batch->countries[i];
		char from[3] = {c->from[0], c->from[1]}, to[3] = {c->to[0], c->to[1]};
		json_object(j, NULL);
		json_str(j, "from", from[0] == '-' ? NULL : from);
		json_str(j, "to", to[0] == '-' ? NULL : to);
		json_u64(j, "octets", c->octets);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
networks_json(struct json *j, const struct sums *s, const struct tally_entry *networks,
	      size_t limit)
{
	json_array(j, "networks");
	for (size_t i = 0; i < s->networks.count && i < limit; i++) {
		uint64_t key = networks[i].key;
		const struct hub_member *member = member_at(s->hub, key, 43);
		unsigned code = key >> 32 & 0x3ff;
		char country[3] = {0};
		if (code) {
			country[0] = (char)('A' + (code - 1) / 26);
			country[1] = (char)('A' + (code - 1) % 26);
		}
		json_object(j, NULL);
		if (key & UINT32_MAX)
			json_u64(j, "asn", key & UINT32_MAX);
		else
			json_null(j, "asn");
		json_str(j, "country", code ? country : NULL);
		json_str(j, "direction", key >> 42 & 1 ? "out" : "in");
		if (member)
			json_u64(j, "member_asn", member->asn.number);
		else
			json_null(j, "member_asn");
		json_u64(j, "octets", networks[i].octets);
		json_object_end(j);
	}
	json_array_end(j);
}

/* Of all pairs, also those that `limit` leaves out. */
static void
totals_json(struct json *j, const struct sums *s)
{
	uint64_t octets[3] = {0};
	for (const struct tally_entry *e = tally_first(&s->pairs); e; e = tally_next(&s->pairs, e))
		octets[(e->key & 7) == IP_V4 ? 0 : (e->key & 7) == IP_V6 ? 1 : 2] += e->octets;
	json_u64(j, "pair_count", s->pairs.count);
	json_object(j, "octets");
	json_u64(j, "ipv4", octets[0]);
	json_u64(j, "ipv6", octets[1]);
	json_u64(j, "other", octets[2]);
	json_object_end(j);
}

static int
matrix_json(struct buf *out, const struct sums *s, const struct tally_entry *pairs, size_t limit)
{
	struct tally_entry *networks = sorted(&s->networks);
	if (!networks)
		return -1;
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_utc(&j, "start", s->batch->start);
	json_u64(&j, "length_s", s->batch->length_s);
	json_u64(&j, "covered_s", s->batch->covered_s);
	json_u64(&j, "ports", s->batch->port_count);
	totals_json(&j, s);
	pairs_json(&j, s, pairs, limit);
	countries_json(&j, s->batch);
	networks_json(&j, s, networks, limit);
	json_bool(&j, "simulated", s->batch->simulated);
	json_object_end(&j);
	buf_str(out, "\n");
	free(networks);
	return 0;
}

static const char *
name_of(const struct hub_member *member)
{
	return member ? member->name : "(not in the hub file)";
}

static void
matrix_text(struct buf *out, const struct sums *s, const struct tally_entry *pairs, size_t limit)
{
	char when[CLOCK_TEXT];
	buf_printf(out, "bin %s, %u of %u s%s\n", utc_format(when, s->batch->start),
		   s->batch->covered_s, s->batch->length_s,
		   s->batch->simulated ? " (simulated)" : "");
	buf_str(out, "from                        to                          family"
		     "          rate\n");
	size_t shown = limit < s->pairs.count ? limit : s->pairs.count;
	for (size_t i = 0; i < shown; i++) {
		char rate[VIEW_RATE_TEXT];
		view_cell(out, name_of(member_at(s->hub, pairs[i].key, 23)), 27);
		buf_str(out, " ");
		view_cell(out, name_of(member_at(s->hub, pairs[i].key, 3)), 27);
		buf_str(out, " ");
		view_cell(out, family_name(pairs[i].key), 6);
		view_cell(out,
			  view_rate(rate, view_meter_bps(pairs[i].octets, s->batch->covered_s)),
			  -14);
		view_end_line(out);
	}
	if (shown < s->pairs.count)
		buf_printf(out, "and %zu smaller ones: show matrix limit %zu\n",
			   s->pairs.count - shown, s->pairs.count);
}

static void
matrix_csv(struct buf *out, const struct sums *s, const struct tally_entry *pairs, size_t limit)
{
	buf_str(out, "from_asn,from,to_asn,to,family,octets,packets\r\n");
	for (size_t i = 0; i < s->pairs.count && i < limit; i++) {
		const struct hub_member *from = member_at(s->hub, pairs[i].key, 23);
		const struct hub_member *to = member_at(s->hub, pairs[i].key, 3);
		buf_printf(out, "%u,", from ? from->asn.number : 0);
		view_csv_field(out, from ? from->name : "");
		buf_printf(out, ",%u,", to ? to->asn.number : 0);
		view_csv_field(out, to ? to->name : "");
		buf_printf(out, ",%s,%llu,%llu\r\n", family_name(pairs[i].key),
			   (unsigned long long)pairs[i].octets,
			   (unsigned long long)pairs[i].packets);
	}
}

/* The last closed bin; before there is one, the open bin. */
static int
choose(struct traffic_batch *out, const struct view_meter *view, struct arena *arena)
{
	const struct traffic_batch *last = meter_last(view->meter);
	if (!last)
		return meter_now(view->meter, view->now, arena, out);
	*out = *last;
	return 0;
}

int
view_meter_matrix(struct buf *out, const struct view_meter *view, enum view_meter_form form,
		  size_t limit)
{
	struct traffic_batch batch;
	struct sums sums = {0};
	struct tally_entry *pairs = NULL;
	struct arena *arena = arena_new();
	int result = arena ? choose(&batch, view, arena) : -1;
	if (result == 0)
		result = sums_init(&sums, meter_hub(view->meter), &batch);
	if (result == 0)
		pairs = sorted(&sums.pairs);
	if (!pairs)
		result = -1;
	else if (form == VIEW_METER_JSON)
		result = matrix_json(out, &sums, pairs, limit);
	else if (form == VIEW_METER_CSV)
		matrix_csv(out, &sums, pairs, limit);
	else
		matrix_text(out, &sums, pairs, limit);
	free(pairs);
	sums_fini(&sums);
	arena_free(arena);
	return result;
}
