/* Bounds on what one neighbour may announce (RFC 4271 section 6.7, RFC 4486), and on the memory that
 * all routes together take: who leaks a table loses its own session and nobody else's. */
#include <assert.h>

#include "base/log.h"
#include "exchange/exchange_private.h"

enum {
	UNBLOCK_S = 2,       /* between two times that there was room again: all is judged for it */
	MEMORY_WAIT_S = 900, /* until who took too much memory may come back */
	MEMORY_SLACK = 16 * 1024 * 1024, /* of the log, while routes are withdrawn */
	WARN_AGAIN_PERCENT =
		90, /* of the count that was warned of: below it the next warning counts */
};

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
	bool same = true;
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		struct exchange_limit *limit = &peer->limits[i];
		uint32_t max = registered[i] ? from_registry(registered[i]) : file[i];
		same &= limit->max == max;
		peer->lowered[i] |= session->max_prefixes_action == HUB_MAX_PREFIXES_BLOCK &&
				    session->max_prefixes_count_refused &&
				    (limit->action != HUB_MAX_PREFIXES_BLOCK ||
				     !limit->count_refused || !limit->max || max < limit->max);
		limit->max = max;
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

/* RFC 4486: Cease/1, without the data that section 4 allows. */
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
	session_reset(peer->session, BGP_CEASE_MAX_PREFIXES, NULL,
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

void
exchange_limits_unblock(struct exchange *x)
{
	bool room = false, soon = x->now.us < x->unblock_at.us;
	x->any_blocked = false;
	for (unsigned slot = 0; slot < x->slots; slot++) {
		struct exchange_peer *peer = &x->peers[slot];
		for (unsigned i = 0; peer->id && i < EXCHANGE_FAMILIES; i++) {
			if (!peer->blocked[i])
				continue;
			bool full = is_full(x, slot, i);
			room |= !full;
			peer->blocked[i] = full || soon;
			x->any_blocked |= peer->blocked[i];
		}
	}
	if (!room)
		return;
	if (soon) { /* a neighbour that comes and goes at its limit must not keep us at it */
		if (x->unblock_at.us < x->next_tick.us)
			x->next_tick = x->unblock_at;
		return;
	}
	x->unblock_at = (struct mono_us){x->now.us + (int64_t)UNBLOCK_S * 1000000};
	exchange_rejudge(x, false);
}

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

void
exchange_limits_memory(struct exchange *x)
{
	uint64_t used = 0, paths = 0;
	char name[EXCHANGE_PEER_TEXT];
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++) {
		struct rib_totals totals;
		rib_total(x->ribs[i], &totals);
		used += totals.memory;
		paths += totals.paths;
	}
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
