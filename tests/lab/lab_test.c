/* The lab: the same play every time, sound where it says so, counted by the meter as it was made. */
#include "lab/lab_history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/bgp/bgp_update.h"
#include "hub/hub_file_io.h"
#include "lab/lab_agent.h"
#include "lab/lab_announce.h"
#include "meter/sflow.h"
#include "tap.h"

static const struct utc_s noon = {1795262400}; /* 2026-11-21T12:00:00Z */

static void
plans(const struct hub *hub)
{
	struct lab_plan *plan = lab_plan_new(hub), *again = lab_plan_new(hub);
	bool same = true, own = true, enough = true, spoilt = true;
	unsigned faults = 0, careless = 0;
	for (size_t m = 0; m < hub->member_count; m++) {
		const struct lab_routes *routes = &plan->members[m];
		same = same && routes->count == again->members[m].count;
		careless += routes->count > routes->sound[0] + routes->sound[1];
		enough = enough && routes->count >= 4 && routes->count <= hub->lab.routes + 3u &&
			 routes->sound[0] > 0 && routes->sound[1] > 0;
		for (size_t i = 0; i < routes->count; i++) {
			const struct lab_route *route = &routes->routes[i];
			same = same &&
			       prefix_equal(route->prefix, again->members[m].routes[i].prefix);
			faults |= 1u << route->fault;
			bool sound = i < routes->sound[0] + routes->sound[1];
			spoilt = spoilt && sound == (route->fault == LAB_SOUND);
			own = own &&
			      (!sound || route->path[0].number == hub->members[m].asn.number);
			for (size_t k = 0; sound && k < i; k++)
				own = own && !prefix_equal(route->prefix, routes->routes[k].prefix);
		}
	}
	ok(same, "a plan is the same every time");
	ok(enough, "every member has routes of both families, as many as the hub file allows");
	ok(spoilt, "routes with a fault stand after the sound ones");
	ok(own, "sound routes begin with the member's number, and each prefix is there once");
	is_int(faults, (1 << LAB_FAULTS) - 1, "every kind of fault is played by somebody");
	ok(careless >= 3 && careless <= 4, "and most members are clean: %u of %zu are not",
	   careless, hub->member_count);
	struct lab_random random = {1};
	bool inside = true;
	for (int i = 0; i < 1000; i++) {
		uint32_t m = lab_random_below(&random, (uint32_t)hub->member_count);
		struct ip ip = lab_plan_address(plan, m, i % 2 ? IP_V6 : IP_V4, &random);
		bool found = false;
		for (size_t k = 0; k < plan->members[m].count; k++)
			found = found || prefix_contains_ip(plan->members[m].routes[k].prefix, ip);
		inside = inside && found && ip.family == (i % 2 ? IP_V6 : IP_V4);
	}
	ok(inside, "addresses of a member lie in its routes");
	lab_plan_free(plan);
	lab_plan_free(again);
}

static void
announcements(const struct hub *hub)
{
	static struct bgp_scratch scratch;
	struct lab_plan *plan = lab_plan_new(hub);
	struct bgp_peer peer = {.as4 = true, .ipv4 = true, .ipv6 = true};
	bool sound = true, whole = true;
	for (uint32_t port = 0; port < hub->port_count; port++) {
		const struct lab_routes *routes = &plan->members[hub->ports[port].member];
		for (size_t i = 0; i < routes->count; i++) {
			const struct lab_route *route = &routes->routes[i];
			struct buf out = {0};
			uint32_t messages = lab_announce(&out, plan, port, route);
			struct bgp_update update;
			struct prefix prefix = {0};
			enum bgp_verdict verdict = bgp_update_read(
				&update, cursor_of(out.data + BGP_HEADER, out.length - BGP_HEADER),
				&peer, &scratch);
			whole = whole && messages == 1 && update.announced_count == 1 &&
				bgp_nlri_next(&update.announced[0], &prefix, NULL) &&
				prefix_equal(prefix, route->prefix);
			sound = sound && verdict == BGP_VERDICT_OK &&
				update.attrs.as_hops == route->path_length &&
				cursor_left(&update.attrs.communities) ==
					4u * route->standard_count &&
				cursor_left(&update.attrs.large_communities) ==
					12u * route->large_count;
			buf_fini(&out);
		}
	}
	ok(whole, "each route is one UPDATE with its prefix");
	ok(sound, "which the exchange's reader finds sound, with path and communities as planned");
	lab_plan_free(plan);
}

static void
traffic_model(const struct hub *hub)
{
	struct lab_traffic *traffic = lab_traffic_new(hub, noon);
	double busiest = 0, lowest = 10, highest = 0;
	double *in = calloc(hub->port_count, sizeof(*in)),
	       *out = calloc(hub->port_count, sizeof(*out));
	bool others = true;
	for (size_t i = 0; i < traffic->count; i++) {
		const struct lab_pair *pair = &traffic->pairs[i];
		in[pair->from] += pair->peak_bps;
		out[pair->to] += pair->peak_bps;
		others = others && hub->ports[pair->from].member != hub->ports[pair->to].member;
	}
	for (size_t i = 0; i < hub->port_count; i++)
		busiest = fmax(busiest, fmax(in[i], out[i]) / (double)hub->ports[i].speed_bps);
	ok(fabs(busiest - hub->lab.peak_percent / 100.0) < 1e-6,
	   "the busiest port has the share of its speed that the hub file says (%.3f)", busiest);
	ok(others, "no member sends to itself");
	for (int hour = 0; hour < 24; hour++) {
		double level = lab_traffic_level(traffic, (struct utc_s){noon.s + hour * 3600});
		lowest = fmin(lowest, level);
		highest = fmax(highest, level);
	}
	ok(lowest < 0.4 && highest > 0.9 && highest < 1.15, "a day goes from %.2f to %.2f", lowest,
	   highest);
	free(in);
	free(out);
	lab_traffic_free(traffic);
}

