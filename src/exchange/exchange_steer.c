/* From the corridor's plan to the table's order of exits and to what members are told of them. */
#include "exchange/exchange_steer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "exchange/exchange_private.h"

enum {
	STEP = 20000, /* prefixes looked at in a turn */
	UNKNOWN =
		UINT32_MAX - 1,  /* the cost of who is no exit of the plan: behind those that are */
	NOBODY = UINT32_MAX - 1, /* in place of a row */
};

/* What the plan is in slots. */
struct exchange_steer_matrix {
	unsigned slots, rows;
	uint32_t *row_of, *cost;
	uint8_t *backup;
	struct policy_told *told;
};

const char *
exchange_steer_state_name(enum exchange_steer_state state)
{
	static const char *const names[] = {"no plan", "by plan", "held", "plain", "waits"};
	return names[state];
}

static void
free_matrix(struct exchange_steer_matrix *m)
{
	if (!m)
		return;
	free(m->row_of);
	free(m->cost);
	free(m->backup);
	free(m->told);
	free(m);
}

static struct exchange_steer_matrix *
new_matrix(unsigned slots, unsigned rows)
{
	struct exchange_steer_matrix *m = calloc(1, sizeof(*m));
	size_t cells = (size_t)rows * slots + 1;
	if (!m)
		return NULL;
	*m = (struct exchange_steer_matrix){
		.slots = slots,
		.rows = rows,
		.row_of = calloc(slots + 1u, sizeof(*m->row_of)),
		.cost = calloc(cells, sizeof(*m->cost)),
		.backup = calloc(cells, sizeof(*m->backup)),
		.told = calloc(cells, sizeof(*m->told)),
	};
	if (m->row_of && m->cost && m->backup && m->told)
		return m;
	free_matrix(m);
	return NULL;
}

/* The site of a session in the plan, or UINT32_MAX. */
static uint32_t
site_in_plan(const struct exchange *x, const struct steer_plan *plan, uint32_t session)
{
	const struct hub *hub = x->hub;
	uint32_t port = hub->sessions[session].port;
	uint32_t site = port < hub->port_count ? hub->ports[port].site : HUB_NONE;
	return site < hub->site_count ? steer_site(plan, hub->sites[site].id) : UINT32_MAX;
}

static void
fill_rows(const struct exchange *x, const struct steer_plan *plan, struct exchange_steer_matrix *m)
{
	for (unsigned slot = 0; slot < m->slots; slot++) {
		uint32_t session = x->peers[slot].hub_session;
		m->row_of[slot] = RIB_NO_ROW;
		if (!x->peers[slot].id || session == HUB_NONE ||
		    x->hub->sessions[session].transit == HUB_AS_NONE)
			continue;
		uint32_t site = site_in_plan(x, plan, session);
		const struct steer_ingress *row =
			site == UINT32_MAX ? NULL
					   : steer_ingress_of(plan, site, x->peers[slot].asn);
		if (row)
			m->row_of[slot] = (uint32_t)(row - plan->ingresses);
	}
}

static int
slot_of_exit(const struct exchange *x, const struct steer_plan *plan, uint32_t exit)
{
	uint32_t session = hub_session_by_id(x->hub, plan->exits[exit].session);
	return session == HUB_NONE ? -1 : exchange_slot_of(x, session);
}

/* Numbers that members are told change only where they differ by more than the hub file says. */
static void
tell_numbers(const struct exchange *x, struct policy_told *told, const struct steer_choice *choice,
	     const struct policy_told *before)
{
	bool known = choice && !(choice->flags & STEER_CLOSED);
	*told = (struct policy_told){.is_known = known};
	if (known)
		told->metric = choice->metric, told->latency_us = choice->latency_us;
	if (!before)
		return;
	uint64_t most = (uint64_t)before->metric * x->hub->transit.tell_percent / 100;
	uint64_t far = (uint64_t)before->latency_us * x->hub->transit.tell_percent / 100;
	bool near = told->metric <= before->metric + most &&
		    before->metric <= told->metric + most &&
		    told->latency_us <= before->latency_us + far &&
		    before->latency_us <= told->latency_us + far;
	if (known == before->is_known && (near || !known))
		*told = *before;
	else
		told->time = (uint8_t)(before->time + 1);
}

