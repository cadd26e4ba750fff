/* The lab on a running hub: one process that speaks BGP as every member and sFlow as every exporter
 * of the hub file, from their own addresses. */
#pragma once

#include "lab/lab_plan.h"
#include "lab/lab_traffic.h"
#include "net/loop.h"

struct lab_live;

/* Starts playing in `loop`. Addresses that this machine does not have are left out, with a line in
 * the log. NULL and errno on failure; everything given must stay until lab_live_close. */
struct lab_live *lab_live_open(struct loop *loop, const struct hub *hub,
			       const struct lab_plan *plan, const struct lab_traffic *traffic);
/* Ends the sessions in good order and lets go of all. */
void lab_live_close(struct lab_live *live);

struct lab_live_state {
	size_t sessions, established;
	uint64_t announced, received; /* routes */
	uint64_t datagrams;
};
struct lab_live_state lab_live_state(const struct lab_live *live);
