/* What routers of one AS say to each other only: LOCAL_PREF, ORIGINATOR_ID, CLUSTER_LIST (RFC 4456, 7606). */
#include "exchange/bgp/bgp_update.h"
#include "exchange/bgp/bgp_writer.h"
#include "tap.h"

static struct bgp_scratch scratch;

static enum bgp_verdict
read_with(struct bgp_update *out, bool internal, const uint8_t *clusters, size_t length)
{
	static struct buf attrs, message;
	struct bgp_attrs said = {.next_hop = ip_v4(0xc0000201),
				 .has_local_pref = true,
				 .local_pref = 250,
				 .has_originator = true,
				 .originator = 0x0a000001,
				 .cluster_list = cursor_of(clusters, length)};
	const struct bgp_peer peer = {.as4 = true, .ipv4 = true, .internal = internal};
	struct bgp_writer w;
	buf_clear(&attrs);
	buf_clear(&message);
	bgp_attrs_encode(&attrs, &said, (struct bgp_communities){0});
	struct bgp_route_attrs route = {.attrs = attrs.data, .length = attrs.length};
	(void)bgp_announce_begin(&w, &message, IP_V4, BGP_FORM_PLAIN, &route);
	bgp_writer_add(&w, prefix_of(ip_v4(0x0a000000), 8), 0);
	bgp_writer_end(&w);
	return bgp_update_read(out, cursor_of(message.data + 19, message.length - 19), &peer,
			       &scratch);
}

int
main(void)
{
	static const uint8_t clusters[] = {10, 0, 0, 9, 10, 0, 0, 8};
	struct bgp_update update;
	ok(read_with(&update, true, clusters, 8) == BGP_VERDICT_OK && !update.remark_count,
	   "from a router of our own all three are taken");
	ok(update.attrs.has_local_pref && update.attrs.local_pref == 250, "LOCAL_PREF as it came");
	ok(update.attrs.has_originator && update.attrs.originator == 0x0a000001,
	   "ORIGINATOR_ID as it came");
	is_int((long long)cursor_left(&update.attrs.cluster_list), 8, "CLUSTER_LIST whole");
	ok(read_with(&update, false, clusters, 8) == BGP_VERDICT_OK && update.remark_count == 3,
	   "from outside all three are discarded, and that is said");
	ok(!update.attrs.has_local_pref && !update.attrs.has_originator &&
		   !cursor_left(&update.attrs.cluster_list),
	   "so nothing is left of them");
	ok(read_with(&update, true, clusters, 6) == BGP_VERDICT_WITHDRAW,
	   "a CLUSTER_LIST that is cut withdraws the routes");
	return done_testing();
}
