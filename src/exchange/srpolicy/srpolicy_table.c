/* Policies in order of (neighbour, key); each has one receiver, so what is due is a bit in it, and
 * a session knows how many of its own are due. A policy that is withdrawn stays, gone, until its
 * neighbour has heard so.
 *
 *	wanted --set--> due --said--> told --withdraw--> gone, due --said--> forgotten */
#include "exchange/srpolicy/srpolicy_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/bgp/bgp_tunnel.h"

enum { FILL = 8 * 1024, FAMILIES = 2 };

static const enum ip_family families[FAMILIES] = {IP_V4, IP_V6};

struct entry {
	struct ip to, headend;
	uint8_t source; /* enum srpolicy_source */
	bool gone;      /* nobody wants it any more */
	bool told;      /* the neighbour has it, perhaps as it was before */
	bool due;       /* something is to be said of it */
	bool renewed;   /* since srpolicy_renew_begin */
	struct sr_key key;
	struct buf tunnel; /* what it says, as it goes out: a tenth of the value that it is read
			      into */
};

struct session {
	bool open[FAMILIES];
	bool end_of_rib[FAMILIES]; /* is to be said when nothing is due */
	bool refresh_begins[FAMILIES], refresh_ends[FAMILIES];
	bool look;        /* some policy of it may be due */
	bool rest_counts; /* `rest` is of an UPDATE */
	struct srpolicy_peer peer;
	size_t rest;    /* of the message half sent */
	struct buf out; /* whole messages, but for that one */
	uint64_t messages;
};

struct srpolicy_table {
	struct entry **entries; /* in order */
	size_t count, capacity;
	struct session *sessions;
	unsigned slots;
};

struct srpolicy_table *
srpolicy_table_new(void)
{
	return calloc(1, sizeof(struct srpolicy_table));
}

int
srpolicy_table_widen(struct srpolicy_table *t, unsigned slots)
{
	if (slots <= t->slots)
		return 0;
	struct session *sessions = realloc(t->sessions, slots * sizeof(*sessions));
	if (!sessions)
		return -1;
	memset(sessions + t->slots, 0, (slots - t->slots) * sizeof(*sessions));
	t->sessions = sessions;
	t->slots = slots;
	return 0;
}

/* --- entries --- */

static unsigned
family_index(const struct sr_key *key)
{
	return key->endpoint.family == IP_V6;
}

/* Is it the session's neighbour's, of a family that was agreed on? */
static bool
is_for(const struct session *s, const struct entry *e)
{
	return s->open[family_index(&e->key)] && ip_equal(e->to, s->peer.address);
}

static int
compare(struct ip to, const struct sr_key *key, const struct entry *e)
{
	const struct sr_key *other = &e->key;
	int order = ip_compare(to, e->to);
	if (order)
		return order;
	if (key->color != other->color)
		return key->color < other->color ? -1 : 1;
	order = ip_compare(key->endpoint, other->endpoint);
	if (order)
		return order;
	return key->distinguisher < other->distinguisher
		       ? -1
		       : key->distinguisher > other->distinguisher;
}

