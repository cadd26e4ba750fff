/* GeoJSON from outside: whatever it says, it is refused with a complaint of lines, or its lists are
 * tried as part of a hub file; what then holds is written, and that reads back. */
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "corridor/corridor_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct hub_site sites[] = {
	{.id = "AKU", .name = "Aktau", .longitude = 51.2365, .latitude = 43.6232},
	{.id = "IX", .name = "nowhere", .longitude = NAN, .latitude = NAN},
};
static const struct hub known = {.sites = sites, .site_count = 2};

static void
write_again(const struct hub *hub)
{
	struct hub_csv_trouble trouble;
	struct corridor_import again = {0};
	struct hub_report report;
	for (size_t i = 0; i < HUB_CSV_LISTS; i++)
		assert(hub_csv_write(hub, hub_csv_list(hub_csv_lists[i]), &again.csv[i],
				     &trouble) == 0);
	struct hub *second = corridor_import_try(&again, NULL, &report);
	assert(second);
	hub_free(second);
	hub_report_fini(&report);
	corridor_import_fini(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct corridor_import import = {0};
	struct hub_report report;
	if (corridor_import_json(&import, (const char *)data, size, &known) < 0) {
		assert(import.complaint_count > 0 && import.complaints.length > 0);
	} else {
		struct hub *hub = corridor_import_try(&import, NULL, &report);
		if (hub)
			write_again(hub);
		hub_free(hub);
		hub_report_fini(&report);
	}
	corridor_import_fini(&import);
	return 0;
}
