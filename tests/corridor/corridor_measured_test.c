/* Demands as they were measured, out of the ledger's words. */
#include "corridor/corridor_measured.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "tap.h"

static struct hub_site sites[] = {{.id = "KHI"}, {.id = "FRA"}};
static struct hub_member members[] = {{.asn = {64501}, .name = "One"},
				      {.asn = {64502}, .name = "Two"}};
static struct country avoided[] = {{.code = "RU"}};
static struct hub_demand demands[] = {
	{.split = true,
	 .id = "one",
	 .from = 0,
	 .to = 1,
	 .gbps = NAN,
	 .member = 0,
	 .avoid = avoided,
	 .avoid_count = 1},
	{.split = true, .id = "told", .from = 0, .to = 1, .gbps = 5, .member = 0},
	{.split = true, .id = "two", .from = 1, .to = 0, .gbps = NAN, .member = 1},
};
static const struct hub hub = {.sites = sites,
			       .site_count = 2,
			       .members = members,
			       .member_count = 2,
			       .demands = demands,
			       .demand_count = 3};

static const char answer[] =
	"{\"from\":\"2026-11-01T00:00:00Z\",\"to\":\"2026-11-08T00:00:00Z\",\"interval_s\":300,"
	"\"intervals\":2016,\"simulated\":false,\"within_sites_bps\":5000000000,\"unplaced_bps\":"
	"1000000000,\"left_out_bps\":0,\"ports_without_site\":[\"x\"],\"members\":[{\"asn\":64501,"
	"\"mean_bps\":1000000000,\"p95_bps\":2000000000,\"peak_bps\":3000000000}],\"demands\":["
	"{\"asn\":64501,\"from\":\"KHI\",\"to\":\"FRA\",\"mean_bps\":100000000,\"p95_bps\":"
	"200000000,\"peak_bps\":300000000,\"samples\":400},"
	"{\"asn\":64999,\"from\":\"KHI\",\"to\":\"FRA\",\"mean_bps\":1,\"p95_bps\":1,\"peak_bps\":"
	"1,"
	"\"samples\":1},{\"asn\":64502,\"from\":\"KHI\",\"to\":\"LON\",\"p95_bps\":1},"
	"{\"asn\":64502,\"from\":\"FRA\",\"to\":\"KHI\",\"mean_bps\":7,\"p95_bps\":0,\"peak_bps\":"
	"9,"
	"\"samples\":1},{\"asn\":64502,\"from\":7,\"to\":[],\"p95_bps\":\"x\"},null,4]}";

static void
test_words(void)
{
	struct corridor_measured_ask ask = {0};
	struct corridor_complaint complaint;
	const char *words[] = {"corridor", "flow",    "--demands", "measured",   "--k",
			       "4",        "--hours", "24",        "--measured", "peak"};
	size_t count = 10;
	ok(corridor_measured_asked(words, count) && !corridor_measured_asked(words, 2),
	   "measured demands are asked for by their words");
	ok(corridor_measured_take(&ask, words, &count, &complaint) == 0 && count == 4 &&
		   strcmp(words[2], "--k") == 0 && strcmp(words[3], "4") == 0 && ask.matrix &&
		   ask.statistic == CORRIDOR_PEAK && strcmp(ask.hours, "24") == 0 && !ask.month,
	   "which are taken out of the question");
	const char *of_month[] = {"--month", "2026-10", "--measured", "p95"};
	ask = (struct corridor_measured_ask){.keeps_month = true};
	count = 4;
	ok(corridor_measured_take(&ask, of_month, &count, &complaint) == 0 && count == 2 &&
		   strcmp(of_month[0], "--month") == 0 && strcmp(of_month[1], "2026-10") == 0 &&
		   strcmp(ask.month, "2026-10") == 0,
	   "a month that the question asks of, too, stays among its words");
	ask.keeps_month = false;
	const char *const bad[][4] = {{"--measured", "p50"},
				      {"--demands", "told"},
				      {"--measured"},
				      {"--month", "2026-11", "--hours", "3"}};
	bool refused = true;
	for (size_t i = 0; i < 4; i++) {
		const char *some[4];
		memcpy(some, bad[i], sizeof(some));
		count = i == 2 ? 1 : i == 3 ? 4 : 2;
		refused &= corridor_measured_take(&ask, some, &count, &complaint) < 0 &&
			   complaint.status == 400;
	}
	ok(refused, "what makes no sense is refused");
}

