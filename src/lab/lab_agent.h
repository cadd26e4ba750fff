/* The sFlow agents of the lab's switches: the model's traffic becomes samples and counters. Pure:
 * time in, datagrams out; the live lab sends them, the history hands them to the meter's core. */
#pragma once

#include <stdint.h>

#include "base/clock.h"
#include "base/cursor.h"
#include "lab/lab_plan.h"
#include "lab/lab_traffic.h"

struct lab_agents;

/* Takes one datagram of an exporter (index into hub->exporters); valid during the call. */
typedef void lab_agent_sink(void *context, uint32_t exporter, struct cursor datagram);

/* Agents that have just started, at `now`. About `samples_per_s` samples a second in all at the top
 * of the day: the rate of sampling follows from it, a power of two. NULL without memory. */
struct lab_agents *lab_agents_new(const struct hub *hub, const struct lab_plan *plan,
				  const struct lab_traffic *traffic, double samples_per_s,
				  struct utc_s now);
void lab_agents_free(struct lab_agents *agents);

/* `elapsed_s` more seconds have passed, it is now `now`: traffic flows, samples are taken. */
void lab_agents_flow(struct lab_agents *agents, double elapsed_s, struct utc_s now,
		     lab_agent_sink *sink, void *context);
/* All ports' counters are read and sent. */
void lab_agents_count(struct lab_agents *agents, struct utc_s now, lab_agent_sink *sink,
		      void *context);
