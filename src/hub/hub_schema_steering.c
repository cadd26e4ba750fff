/* The rows of steering, and of those who tell the state of segments. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

static const struct hub_item member_rows[] = {
	{"member", HUB_TYPE_MEMBER, .required = true, FIELD(hub_steering_member, member),
	 .help = "Whose it is; one for a member."},
	{"avoid", HUB_TYPE_COUNTRY, LIST(hub_steering_member, avoid, avoid_count), .limit = 250,
	 .help = "Countries that its traffic must not cross, besides those of its demands."},
	{"diverse", HUB_TYPE_BOOL, FIELD(hub_steering_member, policy.diverse),
	 .fallback_help = "as steering has it", .help = "As in steering, for this member."},
	{"latency_percent", HUB_TYPE_COUNT, FIELD(hub_steering_member, policy.latency_percent),
	 .min = 1, .max = 10000, .fallback_help = "as steering has it",
	 .help = "As in steering, for this member."},
	{"price_us", HUB_TYPE_COUNT, FIELD(hub_steering_member, policy.price_us), .max = 1000000,
	 .fallback_help = "as steering has it", .help = "As in steering, for this member."},
	{"load_us", HUB_TYPE_COUNT, FIELD(hub_steering_member, policy.load_us), .max = 1000000,
	 .fallback_help = "as steering has it", .help = "As in steering, for this member."},
	{"limit_percent", HUB_TYPE_COUNT, FIELD(hub_steering_member, policy.limit_percent),
	 .min = 1, .max = 100, .fallback_help = "as steering has it",
	 .help = "As in steering, for this member."},
};

static const struct hub_table member_table = {"policy of a member", ROWS(member_rows),
					      .size = sizeof(struct hub_steering_member),
					      .check = hub_check_steering_member};

static const struct hub_item token_rows[] = {
	{"name", HUB_TYPE_ID, .required = true, FIELD(hub_steering_token, name), .min = 1,
	 .max = 64, .help = "As which the journal names who has it; one token for a name."},
	{"token", HUB_TYPE_SECRET, .required = true, FIELD(hub_steering_token, token), .min = 16,
	 .max = 200, .help = "What is shown with each order."},
};

static const struct hub_table token_table = {"token", ROWS(token_rows),
					     .size = sizeof(struct hub_steering_token),
					     .check = hub_check_steering_token};

/* By enum hub_steering_place. */
static const char *const place_words[] = {"greedy", "fair", "even", NULL};

