/* The UPDATEs of a lab member. */
#include "lab/lab_announce.h"

#include "exchange/bgp/bgp_as_path.h"
#include "exchange/bgp/bgp_attrs.h"
#include "exchange/bgp/bgp_writer.h"

static void
put_path(struct buf *to, const struct lab_route *route)
{
	uint8_t sequence = (uint8_t)(route->path_length - route->last_is_set);
	buf_u8(to, BGP_AS_SEQUENCE);
	buf_u8(to, sequence);
	for (size_t i = 0; i < sequence; i++)
		buf_u32(to, route->path[i].number);
	if (route->last_is_set) {
		buf_u8(to, BGP_AS_SET);
		buf_u8(to, 1);
		buf_u32(to, route->path[sequence].number);
	}
}

uint32_t
lab_announce(struct buf *to, const struct lab_plan *plan, uint32_t port,
	     const struct lab_route *route)
{
	struct ip next_hop = lab_plan_next_hop(plan, port, route);
	if (next_hop.family == IP_NONE || route->path_length == 0)
		return 0;
	struct buf path = {0}, standard = {0}, large = {0}, attrs = {0};
	put_path(&path, route);
	for (size_t i = 0; i < route->standard_count; i++)
		buf_u32(&standard, route->standard[i]);
	for (size_t i = 0; i < (size_t)route->large_count * 3; i++)
		buf_u32(&large, route->large[i / 3][i % 3]);
	bool v4 = next_hop.family == IP_V4;
	struct bgp_attrs values = {
		.origin = BGP_ORIGIN_IGP,
		.as_path = cursor_of(path.data, path.length),
		.as_hops = route->path_length,
		.next_hop = v4 ? next_hop : (struct ip){0},
		.has_med = route->med != 0,
		.med = route->med,
	};
	struct bgp_communities communities = {.standard = cursor_of(standard.data, standard.length),
					      .large = cursor_of(large.data, large.length)};
	bgp_attrs_encode(&attrs, &values, communities);
	struct bgp_route_attrs shared = {
		.attrs = attrs.data, .length = attrs.length, .next_hop = next_hop};
	struct bgp_writer writer;
	uint32_t messages = 0;
	bool failed = path.failed || standard.failed || large.failed || attrs.failed;
	if (!failed && bgp_announce_begin(&writer, to, route->prefix.ip.family, BGP_FORM_PLAIN,
					  &shared) == 0) {
		bgp_writer_add(&writer, route->prefix, 0);
		messages = bgp_writer_end(&writer);
	}
	buf_fini(&path);
	buf_fini(&standard);
	buf_fini(&large);
	buf_fini(&attrs);
	return messages;
}

uint32_t
lab_withdraw(struct buf *to, const struct lab_route *route)
{
	struct bgp_writer writer;
	bgp_withdraw_begin(&writer, to, route->prefix.ip.family, BGP_FORM_PLAIN);
	bgp_writer_add(&writer, route->prefix, 0);
	return bgp_writer_end(&writer);
}
