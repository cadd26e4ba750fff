/* Sudden rises: what is one and what is not; who is meant; what becomes of a proposal. */
#include <math.h>

#include "tap.h"
#include "watching.h"

enum { PORT = 3, OTHER = 5 };
static const struct utc_s start = {1700000000};

static struct ip
v4(const char *text)
{
	struct ip ip = {0};
	(void)ip_parse(&ip, text);
	return ip;
}

/* An hour of ordinary traffic: eight servers with 200 Mbit/s each, and one with 2 Gbit/s. */
static void
ordinary(struct watching *g, double level)
{
	for (uint32_t i = 0; i < 8; i++)
		watching_rate(g, ip_v4(0xcb007100 + i), PORT, 2e8 * level, 40);
	watching_rate(g, ip_v4(0xcb0071c8), OTHER, 2e9 * level, 40);
}

static void
pass(struct watching *g, int64_t seconds)
{
	for (int64_t i = 0; i < seconds; i++) {
		ordinary(g, 1);
		watching_tick(g);
	}
}

static bool
is_about(const struct watch_alarm *alarm, const char *prefix)
{
	char text[PREFIX_TEXT];
	return alarm && strcmp(prefix_format(text, alarm->target), prefix) == 0;
}

static void
attacks(void)
{
	struct watching *g = watching_new(8, start);
	pass(g, 3600);
	is_int(watching_count(g, WATCH_RISE), 0, "an hour of ordinary traffic is no alarm");
	for (int i = 0; i < 29; i++) {
		watching_rate(g, v4("203.0.113.4"), PORT, 8e9, 5000);
		pass(g, 1);
	}
	is_int(watching_count(g, WATCH_RISE), 0, "nor is a burst that is shorter than hold_s");
	for (int i = 0; i < 31; i++) {
		watching_rate(g, v4("203.0.113.4"), PORT, 8e9, 5000);
		pass(g, 1);
	}
	const struct watch_alarm *alarm = watching_alarm(g, WATCH_RISE);
	ok(is_about(alarm, "203.0.113.4/32"), "8 Gbit/s to an address that has 0.2 is one");
	is_int(watching_count(g, WATCH_RISE), 1, "and one only: its network is not told apart");
	ok(alarm && alarm->severity == WATCH_ALARM, "from many sources it is an alarm");
	ok(alarm && alarm->value > 7000000000 && alarm->value < 9500000000, "with its rate: %llu",
	   alarm ? (unsigned long long)alarm->value : 0);
	is_int(alarm ? alarm->member.number : 0, 64512 + PORT, "and whose it is");
	ok(alarm && !strstr(alarm->text, "203.0.113"), "its text holds no address");
	is_int((long long)watch_proposal_count(g->watch), 1, "a blackhole is proposed");
	const struct watch_proposal *p = watch_proposal(g->watch, 0);
	ok(p && p->state == WATCH_PROPOSED && p->target.length == 32 && p->number == 1,
	   "for that address, and nothing is done");
	for (int i = 0; i < 600; i++) {
		watching_rate(g, v4("203.0.113.4"), PORT, 8e9, 5000);
		pass(g, 1);
	}
	ok(watching_count(g, WATCH_RISE) == 1, "it stays as long as the attack lasts");
	is_int(watching_alarm(g, WATCH_RISE)->since.s - start.s, 3600, "since it began");
	pass(g, 250);
	is_int(watching_count(g, WATCH_RISE), 1, "it is not over at once");
	pass(g, 100);
	is_int(watching_count(g, WATCH_RISE), 0, "but after end_s");
	is_int(watch_proposal(g->watch, 0)->state, WATCH_LAPSED, "and its proposal lapses");
	const struct watch_alarm *over = watch_alarms_over(watch_alarms_of(g->watch), 0);
	ok(over && over->until.s && is_about(over, "203.0.113.4/32"), "what is over is remembered");
	watching_free(g);
}

static void
networks(void)
{
	struct watching *g = watching_new(8, start);
	pass(g, 1900);
	for (int i = 0; i < 120; i++) {
		for (uint32_t k = 0; k < 256; k++)
			watching_rate(g, ip_v4(0xc0000200 + k), OTHER, 4e7, 3000);
		pass(g, 1);
	}
	const struct watch_alarm *alarm = watching_alarm(g, WATCH_RISE);
	ok(is_about(alarm, "192.0.2.0/24"),
	   "little to each address of a network is an alarm of the network");
	is_int(watching_count(g, WATCH_RISE), 1, "and one only");
	struct ip v6[4];
	for (uint32_t k = 0; k < 4; k++) {
		v6[k] = v4("2001:db8:7::");
		v6[k].octets[15] = (uint8_t)(k + 1);
	}
	for (int i = 0; i < 120; i++) {
		for (uint32_t k = 0; k < 4; k++)
			watching_rate(g, v6[k], OTHER, 9e8, 3000);
		pass(g, 1);
	}
	bool found = false;
	const struct watch_alarms *book = watch_alarms_of(g->watch);
	for (size_t i = 0; i < book->on_count; i++)
		found |= is_about(&book->on[i], "2001:db8:7::/48");
	ok(found, "so is one of a /48");
	watching_free(g);
}

