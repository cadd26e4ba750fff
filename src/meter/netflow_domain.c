/* Domains of an exporter: what they sent, and what their sequence numbers say. */
#include <stdlib.h>

#include "meter/netflow_state.h"

struct netflow_state *
netflow_state_new(struct sequence_drops *drops)
{
	struct netflow_state *state = calloc(1, sizeof(*state));
	if (!state)
		return NULL;
	state->drops = drops;
	state->templates = templates_new();
	if (state->templates)
		return state;
	free(state);
	return NULL;
}

void
netflow_state_free(struct netflow_state *state)
{
	if (!state)
		return;
	for (size_t i = 0; i < state->domain_count; i++)
		free(state->domains[i]);
	templates_free(state->templates);
	free(state->held_octets);
	free(state);
}

/* Lost units as records, where they are messages: by the mean of those that had flows. */
static uint64_t
to_records(const struct netflow_domain *d, uint64_t units)
{
	if (d->numbering.rule != NUMBERING_MESSAGES)
		return units;
	return d->flow_datagrams ? (units * d->flows + d->flow_datagrams / 2) / d->flow_datagrams
				 : 0;
}

static struct domain_sums
sums_of(const struct netflow_domain *d)
{
	uint64_t lost = d->told.lost;
	return (struct domain_sums){
		.received = d->records,
		.lost = to_records(d, lost),
		.lost_here = to_records(d, d->told.here < lost ? d->told.here : lost),
		.restarts = d->told.restarts,
		.repeated = d->guard.refused,
	};
}

static void
add_domain(struct netflow_totals *t, const struct netflow_domain *d)
{
	struct domain_sums sums = sums_of(d);
	t->records += sums.received;
	t->lost_records += sums.lost;
	t->restarts += sums.restarts;
	t->repeated += sums.repeated;
	if (d->numbering.rule == NUMBERING_MESSAGES)
		t->lost_datagrams += d->told.lost;
}

struct netflow_totals
netflow_totals(const struct netflow_state *state)
{
	struct netflow_totals t = state->past;
	for (size_t i = 0; i < state->domain_count; i++)
		add_domain(&t, state->domains[i]);
	t.dropped_sets = state->dropped_sets;
	t.domains = state->domain_count;
	t.templates = templates_count(state->templates);
	t.held_sets = state->held_count;
	return t;
}

size_t
netflow_state_size(const struct netflow_state *state)
{
	return sizeof(*state) + state->domain_count * sizeof(*state->domains[0]) +
	       templates_size(state->templates) + (state->held_octets ? NETFLOW_HELD_OCTETS : 0);
}

size_t
netflow_state_bound(void)
{
	return sizeof(struct netflow_state) + NETFLOW_DOMAINS_MAX * sizeof(struct netflow_domain) +
	       templates_bound() + NETFLOW_HELD_OCTETS;
}

static enum numbering_rule
standard_rule(uint16_t version)
{
	return version == 9 ? NUMBERING_MESSAGES : NUMBERING_RECORDS;
}

static enum exporter_protocol
protocol_of(const struct netflow_domain *d)
{
	return d->version == 5   ? EXPORTER_NETFLOW5
	       : d->version == 9 ? EXPORTER_NETFLOW9
				 : EXPORTER_IPFIX;
}

size_t
netflow_rates(const struct netflow_state *state, struct exporter_rate *out, size_t max)
{
	static const uint8_t scopes[] = {
		[SAMPLER_ALL] = RATE_ALL,
		[SAMPLER_NUMBER] = RATE_SAMPLER,
		[SAMPLER_INTERFACE] = RATE_INTERFACE,
	};
	size_t count = 0;
	for (size_t i = 0; i < state->domain_count; i++) {
		const struct netflow_domain *d = state->domains[i];
		for (size_t k = 0; k < d->sampler_count; k++, count++)
			if (count < max)
				out[count] = (struct exporter_rate){
					.protocol = (uint8_t)protocol_of(d),
					.scope = scopes[d->samplers[k].kind],
					.used = RATE_ANNOUNCED,
					.domain = d->id,
					.id = d->samplers[k].id,
					.announced = d->samplers[k].sampling,
				};
	}
	return count;
}

size_t
netflow_domains(const struct netflow_state *state, struct exporter_domain *out, size_t max)
{
	for (size_t i = 0; i < state->domain_count && i < max; i++) {
		const struct netflow_domain *d = state->domains[i];
		enum numbering_rule rule = d->numbering.rule;
		out[i] = (struct exporter_domain){
			.protocol = (uint8_t)protocol_of(d),
			.number = d->id,
			.estimated = rule == NUMBERING_MESSAGES,
			.total = sums_of(d),
		};
		out[i].since = domain_sums_since(out[i].total, d->reported);
		if (rule != standard_rule(d->version))
			out[i].quirk = numbering_rule_text(rule);
	}
	return state->domain_count;
}

void
netflow_domains_taken(struct netflow_state *state)
{
	for (size_t i = 0; i < state->domain_count; i++) {
		struct netflow_domain *d = state->domains[i];
		d->reported = domain_sums_taken(sums_of(d), d->reported);
	}
}

