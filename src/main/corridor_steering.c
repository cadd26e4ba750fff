/* Steering as it runs. Two files: run/steer.plan, after which the exchange is told to look, and then
 * corridor/state, the orders and their journal. */
#include "main/corridor_steering.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock_io.h"
#include "base/log.h"
#include "corridor/corridor_clp_io.h"
#include "corridor/corridor_sense_orders.h"
#include "main/corridor_ahead.h"
#include "main/corridor_steering_files.h"
#include "meter/meter_io.h"

enum {
	MILLION = 1000000,
	EASED_PERCENT = 95, /* of its limit; one that trembles about it is one event */
};

/* A plan and its memory. */
struct drawn {
	struct arena *arena; /* NULL: none */
	struct steer_plan plan;
};

struct corridor_steering {
	const struct role_context *context;
	const struct corridor_plan *plan;
	struct corridor_plan left; /* of the plan, what is not cut */
	uint32_t *cut;             /* its list of what is cut */
	uint64_t changes;          /* of `live` */
	struct corridor_state *state;
	struct corridor_sense *sense; /* NULL: there was no memory */
	struct arena *arena;          /* of `hub` and `live` */
	struct corridor_steer_hub hub;
	struct corridor_steer *steer; /* NULL: nothing is steered */
	enum corridor_live *live;     /* of each segment, as gone by; NULL: there was no memory */
	uint64_t *load_bps;
	uint8_t *share;    /* of each segment's capacity, what is there, in percent */
	bool *filled;      /* each segment: the journal says so */
	bool *port_filled; /* each port */
	bool was_measured, is_measured;
	bool is_laden; /* load and rates have been told since it began: till then nothing eases */
	struct drawn written; /* the plan on disk */
	uint64_t number;      /* of the newest plan ever */
	uint64_t written_us;
	bool copy_failed; /* at the last try, and that was said */
	bool is_copied;   /* the copy of the state's file is as that is */
	char trouble[96]; /* why there is no plan of what is held; empty: there is */
	int asked;        /* connection by which the exchange was told; -1: none */
	struct corridor_steer_outcome last;
	uint64_t took_us;
	char why[STEER_TEXT_MAX + 1];
};

bool
corridor_steering_earlier(const struct role_context *context, struct utc_s *good_until)
{
	struct steer_plan earlier;
	struct arena *arena = arena_new();
	bool any = arena && corridor_plan_earlier(&earlier, arena, context->run_directory);
	if (any)
		*good_until = earlier.good_until;
	arena_free(arena);
	return any;
}

/* --- plans --- */

static void
forget(struct drawn *drawn)
{
	arena_free(drawn->arena);
	*drawn = (struct drawn){0};
}

/* 0, or -1 and errno as corridor_steer_plan has it. */
static int
draw(struct drawn *out, const struct corridor_steer *steer)
{
	struct drawn drawn = {.arena = arena_new()};
	if (drawn.arena && corridor_steer_plan(&drawn.plan, steer, drawn.arena) == 0) {
		*out = drawn;
		return 0;
	}
	arena_free(drawn.arena);
	return -1;
}

static void
tell_exchange(struct corridor_steering *s)
{
	static const char *const words[] = {"steer", "take"};
	if (s->asked >= 0)
		close(s->asked);
	/* The answer is not waited for: without it the exchange looks within a second. */
	s->asked = s->context->control_socket ? control_ask_now(s->context->control_socket,
								CONTROL_TEXT, words, 2, NULL)
					      : -1;
}

bool
corridor_steering_sees(const struct corridor_steering *s)
{
	return s->is_measured || !s->was_measured;
}

static const char *
why_stale(const struct corridor_steering *s)
{
	if (*s->trouble)
		return s->trouble;
	return corridor_steering_sees(s) ? NULL : "no traffic has been measured for a while";
}

/* Says it in the log, once, and to who asks. */
static void
complain(struct corridor_steering *s, const char *trouble)
{
	if (strcmp(s->trouble, trouble) != 0)
		log_warn("steer: %s", trouble);
	(void)snprintf(s->trouble, sizeof(s->trouble), "%s", trouble);
}