/* `bps` to each of `count` addresses, `step` apart, for two minutes. */
static struct watching *
many(uint32_t count, double bps, uint32_t step)
{
	struct watching *g = watching_new(8, start);
	pass(g, 1900);
	for (int i = 0; i < 120; i++) {
		for (uint32_t k = 0; k < count; k++)
			watching_rate(g, ip_v4(0xc0000000 + k * step), OTHER, bps, 3000);
		pass(g, 1);
	}
	return g;
}

/* An attack on one address while much else in its network grows, too. */
static void
in_a_crowd(double others)
{
	struct watching *g = watching_new(8, start);
	pass(g, 1900);
	for (int i = 0; i < 120; i++) {
		watching_rate(g, ip_v4(0xc0000007), OTHER, 2e9, 3000);
		for (uint32_t k = 0; k < 100; k++)
			watching_rate(g, ip_v4(0xc0000020 + k), OTHER, others / 100, 3000);
		pass(g, 1);
	}
	bool few = others < 8e9;
	ok(is_about(watching_alarm(g, WATCH_RISE), few ? "192.0.0.7/32" : "192.0.0.0/24"),
	   few ? "a victim is told though its network grows"
	       : "but where it is a small part the network is");
	is_int(watching_count(g, WATCH_RISE), 1, "and one of both only");
	watching_free(g);
}

static void
victims(void)
{
	in_a_crowd(3e9);
	in_a_crowd(3e10);
	struct watching *g = many(3, 2e9, 1);
	is_int(watching_count(g, WATCH_RISE), 3, "three victims in a network are three alarms");
	watching_free(g);

	g = many(200, 2e9, 1);
	ok(is_about(watching_alarm(g, WATCH_RISE), "192.0.0.0/24"),
	   "of two hundred the network is meant");
	is_int(watching_count(g, WATCH_RISE), 1, "and they are not told one by one");
	is_int((long long)watch_proposal_count(g->watch), 1,
	       "nor is a blackhole proposed for each");
	watching_free(g);

	g = many(200, 2e9, 256);
	is_int(watching_count(g, WATCH_RISE), 200, "two hundred in as many networks are all told");
	is_int((long long)watch_proposal_count(g->watch), 200, "and a blackhole for each proposed");
	watching_free(g);

	g = many(600, 1.5e9, 256);
	is_int(watching_count(g, WATCH_RISE), WATCH_RISES_MAX, "of six hundred not all are told");
	is_int((long long)watch_alarms_of(g->watch)->unlisted, 600 - WATCH_RISES_MAX,
	       "but how many are not, each once");
	ok(watch_alarms_room(watch_alarms_of(g->watch), WATCH_PORT_FULL),
	   "and there is room for what else is wrong");
	watching_free(g);
}

/* 100 Mbit/s that grow to 10 Gbit/s, as many times a minute, in so many minutes: when it is found, in seconds,
 * or -1. */
static int
found_after(int minutes)
{
	struct watching *g = watching_new(8, start);
	int found = -1;
	pass(g, 3600);
	for (int i = 0; i < minutes * 60 && found < 0; i++) {
		watching_rate(g, v4("203.0.113.99"), PORT, 1e8 * pow(100, i / (minutes * 60.0)),
			      3000);
		pass(g, 1);
		if (watching_count(g, WATCH_RISE))
			found = i;
	}
	watching_free(g);
	return found;
}

static void
slow_attacks(void)
{
	/* It is above the floor after half of its time. */
	static const int minutes[] = {2, 8, 32, 64};
	for (size_t i = 0; i < sizeof(minutes) / sizeof(minutes[0]); i++) {
		int after = found_after(minutes[i]);
		ok(after > 0 && after < minutes[i] * 60 * 3 / 4 + 30,
		   "an attack that takes %d minutes to come is found on the way: after %d s",
		   minutes[i], after);
	}
}

