/* The rows of what is known of the corridor besides sites and segments. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

static const struct hub_item cable_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_cable, id), .unique = HUB_BY_CABLE,
	 .min = 1, .max = 64, .help = "What questions call it, e.g. AAE-1."},
	{"name", HUB_TYPE_TEXT, FIELD(hub_cable, name), .min = 1, .max = 200,
	 .help = "As it is printed."},
	{"segments", HUB_TYPE_SEGMENT, .required = true, LIST(hub_cable, segments, segment_count),
	 .limit = 1024, .help = "Its segments; a segment is in one cable at most."},
	{"owner", HUB_TYPE_PARTY, FIELD(hub_cable, owner), .help = "Whose it is."},
	{"fibre_pairs", HUB_TYPE_COUNT, FIELD(hub_cable, fibre_pairs), .max = 100000,
	 .fallback = "0", .help = "Pairs of fibres; 0: as its segments say."},
	{"design_tbps", HUB_TYPE_DECIMAL, FIELD(hub_cable, design_tbps), .max = 1000000,
	 .fallback_help = "as its segments say", .help = "Capacity as designed, Tbit/s."},
	BOUNDS("design_tbps", hub_cable, basis, 1000000),
	{"from", HUB_TYPE_DATE, FIELD(hub_cable, from), .fallback_help = "as its segments say",
	 .help = "The first day on which it carries traffic."},
	ROW_GROUNDS(hub_cable, basis),
};

const struct hub_table hub_schema_cable = {
	"cable",     ROWS(cable_rows),       .size = sizeof(struct hub_cable),
	.csv = true, .fill = hub_fill_cable, .check = hub_check_cable};

/* By enum hub_risk_kind. */
static const char *const risk_words[] = {"other",   "duct",  "sea",     "landing",
					 "station", "power", "country", NULL};

static const struct hub_item risk_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_risk, id), .unique = HUB_BY_RISK, .min = 1,
	 .max = 64, .help = "What segments write in srlg; of a country: its code."},
	{"name", HUB_TYPE_TEXT, FIELD(hub_risk, name), .min = 1, .max = 200,
	 .help = "As it is printed."},
	{"kind", HUB_TYPE_WORD, FIELD(hub_risk, kind), .words = risk_words, .fallback = "other",
	 .help = "What it is; a country concerns all segments that cross it."},
	{"per_year", HUB_TYPE_DECIMAL, FIELD(hub_risk, per_year), .max = 1000,
	 .fallback_help = "not known: it is never reckoned with by itself",
	 .help = "How often all of it fails at once."},
	BOUNDS("per_year", hub_risk, basis, 1000),
	{"days", HUB_TYPE_DECIMAL, FIELD(hub_risk, days), .max = 3660,
	 .help = "How long that lasts; wanted where per_year is given."},
	ROW_GROUNDS(hub_risk, basis),
};

const struct hub_table hub_schema_risk = {
	"risk",      ROWS(risk_rows),       .size = sizeof(struct hub_risk),
	.csv = true, .fill = hub_fill_risk, .check = hub_check_risk};

static const struct hub_item failure_rate_rows[] = {
	{"medium", HUB_TYPE_TEXT, FIELD(hub_failure_rate, medium), .min = 1, .max = 100,
	 .help = "The medium of the segments, as they write it; or segments."},
	{"segments", HUB_TYPE_SEGMENT, LIST(hub_failure_rate, segments, segment_count),
	 .limit = 100000, .help = "Certain segments; goes before their medium."},
	{"per_1000_km_year", HUB_TYPE_DECIMAL, .required = true,
	 FIELD(hub_failure_rate, per_1000_km_year), .max = 1000,
	 .help = "Failures in a year on 1000 km."},
	BOUNDS("per_1000_km_year", hub_failure_rate, basis, 1000),
	{"repair_h", HUB_TYPE_DECIMAL, .required = true, FIELD(hub_failure_rate, repair_h),
	 .max = 100000, .help = "Mean time to repair, hours."},
	ROW_GROUNDS(hub_failure_rate, basis),
};

const struct hub_table hub_schema_failure_rate = {
	"failure rate", ROWS(failure_rate_rows),       .size = sizeof(struct hub_failure_rate),
	.csv = true,    .fill = hub_fill_failure_rate, .check = hub_check_failure_rate};

