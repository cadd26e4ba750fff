/* Whose counters of a port are believed, and whether others say the same. A bill rests on one of them: where
 * another one, which counts the same octets, says something else, one of the two is wrong. */
#include "meter/meter_state.h"

/* Below this a polling moment or a keepalive is a large part of it all. */
enum { LEAST_BPS = 1000000 };

static enum traffic_source
source_of(enum hub_counters who)
{
	static const enum traffic_source sources[] = {
		[HUB_COUNTERS_SFLOW] = TRAFFIC_BY_SFLOW,
		[HUB_COUNTERS_SNMP] = TRAFFIC_BY_SNMP,
		[HUB_COUNTERS_PUSH] = TRAFFIC_BY_PUSH,
	};
	return sources[who];
}

void
meter_trust_sources(struct meter *m)
{
	const struct hub_metering *all = &m->hub->metering;
	for (uint32_t i = 0; i < m->roster.slot_count; i++) {
		uint32_t hub_port = m->roster.ports[m->roster.slots[i].port].hub_port;
		if (!m->roster.slots[i].current || hub_port == HUB_NONE)
			continue;
		const struct hub_port *p = &m->hub->ports[hub_port];
		size_t count = p->counters_count ? p->counters_count : all->counters_count;
		const enum hub_counters *list = p->counters_count ? p->counters : all->counters;
		enum traffic_source order[COUNTER_SOURCES];
		for (size_t k = 0; k < count; k++)
			order[k] = source_of(list[k]);
		counters_trust(m->counters, i, order, count);
	}
}

/* The worst of a port's interfaces. */
static bool
compare(const struct meter *m, uint32_t port, struct utc_s start, struct counter_difference *out)
{
	bool found = false;
	for (uint32_t i = m->roster.ports[port].slots; i != HUB_NONE; i = m->roster.slots[i].next) {
		struct counter_difference d;
		if (!m->roster.slots[i].current || !counters_compare(m->counters, i, start, &d))
			continue;
		if (d.own_bps < LEAST_BPS && d.other_bps < LEAST_BPS)
			d.ppm = 0;
		if (!found || d.ppm > out->ppm)
			*out = d;
		found = true;
	}
	return found;
}

/* As of ratios of flows and counters: so many bins in a row raise the alarm, and so many end it. */
static void
judge(struct meter *m, uint32_t port, struct utc_s now)
{
	const struct hub_metering *band = &m->hub->metering;
	struct meter_trust *t = &m->trust[port];
	uint32_t limit_ppm = band->differ_percent * 100;
	bool apart = limit_ppm && t->newest.ppm > limit_ppm;
	if (apart == t->past.alarm)
		t->past.bins = 0;
	else if (++t->past.bins >= band->ratio_bins) {
		t->past.alarm = apart;
		t->past.bins = 0;
	}
	watch_sources(m->watch, m->roster.ports[port].id,
		      &(struct watch_sources){&t->newest, limit_ppm, t->past.alarm}, now);
}

void
meter_judge_sources(struct meter *m, struct utc_s start)
{
	struct utc_s now = {start.s + m->length_s};
	for (uint32_t i = 0; i < m->roster.port_count; i++) {
		struct meter_trust *t = &m->trust[i];
		if (m->roster.ports[i].hub_port == HUB_NONE)
			continue;
		t->known = compare(m, i, start, &t->newest);
		if (t->known && m->watching && m->hub->metering.ratio_bins)
			judge(m, i, now);
	}
}

bool
meter_port_difference(const struct meter *m, uint32_t hub_port, struct counter_difference *out)
{
	for (size_t i = 0; i < m->roster.port_count; i++) {
		if (m->roster.ports[i].hub_port != hub_port || !m->trust[i].known)
			continue;
		*out = m->trust[i].newest;
		return true;
	}
	return false;
}