struct netflow_domain *
netflow_domain_of(struct netflow_state *state, uint16_t version, uint32_t id, int64_t now_s)
{
	size_t oldest = 0;
	for (size_t i = 0; i < state->domain_count; i++) {
		struct netflow_domain *d = state->domains[i];
		if (d->id == id && d->version == version) {
			if (i) {
				state->domains[i] = state->domains[i - 1];
				state->domains[i - 1] = d;
			}
			d->used_s = now_s;
			return d;
		}
		if (d->used_s < state->domains[oldest]->used_s)
			oldest = i;
	}
	bool full = state->domain_count == NETFLOW_DOMAINS_MAX;
	if (full && state->domains[oldest]->used_s + NETFLOW_DOMAIN_IDLE_S > now_s)
		return NULL;
	struct netflow_domain *made = full ? state->domains[oldest] : malloc(sizeof(*made));
	if (!made)
		return NULL;
	if (full)
		add_domain(&state->past, made);
	else
		state->domains[state->domain_count++] = made;
	if (made == state->together.space)
		state->together = (struct netflow_together){0};
	bool together = version == 10 && state->together.space;
	*made = (struct netflow_domain){
		.version = version,
		.id = id,
		.used_s = now_s,
		.empty = -1,
		.numbering.rule = together ? NUMBERING_TOGETHER : standard_rule(version),
	};
	return made;
}

/* --- order --- */

/* The exporter's uptime went back while its time of day went on: it has begun anew. */
static bool
began_anew(const struct netflow_domain *d, const struct netflow_order *o, int64_t newer_ms)
{
	enum { CLOCKS_MS = 1000, LATE_MS = 60000 };
	int64_t back_ms = (int32_t)(d->uptime_ms - o->uptime_ms);
	return (back_ms > CLOCKS_MS && newer_ms > CLOCKS_MS) ||
	       (back_ms > LATE_MS && newer_ms >= 0);
}

bool
netflow_order_take(struct netflow_reader *r, struct netflow_order o)
{
	struct netflow_domain *d = r->domain;
	int64_t newer_ms = 0;
	if (d->clock_known)
		newer_ms = (int64_t)(int32_t)(o.wall_s - d->wall_s) * 1000;
	const struct sequence *sequence = &netflow_space(r)->sequence;
	int32_t ahead = (int32_t)(r->sequence - sequence->next);
	/* Where a message's own flows are in its number, it must be greater. */
	bool after = d->numbering.rule == NUMBERING_FLOWS_AFTER;
	struct guarded message = {
		.identity = sequence_identity(o.message),
		.newer_ms = newer_ms,
		/* After templates alone the number is the same again. */
		.in_order = ahead == 0 && !after && r->sequence != d->empty,
		.behind = sequence->known && (ahead < 0 || (ahead == 0 && after)),
	};
	if (r->state->drops)
		sequence_drops_age(r->state->drops, r->now_s);
	if (!sequence_guard_take(&d->guard, message))
		return false;
	if (o.has_uptime && d->clock_known && began_anew(d, &o, newer_ms)) {
		sequence_restart(&d->sequence);
		for (int i = 0; i < NUMBERING_RULES; i++)
			if (d->numbering.score[i])
				sequence_restart(&d->rivals[i]);
		sequence_guard_restart(&d->guard);
	}
	/* Where the number goes on so does the clock, whatever was done to it. */
	if (!d->clock_known || newer_ms >= 0 || message.in_order || d->guard.mixed) {
		d->wall_s = o.wall_s;
		d->uptime_ms = o.uptime_ms;
	}
	d->clock_known = true;
	d->messages++;
	r->newer_ms = newer_ms;
	return true;
}

/* How many of `units` that are missing our socket dropped. */
static uint64_t
dropped_here(const struct netflow_reader *r, uint64_t units)
{
	const struct netflow_domain *d = r->domain;
	uint64_t mean = 1;
	if (!r->state->drops || !r->state->drops->left)
		return 0;
	if (d->numbering.rule != NUMBERING_MESSAGES && d->flow_datagrams && d->flows)
		mean = (d->flows + d->flow_datagrams / 2) / d->flow_datagrams;
	uint64_t datagrams = (units + mean - 1) / mean;
	uint64_t ours = sequence_drops_use(r->state->drops, datagrams);
	return ours == datagrams ? units : ours * mean;
}

/* --- numbers --- */

struct netflow_domain *
netflow_space(const struct netflow_reader *r)
{
	struct netflow_domain *space = r->state->together.space;
	return space && r->domain->version == 10 ? space : r->domain;
}

/* Domains are numbered otherwise: nothing was lost by the rule before. */
static void
relearn(struct netflow_domain *d)
{
	sequence_relearn(&d->sequence);
	d->here = 0;
	d->told = (struct netflow_told){.restarts = d->told.restarts};
	d->sequence.restarts = d->told.restarts;
	d->reported.lost = d->reported.lost_here = 0;
}

