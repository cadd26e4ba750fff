/* Contracts of the hub file: what is read, and every mistake named with its place and what would
 * do. */
#include "hub/hub_memory.h"
#include "tap.h"

/* A contract stands on line 4; its items on the lines after. */
#define HUB                                                                                        \
	"hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"                                       \
	"lans: [{name: l, ipv4: 192.0.2.0/24}]\n"                                                  \
	"members: [{asn: 65001, name: M, kind: carrier, ports: [{id: p, speed: 10G, ipv4: "        \
	"192.0.2.2}]}]\n"
#define CONTRACT "contracts: [{id: c, member: M, currency: USD, kind: "
#define ITEMS    HUB CONTRACT "items, starts: 2026-01-10, ends: 2027-01-01, items: [\n"

static const struct {
	const char *name, *text, *expected;
} cases[] = {
	{"a contract of each kind of item",
	 ITEMS
	 "{kind: once, price: 1, starts: 2026-02-01}, {kind: monthly, price: 1, count: 2},\n"
	 "{kind: port, price: 500, speed: 10G, per: gigabit}, {kind: commit, price: 0.3, commit: "
	 "1G, ends: 2026-06-01},\n"
	 "{kind: slabs, starts: 2026-06-01, tiers: [{up_to: 1G, price: 1}, {price: 0.5}]},\n"
	 "{kind: volume, price: 2, direction: larger, included: 5}, {kind: burst, price: 1},\n"
	 "{kind: minimum, price: 10, of: usage}, {kind: maximum, price: 10},\n"
	 "{kind: cross-connect, price: 1, count: 3}, {kind: cloud, price: 1, speed: 1G},\n"
	 "{kind: iru, price: 1000000, months: 180, starts: 2026-01-10, upkeep: 4000},\n"
	 "{kind: upkeep, price: 1, share_percent: 12.5}, {kind: credit, percent: 10, of: "
	 "monthly, every_month: yes}]}]\n",
	 ""},
	{"a contract of items without any", HUB CONTRACT "items}]\n",
	 "a:4:13: \"items\" are missing: kind is items, and they say what is charged\n"},
	{"items in a flat contract",
	 HUB CONTRACT "flat, monthly: 1, items: [{kind: monthly, price: 1}]}]\n",
	 "a:4:78: items: only a contract of kind items has some\n"},
	{"a flat contract without its price", HUB CONTRACT "flat}]\n",
	 "a:4:13: \"monthly\" is missing from this contract\n"},
	{"the shorthand's prices in a contract of items",
	 HUB CONTRACT "items, monthly: 5, overage: 1, commit: 1G, items: [{kind: monthly, price: "
		      "1}]}]\n",
	 "a:4:69: monthly: a contract of items has none; an item of kind monthly would\n"
	 "a:4:81: overage: a contract of items has none; an item of kind commit would\n"
	 "a:4:92: commit: a contract of items has none; an item of kind commit would\n"},
	{"a zone that is no name", HUB CONTRACT "flat, monthly: 1, time_zone: ../etc/passwd}]\n",
	 "a:4:82: time_zone: found \"../etc/passwd\", expected a name such as Asia/Karachi or "
	 "UTC\n"},
	{"a zone that is not there is an error, never UTC",
	 HUB CONTRACT "flat, monthly: 1, time_zone: Asia/Karatschi}]\n",
	 "a:4:82: time_zone: found \"Asia/Karatschi\", and cannot read "
	 "/usr/share/zoneinfo/Asia/Karatschi: No such file or directory; a zone of the package "
	 "tzdata is expected, such as Asia/Karachi\n"},
	{"a zone whose file is something else",
	 HUB CONTRACT "flat, monthly: 1, time_zone: Broken}]\n",
	 "a:4:82: time_zone: /usr/share/zoneinfo/Broken is not what is expected there: it is no "
	 "TZif file\n"},
	{"a tax and a reverse charge",
	 HUB CONTRACT "flat, monthly: 1, tax_percent: 18, reverse_charge: yes}]\n",
	 "a:4:104: reverse_charge: found true and a tax_percent, expected one of them\n"},
	{"an exchange rate into the same currency",
	 HUB CONTRACT "flat, monthly: 1, exchange: {currency: USD, rate: 1}}]\n",
	 "a:4:81: exchange: found USD, which is the contract's own currency\n"},
	{"an exchange rate without a currency",
	 HUB CONTRACT "flat, monthly: 1, exchange: {rate: 1}}]\n",
	 "a:4:81: exchange: expected a currency and a rate above 0\n"},
	{"a blend in a sale", HUB CONTRACT "flat, monthly: 1, blend: b}]\n",
	 "a:4:78: blend: only a purchase is part of one; what is sold out of it is an item of kind "
	 "transit\n"},
	{"a contract with nobody",
	 HUB "contracts: [{id: c, currency: USD, kind: flat, monthly: 1}]\n",
	 "a:4:13: \"member\" is missing from this contract\n"},
	{"a contract with a member and a party",
	 HUB "parties: [{id: gulf, name: Gulf}]\n"
	     "contracts: [{id: c, member: M, party: gulf, currency: USD, kind: flat, monthly: "
	     "1}]\n",
	 "a:5:39: party: there is a member already, expected one of both\n"},
	{"a party's contract by traffic that is counted nowhere",
	 HUB
	 "parties: [{id: gulf, name: Gulf}]\n"
	 "contracts: [{id: c, party: gulf, currency: USD, kind: commit, monthly: 1, commit: 1G}]\n",
	 "a:5:13: \"ports\" are missing: the price goes by traffic, and a party has no ports of "
	 "its "
	 "own\n"},
	{"a party that could be an AS number", HUB "parties: [{id: \"64501\", name: Gulf}]\n",
	 "a:4:16: id: found \"64501\", which could be an AS number: expected a letter in it\n"},
	{"a party's fee, and what is bought of it by traffic of a port",
	 HUB
	 "parties: [{id: gulf, name: Gulf}]\n"
	 "contracts: [{id: c, party: gulf, currency: USD, kind: flat, monthly: 1},\n"
	 "{id: d, party: gulf, purchase: yes, ports: p, currency: USD, kind: commit, monthly: 1, "
	 "commit: 1G}]\n",
	 ""},
	{"a rank of nothing", HUB CONTRACT "flat, monthly: 1, percentile: {rank: 0}}]\n",
	 "a:4:90: rank: found 0, expected more, up to 100\n"},
	{"a rank above all", HUB CONTRACT "flat, monthly: 1, percentile: {rank: 101}}]\n",
	 "a:4:90: rank: found \"101\", expected a percentage of at most two decimals such as 18 or "
	 "7.25\n"},
	{"days of another method", HUB CONTRACT "flat, monthly: 1, percentile: {top_days: 3}}]\n",
	 "a:4:94: top_days: means something with method: top-days only\n"},
	{"a rank where days have peaks",
	 HUB CONTRACT "flat, monthly: 1, percentile: {method: top-days, rank: 90}}]\n",
	 "a:4:108: rank: means nothing with method: top-days, which has peak_bin\n"},
	{"a direction that there is not",
	 HUB CONTRACT "flat, monthly: 1, percentile: {direction: both}}]\n",
	 "a:4:95: direction: found \"both\", expected larger, each-bin-larger, sum, in or out\n"},
	{"the other party's records for each of two ports",
	 "hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"
	 "lans: [{name: l, ipv4: 192.0.2.0/24}]\n"
	 "members: [{asn: 65001, name: M, kind: carrier, ports: [{id: p, speed: 10G, ipv4: "
	 "192.0.2.2}, {id: q, speed: 10G, "
	 "ipv4: 192.0.2.3}]}]\n"
	 "contracts: [{id: c, member: M, currency: USD, kind: flat, monthly: 1, percentile: "
	 "{missing: other-party, ports: sum-after}}]\n",
	 "a:4:83: percentile: missing: other-party means nothing with ports: sum-after: the other "
	 "party's "
	 "records are of all 2 ports together\n"},
	{"an item of no kind", ITEMS "{kind: monthy, price: 1}]}]\n",
	 "a:5:8: kind: found \"monthy\"; did you mean \"monthly\"?\n"},
	{"what an item needs", ITEMS "{kind: once}, {kind: tiers}, {kind: iru, price: 1}]}]\n",
	 "a:5:1: \"price\" is missing: an item of kind once has it\n"
	 "a:5:1: \"starts\" is missing: an item of kind once has it\n"
	 "a:5:15: \"tiers\" is missing: an item of kind tiers has it\n"
	 "a:5:30: \"months\" is missing: an item of kind iru has it\n"
	 "a:5:30: \"starts\" is missing: an item of kind iru has it\n"},
	{"what an item has no use for",
	 ITEMS "{kind: monthly, price: 1, commit: 1G, free_hours: 3}]}]\n",
	 "a:5:35: commit: an item of kind monthly has none\n"
	 "a:5:51: free_hours: an item of kind monthly has none\n"},
	{"tiers that do not rise",
	 ITEMS "{kind: tiers, tiers: [{up_to: 2G, price: 1}, {up_to: 1G, price: 1}, {price: "
	       "1}]}]}]\n",
	 "a:5:22: tiers: expected up_to of number 2 to be more than that of the one before\n"},
	{"tiers with an end", ITEMS "{kind: tiers, tiers: [{up_to: 2G, price: 1}]}]}]\n",
	 "a:5:22: tiers: the last one has up_to; expected none, for what is above\n"},
	{"an overage twice",
	 ITEMS "{kind: commit, price: 1, commit: 1G, overage: 2, overage_percent: 150}]}]\n",
	 "a:5:67: overage_percent: found overage too, expected one of them\n"},
	{"an overage that is no price",
	 ITEMS "{kind: commit, price: 0.333333, commit: 1G, overage_percent: 150}]}]\n",
	 "a:5:62: overage_percent: of this price it has more than six decimals; expected overage "
	 "with the price itself\n"},
	{"two prices for the same traffic",
	 ITEMS "{kind: commit, price: 1, commit: 1G, ends: 2026-03-02},\n"
	       "{kind: transit, price: 1, starts: 2026-03-01}]}]\n",
	 "a:6:1: commit and transit price the same traffic at the same time; expected starts and "
	 "ends that keep them apart\n"},
	{"an id twice",
	 ITEMS "{kind: monthly, price: 1}, {kind: cloud, id: monthly, price: 1}]}]\n",
	 "a:5:46: id: found \"monthly\" twice in this contract\n"},
	{"an item that begins inside a day",
	 ITEMS "{kind: monthly, price: 1, starts: 2026-03-01T12:00:00Z}]}]\n",
	 "a:5:35: starts: expected the beginning of a day in UTC\n"},
	{"an item before and after the contract",
	 ITEMS "{kind: monthly, price: 1, starts: 2026-01-01, ends: 2027-01-02}]}]\n",
	 "a:5:35: starts: is outside the time of the contract\n"
	 "a:5:53: ends: is after the end of the contract\n"},
	{"a credit of nothing", ITEMS "{kind: credit, every_month: yes}]}]\n",
	 "a:5:1: expected one of price, percent and steps: what the credit is\n"},
	{"a credit of no month", ITEMS "{kind: credit, price: 5}]}]\n",
	 "a:5:1: \"starts\" is missing: the credit is given in its month; or every_month: true\n"},
	{"a credit of what there is not",
	 ITEMS "{kind: credit, percent: 5, of: port, every_month: yes}]}]\n",
	 "a:5:32: of: found \"port\", expected invoice, usage or the id of an item that is no "
	 "credit\n"},
	{"steps without an outage",
	 ITEMS "{kind: credit, every_month: yes, steps: [{minutes: 9, percent: 5}]}]}]\n",
	 "a:5:41: steps: expected outage_minutes or availability too\n"},
	{"an outage that is told and lived",
	 ITEMS "{kind: credit, every_month: yes, availability: 99.9, outage_minutes: 9, steps: "
	       "[{minutes: 9, percent: 5}]}]}]\n",
	 "a:5:70: outage_minutes: with availability the outage is that of the journal of ways\n"},
	{"a promise of everything",
	 ITEMS "{kind: credit, every_month: yes, availability: 100, percent: 5}]}]\n",
	 "a:5:48: availability: found \"100\", expected a percentage of at most four decimals "
	 "such as 99.9 or 99.9995\n"},
	{"a promise of five decimals",
	 ITEMS "{kind: credit, every_month: yes, availability: 99.99995, percent: 5}]}]\n",
	 "a:5:48: availability: found \"99.99995\", expected a percentage of at most four "
	 "decimals such as 99.9 or 99.9995\n"},
	{"a minimum of an item",
	 ITEMS "{kind: monthly, price: 1}, {kind: minimum, price: 5, of: monthly}]}]\n",
	 "a:5:58: of: found \"monthly\", expected invoice or usage\n"},
	{"a burst above nothing", ITEMS "{kind: burst, price: 5}]}]\n",
	 "a:5:1: a burst is above a commit: expected an item of kind commit, tiers, slabs or "
	 "transit that has one\n"},
	{"octets that cannot be added up",
	 ITEMS "{kind: volume, price: 5, direction: each-bin-larger}]}]\n",
	 "a:5:37: direction: found each-bin-larger, expected sum, larger, in or out: octets are "
	 "added up\n"},
	{"a price that no amount can be made of",
	 HUB CONTRACT "commit, commit: 20G, monthly: 9223372036854, overage: 1}]\n",
	 "a:4:83: monthly: for all that can be billed it comes to more than can be written; "
	 "expected less\n"},
	{"and prices of items",
	 ITEMS "{kind: monthly, price: 9223372036854, count: 20000},\n"
	       "{kind: tiers, tiers: [{price: 9223372036854}]}]}]\n",
	 "a:5:24: price: for all that can be billed it comes to more than can be written; "
	 "expected less\n"
	 "a:6:22: tiers: for all that can be billed it comes to more than can be written; "
	 "expected less\n"},
	{"transit out of a blend that nobody buys",
	 ITEMS "{kind: transit, price: 5, blend: west}]}]\n",
	 "a:4:105: items: transit is sold out of blend west, and no purchase names it\n"},
};

