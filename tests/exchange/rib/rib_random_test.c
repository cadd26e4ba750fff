/* The rib against a slow and obvious model, by random events from a seed: announcements,
 * withdrawals, sessions going up and down, members that read little or nothing, fall out of the log
 * and come back, refreshes, changes of policy. Whenever a member has read all there is, it must
 * hold exactly what the model says.
 *
 *   rib_random_test [seed [steps]]    replays one seed */
#include <stdlib.h>

#include "base/hash.h"
#include "exchange/policy/policy.h"
#include "exchange/rib/rib.h"
#include "exchange/rib/rib_internal.h"
#include "tap.h"

enum { SESSIONS = 70, MEMBERS = 60, PREFIXES = 150, STREAM_MAX = 1 << 20, LARGE = 4200 };
/* Of the first sessions each has two paths of a prefix, with identifiers: sources are its paths. */
enum { WITH_IDS = 8, SOURCES = SESSIONS + WITH_IDS, COLLECTORS = 2 };
/* Octets that an edit adds, about; and a message with an unknown attribute of NEARLY octets has room for
 * them or not. */
enum { GROWTH = 40, NEARLY_V4 = 4005, NEARLY_V6 = 3960, NEARLY_MORE = 40 };
enum { HUB_AS = 64500, AS_FIRST = 3000, AS_COUNT = 9 };

static uint64_t random_state;
static enum ip_family family;

static uint32_t
below(uint32_t n)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(random_state >> 33) % n;
}

/* --- the model --- */

/* What a member may announce about a prefix. */
struct route {
	bool there;
	uint8_t origin, hops, link_local;
	uint32_t med; /* 0: none */
	uint32_t path[4], first_as;
	uint32_t tag;                      /* a community that makes the attributes differ */
	bool control;                      /* carries one of ours, to be scrubbed */
	uint32_t audience;                 /* what decides the receivers: a seed of them */
	bool attrs_refused, attrs_reasons; /* reasons without refusal: tagged */
	uint8_t preference;
	uint32_t mark; /* what is decided about the path, by the number of a kind */
	uint16_t prefix;
	bool hop6;        /* a next hop that not every session can take */
	uint16_t filled;  /* octets of an unknown attribute: what it is sent in may be too large */
	bool no_llgr;     /* says that it is not to be kept for long */
	bool stale, late; /* its session was lost; and that long ago */
};

static struct route routes[SOURCES][PREFIXES];
static bool up[SESSIONS];
static struct rib_peer peers[SESSIONS]; /* as last seen */
static uint32_t policy;                 /* changes receivers and reasons */
static uint8_t shift[PREFIXES];         /* changes marks, as VRPs do */
static bool forbidden[AS_COUNT];        /* in a path, as ASPAs say */
static uint32_t meaning;                /* of edits */
static bool judging;                    /* slices of a change of any of them are left */
static bool retelling;                  /* and the meaning of edits is among them */

static unsigned
slot_of(unsigned source)
{
	return source < SESSIONS ? source : source - SESSIONS;
}
static uint32_t
id_of(unsigned source)
{
	return source >= SESSIONS ? 5 : source < WITH_IDS ? 9 : 0;
}
static bool
is_collector(unsigned slot)
{
	return slot >= SESSIONS - COLLECTORS;
}

/* It is told no path again that did not change. */
static bool
keeps_account(unsigned slot)
{
	return is_collector(slot) || peers[slot].add_path;
}

static unsigned
member_of(unsigned slot)
{
	return slot % MEMBERS;
}

/* A route that is not to be received by sessions of its own member; otherwise anything goes. */
static bool
may_receive(const struct route *r, unsigned from, unsigned to)
{
	if (member_of(slot_of(from)) == member_of(to))
		return false;
	switch ((r->audience + policy) % 4) {
	case 0:
	case 1:
		return true;
	case 2:
		return (to * 7 + r->audience) % 3 != 0;
	default:
		return (to + r->audience) % 11 == 0;
	}
}

/* The edit that a receiver is to have for these attributes alone. */
static uint32_t
attrs_edit(const struct route *r, unsigned to)
{
	switch ((r->audience + policy / 2) % 5) {
	case 0:
		return to % 7 == 0 ? 1 : 0;
	case 1:
		return to % 3; /* 0, 1, 2 */
	default:
		return 0;
	}
}

/* Marks, by the path's kind and the policy: 0 is none at all. */
enum { KINDS = 9 };
static unsigned
kind_of(const struct route *r)
{
	return r->mark ? (r->mark + policy + shift[r->prefix]) % KINDS : 0;
}
static bool
mark_refuses(unsigned kind)
{
	return kind == 1 || kind == 2;
}
static bool
mark_excepts(unsigned kind, unsigned to)
{
	return ((kind == 2 || kind == 3) && to % 2) || (kind == 5 && to % 5 == 1);
}
static bool
mark_told(unsigned kind)
{
	return kind == 4 || kind == 5 || kind == 6;
}
static uint64_t
mark_reasons(unsigned kind)
{
	/* 4 and 5 are the same to those who are told of them. */
	return kind ? (uint64_t)1 << (kind == 5 ? 4 : kind) : 0;
}
/* Or -1: what the attributes say. */
static int
mark_edit(unsigned kind, unsigned to)
{
	return kind == 6 || kind == 7 ? to % 4 == 3 ? 3 : 0 : -1;
}

static bool
attrs_refused(const struct route *r)
{
	for (unsigned i = 1; i < r->hops; i++)
		if (forbidden[r->path[i] - AS_FIRST])
			return true;
	return r->attrs_refused && (r->tag + policy) % 3 != 0;
}

static uint64_t
attrs_reasons(const struct route *r)
{
	return (r->attrs_refused || r->attrs_reasons) && (r->tag + policy) % 3 != 0
		       ? (uint64_t)1 << (40 + r->tag % 10)
		       : 0;
}

static uint8_t
preference_of(const struct route *r)
{
	return r->preference && policy % 3 ? 1 : 0;
}

