/* Answers that rest on routes counted one by one: in stretches, between which updates go on. */
#include <stdlib.h>

#include "view/view_exchange_parts.h"

/* The session whose paths are counted, -1: all; -2: it has no slot. */
static int
slot_now(const struct view_count *c, const struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	if (!c->of_member)
		return -1;
	uint32_t member = hub_member_by_asn(hub, c->member);
	if (member == HUB_NONE || c->session >= hub->members[member].session_count)
		return -2;
	int slot = exchange_slot_of(x, hub->members[member].first_session + c->session);
	return slot < 0 ? -2 : slot;
}

/* Goes over to the other family, then to the next session. False when there is none. */
static bool
go_on(struct view_count *c, const struct exchange *x)
{
	const struct hub *hub = exchange_hub(x);
	uint32_t member = c->of_member ? hub_member_by_asn(hub, c->member) : HUB_NONE;
	c->at = 0;
	if (c->family == IP_V4) {
		c->family = IP_V6;
		return true;
	}
	c->family = IP_V4;
	c->session++;
	return member != HUB_NONE && c->session < hub->members[member].session_count;
}

static bool
count_on(struct view_exchange_rest *rest, struct exchange *x, struct buf *out)
{
	struct view_count *c = (struct view_count *)rest;
	if (c->ended)
		return false;
	int slot = slot_now(c, x);
	bool more = slot > -2 && rib_each_path_next(exchange_rib(x, c->family), slot, &c->at,
						    VIEW_STRETCH, c->add, c);
	if (!more && !go_on(c, x)) {
		c->ended = true;
		c->write(c, x, out);
	}
	return true;
}

static void
count_free(struct view_exchange_rest *rest)
{
	free(rest);
}

void *
view_count_new(size_t size, const struct view_count *kind, struct view_exchange_rest **rest)
{
	struct view_count *c = calloc(1, size);
	if (!c)
		return NULL;
	*c = *kind;
	c->rest = (struct view_exchange_rest){count_on, count_free};
	c->family = IP_V4;
	*rest = &c->rest;
	return c;
}
