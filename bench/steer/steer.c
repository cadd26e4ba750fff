/* Views by place: 20 exits, 50 sites with a session each, a table of 100,000 and of 1,000,000 prefixes with four paths each.
 * Prints what the table and the views take, and how much processor time after a plan in which one exit is closed the first and the last
 * UPDATE is there for a socket, over all sessions; and the work without views: the same table told to all alike. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"
#include "exchange/rib/rib.h"

enum { EXITS = 20, SITES = 50, SLOTS = EXITS + SITES, PATHS = 4, SETS = 2000, STEP = 20000 };

static struct rib *rib;
static uint32_t row_of[SLOTS], cost[SITES * SLOTS];
static uint8_t backup[SITES * SLOTS];

/* Time of the processor, so that other work beside does not count. */
static int64_t
processor_us(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
open_sessions(void)
{
	for (unsigned slot = 0; slot < SLOTS; slot++) {
		const struct rib_peer peer = {
			.router_id = slot + 1, .address = ip_v4(slot + 1), .transit = true};
		rib_session_open(rib, slot, &peer);
		row_of[slot] = slot < EXITS ? RIB_NO_ROW : slot - EXITS;
	}
}

/* The exit's set of attributes of that number. */
static uint32_t
set_of(unsigned exit, unsigned number, uint32_t hearers)
{
	uint8_t path[] = {
		2, 3, 0, 0, 0xfd, (uint8_t)exit, 0, 1, (uint8_t)(number >> 8), (uint8_t)number,
		0, 2, 0, 9};
	const struct bgp_attrs attrs = {.next_hop = ip_v4(0xc0000200u + exit),
					.as_path = cursor_of(path, sizeof(path)),
					.as_hops = 3,
					.first_as = {0xfd00u + exit}};
	const struct rib_verdict verdict = {
		.plain = true, .preference = RIB_TRANSIT, .local_pref = 100, .receivers = hearers};
	uint32_t set = rib_attrs_known(rib, exit, &attrs);
	return set ? set : rib_attrs_intern(rib, &verdict);
}

/* Takes what is there for all; returns octets. */
static uint64_t
take_all(void)
{
	struct iovec pieces[16];
	uint64_t octets = 0;
	for (unsigned slot = EXITS; slot < SLOTS; slot++)
		for (size_t count; (count = rib_out_pieces(rib, slot, pieces, 16)) != 0;) {
			size_t given = 0;
			for (size_t i = 0; i < count; i++)
				given += pieces[i].iov_len;
			octets += given;
			rib_out_sent(rib, slot, given);
		}
	return octets;
}

static double
announce_all(unsigned prefixes)
{
	uint32_t hearers = RIB_SET_EMPTY;
	for (unsigned slot = EXITS; slot < SLOTS; slot++)
		hearers = rib_set_with(rib_sets_in(rib), hearers, slot);
	int64_t since = processor_us();
	for (unsigned i = 0; i < prefixes; i++) {
		struct prefix prefix = prefix_of(ip_v4(0x0a000000u + (i << 8)), 24);
		for (unsigned k = 0; k < PATHS; k++) {
			unsigned exit = (unsigned)(hash_u64(i % SETS * 7 + 1) + k * 3) % EXITS;
			uint32_t set = set_of(exit, i % SETS, hearers);
			(void)rib_announce(rib, (struct rib_source){exit, 0}, &prefix, set, 0, 1);
		}
		if (i % 4096 == 4095) {
			(void)rib_turn_end(rib);
			(void)take_all();
		}
	}
	(void)rib_turn_end(rib);
	(void)take_all();
	return (double)(processor_us() - since) / 1e6;
}

/* Goes by `cost`; says how long the first and the last octets took, and what moved. */
static void
steer(const char *what)
{
	const struct rib_steering with = {SLOTS, SITES, row_of, cost, backup, false};
	int64_t since = processor_us(), first = -1;
	uint64_t octets = 0, moved = 0;
	(void)rib_steer(rib, &with);
	for (bool more = true; more;) {
		more = rib_steer_step(rib, STEP);
		more |= rib_turn_end(rib);
		octets += take_all();
		if (first < 0 && octets)
			first = processor_us() - since;
	}
	for (unsigned exit = 0; exit < EXITS; exit++)
		moved += rib_steer_shift_of(rib, exit).to;
	printf("  %-34s first UPDATE %7.2f ms, last %8.1f ms; %u prefixes, %llu routes, %.1f MB\n",
	       what, (double)(first < 0 ? 0 : first) / 1e3, (double)(processor_us() - since) / 1e3,
	       rib_steer_moved(rib), (unsigned long long)moved, (double)octets / 1e6);
}

static void
run(unsigned prefixes)
{
	struct rib_totals before, after;
	rib = rib_new(IP_V4, SLOTS);
	if (!rib)
		abort();
	open_sessions();
	double seconds = announce_all(prefixes);
	rib_total(rib, &before);
	printf("%u prefixes, %u paths, %d exits, %d sites\n", prefixes, before.paths, EXITS, SITES);
	printf("  without a plan: taken in and told to all in %.2f s, %.0f MB\n", seconds,
	       (double)before.memory / 1e6);
	for (unsigned i = 0; i < SITES * SLOTS; i++)
		cost[i] = 1000 + (uint32_t)(hash_u64(i) % 90000);
	steer("the first plan, all views differ");
	rib_total(rib, &after);
	printf("  with views: %.0f MB\n", (double)after.memory / 1e6);
	for (unsigned row = 0; row < 5; row++)
		cost[row * SLOTS + 7] = RIB_CLOSED;
	steer("an exit is cut from 5 of 50 sites");
	for (unsigned row = 0; row < SITES; row++)
		cost[row * SLOTS + 7] = RIB_CLOSED;
	steer("an exit is cut from everywhere");
	for (unsigned i = 0; i < SITES * SLOTS; i++)
		cost[i] += cost[i] == RIB_CLOSED ? 0 : 1;
	steer("all costs, and no order, change");
	rib_free(rib);
}

int
main(void)
{
	run(100000);
	run(1000000);
	return 0;
}
