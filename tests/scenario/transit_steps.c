/* Lines about the corridor's plan:
 *
 *	plan [is refused: TEXT] <<END     a plan comes, in the words of steer_words.h
 *	supposed plan <<END               what the corridor would hold after a cut that "explain ... if cut" asks about
 *	transit holds what it should      sessions of the hub's own AS have what the reference says
 *	transit storm of N lines from seed S
 *
 * The dead man's switch is told once more here, half a second at a time: a plan that is overdue for hold_s is gone by
 * no more, and plans must come in time for return_s after that. */
#include "scenario/transit.h"

#include <stdlib.h>
#include <string.h>

#include "exchange/exchange_steer.h"

enum { LOOKS_EVERY_US = 500000, LATE_US = 600000 };

struct transit *
transit_of(struct scenario *s)
{
	if (!s->transit)
		s->transit = calloc(1, sizeof(*s->transit));
	if (!s->transit)
		abort();
	return s->transit;
}

void
transit_forget(struct scenario *s)
{
	free(s->transit);
	s->transit = NULL;
}

void
transit_finish(struct scenario *s)
{
	transit_forget(s);
}

/* --- the switch --- */

static int64_t
utc_at(const struct scenario *s, int64_t us)
{
	return s->epoch.s + us / 1000000;
}

static enum transit_switch
look(const struct scenario *s, const struct transit *t, enum transit_switch state, int64_t us)
{
	int64_t overdue = utc_at(s, us) - t->words.plan.good_until.s;
	if (state == TRANSIT_WAITS && overdue >= 0)
		return TRANSIT_PLAIN;
	if (state == TRANSIT_WAITS &&
	    us - t->fresh_since.us >= (int64_t)s->hub->transit.return_s * 1000000)
		return TRANSIT_ON;
	if (state == TRANSIT_ON && overdue >= s->hub->transit.hold_s)
		return TRANSIT_PLAIN;
	return state;
}

static enum transit_switch
look_on(const struct scenario *s, const struct transit *t, int64_t until)
{
	enum transit_switch state = t->state;
	for (int64_t us = t->looked.us; us < until; us += LOOKS_EVERY_US)
		state = look(s, t, state, us);
	return look(s, t, state, until);
}

const struct steer_plan *
transit_plan(struct scenario *s, bool *unsure)
{
	struct transit *t = transit_of(s);
	*unsure = false;
	if (!t->any)
		return NULL;
	int64_t early = s->now.us - LATE_US > t->looked.us ? s->now.us - LATE_US : t->looked.us;
	enum transit_switch before = look_on(s, t, early), now = look_on(s, t, s->now.us);
	*unsure = before != now;
	if (!*unsure) {
		t->state = now;
		t->looked = s->now;
	}
	return now == TRANSIT_ON ? &t->words.plan : NULL;
}

/* --- plans --- */

/* A copy whose texts live as long as the exchange wants. */
static bool
take(struct scenario *s, const struct steer_plan *plan, const char **why)
{
	struct buf octets = {0};
	struct steer_plan copy;
	struct arena *arena = arena_new();
	steer_encode(plan, &octets);
	if (!arena || steer_decode(&copy, arena, cursor_of(octets.data, octets.length), why) < 0)
		abort();
	buf_fini(&octets);
	struct exchange_steer_moment came = {s->now, (uint64_t)scenario_utc(s).s * 1000000};
	exchange_tick(s->exchange, s->now, scenario_utc(s));
	return exchange_steer_take(s->exchange, &copy, arena, came, why) == 0;
}

static void
believe(struct scenario *s, const struct steer_words *words)
{
	struct transit *t = transit_of(s);
	bool unsure;
	(void)transit_plan(s, &unsure);
	enum transit_switch state = look_on(s, t, s->now.us);
	t->looked = s->now;
	t->words = *words;
	t->words.plan.sites = t->words.sites;
	t->words.plan.exits = t->words.exits;
	t->words.plan.ingresses = t->words.ingresses;
	t->words.plan.choices = t->words.choices;
	t->any = true;
	if (state == TRANSIT_PLAIN)
		t->fresh_since = s->now;
	t->state = state == TRANSIT_PLAIN || state == TRANSIT_WAITS ? TRANSIT_WAITS : TRANSIT_ON;
}

/* False after the complaint. */
static bool
read_words(struct scenario *s, struct steer_words *words)
{
	steer_words_begin(words, s->arena);
	char *rest = NULL, *text = arena_printf(s->arena, "%s", s->line.here);
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		steer_words_line(words, line, scenario_utc(s).s);
	const char *wrong = steer_check(&words->plan);
	return !wrong || scenario_broken(s, "the plan: %s", wrong);
}

static bool
supposed_step(struct scenario *s)
{
	struct transit *t = transit_of(s);
	if (!s->line.here)
		return scenario_broken(s, "supposed plan <<END");
	t->supposes = read_words(s, &t->supposed);
	return t->supposes;
}

const struct steer_plan *
transit_supposed(struct scenario *s)
{
	return transit_of(s)->supposes ? &transit_of(s)->supposed.plan : NULL;
}

static bool
plan_step(struct scenario *s)
{
	static struct steer_words words;
	const char *refusal =
		line_is(&s->line, "is refused:") ? line_rest(&s->line, s->arena) : NULL;
	const char *why = "";
	if (!s->line.here)
		return scenario_broken(s, "plan [is refused: TEXT] <<END");
	if (!read_words(s, &words))
		return false;
	bool taken = take(s, &words.plan, &why);
	if (taken)
		believe(s, &words);
	if (refusal)
		scenario_expect(s, !taken && strcmp(why, refusal) == 0, "%s",
				taken ? "it is taken" : why);
	else if (!taken)
		scenario_expect(s, false, "it is refused: %s", why);
	return true;
}

bool
transit_step(struct scenario *s)
{
	char wrong[4096] = "";
	if (line_is(&s->line, "plan"))
		return plan_step(s);
	if (line_is(&s->line, "supposed plan"))
		return supposed_step(s);
	if (line_is(&s->line, "the hub awaits a plan")) {
		exchange_steer_await(s->exchange);
		return true;
	}
	if (line_is(&s->line, "transit storm"))
		return transit_storm(s);
	if (!line_is(&s->line, "transit holds what it should"))
		return false;
	scenario_expect(s, transit_check(s, wrong, sizeof(wrong)), "%s", wrong);
	return true;
}
