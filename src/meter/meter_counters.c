/* Counters on their way in: which port a report is about, and whether it is of its time. */
#include "meter/meter_counters.h"

#include <stdlib.h>
#include <string.h>

#include "meter/meter_state.h"

enum { AHEAD_MAX_S = 60 };

static uint32_t
exporter_number(const struct meter *m, uint32_t hub_exporter)
{
	for (uint32_t i = 0; i < m->roster.exporter_count; i++)
		if (m->roster.exporters[i].hub_exporter == hub_exporter)
			return i;
	return HUB_NONE;
}

static uint32_t
slot_of_port(const struct meter *m, uint32_t hub_port)
{
	for (uint32_t i = 0; i < m->roster.port_count; i++)
		if (m->roster.ports[i].hub_port == hub_port)
			return roster_slot_of(&m->roster, i);
	return HUB_NONE;
}

/* NULL and the slot, or why there is none. */
static const char *
find_slot(const struct meter *m, const struct counter_report *r, uint32_t *slot)
{
	uint32_t port = HUB_NONE;
	if (r->port[0]) {
		port = hub_port_by_id(m->hub, r->port);
		if (port == HUB_NONE)
			return "there is no port of this id";
		*slot = slot_of_port(m, port);
		return *slot == HUB_NONE ? "the port has left the hub file" : NULL;
	}
	uint32_t exporter = hub_exporter_by_id(m->hub, r->exporter);
	if (!r->exporter[0] && m->hub->exporter_count == 1)
		exporter = 0;
	if (exporter == HUB_NONE)
		return r->exporter[0] ? "there is no exporter of this id"
				      : "neither port nor exporter is told";
	if (!r->if_index && !r->interface[0])
		return "neither interface nor if_index is told";
	/* A name stays when interfaces are numbered anew. */
	if (r->interface[0])
		port = hub_port_by_interface(m->hub, exporter, r->interface);
	if (port != HUB_NONE)
		*slot = slot_of_port(m, port);
	else if (r->if_index)
		*slot = attribution_slot(m->attribution, exporter_number(m, exporter), r->if_index);
	else
		*slot = HUB_NONE;
	return *slot == HUB_NONE ? "no port of the hub file is at this interface" : NULL;
}

/* Who tells a port by its id or name and a number beside it, at the port's own exporter, teaches the number. */
static void
learn(struct meter *m, const struct counter_report *r, uint32_t slot, struct utc_s time)
{
	uint32_t exporter = m->roster.slots[slot].exporter;
	bool there =
		exporter != HUB_NONE &&
		(!r->exporter[0] || strcmp(m->roster.exporters[exporter].id, r->exporter) == 0);
	if (there && (r->port[0] || r->interface[0]))
		meter_learn(m, slot, r->if_index, time);
}

/* Told before, or something newer was: between the two all is counted already. Who tells an uptime may
 * have had its clock, or we ours, set back. */
static bool
had_already(const struct counter_last *last, const struct counter_reading *r, struct utc_s time)
{
	if (!last->known || last->reading.source != r->source || time.s > last->at_s)
		return false;
	return !r->has_uptime || !last->reading.has_uptime ||
	       r->uptime_ms <= last->reading.uptime_ms;
}

const char *
meter_counters(struct meter *m, const struct counter_report *report, struct utc_s now,
	       enum counter_result *result)
{
	struct counter_reading reading = report->reading;
	struct utc_s time = report->time;
	uint32_t slot = HUB_NONE;
	const char *refusal = find_slot(m, report, &slot);
	if (refusal)
		return refusal;
	if (!report->has_time)
		return "its time is not told";
	if (reading.value[COUNTER_OCTETS_IN] == counter_not_told ||
	    reading.value[COUNTER_OCTETS_OUT] == counter_not_told)
		return "in_octets and out_octets are needed";
	if (time.s > now.s + AHEAD_MAX_S)
		return "its time is in the future";
	if (time.s < now.s - (int64_t)COUNTER_GAP_BINS * m->length_s)
		return "it is too old: its bins are closed";
	if (time.s > now.s)
		time = now;
	learn(m, report, slot, time);
	struct counter_last last = counters_last(m->counters, slot);
	uint64_t speed = m->roster.ports[m->roster.slots[slot].port].speed_bps;
	if (speed > reading.speed_bps)
		reading.speed_bps = speed;
	uint32_t exporter = m->roster.slots[slot].exporter;
	struct meter_reading taken = {
		.slot = slot, .exporter = exporter, .reading = reading, .at = time};
	if (!had_already(&last, &reading, time)) {
		*result = meter_take_reading(m, &taken);
		return NULL;
	}
	*result = COUNTER_OVERTAKEN;
	if (exporter != HUB_NONE)
		m->exporters[exporter].counters[COUNTER_OVERTAKEN]++;
	return NULL;
}

/* --- one reading, whoever tells it --- */

/* Without room or memory the reading is lost, and the next one bridges the gap. */
static void
keep_reading(struct meter *m, const struct meter_reading *reading)
{
	if (m->reading_count == METER_READINGS_MAX) {
		m->totals.readings_lost++;
		return;
	}
	if (m->reading_count == m->reading_capacity) {
		size_t capacity = m->reading_capacity ? m->reading_capacity * 2 : 64;
		struct meter_reading *grown = realloc(m->readings, capacity * sizeof(*grown));
		if (!grown)
			return;
		m->readings = grown;
		m->reading_capacity = capacity;
	}
	m->readings[m->reading_count++] = *reading;
}

enum counter_result
meter_take_reading(struct meter *m, const struct meter_reading *r)
{
	if (m->worker) {
		keep_reading(m, r);
		return COUNTER_FIRST; /* whoever joins it will know */
	}
	if (r->if_index) {
		meter_learn(m, r->slot, r->if_index, r->at);
		return COUNTER_FIRST;
	}
	enum counter_result result = counters_take(m->counters, r->slot, &r->reading, r->at);
	if (r->exporter != HUB_NONE)
		m->exporters[r->exporter].counters[result]++;
	return result;
}
