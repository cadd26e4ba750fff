/* Judging anew in slices: one attribute set with very many paths, one session's paths, and a session that
 * opens again before it has been withdrawn. What somebody in front hears of it is counted. */
#include "exchange/rib/rib.h"
#include "tap.h"

enum { SESSIONS = 4, PATHS = 20000, SLICE = 1000 };

/* What the judges say: this session's routes are refused, preferred last, or for nobody but slot 1. */
static int refused_of, last_of, only_of;
static unsigned sets_asked, paths_asked[SESSIONS];

static struct rib_verdict
verdict_on(struct rib *rib, unsigned slot)
{
	uint64_t all = (1u << SESSIONS) - 1 - (1u << slot), one = 1u << 1;
	return (struct rib_verdict){
		.plain = true,
		.refused = refused_of == (int)slot,
		.preference = last_of == (int)slot,
		.receivers = rib_set_of(rib_sets_in(rib), only_of == (int)slot ? &one : &all),
	};
}

static void
judge_attrs(void *context, struct rib *rib, unsigned slot, const struct bgp_attrs *attrs,
	    struct rib_verdict *verdict)
{
	(void)context;
	(void)attrs;
	sets_asked++;
	*verdict = verdict_on(rib, slot);
}

static void
judge_paths(void *context, struct rib *rib, const struct rib_asked *route,
	    const struct prefix *prefixes, size_t count, uint32_t *marks)
{
	(void)context;
	(void)rib;
	(void)prefixes;
	paths_asked[route->slot] += (unsigned)count;
	memset(marks, 0, count * sizeof(*marks));
}

/* The same attributes for all routes of a session. */
static uint32_t
attributes(struct rib *rib, unsigned slot)
{
	static const uint8_t path[] = {2, 1, 0, 0, 0xfd, 0xe8};
	struct bgp_attrs attrs = {.next_hop = ip_v4(0xc0000201u + slot),
				  .as_path = cursor_of(path, sizeof(path)),
				  .as_hops = 1};
	uint32_t set = rib_attrs_known(rib, slot, &attrs);
	struct rib_verdict verdict = verdict_on(rib, slot);
	return set ? set : rib_attrs_intern(rib, &verdict);
}

static void
announce(struct rib *rib, unsigned slot, unsigned first, unsigned count)
{
	for (unsigned i = first; i < first + count; i++) {
		struct prefix prefix = prefix_of(ip_v4(0x14000000u + (i << 8)), 24);
		(void)rib_announce(rib, (struct rib_source){slot, 0}, &prefix,
				   attributes(rib, slot), 0, 1);
	}
}

static struct rib_peer
peer_of(unsigned slot)
{
	return (struct rib_peer){.router_id = 10 + slot, .address = ip_v4(0xc0000201u + slot)};
}

static struct rib *
table(void)
{
	struct rib *rib = rib_new(IP_V4, SESSIONS);
	const struct rib_hooks hooks = {.attrs = judge_attrs, .paths = judge_paths};
	refused_of = last_of = only_of = -1;
	rib_set_hooks(rib, &hooks);
	for (unsigned slot = 0; slot < SESSIONS; slot++) {
		struct rib_peer peer = peer_of(slot);
		rib_session_open(rib, slot, &peer);
	}
	return rib;
}

struct heard {
	unsigned announced, withdrawn;
};

static unsigned
prefixes_in(const uint8_t *nlri, size_t length)
{
	unsigned count = 0;
	for (size_t at = 0; at < length; at += 1 + (nlri[at] + 7u) / 8)
		count++;
	return count;
}

/* All that waits for the session. */
static struct heard
hear(struct rib *rib, unsigned slot)
{
	struct heard heard = {0};
	struct buf stream = {0};
	struct iovec piece;
	while (rib_out_waiting(rib, slot)) {
		if (!rib_out_pieces(rib, slot, &piece, 1))
			continue;
		buf_put(&stream, piece.iov_base, piece.iov_len);
		rib_out_sent(rib, slot, piece.iov_len);
	}
	for (size_t at = 0; at < stream.length;) {
		const uint8_t *m = stream.data + at;
		size_t length = (size_t)m[16] << 8 | m[17];
		size_t withdrawn = (size_t)m[19] << 8 | m[20];
		size_t attrs = (size_t)m[21 + withdrawn] << 8 | m[22 + withdrawn];
		heard.withdrawn += prefixes_in(m + 21, withdrawn);
		heard.announced +=
			prefixes_in(m + 23 + withdrawn + attrs, length - 23 - withdrawn - attrs);
		at += length;
	}
	buf_fini(&stream);
	return heard;
}

static void
everybody_reads(struct rib *rib)
{
	for (unsigned slot = 0; slot < SESSIONS; slot++)
		(void)hear(rib, slot);
}

/* Judges all anew; the most that slot 2 heard in a turn, and in all. */
static struct heard
rejudge(struct rib *rib, struct heard *most)
{
	struct heard all = {0};
	*most = (struct heard){0};
	rib_rejudge_begin(rib);
	for (bool more = true; more;) {
		more = rib_rejudge_step(rib, SLICE);
		more |= rib_turn_end(rib);
		struct heard now = hear(rib, 2);
		all.announced += now.announced;
		all.withdrawn += now.withdrawn;
		most->announced = now.announced > most->announced ? now.announced : most->announced;
		most->withdrawn = now.withdrawn > most->withdrawn ? now.withdrawn : most->withdrawn;
	}
	everybody_reads(rib);
	return all;
}

