/* The rows of the colors of SR policies whose ways the corridor works out. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

/* By enum hub_sr_measure. */
static const char *const measure_words[] = {"length", "price", "availability", "hops", NULL};

static const struct hub_item color_rows[] = {
	{"color", HUB_TYPE_COUNT, .required = true, FIELD(hub_sr_color, color), .max = UINT32_MAX,
	 .help = "Which one; each color once."},
	{"by", HUB_TYPE_WORD, FIELD(hub_sr_color, by), .words = measure_words, .fallback = "length",
	 .help = "Of the ways that do, the one with the least of this."},
	{"avoid", HUB_TYPE_TEXT, LIST(hub_sr_color, avoid, avoid_count), .min = 1, .max = 80,
	 .limit = 64,
	 .help = "Countries, operators, cables, risks and sites that no way uses, as `corridor "
		 "path --avoid` has them: RU, risk:RED_SEA."},
	{"require", HUB_TYPE_TEXT, LIST(hub_sr_color, require, require_count), .min = 1, .max = 80,
	 .limit = 8, .help = "What every way uses: the same, and segments."},
	{"latency_max_us", HUB_TYPE_COUNT, FIELD(hub_sr_color, latency_max_us), .max = 10000000,
	 .fallback = "0",
	 .help = "Longer ways, one way along the fibre, are none; 0: any. Of the 32 ways with "
		 "the least it is the first that is short enough."},
	{"from", HUB_TYPE_ID, LIST(hub_sr_color, from, from_count), .min = 1, .max = 64,
	 .limit = 1000, .fallback_help = "all with a session or an address",
	 .help = "Routers that are told."},
	{"to", HUB_TYPE_ID, LIST(hub_sr_color, to, to_count), .min = 1, .max = 64, .limit = 1000,
	 .fallback_help = "all with a label or SID", .help = "Routers to which ways lead."},
	{"preference", HUB_TYPE_COUNT, FIELD(hub_sr_color, preference), .max = UINT32_MAX,
	 .fallback = "100", .help = "Of the candidate paths, beside those of sr_policies."},
	{"return_s", HUB_TYPE_COUNT, FIELD(hub_sr_color, return_s), .max = 86400,
	 .fallback_help = "steering.hold_s",
	 .help = "How long a better way, or one that was cut, must be there before it is taken."},
	{"srv6", HUB_TYPE_BOOL, FIELD(hub_sr_color, srv6), .fallback = "false",
	 .help = "Ways are lists of SRv6 SIDs, not of labels."},
	{"backup", HUB_TYPE_BOOL, FIELD(hub_sr_color, backup), .fallback = "false",
	 .help = "Beside each way that is told by BGP a second one, under the same conditions, "
		 "that "
		 "shares no segment and no risk with it: a candidate path of a preference one "
		 "lower."},
	{"lists", HUB_TYPE_COUNT, FIELD(hub_sr_color, lists), .min = 1, .max = HUB_SR_LISTS_MAX,
	 .fallback = "1",
	 .help = "By BGP, at most so many ways that share no segment, told as lists of one "
		 "candidate path; weighted by what the narrowest segment of each carries."},
	{"lists_percent", HUB_TYPE_COUNT, FIELD(hub_sr_color, lists_percent), .max = 1000,
	 .fallback = "10",
	 .help = "What those beside the best way may cost more than it, by what ways are best by."},
};

const struct hub_table hub_schema_sr_color = {"color of SR policies", ROWS(color_rows),
					      .size = sizeof(struct hub_sr_color),
					      .check = hub_check_sr_color};
