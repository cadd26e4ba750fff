/* The ways in force, out of the plan of exits and the hub's contracts. */
#include "corridor/corridor_record.h"

#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_load.h"
#include "corridor/corridor_steer.h"
#include "hub/hub_check.h"

struct maker {
	struct arena *arena;
	const struct corridor_plan *plan;
	const struct hub *hub;
	const struct steer_plan *steer;
	struct utc_s now;
	struct ways *out;
	uint32_t *place; /* of each segment of the hub in out->segments, plus 1; 0: not used */
	uint32_t *port;  /* of each port of the hub in out->ports */
	struct ways_segment *segments;
	bool no_memory;
};

static void *
take(struct maker *m, size_t count, size_t size)
{
	void *taken = arena_take(m->arena, (count + 1) * size);
	m->no_memory |= !taken;
	return taken;
}

/* --- segments --- */

static struct ways_names
names_of(struct maker *m, enum corridor_class class, uint32_t segment)
{
	const struct corridor_relation *r = &m->plan->classes[class];
	size_t first = r->first[segment], count = r->first[segment + 1] - first;
	const char **items = take(m, count, sizeof(*items));
	for (size_t i = 0; items && i < count; i++)
		items[i] = r->names[r->of[first + i]];
	return (struct ways_names){items, items ? count : 0};
}

/* Where it runs is as sure as the row that says so. */
static bool
is_estimated(const struct hub_segment *segment)
{
	struct hub_basis basis = {0};
	hub_fill_basis(&basis, segment->confidence_text, segment->source);
	return basis.confidence != HUB_SEEN && basis.confidence != HUB_DERIVED;
}

/* The place of a segment of the hub in the record: it is put there when it is first met. */
static uint32_t
segment_of(struct maker *m, uint32_t segment)
{
	const struct hub_segment *s = &m->hub->segments[segment];
	if (m->place[segment])
		return m->place[segment] - 1;
	uint32_t at = (uint32_t)m->out->segment_count++;
	m->segments[at] = (struct ways_segment){
		.id = s->id,
		.length_m = m->plan->segments[segment].length_cm / 100,
		.latency_us = corridor_steer_latency_us(m->plan, &segment, 1),
		.estimated = is_estimated(s),
		.crosses = {[WAYS_COUNTRIES] = names_of(m, CORRIDOR_COUNTRIES, segment),
			    [WAYS_CABLES] = names_of(m, CORRIDOR_CABLES, segment),
			    [WAYS_RISKS] = names_of(m, CORRIDOR_RISKS, segment)},
	};
	m->place[segment] = at + 1;
	return at;
}

/* --- ports --- */

/* The first contract in force that says where the port's traffic runs; NULL: none, or not all of that is
 * there. */
static const struct hub_contract *
contract_of(const struct maker *m, uint32_t port)
{
	for (size_t i = 0; i < m->hub->contract_count; i++) {
		const struct hub_contract *c = &m->hub->contracts[i];
		bool has = false, whole = true;
		for (size_t p = 0; p < c->port_count; p++)
			has |= c->ports[p] == port;
		if (!has || !c->segment_count || !corridor_contract_in_force(c, m->now))
			continue;
		for (size_t s = 0; s < c->segment_count; s++)
			whole &= m->plan->segments[c->segments[s]].there;
		return whole ? c : NULL;
	}
	return NULL;
}

static struct ways_port
port_of(struct maker *m, uint32_t index)
{
	const struct hub_port *p = &m->hub->ports[index];
	const struct hub_site *site = p->site == HUB_NONE ? NULL : &m->hub->sites[p->site];
	const struct hub_contract *contract = contract_of(m, index);
	size_t count = contract ? contract->segment_count : 0;
	uint32_t *bought = take(m, count, sizeof(*bought));
	for (size_t i = 0; bought && i < count; i++)
		bought[i] = segment_of(m, contract->segments[i]);
	return (struct ways_port){
		.id = p->id,
		.asn = m->hub->members[p->member].asn,
		.site = site ? site->id : "",
		.country = site ? site->country.code : "",
		.has_contract = contract != NULL,
		.bought = {bought, bought ? count : 0},
	};
}

struct named {
	const char *id;
	uint32_t index;
};

static int
by_id(const void *a, const void *b)
{
	return strcmp(((const struct named *)a)->id, ((const struct named *)b)->id);
}

static void
take_ports(struct maker *m)
{
	size_t count = m->hub->port_count;
	struct named *order = take(m, count, sizeof(*order));
	struct ways_port *ports = take(m, count, sizeof(*ports));
	m->port = take(m, count, sizeof(*m->port));
	if (m->no_memory)
		return;
	for (uint32_t i = 0; i < count; i++)
		order[i] = (struct named){m->hub->ports[i].id, i};
	qsort(order, count, sizeof(*order), by_id);
	for (uint32_t i = 0; i < count; i++) {
		ports[i] = port_of(m, order[i].index);
		m->port[order[i].index] = i;
	}
	m->out->ports = ports;
	m->out->port_count = count;
}

/* --- exits and ways --- */

/* Of each exit of the plan its place in the record; UINT32_MAX: the hub no longer has that session. */
static uint32_t *
take_exits(struct maker *m)
{
	size_t count = m->steer->exit_count;
	struct ways_exit *exits = take(m, count, sizeof(*exits));
	uint32_t *place = take(m, count, sizeof(*place));
	if (m->no_memory)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		uint32_t session = hub_session_by_id(m->hub, m->steer->exits[i].session);
		place[i] = UINT32_MAX;
		if (session == HUB_NONE)
			continue;
		const struct hub_session *s = &m->hub->sessions[session];
		place[i] = (uint32_t)m->out->exit_count;
		exits[m->out->exit_count++] =
			(struct ways_exit){s->id, m->port[s->port], s->ipv4, s->ipv6};
	}
	m->out->exits = exits;
	return place;
}

