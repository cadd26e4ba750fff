/* Ports by id, for as long as the meter runs: what is remembered of each from bin to bin. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "meter/watch_parts.h"

static uint32_t *
slot_of(const struct watch_pasts *p, const char *id)
{
	size_t at = hash_bytes(id, strlen(id)) & (p->slot_count - 1);
	while (p->slots[at] && strcmp(p->list[p->slots[at] - 1].id, id) != 0)
		at = (at + 1) & (p->slot_count - 1);
	return &p->slots[at];
}

/* Room for one more; slots are at most half full. 0, or -1 and nothing changed. */
static int
grow(struct watch_pasts *p)
{
	if (p->count < p->room)
		return 0;
	size_t room = p->room ? 2 * p->room : 64;
	struct watch_past *list = realloc(p->list, room * sizeof(*list));
	if (!list)
		return -1;
	p->list = list;
	uint32_t *slots = calloc(2 * room, sizeof(*slots));
	if (!slots)
		return -1;
	free(p->slots);
	p->slots = slots;
	p->slot_count = 2 * room;
	p->room = room;
	for (size_t i = 0; i < p->count; i++)
		*slot_of(p, p->list[i].id) = (uint32_t)i + 1;
	return 0;
}

struct watch_past *
watch_past_of(struct watch_pasts *p, const char *id)
{
	if (p->slot_count) {
		uint32_t at = *slot_of(p, id);
		if (at)
			return &p->list[at - 1];
	}
	char *copy = strdup(id);
	if (!copy || grow(p) < 0) {
		free(copy);
		return NULL;
	}
	*slot_of(p, id) = (uint32_t)p->count + 1;
	p->list[p->count] = (struct watch_past){.id = copy};
	return &p->list[p->count++];
}

void
watch_pasts_fini(struct watch_pasts *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->list[i].id);
	free(p->list);
	free(p->slots);
	*p = (struct watch_pasts){0};
}
