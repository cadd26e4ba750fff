/* The rows of content networks, and of what would serve them near the users. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

/* By enum hub_content_kind. */
static const char *const kind_words[] = {"cache", "on-ramp", NULL};

static const struct hub_item content_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_content, id), .unique = HUB_BY_CONTENT,
	 .min = 1, .max = 64, .help = "What answers call it."},
	{"name", HUB_TYPE_TEXT, FIELD(hub_content, name), .min = 1, .max = 200,
	 .help = "As it is printed."},
	{"asns", HUB_TYPE_ASN_RANGE, LIST(hub_content, asns, asn_count), .limit = 64,
	 .help = "Its networks: by these its traffic is known when it is measured."},
	{"kind", HUB_TYPE_WORD, FIELD(hub_content, kind), .words = kind_words, .fallback = "cache",
	 .help = "A cache, or an on-ramp: a way into its own network."},
	{"from", HUB_TYPE_SITE, .required = true, FIELD(hub_content, from),
	 .help = "Where its traffic enters the corridor today."},
	{"to", HUB_TYPE_SITE, .required = true, FIELD(hub_content, to),
	 .help = "Where the users are, and it would stand."},
	{"traffic_gbps", HUB_TYPE_DECIMAL, FIELD(hub_content, gbps), .max = 100000000,
	 .fallback_help = "what is measured of asns",
	 .help = "What comes from outside at the 95th percentile, Gbit/s."},
	BOUNDS("traffic_gbps", hub_content, traffic, 100000000),
	GROUNDS("traffic_gbps", hub_content, traffic),
	{"local_percent", HUB_TYPE_DECIMAL, FIELD(hub_content, local_percent), .max = 100,
	 .fallback = "0", .help = "Of all that users take of it, served near by already."},
	{"hit_percent", HUB_TYPE_DECIMAL, FIELD(hub_content, hit_percent), .max = 100,
	 .fallback_help = "reckoned from the cache and the catalogue; of an on-ramp 100",
	 .help = "Of what comes from outside, that would no longer."},
	BOUNDS("hit_percent", hub_content, basis, 100),
	{"catalogue_tb", HUB_TYPE_DECIMAL, FIELD(hub_content, catalogue_tb), .max = 1000000000,
	 .fallback = "0", .help = "All that is asked for, terabytes; to reckon hits."},
	{"object_mb", HUB_TYPE_DECIMAL, FIELD(hub_content, object_mb), .max = 1000000,
	 .fallback = "100", .help = "One piece of it, megabytes."},
	{"zipf", HUB_TYPE_DECIMAL, FIELD(hub_content, zipf), .max = 3, .fallback = "0.8",
	 .help = "How much more the popular is asked for: the exponent of Zipf's law."},
	{"cache_tb", HUB_TYPE_DECIMAL, FIELD(hub_content, cache_tb), .max = 1000000000,
	 .fallback = "0", .help = "What fits into the cache, terabytes."},
	{"serves_gbps", HUB_TYPE_DECIMAL, FIELD(hub_content, serves_gbps), .max = 100000000,
	 .fallback = "0", .help = "What it serves at most, Gbit/s; 0: all that hits."},
	{"usd_a_month", HUB_TYPE_DECIMAL, FIELD(hub_content, usd_a_month), .max = 1000000000,
	 .fallback = "0", .help = "What it costs: place, power, hands; US dollars a month."},
	ROW_GROUNDS(hub_content, basis),
};

const struct hub_table hub_schema_content = {
	"content network", ROWS(content_rows),       .size = sizeof(struct hub_content),
	.csv = true,       .fill = hub_fill_content, .check = hub_check_content};