static int
put_plan(struct corridor_steering *s, struct steer_plan *plan)
{
	struct buf bytes = {0};
	uint64_t now = clock_utc_us();
	plan->number = now > s->number ? now : s->number + 1;
	plan->made_us = now;
	plan->good_until = (struct utc_s){(int64_t)(now / MILLION) + s->plan->hub->steering.good_s};
	const char *wrong = steer_check(plan);
	if (wrong) {
		log_warn("steer: the plan is not sound: %s", wrong);
		return -1;
	}
	steer_encode(plan, &bytes);
	int result = bytes.failed ? -1
				  : meter_file_replace(s->context->run_directory, STEER_FILE,
						       &bytes, false);
	buf_fini(&bytes);
	if (result < 0) {
		log_warn("run/" STEER_FILE ": %s", strerror(errno));
		return -1;
	}
	s->number = plan->number;
	s->written_us = now;
	return 0;
}

/* Draws what is held, and writes it when it says something else than what is written. True if so. */
static bool
publish(struct corridor_steering *s, uint64_t event_us)
{
	struct drawn drawn;
	if (draw(&drawn, s->steer) < 0) {
		complain(s, errno == EOVERFLOW ? "the ways are longer than a plan can hold"
					       : "no memory for a plan");
		return false;
	}
	s->trouble[0] = 0;
	if (s->written.arena && steer_same(&drawn.plan, &s->written.plan)) {
		forget(&drawn);
		return false;
	}
	const char *why = arena_str(drawn.arena, s->why);
	drawn.plan.event_us = event_us;
	drawn.plan.why = why ? why : "";
	if (put_plan(s, &drawn.plan) < 0) {
		forget(&drawn);
		return false;
	}
	forget(&s->written);
	s->written = drawn;
	tell_exchange(s);
	return true;
}

/* Three renewals in the time that a plan is good for, and a bit: one may be missed. */
static uint64_t
renewal_us(const struct corridor_steering *s)
{
	return (uint64_t)s->plan->hub->steering.good_s * MILLION * 3 / 10;
}

static void
renew(struct corridor_steering *s)
{
	if (!s->written.arena || why_stale(s) || clock_utc_us() - s->written_us < renewal_us(s))
		return;
	(void)put_plan(s, &s->written.plan);
}

/* The copy follows at the next tick: an order need not wait for two files. */
static void
keep(struct corridor_steering *s)
{
	(void)corridor_state_save(s->context->corridor_directory, s->state);
	s->is_copied = false;
}

static void
keep_copy(struct corridor_steering *s)
{
	if (s->is_copied)
		return;
	s->is_copied = corridor_state_save_copy(s->context->corridor_directory, s->state) == 0;
	if (!s->is_copied && !s->copy_failed)
		log_warn("corridor: the copy of its state cannot be written: %s; it is tried again",
			 strerror(errno));
	s->copy_failed = !s->is_copied;
}

/* What is over its limit, or well below it again, is an event: `order` names it, deeds are of either. *filled is what
 * the journal says of it. True if that has changed. */
static bool
note_turn(struct corridor_steering *s, bool *filled, struct corridor_order *order,
	  const enum corridor_deed deeds[2], uint32_t percent)
{
	if (*filled ? percent > EASED_PERCENT : percent <= 100)
		return false;
	char why[64];
	(void)snprintf(why, sizeof(why), "%u %% of its limit", (unsigned)percent);
	order->voice = CORRIDOR_MACHINE;
	order->given = clock_utc();
	order->who = "plan";
	order->why = why;
	if (!corridor_state_note(s->state, deeds[*filled], order))
		return false;
	*filled = !*filled;
	return true;
}

/* Is it the first exit to an upstream on its port? */
static bool
is_door(const struct corridor_steer_setting *setting, size_t exit)
{
	const struct corridor_steer_exit *exits = setting->exits;
	for (size_t e = 0; e < exit; e++)
		if (exits[e].everywhere && exits[e].port == exits[exit].port)
			return false;
	return exits[exit].everywhere;
}

