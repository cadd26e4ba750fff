/* The meter: its parts, and its bins. */
#include "meter/meter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "meter/meter_state.h"

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
	uint64_t *port_most = realloc(m->port_most, ports * sizeof(*port_most));
	if (!port_most)
		return -1;
	m->port_most = port_most;
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
		struct exporter *grown = exporters_grow(m->exporters, m->exporter_count, count);
		if (!grown)
			return -1;
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
	meter_learn_speeds(m);
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

/* Bins before the first one are of a dead run, or of none: what is counted for them comes late. */
static void
close_bins_before_first(struct meter *m)
{
	int64_t first = m->open.start.s - (int64_t)(COUNTER_BINS - 1) * m->length_s;
	for (int64_t start = first; start < m->open.start.s; start += m->length_s)
		if (start >= 0)
			counters_close(m->counters, (struct utc_s){start});
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
	close_bins_before_first(m);
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
	free(m->port_most);
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
