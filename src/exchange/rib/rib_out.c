/* What goes out: each session is a position, in the log when it keeps up, in the list of changes
 * when it does not. */
#include <string.h>

#include "exchange/rib/rib_internal.h"
#include "exchange/rib/rib_wire.h"

enum {
	WALK_OCTETS = 48 * 1024, /* about so much is encoded at a time */
	WALK_PLACES = 64 * 1024, /* or so many prefixes looked at */
};

/* Sent several paths of a prefix, or refused ones: a session that keeps account of what it was sent. */
static bool
keeps_account(const struct rib_session *session)
{
	return session->collector || session->peer.add_path;
}

/* Its messages are for no other session: it always reads the table. */
static bool
reads_alone(const struct rib_session *session)
{
	return session->peer.two_octet_as || keeps_account(session);
}

static bool
holds_octets(const struct rib_session *session)
{
	return session->held_sent < session->held.length;
}

static void
enter_front(struct rib *rib, unsigned slot)
{
	struct rib_session *session = &rib->sessions[slot];
	session->mode = RIB_OUT_FRONT;
	session->position = rib_log_tail(&rib->log);
	rib_log_enter(&rib->log, session->position);
	rib->front = rib_set_with(rib->sets, rib->front, slot);
}

static void
leave_front(struct rib *rib, unsigned slot)
{
	rib_log_leave(&rib->log, rib->sessions[slot].position);
	rib->front = rib_set_without(rib->sets, rib->front, slot);
	rib->sessions[slot].mode = RIB_OUT_BEHIND;
}

void
rib_session_open(struct rib *rib, unsigned slot, const struct rib_peer *peer)
{
	assert(slot < rib->slots);
	struct rib_session *session = &rib->sessions[slot];
	assert(session->mode == RIB_OUT_CLOSED);
	rib_stale_settle(rib, slot, peer);
	session->peer = *peer;
	const bool able[RIB_ABILITIES] = {
		[RIB_ABLE_NEXT_HOP] = peer->extended_next_hop,
		[RIB_ABLE_LONG] = peer->extended_messages,
		[RIB_ABLE_LATE] = peer->long_lived,
		[RIB_ABLE_IDS] = peer->extended_messages || !peer->add_path,
		[RIB_ABLE_AS4] = peer->extended_messages || !peer->two_octet_as,
	};
	for (unsigned i = 0; i < RIB_ABILITIES; i++)
		rib->able[i] = able[i] ? rib_set_with(rib->sets, rib->able[i], slot)
				       : rib_set_without(rib->sets, rib->able[i], slot);
	session->mode = RIB_OUT_BEHIND;
	session->collector = rib_set_has(rib->sets, rib->collectors, slot);
	if (session->collector && !rib->collecting++)
		rib_changes_add_refused(rib);
	session->end_of_rib_due = true;
	session->refresh_begins = session->refresh_ends = session->refresh_waits = false;
	session->place = 0;
	session->fresh = (uint32_t)rib->place_count;
	session->messages = 0;
	session->duplicates = (struct rib_duplicates){0};
}

void
rib_out_close(struct rib *rib, unsigned slot)
{
	struct rib_session *session = &rib->sessions[slot];
	if (session->mode == RIB_OUT_FRONT)
		leave_front(rib, slot);
	rib->collecting -= session->collector;
	session->collector = false;
	session->mode = RIB_OUT_CLOSED;
	rib_told_fini(&session->told);
	buf_fini(&session->held);
	session->held_sent = session->held_rest = session->given = 0;
	session->held_messages = 0;
}

bool
rib_session_is_open(const struct rib *rib, unsigned slot)
{
	return slot < rib->slots && rib->sessions[slot].mode != RIB_OUT_CLOSED;
}

/* --- leaving the log --- */

/* Where the message ends that begins here (RFC 4271 section 4.1: the length follows the marker). */
static size_t
message_length(const uint8_t *message)
{
	return (size_t)message[16] << 8 | message[17];
}

/* Octets from `offset` of a stretch of messages to the next boundary; 0 when it is one. */
static size_t
to_boundary(const uint8_t *messages, size_t offset)
{
	size_t at = 0;
	while (at < offset)
		at += message_length(messages + at);
	return at - offset;
}

/* Messages that begin before `end`. */
static uint32_t
count_messages(const uint8_t *messages, size_t end)
{
	uint32_t count = 0;
	for (size_t at = 0; at < end; count++)
		at += message_length(messages + at);
	return count;
}

