/* Sites and segments are found by what people type. */
#include "corridor/corridor_names.h"

#include "silkroad.h"
#include "tap.h"

static void
sites(const struct hub *hub)
{
	static const struct {
		const char *name, *text, *expected; /* the id, or the complaint */
	} cases[] = {
		{"an id is found", "FRA", "FRA"},
		{"an id in small letters too", "fra", "FRA"},
		{"a name is found", "Hong Kong", "HKG"},
		{"a name in any case", "hONG kONG", "HKG"},
		{"the beginning of a name will do when it is the only one", "Urum", "URC"},
		{"a whole name goes before a longer one", "Frankfurt", "FRA"},
		{"an id goes before the beginning of a name", "SIN", "SIN"},
		{"the kind may stand before it", "site:FRA", "FRA"},
		{"in any case, and before a name", "Site:hong kong", "HKG"},
		{"another kind is none", "segment:FRA",
		 "there is no site \"segment:FRA\", nor one called nearly so"},
		{"the beginning of two names is not enough", "Bu",
		 "\"Bu\" fits 5 sites: BHK (Bukhara), BUS (Batumi), BUD (Budapest), BUH "
		 "(Bucharest) ..."},
		{"the nearest known is told", "Frankfort",
		 "there is no site \"Frankfort\"; the nearest known is FRA (Frankfurt)"},
		{"the nearest id too", "XKHI",
		 "there is no site \"XKHI\"; the nearest known is KHI (Karachi)"},
		{"letters that change places are one slip", "Krachai",
		 "there is no site \"Krachai\"; the nearest known is KHI (Karachi)"},
		{"what is near to nothing is not guessed at", "Atlantis",
		 "there is no site \"Atlantis\", nor one called nearly so"},
		{"nothing is no site", "", "there is no site \"\", nor one called nearly so"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t site;
		struct corridor_complaint c = {0};
		bool found = corridor_site_find(&site, hub, cases[i].text, &c) == 0;
		is_str(found ? hub->sites[site].id : c.text, cases[i].expected, cases[i].name);
	}
}

static void
segments(const struct hub *hub)
{
	uint32_t segment;
	struct corridor_complaint c = {0};
	ok(corridor_segment_find(&segment, hub, "b01", &c) == 0 &&
		   strcmp(hub->segments[segment].id, "B01") == 0,
	   "a segment is found by its id");
	ok(corridor_segment_find(&segment, hub, "segment:B01", &c) == 0 &&
		   strcmp(hub->segments[segment].id, "B01") == 0,
	   "with its kind before it");
	ok(corridor_segment_find(&segment, hub, "caucasus", &c) == 0 &&
		   strcmp(hub->segments[segment].id, "B01") == 0,
	   "and by the beginning of its name");
	ok(corridor_segment_find(&segment, hub, "B99", &c) < 0 && c.status == 404,
	   "one that is not there is a 404");
}

static void
names_of_all_kinds(const struct hub *hub)
{
	static const struct {
		const char *name, *text, *expected;
	} cases[] = {
		{"a country is found by its code", "ir", "country:IR"},
		{"a risk in any case", "red_sea", "risk:RED_SEA"},
		{"and by its beginning", "red_s", "risk:RED_SEA"},
		{"an operator by its beginning", "transt", "operator:Transtelecom"},
		{"a site by its name", "Hong Kong", "site:HKG"},
		{"a segment by its id", "b01", "segment:B01"},
		{"what it is may stand before it", "country:ru", "country:RU"},
		{"in several words for the same", "srlg:caspian", "risk:CASPIAN"},
		{"two letters that nothing is called are a country", "AQ", "country:none"},
		{"what is near is told", "country:Rusia",
		 "404 nothing is called \"Rusia\" (country); the nearest known is country:RU"},
		{"what is short is near to all codes, and says nothing", "Q1",
		 "404 nothing is called \"Q1\" or nearly so (country, risk, operator, cable, site, "
		 "segment)"},
		{"nonsense is near to no country", "XYZZY",
		 "404 nothing is called \"XYZZY\" or nearly so (country, risk, operator, cable, "
		 "site, segment)"},
		{"what several are called is told", "caucasus",
		 "400 \"caucasus\" may be operator:Caucasus Online, cable:CCS, segment:B01"},
	};
	struct corridor_plan *plan = corridor_plan_new(hub, (struct corridor_day){0});
	for (size_t i = 0; plan && i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct corridor_named named;
		struct corridor_complaint c = {0};
		char got[300];
		if (corridor_named_find(&named, plan, CORRIDOR_EVERY_KIND, cases[i].text, &c) < 0)
			snprintf(got, sizeof(got), "%d %s", c.status, c.text);
		else
			snprintf(got, sizeof(got), "%s:%s", corridor_kind_word(named.kind),
				 named.index == HUB_NONE ? "none" : corridor_named_id(plan, named));
		is_str(got, cases[i].expected, cases[i].name);
	}
	corridor_plan_free(plan);
}

static void
long_text(const struct hub *hub)
{
	char text[5000];
	uint32_t site;
	struct corridor_complaint c = {0};
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	ok(corridor_site_find(&site, hub, text, &c) < 0 && strlen(c.text) < sizeof(c.text),
	   "five thousand letters are complained about in one line");
	struct hub none = {0};
	ok(corridor_site_find(&site, &none, "KHI", &c) < 0, "a hub without sites has none");
	is_str(c.text, "there is no site \"KHI\": the hub file has none", "and says so");
}

int
main(void)
{
	struct hub *hub = silkroad();
	sites(hub);
	segments(hub);
	names_of_all_kinds(hub);
	long_text(hub);
	hub_free(hub);
	return done_testing();
}