static bool
accepted(const struct route *r)
{
	return r->there && !attrs_refused(r) && !mark_refuses(kind_of(r));
}

static size_t size_as(const struct route *r, unsigned from, uint32_t edit_number);
static size_t size_received(const struct route *r, unsigned from);

static size_t
size_for(const struct route *r, unsigned from, unsigned to)
{
	return size_as(r, from, attrs_refused(r) ? 0 : attrs_edit(r, to));
}

/* Some receiver of the attributes cannot have them in a message of 4096 octets; or could not, with so many
 * octets more. */
static bool
too_large(const struct route *r, unsigned from, size_t more)
{
	for (unsigned to = 0; r->filled && to < SESSIONS; to++)
		if (may_receive(r, from, to) && size_for(r, from, to) + more > 4096)
			return true;
	return false;
}

static bool
is_small_enough(const struct route *r, unsigned from, unsigned to)
{
	unsigned kind = kind_of(r);
	if (!r->filled || peers[to].extended_messages)
		return true;
	bool more = mark_told(kind) || r->late || mark_edit(kind, 0) >= 0 ||
		    (is_collector(to) && !accepted(r));
	if (more && size_received(r, from) + 7 + 81 + GROWTH > 4096)
		return false;
	if (may_receive(r, from, to) && size_for(r, from, to) > 4096)
		return false;
	size_t longer = family == IP_V4 ? 1 : 10, ids = 4;
	return !peers[to].add_path || !too_large(r, from, longer + ids);
}

static bool
is_able(const struct route *r, unsigned from, unsigned to)
{
	return is_small_enough(r, from, to) &&
	       !((r->hop6 && family == IP_V4 && !peers[to].extended_next_hop) ||
		 (r->late && !peers[to].long_lived));
}

/* A collector hears what was refused and is meant for it, others what was accepted. */
static bool
may_hear(const struct route *r, unsigned from, unsigned to)
{
	if (is_collector(to) && attrs_refused(r) && !may_receive(r, from, to))
		return false;
	if (is_collector(to))
		return is_able(r, from, to) &&
		       !(mark_refuses(kind_of(r)) && mark_excepts(kind_of(r), to));
	return is_able(r, from, to) && may_receive(r, from, to) && !mark_excepts(kind_of(r), to);
}

static uint32_t
router_id_of(unsigned source)
{
	return peers[slot_of(source)].router_id;
}
static bool
comes_before(unsigned a, unsigned b)
{
	if (slot_of(a) != slot_of(b))
		return slot_of(a) < slot_of(b);
	return id_of(a) < id_of(b);
}

/* RFC 4271 section 9.1.2.2 on the candidates that are marked: the slot of the best, or -1. */
static int
best(bool candidates[SOURCES], unsigned prefix) /* changes them */
{
	unsigned hops = 99, origin = 99, preference = 99;
	bool late = true;
	for (unsigned s = 0; s < SOURCES; s++)
		late &= !candidates[s] || routes[s][prefix].late;
	for (unsigned s = 0; s < SOURCES; s++)
		candidates[s] &= routes[s][prefix].late == late;
	for (unsigned s = 0; s < SOURCES; s++)
		if (candidates[s] && preference_of(&routes[s][prefix]) < preference)
			preference = preference_of(&routes[s][prefix]);
	for (unsigned s = 0; s < SOURCES; s++)
		candidates[s] &= preference_of(&routes[s][prefix]) == preference;
	for (unsigned s = 0; s < SOURCES; s++)
		if (candidates[s] && routes[s][prefix].hops < hops)
			hops = routes[s][prefix].hops;
	for (unsigned s = 0; s < SOURCES; s++)
		if (candidates[s] && routes[s][prefix].hops == hops &&
		    routes[s][prefix].origin < origin)
			origin = routes[s][prefix].origin;
	int winner = -1;
	for (unsigned s = 0; s < SOURCES; s++) {
		const struct route *r = &routes[s][prefix];
		if (!candidates[s] || r->hops != hops || r->origin != origin)
			continue;
		bool beaten = false; /* by MED within its neighbour AS */
		for (unsigned t = 0; t < SOURCES; t++) {
			const struct route *o = &routes[t][prefix];
			beaten |= candidates[t] && o->hops == hops && o->origin == origin &&
				  o->first_as == r->first_as && o->med < r->med;
		}
		if (!beaten && (winner < 0 || router_id_of(s) < router_id_of((unsigned)winner) ||
				(router_id_of(s) == router_id_of((unsigned)winner) &&
				 comes_before(s, (unsigned)winner))))
			winner = (int)s;
	}
	return winner;
}

/* All paths, accepted or refused, in order of preference: the best, the best without it, and so on. */
static unsigned
ranked(unsigned prefix, bool refused, int order[SOURCES])
{
	bool candidates[SOURCES];
	for (unsigned s = 0; s < SOURCES; s++)
		candidates[s] = routes[s][prefix].there && accepted(&routes[s][prefix]) == !refused;
	unsigned count = 0;
	for (;;) {
		bool among[SOURCES];
		memcpy(among, candidates, sizeof(among));
		int s = best(among, prefix);
		if (s < 0)
			return count;
		candidates[s] = false;
		order[count++] = s;
	}
}

/* --- between model and rib --- */

static struct rib *rib;

static struct prefix
prefix_number(unsigned n)
{
	struct ip ip = {.family = (uint8_t)family};
	ip.octets[0] = family == IP_V4 ? 20 : 0x20;
	ip.octets[1] = (uint8_t)(n * 37);
	ip.octets[2] = (uint8_t)n;
	return prefix_of(ip, 20 + n % 5);
}

/* Memory that decoded attributes point to. */
struct fed {
	uint8_t path[4 * 4 + 2], standard[8], large[12], others[LARGE + 4];
	struct bgp_attrs attrs;
};

static struct ip
next_hop_of(unsigned slot, bool hop6)
{
	if (family == IP_V4 && !hop6)
		return ip_v4(0xc6336400 + slot);
	uint8_t octets[16] = {0x20, 1, 0xd, 0xb8, [15] = (uint8_t)slot};
	return ip_v6(octets);
}

