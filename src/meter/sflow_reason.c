/* Why a switch discarded a packet, in words: the numbers of the sFlow structure "discarded packet". */
#include "meter/sflow.h"

const char *
sflow_reason_text(uint32_t reason)
{
	static const char *const unreachable[] = {
		"network unreachable",
		"host unreachable",
		"protocol unreachable",
		"port unreachable",
		"fragmentation needed",
		"source route failed",
		"destination network unknown",
		"destination host unknown",
		"source host isolated",
		"destination network prohibited",
		"destination host prohibited",
		"network unreachable for its type of service",
		"host unreachable for its type of service",
		"prohibited by the administrator",
		"host precedence violated",
		"precedence cut off",
	};
	static const char *const switched[] = {
		"unknown",
		"hop limit exceeded",
		"filtered by an access list",
		"no buffer space",
		"random early discard",
		"traffic shaping",
		"too big",
		"source MAC is a group",
		"VLAN tag mismatch",
		"VLAN not allowed in",
		"blocked by spanning tree",
		"no port to send to",
		"would leave as it came",
		"blackhole route",
		"not IP",
		"one destination, MAC of a group",
		"destination is a loopback address",
		"source is a group",
		"source is a loopback address",
		"damaged IP header",
		"source is a broadcast address",
		"destination of reserved scope",
		"destination of interface scope",
		"neighbour not resolved",
		"group from the wrong side",
		"not to be routed",
		"cannot be decapsulated",
		"inner source MAC is a group",
		"unknown, layer 2",
		"unknown, layer 3",
		"unknown, exception of layer 3",
		"unknown, buffers",
		"unknown, tunnels",
		"unknown, layer 4",
		"source is unspecified",
		"port isolation of a link group",
		"blackhole neighbour",
		"source MAC is the destination's",
		"reserved destination MAC",
		"source is of class E",
		"MAC is not the group's",
		"source is the destination",
		"destination is the local network",
		"destination is link-local",
		"inner source MAC is the destination's",
		"VLAN not allowed out",
		"source from the wrong side",
		"split horizon",
	};
	enum { FIRST = 256 };
	if (reason < sizeof(unreachable) / sizeof(unreachable[0]))
		return unreachable[reason];
	if (reason >= FIRST && reason - FIRST < sizeof(switched) / sizeof(switched[0]))
		return switched[reason - FIRST];
	return "a reason we do not know";
}
