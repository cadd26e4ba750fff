/* What must hold of every bill, tried on random months and contracts: how bins came in pieces, the
 * order of ports and runs, and who asks how often make no difference; months tile the year; more
 * traffic is never cheaper, but where a contract says so. */
#include <stdlib.h>

#include "hub/hub_file_io.h"
#include "ledger/ledger_invoice.h"
#include "made_up.h"
#include "tap.h"
#include "view/view_ledger.h"

enum { PORTS = 3, LENGTH_S = 7200, ROUNDS = 400 };

static struct made_up random_from = {20261121};

static uint64_t
below(uint64_t limit)
{
	return made_up_below(&random_from, limit);
}

static bool
chance(unsigned percent)
{
	return below(100) < percent;
}

/* --- a hub with one contract, and its month --- */

static uint32_t ports[PORTS] = {0, 1, 2};
static struct hub_port hub_ports[PORTS] = {{.id = "p0", .speed_bps = 1000000000},
					   {.id = "p1", .speed_bps = 10000000000},
					   {.id = "p2", .speed_bps = 10000000000}};
static struct hub_member members[] = {{.asn = {64501}, .name = "First", .port_count = PORTS}};
static struct hub_charge charges[8];
static struct hub_tier tiers[3];
static struct hub_contract contracts[] = {{
	.id = "c1",
	.kind = HUB_ITEMS,
	.currency = {"USD"},
	.tax_name = "VAT",
	.ports = ports,
	.port_count = PORTS,
	.charges = charges,
}};
static const struct hub hub = {
	.name = "Test Hub",
	.members = members,
	.member_count = 1,
	.ports = hub_ports,
	.port_count = PORTS,
	.contracts = contracts,
	.contract_count = 1,
};

static struct price
price(uint64_t most_micro)
{
	return (struct price){(int64_t)below(most_micro) + 1, {"USD"}};
}

static void
add(struct hub_charge charge)
{
	struct hub_contract *c = &contracts[0];
	charge.id = (const char *const[]){"a", "b", "c", "d", "e", "f", "g", "h"}[c->charge_count];
	charge.count = charge.count ? charge.count : 1;
	charges[c->charge_count++] = charge;
}

/* The traffic's price: commit, slabs, or (`tiered`) one price for all that changes with it. */
static void
add_rate(bool tiered)
{
	uint64_t commit_bps = below(3000) * 1000000;
	for (size_t i = 0; i < 3; i++)
		tiers[i] = (struct hub_tier){i < 2 ? (i + 1) * 900000000 : 0, price(3000000)};
	struct hub_charge charge = {
		.kind = tiered       ? HUB_CHARGE_TIERS
			: chance(50) ? HUB_CHARGE_SLABS
				     : HUB_CHARGE_COMMIT,
		.price = price(3000000),
		.overage = price(3000000),
		.commit_bps = commit_bps,
		.tiers = tiers,
		.tier_count = 3,
	};
	add(charge);
}

