/* From (exporter, VLAN, MAC), or (exporter, interface), to the port: built from a picture, read
 * only, replaced whole with the next picture. */
#pragma once

#include <stdint.h>

#include "base/ip.h"
#include "meter/roster.h"

struct attribution;

/* NULL if there is no memory. Keeps nothing of `hub` and `roster`. */
struct attribution *attribution_new(const struct hub *hub, const struct roster *roster);
void attribution_free(struct attribution *a);

/* Why there is no port. */
enum attribution_miss {
	ATTRIBUTION_FOUND,
	ATTRIBUTION_UNKNOWN,   /* nobody's MAC, or not in this VLAN */
	ATTRIBUTION_AMBIGUOUS, /* the same MAC on several ports, and the frame does not tell which
				*/
	ATTRIBUTION_ELSEWHERE, /* a port's, but of one that another exporter counts */
};

/* The port's number, or HUB_NONE and why. `vlan` 0: the frame had none, or nothing was told.
 * `exporter` is the one that must count the port, HUB_NONE: whichever. */
uint32_t attribution_by_mac(const struct attribution *a, struct mac mac, uint16_t vlan,
			    uint32_t exporter, enum attribution_miss *why);
/* HUB_NONE if the exporter's interface is no port. */
uint32_t attribution_by_interface(const struct attribution *a, uint32_t exporter,
				  uint32_t if_index);
