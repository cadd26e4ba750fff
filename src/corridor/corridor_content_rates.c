/* Content networks, interval by interval. */
#include "corridor/corridor_content_rates.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "hub/traffic_normal.h"

enum { DAY_S = 86400, ROOM_LEAST = 64 };

/* A network of content. */
struct row {
	struct asn asn;
	uint32_t *of; /* content networks that have it */
	size_t of_count;
	struct corridor_series series;
	uint64_t samples;
	double octets; /* of the interval that is added */
};

/* A network that was met; `row` is HUB_NONE for one that is no content, or has no room. */
struct met {
	uint32_t asn, row;
	bool left_out;
};

/* What a row has of what enters by a port on a day: octets while the day is read, then a share. */
struct share {
	struct utc_s day;
	uint32_t row, port;
	double part;
};

struct corridor_content_rates {
	const struct hub *hub;
	struct utc_s shaped_to;
	size_t intervals, intervals_most, shaped;
	struct row *rows;
	size_t row_count, row_room;
	struct met *met; /* by a hash; asn 0: free */
	size_t met_count, met_room;
	struct share *shares; /* by day, row, port */
	size_t share_count, share_room,
		share_day; /* share_day: the first of the day that is read */
	size_t share_at;   /* the first of the day that intervals have come to */
	struct corridor_series *content;
	double *octets,
		*left; /* of each content network: of the interval; what leaves where its users are */
	double left_out;       /* octets of the interval */
	uint64_t left_out_bps; /* sum */
	bool simulated;
};

struct corridor_content_rates *
corridor_content_rates_new(const struct hub *hub, size_t intervals, struct utc_s shaped_to)
{
	assert(hub);
	struct corridor_content_rates *r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	size_t count = hub->content_count + 1;
	r->hub = hub;
	r->intervals_most = intervals;
	r->shaped_to = shaped_to;
	r->content = calloc(count, sizeof(*r->content));
	r->octets = calloc(count, sizeof(*r->octets));
	r->left = calloc(count, sizeof(*r->left));
	if (r->content && r->octets && r->left)
		return r;
	corridor_content_rates_free(r);
	return NULL;
}

void
corridor_content_rates_free(struct corridor_content_rates *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->row_count; i++) {
		corridor_series_fini(&r->rows[i].series);
		free(r->rows[i].of);
	}
	for (size_t i = 0; i < r->hub->content_count && r->content; i++)
		corridor_series_fini(&r->content[i]);
	free(r->rows);
	free(r->met);
	free(r->shares);
	free(r->content);
	free(r->octets);
	free(r->left);
	free(r);
}

/* --- networks --- */

static bool
has_asn(const struct hub_content *content, uint32_t asn)
{
	for (size_t i = 0; i < content->asn_count; i++)
		if (content->asns[i].first <= asn && asn <= content->asns[i].last)
			return true;
	return false;
}

/* Makes a row for a network that is content. 0, or -1 without memory. */
static int
row_for(struct met *out, struct corridor_content_rates *r, uint32_t asn)
{
	size_t count = 0;
	*out = (struct met){.asn = asn, .row = HUB_NONE};
	for (size_t i = 0; i < r->hub->content_count; i++)
		count += has_asn(&r->hub->content[i], asn);
	out->left_out = count && r->row_count == CORRIDOR_CONTENT_NETWORKS_MAX;
	if (!count || out->left_out)
		return 0;
	struct row *rows = array_grow(r->rows, r->row_count, &r->row_room, sizeof(*rows));
	if (!rows)
		return -1;
	r->rows = rows;
	struct row row = {.asn = {asn}, .of = calloc(count, sizeof(*row.of))};
	if (!row.of)
		return -1;
	for (uint32_t i = 0; i < r->hub->content_count; i++)
		if (has_asn(&r->hub->content[i], asn))
			row.of[row.of_count++] = i;
	out->row = (uint32_t)r->row_count;
	r->rows[r->row_count++] = row;
	return 0;
}

/* Where a network stands, or would. */
static struct met *
place_of(const struct corridor_content_rates *r, uint32_t asn)
{
	size_t i = (size_t)(asn * 0x9e3779b97f4a7c15u >> 20) % r->met_room;
	while (r->met[i].asn && r->met[i].asn != asn)
		i = (i + 1) % r->met_room;
	return &r->met[i];
}

static int
make_room(struct corridor_content_rates *r)
{
	if (2 * (r->met_count + 1) <= r->met_room)
		return 0;
	size_t room = r->met_room ? 2 * r->met_room : ROOM_LEAST, had = r->met_room;
	struct met *old = r->met, *met = calloc(room, sizeof(*met));
	if (!met)
		return -1;
	r->met = met;
	r->met_room = room;
	for (size_t i = 0; i < had; i++)
		if (old[i].asn)
			*place_of(r, old[i].asn) = old[i];
	free(old);
	return 0;
}