/* Of each segment that the plan names its index in the hub; HUB_NONE: it is not there any more. */
static uint32_t *
plan_segments(struct maker *m)
{
	uint32_t *index = take(m, m->steer->segment_count, sizeof(*index));
	for (size_t i = 0; index && i < m->steer->segment_count; i++)
		index[i] = hub_segment_by_id(m->hub, m->steer->segments[i]);
	return index;
}

static struct ways_way
way_of(struct maker *m, const struct steer_ingress *ingress, const struct steer_choice *choice,
       const uint32_t *index)
{
	struct ways_way way = {.site = m->steer->sites[ingress->site],
			       .asn = ingress->member,
			       .closed = choice->flags & STEER_CLOSED};
	uint32_t *steps = take(m, choice->step_count, sizeof(*steps));
	for (uint32_t i = 0; steps && !way.closed && i < choice->step_count; i++) {
		uint32_t segment = index[m->steer->steps[choice->first_step + i]];
		way.closed = segment == HUB_NONE;
		if (!way.closed)
			steps[way.steps.count++] = segment_of(m, segment);
	}
	if (way.closed)
		way.steps.count = 0;
	way.steps.items = steps;
	return way;
}

static int
by_place(const void *a, const void *b)
{
	const struct ways_way *x = a, *y = b;
	int sign = strcmp(x->site, y->site);
	if (sign)
		return sign;
	if (x->asn.number != y->asn.number)
		return x->asn.number < y->asn.number ? -1 : 1;
	return x->exit < y->exit ? -1 : x->exit > y->exit;
}

static void
take_ways(struct maker *m)
{
	const uint32_t *exits = take_exits(m), *index = plan_segments(m);
	struct ways_way *ways =
		take(m, m->steer->choice_count + m->steer->ingress_count, sizeof(*ways));
	size_t count = 0;
	for (size_t i = 0; !m->no_memory && i < m->steer->ingress_count; i++) {
		const struct steer_ingress *ingress = &m->steer->ingresses[i];
		size_t before = count;
		for (uint32_t k = 0; k < ingress->choice_count; k++) {
			const struct steer_choice *c =
				&m->steer->choices[ingress->first_choice + k];
			if (exits[c->exit] == UINT32_MAX)
				continue;
			ways[count] = way_of(m, ingress, c, index);
			ways[count++].exit = exits[c->exit];
		}
		/* One that may go nowhere is still one of its own. */
		if (count == before && m->out->exit_count)
			ways[count++] = (struct ways_way){.site = m->steer->sites[ingress->site],
							  .asn = ingress->member,
							  .closed = true};
	}
	if (m->no_memory)
		return;
	qsort(ways, count, sizeof(*ways), by_place);
	m->out->ways = ways;
	m->out->way_count = count;
}

/* --- promises --- */

static bool
has_name(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* What the demands of a member avoid, as steering has it. */
static struct ways_names
avoided_by(struct maker *m, uint32_t member)
{
	size_t room = 0, count = 0;
	for (size_t d = 0; d < m->hub->demand_count; d++)
		room += m->hub->demands[d].member == member ? m->hub->demands[d].avoid_count : 0;
	const char **names = room ? take(m, room, sizeof(*names)) : NULL;
	for (size_t d = 0; names && d < m->hub->demand_count; d++) {
		const struct hub_demand *demand = &m->hub->demands[d];
		for (size_t i = 0; demand->member == member && i < demand->avoid_count; i++)
			if (!has_name(names, count, demand->avoid[i].code))
				names[count++] = demand->avoid[i].code;
	}
	return (struct ways_names){names, count};
}

static int
by_member(const void *a, const void *b)
{
	uint32_t x = ((const struct ways_promise *)a)->asn.number;
	uint32_t y = ((const struct ways_promise *)b)->asn.number;
	return x < y ? -1 : x > y;
}

static void
take_promises(struct maker *m)
{
	size_t count = 0;
	struct ways_promise *promises = take(m, m->hub->member_count, sizeof(*promises));
	for (uint32_t i = 0; promises && i < m->hub->member_count; i++) {
		struct ways_names names = avoided_by(m, i);
		if (names.count)
			promises[count++] = (struct ways_promise){m->hub->members[i].asn, names};
	}
	if (m->no_memory)
		return;
	qsort(promises, count, sizeof(*promises), by_member);
	m->out->promises = promises;
	m->out->promise_count = count;
}

int
corridor_record(struct ways *out, struct arena *arena, const struct corridor_plan *plan,
		const struct steer_plan *steer, struct utc_s now)
{
	struct ways ways = {.from = now, .until = now, .why = ""};
	struct maker m = {.arena = arena,
			  .plan = plan,
			  .hub = plan->hub,
			  .steer = steer,
			  .now = now,
			  .out = &ways};
	m.place = take(&m, m.hub->segment_count, sizeof(*m.place));
	m.segments = take(&m, m.hub->segment_count, sizeof(*m.segments));
	if (!m.no_memory)
		take_ports(&m);
	if (!m.no_memory && steer)
		take_ways(&m);
	if (!m.no_memory)
		take_promises(&m);
	ways.segments = m.segments;
	if (m.no_memory || ways_sort(&ways, arena) < 0)
		return -1;
	*out = ways;
	return 0;
}