static void
random_contract(bool tiered)
{
	struct hub_contract *c = &contracts[0];
	c->charge_count = 0;
	c->tax_basis_points = (uint32_t)below(2500);
	c->rounding = chance(50) ? MONEY_HALF_AWAY : MONEY_HALF_EVEN;
	c->percentile = (struct hub_percentile){
		.rank = chance(50) ? 9500 : (uint32_t)below(10000) + 1,
		.direction = (enum hub_direction)below(5),
		.ports = chance(50) ? HUB_PORTS_SUM_FIRST : HUB_PORTS_SUM_AFTER,
		.missing = chance(50) ? HUB_MISSING_LEFT_OUT : HUB_MISSING_ZERO,
		.method = (enum hub_method)below(4),
		.top_days = (uint8_t)(1 + below(7)),
		.peak_bin = (uint8_t)(1 + below(7)),
		.baseline = chance(20) ? (uint32_t)below(3000) : 0,
		.baseline_of = chance(50) ? HUB_BASELINE_PORTS : HUB_BASELINE_PEAK,
		.round_up_bps = chance(30) ? 1000000 : 0,
	};
	add_rate(tiered);
	add((struct hub_charge){.kind = HUB_CHARGE_MONTHLY, .price = price(900000000)});
	if (chance(30))
		add((struct hub_charge){.kind = HUB_CHARGE_VOLUME,
					.direction = chance(50) ? HUB_DIRECTION_SUM
								: HUB_DIRECTION_LARGER,
					.price = price(9000000)});
	if (chance(30))
		add((struct hub_charge){.kind = HUB_CHARGE_BURST,
					.by = chance(50) ? HUB_BURST_RATE : HUB_BURST_HOURS,
					.above_percent = 12000,
					.price = price(900000)});
	if (chance(30))
		add((struct hub_charge){.kind = HUB_CHARGE_CREDIT,
					.every_month = true,
					.of = "usage",
					.percent = 1000});
	if (chance(20))
		add((struct hub_charge){
			.kind = HUB_CHARGE_MINIMUM, .of = "usage", .price = price(9000000000)});
	if (chance(20))
		add((struct hub_charge){
			.kind = HUB_CHARGE_MAXIMUM, .of = "invoice", .price = price(9000000000)});
}

struct month {
	struct ledger_series ports[PORTS];
	struct ledger_period period;
};

static void
month_init(struct month *m)
{
	if (ledger_period_of(&m->period, &contracts[0], 2026, 11) < 0)
		abort();
	for (size_t p = 0; p < PORTS; p++)
		if (ledger_series_init(&m->ports[p], m->period.from, m->period.to, LENGTH_S) < 0)
			abort();
}

static void
month_fini(struct month *m)
{
	for (size_t p = 0; p < PORTS; p++)
		ledger_series_fini(&m->ports[p]);
}

/* Facts of a port: counters, estimates, gaps; nothing before a moment when it was not there. */
static size_t
random_facts(struct ledger_fact *facts, const struct ledger_series *series)
{
	size_t first = chance(20) ? below(series->count) : 0, count = 0;
	for (size_t i = first; i < series->count; i++) {
		uint64_t in = below(LENGTH_S * UINT64_C(125000000));
		uint64_t out = below(LENGTH_S * UINT64_C(60000000));
		bool estimated = chance(10), missing = chance(5);
		facts[count++] = (struct ledger_fact){
			.start = {series->from.s + (int64_t)i * LENGTH_S},
			.length_s = LENGTH_S,
			.runs = 1,
			.counter_covered_s = estimated || missing ? 0 : LENGTH_S,
			.counter_in = estimated || missing ? 0 : in,
			.counter_out = estimated || missing ? 0 : out,
			.flow_in = missing ? 0 : in,
			.flow_out = missing ? 0 : out,
			.claim = missing     ? TRAFFIC_MISSING
				 : estimated ? TRAFFIC_ESTIMATED
					     : TRAFFIC_COUNTER,
		};
	}
	return count;
}

/* The invoice as the bytes that are shown, and its net amount. */
static char *
bytes_of(const struct month *m, int64_t *net)
{
	struct arena *arena = arena_new();
	struct ledger_series sum;
	struct ledger_invoice invoice;
	struct buf out = {0};
	if (ledger_series_init(&sum, m->period.from, m->period.to, LENGTH_S) < 0)
		abort();
	for (size_t p = 0; p < PORTS; p++)
		ledger_series_join(&sum, &m->ports[p]);
	struct ledger_invoice_source source = {
		.hub = &hub,
		.period = m->period,
		.usage = {.sum = &sum,
			  .ports = m->ports,
			  .port_count = PORTS,
			  .speed_bps = UINT64_C(21000000000)},
		.now = utc_month_start(2026, 12),
	};
	if (ledger_invoice_make(&invoice, arena, &source) < 0)
		abort();
	view_ledger_bill(&out, VIEW_LEDGER_JSON, &invoice);
	buf_u8(&out, 0);
	if (net)
		*net = invoice.charge.net.minor;
	ledger_series_fini(&sum);
	arena_free(arena);
	return (char *)out.data;
}

