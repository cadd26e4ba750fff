/* The meter in threads, over real sockets on loopback: the kernel brings all of an exporter to one worker,
 * and the bins are those of one meter that took everything. Under -fsanitize=thread it proves the hand-over. */
#include "meter/inlet_workers_io.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "exchange.h"
#include "meter/meter_io.h"
#include "tap.h"

enum { EXPORTERS = 8, WORKERS = 3, DATAGRAMS = 400, SOURCE_PORTS = 3 };
static const int64_t start_s = 1700000100; /* of a bin */
static atomic_llong now_s = 1700000110;    /* workers read it */

static struct utc_s
fake_clock(void)
{
	return (struct utc_s){now_s};
}

/* Exporter i is at 127.0.0.(2 + i) and may see every port. */
static struct hub *
exchange_of_switches(void)
{
	struct hub *hub = exchange_new(40);
	hub->exporters = arena_take(hub->arena, EXPORTERS * sizeof(*hub->exporters));
	hub->exporter_count = EXPORTERS;
	for (uint32_t i = 0; i < EXPORTERS; i++)
		hub->exporters[i] = (struct hub_exporter){
			.id = arena_printf(hub->arena, "sw%u", i),
			.address = ip_v4(0x7f000002 + i),
		};
	for (size_t i = 0; i < hub->port_count; i++)
		hub->ports[i].exporter = (uint32_t)(i % EXPORTERS);
	return hub;
}

/* The n-th datagram of an exporter: two samples of frames from a port of it, and now and then counters. */
static void
make_datagram(struct buf *out, uint32_t exporter, uint32_t n)
{
	uint32_t port = exporter + EXPORTERS * (n % 5);
	struct frame frame = {
		.from = port,
		.to = (port + n) % 40,
		.length = (uint16_t)(100 + n),
		.rate = 1000,
		.source = 1000 + port,
		.input = 1000 + port,
		.source_ip = "192.0.2.1",
		.destination_ip = n % 2 ? "198.51.100.7" : "203.0.113.9",
	};
	bool counters = n % 7 == 0;
	buf_clear(out);
	sflow_header(out, (struct sflow_numbers){0, n + 1, 1000 + n * 10}, counters ? 3 : 2);
	sflow_flow_sample(out, 2 * n + 1, &frame);
	frame.to = (port + n + 7) % 40;
	sflow_flow_sample(out, 2 * n + 2, &frame);
	if (counters)
		sflow_counter_sample(out, n / 7 + 1, 1000 + port, 1000000ull * n, 2000000ull * n);
}

static int
socket_from(uint32_t exporter)
{
	struct sockaddr_in from = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(0x7f000002 + exporter)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof(from)) < 0)
		return -1;
	return fd;
}

/* A port that nobody has, for as long as it matters. */
static uint16_t
free_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	(void)bind(fd, (struct sockaddr *)&at, sizeof(at));
	(void)getsockname(fd, (struct sockaddr *)&at, &length);
	close(fd);
	return ntohs(at.sin_port);
}

static struct inlet_endpoints
listen_at(uint16_t port)
{
	struct inlet_endpoints at = {0};
	at.at[0].ip = ip_v4(INADDR_LOOPBACK);
	at.at[0].port = port;
	return at;
}

static int
collect(struct inlet_workers *workers, struct meter *m, bool drain)
{
	int result = inlet_workers_collect(workers, drain);
	while (meter_tick(m, fake_clock()))
		;
	return inlet_workers_merge(workers, m) | result;
}

/* Sends all to the workers, and gives it to `alone` too; each exporter from several source ports. */
static void
send_all(uint16_t to_port, struct meter *alone, struct inlet_workers *workers, struct meter *m)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(to_port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct buf datagram = {0};
	int fds[EXPORTERS][SOURCE_PORTS];
	bool sent = true;
	for (uint32_t e = 0; e < EXPORTERS; e++)
		for (int p = 0; p < SOURCE_PORTS; p++)
			fds[e][p] = socket_from(e);
	for (uint32_t n = 0; n < DATAGRAMS; n++) {
		for (uint32_t e = 0; e < EXPORTERS; e++) {
			make_datagram(&datagram, e, n);
			sent &= sendto(fds[e][n % SOURCE_PORTS], datagram.data, datagram.length, 0,
				       (struct sockaddr *)&to,
				       sizeof(to)) == (ssize_t)datagram.length;
			meter_datagram(alone, METER_SFLOW, ip_v4(0x7f000002 + e),
				       cursor_of(datagram.data, datagram.length), fake_clock());
		}
		if (n % 50 == 49)
			(void)collect(workers, m, false);
	}
	ok(sent, "all is sent");
	for (uint32_t e = 0; e < EXPORTERS; e++)
		for (int p = 0; p < SOURCE_PORTS; p++)
			close(fds[e][p]);
	buf_fini(&datagram);
}

static struct buf
all_batches(struct meter *m)
{
	const struct traffic_batch *batch;
	struct buf out = {0};
	while ((batch = meter_flush(m, fake_clock())))
		traffic_encode(batch, &out);
	return out;
}

