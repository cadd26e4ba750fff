/* Paths become questions by a fixed table; only what reads can be reached, with checked values. */
#include "web/web_routes.h"

#include <stdio.h>

#include "tap.h"

/* "json show route 192.0.2.0/24", or "400 text". */
static struct web_who who = {WEB_OPERATOR, 0};

static void
show(char out[512], const char *target)
{
	static const char *const kinds[] = {"file",   "",        "",   "overview",
					    "events", "metrics", "me", "login"};
	static const char *const forms[] = {"text", "json", "csv"};
	struct web_url url;
	struct web_request request;
	struct web_refusal refusal;
	if (web_url_parse(&url, target) != 0) {
		snprintf(out, 512, "url");
		return;
	}
	if (web_route_find(&request, &url, &who, &refusal) < 0) {
		snprintf(out, 512, "%d %s", refusal.status, refusal.text);
		return;
	}
	if (request.kind != WEB_ASK) {
		snprintf(out, 512, "%s", kinds[request.kind]);
		return;
	}
	int n = snprintf(out, 512, "%s", forms[request.form]);
	for (size_t i = 0; i < request.word_count; i++)
		n += snprintf(out + n, 512 - (size_t)n, " %s", request.words[i]);
}

static const struct {
	const char *name, *target, *expected;
} cases[] = {
	{"the page is a file", "/", "file"},
	{"so is what it is made of", "/assets/app.js", "file"},
	{"the metrics are joined", "/metrics", "metrics"},
	{"the members' export is asked for", "/participants.json", "json show participants"},
	{"the overview is joined", "/api/v1/overview", "overview"},
	{"the events are streamed", "/api/v1/events", "events"},
	{"the state is asked for", "/api/v1/status", "json show status"},
	{"members", "/api/v1/members", "json show members"},
	{"one member", "/api/v1/members/64501", "json show member 64501"},
	{"its curve", "/api/v1/members/64501/curve", "json show curve 64501"},
	{"its curve of a month", "/api/v1/members/64501/curve?month=2026-11",
	 "json show curve 64501 month 2026-11"},
	{"its curve of some hours", "/api/v1/members/64501/curve?hours=24",
	 "json show curve 64501 hours 24"},
	{"as many draws as the shell takes", "/api/v1/corridor/simulate?draws=100001",
	 "400 draws: found \"100001\", expected a number from 1 to 100000"},
	{"of availability, too", "/api/v1/corridor/availability?from=A&to=B&draws=10000001",
	 "400 draws: found \"10000001\", expected a number from 1 to 10000000"},
	{"cuts one at a time or two", "/api/v1/corridor/whatif?depth=double&top=3",
	 "json corridor whatif double --top 3"},
	{"and not three", "/api/v1/corridor/whatif?depth=triple",
	 "400 depth: found \"triple\", expected single or double"},
	{"what a cut would do", "/api/v1/corridor/cut/preview?name=cable:TIC",
	 "json corridor cut cable:TIC --preview"},
	{"what work would do, and when",
	 "/api/v1/corridor/"
	 "work/preview?name=B01&from=2026-12-01&until=2026-12-02",
	 "json corridor work B01 --preview --from 2026-12-01 --until 2026-12-02"},
	{"a cut itself is no question", "/api/v1/corridor/cut?name=B01",
	 "404 there is no such question; see docs/api.md"},
	{"routes", "/api/v1/routes", "json show routes"},
	{"routes of a member, in pages", "/api/v1/routes?after=10.0.0.0/8&limit=100&member=64501",
	 "json show routes member 64501 limit 100 after 10.0.0.0/8"},
	{"an empty value is as good as none", "/api/v1/routes?member=&limit=50",
	 "json show routes limit 50"},
	{"routes with an AS in the path, inside a prefix",
	 "/api/v1/routes?as=64502&within=198.51.100.0/22",
	 "json show routes as 64502 within 198.51.100.0/22"},
	{"refused routes", "/api/v1/filtered?member=64501", "json show filtered member 64501"},
	{"invoices that were issued", "/api/v1/ledger/invoices?month=2026-10&member=64501",
	 "json ledger invoices member 64501 month 2026-10"},
	{"a member's statement", "/api/v1/ledger/statement/64501?format=csv",
	 "csv ledger statement 64501"},
	{"the accounts", "/api/v1/ledger/balance", "json ledger balance"},
	{"the ways of a member's traffic", "/api/v1/ledger/way?member=64501&month=2026-10",
	 "json ledger way member 64501 month 2026-10"},
	{"and in an hour",
	 "/api/v1/ledger/way?member=64501&from=2026-10-05T14:00:00Z&to=2026-10-05T15:00:00Z",
	 "json ledger way member 64501 --from 2026-10-05T14:00:00Z --to 2026-10-05T15:00:00Z"},
	{"the journal read through", "/api/v1/ledger/verify", "json ledger verify"},
	{"up to a head",
	 "/api/v1/ledger/"
	 "verify?head=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	 "json ledger verify --head "
	 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"entries of the journal", "/api/v1/ledger/entries?from=7", "json ledger entries from 7"},
	{"a party's share of a month", "/api/v1/ledger/settlement?month=2026-10&party=a",
	 "json ledger settlement month 2026-10 party a"},
	{"nothing is paid by HTTP", "/api/v1/ledger/pay",
	 "404 there is no such question; see docs/api.md"},
	{"a prefix is looked up", "/api/v1/route?q=2001:db8::/32", "json show route 2001:db8::/32"},
	{"an address is looked up", "/api/v1/route?q=192.0.2.1", "json show route 192.0.2.1"},
	{"refused routes by reason", "/api/v1/filtered?reason=1101:13&member=64501",
	 "json show filtered member 64501 reason 1101:13"},
	{"routes by what the RPKI says, and stale ones", "/api/v1/routes?stale=yes&rpki=valid",
	 "json show routes rpki valid stale"},
	{"a route is explained", "/api/v1/explain?q=192.0.2.0/24&from=64501&to=64502",
	 "json explain 192.0.2.0/24 from 64501 to 64502"},
	{"with what is supposed",
	 "/api/v1/explain?q=192.0.2.0/"
	 "24&from=64501&path=64501+64502&community=1:2,3:4:5&without=6:7"
	 "&roa=192.0.2.0/24-25+64502,10.0.0.0/8+0&route=64502&withdrawn=yes",
	 "json explain 192.0.2.0/24 from 64501 path 64501 64502 community 1:2 community 3:4:5 if "
	 "without 6:7 if roa 192.0.2.0/24-25 64502 if roa 10.0.0.0/8 0 if route 64502 if "
	 "withdrawn"},
	{"a path has AS numbers, and no words behind it",
	 "/api/v1/explain?q=192.0.2.0/24&path=64501+if+cut+C01",
	 "400 path: found \"64501 if cut C01\", expected AS numbers with blanks between"},
	{"with something of the corridor cut",
	 "/api/v1/explain/cut?q=192.0.2.0/24&name=C01,cable:X&to=64502",
	 "json explain 192.0.2.0/24 if cut C01,cable:X to 64502"},
	{"or restored", "/api/v1/explain/restore?q=192.0.2.0/24&name=C01&from=64501&withdrawn=yes",
	 "json explain 192.0.2.0/24 if restore C01 from 64501 if withdrawn"},
	{"but not without a name", "/api/v1/explain/cut?q=192.0.2.0/24",
	 "400 name: expected names with commas between"},
	{"a ROA without its origin is refused", "/api/v1/explain?q=192.0.2.0/24&roa=192.0.2.0/24",
	 "400 roa: found \"192.0.2.0/24\", expected 2 words each"},
	{"a flag is yes or not there", "/api/v1/routes?stale=no",
	 "400 stale: found \"no\", expected yes"},
	{"more words than a question may have are refused",
	 "/api/v1/explain?q=192.0.2.0/24&path=1+2+3+4+5+6+7+8+9+10+11+12+13+14+15+16+17+18+19+20+21"
	 "+22+23+24+25+26+27+28+29+30",
	 "400 too many words in one question"},
	{"a word cannot carry others", "/api/v1/filtered?reason=a+b",
	 "400 reason: found \"a b\", expected a word or a community"},
	{"what is checked for a member", "/api/v1/members/64501/policy", "json show policy 64501"},
	{"who hears it", "/api/v1/members/64501/exports", "json show member 64501 exports"},
	{"who peers with it", "/api/v1/members/64501/peering", "json show peering 64501"},
	{"the communities", "/api/v1/communities", "json show communities"},
	{"what the RPKI says", "/api/v1/rpki", "json show rpki"},
	{"rules about traffic", "/api/v1/flowspec", "json show flowspec"},
	{"SR policies", "/api/v1/sr/policies", "json show sr policies"},
	{"routers' paths, as a table", "/api/v1/pcep?format=csv", "csv show pcep"},
	{"those of one member", "/api/v1/flowspec?member=64501", "json show flowspec from 64501"},
	{"traffic", "/api/v1/traffic", "json show traffic"},
	{"the matrix", "/api/v1/matrix", "json show matrix"},
	{"traffic by one thing", "/api/v1/traffic/by?what=next-as&limit=5&now=yes",
	 "json show traffic by next-as now limit 5"},
	{"and as a table", "/api/v1/traffic/by?what=pair&format=csv", "csv show traffic by pair"},
	{"over time", "/api/v1/history/by?what=as&month=2026-10&member=64501&limit=5&format=csv",
	 "csv show history by as month 2026-10 member 64501 limit 5"},
	{"by nothing", "/api/v1/traffic/by", "400 what: expected a word or a community"},
	{"ports", "/api/v1/ports", "json show ports"},
	{"exporters", "/api/v1/exporters", "json show exporters"},
	{"memory of the meter", "/api/v1/memory", "json show memory"},
	{"alarms hold no addresses", "/api/v1/alarms", "json show alarms without-addresses"},
	{"nor do proposals", "/api/v1/proposals", "json show proposals without-addresses"},
	{"blackholes", "/api/v1/blackholes", "json show blackholes"},
	{"registry", "/api/v1/registry", "json show registry"},
	{"invoices of a month", "/api/v1/invoices?month=2026-10",
	 "json show invoices month 2026-10"},
	{"one invoice", "/api/v1/bill/64501?month=2026-10", "json bill --month 2026-10 64501"},
	{"one as a table", "/api/v1/bill/64501?month=2026-10&format=csv",
	 "csv bill --month 2026-10 64501"},
	{"one to print", "/api/v1/bill/64501?format=html&month=2026-10",
	 "json bill --month 2026-10 64501 --html"},
	{"one as PDF", "/api/v1/bill/64501?format=pdf&month=2026-10",
	 "json bill --month 2026-10 64501 --pdf"},
	{"a party's, by its id", "/api/v1/bill/gulf-cable?month=2026-10&contract=c-2&format=html",
	 "json bill --month 2026-10 gulf-cable --contract c-2 --html"},
	{"a party's statement", "/api/v1/ledger/statement/gulf-cable?format=csv",
	 "csv ledger statement gulf-cable"},
	{"no party is an option", "/api/v1/bill/--html?month=2026-10",
	 "400 found \"--html\", expected an AS number or the id of a party"},
	{"nor two words", "/api/v1/ledger/statement/gulf%20cable",
	 "400 found \"gulf cable\", expected an AS number or the id of a party"},
	{"a forecast of one member", "/api/v1/forecast?member=64501", "json show forecast 64501"},
	{"a forecast of a month", "/api/v1/forecast?month=2026-10",
	 "json show forecast month 2026-10"},
	{"revenue", "/api/v1/revenue?by=segment&year=2026&format=csv",
	 "csv show revenue by segment year 2026"},
	{"one of several contracts", "/api/v1/bill/64501?month=2026-10&contract=c-1",
	 "json bill --month 2026-10 64501 --contract c-1"},
	{"the corridor", "/api/v1/corridor", "json corridor show"},
	{"one segment", "/api/v1/corridor/segment?id=C01", "json corridor segment C01"},
	{"what a segment carries", "/api/v1/corridor/optics?of=C01&model=ggn&format=csv",
	 "csv corridor optics C01 --model ggn"},
	{"what a way carries", "/api/v1/corridor/path/optics?from=KHI&to=FRA&avoid=RU&date=2027",
	 "json corridor optics KHI FRA --avoid RU --date 2027"},
	{"one site", "/api/v1/corridor/site?id=KHI", "json corridor site KHI"},
	{"what does not add up", "/api/v1/corridor/check", "json corridor check"},
	{"GeoJSON", "/api/v1/corridor/export", "json corridor export"},
	{"where numbers come from", "/api/v1/corridor/sources?id=C01", "json corridor sources C01"},
	{"ways through it",
	 "/api/v1/corridor/path?from=KHI&to=Frankfurt&avoid=RU,IR&without=C01&k=3",
	 "json corridor path KHI Frankfurt --avoid RU,IR --without C01 --k 3"},
	{"by other measures, over what is required, as of a year",
	 "/api/v1/corridor/path?from=KHI&to=FRA&by=price&require=TR&via=IST&date=2027&format=csv",
	 "csv corridor path KHI FRA --require TR --via IST --by price --date 2027"},
	{"two ways that are apart",
	 "/api/v1/corridor/pair?from=KHI&to=FRA&disjoint=country&avoid=IR",
	 "json corridor pair KHI FRA --disjoint country --avoid IR"},
	{"what parts two sites", "/api/v1/corridor/cutset?to=FRA&from=KHI&date=2027",
	 "json corridor cutset KHI FRA --date 2027"},
	{"and what parts all", "/api/v1/corridor/cutset", "json corridor cutset"},
	{"what passing a country is worth", "/api/v1/corridor/worth?of=PK&avoid=RU",
	 "json corridor worth --of PK --avoid RU"},
	{"what a sum needs", "/api/v1/corridor/target?of=PK&amount=200-400&price=0.5",
	 "json corridor target 200-400 --of PK --price 0.5"},
	{"what demands bring to whom", "/api/v1/corridor/revenue?of=country&date=2030",
	 "json corridor revenue --of country --date 2030"},
	{"what caches take off, as measured",
	 "/api/v1/corridor/content?id=GOOGLE&measured=peak&month=2026-10&format=csv",
	 "csv corridor content GOOGLE --measured peak --month 2026-10"},
	{"what content networks sent", "/api/v1/content?month=2026-10",
	 "json show content month 2026-10"},
	{"in no month", "/api/v1/content?month=october",
	 "400 month: found \"october\", expected a month such as 2026-11"},
	{"what to build next", "/api/v1/corridor/next?by=revenue&pairs=yes&budget=150&date=2030",
	 "json corridor next --by revenue --pairs --budget 150 --date 2030"},
	{"what can be reckoned", "/api/v1/corridor/reckon?format=csv", "csv corridor reckon"},
	{"and one of it, of several numbers",
	 "/api/v1/corridor/"
	 "reckon?topic=max-min&in=capacities=10,4+routes=0,0%2B1,1+demands=any,2.5Gbit/s,9x1",
	 "json corridor reckon max-min capacities=10,4 routes=0,0+1,1 demands=any,2.5Gbit/s,9x1"},
	{"a number without a name is refused", "/api/v1/corridor/reckon?topic=latency&in=380km",
	 "400 in: found \"380km\", expected NAME=VALUE with blanks between"},
	{"no option is a name", "/api/v1/corridor/reckon?topic=latency&in=--json=1",
	 "400 in: found \"--json=1\", expected NAME=VALUE with blanks between"},
	{"the map of prices", "/api/v1/corridor/prices?date=2028&avoid=RU",
	 "json corridor prices --avoid RU --date 2028"},
	{"and one site of it", "/api/v1/corridor/prices?site=KHI", "json corridor prices KHI"},
	{"what did happen", "/api/v1/corridor/replay?id=N12", "json corridor replay N12"},
	{"how often there is a way", "/api/v1/corridor/availability?from=KHI&to=FRA&draws=20000",
	 "json corridor availability KHI FRA --draws 20000"},
	{"and how often there was one",
	 "/api/v1/corridor/availability?from=KHI&to=FRA&month=2026-10&sla=99.9",
	 "json corridor availability KHI FRA --month 2026-10 --sla 99.9"},
	{"what one cut does", "/api/v1/corridor/whatif?cut=M07,M10&date=2027",
	 "json corridor whatif M07,M10 --date 2027"},
	{"what to lease after it", "/api/v1/corridor/whatif?cut=M07,M10&lease=30&format=csv",
	 "csv corridor whatif M07,M10 --lease 30"},
	{"what a cable changes",
	 "/api/v1/corridor/change?of=TCFO&from=ALA,KHI&to=FRA,MRS&also_avoiding=RU,IR&date=2027",
	 "json corridor change TCFO --from ALA,KHI --to FRA,MRS --also-avoiding RU,IR --date 2027"},
	{"what to lease after it", "/api/v1/corridor/whatif?cut=M07,M10&lease=30&format=csv",
	 "csv corridor whatif M07,M10 --lease 30"},
	{"of demands that were measured",
	 "/api/v1/corridor/whatif?cut=M07&demands=measured&measured=peak&month=2026-10",
	 "json corridor whatif M07 --demands measured --measured peak --month 2026-10"},
	{"what they are worth", "/api/v1/corridor/worth?demands=measured&hours=24",
	 "json corridor worth --demands measured --hours 24"},
	{"bring", "/api/v1/corridor/revenue?demands=measured&month=2026-10",
	 "json corridor revenue --demands measured --month 2026-10"},
	{"have built", "/api/v1/corridor/next?demands=measured&measured=mean&by=traffic",
	 "json corridor next --by traffic --demands measured --measured mean"},
	{"earn", "/api/v1/corridor/target?amount=200&demands=measured",
	 "json corridor target 200 --demands measured"},
	{"live through", "/api/v1/corridor/simulate?years=1&demands=measured&measured=p95",
	 "json corridor simulate --years 1 --demands measured --measured p95"},
	{"and sway", "/api/v1/corridor/sensitivity?subject=revenue&demands=measured&hours=9",
	 "json corridor sensitivity revenue --demands measured --hours 9"},
	{"costs of reach", "/api/v1/corridor/reach?cost=km:mountain=90k,site=4000",
	 "json corridor reach plan --cost km:mountain=90k,site=4000"},
	{"and what all do", "/api/v1/corridor/whatif?depth=double&of=risk&top=5",
	 "json corridor whatif double --of risk --top 5"},
	{"ways by a measure, through what must be, as of a day",
	 "/api/v1/corridor/path?from=KHI&to=FRA&avoid=operator:TIC&require=GE&by=price&date=2028",
	 "json corridor path KHI FRA --avoid operator:TIC --require GE --by price --date 2028"},
	{"a name of two words is one word", "/api/v1/corridor/path?from=Hong+Kong&to=KHI",
	 "json corridor path Hong Kong KHI"},

	{"what changes the hub has no path", "/api/v1/apply",
	 "404 there is no such question; see docs/api.md"},
	{"an unknown path is not there", "/api/v1/members/64501/secrets",
	 "404 there is no such question; see docs/api.md"},
	{"nothing after v1 is not there", "/api/v1",
	 "404 there is no such question; see docs/api.md"},
	{"another version is not there", "/api/v2/members", "404 the API is under /api/v1/"},
	{"a member has to be a number", "/api/v1/members/undo",
	 "400 found \"undo\", expected an AS number"},
	{"a number that fits", "/api/v1/members/4294967296",
	 "400 found \"4294967296\", expected an AS number"},
	{"an unknown parameter is told", "/api/v1/members?x=1",
	 "400 x: there is no such parameter here"},
	{"a month of letters is refused", "/api/v1/invoices?month=May",
	 "400 month: found \"May\", expected a month such as 2026-11"},
	{"the thirteenth month is refused", "/api/v1/invoices?month=2026-13",
	 "400 month: found \"2026-13\", expected a month such as 2026-11"},
	{"a day is no month", "/api/v1/invoices?month=2026-11-01",
	 "400 month: found \"2026-11-01\", expected a month such as 2026-11"},
	{"a limit of none is refused", "/api/v1/routes?limit=0",
	 "400 limit: found \"0\", expected a number from 1 to 10000"},
	{"a limit beyond all is refused", "/api/v1/routes?limit=10001",
	 "400 limit: found \"10001\", expected a number from 1 to 10000"},
	{"a negative one too", "/api/v1/routes?limit=-1",
	 "400 limit: found \"-1\", expected a number from 1 to 10000"},
	{"host bits are refused", "/api/v1/route?q=192.0.2.1/24",
	 "400 q: found \"192.0.2.1/24\", expected a prefix such as 192.0.2.0/24 or an address such "
	 "as 192.0.2.1"},
	{"a question without its value is refused", "/api/v1/route",
	 "400 q: expected a prefix such as 192.0.2.0/24 or an address such as 192.0.2.1"},
	{"a bill without a month is refused", "/api/v1/bill/64501",
	 "400 month: expected a month such as 2026-11"},
	{"a name cannot pass as an option", "/api/v1/corridor/path?from=--avoid&to=KHI",
	 "400 from: found \"--avoid\", expected a name"},
	{"nor can what is to be avoided", "/api/v1/corridor/path?from=A&to=B&avoid=--with",
	 "400 avoid: found \"--with\", expected names with commas between"},
	{"nor a measure", "/api/v1/corridor/path?from=A&to=B&by=a+b",
	 "400 by: found \"a b\", expected a word or a community"},
	{"a form that is not there is refused", "/api/v1/bill/64501?month=2026-10&format=xls",
	 "400 format: found \"xls\", expected json, csv, html or pdf"},
};

