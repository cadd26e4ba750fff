/* SR policies of steering follow the corridor's plan of them, and go when no plan comes. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "exchange/bgp/bgp_tunnel.h"
#include "exchange/exchange_private.h"
#include "hub/hub_memory.h"
#include "quiet_shell.h"
#include "tap.h"

#define HEAD                                                                                       \
	"hub: {name: H, asn: 64500, router_id: 192.0.2.1}\n"                                       \
	"lans: [{name: L, ipv4: 192.0.2.0/24}]\n"                                                  \
	"transit: {hold_s: 5, return_s: 4}\n"                                                      \
	"members:\n"                                                                               \
	"  - asn: 64501\n    name: M\n    kind: access\n"                                          \
	"    ports: [{id: p, speed: 10G, ipv4: 192.0.2.11}]\n"                                     \
	"    sessions: [{id: s, sr_policy: %s}]\n"                                                 \
	"%s"

#define POLICY                                                                                     \
	"sr_policies: [{id: own, session: s, color: 100, endpoint: 10.0.0.9,"                      \
	" lists: [{segments: [17001]}]}]\n"

enum { BEGINS = 1800000000 };

static struct exchange *x;
static uint64_t number;

static struct ip
address(const char *text)
{
	struct ip ip = {0};
	(void)ip_parse(&ip, text);
	return ip;
}

static struct hub *
picture(const char *takes, const char *more)
{
	char text[2000];
	char *said;
	(void)snprintf(text, sizeof(text), HEAD, takes, more);
	struct memory_file file = {"hub.yaml", text, false};
	struct hub *hub = memory_hub(&file, 1, &said);
	if (!hub) {
		printf("Bail out! %s\n", said);
		exit(1);
	}
	free(said);
	return hub;
}

static void
pass(int64_t second)
{
	exchange_tick(x, (struct mono_us){second * 1000000}, (struct utc_s){BEGINS + second});
	exchange_turn_end(x);
}

/* A path over `label`, and one for a router behind the neighbour if `two`. NULL, or why not. */
static const char *
follow(uint32_t label, bool two, int64_t good_until)
{
	const char *why;
	struct arena *arena = arena_new();
	struct steer_sr_path *paths = arena_take(arena, 2 * sizeof(*paths));
	struct steer_sr_hop *hops = arena_take(arena, 2 * sizeof(*hops));
	paths[0] = (struct steer_sr_path){"s", {0}, 100, address("10.0.0.9"), 150, 1, 0, 1};
	paths[1] = (struct steer_sr_path){
		"s", address("192.0.2.77"), 100, address("10.0.0.9"), 150, 1, 1, 1};
	hops[0] = hops[1] = (struct steer_sr_hop){label, {0}};
	struct steer_sr_plan plan = {number,     {BEGINS + good_until}, paths, two ? 2 : 1, hops,
				     two ? 2 : 1};
	return exchange_sr_follow(x, &plan, arena, &why) < 0 ? why : NULL;
}

/* A path to the neighbour and one behind it, each with a backup. */
static const char *
follow_backups(int64_t good_until)
{
	const char *why;
	struct arena *arena = arena_new();
	struct steer_sr_path *paths = arena_take(arena, 4 * sizeof(*paths));
	struct steer_sr_hop *hops = arena_take(arena, 4 * sizeof(*hops));
	for (uint32_t i = 0; i < 4; i++) {
		struct ip headend = i < 2 ? (struct ip){0} : address("192.0.2.77");
		paths[i] = (struct steer_sr_path){"s",         headend, 100, address("10.0.0.9"),
						  150 - i % 2, 1,       i,   1};
		hops[i] = (struct steer_sr_hop){16001 + i, {0}};
	}
	struct steer_sr_plan plan = {number, {BEGINS + good_until}, paths, 4, hops, 4};
	return exchange_sr_follow(x, &plan, arena, &why) < 0 ? why : NULL;
}

/* A path of three lists, and its backup. */
static const char *
follow_lists(int64_t good_until)
{
	const char *why;
	struct arena *arena = arena_new();
	struct steer_sr_path *paths = arena_take(arena, 4 * sizeof(*paths));
	struct steer_sr_hop *hops = arena_take(arena, 4 * sizeof(*hops));
	for (uint32_t i = 0; i < 4; i++) {
		uint32_t preference = i < 3 ? 150 : 149, weight = i < 3 ? 400 / (i + 1) : 1;
		paths[i] = (struct steer_sr_path){"s",        {0},    100, address("10.0.0.9"),
						  preference, weight, i,   1};
		hops[i] = (struct steer_sr_hop){16001 + i, {0}};
	}
	struct steer_sr_plan plan = {number, {BEGINS + good_until}, paths, 4, hops, 4};
	return exchange_sr_follow(x, &plan, arena, &why) < 0 ? why : NULL;
}

