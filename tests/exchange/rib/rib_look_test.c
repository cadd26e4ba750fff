/* Looking at decisions: who hears a path and how, what is found by reason, how far a change reaches, and
 * what happens when there are too many different marks. */
#include "exchange/policy/policy.h"
#include "exchange/rib/rib.h"
#include "tap.h"

enum { SESSIONS = 5, INSIDE = 8 };

static unsigned asked_attrs, asked_paths;

static void
judge_attrs(void *context, struct rib *rib, unsigned slot, const struct bgp_attrs *attrs,
	    struct rib_verdict *verdict)
{
	(void)context, (void)rib, (void)slot, (void)attrs;
	asked_attrs++;
	*verdict = (struct rib_verdict){.plain = true};
}

static void
judge_paths(void *context, struct rib *rib, const struct rib_asked *route,
	    const struct prefix *prefixes, size_t count, uint32_t *marks)
{
	(void)context, (void)rib, (void)route, (void)prefixes;
	asked_paths += (unsigned)count;
	for (size_t i = 0; i < count; i++)
		marks[i] = 0;
}

static void
edit(void *context, const struct rib_sent *sent, struct bgp_attrs *attrs,
     struct bgp_communities *communities, struct buf *scratch)
{
	(void)context, (void)sent, (void)attrs, (void)communities, (void)scratch;
}

static uint32_t
attributes(struct rib *rib, unsigned slot, const struct rib_verdict *verdict)
{
	const uint8_t path[] = {2, 2, 0, 0, 0xfd, 0xe8, 0, 0, 0xfe, (uint8_t)slot};
	struct bgp_attrs attrs = {.next_hop = ip_v4(0xc0000201u + slot),
				  .as_path = cursor_of(path, sizeof(path)),
				  .as_hops = 2};
	uint32_t set = rib_attrs_known(rib, slot, &attrs);
	return set ? set : rib_attrs_intern(rib, verdict);
}

static struct prefix
prefix_number(uint32_t i)
{
	return prefix_of(ip_v4(0x0a000000u + (i << 8)), 24);
}

static enum rib_outcome
announce(struct rib *rib, unsigned slot, uint32_t number, uint32_t attrs, uint32_t mark)
{
	struct prefix prefix = prefix_number(number);
	return rib_announce(rib, (struct rib_source){slot, 0}, &prefix, attrs, mark, 1);
}

static struct rib *
open_table(void)
{
	struct rib *rib = rib_new(IP_V4, SESSIONS);
	struct rib_hooks hooks = {.attrs = judge_attrs, .paths = judge_paths, .edit = edit};
	rib_set_hooks(rib, &hooks);
	for (unsigned slot = 0; slot < SESSIONS; slot++)
		rib_session_open(rib, slot, &(struct rib_peer){.router_id = 10 + slot});
	return rib;
}

static void
hearers_and_marks(void)
{
	struct rib *rib = open_table();
	struct rib_sets *sets = rib_sets_in(rib);
	uint64_t all = 0x1e, third = 1 << 3, fourth = 1 << 4, heard;
	struct rib_variant variant = {7, rib_set_of(sets, &third)};
	struct rib_verdict verdict = {
		.receivers = rib_set_of(sets, &all), .variants = &variant, .variant_count = 1};
	struct rib_mark mark = {.reasons = 1u << 5, .rpki = 2, .except = rib_set_of(sets, &fourth)};
	uint32_t attrs = attributes(rib, 0, &verdict);
	announce(rib, 0, 1, attrs, rib_mark_of(rib, &mark));
	rib_path_hearers(rib, prefix_number(1), 0, &heard);
	is_int((long long)heard, 0x0e, "who is excepted by the mark is no hearer");
	struct rib_path_view view;
	rib_paths(rib, prefix_number(1), &view, 1);
	ok(!view.refused && view.reasons == 1u << 5 && view.rpki == 2,
	   "reasons without refusal only tag the path");
	struct rib_filter filter = {.slot = -1, .accepted = true, .reasons = 1u << 5, .rpki = 4};
	ok(rib_filter_likes(&filter, &view), "it is found by reason and by RPKI state");
	filter.rpki = 2;
	ok(!rib_filter_likes(&filter, &view), "not by another state");
	uint32_t counts[64];
	rib_count_reasons(rib, 0, counts);
	ok(counts[5] == 1 && counts[4] == 0, "and counted by reason");
	rib_free(rib);
}

