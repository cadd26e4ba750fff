/* Measured traffic laid on the segments that contracts name. */
#include "corridor/corridor_load.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	BELIEVABLE_S = 60,   /* an open interval that covers less says too little */
	STALE_INTERVALS = 3, /* older than that is not "now" */
};

/* What one port carries, as the exchange sees it. */
struct rate {
	bool known;
	uint64_t in_bps, out_bps;
};

/* Where one contract runs: for each of its segments whether it is travelled from a to b. */
struct run {
	const struct hub_contract *contract;
	bool *forward;
};

static uint64_t
bits_per_second(uint64_t octets, uint32_t seconds)
{
	/* Whole seconds' worth first, so that eight times the octets cannot overflow. */
	return octets / seconds * 8 + octets % seconds * 8 / seconds;
}

/* By counters where they cover at least half of what was listened to, else by samples. */
static struct rate
rate_of(const struct traffic_port *port, uint32_t covered_s)
{
	if (port->state == TRAFFIC_MISSING || covered_s == 0)
		return (struct rate){0};
	if (port->counter_covered_s && port->counter_covered_s >= covered_s / 2)
		return (struct rate){true,
				     bits_per_second(port->counter_in, port->counter_covered_s),
				     bits_per_second(port->counter_out, port->counter_covered_s)};
	return (struct rate){true, bits_per_second(port->flow_in, covered_s),
			     bits_per_second(port->flow_out, covered_s)};
}

/* The hub's port of that id, looked for from `hint` on: a batch made from this hub has its ports in
 * the same order. */
static size_t
port_of(const struct hub *hub, const char *id, size_t hint)
{
	for (size_t i = 0; i < hub->port_count; i++) {
		size_t at = (hint + i) % hub->port_count;
		if (strcmp(hub->ports[at].id, id) == 0)
			return at;
	}
	return hub->port_count;
}

/* Rates by the hub's port index. A batch may name ports that the hub no longer has: they count in
 * the sum of all, and in the place after the last, which nobody reads. */
static struct rate *
rates_of(const struct hub *hub, const struct traffic_batch *batch, struct corridor_load *load)
{
	struct rate *rates = calloc(hub->port_count + 1, sizeof(*rates));
	if (!rates || !batch)
		return rates;
	size_t at = hub->port_count;
	for (size_t i = 0; i < batch->port_count; i++) {
		struct rate r = rate_of(&batch->ports[i], batch->covered_s);
		load->in_bps += r.in_bps;
		load->out_bps += r.out_bps;
		at = port_of(hub, batch->ports[i].port, at + 1);
		rates[at] = r;
	}
	return rates;
}

static bool
has_port_at(const struct hub *hub, const struct hub_contract *c, uint32_t site)
{
	for (size_t i = 0; i < c->port_count; i++) {
		if (hub->ports[c->ports[i]].site == site)
			return true;
	}
	return false;
}

/* The site that the list of segments starts from: the end of the first that the second does not
 * share. Where that does not tell (one segment, two side by side, a gap), the end with the member's
 * port, else end a. */
static uint32_t
first_site(const struct hub *hub, const struct hub_contract *c)
{
	const struct hub_segment *first = &hub->segments[c->segments[0]];
	bool a_shared = false, b_shared = false;
	if (c->segment_count > 1) {
		const struct hub_segment *second = &hub->segments[c->segments[1]];
		a_shared = first->a == second->a || first->a == second->b;
		b_shared = first->b == second->a || first->b == second->b;
	}
	if (a_shared != b_shared)
		return a_shared ? first->b : first->a;
	return has_port_at(hub, c, first->b) && !has_port_at(hub, c, first->a) ? first->b
									       : first->a;
}

/* Follows the list from site to site. Where it has a gap, the piece after the gap is taken to start
 * at its end a. */
static void
orient(struct run *run, const struct hub *hub)
{
	const struct hub_contract *c = run->contract;
	uint32_t at = first_site(hub, c);
	for (size_t i = 0; i < c->segment_count; i++) {
		const struct hub_segment *s = &hub->segments[c->segments[i]];
		run->forward[i] = s->b != at;
		at = run->forward[i] ? s->b : s->a;
	}
}

/* True if an earlier contract, or this one earlier in its list, has laid the port there already. */
static bool
laid_before(const struct run *runs, size_t count, size_t place, uint32_t port)
{
	const struct hub_contract *last = runs[count].contract;
	uint32_t segment = last->segments[place];
	for (size_t i = 0; i < place; i++) {
		if (last->segments[i] == segment)
			return true;
	}
	for (size_t r = 0; r < count; r++) {
		const struct hub_contract *c = runs[r].contract;
		bool same_segment = false, same_port = false;
		for (size_t i = 0; i < c->segment_count; i++)
			same_segment |= c->segments[i] == segment;
		for (size_t i = 0; i < c->port_count; i++)
			same_port |= c->ports[i] == port;
		if (same_segment && same_port)
			return true;
	}
	return false;
}

/* Lays the ports of the last run on its segments. On one that is out nothing can run, whatever the
 * contract says: where it runs instead is not known here. */
