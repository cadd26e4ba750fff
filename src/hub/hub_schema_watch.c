/* The rows of what the meter watches for, of samples that are sent on, and of flow records that are
 * kept. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

static const struct hub_item rise_rows[] = {
	{"enabled", HUB_TYPE_BOOL, FIELD(hub_watch_rise, enabled), .fallback = "true",
	 .help = "Whether it is looked for at all."},
	{"floor", HUB_TYPE_SPEED, FIELD(hub_watch_rise, floor_bps), .fallback = "1G",
	 .help = "Less than this to one address or network is nothing."},
	{"floor_pps", HUB_TYPE_COUNT, FIELD(hub_watch_rise, floor_pps), .max = 4000000000,
	 .fallback = "500000",
	 .help = "Packets a second that are something as well; 0: only bits count."},
	{"factor", HUB_TYPE_COUNT, FIELD(hub_watch_rise, factor), .min = 2, .max = 1000,
	 .fallback = "5", .help = "So many times what the address is used to."},
	{"hold_s", HUB_TYPE_COUNT, FIELD(hub_watch_rise, hold_s), .min = 10, .max = 3600,
	 .fallback = "30", .help = "It must last so long."},
	{"end_s", HUB_TYPE_COUNT, FIELD(hub_watch_rise, end_s), .min = 10, .max = 86400,
	 .fallback = "300", .help = "It is over when it was below half of that for so long."},
	{"learn_s", HUB_TYPE_COUNT, FIELD(hub_watch_rise, learn_s), .min = 10, .max = 86400,
	 .fallback = "1800",
	 .help = "After its start the meter only learns what addresses are used to."},
	{"baseline_s", HUB_TYPE_COUNT, FIELD(hub_watch_rise, baseline_s), .min = 60, .max = 604800,
	 .fallback = "1800",
	 .help = "How fast an address gets used to more; to less it gets 48 times slower."},
	{"sources_min", HUB_TYPE_COUNT, FIELD(hub_watch_rise, sources_min), .min = 1, .max = 50,
	 .fallback = "10",
	 .help = "From fewer sources it is taken for a transfer: an alarm, but no proposal."},
	{"ipv4_length", HUB_TYPE_COUNT, FIELD(hub_watch_rise, ipv4_length), .min = 16, .max = 31,
	 .fallback = "24", .help = "IPv4 networks of this length are looked at as well."},
	{"ipv6_length", HUB_TYPE_COUNT, FIELD(hub_watch_rise, ipv6_length), .min = 32, .max = 64,
	 .fallback = "48", .help = "IPv6 networks likewise."},
	{"blackhole_s", HUB_TYPE_COUNT, FIELD(hub_watch_rise, blackhole_s), .min = 10,
	 .max = 604800, .fallback = "3600",
	 .help = "A blackhole that an operator confirms ends by itself after so long."},
};

static const struct hub_table rise_table = {"set of rise values", ROWS(rise_rows),
					    .size = sizeof(struct hub_watch_rise)};

static const struct hub_item watch_rows[] = {
	{"port_warning_percent", HUB_TYPE_PERCENT, FIELD(hub_watch, port_warning_percent),
	 .max = 10000, .fallback = "60",
	 .help = "A port with more of its speed in use, either way, gives a warning."},
	{"port_alarm_percent", HUB_TYPE_PERCENT, FIELD(hub_watch, port_alarm_percent), .max = 10000,
	 .fallback = "80", .help = "And with more than this an alarm."},
	{"port_bins", HUB_TYPE_COUNT, FIELD(hub_watch, port_bins), .min = 1, .max = 288,
	 .fallback = "2",
	 .help = "In so many bins in a row; it ends five percent below, after as many."},
	{"silent_bins", HUB_TYPE_COUNT, FIELD(hub_watch, silent_bins), .min = 1, .max = 288,
	 .fallback = "3",
	 .help = "A member that had traffic and has none for so many bins, while its session is "
		 "up, gives an alarm."},
	{"silent_below", HUB_TYPE_SPEED, FIELD(hub_watch, silent_below_bps), .fallback = "20k",
	 .help = "What is less than this is none: BGP itself is some."},
	{"exporter_silent_s", HUB_TYPE_COUNT, FIELD(hub_watch, exporter_silent_s), .min = 10,
	 .max = 86400, .fallback = "180",
	 .help = "An exporter that was heard, and then not for so long, gives an alarm."},
	{"loss_percent", HUB_TYPE_PERCENT, FIELD(hub_watch, loss_percent), .max = 10000,
	 .fallback = "1",
	 .help = "More records of an exporter than this lost in a bin give an alarm."},
	{"unknown_mac", HUB_TYPE_SPEED, FIELD(hub_watch, unknown_mac_bps), .fallback = "10M",
	 .help = "A MAC address that is nobody's and sends or is sent more than this in a bin "
		 "gives an alarm."},
	{"rise", HUB_TYPE_TABLE, FIELD(hub_watch, rise), .table = &rise_table,
	 .help = "A sudden rise of what is sent to one address, or one network."},
};

const struct hub_table hub_schema_watch = {"set of watch values", ROWS(watch_rows),
					   .size = sizeof(struct hub_watch),
					   .check = hub_check_watch};

/* By the enum in struct hub_samples. */
static const char *const format_words[] = {"sflow", "ipfix", NULL};

static const struct hub_item samples_rows[] = {
	{"to", HUB_TYPE_ENDPOINT, FIELD(hub_samples, to), .fallback = "none",
	 .help = "Where they are sent, by UDP: ADDRESS:PORT or [IPV6]:PORT."},
	{"format", HUB_TYPE_WORD, FIELD(hub_samples, format), .words = format_words,
	 .fallback = "sflow", .help = "sflow: version 5; ipfix: RFC 7011."},
	{"addresses", HUB_TYPE_BOOL, FIELD(hub_samples, addresses), .fallback = "false",
	 .help = "IP addresses and what stands behind them stay in; otherwise there are zeros for "
		 "them, and nothing behind the IP header."},
	{"header_octets", HUB_TYPE_COUNT, FIELD(hub_samples, header_octets), .min = 22, .max = 256,
	 .fallback = "128", .help = "sflow: most octets of a sampled frame that are passed on."},
	{"rate_max", HUB_TYPE_COUNT, FIELD(hub_samples, rate_max), .max = 1000000,
	 .fallback = "10000",
	 .help = "Most samples a second; what is above is counted as dropped; 0: no limit."},
};

const struct hub_table hub_schema_samples = {"set of sample values", ROWS(samples_rows),
					     .size = sizeof(struct hub_samples),
					     .check = hub_check_samples};

/* By the enum in struct hub_flow_records. */
static const char *const address_words[] = {"none", "prefix", "full", NULL};

static const struct hub_item flow_record_rows[] = {
	{"keep_days", HUB_TYPE_COUNT, FIELD(hub_flow_records, keep_days), .max = 400,
	 .fallback = "0", .help = "They are deleted after so many days; 0: none are kept."},
	{"addresses", HUB_TYPE_WORD, FIELD(hub_flow_records, addresses), .words = address_words,
	 .fallback = "prefix",
	 .help = "none: no IP addresses; prefix: the /24 or /48 they lie in; full: as they are."},
	{"disk_max_mb", HUB_TYPE_COUNT, FIELD(hub_flow_records, disk_max_mb), .min = 1,
	 .max = 1048576, .fallback = "1024",
	 .help = "The oldest go before their time when there are more."},
};

const struct hub_table hub_schema_flow_records = {"set of flow record values",
						  ROWS(flow_record_rows),
						  .size = sizeof(struct hub_flow_records)};