static void
fill_costs(const struct exchange *x, const struct steer_plan *plan, struct exchange_steer_matrix *m)
{
	int slots[STEER_EXITS_MAX]; /* of exits */
	for (size_t i = 0; i < (size_t)m->rows * m->slots; i++)
		m->cost[i] = UNKNOWN;
	for (uint32_t exit = 0; exit < plan->exit_count; exit++) {
		int slot = slots[exit] = slot_of_exit(x, plan, exit);
		for (uint32_t row = 0; slot >= 0 && row < m->rows; row++)
			m->cost[(size_t)row * m->slots + (unsigned)slot] = RIB_CLOSED;
	}
	for (uint32_t row = 0; row < m->rows; row++) {
		const struct steer_ingress *ingress = &plan->ingresses[row];
		for (uint32_t i = 0; i < ingress->choice_count; i++) {
			const struct steer_choice *choice =
				&plan->choices[ingress->first_choice + i];
			int slot = slots[choice->exit];
			if (slot < 0)
				continue;
			size_t cell = (size_t)row * m->slots + (unsigned)slot;
			m->backup[cell] = choice->flags & STEER_BACKUP ? 1 : 0;
			if (choice->flags & STEER_CLOSED)
				continue;
			m->cost[cell] = choice->metric < UNKNOWN ? choice->metric : UNKNOWN - 1;
			tell_numbers(x, &m->told[cell], choice, NULL);
		}
	}
}

/* The row that those went by who go by that one now, into was[row]; RIB_NO_ROW: none, and row next->rows is
 * "none". False where sessions do not stay together: then what a view is is another. */
static bool
stay_together(const struct exchange *x, const struct exchange_steer_matrix *next,
	      const struct exchange_steer_matrix *before, uint32_t *was, uint32_t *is)
{
	for (unsigned row = 0; row <= next->rows; row++)
		was[row] = NOBODY;
	for (unsigned row = 0; row <= before->rows; row++)
		is[row] = NOBODY;
	for (unsigned slot = 0; slot < next->slots; slot++) {
		uint32_t session = x->peers[slot].id ? x->peers[slot].hub_session : HUB_NONE;
		if (session == HUB_NONE || x->hub->sessions[session].transit == HUB_AS_NONE)
			continue;
		uint32_t now = next->row_of[slot], then = before->row_of[slot];
		uint32_t *old = &was[now == RIB_NO_ROW ? next->rows : now];
		uint32_t *new = &is[then == RIB_NO_ROW ? before->rows : then];
		if ((*old != NOBODY && *old != then) || (*new != NOBODY &&*new != now) ||
		    (now == RIB_NO_ROW) != (then == RIB_NO_ROW))
			return false;
		*old = then;
		*new = now;
	}
	return true;
}

/* What the exit's numbers were for who goes by the row now. */
static struct policy_told
told_before(const struct exchange_steer_matrix *before, const uint32_t *was, unsigned row,
	    unsigned slot)
{
	if (was[row] >= before->rows)
		return (struct policy_told){0};
	return before->told[(size_t)was[row] * before->slots + slot];
}

static bool
is_gone_by(const uint32_t *was, unsigned row)
{
	return was[row] != NOBODY;
}

/* Exits of which something else is told are judged anew. */
static void
tell_exits(struct exchange *x, struct exchange_steer_matrix *next, const uint32_t *was)
{
	for (unsigned slot = 0; slot < next->slots; slot++) {
		bool differs = false;
		for (unsigned row = 0; row < next->rows; row++) {
			struct policy_told *now = &next->told[(size_t)row * next->slots + slot];
			struct policy_told old = told_before(x->steer.matrix, was, row, slot);
			struct steer_choice as = {.metric = now->metric,
						  .latency_us = now->latency_us};
			tell_numbers(x, now, now->is_known ? &as : NULL, &old);
			differs |= now->time != old.time && is_gone_by(was, row);
		}
		for (unsigned i = 0; differs && i < EXCHANGE_FAMILIES; i++)
			rib_rejudge_whole(x->ribs[i], slot);
	}
}

/* Where sessions do not stay together all routes of the hub's own AS are judged anew; those of the route server
 * never are. */
