/* The path computation element among routers, on a clock of its own: what it answers, what it
 * orders, what stays when a router goes. */
#include "pcep/pcep_pce.h"

#include "pcep_world.h"
#include "tap.h"

#define OVER_B "16002 (10.0.0.2), 16009 (10.0.0.9)"
#define DIRECT "24003 (to 10.1.0.2)"

static struct mono_us
at(double seconds)
{
	return (struct mono_us){(int64_t)(seconds * 1e6)};
}

static void
hear(struct pcep_pce *pce, unsigned peer, const char *hex, double seconds)
{
	struct buf octets = {0};
	put_hex(&octets, hex);
	pcep_pce_input(pce, peer, cursor_of(octets.data, octets.length), at(seconds));
	buf_fini(&octets);
}

/* A report of path `plsp_id` with the SRP-ID, flags of the LSP object, a name of three letters, and
 * these hops. */
static void
report(struct pcep_pce *pce, uint32_t srp_id, uint32_t lsp, const char *hops, double seconds)
{
	char hex[600];
	unsigned ero = (unsigned)strlen(hops) / 2 + 4;
	(void)snprintf(hex, sizeof(hex),
		       "200a%04x 21120014 00000000 %08x 001c0004 00000001 20120024 %08x 00120010 "
		       "0a63000b 00000000 0a63000b 0a000009 00110003 61626300 0712%04x %s",
		       4 + 20 + 36 + ero, srp_id, lsp, ero, hops);
	hear(pce, 0, hex, seconds);
}

enum { DELEGATED = 0x9, UP = 0x10, MADE = 0x80 };
#define HOPS_B "240c100103e820000a000002240c100103e890000a000009"
#define HOP_AC "2408000905dc3000"
#define HOP_NO ""

static unsigned
accept_r1(struct pcep_pce *pce, double seconds)
{
	struct buf refusal = {0};
	struct ip from;
	(void)ip_parse(&from, "10.99.0.11");
	int peer = pcep_pce_accept(pce, from, &refusal, at(seconds));
	hear(pce, (unsigned)peer, FRR_OPEN FRR_KEEPALIVE, seconds);
	(void)world_said(pce, (unsigned)peer, at(seconds));
	buf_fini(&refusal);
	return (unsigned)peer;
}

static struct pcep_lsp_view
path_named(struct pcep_pce *pce, const char *name)
{
	struct pcep_lsp_view view, none = {.name = NULL};
	for (uint64_t i = 0; pcep_pce_lsp(pce, &i, &view);)
		if (strcmp(view.name, name) == 0)
			return view;
	return none;
}

static void
connections(struct world *world)
{
	struct pcep_pce *pce = pcep_pce_new(&world->plan, at(1));
	struct buf refusal = {0};
	struct pcep_peer_view peer;
	struct ip stranger, known;
	(void)ip_parse(&stranger, "10.99.0.12");
	(void)ip_parse(&known, "10.99.0.11");
	ok(pcep_pce_accept(pce, stranger, &refusal, at(1)) < 0 && !refusal.length,
	   "a stranger is not spoken to");
	ok(accept_r1(pce, 2) == 0 && pcep_pce_peer(pce, 0, &peer) && peer.state == PCEP_STATE_UP &&
		   !peer.synced && peer.theirs->stateful,
	   "a router of the hub file has a session");
	ok(pcep_pce_accept(pce, known, &refusal, at(3)) < 0 && refusal.length == 12 &&
		   refusal.data[10] == 9 && refusal.data[11] == 1,
	   "not two: error 9, 1");
	hear(pce, 0, FRR_REPORT, 3);
	ok(pcep_pce_peer(pce, 0, &peer) && peer.lsps == 1 && !peer.synced, "paths are told");
	hear(pce, 0, FRR_SYNCED, 3);
	ok(pcep_pce_peer(pce, 0, &peer) && peer.synced, "until all are");
	is_str(world_said(pce, 0, at(3)), "", "one that is not delegated is left alone");
	ok(pcep_pce_wish(pce, "r1", "EXP-exp", path_named(pce, "EXP-exp").route, PCEP_BY_OPERATOR,
			 at(4)) == PCEP_NOT_DELEGATED,
	   "whoever wishes otherwise is told");
	pcep_pce_tick(pce, at(23));
	is_str(world_said(pce, 0, at(23)), "close 2", "a router that is silent is closed");
	ok(pcep_pce_ended(pce, 0), "its connection is to be closed");
	pcep_pce_lost(pce, 0, "closed", at(23));
	ok(pcep_pce_peer(pce, 0, &peer) && !peer.connected && peer.stale && peer.lsps == 1 &&
		   path_named(pce, "EXP-exp").stale,
	   "what it said is kept for a while");
	pcep_pce_tick(pce, at(82));
	ok(pcep_pce_peer(pce, 0, &peer) && peer.lsps == 1, "up to the last second");
	pcep_pce_tick(pce, at(83));
	ok(pcep_pce_peer(pce, 0, &peer) && peer.lsps == 0 && !peer.stale, "and no longer");
	buf_fini(&refusal);
	pcep_pce_free(pce);
}

