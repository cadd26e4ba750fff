/* What the watch is shown of the meter. */
#include "meter/meter_state.h"

struct watch *
meter_watch(struct meter *m)
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
meter_let_watch_bin(struct meter *m, const struct bin *bin, const struct traffic_batch *batch)
{
	if (!m->watching)
		return;
	for (const struct tally_entry *e = tally_first(&bin->unknown); e;
	     e = tally_next(&bin->unknown, e))
		watch_unknown_mac(m->watch, mac_of_number(e->key & 0xffffffffffff),
				  m->roster.exporters[e->key >> 48 & 0x7fff].id, e->octets, batch);
	watch_bin(m->watch, batch);
}