static void
one_set_of_many(void)
{
	struct rib *rib = table();
	struct heard most, all;
	struct rib_totals totals;
	announce(rib, 0, 0, PATHS);
	rib_turn_end(rib);
	everybody_reads(rib);
	refused_of = 0;
	all = rejudge(rib, &most);
	ok(all.withdrawn == PATHS && !all.announced, "a set that is refused goes, once (%u)",
	   all.withdrawn);
	ok(most.withdrawn <= 2 * SLICE, "and in slices: at most %u in a turn", most.withdrawn);
	refused_of = -1;
	all = rejudge(rib, &most);
	ok(all.announced == PATHS && !all.withdrawn && most.announced <= 2 * SLICE,
	   "and comes again likewise (%u, at most %u)", all.announced, most.announced);
	last_of = 0;
	all = rejudge(rib, &most);
	ok(!all.announced && !all.withdrawn, "nobody is told what he knows: another preference");
	only_of = 0;
	all = rejudge(rib, &most);
	ok(all.withdrawn == PATHS && most.withdrawn <= 2 * SLICE, "or what others are");
	rib_total(rib, &totals);
	is_int(totals.attribute_sets, 1, "at the end there is one set");
	is_int(totals.paths, PATHS, "with all the paths");
	rib_free(rib);
}

/* The old set goes, or the new one, or the same attributes come while paths move. */
static void
changes_on_the_way(void)
{
	struct rib *rib = table();
	struct rib_totals totals;
	uint32_t accepted, refused;
	announce(rib, 0, 0, PATHS);
	rib_turn_end(rib);
	refused_of = 0;
	rib_rejudge_begin(rib);
	(void)rib_rejudge_step(rib, SLICE);
	rib_turn_end(rib);
	announce(rib, 0, PATHS, 10);
	rib_session_count(rib, 0, &accepted, &refused);
	ok(accepted && refused >= 10, "what comes meanwhile is judged as all will be");
	for (unsigned i = 0; i < PATHS + 10; i++) {
		struct prefix prefix = prefix_of(ip_v4(0x14000000u + (i << 8)), 24);
		struct rib_path_view view;
		if (rib_paths(rib, prefix, &view, 1) && view.refused)
			(void)rib_withdraw(rib, (struct rib_source){0, 0}, &prefix);
	}
	rib_turn_end(rib);
	rib_session_count(rib, 0, &accepted, &refused);
	ok(accepted && !refused, "all that have moved are withdrawn");
	while (rib_rejudge_step(rib, SLICE))
		rib_turn_end(rib);
	rib_turn_end(rib);
	rib_session_count(rib, 0, &accepted, &refused);
	ok(!accepted && refused, "the others move all the same");
	rib_rejudge_begin(rib);
	(void)rib_rejudge_step(rib, SLICE);
	rib_session_close(rib, 0);
	for (bool more = true; more;) {
		more = rib_turn_end(rib);
		more |= rib_rejudge_step(rib, SLICE);
	}
	everybody_reads(rib);
	rib_turn_end(rib);
	rib_total(rib, &totals);
	ok(!totals.paths && !totals.attribute_sets && !totals.prefixes,
	   "nothing is left of a session that leaves while its paths move");
	rib_free(rib);
}

static void
one_session(void)
{
	struct rib *rib = table();
	for (unsigned slot = 0; slot < 3; slot++)
		announce(rib, slot, slot * 100, 100);
	rib_turn_end(rib);
	sets_asked = 0;
	memset(paths_asked, 0, sizeof(paths_asked));
	rib_rejudge_session(rib, 2);
	(void)rib_rejudge_step(rib, 10);
	rib_rejudge_session(rib, 1);
	while (rib_rejudge_step(rib, 10))
		rib_turn_end(rib);
	ok(!paths_asked[0] && paths_asked[1] == 100 && paths_asked[2] >= 100 && !sets_asked,
	   "only the marks of those sessions are asked for (%u, %u)", paths_asked[1],
	   paths_asked[2]);
	paths_asked[1] = 0;
	rib_rejudge_session(rib, 1);
	(void)rib_rejudge_step(rib, 10);
	rib_rejudge_session(rib, 1);
	while (rib_rejudge_step(rib, 10))
		rib_turn_end(rib);
	ok(paths_asked[1] >= 200, "once more for what is wanted again on the way (%u)",
	   paths_asked[1]);
	rib_free(rib);
}

static void
again_before_it_is_withdrawn(void)
{
	struct rib *rib = table();
	announce(rib, 0, 0, 2 * PATHS);
	rib_turn_end(rib);
	everybody_reads(rib);
	rib_session_close(rib, 0);
	(void)rib_turn_end(rib);
	unsigned gone = hear(rib, 2).withdrawn;
	ok(gone && gone < 2 * PATHS, "a session that closes is withdrawn in slices");
	struct rib_peer peer = peer_of(0);
	rib_session_open(rib, 0, &peer);
	announce(rib, 0, 0, 2 * PATHS);
	while (rib_turn_end(rib))
		continue;
	struct heard after = hear(rib, 2);
	ok(!after.withdrawn && after.announced == gone,
	   "of one that opens again only what was withdrawn is said again (%u of %u)",
	   after.announced, gone);
	rib_session_close(rib, 0);
	(void)rib_turn_end(rib);
	rib_session_open(rib, 0, &peer);
	announce(rib, 0, 0, 10);
	while (rib_turn_end(rib))
		continue;
	uint32_t accepted, refused;
	rib_session_count(rib, 0, &accepted, &refused);
	is_int(accepted, 10, "what it does not say again goes");
	rib_session_close(rib, 0);
	(void)rib_turn_end(rib);
	peer.router_id = 99;
	rib_session_open(rib, 0, &peer);
	rib_session_count(rib, 0, &accepted, &refused);
	is_int(accepted, 0, "another router under its name has nothing of it");
	rib_free(rib);
}

int
main(void)
{
	one_set_of_many();
	changes_on_the_way();
	one_session();
	again_before_it_is_withdrawn();
	return done_testing();
}
