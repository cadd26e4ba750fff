/* The candidate paths of steering come back from their bytes as they were; harmed bytes and unsound plans are
 * refused. */
#include "hub/steer_sr.h"

#include <string.h>

#include "tap.h"

struct made {
	struct steer_sr_path paths[2];
	struct steer_sr_hop hops[3];
	struct steer_sr_plan plan;
};

static struct ip
address(const char *text)
{
	struct ip ip = {0};
	(void)ip_parse(&ip, text);
	return ip;
}

static void
make(struct made *m)
{
	*m = (struct made){
		.paths = {{"s11", {0}, 100, address("10.0.0.9"), 150, 7, 0, 2},
			  {"s12", address("10.0.0.77"), UINT32_MAX, address("2001:db8::9"), 0, 1, 2,
			   1}},
		.hops = {{16001, {0}}, {0xfffff, {0}}, {0, address("fc00:9::")}},
	};
	m->plan = (struct steer_sr_plan){7, {1795287630}, m->paths, 2, m->hops, 3};
}

static void
round_trip(void)
{
	struct made m;
	struct buf first = {0}, second = {0};
	struct arena *arena = arena_new();
	struct steer_sr_plan read;
	const char *error;
	make(&m);
	steer_sr_encode(&m.plan, &first);
	if (ok(steer_sr_decode(&read, arena, cursor_of(first.data, first.length), &error) == 0,
	       "a plan reads back")) {
		is_int((long long)read.number, 7, "with its number");
		is_int(read.good_until.s, 1795287630, "with the end of its validity");
		ok(steer_sr_same(&read, &m.plan), "saying the same");
		steer_sr_encode(&read, &second);
		ok(first.length == second.length &&
			   memcmp(first.data, second.data, first.length) == 0,
		   "and is written again as the same bytes");
	}
	unsigned taken = 0;
	for (size_t length = 0; length < first.length; length++)
		taken += steer_sr_decode(&read, arena, cursor_of(first.data, length), &error) == 0;
	for (size_t i = 0; i < first.length; i++) {
		first.data[i] ^= 1;
		taken += steer_sr_decode(&read, arena, cursor_of(first.data, first.length),
					 &error) == 0;
		first.data[i] ^= 1;
	}
	is_int(taken, 0, "no part of it, and none with an octet harmed");
	buf_fini(&first);
	buf_fini(&second);
	arena_free(arena);
}

static void
unsound(void)
{
	struct made m;
	make(&m);
	m.plan.number = 0;
	is_str(steer_sr_check(&m.plan), "no number", "a plan has a number");
	make(&m);
	m.paths[0].session = "";
	is_str(steer_sr_check(&m.plan), "a name is missing or too long", "a path has a session");
	make(&m);
	m.paths[1].headend = address("2001:db8::1");
	is_str(steer_sr_check(&m.plan), "a head-end that is no IPv4 address",
	       "a head-end goes by its BGP identifier");
	make(&m);
	m.paths[0].endpoint = (struct ip){0};
	is_str(steer_sr_check(&m.plan), "a path without an end", "a path has an end");
	make(&m);
	m.paths[0].weight = 0;
	is_str(steer_sr_check(&m.plan), "a list without weight", "and weight");
	make(&m);
	m.paths[1].hop_count = 0;
	is_str(steer_sr_check(&m.plan), "a path of no hops, or too many", "and hops");
	make(&m);
	m.paths[1].first_hop = 1;
	is_str(steer_sr_check(&m.plan), "hops out of order", "which are its own");
	make(&m);
	m.plan.hop_count = 2;
	is_str(steer_sr_check(&m.plan), "hops out of order", "and all there");
	make(&m);
	m.plan.path_count = 1;
	is_str(steer_sr_check(&m.plan), "hops that belong to no path", "and no more");
	make(&m);
	m.hops[0].label = 15;
	is_str(steer_sr_check(&m.plan), "a hop that is neither a label nor a SID",
	       "reserved labels lead nowhere");
	make(&m);
	m.hops[2].sid = address("10.0.0.1");
	is_str(steer_sr_check(&m.plan), "a hop that is neither a label nor a SID",
	       "a SID is an IPv6 address");
}

/* Lists of a candidate path follow each other, at most four; another preference is a backup. */
static void
lists(void)
{
	struct steer_sr_path paths[6];
	struct steer_sr_hop hops[6];
	for (uint32_t i = 0; i < 6; i++) {
		paths[i] = (struct steer_sr_path){
			"s", {0}, 100, address("10.0.0.9"), i < 4 ? 150 : 149, 1, i, 1};
		hops[i] = (struct steer_sr_hop){16001 + i, {0}};
	}
	struct steer_sr_plan plan = {7, {1795287630}, paths, 5, hops, 5};
	ok(!steer_sr_check(&plan) && !steer_sr_is_beside(&plan, 0) &&
		   steer_sr_is_beside(&plan, 3) && !steer_sr_is_beside(&plan, 4) &&
		   steer_sr_is_backup(&plan, 4) && !steer_sr_is_backup(&plan, 1),
	   "lists are of one preference, and a backup of another");
	for (uint32_t i = 0; i < 6; i++)
		paths[i].preference = 150;
	is_str(steer_sr_check(&plan), "too many lists of a path", "there are at most four");
}

static void
comparing(void)
{
	struct made a, b;
	make(&a);
	make(&b);
	b.plan.number++;
	b.plan.good_until.s++;
	ok(steer_sr_same(&a.plan, &b.plan), "a renewal says the same");
	b.hops[1].label--;
	ok(!steer_sr_same(&a.plan, &b.plan), "another label does not");
	make(&b);
	b.paths[0].preference++;
	ok(!steer_sr_same(&a.plan, &b.plan), "nor another preference");
	make(&b);
	b.paths[0].weight++;
	ok(!steer_sr_same(&a.plan, &b.plan), "nor another weight");
	make(&b);
	b.paths[1].headend = address("10.0.0.78");
	ok(!steer_sr_same(&a.plan, &b.plan), "nor another head-end");
}

int
main(void)
{
	round_trip();
	unsound();
	lists();
	comparing();
	return done_testing();
}
