/* The hub's own AS in scenarios: the corridor's plan, and a second, slow and obvious view of who takes which exit.
 *
 *	transit_steps.c       plans; the dead man's switch, told once more
 *	transit_reference.c   who takes which exit, and in which words
 *	transit_view.c        whether the view thinks so too
 *	transit_storm.c       lines made up from a seed */
#pragma once

#include "scenario/scenario.h"
#include "steer_words.h"

enum transit_switch { TRANSIT_NONE, TRANSIT_ON, TRANSIT_PLAIN, TRANSIT_WAITS };

/* What the reference knows of plans. */
struct transit {
	struct steer_words words; /* the newest plan */
	bool any;
	enum transit_switch state;
	struct mono_us fresh_since, looked;
	struct steer_words supposed; /* what "if cut" would come to */
	bool supposes;
};

struct transit *transit_of(struct scenario *s);
/* The plan that is gone by now; NULL: none. *unsure: it is about to change. */
const struct steer_plan *transit_plan(struct scenario *s, bool *unsure);
/* False: some session of the hub's own AS does not hold what it should; then `wrong` says who and what. */
bool transit_check(struct scenario *s, char *wrong, size_t size);
/* A session of the hub's own AS, up. */
struct transit_hearer {
	const char *id;
	unsigned slot;
	bool several; /* is sent more than one path of a prefix */
};
/* Does the view choose as the table does? If not, `wrong` says of which path. */
bool transit_view_agrees(struct scenario *s, const struct transit_hearer *h, struct prefix prefix,
			 char *wrong, size_t size);
/* What the corridor would hold after a cut; NULL: no line has said so. */
const struct steer_plan *transit_supposed(struct scenario *s);
/* Lines that begin with "plan", "supposed" or "transit". */
bool transit_step(struct scenario *s);
bool transit_storm(struct scenario *s);
/* The hub's process is another one. */
void transit_forget(struct scenario *s);
void transit_finish(struct scenario *s);