/* Inside 10.0.0.0/21, and as many outside. */
static void
exactly_what_is_touched(void)
{
	struct rib *rib = open_table();
	struct rib_verdict verdict = {.plain = true};
	for (unsigned slot = 0; slot < 2; slot++)
		for (uint32_t i = 0; i < 2 * INSIDE; i++)
			announce(rib, slot, i, attributes(rib, slot, &verdict), 0);
	asked_attrs = asked_paths = 0;
	struct rib_touched touched = {prefix_of(ip_v4(0x0a000000), 21), 24};
	rib_rejudge_covered(rib, &touched, 1);
	while (rib_rejudge_step(rib, 3))
		continue;
	ok(asked_attrs == 0 && asked_paths == 2 * INSIDE,
	   "after a change of VRPs only the paths inside are judged");
	struct rib_touched wide = {prefix_of(ip_v4(0x0a000000), 8), 24};
	asked_paths = 0;
	struct prefix longer = prefix_of(ip_v4(0x0a000001), 32);
	(void)rib_announce(rib, (struct rib_source){0, 0}, &longer, attributes(rib, 0, &verdict), 0,
			   1);
	rib_rejudge_covered(rib, &wide, 1);
	while (rib_rejudge_step(rib, 3))
		continue;
	is_int(asked_paths, 4 * INSIDE,
	       "no longer ones than it says, where the table is gone through");
	asked_paths = 0;
	struct asn second = {0xfe01};
	rib_rejudge_paths_with(rib, &second, 1);
	while (rib_rejudge_step(rib, 3))
		continue;
	ok(asked_attrs == 1 && asked_paths == 0, "after a change of ASPAs only sets with that AS");
	rib_free(rib);
}

/* Every mark is of one path: prefix number i has the reasons i + 1. */
static void
too_many_marks(void)
{
	enum { PATHS = 17000, NUMBERS = 16383 };
	struct rib *rib = open_table();
	struct rib_verdict verdict = {.plain = true};
	struct rib_totals totals;
	struct rib_path_view view;
	uint32_t accepted, refused;
	bool is_done = true;
	for (uint32_t i = 0; i < PATHS; i++) {
		uint32_t mark = rib_mark_of(rib, &(struct rib_mark){.reasons = i + 1});
		is_done &= announce(rib, 0, i, attributes(rib, 0, &verdict), mark) == RIB_DONE;
	}
	rib_session_count(rib, 0, &accepted, &refused);
	rib_total(rib, &totals);
	ok(is_done && accepted == NUMBERS - 1 && refused == PATHS - accepted &&
		   totals.marks_missed == refused,
	   "with 16383 marks in use further paths are refused, and counted (%u)", refused);
	(void)rib_paths(rib, prefix_number(PATHS - 1), &view, 1);
	ok(view.refused && view.reasons == (uint64_t)1 << POLICY_NO_ROOM, "for that reason");
	for (uint32_t i = 0; i < 4000; i++) {
		struct prefix prefix = prefix_number(i);
		(void)rib_withdraw(rib, (struct rib_source){0, 0}, &prefix);
	}
	asked_paths = 0;
	for (bool again = true; again;) {
		again = rib_rejudge_step(rib, 1000);
		again |= rib_turn_end(rib);
	}
	rib_session_count(rib, 0, &accepted, &refused);
	ok(asked_paths && !refused, "when there are numbers again, all are judged by them");
	rib_free(rib);
}

static void
searched_in_stretches(void)
{
	enum { PREFIXES = 500, MAX = 64 };
	struct rib *rib = open_table();
	struct rib_verdict verdict = {.plain = true};
	for (uint32_t i = 0; i < PREFIXES; i++) /* in another order than theirs */
		announce(rib, i % 2, i * 7 % PREFIXES, attributes(rib, i % 2, &verdict), 0);
	struct rib_filter filter = {.slot = 1, .accepted = true};
	struct prefix found[MAX], last = {0};
	unsigned listed = 0, stretches = 0;
	bool ordered = true;
	for (size_t count = MAX; count == MAX;) {
		struct rib_search search = {.found = found, .max = MAX};
		while (rib_search(rib, &filter, listed ? &last : NULL, &search, 100))
			stretches++;
		count = search.count;
		for (size_t i = 0; i < count; i++, listed++) {
			ordered &= !listed || prefix_compare(last, found[i]) < 0;
			last = found[i];
		}
	}
	is_int(listed, PREFIXES / 2, "every prefix of the session is found, by pages");
	ok(ordered, "each once and in order");
	ok(stretches >= 4 * 5, "a stretch of the table at a time");
	struct rib_search nothing = {.found = found, .max = MAX};
	filter.slot = 4;
	while (rib_search(rib, &filter, NULL, &nothing, 1000))
		continue;
	is_int((long long)nothing.count, 0, "and nothing of a session without routes");
	rib_free(rib);
}

int
main(void)
{
	searched_in_stretches();
	hearers_and_marks();
	exactly_what_is_touched();
	too_many_marks();
	return done_testing();
}