/* 5 h ahead: a file as it might be, with one kind of time and the rule for it. */
static char karachi[] = "TZif2...............\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\1"
			"\0\0\0\0\0\0\0"
			"TZif2...............\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
			"\0\0\x46\x50\0\0PKT\0\nPKT-5\n";

static int
read_with_zone(void *context, const char *path, struct buf *out)
{
	if (strcmp(path, "/usr/share/zoneinfo/Asia/Karachi") == 0)
		buf_put(out, karachi, sizeof(karachi) - 1);
	else if (strcmp(path, "/usr/share/zoneinfo/Broken") == 0)
		buf_str(out, "not a zone");
	else if (strcmp(path, "a") == 0)
		buf_str(out, context);
	else {
		errno = ENOENT;
		return -1;
	}
	return 0;
}

static struct hub *
hub_of(const char *text, struct buf *said)
{
	struct hub_report report;
	struct hub_source source = {read_with_zone, NULL, (void *)(uintptr_t)text};
	struct hub *hub = hub_file_read("a", source, &report);
	hub_report_print(&report, said);
	buf_u8(said, 0);
	hub_report_fini(&report);
	return hub;
}

static void
mistakes(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf said = {0};
		struct hub *hub = hub_of(cases[i].text, &said);
		is_str((const char *)said.data, cases[i].expected, cases[i].name);
		hub_free(hub);
		buf_fini(&said);
	}
}

