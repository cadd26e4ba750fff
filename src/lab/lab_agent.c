/* The sFlow agents of the lab's switches. Frames are sampled where they come in, one agent for each
 * exporter of the hub file; a port that names none is counted by the first. */
#include "lab/lab_agent.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "lab/lab_sflow.h"

enum { TRUNK_IF_INDEX = 1000, FRAME_OCTETS_MIN = 90, FRAME_OCTETS_MAX = 1518 };

struct agent {
	struct lab_sflow datagram;
	uint32_t sequence;
	bool open;
};

struct port_state {
	uint32_t exporter, if_index;
	uint16_t vlan;
	double in_octets, out_octets; /* since the agent started; exact up to 2^53 */
	uint32_t flow_sequence, counter_sequence, pool;
};

struct lab_agents {
	const struct hub *hub;
	const struct lab_plan *plan;
	const struct lab_traffic *traffic;
	struct agent *agents; /* as in hub->exporters */
	struct port_state *ports;
	double *due; /* of each pair: the part of a sample that has not come yet */
	struct utc_s started;
	uint32_t rate;
	bool only_large; /* frames: as few samples as the highest rate allows */
	struct lab_random random;
};

/* No real agent samples one in more, and the meter takes no other for sound. */
enum { RATE_LOG2_MAX = 24 };

static void
choose_rate(struct lab_agents *a, double samples_per_s)
{
	double packets = 0;
	for (size_t i = 0; i < a->traffic->count; i++)
		packets += a->traffic->pairs[i].peak_bps / 8 / a->traffic->pairs[i].mean_octets;
	double wanted = log2(fmax(packets / fmax(samples_per_s, 0.001), 1));
	a->rate = UINT32_C(1) << (int)fmin(ceil(wanted), RATE_LOG2_MAX);
	a->only_large = wanted > RATE_LOG2_MAX;
}

static void
place_ports(struct lab_agents *a)
{
	for (size_t i = 0; i < a->hub->port_count; i++) {
		const struct hub_port *port = &a->hub->ports[i];
		a->ports[i] = (struct port_state){
			.exporter = port->exporter == HUB_NONE ? 0 : port->exporter,
			.if_index = port->if_index ? port->if_index : (uint32_t)(100 + i),
			.vlan = port->vlan ? port->vlan : a->hub->lans[port->lan].vlan,
		};
	}
}

struct lab_agents *
lab_agents_new(const struct hub *hub, const struct lab_plan *plan,
	       const struct lab_traffic *traffic, double samples_per_s, struct utc_s now)
{
	struct lab_agents *a = calloc(1, sizeof(*a));
	if (!a)
		return NULL;
	*a = (struct lab_agents){.hub = hub,
				 .plan = plan,
				 .traffic = traffic,
				 .started = now,
				 .random = {hash_u64((uint64_t)now.s)}};
	a->agents = calloc(hub->exporter_count + 1, sizeof(*a->agents));
	a->ports = calloc(hub->port_count + 1, sizeof(*a->ports));
	a->due = calloc(traffic->count + 1, sizeof(*a->due));
	if (!a->agents || !a->ports || !a->due) {
		lab_agents_free(a);
		return NULL;
	}
	place_ports(a);
	for (size_t i = 0; i < traffic->count; i++)
		a->due[i] = lab_random_unit(&a->random);
	choose_rate(a, samples_per_s);
	return a;
}

void
lab_agents_free(struct lab_agents *a)
{
	if (!a)
		return;
	for (size_t i = 0; a->agents && i < a->hub->exporter_count; i++)
		buf_fini(&a->agents[i].datagram.out);
	free(a->agents);
	free(a->ports);
	free(a->due);
	free(a);
}

static void
flush(struct lab_agents *a, uint32_t exporter, lab_agent_sink *sink, void *context)
{
	struct agent *agent = &a->agents[exporter];
	if (!agent->open)
		return;
	agent->open = false;
	lab_sflow_end(&agent->datagram);
	const struct buf *out = &agent->datagram.out;
	if (!out->failed)
		sink(context, exporter, cursor_of(out->data, out->length));
	else
		buf_fini(&agent->datagram.out);
}

