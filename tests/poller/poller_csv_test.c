/* Rows that the poller writes, read as the meter reads them. */
#include "poller/poller_csv.h"

#include <string.h>

#include "meter/counter_csv.h"
#include "tap.h"

/* Reads a row under the poller's header. */
static bool
reads(struct counter_report *out, const char *port, const struct poller_reading *reading)
{
	struct counter_csv columns;
	char why[COUNTER_REASON] = "";
	struct buf row = {0};
	poller_csv_row(&row, port, "sw1", reading);
	counter_report_init(out, TRAFFIC_BY_SNMP);
	bool good = row.length > 0 && row.data[row.length - 1] == '\n' &&
		    counter_csv_header(&columns,
				       cursor_of(poller_csv_header, strlen(poller_csv_header) - 1),
				       why) == 0 &&
		    counter_csv_row(out, &columns, cursor_of(row.data, row.length - 1), why) == 0;
	if (!good)
		printf("# %s: %.*s", why, (int)row.length, (const char *)row.data);
	buf_fini(&row);
	return good;
}

int
main(void)
{
	struct poller_reading all = {
		.if_index = 4000000000,
		.time = {1795262400},
		.in_octets = UINT64_MAX - 1,
		.out_octets = 2,
		.in_packets = 3,
		.out_packets = 4,
		.in_errors = 5,
		.out_errors = 6,
		.in_discards = 7,
		.out_discards = 8,
		.width = 64,
		.speed_bps = 400000000000,
		.uptime_ms = 9,
		.has_uptime = true,
		.discontinuity_ticks = 10,
	};
	struct counter_report r;
	ok(reads(&r, "p1", &all) && strcmp(r.port, "p1") == 0 && strcmp(r.exporter, "sw1") == 0 &&
		   r.if_index == 4000000000 && r.time.s == 1795262400,
	   "a row says which port it is, and when");
	const uint64_t *v = r.reading.value;
	ok(v[COUNTER_OCTETS_IN] == UINT64_MAX - 1 && v[COUNTER_OCTETS_OUT] == 2 &&
		   v[COUNTER_PACKETS_IN] == 3 && v[COUNTER_PACKETS_OUT] == 4 &&
		   v[COUNTER_ERRORS_IN] == 5 && v[COUNTER_ERRORS_OUT] == 6 &&
		   v[COUNTER_DISCARDS_IN] == 7 && v[COUNTER_DISCARDS_OUT] == 8,
	   "each counter is read as itself");
	ok(r.reading.width == 64 && r.reading.speed_bps == 400000000000 && r.reading.has_uptime &&
		   r.reading.uptime_ms == 9 && r.reading.discontinuity != 0,
	   "so is what is told of it");
	struct poller_reading few = {
		.if_index = 7,
		.time = {1795262400},
		.in_octets = 0,
		.out_octets = 0,
		.in_packets = UINT64_MAX,
		.out_packets = UINT64_MAX,
		.in_errors = UINT64_MAX,
		.out_errors = UINT64_MAX,
		.in_discards = UINT64_MAX,
		.out_discards = UINT64_MAX,
		.width = 32,
	};
	ok(reads(&r, NULL, &few) && !r.port[0] && r.if_index == 7,
	   "an interface that is no port's own is told by its exporter");
	ok(v[COUNTER_OCTETS_IN] == 0 && v[COUNTER_PACKETS_IN] == counter_not_told &&
		   v[COUNTER_DISCARDS_OUT] == counter_not_told && r.reading.width == 32 &&
		   !r.reading.has_uptime && !r.reading.speed_bps && !r.reading.discontinuity,
	   "nought is nought, and what is not told is not");
	return done_testing();
}
