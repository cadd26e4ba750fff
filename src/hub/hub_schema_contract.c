/* The rows of contracts: who pays, for what, by which rules. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

static const char *const kind_words[] = {"flat", "commit", "items", NULL};
static const char *const direction_words[] = {"larger", "each-bin-larger", "sum", "in", "out",
					      NULL};
static const char *const ports_words[] = {"sum-first", "sum-after", NULL};
static const char *const missing_words[] = {"left-out", "zero", "other-party", NULL};
static const char *const method_words[] = {"month", "daily-mean", "daily-max", "top-days", NULL};
static const char *const baseline_words[] = {"ports", "peak", NULL};
static const char *const change_words[] = {"by-days", "apart", NULL};
static const char *const rounding_words[] = {"half-away", "half-even", NULL};
static const char *const charge_words[] = {
	"once",    "monthly", "port",   "commit",  "tiers",   "slabs",
	"transit", "volume",  "burst",  "minimum", "maximum", "cross-connect",
	"cloud",   "iru",     "upkeep", "credit",  NULL};
static const char *const per_words[] = {"each", "gigabit", NULL};
static const char *const unit_words[] = {"TB", "GB", NULL};
static const char *const burst_words[] = {"rate", "hours", NULL};
static const char *const payment_words[] = {"at-once", "instalments", NULL};

static const struct hub_item percentile_rows[] = {
	{"rank", HUB_TYPE_PERCENT, FIELD(hub_percentile, rank), .min = 1, .max = 10000,
	 .fallback = "95",
	 .help = "Of n rates in rising order the one at n - floor(n x (100 - rank) / 100), counted "
		 "from 1, is billed."},
	{"direction", HUB_TYPE_WORD, FIELD(hub_percentile, direction), .words = direction_words,
	 .fallback = "larger",
	 .help = "larger: in and out each have a percentile, the larger counts; each-bin-larger: "
		 "the larger of each bin; sum: in + out of each bin; in, out: one way."},
	{"ports", HUB_TYPE_WORD, FIELD(hub_percentile, ports), .words = ports_words,
	 .fallback = "sum-first",
	 .help = "sum-first: ports are added up bin by bin; sum-after: each has its own "
		 "percentile, and those are added up."},
	{"missing", HUB_TYPE_WORD, FIELD(hub_percentile, missing), .words = missing_words,
	 .fallback = "left-out",
	 .help = "left-out: missing bins stay out of n; zero: they count as bins without traffic; "
		 "other-party: the other party's records stand in, where it has some."},
	{"method", HUB_TYPE_WORD, FIELD(hub_percentile, method), .words = method_words,
	 .fallback = "month",
	 .help = "month: of all bins of the month; daily-mean, daily-max: of each day's bins, then "
		 "the mean or the highest; top-days: the mean of the highest daily peaks."},
	{"top_days", HUB_TYPE_COUNT, FIELD(hub_percentile, top_days), .min = 1, .max = 31,
	 .fallback = "5", .help = "top-days: so many days."},
	{"peak_bin", HUB_TYPE_COUNT, FIELD(hub_percentile, peak_bin), .min = 1, .max = 255,
	 .fallback = "5", .help = "top-days: a day's peak is its so manieth highest bin."},
	{"valid_days", HUB_TYPE_BOOL, FIELD(hub_percentile, valid_days), .fallback = "false",
	 .help = "Only days with traffic count: bins of others leave n, and rates are paid for the "
		 "valid days over the days of the month."},
	{"baseline", HUB_TYPE_PERCENT, FIELD(hub_percentile, baseline), .max = 10000,
	 .fallback = "0", .help = "The least that is billed, in percent of baseline_of; 0: none."},
	{"baseline_of", HUB_TYPE_WORD, FIELD(hub_percentile, baseline_of), .words = baseline_words,
	 .fallback = "ports",
	 .help = "ports: the speeds of the ports, added up; peak: the highest bin."},
	{"round_up", HUB_TYPE_SPEED, FIELD(hub_percentile, round_up_bps),
	 .help = "The rate is rounded up to a multiple of this, such as 1M or 1G."},
};

static const struct hub_table percentile_table = {"percentile", ROWS(percentile_rows),
						  .size = sizeof(struct hub_percentile),
						  .check = hub_check_percentile};

static const struct hub_item tier_rows[] = {
	{"up_to", HUB_TYPE_SPEED, FIELD(hub_tier, up_to_bps),
	 .fallback_help = "without end; the last one only",
	 .help = "The highest rate of the tier, which belongs to it."},
	{"price", HUB_TYPE_PRICE, .required = true, FIELD(hub_tier, price),
	 .help = "Of one Mbit/s, a month."},
};

static const struct hub_table tier_table = {"tier", ROWS(tier_rows),
					    .size = sizeof(struct hub_tier)};

static const struct hub_item step_rows[] = {
	{"minutes", HUB_TYPE_COUNT, .required = true, FIELD(hub_outage_step, minutes), .max = 44640,
	 .help = "From so many minutes of outage on; 0: of any."},
	{"percent", HUB_TYPE_PERCENT, .required = true, FIELD(hub_outage_step, percent),
	 .max = 10000, .help = "So much is given back."},
};

static const struct hub_table step_table = {"step", ROWS(step_rows),
					    .size = sizeof(struct hub_outage_step)};

static const struct hub_item charge_rows[] = {
	{"id", HUB_TYPE_ID, FIELD(hub_charge, id), .min = 1, .max = 64,
	 .fallback_help = "the kind; with a number where there are several",
	 .help = "What credits call it."},
	{"kind", HUB_TYPE_WORD, .required = true, FIELD(hub_charge, kind), .words = charge_words,
	 .help = "See docs/billing.md."},
	{"text", HUB_TYPE_TEXT, FIELD(hub_charge, text), .min = 1, .max = 200,
	 .fallback_help = "by the kind", .help = "What the line says."},
	{"starts", HUB_TYPE_MOMENT, FIELD(hub_charge, starts), .fallback_help = "as the contract",
	 .help = "The first day in the contract's zone. once: the day it is charged."},
	{"ends", HUB_TYPE_MOMENT, FIELD(hub_charge, ends), .fallback_help = "as the contract",
	 .help = "The first day that is no longer covered."},
	{"tax_exempt", HUB_TYPE_BOOL, FIELD(hub_charge, tax_exempt), .fallback = "false",
	 .help = "No tax on this line."},
	{"price", HUB_TYPE_PRICE, FIELD(hub_charge, price),
	 .help = "once, minimum, maximum, credit: the amount; monthly: of a month; port, "
		 "cross-connect, cloud: of one, a month; commit, transit, burst by rate: of one "
		 "Mbit/s, a month; burst by hours: of an hour; volume: of a unit; iru: the "
		 "capital; upkeep: of a year."},
	{"count", HUB_TYPE_COUNT, FIELD(hub_charge, count), .min = 1, .max = 1000000,
	 .fallback = "1", .help = "once, monthly, cross-connect, cloud: how many."},
	{"speed", HUB_TYPE_SPEED, FIELD(hub_charge, speed_bps),
	 .help = "port: only ports of this speed; cross-connect, cloud: stands on the line."},
	{"per", HUB_TYPE_WORD, FIELD(hub_charge, per), .words = per_words, .fallback = "each",
	 .help = "port: each: the price is that of a port; gigabit: of one Gbit/s of its speed."},
	{"commit", HUB_TYPE_SPEED, FIELD(hub_charge, commit_bps),
	 .help = "commit, transit: paid for in any case; tiers, slabs: at least this rate is "
		 "billed."},
	{"per_port", HUB_TYPE_BOOL, FIELD(hub_charge, per_port), .fallback = "false",
	 .help = "The commit is that of each port."},
	{"overage", HUB_TYPE_PRICE, FIELD(hub_charge, overage), .fallback_help = "as price",
	 .help = "commit, transit: the price of one Mbit/s above the commit, a month."},
	{"overage_percent", HUB_TYPE_PERCENT, FIELD(hub_charge, overage_percent), .max = 1000000,
	 .fallback = "0", .help = "The same, in percent of price: 150 is half as much again."},
	{"tiers", HUB_TYPE_TABLE, LIST(hub_charge, tiers, tier_count), .table = &tier_table,
	 .limit = 64,
	 .help = "tiers: the whole rate has the price of the tier it lies in; slabs: each part of "
		 "it has its own."},
	{"blend", HUB_TYPE_ID, FIELD(hub_charge, blend), .min = 1, .max = 64,
	 .help = "transit: the upstreams it is sold out of; those contracts name it too."},
	{"direction", HUB_TYPE_WORD, FIELD(hub_charge, direction), .words = direction_words,
	 .fallback = "sum", .help = "volume: which octets; larger: of the two sums."},
	{"unit", HUB_TYPE_WORD, FIELD(hub_charge, unit), .words = unit_words, .fallback = "TB",
	 .help = "volume: TB, 10^12 octets, or GB, 10^9."},
	{"included", HUB_TYPE_COUNT, FIELD(hub_charge, included), .max = 1000000000,
	 .fallback = "0", .help = "volume: so many units cost nothing."},
	{"by", HUB_TYPE_WORD, FIELD(hub_charge, by), .words = burst_words, .fallback = "rate",
	 .help = "burst: rate: for each Mbit/s above; hours: for each hour above that has begun."},
	{"above_percent", HUB_TYPE_PERCENT, FIELD(hub_charge, above_percent), .max = 10000000,
	 .fallback = "100", .help = "burst: above so much of the commit."},
	{"free_hours", HUB_TYPE_COUNT, FIELD(hub_charge, free_hours), .max = 744, .fallback = "0",
	 .help = "burst by hours: so many cost nothing."},
	{"of", HUB_TYPE_ID, FIELD(hub_charge, of), .min = 1, .max = 64, .fallback = "invoice",
	 .help = "minimum, maximum: invoice or usage; credit: those, or the id of an item."},
	{"percent", HUB_TYPE_PERCENT, FIELD(hub_charge, percent), .max = 10000, .fallback = "0",
	 .help = "credit: so much of it."},
	{"every_month", HUB_TYPE_BOOL, FIELD(hub_charge, every_month), .fallback = "false",
	 .help = "credit: given each month; otherwise only in the month of starts."},
	{"outage_minutes", HUB_TYPE_COUNT, FIELD(hub_charge, outage_minutes), .max = 44640,
	 .fallback = "0", .help = "credit: for an outage so long, by steps."},
	{"availability", HUB_TYPE_PPM, FIELD(hub_charge, availability), .max = 999999,
	 .fallback = "0",
	 .help = "credit: only when the ports had a way out of the corridor for less than so much "
		 "of the month, by the journal of ways; the outage of steps is then that one."},
	{"steps", HUB_TYPE_TABLE, LIST(hub_charge, steps, step_count), .table = &step_table,
	 .limit = 64, .help = "credit: what an outage of so many minutes gives back."},
	{"months", HUB_TYPE_COUNT, FIELD(hub_charge, months), .max = 1200, .fallback = "0",
	 .help = "iru: its term; the capital is written off over it."},
	{"payment", HUB_TYPE_WORD, FIELD(hub_charge, payment), .words = payment_words,
	 .fallback = "at-once",
	 .help = "iru: at-once: the capital is charged in the month of starts; instalments: in "
		 "equal parts over the months."},
	{"upkeep", HUB_TYPE_PRICE, FIELD(hub_charge, upkeep), .fallback = "0",
	 .help = "iru: what operation and repair cost a year, in all."},
	{"share_percent", HUB_TYPE_PERCENT, FIELD(hub_charge, share_percent), .max = 10000,
	 .fallback = "100", .help = "iru, upkeep: the part of a year's cost that is charged."},
};

static const struct hub_table charge_table = {"contract item", ROWS(charge_rows),
					      .size = sizeof(struct hub_charge)};

static const struct hub_item exchange_rows[] = {
	{"currency", HUB_TYPE_CURRENCY, FIELD(hub_exchange, currency),
	 .help = "The other currency."},
	{"rate", HUB_TYPE_PRICE, FIELD(hub_exchange, rate),
	 .help = "Units of it for one unit of the contract's currency."},
	{"source", HUB_TYPE_TEXT, FIELD(hub_exchange, source), .min = 1, .max = 200,
	 .help = "Where the rate comes from; stands on the invoice."},
};

static const struct hub_table exchange_table = {"exchange rate", ROWS(exchange_rows),
						.size = sizeof(struct hub_exchange)};

static const struct hub_item contract_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_contract, id), .unique = HUB_BY_CONTRACT,
	 .min = 1, .max = 64, .help = "What invoices call it; keep it."},
	{"member", HUB_TYPE_MEMBER, FIELD(hub_contract, member),
	 .help = "Who pays: AS number or name. This, or party."},
	{"party", HUB_TYPE_PARTY, FIELD(hub_contract, party),
	 .help = "Who pays and is no member: a buyer of capacity, an upstream, the owner of a "
		 "cable."},
	{"kind", HUB_TYPE_WORD, .required = true, FIELD(hub_contract, kind), .words = kind_words,
	 .help = "flat: so much a month; commit: so much for each Mbit/s committed, and for each "
		 "above; items: what the items say."},
	{"purchase", HUB_TYPE_BOOL, FIELD(hub_contract, purchase), .fallback = "false",
	 .help = "The hub is who pays, and the member or party who is paid."},
	{"blend", HUB_TYPE_ID, FIELD(hub_contract, blend), .min = 1, .max = 64,
	 .help = "purchase: one of the upstreams that transit of this name is sold out of."},
	{"currency", HUB_TYPE_CURRENCY, .required = true, FIELD(hub_contract, currency),
	 .help = "Of its prices."},
	{"monthly", HUB_TYPE_PRICE, FIELD(hub_contract, monthly),
	 .help = "flat: the price of a month; commit: of one Mbit/s committed, a month."},
	{"overage", HUB_TYPE_PRICE, FIELD(hub_contract, overage),
	 .fallback_help = "as monthly, when kind is commit",
	 .help = "commit: the price of one Mbit/s above the commitment, a month."},
	{"commit", HUB_TYPE_SPEED, FIELD(hub_contract, commit_bps),
	 .help = "commit: the traffic paid for in any case."},
	{"tax_percent", HUB_TYPE_PERCENT, FIELD(hub_contract, tax_basis_points), .max = 10000,
	 .fallback = "0", .help = "Tax on top."},
	{"tax_name", HUB_TYPE_TEXT, FIELD(hub_contract, tax_name), .min = 1, .max = 40,
	 .fallback = "Tax", .help = "What its line calls it: VAT, GST."},
	{"reverse_charge", HUB_TYPE_BOOL, FIELD(hub_contract, reverse_charge), .fallback = "false",
	 .help = "No tax is added: who is billed owes it, and the invoice says so."},
	{"tax_note", HUB_TYPE_TEXT, FIELD(hub_contract, tax_note), .min = 1, .max = 400,
	 .help = "A sentence about the tax, for the invoice."},
	{"time_zone", HUB_TYPE_TEXT, FIELD(hub_contract, time_zone), .min = 1, .max = ZONE_NAME_MAX,
	 .fallback = "UTC",
	 .help = "Of its months and days: a name of the time zone database such as Asia/Karachi."},
	{"starts", HUB_TYPE_MOMENT, FIELD(hub_contract, starts), .fallback_help = "always",
	 .help = "The first day, in its zone; or second, in UTC."},
	{"ends", HUB_TYPE_MOMENT, FIELD(hub_contract, ends), .fallback_help = "never",
	 .help = "The first day, or second, that is no longer covered."},
	{"percentile", HUB_TYPE_TABLE, FIELD(hub_contract, percentile), .table = &percentile_table,
	 .help = "How the billed rate is found."},
	{"price_change", HUB_TYPE_WORD, FIELD(hub_contract, price_change), .words = change_words,
	 .fallback = "by-days",
	 .help = "When the price of the usage changes inside a month: by-days: the month's rate is "
		 "paid at each price for its days; apart: each part has its own rate."},
	{"rounding", HUB_TYPE_WORD, FIELD(hub_contract, rounding), .words = rounding_words,
	 .fallback = "half-away", .help = "Of half a minor unit, in each line."},
	{"exchange", HUB_TYPE_TABLE, FIELD(hub_contract, exchange), .table = &exchange_table,
	 .help = "The total is told in another currency too, at a fixed rate."},
	{"items", HUB_TYPE_TABLE, LIST(hub_contract, charges, charge_count), .table = &charge_table,
	 .limit = 1024, .help = "What is charged, when kind is items."},
	{"ports", HUB_TYPE_PORT, LIST(hub_contract, ports, port_count), .limit = 1024,
	 .fallback_help = "all ports of the member; of a party none",
	 .help = "The ports it is about."},
	{"segments", HUB_TYPE_SEGMENT, LIST(hub_contract, segments, segment_count), .limit = 1024,
	 .help = "The way of this member's transit through the corridor, in order."},
};

const struct hub_table hub_schema_contract = {
	"contract", ROWS(contract_rows), .size = sizeof(struct hub_contract),
	.fill = hub_fill_contract, .check = hub_check_contract};
