/* Bounds on what one neighbour may announce (RFC 4271 section 6.7, RFC 4486), and on the memory that
 * all routes together take: who leaks a table loses its own session and nobody else's. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "exchange/exchange_private.h"

enum {
	OUT_S = 1,     /* between two counts of what members are sent: each goes over the table */
	UNBLOCK_S = 2, /* between two times that a neighbour's paths are judged for that */
	MISSED_AGAIN_S = 600,
	MEMORY_WAIT_S = 900,             /* until who took too much memory may come back */
	MEMORY_SLACK = 16 * 1024 * 1024, /* of the log, while routes are withdrawn */
	WARN_AGAIN_PERCENT =
		90, /* of the count that was warned of: below it the next warning counts */
};

static const enum ip_family families[EXCHANGE_FAMILIES] = {IP_V4, IP_V6};

static uint32_t
clamped(uint64_t number)
{
	return number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

/* (PeeringDB's number + 100) * 1.15, as members' numbers there are seldom the newest. */
static uint32_t
from_registry(uint32_t number)
{
	return clamped(((uint64_t)number + 100) * 115 / 100);
}

void
exchange_limits_set(struct exchange *x, unsigned slot)
{
	struct exchange_peer *peer = &x->peers[slot];
	const struct hub_session *session = &x->hub->sessions[peer->hub_session];
	const struct registry_network *network = NULL;
	if (session->max_prefixes_peeringdb && x->sources.registry)
		network = registry_network_find(x->sources.registry, peer->asn);
	const uint32_t file[EXCHANGE_FAMILIES] = {session->max_prefixes_ipv4,
						  session->max_prefixes_ipv6};
	const uint32_t registered[EXCHANGE_FAMILIES] = {network ? network->prefixes_ipv4 : 0,
							network ? network->prefixes_ipv6 : 0};
	const uint32_t out[EXCHANGE_FAMILIES] = {session->max_prefixes_out_ipv4,
						 session->max_prefixes_out_ipv6};
	bool same = true;
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		struct exchange_limit *limit = &peer->limits[i];
		uint32_t max = registered[i] ? from_registry(registered[i]) : file[i];
		same &= limit->max == max && limit->out_max == out[i];
		peer->lowered[i] |= session->max_prefixes_action == HUB_MAX_PREFIXES_BLOCK &&
				    session->max_prefixes_count_refused &&
				    (limit->action != HUB_MAX_PREFIXES_BLOCK ||
				     !limit->count_refused || !limit->max || max < limit->max);
		limit->max = max;
		limit->out_max = out[i];
		limit->from_peeringdb = registered[i] != 0;
		limit->warn_at =
			clamped(((uint64_t)max * session->max_prefixes_warn_percent + 99) / 100);
		limit->action = session->max_prefixes_action;
		limit->restart_s = session->max_prefixes_restart_s;
		limit->count_refused = session->max_prefixes_count_refused;
	}
	if (same || !peer->over_limit)
		return;
	/* What it was closed for is no longer so; nobody should have to wait for it. */
	peer->over_limit = false;
	session_end_wait(peer->session, x->now);
}

const struct exchange_limit *
exchange_limit_of(const struct exchange *x, unsigned slot, unsigned family)
{
	assert(slot < x->slots && family < EXCHANGE_FAMILIES);
	return &x->peers[slot].limits[family];
}

uint32_t
exchange_limit_count(const struct exchange *x, unsigned slot, unsigned family)
{
	uint32_t accepted, refused;
	rib_session_count(x->ribs[family], slot, &accepted, &refused);
	return x->peers[slot].limits[family].count_refused ? accepted + refused : accepted;
}

static void
warn(struct exchange *x, unsigned slot, unsigned family, uint32_t count)
{
	struct exchange_limit *limit = &x->peers[slot].limits[family];
	char name[EXCHANGE_PEER_TEXT];
	if (limit->warned && (uint64_t)count * 100 < (uint64_t)limit->warn_at * WARN_AGAIN_PERCENT)
		limit->warned = false;
	if (limit->warned || !limit->warn_at || count < limit->warn_at)
		return;
	limit->warned = true;
	log_warn("session %s: %u of at most %u IPv%c prefixes", exchange_peer_text(x, slot, name),
		 count, limit->max, family == EXCHANGE_V4 ? '4' : '6');
}

