/* Routes of sessions that are gone or say everything again: withdrawn, kept as stale, swept, or kept
 * for long (RFC 4724, RFC 7313, RFC 9494).
 *
 * A path is stale where a bit of it differs from its session's: so all routes of a session become
 * stale at once, by turning the session's bit. */
#include "exchange/rib/rib_internal.h"

enum { NO_LLGR = 0xffff0007u }; /* RFC 9494 section 4.7 */

/* --- where a chore stands --- */

static void
begin(struct rib *rib, unsigned slot, enum rib_chore chore)
{
	struct rib_session *session = &rib->sessions[slot];
	rib->chores -= session->chore != RIB_CHORE_NONE;
	session->chore = chore;
	rib->chores += session->chore != RIB_CHORE_NONE;
	session->chore_at = (struct rib_cursor){.attrs = session->attrs, .path = RIB_WHOLE};
}

void
rib_stale_leave_path(struct rib *rib, uint32_t number)
{
	const struct rib_path *path = rib_path_at(rib, number);
	struct rib_session *session = &rib->sessions[path->slot];
	if (session->chore && session->chore_at.path == number)
		session->chore_at.path = path->attrs_next;
}

static void
leave_set(const struct rib *rib, struct rib_cursor *at)
{
	at->attrs = rib_attrs_at(&rib->attrs, at->attrs)->next;
	at->path = RIB_WHOLE;
}

void
rib_stale_leave_attrs(struct rib *rib, uint32_t number)
{
	struct rib_session *session = &rib->sessions[rib_attrs_at(&rib->attrs, number)->slot];
	if (session->chore && session->chore_at.attrs == number)
		leave_set(rib, &session->chore_at);
}

/* The next path of the session, or 0 at the end. */
static uint32_t
next_path(const struct rib *rib, struct rib_cursor *at)
{
	while (at->attrs) {
		if (at->path == RIB_WHOLE)
			at->path = rib_attrs_at(&rib->attrs, at->attrs)->paths;
		if (at->path) {
			uint32_t path = at->path;
			at->path = rib_path_at(rib, path)->attrs_next;
			return path;
		}
		leave_set(rib, at);
	}
	return 0;
}

/* --- chores --- */

static bool
has_no_llgr(const struct rib *rib, const struct rib_path *path)
{
	struct bgp_attrs view;
	rib_attrs_view(&view, rib_path_attrs(rib, path));
	while (cursor_left(&view.communities) >= 4)
		if (cursor_u32(&view.communities) == NO_LLGR)
			return true;
	return false;
}

/* The path is stale: it goes, or is kept for long. */
static void
settle(struct rib *rib, uint32_t number, enum rib_chore chore)
{
	const struct rib_path *path = rib_path_at(rib, number);
	uint32_t home = rib_path_home(rib, number);
	if (chore == RIB_CHORE_SWEEP || has_no_llgr(rib, path)) {
		rib_path_remove(rib, home, number);
		return;
	}
	if (rib_mark_at(rib, path->mark)->late)
		return;
	uint32_t late = rib_mark_late(rib, path->mark);
	if (late == RIB_NO_MARK) { /* what cannot be told to be stale must not stay */
		rib_path_remove(rib, home, number);
		return;
	}
	uint16_t word = (uint16_t)(late | (path->mark & (RIB_REFUSED | RIB_ROUND_BIT)));
	rib_path_change(rib, home, number, path->attrs, word);
}

/* Goes on for so many paths; returns how many there were. */
static size_t
go_on(struct rib *rib, unsigned slot, size_t limit)
{
	struct rib_session *session = &rib->sessions[slot];
	size_t count = 0;
	while (session->chore && count < limit) {
		uint32_t path = session->stale ? next_path(rib, &session->chore_at) : 0;
		if (!path)
			begin(rib, slot, RIB_CHORE_NONE);
		else if (rib_path_stale(rib, rib_path_at(rib, path)))
			settle(rib, path, session->chore);
		count++;
	}
	return count;
}

