/* SR policies: an UPDATE's body as a neighbour with the family sends it; and the octets as a Tunnel
 * Encapsulation attribute. What is read is written and read again as the same; its segments as text
 * are read as themselves. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/bgp/bgp_tunnel.h"
#include "exchange/bgp/bgp_update.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
hold(const struct sr_policy *policy)
{
	static struct sr_policy again;
	char text[SR_TEXT_MAX], twice[SR_TEXT_MAX];
	struct buf out = {0};
	bgp_tunnel_write(&out, policy);
	again.key = policy->key;
	assert(bgp_tunnel_read(&again, cursor_of(out.data, out.length)) == BGP_TUNNEL_SOUND);
	assert(again.list_count == policy->list_count &&
	       again.segment_count == policy->segment_count &&
	       again.preference == policy->preference && again.priority == policy->priority &&
	       again.srv6_count == policy->srv6_count);
	assert(memcmp(again.lists, policy->lists, sizeof(again.lists)) == 0 &&
	       memcmp(again.segments, policy->segments, sizeof(again.segments)) == 0);
	buf_fini(&out);
	for (unsigned i = 0; i < policy->segment_count; i++) {
		struct sr_segment segment;
		sr_segment_text(text, &policy->segments[i]);
		assert(sr_segment_parse(&segment, text) == 0 &&
		       segment.type == policy->segments[i].type);
		assert(strcmp(text, sr_segment_text(twice, &segment)) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct bgp_peer peer = {
		.as4 = true, .ipv4 = true, .sr_ipv4 = true, .sr_ipv6 = true};
	static struct bgp_scratch scratch;
	static struct sr_policy policy;
	static struct bgp_update update;
	if (size > BGP_MAX - BGP_HEADER)
		return 0;
	/* Exactly as long as it is, so that a look beyond is seen. */
	uint8_t *exact = malloc(size + 1);
	if (!exact)
		return 0;
	memcpy(exact + 1, data, size);
	struct cursor octets = cursor_of(exact + 1, size);
	if (bgp_tunnel_read(&policy, octets) == BGP_TUNNEL_SOUND)
		hold(&policy);
	enum bgp_verdict verdict = bgp_update_read(&update, octets, &peer, &scratch);
	struct sr_key key;
	unsigned keys = 0;
	while (update.sr_announced.family != IP_NONE &&
	       bgp_sr_next(&key, &update.sr_announced, NULL))
		keys++;
	if (keys) {
		assert(verdict == BGP_VERDICT_OK);
		hold(&scratch.sr_policy);
	}
	free(exact);
	return 0;
}