static void
close_over(struct exchange *x, unsigned slot, unsigned family)
{
	struct exchange_peer *peer = &x->peers[slot];
	const struct exchange_limit *limit = &peer->limits[family];
	char name[EXCHANGE_PEER_TEXT];
	bool stays = limit->action == HUB_MAX_PREFIXES_SHUTDOWN;
	peer->over_limit = true;
	if (stays)
		log_warn("session %s: more than %u IPv%c prefixes, closed until it is taken up "
			 "again",
			 exchange_peer_text(x, slot, name), limit->max,
			 family == EXCHANGE_V4 ? '4' : '6');
	else
		log_warn("session %s: more than %u IPv%c prefixes, closed for %u s",
			 exchange_peer_text(x, slot, name), limit->max,
			 family == EXCHANGE_V4 ? '4' : '6', limit->restart_s);
	session_reset_over(peer->session, families[family], limit->max,
			   stays ? UINT32_MAX : limit->restart_s, x->now);
}

void
exchange_limits_check(struct exchange *x, unsigned slot)
{
	const struct exchange_peer *peer = &x->peers[slot];
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		const struct exchange_limit *limit = &peer->limits[i];
		if (!limit->max || !rib_session_is_open(x->ribs[i], slot))
			continue;
		uint32_t count = exchange_limit_count(x, slot, i);
		warn(x, slot, i, count);
		bool closes = limit->action == HUB_MAX_PREFIXES_RESTART ||
			      limit->action == HUB_MAX_PREFIXES_SHUTDOWN;
		if (!closes || count <= limit->max)
			continue;
		close_over(x, slot, i);
		return;
	}
}

void
exchange_limits_check_all(struct exchange *x)
{
	for (unsigned slot = 0; slot < x->slots; slot++) {
		if (!x->peers[slot].id)
			continue;
		exchange_limits_check(x, slot);
		exchange_pump(x, slot);
	}
}

static unsigned
family_of(enum ip_family family)
{
	return family == IP_V4 ? EXCHANGE_V4 : EXCHANGE_V6;
}

bool
exchange_limits_block(struct exchange *x, struct rib_source source, const struct prefix *prefix)
{
	unsigned family = family_of((enum ip_family)prefix->ip.family);
	const struct exchange_limit *limit = &x->peers[source.slot].limits[family];
	uint64_t reasons = 0;
	bool refused = false;
	if (limit->action != HUB_MAX_PREFIXES_BLOCK || !limit->max ||
	    exchange_limit_count(x, source.slot, family) < limit->max)
		return false;
	/* One that counts already may be replaced. */
	bool is_there = rib_has(x->ribs[family], source, prefix, &reasons, &refused);
	bool blocked = reasons >> POLICY_MAX_PREFIXES & 1;
	if (is_there && !(limit->count_refused ? blocked : refused))
		return false;
	x->peers[source.slot].blocked[family] = x->any_blocked = true;
	return true;
}

struct exchange_room
exchange_limits_room(const struct exchange *x, unsigned slot, unsigned family)
{
	const struct exchange_limit *limit = &x->peers[slot].limits[family];
	uint32_t count = exchange_limit_count(x, slot, family);
	return (struct exchange_room){
		.limited = limit->action == HUB_MAX_PREFIXES_BLOCK && limit->max &&
			   (!limit->count_refused || count > limit->max),
		.all_count = limit->count_refused,
		.family = family,
		.count = count,
		.max = limit->max,
	};
}

void
exchange_limits_lower(struct exchange *x)
{
	for (unsigned slot = 0; slot < x->slots; slot++) {
		struct exchange_peer *peer = &x->peers[slot];
		for (unsigned i = 0; peer->id && i < EXCHANGE_FAMILIES; i++) {
			uint32_t max = peer->limits[i].max, reasons[64];
			uint32_t count = exchange_limit_count(x, slot, i);
			bool over = peer->lowered[i] && max && count > max;
			peer->lowered[i] = false;
			peer->excess[i] = 0;
			if (!over)
				continue;
			rib_count_reasons(x->ribs[i], (int)slot, reasons);
			uint32_t taken = count - reasons[POLICY_MAX_PREFIXES];
			peer->excess[i] = taken > max ? taken - max : 0;
		}
	}
}

