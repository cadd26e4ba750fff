/* What bgpq4 is called with, and what its answers mean. */
#include "registry/registry_bgpq4.h"

#include <stdlib.h>

#include "tap.h"

static const struct hub_irr irr = {
	.enabled = true, .host = "rr.example", .port = 43, .bgpq4 = "/usr/bin/bgpq4"};

static void
is_command(const struct hub_irr *from, const char *set, enum ip_family family,
	   enum bgpq4_question question, const char *wanted)
{
	struct bgpq4_command command;
	char line[512] = "";
	bgpq4_command(&command, from, set, family, question);
	for (size_t i = 0; command.arguments[i]; i++) {
		if (i)
			strcat(line, " ");
		strcat(line, command.arguments[i]);
	}
	is_str(line, wanted, wanted);
}

static void
commands(void)
{
	struct hub_irr with_sources = irr;
	with_sources.sources = "RIPE,APNIC";
	with_sources.port = 4343;
	is_command(&irr, "AS-X", IP_V4, BGPQ4_PREFIXES,
		   "/usr/bin/bgpq4 -h rr.example:43 -p -4 -F %n/%l\\n AS-X");
	is_command(&irr, "AS-X", IP_V6, BGPQ4_PREFIXES,
		   "/usr/bin/bgpq4 -h rr.example:43 -p -6 -F %n/%l\\n AS-X");
	is_command(&with_sources, "AS64500", IP_V4, BGPQ4_ORIGINS,
		   "/usr/bin/bgpq4 -h rr.example:4343 -S RIPE,APNIC -p -t -j -l o AS64500");
	is_command(&with_sources, "RIPE::AS64500:AS-X", IP_V4, BGPQ4_PREFIXES,
		   "/usr/bin/bgpq4 -h rr.example:4343 -S RIPE,APNIC -p -4 -F %n/%l\\n "
		   "RIPE::AS64500:AS-X");
	is_command(&with_sources, "RADB::AS64500", IP_V6, BGPQ4_PREFIXES,
		   "/usr/bin/bgpq4 -h rr.example:4343 -S RADB -p -6 -F %n/%l\\n AS64500");
}

static void
possible(void)
{
	static const struct {
		const char *host, *sources;
		bool good;
	} cases[] = {
		{"rr.ntt.net", NULL, true},
		{"192.0.2.1", "RIPE", true},
		{"rr.ntt.net", "RPKI,RIPE-NONAUTH,NTTCOM", true},
		{"-h", NULL, false},
		{"", NULL, false},
		{"2001:db8::1", NULL, false},
		{"rr.ntt.net:43", NULL, false},
		{"rr ntt", NULL, false},
		{"rr.ntt.net", "-T", false},
		{"rr.ntt.net", "RIPE APNIC", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hub_irr with = irr;
		const char *why;
		with.host = cases[i].host;
		with.sources = cases[i].sources;
		ok(bgpq4_possible(&with, &why) == cases[i].good && (why != NULL) == !cases[i].good,
		   "the host \"%s\" with the sources \"%s\" %s", cases[i].host,
		   cases[i].sources ? cases[i].sources : "",
		   cases[i].good ? "can be asked" : "cannot be asked");
	}
}

static void
prefixes(void)
{
	static const struct {
		const char *text;
		enum ip_family family;
		int count; /* -1: spoilt */
		const char *what;
	} cases[] = {
		{"", IP_V4, 0, "an empty answer has no prefixes"},
		{"192.0.2.0/24\n198.51.100.0/24\n", IP_V4, 2, "each line is one"},
		{"2001:db8::/32\n", IP_V6, 1, "of IPv6 too"},
		{"192.0.2.0/24\n198.51.100.0/2", IP_V4, -1,
		 "a last line without its end spoils it"},
		{"2001:db8::/32\n", IP_V4, -1, "and so does the other family"},
		{"192.0.2.1/24\n", IP_V4, -1, "host bits"},
		{"192.0.2.0/33\n", IP_V4, -1, "a length that cannot be"},
		{"192.0.2.0/24\n\n", IP_V4, -1, "an empty line"},
		{"192.0.2.0/24 \n", IP_V4, -1, "a blank"},
		{"192.0.2.0/24\r\n", IP_V4, -1, "another end of line"},
		{"ERROR: 192.0.2.0/24\n", IP_V4, -1, "words"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct prefix *list = NULL;
		size_t count = 0;
		int result = bgpq4_read_prefixes(&list, &count, cases[i].family, cases[i].text,
						 strlen(cases[i].text));
		ok(result == (cases[i].count < 0 ? -1 : 0) &&
			   (cases[i].count < 0 || count == (size_t)cases[i].count),
		   "%s", cases[i].what);
		free(list);
	}
	struct prefix *list = NULL;
	size_t count;
	ok(bgpq4_read_prefixes(&list, &count, IP_V4, "192.0.2.0/24\0\n", 14) < 0 &&
		   bgpq4_read_prefixes(&list, &count, IP_V4, NULL, 0) == 0,
	   "a zero spoils it, nothing at all does not");
	free(list);
}

static void
origins(void)
{
	static const struct {
		const char *text;
		int count; /* -1: spoilt */
	} cases[] = {
		{"{\"o\": [\n  64501,64502\n]}\n", 2},
		{"{\"o\": [\n]}\n", 0},
		{"{\"o\": [4294967295]}", 1},
		{"{\"o\": [4294967296]}", -1},
		{"{\"o\": [0]}", -1},
		{"{\"o\": [-1]}", -1},
		{"{\"o\": [1.5]}", -1},
		{"{\"o\": [\"AS1\"]}", -1},
		{"{\"o\": [1,2", -1},
		{"{\"o\": 1}", -1},
		{"{\"NN\": [1]}", -1},
		{"[1]", -1},
		{"", -1},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct asn *list = NULL;
		size_t count = 0;
		int result =
			bgpq4_read_origins(&list, &count, cases[i].text, strlen(cases[i].text));
		ok(result == (cases[i].count < 0 ? -1 : 0) &&
			   (cases[i].count < 0 || count == (size_t)cases[i].count),
		   "origins, case %zu: %s", i, cases[i].count < 0 ? "spoilt" : "read");
		free(list);
	}
}

static void
complaints(void)
{
	static const struct {
		const char *errors, *wanted; /* NULL: no complaint */
	} cases[] = {
		{"", NULL},
		{"ERROR:Invalid AS number: 0\nERROR:Unable to parse prefix x\n", NULL},
		{"ERROR:Invalid AS number: 0\nERROR:Error expanding !iAS-X,1\n: F timeout\n",
		 "Error expanding !iAS-X,1 : F timeout"},
		{"FATAL ERROR:EOF from IRRd\n", "EOF from IRRd"},
		{"ERROR:Wrong reply: \x1b[31mx to !g", "Wrong reply: [31mx to !g"},
		{"ERROR:Error expanding", "Error expanding"},
		{"so ERROR:Error expanding", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[64] = "";
		bool grave = bgpq4_complaint(text, sizeof(text), cases[i].errors,
					     strlen(cases[i].errors));
		ok(grave == (cases[i].wanted != NULL) &&
			   strcmp(text, grave ? cases[i].wanted : "") == 0,
		   "complaints, case %zu: %s", i, grave ? text : "none");
	}
	char small[8];
	bgpq4_remark(small, sizeof(small), "much too long for it", 20);
	is_str(small, "much to", "a remark is cut");
}

int
main(void)
{
	commands();
	possible();
	prefixes();
	origins();
	complaints();
	return done_testing();
}