static void
feed(struct fed *f, const struct route *r, unsigned slot)
{
	*f = (struct fed){.path = {2, r->hops}};
	for (unsigned i = 0; i < r->hops; i++)
		for (unsigned j = 0; j < 4; j++)
			f->path[2 + 4 * i + j] = (uint8_t)(r->path[i] >> (24 - 8 * j));
	uint8_t standard[8] = {0xfe, 0, (uint8_t)(r->tag >> 8),      (uint8_t)r->tag,
			       0,    0, (uint8_t)(r->audience >> 8), (uint8_t)r->audience};
	static const uint8_t no_llgr[4] = {0xff, 0xff, 0, 7};
	memcpy(f->standard, standard, 8);
	if (r->no_llgr)
		memcpy(f->standard + 4, no_llgr, 4);
	const uint8_t unknown[4] = {0xd0, 99, (uint8_t)(r->filled >> 8), (uint8_t)r->filled};
	memcpy(f->others, unknown, 4);
	uint8_t large[12] = {0, 0, HUB_AS >> 8, HUB_AS & 255, 0, 0, 0, 9, 0, 0, 0, 9};
	memcpy(f->large, large, 12);
	f->attrs = (struct bgp_attrs){
		.origin = r->origin,
		.as_path = cursor_of(f->path, 2 + 4u * r->hops),
		.as_hops = r->hops,
		.first_as.number = r->first_as,
		.origin_as.number = r->path[r->hops - 1],
		.next_hop = next_hop_of(slot, r->hop6),
		.has_med = r->med != 0,
		.med = r->med,
		.communities = cursor_of(f->standard, r->control ? 8 : 4),
		.ext_communities = cursor_of("", 0),
		.large_communities = cursor_of(f->large, r->control ? 12 : 0),
		.others = cursor_of(f->others, r->filled ? r->filled + 4u : 0),
	};
	if (r->link_local && f->attrs.next_hop.family == IP_V6) {
		uint8_t octets[16] = {0xfe, 0x80, [15] = (uint8_t)slot};
		f->attrs.link_local = ip_v6(octets);
	}
}

/* What the test's edit does: it tells all that it was told in communities, which is what a member
 * can see of it. Attributes without any of ours that nothing is to be done to stay as they are. */
static void
edit(void *context, const struct rib_sent *sent, struct bgp_attrs *attrs,
     struct bgp_communities *communities, struct buf *scratch)
{
	(void)context;
	struct cursor list = sent->attrs->communities;
	buf_u32(scratch, cursor_u32(&list));
	buf_u32(scratch, sent->edit + (meaning << 8));
	buf_u64(scratch, sent->reasons);
	buf_u32(scratch, (uint32_t)sent->stale << 17 | (uint32_t)sent->refused << 16 |
				 (uint32_t)sent->rpki << 8 | sent->facts);
	communities->standard = cursor_of(scratch->data, scratch->length);
	communities->large = cursor_of("", 0);
	if (sent->edit == 2) {
		attrs->med = 1000 + (attrs->has_med ? attrs->med : 0);
		attrs->has_med = true;
	}
}

static bool
is_plain(const struct route *r)
{
	return !r->control && !attrs_reasons(r);
}

static bool
adds_otc(const struct route *r)
{
	return r->tag % 3 == 0;
}

/* Octets of attributes and next hops as they came. */
static size_t
size_received(const struct route *r, unsigned from)
{
	struct fed f;
	struct buf all = {0};
	feed(&f, r, slot_of(from));
	bgp_attrs_encode(&all, &f.attrs,
			 (struct bgp_communities){f.attrs.communities, f.attrs.ext_communities,
						  f.attrs.large_communities});
	size_t hops = f.attrs.next_hop.family != IP_V6 ? 0 : f.attrs.link_local.family ? 32 : 16;
	size_t size = all.length + hops;
	buf_fini(&all);
	return size;
}

/* Octets of a message with one prefix of /24 or /48, by attributes alone. */
static size_t
size_as(const struct route *r, unsigned from, uint32_t edit_number)
{
	struct fed f;
	struct buf all = {0}, scratch = {0};
	feed(&f, r, slot_of(from));
	struct rib_sent sent = {.attrs = &f.attrs, .edit = edit_number};
	struct bgp_communities communities = {f.attrs.communities, f.attrs.ext_communities,
					      f.attrs.large_communities};
	struct bgp_attrs out = f.attrs;
	bool edited = edit_number || !is_plain(r);
	if (edited)
		edit(NULL, &sent, &out, &communities, &scratch);
	bgp_attrs_encode(&all, &out, communities);
	size_t size =
		23 + all.length + (family == IP_V4 ? 4 : 7) + (!edited && adds_otc(r) ? 7 : 0);
	if (f.attrs.next_hop.family == IP_V6)
		size += 9 + (f.attrs.link_local.family ? 32 : 16);
	buf_fini(&all);
	buf_fini(&scratch);
	return size;
}

/* What a member is to receive: next hops, then attributes. */
static void
expected_wire(struct buf *to, const struct route *r, unsigned from, unsigned slot)
{
	struct fed f;
	struct buf scratch = {0};
	feed(&f, r, slot_of(from));
	buf_clear(to);
	if (f.attrs.next_hop.family == IP_V6) {
		buf_put(to, f.attrs.next_hop.octets, 16);
		if (f.attrs.link_local.family)
			buf_put(to, f.attrs.link_local.octets, 16);
	}
	struct bgp_communities communities = {f.attrs.communities, f.attrs.ext_communities,
					      f.attrs.large_communities};
	unsigned kind = kind_of(r);
	bool refused = !accepted(r);
	bool told = mark_told(kind) || refused;
	struct rib_sent sent = {
		.attrs = &f.attrs,
		.reasons = attrs_reasons(r) | (uint64_t)too_large(r, from, 0) << POLICY_TOO_LARGE |
			   (told ? mark_reasons(kind) : 0),
		.refused = refused,
		.stale = r->late,
		.rpki = mark_told(kind) ? 7 : 0,
		.facts = (uint8_t)(r->tag % 4),
		.edit = (uint32_t)(mark_edit(kind, slot) >= 0 ? mark_edit(kind, slot)
							      : (int)attrs_edit(r, slot)),
	};
	if (refused)
		sent.edit = 0;
	struct bgp_attrs out = f.attrs;
	if (sent.edit || told || r->late || !is_plain(r))
		edit(NULL, &sent, &out, &communities, &scratch);
	else if (adds_otc(r)) { /* before the unknown one, whose type is higher */
		const uint8_t otc[7] = {0xc0, 35, 4, 0, 0, HUB_AS >> 8, HUB_AS & 255};
		buf_put(&scratch, otc, sizeof(otc));
		buf_put(&scratch, out.others.at, cursor_left(&out.others));
		out.others = cursor_of(scratch.data, scratch.length);
	}
	bgp_attrs_encode(to, &out, communities);
	buf_fini(&scratch);
}

