/* The traffic of a made-up exchange: a day's and a week's rhythm, bins of five minutes. The same bin is made again from its
 * number alone. For the benches of the store; included once. */
#pragma once

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "hub/traffic.h"

enum { T0 = 1735689600, LENGTH_S = 300, RATE = 4096, BINS_A_DAY = 288 };

/* `pairs` and `networks` are those seen in a bin; 0 leaves them out. */
struct exchange {
	long days, ports, pairs, networks;
	char **names; /* of the ports */
};

/* NAME=VALUE of the sizes. False: it is none of them. */
static bool
exchange_option(struct exchange *x, const char *text)
{
	const struct {
		const char *name;
		long *value;
	} options[] = {{"days=", &x->days},
		       {"ports=", &x->ports},
		       {"pairs=", &x->pairs},
		       {"networks=", &x->networks}};
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		size_t length = strlen(options[i].name);
		if (strncmp(text, options[i].name, length) != 0)
			continue;
		*options[i].value = strtol(text + length, NULL, 10);
		return true;
	}
	return false;
}

static void
exchange_name_ports(struct exchange *x)
{
	x->names = calloc((size_t)x->ports, sizeof(*x->names));
	for (long i = 0; i < x->ports; i++)
		if (!x->names || asprintf(&x->names[i], "as%ld-port%ld", 64512 + i / 2, i % 2) < 0)
			exit(1);
}

static uint64_t
noise(uint64_t a, uint64_t b, uint64_t below)
{
	return hash_u64(a * 0x9e3779b97f4a7c15u ^ hash_u64(b)) % below;
}

/* Octets of a port in a bin: each has its size, all have an evening, and no two bins are the same. */
static uint64_t
octets_of(long port, int64_t start, bool outgoing)
{
	double size = 2e8 * pow(1000, (double)noise((uint64_t)port, outgoing, 1000) / 1000);
	double day = sin((double)(start % 86400) / 86400 * 2 * M_PI - 2);
	double week = start / 86400 % 7 < 5 ? 1 : 0.8;
	double jitter =
		0.9 + (double)noise((uint64_t)start, (uint64_t)port * 2 + outgoing, 1000) / 5000;
	return (uint64_t)(size * week * jitter * (1 + 0.6 * day)) +
	       noise((uint64_t)port, (uint64_t)start, 997);
}

static void
fill_ports(const struct exchange *x, struct traffic_batch *b, struct arena *arena)
{
	b->ports = arena_take(arena, (size_t)x->ports * sizeof(*b->ports));
	b->port_count = (size_t)x->ports;
	for (long i = 0; i < x->ports; i++) {
		uint64_t in = octets_of(i, b->start.s, false), out = octets_of(i, b->start.s, true);
		b->ports[i] = (struct traffic_port){
			.port = x->names[i],
			.counter_in = in,
			.counter_out = out,
			.counter_covered_s = LENGTH_S,
			.flow_in = in / RATE * RATE,
			.flow_out = out / RATE * RATE,
			.samples_in = in / 800 / RATE,
			.samples_out = out / 800 / RATE,
			.state = TRAFFIC_COUNTER,
			.source = TRAFFIC_BY_SFLOW,
			.packets_in = in / 800,
			.packets_out = out / 800,
			.flow_v6_in = in / 4 / RATE * RATE,
			.flow_v6_out = out / 4 / RATE * RATE,
			.lost_ppm = noise((uint64_t)b->start.s, 1, 20) ? 0 : 120,
		};
	}
}

/* One of `count`, the first ones much more often: what comes and goes comes again. */
static uint64_t
skewed(uint64_t a, uint64_t b, uint64_t count)
{
	double u = (double)noise(a, b, 1 << 20) / (1 << 20);
	return (uint64_t)(u * u * u * (double)count);
}

/* Two thirds of the pairs and networks are there in every bin, the others come and go. */
static void
fill_sums(const struct exchange *x, struct traffic_batch *b, struct arena *arena)
{
	uint64_t bin = (uint64_t)b->start.s;
	/* A prime: the first ones are not all of one port. */
	const uint64_t spread = 1000003;
	b->pairs = arena_take(arena, ((size_t)x->pairs + 1) * sizeof(*b->pairs));
	b->pair_count = (size_t)x->pairs;
	for (long i = 0; i < x->pairs; i++) {
		uint64_t which =
			skewed((uint64_t)i, i % 3 ? 7 : bin, (uint64_t)(x->ports * x->ports));
		uint64_t samples = 1 + noise(bin, (uint64_t)i, 4) + 4000 / (uint64_t)(i + 1);
		b->pairs[i] = (struct traffic_pair){
			.from = (uint32_t)(which * spread / (uint64_t)x->ports %
					   (uint64_t)x->ports),
			.to = (uint32_t)(which * spread % (uint64_t)x->ports),
			.family = i % 4 ? IP_V4 : IP_V6,
			.octets = samples * RATE * (64 + noise(bin, (uint64_t)i * 3, 1400)),
			.packets = samples * RATE,
			.samples = samples,
		};
	}
	b->origins = arena_take(arena, ((size_t)x->networks + 1) * sizeof(*b->origins));
	b->origin_count = (size_t)x->networks;
	for (long i = 0; i < x->networks; i++) {
		uint64_t which = skewed((uint64_t)i, i % 3 ? 9 : bin, (uint64_t)x->ports * 3000);
		uint64_t samples = 1 + noise(bin, (uint64_t)i * 5, 3) + 8000 / (uint64_t)(i + 1);
		uint32_t port = (uint32_t)(which % (uint64_t)x->ports),
			 asn = (uint32_t)(which / (uint64_t)x->ports);
		b->origins[i] = (struct traffic_origin){
			.port = port,
			.outgoing = i & 1,
			.asn = {asn < 200 ? 15169 + asn : 200000 + asn * 7},
			.country = {(char)('A' + asn % 26), (char)('A' + asn / 26 % 26)},
			.octets = samples * RATE * (64 + noise(bin, (uint64_t)i * 11, 1400)),
			.samples = samples,
			.next = {64512 + (i & 1 ? port : asn % 5)},
		};
	}
}

static struct traffic_batch *
exchange_bin(const struct exchange *x, struct arena *arena, int64_t bin)
{
	struct traffic_batch *b = arena_take(arena, sizeof(*b));
	*b = (struct traffic_batch){.start = {T0 + bin * LENGTH_S},
				    .length_s = LENGTH_S,
				    .covered_s = LENGTH_S,
				    .run = 0x5ca1ab1e00000000u + (uint64_t)(bin / 5000)};
	fill_ports(x, b, arena);
	fill_sums(x, b, arena);
	b->exporters = arena_take(arena, 4 * sizeof(*b->exporters));
	b->domains = arena_take(arena, 4 * sizeof(*b->domains));
	for (uint32_t i = 0; i < 4; i++) {
		b->exporters[i] = (struct traffic_exporter){arena_printf(arena, "sw%u.example", i),
							    40000, 300000, 0, 0};
		b->domains[i] = (struct traffic_domain){i, 1, i, 300000, 0, 0, 0, 0};
	}
	b->exporter_count = b->domain_count = 4;
	return b;
}