static void
note_filled(struct corridor_steering *s)
{
	static const enum corridor_deed of_segment[] = {CORRIDOR_FILLED, CORRIDOR_EASED};
	static const enum corridor_deed of_port[] = {CORRIDOR_PORT_FILLED, CORRIDOR_PORT_EASED};
	const struct corridor_steer_setting *setting = &s->hub.setting;
	bool noted = false;
	for (uint32_t i = 0; i < s->plan->hub->segment_count; i++) {
		struct corridor_order order = {.kind = CORRIDOR_A_SEGMENT,
					       .id = s->plan->hub->segments[i].id};
		noted |= note_turn(s, &s->filled[i], &order, of_segment,
				   corridor_steer_filled_percent(s->steer, i));
	}
	for (uint32_t e = 0; e < setting->exit_count; e++) {
		uint32_t port = setting->exits[e].port;
		struct corridor_order order = {.kind = CORRIDOR_A_SITE,
					       .id = s->plan->hub->ports[port].id};
		if (is_door(setting, e))
			noted |= note_turn(s, &s->port_filled[port], &order, of_port,
					   corridor_steer_exit_filled_percent(s->steer, e));
	}
	if (noted)
		keep(s);
}

/* What the journal of an earlier run, or picture, says of it. */
static void
read_filled(struct corridor_steering *s)
{
	size_t count;
	const struct corridor_event *events = corridor_state_events(s->state, &count);
	for (size_t i = 0; i < count; i++) {
		enum corridor_deed deed = events[i].deed;
		const char *id = events[i].order.id;
		uint32_t segment = HUB_NONE, port = HUB_NONE;
		if (deed == CORRIDOR_FILLED || deed == CORRIDOR_EASED)
			segment = hub_segment_by_id(s->plan->hub, id);
		if (deed == CORRIDOR_PORT_FILLED || deed == CORRIDOR_PORT_EASED)
			port = hub_port_by_id(s->plan->hub, id);
		if (segment != HUB_NONE)
			s->filled[segment] = deed == CORRIDOR_FILLED;
		if (port != HUB_NONE)
			s->port_filled[port] = deed == CORRIDOR_PORT_FILLED;
	}
}

/* Runs on what is live now, and writes what comes of it. */
static void
go_by(struct corridor_steering *s, bool urgent, uint64_t event_us)
{
	struct corridor_steer_outcome outcome;
	if (!s->steer)
		return;
	struct corridor_steer_event event = {s->live, s->load_bps, clock_mono().us / 1000, urgent,
					     s->share};
	if (corridor_steer_run(s->steer, &event, &outcome) < 0)
		log_warn("steer: no memory for some ways, which are closed until there is");
	bool told = publish(s, event_us);
	s->last.waiting = outcome.waiting;
	s->last.refused = outcome.refused;
	if (s->is_laden)
		note_filled(s);
	if (!told)
		return;
	s->last = outcome;
	s->took_us = clock_utc_us() - event_us;
	log_info("steer: %s: %u ways moved, %u at once, %u first exits, in %llu us", s->why,
		 outcome.moved, outcome.forced, outcome.turned, (unsigned long long)s->took_us);
}

/* Takes what is cut out of what is left. */
static void
take_left(struct corridor_steering *s)
{
	s->left.cut_count = 0;
	for (uint32_t i = 0; i < s->plan->hub->segment_count; i++) {
		if (s->plan->segments[i].there && s->live[i] == CORRIDOR_CUT)
			s->cut[s->left.cut_count++] = i;
		struct corridor_segment *segment = &s->left.segments[i];
		segment->there = s->plan->segments[i].there && s->live[i] != CORRIDOR_CUT;
	}
}

/* Looks what of each segment's capacity is there. True if that has changed; *less: some is not. */
static bool
look_shares(struct corridor_steering *s, bool *less)
{
	bool changed = false;
	for (uint32_t i = 0; s->live && i < s->plan->hub->segment_count; i++) {
		uint32_t share = s->sense ? corridor_sense_verdict(s->sense, i).share_percent : 100;
		/* What is down altogether is cut, or the operator knows better. */
		if (share == 0)
			share = 100;
		changed |= share != s->share[i];
		*less |= share < s->share[i];
		s->share[i] = (uint8_t)share;
	}
	return changed;
}

