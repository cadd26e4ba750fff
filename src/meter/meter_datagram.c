/* Datagrams of the meter: which exporter, which decoder. */
#include "meter/meter_state.h"
#include "meter/netflow.h"
#include "meter/sflow.h"

static unsigned
protocol_of(enum meter_kind kind, struct cursor datagram)
{
	if (kind == METER_SFLOW)
		return EXPORTER_SFLOW;
	uint16_t version = cursor_u16(&datagram);
	return version == 5    ? EXPORTER_NETFLOW5
	       : version == 9  ? EXPORTER_NETFLOW9
	       : version == 10 ? EXPORTER_IPFIX
			       : 0;
}

void
meter_note_stranger(struct meter *m, const struct stranger *seen)
{
	m->strangers_datagrams += seen->datagrams;
	for (size_t i = 0; i < m->stranger_count; i++) {
		struct stranger *s = &m->strangers[i];
		if (!ip_equal(s->address, seen->address))
			continue;
		s->datagrams += seen->datagrams;
		s->in_open += seen->in_open;
		s->in_closing += seen->in_closing;
		s->octets += seen->octets;
		s->protocols |= seen->protocols;
		if (seen->last_heard.s >= s->last_heard.s) {
			s->last_heard = seen->last_heard;
			s->why = seen->why;
		}
		return;
	}
	if (m->stranger_count < METER_STRANGERS_MAX)
		m->strangers[m->stranger_count++] = *seen;
}

static void
take_counters(struct meter *m, uint32_t exporter, const struct sflow_reader *reader,
	      const struct sflow_counters *n, struct utc_s now)
{
	if (n->has_processor) {
		m->exporters[exporter].has_processor = true;
		m->exporters[exporter].processor = n->processor;
	}
	if (!n->present)
		return;
	uint32_t slot = attribution_slot(m->attribution, exporter, n->if_index);
	if (slot == HUB_NONE)
		return;
	uint64_t speed = m->roster.ports[m->roster.slots[slot].port].speed_bps;
	struct meter_reading r = {.exporter = exporter, .slot = slot, .at = now};
	r.reading = (struct counter_reading){
		.value = {[COUNTER_OCTETS_IN] = n->in_octets,
			  [COUNTER_OCTETS_OUT] = n->out_octets,
			  [COUNTER_PACKETS_IN] = n->in_packets,
			  [COUNTER_PACKETS_OUT] = n->out_packets,
			  [COUNTER_ERRORS_IN] = n->in_errors,
			  [COUNTER_ERRORS_OUT] = n->out_errors,
			  [COUNTER_DISCARDS_IN] = n->in_discards,
			  [COUNTER_DISCARDS_OUT] = n->out_discards},
		.source = TRAFFIC_BY_SFLOW,
		.has_uptime = true,
		.uptime_ms = reader->uptime_ms,
		.speed_bps = speed > n->speed_bps ? speed : n->speed_bps,
	};
	(void)meter_take_reading(m, &r);
}

/* On the way out of a LAG, too: the data source is the interface that the frame left by, the output the
 * LAG's. Both are then interfaces of the same port. */
static bool
leaves_by_source(const struct meter *m, uint32_t exporter, const struct sflow_sample *sample)
{
	const struct flow *flow = &sample->flow;
	uint32_t source = sample->source_index;
	if (sample->source_class || !source || source == flow->input || source == flow->output ||
	    flow->to != FLOW_TO_ONE)
		return false;
	uint32_t port = attribution_by_interface(m->attribution, exporter, source);
	return port != HUB_NONE &&
	       port == attribution_by_interface(m->attribution, exporter, flow->output) &&
	       port != attribution_by_interface(m->attribution, exporter, flow->input);
}

/* What was read of a datagram's samples, in their order. */
static bool
take_samples(struct meter *m, uint32_t exporter, const struct sflow_reader *reader,
	     struct sflow_sample *samples, size_t count, struct utc_s now)
{
	struct exporter *e = &m->exporters[exporter];
	struct flow *flows[METER_FLOWS_TOGETHER];
	size_t flow_count = 0;
	bool sound = true;
	for (size_t i = 0; i < count; i++) {
		struct sflow_sample *s = &samples[i];
		if (e->sflow && s->numbered)
			sflow_track_sample(e->sflow, s);
		if (s->bad) {
			e->refused[FLOW_BAD_SAMPLE]++;
			sound = false;
		} else if (s->kind == SFLOW_FLOW) {
			s->flow.egress |= leaves_by_source(m, exporter, s);
			flows[flow_count++] = &s->flow;
		} else if (s->kind == SFLOW_COUNTERS) {
			take_counters(m, exporter, reader, &s->counters, now);
		} else if (s->kind == SFLOW_DISCARDS) {
			exporter_discard(e, s->reason);
		}
	}
	meter_count_flows(m, exporter, flows, flow_count);
	return sound;
}

