/* The paths of the corridor: the rest of docs/api.md as a table. What is worked out by a process of its own (src/main/role_corridor.c,
 * src/main/role_paper.c) is WEB_WORK. */
#include "web/web_routes_table.h"

#define FORMAT(formats)                                                                            \
	{                                                                                          \
		"format", WEB_IS_FORMAT, "", formats                                               \
	}

/* What is avoided, left out, supposed and by when: corridor/corridor_terms.h. */
#define TERMS                                                                                      \
	{"avoid", WEB_IS_NAMES, "--avoid", 0}, {"without", WEB_IS_NAMES, "--without", 0},          \
		{"with", WEB_IS_NAMES, "--with", 0},                                               \
	{                                                                                          \
		"date", WEB_IS_WORD, "--date", 0                                                   \
	}

/* The same of questions about the corridor as it is at present, with what is cut. */
#define TERMS_NOW                                                                                  \
	TERMS,                                                                                     \
	{                                                                                          \
		"as_planned", WEB_IS_FLAG, "--as-planned", 0                                       \
	}

/* The demands as the ledger has them, not as the hub file: corridor/corridor_measured.h. */
#define MEASURED                                                                                   \
	{"demands", WEB_IS_WORD, "--demands", 0}, {"measured", WEB_IS_WORD, "--measured", 0},      \
		{"month", WEB_IS_MONTH, "--month", 0},                                             \
	{                                                                                          \
		"hours", WEB_IS_NUMBER, "--hours", HOURS_MAX                                       \
	}

/* Those of one way. */
#define WAY_TERMS                                                                                  \
	{"avoid", WEB_IS_NAMES, "--avoid", 0}, {"require", WEB_IS_NAMES, "--require", 0},          \
		{"via", WEB_IS_NAMES, "--via", 0}, {"without", WEB_IS_NAMES, "--without", 0},      \
		{"with", WEB_IS_NAMES, "--with", 0}, {"by", WEB_IS_WORD, "--by", 0},               \
		{"as_planned", WEB_IS_FLAG, "--as-planned", 0},                                    \
	{                                                                                          \
		"date", WEB_IS_WORD, "--date", 0                                                   \
	}

#define ENDS                                                                                       \
	{"from", WEB_IS_NAME, NULL, 0},                                                            \
	{                                                                                          \
		"to", WEB_IS_NAME, NULL, 0                                                         \
	}

enum {
	/* As in the shell, each: */
	WAYS_MAX = 100,
	AVAILABILITY_DRAWS_MAX = 10000000,
	SIMULATE_DRAWS_MAX = 100000,
	SENSITIVITY_DRAWS_MAX = 1000000,
	SEED_MAX = 999999999, /* in the shell any of 64 bits: here a number has nine digits */
	YEARS_MAX = 1000,
	HOURS_MAX = 9999,
	SHOWN_MAX = 1000000,
	LEASE_DAYS_MAX = 3660,
};

/* What an order would do: looking, by GET. */
#define PREVIEW(order)                                                                             \
	{                                                                                          \
		"corridor/" order "/preview", WEB_ASK, {"corridor", order, "?name", "--preview"},  \
			{{"name", WEB_IS_NAMES, NULL, 0},                                          \
			 {"from", WEB_IS_WORD, "--from", 0},                                       \
			 {"until", WEB_IS_WORD, "--until", 0},                                     \
			 FORMAT(WEB_TABLE)},                                                       \
			WEB_FOR_OPERATOR, NULL                                                     \
	}

