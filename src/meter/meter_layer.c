/* Of IP in IP, GRE, VXLAN and the like: which header says whose traffic it is. A fabric carries the
 * members' packets in headers of its own, so that the inner one is meant; a member carries its office's
 * networks in packets of its own, so that the outer one is. Routes tell the two apart: the header is the
 * innermost whose addresses the exchange has routes for, both before one before none. */
#include "meter/frame.h"
#include "meter/meter_state.h"

/* Addresses that mean something inside a network only (RFC 6890), so that whatever covers them, say a
 * default route, says nothing. */
static bool
is_local(const struct ip *ip)
{
	static const struct prefix local[] = {
		{{IP_V4, {0}}, 8},           {{IP_V4, {10}}, 8},        {{IP_V4, {100, 64}}, 10},
		{{IP_V4, {127}}, 8},         {{IP_V4, {169, 254}}, 16}, {{IP_V4, {172, 16}}, 12},
		{{IP_V4, {192, 168}}, 16},   {{IP_V4, {198, 18}}, 15},  {{IP_V6, {0xfc}}, 7},
		{{IP_V6, {0xfe, 0x80}}, 10},
	};
	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		if (prefix_contains_ip(local[i], *ip))
			return true;
	return false;
}

/* Without routes the table of countries has to do. */
static unsigned
is_known(const struct meter *m, const struct ip *ip)
{
	if (is_local(ip))
		return 0;
	return m->routes ? rib_snapshot_number(m->routes, ip) != 0
			 : countries_of_ip(m->countries, *ip) != 0;
}

void
meter_choose_layer(const struct meter *m, struct flow *flow)
{
	unsigned best = flow->layers - 1u, most = 0;
	for (unsigned layer = flow->layers; layer-- > 0;) {
		frame_use_layer(flow, layer);
		unsigned known = is_known(m, &flow->source) + is_known(m, &flow->destination);
		if (known > most) {
			best = layer;
			most = known;
		}
	}
	frame_use_layer(flow, best);
}