/* Each path as the operator, member 64501 and a visitor get it. */
static const struct {
	const char *name, *target, *all, *member, *visitor;
} seen[] = {
	{"accounts are each member's own", "/api/v1/ledger/statement/64501",
	 "json ledger statement 64501", "json ledger statement 64501", "403"},
	{"and nobody else's", "/api/v1/ledger/statement/64502", "json ledger statement 64502",
	 "403", "403"},
	{"invoices are of who asks", "/api/v1/ledger/invoices?month=2026-10",
	 "json ledger invoices month 2026-10", "json ledger invoices member 64501 month 2026-10",
	 "403"},
	{"whatever is asked for", "/api/v1/ledger/invoices?member=64502",
	 "json ledger invoices member 64502", "403", "403"},
	{"also when it is the same", "/api/v1/ledger/invoices?member=64501",
	 "json ledger invoices member 64501", "json ledger invoices member 64501", "403"},
	{"a document is looked for among its own", "/api/v1/ledger/document?id=KTX-I000001",
	 "json ledger document KTX-I000001", "json ledger document KTX-I000001 for 64501", "403"},
	{"of which no party's part can be had", "/api/v1/ledger/document?id=KTX-S000001&party=x",
	 "json ledger document KTX-S000001 party x", "json ledger document KTX-S000001 for 64501",
	 "403"},
	{"disputes likewise", "/api/v1/ledger/disputes", "json ledger disputes",
	 "json ledger disputes member 64501", "403"},
	{"the ways of its traffic are a member's", "/api/v1/ledger/way", "json ledger way",
	 "json ledger way member 64501", "403"},
	{"those of another are not", "/api/v1/ledger/way?member=64502",
	 "json ledger way member 64502", "403", "403"},
	{"ways are told to others without what they cost", "/api/v1/corridor/path?from=A&to=B",
	 "json corridor path A B", "json corridor path A B --public",
	 "json corridor path A B --public"},
	{"a pair of ways is the operator's", "/api/v1/corridor/pair?from=A&to=B",
	 "json corridor pair A B", "403", "403"},
	{"a bill", "/api/v1/bill/64502?month=2026-10", "json bill --month 2026-10 64502", "403",
	 "403"},
	{"a party's bill", "/api/v1/bill/gulf-cable?month=2026-10",
	 "json bill --month 2026-10 gulf-cable", "403", "403"},
	{"a party's statement", "/api/v1/ledger/statement/gulf-cable",
	 "json ledger statement gulf-cable", "403", "403"},
	{"as PDF", "/api/v1/bill/64501?month=2026-10&format=pdf",
	 "json bill --month 2026-10 64501 --pdf", "json bill --month 2026-10 64501 --pdf", "403"},
	{"a curve", "/api/v1/members/64502/curve", "json show curve 64502", "403", "403"},
	{"a forecast", "/api/v1/forecast?month=2026-11", "json show forecast month 2026-11",
	 "json show forecast 64501 month 2026-11", "403"},
	{"traffic over time", "/api/v1/history/by?what=as&hours=24",
	 "json show history by as hours 24", "json show history by as member 64501 hours 24",
	 "403"},
	{"what content networks sent", "/api/v1/content", "json show content", "403", "403"},
	{"how a member stands with the hub", "/api/v1/members/64502", "json show member 64502",
	 "403", "403"},
	{"all bills of a month are the operator's", "/api/v1/invoices", "json show invoices", "403",
	 "403"},
	{"so is revenue", "/api/v1/revenue", "json show revenue", "403", "403"},
	{"the journal", "/api/v1/ledger/entries", "json ledger entries", "403", "403"},
	{"what is open", "/api/v1/ledger/aged", "json ledger aged", "403", "403"},
	{"what the hub owes", "/api/v1/ledger/aged?payables=yes", "json ledger aged payables",
	 "403", "403"},
	{"the journal read through", "/api/v1/ledger/verify", "json ledger verify", "403", "403"},
	{"what parties get", "/api/v1/ledger/settlement", "json ledger settlement", "403", "403"},
	{"what the meter hears", "/api/v1/exporters", "json show exporters", "403", "403"},
	{"alarms", "/api/v1/alarms", "json show alarms without-addresses", "403", "403"},
	{"who sends to whom", "/api/v1/matrix", "json show matrix", "403", "403"},
	{"whose contracts a segment bears", "/api/v1/corridor/segment?id=P01",
	 "json corridor segment P01", "403", "403"},
	{"data with prices and demands in it", "/api/v1/corridor/export", "json corridor export",
	 "403", "403"},
	{"metrics", "/metrics", "metrics", "403", "403"},
	{"members are for all, without what is wrong with the hub", "/api/v1/members",
	 "json show members", "json show members public", "json show members public"},
	{"the looking glass is for all", "/api/v1/routes?member=64502",
	 "json show routes member 64502", "json show routes member 64502",
	 "json show routes member 64502"},
	{"the page is for all", "/", "file", "file", "file"},
	{"a name can be given", "/login", "login", "login", "login"},
	{"who one is can be asked", "/api/v1/me", "me", "me", "me"},
};

