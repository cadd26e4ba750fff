/* Which sets are asked about, when, and what is believed of the answers. Pure: it is told the time
 * and what was answered, and says what to do.
 *
 * A set is asked again every refresh_s; a failure is tried again sooner, at longer and longer
 * intervals. What was last believed stays in force whatever happens. An answer is held, not
 * believed, when
 *
 *   - its prefixes or its origins are fewer by more than shrink_percent (100: never); nothing where
 *     there was something is 100 % fewer,
 *   - it has more prefixes than prefixes_max, and more than what is in force.
 *
 * A held answer comes into force when the operator accepts it; or, unless it is too large, when for
 * REGISTRY_HOLD_S all answers were like it: by then it is how things are. A plausible answer in
 * between makes it forgotten. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "hub/hub.h"
#include "hub/registry.h"

enum {
	REGISTRY_HOLD_S = 3 * 86400,
	REGISTRY_HOLD_ANSWERS = 3, /* like each other, at least */
	REGISTRY_WHY = 160,        /* octets of a reason in words */
};

struct registry_moment {
	struct mono_us mono; /* what is due goes by this one */
	struct utc_s utc;    /* what is shown and kept, by this one */
};

/* An answer's measures. */
struct registry_size {
	uint32_t prefixes, origins;
	uint64_t hash; /* of its contents: registry_set_hash */
};

/* An answer: what is believed, or what is held. */
struct registry_known {
	bool there;
	struct registry_size size;
	struct utc_s fetched, since; /* last answered so; first */
	struct buf octets;           /* registry_set_write; the item's */
};

/* A set in one family. */
struct registry_item {
	char name[REGISTRY_NAME];
	enum ip_family family;
	uint32_t *members; /* that are checked against it: index in the picture */
	size_t member_count;
	struct registry_known good, held;
	unsigned held_answers;       /* in a row that are like the held one */
	bool held_too_large;         /* beyond prefixes_max: waits for the operator */
	char held_why[REGISTRY_WHY]; /* "", or why it is held */
	bool asking;
	bool asked_again;         /* a refresh was wanted while asking */
	unsigned failures;        /* in a row */
	char error[REGISTRY_WHY]; /* of the last of them; "" when there is none */
	struct utc_s failed;      /* when that was */
	struct mono_us due;
	bool looked_up; /* the owner's: whether its cache was read */
	bool wanted;    /* private to the plan */
};

struct registry_rules {
	uint32_t refresh_s;
	uint8_t shrink_percent;
	uint8_t at_once;
	uint32_t prefixes_max; /* 0: no limit */
};

struct registry_plan {
	struct registry_rules rules;
	struct registry_item **items; /* by name, then family */
	size_t count;
	size_t asking;
	uint64_t random;
};

/* `seed` spreads the times of asking. A zeroed plan is empty. */
void registry_plan_init(struct registry_plan *plan, uint64_t seed);
void registry_plan_fini(struct registry_plan *plan);

/* Goes over to a picture: sets that are new in it are due at once, those that are gone are
 * forgotten, also while they are being asked about: their item must not be used any more. A member
 * counts for the families of its sessions, if any of its checks looks at the registries. 0; -1
 * without memory, then nothing has changed. */
int registry_plan_use(struct registry_plan *plan, const struct hub *hub,
		      struct registry_moment now);

/* The set to ask about now, which then counts as being asked about; NULL when none is due or enough
 * are asked about already. */
struct registry_item *registry_plan_next(struct registry_plan *plan, struct mono_us now);
/* When registry_plan_next should be called again, if nothing is answered before; INT64_MAX: not
 * before an answer. */
struct mono_us registry_plan_due(const struct registry_plan *plan);
/* NULL: there is none. */
struct registry_item *registry_plan_find(const struct registry_plan *plan, const char *name,
					 enum ip_family family);

enum registry_verdict {
	REGISTRY_SAME, /* as what is in force: only its time has changed */
	REGISTRY_TAKE, /* it is in force now */
	REGISTRY_HOLD, /* the one in force stays */
};

/* An answer to what registry_plan_next gave. Its octets are taken over, or freed when they are not
 * needed; *octets is empty afterwards. With REGISTRY_SAME and REGISTRY_TAKE, what was held is
 * forgotten. */
enum registry_verdict registry_plan_answered(struct registry_plan *plan, struct registry_item *item,
					     struct registry_size size, struct buf *octets,
					     struct registry_moment now);
/* No answer, or none that can be used. */
void registry_plan_failed(struct registry_plan *plan, struct registry_item *item, const char *why,
			  struct registry_moment now);
/* What was in force, or held, when we last ran. Octets are taken over. */
void registry_plan_remember(struct registry_plan *plan, struct registry_item *item,
			    const struct registry_set *set, struct buf *octets, bool held,
			    struct registry_moment now);
/* The held answer comes into force. False when none is held. */
bool registry_plan_accept(struct registry_item *item);
/* Asks soon, whatever is due. */
void registry_plan_refresh(struct registry_item *item, struct mono_us now);

/* What the set is worth today; only with item->good.there. */
enum registry_state registry_item_state(const struct registry_item *item);
/* When the held answer will be taken without the operator; 0: never. */
struct utc_s registry_item_taken_at(const struct registry_item *item);