static uint32_t
receivers_of(const struct route *r, unsigned slot)
{
	struct rib_sets *sets = rib_sets_in(rib);
	uint64_t words[8] = {0};
	for (unsigned to = 0; to < SESSIONS; to++)
		if (may_receive(r, slot, to))
			words[to / 64] |= (uint64_t)1 << to % 64;
	return rib_set_of(sets, words);
}

/* The set of those for whom `value` is what is wanted. */
static uint32_t
set_where(unsigned (*of)(const struct route *r, unsigned to), const struct route *r,
	  unsigned wanted)
{
	uint64_t words[8] = {0};
	for (unsigned to = 0; to < SESSIONS; to++)
		if (of(r, to) == wanted)
			words[to / 64] |= (uint64_t)1 << to % 64;
	return rib_set_of(rib_sets_in(rib), words);
}
static unsigned
edit_by_attrs(const struct route *r, unsigned to)
{
	return attrs_edit(r, to);
}
static unsigned
edit_by_mark(const struct route *r, unsigned to)
{
	return (unsigned)(mark_edit(kind_of(r), to) + 1);
}
static unsigned
is_excepted(const struct route *r, unsigned to)
{
	return mark_excepts(kind_of(r), to);
}

static struct rib_verdict
verdict_on(const struct route *r, unsigned slot)
{
	static struct rib_variant variants[3];
	size_t count = 0;
	for (uint32_t edit_number = 3; edit_number-- > 1;)
		variants[count++] =
			(struct rib_variant){edit_number, set_where(edit_by_attrs, r, edit_number)};
	return (struct rib_verdict){.reasons = attrs_reasons(r),
				    .refused = attrs_refused(r),
				    .plain = is_plain(r),
				    .adds_otc = adds_otc(r),
				    .crossed = r->hop6 && family == IP_V4,
				    .form = meaning,
				    .telling = meaning,
				    .preference = preference_of(r),
				    .facts = (uint8_t)(r->tag % 4),
				    .receivers = receivers_of(r, slot),
				    .variants = variants,
				    .variant_count = count};
}

static uint32_t
mark_on(const struct route *r)
{
	unsigned kind = kind_of(r);
	struct rib_variant three = {3, set_where(edit_by_mark, r, 4)};
	struct rib_mark mark = {.reasons = mark_reasons(kind),
				.refused = mark_refuses(kind),
				.told = mark_told(kind),
				.rpki = mark_told(kind) ? 7 : 0,
				.except = set_where(is_excepted, r, 1),
				.variants = &three,
				.variant_count = mark_edit(kind, 0) >= 0};
	return rib_mark_of(rib, &mark);
}

static void
announce(unsigned source, unsigned prefix, const struct route *r)
{
	struct fed f;
	unsigned slot = slot_of(source);
	feed(&f, r, slot);
	uint32_t attrs = rib_attrs_known(rib, slot, &f.attrs);
	if (!attrs) {
		struct rib_verdict verdict = verdict_on(r, slot);
		attrs = rib_attrs_intern(rib, &verdict);
	}
	struct prefix p = prefix_number(prefix);
	rib_announce(rib, (struct rib_source){slot, id_of(source)}, &p, attrs, mark_on(r), 1);
}

/* --- members --- */

struct view {
	bool there, doubted; /* between the beginning and the end of a refresh */
	uint64_t wire;       /* a hash of next hops and attributes */
};

/* One of several paths. */
struct one {
	uint32_t id; /* 0: none */
	struct view view;
};

struct member {
	uint8_t *stream;
	struct one (*several)[SOURCES]; /* by prefix, where it is sent several */
	size_t length;
	struct view held[PREFIXES];
	unsigned end_of_rib, refreshes;
	bool told_all; /* has read the log to its end: all that comes now must be news */
	uint64_t messages, routes;
};

static struct member members[SESSIONS];
static unsigned wrong;

static void
complain(const char *what, unsigned slot, int prefix)
{
	if (wrong++ < 10)
		printf("# session %u prefix %d: %s\n", slot, prefix, what);
}

static int
number_of(const uint8_t *nlri)
{
	unsigned octets = (nlri[0] + 7u) / 8;
	if (octets < 2)
		return -1;
	for (unsigned n = 0; n < PREFIXES; n++) {
		struct prefix p = prefix_number(n);
		if (p.length == nlri[0] && memcmp(p.ip.octets, nlri + 1, octets) == 0)
			return (int)n;
	}
	return -1;
}

/* The path of that identifier, or room for it. */
static struct view *
one_of(struct member *m, int prefix, uint32_t id)
{
	struct one *ones = m->several[prefix], *room = NULL;
	for (unsigned i = 0; i < SOURCES; i++) {
		if (ones[i].id == id && ones[i].view.there)
			return &ones[i].view;
		if (!ones[i].view.there)
			room = &ones[i];
	}
	room->id = id;
	return &room->view;
}

/* Some of its routes may change places with a policy; what that does to octets, only edits know. */
static bool
may_be_retold(int prefix)
{
	bool any = retelling;
	for (unsigned s = 0; s < SOURCES; s++)
		any |= routes[s][prefix].there && routes[s][prefix].preference;
	return any;
}