static void
lay(struct corridor_load *load, const struct hub *hub, const struct run *runs, size_t last,
    const struct rate *rates)
{
	const struct hub_contract *c = runs[last].contract;
	for (size_t i = 0; i < c->segment_count; i++) {
		struct corridor_segment_load *s = &load->segments[c->segments[i]];
		s->named = true;
		if (!hub->segments[c->segments[i]].usable)
			continue;
		for (size_t p = 0; p < c->port_count; p++) {
			if (laid_before(runs, last, i, c->ports[p]))
				continue;
			const struct rate *r = &rates[c->ports[p]];
			s->ports++;
			s->ports_missing += !r->known;
			s->ab_bps += runs[last].forward[i] ? r->in_bps : r->out_bps;
			s->ba_bps += runs[last].forward[i] ? r->out_bps : r->in_bps;
		}
	}
}

static int
lay_all(struct corridor_load *load, const struct hub *hub, const struct rate *rates,
	struct utc_s at)
{
	struct run *runs = calloc(hub->contract_count + 1, sizeof(*runs));
	size_t count = 0;
	int result = -1;
	if (!runs)
		return -1;
	for (size_t i = 0; i < hub->contract_count; i++) {
		const struct hub_contract *c = &hub->contracts[i];
		if (c->segment_count == 0 || !corridor_contract_in_force(c, at))
			continue;
		struct run *run = &runs[count];
		run->contract = c;
		run->forward = calloc(c->segment_count, sizeof(*run->forward));
		if (!run->forward)
			goto done;
		orient(run, hub);
		lay(load, hub, runs, count++, rates);
	}
	result = 0;
done:
	for (size_t i = 0; i < count; i++)
		free(runs[i].forward);
	free(runs);
	return result;
}

const struct traffic_batch *
corridor_load_choose(const struct traffic_batch *closed, const struct traffic_batch *before,
		     const struct traffic_batch *open, struct utc_s now)
{
	const struct traffic_batch *chosen = closed;
	if (before && before->covered_s >= BELIEVABLE_S &&
	    (!closed || before->start.s > closed->start.s))
		chosen = before;
	if (open && open->covered_s >= BELIEVABLE_S &&
	    (!chosen || open->start.s >= chosen->start.s))
		chosen = open;
	if (!chosen)
		return NULL;
	int64_t age_s = now.s - (chosen->start.s + chosen->length_s);
	return age_s > STALE_INTERVALS * (int64_t)chosen->length_s ? NULL : chosen;
}

/* lit, else as designed, in bit/s; 0 when unknown. */
static uint64_t
capacity_bps(const struct hub_segment *segment)
{
	double tbps = segment->lit_tbps > 0 ? segment->lit_tbps : segment->design_tbps;
	/* NAN compares false; the top is far beyond any cable and far below 2^64. */
	return tbps > 0 && tbps < 1e6 ? (uint64_t)llround(tbps * 1e12) : 0;
}

struct corridor_load *
corridor_load_new(const struct hub *hub, const struct traffic_batch *batch, struct utc_s now)
{
	assert(hub);
	struct corridor_load *load = calloc(1, sizeof(*load));
	struct rate *rates = NULL;
	if (!load)
		return NULL;
	load->start = batch ? batch->start : now;
	load->length_s = batch ? batch->length_s : 0;
	load->covered_s = batch ? batch->covered_s : 0;
	load->simulated = batch && batch->simulated;
	load->segment_count = hub->segment_count;
	load->segments = calloc(hub->segment_count + 1, sizeof(*load->segments));
	rates = rates_of(hub, batch, load);
	if (!load->segments || !rates || lay_all(load, hub, rates, load->start) < 0) {
		corridor_load_free(load);
		load = NULL;
		goto done;
	}
	for (size_t i = 0; i < hub->segment_count; i++)
		load->segments[i].capacity_bps = capacity_bps(&hub->segments[i]);
done:
	free(rates);
	return load;
}

bool
corridor_load_member(const struct hub *hub, const struct traffic_batch *batch, uint32_t member,
		     uint64_t *in_bps, uint64_t *out_bps)
{
	assert(hub && batch && in_bps && out_bps);
	bool known = false;
	size_t at = hub->port_count;
	*in_bps = *out_bps = 0;
	for (size_t i = 0; i < batch->port_count; i++) {
		at = port_of(hub, batch->ports[i].port, at + 1);
		if (at == hub->port_count || hub->ports[at].member != member)
			continue;
		struct rate r = rate_of(&batch->ports[i], batch->covered_s);
		*in_bps += r.in_bps;
		*out_bps += r.out_bps;
		known |= r.known;
	}
	return known;
}

void
corridor_load_free(struct corridor_load *load)
{
	if (!load)
		return;
	free(load->segments);
	free(load);
}

bool
corridor_load_known(const struct corridor_segment_load *load)
{
	return load->ports > load->ports_missing;
}

uint64_t
corridor_load_bps(const struct corridor_segment_load *load)
{
	return load->ab_bps > load->ba_bps ? load->ab_bps : load->ba_bps;
}

double
corridor_load_utilisation(const struct corridor_segment_load *load)
{
	if (!corridor_load_known(load) || load->capacity_bps == 0)
		return NAN;
	return (double)corridor_load_bps(load) / (double)load->capacity_bps;
}

bool
corridor_contract_in_force(const struct hub_contract *contract, struct utc_s at)
{
	return at.s >= contract->starts.s && (contract->ends.s == 0 || at.s < contract->ends.s);
}
