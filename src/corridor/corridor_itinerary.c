/* What is to be known of one way. */
#include "corridor/corridor_itinerary.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_availability.h"

static bool
has_country(const struct country *countries, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(countries[i].code, code) == 0)
			return true;
	return false;
}

static int
country_compare(const void *a, const void *b)
{
	return strcmp(((const struct country *)a)->code, ((const struct country *)b)->code);
}

static size_t
place_of(const struct corridor_segment *segment, const struct country *country)
{
	size_t i = 0;
	while (i < segment->country_count && strcmp(segment->countries[i].code, country->code) != 0)
		i++;
	return i;
}

static void
add_country(struct corridor_itinerary *it, size_t *count, const struct country *country)
{
	if (!has_country(it->crossed, *count, country->code))
		it->crossed[(*count)++] = *country;
}

/* The segment's countries as one travels it: that of the site where it is entered, those between,
 * that of the site where it is left. Those between stand as written, or backwards when the ends do.
 */
static void
cross(struct corridor_itinerary *it, size_t *count, const struct corridor_plan *plan, size_t step)
{
	const struct corridor_segment *s = &plan->segments[it->path->segments[step]];
	const struct country *in = &plan->hub->sites[it->path->sites[step]].country;
	const struct country *out = &plan->hub->sites[it->path->sites[step + 1]].country;
	size_t first = place_of(s, in), last = place_of(s, out), n = s->country_count;
	bool backwards = first < n && last < n && last < first;
	if (first < n)
		add_country(it, count, in);
	for (size_t i = 0; i < n; i++) {
		const struct country *c = &s->countries[backwards ? n - 1 - i : i];
		if (strcmp(c->code, out->code) != 0)
			add_country(it, count, c);
	}
	if (last < n)
		add_country(it, count, out);
}

static int
take_countries(struct corridor_itinerary *it, struct arena *arena, const struct corridor_plan *plan)
{
	const struct corridor_path *path = it->path;
	size_t most = 0, crossed = 0;
	for (size_t i = 0; i < path->segment_count; i++)
		most += plan->segments[path->segments[i]].country_count;
	it->countries = arena_take(arena, (most + 1) * sizeof(*it->countries));
	it->crossed = arena_take(arena, (most + 1) * sizeof(*it->crossed));
	if (!it->countries || !it->crossed)
		return -1;
	for (size_t i = 0; i < path->segment_count; i++) {
		const struct corridor_segment *s = &plan->segments[path->segments[i]];
		size_t before = it->country_count;
		for (size_t c = 0; c < s->country_count; c++)
			if (!has_country(it->countries, it->country_count, s->countries[c].code))
				it->countries[it->country_count++] = s->countries[c];
		qsort(it->countries + before, it->country_count - before, sizeof(*it->countries),
		      country_compare);
		cross(it, &crossed, plan, i);
	}
	assert(crossed == it->country_count);
	return 0;
}

/* The names of a class as they are met. */
static int
take_names(struct corridor_itinerary *it, struct arena *arena, const struct corridor_plan *plan,
	   enum corridor_class class)
{
	const struct corridor_relation *r = &plan->classes[class];
	bool *met = arena_take(arena, r->count + 1);
	it->names[class] = arena_take(arena, (r->count + 1) * sizeof(*it->names[class]));
	if (!met || !it->names[class])
		return -1;
	for (size_t i = 0; i < it->path->segment_count; i++) {
		uint32_t s = it->path->segments[i];
		for (uint32_t k = r->first[s]; k < r->first[s + 1]; k++) {
			if (met[r->of[k]])
				continue;
			met[r->of[k]] = true;
			it->names[class][it->name_count[class]++] = r->of[k];
		}
	}
	return 0;
}

static void
sum_segments(struct corridor_itinerary *it, const struct corridor_plan *plan)
{
	uint64_t cm = 0, estimated = 0;
	it->narrowest = HUB_NONE;
	for (size_t i = 0; i < it->path->segment_count; i++) {
		const struct corridor_segment *s = &plan->segments[it->path->segments[i]];
		cm += s->length_cm;
		corridor_grounds_add(&it->length, &s->length_km, 1);
		corridor_grounds_add(&it->price, &s->price, 1);
		it->undated += s->undated;
		if (s->length_km.basis == HUB_ESTIMATED) {
			it->estimated_lengths++;
			estimated += s->length_cm;
		}
		if (it->narrowest == HUB_NONE || s->capacity_tbps.value < it->capacity_tbps.value) {
			it->narrowest = it->path->segments[i];
			it->capacity_tbps = (struct corridor_range){s->capacity_tbps.value,
								    s->capacity_tbps.low,
								    s->capacity_tbps.high};
		}
	}
	it->length_km = (double)cm / 1e5;
	it->estimated_km = (double)estimated / 1e5;
	it->round_trip_ms = (struct corridor_range){corridor_round_trip_ms(it->length_km),
						    corridor_round_trip_ms(it->length.low),
						    corridor_round_trip_ms(it->length.high)};
}

int
corridor_itinerary_of(struct corridor_itinerary *out, struct arena *arena,
		      const struct corridor_plan *plan, const struct corridor_path *path)
{
	assert(out && arena && plan && path);
	struct corridor_itinerary it = {.path = path};
	sum_segments(&it, plan);
	if (take_countries(&it, arena, plan) < 0)
		return -1;
	for (int class = CORRIDOR_COUNTRIES + 1; class < CORRIDOR_CLASSES; class ++)
		if (take_names(&it, arena, plan, (enum corridor_class) class) < 0)
			return -1;
	it.availability = (struct corridor_range){
		corridor_availability_way(path, &plan->parts),
		corridor_availability_way(path, &plan->parts_low),
		corridor_availability_way(path, &plan->parts_high),
	};
	if (it.availability.value < 0 || it.availability.low < 0 || it.availability.high < 0)
		return -1;
	*out = it;
	return 0;
}

double
corridor_itinerary_estimated_share(const struct corridor_itinerary *itinerary)
{
	return itinerary->length_km > 0 ? itinerary->estimated_km / itinerary->length_km : 0;
}
