/* What members do in storms among many: each can do all that a member can, and says all that there is to say. */
#include <string.h>

#include "base/hash.h"
#include "scenario/storm.h"

/* A number below `limit` that stays the same for this session. */
static unsigned
trait(const struct storm *storm, const struct member *m, unsigned what, unsigned limit)
{
	uint64_t key = hash_bytes((const uint8_t *)m->id, strlen(m->id));
	return storm_fixed(storm, (unsigned)(key % 65536), what, limit);
}

/* --- communities --- */

/* A round-trip time that routes ask about: measured ones differ from these, and from each other by more than wavers. */
static unsigned
some_ms(struct storm *storm)
{
	static const unsigned values[] = {5, 20, 50, 150};
	return values[storm_below(storm, 4)];
}

static unsigned
some_place(struct storm *storm, enum hub_community_action action)
{
	static const unsigned countries[] = {586, 156, 276, 840, 826};
	static const unsigned continents[] = {142, 150, 19, 2};
	switch (action) {
	case HUB_ANNOUNCE_SITE:
	case HUB_DO_NOT_ANNOUNCE_SITE:
		return 1 + storm_below(storm, STORM_SITES + 1);
	case HUB_ANNOUNCE_METRO:
	case HUB_DO_NOT_ANNOUNCE_METRO:
		return 41 + storm_below(storm, 3);
	case HUB_ANNOUNCE_COUNTRY:
	case HUB_DO_NOT_ANNOUNCE_COUNTRY:
		return countries[storm_below(storm, 5)];
	default:
		return continents[storm_below(storm, 4)];
	}
}

/* One that some profile has a use for; mostly the one in force. */
static void
put_wish(struct storm *storm, struct buf *to)
{
	const struct reference_row *row;
	bool any = !storm_below(storm, 6);
	do
		row = &reference_rows[storm_below(storm, (unsigned)reference_row_count)];
	while (!any && !reference_row_holds(storm->s->hub, row));
	unsigned member = storm_below(storm, storm->members + 1);
	uint32_t p = storm_asn(member);
	if (p > UINT16_MAX && storm_below(storm, 2))
		p = STORM_ALIAS + member;
	if (row->action >= HUB_DO_NOT_ANNOUNCE_SLOWER && row->action <= HUB_PREPEND_FASTER)
		p = some_ms(storm);
	else if (row->action >= HUB_DO_NOT_ANNOUNCE_SITE && row->action <= HUB_ANNOUNCE_CONTINENT)
		p = some_place(storm, row->action);
	else if (row->action >= HUB_TELL_REASON)
		p = 1 + storm_below(storm, 20);
	reference_put_word(to, row->pattern, storm_hub_asn(storm), p);
}

static void
put_word(struct storm *storm, struct buf *to)
{
	static const char *const others[] = {
		" community 65535:666",
		" community 65535:666",
		" community 65535:0",
		" community 65535:7",
		" community 65535:65281",
		" community 64801:9 65282:64801",
		" community 64998:1 65535:65283",
		" large 64801:4:5",
		" ext 0002fde900000007",
		" ext 4300000000000001", /* validation state: RFC 8097 */
	};
	unsigned what = storm_below(storm, 30);
	if (what < 10)
		buf_str(to, others[what]);
	else if (what == 10)
		buf_printf(to, " large %u:%u:7", storm_hub_asn(storm),
			   storm_below(storm, 2) ? 77u : 1500u);
	else if (what == 11) /* a pattern of the hub's own: storm_hub.c */
		buf_printf(to, " community %u:%u", 64990 + storm_below(storm, 4),
			   storm_below(storm, 2) ? 30 : storm_asn(storm_below(storm, 3)));
	else
		put_wish(storm, to);
}

/* --- routes --- */

static void
put_path(struct storm *storm, struct buf *to, const struct member *m)
{
	static const unsigned odd[] = {64702, 64703, 64704, 64705, 23456, 65551};
	unsigned own = 1 + (storm_below(storm, 8) ? 0 : storm_below(storm, 4));
	if (!storm_below(storm, 60)) {
		buf_str(to, " path");
		return;
	}
	buf_printf(to, " path %u", storm_below(storm, 14) ? m->asn.number : 64777);
	while (--own > 0)
		buf_printf(to, " %u", m->asn.number);
	for (unsigned i = storm_below(storm, 4); i > 0; i--)
		buf_printf(to, " %u",
			   storm_below(storm, 6) ? 64700 + storm_below(storm, 2)
						 : odd[storm_below(storm, 6)]);
	if (!storm_below(storm, 12))
		buf_printf(to, " %u", storm_asn(storm_below(storm, storm->members)));
	if (!storm_below(storm, 60))
		buf_printf(to, " %u", storm_hub_asn(storm));
	if (!storm_below(storm, 40))
		buf_printf(to, " {64700 %u}", 64701 + storm_below(storm, 2));
}

/* An address to be announced as the next hop, " next-hop A", or "" for the usual one. */
static const char *
some_next_hop(struct storm *storm, const struct member *m, enum ip_family family)
{
	struct arena *arena = storm->s->arena;
	const struct hub_blackhole *hole = &storm->s->hub->blackhole;
	const struct member_conn *up = member_up((struct member *)m);
	bool crossed = family == IP_V4 && m->says.open.capabilities.extended_next_hop &&
		       up->theirs.extended_next_hop;
	const struct member *other = storm->s->members;
	char text[IP_TEXT];
	struct ip ip = {0};
	switch (storm_below(storm, 12)) {
	case 0:
	case 1:
		ip = crossed ? m->next_hops[1] : ip;
		break;
	case 2:
		ip = family == IP_V4 ? hole->ipv4 : hole->ipv6;
		break;
	case 3: /* somebody's: the next session is often one of the same member */
		other = storm_below(storm, 2) || !m->next ? other : m->next;
		ip = other->next_hops[family == IP_V6];
		break;
	default:
		break;
	}
	if (family == IP_V4 && m->next_hops[0].family == IP_NONE && ip.family == IP_NONE)
		ip = m->next_hops[1];
	return ip.family == IP_NONE ? "" : arena_printf(arena, " next-hop %s", ip_format(text, ip));
}

