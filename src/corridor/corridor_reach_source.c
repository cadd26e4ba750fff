/* Lines are cut into pieces of about 2 km along their great circles; on a piece so short the nearest
 * point of the chord is that of the arc to within a millimetre. */
#include "corridor/corridor_reach_source.h"

#include <math.h>
#include <stdlib.h>

static const double piece_km = 2;

struct collector {
	struct corridor_reach_source *pieces; /* NULL: they are only counted */
	size_t count;
	double piece_km;
};

static struct corridor_vector
mix(struct corridor_vector a, double of_a, struct corridor_vector b, double of_b)
{
	return (struct corridor_vector){a.x * of_a + b.x * of_b, a.y * of_a + b.y * of_b,
					a.z * of_a + b.z * of_b};
}

static struct corridor_vector
unit(struct corridor_vector v)
{
	double length = sqrt(v.x * v.x + v.y * v.y + v.z * v.z);
	return length > 0 ? mix(v, 1 / length, v, 0) : v;
}

static void
add_piece(struct collector *c, struct corridor_reach_source piece)
{
	if (c->pieces)
		c->pieces[c->count] = piece;
	c->count++;
}

static void
add_arc(struct collector *c, struct corridor_reach_source whole)
{
	double angle = 2 * asin(fmin(1, sqrt(corridor_vector_chord2(whole.a, whole.b)) / 2));
	double km = corridor_chord2_km(corridor_vector_chord2(whole.a, whole.b));
	size_t parts = (size_t)ceil(fmax(1, km / c->piece_km));
	/* Between opposite ends of the globe any way is the shortest: it has no inside. */
	if (sin(angle) < 1e-9)
		parts = 1;
	struct corridor_vector from = whole.a;
	for (size_t i = 1; i <= parts; i++) {
		double t = (double)i / (double)parts;
		struct corridor_vector to =
			i == parts
				? whole.b
				: unit(mix(whole.a, sin((1 - t) * angle), whole.b, sin(t * angle)));
		struct corridor_reach_source piece = whole;
		piece.a = from;
		piece.b = to;
		add_piece(c, piece);
		from = to;
	}
}

static void
collect_lines(struct collector *c, const struct corridor_reach_input *input)
{
	for (uint32_t i = 0; i < input->line_count; i++) {
		const struct corridor_reach_line *line = &input->lines[i];
		for (size_t k = 0; k < line->count; k++) {
			size_t before = k > 0 ? k - 1 : 0;
			if (k == 0 && line->count > 1)
				continue;
			struct corridor_reach_source whole = {
				.a = corridor_vector_of(line->latitudes[before],
							line->longitudes[before]),
				.b = corridor_vector_of(line->latitudes[k], line->longitudes[k]),
				.kind = REACH_FROM_LINE,
				.index = i};
			add_arc(c, whole);
		}
	}
}

static bool
has_place(const struct hub_site *site)
{
	return !isnan(site->latitude) && !isnan(site->longitude);
}

static void
collect_hub(struct collector *c, const struct hub *hub,
	    const struct corridor_reach_settings *settings)
{
	for (uint32_t i = 0; i < hub->segment_count; i++) {
		const struct hub_segment *s = &hub->segments[i];
		const uint32_t ends[] = {s->a, s->b};
		const struct hub_site *a = &hub->sites[s->a], *b = &hub->sites[s->b];
		if (!s->usable)
			continue;
		for (size_t k = 0; k < 2 && settings->sites; k++) {
			const struct hub_site *site = &hub->sites[ends[k]];
			struct corridor_vector at =
				corridor_vector_of(site->latitude, site->longitude);
			struct corridor_reach_source point = {at, at, REACH_FROM_SITE, ends[k]};
			if (has_place(site))
				add_piece(c, point);
		}
		bool land = !s->type || s->type[0] != 's'; /* no tower is under the sea */
		struct corridor_reach_source whole = {corridor_vector_of(a->latitude, a->longitude),
						      corridor_vector_of(b->latitude, b->longitude),
						      REACH_FROM_SEGMENT, i};
		if (settings->segments && land && has_place(a) && has_place(b))
			add_arc(c, whole);
	}
}