static struct lab_sflow *
open_datagram(struct lab_agents *a, uint32_t exporter, struct utc_s now, lab_agent_sink *sink,
	      void *context)
{
	struct agent *agent = &a->agents[exporter];
	if (agent->open && lab_sflow_full(&agent->datagram))
		flush(a, exporter, sink, context);
	if (!agent->open) {
		const struct hub_exporter *known = &a->hub->exporters[exporter];
		struct lab_sflow_header header = {
			.agent = known->agent.family ? known->agent : known->address,
			.sequence = ++agent->sequence,
			.uptime_ms = (uint32_t)((now.s - a->started.s + 1) * 1000),
		};
		lab_sflow_begin(&agent->datagram, &header);
		agent->open = true;
	}
	return &agent->datagram;
}

/* A frame is small or large, seldom between: acknowledgements and full segments. The share of the
 * large ones is what makes the mean come out. */
static uint16_t
frame_octets(struct lab_agents *a, double mean)
{
	if (a->only_large)
		return FRAME_OCTETS_MAX;
	double large = (mean - FRAME_OCTETS_MIN) / (FRAME_OCTETS_MAX - FRAME_OCTETS_MIN);
	return lab_random_unit(&a->random) < large ? FRAME_OCTETS_MAX : FRAME_OCTETS_MIN;
}

static void
sample(struct lab_agents *a, const struct lab_pair *pair, struct lab_sflow *datagram)
{
	const struct hub_port *from = &a->hub->ports[pair->from], *to = &a->hub->ports[pair->to];
	struct port_state *in = &a->ports[pair->from], *out = &a->ports[pair->to];
	struct lab_random *random = &a->random;
	bool v6 = lab_random_unit(random) < pair->ipv6_share;
	enum ip_family family = v6 ? IP_V6 : IP_V4;
	struct ip source = lab_plan_address(a->plan, from->member, family, random);
	struct ip destination = lab_plan_address(a->plan, to->member, family, random);
	if (source.family == IP_NONE || destination.family == IP_NONE) {
		source = from->ipv4;
		destination = to->ipv4;
	}
	in->pool += a->rate;
	struct lab_sflow_frame frame = {
		.sequence = ++in->flow_sequence,
		.rate = a->rate,
		.pool = in->pool,
		.input = in->if_index,
		.output = in->exporter == out->exporter ? out->if_index : TRUNK_IF_INDEX,
		.vlan = in->vlan,
		.source_mac = from->mac_count ? from->macs[0] : (struct mac){{0}},
		.destination_mac = to->mac_count ? to->macs[0] : (struct mac){{0}},
		.source = source,
		.destination = destination,
		.octets = frame_octets(a, pair->mean_octets),
		.source_port = 443,
		.destination_port = (uint16_t)(1024 + lab_random_below(random, 60000)),
	};
	lab_sflow_add_frame(datagram, &frame);
}

void
lab_agents_flow(struct lab_agents *a, double elapsed_s, struct utc_s now, lab_agent_sink *sink,
		void *context)
{
	if (a->hub->exporter_count == 0)
		return;
	double level = lab_traffic_level(a->traffic, now);
	for (size_t i = 0; i < a->traffic->count; i++) {
		const struct lab_pair *pair = &a->traffic->pairs[i];
		double octets = lab_traffic_rate(a->traffic, i, level, now) / 8 * elapsed_s;
		a->ports[pair->from].in_octets += octets;
		a->ports[pair->to].out_octets += octets;
		double mean = a->only_large ? FRAME_OCTETS_MAX : pair->mean_octets;
		a->due[i] += octets / mean / a->rate;
		uint32_t exporter = a->ports[pair->from].exporter;
		while (a->due[i] >= 1) {
			/* The next one comes one sample later on average, never in step. */
			a->due[i] -= 2 * lab_random_unit(&a->random);
			sample(a, pair, open_datagram(a, exporter, now, sink, context));
		}
	}
	for (uint32_t i = 0; i < a->hub->exporter_count; i++)
		flush(a, i, sink, context);
}

void
lab_agents_count(struct lab_agents *a, struct utc_s now, lab_agent_sink *sink, void *context)
{
	if (a->hub->exporter_count == 0)
		return;
	for (size_t i = 0; i < a->hub->port_count; i++) {
		struct port_state *port = &a->ports[i];
		struct lab_sflow_counters counters = {
			.sequence = ++port->counter_sequence,
			.if_index = port->if_index,
			.speed_bps = a->hub->ports[i].speed_bps,
			.in_octets = (uint64_t)port->in_octets,
			.out_octets = (uint64_t)port->out_octets,
		};
		lab_sflow_add_counters(open_datagram(a, port->exporter, now, sink, context),
				       &counters);
	}
	for (uint32_t i = 0; i < a->hub->exporter_count; i++)
		flush(a, i, sink, context);
}