static enum flow_refusal
take_sflow(struct meter *m, uint32_t exporter, struct sflow_reader *reader, struct cursor datagram,
	   struct utc_s now)
{
	struct exporter *e = &m->exporters[exporter];
	struct sflow_sample samples[METER_FLOWS_TOGETHER];
	bool sound = true;
	size_t count = 0;
	if (!e->sflow)
		e->sflow = sflow_track_new(&m->drops);
	if (e->sflow && !sflow_track_datagram(e->sflow, reader, datagram, now))
		return FLOW_REPEATED;
	reader->seen = &e->seen;
	while (sflow_next(reader, &samples[count])) {
		if (e->sflow)
			sflow_track_ahead(e->sflow, &samples[count]);
		if (++count < METER_FLOWS_TOGETHER)
			continue;
		sound &= take_samples(m, exporter, reader, samples, count, now);
		count = 0;
	}
	sound &= take_samples(m, exporter, reader, samples, count, now);
	e->refused_datagrams += !sound;
	return FLOW_ACCEPTED;
}

/* Whose options are being read. */
struct speaker {
	struct meter *meter;
	uint32_t exporter;
};

static void
take_name(void *context, uint32_t if_index, struct cursor name)
{
	const struct speaker *s = context;
	meter_learn_name(s->meter, s->exporter, if_index, name);
}

static enum flow_refusal
take_netflow(struct meter *m, uint32_t exporter, struct cursor datagram, struct utc_s now)
{
	struct exporter *e = &m->exporters[exporter];
	if (!e->netflow)
		e->netflow = netflow_state_new(&m->drops);
	if (!e->netflow)
		return FLOW_TEMPLATE_LIMIT;
	struct netflow_reader reader;
	enum flow_refusal why = netflow_open(&reader, e->netflow, datagram, now);
	if (why != FLOW_ACCEPTED)
		return why;
	struct speaker speaker = {m, exporter};
	reader.named = take_name;
	reader.named_context = &speaker;
	struct flow list[METER_FLOWS_TOGETHER];
	struct flow *flows[METER_FLOWS_TOGETHER];
	size_t count = 0;
	while (netflow_next(&reader, &list[count])) {
		flows[count] = &list[count];
		if (++count < METER_FLOWS_TOGETHER)
			continue;
		meter_count_flows(m, exporter, flows, count);
		count = 0;
	}
	meter_count_flows(m, exporter, flows, count);
	netflow_done(&reader);
	bool bad = false;
	for (int i = 0; i < FLOW_REFUSALS; i++) {
		e->refused[i] += reader.refused[i];
		/* Data whose template is still to come makes sense, and so does an exporter that
		 * says it has no rate. */
		bad |= reader.refused[i] && i != FLOW_NO_TEMPLATE && i != FLOW_BAD_SAMPLING &&
		       i != FLOW_TOTALS && i != FLOW_REPEATED;
	}
	e->refused_datagrams += bad;
	return FLOW_ACCEPTED;
}

void
meter_datagram(struct meter *m, enum meter_kind kind, struct ip source, struct cursor datagram,
	       struct utc_s now)
{
	struct sflow_reader sflow;
	enum flow_refusal why = FLOW_ACCEPTED;
	m->now = now;
	if (kind == METER_SFLOW)
		why = sflow_open(&sflow, datagram);
	struct ip agent =
		kind == METER_SFLOW && why == FLOW_ACCEPTED ? sflow.agent : (struct ip){0};
	bool known;
	uint32_t number = roster_exporter_of(&m->roster, source, agent, &known);
	unsigned protocol = protocol_of(kind, datagram);
	if (number == HUB_NONE) {
		meter_note_stranger(m,
				    &(struct stranger){
					    .address = source,
					    .last_heard = now,
					    .protocols = protocol,
					    .datagrams = 1,
					    .in_open = 1,
					    .octets = cursor_left(&datagram),
					    .why = known ? FLOW_OTHER_AGENT : FLOW_UNKNOWN_EXPORTER,
				    });
		return;
	}
	struct exporter *e = &m->exporters[number];
	e->datagrams++;
	e->octets += cursor_left(&datagram);
	e->last_heard = now;
	m->intake.now = now;
	if (kind == METER_SFLOW && why == FLOW_ACCEPTED)
		why = take_sflow(m, number, &sflow, datagram, now);
	else if (kind == METER_NETFLOW)
		why = take_netflow(m, number, datagram, now);
	if (why != FLOW_ACCEPTED) {
		e->refused[why]++;
		e->refused_datagrams += why != FLOW_REPEATED;
		return;
	}
	e->protocols |= protocol;
}