static void
take_prefixes(unsigned slot, const uint8_t *nlri, size_t length, const struct buf *wire)
{
	struct member *m = &members[slot];
	for (size_t at = 0; at < length; at += 1 + (nlri[at] + 7u) / 8) {
		uint32_t id = 0;
		for (unsigned i = 0; peers[slot].add_path && i < 4; i++)
			id = id << 8 | nlri[at++];
		int n = number_of(nlri + at);
		if (n < 0) {
			complain("an unknown prefix arrived", slot, n);
			return;
		}
		m->routes++;
		struct view *v = peers[slot].add_path ? one_of(m, n, id) : &m->held[n];
		uint64_t now = wire ? hash_bytes(wire->data, wire->length) : 0;
		bool same = wire ? v->there && v->wire == now : !v->there;
		if (m->told_all && same && !may_be_retold(n))
			complain("is told what it knows", slot, n);
		*v = (struct view){.there = wire != NULL, .wire = now};
	}
}

static void
doubt(struct view *v, unsigned kind)
{
	if (kind == 1)
		v->doubted = v->there;
	else if (v->doubted)
		*v = (struct view){.there = false};
}

/* RFC 7313: what does not come again between its beginning and its end is gone. */
static void
take_refresh(unsigned slot, unsigned kind)
{
	for (unsigned n = 0; n < PREFIXES; n++) {
		doubt(&members[slot].held[n], kind);
		for (unsigned i = 0; peers[slot].add_path && i < SOURCES; i++)
			doubt(&members[slot].several[n][i].view, kind);
	}
	members[slot].refreshes += kind == 2;
	if (kind == 1 && !members[slot].end_of_rib)
		complain("a refresh begins before End-of-RIB", slot, -1);
}

/* The messages that this program writes, and no others, are understood here. */
static void
take_message(unsigned slot, const uint8_t *m, size_t length)
{
	struct buf wire = {0};
	members[slot].messages++;
	if (m[18] == 5) {
		take_refresh(slot, m[21]);
		return;
	}
	size_t withdrawn = (size_t)m[19] << 8 | m[20];
	size_t attributes = (size_t)m[21 + withdrawn] << 8 | m[22 + withdrawn];
	const uint8_t *a = m + 23 + withdrawn, *nlri = a + attributes;
	size_t nlri_length = length - 23 - withdrawn - attributes;
	if (length == 23 || (attributes == 7 && a[1] == 15)) {
		members[slot].end_of_rib++;
	} else if (attributes && a[1] == 14) {
		size_t mp = (size_t)a[2] << 8 | a[3];
		buf_put(&wire, a + 8, a[7]);
		buf_put(&wire, a + 4 + mp, attributes - 4 - mp);
		take_prefixes(slot, a + 9 + a[7], mp - 5 - a[7], &wire);
	} else if (attributes && a[1] == 15) {
		take_prefixes(slot, a + 7, attributes - 7, NULL);
	} else if (attributes) {
		buf_put(&wire, a, attributes);
		take_prefixes(slot, nlri, nlri_length, &wire);
	} else {
		take_prefixes(slot, m + 21, withdrawn, NULL);
	}
	buf_fini(&wire);
}

static void
parse(unsigned slot)
{
	struct member *m = &members[slot];
	size_t at = 0;
	while (m->length - at >= 19) {
		size_t length = (size_t)m->stream[at + 16] << 8 | m->stream[at + 17];
		if (length < 19 || length > (peers[slot].extended_messages ? 65535 : 4096) ||
		    m->stream[at] != 0xff) {
			complain("the stream lost its message boundaries", slot, -1);
			m->length = 0;
			return;
		}
		if (m->length - at < length)
			break;
		take_message(slot, m->stream + at, length);
		at += length;
	}
	memmove(m->stream, m->stream + at, m->length - at);
	m->length -= at;
}

/* Reads up to `octets`; returns how many there were. */
static size_t
read_some(unsigned slot, size_t octets)
{
	struct member *m = &members[slot];
	struct iovec pieces[3];
	size_t count = rib_out_pieces(rib, slot, pieces, 1 + below(3));
	size_t taken = 0;
	for (size_t i = 0; i < count && taken < octets; i++) {
		size_t n = pieces[i].iov_len < octets - taken ? pieces[i].iov_len : octets - taken;
		memcpy(m->stream + m->length, pieces[i].iov_base, n);
		m->length += n;
		taken += n;
	}
	rib_out_sent(rib, slot, taken);
	parse(slot);
	if ((rib_out_rest(rib, slot) == 0) != (m->length == 0))
		complain("a message boundary was misjudged", slot, -1);
	return taken;
}

static void
drain(unsigned slot)
{
	while (rib_out_waiting(rib, slot))
		if (!read_some(slot, 1 + below(60000)) && rib_out_in_front(rib, slot))
			break;
	members[slot].told_all = rib_out_in_front(rib, slot) || keeps_account(slot);
}

static unsigned
count_several(unsigned slot, unsigned prefix)
{
	unsigned count = 0;
	for (unsigned i = 0; i < SOURCES; i++)
		count += members[slot].several[prefix][i].view.there;
	return count;
}

/* As good as the best, down to MED among paths of one neighbour. */
static bool
as_good(const struct route *best, const struct route *r)
{
	return best->late == r->late && preference_of(best) == preference_of(r) &&
	       best->hops == r->hops && best->origin == r->origin &&
	       (best->first_as != r->first_as || best->med == r->med);
}

/* A member that is sent several paths holds the first ones that it may, each once; or those as good as the
 * first, or the first, and some more. */