/* NULL without memory. */
static const struct met *
meet(struct corridor_content_rates *r, uint32_t asn)
{
	if (make_room(r) < 0)
		return NULL;
	struct met *met = place_of(r, asn);
	if (met->asn)
		return met;
	if (row_for(met, r, asn) < 0) {
		*met = (struct met){0};
		return NULL;
	}
	r->met_count++;
	return met;
}

/* --- days of which only sums are left --- */

static int
add_share(struct corridor_content_rates *r, const struct share *share)
{
	struct share *shares =
		array_grow(r->shares, r->share_count, &r->share_room, sizeof(*shares));
	if (!shares)
		return -1;
	r->shares = shares;
	r->shares[r->share_count++] = *share;
	return 0;
}

static int
by_row(const void *a, const void *b)
{
	const struct share *x = a, *y = b;
	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->port > y->port) - (x->port < y->port);
}

/* Of what was read in parts each row and port once, as a share of what entered there by samples. */
static void
close_day(struct corridor_content_rates *r, const struct traffic_batch *day)
{
	struct share *from = r->shares + r->share_day;
	size_t count = r->share_count - r->share_day, kept = 0;
	if (count)
		qsort(from, count, sizeof(*from), by_row);
	for (size_t i = 0; i < count; i++) {
		if (kept && by_row(&from[kept - 1], &from[i]) == 0)
			from[kept - 1].part += from[i].part;
		else
			from[kept++] = from[i];
	}
	for (size_t i = 0; i < kept; i++) {
		uint64_t flow = day->ports[from[i].port].flow_in;
		from[i].part = flow ? from[i].part / (double)flow : 0;
	}
	r->share_day += kept;
	r->share_count = r->share_day;
}

static bool
is_shaped(const struct corridor_content_rates *r, struct utc_s start)
{
	return start.s < r->shaped_to.s;
}

static struct utc_s
day_of(struct utc_s at)
{
	return (struct utc_s){at.s - at.s % DAY_S};
}

int
corridor_content_rates_day(struct corridor_content_rates *r, const struct traffic_batch *part,
			   bool whole)
{
	assert(r && part && !r->intervals && is_shaped(r, part->start));
	for (size_t i = 0; i < part->origin_count; i++) {
		const struct traffic_origin *o = &part->origins[i];
		if (o->outgoing || !o->asn.number)
			continue;
		const struct met *met = meet(r, o->asn.number);
		if (!met)
			return -1;
		if (met->row == HUB_NONE)
			continue;
		struct share share = {day_of(part->start), met->row, o->port, (double)o->octets};
		if (add_share(r, &share) < 0)
			return -1;
		r->rows[met->row].samples += o->samples;
	}
	if (whole)
		close_day(r, part);
	return 0;
}

/* What rows have of an interval of such a day. */
static void
add_shares(struct corridor_content_rates *r, const struct traffic_batch *batch)
{
	struct utc_s day = day_of(batch->start);
	while (r->share_at < r->share_day && r->shares[r->share_at].day.s < day.s)
		r->share_at++;
	for (size_t i = r->share_at; i < r->share_day && r->shares[i].day.s == day.s; i++) {
		const struct share *share = &r->shares[i];
		const struct traffic_port *port = &batch->ports[share->port];
		r->rows[share->row].octets += share->part * (double)port->counter_in;
	}
	r->shaped++;
}

/* --- intervals --- */

static int
add_origins(struct corridor_content_rates *r, const struct traffic_batch *part)
{
	for (size_t i = 0; i < part->origin_count; i++) {
		const struct traffic_origin *o = &part->origins[i];
		if (o->outgoing || !o->asn.number)
			continue;
		const struct met *met = meet(r, o->asn.number);
		if (!met)
			return -1;
		double octets = (double)traffic_normal(&part->ports[o->port], false, o->octets);
		if (met->left_out)
			r->left_out += octets;
		if (met->row == HUB_NONE)
			continue;
		r->rows[met->row].octets += octets;
		r->rows[met->row].samples += o->samples;
	}
	return 0;
}

/* What leaves by ports where users of each are. */
static void
look_where(struct corridor_content_rates *r, const struct traffic_batch *batch)
{
	const struct hub *hub = r->hub;
	memset(r->left, 0, hub->content_count * sizeof(*r->left));
	for (size_t i = 0; i < batch->port_count; i++) {
		const struct traffic_port *port = &batch->ports[i];
		uint32_t found = hub_port_by_id(hub, port->port);
		uint32_t site = found == HUB_NONE ? HUB_NONE : hub->ports[found].site;
		bool counted = port->state == TRAFFIC_COUNTER;
		if (site == HUB_NONE || port->state == TRAFFIC_MISSING)
			continue;
		for (size_t c = 0; c < hub->content_count; c++)
			if (hub->content[c].to == site)
				r->left[c] +=
					(double)(counted ? port->counter_out : port->flow_out);
	}
}