struct seen {
	uint32_t flows, counters, bad;
};

static void
read_datagram(void *context, uint32_t exporter, struct cursor datagram)
{
	struct seen *seen = context;
	struct sflow_reader reader;
	struct sflow_sample sample;
	(void)exporter;
	if (sflow_open(&reader, datagram) != FLOW_ACCEPTED) {
		seen->bad++;
		return;
	}
	while (sflow_next(&reader, &sample)) {
		seen->flows += sample.kind == SFLOW_FLOW && sample.flow.has_macs &&
			       sample.flow.source.family != IP_NONE;
		seen->counters += sample.kind == SFLOW_COUNTERS && sample.counters.present;
		seen->bad += sample.bad || sample.kind == SFLOW_OTHER;
	}
}

static void
agents(const struct hub *hub)
{
	struct lab_plan *plan = lab_plan_new(hub);
	struct lab_traffic *traffic = lab_traffic_new(hub, noon);
	struct lab_agents *a = lab_agents_new(hub, plan, traffic, 200, noon);
	struct seen seen = {0};
	for (int i = 0; i < 100; i++)
		lab_agents_flow(a, 0.25, (struct utc_s){noon.s + i / 4}, read_datagram, &seen);
	is_int(seen.counters, 0, "flows hold no counters");
	ok(seen.flows > 1000 && seen.flows < 8000,
	   "about as many samples as asked for (%u in 25 s)", seen.flows);
	lab_agents_count(a, noon, read_datagram, &seen);
	is_int(seen.counters, (long long)hub->port_count, "each port's counters are sent");
	is_int(seen.bad, 0, "the meter's decoder finds nothing wrong");
	lab_agents_free(a);
	lab_traffic_free(traffic);
	lab_plan_free(plan);
}

struct month {
	size_t batches, marked, whole;
	struct utc_s next;
	bool in_order;
	double counter, flow, pairs, unattributed;
	uint64_t lost, refused;
};

static int
take(void *context, const struct traffic_batch *batch)
{
	struct month *m = context;
	m->batches++;
	m->marked += batch->simulated && batch->run == LAB_HISTORY_RUN;
	m->whole += batch->covered_s == batch->length_s;
	m->in_order = m->in_order && batch->start.s == m->next.s;
	m->next.s = batch->start.s + batch->length_s;
	for (size_t i = 0; i < batch->port_count; i++) {
		m->counter += (double)batch->ports[i].counter_in;
		m->flow += (double)batch->ports[i].flow_in;
	}
	for (size_t i = 0; i < batch->pair_count; i++)
		m->pairs += (double)batch->pairs[i].octets;
	for (size_t i = 0; i < batch->unattributed_count; i++)
		m->unattributed += (double)batch->unattributed[i].samples;
	for (size_t i = 0; i < batch->exporter_count; i++) {
		m->lost += batch->exporters[i].lost_records;
		m->refused += batch->exporters[i].refused;
	}
	return 0;
}

static int
stop_at_three(void *context, const struct traffic_batch *batch)
{
	(void)batch;
	return ++*(int *)context == 3 ? 7 : 0;
}

static void
history(const struct hub *hub)
{
	struct lab_plan *plan = lab_plan_new(hub);
	struct lab_traffic *traffic = lab_traffic_new(hub, noon);
	struct utc_s from = {noon.s - 86400};
	struct month m = {.next = from, .in_order = true};
	is_int(lab_history_make(hub, plan, traffic, (struct lab_span){from, noon}, take, &m), 0,
	       "a day is made up");
	is_int((long long)m.batches, 86400 / hub->bin_length_s, "every bin of it is there");
	ok(m.in_order, "in order, once");
	is_int((long long)m.marked, (long long)m.batches, "and marked as simulated");
	is_int((long long)m.whole, (long long)m.batches, "and covered whole");
	ok(fabs(m.flow / m.counter - 1) < 0.02, "samples add up to what the counters say (%.4f)",
	   m.flow / m.counter);
	ok(fabs(m.pairs / m.flow - 1) < 1e-9, "and all of it is between two ports");
	is_int((long long)m.unattributed, 0, "nothing is left unattributed");
	ok(m.lost == 0 && m.refused == 0, "nothing is lost or refused");
	int count = 0;
	is_int(lab_history_make(hub, plan, traffic, (struct lab_span){from, noon}, stop_at_three,
				&count),
	       7, "it ends when the taker wants no more");
	is_int(count, 3, "at once");
	lab_traffic_free(traffic);
	lab_plan_free(plan);
}

int
main(void)
{
	struct hub_report report;
	struct hub *hub = hub_file_read("examples/karachi.yaml", hub_file_disk(), &report);
	hub_report_fini(&report);
	if (!ok(hub != NULL, "the example hub is read"))
		return done_testing();
	plans(hub);
	announcements(hub);
	traffic_model(hub);
	agents(hub);
	history(hub);
	hub_free(hub);
	return done_testing();
}