/* `refused`: for another reason. Keeps the count of what is accepted as it goes on. */
bool
exchange_limits_block_again(struct exchange *x, struct exchange_room *room,
			    const struct rib_asked *asked, size_t i, bool refused)
{
	unsigned family = room->family;
	bool block = asked->was[i] >> POLICY_MAX_PREFIXES & 1, counted = !asked->was_refused[i];
	if (!room->limited)
		return false;
	if (room->all_count && !block && x->peers[asked->slot].excess[family]) {
		x->peers[asked->slot].excess[family]--;
		block = true;
	}
	if (!room->all_count) {
		bool wanted = !refused && !asked->refused;
		block = wanted && room->count - counted >= room->max;
		room->count = room->count - counted + (wanted && !block);
	}
	if (block)
		x->peers[asked->slot].blocked[family] = x->any_blocked = true;
	return block;
}

/* True while this many would still be too many with one more. */
static bool
is_full(const struct exchange *x, unsigned slot, unsigned family)
{
	const struct exchange_limit *limit = &x->peers[slot].limits[family];
	return limit->action == HUB_MAX_PREFIXES_BLOCK && limit->max &&
	       exchange_limit_count(x, slot, family) >= (uint64_t)limit->max + limit->count_refused;
}

/* There is room again for paths of the neighbour that were one too many: at most every UNBLOCK_S, for one
 * that comes and goes at its limit must not keep us at it. */
static void
unblock(struct exchange *x, unsigned slot, unsigned family)
{
	struct exchange_peer *peer = &x->peers[slot];
	if (x->now.us < peer->unblock_at[family].us) {
		x->any_blocked = true;
		if (peer->unblock_at[family].us < x->next_tick.us)
			x->next_tick = peer->unblock_at[family];
		return;
	}
	peer->blocked[family] = false;
	peer->unblock_at[family] = (struct mono_us){x->now.us + (int64_t)UNBLOCK_S * 1000000};
	rib_rejudge_session(x->ribs[family], slot);
	x->next_tick = x->now;
}

void
exchange_limits_unblock(struct exchange *x)
{
	x->any_blocked = false;
	for (unsigned slot = 0; slot < x->slots; slot++) {
		for (unsigned i = 0; x->peers[slot].id && i < EXCHANGE_FAMILIES; i++) {
			if (!x->peers[slot].blocked[i])
				continue;
			if (is_full(x, slot, i))
				x->any_blocked = true;
			else
				unblock(x, slot, i);
		}
	}
}

/* --- what members are sent --- */

static void
close_out(struct exchange *x, unsigned slot, unsigned family, uint32_t count)
{
	struct exchange_peer *peer = &x->peers[slot];
	struct exchange_limit *limit = &peer->limits[family];
	char name[EXCHANGE_PEER_TEXT], text[80];
	char digit = family == EXCHANGE_V4 ? '4' : '6';
	bool stays = limit->action == HUB_MAX_PREFIXES_SHUTDOWN;
	bool closes = stays || limit->action == HUB_MAX_PREFIXES_RESTART;
	if (!closes && limit->out_warned)
		return;
	limit->out_warned = true;
	log_warn("session %s: %u IPv%c prefixes to send, at most %u are wanted%s",
		 exchange_peer_text(x, slot, name), count, digit, limit->out_max,
		 closes ? ", closed" : "");
	if (!closes)
		return;
	/* The one of RFC 4486 is about what was received; the text says what this is (RFC 9003). */
	(void)snprintf(text, sizeof(text), "more than %u IPv%c prefixes to send", limit->out_max,
		       digit);
	peer->over_limit = true;
	session_reset(peer->session, BGP_CEASE_RESET, text, stays ? UINT32_MAX : limit->restart_s,
		      x->now);
	exchange_pump(x, slot);
}