static void
small_packets(void)
{
	struct watching *g = watching_new(8, start);
	pass(g, 1900);
	for (int i = 0; i < 120; i++) {
		for (int k = 0; k < 90; k++) /* 0.9 million packets a second of 64 octets */
			watching_flow(g, v4("203.0.113.9"), PORT, 64, 5000);
		pass(g, 1);
	}
	const struct watch_alarm *alarm = watching_alarm(g, WATCH_RISE);
	ok(is_about(alarm, "203.0.113.9/32"),
	   "many small packets are one, though they are few bits");
	watching_free(g);
}

static void
transfers(void)
{
	struct watching *g = watching_new(8, start);
	pass(g, 1900);
	for (int i = 0; i < 120; i++) {
		watching_rate(g, v4("203.0.113.77"), PORT, 4e9, 2);
		pass(g, 1);
	}
	const struct watch_alarm *alarm = watching_alarm(g, WATCH_RISE);
	ok(alarm && alarm->severity == WATCH_WARNING, "from two sources it is a warning");
	is_int((long long)watch_proposal_count(g->watch), 0, "and no blackhole is proposed");
	watching_free(g);

	g = watching_new(8, start);
	pass(g, 3600);
	for (int i = 0; i < 600; i++) { /* what 203.0.113.200 had goes to .201 now */
		for (uint32_t k = 0; k < 8; k++)
			watching_rate(g, ip_v4(0xcb007100 + k), PORT, 2e8, 40);
		watching_rate(g, v4("203.0.113.201"), OTHER, 2e9, 40);
		watching_tick(g);
	}
	is_int(watching_count(g, WATCH_RISE), 0, "traffic that moves within a network is no alarm");
	watching_free(g);
}

/* --- what must be no alarm --- */

static void
start_up(void)
{
	struct watching *g = watching_new(8, start);
	for (int i = 0; i < 7200; i++) {
		g->now.s++;
		watch_take(g->watch, &g->intake, g->now);
	}
	for (int i = 0; i < 3600; i++) {
		ordinary(g, 4);
		watching_tick(g);
	}
	is_int(watching_count(g, WATCH_RISE), 0,
	       "the first exporter, two hours after the start, is none");
	watching_free(g);
	g = watching_new(8, start);
	for (int i = 0; i < 3600; i++) {
		ordinary(g, 4);
		watching_tick(g);
	}
	is_int(watching_count(g, WATCH_RISE), 0, "a start in the middle of much traffic is none");
	for (int i = 0; i < 7200; i++) { /* exporters silent, or the meter cut off */
		g->now.s++;
		watch_take(g->watch, &g->intake, g->now);
	}
	for (int i = 0; i < 600; i++) {
		ordinary(g, 4);
		watching_tick(g);
	}
	is_int(watching_count(g, WATCH_RISE), 0, "nor the end of a gap of two hours");
	for (int i = 0; i < 5400; i++) { /* one member away: others go on */
		watching_rate(g, ip_v4(0xcb007100), PORT, 2e8, 40);
		watching_tick(g);
	}
	for (int i = 0; i < 600; i++) {
		ordinary(g, 4);
		watching_tick(g);
	}
	is_int(watching_count(g, WATCH_RISE), 0,
	       "nor a member that comes back after an hour and a half");
	g->now.s -= 4000;
	for (int i = 0; i < 600; i++) {
		ordinary(g, 4);
		watching_tick(g);
	}
	is_int(watching_count(g, WATCH_RISE), 0, "nor a clock that is set back");
	watching_free(g);
}

/* An attack that begins in the very second in which learning ends. */
static void
right_after_learning(uint32_t learn_s)
{
	struct watching *g = watching_new(8, start);
	g->hub->watch.rise.learn_s = learn_s;
	watch_free(g->watch);
	g->watch = watch_new(g->hub, &g->roster, 7, g->now);
	assert(g->watch);
	pass(g, learn_s);
	for (int i = 0; i < 60; i++) {
		watching_rate(g, v4("203.0.113.4"), PORT, 4e9, 5000);
		pass(g, 1);
	}
	ok(is_about(watching_alarm(g, WATCH_RISE), "203.0.113.4/32"),
	   "an attack right after %u s of learning is found", learn_s);
	is_int(watching_count(g, WATCH_RISE), 1, "and nothing else is");
	watching_free(g);
}

/* Two days between a tenth of the traffic and all of it, a window at a time. */
static void
days(void)
{
	struct watching *g = watching_new(8, start);
	size_t alarms = 0;
	for (int64_t t = 0; t < 2 * 86400; t += 10) {
		double level = 0.55 + 0.45 * sin(2 * 3.14159265 * (double)t / 86400);
		for (int i = 0; i < 10; i++)
			ordinary(g, 6 * level);
		g->now.s += 9;
		watching_tick(g);
		alarms += watching_count(g, WATCH_RISE);
	}
	is_int((long long)alarms, 0, "days and nights, ten to one, are no alarm");
	watching_free(g);
}