/* The session goes on from the table. A message of which a part is sent must be finished first. */
static void
fall_behind(struct rib *rib, unsigned slot)
{
	struct rib_session *session = &rib->sessions[slot];
	struct rib_log_position at = session->position;
	bool at_tail = rib_log_at_tail(&rib->log, at);
	if (at.offset) {
		const struct rib_log_run *run = rib_log_run_at(&rib->log, at.run);
		const uint8_t *octets = rib_log_octets(&rib->log, run->offset);
		size_t rest = to_boundary(octets, at.offset);
		assert(!holds_octets(session));
		buf_clear(&session->held);
		buf_put(&session->held, octets + at.offset, rest);
		session->held_sent = 0;
		session->held_rest = rest;
		/* Those of the run that are gone, with the one that is finished here. */
		session->held_messages = count_messages(octets, at.offset);
		if (!rest) {
			session->messages += session->held_messages;
			session->held_messages = 0;
		}
	}
	session->place =
		at_tail ? (uint32_t)rib->turn_place : rib_log_batch_at(&rib->log, at.batch)->place;
	session->fresh = 0;
	session->given = 0;
	leave_front(rib, slot);
}

void
rib_out_bound_log(struct rib *rib)
{
	/* A batch alone may be larger than the bound: a full table withdrawn is. */
	while (rib->log.octets > rib->log_bound && rib->log.batch_count > 2) {
		uint64_t oldest = rib->log.first_batch;
		for (unsigned slot = 0; slot < rib->slots && rib->log.first_batch == oldest;
		     slot++) {
			const struct rib_session *session = &rib->sessions[slot];
			if (session->mode == RIB_OUT_FRONT && session->position.batch == oldest)
				fall_behind(rib, slot);
		}
	}
}

void
rib_out_refresh(struct rib *rib, unsigned slot)
{
	struct rib_session *session = &rib->sessions[slot];
	bool enhanced = session->peer.enhanced_refresh;
	session->refresh_waits = enhanced && session->end_of_rib_due;
	if (session->refresh_waits)
		return;
	session->refresh_begins = session->refresh_ends = enhanced;
	if (session->mode == RIB_OUT_FRONT)
		fall_behind(rib, slot);
	/* What lies before its place it holds as the table says, so nothing there needs a
	 * withdrawal. */
	if (session->fresh < session->place)
		session->fresh = session->place;
	rib_told_doubt(&session->told);
	session->place = 0;
}

/* --- reading the table --- */

static bool
is_steered(const struct rib *rib, uint32_t number, unsigned slot)
{
	return rib_steer_is_placed(rib_steer_of(rib, number), slot);
}

/* The same for a session of the hub's own AS, by its row. */
static struct rib_form
first_by_row(const struct rib *rib, uint32_t number, unsigned slot)
{
	uint32_t first = rib_steer_first(rib, number, slot);
	return first ? rib_form_for(rib, rib_path_at(rib, first), slot)
		     : (struct rib_form){.attrs = RIB_ATTRS_NONE};
}

/* The first path that the session may have, as it is to have it. */
static struct rib_form
first_for(const struct rib *rib, uint32_t number, unsigned slot)
{
	const struct rib_prefix *prefix = rib_prefix_at(rib, number);
	if (is_steered(rib, number, slot))
		return first_by_row(rib, number, slot);
	for (uint32_t at = prefix->paths; at;) {
		const struct rib_path *path = rib_path_at(rib, at);
		if (rib_path_refused(path))
			break;
		if (rib_may_receive(rib, path, slot))
			return rib_form_for(rib, path, slot);
		at = rib_path_next(path);
	}
	return (struct rib_form){.attrs = RIB_ATTRS_NONE};
}

/* Octets of a route in messages, about: its attributes count where they are not those of the route
 * before it. */
static size_t
octets_of(const struct rib *rib, const struct rib_prefix *prefix, uint32_t attrs, uint32_t latest)
{
	size_t octets = (prefix->length + 15u) / 8;
	if (attrs != latest && attrs != RIB_ATTRS_NONE)
		octets += 32u + rib_attrs_at(&rib->attrs, attrs)->length;
	return octets;
}

/* What the session is to be sent about one prefix; returns how many octets that takes, about. */
static size_t
one_path(struct rib *rib, unsigned slot, uint32_t number, bool fresh, uint32_t *latest)
{
	const struct rib_prefix *prefix = rib_prefix_at(rib, number);
	struct rib_form form = first_for(rib, number, slot);
	if (form.attrs == RIB_ATTRS_NONE && fresh)
		return 0;
	rib_builder_add(rib->builder, form, 0, number, 0);
	size_t octets = octets_of(rib, prefix, form.attrs, *latest);
	*latest = form.attrs;
	return octets;
}