static const struct hub_item price_rows[] = {
	{"id", HUB_TYPE_ID, FIELD(hub_corridor_price, id), .min = 1, .max = 64,
	 .help = "What answers call it."},
	{"at", HUB_TYPE_SITE, FIELD(hub_corridor_price, at),
	 .help = "Where it is asked; or from and to; or segments."},
	{"from", HUB_TYPE_SITE, FIELD(hub_corridor_price, from), .help = "From where; with to."},
	{"to", HUB_TYPE_SITE, FIELD(hub_corridor_price, to), .help = "To where."},
	{"segments", HUB_TYPE_SEGMENT, LIST(hub_corridor_price, segments, segment_count),
	 .limit = 100000, .help = "Over each of these."},
	{"product", HUB_TYPE_TEXT, FIELD(hub_corridor_price, product), .min = 1, .max = 200,
	 .help = "What is sold for it: IP transit 100G, 100G wave."},
	{"price", HUB_TYPE_DECIMAL, .required = true, FIELD(hub_corridor_price, price),
	 .max = 1000000, .help = "Per Mbit/s and month."},
	BOUNDS("price", hub_corridor_price, basis, 1000000),
	{"currency", HUB_TYPE_CURRENCY, FIELD(hub_corridor_price, currency), .fallback_help = "USD",
	 .help = "Plans reckon in US dollars: no other for now."},
	{"when", HUB_TYPE_DATE, FIELD(hub_corridor_price, when), .fallback_help = "now",
	 .help = "To which day it belongs; an old one is taken to today by the erosion of prices."},
	ROW_GROUNDS(hub_corridor_price, basis),
};

const struct hub_table hub_schema_corridor_price = {"price",
						    ROWS(price_rows),
						    .size = sizeof(struct hub_corridor_price),
						    .csv = true,
						    .fill = hub_fill_corridor_price,
						    .check = hub_check_corridor_price};

/* By enum hub_protection. */
static const char *const protection_words[] = {"none", "1+1", "shared", NULL};

const char *
hub_protection_word(enum hub_protection protection)
{
	return protection_words[protection];
}

static const struct hub_item demand_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_demand, id), .unique = HUB_BY_DEMAND,
	 .min = 1, .max = 64, .help = "What answers call it."},
	{"name", HUB_TYPE_TEXT, FIELD(hub_demand, name), .min = 1, .max = 200,
	 .help = "As it is printed."},
	{"from", HUB_TYPE_SITE, .required = true, FIELD(hub_demand, from), .help = "From where."},
	{"to", HUB_TYPE_SITE, .required = true, FIELD(hub_demand, to), .help = "To where."},
	{"gbps", HUB_TYPE_DECIMAL, FIELD(hub_demand, gbps), .max = 100000000,
	 .fallback_help = "what is measured of member", .help = "How much, Gbit/s."},
	BOUNDS("gbps", hub_demand, basis, 100000000),
	{"member", HUB_TYPE_MEMBER, FIELD(hub_demand, member),
	 .help = "Whose traffic it is, as the meter measures it."},
	{"priority", HUB_TYPE_COUNT, FIELD(hub_demand, priority), .max = 100, .fallback = "10",
	 .help = "The lowest goes first when there is not room for all."},
	{"growth_percent", HUB_TYPE_DECIMAL, FIELD(hub_demand, growth_percent), .min = -100,
	 .max = 1000, .fallback_help = "that of corridor", .help = "By how much it grows a year."},
	{"protect", HUB_TYPE_WORD, FIELD(hub_demand, protect), .words = protection_words,
	 .fallback = "none",
	 .help = "1+1: a second way carries it too; shared: room for it is kept on a second way, "
		 "together with others."},
	{"avoid", HUB_TYPE_COUNTRY, LIST(hub_demand, avoid, avoid_count), .limit = 250,
	 .help = "Countries that it must not cross."},
	{"over", HUB_TYPE_TEXT, LIST(hub_demand, over, over_count), .min = 1, .max = 100,
	 .limit = 8,
	 .help = "Over what it goes, as its contract says: segments, cables, sites, groups of "
		 "srlg, countries; each of them."},
	{"fixed", HUB_TYPE_BOOL, FIELD(hub_demand, fixed), .fallback = "false",
	 .help = "It stays there, even if that is cut or full; else it moves to other ways then."},
	{"split", HUB_TYPE_BOOL, FIELD(hub_demand, split), .fallback = "true",
	 .help = "Parts of it may go different ways; no: all that is served of it goes one way."},
	{"price", HUB_TYPE_DECIMAL, FIELD(hub_demand, price), .max = 1000000,
	 .fallback_help = "as the prices say",
	 .help = "What it pays, US dollars per Mbit/s and month."},
	ROW_GROUNDS(hub_demand, basis),
};

const struct hub_table hub_schema_demand = {
	"demand",    ROWS(demand_rows),       .size = sizeof(struct hub_demand),
	.csv = true, .fill = hub_fill_demand, .check = hub_check_demand};

