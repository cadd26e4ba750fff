/* Traffic by pair, network, country, segment, service, member, port, family, and what stays here. */
#include "view/view_meter_by.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_load.h"
#include "hub/traffic_normal.h"

enum { NOBODY = 0xfffff }; /* a port that is not in the picture any more */

/* Keys of TRAFFIC_WHAT_LOCAL: between members, through transit, and then the causes of the batch. */
enum { KEPT_LOCAL, THROUGH_TRANSIT, UNATTRIBUTED };

/* Keys of TRAFFIC_WHAT_MEMBER_AS: the member above, the network in 32 bits, and between them whether it
 * is the rest of them. */
enum { MEMBER_SHIFT = 33 };
static const uint64_t rest_bit = 1ull << 32;

/* --- rows --- */

static int
by_key(const void *a, const void *b)
{
	const struct view_by_row *x = a, *y = b;
	return x->key < y->key ? -1 : x->key > y->key;
}

static uint64_t
weight(const struct view_by_row *r)
{
	return r->octets_in + r->octets_out;
}

static int
by_weight(const void *a, const void *b)
{
	const struct view_by_row *x = a, *y = b;
	if (x->rest != y->rest)
		return x->rest ? 1 : -1;
	if (weight(x) != weight(y))
		return weight(x) > weight(y) ? -1 : 1;
	return by_key(a, b);
}

void
view_by_settle(struct view_by *by)
{
	size_t used = 0;
	qsort(by->rows, by->count, sizeof(*by->rows), by_key);
	for (size_t i = 0; i < by->count; i++) {
		struct view_by_row *row = &by->rows[i];
		by->sum += weight(row);
		if (!used || by->rows[used - 1].key != row->key) {
			by->rows[used++] = *row;
			continue;
		}
		struct view_by_row *to = &by->rows[used - 1];
		to->flow_in += row->flow_in;
		to->flow_out += row->flow_out;
		to->octets_in += row->octets_in;
		to->octets_out += row->octets_out;
		to->samples += row->samples;
	}
	by->count = used;
	qsort(by->rows, by->count, sizeof(*by->rows), by_weight);
}

static int
make_room(struct view_by *by, size_t rows, struct arena *arena)
{
	by->rows = arena_take(arena, (rows + 1) * sizeof(*by->rows));
	return by->rows ? 0 : -1;
}

static const struct hub_port *
port_at(const struct view_by *by, uint32_t index)
{
	uint32_t port = hub_port_by_id(by->hub, by->batch->ports[index].port);
	return port == HUB_NONE ? NULL : &by->hub->ports[port];
}

static uint64_t
member_at(const struct view_by *by, uint32_t index)
{
	const struct hub_port *port = port_at(by, index);
	return port ? port->member : NOBODY;
}

/* --- what there is between ports --- */

static uint64_t
pair_key(const struct view_by *by, const uint64_t *members, const struct traffic_pair *pair)
{
	if (by->what == TRAFFIC_WHAT_FAMILY)
		return pair->family;
	if (by->what == TRAFFIC_WHAT_PAIR)
		return members[pair->from] << 20 | members[pair->to];
	const struct hub_port *from = port_at(by, pair->from), *to = port_at(by, pair->to);
	bool transit = (from && from->service == HUB_SERVICE_TRANSIT) ||
		       (to && to->service == HUB_SERVICE_TRANSIT);
	return transit ? THROUGH_TRANSIT : KEPT_LOCAL;
}

