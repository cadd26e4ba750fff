/* What a plan of reach starts from, as GeoJSON: existing fibre, and names of places. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "view/view_corridor_reach_parts.h"

enum { NAMES_MOST = 60 };

static void
feature(struct json *j, const char *type)
{
	json_object(j, NULL);
	json_str(j, "type", "Feature");
	json_object(j, "geometry");
	json_str(j, "type", type);
	json_array(j, "coordinates");
}

static void
fibre(struct json *j, const struct corridor_reach_line *line)
{
	feature(j, "LineString");
	for (size_t i = 0; i < line->count; i++)
		view_reach_position(j, line->latitudes[i], line->longitudes[i]);
	json_array_end(j);
	json_object_end(j);
	json_object(j, "properties");
	json_str(j, "name", line->name);
	json_object_end(j);
	json_object_end(j);
}

static void
place(struct json *j, const struct view_reach_name *name)
{
	double latitude, longitude;
	corridor_vector_place(name->middle, &latitude, &longitude);
	feature(j, "Point");
	json_fixed(j, NULL, longitude, 6);
	json_fixed(j, NULL, latitude, 6);
	json_array_end(j);
	json_object_end(j);
	json_object(j, "properties");
	json_str(j, "name", name->name);
	json_u64(j, "towers", name->count);
	json_fixed(j, "spread_km", name->spread_km, 3);
	json_object_end(j);
	json_object_end(j);
}

void
view_reach_existing(struct buf *out, const struct view_reach *view)
{
	assert(out && view);
	struct view_reach_name *names;
	size_t count = view_reach_names(&names, view);
	struct json j = json_to(out);
	json_object(&j, NULL);
	json_str(&j, "type", "FeatureCollection");
	json_array(&j, "features");
	/* Points of fibre are no lines. */
	for (size_t i = 0; i < view->input.line_count; i++)
		if (view->input.lines[i].count > 1)
			fibre(&j, &view->input.lines[i]);
	for (size_t i = 0; i < count && i < NAMES_MOST; i++)
		place(&j, &names[i]);
	json_array_end(&j);
	json_object_end(&j);
	buf_str(out, "\n");
	free(names);
}