/* --- the operator --- */

static struct watching *
attacked(void)
{
	struct watching *g = watching_new(8, start);
	pass(g, 1900);
	for (int i = 0; i < 60; i++) {
		watching_rate(g, v4("203.0.113.4"), PORT, 8e9, 5000);
		pass(g, 1);
	}
	return g;
}

static void
proposals(void)
{
	struct watching *g = attacked();
	is_int(watch_confirm(g->watch, 2, g->now), -1, "there is no proposal 2 to be confirmed");
	is_int(watch_confirm(g->watch, 1, g->now), 0, "1 is confirmed");
	is_int(watch_proposal(g->watch, 0)->state, WATCH_ASKED, "then the exchange is asked");
	is_int(watch_confirm(g->watch, 1, g->now), -1, "and only once");
	watch_confirmed(g->watch, 1, false, "not the member's", (struct utc_s){0}, g->now);
	is_int(watch_proposal(g->watch, 0)->state, WATCH_REFUSED, "which may refuse");
	is_int(watch_confirm(g->watch, 1, g->now), 0, "it may be tried again");
	watch_confirmed(g->watch, 1, true, "", (struct utc_s){g->now.s + 3600}, g->now);
	is_int(watch_proposal(g->watch, 0)->ends.s, g->now.s + 3600, "installed, it has an end");
	pass(g, 400);
	is_int(watch_proposal(g->watch, 0)->state, WATCH_INSTALLED, "and stays after the rise");
	watching_free(g);

	g = attacked();
	is_int(watch_dismiss(g->watch, 1, g->now), 0, "one that is dismissed");
	is_int(watching_count(g, WATCH_RISE), 0, "ends its alarm");
	for (int i = 0; i < 600; i++) {
		watching_rate(g, v4("203.0.113.4"), PORT, 8e9, 5000);
		pass(g, 1);
	}
	is_int((long long)watch_proposal_count(g->watch), 1, "and does not come again");
	watching_free(g);
}

/* --- bounds --- */

static void
crowds(void)
{
	struct watching *g = watching_new(8, start);
	pass(g, 1900);
	size_t before = watch_state(g->watch).memory + watch_intake_size(&g->intake);
	for (int i = 0; i < 200; i++) { /* each second 20,000 addresses that nobody sees again */
		for (uint32_t k = 0; k < 20000; k++)
			watching_flow(g, ip_v4(watching_chance(g, 1u << 24) * 251u), OTHER, 1000,
				      5000);
		watching_rate(g, v4("203.0.113.4"), PORT, 8e9, 5000);
		pass(g, 1);
	}
	bool found = false;
	const struct watch_alarms *book = watch_alarms_of(g->watch);
	for (size_t i = 0; i < book->on_count; i++)
		found |= is_about(&book->on[i], "203.0.113.4/32");
	ok(found, "a rise is found in a crowd of four million addresses");
	ok(watch_state(g->watch).memory + watch_intake_size(&g->intake) == before,
	   "in the same memory: %zu KiB", before / 1024);
	ok(watch_state(g->watch).replaced > 100000, "though most did not fit");
	watching_free(g);
}

static void
thinned(void)
{
	struct watching *g = watching_new(8, start);
	pass(g, 1900);
	for (int i = 0; i < 30; i++) { /* 400,000 flows a second, ten times the rate */
		for (uint32_t k = 0; k < 400000; k++) {
			struct flow flow = {.octets = 1000, .packets = 1};
			flow.destination = ip_v4(0xcb007104);
			flow.source = ip_v4(0xc6336400 + (k % 5000) * 256);
			struct watch_flow f = {&flow, 0, HUB_NONE, PORT, 1000ull * 10, 10};
			watch_intake_flow(&g->intake, &f);
		}
		watching_tick(g);
	}
	ok(watch_state(g->watch).every >= 4, "of many flows one in %u is looked at",
	   watch_state(g->watch).every);
	struct watch_talker top;
	double bps = watch_talkers(g->watch, &top, 1) ? (double)top.bps : 0;
	ok(fabs(bps / 32e9 - 1) < 0.02, "and counted for the others: %.3g bit/s of 3.2e+10", bps);
	watching_free(g);
}

int
main(void)
{
	attacks();
	networks();
	victims();
	slow_attacks();
	small_packets();
	transfers();
	start_up();
	right_after_learning(11);
	right_after_learning(15);
	right_after_learning(1801);
	days();
	proposals();
	crowds();
	thinned();
	return done_testing();
}