static int
add_pairs(struct view_by *by, uint32_t member, struct arena *arena)
{
	const struct traffic_batch *b = by->batch;
	struct traffic_normal normal;
	uint64_t *members = arena_take(arena, (b->port_count + 1) * sizeof(*members));
	if (!members || make_room(by, b->pair_count + b->unattributed_count, arena) < 0 ||
	    traffic_normalise(&normal, b, arena) < 0)
		return -1;
	by->fitted = true;
	by->rounds = normal.rounds;
	by->off_ppm = normal.off_ppm;
	for (uint32_t i = 0; i < b->port_count; i++)
		members[i] = member_at(by, i);
	for (size_t i = 0; i < b->pair_count; i++) {
		const struct traffic_pair *pair = &b->pairs[i];
		if (member != HUB_NONE && members[pair->from] != member &&
		    members[pair->to] != member)
			continue;
		by->rows[by->count++] = (struct view_by_row){
			.key = pair_key(by, members, pair),
			.flow_in = pair->octets,
			.octets_in = normal.octets[i],
			.samples = pair->samples,
		};
	}
	bool lost = by->what == TRAFFIC_WHAT_LOCAL && member == HUB_NONE;
	for (size_t i = 0; lost && i < b->unattributed_count; i++) {
		if (traffic_is_seen_twice(&b->unattributed[i]))
			continue;
		by->rows[by->count++] = (struct view_by_row){
			.key = UNATTRIBUTED + i,
			.flow_in = b->unattributed[i].octets,
			.octets_in = b->unattributed[i].octets,
			.samples = b->unattributed[i].samples,
		};
	}
	return 0;
}

/* --- what there is of one port --- */

static uint64_t
port_key(const struct view_by *by, uint32_t index)
{
	if (by->what == TRAFFIC_WHAT_PORT)
		return index;
	if (by->what == TRAFFIC_WHAT_MEMBER)
		return member_at(by, index);
	const struct hub_port *port = port_at(by, index);
	return port ? port->service : NOBODY;
}

static int
add_ports(struct view_by *by, struct arena *arena)
{
	const struct traffic_batch *b = by->batch;
	if (make_room(by, b->port_count, arena) < 0)
		return -1;
	by->two_ways = true;
	for (uint32_t i = 0; i < b->port_count; i++) {
		const struct traffic_port *p = &b->ports[i];
		bool counted = p->state == TRAFFIC_COUNTER;
		by->rows[by->count++] = (struct view_by_row){
			.key = port_key(by, i),
			.flow_in = p->flow_in,
			.flow_out = p->flow_out,
			.octets_in = counted ? p->counter_in : p->flow_in,
			.octets_out = counted ? p->counter_out : p->flow_out,
			.samples = p->samples_in + p->samples_out,
		};
	}
	return 0;
}

/* --- what there is behind ports --- */

static uint64_t
origin_key(const struct view_by *by, const uint64_t *members, const struct traffic_origin *o)
{
	if (by->what == TRAFFIC_WHAT_MEMBER_AS)
		return members[o->port] << MEMBER_SHIFT | o->asn.number;
	if (by->what == TRAFFIC_WHAT_AS)
		return o->asn.number;
	if (by->what == TRAFFIC_WHAT_NEXT_AS)
		return o->next.number;
	return (uint64_t)(uint8_t)o->country[0] << 8 | (uint8_t)o->country[1];
}

static int
add_origins(struct view_by *by, struct arena *arena)
{
	const struct traffic_batch *b = by->batch;
	uint64_t *members = arena_take(arena, (b->port_count + 1) * sizeof(*members));
	if (!members || make_room(by, b->origin_count, arena) < 0)
		return -1;
	by->two_ways = true;
	for (uint32_t i = 0; i < b->port_count; i++)
		members[i] = member_at(by, i);
	for (size_t i = 0; i < b->origin_count; i++) {
		const struct traffic_origin *o = &b->origins[i];
		const struct traffic_port *port = &b->ports[o->port];
		uint64_t octets = traffic_normal(port, o->outgoing, o->octets);
		struct view_by_row *row = &by->rows[by->count++];
		*row = (struct view_by_row){.key = origin_key(by, members, o),
					    .samples = o->samples};
		*(o->outgoing ? &row->flow_out : &row->flow_in) = o->octets;
		*(o->outgoing ? &row->octets_out : &row->octets_in) = octets;
	}
	return 0;
}

/* --- which way it takes --- */

/* A path of a port's; qsort knows no context. */
struct way {
	const struct traffic_path *path;
	uint64_t member;
};

static int
compare_ways(const struct way *x, const struct way *y)
{
	if (x->member != y->member)
		return x->member < y->member ? -1 : 1;
	for (int i = 0; i < TRAFFIC_PATH_HOPS; i++)
		if (x->path->hops[i] != y->path->hops[i])
			return x->path->hops[i] < y->path->hops[i] ? -1 : 1;
	return (int)x->path->cut - (int)y->path->cut;
}