static void
check_several(unsigned slot, unsigned prefix, const int *order, unsigned count)
{
	struct buf wire = {0};
	bool used[SOURCES] = {false};
	unsigned max = peers[slot].add_path_max ? peers[slot].add_path_max : SOURCES, wanted = 0;
	unsigned more = peers[slot].add_path_paths ? peers[slot].add_path_more : SOURCES;
	const struct route *best = NULL;
	for (unsigned i = 0; i < count && wanted < max; i++) {
		const struct route *r = &routes[order[i]][prefix];
		if (!may_hear(r, (unsigned)order[i], slot))
			continue;
		bool good = !best ||
			    (peers[slot].add_path_paths == RIB_PATHS_EQUAL && as_good(best, r));
		best = best ? best : r;
		if (!good && !more)
			continue;
		more -= !good;
		wanted++;
		expected_wire(&wire, r, (unsigned)order[i], slot);
		uint64_t hash = hash_bytes(wire.data, wire.length);
		unsigned at = 0;
		while (at < SOURCES && (used[at] || !members[slot].several[prefix][at].view.there ||
					members[slot].several[prefix][at].view.wire != hash))
			at++;
		if (at == SOURCES)
			complain("lacks one of several paths", slot, (int)prefix);
		else
			used[at] = true;
	}
	if (count_several(slot, prefix) != wanted)
		complain("holds more paths than it should", slot, (int)prefix);
	buf_fini(&wire);
}

static void
check_member(unsigned slot, unsigned prefix, const int *order, unsigned count)
{
	if (peers[slot].add_path) {
		check_several(slot, prefix, order, count);
		return;
	}
	struct buf wire = {0};
	const struct view *v = &members[slot].held[prefix];
	unsigned i = 0;
	while (i < count && !may_hear(&routes[order[i]][prefix], (unsigned)order[i], slot))
		i++;
	if (i == count) {
		if (v->there)
			complain("holds a route that it should not", slot, (int)prefix);
		return;
	}
	unsigned from = (unsigned)order[i];
	expected_wire(&wire, &routes[from][prefix], from, slot);
	if (!v->there)
		complain("lacks a route", slot, (int)prefix);
	else if (v->wire != hash_bytes(wire.data, wire.length))
		complain("holds another route than the best", slot, (int)prefix);
	buf_fini(&wire);
}

static void
check_all(const bool drained[SESSIONS])
{
	for (unsigned p = 0; p < PREFIXES; p++) {
		int order[SOURCES], refused[SOURCES];
		unsigned count = ranked(p, false, order), refused_count = ranked(p, true, refused);
		struct rib_path_view paths[SOURCES];
		size_t found = rib_paths(rib, prefix_number(p), paths, SOURCES);
		for (unsigned i = 0; i < count; i++)
			if (i >= found || paths[i].slot != slot_of((unsigned)order[i]) ||
			    paths[i].path_id != id_of((unsigned)order[i]) || paths[i].refused ||
			    paths[i].stale != routes[order[i]][p].stale)
				complain("the order of preference differs", (unsigned)order[i],
					 (int)p);
		for (unsigned s = 0; s < SESSIONS; s++)
			if (up[s] && drained[s])
				check_member(s, p, is_collector(s) ? refused : order,
					     is_collector(s) ? refused_count : count);
	}
}

/* --- events --- */

/* A mark follows from attributes and prefix. */
static uint32_t
mark_by(uint32_t tag, unsigned prefix)
{
	uint32_t n = (tag * 31 + prefix * 17) % (3 * KINDS);
	return n < KINDS ? 1 + n : 0;
}

static struct route
random_route(unsigned slot)
{
	struct route r = {
		.there = true,
		.origin = (uint8_t)(below(8) ? 0 : below(3)),
		.hops = (uint8_t)(1 + below(3)),
		.link_local = below(2) != 0,
		.med = below(3) ? 0 : 1 + below(3),
		.tag = below(16),
		.audience = below(6),
		.control = below(3) == 0,
		.attrs_refused = below(8) == 0,
		.attrs_reasons = below(8) == 0,
		.preference = below(6) == 0,
		.filled = (uint16_t)(below(8)   ? 0
				     : below(3) ? (family == IP_V4 ? NEARLY_V4 : NEARLY_V6) +
							  below(NEARLY_MORE)
						: LARGE),
		.hop6 = below(8) == 0,
		.no_llgr = below(6) == 0,
	};
	r.control |= r.no_llgr;
	for (unsigned i = 0; i < r.hops; i++)
		r.path[i] = AS_FIRST + below(AS_COUNT);
	r.path[0] = r.first_as = 1000 + member_of(slot);
	/* Everything the verdict rests on must be told by the attributes themselves. */
	r.tag |= r.audience << 4 | (uint32_t)r.control << 8 | (uint32_t)r.attrs_refused << 9 |
		 (uint32_t)r.attrs_reasons << 10 | (uint32_t)r.preference << 11 |
		 (uint32_t)r.no_llgr << 12;
	return r;
}

static void
judge_attrs(void *context, struct rib *of, unsigned slot, const struct bgp_attrs *attrs,
	    struct rib_verdict *verdict)
{
	(void)context;
	(void)of;
	struct cursor list = attrs->communities;
	uint32_t tag = cursor_u32(&list) & 0xffff;
	struct route r = {.tag = tag,
			  .audience = tag >> 4 & 15,
			  .control = tag >> 8 & 1,
			  .attrs_refused = tag >> 9 & 1,
			  .attrs_reasons = tag >> 10 & 1,
			  .preference = tag >> 11 & 1,
			  .no_llgr = tag >> 12 & 1,
			  .hop6 = attrs->next_hop.family == IP_V6};
	struct cursor path = attrs->as_path;
	cursor_skip(&path, 2);
	for (r.hops = 0; cursor_left(&path); r.hops++)
		r.path[r.hops] = cursor_u32(&path);
	*verdict = verdict_on(&r, slot);
}

static void
judge_paths(void *context, struct rib *of, const struct rib_asked *route,
	    const struct prefix *prefixes, size_t count, uint32_t *marks)
{
	(void)context;
	(void)of;
	struct cursor list = route->attrs->communities;
	uint32_t tag = cursor_u32(&list) & 0xffff;
	for (size_t i = 0; i < count; i++) {
		/* 37 x 173 = 1 modulo 256: back from the octet to the number. */
		unsigned number = (uint8_t)(prefixes[i].ip.octets[1] * 173);
		struct route r = {.prefix = (uint16_t)number, .mark = mark_by(tag, number)};
		marks[i] = mark_on(&r);
	}
}

