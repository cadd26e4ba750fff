/* How long the invoices of a month take, when the bins are at hand: members with several ports each,
 * by every way to find a rate. What reading the bins takes is told by store_year.
 *
 *   invoice_month [members=N] [ports=N]                ports of a member */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "ledger/ledger_desk.h"

enum { LENGTH_S = 300, ITEMS = 3, NAME = 24 };

static size_t members = 300, ports = 2;

static double
seconds(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- bins that are made as they are asked for --- */

static enum ledger_store_error
make_bins(struct ledger_facts *out, struct ledger_store *store, struct arena *arena,
	  const char *port, struct utc_s from, struct utc_s to)
{
	size_t count = (size_t)((to.s - from.s) / LENGTH_S);
	uint64_t seed = (uint64_t)atol(port + 1);
	(void)store;
	out->items = arena_take(arena, (count + 1) * sizeof(*out->items));
	out->count = count;
	for (size_t i = 0; i < count; i++) {
		uint64_t octets = hash_u64(seed << 32 ^ i) % UINT64_C(300000000000);
		out->items[i] = (struct ledger_fact){
			.start = {from.s + (int64_t)i * LENGTH_S},
			.length_s = LENGTH_S,
			.runs = 1,
			.counter_covered_s = LENGTH_S,
			.counter_in = octets,
			.counter_out = octets / 3,
			.claim = TRAFFIC_COUNTER,
		};
	}
	return LEDGER_STORE_OK;
}

static enum ledger_store_error
no_totals(struct ledger_store *store, struct ledger_store_totals *totals)
{
	(void)store;
	*totals = (struct ledger_store_totals){0};
	return LEDGER_STORE_OK;
}

static enum ledger_store_error
no_count(struct ledger_store *store, struct utc_s from, struct utc_s to, uint64_t *batches)
{
	(void)store;
	(void)from;
	(void)to;
	*batches = 0;
	return LEDGER_STORE_OK;
}

static const struct ledger_store_engine engine = {
	.name = "made up", .bins = make_bins, .count = no_count, .totals = no_totals};

/* --- the hub --- */

static struct hub_tier tiers[] = {{1000000000, {500000, {"USD"}}}, {0, {300000, {"USD"}}}};
static struct hub_charge items[ITEMS] = {
	{.id = "slabs", .kind = HUB_CHARGE_SLABS, .tiers = tiers, .tier_count = 2},
	{.id = "port", .kind = HUB_CHARGE_PORT, .price = {500000000, {"USD"}}},
	{.id = "volume", .kind = HUB_CHARGE_VOLUME, .price = {1000000, {"USD"}}},
};

static void
make_hub(struct hub *hub)
{
	*hub = (struct hub){.name = "Bench", .bin_length_s = LENGTH_S};
	hub->members = calloc(members, sizeof(*hub->members));
	hub->ports = calloc(members * ports, sizeof(*hub->ports));
	hub->contracts = calloc(members, sizeof(*hub->contracts));
	uint32_t *indices = calloc(members * ports, sizeof(*indices));
	char *names = calloc(members * ports, NAME);
	if (!hub->members || !hub->ports || !hub->contracts || !indices || !names)
		abort();
	hub->member_count = hub->contract_count = members;
	hub->port_count = members * ports;
	for (size_t i = 0; i < members * ports; i++) {
		(void)snprintf(names + i * NAME, NAME, "p%zu", i);
		indices[i] = (uint32_t)i;
		hub->ports[i] = (struct hub_port){.id = names + i * NAME,
						  .member = (uint32_t)(i / ports),
						  .speed_bps = 10000000000};
	}
	for (size_t i = 0; i < members; i++) {
		hub->members[i] = (struct hub_member){.name = "M", .port_count = (uint32_t)ports};
		hub->contracts[i] = (struct hub_contract){
			.id = "c",
			.member = (uint32_t)i,
			.kind = HUB_ITEMS,
			.currency = {"USD"},
			.charges = items,
			.charge_count = ITEMS,
			.ports = indices + i * ports,
			.port_count = ports,
		};
	}
}

static void
measure(struct hub *hub, const char *name, struct hub_percentile rules)
{
	struct ledger_store store = {&engine};
	struct utc_s month = utc_month_start(2026, 10), now = utc_month_start(2026, 12);
	for (size_t i = 0; i < members; i++)
		hub->contracts[i].percentile = rules;
	struct ledger_desk *desk = ledger_desk_new(&store, hub);
	if (!desk)
		abort();
	double begin = seconds();
	for (size_t i = 0; i < members; i++) {
		struct ledger_invoice invoice;
		if (ledger_desk_invoice(desk, &invoice, NULL, (uint32_t)i, month, now))
			abort();
	}
	double all = seconds() - begin;
	printf("%-44s %7.2f ms each, %6.2f s in all\n", name, all / (double)members * 1e3, all);
	ledger_desk_free(desk);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "members=", 8) == 0)
			members = strtoul(argv[i] + 8, NULL, 10);
		else if (strncmp(argv[i], "ports=", 6) == 0)
			ports = strtoul(argv[i] + 6, NULL, 10);
	}
	if (!members || !ports || ports > 1000 || members > 100000)
		return 2;
	struct hub hub;
	make_hub(&hub);
	printf("%zu members with %zu ports each, 31 days in bins of %d s\n", members, ports,
	       LENGTH_S);
	measure(&hub, "the larger 95th, ports first", (struct hub_percentile){.rank = 9500});
	measure(&hub, "each port's own, added up after",
		(struct hub_percentile){.rank = 9500, .ports = HUB_PORTS_SUM_AFTER});
	measure(&hub, "each bin's larger, by days",
		(struct hub_percentile){.rank = 9500,
					.direction = HUB_DIRECTION_BIN_LARGER,
					.method = HUB_METHOD_DAILY_MEAN});
	measure(&hub, "daily peaks, valid days",
		(struct hub_percentile){.rank = 9500,
					.method = HUB_METHOD_TOP_DAYS,
					.top_days = 5,
					.peak_bin = 5,
					.valid_days = true});
	return 0;
}
