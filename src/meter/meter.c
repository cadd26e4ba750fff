/* The meter: which exporter, which decoder, which bin. */
#include "meter/meter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "meter/meter_state.h"
#include "meter/netflow.h"
#include "meter/sflow.h"

enum {
	GRACE_MAX_S = 60,
	GRACE_MIN_S = 1,
	SKIPPED_MAX =
		COUNTER_BINS, /* bins that may be passed over without a word to the counters */
};

/* --- making and changing --- */

static void
learn_members(struct countries *c, const struct hub *hub)
{
	countries_forget_asns(c);
	for (size_t i = 0; i < hub->member_count; i++)
		(void)countries_add_asn(c, hub->members[i].asn,
					country_code(hub->members[i].country.code));
}

/* What is kept of each port besides its sums. */
static int
make_room_by_port(struct meter *m)
{
	size_t had = m->ingress_count, ports = m->roster.port_count;
	if (ports <= had)
		return 0;
	int64_t *ingress_s = realloc(m->ingress_s, ports * sizeof(*ingress_s));
	if (!ingress_s)
		return -1;
	m->ingress_s = ingress_s;
	struct meter_ratio *ratios = realloc(m->ratios, ports * sizeof(*ratios));
	if (!ratios)
		return -1;
	m->ratios = ratios;
	struct meter_trust *trust = realloc(m->trust, ports * sizeof(*trust));
	if (!trust)
		return -1;
	m->trust = trust;
	memset(trust + had, 0, (ports - had) * sizeof(*trust));
	memset(ingress_s + had, 0, (ports - had) * sizeof(*ingress_s));
	memset(ratios + had, 0, (ports - had) * sizeof(*ratios));
	m->ingress_count = ports;
	return 0;
}

/* Room for all numbers the roster has given. */
static int
make_room(struct meter *m)
{
	size_t count = m->roster.exporter_count;
	if (count > m->exporter_count) {
		struct exporter *grown = realloc(m->exporters, count * sizeof(*grown));
		if (!grown)
			return -1;
		memset(grown + m->exporter_count, 0, (count - m->exporter_count) * sizeof(*grown));
		m->exporters = grown;
		m->exporter_count = count;
	}
	if (make_room_by_port(m) < 0)
		return -1;
	if (bin_reserve(&m->open, m->roster.port_count, count) < 0 ||
	    bin_reserve(&m->closing, m->roster.port_count, count) < 0)
		return -1;
	return counters_reserve(m->counters, m->roster.slot_count);
}

int
meter_apply(struct meter *m, const struct hub *hub)
{
	/* The roster only grows, so that a failure after it leaves numbers nobody uses. */
	if (roster_apply(&m->roster, hub) < 0 || make_room(m) < 0)
		return -1;
	struct attribution *attribution = attribution_new(hub, &m->roster);
	if (!attribution)
		return -1;
	if (watch_intake_apply(&m->intake, hub, &m->roster) < 0) {
		attribution_free(attribution);
		return -1;
	}
	if (m->watch)
		watch_apply(m->watch, hub, &m->roster, m->watched);
	attribution_free(m->attribution);
	m->attribution = attribution;
	learn_members(m->countries, hub);
	m->hub = hub;
	meter_trust_sources(m);
	return 0;
}

static struct utc_s
bin_start(const struct meter *m, struct utc_s now)
{
	return (struct utc_s){now.s - now.s % m->length_s};
}

struct meter *
meter_new(const struct hub *hub, uint64_t run, struct utc_s now)
{
	size_t length;
	const char *text = countries_built_in(&length);
	return meter_new_with_countries(hub, run, now, text, length);
}

struct meter *
meter_new_with_countries(const struct hub *hub, uint64_t run, struct utc_s now,
			 const char *countries, size_t length)
{
	assert(now.s >= 0);
	struct meter *m = calloc(1, sizeof(*m));
	if (!m)
		return NULL;
	m->length_s = hub->bin_length_s ? hub->bin_length_s : 300;
	m->watching = true;
	m->run = run;
	m->next_run = run + 1;
	bin_init(&m->open);
	bin_init(&m->closing);
	m->counters = counters_new(m->length_s);
	m->countries = countries_new(countries, length, NULL);
	m->out_arena = arena_new();
	m->last_arena = arena_new();
	if (!m->counters || !m->countries || !m->out_arena || !m->last_arena ||
	    watch_intake_init(&m->intake, run) < 0 || meter_apply(m, hub) < 0 ||
	    !(m->watch = watch_new(hub, &m->roster, run, now))) {
		meter_free(m);
		return NULL;
	}
	bin_restart(&m->open, bin_start(m, now), now);
	return m;
}

void
meter_free(struct meter *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->exporter_count; i++)
		exporter_fini(&m->exporters[i]);
	free(m->exporters);
	free(m->readings);
	bin_fini(&m->open);
	bin_fini(&m->closing);
	counters_free(m->counters);
	countries_free(m->countries);
	attribution_free(m->attribution);
	attribution_strangers_fini(&m->unknown);
	free(m->route_numbers);
	free(m->ingress_s);
	free(m->ratios);
	free(m->trust);
	watch_free(m->watch);
	watch_intake_fini(&m->intake);
	roster_fini(&m->roster);
	arena_free(m->resumed_arena);
	arena_free(m->out_arena);
	arena_free(m->last_arena);
	free(m);
}