static const struct web_route web_routes[] = {
	{"corridor", WEB_ASK, {"corridor", "show"}, {FORMAT(WEB_TABLE)}, WEB_FOR_ALL, NULL},
	{"corridor/segment",
	 WEB_ASK,
	 {"corridor", "segment", "?id"},
	 {{"id", WEB_IS_NAME, NULL, 0}, FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/site",
	 WEB_ASK,
	 {"corridor", "site", "?id"},
	 {{"id", WEB_IS_NAME, NULL, 0}, FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/check",
	 WEB_ASK,
	 {"corridor", "check"},
	 {{"all", WEB_IS_FLAG, "--all", 0}, FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/export",
	 WEB_ASK,
	 {"corridor", "export"},
	 {{"list", WEB_IS_WORD, "", 0}, FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/sources",
	 WEB_ASK,
	 {"corridor", "sources"},
	 {{"id", WEB_IS_NAME, "", 0}, FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/path/sources",
	 WEB_ASK,
	 {"corridor", "sources", "?from", "?to"},
	 {ENDS, WAY_TERMS, FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},

	/* as it runs */
	{"corridor/steer",
	 WEB_ASK,
	 {"corridor", "steer"},
	 {FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/live",
	 WEB_ASK,
	 {"show", "corridor", "live"},
	 {FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/events",
	 WEB_ASK,
	 {"show", "corridor", "events"},
	 {FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	PREVIEW("cut"),
	PREVIEW("drain"),
	PREVIEW("work"),
	PREVIEW("restore"),

	/* ways */
	{"corridor/path",
	 WEB_ASK,
	 {"corridor", "path", "?from", "?to"},
	 {ENDS,
	  WAY_TERMS,
	  {"k", WEB_IS_NUMBER, "--k", WAYS_MAX},
	  {"sources", WEB_IS_FLAG, "--sources", 0},
	  FORMAT(WEB_TABLE)},
	 WEB_FOR_ALL,
	 "--public"},
	{"corridor/pair",
	 WEB_ASK,
	 {"corridor", "pair", "?from", "?to"},
	 {ENDS,
	  {"disjoint", WEB_IS_WORD, "--disjoint", 0},
	  {"by", WEB_IS_WORD, "--by", 0},
	  {"sources", WEB_IS_FLAG, "--sources", 0},
	  TERMS_NOW,
	  FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/cutset",
	 WEB_ASK,
	 {"corridor", "cutset"},
	 {{"from", WEB_IS_NAME, "", 0}, {"to", WEB_IS_NAME, "", 0}, TERMS_NOW, FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},

	/* light */
	{"corridor/optics",
	 WEB_WORK,
	 {"corridor", "optics", "?of"},
	 {{"of", WEB_IS_NAME, NULL, 0},
	  {"mode", WEB_IS_NAME, "--mode", 0},
	  {"model", WEB_IS_WORD, "--model", 0},
	  {"channels", WEB_IS_FLAG, "--channels", 0},
	  FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/path/optics",
	 WEB_WORK,
	 {"corridor", "optics", "?from", "?to"},
	 {ENDS,
	  WAY_TERMS,
	  {"mode", WEB_IS_NAME, "--mode", 0},
	  {"model", WEB_IS_WORD, "--model", 0},
	  {"channels", WEB_IS_FLAG, "--channels", 0},
	  FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},

	/* what it carries, and what fails */
	{"corridor/flow",
	 WEB_WORK,
	 {"corridor", "flow"},
	 {{"objective", WEB_IS_WORD, "--objective", 0},
	  {"segments", WEB_IS_FLAG, "--segments", 0},
	  {"unsplit", WEB_IS_FLAG, "--unsplit", 0},
	  {"by", WEB_IS_WORD, "--by", 0},
	  {"k", WEB_IS_NUMBER, "--k", WAYS_MAX},
	  MEASURED,
	  TERMS_NOW,
	  FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/whatif",
	 WEB_WORK,
	 {"corridor", "whatif"},
	 {{"cut", WEB_IS_NAMES, "", 0},
	  {"depth", WEB_IS_DEPTH, "", 0},
	  {"of", WEB_IS_WORD, "--of", 0},
	  {"top", WEB_IS_NUMBER, "--top", SHOWN_MAX},
	  {"lease", WEB_IS_NUMBER, "--lease", LEASE_DAYS_MAX},
	  MEASURED,
	  TERMS_NOW,
	  FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/change",
	 WEB_WORK,
	 {"corridor", "change", "?of"},
	 {{"of", WEB_IS_NAMES, NULL, 0},
	  {"from", WEB_IS_NAMES, "--from", 0},
	  {"to", WEB_IS_NAMES, "--to", 0},
	  {"also_avoiding", WEB_IS_NAMES, "--also-avoiding", 0},
	  MEASURED,
	  TERMS,
	  FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/availability",
	 WEB_WORK,
	 {"corridor", "availability", "?from", "?to"},
	 {ENDS,
	  {"draws", WEB_IS_NUMBER, "--draws", AVAILABILITY_DRAWS_MAX},
	  {"seed", WEB_IS_NUMBER, "--seed", SEED_MAX},
	  {"month", WEB_IS_MONTH, "--month", 0},
	  {"sla", WEB_IS_WORD, "--sla", 0},
	  TERMS_NOW,
	  FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/simulate",
	 WEB_WORK,
	 {"corridor", "simulate"},
	 {{"years", WEB_IS_NUMBER, "--years", YEARS_MAX},
	  {"draws", WEB_IS_NUMBER, "--draws", SIMULATE_DRAWS_MAX},
	  {"seed", WEB_IS_NUMBER, "--seed", SEED_MAX},
	  {"ships", WEB_IS_WORD, "--ships", 0},
	  {"sigma", WEB_IS_WORD, "--sigma", 0},
	  {"sla", WEB_IS_WORD, "--sla", 0},
	  {"credit", WEB_IS_WORD, "--credit", 0},
	  MEASURED,
	  TERMS,
	  FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/replay",
	 WEB_WORK,
	 {"corridor", "replay"},
	 {{"id", WEB_IS_NAME, "", 0}, FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},

	/* money */
	{"corridor/prices",
	 WEB_ASK,
	 {"corridor", "prices"},
	 {{"site", WEB_IS_NAME, "", 0}, TERMS, FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/worth",
	 WEB_WORK,
	 {"corridor", "worth"},
	 {{"of", WEB_IS_NAME, "--of", 0}, MEASURED, TERMS, FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/target",
	 WEB_WORK,
	 {"corridor", "target", "?amount"},
	 {{"amount", WEB_IS_WORD, NULL, 0},
	  {"of", WEB_IS_NAME, "--of", 0},
	  {"price", WEB_IS_WORD, "--price", 0},
	  MEASURED,
	  TERMS,
	  FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/revenue",
	 WEB_WORK,
	 {"corridor", "revenue"},
	 {{"of", WEB_IS_WORD, "--of", 0}, MEASURED, TERMS, FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/sensitivity",
	 WEB_WORK,
	 {"corridor", "sensitivity", "?subject"},
	 {{"subject", WEB_IS_WORD, NULL, 0},
	  {"amount", WEB_IS_WORD, "", 0},
	  {"candidates", WEB_IS_NAMES, "", 0},
	  {"of", WEB_IS_NAME, "--of", 0},
	  {"draws", WEB_IS_NUMBER, "--draws", SENSITIVITY_DRAWS_MAX},
	  {"seed", WEB_IS_NUMBER, "--seed", SEED_MAX},
	  {"top", WEB_IS_NUMBER, "--top", SHOWN_MAX},
	  MEASURED,
	  TERMS,
	  FORMAT(WEB_CHART)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/content",
	 WEB_WORK,
	 {"corridor", "content"},
	 {{"id", WEB_IS_NAME, "", 0},
	  {"traffic", WEB_IS_NAMES, "--traffic", 0},
	  {"measured", WEB_IS_WORD, "--measured", 0},
	  {"month", WEB_IS_MONTH, "--month", 0},
	  {"hours", WEB_IS_NUMBER, "--hours", HOURS_MAX},
	  TERMS,
	  FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},

	{"corridor/reckon",
	 WEB_ASK,
	 {"corridor", "reckon"},
	 {{"topic", WEB_IS_WORD, "", 0}, {"in", WEB_IS_INPUTS, "", 0}, FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},

	/* what to build, and all of it together */
	{"corridor/next",
	 WEB_WORK,
	 {"corridor", "next"},
	 {{"by", WEB_IS_WORD, "--by", 0},
	  {"pairs", WEB_IS_FLAG, "--pairs", 0},
	  {"budget", WEB_IS_WORD, "--budget", 0},
	  MEASURED,
	  TERMS,
	  FORMAT(WEB_TABLE)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/reach",
	 WEB_WORK,
	 {"corridor", "reach", "plan"},
	 {{"target", WEB_IS_NAMES, "--target", 0},
	  {"budget", WEB_IS_NAMES, "--budget", 0},
	  {"years", WEB_IS_NUMBER, "--years", YEARS_MAX},
	  {"first_year", WEB_IS_NUMBER, "--first-year", 9999},
	  {"count", WEB_IS_WORD, "--count", 0},
	  {"cost", WEB_IS_NAMES, "--cost", 0},
	  {"stretch", WEB_IS_WORD, "--stretch", 0},
	  FORMAT(WEB_MAP)},
	 WEB_FOR_OPERATOR,
	 NULL},
	{"corridor/report",
	 WEB_WORK,
	 {"corridor", "report"},
	 {{"from", WEB_IS_NAMES, "--from", 0},
	  {"to", WEB_IS_NAMES, "--to", 0},
	  {"avoid", WEB_IS_NAMES, "--avoid", 0},
	  {"date", WEB_IS_WORD, "--date", 0},
	  {"on", WEB_IS_WORD, "--on", 0},
	  {"years", WEB_IS_NUMBER, "--years", YEARS_MAX},
	  {"target", WEB_IS_WORD, "--target", 0},
	  {"title", WEB_IS_NAME, "--title", 0},
	  FORMAT(WEB_STUDY)},
	 WEB_FOR_OPERATOR,
	 NULL},
};

const struct web_route_table web_route_table_corridor = {web_routes, sizeof(web_routes) /
									     sizeof(web_routes[0])};