/* Looks what is live. True if some segment is not as it was; *worse: one is worse. */
static bool
look_live(struct corridor_steering *s, bool *worse)
{
	size_t count = s->plan->hub->segment_count;
	bool changed = false;
	*worse = false;
	enum corridor_live *live = s->live ? calloc(count + 1, sizeof(*live)) : NULL;
	if (!live)
		return false;
	corridor_state_live(live, s->state, s->plan, clock_utc());
	for (size_t i = 0; i < count; i++) {
		changed |= live[i] != s->live[i];
		*worse |= live[i] > s->live[i];
		s->live[i] = live[i];
	}
	free(live);
	take_left(s);
	s->changes += changed;
	return changed;
}

static void
say_why(struct corridor_steering *s, const char *what)
{
	(void)snprintf(s->why, sizeof(s->why), "%s", what);
}

/* --- life --- */

/* Sources are those of the new picture; what was heard of those that are the same still counts. */
static void
listen_anew(struct corridor_steering *s)
{
	struct corridor_sense *sense = corridor_sense_new(s->plan->hub);
	if (sense && s->sense)
		corridor_sense_adopt(sense, s->sense);
	corridor_sense_free(s->sense);
	s->sense = sense;
	if (!sense)
		log_warn("corridor: no memory for what sources tell");
	else if (corridor_sense_command(s->state, sense, s->plan->hub, clock_utc()))
		keep(s);
}

/* What the steering is to begin with: what another picture of the hub held, or what an earlier process told; or neither. */
struct before {
	const struct corridor_steer *held;
	const struct steer_plan *told;
};

static void
go_on_from(struct corridor_steer *steer, const struct before *before)
{
	int result = before->held   ? corridor_steer_adopt(steer, before->held)
		     : before->told ? corridor_steer_recall(steer, before->told)
				    : 0;
	if (result < 0)
		log_warn("steer: no memory for all that was held");
}

/* Steers by s->plan. 0, or -1 without memory. */
static int
begin(struct corridor_steering *s, const struct before *before)
{
	bool worse;
	const struct corridor_plan *plan = s->plan;
	s->left = *plan;
	s->is_laden = false;
	s->trouble[0] = 0;
	s->arena = arena_new();
	size_t count = plan->hub->segment_count + 1;
	struct corridor_segment *left =
		s->arena ? arena_take(s->arena, count * sizeof(*left)) : NULL;
	s->live = s->arena ? arena_take(s->arena, count * sizeof(*s->live)) : NULL;
	s->share = s->arena ? arena_take(s->arena, count) : NULL;
	s->cut = s->arena ? arena_take(s->arena, count * sizeof(*s->cut)) : NULL;
	s->left.cut = s->cut;
	s->filled = s->arena ? arena_take(s->arena, count) : NULL;
	s->port_filled = s->arena ? arena_take(s->arena, plan->hub->port_count + 1) : NULL;
	s->load_bps = s->arena ? arena_take(s->arena, count * sizeof(*s->load_bps)) : NULL;
	if (left)
		s->left.segments = memcpy(left, plan->segments, (count - 1) * sizeof(*left));
	if (!left || !s->live || !s->load_bps || !s->share || !s->filled || !s->port_filled ||
	    !s->cut || corridor_steer_of_hub(&s->hub, plan, s->arena) < 0) {
		s->live = NULL;
		return -1;
	}
	listen_anew(s);
	read_filled(s);
	(void)look_live(s, &worse);
	(void)look_shares(s, &worse);
	if (!s->hub.setting.exit_count)
		return 0;
	/* Now, so that an event need not wait for it. Without it all is placed all the same, not as well. */
	if (s->hub.setting.place != CORRIDOR_STEER_GREEDY && !corridor_clp_load())
		log_warn("steer: CLP is not there");
	s->steer = corridor_steer_new(&s->hub.setting);
	if (!s->steer) {
		char trouble[sizeof(s->trouble)];
		if (errno != EINVAL)
			return -1;
		(void)snprintf(trouble, sizeof(trouble),
			       "%zu places and %zu sessions are more than a plan can hold",
			       s->hub.setting.ingress_count, s->hub.setting.exit_count);
		complain(s, trouble);
		return 0;
	}
	go_on_from(s->steer, before);
	say_why(s, "a new picture of the hub");
	go_by(s, false, clock_utc_us());
	return 0;
}

