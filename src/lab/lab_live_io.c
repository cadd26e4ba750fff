/* The lab on a running hub. */
#include "lab/lab_live.h"
#include "net/address.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "lab/lab_agent.h"
#include "lab/lab_socket.h"
#include "lab/lab_speaker.h"

enum {
	SAMPLES_PER_S = 200,
	FLOW_MS = 250,
	COUNTERS_S = 20,
	CHANGE_S = 6, /* every so often one route comes or goes */
	CHANGES_MAX = 8,
};

/* A route that is withdrawn for now. */
struct withdrawn {
	uint32_t speaker;
	const struct lab_route *route;
};

struct lab_live {
	struct loop *loop;
	const struct hub *hub;
	const struct lab_plan *plan;
	struct lab_agents *agents;
	struct lab_speaker **speakers; /* as in hub->sessions */
	int *exporters;                /* sockets, as in hub->exporters; -1: not on this machine */
	struct sockaddr_storage collector;
	socklen_t collector_length;
	struct loop_timer flow, count, change;
	struct mono_us flowed; /* up to here */
	struct lab_random random;
	struct withdrawn withdrawn[CHANGES_MAX];
	size_t withdrawn_count;
	uint64_t datagrams;
};

/* --- traffic --- */

/* A datagram that cannot be sent is lost, as on a real wire. */
static void
send_datagram(void *context, uint32_t exporter, struct cursor datagram)
{
	struct lab_live *live = context;
	int fd = live->exporters[exporter];
	if (fd >= 0 && sendto(fd, datagram.at, cursor_left(&datagram), MSG_DONTWAIT,
			      (struct sockaddr *)&live->collector, live->collector_length) > 0)
		live->datagrams++;
}

static void
flow_due(struct loop_timer *timer, struct mono_us now)
{
	struct lab_live *live =
		(struct lab_live *)((char *)timer - offsetof(struct lab_live, flow));
	double elapsed_s = (double)(now.us - live->flowed.us) / 1e6;
	live->flowed = now;
	lab_agents_flow(live->agents, elapsed_s, clock_utc(), send_datagram, live);
	loop_timer_set(live->loop, timer, mono_add_ms(now, FLOW_MS));
}

static void
count_due(struct loop_timer *timer, struct mono_us now)
{
	struct lab_live *live =
		(struct lab_live *)((char *)timer - offsetof(struct lab_live, count));
	lab_agents_count(live->agents, clock_utc(), send_datagram, live);
	loop_timer_set(live->loop, timer, mono_add_ms(now, COUNTERS_S * 1000));
}

static void
open_exporters(struct lab_live *live)
{
	char text[IP_TEXT];
	struct hub_endpoint to = lab_socket_target(live->hub->sflow);
	live->collector_length = net_address(&live->collector, to.ip, to.port);
	for (size_t i = 0; i < live->hub->exporter_count; i++) {
		const struct hub_exporter *exporter = &live->hub->exporters[i];
		live->exporters[i] = lab_socket_open(SOCK_DGRAM, exporter->address);
		if (live->exporters[i] < 0)
			log_warn("%s: cannot send from %s: %s", exporter->id,
				 ip_format(text, exporter->address), strerror(errno));
	}
}

/* --- routes that come and go --- */