static const struct hub_item candidate_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_candidate, id), .unique = HUB_BY_CANDIDATE,
	 .min = 1, .max = 64, .help = "What answers call it."},
	{"name", HUB_TYPE_TEXT, FIELD(hub_candidate, name), .min = 1, .max = 200,
	 .help = "As it is printed."},
	{"segments", HUB_TYPE_SEGMENT, .required = true,
	 LIST(hub_candidate, segments, segment_count), .limit = 1024,
	 .help = "The segments that would carry traffic then; they stand under segments, with a "
		 "status such as planned."},
	{"capex_musd", HUB_TYPE_DECIMAL, FIELD(hub_candidate, capex_musd), .max = 1000000,
	 .fallback = "0", .help = "What it costs at once, millions of US dollars."},
	BOUNDS("capex_musd", hub_candidate, basis, 1000000),
	{"opex_percent", HUB_TYPE_DECIMAL, FIELD(hub_candidate, opex_percent), .max = 1000,
	 .fallback = "4", .help = "What running it costs a year, in percent of that."},
	{"lease_usd_month", HUB_TYPE_DECIMAL, FIELD(hub_candidate, lease_usd_month),
	 .max = 1000000000, .fallback = "0",
	 .help = "What it is leased for, US dollars a month: beside capex_musd, or instead."},
	BOUNDS("lease_usd_month", hub_candidate, lease, 1000000000),
	GROUNDS("lease_usd_month", hub_candidate, lease),
	{"lease_months", HUB_TYPE_COUNT, FIELD(hub_candidate, lease_months), .max = 1200,
	 .fallback = "0",
	 .help = "For how many months that is paid, used or not; it is there for so long."},
	{"years", HUB_TYPE_COUNT, FIELD(hub_candidate, years), .min = 1, .max = 100,
	 .fallback = "25", .help = "How long it lasts, if it is not leased."},
	{"from", HUB_TYPE_DATE, FIELD(hub_candidate, from), .help = "The earliest day."},
	ROW_GROUNDS(hub_candidate, basis),
};

const struct hub_table hub_schema_candidate = {
	"candidate", ROWS(candidate_rows),       .size = sizeof(struct hub_candidate),
	.csv = true, .fill = hub_fill_candidate, .check = hub_check_candidate};

static const struct hub_item incident_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_incident, id), .unique = HUB_BY_INCIDENT,
	 .min = 1, .max = 64, .help = "What answers call it."},
	{"name", HUB_TYPE_TEXT, FIELD(hub_incident, name), .min = 1, .max = 400,
	 .help = "As it is printed."},
	{"start", HUB_TYPE_MOMENT, FIELD(hub_incident, start), .help = "When it began."},
	{"end", HUB_TYPE_MOMENT, FIELD(hub_incident, end), .help = "When it was over."},
	{"segments", HUB_TYPE_SEGMENT, LIST(hub_incident, segments, segment_count), .limit = 1024,
	 .help = "What was cut."},
	{"risks", HUB_TYPE_TEXT, LIST(hub_incident, risks, risk_count), .min = 1, .max = 100,
	 .limit = 100, .help = "Groups and countries that failed whole."},
	{"lost_gbps", HUB_TYPE_DECIMAL, FIELD(hub_incident, lost_gbps), .max = 100000000,
	 .help = "What is known to have been lost, Gbit/s."},
	BOUNDS("lost_gbps", hub_incident, basis, 100000000),
	{"lost_percent", HUB_TYPE_DECIMAL, FIELD(hub_incident, lost_percent), .max = 100,
	 .help = "The same as a share of the traffic concerned."},
	{"effect", HUB_TYPE_TEXT, FIELD(hub_incident, effect), .min = 1, .max = 4000,
	 .help = "What was told of it."},
	ROW_GROUNDS(hub_incident, basis),
};

const struct hub_table hub_schema_incident = {
	"incident",  ROWS(incident_rows),       .size = sizeof(struct hub_incident),
	.csv = true, .fill = hub_fill_incident, .check = hub_check_incident};

static const struct hub_item corridor_rows[] = {
	{"assumed_tbps", HUB_TYPE_DECIMAL, FIELD(hub_corridor, assumed_tbps), .max = 1000000,
	 .fallback = "10",
	 .help = "Capacity of a segment of which none is told, Tbit/s; an estimate."},
	{"land_price", HUB_TYPE_DECIMAL, FIELD(hub_corridor, land_price), .max = 1000000,
	 .fallback = "0.1",
	 .help = "Of a segment on land without a price, US dollars per Mbit/s and month over "
		 "1000 km; an estimate."},
	{"sea_price", HUB_TYPE_DECIMAL, FIELD(hub_corridor, sea_price), .max = 1000000,
	 .fallback = "0.04", .help = "The same under water."},
	{"discount_percent", HUB_TYPE_DECIMAL, FIELD(hub_corridor, discount_percent), .max = 100,
	 .fallback = "10", .help = "What money costs a year."},
	{"erosion_percent", HUB_TYPE_DECIMAL, FIELD(hub_corridor, erosion_percent), .min = -100,
	 .max = 100, .fallback = "15", .help = "By how much prices fall a year."},
	{"growth_percent", HUB_TYPE_DECIMAL, FIELD(hub_corridor, growth_percent), .min = -100,
	 .max = 1000, .fallback = "20", .help = "By how much traffic grows a year."},
};

const struct hub_table hub_schema_corridor = {"set of corridor values", ROWS(corridor_rows),
					      .size = sizeof(struct hub_corridor)};