static int
by_way(const void *a, const void *b)
{
	const struct way *x = a, *y = b;
	int order = compare_ways(x, y);
	return order ? order : x->path < y->path ? -1 : x->path > y->path;
}

/* A key is the place of the first path that is alike. */
static int
add_paths(struct view_by *by, struct arena *arena)
{
	const struct traffic_batch *b = by->batch;
	struct way *ways = arena_take(arena, (b->path_count + 1) * sizeof(*ways)), *first = ways;
	uint64_t *members = arena_take(arena, (b->port_count + 1) * sizeof(*members));
	if (!ways || !members || make_room(by, b->path_count, arena) < 0)
		return -1;
	by->two_ways = true;
	for (uint32_t i = 0; i < b->port_count; i++)
		members[i] = member_at(by, i);
	for (size_t i = 0; i < b->path_count; i++)
		ways[i] = (struct way){&b->paths[i], members[b->paths[i].port]};
	qsort(ways, b->path_count, sizeof(*ways), by_way);
	for (struct way *way = ways; way < ways + b->path_count; way++) {
		const struct traffic_path *p = way->path;
		if (compare_ways(first, way) != 0)
			first = way;
		struct view_by_row *row = &by->rows[by->count++];
		*row = (struct view_by_row){.key = (uint64_t)(first->path - b->paths),
					    .samples = p->samples};
		*(p->outgoing ? &row->flow_out : &row->flow_in) = p->octets;
		*(p->outgoing ? &row->octets_out : &row->octets_in) =
			traffic_normal(&b->ports[p->port], p->outgoing, p->octets);
	}
	return 0;
}

/* --- what runs on segments --- */

static uint64_t
octets_of(uint64_t bps, uint32_t seconds)
{
	return (uint64_t)((double)bps / 8 * seconds + 0.5);
}

static int
add_segments(struct view_by *by, struct arena *arena)
{
	const struct traffic_batch *b = by->batch;
	struct corridor_load *load = corridor_load_new(by->hub, b, b->start);
	int result = load ? make_room(by, load->segment_count, arena) : -1;
	by->two_ways = true;
	for (size_t i = 0; result == 0 && i < load->segment_count; i++) {
		const struct corridor_segment_load *s = &load->segments[i];
		uint64_t ab = octets_of(s->ab_bps, b->covered_s),
			 ba = octets_of(s->ba_bps, b->covered_s);
		if (s->named && corridor_load_known(s))
			by->rows[by->count++] = (struct view_by_row){
				.key = i,
				.flow_in = ab,
				.flow_out = ba,
				.octets_in = ab,
				.octets_out = ba,
			};
	}
	corridor_load_free(load);
	return result;
}

uint64_t
view_by_rest_of(uint64_t key)
{
	return (key & ~(uint64_t)UINT32_MAX) | rest_bit;
}

uint32_t
view_by_member_asn(const struct view_by *by, const struct view_by_row *row)
{
	uint64_t member = row->key >> MEMBER_SHIFT;
	return member == NOBODY ? 0 : by->hub->members[member].asn.number;
}

int
view_meter_by(struct view_by *out, enum traffic_what what, const struct hub *hub,
	      const struct traffic_batch *batch, uint32_t member, struct arena *arena)
{
	struct view_by by = {.what = what, .hub = hub, .batch = batch};
	int result;
	switch (what) {
	case TRAFFIC_WHAT_PAIR:
	case TRAFFIC_WHAT_FAMILY:
	case TRAFFIC_WHAT_LOCAL:
		result = add_pairs(&by, member, arena);
		break;
	case TRAFFIC_WHAT_PORT:
	case TRAFFIC_WHAT_MEMBER:
	case TRAFFIC_WHAT_SERVICE:
		result = add_ports(&by, arena);
		break;
	case TRAFFIC_WHAT_SEGMENT:
		result = add_segments(&by, arena);
		break;
	case TRAFFIC_WHAT_PATH:
		result = add_paths(&by, arena);
		break;
	default:
		result = add_origins(&by, arena);
		break;
	}
	if (result < 0)
		return -1;
	view_by_settle(&by);
	*out = by;
	return 0;
}

/* --- names --- */

