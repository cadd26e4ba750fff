/* The rows of which towers and towns are to be put on fibre, and of what that costs. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

/* By enum hub_reach_item. */
static const char *const item_words[] = {"km", "road", "site", "shared", "upgrade", NULL};
/* By enum hub_reach_count. */
static const char *const count_words[] = {"number", "traffic", "weight", NULL};
static const struct hub_item cost_rows[] = {
	{"item", HUB_TYPE_WORD, .required = true, FIELD(hub_reach_cost, item), .words = item_words,
	 .help = "km: a kilometre of fibre. road: kilometres built for one of the straight line. "
		 "site: the first tower of a mast, or a town. shared: each further tower of that "
		 "mast. upgrade: opening the existing network where a new stretch leaves it."},
	{"terrain", HUB_TYPE_ID, FIELD(hub_reach_cost, terrain), .min = 1, .max = 40,
	 .fallback_help = "any without a row of its own",
	 .help = "Of km and road: as the file of towers calls it, e.g. mountain."},
	{"amount", HUB_TYPE_DECIMAL, .required = true, FIELD(hub_reach_cost, amount),
	 .max = 10000000, .help = "Units of the currency, or a factor."},
	BOUNDS("amount", hub_reach_cost, basis, 10000000),
	ROW_GROUNDS(hub_reach_cost, basis),
};

static const struct hub_table cost_table = {"cost of reach",
					    ROWS(cost_rows),
					    .size = sizeof(struct hub_reach_cost),
					    .csv = true,
					    .fill = hub_fill_reach_cost,
					    .check = hub_check_reach_cost};

static const struct hub_item reach_rows[] = {
	{"towers", HUB_TYPE_TEXT, FIELD(hub_reach, towers), .min = 1, .max = 4000,
	 .fallback_help = "there is nothing to plan",
	 .help = "The towers and towns: CSV or GeoJSON (docs/reach.md). A path that does not "
		 "begin with / starts where sarai was started."},
	{"fibre", HUB_TYPE_TEXT, FIELD(hub_reach, fibre), .min = 1, .max = 4000,
	 .fallback_help = "only towers that are on fibre, and sites",
	 .help = "The existing fibre: CSV of points, or GeoJSON with lines and points."},
	{"currency", HUB_TYPE_CURRENCY, FIELD(hub_reach, currency), .fallback = "USD",
	 .help = "Of costs and budgets."},
	{"count", HUB_TYPE_WORD, FIELD(hub_reach, count), .words = count_words,
	 .fallback = "number",
	 .help = "What a share is a share of: towers, their traffic, or their column weight."},
	{"sites", HUB_TYPE_BOOL, FIELD(hub_reach, sites), .fallback = "true",
	 .help = "New fibre may start at sites where a segment in use ends."},
	{"segments", HUB_TYPE_BOOL, FIELD(hub_reach, segments), .fallback = "false",
	 .help = "It may start anywhere along such segments, taken as straight: where they really "
		 "run is better said in a file of fibre."},
	{"years", HUB_TYPE_COUNT, FIELD(hub_reach, years), .max = 30, .fallback = "0",
	 .help = "Years of building; 0: as many as there are targets or budgets, or 3."},
	{"first_year", HUB_TYPE_COUNT, FIELD(hub_reach, first_year), .max = 9999, .fallback = "0",
	 .help = "What the first is called, e.g. 2027; 0: year 1."},
	{"targets", HUB_TYPE_PERCENT, LIST(hub_reach, targets, target_count), .max = 10000,
	 .limit = 30, .fallback_help = "60, where there is no budget",
	 .help = "The share on fibre at the end of each year, percent; one: of the last year, "
		 "with even steps."},
	{"budgets", HUB_TYPE_AMOUNT, LIST(hub_reach, budgets, budget_count), .max = 1000000000000,
	 .limit = 30, .fallback_help = "no limit",
	 .help = "What each year may cost; one: of every year. What is left goes over into the "
		 "next."},
	{"stretch_max_km", HUB_TYPE_DECIMAL, FIELD(hub_reach, stretch_max_km), .max = 20040,
	 .fallback_help = "any", .help = "No stretch is longer than this, straight, km."},
	{"costs", HUB_TYPE_TABLE, LIST(hub_reach, costs, cost_count), .table = &cost_table,
	 .limit = 200, .fallback_help = "docs/reach.md has those that stand for them",
	 .help = "What it costs: a list, or {csv: FILE}."},
};

const struct hub_table hub_schema_reach = {"set of reach values", ROWS(reach_rows),
					   .size = sizeof(struct hub_reach),
					   .check = hub_check_reach};