static void
forget_routes(unsigned slot)
{
	for (unsigned source = slot; source < SOURCES; source += SESSIONS)
		memset(routes[source], 0, sizeof(routes[source]));
}

static void
session_up(unsigned slot)
{
	struct rib_peer peer = {.router_id = 100 + below(20),
				.address = ip_v4(slot),
				.extended_next_hop = below(2),
				.extended_messages = below(2),
				.long_lived = below(2),
				.enhanced_refresh = below(2),
				.add_path = slot % 5 == 1,
				.add_path_more = (uint16_t)below(3),
				.add_path_max = (uint16_t)below(4)};
	const unsigned which = below(3);
	memcpy(&peer.add_path_paths, &which, sizeof(which));
	bool kept = false;
	for (unsigned source = slot; source < SOURCES; source += SESSIONS)
		for (unsigned p = 0; p < PREFIXES; p++)
			kept |= routes[source][p].there;
	if (kept && below(4)) /* it is the same router, else nothing is kept */
		peer.router_id = peers[slot].router_id;
	if (peer.router_id != peers[slot].router_id)
		forget_routes(slot);
	peers[slot] = peer;
	up[slot] = true;
	uint8_t *stream = members[slot].stream;
	struct one(*several)[SOURCES] = members[slot].several;
	members[slot] = (struct member){.stream = stream, .several = several};
	memset(several, 0, PREFIXES * sizeof(*several));
	rib_session_open(rib, slot, &peer);
}

static void
session_down(unsigned slot)
{
	up[slot] = false;
	forget_routes(slot);
	rib_session_close(rib, slot);
}

/* Routes of the session: those that are stale, or all. */
static void
each_route(unsigned slot, bool only_stale, void (*change)(struct route *r))
{
	for (unsigned source = slot; source < SOURCES; source += SESSIONS)
		for (unsigned p = 0; p < PREFIXES; p++)
			if (routes[source][p].there && (!only_stale || routes[source][p].stale))
				change(&routes[source][p]);
}
static void
leave(struct route *r)
{
	r->there = false;
}
static void
grow_stale(struct route *r)
{
	r->stale = true;
}
static void
grow_old(struct route *r)
{
	r->late = true;
	r->there = !r->no_llgr;
}

static void
session_lost(unsigned slot)
{
	up[slot] = false;
	each_route(slot, true, leave);
	each_route(slot, false, grow_stale);
	rib_session_lost(rib, slot);
}

static void
stale_event(unsigned slot)
{
	switch (below(4)) {
	case 0:
		if (!up[slot])
			return;
		each_route(slot, false, grow_stale);
		rib_session_stale(rib, slot);
		return;
	case 1:
		each_route(slot, true, grow_old);
		rib_session_stale_long(rib, slot);
		return;
	default:
		each_route(slot, true, leave);
		rib_session_sweep(rib, slot);
	}
}

/* Marks change for all inside a prefix, from the number of one inside. */
static void
change_marks(unsigned number)
{
	struct prefix inner = prefix_number(number);
	unsigned length = 8 + below(inner.length - 7u);
	struct rib_touched touched = {prefix_of(inner.ip, length), (uint8_t)(20 + below(5))};
	for (unsigned n = 0; n < PREFIXES; n++) {
		struct prefix p = prefix_number(n);
		shift[n] += prefix_covers(touched.prefix, p) && p.length <= touched.longest;
	}
	rib_rejudge_covered(rib, &touched, 1);
}

static void
change_judgement(unsigned what)
{
	judging = true;
	if (what == 10) {
		policy++;
		retelling |= below(2);
		meaning += retelling;
		rib_rejudge_begin(rib);
	} else if (what < 14) {
		struct asn asn = {AS_FIRST + below(AS_COUNT)};
		forbidden[asn.number - AS_FIRST] ^= below(2);
		rib_rejudge_paths_with(rib, &asn, 1);
	} else {
		change_marks(below(PREFIXES));
	}
}

static void
withdraw(unsigned source, unsigned prefix)
{
	routes[source][prefix].there = false;
	struct prefix p = prefix_number(prefix);
	rib_withdraw(rib, (struct rib_source){slot_of(source), id_of(source)}, &p);
}

/* The very paths go where something that is done in slices stands. */
static void
withdraw_at(const struct rib_cursor *at)
{
	for (unsigned count = 1 + below(4); count && at->attrs; count--) {
		uint32_t number = at->path == RIB_WHOLE
					  ? rib_attrs_at(&rib->attrs, at->attrs)->paths
					  : at->path;
		if (!number)
			return;
		unsigned source = rib_path_at(rib, number)->slot;
		if (rib_path_id(rib, number) == id_of(source + SESSIONS))
			source += SESSIONS;
		const uint8_t *key = rib_prefix_at(rib, rib_path_home(rib, number))->key;
		if (up[slot_of(source)])
			withdraw(source, (uint8_t)(key[1] * 173));
	}
}

static void
spoil(void)
{
	for (unsigned i = 0; i < RIB_ROUNDS; i++)
		if (rib->rejudging.rounds[i].at.on)
			withdraw_at(&rib->rejudging.rounds[i].at);
	for (unsigned slot = 0; slot < SESSIONS; slot++)
		if (rib->sessions[slot].chore)
			withdraw_at(&rib->sessions[slot].chore_at);
}

