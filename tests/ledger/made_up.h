/* Batches for the tests of the ledger: made from a seed, the same every time. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "hub/traffic.h"
#include "ledger/ledger_bin.h"

struct made_up {
	uint64_t seed;
};

__attribute__((unused)) static uint64_t
made_up_number(struct made_up *m)
{
	m->seed += 0x9e3779b97f4a7c15u;
	uint64_t x = m->seed;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

__attribute__((unused)) static uint64_t
made_up_below(struct made_up *m, uint64_t limit)
{
	return made_up_number(m) % limit;
}

/* A batch of `ports` ports named p0, p1, ... with counters, and some pairs, networks and countries;
 * everything is taken from `arena`. */
__attribute__((unused)) static struct traffic_batch *
made_up_batch(struct made_up *m, struct arena *arena, int64_t start, uint64_t run, size_t ports)
{
	enum { RATE = 1000 };
	struct traffic_batch *b = arena_take(arena, sizeof(*b));
	*b = (struct traffic_batch){
		.start = {start}, .length_s = 300, .covered_s = 300, .run = run};
	b->ports = arena_take(arena, ports * sizeof(*b->ports));
	b->port_count = ports;
	for (size_t i = 0; i < ports; i++) {
		uint64_t in = made_up_below(m, 3000000000), out = made_up_below(m, 3000000000);
		b->ports[i] = (struct traffic_port){
			.port = arena_printf(arena, "p%zu", i),
			.counter_in = in,
			.counter_out = out,
			.counter_covered_s = 300,
			.flow_in = in / RATE * RATE,
			.flow_out = out / RATE * RATE,
			.samples_in = in / 800000,
			.samples_out = out / 800000,
			.state = TRAFFIC_COUNTER,
			.source = TRAFFIC_BY_SFLOW,
			.packets_in = in / 900,
			.packets_out = out / 900,
			.errors_in = made_up_below(m, 3),
			.discards_out = made_up_below(m, 3),
			.flow_v6_in = in / RATE / 5 * RATE,
			.flow_v6_out = out / RATE / 5 * RATE,
			.lost_ppm = made_up_below(m, 4) ? 0 : (uint32_t)made_up_below(m, 90000),
		};
	}
	b->pair_count = ports * 2;
	b->pairs = arena_take(arena, b->pair_count * sizeof(*b->pairs));
	for (size_t i = 0; i < b->pair_count; i++) {
		uint64_t samples = made_up_below(m, 50) + 1;
		b->pairs[i] = (struct traffic_pair){
			.from = (uint32_t)made_up_below(m, ports),
			.to = (uint32_t)made_up_below(m, ports),
			.family = made_up_below(m, 5) ? IP_V4 : IP_V6,
			.octets = samples * RATE * (64 + made_up_below(m, 1400)),
			.packets = samples * RATE,
			.samples = samples,
		};
	}
	b->origin_count = ports * 3;
	b->origins = arena_take(arena, b->origin_count * sizeof(*b->origins));
	for (size_t i = 0; i < b->origin_count; i++)
		b->origins[i] = (struct traffic_origin){
			.port = (uint32_t)made_up_below(m, ports),
			.outgoing = made_up_below(m, 2),
			.asn = {(uint32_t)(64500 + made_up_below(m, 500))},
			.country = {'P', (char)('A' + made_up_below(m, 26))},
			.octets = RATE * made_up_below(m, 1000000),
			.samples = made_up_below(m, 40),
			.next = {made_up_below(m, 3) ? 64496 : 64497},
		};
	static const struct traffic_country countries[] = {{"PK", "CN", 5000, 5},
							   {"--", "PK", 7000, 7}};
	b->countries = arena_take(arena, sizeof(countries));
	memcpy(b->countries, countries, sizeof(countries));
	b->country_count = 2;
	b->exporters = arena_take(arena, sizeof(*b->exporters));
	b->exporters[0] = (struct traffic_exporter){"sw1", 100, 700, made_up_below(m, 3), 1};
	b->exporter_count = 1;
	b->unattributed = arena_take(arena, 2 * sizeof(*b->unattributed));
	b->unattributed[0] = (struct traffic_unattributed){"unknown source MAC", 12000, 3};
	b->unattributed[1] = (struct traffic_unattributed){TRAFFIC_SEEN_AGAIN, 70000, 7};
	b->unattributed_count = 2;
	return b;
}

__attribute__((unused)) static bool
same_fact(const struct ledger_fact *a, const struct ledger_fact *b)
{
	return a->start.s == b->start.s && a->length_s == b->length_s && a->runs == b->runs &&
	       a->counter_covered_s == b->counter_covered_s && a->counter_in == b->counter_in &&
	       a->counter_out == b->counter_out && a->flow_in == b->flow_in &&
	       a->flow_out == b->flow_out && a->samples_in == b->samples_in &&
	       a->samples_out == b->samples_out && a->packets_in == b->packets_in &&
	       a->packets_out == b->packets_out && a->errors_in == b->errors_in &&
	       a->errors_out == b->errors_out && a->discards_in == b->discards_in &&
	       a->discards_out == b->discards_out && a->flow_v6_in == b->flow_v6_in &&
	       a->flow_v6_out == b->flow_v6_out && a->lost_ppm == b->lost_ppm &&
	       a->source == b->source && a->claim == b->claim && a->simulated == b->simulated;
}

/* A new folder under /tmp for one test; the text is the caller's to free. */
__attribute__((unused)) static char *
made_up_folder(void)
{
	char *path = strdup("/tmp/sarai-ledger-XXXXXX");
	if (!path || !mkdtemp(path))
		abort();
	return path;
}

__attribute__((unused)) static void
made_up_remove(char *folder)
{
	char command[256];
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	if (system(command) != 0)
		printf("# %s is left behind\n", folder);
	free(folder);
}
