/* What the operator knows of the corridor besides sites and segments: cables, risks, how things
 * fail, prices, demands, what could be built, what has happened. Part of the picture (hub.h).
 *
 * Every number says where it comes from: its basis, the source, and between which bounds it lies.
 * Bounds that are not written follow from the basis (corridor/corridor_plan.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/money.h"

struct asn_range;
struct country;

/* A place on the globe, degrees of WGS 84. */
struct hub_place {
	double longitude, latitude;
};

/* Where a number comes from (decision 7: numbers carry where they come from). */
enum hub_confidence { HUB_UNSTATED, HUB_SEEN, HUB_DERIVED, HUB_ESTIMATED };

/* What stands beside a number. */
struct hub_basis {
	double low, high;   /* in the number's unit; NAN: as the basis has it */
	const char *source; /* NULL: that of the row */
	const char *said;   /* as written: begins with seen, derived or estimated; NULL: as the
				* row */
	enum hub_confidence confidence; /* read out of it */
};

/* Segments that are one thing to whoever buys or cuts them. */
struct hub_cable {
	const char *id, *name;
	uint32_t *segments;
	size_t segment_count;
	uint32_t owner; /* index into parties; HUB_NONE: nobody's that is known */
	uint32_t fibre_pairs;
	double design_tbps;
	struct utc_s from; /* carries traffic from that day; 0: as its segments say */
	struct hub_basis basis;
};

enum hub_risk_kind {
	HUB_RISK_OTHER,
	HUB_RISK_DUCT,
	HUB_RISK_SEA,
	HUB_RISK_LANDING,
	HUB_RISK_STATION,
	HUB_RISK_POWER,
	HUB_RISK_COUNTRY, /* its id is a country's code: all segments that cross it */
};

/* What makes several segments fail as one, and how often. */
struct hub_risk {
	const char *id; /* as segments write it in srlg, or a country */
	const char *name;
	enum hub_risk_kind kind;
	double per_year; /* events; NAN: not known */
	double days;     /* that one lasts */
	struct hub_basis basis;
};

/* How a kind of cable fails by itself, or how certain segments do. */
struct hub_failure_rate {
	const char *medium; /* as segments write it; NULL: the segments below */
	uint32_t *segments;
	size_t segment_count;
	double per_1000_km_year;
	double repair_h;
	struct hub_basis basis; /* of the rate */
};

/* What a megabit a second costs a month: at a place, between two, or over certain segments. */
struct hub_corridor_price {
	const char *id; /* or NULL */
	uint32_t at;    /* site; HUB_NONE unless at a place */
	uint32_t from, to;
	uint32_t *segments; /* each of them */
	size_t segment_count;
	const char *product;
	struct currency currency; /* none: US dollars */
	double price;             /* per Mbit/s and month */
	struct utc_s when;        /* to which day it belongs; 0: now */
	struct hub_basis basis;
};

enum hub_protection {
	HUB_PROTECT_NONE,
	HUB_PROTECT_ONE_PLUS_ONE, /* both ways carry it all the time */
	HUB_PROTECT_SHARED,       /* room for it is kept, which others may share */
};

/* "none", "1+1", "shared" */
const char *hub_protection_word(enum hub_protection protection);

/* Traffic that wants to go from one place to another. */
struct hub_demand {
	const char *id, *name;
	uint32_t from, to;
	double gbps;           /* NAN: as measured of `member` */
	uint32_t member;       /* whose measured traffic it is; HUB_NONE: nobody's */
	uint32_t priority;     /* 0 goes first */
	double growth_percent; /* a year */
	enum hub_protection protect;
	struct country *avoid;
	size_t avoid_count;
	/* It is bound to ways over each of these: ids of segments, cables and sites, groups of
	 * shared risk, countries. */
	const char **over;
	size_t over_count;
	bool fixed;   /* even when there is no such way, or none with room */
	bool split;   /* it may be on several ways at once */
	double price; /* what it pays, US dollars per Mbit/s and month; NAN: as the prices say */
	struct hub_basis basis; /* of gbps */
	bool measured;          /* gbps is not of the file, but of what was measured */
};

/* What could be built. */
struct hub_candidate {
	const char *id, *name;
	uint32_t *segments; /* that would carry traffic then, and do not now */
	size_t segment_count;
	double capex_musd;      /* millions of US dollars */
	double opex_percent;    /* of that, a year */
	double lease_usd_month; /* paid besides, used or not; 0: it is not leased */
	uint32_t lease_months;  /* for so long, and so long it is there; 0: not leased */
	uint32_t years;         /* that it lasts, if it is not leased */
	struct utc_s from;      /* earliest day */
	struct hub_basis basis; /* of capex_musd */
	struct hub_basis lease; /* of lease_usd_month */
};

enum hub_content_kind {
	HUB_CONTENT_CACHE,   /* what is asked for again is served from near by */
	HUB_CONTENT_ON_RAMP, /* the content's own network is entered near by */
};

/* A content network, and what would serve it near the users. */
struct hub_content {
	const char *id, *name;
	struct asn_range *asns; /* of which it is known when it is measured */
	size_t asn_count;
	uint32_t kind; /* enum hub_content_kind */
	uint32_t from; /* site where its traffic enters the corridor today */
	uint32_t to;   /* site where the users are, and the cache would be */
	double gbps;   /* at the 95th percentile, from outside; NAN: as measured of `asns` */
	struct hub_basis traffic;
	double local_percent;   /* of all that users take, served near by already */
	double hit_percent;     /* of what comes from outside, that would be near; NAN: reckoned */
	struct hub_basis basis; /* of hit_percent */
	/* To reckon it: what is asked for in all, how unevenly, what fits into the cache. */
	double catalogue_tb, object_mb, zipf, cache_tb;
	double serves_gbps; /* at most; 0: all */
	double usd_a_month; /* that it costs: place, power, hands */
	bool measured;      /* gbps is not of the file, but of what was measured */
};

/* What did happen: a replay is compared with it. */
struct hub_incident {
	const char *id, *name;
	struct utc_s start, end; /* 0: not known */
	uint32_t *segments;
	size_t segment_count;
	const char **risks; /* names of groups, or countries */
	size_t risk_count;
	double lost_gbps;    /* NAN: not known */
	double lost_percent; /* of the traffic concerned; NAN: not known */
	const char *effect;  /* as the papers had it */
	struct hub_basis basis;
};

/* What the corridor's plans assume where nothing better is known. */
struct hub_corridor {
	double assumed_tbps;          /* of a segment whose capacity nobody has told */
	double land_price, sea_price; /* US dollars per Mbit/s and month over 1000 km */
	double discount_percent;      /* a year */
	double erosion_percent;       /* by which prices fall a year */
	double growth_percent;        /* by which traffic grows a year */
};