static void
put_member(char out[200], const struct hub *hub, uint64_t member)
{
	(void)snprintf(out, 200, "%s",
		       member == NOBODY ? "(not in the hub file)" : hub->members[member].name);
}

static void
put_asn(char out[200], const struct hub *hub, uint32_t number)
{
	uint32_t member = hub_member_by_asn(hub, (struct asn){number});
	if (!number)
		(void)snprintf(out, 200, "(no route)");
	else if (member == HUB_NONE)
		(void)snprintf(out, 200, "AS%u", number);
	else
		(void)snprintf(out, 200, "AS%u %.180s", number, hub->members[member].name);
}

/* "AS64512 > 3356 1299 6453 7018 ...". */
static void
put_path(char out[200], const struct view_by *by, const struct traffic_path *p)
{
	uint64_t member = member_at(by, p->port);
	int at = member == NOBODY
			 ? snprintf(out, 200, "(gone) >")
			 : snprintf(out, 200, "AS%u >", by->hub->members[member].asn.number);
	for (int i = 0; i < TRAFFIC_PATH_HOPS && p->hops[i]; i++)
		at += snprintf(out + at, 200 - (size_t)at, " %u", p->hops[i]);
	if (p->cut)
		(void)snprintf(out + at, 200 - (size_t)at, " ...");
	else if (!p->hops[0])
		(void)snprintf(out + at, 200 - (size_t)at, " (no path)");
}

static const char *
local_name(const struct view_by *by, uint64_t key)
{
	if (key == KEPT_LOCAL)
		return "between members here";
	if (key == THROUGH_TRANSIT)
		return "to and from transit";
	return by->batch->unattributed[key - UNATTRIBUTED].cause;
}

struct view_by_name
view_meter_by_name(const struct view_by *by, const struct view_by_row *row)
{
	struct view_by_name n = {{0}, {0}};
	const char *text = NULL;
	switch (by->what) {
	case TRAFFIC_WHAT_PAIR:
		put_member(n.text, by->hub, row->key >> 20);
		put_member(n.to, by->hub, row->key & NOBODY);
		break;
	case TRAFFIC_WHAT_MEMBER_AS:
		put_member(n.text, by->hub, row->key >> MEMBER_SHIFT);
		if (row->rest)
			(void)snprintf(n.to, sizeof(n.to), "(smaller networks)");
		else
			put_asn(n.to, by->hub, (uint32_t)row->key);
		break;
	case TRAFFIC_WHAT_AS:
	case TRAFFIC_WHAT_NEXT_AS:
		put_asn(n.text, by->hub, (uint32_t)row->key);
		break;
	case TRAFFIC_WHAT_COUNTRY:
		if (row->key == ('-' << 8 | '-'))
			text = "(not known)";
		else
			(void)snprintf(n.text, sizeof(n.text), "%c%c", (char)(row->key >> 8),
				       (char)row->key);
		break;
	case TRAFFIC_WHAT_MEMBER:
		put_member(n.text, by->hub, row->key);
		break;
	case TRAFFIC_WHAT_SEGMENT:
		text = by->hub->segments[row->key].id;
		break;
	case TRAFFIC_WHAT_SERVICE:
		text = row->key == NOBODY ? "(not in the hub file)"
					  : hub_service_name((enum hub_service)row->key);
		break;
	case TRAFFIC_WHAT_LOCAL:
		text = local_name(by, row->key);
		break;
	case TRAFFIC_WHAT_PORT:
		text = by->batch->ports[row->key].port;
		break;
	case TRAFFIC_WHAT_PATH:
		put_path(n.text, by, &by->batch->paths[row->key]);
		break;
	default:
		text = row->key == IP_V4 ? "ipv4" : row->key == IP_V6 ? "ipv6" : "other";
		break;
	}
	if (text)
		(void)snprintf(n.text, sizeof(n.text), "%s", text);
	return n;
}

struct view_by_heads
view_meter_by_heads(enum traffic_what what)
{
	switch (what) {
	case TRAFFIC_WHAT_PAIR:
		return (struct view_by_heads){"from", "to"};
	case TRAFFIC_WHAT_MEMBER_AS:
		return (struct view_by_heads){"member", "name"};
	default:
		return (struct view_by_heads){"name", NULL};
	}
}
