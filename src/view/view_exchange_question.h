/* What `explain` is asked: a prefix, from whom, to whom, and what is to be supposed. */
#pragma once

#include "exchange/policy/policy_explain.h"
#include "view/view_exchange_parts.h"
#include "view/view_exchange_way.h"

enum {
	VIEW_PATH_MAX = 24,
	VIEW_SUPPOSED_MAX = 16, /* of each kind */
};

struct view_question {
	const char *asked; /* as it was written */
	struct prefix prefix;
	bool exact;        /* the prefix is what was asked for, not a shorter one around it */
	uint32_t from, to; /* members; HUB_NONE: any */

	/* What is supposed. */
	bool supposes;  /* anything at all */
	bool announced; /* `from` announces it, with `path` */
	bool withdrawn; /* `from` does not */
	uint32_t path[VIEW_PATH_MAX];
	size_t path_count;
	struct view_community with[VIEW_SUPPOSED_MAX], without[VIEW_SUPPOSED_MAX];
	size_t with_count, without_count;
	struct rpki_vrp vrps[VIEW_SUPPOSED_MAX];
	size_t vrp_count;
	struct policy_registered routes[VIEW_SUPPOSED_MAX];
	size_t route_count;
	const char *order, *names;     /* "cut" and what is cut; NULL: nothing of the corridor */
	const struct steer_plan *plan; /* what the corridor would hold then */
};

/* The ways of a prefix as they are and as they would be. */
struct view_worlds {
	const struct exchange *x;
	enum ip_family family;
	const struct view_way *now, *then;
	size_t now_count, then_count;
	const struct steer_plan *plan; /* gone by then; NULL: the one that is gone by now */
};
static inline struct view_ways
view_worlds_now(const struct view_worlds *w)
{
	return (struct view_ways){w->x, w->now, w->now_count, NULL};
}
static inline struct view_ways
view_worlds_then(const struct view_worlds *w)
{
	return (struct view_ways){w->x, w->then, w->then_count, w->plan};
}

/* Reads the words, from "explain" on, and finds the prefix. 0, or -1 and the complaint. */
int view_question_read(struct view_question *out, const struct exchange *x,
		       const struct view_exchange_supposed *asked,
		       struct view_complaint *complaint);
/* What is supposed about the registries, for routes of the session; false when that is nothing. */
bool view_question_what_if(struct policy_what_if *out, const struct view_question *q,
			   const struct exchange *x, uint32_t session);
/* Fills worlds->then from worlds->now. Memory is the arena's. -1 and the complaint if there is none, or when the member
 * cannot announce such a prefix at all. */
int view_question_suppose(struct arena *arena, struct exchange *x, const struct view_question *q,
			  struct view_worlds *worlds, struct view_complaint *complaint);
/* "a ROA for 192.0.2.0/24-25 by AS64501, without 64500:1:2": what is supposed, in words. */
void view_question_words(struct buf *out, const struct view_question *q);

/* Who hears what now and who then: the array "changes" and "unchanged" (`j` not NULL), or lines. */
void view_explain_changes(struct buf *out, struct json *j, const struct view_worlds *worlds);
/* The exits that sessions of the hub's own AS take, now and then: those of the member `to`, or, where that is HUB_NONE,
 * of those for whom something is different. The array "exits" likewise, or lines. */
void view_explain_exits(struct buf *out, struct json *j, const struct view_worlds *worlds,
			uint32_t to);
