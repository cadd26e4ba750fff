/* One way on a plan, in text, JSON and CSV; and the terms of a question said again. For the answers
 * that have ways in them; used by files of the corridor's views only. */
#pragma once

#include "corridor/corridor_best.h"
#include "corridor/corridor_itinerary.h"
#include "corridor/corridor_terms.h"
#include "view/view_corridor_parts.h"

/* Ways of one plan, described. */
struct view_corridor_ways {
	const struct corridor_plan *plan;
	struct corridor_paths paths; /* owned */
	struct corridor_itinerary *itineraries;
	bool without_prices; /* they are not for who asks */
};

/* Describes `paths`, which go over to *out; arrays live in `arena`. 0, or -1 without memory (then
 * *out is still to be ended). */
int view_corridor_ways_of(struct view_corridor_ways *out, struct arena *arena,
			  const struct corridor_plan *plan, struct corridor_paths paths);
void view_corridor_ways_fini(struct view_corridor_ways *ways);

/* What is cut at present and bears on the answer: a list, and ", as it is now, without P07". */
void view_cut_json(struct json *j, const struct corridor_terms *terms);
void view_cut_text(struct buf *out, const struct corridor_terms *terms);
/* Keys "avoid", "require", "without", "with", "by", "k" and "date" (null: today). */
void view_terms_json(struct json *j, const struct corridor_terms *terms);
/* How answers about years and money end: what is cut at present and counts as whole, for a cut passes ("cut_not_counted",
 * or a sentence; nothing where the terms leave it out, or are of another day), and what is assumed. JSON ends with it. */
void view_assumed_json(struct json *j, const struct view_corridor *view,
		       const struct corridor_terms *terms, const char *assumptions);
void view_assumed_text(struct buf *out, const struct view_corridor *view,
		       const struct corridor_terms *terms, const char *assumptions);
/* "demands_measured": what demands rest on that the ledger has measured; nothing where they are the
 * hub file's. */
void view_measured_json(struct json *j, const struct view_corridor *view);
/* ", avoiding RU, IR, over TR, without B01, with C01, by price, at the end of 2027" */
void view_terms_text(struct buf *out, const struct corridor_terms *terms);
/* Conditions alone: "avoiding RU, IR, with C01", or as `deeds`: "avoiding RU, IR, having C01". */
void view_conditions_text(struct buf *out, const struct corridor_terms *terms, bool deeds);
/* "Almaty (ALA) to Frankfurt (FRA)" and the terms, wrapped; then what of them may be a slip. */
void view_question_text(struct buf *out, const struct corridor_plan *plan,
			struct corridor_ends ends, const struct corridor_terms *terms);
/* "from", "from_name", "to", "to_name". */
void view_ends_json(struct json *j, const struct hub *hub, struct corridor_ends ends);

/* An object of all that is known of way number `which`. */
void view_way_json(struct json *j, const char *key, const struct view_corridor_ways *ways,
		   size_t which, bool sources);
/* A table of its segments, and what it adds up to. */
void view_way_text(struct buf *out, const struct view_corridor_ways *ways, size_t which,
		   bool sources);
/* One line a segment, and above all ways the names of columns. */
void view_way_csv_head(struct buf *out);
void view_way_csv(struct buf *out, const struct view_corridor_ways *ways, size_t which);

/* view_field of what buf_printf would write, up to 511 octets. */
void view_field_printf(struct buf *out, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* "12.4", "0.00031": four digits that count; returns `out`. */
char *view_number(char out[VIEW_RATE_TEXT], double number);
/* A key with a number, and two more: KEY_low and KEY_high. */
void view_range_json(struct json *j, const char *key, struct corridor_range range, int places);