static void
split(struct corridor_content_rates *r, const struct row *row)
{
	double sum = 0;
	for (size_t i = 0; i < row->of_count; i++)
		sum += r->left[row->of[i]];
	for (size_t i = 0; i < row->of_count; i++)
		r->octets[row->of[i]] += row->octets * (sum > 0 ? r->left[row->of[i]] / sum
								: 1.0 / (double)row->of_count);
}

/* 0, or -1 without memory. */
static int
close_interval(struct corridor_content_rates *r, const struct traffic_batch *batch)
{
	size_t contents = r->hub->content_count;
	if (is_shaped(r, batch->start))
		add_shares(r, batch);
	look_where(r, batch);
	for (size_t i = 0; i < r->row_count; i++) {
		struct row *row = &r->rows[i];
		if (row->octets <= 0)
			continue;
		split(r, row);
		if (corridor_series_add(&row->series, r->intervals_most,
					corridor_rate_of(row->octets, batch)) < 0)
			return -1;
	}
	for (size_t i = 0; i < contents; i++)
		if (r->octets[i] > 0 &&
		    corridor_series_add(&r->content[i], r->intervals_most,
					corridor_rate_of(r->octets[i], batch)) < 0)
			return -1;
	r->left_out_bps += corridor_rate_of(r->left_out, batch);
	r->simulated |= batch->simulated;
	r->intervals++;
	return 0;
}

int
corridor_content_rates_add(struct corridor_content_rates *r, const struct traffic_batch *part,
			   bool whole)
{
	assert(r && part);
	if (!is_shaped(r, part->start) && add_origins(r, part) < 0)
		return -1;
	if (!whole)
		return 0;
	bool good = part->covered_s > 0 && part->covered_s >= part->length_s / 2 &&
		    r->intervals < r->intervals_most;
	int result = good ? close_interval(r, part) : 0;
	for (size_t i = 0; i < r->row_count; i++)
		r->rows[i].octets = 0;
	memset(r->octets, 0, r->hub->content_count * sizeof(*r->octets));
	r->left_out = 0;
	return result;
}

/* --- sums --- */

static int
by_size(const void *a, const void *b)
{
	const struct corridor_network_rate *x = a, *y = b;
	if (x->rates.p95_bps != y->rates.p95_bps)
		return x->rates.p95_bps > y->rates.p95_bps ? -1 : 1;
	if (x->rates.mean_bps != y->rates.mean_bps)
		return x->rates.mean_bps > y->rates.mean_bps ? -1 : 1;
	return (x->asn.number > y->asn.number) - (x->asn.number < y->asn.number);
}

int
corridor_content_rates_sum(struct corridor_content_sums *out,
			   const struct corridor_content_rates *r, struct arena *arena)
{
	assert(out && r && arena);
	size_t contents = r->hub->content_count;
	struct corridor_content_sums sums = {
		.content = arena_take(arena, (contents + 1) * sizeof(*sums.content)),
		.networks = arena_take(arena, (r->row_count + 1) * sizeof(*sums.networks)),
		.network_count = r->row_count,
		.intervals = r->intervals,
		.shaped = r->shaped,
		.left_out_bps = r->left_out_bps / (r->intervals ? r->intervals : 1),
		.simulated = r->simulated,
	};
	if (!sums.content || !sums.networks)
		return -1;
	for (size_t i = 0; i < contents; i++)
		if (corridor_series_rates(&sums.content[i].rates, &r->content[i], r->intervals,
					  arena) < 0)
			return -1;
	for (size_t i = 0; i < r->row_count; i++) {
		const struct row *row = &r->rows[i];
		sums.networks[i] = (struct corridor_network_rate){
			.asn = row->asn,
			.samples = row->samples,
			.of = row->of,
			.of_count = row->of_count,
		};
		if (corridor_series_rates(&sums.networks[i].rates, &row->series, r->intervals,
					  arena) < 0)
			return -1;
		for (size_t k = 0; k < row->of_count; k++) {
			sums.content[row->of[k]].samples += row->samples / row->of_count;
			sums.content[row->of[k]].split |= row->of_count > 1;
		}
	}
	if (sums.network_count)
		qsort(sums.networks, sums.network_count, sizeof(*sums.networks), by_size);
	*out = sums;
	return 0;
}