/* Where it stands, or would stand. */
static size_t
place(const struct srpolicy_table *t, struct ip to, const struct sr_key *key, bool *there)
{
	size_t low = 0, high = t->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare(to, key, t->entries[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	*there = low < t->count && compare(to, key, t->entries[low]) == 0;
	return low;
}

static void
forget(struct srpolicy_table *t, size_t at)
{
	buf_fini(&t->entries[at]->tunnel);
	free(t->entries[at]);
	memmove(t->entries + at, t->entries + at + 1, (--t->count - at) * sizeof(*t->entries));
}

void
srpolicy_table_free(struct srpolicy_table *t)
{
	if (!t)
		return;
	while (t->count)
		forget(t, t->count - 1);
	for (unsigned i = 0; i < t->slots; i++)
		buf_fini(&t->sessions[i].out);
	free(t->entries);
	free(t->sessions);
	free(t);
}

static struct entry *
insert(struct srpolicy_table *t, size_t at)
{
	if (t->count == t->capacity) {
		size_t capacity = t->capacity ? t->capacity * 2 : 16;
		struct entry **entries = realloc(t->entries, capacity * sizeof(*entries));
		if (!entries)
			return NULL;
		t->entries = entries;
		t->capacity = capacity;
	}
	struct entry *e = calloc(1, sizeof(*e));
	if (!e)
		return NULL;
	memmove(t->entries + at + 1, t->entries + at, (t->count++ - at) * sizeof(*t->entries));
	t->entries[at] = e;
	return e;
}

/* Says so to whoever has it, or is to have it. */
static void
owe(struct srpolicy_table *t, struct entry *e)
{
	e->due = true;
	for (unsigned slot = 0; slot < t->slots; slot++)
		if (is_for(&t->sessions[slot], e))
			t->sessions[slot].look = true;
}

/* Does it say the same to that headend? */
static bool
same(const struct entry *e, const struct buf *tunnel, struct ip headend)
{
	return e->tunnel.length == tunnel->length && ip_equal(e->headend, headend) &&
	       memcmp(e->tunnel.data, tunnel->data, tunnel->length) == 0;
}

/* Fits a message to any neighbour, the longest next hop and path assumed? */
static enum srpolicy_result
check_size(const struct srpolicy_wish *wish, const struct buf *tunnel)
{
	struct buf out = {0};
	const struct bgp_sr_way way = {
		.next_hop = {.family = IP_V6}, .origin = {UINT32_MAX}, .headend = wish->headend};
	if (tunnel->failed)
		return SRPOLICY_NO_MEMORY;
	if (tunnel->length > BGP_MAX)
		return SRPOLICY_TOO_LARGE;
	int fits = bgp_sr_announce_write(&out, &wish->policy->key,
					 cursor_of(tunnel->data, tunnel->length), &way, BGP_MAX);
	bool failed = out.failed;
	buf_fini(&out);
	return failed ? SRPOLICY_NO_MEMORY : fits < 0 ? SRPOLICY_TOO_LARGE : SRPOLICY_SET;
}

/* Puts the wish into the table; takes *tunnel over if it keeps it. */
static enum srpolicy_result
put(struct srpolicy_table *t, const struct srpolicy_wish *wish, struct buf *tunnel)
{
	bool there;
	size_t at = place(t, wish->to, &wish->policy->key, &there);
	struct entry *e = there ? t->entries[at] : NULL;
	if (!e && t->count >= SRPOLICY_MAX)
		return SRPOLICY_FULL;
	if (!e)
		e = insert(t, at);
	if (!e)
		return SRPOLICY_NO_MEMORY;
	e->source = (uint8_t)wish->source;
	e->renewed = true;
	if (there && !e->gone && same(e, tunnel, wish->headend))
		return SRPOLICY_SAME;
	e->to = wish->to;
	e->headend = wish->headend;
	e->key = wish->policy->key;
	e->gone = false;
	buf_fini(&e->tunnel);
	e->tunnel = *tunnel;
	*tunnel = (struct buf){0};
	owe(t, e);
	return SRPOLICY_SET;
}

enum srpolicy_result
srpolicy_set(struct srpolicy_table *t, const struct srpolicy_wish *wish)
{
	struct buf tunnel = {0};
	if (!wish->policy->segment_count)
		return SRPOLICY_EMPTY;
	bgp_tunnel_write(&tunnel, wish->policy);
	enum srpolicy_result result = check_size(wish, &tunnel);
	if (result == SRPOLICY_SET)
		result = put(t, wish, &tunnel);
	buf_fini(&tunnel);
	return result;
}

static void
withdraw(struct srpolicy_table *t, size_t at)
{
	struct entry *e = t->entries[at];
	e->gone = true;
	if (e->told)
		owe(t, e);
	else
		forget(t, at);
}

bool
srpolicy_withdraw(struct srpolicy_table *t, struct ip to, const struct sr_key *key,
		  enum srpolicy_source source)
{
	bool there;
	size_t at = place(t, to, key, &there);
	if (!there || t->entries[at]->gone || t->entries[at]->source != source)
		return false;
	withdraw(t, at);
	return true;
}

void
srpolicy_renew_begin(struct srpolicy_table *t, enum srpolicy_source source)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->entries[i]->source == source)
			t->entries[i]->renewed = false;
}

void
srpolicy_renew_end(struct srpolicy_table *t, enum srpolicy_source source)
{
	for (size_t i = t->count; i-- > 0;) {
		struct entry *e = t->entries[i];
		if (e->source == source && !e->renewed && !e->gone)
			withdraw(t, i);
	}
}

/* --- sessions --- */

void
srpolicy_session_open(struct srpolicy_table *t, unsigned slot, const struct srpolicy_peer *peer)
{
	assert(slot < t->slots);
	struct session *s = &t->sessions[slot];
	buf_fini(&s->out);
	*s = (struct session){.peer = *peer,
			      .look = true,
			      .open = {peer->ipv4, peer->ipv6},
			      .end_of_rib = {peer->ipv4, peer->ipv6}};
	for (size_t i = 0; i < t->count; i++) {
		struct entry *e = t->entries[i];
		if (is_for(s, e))
			e->due = true;
	}
}

void
srpolicy_session_close(struct srpolicy_table *t, unsigned slot)
{
	struct session *s = &t->sessions[slot];
	if (!s->open[0] && !s->open[1])
		return;
	for (size_t i = t->count; i-- > 0;) {
		struct entry *e = t->entries[i];
		if (!is_for(s, e))
			continue;
		e->told = false; /* what is lost with the session is withdrawn by that */
		e->due = true;
		if (e->gone)
			forget(t, i);
	}
	buf_fini(&s->out);
	*s = (struct session){0};
}