static void
requests(struct world *world)
{
	struct pcep_pce *pce = pcep_pce_new(&world->plan, at(1));
	(void)accept_r1(pce, 1);
	hear(pce, 0, FRR_REQUEST, 1);
	is_str(world_said(pce, 0, at(1)), "reply 1: " OVER_B, "a request is answered");
	hear(pce, 0,
	     "20030024 02120014 00000080 00000007 001c0004 00000001 0412000c 0a63000b 0a00004d", 1);
	is_str(world_said(pce, 0, at(1)), "reply 7: no path", "though there may be no path");
	hear(pce, 0, "2003001c 0212000c 00000080 00000007 0412000c 0a63000b 0a000009", 1);
	is_str(world_said(pce, 0, at(1)), "error 21.1", "RSVP is not spoken");
	hear(pce, 0, "20030018 02120014 00000080 00000007 001c0004 00000001", 1);
	is_str(world_said(pce, 0, at(1)), "error 6.3", "ends must be said");
	hear(pce, 0, FRR_REQUEST, 2);
	hear(pce, 0, FRR_REQUEST, 2);
	hear(pce, 0, FRR_REQUEST, 2);
	is_str(world_said(pce, 0, at(2)),
	       "reply 1: " OVER_B "; notification 2.1; reply 1: no path; reply 1: no path",
	       "whoever asks too much is told so once, and gets no paths");
	ok(pcep_pce_deadline(pce).us <= at(61).us, "until the minute is over");
	hear(pce, 0, FRR_KEEPALIVE, 20);
	hear(pce, 0, FRR_KEEPALIVE, 39);
	hear(pce, 0, FRR_KEEPALIVE, 55);
	pcep_pce_tick(pce, at(61));
	is_str(world_said(pce, 0, at(61)), "notification 2.2", "that is told, too");
	hear(pce, 0, FRR_REQUEST, 62);
	is_str(world_said(pce, 0, at(62)), "reply 1: " OVER_B, "then paths are found again");
	pcep_pce_free(pce);
}