static void
collect(struct collector *c, const struct corridor_reach_input *input, const struct hub *hub,
	const struct corridor_reach_settings *settings)
{
	c->count = 0;
	for (uint32_t i = 0; i < input->tower_count; i++) {
		const struct corridor_reach_tower *t = &input->towers[i];
		struct corridor_vector at = corridor_vector_of(t->latitude, t->longitude);
		if (t->on_fibre && !isnan(t->latitude))
			add_piece(c, (struct corridor_reach_source){at, at, REACH_FROM_TOWER, i});
	}
	collect_lines(c, input);
	if (hub && (settings->sites || settings->segments))
		collect_hub(c, hub, settings);
}

static int
file_pieces(struct corridor_reach_sources *s)
{
	struct corridor_vector *middles = calloc(s->count + 1, sizeof(*middles));
	double *reach = calloc(s->count + 1, sizeof(*reach));
	for (size_t i = 0; middles && reach && i < s->count; i++) {
		double chord = sqrt(corridor_vector_chord2(s->pieces[i].a, s->pieces[i].b));
		middles[i] = mix(s->pieces[i].a, 0.5, s->pieces[i].b, 0.5);
		/* A point on the globe is a little further from the middle than the chord's is. */
		reach[i] = chord > 0 ? chord / 2 * 1.0001 + 1e-9 : 0;
	}
	if (middles && reach)
		s->near = corridor_near_new(middles, s->count);
	if (s->near)
		corridor_near_lengthen(s->near, reach);
	free(middles);
	free(reach);
	return s->near ? 0 : -1;
}

int
corridor_reach_sources_find(struct corridor_reach_sources *out,
			    const struct corridor_reach_input *input, const struct hub *hub,
			    const struct corridor_reach_settings *settings,
			    struct corridor_complaint *complaint)
{
	struct corridor_reach_sources s = {0};
	struct collector c = {.piece_km = piece_km};
	collect(&c, input, hub, settings);
	if (c.count == 0) {
		corridor_complain(complaint, 400,
				  "there is no existing fibre to start from: no tower is on fibre, "
				  "and no file of fibre or site of a hub was given");
		return -1;
	}
	if (c.count > CORRIDOR_REACH_PIECES) {
		corridor_complain(complaint, 400,
				  "the existing fibre is too long: more than %d pieces of 2 km",
				  CORRIDOR_REACH_PIECES);
		return -1;
	}
	s.pieces = calloc(c.count, sizeof(*s.pieces));
	c.pieces = s.pieces;
	if (c.pieces)
		collect(&c, input, hub, settings);
	s.count = c.count;
	if (!s.pieces || file_pieces(&s) < 0) {
		corridor_complain(complaint, 500, "out of memory");
		free(s.pieces);
		return -1;
	}
	*out = s;
	return 0;
}

/* The point of the piece that is nearest to a place, on the globe. */
static struct corridor_vector
nearest_point(const struct corridor_reach_source *piece, struct corridor_vector at)
{
	struct corridor_vector along = mix(piece->b, 1, piece->a, -1),
			       to = mix(at, 1, piece->a, -1);
	double length2 = along.x * along.x + along.y * along.y + along.z * along.z;
	double t = length2 > 0 ? (along.x * to.x + along.y * to.y + along.z * to.z) / length2 : 0;
	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return unit(mix(piece->a, 1 - t, piece->b, t));
}

static double
measure(const void *context, uint32_t index, struct corridor_vector at)
{
	const struct corridor_reach_source *pieces = context;
	return corridor_vector_chord2(nearest_point(&pieces[index], at), at);
}

uint32_t
corridor_reach_source_nearest(double *km, const struct corridor_reach_sources *sources,
			      struct corridor_vector at)
{
	uint32_t best = corridor_near_thing(sources->near, at, measure, sources->pieces);
	*km = corridor_chord2_km(measure(sources->pieces, best, at));
	return best;
}

void
corridor_reach_start(double *latitude, double *longitude, const struct corridor_reach_net *net,
		     const struct corridor_reach_place *place)
{
	corridor_vector_place(nearest_point(&net->sources[place->source], place->at), latitude,
			      longitude);
}
