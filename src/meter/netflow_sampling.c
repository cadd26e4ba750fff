/* Sampling rates that exporters announce in options, or say in a record. */
#include <math.h>
#include <string.h>

#include "meter/netflow_state.h"

static double
probability(const struct record *r)
{
	double value;
	memcpy(&value, &r->number[FIELD_SAMPLING_PROBABILITY], sizeof(value)); /* IEEE 754 */
	return value;
}

bool
netflow_rate(struct sampling *out, const struct record *r)
{
	static const uint64_t words = 1ull << FIELD_PACKET_INTERVAL | 1ull << FIELD_SAMPLING_SIZE |
				      1ull << FIELD_SAMPLING_PROBABILITY |
				      1ull << FIELD_SAMPLING_INTERVAL;
	uint64_t population = 0, size = 1;
	if (!(r->has & words))
		return false;
	if (record_has(r, FIELD_PACKET_INTERVAL) && record_has(r, FIELD_PACKET_SPACE)) {
		size = r->number[FIELD_PACKET_INTERVAL];
		population = size + r->number[FIELD_PACKET_SPACE];
	} else if (record_has(r, FIELD_SAMPLING_SIZE) && record_has(r, FIELD_SAMPLING_POPULATION)) {
		size = r->number[FIELD_SAMPLING_SIZE];
		population = r->number[FIELD_SAMPLING_POPULATION];
	} else if (record_has(r, FIELD_SAMPLING_PROBABILITY)) {
		double p = probability(r), one_in = p > 0 && p <= 1 ? 1 / p : 0;
		population = one_in < UINT32_MAX ? (uint64_t)llround(one_in) : 0;
	} else if (record_has(r, FIELD_SAMPLING_INTERVAL)) {
		population = r->number[FIELD_SAMPLING_INTERVAL];
	} else {
		/* A packet interval (305) without its space says how many packets are taken in a
		 * row, not out of how many: no rate follows from it (RFC 5477 section 8.2). But 0
		 * is senseless anyhow. */
		*out = (struct sampling){0};
		return record_has(r, FIELD_PACKET_INTERVAL) && !r->number[FIELD_PACKET_INTERVAL];
	}
	bool sound = size && population >= size && population <= UINT32_MAX;
	*out = sound ? (struct sampling){(uint32_t)population, (uint32_t)size}
		     : (struct sampling){0};
	return true;
}

static bool
same_rate(struct sampling a, struct sampling b)
{
	return a.population == b.population && a.size == b.size;
}

void
netflow_samplers_settle(struct netflow_domain *d)
{
	d->sampler_kinds = 0;
	d->one_rate = d->sampler_count > 0;
	for (size_t i = 0; i < d->sampler_count; i++) {
		d->sampler_kinds |= 1u << d->samplers[i].kind;
		d->one_rate &= same_rate(d->samplers[i].sampling, d->samplers[0].sampling);
	}
}

void
netflow_sampler_learn(struct netflow_reader *r, const struct record *w)
{
	struct sampling sampling;
	if (!netflow_rate(&sampling, w))
		return;
	if (!sampling.population) {
		r->refused[FLOW_BAD_SAMPLING]++; /* the last good one stays */
		return;
	}
	struct sampler s = {.kind = SAMPLER_ALL, .sampling = sampling};
	if (record_has(w, FIELD_SAMPLER)) {
		s.kind = SAMPLER_NUMBER;
		s.id = w->number[FIELD_SAMPLER];
	} else if (record_has(w, FIELD_SCOPE_INTERFACE)) {
		s.kind = SAMPLER_INTERFACE;
		s.id = w->number[FIELD_SCOPE_INTERFACE];
	}
	struct netflow_domain *d = r->domain;
	size_t at = 0;
	while (at < d->sampler_count &&
	       (d->samplers[at].kind != s.kind || d->samplers[at].id != s.id))
		at++;
	if (at == NETFLOW_SAMPLERS_MAX) {
		r->refused[FLOW_BAD_SAMPLING]++;
		return;
	}
	d->samplers[at] = s;
	if (at == d->sampler_count)
		d->sampler_count++;
	netflow_samplers_settle(d);
}

static const struct sampler *
sampler_by(const struct netflow_domain *d, enum sampler_kind kind, uint64_t id)
{
	for (size_t i = 0; i < d->sampler_count; i++)
		if (d->samplers[i].kind == kind && d->samplers[i].id == id)
			return &d->samplers[i];
	return NULL;
}

struct sampling
netflow_announced(const struct netflow_domain *d, const struct record *r, uint32_t input)
{
	const struct sampler *s = NULL;
	bool numbered = record_has(r, FIELD_SAMPLER);
	if (numbered)
		s = sampler_by(d, SAMPLER_NUMBER, r->number[FIELD_SAMPLER]);
	if (!s && input && d->sampler_kinds & 1u << SAMPLER_INTERFACE)
		s = sampler_by(d, SAMPLER_INTERFACE, input);
	if (!s && d->sampler_kinds & 1u << SAMPLER_ALL)
		s = sampler_by(d, SAMPLER_ALL, 0);
	if (s)
		return s->sampling;
	/* A number that was not announced yet; some exporters send 0 and mean the only one. */
	if (numbered && r->number[FIELD_SAMPLER])
		return (struct sampling){0};
	return d->one_rate ? d->samplers[0].sampling : (struct sampling){0};
}