/* Withdraws up to `limit` paths of a session; returns how many. */
static size_t
withdraw(struct rib *rib, unsigned slot, size_t limit)
{
	size_t count = 0;
	uint32_t at = rib->sessions[slot].attrs;
	for (; at; at = rib_attrs_at(&rib->attrs, at)->next) {
		const struct rib_attrs *attrs = rib_attrs_at(&rib->attrs, at);
		while (attrs->paths) {
			if (count == limit)
				return count;
			rib_path_remove(rib, rib_path_home(rib, attrs->paths), attrs->paths);
			count++;
		}
	}
	return count;
}

static size_t
drain(struct rib *rib, unsigned slot, size_t limit)
{
	struct rib_session *session = &rib->sessions[slot];
	size_t count = withdraw(rib, slot, limit);
	if (!session->accepted && !session->refused) {
		session->draining = false;
		rib->draining--;
	}
	return count;
}

void
rib_chores(struct rib *rib)
{
	size_t left = rib->drain_max;
	for (unsigned slot = 0; slot < rib->slots && left; slot++) {
		size_t done = 0;
		if (rib->sessions[slot].draining)
			done = drain(rib, slot, left);
		else if (rib->sessions[slot].chore)
			done = go_on(rib, slot, left);
		left -= done < left ? done : left;
	}
}

/* --- what happens to sessions --- */

void
rib_session_close(struct rib *rib, unsigned slot)
{
	assert(slot < rib->slots);
	struct rib_session *session = &rib->sessions[slot];
	begin(rib, slot, RIB_CHORE_NONE);
	if (!session->draining && (session->accepted || session->refused)) {
		session->draining = true;
		rib->draining++;
	}
	rib_out_close(rib, slot);
}

void
rib_session_lost(struct rib *rib, unsigned slot)
{
	struct rib_session *session = &rib->sessions[slot];
	assert(session->mode != RIB_OUT_CLOSED);
	/* RFC 4724 section 4.2: those of a restart before this one do not stay. */
	begin(rib, slot, RIB_CHORE_SWEEP);
	(void)go_on(rib, slot, SIZE_MAX);
	session->round ^= RIB_ROUND_BIT;
	session->stale = session->accepted + session->refused;
	rib_out_close(rib, slot);
}

/* All that it has becomes stale. */
static void
make_stale(struct rib *rib, unsigned slot)
{
	struct rib_session *session = &rib->sessions[slot];
	if (session->stale) {
		struct rib_cursor at = {.attrs = session->attrs, .path = RIB_WHOLE};
		for (uint32_t path; (path = next_path(rib, &at)) != 0;)
			if (!rib_path_stale(rib, rib_path_at(rib, path)))
				rib_path_at(rib, path)->mark ^= RIB_ROUND_BIT;
	} else {
		session->round ^= RIB_ROUND_BIT;
	}
	session->stale = session->accepted + session->refused;
}

void
rib_session_stale(struct rib *rib, unsigned slot)
{
	(void)go_on(rib, slot, SIZE_MAX); /* what was to become of those that are stale already */
	make_stale(rib, slot);
}

void
rib_session_sweep(struct rib *rib, unsigned slot)
{
	if (!rib->sessions[slot].draining)
		begin(rib, slot, RIB_CHORE_SWEEP);
}

void
rib_session_stale_long(struct rib *rib, unsigned slot)
{
	if (rib->sessions[slot].draining)
		return;
	(void)go_on(rib, slot, SIZE_MAX);
	begin(rib, slot, RIB_CHORE_AGE);
}

uint32_t
rib_session_stale_count(const struct rib *rib, unsigned slot)
{
	return rib->sessions[slot].stale;
}

void
rib_stale_settle(struct rib *rib, unsigned slot, const struct rib_peer *peer)
{
	struct rib_session *session = &rib->sessions[slot];
	bool same = session->peer.router_id == peer->router_id &&
		    ip_equal(session->peer.address, peer->address);
	if (session->draining && same) {
		/* What is still there and comes again need not be said to be gone in between. */
		make_stale(rib, slot);
		begin(rib, slot, RIB_CHORE_SWEEP);
	} else if (!same) {
		/* With another name it would stand elsewhere in the order. */
		begin(rib, slot, RIB_CHORE_NONE);
		(void)withdraw(rib, slot, SIZE_MAX);
	}
	rib->draining -= session->draining;
	session->draining = false;
}
