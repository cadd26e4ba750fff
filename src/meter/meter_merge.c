/* Shares of workers: taken by exchanging memory, joined by adding. */
#include "meter/meter_merge.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "meter/meter_state.h"

struct meter_share {
	bool full;
	struct bin open, closing;
	bool has_closing;
	struct utc_s until; /* when it was taken */
	struct attribution_strangers unknown;
	struct stranger strangers[METER_STRANGERS_MAX];
	size_t stranger_count;
	struct meter_reading *readings;
	size_t reading_count, reading_capacity;
	/* By port, when it was last sampled on the way in: from the worker to the meter, and what all
	 * workers know back. */
	int64_t *ingress_s;
	size_t ingress_count;
	/* Copies of the exporters that sent something. */
	struct heard_exporter {
		uint32_t number;
		struct exporter copy;
	} * exporters;
	size_t exporter_count, exporter_capacity;
	struct watch_intake intake;
	struct meter_totals totals;              /* sums since it was asked last */
	struct meter_memory memory[METER_PARTS]; /* of the worker, when it was taken */
};

void
meter_set_worker(struct meter *m)
{
	assert(!m->totals.samples);
	m->worker = true;
}

struct meter_share *
meter_share_new(uint64_t run)
{
	struct meter_share *share = calloc(1, sizeof(*share));
	if (!share)
		return NULL;
	if (watch_intake_init(&share->intake, run) < 0) {
		free(share);
		return NULL;
	}
	bin_init(&share->open);
	bin_init(&share->closing);
	return share;
}

static void
forget_exporters(struct meter_share *share)
{
	for (size_t i = 0; i < share->exporter_count; i++)
		exporter_fini(&share->exporters[i].copy);
	share->exporter_count = 0;
}

void
meter_share_free(struct meter_share *share)
{
	if (!share)
		return;
	forget_exporters(share);
	free(share->exporters);
	free(share->ingress_s);
	free(share->readings);
	attribution_strangers_fini(&share->unknown);
	watch_intake_fini(&share->intake);
	bin_fini(&share->open);
	bin_fini(&share->closing);
	free(share);
}

void
meter_share_memory(const struct meter_share *share, struct meter_memory out[METER_PARTS])
{
	for (int i = 0; i < METER_PARTS; i++) {
		out[i].octets += share->memory[i].octets;
		out[i].bound += share->memory[i].bound;
	}
	size_t unknown = ATTRIBUTION_UNKNOWN_MAX * sizeof(*share->unknown.list);
	meter_memory_add_bin(out, &share->open);
	meter_memory_add_bin(out, &share->closing);
	out[METER_UNKNOWN].octets += share->unknown.list ? unknown : 0;
	out[METER_UNKNOWN].bound += unknown;
	out[METER_READINGS].octets += share->reading_capacity * sizeof(*share->readings);
	out[METER_READINGS].bound += METER_READINGS_MAX * sizeof(*share->readings);
	out[METER_WATCH].octets += watch_intake_size(&share->intake);
	out[METER_WATCH].bound += watch_intake_bound(&share->intake);
}

/* --- the worker's side --- */

static int
reserve(struct meter_share *share, const struct meter *worker)
{
	size_t ports = worker->roster.port_count, exporters = worker->exporter_count;
	if (bin_reserve(&share->open, ports, exporters) < 0 ||
	    bin_reserve(&share->closing, ports, exporters) < 0)
		return -1;
	if (share->ingress_count < ports) {
		int64_t *grown = realloc(share->ingress_s, ports * sizeof(*grown));
		if (!grown)
			return -1;
		memset(grown + share->ingress_count, 0,
		       (ports - share->ingress_count) * sizeof(*grown));
		share->ingress_s = grown;
		share->ingress_count = ports;
	}
	if (share->exporter_capacity < exporters) {
		/* Nothing is in it that is not to be forgotten. */
		struct heard_exporter *grown =
			aligned_alloc(_Alignof(struct heard_exporter), exporters * sizeof(*grown));
		if (!grown)
			return -1;
		free(share->exporters);
		share->exporters = grown;
		share->exporter_capacity = exporters;
	}
	return 0;
}

/* Only those that sent something since the last time, and those that another run heard. */
static int
copy_exporters(struct meter_share *share, const struct meter *worker)
{
	for (uint32_t i = 0; i < worker->exporter_count; i++) {
		const struct exporter *e = &worker->exporters[i];
		if (e->datagrams == e->shared_datagrams)
			continue;
		struct heard_exporter *to = &share->exporters[share->exporter_count];
		to->number = i;
		if (exporter_copy(&to->copy, e) < 0)
			return -1;
		share->exporter_count++;
	}
	return 0;
}

/* Each learns what the other knows: later is truer. */
static void
exchange_ingress(struct meter_share *share, struct meter *m)
{
	for (size_t i = 0; i < m->ingress_count && i < share->ingress_count; i++) {
		if (share->ingress_s[i] > m->ingress_s[i])
			m->ingress_s[i] = share->ingress_s[i];
		share->ingress_s[i] = m->ingress_s[i];
	}
}