int
corridor_steering_use(struct corridor_steering *s, const struct corridor_plan *plan)
{
	struct corridor_steer *old = s->steer;
	struct arena *old_arena = s->arena;
	s->steer = NULL;
	/* Its names are those of the old picture. */
	forget(&s->written);
	s->plan = plan;
	int result = begin(s, &(struct before){.held = old});
	corridor_steer_free(old);
	arena_free(old_arena);
	return result;
}

/* Begins with what an earlier process told, where that is still gone by. 0, or -1 without memory. */
static int
begin_first(struct corridor_steering *s)
{
	struct steer_plan earlier;
	struct arena *arena = arena_new();
	if (!arena)
		return -1;
	bool any = corridor_plan_earlier(&earlier, arena, s->context->run_directory);
	s->number = any ? earlier.number : 0;
	bool is_over = any && clock_utc().s - earlier.good_until.s >= s->plan->hub->transit.hold_s;
	int result = begin(s, &(struct before){.told = any && !is_over ? &earlier : NULL});
	arena_free(arena);
	return result;
}

struct corridor_steering *
corridor_steering_new(const struct role_context *context, const struct corridor_plan *plan)
{
	struct corridor_steering *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->context = context;
	s->plan = plan;
	s->asked = -1;
	s->state = corridor_state_load(context->corridor_directory);
	if (!s->state) {
		free(s);
		return NULL;
	}
	if (begin_first(s) == 0)
		return s;
	corridor_steering_free(s);
	return NULL;
}

void
corridor_steering_free(struct corridor_steering *s)
{
	if (!s)
		return;
	if (s->asked >= 0)
		close(s->asked);
	corridor_steer_free(s->steer);
	corridor_state_free(s->state);
	corridor_sense_free(s->sense);
	forget(&s->written);
	arena_free(s->arena);
	free(s);
}

void
corridor_steering_measure(struct corridor_steering *s, const struct corridor_load *load,
			  const struct traffic_batch *batch)
{
	if (!s->steer || load->segment_count != s->plan->hub->segment_count)
		return;
	for (size_t i = 0; i < load->segment_count; i++)
		s->load_bps[i] = corridor_load_bps(&load->segments[i]);
	corridor_steer_measure(&s->hub, batch, clock_utc());
	s->is_measured = batch != NULL;
	s->was_measured |= s->is_measured;
	s->is_laden = true;
}

void
corridor_steering_tick(struct corridor_steering *s)
{
	bool worse;
	uint64_t now = clock_utc_us();
	keep_copy(s);
	if (corridor_state_turn(s->state, clock_utc()))
		keep(s);
	corridor_steering_heard(s);
	bool changed = look_live(s, &worse);
	say_why(s,
		changed ? "planned work begins or ends" : "what was better for a while, or load");
	if (worse)
		go_by(s, true, now);
	go_by(s, false, now);
	renew(s);
}

/* --- what machines tell --- */

/* The newest line of the journal is why. */
static void
tell_last(struct corridor_steering *s, bool ordered)
{
	size_t count;
	const struct corridor_event *events = corridor_state_events(s->state, &count);
	if (!ordered || !count)
		return;
	const struct corridor_event *last = &events[count - 1];
	(void)snprintf(s->why, sizeof(s->why), "segment %.80s %s, by %.60s", last->order.id,
		       last->deed == CORRIDOR_RESTORED ? "restored" : "cut", last->order.who);
	log_info("corridor: %s: %s", s->why, last->order.why);
}

bool
corridor_steering_hear(struct corridor_steering *s, const char *source, enum corridor_word word)
{
	uint32_t index = s->sense ? corridor_sense_find(s->sense, source) : HUB_NONE;
	if (index == HUB_NONE)
		return false;
	corridor_sense_hear(s->sense, index, word, clock_mono().us / 1000);
	return true;
}

void
corridor_steering_heard(struct corridor_steering *s)
{
	uint64_t event_us = clock_utc_us();
	bool worse = false, less = false;
	if (!s->sense || !s->live || !corridor_sense_turn(s->sense, clock_mono().us / 1000))
		return;
	bool ordered = corridor_sense_command(s->state, s->sense, s->plan->hub, clock_utc());
	bool changed = look_live(s, &worse);
	changed |= look_shares(s, &less);
	if (changed) {
		say_why(s, "what sources tell of segments");
		tell_last(s, ordered);
		go_by(s, worse || less, event_us);
	}
	if (ordered)
		keep(s);
}

