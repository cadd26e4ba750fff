/* Questions to the corridor as they come over the control socket: words separated by tabs. Whatever
 * they say, there is an answer or a complaint of one line. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view/view_corridor.h"

enum { WORDS_MAX = 32 };

static struct country countries[] = {{"PK"}, {"CN"}};
static const char *groups[] = {"KKH", "N\u00fc"};
static struct hub_site sites[] = {
	{.id = "KHI", .name = "Karachi", .latitude = 24.87, .longitude = 66.99},
	{.id = "URC", .name = "\u00dcr\u00fcmqi", .latitude = 43.8, .longitude = 87.6},
	{.id = "IX", .name = "Karachi Exchange", .latitude = NAN, .longitude = NAN},
};
static struct hub_segment segments[] = {
	{.id = "N1",
	 .name = "Over the pass",
	 .a = 0,
	 .b = 1,
	 .length_km = 3000,
	 .usable = true,
	 .countries = countries,
	 .country_count = 2,
	 .srlgs = groups,
	 .srlg_count = 2},
	{.id = "N2", .a = 1, .b = 0, .length_km = NAN, .status = "planned"},
	{.id = "N3", .a = 1, .b = 0, .length_km = 0.00001, .usable = true, .status = "in service"},
};
static struct hub hub = {.sites = sites, .site_count = 3, .segments = segments, .segment_count = 3};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct corridor_complaint complaint = {0};
	struct view_corridor view;
	const char *words[WORDS_MAX];
	size_t count = 0;
	if (size == 0 || view_corridor_of_file(&view, &hub, (struct utc_s){0}, &complaint) < 0)
		return 0;
	char *text = malloc(size);
	assert(text);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	for (char *w = strtok(text, "\t"); w && count < WORDS_MAX; w = strtok(NULL, "\t"))
		words[count++] = w;
	struct buf out = {0};
	if (view_corridor_answer(&out, &view, data[0] % 3, words, count, &complaint) < 0)
		assert(complaint.status >= 400 &&
		       strnlen(complaint.text, sizeof(complaint.text)) < sizeof(complaint.text));
	buf_fini(&out);
	free(text);
	view_corridor_fini(&view);
	return 0;
}
