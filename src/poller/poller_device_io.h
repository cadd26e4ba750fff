/* One machine that is asked by SNMP: its session of the net-snmp library, driven by the loop. A walk of
 * its interfaces begins when it is due, one question at a time; nothing here waits.
 *
 * Of version 3 the engine's id has to be known before anything can be signed (RFC 3414 section 4). The
 * library would ask for it and wait; so it is asked for here, by a session of its own, and the signed one
 * is opened when it has come. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "hub/hub.h"
#include "net/loop.h"
#include "poller/poller_report.h"
#include "poller/poller_table.h"

struct poller_device;

/* What is made of a walk: called at its end, when it was whole. */
typedef void poller_walked(void *context, const struct poller_device *device);

/* A device of this picture, not yet asked; the first walk begins within `every_s`, at a moment of its
 * own. The picture, loop and context must outlive it. NULL if there is no memory. */
struct poller_device *poller_device_new(struct loop *loop, const struct hub *hub, uint32_t exporter,
					poller_walked *walked, void *context);
void poller_device_free(struct poller_device *device);
/* What became of asking it; its text is valid until the device is freed. */
struct poller_device_report poller_device_report(const struct poller_device *device);

/* The interfaces it is asked about, and what the last walk said of them. */
const struct poller_target *poller_device_targets(const struct poller_device *device,
						  size_t *count);
bool poller_device_reading(const struct poller_device *device, const struct poller_target *target,
			   struct poller_reading *out);
/* As poller_table_passes. */
int poller_device_passes(const struct poller_device *device, const struct poller_target *target);
uint32_t poller_device_exporter(const struct poller_device *device);
