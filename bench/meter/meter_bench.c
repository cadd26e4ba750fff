/* What the meter's core costs a record, without sockets: flowgen's datagrams (-W) from memory.
 *
 *	meter_bench sflow|netflow FILE.pcap MEMBERS EXPORTERS [SNAPSHOT]
 *
 * All exporters send the same in turn, and each has its own numbers and templates. Prints nanoseconds of CPU a record, the
 * memory of the sums. */
#include <stdio.h>
#include <time.h>

#include "../../tests/meter/capture.h"
#include "../../tests/meter/exchange.h"
#include "meter/meter.h"

enum { DATAGRAMS_MAX = 4096, RECORDS = 10000000, FILE_MAX = 64 << 20 };
/* The address of the first exporter; the others follow it. */
static const uint32_t FIRST_EXPORTER = 0xc0000201;

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

/* flowgen's exchange with so many exporters, each of which may see any member. */
static struct hub *
exchange_of(uint32_t members, uint32_t exporters)
{
	struct hub *hub = exchange_new(members);
	hub->exporters = arena_take(hub->arena, exporters * sizeof(*hub->exporters));
	hub->exporter_count = exporters;
	for (uint32_t i = 0; i < exporters; i++)
		hub->exporters[i] = (struct hub_exporter){
			.id = arena_printf(hub->arena, "sw%u", i),
			.address = ip_v4(FIRST_EXPORTER + i),
		};
	for (uint32_t i = 0; i < members && exporters > 1; i++)
		hub->ports[i].exporter = HUB_NONE;
	return hub;
}

int
main(int argc, char **argv)
{
	static struct capture_datagram datagrams[DATAGRAMS_MAX];
	struct capture capture;
	size_t count = 0;
	if (argc < 5 || !capture_open(&capture, argv[2])) {
		fprintf(stderr, "usage: meter_bench sflow|netflow FILE.pcap MEMBERS EXPORTERS "
				"[SNAPSHOT]\n");
		return 2;
	}
	while (count < DATAGRAMS_MAX && capture_next(&capture, &datagrams[count]))
		count++;
	uint32_t exporters = (uint32_t)atoi(argv[4]);
	struct hub *hub = exchange_of((uint32_t)atoi(argv[3]), exporters);
	struct meter *m = meter_new(hub, 1, (struct utc_s){1700000100});
	if (argc > 5)
		meter_set_routes(m, open_snapshot(argv[5]));
	enum meter_kind kind = argv[1][0] == 's' ? METER_SFLOW : METER_NETFLOW;
	uint32_t last = number(&datagrams[count - 1]);
	uint32_t round = last - number(&datagrams[0]) + (last - number(&datagrams[count - 2]));
	double start = now_ns();
	while (meter_totals(m).samples < RECORDS)
		for (size_t i = 0; i < count; i++) {
			for (uint32_t e = 0; e < exporters; e++)
				meter_datagram(m, kind, ip_v4(FIRST_EXPORTER + e),
					       datagrams[i].payload, (struct utc_s){1700000101});
			go_on(&datagrams[i], round);
		}
	struct meter_totals t = meter_totals(m);
	printf("%.0f (%zu KB%s)\n", (now_ns() - start) / (double)t.samples, t.memory / 1024,
	       t.attributed == t.samples ? "" : ", not all attributed");
	meter_free(m);
	hub_free(hub);
	capture_close(&capture);
	return 0;
}