/* --- orders --- */

enum corridor_state_result
corridor_steering_order(struct corridor_steering *s, const struct corridor_order *orders,
			size_t count, size_t *wrong)
{
	uint64_t event_us = clock_utc_us();
	bool worse;
	*wrong = 0;
	struct corridor_state *next = corridor_state_copy(s->state);
	enum corridor_state_result result =
		next ? corridor_state_put(next, orders, count, wrong) : CORRIDOR_STATE_NO_MEMORY;
	if (result != CORRIDOR_STATE_DONE) {
		corridor_state_free(next);
		return result;
	}
	corridor_state_free(s->state);
	s->state = next;
	(void)look_live(s, &worse);
	say_why(s, corridor_orders_text((char[CORRIDOR_ORDERS_TEXT]){0}, orders, count));
	log_info("corridor: %s, by %s%s%s", s->why, orders->who, *orders->why ? ": " : "",
		 orders->why);
	go_by(s, orders->live != CORRIDOR_UP, event_us);
	/* The disk may take its time: traffic has moved by then. */
	keep(s);
	return result;
}

static struct corridor_ahead_base
ahead_base(const struct corridor_steering *s)
{
	return (struct corridor_ahead_base){
		.plan = s->plan,
		.state = s->state,
		.live = s->live,
		.load_bps = s->load_bps,
		.share_percent = s->share,
		.setting = &s->hub.setting,
		.steer = s->steer,
	};
}

int
corridor_steering_preview(struct corridor_steering *s, const struct corridor_preview_ask *ask,
			  enum corridor_state_result *result, size_t *wrong, struct buf *out)
{
	struct corridor_ahead ahead;
	struct corridor_ahead_base base = ahead_base(s);
	int status = corridor_ahead_find(&ahead, &base, ask->orders, ask->count, result, wrong);
	struct view_corridor_preview preview = {
		.hub = s->plan->hub,
		.before = s->live,
		.after = ahead.live,
		.corridor = s->plan,
		.steer = s->steer,
		.ahead = ahead.steer,
		.plan = s->steer ? &ahead.before : NULL,
		.next = s->steer ? &ahead.after : NULL,
	};
	if (status == 0 && *result == CORRIDOR_STATE_DONE)
		status = corridor_preview_write(out, &preview, &ask->measured, ask->form);
	corridor_ahead_fini(&ahead);
	return status;
}

int
corridor_steering_ahead(struct corridor_steering *s, const struct corridor_preview_ask *ask,
			enum corridor_state_result *result, size_t *wrong, struct buf *out)
{
	struct corridor_ahead ahead;
	struct corridor_ahead_base base = ahead_base(s);
	uint64_t now = clock_utc_us();
	int status = corridor_ahead_find(&ahead, &base, ask->orders, ask->count, result, wrong);
	if (status == 0 && *result == CORRIDOR_STATE_DONE) {
		ahead.after.number = s->number + 1;
		ahead.after.made_us = ahead.after.event_us = now;
		/* Nobody is to go by it. */
		ahead.after.good_until = (struct utc_s){(int64_t)(now / MILLION)};
		steer_encode(&ahead.after, out);
		status = out->failed ? -1 : 0;
	}
	corridor_ahead_fini(&ahead);
	return status;
}

const struct corridor_plan *
corridor_steering_plan(const struct corridor_steering *s, uint64_t *changes)
{
	*changes = s->changes;
	return &s->left;
}

const enum corridor_live *
corridor_steering_live(const struct corridor_steering *s)
{
	return s->live;
}

struct view_corridor_steering
corridor_steering_view(const struct corridor_steering *s)
{
	return (struct view_corridor_steering){
		.hub = s->plan->hub,
		.state = s->state,
		.sense = s->sense,
		.live = s->live,
		.share_percent = s->share,
		.now_ms = clock_mono().us / 1000,
		.measured = s->is_measured,
		.steer = s->steer,
		.plan = s->written.arena ? &s->written.plan : NULL,
		.stale = why_stale(s),
		.last = s->last,
		.took_us = s->took_us,
		.now = clock_utc(),
	};
}
