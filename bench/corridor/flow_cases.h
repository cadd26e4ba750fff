/* Networks with capacities and demands for flow.c: made from a seed, of a table of links, or of a
 * pair of files of the REPETITA collection. */
#pragma once

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tests/corridor/graphs.h"
#include "corridor/corridor_flow.h"

#define MEGABIT 1000000ull
#define GIGABIT 1000000000ull

/* A network to be made. */
struct flow_sort {
	const char *name;
	const char *table;      /* of links; NULL: made from a seed */
	size_t sites, segments; /* of one that is made */
	size_t demands;
};

struct flow_net {
	struct test_graph g;
	uint64_t *capacity;
	const uint64_t *cost[1];
	struct corridor_flow_demand *demands;
	struct corridor_flow_instance in;
};

static void *
room_for(size_t count, size_t size)
{
	void *room = calloc(count + 1, size);
	if (!room)
		exit(1);
	return room;
}

/* Ends of a segment that is yet to be. */
struct flow_link {
	struct corridor_ends ends;
	double length;
};

static int
by_length(const void *a, const void *b)
{
	const struct flow_link *x = a, *y = b;
	return (x->length > y->length) - (x->length < y->length);
}

/* Each site is joined to the nearest of those before it; then the shortest links are added whose two
 * ends are among the nearest of each other. */
static struct test_graph
made_graph(uint64_t *seed, size_t sites, size_t segments)
{
	enum { NEAR = 12 };
	double *x = room_for(sites, sizeof(*x)), *y = room_for(sites, sizeof(*y));
	struct flow_link *links = room_for(sites * (NEAR + 1), sizeof(*links));
	size_t count = 0, trunk = 0;
	for (uint32_t i = 0; i < sites; i++) {
		struct flow_link near[NEAR + 1];
		size_t held = 0;
		x[i] = random_below(seed, 1000000);
		y[i] = random_below(seed, 1000000);
		for (uint32_t k = 0; k < i; k++) {
			struct flow_link link = {{i, k}, hypot(x[i] - x[k], y[i] - y[k])};
			if (held == NEAR && link.length >= near[held - 1].length)
				continue;
			held += held < NEAR;
			size_t at = held - 1;
			for (; at > 0 && near[at - 1].length > link.length; at--)
				near[at] = near[at - 1];
			near[at] = link;
		}
		if (!held)
			continue;
		links[trunk + count] = links[trunk];
		links[trunk++] = near[0];
		for (size_t k = 1; k < held; k++)
			links[trunk + count++] = near[k];
	}
	qsort(links + trunk, count, sizeof(*links), by_length);
	segments = segments < trunk + count ? segments : trunk + count;
	struct corridor_ends *ends = room_for(segments, sizeof(*ends));
	struct test_graph g = {.cost = room_for(segments, sizeof(*g.cost))};
	for (size_t i = 0; i < segments; i++) {
		ends[i] = links[i].ends;
		g.cost[i] = corridor_cost_of_length(corridor_length_cm(1 + links[i].length / 500));
	}
	g.graph = corridor_graph_new(sites, ends, segments);
	free(ends);
	free(links);
	free(x);
	free(y);
	return g;
}

static struct flow_net *
net_around(struct test_graph g)
{
	struct flow_net *net = room_for(1, sizeof(*net));
	net->g = g;
	net->capacity = room_for(2 * g.graph->segment_count, sizeof(*net->capacity));
	net->cost[0] = net->g.cost;
	net->in = (struct corridor_flow_instance){.graph = g.graph,
						  .capacity_bps = net->capacity,
						  .cost = net->cost,
						  .class_count = 1};
	return net;
}