static const struct hub_item steering_rows[] = {
	{"latency_percent", HUB_TYPE_COUNT, FIELD(hub_steering, policy.latency_percent), .min = 1,
	 .max = 10000, .fallback = "100",
	 .help = "What light along a way costs: 100 is one for one."},
	{"price_us", HUB_TYPE_COUNT, FIELD(hub_steering, policy.price_us), .max = 1000000,
	 .fallback = "0",
	 .help = "Microseconds of detour that a US dollar per Mbit/s and month is worth."},
	{"load_us", HUB_TYPE_COUNT, FIELD(hub_steering, policy.load_us), .max = 1000000,
	 .fallback = "2000",
	 .help = "Microseconds of detour that a segment at its limit is worth; nothing up to half "
		 "of the limit."},
	{"limit_percent", HUB_TYPE_COUNT, FIELD(hub_steering, policy.limit_percent), .min = 1,
	 .max = 100, .fallback = "90",
	 .help = "No more of a segment's capacity is filled while there is another way."},
	{"diverse", HUB_TYPE_BOOL, FIELD(hub_steering, policy.diverse), .fallback = "false",
	 .help = "The ways to all other exits are looked for apart from the first one's risks, "
		 "where there are such, though they be longer."},
	{"place", HUB_TYPE_WORD, FIELD(hub_steering, place), .words = place_words,
	 .fallback = "fair",
	 .help = "What is done when a segment or the port of an upstream is over its limit. fair: "
		 "members are placed together, so that all find room, or the least served as much "
		 "as can be; even: so that the fullest is as empty as can be; greedy: nothing."},
	{"hold_s", HUB_TYPE_COUNT, FIELD(hub_steering, hold_s), .max = 86400, .fallback = "30",
	 .help = "How long something better must be there before it is taken."},
	{"half_life_s", HUB_TYPE_COUNT, FIELD(hub_steering, half_life_s), .min = 1, .max = 86400,
	 .fallback = "900",
	 .help = "By then half of the changes that were spent may be spent again."},
	{"moves", HUB_TYPE_COUNT, FIELD(hub_steering, moves), .min = 1, .max = 1000,
	 .fallback = "4", .help = "Changes for the better of one ingress and exit, at once."},
	{"margin_percent", HUB_TYPE_COUNT, FIELD(hub_steering, margin_percent), .max = 100,
	 .fallback = "5", .help = "Less of a way's cost is no change."},
	{"margin_us", HUB_TYPE_COUNT, FIELD(hub_steering, margin_us), .max = 1000000,
	 .fallback = "500", .help = "Less than this is none either."},
	{"good_s", HUB_TYPE_COUNT, FIELD(hub_steering, good_s), .min = 3, .max = 3600,
	 .fallback = "10",
	 .help = "How long a plan is good for; it is renewed three times as often."},
	{"down_s", HUB_TYPE_COUNT, FIELD(hub_steering, down_s), .max = 3600, .fallback = "0",
	 .help = "A source of segments that says down is believed after this."},
	{"up_s", HUB_TYPE_COUNT, FIELD(hub_steering, up_s), .max = 86400, .fallback = "30",
	 .help = "One that says up again after this."},
	{"silent_s", HUB_TYPE_COUNT, FIELD(hub_steering, silent_s), .min = 1, .max = 86400,
	 .fallback = "180",
	 .help = "One that says nothing for so long is silent: it cuts nothing, and ends no cut."},
	{"tokens", HUB_TYPE_TABLE, LIST(hub_steering, tokens, token_count), .table = &token_table,
	 .limit = 100, .fallback_help = "nobody",
	 .help = "Who may cut, drain and restore segments by HTTP (docs/api.md)."},
	{"members", HUB_TYPE_TABLE, LIST(hub_steering, members, member_count),
	 .table = &member_table, .limit = 16384, .help = "Members with a policy of their own."},
};

const struct hub_table hub_schema_steering = {"set of steering values", ROWS(steering_rows),
					      .size = sizeof(struct hub_steering),
					      .fill = hub_fill_steering};

static const struct hub_item source_rows[] = {
	{"id", HUB_TYPE_ID, .required = true, FIELD(hub_segment_source, id), .min = 1, .max = 64,
	 .help = "What it is called."},
	{"segment", HUB_TYPE_SEGMENT, .required = true, FIELD(hub_segment_source, segment),
	 .help = "The segment that it knows of; there may be several for one."},
	{"exporter", HUB_TYPE_EXPORTER, FIELD(hub_segment_source, exporter),
	 .help = "A router or switch that is asked by SNMP (ifOperStatus, RFC 2863)."},
	{"interface", HUB_TYPE_TEXT, FIELD(hub_segment_source, interface), .min = 1, .max = 255,
	 .help = "The name of its interface toward the segment."},
	{"if_index", HUB_TYPE_COUNT, FIELD(hub_segment_source, if_index), .max = UINT32_MAX,
	 .fallback = "0", .help = "Or its number."},
	{"session", HUB_TYPE_ID, FIELD(hub_segment_source, session_id), .min = 1, .max = 64,
	 .help = "Or a session with bfd whose packets cross the segment. Without either, `sarai "
		 "corridor "
		 "hear` tells it."},
	{"weight", HUB_TYPE_COUNT, FIELD(hub_segment_source, weight), .min = 1, .max = 1000000,
	 .fallback = "1",
	 .help = "Its share of the segment's capacity, beside other interfaces of it."},
};

const struct hub_table hub_schema_segment_source = {
	"source of a segment's state", ROWS(source_rows), .size = sizeof(struct hub_segment_source),
	.check = hub_check_segment_source};