/* Could anybody be sent too much? */
static bool
is_out_near(const struct exchange *x, unsigned family)
{
	struct rib_totals totals;
	uint32_t least = UINT32_MAX;
	for (unsigned slot = 0; slot < x->slots; slot++)
		if (x->peers[slot].id && x->peers[slot].limits[family].out_max &&
		    x->peers[slot].limits[family].out_max < least)
			least = x->peers[slot].limits[family].out_max;
	if (least == UINT32_MAX)
		return false;
	rib_total(x->ribs[family], &totals);
	return totals.paths > least;
}

static void
check_out(struct exchange *x, unsigned family)
{
	uint32_t *counts = calloc(x->slots, sizeof(*counts));
	if (!counts)
		return; /* there will be another time */
	rib_count_exported(x->ribs[family], counts, x->slots);
	for (unsigned slot = 0; slot < x->slots; slot++) {
		const struct exchange_peer *peer = &x->peers[slot];
		if (!peer->id || !peer->limits[family].out_max ||
		    !rib_session_is_open(x->ribs[family], slot))
			continue;
		if (counts[slot] > peer->limits[family].out_max)
			close_out(x, slot, family, counts[slot]);
		else
			x->peers[slot].limits[family].out_warned = false;
	}
	free(counts);
}

void
exchange_limits_out(struct exchange *x)
{
	uint64_t changes = exchange_changes(x);
	if (changes == x->out_changes)
		return;
	if (x->now.us < x->out_at.us) {
		if (x->out_at.us < x->next_tick.us)
			x->next_tick = x->out_at;
		return;
	}
	x->out_changes = changes;
	x->out_at = (struct mono_us){x->now.us + (int64_t)OUT_S * 1000000};
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		if (is_out_near(x, i))
			check_out(x, i);
}

/* --- memory --- */

/* The neighbour with the most routes. */
static int
largest(const struct exchange *x)
{
	int found = -1;
	uint64_t most = 0;
	for (unsigned slot = 0; slot < x->slots; slot++) {
		uint64_t count = 0;
		if (!x->peers[slot].id)
			continue;
		for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
			uint32_t accepted, refused;
			rib_session_count(x->ribs[i], slot, &accepted, &refused);
			count += (uint64_t)accepted + refused;
		}
		if (count <= most)
			continue;
		most = count;
		found = (int)slot;
	}
	return found;
}

/* Says so when the table had no numbers for some of its decisions since it was said last. */
static void
warn_missed(struct exchange *x, uint64_t missed)
{
	bool soon = x->missed_told && x->now.us < x->missed_told_at.us + MISSED_AGAIN_S * 1000000;
	if (missed == x->missed_told || soon)
		return;
	log_warn("%llu routes refused because members' rules lead to more different decisions than "
		 "there is room for",
		 (unsigned long long)(missed - x->missed_told));
	x->missed_told = missed;
	x->missed_told_at = x->now;
}

void
exchange_limits_memory(struct exchange *x)
{
	uint64_t used = 0, paths = 0, missed = 0;
	char name[EXCHANGE_PEER_TEXT];
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		struct rib_totals totals;
		rib_total(x->ribs[i], &totals);
		used += totals.memory;
		paths += totals.paths;
		missed += totals.marks_missed;
	}
	warn_missed(x, missed);
	if (!x->hub->memory_max_mb || used >> 20 < x->hub->memory_max_mb) {
		x->memory_octets = x->memory_paths = 0;
		return;
	}
	/* What one that was closed leaves behind is free for others, but not all of it goes back:
	 * nobody else is to pay for that. */
	if (x->memory_octets && used <= x->memory_octets + x->memory_octets / 8 + MEMORY_SLACK &&
	    paths <= x->memory_paths)
		return;
	int slot = largest(x);
	if (slot < 0 || session_state(x->peers[slot].session) != SESSION_ESTABLISHED)
		return; /* its routes are on their way out */
	x->memory_octets = used;
	x->memory_paths = paths;
	log_warn("session %s: routes take %u MB, of which it has most: closed for %d s",
		 exchange_peer_text(x, (unsigned)slot, name), x->hub->memory_max_mb, MEMORY_WAIT_S);
	session_reset(x->peers[slot].session, BGP_CEASE_RESOURCES, NULL, MEMORY_WAIT_S, x->now);
	exchange_pump(x, (unsigned)slot);
}
