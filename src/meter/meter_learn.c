/* Learning of ifIndexes: the roster keeps them, a new attribution brings them to use. */
#include "meter/meter_learn.h"

#include <assert.h>
#include <string.h>

#include "meter/counter_report.h"
#include "meter/meter_state.h"

void
meter_learn(struct meter *m, uint32_t slot, uint32_t if_index, struct utc_s at)
{
	uint32_t port = m->roster.slots[slot].port;
	if (if_index && m->roster.ports[port].own == slot &&
	    roster_learn(&m->roster, port, if_index, at))
		m->learned_anew = true;
}

void
meter_learn_name(struct meter *m, uint32_t exporter, uint32_t if_index, struct cursor name)
{
	char text[COUNTER_NAME_MAX] = "";
	size_t length = cursor_left(&name);
	if (length >= sizeof(text) || !if_index)
		return;
	memcpy(text, name.at, length);
	uint32_t hub_port =
		hub_port_by_interface(m->hub, m->roster.exporters[exporter].hub_exporter, text);
	for (uint32_t i = 0; hub_port != HUB_NONE && i < m->roster.port_count; i++) {
		const struct roster_port *p = &m->roster.ports[i];
		/* What is known already is said again every minute or so. */
		if (p->hub_port != hub_port || p->own == HUB_NONE || p->learned == if_index)
			continue;
		struct meter_reading told = {
			.exporter = exporter, .slot = p->own, .at = m->now, .if_index = if_index};
		(void)meter_take_reading(m, &told);
	}
}

static bool
is_clash(const struct meter *m, const struct roster_port *p)
{
	const struct roster_slot *own = p->own == HUB_NONE ? NULL : &m->roster.slots[p->own];
	return own && !own->if_index && p->learned &&
	       attribution_slot(m->attribution, own->exporter, p->learned) != p->own;
}

static void
let_watch(struct meter *m, struct utc_s now)
{
	for (size_t i = 0; m->watching && m->watch && i < m->roster.port_count; i++) {
		const struct roster_port *p = &m->roster.ports[i];
		if (p->hub_port != HUB_NONE && (p->learned || p->learned_s))
			watch_interface(m->watch, p->id, p->learned, is_clash(m, p), now);
	}
}

/* Those that were heard of for the first time have not begun anew. */
static void
forget_restarted(struct meter *m, struct utc_s now)
{
	if (m->restarts.s == now.s)
		return;
	m->restarts = now;
	for (uint32_t i = 0; i < m->exporter_count; i++) {
		struct exporter *e = &m->exporters[i];
		uint64_t seen = exporter_restarts(e) + 1;
		if (!e->last_heard.s)
			continue;
		if (e->seen_restarts && e->seen_restarts != seen &&
		    roster_unlearn(&m->roster, i, now))
			m->learned_anew = true;
		e->seen_restarts = seen;
	}
}

void
meter_settle_learned(struct meter *m, struct utc_s now)
{
	forget_restarted(m, now);
	if (!m->learned_anew)
		return;
	struct attribution *attribution = attribution_new(m->hub, &m->roster);
	if (!attribution)
		return; /* it is tried again */
	attribution_free(m->attribution);
	m->attribution = attribution;
	m->learned_anew = false;
	m->learned++;
	let_watch(m, now);
}

struct meter_index
meter_port_index(const struct meter *m, uint32_t hub_port)
{
	for (size_t i = 0; i < m->roster.port_count; i++) {
		const struct roster_port *p = &m->roster.ports[i];
		if (p->hub_port != hub_port || p->own == HUB_NONE)
			continue;
		uint32_t if_index = roster_index_of(&m->roster, p->own);
		if (!if_index)
			break;
		if (m->roster.slots[p->own].if_index)
			return (struct meter_index){if_index, METER_INDEX_GIVEN};
		return (struct meter_index){if_index, is_clash(m, p) ? METER_INDEX_CLASH
								     : METER_INDEX_LEARNED};
	}
	return (struct meter_index){0};
}

uint64_t
meter_learned(const struct meter *m)
{
	return m->learned;
}

int
meter_learn_from(struct meter *worker, const struct meter *m)
{
	assert(worker->worker);
	for (size_t i = 0; i < worker->roster.port_count && i < m->roster.port_count; i++) {
		struct roster_port *to = &worker->roster.ports[i];
		const struct roster_port *from = &m->roster.ports[i];
		if (to->learned_for != from->learned_for)
			continue;
		to->learned = from->learned;
		to->learned_s = from->learned_s;
	}
	struct attribution *attribution = attribution_new(worker->hub, &worker->roster);
	if (!attribution)
		return -1;
	attribution_free(worker->attribution);
	worker->attribution = attribution;
	return 0;
}