static void
tell_all(struct exchange *x)
{
	x->steer.epoch++;
	for (unsigned slot = 0; slot < x->slots; slot++) {
		uint32_t session = x->peers[slot].id ? x->peers[slot].hub_session : HUB_NONE;
		if (session == HUB_NONE || x->hub->sessions[session].transit == HUB_AS_NONE)
			continue;
		for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
			rib_rejudge_whole(x->ribs[i], slot);
	}
}

static void
tell_changes(struct exchange *x, struct exchange_steer_matrix *next)
{
	const struct exchange_steer_matrix *before = x->steer.matrix;
	uint32_t *rows = NULL;
	if (before && before->slots == next->slots)
		rows = calloc((size_t)next->rows + before->rows + 2, sizeof(*rows));
	if (rows && stay_together(x, next, before, rows, rows + next->rows + 1))
		tell_exits(x, next, rows);
	else
		tell_all(x);
	free(rows);
}

/* Goes by the plan, or with NULL by the plain order. 0, or -1 if there is no memory. */
static int
go_by(struct exchange *x, const struct steer_plan *plan)
{
	struct exchange_steer_matrix *next =
		new_matrix(x->slots, plan ? (unsigned)plan->ingress_count : 0);
	if (!next)
		return -1;
	fill_rows(x, plan ? plan : &(struct steer_plan){0}, next);
	if (plan)
		fill_costs(x, plan, next);
	const struct rib_steering steering = {
		.slots = next->slots,
		.rows = next->rows,
		.row_of = next->row_of,
		.cost = next->cost,
		.backup = next->backup,
		.before_path = x->hub->transit.cost == HUB_TRANSIT_BEFORE_PATH,
	};
	tell_changes(x, next);
	const struct policy_steering told = {next->row_of, next->told, next->slots, x->steer.epoch};
	int result = policy_steer(x->policy, &told);
	for (unsigned i = 0; i < EXCHANGE_FAMILIES && result == 0; i++)
		result = rib_steer(x->ribs[i], plan ? &steering : NULL);
	if (result < 0) {
		struct exchange_steer_matrix *was = x->steer.matrix;
		struct policy_steering before = {0};
		if (was)
			before = (struct policy_steering){was->row_of, was->told, was->slots,
							  x->steer.epoch};
		(void)policy_steer(x->policy, &before);
		free_matrix(next);
		return -1;
	}
	free_matrix(x->steer.matrix);
	x->steer.matrix = next;
	x->next_tick = x->now;
	return 0;
}

static void
enter(struct exchange *x, enum exchange_steer_state state)
{
	x->steer.state = state;
	x->steer.since = x->utc;
}

/* The same, written into the book; `plan` NULL: back to plain BGP. */
static int
change(struct exchange *x, const struct steer_plan *plan, const char *why,
       struct exchange_steer_moment came)
{
	struct exchange_steer_change c = {.taken_us = came.utc_us};
	if (plan)
		c.number = plan->number;
	/* Only of what it was made for is it known when that happened. */
	if (plan && !why)
		c.event_us = plan->event_us, c.made_us = plan->made_us;
	(void)snprintf(c.why, sizeof(c.why), "%s", why ? why : plan->why);
	exchange_turn_end(x);
	exchange_steer_book_begin(x, &c, came.now);
	return go_by(x, plan);
}

/* Puts the newest plan in force; `why` NULL: for what it says. */
static void
follow(struct exchange *x, const char *why, struct exchange_steer_moment came)
{
	if (change(x, x->steer.plan, why, came) < 0) {
		log_warn("plan %llu: no memory for it", (unsigned long long)x->steer.plan->number);
		return;
	}
	x->steer.by_plan = true;
	x->steer.awaited_until = (struct mono_us){0};
	enter(x, EXCHANGE_STEER_BY_PLAN);
}

/* What is not told from outside happens now. */
static struct exchange_steer_moment
moment(const struct exchange *x)
{
	return (struct exchange_steer_moment){x->now, (uint64_t)x->utc.s * 1000000};
}