static void
one_event(void)
{
	unsigned source = below(SOURCES), slot = slot_of(source), prefix = below(PREFIXES);
	unsigned what = below(1000);
	if (what < 8) {
		if (!up[slot])
			session_up(slot);
		else if (below(2))
			session_down(slot);
		else
			session_lost(slot);
	} else if (what < 10 && up[slot]) {
		rib_out_refresh(rib, slot);
		members[slot].told_all = false;
	} else if (what < 20) {
		change_judgement(what);
	} else if (what < 34) {
		for (unsigned i = 0; i < 20 && !rib_session_stale_count(rib, slot); i++)
			slot = below(SESSIONS);
		stale_event(slot);
	} else if (what < 80) {
		spoil();
	} else if (what < 300 && up[slot]) {
		withdraw(source, prefix);
	} else if (up[slot]) {
		/* A few prefixes with the same attributes, as a real UPDATE has. */
		struct route r = random_route(slot);
		for (unsigned i = 0, n = 1 + below(5); i < n; i++) {
			prefix = (prefix + 1) % PREFIXES;
			if (prefix % 3 == 0 && (source + prefix) % 25) /* few announce these */
				continue;
			r.mark = mark_by(r.tag, prefix);
			r.prefix = (uint16_t)prefix;
			routes[source][prefix] = r;
			announce(source, prefix, &r);
		}
	}
}

static void
step(void)
{
	for (unsigned i = 0, n = 1 + below(20); i < n; i++)
		one_event();
	/* Sometimes more happens while the routes of a closed session are still being withdrawn. */
	rib->drain_max = 1 + below(20);
	rib->at_once = below(12);
	for (bool more = true; more && below(4); one_event())
		more = rib_turn_end(rib);
	if (judging)
		judging = rib_rejudge_step(rib, below(5) ? 1 + below(100) : SIZE_MAX);
	while (rib_turn_end(rib))
		continue;
	if (below(50) == 0)
		rib->sets->crowded = 0; /* sweep now */
	/* A few members are slow: some read a little, one in some nothing at all for long. */
	bool drained[SESSIONS];
	for (unsigned s = 0; s < SESSIONS; s++) {
		drained[s] = s % 4 != 0 || below(40) == 0;
		if (!up[s])
			continue;
		/* The table tells some things twice. */
		if (!rib_out_in_front(rib, s) && !keeps_account(s))
			members[s].told_all = false;
		if (drained[s])
			drain(s);
		else if (s % 8 == 0 && below(3) == 0)
			read_some(s, below(300));
		if (!drained[s])
			members[s].told_all = false;
	}
	if (!judging) {
		check_all(drained);
		retelling = false;
	}
	/* A squeeze while there are stale places, and removed prefixes. */
	if (below(20) == 0)
		rib->stale_min = below(60);
}

static void
counts_agree(void)
{
	uint32_t exported[SESSIONS] = {0};
	rib_count_exported(rib, exported, SESSIONS);
	bool all = true, sums = true;
	for (unsigned s = 0; s < SESSIONS; s++) {
		if (!up[s])
			continue;
		unsigned held = 0;
		uint32_t good = 0, bad = 0, accepted_count, refused_count;
		for (unsigned p = 0; p < PREFIXES; p++) {
			held += members[s].held[p].there + count_several(s, p);
			for (unsigned source = s; source < SOURCES; source += SESSIONS)
				if (routes[source][p].there)
					*(accepted(&routes[source][p]) ? &good : &bad) += 1;
		}
		rib_session_count(rib, s, &accepted_count, &refused_count);
		all &= held == exported[s];
		sums &= good == accepted_count && bad == refused_count;
	}
	ok(all, "the number of routes a member may have is the number it holds");
	ok(sums, "accepted and refused routes are counted by session");
}

static void
run(enum ip_family f, uint64_t seed, unsigned steps)
{
	family = f;
	random_state = seed;
	policy = 0;
	wrong = 0;
	memset(shift, 0, sizeof(shift));
	memset(forbidden, 0, sizeof(forbidden));
	memset(peers, 0, sizeof(peers));
	memset(routes, 0, sizeof(routes));
	memset(up, 0, sizeof(up));
	rib = rib_new(family, SESSIONS);
	struct rib_hooks hooks = {judge_attrs, judge_paths, edit, NULL, {HUB_AS}, GROWTH};
	rib_set_hooks(rib, &hooks);
	uint32_t collectors = RIB_SET_EMPTY;
	for (unsigned s = SESSIONS - COLLECTORS; s < SESSIONS; s++)
		collectors = rib_set_with(rib_sets_in(rib), collectors, s);
	rib_collectors(rib, collectors);
	rib->log_bound = 3000;
	rib->stale_min = 40;
	unsigned behind = 0, step_number = 0;
	for (; step_number < steps && !wrong; step_number++) {
		step();
		for (unsigned s = 0; s < SESSIONS; s++)
			behind += up[s] && !rib_out_in_front(rib, s);
	}
	while (judging)
		judging = rib_rejudge_step(rib, 10);
	while (rib_turn_end(rib))
		continue;
	bool all[SESSIONS];
	memset(all, true, sizeof(all));
	for (unsigned s = 0; s < SESSIONS; s++)
		if (up[s])
			drain(s);
	check_all(all);
	for (unsigned s = 0; s < SESSIONS; s++)
		if (up[s] && rib_out_messages(rib, s) != members[s].messages)
			complain("the messages sent were not all counted", s, -1);
	ok(!wrong,
	   "IPv%u, seed %llu: after each of %u turns every member holds what the model says", f,
	   (unsigned long long)seed, step_number);
	ok(behind > steps / 10, "members fell out of the log (%u) and came back", behind);
	counts_agree();
	for (unsigned s = 0; s < SESSIONS; s++)
		session_down(s);
	while (rib_turn_end(rib))
		continue;
	struct rib_totals totals;
	rib_total(rib, &totals);
	ok(!totals.paths && !totals.attribute_sets && !totals.prefixes && !totals.removed &&
		   !totals.log_octets,
	   "nothing is left when all sessions are down");
	rib_free(rib);
}

int
main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	unsigned steps = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 600;
	for (unsigned s = 0; s < SESSIONS; s++)
		members[s].stream = malloc(STREAM_MAX),
		members[s].several = calloc(PREFIXES, sizeof(*members[s].several));
	run(IP_V4, seed, steps);
	run(IP_V6, seed + 1, steps);
	for (unsigned s = 0; s < SESSIONS; s++)
		free(members[s].stream), free(members[s].several);
	return done_testing();
}