/* A fact in `pieces` shorter ones that add up to it. */
static void
split(struct ledger_fact *out, const struct ledger_fact *whole, uint32_t pieces)
{
	for (uint32_t i = 0; i < pieces; i++) {
		uint32_t length_s = whole->length_s / pieces;
		out[i] = (struct ledger_fact){
			.start = {whole->start.s + (int64_t)i * length_s},
			.length_s = length_s,
			.runs = 1,
			.claim = whole->claim,
			.counter_covered_s = whole->counter_covered_s / pieces,
			.counter_in = whole->counter_in / pieces,
			.counter_out = whole->counter_out / pieces,
			.flow_in = whole->flow_in / pieces,
			.flow_out = whole->flow_out / pieces,
		};
		if (i == 0) { /* and what does not divide */
			out[i].counter_in += whole->counter_in % pieces;
			out[i].counter_out += whole->counter_out % pieces;
			out[i].flow_in += whole->flow_in % pieces;
			out[i].flow_out += whole->flow_out % pieces;
		}
	}
}

static void
pieces_and_runs(void)
{
	static struct ledger_fact facts[1000], cut[6000];
	unsigned pieces_wrong = 0, runs_wrong = 0, again_wrong = 0;
	for (int round = 0; round < ROUNDS; round++) {
		struct month whole, pieces, runs;
		random_contract(chance(30));
		month_init(&whole);
		month_init(&pieces);
		month_init(&runs);
		for (size_t p = 0; p < PORTS; p++) {
			size_t count = random_facts(facts, &whole.ports[p]);
			ledger_series_add(&whole.ports[p], facts, count);
			for (size_t i = 0; i < count; i++)
				split(&cut[i * 6], &facts[i], 6);
			ledger_series_add(&pieces.ports[p], cut, count * 6);
			/* Six runs of the meter saw a part of each bin, in any order. */
			for (size_t i = 0; i < count; i++) {
				size_t first = below(6);
				struct ledger_fact sum = cut[i * 6 + first];
				for (size_t k = 1; k < 6; k++)
					ledger_fact_add(&sum, &cut[i * 6 + (first + k) % 6]);
				sum.start = facts[i].start;
				sum.length_s = LENGTH_S;
				sum.counter_covered_s = facts[i].counter_covered_s;
				facts[i] = sum;
			}
			ledger_series_add(&runs.ports[p], facts, count);
		}
		char *a = bytes_of(&whole, NULL), *b = bytes_of(&pieces, NULL);
		char *c = bytes_of(&runs, NULL), *d = bytes_of(&whole, NULL);
		pieces_wrong += strcmp(a, b) != 0;
		runs_wrong += strcmp(a, c) != 0;
		again_wrong += strcmp(a, d) != 0;
		free(a);
		free(b);
		free(c);
		free(d);
		month_fini(&whole);
		month_fini(&pieces);
		month_fini(&runs);
	}
	is_int(pieces_wrong, 0, "bins in six pieces give the same invoice, to the byte");
	is_int(runs_wrong, 0, "bins of six runs in any order give the same invoice, to the byte");
	is_int(again_wrong, 0, "computed twice it is the same, to the byte");
}

static void
order_of_ports(void)
{
	static struct ledger_fact facts[1000];
	unsigned wrong = 0;
	for (int round = 0; round < ROUNDS; round++) {
		struct month m;
		random_contract(chance(30));
		/* Only the sum is shown of what is added up before. */
		contracts[0].percentile.ports =
			chance(50) ? HUB_PORTS_SUM_FIRST : HUB_PORTS_SUM_AFTER;
		month_init(&m);
		for (size_t p = 0; p < PORTS; p++)
			ledger_series_add(&m.ports[p], facts, random_facts(facts, &m.ports[p]));
		int64_t before, after;
		free(bytes_of(&m, &before));
		struct ledger_series other = m.ports[0];
		m.ports[0] = m.ports[2];
		m.ports[2] = m.ports[1];
		m.ports[1] = other;
		free(bytes_of(&m, &after));
		wrong += before != after;
		month_fini(&m);
	}
	is_int(wrong, 0, "the order of the ports makes no difference");
}