int
exchange_steer_take(struct exchange *x, const struct steer_plan *plan, struct arena *arena,
		    struct exchange_steer_moment came, const char **why)
{
	struct exchange_steer *s = &x->steer;
	exchange_steer_tick(x); /* what the plan before is worth by now */
	*why = s->plan && plan->number <= s->plan->number ? "it is no newer than the one there is"
	       : plan->good_until.s <= x->utc.s           ? "it is overdue"
							  : NULL;
	struct steer_plan *copy = *why ? NULL : arena_take(arena, sizeof(*copy));
	if (!*why && !copy)
		*why = "there is no memory for it";
	if (*why) {
		arena_free(arena);
		return -1;
	}
	*copy = *plan;
	bool same = s->plan && steer_same(s->plan, copy);
	arena_free(s->arena);
	s->arena = arena;
	s->plan = copy;
	if (s->state == EXCHANGE_STEER_PLAIN) {
		s->fresh_since = x->now;
		enter(x, EXCHANGE_STEER_WAITS);
		x->next_tick = x->now; /* the switch is wound again */
	}
	if (s->state == EXCHANGE_STEER_WAITS)
		return 0;
	if (!same || !s->by_plan) {
		log_info("plan %llu: %s", (unsigned long long)copy->number, copy->why);
		follow(x, NULL, came);
	} else if (s->state == EXCHANGE_STEER_HELD) {
		enter(x, EXCHANGE_STEER_BY_PLAN);
	}
	return 0;
}

void
exchange_steer_anew(struct exchange *x)
{
	if (x->steer.by_plan)
		follow(x, "another hub file", moment(x));
}

void
exchange_steer_await(struct exchange *x)
{
	if (x->steer.plan)
		return;
	x->steer.awaited_until = mono_add_ms(x->now, (int64_t)x->hub->transit.hold_s * 1000);
	x->next_tick = x->now;
}

bool
exchange_steer_awaits(const struct exchange *x, unsigned slot)
{
	uint32_t session = x->peers[slot].hub_session;
	return x->steer.awaited_until.us && session != HUB_NONE &&
	       x->hub->sessions[session].transit != HUB_AS_NONE;
}

static void
await_first(struct exchange *x)
{
	struct mono_us *until = &x->steer.awaited_until;
	if (!until->us)
		return;
	if (x->now.us >= until->us) {
		*until = (struct mono_us){0};
		log_warn("no plan came in %u s, neighbours are told by plain BGP",
			 x->hub->transit.hold_s);
	} else if (until->us < x->next_tick.us) {
		x->next_tick = *until;
	}
}

void
exchange_steer_tick(struct exchange *x)
{
	struct exchange_steer *s = &x->steer;
	const struct hub_transit *transit = &x->hub->transit;
	await_first(x);
	if (!s->plan)
		return;
	/* While the switch is wound its time is looked at. */
	struct mono_us soon = mono_add_ms(x->now, 500);
	struct mono_us fresh = mono_add_ms(s->fresh_since, (int64_t)transit->return_s * 1000);
	if (s->state == EXCHANGE_STEER_WAITS && fresh.us > x->now.us && fresh.us < soon.us)
		soon = fresh;
	if (s->state != EXCHANGE_STEER_PLAIN && soon.us < x->next_tick.us)
		x->next_tick = soon;
	int64_t overdue_s = x->utc.s - s->plan->good_until.s;
	if (s->state == EXCHANGE_STEER_WAITS && overdue_s >= 0) {
		enter(x, EXCHANGE_STEER_PLAIN);
	} else if (s->state == EXCHANGE_STEER_WAITS &&
		   x->now.us - s->fresh_since.us >= (int64_t)transit->return_s * 1000000) {
		log_info("plan %llu: plans came in time for %u s, routes go by them again",
			 (unsigned long long)s->plan->number, transit->return_s);
		follow(x, "plans come in time again", moment(x));
	} else if (s->state == EXCHANGE_STEER_BY_PLAN && overdue_s >= 0) {
		log_warn("plan %llu: overdue, held for %u s", (unsigned long long)s->plan->number,
			 transit->hold_s);
		enter(x, EXCHANGE_STEER_HELD);
	} else if (s->state == EXCHANGE_STEER_HELD && overdue_s >= transit->hold_s) {
		log_warn("plan %llu: none came in its stead, plain BGP remains",
			 (unsigned long long)s->plan->number);
		if (change(x, NULL, "no plan came in time", moment(x)) < 0)
			return;
		s->by_plan = false;
		enter(x, EXCHANGE_STEER_PLAIN);
	}
}

