/* From (exporter, VLAN, MAC), or (exporter, interface), to the port: built from a picture, read
 * only, replaced whole with the next picture. */
#pragma once

#include <stdint.h>

#include "base/ip.h"
#include "meter/roster.h"

struct attribution;

/* NULL if there is no memory. Keeps nothing of `hub` and `roster`. */
struct attribution *attribution_new(const struct hub *hub, const struct roster *roster);
/* NULL is allowed. */
void attribution_free(struct attribution *a);

/* Why there is no port. */
enum attribution_miss {
	ATTRIBUTION_FOUND,
	ATTRIBUTION_UNKNOWN,   /* nobody's MAC, or not in this VLAN */
	ATTRIBUTION_AMBIGUOUS, /* the same MAC on several ports, and the frame does not tell which
				*/
	ATTRIBUTION_ELSEWHERE, /* a port's, but of one that another exporter counts */
};

/* Where a MAC was seen. */
struct attribution_sight {
	uint32_t exporter; /* the one that must count the port; HUB_NONE: whichever */
	uint32_t if_index; /* there; 0: not told */
	uint32_t vlan; /* 0: none, or nothing was told; a word, as half of one is slow to pass */
};

/* The port's number, or HUB_NONE and why. A port on several switches counts only on interfaces of its
 * own, because what it sends passes between the switches too. Where a MAC is on several ports and the
 * VLAN does not tell which, the interface may. */
uint32_t attribution_by_mac(const struct attribution *a, struct mac mac,
			    struct attribution_sight sight, enum attribution_miss *why);
/* HUB_NONE if the exporter's interface is no port. */
uint32_t attribution_by_interface(const struct attribution *a, uint32_t exporter,
				  uint32_t if_index);
/* The roster's slot of that interface, or HUB_NONE. */
uint32_t attribution_slot(const struct attribution *a, uint32_t exporter, uint32_t if_index);
/* Octets of memory held. */
size_t attribution_size(const struct attribution *a);
