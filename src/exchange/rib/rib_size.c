/* Which sessions an attribute set fits, as each is sent it: messages have 4096 octets, or 65535 where that
 * was agreed on (RFC 8654), and an edit may make attributes longer than they came. Who cannot have a path
 * is none of its receivers, and gets the next one.
 *
 * Sets are nearly always far from all that, and then nothing is measured. Of the others each form that
 * attributes and verdict alone lead to is written once and measured; where marks add to them, what these
 * add at most is reckoned with. */
#include "base/log.h"
#include "exchange/bgp/bgp_writer.h"
#include "exchange/policy/policy.h"
#include "exchange/rib/rib_internal.h"
#include "exchange/rib/rib_wire.h"

enum {
	OTC = 7,         /* octets */
	OVERHEAD = 81,   /* of a message with the longest prefix, at most */
	PATH_ID = 4,     /* RFC 7911 */
	AS4 = 1024 + 32, /* what RFC 6793 adds for a path of 255 hops, about */
	LONGEST_V4 = 24, /* prefixes longer than these are rare, */
	LONGEST_V6 = 48, /* so they do not take room from the others */
};

bool
rib_size_is_long(const struct prefix *prefix)
{
	return prefix->length > (prefix->ip.family == IP_V4 ? LONGEST_V4 : LONGEST_V6);
}

/* Forms of one set, being measured. */
struct measure {
	struct rib *rib;
	uint32_t attrs;
	struct rib_kept_verdict *verdict;
	struct rib_wire wire;
	uint32_t never;
};

static bool
fits(const struct measure *m, const struct bgp_route_attrs *route, uint16_t max, unsigned longest)
{
	struct bgp_form form = {.max = max, .longest = (uint8_t)longest};
	return bgp_announce_fits(m->rib->family, form, route);
}

/* Octets of a message with one prefix of the longest, and an identifier, as who knows 2-octet AS numbers
 * only is sent it. */
static size_t
as2_octets(const struct measure *m, const struct bgp_route_attrs *route)
{
	struct bgp_form form = {.max = BGP_MAX_EXTENDED, .add_path = true};
	struct bgp_writer writer;
	struct buf plain = {0}, converted = {0};
	uint8_t none[16] = {0};
	bool v4 = m->rib->family == IP_V4;
	if (bgp_announce_begin(&writer, &plain, m->rib->family, form, route) == 0) {
		bgp_writer_add(&writer, prefix_of(v4 ? ip_v4(0) : ip_v6(none), v4 ? 32 : 128), 0);
		bgp_writer_end(&writer);
		bgp_update_to_as2(&converted, cursor_of(plain.data, plain.length), form);
	}
	if (plain.failed || converted.failed)
		fatal("rib: no memory for a message");
	size_t octets = converted.length;
	buf_fini(&plain);
	buf_fini(&converted);
	return octets;
}

/* The form with this edit, which is for `set`. */
static void
measure(struct measure *m, uint32_t edit, uint32_t set)
{
	struct rib *rib = m->rib;
	struct rib_form form = {.attrs = m->attrs, .edit = edit};
	struct bgp_route_attrs route;
	unsigned usual = rib->family == IP_V4 ? LONGEST_V4 : LONGEST_V6;
	if (!set)
		return;
	rib_wire_route(&route, &m->wire, rib, &form);
	if (!fits(m, &route, BGP_MAX_EXTENDED, 0))
		m->never = rib_set_or(rib->sets, m->never, set);
	else if (!fits(m, &route, BGP_MAX, usual))
		m->verdict->large = rib_set_or(rib->sets, m->verdict->large, set);
	else if (!fits(m, &route, BGP_MAX, 0))
		m->verdict->tight |= RIB_TIGHT_LONGER;
	struct bgp_form with_ids = {.max = BGP_MAX, .add_path = true};
	if (!bgp_announce_fits(rib->family, with_ids, &route))
		m->verdict->needs |= 1u << RIB_ABLE_IDS;
	if (as2_octets(m, &route) > BGP_MAX)
		m->verdict->needs |= 1u << RIB_ABLE_AS4;
}

static void
measure_all(struct measure *m)
{
	struct rib *rib = m->rib;
	uint32_t rest = m->verdict->receivers;
	const struct rib_cell *cell;
	for (uint32_t list = m->verdict->variants; list; list = cell->next) {
		cell = rib_interned_at(&rib->cells, list);
		measure(m, cell->edit, rib_set_and(rib->sets, rest, cell->set));
		rest = rib_set_andnot(rib->sets, rest, cell->set);
	}
	measure(m, 0, rest);
}

void
rib_size_judge(struct rib *rib, uint32_t number, struct rib_kept_verdict *verdict)
{
	struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, number);
	size_t most = attrs->length + OTC + OVERHEAD + rib->hooks.growth;
	struct measure m = {.rib = rib, .attrs = number, .verdict = verdict};
	if (most + PATH_ID + AS4 <= BGP_MAX)
		return;
	verdict->tight = (uint8_t)((most > BGP_MAX ? RIB_TIGHT_MARKED : 0) |
				   (most > BGP_MAX_EXTENDED ? RIB_TIGHT_EXTENDED : 0));
	/* Forms are written by the verdict that the set has. */
	uint32_t was = attrs->verdict, now = rib_intern(&rib->verdicts, verdict);
	if (now == RIB_INTERN_NONE)
		return;
	attrs->verdict = now;
	if (verdict->refused)
		measure(&m, 0, verdict->receivers);
	else
		measure_all(&m);
	attrs->verdict = was;
	if (m.wire.failed)
		fatal("rib: no memory for attributes");
	rib_wire_fini(&m.wire);
	if (verdict->large || m.never)
		verdict->reasons |= (uint64_t)1 << POLICY_TOO_LARGE;
	verdict->receivers = rib_set_andnot(rib->sets, verdict->receivers, m.never);
}
