/* Domains of an exporter: what they sent, and what their sequence numbers say. */
#include <stdlib.h>

#include "meter/netflow_state.h"

struct netflow_state *
netflow_state_new(void)
{
	struct netflow_state *state = calloc(1, sizeof(*state));
	if (!state)
		return NULL;
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

static void
add_domain(struct netflow_totals *t, const struct netflow_domain *d)
{
	t->records += d->records;
	t->restarts += d->sequence.restarts;
	t->repeated += d->sequence.repeated;
	if (d->numbering.rule != NUMBERING_MESSAGES) {
		t->lost_records += d->sequence.lost;
		return;
	}
	t->lost_datagrams += d->sequence.lost;
	if (d->flow_datagrams)
		t->lost_records +=
			(d->sequence.lost * d->flows + d->flow_datagrams / 2) / d->flow_datagrams;
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
	*made = (struct netflow_domain){
		.version = version,
		.id = id,
		.used_s = now_s,
		.numbering.rule = version == 9 ? NUMBERING_MESSAGES : NUMBERING_RECORDS,
	};
	return made;
}

void
netflow_domain_uptime(struct netflow_domain *d, uint32_t uptime_ms)
{
	if (d->uptime_ms > uptime_ms && d->uptime_ms - uptime_ms > 60000)
		sequence_restart(&d->sequence);
	d->uptime_ms = uptime_ms;
}

void
netflow_sequence_take(struct netflow_reader *r)
{
	assert(r->domain);
	struct netflow_domain *d = r->domain;
	struct numbered message = {r->sequence, r->records, r->flows};
	uint32_t count;
	if (numbering_learn(&d->numbering, message))
		d->sequence = (struct sequence){.restarts = d->sequence.restarts};
	uint32_t first = numbering_units(&d->numbering, message, &count);
	(void)sequence_take(&d->sequence, first, count, (struct utc_s){r->now_s});
	if (r->flows) {
		d->flows += r->flows;
		d->flow_datagrams++;
	}
	if (!r->uncounted)
		return;
	numbering_forget(&d->numbering);
	if (d->numbering.rule != NUMBERING_MESSAGES)
		sequence_forget(&d->sequence);
}
