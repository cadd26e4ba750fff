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
	struct attribution_stranger list[WATCH_STRANGERS];
	if (!m->watching)
		return;
	size_t count =
		attribution_strangers_list(&m->unknown, batch->start.s, list, WATCH_STRANGERS);
	for (size_t i = 0; i < count; i++) {
		const struct attribution_stranger *a = &list[i];
		struct watch_stranger seen = {
			.mac = a->mac,
			.exporter = m->roster.exporters[a->exporter].id,
			.vlan = a->vlan,
			.if_index = a->if_index,
			.octets = a->octets_sent + a->octets_received,
			.first_seen = {a->first_s},
		};
		watch_unknown_mac(m->watch, &seen, batch);
	}
	watch_bin(m->watch, batch);
}
