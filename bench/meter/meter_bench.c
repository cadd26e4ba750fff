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
	double start = now_ns();
	while (meter_totals(m).samples < RECORDS)
		for (size_t i = 0; i < count; i++)
			meter_datagram(m, kind, ip_v4(0xc0000201), datagrams[i].payload,
				       (struct utc_s){1700000101});
	double each = (now_ns() - start) / (double)meter_totals(m).samples;
	printf("%s, %s members: %.0f ns a record, %llu of %llu attributed, %zu KB of sums\n",
	       argv[1], argv[3], each, (unsigned long long)meter_totals(m).attributed,
	       (unsigned long long)meter_totals(m).samples, meter_totals(m).memory / 1024);
	meter_free(m);
	hub_free(hub);
	capture_close(&capture);
	return 0;
}
