/* What is set aside of the flows. However many there are, about WATCH_LOOKS of them a second are looked
 * at, chosen by chance and counted for the others: for what is found here that is plenty, and the
 * meter's cost a sample falls as its load grows. */
#include "meter/watch_intake.h"

#include <stdlib.h>
#include <string.h>

#include "meter/forward_packet.h"
#include "meter/netflow.h"

enum { EVERY_MAX = 1 << 16 };

int
watch_intake_init(struct watch_intake *in, uint64_t seed)
{
	*in = (struct watch_intake){.every = 1, .chance = seed | 1};
	if (watch_hitters_init(&in->addresses, WATCH_ADDRESSES, seed) == 0 &&
	    watch_hitters_init(&in->networks, WATCH_NETWORKS, seed) == 0)
		return 0;
	watch_intake_fini(in);
	return -1;
}

void
watch_intake_fini(struct watch_intake *in)
{
	watch_hitters_fini(&in->addresses);
	watch_hitters_fini(&in->networks);
	free(in->wishes);
	free(in->copies);
	*in = (struct watch_intake){0};
}

static uint8_t
wishes_of(const struct hub_member *member)
{
	return (uint8_t)((member->samples.to.ip.family != IP_NONE ? WATCH_SEND : 0) |
			 (member->flow_records.keep_days ? WATCH_KEEP : 0));
}

int
watch_intake_apply(struct watch_intake *in, const struct hub *hub, const struct roster *roster)
{
	bool any = false;
	uint8_t *wishes = calloc(roster->port_count + 1, 1);
	if (!wishes)
		return -1;
	for (size_t i = 0; i < roster->port_count; i++) {
		uint32_t port = roster->ports[i].hub_port;
		if (port != HUB_NONE)
			wishes[i] = wishes_of(&hub->members[hub->ports[port].member]);
		any |= wishes[i] != 0;
	}
	if (any && !in->copies) {
		in->copies = malloc(WATCH_COPIES_MAX * sizeof(*in->copies));
		if (!in->copies) {
			free(wishes);
			return -1;
		}
	}
	free(in->wishes);
	in->wishes = any ? wishes : NULL;
	in->wish_count = any ? roster->port_count : 0;
	if (!any)
		free(wishes);
	in->looks = hub->watch.rise.enabled;
	in->ipv4_length = hub->watch.rise.ipv4_length;
	in->ipv6_length = hub->watch.rise.ipv6_length;
	return 0;
}

void
watch_intake_clear(struct watch_intake *in)
{
	watch_hitters_clear(&in->addresses);
	watch_hitters_clear(&in->networks);
	in->looked = 0;
	in->turn = 0;
	in->copy_count = 0;
	in->copies_lost = 0;
}

void
watch_intake_exchange(struct watch_intake *share, struct watch_intake *worker)
{
	struct watch_intake empty = *share;
	share->addresses = worker->addresses;
	share->networks = worker->networks;
	share->looked = worker->looked;
	share->every = worker->every;
	share->looks = worker->looks;
	worker->addresses = empty.addresses;
	worker->networks = empty.networks;
	worker->looked = 0;
	worker->turn = 0;
	worker->every = empty.every;
	if (worker->wishes) { /* else there is no room for copies on either side, and none are made */
		struct watch_copy *copies = share->copies;
		if (!copies)
			copies = malloc(WATCH_COPIES_MAX * sizeof(*copies));
		if (!copies)
			return; /* they wait for the next time */
		share->copies = worker->copies;
		share->copy_count = worker->copy_count;
		share->copies_lost = worker->copies_lost;
		worker->copies = copies;
		worker->copy_count = 0;
		worker->copies_lost = 0;
	}
}

void
watch_intake_join(struct watch_intake *in, struct watch_intake *share)
{
	size_t room = in->copies ? WATCH_COPIES_MAX - in->copy_count : 0;
	size_t count = share->copy_count < room ? share->copy_count : room;
	if (count)
		memcpy(&in->copies[in->copy_count], share->copies, count * sizeof(*in->copies));
	in->copy_count += count;
	in->copies_lost += share->copies_lost + (share->copy_count - count);
	share->copy_count = 0;
	share->copies_lost = 0;
}