static int
times(const struct buf *in, const char *text)
{
	int count = 0;
	size_t length = strlen(text);
	for (size_t i = 0; i + length <= in->length; i++)
		count += memcmp(in->data + i, text, length) == 0;
	return count;
}

/* What three workers know is taken over by two, who leave it to three again: sequence numbers go on. */
static void
pass_on(const struct hub *hub, struct inlet_workers *from)
{
	struct inlet_workers *to = inlet_workers_new(hub, 2, 6, fake_clock);
	struct buf state = {0}, again = {0};
	struct cursor parts, part;
	struct inlet_place place;
	int count = 0;
	bool good = to != NULL;
	inlet_state_begin(&state);
	inlet_workers_keep(from, &state);
	inlet_state_end(&state);
	good &= inlet_state_read(&parts, cursor_of(state.data, state.length));
	while (good && inlet_state_next(&parts, &part) == INLET_DECODERS) {
		good = inlet_state_take_place(&place, &part) && place.index == count++ &&
		       place.count == WORKERS && inlet_workers_resume(to, place, part) == 0;
	}
	ok(good && count == WORKERS, "each leaves what its decoders know, and others take it over");
	if (good)
		inlet_workers_keep(to, &again);
	bool once = true;
	for (int e = 0; e < EXPORTERS; e++) {
		char id[8];
		snprintf(id, sizeof(id), "sw%d", e);
		once &= times(&state, id) == 1 && times(&again, id) == 1;
	}
	ok(once, "no exporter is left out or there twice");
	inlet_workers_free(to);
	buf_fini(&state);
	buf_fini(&again);
}

static void
same_as_one(void)
{
	char reason[INLET_REASON] = "";
	uint16_t port = free_port();
	struct inlet_endpoints at = listen_at(port), nowhere = {0};
	struct hub *hub = exchange_of_switches(), *next = exchange_of_switches();
	struct meter *m = meter_new(hub, 5, (struct utc_s){start_s});
	struct meter *alone = meter_new(hub, 5, (struct utc_s){start_s});
	struct inlet_workers *workers = inlet_workers_new(hub, WORKERS, 5, fake_clock);
	if (!ok(m && alone && workers, "workers start"))
		return;
	ok(inlet_workers_listen(workers, &at, reason) == 0, "and listen at one port");
	send_all(port, alone, workers, m);
	ok(collect(workers, m, true) == 0, "what they have counted is collected");
	is_int((long long)meter_totals(m).samples, 2LL * DATAGRAMS * EXPORTERS,
	       "every sample has been counted");

	struct meter_exporter e = meter_exporter(m, 3);
	is_int((long long)e.datagrams, DATAGRAMS, "an exporter's datagrams are all there");
	is_int((long long)e.lost_records, 0,
	       "none of its numbers is missing: it came to one worker from all its ports");

	pass_on(hub, workers);
	ok(meter_apply(m, next) == 0 && meter_apply(alone, next) == 0 &&
		   inlet_workers_apply(workers, next) == 0,
	   "another picture while they run");
	now_s = start_s + 290;
	send_all(port, alone, workers, m);
	ok(inlet_workers_listen(workers, &nowhere, reason) == 0, "they stop to listen");
	(void)collect(workers, m, true);
	now_s = start_s + 400;
	struct buf of_many = all_batches(m), of_one = all_batches(alone);
	ok(of_many.length == of_one.length && of_one.length > 1000 &&
		   memcmp(of_many.data, of_one.data, of_one.length) == 0,
	   "the bins are the same, octet for octet, as those of one meter");
	buf_fini(&of_many);
	buf_fini(&of_one);
	inlet_workers_free(workers);
	meter_free(m);
	meter_free(alone);
	hub_free(hub);
	hub_free(next);
}

/* The kernel's choice is the one that we work out, so that what is kept for a worker finds it again. */
static void
steering(void)
{
	struct meter_socket sockets[WORKERS];
	uint16_t port = free_port();
	struct hub_endpoint at = {.ip = ip_v4(INADDR_LOOPBACK), .port = port};
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	bool opened = true, right = true, used[WORKERS] = {false};
	for (int i = 0; i < WORKERS; i++)
		opened &= meter_socket_open_shared(&sockets[i], at) == 0;
	ok(opened && meter_socket_steer(&sockets[0], WORKERS) == 0, "three sockets at one port");
	for (uint32_t e = 0; e < 32; e++) {
		char octet = 0;
		int fd = socket_from(e);
		size_t expected = meter_socket_steered(ip_v4(0x7f000002 + e), WORKERS);
		(void)sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to));
		close(fd);
		right &= recv(sockets[expected].fd, &octet, 1, MSG_DONTWAIT) == 1;
		used[expected] = true;
	}
	ok(right, "each of 32 addresses is heard where it should be");
	ok(used[0] && used[1] && used[2], "and none of the three hears nobody");
	for (int i = 0; i < WORKERS; i++)
		meter_socket_close(&sockets[i]);
}

int
main(void)
{
	steering();
	same_as_one();
	return done_testing();
}