static const char *
some_route(struct storm *storm, const struct member *m, enum ip_family family)
{
	struct buf words = {0};
	put_path(storm, &words, m);
	buf_str(&words, some_next_hop(storm, m, family));
	if (!storm_below(storm, 6))
		buf_printf(&words, " origin %s", storm_below(storm, 2) ? "egp" : "incomplete");
	if (!storm_below(storm, 2))
		buf_printf(&words, " med %u", storm_below(storm, 3));
	for (unsigned i = storm_below(storm, 5); i > 0; i--)
		put_word(storm, &words);
	if (!storm_below(storm, 16))
		buf_printf(&words, " attribute 35 c0 0000fd%02x", storm_below(storm, 250));
	else if (!storm_below(storm, 16)) /* one that nobody knows */
		buf_printf(&words, " attribute 99 e0 %02x", storm_below(storm, 250));
	const char *kept = arena_copy(storm->s->arena, (const char *)words.data, words.length);
	buf_fini(&words);
	return kept;
}

/* --- deeds --- */

/* Some of that family. */
static const char *
some_prefixes(struct storm *storm, enum ip_family family)
{
	const char *list = "";
	for (unsigned i = 1 + storm_below(storm, 3); i > 0;) {
		const char *word = storm_prefix(storm);
		if ((strchr(word, ':') != NULL) != (family == IP_V6))
			continue;
		list = arena_printf(storm->s->arena, "%s %s", list, word);
		i--;
	}
	return list;
}

static enum ip_family
some_family(struct storm *storm, const struct member *m)
{
	bool ipv4 = m->says.open.capabilities.ipv4, ipv6 = m->says.open.capabilities.ipv6;
	return ipv4 && (!ipv6 || storm_below(storm, 3)) ? IP_V4 : IP_V6;
}

static const char *
refreshing(struct storm *storm, const struct member *m)
{
	static const char *const words[] = {"refresh", "begin-of-refresh", "end-of-refresh",
					    "end-of-rib"};
	const struct member_conn *up = member_up((struct member *)m);
	bool marks = m->says.open.capabilities.enhanced_refresh && up->theirs.enhanced_refresh;
	unsigned what = storm_below(storm, 4);
	/* Who has not said all since it came back does that first. */
	if ((what == 1 || what == 2) && (!marks || m->kept.count))
		what = 3;
	return arena_printf(storm->s->arena, "%s sends %s ipv%d", m->id, words[what],
			    some_family(storm, m));
}

const char *
storm_speech(struct storm *storm, struct member *m)
{
	struct arena *arena = storm->s->arena;
	unsigned what = storm_below(storm, 24);
	enum ip_family family = some_family(storm, m);
	const char *prefixes = some_prefixes(storm, family), *id = "";
	if (member_sends_ids(m, member_up(m), family))
		id = arena_printf(arena, " id %u", 1 + storm_below(storm, 3));
	if (what < 13)
		return arena_printf(arena, "%s announces%s%s%s", m->id, prefixes, id,
				    some_route(storm, m, family));
	if (what < 19)
		return arena_printf(arena, "%s withdraws%s%s", m->id, prefixes, id);
	if (what < 22)
		return refreshing(storm, m);
	if (what < 23)
		return arena_printf(arena, "%s sends notification 6.%u", m->id,
				    1 + storm_below(storm, 9));
	return arena_printf(arena, "%s closes", m->id);
}

const char *
storm_connection(struct storm *storm, const struct member *m)
{
	struct buf words = {0};
	bool restarts = trait(storm, m, 1, 4) != 0;
	buf_printf(&words, "%s connects", m->id);
	if (trait(storm, m, 2, 3))
		buf_str(&words, " add-path both");
	if (restarts)
		buf_str(&words, " restart-time 3");
	if (restarts && trait(storm, m, 3, 2))
		buf_str(&words, " long-lived 5");
	if (restarts && trait(storm, m, 4, 2))
		buf_str(&words, " notified");
	if (restarts && storm_below(storm, 3))
		buf_str(&words, storm_below(storm, 4) ? " returning" : " emptied");
	if (!trait(storm, m, 5, 6) && m->asn.number <= UINT16_MAX)
		buf_str(&words, " without as4");
	if (!trait(storm, m, 6, 8))
		buf_str(&words, " without refresh");
	else if (trait(storm, m, 7, 2))
		buf_str(&words, " with enhanced-refresh");
	if (!trait(storm, m, 8, 3))
		buf_str(&words, " with extended-messages");
	if (m->next_hops[0].family == IP_NONE || trait(storm, m, 9, 2))
		buf_str(&words, " with extended-next-hop");
	if (!trait(storm, m, 10, 3))
		buf_str(&words, " role rs-client");
	if (!trait(storm, m, 11, 8)) /* several of these are told apart by their addresses */
		buf_str(&words, " router-id 10.0.0.1");
	const char *kept = arena_copy(storm->s->arena, (const char *)words.data, words.length);
	buf_fini(&words);
	return kept;
}