static bool
is_for(const struct rib *rib, const struct rib_path *path, unsigned slot)
{
	if (rib->sessions[slot].collector)
		return rib_may_collect(rib, path, slot);
	return !rib_path_refused(path) && rib_may_receive(rib, path, slot);
}

/* Takes `id` out of the first *count of rib->ids. */
static void
strike_out(struct rib *rib, uint32_t id, size_t *count)
{
	for (size_t i = 0; i < *count; i++) {
		if (rib->ids[i] != id)
			continue;
		rib->ids[i] = rib->ids[--*count];
		return;
	}
}

/* Goes through those paths of a prefix that a session which keeps account is to have. */
struct chooser {
	unsigned slot;
	uint32_t at;         /* to be looked at next */
	uint32_t best;       /* the first one; 0: before it */
	size_t wanted, more; /* so many yet, and so many that are not chosen for another reason */
	bool ordered;        /* as `order` says, which ends with 0, and not as they stand */
	size_t next;
	uint32_t order[RIB_STEER_MAX + 1];
};

static struct chooser
choose(const struct rib *rib, uint32_t number, unsigned slot)
{
	const struct rib_prefix *prefix = rib_prefix_at(rib, number);
	const struct rib_peer *peer = &rib->sessions[slot].peer;
	size_t most = !peer->add_path ? 1 : peer->add_path_max ? peer->add_path_max : SIZE_MAX;
	struct chooser c = {
		.slot = slot, .at = prefix->paths, .wanted = most, .more = peer->add_path_more};
	c.ordered = is_steered(rib, number, slot);
	if (c.ordered) {
		c.order[rib_steer_order(rib, number, slot, true, c.order)] = 0;
		c.at = c.order[c.next++];
	}
	return c;
}

static bool
is_chosen(const struct rib *rib, struct chooser *c, uint32_t path)
{
	const struct rib_peer *peer = &rib->sessions[c->slot].peer;
	if (!is_for(rib, rib_path_at(rib, path), c->slot))
		return false;
	if (!c->best)
		c->best = path;
	if (!peer->add_path || peer->add_path_paths == RIB_PATHS_ALL || path == c->best)
		return true;
	if (peer->add_path_paths == RIB_PATHS_EQUAL && rib_order_equal(rib, c->best, path))
		return true;
	return c->more && c->more--;
}

/* The next one, or 0. */
static uint32_t
choose_next(const struct rib *rib, struct chooser *c)
{
	while (c->at && c->wanted) {
		uint32_t path = c->at;
		c->at = c->ordered ? c->order[c->next++] : rib_path_next(rib_path_at(rib, path));
		if (!is_chosen(rib, c, path))
			continue;
		c->wanted--;
		return path;
	}
	return 0;
}

size_t
rib_path_choice(const struct rib *rib, struct prefix prefix, unsigned slot, uint32_t *sent_ids,
		size_t max)
{
	size_t count = 0;
	uint32_t number = rib_prefix_find(rib, prefix.ip.octets, prefix.length);
	if (!number || !rib_session_is_open(rib, slot))
		return 0;
	struct chooser c = choose(rib, number, slot);
	for (uint32_t path; count < max && (path = choose_next(rib, &c)) != 0;)
		sent_ids[count++] = path;
	return count;
}

/* The same for a session that keeps account: those of all paths that are for it, as many as it wants, which
 * it was not sent so before, and withdrawals of what it was sent and is not among them. */
static size_t
several_paths(struct rib *rib, unsigned slot, uint32_t number)
{
	struct rib_session *session = &rib->sessions[slot];
	const struct rib_prefix *prefix = rib_prefix_at(rib, number);
	size_t gone = rib_told_ids(&session->told, number, &rib->ids, &rib->id_capacity);
	size_t octets = 0;
	struct chooser c = choose(rib, number, slot);
	for (uint32_t at; (at = choose_next(rib, &c)) != 0;) {
		const struct rib_path *path = rib_path_at(rib, at);
		/* A path has its number as long as it lives. */
		uint32_t id = session->peer.add_path ? at : 0;
		struct rib_form form = rib_form_for(rib, path, slot);
		strike_out(rib, id, &gone);
		if (!rib_told_add(&session->told, number, id, rib_form_digest(rib, &form)))
			continue;
		rib_builder_add(rib->builder, form, 0, number, id);
		octets += octets_of(rib, prefix, path->attrs, RIB_ATTRS_NONE);
	}
	for (size_t i = 0; i < gone; i++) {
		rib_told_drop(&session->told, number, rib->ids[i]);
		rib_builder_add(rib->builder, (struct rib_form){.attrs = RIB_ATTRS_NONE}, 0, number,
				rib->ids[i]);
		octets += octets_of(rib, prefix, RIB_ATTRS_NONE, RIB_ATTRS_NONE);
	}
	return octets;
}