static void
exchange_bins(struct meter_share *share, struct meter *worker)
{
	struct bin empty = share->open;
	struct utc_s start = worker->open.start;
	bin_restart(&empty, start, start);
	share->open = worker->open;
	worker->open = empty;
	share->has_closing = worker->has_closing;
	if (!worker->has_closing)
		return;
	struct bin closing = share->closing;
	share->closing = worker->closing;
	worker->closing = closing;
	worker->has_closing = false;
}

int
meter_share_take(struct meter_share *share, struct meter *worker, struct utc_s now)
{
	assert(worker->worker && !share->full);
	(void)meter_tick(worker, now);
	if (reserve(share, worker) < 0 || copy_exporters(share, worker) < 0) {
		forget_exporters(share);
		return -1;
	}
	for (uint32_t i = 0; i < worker->exporter_count; i++)
		worker->exporters[i].shared_datagrams = worker->exporters[i].datagrams;
	meter_take_over_exporters(worker, &worker->open);
	exchange_bins(share, worker);
	meter_forget_route_numbers(worker);
	exchange_ingress(share, worker);
	struct attribution_strangers unknown = share->unknown;
	share->unknown = worker->unknown;
	worker->unknown = unknown;
	watch_intake_exchange(&share->intake, &worker->intake);
	memcpy(share->strangers, worker->strangers, sizeof(share->strangers));
	share->stranger_count = worker->stranger_count;
	worker->stranger_count = 0;
	struct meter_reading *readings = share->readings;
	size_t capacity = share->reading_capacity;
	share->readings = worker->readings;
	share->reading_count = worker->reading_count;
	share->reading_capacity = worker->reading_capacity;
	worker->readings = readings;
	worker->reading_count = 0;
	worker->reading_capacity = capacity;
	memset(share->memory, 0, sizeof(share->memory));
	meter_memory(worker, share->memory);
	share->totals = worker->totals;
	worker->totals = (struct meter_totals){0};
	share->until = now;
	share->full = true;
	return 0;
}

/* --- the meter's side --- */

/* The bin of the same start; else the oldest that is still there. */
static struct bin *
bin_for(struct meter *m, const struct bin *from)
{
	if (from->start.s == m->open.start.s || !m->has_closing)
		return &m->open;
	return &m->closing;
}

static void
join_totals(struct meter_totals *to, const struct meter_totals *from)
{
	to->samples += from->samples;
	to->attributed += from->attributed;
	to->octets += from->octets;
	to->kernel_drops += from->kernel_drops;
	to->readings_lost += from->readings_lost;
	for (int i = 0; i < BIN_CAUSES; i++)
		to->unattributed[i] += from->unattributed[i];
}

/* The meter's own knowledge of it is what it made of its counters. */
static void
take_exporter(struct meter *m, struct heard_exporter *heard)
{
	struct exporter *e = &m->exporters[heard->number], *copy = &heard->copy;
	memcpy(copy->counters, e->counters, sizeof(copy->counters));
	if (e->seen_restarts)
		copy->seen_restarts = e->seen_restarts;
	exporter_fini(e);
	*e = *copy;
	e->reported = exporter_totals(e); /* it is in the worker's bins */
}

static void
join_strangers(struct meter *m, struct meter_share *share)
{
	bool open_is_closing = bin_for(m, &share->open) == &m->closing;
	for (size_t i = 0; i < share->stranger_count; i++) {
		struct stranger *s = &share->strangers[i];
		if (open_is_closing) {
			s->in_closing += s->in_open;
			s->in_open = 0;
		}
		if (share->has_closing && bin_for(m, &share->closing) == &m->open) {
			s->in_open += s->in_closing;
			s->in_closing = 0;
		}
		meter_note_stranger(m, s);
	}
	share->stranger_count = 0;
	for (size_t i = 0; share->unknown.list && i < ATTRIBUTION_UNKNOWN_MAX; i++)
		if (share->unknown.list[i].last_s)
			attribution_strangers_add(&m->unknown, &share->unknown.list[i]);
	m->unknown.forgotten += share->unknown.forgotten;
	attribution_strangers_clear(&share->unknown);
}

int
meter_merge(struct meter *m, struct meter_share *share)
{
	assert(!m->worker);
	if (!share->full)
		return 0;
	assert(share->open.port_count <= m->open.port_count);
	struct bin *open = bin_for(m, &share->open);
	struct bin *closing = share->has_closing ? bin_for(m, &share->closing) : NULL;
	/* All that can fail comes first. */
	if (bin_domains_reserve(&open->domains,
				share->open.domains.count + share->closing.domains.count) < 0 ||
	    (closing &&
	     bin_domains_reserve(&closing->domains,
				 share->open.domains.count + share->closing.domains.count) < 0))
		return -1;
	(void)bin_join(open, &share->open);
	if (closing)
		(void)bin_join(closing, &share->closing);
	for (size_t i = 0; i < share->exporter_count; i++)
		take_exporter(m, &share->exporters[i]);
	share->exporter_count = 0;
	for (size_t i = 0; i < share->reading_count; i++)
		(void)meter_take_reading(m, &share->readings[i]);
	share->reading_count = 0;
	join_strangers(m, share);
	exchange_ingress(share, m);
	if (m->watching)
		watch_take(m->watch, &share->intake, share->until);
	watch_intake_join(&m->intake, &share->intake);
	join_totals(&m->totals, &share->totals);
	if (share->until.s > m->now.s)
		m->now = share->until;
	share->full = false;
	return 0;
}
