/* Invoices of a whole month, against a slow and obvious computation of the same. */
#include "ledger/ledger_desk.h"

#include <errno.h>
#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#include "hub_text.h"
#include "ledger/ledger_sqlite_io.h"
#include "made_up.h"
#include "tap.h"
#include "two_members.h"
#include "view/view_ledger.h"

enum { PORTS = 4 };

/* Ports p0 and p1 are the first member's, p2 and p3 the second's. */
static const char hub_text[] = TWO_MEMBERS
	"contracts:\n"
	"  - {id: c1, member: 64501, kind: commit, currency: USD, monthly: 0.31, overage: 0.47,\n"
	"     commit: 100M, tax_percent: 17.25, starts: 2026-01-01}\n"
	"  - {id: c2, member: 64502, kind: commit, currency: JPY, monthly: 33.3, overage: 44.4,\n"
	"     commit: 1M, starts: 2026-02-11, ends: 2026-02-26, ports: [p3]}\n"
	"  - {id: f1, member: 64502, kind: flat, currency: KWD, monthly: 1234.5675,\n"
	"     starts: 2026-02-20}\n";

/* --- the month as it was: what the slow computation reads --- */

enum { BINS = 28 * 288 };

static struct month {
	uint64_t in[PORTS], out[PORTS]; /* octets to be billed */
	enum traffic_state state[PORTS];
	bool there;
} month[BINS];

/* One bin of February 2026, with all that happens: estimates, gaps, ports that come later, counters
 * of a part of the bin. */
static struct traffic_batch *
make_bin(struct made_up *m, struct arena *arena, int i)
{
	int64_t start = utc_month_start(2026, 2).s + i * 300;
	struct traffic_batch *b = made_up_batch(m, arena, start, 5, PORTS);
	if (i < 1000)
		b->port_count = 3; /* p3 was not there yet */
	b->pair_count = b->origin_count = 0;
	struct month *known = &month[i];
	known->there = true;
	for (size_t p = 0; p < b->port_count; p++) {
		struct traffic_port *port = &b->ports[p];
		uint64_t kind = made_up_below(m, 20);
		if (kind == 0) {
			port->state = TRAFFIC_ESTIMATED;
			port->counter_covered_s = 0;
			port->counter_in = port->counter_out = 0;
		} else if (kind == 1) {
			*port = (struct traffic_port){.port = port->port};
		}
		known->state[p] = port->state;
		known->in[p] = port->state == TRAFFIC_COUNTER ? port->counter_in : port->flow_in;
		known->out[p] = port->state == TRAFFIC_COUNTER ? port->counter_out : port->flow_out;
	}
	return b;
}

static void
fill(struct ledger_store *store, bool cut)
{
	struct made_up m = {99};
	memset(month, 0, sizeof(month));
	for (int i = 0; i < BINS;) {
		const struct traffic_batch *batches[192];
		enum ledger_put results[192];
		struct arena *arena = arena_new();
		size_t count = 0;
		for (; i < BINS && count + 2 <= 192; i++) {
			if (i % 997 == 7)
				continue; /* the meter was not there */
			struct traffic_batch *whole = make_bin(&m, arena, i);
			batches[count++] = whole;
			if (!cut)
				continue;
			/* The same bin in two runs, cut at some second. */
			struct traffic_batch *rest = arena_take(arena, sizeof(*rest));
			*rest = *whole;
			rest->run = 6;
			rest->ports = arena_take(arena, PORTS * sizeof(*rest->ports));
			uint32_t at = (uint32_t)(i % 299) + 1;
			for (size_t p = 0; p < whole->port_count; p++) {
				struct traffic_port *a = &whole->ports[p], *b = &rest->ports[p];
				*b = *a;
				a->counter_in = a->counter_in / 300 * at;
				b->counter_in -= a->counter_in;
				a->counter_out = a->counter_out / 300 * at;
				b->counter_out -= a->counter_out;
				a->flow_in /= 3;
				b->flow_in -= a->flow_in;
				a->flow_out /= 2;
				b->flow_out -= a->flow_out;
				if (a->state == TRAFFIC_COUNTER) {
					a->counter_covered_s = at;
					b->counter_covered_s = 300 - at;
					a->state = b->state = TRAFFIC_ESTIMATED;
				}
			}
			batches[count++] = rest;
		}
		if (ledger_store_put(store, batches, count, results) != LEDGER_STORE_OK)
			printf("# %s\n", ledger_store_error_text(store));
		arena_free(arena);
	}
}