/* What goes to a member keeps to what that avoids, as what comes from it does. */
static void
test_both_ways(void)
{
	static const char rows[] =
		"{\"from\":\"2026-11-01T00:00:00Z\",\"to\":\"2026-11-08T00:00:00Z\","
		"\"interval_s\":300,\"intervals\":2016,\"simulated\":false,\"within_sites_bps\":0,"
		"\"unplaced_bps\":0,\"left_out_bps\":0,\"ports_without_site\":[],\"members\":[],"
		"\"demands\":[{\"asn\":64502,\"from\":\"FRA\",\"to\":\"KHI\",\"to_asn\":64501,"
		"\"mean_bps\":7,\"p95_bps\":9,\"peak_bps\":9,\"samples\":1},"
		"{\"asn\":64502,\"from\":\"FRA\",\"to\":\"KHI\",\"to_asn\":null,\"mean_bps\":7,"
		"\"p95_bps\":8,\"peak_bps\":9,\"samples\":1},"
		"{\"asn\":64501,\"from\":\"FRA\",\"to\":\"KHI\",\"to_asn\":64502,\"mean_bps\":7,"
		"\"p95_bps\":7,\"peak_bps\":9,\"samples\":1}]}";
	struct country more[] = {{"RU"}, {"IR"}};
	struct hub_steering_member own = {.member = 1, .avoid = more, .avoid_count = 2};
	struct hub steered = hub;
	steered.steering.members = &own;
	steered.steering.member_count = 1;
	struct arena *arena = arena_new();
	struct corridor_measured_hub out;
	struct corridor_measured_ask ask = {.statistic = CORRIDOR_P95, .matrix = true};
	ok(corridor_measured_read(&out, arena, &hub, &ask, rows, strlen(rows)) == 0 &&
		   out.hub.demand_count == 3,
	   "rows to several are demands each");
	const struct hub_demand *d = out.hub.demands;
	ok(strcmp(d[0].id, "64502:FRA-KHI:64501") == 0 && d[0].avoid_count == 1 &&
		   strcmp(d[0].avoid[0].code, "RU") == 0,
	   "what goes to who avoids a country avoids it");
	ok(strcmp(d[1].id, "64502:FRA-KHI") == 0 && d[1].avoid_count == 0,
	   "what does not, does not");
	ok(corridor_measured_read(&out, arena, &steered, &ask, rows, strlen(rows)) == 0 &&
		   out.hub.demands[2].avoid_count == 2 && out.hub.demands[0].avoid_count == 2 &&
		   out.hub.demands[1].avoid_count == 2,
	   "what both ends and the steering of the hub file say counts, each country once");
	arena_free(arena);
}

