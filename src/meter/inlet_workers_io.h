/* The meter in several threads: each worker has sockets of its own at the same ports (SO_REUSEPORT), a
 * meter of its own (meter_set_worker), and nobody else touches either. What it has counted it hands over
 * as a share when it is asked.
 *
 *	exporter A --+                      +--> sockets --> worker 0 --share--+
 *	exporter B --+--> kernel: by source +--> sockets --> worker 1 --share--+--> the meter --> bins
 *	exporter C --+                      +--> ...
 *
 * The kernel chooses the worker by the source address alone: so all that an exporter sends, from whatever
 * port, comes to one worker, with its templates and numbers.
 *
 * All functions are called by the thread that has the meter. They wait until the workers have done what
 * they are told: at most as long as one batch of datagrams takes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "exchange/rib/rib_snapshot.h"
#include "hub/hub.h"
#include "meter/inlet_state.h"
#include "meter/meter.h"
#include "meter/meter_memory.h"

enum { INLET_WORKERS_MAX = 64, INLET_SOCKETS = 3, INLET_REASON = 160 };

/* The three endpoints of a picture, in this order: sFlow, NetFlow, IPFIX; IP_NONE for none. */
struct inlet_endpoints {
	struct hub_endpoint at[INLET_SOCKETS];
};

struct inlet_workers;

/* Starts `count` of them, at least 1, for this picture; they hear nothing yet. `clock` tells the time to
 * them. NULL if there is no memory or no thread. */
struct inlet_workers *inlet_workers_new(const struct hub *hub, size_t count, uint64_t run,
					struct utc_s (*clock)(void));
/* Ends them. What was not collected is lost. */
void inlet_workers_free(struct inlet_workers *w);

/* Listens at these; what was listened to elsewhere is closed. 0; or -1 and the reason: then nothing is
 * listened to. */
int inlet_workers_listen(struct inlet_workers *w, const struct inlet_endpoints *at,
			 char reason[INLET_REASON]);
/* Octets that the kernel holds for us. */
int inlet_workers_buffer(const struct inlet_workers *w);
/* Another picture; it has been given to the meter before. 0, or -1 when a worker cannot go over to it. */
int inlet_workers_apply(struct inlet_workers *w, const struct hub *hub);
/* What the meter has learned of interfaces since it was told last (meter/meter_learn.h). 0, or -1 when a worker
 * has no memory for it: then it is tried again the next time. */
int inlet_workers_learn(struct inlet_workers *w, const struct meter *m);
/* As meter_set_routes; the ones before are not used any more when this returns. */
void inlet_workers_set_routes(struct inlet_workers *w, const struct rib_snapshot *routes);
/* Takes from each worker what it has counted. `drain`: also what still waits in the sockets. 0, or -1
 * without memory: then some of it comes the next time. */
int inlet_workers_collect(struct inlet_workers *w, bool drain);
/* Joins what was collected into the meter, which has been ticked to a time after the collecting. 0, or -1
 * without memory: as above. */
int inlet_workers_merge(struct inlet_workers *w, struct meter *m);
/* Appends what their decoders know to a state, one part each. */
void inlet_workers_keep(struct inlet_workers *w, struct buf *state);
/* Gives them such a part of a run before, of the worker at `place`: each takes over the exporters that it
 * will hear. Before they listen. 0, or -1 when it makes no sense. */
int inlet_workers_resume(struct inlet_workers *w, struct inlet_place place, struct cursor part);
/* Adds what they hold in memory, as of the last time they were asked for their shares. */
void inlet_workers_memory(const struct inlet_workers *w, struct meter_memory out[METER_PARTS]);
size_t inlet_workers_count(const struct inlet_workers *w);