/* Says what is due of one policy. False if there is no memory. */
static bool
say(struct srpolicy_table *t, struct session *s, size_t at)
{
	struct entry *e = t->entries[at];
	const struct bgp_sr_way way = {
		.next_hop = s->peer.next_hop, .origin = s->peer.origin, .headend = e->headend};
	struct cursor tunnel = cursor_of(e->tunnel.data, e->tunnel.length);
	size_t start = s->out.length;
	if (e->gone)
		bgp_sr_withdraw_write(&s->out, &e->key);
	else if (bgp_sr_announce_write(&s->out, &e->key, tunnel, &way, BGP_MAX) < 0)
		assert(!"a policy that fits was set");
	if (s->out.failed) {
		s->out.length = start; /* what went before is whole; the rest is tried again */
		s->out.failed = false;
		return false;
	}
	e->due = false;
	e->told = !e->gone;
	return true;
}

static void
say_ends(struct session *s)
{
	for (unsigned i = 0; i < FAMILIES; i++) {
		if (s->end_of_rib[i])
			bgp_sr_end_of_rib_write(&s->out, families[i]);
		if (s->refresh_ends[i])
			bgp_sr_refresh_write(&s->out, families[i], BGP_REFRESH_END);
		s->end_of_rib[i] = s->refresh_ends[i] = false;
	}
}

static void
fill(struct srpolicy_table *t, struct session *s)
{
	if (!buf_reserve(&s->out, FILL + BGP_MAX + 256)) {
		buf_fini(&s->out);
		return;
	}
	for (unsigned i = 0; i < FAMILIES; i++) {
		if (!s->refresh_begins[i])
			continue;
		bgp_sr_refresh_write(&s->out, families[i], BGP_REFRESH_BEGIN);
		s->refresh_begins[i] = false;
		s->refresh_ends[i] = true;
	}
	size_t i = 0;
	for (; i < t->count && s->out.length < FILL; i++) {
		if (!t->entries[i]->due || !is_for(s, t->entries[i]))
			continue;
		if (!say(t, s, i))
			return;
		if (t->entries[i]->gone)
			forget(t, i--);
	}
	if (i < t->count)
		return;
	s->look = false;
	say_ends(s);
}

bool
srpolicy_out_waiting(const struct srpolicy_table *t, unsigned slot)
{
	const struct session *s = &t->sessions[slot];
	bool waiting = s->out.length || s->look;
	for (unsigned i = 0; i < FAMILIES; i++)
		waiting |= s->end_of_rib[i] || s->refresh_begins[i] || s->refresh_ends[i];
	return waiting;
}

struct cursor
srpolicy_out(struct srpolicy_table *t, unsigned slot)
{
	struct session *s = &t->sessions[slot];
	if (!s->out.length && srpolicy_out_waiting(t, slot))
		fill(t, s);
	return cursor_of(s->out.data, s->out.length);
}

/* Looks at the head of the message that begins there. */
static void
begin_rest(struct session *s, size_t at)
{
	struct cursor head = cursor_of(s->out.data + at, s->out.length - at);
	cursor_skip(&head, 16);
	s->rest = cursor_u16(&head);
	s->rest_counts = cursor_u8(&head) == BGP_UPDATE;
	assert(!head.failed && s->rest >= BGP_HEADER);
}

void
srpolicy_out_sent(struct srpolicy_table *t, unsigned slot, size_t octets)
{
	struct session *s = &t->sessions[slot];
	assert(octets <= s->out.length);
	for (size_t at = 0; at < octets;) {
		if (!s->rest)
			begin_rest(s, at);
		size_t taken = octets - at < s->rest ? octets - at : s->rest;
		at += taken;
		s->rest -= taken;
		if (!s->rest)
			s->messages += s->rest_counts;
	}
	if (octets < s->out.length)
		buf_consume(&s->out, octets);
	else
		buf_fini(&s->out); /* a session that is idle needs no memory */
}

size_t
srpolicy_out_rest(const struct srpolicy_table *t, unsigned slot)
{
	return t->sessions[slot].rest;
}

uint64_t
srpolicy_out_messages(const struct srpolicy_table *t, unsigned slot)
{
	return t->sessions[slot].messages;
}

void
srpolicy_out_refresh(struct srpolicy_table *t, unsigned slot, enum ip_family family)
{
	struct session *s = &t->sessions[slot];
	unsigned index = family == IP_V6;
	if (!s->open[index])
		return;
	for (size_t i = 0; i < t->count; i++) {
		struct entry *e = t->entries[i];
		if (is_for(s, e) && family_index(&e->key) == index)
			e->due = true;
	}
	s->look = true;
	s->refresh_begins[index] = s->peer.enhanced_refresh;
	s->refresh_ends[index] = false;
}

/* --- looking --- */

size_t
srpolicy_count(const struct srpolicy_table *t)
{
	return t->count;
}

bool
srpolicy_next(const struct srpolicy_table *t, size_t *at, struct srpolicy_view *out)
{
	while (*at < t->count && t->entries[*at]->gone)
		++*at;
	if (*at >= t->count)
		return false;
	const struct entry *e = t->entries[(*at)++];
	*out = (struct srpolicy_view){.to = e->to,
				      .headend = e->headend,
				      .source = (enum srpolicy_source)e->source,
				      .told = e->told && !e->due,
				      .key = e->key,
				      .tunnel = cursor_of(e->tunnel.data, e->tunnel.length)};
	return true;
}
