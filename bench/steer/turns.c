/* What a cut costs the exchange, and for how long it is deaf meanwhile: customers with a view each, some upstreams with the
 * same prefixes, all in one engine without sockets. Prints processor time from the plan until the first and the last octets are
 * there for a socket, and of the longest turn, in which nothing else is heard.
 *   turns [CUSTOMERS [UPSTREAMS [PREFIXES [SETS]]]]       SETS: of attributes, of each upstream */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "exchange/exchange.h"
#include "exchange/exchange_steer.h"
#include "hub/hub_file.h"
#include "hub/hub_file_io.h"
#include "hub/steer.h"

enum { PIECES = 256, FIRST_ASN = 10000 };

static unsigned customers = 350, upstreams = 4, prefixes = 10000, sets = 1;
static struct exchange *x;
static struct mono_us now = {1000000};
static struct utc_s utc = {1800000000};
static unsigned slot_of[4096];

static int64_t
processor_us(void)
{
	struct timespec time;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

/* --- the picture --- */

static void
write_hub(FILE *f)
{
	fprintf(f, "hub: {name: Bench, short_name: B, asn: 64500, router_id: 192.0.2.1}\n"
		   "lans: [{name: transit, ipv4: 10.0.0.0/16}]\n"
		   "policy: {allow_asns: [20000-65534], allow_prefixes: [20.0.0.0/8]}\nsites:\n");
	for (unsigned i = 0; i < customers + upstreams; i++)
		fprintf(f, "  - {id: X%u, name: X%u, number: %u}\n", i, i, i + 1);
	fprintf(f, "members:\n");
	for (unsigned i = 0; i < customers + upstreams; i++)
		fprintf(f,
			"  - {asn: %u, name: M%u, kind: carrier, ports: [{id: p%u, site: X%u, "
			"speed: 400G, ipv4: 10.0.%u.%u}], "
			"sessions: [{id: s%u, port: p%u, families: [ipv4], transit: %s}]}\n",
			FIRST_ASN + i, i, i, i, i / 250 + 1, i % 250 + 1, i, i,
			i < customers ? "customer" : "upstream");
}

static struct hub *
picture(void)
{
	char path[] = "/tmp/sarai-turns-XXXXXX";
	struct hub_report report;
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f)
		abort();
	write_hub(f);
	fclose(f);
	struct hub *hub = hub_file_read(path, hub_file_disk(), &report);
	(void)unlink(path);
	if (!hub) {
		struct buf said = {0};
		hub_report_print(&report, &said);
		fprintf(stderr, "%.*s\n", (int)said.length, (const char *)said.data);
		exit(1);
	}
	return hub;
}

/* --- sessions --- */

static void
want_connect(void *context, unsigned slot, const struct exchange_target *target)
{
	(void)context, (void)slot, (void)target;
}

static void
want_close(void *context, unsigned slot, enum session_conn conn, struct cursor words)
{
	(void)context, (void)slot, (void)conn, (void)words;
	fprintf(stderr, "a session is closed\n");
	exit(1);
}

/* Takes what is there for all; returns octets. */
static uint64_t
take_all(void)
{
	struct iovec pieces[PIECES];
	uint64_t octets = 0;
	for (unsigned i = 0; i < customers + upstreams; i++) {
		while (exchange_waiting(x, slot_of[i], SESSION_IN)) {
			size_t count = exchange_output(x, slot_of[i], SESSION_IN, pieces, PIECES);
			size_t given = 0;
			for (size_t k = 0; k < count; k++)
				given += pieces[k].iov_len;
			octets += given;
			exchange_output_done(x, slot_of[i], SESSION_IN, given, true, now);
		}
	}
	return octets;
}

struct turns {
	double first_ms, last_ms, longest_ms;
	unsigned count;
	uint64_t octets;
};

/* Turns until all is said; from `since` on. */
static struct turns
settle(int64_t since)
{
	struct turns t = {.first_ms = -1};
	do {
		int64_t begun = processor_us();
		exchange_tick(x, now, utc);
		exchange_turn_end(x);
		uint64_t octets = take_all();
		int64_t ended = processor_us();
		double turn_ms = (double)(ended - begun) / 1e3;
		t.longest_ms = turn_ms > t.longest_ms ? turn_ms : t.longest_ms;
		t.octets += octets;
		t.count++;
		if (octets)
			t.last_ms = (double)(ended - since) / 1e3;
		if (octets && t.first_ms < 0)
			t.first_ms = t.last_ms;
	} while (exchange_deadline(x).us <= now.us);
	return t;
}

static void
put_header(struct buf *to, unsigned kind, size_t body)
{
	for (unsigned i = 0; i < 16; i++)
		buf_u8(to, 0xff);
	buf_u16(to, (uint16_t)(19 + body));
	buf_u8(to, (uint8_t)kind);
}

static void
say(unsigned i, const struct buf *octets)
{
	exchange_input(x, slot_of[i], SESSION_IN, octets->data, octets->length, now);
}

