/* The rows of what the meter is told: interfaces of ports, services, and how far samples may be from
 * counters. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

const char *const hub_service_words[] = {"peering", "cache", "cloud", "transit", NULL};

const char *
hub_service_name(enum hub_service service)
{
	return hub_service_words[service];
}

const char *const hub_counters_words[] = {"sflow", "snmp", "push", NULL};

static const struct hub_item interface_rows[] = {
	{"exporter", HUB_TYPE_EXPORTER, FIELD(hub_interface, exporter),
	 .fallback_help = "the port's", .help = "The exporter that counts it."},
	{"if_index", HUB_TYPE_COUNT, .required = true, FIELD(hub_interface, if_index), .min = 1,
	 .max = UINT32_MAX, .help = "Its interface index there."},
};

const struct hub_table hub_schema_interface = {"interface", ROWS(interface_rows),
					       .size = sizeof(struct hub_interface)};

static const struct hub_item metering_rows[] = {
	{"workers", HUB_TYPE_COUNT, FIELD(hub_metering, workers), .min = 1, .max = 64,
	 .fallback = "1",
	 .help = "Threads that take samples in. All that an exporter sends comes to one of them: "
		 "more than there are exporters or processors are of no use."},
	{"ratio_min_percent", HUB_TYPE_COUNT, FIELD(hub_metering, ratio_min_percent), .max = 100,
	 .fallback = "90",
	 .help = "What samples, scaled, should say of a port at least, in percent of what its "
		 "counters say; less raises an alarm."},
	{"ratio_max_percent", HUB_TYPE_COUNT, FIELD(hub_metering, ratio_max_percent), .min = 100,
	 .max = 100000, .fallback = "110", .help = "What they should say at most."},
	{"ratio_samples", HUB_TYPE_COUNT, FIELD(hub_metering, ratio_samples), .min = 1,
	 .max = UINT32_MAX, .fallback = "1000",
	 .help = "A direction of a port with fewer samples in a bin is not judged: 1000 tell "
		 "octets to within 6 percent."},
	{"ratio_bins", HUB_TYPE_COUNT, FIELD(hub_metering, ratio_bins), .min = 1, .max = 255,
	 .fallback = "3",
	 .help = "Bins in a row that must be outside to raise the alarm, and inside to end it. "
		 "Holds "
		 "for `differ_percent` too."},
	{"counters", HUB_TYPE_WORD, LIST(hub_metering, counters, counters_count), .limit = 3,
	 .words = hub_counters_words, .fallback = "snmp sflow push",
	 .help = "Whose counters of a port are counted where several tell them, the most trusted "
		 "one first: another is used while that is silent for a bin. Who is left out is "
		 "never used."},
	{"differ_percent", HUB_TYPE_PERCENT, FIELD(hub_metering, differ_percent), .max = 10000,
	 .fallback = "5",
	 .help = "How far two sources of a port's counters may be apart in a bin, in percent of "
		 "the "
		 "larger one; more raises an alarm. 0: as far as they like."},
};

static void
check_metering(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_metering *m = element;
	hub_check_counters(r, m->counters, m->counters_count, map);
}

const struct hub_table hub_schema_metering = {"set of metering values", ROWS(metering_rows),
					      .size = sizeof(struct hub_metering),
					      .check = check_metering};