/* Demands by gravity between every pair of sites, or so many of them by chance. */
static void
make_demands(struct flow_net *net, uint64_t *seed, size_t wanted)
{
	uint32_t sites = (uint32_t)net->in.graph->site_count;
	size_t pairs = (size_t)sites * (sites - 1), seen = 0, count = 0;
	uint32_t *weight = room_for(sites, sizeof(*weight));
	wanted = wanted < pairs ? wanted : pairs;
	net->demands = room_for(wanted, sizeof(*net->demands));
	for (size_t i = 0; i < sites; i++)
		weight[i] = 1 + random_below(seed, 100);
	for (uint32_t a = 0; a < sites; a++) {
		for (uint32_t b = 0; b < sites; b++) {
			if (a == b ||
			    random_below(seed, (uint32_t)(pairs - seen++)) >= wanted - count)
				continue;
			uint64_t bps = (uint64_t)weight[a] * weight[b] * MEGABIT +
				       random_below(seed, 100 * MEGABIT);
			net->demands[count++] =
				(struct corridor_flow_demand){.from = a, .to = b, .bps = bps};
		}
	}
	free(weight);
	net->in.demands = net->demands;
	net->in.demand_count = count;
}

static struct flow_net *
net_made(const struct flow_sort *sort)
{
	uint64_t seed = 20;
	struct flow_net *net =
		net_around(sort->table ? graph_from_table(sort->table)
				       : made_graph(&seed, sort->sites, sort->segments));
	for (size_t s = 0; s < net->in.graph->segment_count; s++)
		net->capacity[2 * s] = net->capacity[2 * s + 1] =
			GIGABIT * 100 * (1 + random_below(&seed, 10));
	make_demands(net, &seed, sort->demands);
	return net;
}

/* --- REPETITA --- */

static FILE *
open_or_die(const char *path)
{
	FILE *file = fopen(path, "r");
	if (!file) {
		perror(path);
		exit(1);
	}
	return file;
}

/* The number behind the word that begins a list, and on to its first row. */
static size_t
begin_list(FILE *file, const char *word)
{
	char line[1024];
	size_t count = 0, length = strlen(word);
	while (fgets(line, sizeof(line), file) && count == 0)
		if (strncmp(line, word, length) == 0)
			count = strtoul(line + length, NULL, 10);
	return count;
}

/* Directed edges, of which one and the next one that leads back become a segment. Rates are in
 * kbit/s. */
static struct flow_net *
net_read(const char *graph_path, const char *demand_path)
{
	FILE *file = open_or_die(graph_path);
	size_t sites = begin_list(file, "NODES"), edges = begin_list(file, "EDGES"), count = 0;
	struct corridor_ends *ends = room_for(edges, sizeof(*ends));
	uint64_t *capacity = room_for(2 * edges, sizeof(*capacity));
	bool *both = room_for(edges, sizeof(*both));
	struct test_graph g = {.cost = room_for(edges, sizeof(*g.cost))};
	for (size_t i = 0; i < edges; i++) {
		uint32_t a, b;
		double weight, kbps, delay_us;
		if (fscanf(file, "%*s %" SCNu32 " %" SCNu32 " %lf %lf %lf", &a, &b, &weight, &kbps,
			   &delay_us) != 5)
			exit(1);
		size_t back = 0;
		while (back < count && (both[back] || ends[back].a != b || ends[back].b != a))
			back++;
		if (back < count) {
			both[back] = true;
			capacity[2 * back + 1] = (uint64_t)(kbps * 1000);
			continue;
		}
		ends[count] = (struct corridor_ends){a, b};
		capacity[2 * count] = (uint64_t)(kbps * 1000);
		g.cost[count++] = corridor_cost_of_length(corridor_length_cm(1 + delay_us / 5));
	}
	(void)fclose(file);
	g.graph = corridor_graph_new(sites, ends, count);
	struct flow_net *net = net_around(g);
	memcpy(net->capacity, capacity, 2 * count * sizeof(*capacity));
	free(capacity);
	free(ends);
	free(both);
	file = open_or_die(demand_path);
	net->in.demand_count = begin_list(file, "DEMANDS");
	net->demands = room_for(net->in.demand_count, sizeof(*net->demands));
	for (size_t i = 0; i < net->in.demand_count; i++) {
		struct corridor_flow_demand *d = &net->demands[i];
		double kbps;
		if (fscanf(file, "%*s %" SCNu32 " %" SCNu32 " %lf", &d->from, &d->to, &kbps) != 3)
			exit(1);
		d->bps = (uint64_t)(kbps * 1000);
	}
	(void)fclose(file);
	net->in.demands = net->demands;
	return net;
}

static void
net_end(struct flow_net *net)
{
	test_graph_free(&net->g);
	free(net->capacity);
	free(net->demands);
	free(net);
}
