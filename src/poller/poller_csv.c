/* A reading as a row. */
#include "poller/poller_csv.h"

#include <inttypes.h>

const char poller_csv_header[] =
	"port,exporter,if_index,time,in_octets,out_octets,in_packets,out_packets,in_errors,"
	"out_errors,in_discards,out_discards,width,speed,uptime_ms,discontinuity\n";

static void
put_number(struct buf *out, uint64_t number)
{
	buf_u8(out, ',');
	if (number != UINT64_MAX)
		buf_printf(out, "%" PRIu64, number);
}

void
poller_csv_row(struct buf *out, const char *port, const char *exporter,
	       const struct poller_reading *r)
{
	buf_printf(out, "%s,%s,%" PRIu32, port ? port : "", exporter, r->if_index);
	const uint64_t numbers[] = {
		(uint64_t)r->time.s,
		r->in_octets,
		r->out_octets,
		r->in_packets,
		r->out_packets,
		r->in_errors,
		r->out_errors,
		r->in_discards,
		r->out_discards,
		r->width,
		r->speed_bps ? r->speed_bps : UINT64_MAX,
		r->has_uptime ? r->uptime_ms : UINT64_MAX,
		r->discontinuity_ticks ? r->discontinuity_ticks : UINT64_MAX,
	};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		put_number(out, numbers[i]);
	buf_u8(out, '\n');
}
