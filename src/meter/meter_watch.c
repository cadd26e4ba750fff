/* What the watch is shown of the meter. */
#include "meter/meter_state.h"

struct watch *
meter_watch(const struct meter *m)
{
	return m->watch;
}

void
meter_set_watching(struct meter *m, bool watching)
{
	m->watching = watching;
}

struct watch_intake *
meter_intake(struct meter *m)
{
	return &m->intake;
}

const struct roster *
meter_roster(const struct meter *m)
{
	return &m->roster;
}

void
meter_let_watch(struct meter *m, struct utc_s now)
{
	if (now.s == m->watched.s || !m->watching)
		return;
	m->watched = now;
	watch_take(m->watch, &m->intake, now);
	for (size_t i = 0; i < m->roster.exporter_count; i++)
		if (m->roster.exporters[i].hub_exporter != HUB_NONE)
			watch_exporter(m->watch, m->roster.exporters[i].id,
				       m->exporters[i].last_heard, now);
}

void
meter_let_watch_bin(struct meter *m, const struct traffic_batch *batch)
{
	if (!m->watching)
		return;
	for (size_t i = 0; m->unknown.list && i < ATTRIBUTION_UNKNOWN_MAX; i++) {
		struct attribution_stranger *s = &m->unknown.list[i];
		uint64_t octets = s->octets_sent + s->octets_received;
		if (s->last_s && octets > s->octets_watched)
			watch_unknown_mac(m->watch, s->mac, m->roster.exporters[s->exporter].id,
					  octets - s->octets_watched, batch);
		s->octets_watched = octets;
	}
	watch_bin(m->watch, batch);
}
