/* What is missing in a network, put in. */
#include <math.h>
#include <string.h>

#include "corridor/corridor_optics_build.h"

static const double span_min_km = 50, span_usual_km = 90;
static const double usual_loss_db_per_km = 0.2;

/* A network being completed. */
struct builder {
	struct corridor_network *network;
	const struct corridor_rules *rules;
	struct buf *notes;
	bool failed; /* no memory */
};

static struct corridor_element *
element(struct builder *b, uint32_t at)
{
	return &b->network->elements[at];
}

static uint32_t
add(struct builder *b, const char *uid, enum corridor_element_kind kind)
{
	uint32_t at = 0;
	if (!uid || corridor_network_add(b->network, &at, uid, kind) < 0)
		b->failed = true;
	else
		element(b, at)->added = true;
	return at;
}

static void
tie(struct builder *b, uint32_t from, uint32_t to)
{
	if (!b->failed && corridor_network_tie(b->network, from, to) < 0)
		b->failed = true;
}

/* Whole metres, as the lengths of equipment files count. */
static double
limit_km(double km)
{
	return floor(km * 1e3) / 1e3;
}

size_t
corridor_spans_of(double length_km, const struct corridor_rules *rules)
{
	double high = limit_km(rules->length_max_km);
	double low = fmax(limit_km(rules->padding_db / usual_loss_db_per_km), span_min_km);
	double usual = fmax(low, fmin(high, span_usual_km));
	if (length_km < high)
		return 1;
	double fewer = floor(length_km / usual), more = fewer + 1;
	double longer = fewer > 0 ? length_km / fewer : INFINITY, shorter = length_km / more;
	bool long_fits = longer >= low && longer <= high;
	bool short_fits = shorter >= low && shorter <= high;
	if (short_fits && !long_fits)
		return (size_t)more;
	if (long_fits && !short_fits)
		return (size_t)fewer;
	return longer - usual <= usual - shorter && longer <= high ? (size_t)fewer : (size_t)more;
}

static double
between(double a, double b, double part)
{
	return a + (b - a) * part;
}

/* Replaces a fibre by equal spans of it. */
static void
split(struct builder *b, uint32_t at)
{
	struct corridor_network *n = b->network;
	size_t spans = corridor_spans_of(element(b, at)->fibre.length_km, b->rules);
	uint32_t before = corridor_network_before(n, at), after = corridor_network_after(n, at);
	if (spans <= 1)
		return;
	if (element(b, at)->fibre.lump_count && b->notes)
		buf_printf(b->notes,
			   "Fiber \"%.60s\": cut into spans, its lumped losses are left "
			   "out\n",
			   element(b, at)->uid);
	corridor_network_untie(n, before, at);
	corridor_network_untie(n, at, after);
	element(b, at)->gone = true;
	uint32_t last = before;
	for (size_t i = 0; i < spans && !b->failed; i++) {
		const char *uid =
			arena_printf(n->arena, "%s_(%zu/%zu)", element(b, at)->uid, i + 1, spans);
		uint32_t span = add(b, uid, CORRIDOR_FIBRE);
		if (b->failed)
			return;
		struct corridor_element *e = element(b, span), *whole = element(b, at);
		double part = ((double)i + 0.5) / (double)spans;
		e->variety = whole->variety;
		e->city = whole->city;
		e->region = whole->region;
		e->latitude =
			between(element(b, before)->latitude, element(b, after)->latitude, part);
		e->longitude =
			between(element(b, before)->longitude, element(b, after)->longitude, part);
		e->fibre = whole->fibre;
		e->fibre.length_km = whole->fibre.length_km / (double)spans;
		e->fibre.lump_count = 0;
		tie(b, last, span);
		last = span;
	}
	tie(b, last, after);
}

/* An amplifier between two elements. */
static void
insert(struct builder *b, uint32_t from, uint32_t to, const char *uid, uint32_t beside)
{
	uint32_t at = add(b, uid, CORRIDOR_AMPLIFIER);
	if (b->failed)
		return;
	struct corridor_element *e = element(b, at), *near = element(b, beside);
	e->settings[0].tilt_db = 0;
	e->city = near->city;
	e->region = near->region;
	e->latitude = near->latitude;
	e->longitude = near->longitude;
	corridor_network_untie(b->network, from, to);
	tie(b, from, at);
	tie(b, at, to);
}

/* True if no amplifier belongs between a ROADM and it. */
static bool
needs_none(const struct corridor_element *e)
{
	return e->kind == CORRIDOR_TRANSCEIVER || e->kind == CORRIDOR_FUSED ||
	       e->kind == CORRIDOR_AMPLIFIER;
}

/* The neighbours as they are now: inserting changes the list that is walked. */
static size_t
neighbours(struct builder *b, const struct corridor_tie *list, uint32_t **out)
{
	size_t count = 0;
	for (const struct corridor_tie *t = list; t; t = t->next)
		count++;
	*out = arena_take(b->network->arena, (count + 1) * sizeof(**out));
	if (!*out) {
		b->failed = true;
		return 0;
	}
	count = 0;
	for (const struct corridor_tie *t = list; t; t = t->next)
		(*out)[count++] = t->element;
	return count;
}

static void
complete_roadm(struct builder *b, uint32_t roadm)
{
	uint32_t *list;
	struct arena *arena = b->network->arena;
	size_t count = neighbours(b, element(b, roadm)->before, &list);
	for (size_t i = 0; i < count && !b->failed; i++)
		if (!needs_none(element(b, list[i])))
			insert(b, list[i], roadm,
			       arena_printf(arena, "Edfa_preamp_%s_from_%s", element(b, roadm)->uid,
					    element(b, list[i])->uid),
			       roadm);
	count = neighbours(b, element(b, roadm)->after, &list);
	for (size_t i = 0; i < count && !b->failed; i++)
		if (!needs_none(element(b, list[i])))
			insert(b, roadm, list[i],
			       arena_printf(arena, "Edfa_booster_%s_to_%s", element(b, roadm)->uid,
					    element(b, list[i])->uid),
			       roadm);
}

int
corridor_network_complete(struct corridor_network *network,
			  const struct corridor_equipment *equipment, struct buf *notes,
			  struct corridor_complaint *complaint)
{
	struct builder b = {.network = network, .rules = &equipment->rules, .notes = notes};
	size_t count = network->count;
	for (uint32_t i = 0; i < count && !b.failed; i++)
		if (element(&b, i)->kind == CORRIDOR_FIBRE && !element(&b, i)->gone)
			split(&b, i);
	for (uint32_t i = 0; i < network->count && !b.failed; i++)
		if (element(&b, i)->kind == CORRIDOR_ROADM)
			complete_roadm(&b, i);
	count = network->count;
	for (uint32_t i = 0; i < count && !b.failed; i++) {
		uint32_t after = corridor_network_after(network, i);
		if (element(&b, i)->kind == CORRIDOR_FIBRE && !element(&b, i)->gone &&
		    element(&b, after)->kind == CORRIDOR_FIBRE)
			insert(&b, i, after,
			       arena_printf(network->arena, "Edfa_%s", element(&b, i)->uid), i);
	}
	if (b.failed)
		corridor_complain(complaint, 500,
				  network->count >= CORRIDOR_ELEMENTS_MAX
					  ? "more than 131072 elements"
					  : "out of memory");
	return b.failed ? -1 : 0;
}