/* From here on all domains are numbered together, or each by itself again. */
static void
change_space(struct netflow_state *state, struct netflow_domain *space)
{
	state->together.space = space;
	state->together.score = 0;
	for (size_t i = 0; i < state->domain_count; i++) {
		struct netflow_domain *d = state->domains[i];
		if (d->version != 10)
			continue;
		relearn(d);
		d->numbering =
			(struct numbering){.rule = space ? NUMBERING_TOGETHER : standard_rule(10)};
	}
}

static void
learn_together(struct netflow_reader *r)
{
	enum { CONVINCED = 3 };
	struct netflow_domain *d = r->domain;
	struct netflow_together *t = &r->state->together;
	if (d->version != 10 || (!t->space && d->numbering.rule != NUMBERING_RECORDS))
		return;
	if (t->known && t->last != d->id && d->own_known) {
		bool own = r->sequence == d->own_next, all = r->sequence == t->next;
		if (t->space ? all : own)
			t->score = 0;
		else if ((t->space ? own : all) && ++t->score == CONVINCED)
			change_space(r->state, t->space ? NULL : d);
	}
	d->own_known = t->known = !r->uncounted;
	d->own_next = t->next = r->sequence + r->records;
	t->last = d->id;
}

/* By a rule. Returns the change of what is lost. */
static int64_t
take_units(const struct netflow_reader *r, struct sequence *sequence, enum numbering_rule rule)
{
	struct numbered message = {r->sequence, r->records, r->flows};
	struct sequence_step step = {.newer_ms = r->newer_ms};
	if (rule == NUMBERING_NONE)
		return 0;
	step.first = numbering_units(rule, message, &step.count);
	return sequence_take(sequence, step, (struct utc_s){r->now_s});
}

/* Of rules that may take the place of the one in force the numbers are kept from the first message on
 * that spoke for them, upon what was beyond doubt then. */
static void
take_rivals(const struct netflow_reader *r, struct netflow_domain *d, struct numbering before)
{
	for (int i = 0; i < NUMBERING_RULES; i++) {
		struct sequence *rival = &d->rivals[i];
		if (!d->numbering.score[i])
			continue;
		if (!before.score[i]) {
			*rival = d->sequence;
			sequence_relearn(rival);
			rival->lost_before = d->told.lost;
			rival->restarts = d->told.restarts;
		}
		(void)take_units(r, rival, (enum numbering_rule)i);
	}
}

/* Another rule is followed, if the message speaks for it: by that all is counted that was in doubt. */
static void
learn(struct netflow_reader *r)
{
	struct netflow_domain *d = r->domain;
	struct numbering before = d->numbering;
	if (before.rule == NUMBERING_TOGETHER)
		return;
	if (numbering_learn(&d->numbering, (struct numbered){r->sequence, r->records, r->flows})) {
		d->sequence = d->rivals[d->numbering.rule];
		d->here = d->told.here;
	}
	take_rivals(r, d, before);
}

/* What is in doubt is not told until it is beyond it. */
static void
tell(const struct netflow_state *state, struct netflow_domain *space)
{
	bool in_doubt = numbering_in_doubt(&space->numbering) ||
			(space->version == 10 && state->together.score);
	if (!in_doubt)
		space->told = (struct netflow_told){
			.lost = sequence_lost(&space->sequence),
			.here = space->here,
			.restarts = space->sequence.restarts,
		};
}

void
netflow_sequence_fill(struct netflow_reader *r, uint32_t count, bool options)
{
	struct netflow_domain *space = netflow_space(r);
	for (int i = 0; i < NUMBERING_RULES; i++) {
		bool in_force = i == (int)r->domain->numbering.rule;
		bool numbered = options ? i == NUMBERING_RECORDS || i == NUMBERING_TOGETHER
					: i != NUMBERING_MESSAGES;
		if (numbered && in_force)
			sequence_fill(&space->sequence, count);
		else if (numbered && space->numbering.score[i])
			sequence_fill(&space->rivals[i], count);
	}
}

void
netflow_sequence_take(struct netflow_reader *r)
{
	enum { LATE = 100000 };
	assert(r->domain);
	struct netflow_domain *d = r->domain;
	learn_together(r);
	struct netflow_domain *space = netflow_space(r);
	learn(r);
	uint32_t restarts = space->sequence.restarts;
	int64_t change = take_units(r, &space->sequence, d->numbering.rule);
	if (space->sequence.restarts != restarts) {
		sequence_guard_restart(&d->guard);
		d->empty = r->sequence;
	}
	if (change > 0)
		space->here += dropped_here(r, (uint64_t)change);
	tell(r->state, space);
	/* Unless this one is a little late. */
	if (!r->records && (d->empty < 0 || (uint32_t)d->empty - r->sequence > LATE))
		d->empty = r->sequence;
	if (r->flows) {
		d->flows += r->flows;
		d->flow_datagrams++;
	}
	/* What could not be counted is missing by the next number, until it can be. */
	if (r->uncounted)
		numbering_forget(&d->numbering);
}
