/* The table of roles, and which words each of them answers. */
#include "main/role.h"

#include <string.h>

const struct role *const roles[ROLE_COUNT] = {&role_exchange, &role_meter,    &role_poller,
					      &role_ledger,   &role_corridor, &role_registry,
					      &role_paper,    &role_web};

enum { EXCHANGE, METER, POLLER, LEDGER, CORRIDOR, REGISTRY, PAPER, WEB };

/* The first words of a request; the first row that fits counts. `second` NULL: any, or none. */
static const struct {
	const char *first, *second;
	int role;
} routes[] = {
	{"show", "status", ROLE_PARENT},
	{"apply", NULL, ROLE_PARENT},
	{"confirm", NULL, ROLE_PARENT},
	{"undo", NULL, ROLE_PARENT},
	{"upgrade", NULL, ROLE_PARENT},
	{"show", "members", EXCHANGE},
	{"show", "member", EXCHANGE},
	{"show", "routes", EXCHANGE},
	{"show", "route", EXCHANGE},
	{"show", "filtered", EXCHANGE},
	{"show", "flowspec", EXCHANGE},
	{"show", "sr", EXCHANGE},
	{"sr", NULL, EXCHANGE},
	{"show", "participants", EXCHANGE},
	{"show", "peering", EXCHANGE},
	{"show", "policy", EXCHANGE},
	{"show", "communities", EXCHANGE},
	{"show", "rpki", EXCHANGE},
	{"show", "sessions", EXCHANGE},
	{"show", "bfd", EXCHANGE},
	{"show", "bmp", EXCHANGE},
	{"show", "mrt", EXCHANGE},
	{"explain", NULL, EXCHANGE},
	{"member", NULL, EXCHANGE},
	{"birdwatcher", NULL, EXCHANGE},
	{"rpki", "refresh", EXCHANGE},
	{"dump", "table", EXCHANGE},
	{"metrics", "exchange", EXCHANGE},
	{"show", "blackholes", EXCHANGE},
	{"show", "steer", EXCHANGE},
	{"steer", NULL, EXCHANGE},
	{"blackhole", NULL, EXCHANGE},
	{"show", "alarms", METER},
	{"show", "proposals", METER},
	{"show", "talkers", METER},
	{"propose", NULL, METER},
	{"alarm", NULL, METER},
	{"show", "samples", METER},
	{"show", "flows", METER},
	{"show", "traffic", METER},
	{"show", "matrix", METER},
	{"show", "exporters", METER},
	{"show", "memory", METER},
	{"metrics", "meter", METER},
	{"show", "curve", LEDGER},
	{"show", "invoices", LEDGER},
	{"show", "blends", LEDGER},
	{"show", "ledger", LEDGER},
	{"bill", NULL, LEDGER},
	{"metrics", "ledger", LEDGER},
	{"show", "overview", CORRIDOR},
	{"show", "corridor", CORRIDOR},
	{"corridor", "report", PAPER},
	{"corridor", NULL, CORRIDOR},
	{"show", "pcep", CORRIDOR},
	{"show", "colors", CORRIDOR},
	{"pcep", NULL, CORRIDOR},
	{"metrics", "corridor", CORRIDOR},
	{"show", "registry", REGISTRY},
	{"registry", NULL, REGISTRY},
	{"metrics", "registry", REGISTRY},
	{"metrics", "web", WEB},
	{"show", "polls", POLLER},
	{"metrics", "poller", POLLER},
	{"counters", NULL, METER},
	{"show", "ports", METER},
	{"ledger", NULL, LEDGER},
	{"store", "verify", LEDGER},
	{"show", "settlement", LEDGER},
	{"show", "forecast", LEDGER},
	{"show", "revenue", LEDGER},
	{"show", "history", LEDGER},
	{"show", "demands", LEDGER},
	{"show", "content", LEDGER},
};

/* The first words of what changes something; `second` NULL: whatever follows. */
static const struct {
	const char *first, *second;
} changes[] = {
	{"apply", NULL},        {"confirm", NULL},
	{"undo", NULL},         {"upgrade", NULL},
	{"member", NULL},       {"dump", NULL},
	{"rpki", "refresh"},    {"registry", NULL},
	{"blackhole", NULL},    {"propose", NULL},
	{"alarm", NULL},        {"ledger", "issue"},
	{"ledger", "credit"},   {"ledger", "pay"},
	{"ledger", "dispute"},  {"ledger", "settle"},
	{"ledger", "transfer"}, {"ledger", "reconcile"},
	{"sr", NULL},           {"pcep", NULL},
	{"ledger", "note"},     {"ledger", "receive"},
	{"ledger", "adjust"},   {"steer", NULL},
	{"corridor", "cut"},    {"corridor", "drain"},
	{"corridor", "work"},   {"corridor", "restore"},
	{"corridor", "hear"},
};

/* Is it an order about segments, or a word of a source of theirs, with that option right behind what it is about? There it is what it says, and no other
 * option's value. */
static bool
is_corridor_order(const struct control_request *request, const char *option)
{
	static const char *const orders[] = {"cut", "drain", "work", "restore", "hear"};
	if (request->count < 4 || strcmp(request->words[0], "corridor") != 0 ||
	    strcmp(request->words[3], option) != 0)
		return false;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		if (strcmp(orders[i], request->words[1]) == 0)
			return true;
	return false;
}

const char *
role_request_token(const struct control_request *request)
{
	return request->count > 4 && is_corridor_order(request, "--token") ? request->words[4]
									   : NULL;
}

bool
role_request_changes(const struct control_request *request)
{
	const char *second = request->count > 1 ? request->words[1] : "";
	if (is_corridor_order(request, "--preview") && strcmp(second, "hear") != 0)
		return false;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		if (strcmp(changes[i].first, request->words[0]) == 0 &&
		    (!changes[i].second || strcmp(changes[i].second, second) == 0))
			return true;
	return false;
}

int
role_by_name(const char *name)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		if (strcmp(roles[i]->name, name) == 0)
			return i;
	return -1;
}

/* A bill or document that is to be drawn goes to those who draw; so does a plan of which towers to put on fibre, which is
 * made of large files. Without further words the corridor tells what the hub file says of it. */
static bool
is_drawn(const struct control_request *request)
{
	if (request->count > 2 && strcmp(request->words[0], "corridor") == 0 &&
	    strcmp(request->words[1], "reach") == 0)
		return true;
	for (size_t i = 1; i < request->count; i++)
		if (strcmp(request->words[i], "--pdf") == 0)
			return strcmp(request->words[0], "bill") == 0 ||
			       (strcmp(request->words[0], "ledger") == 0 &&
				strcmp(request->words[1], "document") == 0);
	return false;
}

int
role_for_request(const struct control_request *request)
{
	if (is_drawn(request))
		return PAPER;
	const char *second = request->count > 1 ? request->words[1] : "";
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (strcmp(routes[i].first, request->words[0]) == 0 &&
		    (!routes[i].second || strcmp(routes[i].second, second) == 0))
			return routes[i].role;
	return ROLE_NOBODY;
}