/* The next change: the oldest withdrawn route comes back, or another one goes. */
static void
change_due(struct loop_timer *timer, struct mono_us now)
{
	struct lab_live *live =
		(struct lab_live *)((char *)timer - offsetof(struct lab_live, change));
	loop_timer_set(live->loop, timer, mono_add_ms(now, CHANGE_S * 1000));
	size_t sessions = live->hub->session_count;
	if (live->withdrawn_count == CHANGES_MAX || sessions == 0) {
		if (live->withdrawn_count == 0)
			return;
		struct withdrawn back = live->withdrawn[0];
		memmove(live->withdrawn, live->withdrawn + 1,
			--live->withdrawn_count * sizeof(live->withdrawn[0]));
		lab_speaker_change(live->speakers[back.speaker], back.route, true);
		return;
	}
	uint32_t index = lab_random_below(&live->random, (uint32_t)sessions);
	struct lab_speaker *speaker = live->speakers[index];
	const struct lab_routes *routes = &live->plan->members[lab_speaker_member(speaker)];
	size_t sound = routes->sound[0] + routes->sound[1];
	if (sound == 0 || !lab_speaker_established(speaker))
		return;
	const struct lab_route *route =
		&routes->routes[lab_random_below(&live->random, (uint32_t)sound)];
	live->withdrawn[live->withdrawn_count++] = (struct withdrawn){index, route};
	lab_speaker_change(speaker, route, false);
}

/* --- life --- */

static bool
reserve(struct lab_live *live)
{
	live->speakers = calloc(live->hub->session_count + 1, sizeof(struct lab_speaker *));
	live->exporters = calloc(live->hub->exporter_count + 1, sizeof(int));
	if (!live->speakers || !live->exporters)
		return false;
	for (size_t i = 0; i < live->hub->exporter_count; i++)
		live->exporters[i] = -1;
	return true;
}

static bool
open_speakers(struct lab_live *live)
{
	for (uint32_t i = 0; i < live->hub->session_count; i++) {
		live->speakers[i] = lab_speaker_new(live->loop, live->plan, i);
		if (!live->speakers[i])
			return false;
	}
	return true;
}

struct lab_live *
lab_live_open(struct loop *loop, const struct hub *hub, const struct lab_plan *plan,
	      const struct lab_traffic *traffic)
{
	struct lab_live *live = calloc(1, sizeof(*live));
	if (!live)
		return NULL;
	struct mono_us now = clock_mono();
	*live = (struct lab_live){.loop = loop,
				  .hub = hub,
				  .plan = plan,
				  .flow.fire = flow_due,
				  .count.fire = count_due,
				  .change.fire = change_due,
				  .flowed = now,
				  .random = {(uint64_t)now.us}};
	live->agents = lab_agents_new(hub, plan, traffic, SAMPLES_PER_S, clock_utc());
	if (!live->agents || !reserve(live)) {
		lab_live_close(live);
		errno = ENOMEM;
		return NULL;
	}
	open_exporters(live);
	if (!open_speakers(live)) {
		lab_live_close(live);
		errno = ENOMEM;
		return NULL;
	}
	loop_timer_set(loop, &live->flow, mono_add_ms(now, FLOW_MS));
	loop_timer_set(loop, &live->count, mono_add_ms(now, 100));
	loop_timer_set(loop, &live->change, mono_add_ms(now, CHANGE_S * 1000));
	return live;
}

void
lab_live_close(struct lab_live *live)
{
	if (!live)
		return;
	loop_timer_stop(live->loop, &live->flow);
	loop_timer_stop(live->loop, &live->count);
	loop_timer_stop(live->loop, &live->change);
	for (size_t i = 0; live->speakers && i < live->hub->session_count; i++)
		lab_speaker_free(live->speakers[i]);
	for (size_t i = 0; live->exporters && i < live->hub->exporter_count; i++)
		if (live->exporters[i] >= 0)
			close(live->exporters[i]);
	lab_agents_free(live->agents);
	free(live->speakers);
	free(live->exporters);
	free(live);
}

struct lab_live_state
lab_live_state(const struct lab_live *live)
{
	struct lab_live_state state = {.sessions = live->hub->session_count,
				       .datagrams = live->datagrams};
	for (size_t i = 0; i < live->hub->session_count; i++) {
		state.established += lab_speaker_established(live->speakers[i]);
		state.announced += lab_speaker_announced(live->speakers[i]);
		state.received += lab_speaker_received(live->speakers[i]);
	}
	return state;
}
