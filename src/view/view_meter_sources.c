/* What is known of an exporter beyond its sums: the loss ledger by space of sequence numbers, sampling
 * rates as announced, as measured and as used, and packets that it says it dropped. */
#include <stdio.h>
#include <stdlib.h>

#include "view/view_meter_parts.h"

enum {
	ROWS_MAX = 4096, /* in JSON */
	LINES_MAX = 8,   /* as text, of each kind */
	BAND = 10,       /* rates that differ by more than one in so many are worth a line */
};

static const char *
protocol_text(uint8_t protocol)
{
	switch (protocol) {
	case EXPORTER_SFLOW:
		return "sflow";
	case EXPORTER_NETFLOW5:
		return "netflow5";
	case EXPORTER_NETFLOW9:
		return "netflow9";
	default:
		return "ipfix";
	}
}

static const char *const scopes[] = {
	[RATE_SOURCE] = "source",
	[RATE_ALL] = "all",
	[RATE_SAMPLER] = "sampler",
	[RATE_INTERFACE] = "interface",
};

static const char *const uses[] = {
	[RATE_UNKNOWN] = "unknown",
	[RATE_ANNOUNCED] = "announced",
	[RATE_EFFECTIVE] = "effective",
};

/* One in so many, rounded; 0: not known. */
static uint64_t
one_in(struct sampling s)
{
	return s.size ? ((uint64_t)s.population + s.size / 2) / s.size : 0;
}

/* All rows, with room for them; NULL and none without memory. To be freed. */
static struct exporter_domain *
domains_of(const struct meter *m, size_t index, size_t *count)
{
	struct exporter_domain *rows = malloc(ROWS_MAX * sizeof(*rows));
	size_t there = rows ? meter_exporter_domains(m, index, rows, ROWS_MAX) : 0;
	*count = there < ROWS_MAX ? there : ROWS_MAX;
	return rows;
}

static struct exporter_rate *
rates_of(const struct meter *m, size_t index, size_t *count)
{
	struct exporter_rate *rows = malloc(ROWS_MAX * sizeof(*rows));
	size_t there = rows ? meter_exporter_rates(m, index, rows, ROWS_MAX) : 0;
	*count = there < ROWS_MAX ? there : ROWS_MAX;
	return rows;
}

/* --- JSON --- */

static void
domain_json(struct json *j, const struct exporter_domain *d)
{
	json_object(j, NULL);
	json_str(j, "protocol", protocol_text(d->protocol));
	json_u64(j, "number", d->number);
	json_u64(j, "received", d->total.received);
	json_u64(j, "lost", d->total.lost);
	json_u64(j, "lost_here", d->total.lost_here);
	json_bool(j, "estimated", d->estimated);
	json_u64(j, "restarts", d->total.restarts);
	json_u64(j, "repeated", d->total.repeated);
	if (d->quirk)
		json_str(j, "numbers_count", d->quirk);
	json_object_end(j);
}

static void
rate_json(struct json *j, const struct exporter_rate *r)
{
	json_object(j, NULL);
	json_str(j, "protocol", protocol_text(r->protocol));
	json_u64(j, "domain", r->domain);
	json_str(j, "scope", scopes[r->scope]);
	if (r->scope != RATE_ALL)
		json_u64(j, "id", r->id);
	if (r->announced.size)
		json_u64(j, "announced", one_in(r->announced));
	if (r->effective.size)
		json_u64(j, "effective", one_in(r->effective));
	json_str(j, "used", uses[r->used]);
	if (r->protocol == EXPORTER_SFLOW)
		json_u64(j, "drops", r->drops);
	json_object_end(j);
}

void
view_meter_sources_json(struct json *j, const struct meter *m, size_t index)
{
	size_t domain_count, rate_count;
	struct exporter_domain *domains = domains_of(m, index, &domain_count);
	struct exporter_rate *rates = rates_of(m, index, &rate_count);
	const uint64_t *discards = meter_exporter_discards(m, index);
	uint32_t override = meter_exporter(m, index).sampling_override;
	json_array(j, "domains");
	for (size_t i = 0; i < domain_count; i++)
		domain_json(j, &domains[i]);
	json_array_end(j);
	if (override)
		json_u64(j, "sampling_override", override);
	json_array(j, "rates");
	for (size_t i = 0; i < rate_count; i++)
		rate_json(j, &rates[i]);
	json_array_end(j);
	json_array(j, "discards");
	for (uint32_t i = 0; discards && i <= SFLOW_REASONS; i++) {
		if (!discards[i])
			continue;
		json_object(j, NULL);
		json_str(j, "reason", sflow_reason_text(i));
		json_u64(j, "packets", discards[i]);
		json_object_end(j);
	}
	json_array_end(j);
	view_meter_switch_json(j, m, index);
	free(domains);
	free(rates);
}