static void
delegations(struct world *world)
{
	struct pcep_pce *pce = pcep_pce_new(&world->plan, at(1));
	struct world cut = world_of("planned", "  requests_max: 3\n");
	struct pcep_route route;
	(void)accept_r1(pce, 1);
	report(pce, 0, 1 << 12 | DELEGATED | 2, HOP_NO, 1);
	is_str(world_said(pce, 0, at(1)), "", "nothing is ordered while paths are being told");
	hear(pce, 0, FRR_SYNCED, 1);
	is_str(world_said(pce, 0, at(1)), "update 1: " OVER_B,
	       "then a delegated path without hops gets those of the plan");
	report(pce, 0, 1 << 12 | DELEGATED, HOP_NO, 2);
	is_str(world_said(pce, 0, at(2)), "", "once");
	report(pce, 1, 1 << 12 | DELEGATED | UP, HOPS_B, 3);
	is_str(world_said(pce, 0, at(3)), "", "it reports that it is so");
	ok(path_named(pce, "abc").source == PCEP_BY_PLAN && !path_named(pce, "abc").ordered,
	   "and follows the plan from now on");
	(void)pcep_pce_use(pce, &cut.plan, at(4));
	pcep_pce_tick(pce, at(4));
	is_str(world_said(pce, 0, at(4)), "update 1: " DIRECT, "a plan that changes moves it");
	report(pce, 2, 1 << 12 | DELEGATED | UP, HOP_AC, 5);
	route = *path_named(pce, "abc").route;
	pcep_pce_replan(pce, at(6));
	pcep_pce_tick(pce, at(6));
	is_str(world_said(pce, 0, at(6)), "", "one that does not change does not");

	(void)pcep_pce_use(pce, &world->plan, at(7));
	pcep_pce_tick(pce, at(7));
	is_str(world_said(pce, 0, at(7)), "update 1: " OVER_B, "and back");
	hear(pce, 0, "20060020 21100014 00000000 00000003 001c0004 00000001 0d100008 00001301", 8);
	ok(path_named(pce, "abc").fault.type == 19 && !path_named(pce, "abc").ordered,
	   "an order that is refused is not given again");
	pcep_pce_tick(pce, at(9));
	is_str(world_said(pce, 0, at(9)), "", "nor at the next tick");
	ok(pcep_pce_wish(pce, "r1", "abc", &route, PCEP_BY_OPERATOR, at(10)) == PCEP_DONE,
	   "the operator may wish");
	is_str(world_said(pce, 0, at(10)), "", "what is so already");
	route.hops[0].entry = sr_entry(30000);
	(void)pcep_pce_wish(pce, "r1", "abc", &route, PCEP_BY_OPERATOR, at(10));
	is_str(world_said(pce, 0, at(10)), "update 1: 30000", "or something else");
	route.hops[0].entry = sr_entry(30001);
	ok(pcep_pce_wish(pce, "r1", "abc", &route, PCEP_BY_STEERING, at(10)) == PCEP_DONE,
	   "and again");
	is_str(world_said(pce, 0, at(10)), "", "while an order is out nothing more is said");
	report(pce, 4, 1 << 12 | DELEGATED | UP, "2408000907530000", 11);
	is_str(world_said(pce, 0, at(11)), "update 1: 30001", "then what holds in the end");
	ok(pcep_pce_wish(pce, "r9", "abc", &route, PCEP_BY_OPERATOR, at(12)) == PCEP_NO_ROUTER &&
		   pcep_pce_wish(pce, "r2", "abc", &route, PCEP_BY_OPERATOR, at(12)) ==
			   PCEP_NO_ROUTER &&
		   pcep_pce_wish(pce, "r1", "abd", &route, PCEP_BY_OPERATOR, at(12)) == PCEP_NO_LSP,
	   "wishes for what is not there are refused");
	report(pce, 5, 1 << 12 | DELEGATED | UP, "2408000907531000", 12);

	pcep_pce_lost(pce, 0, "lost", at(13));
	(void)accept_r1(pce, 20);
	report(pce, 0, 9 << 12 | DELEGATED | UP, HOP_AC, 20);
	hear(pce, 0, FRR_SYNCED, 20);
	is_str(world_said(pce, 0, at(20)), "update 9: 30001",
	       "a router that comes back otherwise is told the wish again, by the new number");
	report(pce, 6, 9 << 12 | 4, HOP_NO, 21);
	ok(!path_named(pce, "abc").name, "a path that is gone is forgotten");
	ok(pcep_pce_follow(pce, "r1", "abc", at(22)) == PCEP_NO_LSP,
	   "with all that was wished of it");
	report(pce, 0, 10 << 12 | DELEGATED | UP, "2408000907530000", 23);
	is_str(world_said(pce, 0, at(23)), "", "one with hops of its own is left alone");
	ok(pcep_pce_follow(pce, "r1", "abc", at(24)) == PCEP_DONE,
	   "until somebody wants it otherwise");
	is_str(world_said(pce, 0, at(24)), "update 10: " OVER_B, "then it follows the plan");
	world_fini(&cut);
	pcep_pce_free(pce);
}