static const char whole[] = HUB CONTRACT
	"items, time_zone: Asia/Karachi, starts: 2026-02, ends: 2026-12-01,\n"
	"percentile: {rank: 97.5, direction: sum, ports: sum-after, missing: other-party, method: "
	"daily-mean, valid_days: yes, baseline: 20, round_up: 1M},\n"
	"price_change: apart, rounding: half-even, tax_percent: 19.5, tax_name: VAT,\n"
	"exchange: {currency: PKR, rate: 278.5, source: State Bank}, items: [\n"
	"{kind: commit, price: 0.5, commit: 1G, overage_percent: 150, per_port: yes, ends: "
	"2026-06-15},\n"
	"{kind: tiers, starts: 2026-06-15, tiers: [{up_to: 1G, price: 1}, {price: 0.25}]},\n"
	"{kind: once, price: 100, starts: 2026-03-01T12:00:00Z, text: Set up},\n"
	"{kind: credit, availability: 99.9995, every_month: yes, percent: 7.25}]}]\n";

static void
read_whole(void)
{
	struct buf said = {0}, first = {0}, second = {0};
	char *text = strdup(whole), *noon = strstr(text, "T12:00:00Z");
	memcpy(noon, "T19:00:00Z", 10); /* midnight of the 2nd in Karachi */
	struct hub *hub = hub_of(text, &said);
	is_str((const char *)said.data, "", "a contract with all there is");
	if (!hub)
		return;
	const struct hub_contract *c = &hub->contracts[0];
	const struct hub_charge *commit = &c->charges[0], *tiers = &c->charges[1];
	char day[CLOCK_TEXT];
	is_str(zone_name(c->zone), "Asia/Karachi", "its zone is read");
	is_str(utc_format(day, c->starts), "2026-01-31T19:00:00Z",
	       "a day begins as in the contract's zone");
	is_str(utc_format(day, tiers->starts), "2026-06-14T19:00:00Z", "also for items");
	is_str(utc_format(day, c->charges[2].starts), "2026-03-01T19:00:00Z",
	       "a second is one of UTC");
	ok(commit->overage.micro == 750000 && strcmp(commit->overage.currency.code, "USD") == 0,
	   "a premium becomes a price in the contract's currency");
	ok(c->percentile.rank == 9750 && c->percentile.baseline == 2000 &&
		   c->percentile.round_up_bps == 1000000,
	   "the percentile's rules");
	is_str(tiers->id, "tiers", "an item without an id is called by its kind");
	ok(c->charges[3].availability == 999995 && c->charges[3].percent == 725,
	   "availability is promised to the millionth");
	hub_file_write(hub, &first);
	buf_u8(&first, 0);
	buf_clear(&said);
	struct hub *again = hub_of((const char *)first.data, &said);
	is_str((const char *)said.data, "", "what was understood can be read");
	if (again) {
		hub_file_write(again, &second);
		buf_u8(&second, 0);
		is_str((const char *)second.data, (const char *)first.data,
		       "and is understood in the same way");
	}
	hub_free(again);
	hub_free(hub);
	buf_fini(&said);
	buf_fini(&first);
	buf_fini(&second);
	free(text);
}

int
main(void)
{
	mistakes();
	read_whole();
	return done_testing();
}
