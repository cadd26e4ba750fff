/* The towers of a file looked at together. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/corridor_geo.h"
#include "corridor/corridor_reach_parts.h"

void
corridor_reach_say(struct corridor_reach_reader *r, const char *format, ...)
{
	char text[400];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (r->feature)
		hub_complain(r->report, r->mark, "feature %zu: %s", r->feature, text);
	else
		hub_complain(r->report, r->mark, "%s", text);
}

static int
compare_ids(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
find_twins(const struct corridor_reach_input *input, struct hub_report *report, struct hub_mark at)
{
	size_t before = report->count + report->more;
	const char **ids = calloc(input->tower_count + 1, sizeof(*ids));
	if (!ids) {
		hub_complain(report, at, "out of memory");
		return -1;
	}
	for (size_t i = 0; i < input->tower_count; i++)
		ids[i] = input->towers[i].id;
	qsort(ids, input->tower_count, sizeof(*ids), compare_ids);
	for (size_t i = 1; i < input->tower_count && !hub_report_full(report); i++)
		if (strcmp(ids[i], ids[i - 1]) == 0 && (i < 2 || strcmp(ids[i], ids[i - 2]) != 0))
			hub_complain(report, at, "id: \"%s\" is there twice",
				     hub_show(ids[i]).text);
	free(ids);
	return report->count + report->more == before ? 0 : -1;
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* The middle of all towers, as the direction in which most of them are. */
static struct corridor_vector
middle_of(const struct corridor_reach_input *input)
{
	struct corridor_vector sum = {0};
	for (size_t i = 0; i < input->tower_count; i++) {
		const struct corridor_reach_tower *t = &input->towers[i];
		if (isnan(t->latitude))
			continue;
		struct corridor_vector v = corridor_vector_of(t->latitude, t->longitude);
		sum.x += v.x;
		sum.y += v.y;
		sum.z += v.z;
	}
	return sum;
}

/* A tower far from all others that would be among them with its coordinates exchanged. A country may
 * be wide, so it is measured by its own width. */
static void
find_exchanged(struct corridor_reach_input *input, double *km)
{
	double latitude, longitude;
	size_t known = 0;
	corridor_vector_place(middle_of(input), &latitude, &longitude);
	for (size_t i = 0; i < input->tower_count; i++) {
		const struct corridor_reach_tower *t = &input->towers[i];
		if (!isnan(t->latitude))
			km[known++] = corridor_geo_distance_km(latitude, longitude, t->latitude,
							       t->longitude);
	}
	if (known < 3)
		return;
	qsort(km, known, sizeof(*km), compare_doubles);
	double half_km = km[known / 2], near_km = 2 * half_km + 100, far_km = 5 * half_km + 500;
	for (size_t i = 0; i < input->tower_count; i++) {
		struct corridor_reach_tower *t = &input->towers[i];
		if (isnan(t->latitude) || fabs(t->longitude) > 90 ||
		    corridor_geo_distance_km(latitude, longitude, t->latitude, t->longitude) <
			    far_km ||
		    corridor_geo_distance_km(latitude, longitude, t->longitude, t->latitude) >
			    near_km)
			continue;
		if (!input->notes.far_off++)
			input->notes.far_off_id = t->id;
		t->latitude = t->longitude = NAN;
	}
}

int
corridor_reach_look(struct corridor_reach_input *input, struct hub_report *report, const char *file)
{
	struct hub_mark at = {arena_str(input->arena, file), 0, 0};
	if (input->tower_count == 0) {
		hub_complain(report, at, "there are no towers in it");
		return -1;
	}
	if (find_twins(input, report, at) < 0)
		return -1;
	double *km = calloc(input->tower_count, sizeof(*km));
	if (!km) {
		hub_complain(report, at, "out of memory");
		return -1;
	}
	find_exchanged(input, km);
	free(km);
	return 0;
}