static void
open_session(unsigned i)
{
	struct buf to = {0};
	struct ip address = ip_v4(0x0a000000u + ((i / 250 + 1) << 8) + i % 250 + 1);
	int slot = exchange_accept(x, address, now);
	if (slot < 0)
		abort();
	slot_of[i] = (unsigned)slot;
	exchange_connected(x, slot_of[i], SESSION_IN, ip_v4(0x0a00fffe), now);
	put_header(&to, 1, 24);
	buf_u8(&to, 4);
	buf_u16(&to, (uint16_t)(FIRST_ASN + i));
	buf_u16(&to, 0); /* no hold time: nobody keeps it alive */
	buf_u32(&to, 0x0a090000u + i);
	buf_u8(&to, 14);
	buf_u8(&to, 2);
	buf_u8(&to, 12);
	buf_u32(&to, 0x01040001);
	buf_u16(&to, 1);
	buf_u16(&to, 0x4104);
	buf_u32(&to, FIRST_ASN + i);
	put_header(&to, 4, 0);
	say(i, &to);
	buf_fini(&to);
}

/* One prefix a message, for they have sets of attributes in turn. */
static void
announce(unsigned i)
{
	struct buf to = {0};
	for (unsigned k = 0; k < prefixes; k++) {
		put_header(&to, 2, 4 + 4 + 17 + 7 + 4);
		buf_u16(&to, 0);
		buf_u16(&to, 4 + 17 + 7);
		buf_u32(&to, 0x40010100);
		buf_u16(&to, 0x4002);
		buf_u16(&to, 14 << 8 | 2);
		buf_u8(&to, 3);
		buf_u32(&to, FIRST_ASN + i);
		buf_u32(&to, 64999);
		buf_u32(&to, 20000 + k % sets);
		buf_u16(&to, 0x4003);
		buf_u8(&to, 4);
		buf_u32(&to, 0x0a000000u + ((i / 250 + 1) << 8) + i % 250 + 1);
		buf_u32(&to, 24u << 24 | 20u << 16 | k);
	}
	say(i, &to);
	(void)settle(processor_us());
	buf_fini(&to);
}

/* --- plans --- */

/* The number `plan`: exit `cut` is closed for one customer of two, and farther for all others. */
static void
steer(const char *what, uint64_t number, int cut)
{
	struct arena *arena = arena_new();
	struct steer_plan plan = {.number = number,
				  .why = "bench",
				  .good_until = {utc.s + 1000},
				  .event_us = 1,
				  .made_us = 2};
	const char *why;
	plan.sites = arena_take(arena, (customers + upstreams) * sizeof(*plan.sites));
	plan.exits = arena_take(arena, upstreams * sizeof(*plan.exits));
	plan.ingresses = arena_take(arena, customers * sizeof(*plan.ingresses));
	plan.choices = arena_take(arena, customers * upstreams * sizeof(*plan.choices));
	for (unsigned i = 0; i < customers + upstreams; i++)
		plan.sites[plan.site_count++] = arena_printf(arena, "X%u", i);
	for (unsigned e = 0; e < upstreams; e++)
		plan.exits[plan.exit_count++] = (struct steer_exit){
			arena_printf(arena, "s%u", customers + e), customers + e};
	for (unsigned i = 0; i < customers; i++) {
		plan.ingresses[plan.ingress_count++] =
			(struct steer_ingress){.site = i,
					       .first_choice = (uint32_t)plan.choice_count,
					       .choice_count = upstreams};
		for (unsigned e = 0; e < upstreams; e++) {
			uint32_t far = 1000 + (uint32_t)(hash_u64(i * 64 + e + 1) % 9000);
			bool is_cut = (int)e == cut;
			plan.choices[plan.choice_count++] = (struct steer_choice){
				.exit = e,
				.metric = is_cut ? far * 2 : far,
				.latency_us = is_cut ? far * 2 : far,
				.flags = is_cut && i % 2 ? STEER_CLOSED : 0,
			};
		}
	}
	int64_t since = processor_us();
	struct exchange_steer_moment came = {now, (uint64_t)utc.s * 1000000};
	if (exchange_steer_take(x, &plan, arena, came, &why) < 0) {
		fprintf(stderr, "%s\n", why);
		exit(1);
	}
	double taken_ms = (double)(processor_us() - since) / 1e3;
	struct turns t = settle(since);
	const struct exchange_steer_change *c = exchange_steer_change_at(x, 0);
	printf("  %-20s taken in %6.1f ms, first UPDATE after %6.1f ms, last %7.1f ms; %u turns, "
	       "the longest %6.1f ms; "
	       "%u prefixes, %llu routes, %.1f MB\n",
	       what, taken_ms, t.first_ms, t.last_ms, t.count, t.longest_ms, c->moved[0],
	       (unsigned long long)c->routes_to, (double)t.octets / 1e6);
}

int
main(int argc, char **argv)
{
	unsigned *const numbers[] = {&customers, &upstreams, &prefixes, &sets};
	for (int i = 1; i < argc && i <= 4; i++)
		*numbers[i - 1] = (unsigned)atoi(argv[i]);
	const struct exchange_shell shell = {.connect = want_connect, .close = want_close};
	struct hub *hub = picture();
	x = exchange_new(hub, 1, &shell, now);
	if (!x)
		abort();
	exchange_tick(x, now, utc);
	for (unsigned i = 0; i < customers + upstreams; i++)
		open_session(i);
	(void)settle(processor_us());
	for (unsigned i = customers; i < customers + upstreams; i++)
		announce(i);
	printf("%u customers, %u upstreams, %u prefixes of %u paths, %u sets of attributes each\n",
	       customers, upstreams, prefixes, upstreams, sets);
	steer("the first plan", 1, -1);
	for (unsigned e = 0; e < 2 && e < upstreams; e++) {
		steer("an exit is cut", 2 + 2 * e, (int)e);
		steer("and is back", 3 + 2 * e, -1);
	}
	exchange_free(x);
	hub_free(hub);
	return 0;
}