/* --- slow and obvious: plain sums, sorting, and fractions of whole numbers --- */

static int
rising(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

struct reference {
	size_t counter, estimated, missing, n;
	uint64_t p95_in, p95_out;
};

static struct reference
reference(int first_bin, int end_bin, int first_port, int end_port)
{
	static uint64_t in[BINS], out[BINS];
	struct reference r = {0};
	for (int i = first_bin; i < end_bin; i++) {
		uint64_t octets_in = 0, octets_out = 0;
		int counters = 0, estimates = 0, unheard = 0;
		for (int p = first_port; p < end_port && month[i].there; p++) {
			if (i < 1000 && p == 3)
				continue;
			counters += month[i].state[p] == TRAFFIC_COUNTER;
			estimates += month[i].state[p] == TRAFFIC_ESTIMATED;
			unheard += month[i].state[p] == TRAFFIC_MISSING;
			octets_in += month[i].in[p];
			octets_out += month[i].out[p];
		}
		if (!counters && !estimates) {
			r.missing++;
			continue;
		}
		if (estimates || unheard)
			r.estimated++;
		else
			r.counter++;
		/* 300 s: octets * 8 / 300, half up. */
		in[r.n] = (octets_in * 80 / 300 + 5) / 10;
		out[r.n] = (octets_out * 80 / 300 + 5) / 10;
		r.n++;
	}
	if (!r.n)
		return r;
	qsort(in, r.n, sizeof(in[0]), rising);
	qsort(out, r.n, sizeof(out[0]), rising);
	r.p95_in = in[r.n - r.n / 20 - 1];
	r.p95_out = out[r.n - r.n / 20 - 1];
	return r;
}

/* micro-units * bit/s / 10^6 * days / of, in minor units: half away from zero. */
static int64_t
price_of(int64_t micro, uint64_t bps, int days, int of, int64_t minor_per_unit)
{
	__extension__ typedef __int128 wide;
	wide top = (wide)micro * (wide)bps * days * minor_per_unit;
	wide bottom = (wide)1000000 * 1000000 * of;
	return (int64_t)((2 * top + bottom) / (2 * bottom));
}

static bool
same_bins(const struct ledger_invoice *invoice, const struct reference *r, size_t expected)
{
	bool good = invoice->bins.expected == expected && invoice->bins.counter == r->counter &&
		    invoice->bins.estimated == r->estimated &&
		    invoice->bins.missing == r->missing && invoice->p95.count == r->n &&
		    invoice->p95.in_bps == r->p95_in && invoice->p95.out_bps == r->p95_out;
	if (!good)
		printf("# bins %zu %zu %zu of %zu, n %zu, p95 %" PRIu64 " %" PRIu64
		       "; expected %zu %zu %zu of %zu, n %zu, %" PRIu64 " %" PRIu64 "\n",
		       invoice->bins.counter, invoice->bins.estimated, invoice->bins.missing,
		       invoice->bins.expected, invoice->p95.count, invoice->p95.in_bps,
		       invoice->p95.out_bps, r->counter, r->estimated, r->missing, expected, r->n,
		       r->p95_in, r->p95_out);
	return good;
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void
invoices(struct ledger_desk *desk)
{
	struct ledger_invoice invoice;
	struct utc_s now = utc_month_start(2026, 4);
	ok(ledger_desk_invoice(desk, &invoice, NULL, 0, utc_month_start(2026, 2), now) ==
		   LEDGER_DESK_OK,
	   "February of the first contract is there");
	struct reference r = reference(0, BINS, 0, 2);
	ok(same_bins(&invoice, &r, BINS), "its bins and percentiles are those of the slow way");
	uint64_t p95 = larger(r.p95_in, r.p95_out);
	int64_t commit = price_of(310000, 100000000, 28, 28, 100);
	int64_t overage = price_of(470000, p95 - 100000000, 28, 28, 100);
	int64_t tax = ((commit + overage) * 1725 + 5000) / 10000;
	ok(p95 > 100000000 && invoice.charge.lines[0].amount.minor == commit &&
		   invoice.charge.lines[1].amount.minor == overage &&
		   invoice.charge.lines[2].amount.minor == tax &&
		   invoice.charge.total.minor == commit + overage + tax,
	   "and so are its lines, to the cent");
	is_str(invoice.number, "TST-202602-64501-c1", "its number says whose and when");
	ok(invoice.final && !invoice.simulated, "it is final, and nothing of it is simulated");

	ok(ledger_desk_invoice(desk, &invoice, NULL, 1, utc_month_start(2026, 2), now) ==
		   LEDGER_DESK_OK,
	   "a contract from the 11th to the 25th, of one port");
	r = reference(10 * 288, 25 * 288, 3, 4);
	ok(same_bins(&invoice, &r, 15 * 288), "has the bins of its 15 days");
	p95 = larger(r.p95_in, r.p95_out);
	commit = price_of(33300000, 1000000, 15, 28, 1);
	overage = price_of(44400000, p95 - 1000000, 15, 28, 1);
	ok(invoice.charge.total.minor == commit + overage, "and costs 15 of 28 days, in whole yen");

	ok(ledger_desk_invoice(desk, &invoice, NULL, 2, utc_month_start(2026, 2), now) ==
			   LEDGER_DESK_OK &&
		   invoice.charge.total.minor == price_of(1234567500, 1000000, 9, 28, 1000),
	   "a flat fee for 9 of 28 days, in thousandths");
	r = reference(19 * 288, BINS, 2, 4);
	ok(same_bins(&invoice, &r, 9 * 288),
	   "with the bins of both ports, though they cost nothing");
	ok(ledger_desk_invoice(desk, &invoice, NULL, 1, utc_month_start(2026, 3), now) ==
		   LEDGER_DESK_NOT_IN_FORCE,
	   "after its end a contract has no invoice");
	ok(ledger_desk_invoice(desk, &invoice, NULL, 0, utc_month_start(2026, 5), now) ==
		   LEDGER_DESK_NOT_IN_FORCE,
	   "nor has a month that has not begun");
	ok(ledger_desk_invoice(desk, &invoice, NULL, 0, utc_month_start(2026, 1), now) ==
			   LEDGER_DESK_OK &&
		   invoice.bins.missing == 31 * 288 && invoice.p95.count == 0 &&
		   invoice.charge.net.minor == 3100 && invoice.charge.tax.minor == 535,
	   "a month without any bin costs the commit");
}

static void
running(struct ledger_desk *desk)
{
	struct ledger_invoice invoice;
	struct utc_s start = utc_month_start(2026, 2);
	struct utc_s now = {start.s + 10 * 86400 + 150};
	ok(ledger_desk_invoice(desk, &invoice, NULL, 0, utc_month_start(2026, 2), now) ==
			   LEDGER_DESK_OK &&
		   invoice.bins.expected == 10 * 288 && !invoice.final,
	   "while the month runs the bins that are due count");
	struct reference r = reference(0, 10 * 288, 0, 2);
	ok(same_bins(&invoice, &r, 10 * 288), "with the percentile so far");
	now.s = start.s + 10 * 86400 + 20;
	ok(ledger_desk_invoice(desk, &invoice, NULL, 0, utc_month_start(2026, 2), now) ==
			   LEDGER_DESK_OK &&
		   invoice.bins.expected == 10 * 288 - 1,
	   "a bin that has just closed is not yet due");
	now.s = utc_month_start(2026, 3).s + LEDGER_SETTLING_S - 1;
	ok(ledger_desk_invoice(desk, &invoice, NULL, 0, utc_month_start(2026, 2), now) ==
			   LEDGER_DESK_OK &&
		   !invoice.final,
	   "the first minutes of the next month are for bins on their way");
	now.s++;
	ok(ledger_desk_invoice(desk, &invoice, NULL, 0, utc_month_start(2026, 2), now) ==
			   LEDGER_DESK_OK &&
		   invoice.final,
	   "then it is final");
}

static void
curves(struct ledger_desk *desk)
{
	struct ledger_curve curve;
	struct utc_s from = utc_month_start(2026, 2), to = utc_month_start(2026, 3);
	struct utc_s now = utc_month_start(2026, 4);
	struct reference r = reference(0, BINS, 0, 2);
	if (!ok(ledger_desk_curve(desk, &curve, 0, from, to, now) == LEDGER_DESK_OK,
		"a member's month as a curve"))
		return;
	ok(curve.series.count == BINS && curve.p95.in_bps == r.p95_in &&
		   curve.bins.missing == r.missing && curve.commit_bps == 100000000,
	   "has the percentile of the invoice, and the commit");
	uint64_t in = 0, expected = 0;
	for (size_t i = 0; i < curve.series.count; i++)
		in += curve.series.bins[i].in;
	for (int i = 0; i < BINS; i++)
		expected += month[i].in[0] + month[i].in[1];
	ok(in == expected, "its octets add up to those that were put");
	ledger_curve_fini(&curve);
	if (ledger_desk_curve(desk, &curve, HUB_NONE, from, to, now) != LEDGER_DESK_OK)
		return;
	in = expected = 0;
	for (size_t i = 0; i < curve.series.count; i++)
		in += curve.series.bins[i].in;
	for (int i = 0; i < BINS; i++)
		for (int p = 0; p < PORTS; p++)
			expected += month[i].in[p];
	ok(in == expected && !curve.member, "the hub's curve is that of all ports");
	ledger_curve_fini(&curve);
}

/* Everything that is said on the invoices of the month, as bytes. */
static struct buf
printed(struct ledger_desk *desk)
{
	struct buf out = {0};
	for (uint32_t contract = 0; contract < 3; contract++) {
		struct ledger_invoice invoice;
		struct ledger_series series;
		if (ledger_desk_invoice(desk, &invoice, &series, contract, utc_month_start(2026, 2),
					utc_month_start(2026, 4)) != LEDGER_DESK_OK)
			continue;
		view_ledger_bill(&out, VIEW_LEDGER_JSON, &invoice);
		view_ledger_bill(&out, VIEW_LEDGER_TEXT, &invoice);
		view_ledger_bins_csv(&out, &invoice);
		view_ledger_html(&out, &invoice);
		ledger_series_fini(&series);
	}
	return out;
}

static struct ledger_store *
open_store(const char *folder, const char *name)
{
	char path[256], reason[LEDGER_SQLITE_REASON];
	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	struct ledger_store *store = ledger_sqlite_open(path, reason);
	if (!store) {
		printf("Bail out! %s\n", reason);
		exit(1);
	}
	return store;
}

/* --- what is remembered --- */

static const struct ledger_store_engine *counted_engine;
static int reads;

static enum ledger_store_error
counted_bins(struct ledger_facts *out, struct ledger_store *store, struct arena *arena,
	     const char *port, struct utc_s from, struct utc_s to)
{
	reads++;
	return counted_engine->bins(out, store, arena, port, from, to);
}

static bool
put_late(struct ledger_store *store, struct utc_s start)
{
	struct arena *arena = arena_new();
	struct made_up m = {1};
	struct traffic_batch *late = made_up_batch(&m, arena, start.s, 8, 2);
	const struct traffic_batch *one = late;
	enum ledger_put result = LEDGER_PUT_REFUSED;
	late->simulated = true;
	(void)ledger_store_put(store, &one, 1, &result);
	arena_free(arena);
	return result == LEDGER_PUT_NEW;
}

/* What contract c1 brought in that month of 2026, by an April that has everything. */
static struct ledger_earned
earned(struct ledger_desk *desk, int of)
{
	struct ledger_earned out = {0};
	(void)ledger_desk_earned(desk, &out, 0, utc_month_start(2026, of),
				 utc_month_start(2026, 4));
	return out;
}

/* A year's revenue asks for each month of each contract, and only one of them still changes. */
static void
remembering(struct ledger_desk *desk, struct ledger_store *store)
{
	struct ledger_store_engine counting = *store->engine;
	struct ledger_invoice invoice;
	counted_engine = store->engine;
	counting.bins = counted_bins;
	store->engine = &counting;
	struct ledger_earned february = earned(desk, 2), march = earned(desk, 3);
	(void)ledger_desk_invoice(desk, &invoice, NULL, 0, utc_month_start(2026, 2),
				  utc_month_start(2026, 4));
	is_int(february.net.minor, invoice.charge.net.minor,
	       "what a month brought is what its invoice says, net");
	int before = reads;
	february = earned(desk, 2);
	march = earned(desk, 3);
	ok(reads == before && before > 0, "nothing is read a second time for months that are over");
	ok(put_late(store, (struct utc_s){utc_month_start(2026, 3).s + 300}) &&
		   earned(desk, 2).net.minor == february.net.minor && reads == before,
	   "nor when a bin comes to another month");
	ok(!march.simulated && earned(desk, 3).simulated && reads > before,
	   "a bin that comes late to the month is seen");
	store->engine = counted_engine;
}

int
main(void)
{
	struct hub *hub = hub_of_text(hub_text);
	char *folder = made_up_folder();
	struct ledger_store *whole = open_store(folder, "whole"), *cut = open_store(folder, "cut");
	struct ledger_desk *desk = ledger_desk_new(whole, hub), *other = ledger_desk_new(cut, hub);
	fill(cut, true);
	fill(whole, false);
	invoices(desk);
	running(desk);
	curves(desk);
	struct buf first = printed(desk), second = printed(other);
	ok(first.length > 100000 && first.length == second.length &&
		   memcmp(first.data, second.data, first.length) == 0,
	   "the same month in two runs a bin gives the same invoices, octet for octet");
	buf_fini(&second);
	fill(whole, false);
	second = printed(desk);
	ok(first.length == second.length && memcmp(first.data, second.data, first.length) == 0,
	   "putting all of it again changes nothing");
	/* A bin that comes late is on the next invoice, though the last one was remembered. */
	struct ledger_invoice before, after;
	struct utc_s now = utc_month_start(2026, 4);
	(void)ledger_desk_invoice(desk, &before, NULL, 0, utc_month_start(2026, 2), now);
	(void)put_late(whole, (struct utc_s){utc_month_start(2026, 2).s + 7 * 300});
	(void)ledger_desk_invoice(desk, &after, NULL, 0, utc_month_start(2026, 2), now);
	ok(after.bins.missing == before.bins.missing - 1 && !before.simulated && after.simulated,
	   "a bin that comes late changes the invoice; a simulated one marks it");
	remembering(desk, whole);
	buf_fini(&first);
	buf_fini(&second);
	ledger_desk_free(desk);
	ledger_desk_free(other);
	ledger_store_close(whole);
	ledger_store_close(cut);
	hub_free(hub);
	made_up_remove(folder);
	return done_testing();
}