/* Adds octets to some bins that are there, all of one port or single ones. */
static void
more_traffic(struct month *m)
{
	struct ledger_series *series = &m->ports[below(PORTS)];
	bool all = chance(30);
	for (size_t i = 0; i < series->count; i++) {
		struct ledger_bin *bin = &series->bins[i];
		if (bin->state == TRAFFIC_MISSING || (!all && !chance(10)))
			continue;
		bin->in += below(LENGTH_S * UINT64_C(50000000));
		bin->out += below(LENGTH_S * UINT64_C(50000000));
	}
}

static unsigned
times_cheaper(bool tiered)
{
	static struct ledger_fact facts[1000];
	unsigned cheaper = 0;
	for (int round = 0; round < ROUNDS; round++) {
		struct month m;
		random_contract(tiered);
		month_init(&m);
		for (size_t p = 0; p < PORTS; p++)
			ledger_series_add(&m.ports[p], facts, random_facts(facts, &m.ports[p]));
		int64_t before, after;
		free(bytes_of(&m, &before));
		more_traffic(&m);
		free(bytes_of(&m, &after));
		cheaper += after < before;
		month_fini(&m);
	}
	return cheaper;
}

static void
more_is_not_cheaper(void)
{
	is_int(times_cheaper(false), 0, "more traffic is never cheaper");
	ok(times_cheaper(true) > 0,
	   "but for tiers, where a higher one may have a lower price for all");
}

/* Each bin of a year belongs to exactly one month of the contract, whatever its zone; also bins that
 * midnight cuts in two. */
static void
months_tile(void)
{
	static const char *const names[] = {
		"Asia/Karachi", "Europe/Berlin",     "Asia/Almaty",         "Asia/Kathmandu",
		"Pacific/Apia", "America/Sao_Paulo", "Australia/Lord_Howe", "America/St_Johns"};
	struct arena *arena = arena_new();
	for (size_t z = 0; z < sizeof(names) / sizeof(names[0]); z++) {
		char path[120], why[ZONE_COMPLAINT];
		struct buf octets = {0};
		(void)snprintf(path, sizeof(path), ZONE_FOLDER "/%s", names[z]);
		struct hub_contract contract = contracts[0];
		if (hub_file_disk().read(NULL, path, &octets) == 0)
			contract.zone = zone_read(arena, names[z], octets.data, octets.length, why);
		buf_fini(&octets);
		unsigned wrong = contract.zone == NULL;
		static const uint32_t lengths[] = {60, 300, 3600, 86400};
		for (size_t l = 0; l < 4 && !wrong; l++) {
			int64_t next = INT64_MIN;
			for (int month = 1; month <= 12 * 20; month++) {
				struct ledger_period period;
				struct ledger_series series;
				uint32_t length_s = lengths[l];
				if (ledger_period_of(&period, &contract, 2009, month) < 0)
					abort();
				/* As the desk asks for them. */
				struct utc_s end = ledger_invoice_due(
					&period, length_s, (struct utc_s){INT64_C(1) << 40},
					(struct utc_s){0});
				if (end.s % length_s)
					end.s += length_s - end.s % length_s;
				if (ledger_series_init(&series, period.from, end, length_s) < 0)
					abort();
				wrong += next != INT64_MIN && series.from.s != next;
				next = series.from.s + (int64_t)series.count * length_s;
				ledger_series_fini(&series);
			}
		}
		ok(!wrong, "%s: every bin of twenty years is in exactly one month", names[z]);
	}
	arena_free(arena);
}

int
main(void)
{
	pieces_and_runs();
	order_of_ports();
	more_is_not_cheaper();
	months_tile();
	return done_testing();
}