/* Collects what the session is to be sent from its place on, for about WALK_OCTETS. */
static void
walk(struct rib *rib, unsigned slot)
{
	struct rib_session *session = &rib->sessions[slot];
	size_t octets = 0, looked = 0;
	uint32_t latest = UINT32_MAX;
	size_t place = session->place;
	for (; place < rib->place_count && octets < WALK_OCTETS && looked < WALK_PLACES; looked++) {
		bool fresh = place < session->fresh;
		uint32_t number = rib->places[place++];
		if (number == RIB_NONE)
			continue;
		octets += keeps_account(session) ? several_paths(rib, slot, number)
						 : one_path(rib, slot, number, fresh, &latest);
	}
	session->place = (uint32_t)place;
}

/* All has been read. */
static void
mark_end(const struct rib *rib, struct rib_session *session)
{
	if (session->end_of_rib_due)
		bgp_end_of_rib_write(&session->held, rib->family);
	session->end_of_rib_due = false;
	if (session->refresh_ends)
		bgp_refresh_write(&session->held, rib->family, BGP_REFRESH_END);
	session->refresh_ends = false;
}

/* Encodes the next stretch of the table into `held`, and lets a session that has reached the end go
 * on with the log. */
static void
fill(struct rib *rib, unsigned slot)
{
	struct rib_session *session = &rib->sessions[slot];
	assert(!rib->dirty_count);
	if (!session->held.data) {
		session->held = rib->spare;
		rib->spare = (struct buf){0};
	}
	buf_clear(&session->held);
	session->held_sent = session->held_rest = 0;
	if (session->refresh_begins)
		bgp_refresh_write(&session->held, rib->family, BGP_REFRESH_BEGIN);
	session->refresh_begins = false;
	walk(rib, slot);
	rib_builder_to_buf(rib, &session->held, &session->peer);
	bool caught_up = session->place >= rib->place_count;
	if (caught_up)
		mark_end(rib, session);
	if (caught_up && session->refresh_waits) {
		rib_out_refresh(rib, slot);
		caught_up = false;
	}
	session->held_messages = count_messages(session->held.data, session->held.length);
	if (caught_up && !reads_alone(session))
		enter_front(rib, slot);
}

/* --- pieces --- */

static size_t
held_pieces(struct rib_session *session, struct iovec *pieces)
{
	if (!holds_octets(session))
		return 0;
	size_t length = session->held.length - session->held_sent;
	pieces[0] = (struct iovec){session->held.data + session->held_sent, length};
	session->given = length;
	return 1;
}

/* Adds what the log has for the session; stretches that lie side by side become one piece. */
static size_t
log_pieces(struct rib *rib, unsigned slot, struct iovec *pieces, size_t count, size_t max)
{
	struct rib_session *session = &rib->sessions[slot];
	const struct rib_log *log = &rib->log;
	uint64_t end = rib_log_run_end(log);
	struct rib_log_position at = session->position;
	const uint8_t *piece_end = NULL;
	for (; at.run < end; at.run++, at.offset = 0) {
		const struct rib_log_run *run = rib_log_run_at(log, at.run);
		if (!rib_set_has(rib->sets, run->receivers, slot))
			continue;
		const uint8_t *octets = rib_log_octets(log, run->offset) + at.offset;
		size_t length = run->length - at.offset;
		if (octets == piece_end) {
			pieces[count - 1].iov_len += length;
		} else {
			if (count == max)
				break;
			pieces[count++] = (struct iovec){(void *)octets, length};
		}
		piece_end = octets + length;
		session->given += length;
		session->given_messages += run->messages;
	}
	at.batch = rib_log_batch_of(log, at.run, at.batch);
	session->reach = at;
	return count;
}

size_t
rib_out_pieces(struct rib *rib, unsigned slot, struct iovec *pieces, size_t max)
{
	struct rib_session *session = &rib->sessions[slot];
	assert(session->mode != RIB_OUT_CLOSED && max);
	session->given = session->given_messages = 0;
	if (session->mode == RIB_OUT_BEHIND && !holds_octets(session))
		fill(rib, slot);
	size_t count = held_pieces(session, pieces);
	if (session->mode != RIB_OUT_FRONT)
		return count;
	count = log_pieces(rib, slot, pieces, count, max);
	if (!count) /* nothing of all that was for this session */
		rib_log_move(&rib->log, &session->position, session->reach);
	return count;
}

