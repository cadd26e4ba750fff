/* Files of towers and of existing fibre, in CSV and GeoJSON, and the plan that comes of them.
 * Whatever they say, there is a plan or a complaint. The first octet says which file it is. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/hub_report.h"
#include "view/view_corridor_reach.h"
#include "view/view_corridor_reach_settings.h"

enum { TOWERS_MAX = 200 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_text(struct corridor_reach_input *input, bool towers, const uint8_t *data, size_t size)
{
	struct hub_report report;
	struct buf bytes = {0};
	hub_report_init(&report);
	buf_put(&bytes, data, size);
	int result = towers ? corridor_reach_read_towers(input, &report, "towers", &bytes)
			    : corridor_reach_read_fibre(input, &report, "fibre", &bytes);
	assert((result == 0) == (report.count == 0));
	buf_fini(&bytes);
	hub_report_fini(&report);
}

static void
plan(struct corridor_reach_input *input, enum hub_reach_count count)
{
	struct hub_reach wanted = {.currency = {"USD"}, .count = count, .stretch_max_km = NAN};
	struct corridor_complaint complaint;
	struct view_reach view;
	struct buf out = {0};
	if (view_reach_make(&view, input, NULL, &wanted, &complaint) < 0) {
		assert(complaint.status >= 400);
		return;
	}
	for (unsigned y = 0; y < view.plan.year_count; y++)
		assert(view.plan.years[y].least_cost <= view.plan.years[y].cost_so_far);
	view_reach_text(&out, &view);
	view_reach_csv(&out, &view);
	view_reach_geojson(&out, &view);
	view_reach_map(&out, &view, NULL, 0);
	view_reach_curve_svg(&out, &view);
	buf_fini(&out);
	view_reach_fini(&view);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char one[] = "id,lat,lon,on_fibre\nA,30,70,yes\nB,30.1,70.1,no\n";
	if (size == 0)
		return 0;
	if (data[0] == 'S') {
		hub_free(view_reach_settings_read((const char *)data + 1, size - 1));
		return 0;
	}
	struct corridor_reach_input input = corridor_reach_input_new();
	assert(input.arena);
	bool towers = data[0] != 'F';
	if (!towers)
		read_text(&input, true, (const uint8_t *)one, sizeof(one) - 1);
	read_text(&input, towers, data + 1, size - 1);
	if (input.tower_count > 0 && input.tower_count < TOWERS_MAX)
		plan(&input, data[0] % 3);
	corridor_reach_input_fini(&input);
	return 0;
}
