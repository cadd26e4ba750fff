/* What is to be sent on a connection: the session's own words and routes, in whole messages. */
#include <assert.h>

#include "exchange/exchange_private.h"

static bool
carries_routes(const struct exchange *x, unsigned slot, enum session_conn conn)
{
	const struct session *session = x->peers[slot].session;
	return session_state(session) == SESSION_ESTABLISHED &&
	       session_agreed(session)->conn == conn;
}

static size_t
add_own(struct exchange *x, struct cursor own, struct iovec *pieces)
{
	if (!cursor_left(&own))
		return 0;
	pieces[0] = (struct iovec){(void *)own.at, cursor_left(&own)};
	x->plan[x->plan_count].source = SOURCE_OWN;
	x->plan[x->plan_count++].octets = cursor_left(&own);
	return 1;
}

/* The neighbour is told nothing of routes yet. */
static bool
routes_wait(const struct exchange *x, unsigned slot)
{
	return exchange_return_holds(x, slot) || exchange_steer_awaits(x, slot);
}

/* Adds routes of a family; at most `limit` octets of them. */
static size_t
add_routes(struct exchange *x, unsigned family, unsigned slot, struct iovec *pieces, size_t max,
	   size_t limit)
{
	if (!max || !rib_session_is_open(x->ribs[family], slot) || routes_wait(x, slot))
		return 0;
	size_t count = rib_out_pieces(x->ribs[family], slot, pieces, max);
	size_t octets = 0;
	for (size_t i = 0; i < count; i++) {
		if (octets + pieces[i].iov_len >= limit) {
			pieces[i].iov_len = limit - octets;
			count = i + 1;
		}
		octets += pieces[i].iov_len;
	}
	if (!count)
		return 0;
	x->plan[x->plan_count].source = family == EXCHANGE_V4 ? SOURCE_V4 : SOURCE_V6;
	x->plan[x->plan_count++].octets = octets;
	return count;
}

static size_t
add_flow(struct exchange *x, unsigned slot, struct iovec *pieces, size_t max, size_t limit)
{
	struct cursor flow = max ? flowspec_out(x->flow, slot) : cursor_of(NULL, 0);
	size_t octets = cursor_left(&flow) < limit ? cursor_left(&flow) : limit;
	if (!octets)
		return 0;
	pieces[0] = (struct iovec){(void *)flow.at, octets};
	x->plan[x->plan_count].source = SOURCE_FLOW;
	x->plan[x->plan_count++].octets = octets;
	return 1;
}

static size_t
add_sr(struct exchange *x, unsigned slot, struct iovec *pieces, size_t max, size_t limit)
{
	struct cursor sr = max ? srpolicy_out(x->sr, slot) : cursor_of(NULL, 0);
	size_t octets = cursor_left(&sr) < limit ? cursor_left(&sr) : limit;
	if (!octets)
		return 0;
	pieces[0] = (struct iovec){(void *)sr.at, octets};
	x->plan[x->plan_count].source = SOURCE_SR;
	x->plan[x->plan_count++].octets = octets;
	return 1;
}

static size_t
add(struct exchange *x, enum exchange_source source, unsigned slot, struct iovec *pieces,
    size_t max, size_t limit)
{
	if (source == SOURCE_FLOW)
		return add_flow(x, slot, pieces, max, limit);
	if (source == SOURCE_SR)
		return add_sr(x, slot, pieces, max, limit);
	return add_routes(x, source == SOURCE_V4 ? EXCHANGE_V4 : EXCHANGE_V6, slot, pieces, max,
			  limit);
}

static size_t
rest_of(const struct exchange *x, enum exchange_source source, unsigned slot)
{
	if (source == SOURCE_FLOW)
		return flowspec_out_rest(x->flow, slot);
	if (source == SOURCE_SR)
		return srpolicy_out_rest(x->sr, slot);
	const struct rib *rib = x->ribs[source == SOURCE_V4 ? EXCHANGE_V4 : EXCHANGE_V6];
	return rib_session_is_open(rib, slot) ? rib_out_rest(rib, slot) : 0;
}

