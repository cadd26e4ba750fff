/* The ways of colors as they run. Routers with a session are told by the exchange; those with an address alone by
 * PCEP: a path "color-N-ROUTER" is made there, and those that they have of such a color and leave to the plan are
 * led likewise. What is overdue is taken back: by the exchange itself there, here after the same time. */
#include "main/corridor_colors.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "hub/steer_sr.h"
#include "main/corridor_steering_files.h"
#include "meter/meter_io.h"
#include "net/control.h"
#include "pcep/pcep_color.h"

enum { MILLION = 1000000 };

/* A path at a router that is told by PCEP. Names are copies: they outlive the picture. */
struct told {
	char router[PCEP_NAME_MAX + 1], name[PCEP_NAME_MAX + 1];
	uint32_t color, preference;
	struct ip to;
	const struct pcep_color_way *way;
	bool made; /* the engine knows of this way */
};

struct corridor_colors {
	const struct role_context *context;
	struct pcep_color_ways ways;
	const struct hub *hub; /* that they are of; only to be compared */
	struct told *told;     /* in order of router, name */
	size_t told_count;
	struct told *old; /* of the ways before, until they are removed */
	size_t old_count;
	struct steer_sr_plan plan;    /* in the arena of `ways`; no paths: nobody is told by BGP */
	bool is_written, was_written; /* the plan; any one, ever */
	uint64_t number, written_us;
	struct utc_s good_until; /* by PCEP too */
	bool is_over;            /* and it is later */
	int asked;               /* connection by which the exchange was told; -1: none */
};

struct corridor_colors *
corridor_colors_new(const struct role_context *context)
{
	struct corridor_colors *c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->context = context;
	c->asked = -1;
	c->was_written = corridor_sr_earlier(context->run_directory, &c->number);
	return c;
}

void
corridor_colors_free(struct corridor_colors *c)
{
	if (!c)
		return;
	if (c->asked >= 0)
		close(c->asked);
	pcep_color_ways_fini(&c->ways);
	free(c->told);
	free(c->old);
	free(c);
}

/* --- by BGP --- */

static bool
is_by_bgp(const struct hub *hub, const struct pcep_color_way *way)
{
	return way->hop_count && hub->pcep.routers[way->from].session_id;
}

static bool
is_by_pcep(const struct hub *hub, const struct pcep_color_way *way)
{
	return way->hop_count && !hub->pcep.routers[way->from].session_id;
}

static struct steer_sr_path
path_of(const struct hub *hub, const struct pcep_color_ways *ways, const struct pcep_color_way *way,
	struct arena *arena)
{
	const struct hub_router *from = &hub->pcep.routers[way->from];
	return (struct steer_sr_path){
		.session = arena_str(arena, from->session_id),
		.headend = from->headend,
		.color = hub->sr_colors[way->color].color,
		.endpoint = hub_router_loopback(&hub->pcep.routers[way->to]),
		.preference = hub->sr_colors[way->color].preference - way->backup,
		.weight = pcep_color_weight(ways, way),
		.hop_count = way->hop_count,
	};
}

/* Of c->ways. 0, or -1 without memory. */
static int
make_plan(struct corridor_colors *c, const struct hub *hub)
{
	struct arena *arena = c->ways.arena;
	size_t hops = 0;
	for (size_t i = 0; i < c->ways.count; i++)
		hops += c->ways.ways[i].hop_count;
	c->plan = (struct steer_sr_plan){
		.paths = arena_take(arena, (c->ways.count + 1) * sizeof(*c->plan.paths)),
		.hops = arena_take(arena, (hops + 1) * sizeof(*c->plan.hops)),
	};
	if (!c->plan.paths || !c->plan.hops)
		return -1;
	for (size_t i = 0; i < c->ways.count; i++) {
		const struct pcep_color_way *way = &c->ways.ways[i];
		if (!is_by_bgp(hub, way))
			continue;
		struct steer_sr_path path = path_of(hub, &c->ways, way, arena);
		if (!path.session)
			return -1;
		path.first_hop = (uint32_t)c->plan.hop_count;
		for (uint8_t h = 0; h < way->hop_count; h++) {
			const struct pcep_hop *hop = &way->hops[h];
			c->plan.hops[c->plan.hop_count++] =
				(struct steer_sr_hop){.label = hop->srv6 ? 0 : sr_label(hop->entry),
						      .sid = hop->srv6 ? hop->sid : (struct ip){0}};
		}
		c->plan.paths[c->plan.path_count++] = path;
	}
	return 0;
}

static void
tell_exchange(struct corridor_colors *c)
{
	static const char *const words[] = {"steer", "take"};
	if (c->asked >= 0)
		close(c->asked);
	/* As with the plan of exits: without it the exchange looks within a second. */
	c->asked = c->context->control_socket ? control_ask_now(c->context->control_socket,
								CONTROL_TEXT, words, 2, NULL)
					      : -1;
}