size_t
watch_intake_size(const struct watch_intake *in)
{
	return watch_hitters_size(&in->addresses) + watch_hitters_size(&in->networks) +
	       in->wish_count + (in->copies ? WATCH_COPIES_MAX * sizeof(*in->copies) : 0);
}

size_t
watch_intake_bound(const struct watch_intake *in)
{
	return watch_hitters_size(&in->addresses) + watch_hitters_size(&in->networks) +
	       in->wish_count + WATCH_COPIES_MAX * sizeof(*in->copies);
}

/* How many are passed over next: between 0 and twice the mean, so that no rhythm of the flows can hide
 * from it (xorshift, Marsaglia 2003). */
static uint32_t
next_skip(struct watch_intake *in)
{
	in->chance ^= in->chance << 13;
	in->chance ^= in->chance >> 7;
	in->chance ^= in->chance << 17;
	return (uint32_t)((in->chance >> 32) * (2 * (uint64_t)in->every - 1) >> 32);
}

static void
add(struct watch_hitters *t, const struct prefix *key, const struct watch_flow *flow,
    uint32_t weight)
{
	bool fresh;
	struct watch_cell *cell = &t->cells[watch_hitters_place(t, key, &fresh)];
	cell->port = flow->to;
	cell->samples++;
	cell->octets += flow->octets * weight;
	cell->packets += flow->packets * weight;
	if (flow->flow->source.family != IP_NONE)
		cell->sources = watch_sources_add(cell->sources, &flow->flow->source);
}

void
watch_intake_look(struct watch_intake *in, const struct watch_flow *flow)
{
	const struct ip *to = &flow->flow->destination;
	if (in->every > 1)
		in->skip = next_skip(in);
	in->looked += in->every;
	if (!in->looks || flow->to == HUB_NONE || to->family == IP_NONE)
		return;
	struct prefix key = {*to, (uint8_t)ip_bits(to->family)};
	add(&in->addresses, &key, flow, in->every);
	key = prefix_of(*to, to->family == IP_V4 ? in->ipv4_length : in->ipv6_length);
	add(&in->networks, &key, flow, in->every);
	/* A burst is met at once: the watch says how many there are only as a window ends. */
	if (++in->turn == WATCH_TURN) {
		in->turn = 0;
		in->every *= in->every < EVERY_MAX ? 2 : 1;
	}
}

static uint32_t
rate_of(const struct watch_flow *flow)
{
	uint64_t rate = 1;
	if (flow->flow->packets)
		rate = (flow->packets + flow->flow->packets / 2) / flow->flow->packets;
	else if (flow->flow->octets)
		rate = (flow->octets + flow->flow->octets / 2) / flow->flow->octets;
	return rate > UINT32_MAX ? UINT32_MAX : rate ? (uint32_t)rate : 1;
}

/* What the IP header that was chosen says of the transport. */
static void
read_transport(struct flow *to, const struct flow *flow)
{
	struct cursor c = flow->packet;
	netflow_transport(to);
	if (!flow->layers)
		return;
	cursor_skip(&c, flow->layer_at[flow->layer]);
	struct forward_packet packet = forward_packet_read_ip(c);
	to->protocol = packet.protocol;
	to->tos = packet.tos;
	to->tcp_flags = packet.tcp_flags;
	to->source_port = packet.source_port;
	to->destination_port = packet.destination_port;
}

void
watch_intake_copy(struct watch_intake *in, const struct watch_flow *flow)
{
	if (in->copy_count == WATCH_COPIES_MAX) {
		in->copies_lost++;
		return;
	}
	struct watch_copy *copy = &in->copies[in->copy_count++];
	size_t length = cursor_left(&flow->flow->frame);
	copy->at = in->now;
	copy->flow = *flow->flow;
	copy->flow.frame = copy->flow.packet = (struct cursor){0};
	copy->flow.layers = 0;
	read_transport(&copy->flow, flow->flow);
	copy->flow.shape = NULL;
	copy->flow.record = NULL;
	copy->exporter = flow->exporter;
	copy->from = flow->from;
	copy->to = flow->to;
	copy->rate = rate_of(flow);
	copy->header_length = (uint16_t)(length < WATCH_HEADER_MAX ? length : WATCH_HEADER_MAX);
	if (copy->header_length)
		memcpy(copy->header, flow->flow->frame.at, copy->header_length);
}