static void
audiences(void)
{
	static const struct web_who whos[] = {
		{WEB_OPERATOR, 0}, {WEB_MEMBER, 64501}, {WEB_VISITOR, 0}};
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
		const char *const expected[] = {seen[i].all, seen[i].member, seen[i].visitor};
		char got[512], name[300];
		for (size_t w = 0; w < 3; w++) {
			static const char *const names[] = {"operator", "member", "visitor"};
			snprintf(name, sizeof(name), "%s: %s", seen[i].name, names[w]);
			who = whos[w];
			show(got, seen[i].target);
			if (strcmp(expected[w], "403") == 0)
				got[3] = '\0';
			is_str(got, expected[w], name);
		}
	}
	who = whos[0];
}

/* A room speaks of options; who asked here has parameters. */
static void
retold(void)
{
	static const struct {
		const char *name, *target, *text, *expected;
	} rows[] = {
		{"an option is told as the parameter", "/api/v1/corridor/whatif?of=x",
		 "--of: found \"x\", expected segment", "of: found \"x\", expected segment"},
		{"by the parameter's own name", "/api/v1/corridor/reach?first_year=2030",
		 "--first-year goes with --years", "first_year goes with years"},
		{"what the question has not stays", "/api/v1/corridor/worth",
		 "no --k here, nor --of-all, a -- or--", "no --k here, nor --of-all, a -- or--"},
		{"a question without parameters", "/api/v1/status", "--top: no", "--top: no"},
	};
	struct web_url url;
	struct web_request request;
	struct web_refusal refusal;
	char out[256], brief[8];
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ok(web_url_parse(&url, rows[i].target) == 0 &&
			   web_route_find(&request, &url, &who, &refusal) == 0,
		   "%s is a question", rows[i].target);
		web_route_retell(out, sizeof(out), &request, rows[i].text);
		is_str(out, rows[i].expected, rows[i].name);
		web_route_retell(brief, sizeof(brief), &request, rows[i].text);
		ok(strncmp(brief, rows[i].expected, 7) == 0 && strlen(brief) == 7,
		   "within the room that there is");
	}
}

int
main(void)
{
	retold();
	audiences();
	char many[WEB_URL_MAX] = "/api/v1/explain?q=192.0.2.0/24&community=1", got[512];
	while (strlen(many) + 3 < sizeof(many))
		strcat(many, ",1");
	show(got, many);
	is_str(got, "400 too many words in one question", "however many there are");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		show(got, cases[i].target);
		is_str(got, cases[i].expected, cases[i].name);
	}
	return done_testing();
}
