/* What segments of a plan have in common: which of them have which names, both ways. */
#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "corridor/corridor_plan_parts.h"

/* Names as they are met, and which segments have them. */
struct gathering {
	struct arena *arena;
	struct corridor_relation *relation;
	const char **names;
	size_t room; /* places in `of` and in `names` */
	size_t used;
	bool failed;
};

static uint32_t
name_index(struct gathering *g, const char *name, size_t length)
{
	for (size_t i = 0; i < g->relation->count; i++)
		if (strlen(g->names[i]) == length && strncasecmp(g->names[i], name, length) == 0)
			return (uint32_t)i;
	char *copy = arena_copy(g->arena, name, length);
	if (!copy) {
		g->failed = true;
		return 0;
	}
	g->names[g->relation->count] = copy;
	return (uint32_t)g->relation->count++;
}

static void
gather(struct gathering *g, uint32_t segment, const char *name, size_t length)
{
	uint32_t index = name_index(g, name, length);
	struct corridor_relation *r = g->relation;
	for (size_t i = r->first[segment]; i < g->used; i++)
		if (r->of[i] == index)
			return;
	assert(g->used < g->room);
	r->of[g->used++] = index;
}

/* The parts of "AzerTelecom/Kazakhtelecom (railway)", without blanks around them and without what
 * is remarked in brackets. */
static const char *
operator_next(const char **rest, size_t *length)
{
	for (;;) {
		*rest += strspn(*rest, "/; \t");
		const char *start = *rest;
		if (!*start)
			return NULL;
		*rest += strcspn(start, "/;(");
		*length = (size_t)(*rest - start);
		if (**rest == '(') {
			*rest += strcspn(*rest, ")");
			*rest += strcspn(*rest, "/;");
		}
		while (*length && isspace((unsigned char)start[*length - 1]))
			(*length)--;
		if (*length)
			return start;
	}
}

static size_t
operators_of(const struct hub_segment *s)
{
	size_t count = 0, length;
	const char *rest = s->operators ? s->operators : "";
	while (operator_next(&rest, &length))
		count++;
	return count;
}

static size_t
names_of(const struct corridor_plan *plan, enum corridor_class class, uint32_t index)
{
	const struct hub_segment *s = &plan->hub->segments[index];
	switch (class) {
	case CORRIDOR_COUNTRIES:
		return plan->segments[index].country_count;
	case CORRIDOR_RISKS:
		return s->srlg_count;
	case CORRIDOR_OPERATORS:
		return operators_of(s);
	case CORRIDOR_CABLES:
		return plan->segments[index].cable != HUB_NONE;
	case CORRIDOR_CLASSES:
		break;
	}
	return 0;
}

static void
gather_segment(struct gathering *g, const struct corridor_plan *plan, uint32_t index,
	       enum corridor_class class)
{
	const struct hub_segment *s = &plan->hub->segments[index];
	uint32_t cable = plan->segments[index].cable;
	size_t length;
	const char *rest = s->operators ? s->operators : "", *name;
	switch (class) {
	case CORRIDOR_COUNTRIES:
		for (size_t i = 0; i < plan->segments[index].country_count; i++) {
			name = plan->segments[index].countries[i].code;
			gather(g, index, name, strlen(name));
		}
		break;
	case CORRIDOR_RISKS:
		for (size_t i = 0; i < s->srlg_count; i++)
			gather(g, index, s->srlgs[i], strlen(s->srlgs[i]));
		break;
	case CORRIDOR_OPERATORS:
		while ((name = operator_next(&rest, &length)))
			gather(g, index, name, length);
		break;
	case CORRIDOR_CABLES:
		if (cable != HUB_NONE)
			gather(g, index, plan->hub->cables[cable].id,
			       strlen(plan->hub->cables[cable].id));
		break;
	case CORRIDOR_CLASSES:
		break;
	}
}

/* Turns "names of a segment" round into "segments of a name". */
static int
turn_round(struct corridor_relation *r, struct arena *arena, size_t segment_count)
{
	size_t places = r->first[segment_count];
	r->first_segment = arena_take(arena, (r->count + 1) * sizeof(*r->first_segment));
	r->segments = arena_take(arena, (places + 1) * sizeof(*r->segments));
	uint32_t *next = arena_take(arena, (r->count + 1) * sizeof(*next));
	if (!r->first_segment || !r->segments || !next)
		return -1;
	for (size_t i = 0; i < places; i++)
		r->first_segment[r->of[i] + 1]++;
	for (size_t n = 0; n < r->count; n++) {
		r->first_segment[n + 1] += r->first_segment[n];
		next[n] = r->first_segment[n];
	}
	for (size_t s = 0; s < segment_count; s++)
		for (uint32_t i = r->first[s]; i < r->first[s + 1]; i++)
			r->segments[next[r->of[i]]++] = (uint32_t)s;
	return 0;
}

int
corridor_plan_relate(struct corridor_plan *plan, enum corridor_class class)
{
	const struct hub *hub = plan->hub;
	struct gathering g = {.arena = plan->arena, .relation = &plan->classes[class]};
	for (uint32_t s = 0; s < hub->segment_count; s++)
		g.room += names_of(plan, class, s);
	g.names = arena_take(g.arena, (g.room + 1) * sizeof(*g.names));
	g.relation->of = arena_take(g.arena, (g.room + 1) * sizeof(*g.relation->of));
	g.relation->first =
		arena_take(g.arena, (hub->segment_count + 1) * sizeof(*g.relation->first));
	if (!g.names || !g.relation->of || !g.relation->first)
		return -1;
	for (uint32_t s = 0; s < hub->segment_count; s++) {
		g.relation->first[s] = (uint32_t)g.used;
		gather_segment(&g, plan, s, class);
		g.relation->first[s + 1] = (uint32_t)g.used;
	}
	g.relation->names = g.names;
	return g.failed ? -1 : turn_round(g.relation, g.arena, hub->segment_count);
}

uint32_t
corridor_plan_name(const struct corridor_plan *plan, enum corridor_class class, const char *name)
{
	assert(plan && class < CORRIDOR_CLASSES && name);
	for (size_t i = 0; i < plan->classes[class].count; i++)
		if (strcasecmp(plan->classes[class].names[i], name) == 0)
			return (uint32_t)i;
	return HUB_NONE;
}

bool
corridor_plan_has(const struct corridor_plan *plan, enum corridor_class class, uint32_t segment,
		  uint32_t name)
{
	const struct corridor_relation *r = &plan->classes[class];
	for (uint32_t i = r->first[segment]; i < r->first[segment + 1]; i++)
		if (r->of[i] == name)
			return true;
	return false;
}