static void
creations(struct world *world)
{
	struct pcep_pce *pce = pcep_pce_new(&world->plan, at(1));
	struct pcep_creation creation = {.router = "r1",
					 .name = "abc",
					 .color = 300,
					 .preference = 70,
					 .source = PCEP_BY_OPERATOR};
	(void)ip_parse(&creation.to, "10.0.0.9");
	ok(pcep_pce_initiate(pce, &creation, at(1)) == PCEP_NOT_UP, "no path is made at nobody's");
	(void)accept_r1(pce, 2);
	hear(pce, 0, FRR_SYNCED, 2);
	ok(pcep_pce_initiate(pce, &creation, at(2)) == PCEP_DONE, "a path is made");
	is_str(world_said(pce, 0, at(2)), "initiate 0 abc: " OVER_B, "as the plan has it");
	ok(pcep_pce_initiate(pce, &creation, at(2)) == PCEP_TAKEN, "not twice");
	report(pce, 1, 3 << 12 | DELEGATED | MADE | UP, HOPS_B, 3);
	ok(path_named(pce, "abc").there && path_named(pce, "abc").ours &&
		   !path_named(pce, "abc").ordered,
	   "the router has made it");
	pcep_pce_lost(pce, 0, "lost", at(4));
	pcep_pce_tick(pce, at(70));
	ok(path_named(pce, "abc").name && !path_named(pce, "abc").there,
	   "a router that forgets it");
	(void)accept_r1(pce, 80);
	is_str(world_said(pce, 0, at(80)), "", "when it has told what it has");
	hear(pce, 0, FRR_SYNCED, 80);
	is_str(world_said(pce, 0, at(80)), "initiate 0 abc: " OVER_B, "is asked for it again");
	report(pce, 2, 4 << 12 | DELEGATED | MADE | UP, HOPS_B, 81);
	ok(pcep_pce_remove(pce, "r1", "abc", at(82)) == PCEP_DONE, "what was made can be removed");
	is_str(world_said(pce, 0, at(82)), "initiate 4 remove", "that is said");
	report(pce, 3, 4 << 12 | DELEGATED | MADE | 4, HOPS_B, 83);
	ok(!path_named(pce, "abc").name, "and done");
	creation.to.octets[3] = 77;
	ok(pcep_pce_initiate(pce, &creation, at(84)) == PCEP_NO_WAY && !path_named(pce, "abc").name,
	   "where there is no way nothing is made");
	report(pce, 0, 5 << 12 | DELEGATED | UP, HOPS_B, 85);
	ok(pcep_pce_remove(pce, "r1", "abc", at(86)) == PCEP_CANNOT,
	   "what the router made itself is not ours to remove");
	pcep_pce_free(pce);
}

/* A process that begins anew hears of paths that the one before it had made. */
static void
claims(struct world *world)
{
	struct pcep_pce *pce = pcep_pce_new(&world->plan, at(1));
	struct pcep_creation creation = {.router = "r1",
					 .name = "abc",
					 .color = 300,
					 .preference = 70,
					 .source = PCEP_BY_STEERING};
	(void)ip_parse(&creation.to, "10.0.0.9");
	(void)accept_r1(pce, 1);
	hear(pce, 0, FRR_SYNCED, 1);
	ok(pcep_pce_claim(pce, &creation) == PCEP_NO_LSP, "what is not there cannot be taken over");
	report(pce, 0, 5 << 12 | DELEGATED | UP, HOPS_B, 2);
	ok(pcep_pce_claim(pce, &creation) == PCEP_TAKEN, "nor what the router has made itself");
	report(pce, 0, 5 << 12 | MADE | UP, HOPS_B, 3);
	ok(path_named(pce, "abc").created && !path_named(pce, "abc").ours,
	   "one that a hub has made is known as such");
	ok(pcep_pce_claim(pce, &creation) == PCEP_NOT_DELEGATED,
	   "it is not taken over where another one has it");
	report(pce, 0, 5 << 12 | DELEGATED | MADE | UP, HOPS_B, 4);
	struct pcep_creation elsewhere = creation;
	elsewhere.to.octets[3] = 77;
	bool known = path_named(pce, "abc").to.family != IP_NONE;
	ok(!known || pcep_pce_claim(pce, &elsewhere) == PCEP_TAKEN, "nor one that leads elsewhere");
	ok(pcep_pce_claim(pce, &creation) == PCEP_DONE && path_named(pce, "abc").ours,
	   "else it is ours from then on");
	ok(pcep_pce_claim(pce, &creation) == PCEP_DONE, "and stays so");
	is_str(world_said(pce, 0, at(4)), "", "without a word to the router");
	static struct pcep_route route;
	route.count = path_named(pce, "abc").route->count;
	memcpy(route.hops, path_named(pce, "abc").route->hops, sizeof(route.hops));
	(void)pcep_pce_wish(pce, "r1", "abc", &route, PCEP_BY_STEERING, at(5));
	pcep_pce_lost(pce, 0, "lost", at(6));
	pcep_pce_tick(pce, at(80));
	(void)accept_r1(pce, 81);
	(void)world_said(pce, 0, at(81));
	hear(pce, 0, FRR_SYNCED, 81);
	is_str(world_said(pce, 0, at(81)), "initiate 0 abc: " OVER_B,
	       "a router that forgets it is asked for it as for one that we have made");
	pcep_pce_free(pce);
}