/* Takes octets of the log off, run by run: only when not everything was taken. */
static void
advance(struct rib *rib, unsigned slot, size_t octets)
{
	struct rib_session *session = &rib->sessions[slot];
	struct rib_log_position at = session->position;
	while (octets) {
		const struct rib_log_run *run = rib_log_run_at(&rib->log, at.run);
		size_t left = run->length - at.offset;
		if (!rib_set_has(rib->sets, run->receivers, slot)) {
			left = 0;
		} else if (octets < left) {
			at.offset += (uint32_t)octets;
			break;
		}
		octets -= left;
		session->messages += left ? run->messages : 0;
		at.run++;
		at.offset = 0;
	}
	at.batch = rib_log_batch_of(&rib->log, at.run, at.batch);
	rib_log_move(&rib->log, &session->position, at);
}

static void
release_held(struct rib *rib, struct rib_session *session)
{
	session->messages += session->held_messages;
	session->held_messages = 0;
	session->held_sent = session->held_rest = 0;
	buf_clear(&session->held);
	if (rib->spare.data) {
		buf_fini(&session->held);
		return;
	}
	rib->spare = session->held;
	session->held = (struct buf){0};
}

void
rib_out_sent(struct rib *rib, unsigned slot, size_t octets)
{
	struct rib_session *session = &rib->sessions[slot];
	assert(octets <= session->given);
	bool all = octets == session->given;
	session->given = 0;
	if (holds_octets(session)) {
		size_t held = session->held.length - session->held_sent;
		size_t taken = octets < held ? octets : held;
		session->held_sent += taken;
		octets -= taken;
		if (!holds_octets(session))
			release_held(rib, session);
	}
	if (session->mode != RIB_OUT_FRONT)
		return;
	if (all) {
		session->messages += session->given_messages;
		rib_log_move(&rib->log, &session->position, session->reach);
	} else if (octets) {
		advance(rib, slot, octets);
	}
}

bool
rib_out_waiting(const struct rib *rib, unsigned slot)
{
	const struct rib_session *session = &rib->sessions[slot];
	switch (session->mode) {
	case RIB_OUT_FRONT:
		return holds_octets(session) || !rib_log_at_tail(&rib->log, session->position);
	case RIB_OUT_BEHIND:
		return holds_octets(session) || session->place < rib->place_count ||
		       session->end_of_rib_due || session->refresh_ends || !reads_alone(session);
	default:
		return false;
	}
}

size_t
rib_out_rest(const struct rib *rib, unsigned slot)
{
	const struct rib_session *session = &rib->sessions[slot];
	if (holds_octets(session)) {
		if (session->held_sent < session->held_rest)
			return session->held_rest - session->held_sent;
		return to_boundary(session->held.data + session->held_rest,
				   session->held_sent - session->held_rest);
	}
	if (session->mode != RIB_OUT_FRONT || !session->position.offset)
		return 0;
	const struct rib_log_run *run = rib_log_run_at(&rib->log, session->position.run);
	return to_boundary(rib_log_octets(&rib->log, run->offset), session->position.offset);
}

uint64_t
rib_out_messages(const struct rib *rib, unsigned slot)
{
	return rib->sessions[slot].messages;
}

bool
rib_out_in_front(const struct rib *rib, unsigned slot)
{
	return rib->sessions[slot].mode == RIB_OUT_FRONT;
}

uint64_t
rib_out_end(const struct rib *rib)
{
	return rib->log.end;
}

bool
rib_out_is_past(const struct rib *rib, unsigned slot, uint64_t end)
{
	const struct rib_session *session = &rib->sessions[slot];
	if (session->mode != RIB_OUT_FRONT)
		return !rib_out_waiting(rib, slot);
	if (holds_octets(session))
		return false;
	if (rib_log_at_tail(&rib->log, session->position))
		return true;
	const struct rib_log_run *run = rib_log_run_at(&rib->log, session->position.run);
	return run->offset + session->position.offset >= end;
}

struct rib_lag
rib_out_lag(const struct rib *rib, unsigned slot)
{
	const struct rib_session *session = &rib->sessions[slot];
	struct rib_lag lag = {.octets = session->held.length - session->held_sent};
	if (session->mode == RIB_OUT_BEHIND && session->place < rib->place_count)
		lag.prefixes = (uint32_t)rib->place_count - session->place;
	if (session->mode == RIB_OUT_FRONT && !rib_log_at_tail(&rib->log, session->position)) {
		const struct rib_log_run *run = rib_log_run_at(&rib->log, session->position.run);
		lag.octets += rib->log.end - run->offset - session->position.offset;
	}
	return lag;
}
