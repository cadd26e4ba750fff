/* Lists of the corridor as CSV from outside, a zero octet between two files: which list one is shows from its columns or
 * not; together they are tried as part of a hub file; what then holds is written, and that reads back as the same text. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "corridor/corridor_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* False: no list, or one that was there before. */
static bool
take_file(struct corridor_import *all, const char *text, size_t length)
{
	struct corridor_import one = {0};
	size_t which = corridor_import_which("-", text, length);
	if (which == HUB_CSV_LISTS)
		return false;
	assert(corridor_import_csv(&one, which, text, length) == 0);
	size_t twice = corridor_import_join(all, &one);
	assert(twice == HUB_CSV_LISTS || twice == which);
	corridor_import_fini(&one);
	return twice == HUB_CSV_LISTS;
}

/* False: a value that no cell can hold, and it is said which. */
static bool
write_lists(struct corridor_import *out, const struct hub *hub)
{
	for (size_t i = 0; i < HUB_CSV_LISTS; i++) {
		struct hub_csv_trouble trouble = {0};
		if (hub_csv_write(hub, hub_csv_list(hub_csv_lists[i]), &out->csv[i], &trouble) <
		    0) {
			assert(trouble.key && trouble.why);
			return false;
		}
	}
	return true;
}

static void
write_again(const struct hub *hub)
{
	struct corridor_import once = {0}, twice = {0};
	struct hub_report report;
	if (write_lists(&once, hub)) {
		struct hub *second = corridor_import_try(&once, NULL, &report);
		assert(second && write_lists(&twice, second));
		for (size_t i = 0; i < HUB_CSV_LISTS; i++)
			assert(once.csv[i].length == twice.csv[i].length &&
			       (!once.csv[i].length || memcmp(once.csv[i].data, twice.csv[i].data,
							      once.csv[i].length) == 0));
		hub_free(second);
		hub_report_fini(&report);
	}
	corridor_import_fini(&once);
	corridor_import_fini(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct corridor_import all = {0};
	struct hub_report report;
	bool good = size > 0;
	for (size_t at = 0; good && at < size;) {
		const uint8_t *zero = memchr(data + at, 0, size - at);
		size_t length = zero ? (size_t)(zero - data) - at : size - at;
		good = take_file(&all, (const char *)data + at, length);
		at += length + 1;
	}
	if (good) {
		struct hub *hub = corridor_import_try(&all, NULL, &report);
		assert((hub == NULL) == (report.count > 0));
		if (hub)
			write_again(hub);
		hub_free(hub);
		hub_report_fini(&report);
	}
	corridor_import_fini(&all);
	return 0;
}
