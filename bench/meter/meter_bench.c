/* What the meter's core costs a record, without sockets: flowgen's datagrams (-W) from memory.
 *
 *	meter_bench sflow|netflow FILE.pcap MEMBERS [SNAPSHOT] */
#include <stdio.h>
#include <time.h>

#include "../../tests/meter/capture.h"
#include "../../tests/meter/exchange.h"
#include "meter/meter.h"

enum { DATAGRAMS_MAX = 4096, RECORDS = 10000000, FILE_MAX = 64 << 20 };

static double
now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static struct rib_snapshot *
open_snapshot(const char *path)
{
	void *bytes = aligned_alloc(64, FILE_MAX);
	FILE *f = fopen(path, "rb");
	size_t length = f && bytes ? fread(bytes, 1, FILE_MAX, f) : 0;
	if (f)
		fclose(f);
	return rib_snapshot_open(bytes, length);
}

/* Where the sequence number stands: the meter takes no datagram twice, so each round has others. */
static uint8_t *
number_of(const struct capture_datagram *d)
{
	struct cursor start = d->payload;
	uint16_t version = cursor_u16(&start);
	return (uint8_t *)d->payload.at + (version == 9 ? 12 : version == 10 ? 8 : 16);
}

static uint32_t
number(const struct capture_datagram *d)
{
	struct cursor at = cursor_of(number_of(d), 4);
	return cursor_u32(&at);
}

static void
go_on(struct capture_datagram *d, uint32_t by)
{
	uint32_t next = __builtin_bswap32(number(d) + by);
	memcpy(number_of(d), &next, sizeof(next));
}

int
main(int argc, char **argv)
{
	static struct capture_datagram datagrams[DATAGRAMS_MAX];
	struct capture capture;
	size_t count = 0;
	if (argc < 4 || !capture_open(&capture, argv[2])) {
		fprintf(stderr, "usage: meter_bench sflow|netflow FILE.pcap MEMBERS [SNAPSHOT]\n");
		return 2;
	}
	while (count < DATAGRAMS_MAX && capture_next(&capture, &datagrams[count]))
		count++;
	struct hub *hub = exchange_new((uint32_t)atoi(argv[3]));
	struct meter *m = meter_new(hub, 1, (struct utc_s){1700000100});
	if (argc > 4)
		meter_set_routes(m, open_snapshot(argv[4]));
	enum meter_kind kind = argv[1][0] == 's' ? METER_SFLOW : METER_NETFLOW;
	uint32_t last = number(&datagrams[count - 1]);
	uint32_t round = last - number(&datagrams[0]) + (last - number(&datagrams[count - 2]));
	double start = now_ns();
	while (meter_totals(m).samples < RECORDS)
		for (size_t i = 0; i < count; i++) {
			meter_datagram(m, kind, ip_v4(0xc0000201), datagrams[i].payload,
				       (struct utc_s){1700000101});
			go_on(&datagrams[i], round);
		}
	double each = (now_ns() - start) / (double)meter_totals(m).samples;
	printf("%s, %s members: %.0f ns a record, %llu of %llu attributed, %zu KB of sums\n",
	       argv[1], argv[3], each, (unsigned long long)meter_totals(m).attributed,
	       (unsigned long long)meter_totals(m).samples, meter_totals(m).memory / 1024);
	printf("lost %llu of %llu\n", (unsigned long long)meter_exporter(m, 0).lost_records,
	       (unsigned long long)meter_exporter(m, 0).records);
	meter_free(m);
	hub_free(hub);
	capture_close(&capture);
	return 0;
}