static void
test_read(void)
{
	struct arena *arena = arena_new();
	struct corridor_measured_hub out;
	struct corridor_measured_ask ask = {.statistic = CORRIDOR_P95, .matrix = true};
	ok(corridor_measured_read(&out, arena, &hub, &ask, answer, strlen(answer)) == 0 &&
		   out.hub.demand_count == 1,
	   "rows of members and sites that the hub has become demands, if there is any traffic");
	const struct hub_demand *d = &out.hub.demands[0];
	ok(strcmp(d->id, "64501:KHI-FRA") == 0 && d->from == 0 && d->to == 1 && d->gbps == 0.2 &&
		   d->member == 0 && d->measured && d->avoid_count == 1 && isnan(d->price),
	   "with what the member avoids");
	ok(fabs(d->basis.low - 0.2 * (1 - 0.098)) < 1e-9 &&
		   fabs(d->basis.high - 0.2 * (1 + 0.098)) < 1e-9,
	   "400 samples are sure within 9.8 %%");
	ok(strstr(out.note, "p95 of 2016 intervals") && strstr(out.note, "5 Gbit/s more stays") &&
		   strstr(out.note, "1 port has no site"),
	   "it is told what they rest on and what is not among them");
	ask = (struct corridor_measured_ask){.statistic = CORRIDOR_MEAN};
	ok(corridor_measured_read(&out, arena, &hub, &ask, answer, strlen(answer)) == 0 &&
		   out.hub.demand_count == 3 && out.hub.demands[0].gbps == 1 &&
		   out.hub.demands[0].measured && out.hub.demands[1].gbps == 5 &&
		   !out.hub.demands[1].measured && isnan(out.hub.demands[2].gbps) &&
		   isnan(demands[0].gbps),
	   "or demands of the hub file have what their members' ports had");
	bool refused = true;
	const char *const bad[] = {"", "{}", "[]", "{\"demands\":[]}", "{\"demands\":[],"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused &= corridor_measured_read(&out, arena, &hub, &ask, bad[i], strlen(bad[i])) <
				   0 &&
			   errno == EBADMSG;
	ok(refused, "anything else is no answer");
	arena_free(arena);
}

static const char contents[] =
	"{\"from\":\"2026-10-01T00:00:00Z\",\"to\":\"2026-11-01T00:00:00Z\",\"interval_s\":300,"
	"\"intervals\":8928,\"shaped\":7000,\"simulated\":false,\"left_out_bps\":0,\"content\":["
	"{\"id\":\"video\",\"mean_bps\":1000000000,\"p95_bps\":2000000000,\"peak_bps\":3000000000,"
	"\"samples\":400,\"split\":false},{\"id\":\"gone\",\"p95_bps\":7},{\"id\":4},null],"
	"\"networks\":[]}";

static void
test_content(void)
{
	struct hub_content list[] = {{.id = "told", .gbps = 4}, {.id = "video", .gbps = NAN}};
	struct hub with = {.content = list, .content_count = 2};
	struct arena *arena = arena_new();
	struct corridor_complaint complaint;
	struct corridor_measured_hub out;
	struct corridor_measured_ask ask = {.content = true};
	const char *words[] = {"video", "--month", "2026-10"};
	size_t count = 3;
	ok(corridor_measured_content_asked(words, count) &&
		   !corridor_measured_content_asked(words, 1) &&
		   corridor_measured_take(&ask, words, &count, &complaint) == 0 && count == 1 &&
		   ask.content && ask.statistic == CORRIDOR_P95 &&
		   strcmp(ask.month, "2026-10") == 0,
	   "of content a month is enough");
	ok(corridor_measured_read(&out, arena, &with, &ask, contents, strlen(contents)) == 0 &&
		   out.hub.content[1].gbps == 2 && out.hub.content[1].measured &&
		   out.hub.content[1].traffic.confidence == HUB_DERIVED &&
		   fabs(out.hub.content[1].traffic.high - 2 * (1 + hypot(0.098, 0.1))) < 1e-9 &&
		   isnan(list[1].gbps),
	   "it takes the percentile of the month, derived where only shares of days are left");
	ok(out.hub.content[0].gbps == 4 && !out.hub.content[0].measured &&
		   strstr(out.note, "Of 7000 of them a network has its share") != NULL,
	   "what is not measured stays as told, and the note tells the shares");
	ask.statistic = CORRIDOR_MEAN;
	ok(corridor_measured_read(&out, arena, &with, &ask, contents, strlen(contents)) == 0 &&
		   out.hub.content[1].gbps == 1 &&
		   out.hub.content[1].traffic.confidence == HUB_SEEN,
	   "its mean was seen");
	static const char none[] = "{\"intervals\":0,\"content\":[{\"id\":\"video\"}]}";
	ok(corridor_measured_read(&out, arena, &with, &ask, none, strlen(none)) < 0 &&
		   errno == ENODATA &&
		   corridor_measured_read(&out, arena, &with, &ask, answer, strlen(answer)) < 0 &&
		   errno == EBADMSG,
	   "a month without bins is not taken for one without traffic");
	const char *bad[] = {"--demands", "measured"};
	count = 2;
	ok(corridor_measured_take(&ask, bad, &count, &complaint) < 0 && complaint.status == 400,
	   "content has no demands");
	arena_free(arena);
}

int
main(void)
{
	test_words();
	test_read();
	test_both_ways();
	test_content();
	return done_testing();
}
