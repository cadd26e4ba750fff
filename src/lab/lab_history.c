/* A month that never was. */
#include "lab/lab_history.h"

#include <stdlib.h>

#include "exchange/rib/rib_snapshot.h"
#include "lab/lab_agent.h"
#include "meter/meter.h"

enum {
	SAMPLES_A_BIN = 200, /* at the top of the day: enough for a curve, and quick */
	STEPS_A_BIN = 5,
};

/* The routes that the meter attributes by: what the members would announce. */
static struct rib_snapshot *
make_routes(const struct lab_plan *plan, struct buf *bytes)
{
	size_t count = 0, used = 0;
	for (size_t m = 0; m < plan->hub->member_count; m++)
		count += plan->members[m].sound[0] + plan->members[m].sound[1];
	struct rib_snapshot_route *routes = calloc(count + 1, sizeof(*routes));
	if (!routes)
		return NULL;
	for (size_t m = 0; m < plan->hub->member_count; m++) {
		const struct lab_routes *theirs = &plan->members[m];
		for (size_t i = 0; i < theirs->sound[0] + theirs->sound[1]; i++) {
			const struct lab_route *route = &theirs->routes[i];
			routes[used++] = (struct rib_snapshot_route){
				.prefix = route->prefix,
				.origin = {.origin_as = route->path[route->path_length - 1].number,
					   .member_as = plan->hub->members[m].asn.number,
					   .next_as = route->path[0].number}};
		}
	}
	int result = rib_snapshot_build(bytes, routes, used, NULL);
	free(routes);
	return result == 0 ? rib_snapshot_open(bytes->data, bytes->length) : NULL;
}

struct history {
	const struct hub *hub;
	struct meter *meter;
	struct utc_s now;
	lab_history_sink *sink;
	void *context;
	int result; /* of the sink; other than 0 ends it */
};

static void
into_meter(void *context, uint32_t exporter, struct cursor datagram)
{
	struct history *h = context;
	meter_datagram(h->meter, METER_SFLOW, h->hub->exporters[exporter].address, datagram,
		       h->now);
}

static void
hand_on(struct history *h, const struct traffic_batch *(*next)(struct meter *, struct utc_s))
{
	const struct traffic_batch *batch;
	while (h->result == 0 && (batch = next(h->meter, h->now)) != NULL)
		h->result = h->sink(h->context, batch);
}

/* Counters are read at the end of each step, so that the reading that closes a bin is in it. */
static void
play(struct history *h, struct lab_agents *agents, struct lab_span span)
{
	int64_t step = h->hub->bin_length_s / STEPS_A_BIN;
	if (step == 0)
		step = 1;
	h->now = span.from;
	lab_agents_count(agents, span.from, into_meter, h);
	for (int64_t t = span.from.s; t < span.to.s && h->result == 0; t += step) {
		/* The traffic of a step is seen in its middle, and so within its bin. */
		h->now.s = t + step / 2;
		hand_on(h, meter_tick);
		lab_agents_flow(agents, (double)step, h->now, into_meter, h);
		h->now.s = t + step;
		hand_on(h, meter_tick);
		if (h->now.s % h->hub->bin_length_s == 0)
			lab_agents_count(agents, h->now, into_meter, h);
	}
	/* Past the time that the meter waits for late readings, the last bin is closed whole. */
	h->now.s = span.to.s + h->hub->bin_length_s / 2;
	hand_on(h, meter_tick);
}

int
lab_history_make(const struct hub *hub, const struct lab_plan *plan,
		 const struct lab_traffic *traffic, struct lab_span span, lab_history_sink *sink,
		 void *context)
{
	struct buf bytes = {0};
	struct history h = {.hub = hub, .sink = sink, .context = context};
	struct rib_snapshot *routes = make_routes(plan, &bytes);
	struct lab_agents *agents = lab_agents_new(
		hub, plan, traffic, (double)SAMPLES_A_BIN / hub->bin_length_s, span.from);
	h.meter = meter_new(hub, LAB_HISTORY_RUN, span.from);
	if (routes && agents && h.meter) {
		meter_set_routes(h.meter, routes);
		meter_set_simulated(h.meter, true);
		meter_set_watching(h.meter, false);
		play(&h, agents, span);
	} else {
		h.result = -1;
	}
	meter_free(h.meter);
	lab_agents_free(agents);
	rib_snapshot_free(routes);
	buf_fini(&bytes);
	return h.result;
}
