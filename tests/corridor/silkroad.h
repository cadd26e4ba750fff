/* The corridor of examples/silkroad as a picture, for the tests. */
#pragma once

#include <math.h>
#include <stdlib.h>

#include "csv.h"
#include "hub/hub.h"

static struct csv silkroad_sites, silkroad_segments;

static double
number_or_nan(const char *text)
{
	return text[0] ? strtod(text, NULL) : NAN;
}

static struct hub *
silkroad(void)
{
	struct hub *hub = calloc(1, sizeof(*hub));
	silkroad_sites = csv_read("examples/silkroad/sites.csv");
	silkroad_segments = csv_read("examples/silkroad/segments.csv");
	hub->arena = arena_new();
	hub->name = "test hub";
	hub->site_count = silkroad_sites.rows;
	hub->sites = arena_take(hub->arena, hub->site_count * sizeof(*hub->sites));
	for (size_t i = 0; i < hub->site_count; i++) {
		struct hub_site *s = &hub->sites[i];
		const struct csv *c = &silkroad_sites;
		s->id = csv_get(c, i, "id");
		s->name = csv_get(c, i, "name");
		s->kind = csv_get(c, i, "kind");
		snprintf(s->country.code, 3, "%s", csv_get(c, i, "country"));
		s->latitude = number_or_nan(csv_get(c, i, "lat"));
		s->longitude = number_or_nan(csv_get(c, i, "lon"));
	}
	hub->segment_count = silkroad_segments.rows;
	hub->segments = arena_take(hub->arena, hub->segment_count * sizeof(*hub->segments));
	for (size_t i = 0; i < hub->segment_count; i++) {
		struct hub_segment *s = &hub->segments[i];
		const struct csv *c = &silkroad_segments;
		s->id = csv_get(c, i, "id");
		s->name = csv_get(c, i, "name");
		for (uint32_t k = 0; k < hub->site_count; k++) {
			if (!strcmp(hub->sites[k].id, csv_get(c, i, "a")))
				s->a = k;
			if (!strcmp(hub->sites[k].id, csv_get(c, i, "b")))
				s->b = k;
		}
		s->length_km = number_or_nan(csv_get(c, i, "length_km"));
		s->length_basis_text = csv_get(c, i, "length_basis");
		s->length_basis =
			!strncmp(s->length_basis_text, "est", 3) ? HUB_ESTIMATED : HUB_SEEN;
		s->design_tbps = number_or_nan(csv_get(c, i, "design_tbps"));
		s->lit_tbps = number_or_nan(csv_get(c, i, "lit_or_active_tbps"));
		s->status = csv_get(c, i, "status");
		static const char *const used[] = {"in service", "landed", "said", "under"};
		for (size_t k = 0; k < 4; k++)
			s->usable |= !strncmp(s->status, used[k], strlen(used[k]));
		char *copy = arena_str(hub->arena, csv_get(c, i, "countries_crossed")), *save;
		s->countries = arena_take(hub->arena, 20 * sizeof(*s->countries));
		for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
			snprintf(s->countries[s->country_count++].code, 3, "%s", w);
		copy = arena_str(hub->arena, csv_get(c, i, "srlg"));
		s->srlgs = arena_take(hub->arena, 20 * sizeof(*s->srlgs));
		for (char *w = strtok_r(copy, ";", &save); w; w = strtok_r(NULL, ";", &save))
			s->srlgs[s->srlg_count++] = w;
		s->source = csv_get(c, i, "source");
		s->confidence_text = csv_get(c, i, "confidence");
	}
	return hub;
}

__attribute__((unused)) static void
silkroad_free(struct hub *hub)
{
	arena_free(hub->arena);
	csv_fini(&silkroad_sites);
	csv_fini(&silkroad_segments);
	free(hub);
}