bool
exchange_steer_step(struct exchange *x)
{
	bool more = false;
	for (unsigned i = 0; i < EXCHANGE_FAMILIES; i++)
		more |= rib_steer_step(x->ribs[i], STEP);
	return more;
}

void
exchange_steer_fini(struct exchange *x)
{
	free_matrix(x->steer.matrix);
	arena_free(x->steer.arena);
	exchange_steer_book_fini(x);
}

struct exchange_steering
exchange_steering_of(const struct exchange *x)
{
	return (struct exchange_steering){
		.state = x->steer.state,
		.plan = x->steer.plan,
		.since = x->steer.since,
		.moved = {rib_steer_moved(x->ribs[0]), rib_steer_moved(x->ribs[1])},
		.changes = x->steer.book.count,
	};
}

const struct steer_ingress *
exchange_steer_row(const struct exchange *x, unsigned slot)
{
	const struct exchange_steer_matrix *m = x->steer.matrix;
	if (!x->steer.by_plan || slot >= m->slots || m->row_of[slot] == RIB_NO_ROW ||
	    m->row_of[slot] >= x->steer.plan->ingress_count)
		return NULL;
	return &x->steer.plan->ingresses[m->row_of[slot]];
}

const struct steer_choice *
exchange_steer_choice(const struct exchange *x, unsigned slot, unsigned exit)
{
	const struct steer_ingress *row = exchange_steer_row(x, slot);
	for (uint32_t i = 0; row && i < x->steer.plan->exit_count; i++)
		if (slot_of_exit(x, x->steer.plan, i) == (int)exit)
			return steer_choice_of(x->steer.plan, row, i);
	return NULL;
}

struct exchange_steer_sight
exchange_steer_sight_of(const struct exchange *x, unsigned slot, unsigned exit)
{
	const struct exchange_steer_matrix *m = x->steer.matrix;
	if (!exchange_steer_row(x, slot) || exit >= m->slots)
		return (struct exchange_steer_sight){0};
	size_t cell = (size_t)m->row_of[slot] * m->slots + exit;
	return (struct exchange_steer_sight){m->cost[cell], m->backup[cell]};
}

/* --- supposed --- */

const struct steer_ingress *
exchange_steer_row_by(const struct exchange *x, const struct steer_plan *plan, unsigned slot)
{
	uint32_t session = exchange_session_at(x, slot);
	if (session == HUB_NONE || x->hub->sessions[session].transit == HUB_AS_NONE)
		return NULL;
	uint32_t site = site_in_plan(x, plan, session);
	return site == UINT32_MAX ? NULL : steer_ingress_of(plan, site, x->peers[slot].asn);
}

struct exchange_steer_supposed
exchange_steer_sight_by(const struct exchange *x, const struct steer_plan *plan, unsigned slot,
			unsigned exit)
{
	struct exchange_steer_supposed s = {.sight.cost = UNKNOWN};
	const struct exchange_steer_matrix *m = x->steer.matrix;
	const struct steer_ingress *row = exchange_steer_row_by(x, plan, slot);
	uint32_t session = exchange_session_at(x, exit), at = 0;
	if (!row || session == HUB_NONE)
		return s;
	while (at < plan->exit_count &&
	       strcmp(plan->exits[at].session, x->hub->sessions[session].id) != 0)
		at++;
	if (at == plan->exit_count)
		return s;
	s.choice = steer_choice_of(plan, row, at);
	bool open = s.choice && !(s.choice->flags & STEER_CLOSED);
	s.sight.cost = !open                        ? RIB_CLOSED
		       : s.choice->metric < UNKNOWN ? s.choice->metric
						    : UNKNOWN - 1;
	s.sight.backup = s.choice && s.choice->flags & STEER_BACKUP;
	bool known = m && slot < m->slots && exit < m->slots && m->row_of[slot] < m->rows;
	tell_numbers(x, &s.told, open ? s.choice : NULL,
		     known ? &m->told[(size_t)m->row_of[slot] * m->slots + exit] : NULL);
	return s;
}