/* --- text --- */

static void
domain_line(struct buf *out, const struct exporter_domain *d)
{
	const struct domain_sums *t = &d->total;
	buf_printf(out, "    %s %llu: ", protocol_text(d->protocol), (unsigned long long)d->number);
	buf_printf(out, "%s%llu of %llu lost", d->estimated && t->lost ? "about " : "",
		   (unsigned long long)t->lost, (unsigned long long)(t->received + t->lost));
	if (t->lost_here)
		buf_printf(out, ", %llu of them here", (unsigned long long)t->lost_here);
	if (t->restarts)
		buf_printf(out, ", %u restarts", t->restarts);
	if (t->repeated)
		buf_printf(out, ", %u repeated", t->repeated);
	buf_str(out, "\n");
	if (d->quirk)
		buf_printf(out, "        its numbers count %s\n", d->quirk);
}

static bool
differs(const struct exporter_rate *r)
{
	uint64_t announced = one_in(r->announced), effective = one_in(r->effective);
	uint64_t apart = announced > effective ? announced - effective : effective - announced;
	return effective && apart * BAND > announced;
}

static void
rate_line(struct buf *out, const struct exporter_rate *r)
{
	buf_printf(out, "    %s %llu %s %llu: ", protocol_text(r->protocol),
		   (unsigned long long)r->domain, scopes[r->scope], (unsigned long long)r->id);
	if (r->announced.size)
		buf_printf(out, "1 in %llu announced", (unsigned long long)one_in(r->announced));
	else
		buf_str(out, "no rate announced");
	if (r->effective.size)
		buf_printf(out, ", 1 in %llu effective", (unsigned long long)one_in(r->effective));
	if (r->used == RATE_UNKNOWN)
		buf_str(out, ": unknown\n");
	else
		buf_printf(out, ", %s used\n", uses[r->used]);
}

static int
compare_rates(const void *a, const void *b)
{
	const struct exporter_rate *x = a, *y = b;
	uint64_t p = one_in(x->announced), q = one_in(y->announced);
	if (p != q)
		return p < q ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* Those that are alike in one line, and a line for each that needs a look. */
static void
rate_lines(struct buf *out, struct exporter_rate *rates, size_t count)
{
	size_t lines = 0, looked_at = 0;
	qsort(rates, count, sizeof(*rates), compare_rates);
	for (size_t i = 0, next; i < count && lines < LINES_MAX; i = next, lines++) {
		uint64_t announced = one_in(rates[i].announced);
		for (next = i; next < count && one_in(rates[next].announced) == announced;)
			next++;
		buf_str(out, "    sampling ");
		if (announced)
			buf_printf(out, "1 in %llu", (unsigned long long)announced);
		else
			buf_str(out, "unknown");
		buf_printf(out, ": %zu %s%s\n", next - i,
			   rates[i].scope == RATE_SOURCE ? "source" : "sampler",
			   next - i == 1 ? "" : "s");
	}
	for (size_t i = 0; i < count && looked_at < LINES_MAX; i++) {
		if (rates[i].used == RATE_ANNOUNCED && !differs(&rates[i]))
			continue;
		rate_line(out, &rates[i]);
		looked_at++;
	}
}

void
view_meter_sources_text(struct buf *out, const struct meter *m, size_t index)
{
	size_t domain_count, rate_count, lines = 0;
	struct exporter_domain *domains = domains_of(m, index, &domain_count);
	struct exporter_rate *rates = rates_of(m, index, &rate_count);
	struct meter_exporter e = meter_exporter(m, index);
	const uint64_t *discards = meter_exporter_discards(m, index);
	for (size_t i = 0; i < domain_count && lines < LINES_MAX; i++) {
		const struct domain_sums *t = &domains[i].total;
		if (!t->lost && !t->restarts && !t->repeated && !domains[i].quirk)
			continue;
		domain_line(out, &domains[i]);
		lines++;
	}
	if (e.sampling_override)
		buf_printf(out, "    sampling 1 in %u by the hub file\n", e.sampling_override);
	rate_lines(out, rates, rate_count);
	if (e.templates || e.held_sets || e.dropped_sets)
		buf_printf(
			out,
			"    %zu templates; sets of data that wait for one: %zu, dropped: %llu\n",
			e.templates, e.held_sets, (unsigned long long)e.dropped_sets);
	for (uint32_t i = 0; discards && i <= SFLOW_REASONS; i++)
		if (discards[i])
			buf_printf(out, "    discarded, %s: %llu packets\n", sflow_reason_text(i),
				   (unsigned long long)discards[i]);
	view_meter_switch_text(out, m, index);
	free(domains);
	free(rates);
}