static void
write_plan(struct corridor_colors *c)
{
	struct buf bytes = {0};
	uint64_t now = clock_utc_us();
	bool is_new = !c->is_written;
	c->plan.number = now > c->number ? now : c->number + 1;
	c->plan.good_until = c->good_until;
	const char *wrong = steer_sr_check(&c->plan);
	if (wrong) {
		log_warn("steer: the SR policies are not sound: %s", wrong);
		return;
	}
	steer_sr_encode(&c->plan, &bytes);
	if (bytes.failed ||
	    meter_file_replace(c->context->run_directory, STEER_SR_FILE, &bytes, false) < 0) {
		log_warn("run/" STEER_SR_FILE ": %s", strerror(bytes.failed ? ENOMEM : errno));
	} else {
		c->number = c->plan.number;
		c->written_us = now;
		c->is_written = c->was_written = true;
		if (is_new)
			tell_exchange(c);
	}
	buf_fini(&bytes);
}

/* --- by PCEP --- */

static int
by_name(const void *a, const void *b)
{
	const struct told *x = a, *y = b;
	int order = strcmp(x->router, y->router);
	return order ? order : strcmp(x->name, y->name);
}

/* Of c->ways; those of before are c->old. 0, or -1 without memory. */
static int
make_told(struct corridor_colors *c, const struct hub *hub)
{
	struct told *told = calloc(c->ways.count + 1, sizeof(*told));
	if (!told)
		return -1;
	/* Of those that no turn has seen, nobody was told. */
	if (c->old) {
		free(c->told);
	} else {
		c->old = c->told;
		c->old_count = c->told_count;
	}
	c->told = told;
	c->told_count = 0;
	for (size_t i = 0; i < c->ways.count; i++) {
		const struct pcep_color_way *way = &c->ways.ways[i];
		const struct hub_sr_color *color = &hub->sr_colors[way->color];
		if (!is_by_pcep(hub, way))
			continue;
		struct told *one = &told[c->told_count++];
		*one = (struct told){.color = color->color,
				     .preference = color->preference,
				     .to = hub_router_loopback(&hub->pcep.routers[way->to]),
				     .way = way};
		(void)snprintf(one->router, sizeof(one->router), "%s",
			       hub->pcep.routers[way->from].name);
		(void)snprintf(one->name, sizeof(one->name), "color-%u-%s", (unsigned)color->color,
			       hub->pcep.routers[way->to].name);
	}
	qsort(told, c->told_count, sizeof(*told), by_name);
	return 0;
}

/* Those that are no longer wanted, or are another policy's now. */
static void
remove_old(struct corridor_colors *c, struct pcep_pce *pce, struct mono_us now)
{
	for (size_t i = 0; i < c->old_count; i++) {
		const struct told *one = &c->old[i];
		const struct told *same =
			c->told_count ? bsearch(one, c->told, c->told_count, sizeof(*one), by_name)
				      : NULL;
		if (same && ip_equal(same->to, one->to) && same->preference == one->preference)
			continue;
		if (one->made)
			(void)pcep_pce_remove(pce, one->router, one->name, now);
	}
	free(c->old);
	c->old = NULL;
	c->old_count = 0;
}

static void
make_path(struct told *one, struct pcep_pce *pce, struct mono_us now)
{
	struct pcep_route route;
	const struct pcep_creation creation = {.router = one->router,
					       .name = one->name,
					       .color = one->color,
					       .preference = one->preference,
					       .to = one->to,
					       .route = &route,
					       .source = PCEP_BY_STEERING};
	pcep_color_route(&route, one->way);
	enum pcep_result result = pcep_pce_claim(pce, &creation);
	if (result == PCEP_DONE)
		result = pcep_pce_wish(pce, one->router, one->name, &route, PCEP_BY_STEERING, now);
	else if (result == PCEP_NO_LSP)
		result = pcep_pce_initiate(pce, &creation, now);
	one->made = result == PCEP_DONE || result == PCEP_AS_IT_WAS;
}

/* Is it the name that paths of colors have? */
static bool
is_of_color(const char *name)
{
	static const char begin[] = "color-";
	size_t length = sizeof(begin) - 1;
	if (strncmp(name, begin, length) != 0)
		return false;
	size_t digits = strspn(name + length, "0123456789");
	return digits && name[length + digits] == '-' && name[length + digits + 1];
}

/* Paths that a process before this one has made, of colors or routers that are no longer there, or to another end: it
 * may have died before it could take them back. */
static void
remove_left_over(const struct corridor_colors *c, struct pcep_pce *pce, struct mono_us now)
{
	struct pcep_lsp_view lsp;
	for (uint64_t at = 0; pcep_pce_lsp(pce, &at, &lsp);) {
		struct told named;
		if (!lsp.there || lsp.stale || !lsp.created || lsp.ours || lsp.gone ||
		    !lsp.delegated || !is_of_color(lsp.name))
			continue;
		(void)snprintf(named.router, sizeof(named.router), "%s", lsp.router);
		(void)snprintf(named.name, sizeof(named.name), "%s", lsp.name);
		const struct told *same = c->told_count ? bsearch(&named, c->told, c->told_count,
								  sizeof(named), by_name)
							: NULL;
		if (same && (lsp.to.family == IP_NONE || ip_equal(same->to, lsp.to)))
			continue;
		log_info("steer: path %s at %s is of an earlier time, and taken back", lsp.name,
			 lsp.router);
		(void)pcep_pce_remove(pce, lsp.router, lsp.name, now);
	}
}

