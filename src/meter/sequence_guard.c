/* Messages that come again. */
#include "meter/sequence_guard.h"

#include "base/hash.h"

uint64_t
sequence_identity(struct cursor message)
{
	uint64_t identity = hash_bytes(message.at, cursor_left(&message));
	return identity ? identity : 1; /* 0 is an empty place */
}

static bool
seen(const struct sequence_guard *g, uint64_t identity)
{
	uint16_t tag = (uint16_t)identity, found = 0;
	/* Without a branch, so that it is done several at a time. */
	for (uint32_t i = 0; i < GUARD_MEMORY; i++)
		found |= (uint16_t)(g->tags[i] == tag);
	for (uint32_t i = 0; found && i < GUARD_MEMORY; i++)
		if (g->seen[i] == identity)
			return true;
	return false;
}

/* Whether it is too old to be late. */
static bool
is_past(struct sequence_guard *g, const struct guarded *message)
{
	if (g->mixed || g->count < GUARD_MEMORY)
		return false;
	if (!message->behind || message->newer_ms >= -GUARD_PAST_MS) {
		g->past -= g->past > 0;
		return false;
	}
	g->past += 2;
	g->mixed = g->past >= 2 * GUARD_BELIEVED;
	return !g->mixed;
}

void
sequence_guard_restart(struct sequence_guard *g)
{
	g->alert = GUARD_MEMORY;
}

bool
sequence_guard_take(struct sequence_guard *g, struct guarded message)
{
	bool look = !message.in_order || g->alert;
	g->alert -= g->alert > 0;
	if ((look && seen(g, message.identity)) || is_past(g, &message)) {
		g->refused++;
		return false;
	}
	g->tags[g->count % GUARD_MEMORY] = (uint16_t)message.identity;
	g->seen[g->count % GUARD_MEMORY] = message.identity;
	g->count++;
	/* Only the place and whether all of them are filled matter. */
	if (g->count == 2 * GUARD_MEMORY)
		g->count = GUARD_MEMORY;
	return true;
}