/* Of what neighbours are told, read back from the octets: "150: 400 over 16001, ...". */
static const char *
lists_told(void)
{
	static struct buf text;
	static struct sr_policy read;
	struct srpolicy_view view;
	buf_clear(&text);
	for (size_t at = 0; srpolicy_next(exchange_sr(x), &at, &view);) {
		if (view.source != SRPOLICY_STEERING ||
		    bgp_tunnel_read(&read, view.tunnel) != BGP_TUNNEL_SOUND)
			continue;
		buf_printf(&text, "%s%u:", text.length ? "; " : "", (unsigned)read.preference);
		for (unsigned i = 0; i < read.list_count; i++) {
			buf_printf(&text, " %u over ", (unsigned)read.lists[i].weight);
			sr_list_text(&text, &read, &read.lists[i]);
		}
	}
	buf_u8(&text, 0);
	return (const char *)text.data;
}

/* Distinguisher and source of each policy, in order. */
static const char *
policies(void)
{
	static struct buf text;
	struct srpolicy_view view;
	buf_clear(&text);
	for (size_t at = 0; srpolicy_next(exchange_sr(x), &at, &view);)
		buf_printf(&text, "%s%x by %d", text.length ? ", " : "",
			   (unsigned)view.key.distinguisher, (int)view.source);
	buf_u8(&text, 0);
	return (const char *)text.data;
}

int
main(void)
{
	struct hub *hub = picture("yes", POLICY), *next;
	x = exchange_new(hub, 1, &quiet_shell, (struct mono_us){0});
	pass(1);
	number = 1;
	is_str(policies(), "1 by 0", "at first there are those of the hub file");
	ok(!follow(16001, true, 10), "a plan is taken");
	is_str(policies(), "1 by 0, 3 by 2, c000024d by 2",
	       "its paths stand beside them, each for its router");
	is_str(follow(16001, true, 20), "it is no newer than the one there is",
	       "one that is no newer is not");
	number = 2;
	is_str(follow(16001, true, 1), "it is overdue", "nor one that is overdue");
	ok(!follow(16002, false, 12), "a newer one is");
	is_str(policies(), "1 by 0, 3 by 2", "and what is not in it goes");

	pass(16);
	is_str(policies(), "1 by 0, 3 by 2", "one that is overdue is held for a while");
	ok(exchange_deadline(x).us < 17 * 1000000, "and the clock looked at");
	pass(17);
	is_str(policies(), "1 by 0", "then its paths go, and others stay");
	number = 3;
	ok(!follow(16002, false, 19), "the next plan");
	is_str(policies(), "1 by 0", "does not set them again at once,");
	pass(20);
	number = 4;
	ok(!follow(16002, false, 24), "nor the one after it, as that was overdue:");
	pass(22);
	is_str(policies(), "1 by 0", "they have to come in time");
	number = 5;
	ok(!follow(16002, false, 30), "and when they do");
	pass(23);
	is_str(policies(), "1 by 0", "almost for long enough");
	ok(exchange_deadline(x).us <= 24 * 1000000, "and the clock is looked at");
	pass(24);
	is_str(policies(), "1 by 0, 3 by 2", "then all are there again");

	number = 6;
	ok(!follow_backups(40), "a plan with backups");
	is_str(policies(), "1 by 0, 3 by 2, c000024d by 2, f0000003 by 2, f000024d by 2",
	       "has each beside its path, with a distinguisher of its own");
	struct srpolicy_view view;
	static struct sr_policy read;
	bool lower = true;
	for (size_t at = 0; srpolicy_next(exchange_sr(x), &at, &view);)
		if (view.source == SRPOLICY_STEERING)
			lower = lower && bgp_tunnel_read(&read, view.tunnel) == BGP_TUNNEL_SOUND &&
				read.preference ==
					(view.key.distinguisher >= 0xf0000000 ? 149 : 150);
	ok(lower, "and a lower preference");
	number = 7;
	ok(!follow_lists(40), "a path of several lists");
	is_str(policies(), "1 by 0, 3 by 2, f0000003 by 2",
	       "is one policy, and its backup another");
	is_str(lists_told(), "150: 400 over 16001 200 over 16002 133 over 16003; 149: 1 over 16004",
	       "that has them all with their weights");
	number = 8;
	ok(!follow(16002, false, 40), "and when it is gone");
	is_str(policies(), "1 by 0, 3 by 2", "they are");

	next = picture("no", "");
	ok(exchange_apply(x, next, x->now) == 0, "another hub file,");
	is_str(policies(), "", "whose session takes none, ends them");
	hub_free(hub);
	hub = picture("yes", "");
	ok(exchange_apply(x, hub, x->now) == 0, "and when it does again");
	is_str(policies(), "3 by 2", "those of the plan are there");
	hub_free(next);
	exchange_free(x);
	hub_free(hub);
	return done_testing();
}
