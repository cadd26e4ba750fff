/* What members avoid. */
#include "corridor/corridor_avoided.h"

#include <assert.h>
#include <string.h>

const struct hub_steering_member *
corridor_steering_of(const struct hub *hub, uint32_t member)
{
	for (size_t i = 0; i < hub->steering.member_count; i++)
		if (hub->steering.members[i].member == member)
			return &hub->steering.members[i];
	return NULL;
}

void
corridor_avoided_add(struct country *countries, size_t *count, const struct country *more,
		     size_t more_count)
{
	for (size_t i = 0; i < more_count; i++) {
		bool known = false;
		for (size_t k = 0; k < *count; k++)
			known |= strcmp(countries[k].code, more[i].code) == 0;
		if (!known)
			countries[(*count)++] = more[i];
	}
}

int
corridor_avoided_by(struct corridor_avoided *out, struct arena *arena, const struct hub *hub,
		    uint32_t member)
{
	assert(out && arena && hub && member < hub->member_count);
	const struct hub_steering_member *own = corridor_steering_of(hub, member);
	size_t room = own ? own->avoid_count : 0, count = 0;
	for (size_t d = 0; d < hub->demand_count; d++)
		if (hub->demands[d].member == member)
			room += hub->demands[d].avoid_count;
	struct country *countries = arena_take(arena, (room + 1) * sizeof(*countries));
	if (!countries)
		return -1;
	if (own)
		corridor_avoided_add(countries, &count, own->avoid, own->avoid_count);
	for (size_t d = 0; d < hub->demand_count; d++)
		if (hub->demands[d].member == member)
			corridor_avoided_add(countries, &count, hub->demands[d].avoid,
					     hub->demands[d].avoid_count);
	*out = (struct corridor_avoided){countries, count};
	return 0;
}

static bool
avoids(const struct hub *hub, uint32_t member)
{
	const struct hub_steering_member *own = corridor_steering_of(hub, member);
	if (own && own->avoid_count)
		return true;
	for (size_t d = 0; d < hub->demand_count; d++)
		if (hub->demands[d].member == member && hub->demands[d].avoid_count)
			return true;
	return false;
}

uint32_t
corridor_avoider_behind(const struct hub *hub, uint32_t port)
{
	uint32_t member = hub->ports[port].member;
	if (member == HUB_NONE || !avoids(hub, member))
		return HUB_NONE;
	for (size_t i = 0; i < hub->session_count; i++)
		if (hub->sessions[i].port == port && hub->sessions[i].transit == HUB_AS_UPSTREAM)
			return HUB_NONE;
	return member;
}