size_t
exchange_output(struct exchange *x, unsigned slot, enum session_conn conn, struct iovec *pieces,
		size_t max)
{
	assert(slot < x->slots && max >= 5);
	struct exchange_peer *peer = &x->peers[slot];
	x->plan_count = 0;
	if (!peer->id)
		return 0;
	struct cursor own = session_output(peer->session, conn);
	if (!carries_routes(x, slot, conn))
		return add_own(x, own, pieces);
	/* A message begun is finished first, whoever's it is; then the session's own few octets, so
	 * that a KEEPALIVE never waits behind routes; then rules about traffic and SR policies,
	 * which are few and in haste; then routes. */
	enum exchange_source order[] = {SOURCE_FLOW, SOURCE_SR, SOURCE_V4, SOURCE_V6};
	enum { SOURCES = sizeof(order) / sizeof(order[0]) };
	for (unsigned i = 1; i < SOURCES; i++) {
		if (!rest_of(x, order[i], slot))
			continue;
		enum exchange_source begun = order[i];
		memmove(order + 1, order, i * sizeof(*order));
		order[0] = begun;
	}
	size_t rest = rest_of(x, order[0], slot);
	if (rest && cursor_left(&own) && !peer->own_begun) {
		size_t count = add(x, order[0], slot, pieces, max - 1, rest);
		return count + add_own(x, own, pieces + count);
	}
	size_t count = add_own(x, own, pieces);
	/* A family whose pieces did not all fit may end within a run, but never within a message.
	 * Each leaves a piece to those after it. */
	for (unsigned i = 0; i < SOURCES && max > count + SOURCES - 1 - i; i++)
		count += add(x, order[i], slot, pieces + count, max - count - (SOURCES - 1 - i),
			     SIZE_MAX);
	return count;
}

static void
tell_messages(struct exchange *x, unsigned slot, struct mono_us now)
{
	struct exchange_peer *peer = &x->peers[slot];
	uint64_t sent = 0;
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		if (rib_session_is_open(x->ribs[i], slot))
			sent += rib_out_messages(x->ribs[i], slot);
	sent += flowspec_out_messages(x->flow, slot) + srpolicy_out_messages(x->sr, slot);
	if (sent == peer->messages_told)
		return;
	session_updates_sent(peer->session, (uint32_t)(sent - peer->messages_told), now);
	peer->messages_told = sent;
}

static void
routes_done(struct exchange *x, unsigned slot, unsigned family, size_t octets, struct mono_us now)
{
	rib_out_sent(x->ribs[family], slot, octets);
	if (octets && x->steer.book.open)
		exchange_steer_book_sent(x, slot, family, now);
}

void
exchange_output_done(struct exchange *x, unsigned slot, enum session_conn conn, size_t octets,
		     bool more, struct mono_us now)
{
	struct exchange_peer *peer = &x->peers[slot];
	bool any = octets != 0;
	for (size_t i = 0; i < x->plan_count; i++) {
		size_t share = octets < x->plan[i].octets ? octets : x->plan[i].octets;
		octets -= share;
		switch (x->plan[i].source) {
		case SOURCE_OWN:
			session_output_done(peer->session, conn, share);
			if (share)
				peer->own_begun = share < x->plan[i].octets;
			break;
		case SOURCE_V4:
			routes_done(x, slot, EXCHANGE_V4, share, now);
			break;
		case SOURCE_V6:
			routes_done(x, slot, EXCHANGE_V6, share, now);
			break;
		case SOURCE_FLOW:
			flowspec_out_sent(x->flow, slot, share);
			break;
		case SOURCE_SR:
			srpolicy_out_sent(x->sr, slot, share);
			break;
		}
	}
	x->plan_count = 0;
	if (!carries_routes(x, slot, conn))
		return;
	tell_messages(x, slot, now);
	enum session_sent sent = any ? SESSION_SENT_SOME : SESSION_SENT_NOTHING;
	session_progress(peer->session, more ? SESSION_SENT_ALL : sent, now);
	if (!more) {
		struct mono_us deadline = session_deadline(peer->session);
		if (deadline.us < x->next_tick.us)
			x->next_tick = deadline;
	}
}

bool
exchange_waiting(const struct exchange *x, unsigned slot, enum session_conn conn)
{
	const struct exchange_peer *peer = &x->peers[slot];
	if (!peer->id)
		return false;
	struct cursor own = session_output(peer->session, conn);
	if (cursor_left(&own))
		return true;
	if (!carries_routes(x, slot, conn))
		return false;
	if (flowspec_out_waiting(x->flow, slot) || srpolicy_out_waiting(x->sr, slot))
		return true;
	if (routes_wait(x, slot))
		return false;
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		if (rib_out_waiting(x->ribs[i], slot))
			return true;
	return false;
}

uint64_t
exchange_backlog(const struct exchange *x)
{
	return rib_backlog(x->ribs[EXCHANGE_V4]) + rib_backlog(x->ribs[EXCHANGE_V6]);
}