static void
bad_reports(struct world *world)
{
	struct pcep_pce *pce = pcep_pce_new(&world->plan, at(1));
	(void)accept_r1(pce, 1);
	hear(pce, 0,
	     "200a0024 20120010 00001002 00110003 61626300 07120010 2408000903e81000 24000000", 1);
	is_str(world_said(pce, 0, at(1)), "error 10.11",
	       "a report with a malformed route is refused");
	ok(!path_named(pce, "abc").name, "and nothing of it is kept");
	hear(pce, 0, "200a0018 20120008 00001002 0712000c 2408000903e81000", 1);
	is_str(world_said(pce, 0, at(1)), "error 10.8", "a path needs a name");
	report(pce, 0, 1 << 12 | 2, HOPS_B, 1);
	hear(pce, 0, "200a0020 20120010 00002002 00110001 62000000 0712000c 2408000903e81000", 1);
	is_str(world_said(pce, 0, at(1)), "", "two are as many as it may report");
	hear(pce, 0, "200a0020 20120010 00003002 00110002 63620000 0712000c 2408000903e81000", 1);
	is_str(world_said(pce, 0, at(1)), "error 19.4", "a third is one too many");
	hear(pce, 0, "200a0010 20120008 00000002 07120004", 1);
	is_str(world_said(pce, 0, at(1)), "error 20.1", "number 0 is no path's");
	pcep_pce_lost(pce, 0, "lost", at(2));
	(void)accept_r1(pce, 3);
	hear(pce, 0, FRR_SYNCED, 3);
	struct pcep_peer_view peer;
	ok(pcep_pce_peer(pce, 0, &peer) && peer.lsps == 0,
	   "what is not told after a new beginning is no longer there");
	pcep_pce_free(pce);
	/* One without the capability. */
	pce = pcep_pce_new(&world->plan, at(1));
	struct buf refusal = {0};
	struct ip from;
	(void)ip_parse(&from, "10.99.0.11");
	(void)pcep_pce_accept(pce, from, &refusal, at(1));
	hear(pce, 0, "2001000c 01100008 20051400" FRR_KEEPALIVE FRR_REPORT, 1);
	is_str(world_said(pce, 0, at(1)), "error 19.5",
	       "who did not say that it keeps state here may not report");
	pcep_pce_free(pce);
}

static void
pictures(struct world *world)
{
	struct pcep_pce *pce = pcep_pce_new(&world->plan, at(1));
	(void)accept_r1(pce, 1);
	hear(pce, 0, FRR_REPORT FRR_SYNCED, 1);
	struct world other = world_of("in service", "");
	struct hub_router swap = other.hub->pcep.routers[0];
	other.hub->pcep.routers[0] = other.hub->pcep.routers[3];
	other.hub->pcep.routers[3] = swap;
	ok(pcep_pce_use(pce, &other.plan, at(2)) == 0 && path_named(pce, "EXP-exp").name,
	   "another picture keeps sessions and paths of its routers");
	struct ip from;
	(void)ip_parse(&from, "10.99.0.11");
	ok(pcep_pce_connected(pce, from) == 3, "by other numbers");
	other.hub->pcep.router_count = 3;
	ok(pcep_pce_use(pce, &other.plan, at(3)) == 0 && !path_named(pce, "EXP-exp").name &&
		   pcep_pce_connected(pce, from) < 0,
	   "those that it does not name go");
	pcep_pce_free(pce);
	world_fini(&other);
}

int
main(void)
{
	struct world world = world_of("in service", "  requests_max: 3\n  lsps_max: 2\n");
	connections(&world);
	requests(&world);
	delegations(&world);
	creations(&world);
	claims(&world);
	bad_reports(&world);
	pictures(&world);
	world_fini(&world);
	return done_testing();
}
