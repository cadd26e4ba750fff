/* What a table gives back when a member that leaked half the Internet is gone. */
#include "exchange/rib/rib.h"
#include "tap.h"

enum { SESSIONS = 2, HONEST = 5000, LEAKED = 300000 };

static uint32_t
attributes(struct rib *rib, unsigned slot, uint32_t number)
{
	static const uint8_t path[] = {2, 1, 0, 0, 0xfd, 0xe8};
	struct bgp_attrs attrs = {.next_hop = ip_v4(0xc0000201u + slot),
				  .as_path = cursor_of(path, sizeof(path)),
				  .as_hops = 1,
				  .has_med = true,
				  .med = number / 5};
	uint32_t set = rib_attrs_known(rib, slot, &attrs);
	struct rib_verdict verdict = {.plain = true};
	return set ? set : rib_attrs_intern(rib, &verdict);
}

static struct prefix
prefix_number(uint32_t i)
{
	return prefix_of(ip_v4(0x01000000u + (i << 8)), 24);
}

static bool
announce(struct rib *rib, unsigned slot, uint32_t first, uint32_t count)
{
	bool all = true;
	for (uint32_t i = first; i < first + count; i++) {
		struct prefix prefix = prefix_number(i);
		uint32_t set = attributes(rib, slot, i);
		enum rib_outcome outcome =
			rib_announce(rib, (struct rib_source){slot, 0}, &prefix, set, 0, 1);
		all &= outcome == RIB_DONE || outcome == RIB_SAME; /* still there from before */
		if (i % 1000 == 0)
			(void)rib_turn_end(rib);
	}
	(void)rib_turn_end(rib);
	return all;
}

static unsigned
found(const struct rib *rib, uint32_t first, uint32_t count)
{
	unsigned sum = 0;
	for (uint32_t i = first; i < first + count; i++) {
		struct rib_path_view path;
		sum += rib_paths(rib, prefix_number(i), &path, 1) == 1;
	}
	return sum;
}

int
main(void)
{
	struct rib *rib = rib_new(IP_V4, SESSIONS);
	struct rib_totals before, full, after;
	rib_session_open(rib, 0, &(struct rib_peer){.router_id = 1});
	rib_session_open(rib, 1, &(struct rib_peer){.router_id = 2});
	ok(announce(rib, 0, 0, HONEST), "a member announces %u routes", HONEST);
	rib_total(rib, &before);
	ok(announce(rib, 1, HONEST, LEAKED), "another one %u", LEAKED);
	rib_total(rib, &full);
	rib_session_close(rib, 1);
	rib_session_close(rib, 0); /* who has not read keeps the table from forgetting */
	rib_session_open(rib, 0, &(struct rib_peer){.router_id = 1});
	ok(announce(rib, 0, 0, HONEST), "the first one again");
	while (rib_turn_end(rib))
		continue;
	struct iovec piece;
	while (rib_out_waiting(rib, 0))
		if (rib_out_pieces(rib, 0, &piece, 1))
			rib_out_sent(rib, 0, piece.iov_len);
	(void)rib_turn_end(rib);
	rib_total(rib, &after);
	ok(full.memory > before.memory * 8, "the leak takes memory: %zu octets instead of %zu",
	   full.memory, before.memory);
	ok(after.memory < before.memory * 4, "which goes back when it is withdrawn: %zu octets",
	   after.memory);
	is_int(found(rib, 0, HONEST), HONEST, "the first member's routes are all there");
	is_int(found(rib, HONEST, LEAKED), 0, "those of the other are not");
	uint32_t at = 0;
	struct rib_best best[64];
	size_t sum = 0, count;
	while ((count = rib_best_next(rib, &at, best, 64)) != 0)
		sum += count;
	is_int((long long)sum, HONEST, "nor does anybody meet them who goes through the table");
	rib_session_open(rib, 1, &(struct rib_peer){.router_id = 2});
	ok(announce(rib, 1, HONEST, LEAKED), "the leak comes again");
	is_int(found(rib, 0, HONEST + LEAKED), HONEST + LEAKED, "and is all there");
	rib_free(rib);
	return done_testing();
}