/* The way of a path that the router has itself, and has left to the plan; NULL: it goes by no color. */
static const struct told *
told_like(const struct corridor_colors *c, const struct pcep_lsp_view *lsp)
{
	if (lsp->ours || !lsp->delegated || !lsp->policy->there ||
	    (lsp->source != PCEP_BY_PLAN && lsp->source != PCEP_BY_STEERING))
		return NULL;
	for (size_t i = 0; i < c->told_count; i++)
		if (c->told[i].color == lsp->policy->color && ip_equal(c->told[i].to, lsp->to) &&
		    strcmp(c->told[i].router, lsp->router) == 0)
			return &c->told[i];
	return NULL;
}

static void
lead_theirs(const struct corridor_colors *c, struct pcep_pce *pce, struct mono_us now)
{
	struct pcep_lsp_view lsp;
	struct pcep_route route;
	for (uint64_t at = 0; c->told_count && pcep_pce_lsp(pce, &at, &lsp);) {
		const struct told *like = told_like(c, &lsp);
		if (!like)
			continue;
		pcep_color_route(&route, like->way);
		if (lsp.source != PCEP_BY_STEERING || !lsp.wish ||
		    !pcep_route_equal(lsp.wish, &route))
			(void)pcep_pce_wish(pce, lsp.router, lsp.name, &route, PCEP_BY_STEERING,
					    now);
	}
}

static void
take_back(struct corridor_colors *c, struct pcep_pce *pce, struct mono_us now)
{
	for (size_t i = 0; i < c->told_count; i++) {
		if (c->told[i].made)
			(void)pcep_pce_remove(pce, c->told[i].router, c->told[i].name, now);
		c->told[i].made = false;
	}
}

/* --- the whole --- */

void
corridor_colors_find(struct corridor_colors *c, const struct pcep_plan *plan,
		     const enum corridor_live *live)
{
	struct pcep_color_ways ways;
	struct pcep_color_ways before = c->ways;
	struct steer_sr_plan plan_before = c->plan;
	struct pcep_color_held held = {&before, clock_mono().us / 1000};
	if (pcep_color_ways_hold(&ways, plan, live, before.arena ? &held : NULL) < 0) {
		log_warn("steer: no memory for the ways of colors, which stay as they are");
		return;
	}
	c->ways = ways;
	if (make_plan(c, plan->hub) < 0 || make_told(c, plan->hub) < 0) {
		log_warn("steer: no memory for the ways of colors, which stay as they are");
		pcep_color_ways_fini(&c->ways);
		c->ways = before;
		c->plan = plan_before;
		return;
	}
	c->hub = plan->hub;
	c->is_written = c->is_written && steer_sr_same(&c->plan, &plan_before);
	pcep_color_ways_fini(&before);
	if (ways.count)
		log_info("steer: ways of colors: %zu, %zu wait for better ones, and none between "
			 "%zu pairs of routers%s",
			 ways.count - ways.missing, ways.waiting, ways.missing,
			 ways.over ? ", and more than there may be" : "");
}

bool
corridor_colors_due(const struct corridor_colors *c)
{
	return c->ways.arena && clock_mono().us / 1000 >= c->ways.due_ms;
}

/* Three renewals in the time that a plan is good for. */
static void
renew(struct corridor_colors *c, bool fresh)
{
	uint64_t now = clock_utc_us(), good_s = c->context->hub->steering.good_s;
	if (!fresh)
		return;
	c->good_until = (struct utc_s){(int64_t)(now / MILLION + good_s)};
	/* A hub without colors, now and before, has no such file. */
	if ((c->plan.path_count || c->was_written) &&
	    (!c->is_written || now - c->written_us >= good_s * MILLION * 3 / 10))
		write_plan(c);
}

void
corridor_colors_turn(struct corridor_colors *c, struct pcep_pce *pce, bool fresh,
		     struct mono_us now)
{
	renew(c, fresh);
	remove_old(c, pce, now);
	remove_left_over(c, pce, now);
	bool over = clock_utc().s - c->good_until.s >= c->context->hub->transit.hold_s;
	if (over && !c->is_over && c->told_count) {
		log_warn("steer: the ways of colors are overdue, and taken back");
		take_back(c, pce, now);
	}
	c->is_over = over;
	for (size_t i = 0; !over && i < c->told_count; i++)
		if (!c->told[i].made)
			make_path(&c->told[i], pce, now);
	if (!over)
		lead_theirs(c, pce, now);
}

const struct pcep_color_ways *
corridor_colors_ways(const struct corridor_colors *c, bool *over)
{
	static const struct pcep_color_ways none;
	*over = c->is_over;
	/* Without memory they may be those of the picture before. */
	return c->hub == c->context->hub ? &c->ways : &none;
}