void
meter_set_routes(struct meter *m, const struct rib_snapshot *routes)
{
	m->routes = routes;
	free(m->route_numbers);
	m->route_numbers = NULL;
	if (routes)
		m->route_numbers = calloc(rib_snapshot_origins(routes), sizeof(*m->route_numbers));
}

void
meter_forget_route_numbers(struct meter *m)
{
	if (m->route_numbers)
		memset(m->route_numbers, 0,
		       rib_snapshot_origins(m->routes) * sizeof(*m->route_numbers));
}

void
meter_set_simulated(struct meter *m, bool simulated)
{
	m->simulated = simulated;
}

void
meter_kernel_drops(struct meter *m, uint64_t count)
{
	m->open.kernel_drops += count;
	m->totals.kernel_drops += count;
	sequence_drops_add(&m->drops, count);
}

/* --- datagrams --- */

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

static enum flow_refusal
take_sflow(struct meter *m, uint32_t exporter, struct sflow_reader *reader, struct cursor datagram,
	   struct utc_s now)
{
	struct exporter *e = &m->exporters[exporter];
	struct sflow_sample sample;
	bool bad = false;
	if (!e->sflow)
		e->sflow = sflow_track_new(&m->drops);
	if (e->sflow && !sflow_track_datagram(e->sflow, reader, datagram, now))
		return FLOW_REPEATED;
	reader->seen = &e->seen;
	while (sflow_next(reader, &sample)) {
		if (e->sflow && sample.numbered)
			sflow_track_sample(e->sflow, &sample);
		if (sample.bad) {
			e->refused[FLOW_BAD_SAMPLE]++;
			bad = true;
		} else if (sample.kind == SFLOW_FLOW) {
			sample.flow.egress |= leaves_by_source(m, exporter, &sample);
			meter_count_flow(m, exporter, &sample.flow);
		} else if (sample.kind == SFLOW_COUNTERS) {
			take_counters(m, exporter, reader, &sample.counters, now);
		} else if (sample.kind == SFLOW_DISCARDS) {
			e->discards[sample.reason]++;
		}
	}
	e->refused_datagrams += bad;
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
	struct flow flow;
	while (netflow_next(&reader, &flow))
		meter_count_flow(m, exporter, &flow);
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

/* --- bins --- */

static int64_t
grace_s(const struct meter *m)
{
	int64_t grace = m->length_s / 5;
	return grace > GRACE_MAX_S ? GRACE_MAX_S : grace < GRACE_MIN_S ? GRACE_MIN_S : grace;
}

uint32_t
meter_covered(const struct meter *m, const struct bin *b, struct utc_s now)
{
	int64_t end = b->start.s + m->length_s;
	int64_t until = now.s < end ? now.s : end;
	int64_t from = b->listening_from_s > b->start.s ? b->listening_from_s : b->start.s;
	return until > from ? (uint32_t)(until - from) : 0;
}

/* Without memory they belong to the bin after it. */
static void
take_over_exporter(struct meter *m, struct bin *b, uint32_t exporter)
{
	struct exporter *e = &m->exporters[exporter];
	size_t count = exporter_domains(e, m->domains, METER_DOMAINS_MAX);
	if (count > METER_DOMAINS_MAX)
		count = METER_DOMAINS_MAX;
	if (bin_domains_reserve(&b->domains, count) < 0)
		return;
	struct bin_exporter sums = exporter_since(e);
	e->reported = exporter_totals(e);
	sums.lost_records = 0;
	for (size_t i = 0; i < count; i++) {
		const struct exporter_domain *d = &m->domains[i];
		sums.lost_records += d->since.lost;
		if (!domain_sums_none(d->since))
			bin_domains_add(&b->domains, &(struct bin_domain){exporter, d->protocol,
									  d->number, d->since});
	}
	bin_add_exporter(b, exporter, sums);
	exporter_domains_taken(e);
}

void
meter_take_over_exporters(struct meter *m, struct bin *b)
{
	for (uint32_t i = 0; i < m->exporter_count; i++)
		take_over_exporter(m, b, i);
}

static void
end_strangers(struct meter *m)
{
	for (size_t i = 0; i < m->stranger_count; i++) {
		m->strangers[i].in_closing = m->strangers[i].in_open;
		m->strangers[i].in_open = 0;
	}
}

/* Ends the open bin and begins another: what was open is closing now. */
static void
rotate(struct meter *m, struct utc_s now)
{
	assert(!m->has_closing);
	meter_take_over_exporters(m, &m->open);
	end_strangers(m);
	m->open.covered_s = meter_covered(m, &m->open, now);
	struct bin ended = m->open;
	m->open = m->closing;
	m->closing = ended;
	m->has_closing = true;
	meter_forget_route_numbers(m);
	int64_t next = ended.start.s + m->length_s, start = bin_start(m, now).s;
	if (start - next > (int64_t)SKIPPED_MAX * m->length_s)
		next = start - (int64_t)SKIPPED_MAX * m->length_s;
	/* When the machine slept long, the counters of the bin that is still to be given keep their
	 * place. */
	for (; next < start; next += m->length_s)
		if ((next - ended.start.s) / m->length_s % COUNTER_BINS)
			counters_close(m->counters, (struct utc_s){next});
	/* Nothing was missed between the two unless the clock went back. */
	bin_restart(&m->open, (struct utc_s){start},
		    now.s < ended.start.s ? now : (struct utc_s){start});
	if (start > ended.start.s + m->length_s)
		m->open.listening_from_s = now.s;
}

static const struct traffic_batch *
give(struct meter *m)
{
	m->totals.batches++;
	m->given = true;
	return &m->out;
}

/* The next bin of a dead run; NULL: there is none. */
static const struct traffic_batch *
give_resumed(struct meter *m)
{
	if (m->resumed_given == m->resumed_count)
		return NULL;
	m->out = m->resumed[m->resumed_given++];
	return give(m);
}

/* A fresh arena for what is given next. */
static bool
begin_batch(struct meter *m)
{
	struct arena *arena = arena_new();
	if (!arena)
		return false;
	arena_free(m->out_arena);
	m->out_arena = arena;
	return true;
}

/* Gives the closing bin. Without memory it stays, to be tried again. */
static const struct traffic_batch *
give_closing(struct meter *m)
{
	if (!begin_batch(m) || meter_make_batch(&m->out, m, &m->closing, m->out_arena) < 0)
		return NULL;
	(void)meter_make_paths(&m->out, m, &m->closing, m->out_arena); /* else there are none */
	meter_judge_sources(m, m->closing.start);
	m->totals.refused_networks += m->closing.refused_networks;
	m->totals.refused_countries += m->closing.refused_countries;
	m->closing.refused_networks = m->closing.refused_countries = 0;
	counters_close(m->counters, m->closing.start);
	m->has_closing = false;
	/* The newest bin is kept to be looked at, in the same memory. */
	arena_free(m->last_arena);
	m->last_arena = m->out_arena;
	m->last = m->out;
	m->has_last = true;
	m->out_arena = NULL;
	meter_let_watch_bin(m, &m->last);
	meter_judge_ratios(m, &m->last);
	return give(m);
}

static const struct traffic_batch *
give_late(struct meter *m)
{
	struct utc_s start;
	if (!counters_late(m->counters, &start))
		return NULL;
	if (!begin_batch(m) || meter_make_supplement(&m->out, m, start, m->out_arena) < 0)
		return NULL;
	m->next_run++;
	counters_close(m->counters, start);
	return give(m);
}

static bool
closing_is_due(const struct meter *m, struct utc_s now)
{
	return m->has_closing && now.s >= m->closing.start.s + m->length_s + grace_s(m);
}

/* A worker's bin waits for the share that takes it. */
static void
end_worker_bin(struct meter *m, struct utc_s now)
{
	bool back = now.s < m->open.start.s - m->length_s;
	if (!m->has_closing && (back || now.s >= m->open.start.s + m->length_s))
		rotate(m, now);
}

const struct traffic_batch *
meter_tick(struct meter *m, struct utc_s now)
{
	m->given = false;
	if (m->worker) {
		end_worker_bin(m, now);
		return NULL;
	}
	meter_settle_learned(m, now);
	meter_let_watch(m, now);
	const struct traffic_batch *left = give_resumed(m);
	if (left)
		return left;
	bool back = now.s < m->open.start.s - m->length_s;
	bool ended = now.s >= m->open.start.s + m->length_s || back;
	if (m->has_closing && ended)
		return give_closing(m); /* another one follows it */
	if (ended)
		rotate(m, now);
	if (back) {
		/* The clock was set back: bins of these names have been handed on already, so
		 * from here on it is another run. */
		const struct traffic_batch *batch = give_closing(m);
		m->run = m->next_run++;
		return batch;
	}
	return closing_is_due(m, now) ? give_closing(m) : give_late(m);
}

const struct traffic_batch *
meter_flush(struct meter *m, struct utc_s now)
{
	const struct traffic_batch *batch = meter_tick(m, now);
	if (!batch && m->has_closing)
		batch = give_closing(m);
	if (batch)
		return batch;
	m->open.covered_s = meter_covered(m, &m->open, now);
	if (!m->open.covered_s && !m->totals.samples)
		return NULL;
	if (m->open.listening_from_s >= m->open.start.s + m->length_s)
		return NULL; /* flushed before */
	meter_take_over_exporters(m, &m->open);
	end_strangers(m);
	struct bin ended = m->open;
	m->open = m->closing;
	m->closing = ended;
	m->has_closing = true;
	meter_forget_route_numbers(m);
	/* What comes after a flush belongs to no bin. */
	bin_restart(&m->open, ended.start, (struct utc_s){ended.start.s + m->length_s});
	return give_closing(m);
}
