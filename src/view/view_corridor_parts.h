/* The parts of view_corridor; used by its files only. */
#pragma once

#include "base/json.h"
#include "corridor/corridor_itinerary.h"
#include "corridor/corridor_question.h"
#include "corridor/corridor_search.h"
#include "view/view_corridor.h"
#include "view/view_text.h"

/* --- view_corridor_text.c --- */
/* A way's length in kilometres, without places when it is whole; returns `out`. */
char *view_km(char out[VIEW_RATE_TEXT], double km);
/* The value of "--word X" or "--word=X" at *at, which is then behind it ("" when there is none); NULL
 * if something else is there. */
const char *view_option_value(const char *option, const char *const *words, size_t count,
			      size_t *at);
/* The number that such a value is, from 0 to `most`; or -1 and a complaint. */
int view_option_number(uint64_t *out, const char *option, const char *value, uint64_t most,
		       struct corridor_complaint *complaint);
/* Complains of why traffic could not be laid on the segments, by the errno of what tried; -1. */
int view_flow_failed(struct corridor_complaint *complaint, int error);
/* 0 where the hub file's list of `what` has rows; or -1 and a complaint that it has none. */
int view_list_wanted(size_t count, const char *what, struct corridor_complaint *complaint);
/* 0; or -1 and a complaint where there are no demands, told or measured. */
int view_demands_wanted(const struct view_corridor *view, struct corridor_complaint *complaint);
/* An answer, which each of these writes in its form. */
struct view_corridor_forms {
	void (*json)(struct buf *out, const void *answer);
	void (*csv)(struct buf *out, const void *answer);
	void (*text)(struct buf *out, const void *answer);
};
void view_corridor_write(struct buf *out, enum view_corridor_form form,
			 const struct view_corridor_forms *forms, const void *answer);
/* A demand's name in that many columns; where it is longer its id, for names begin alike. */
void view_demand_cell(struct buf *out, const struct hub_demand *demand, int columns);
/* The first words of a segment's status, up to a bracket or semicolon; returns `out`. */
char *view_status_short(char out[VIEW_RATE_TEXT], const struct hub_segment *segment);

/* --- view_corridor_facts.c --- */
/* A number; null when it is not known. */
void view_number_json(struct json *j, const char *key, double value);
/* {"value", "low", "high", "basis", "source"}; null when it is not known. */
void view_fact_json(struct json *j, const char *key, const struct corridor_fact *fact);
/* {"value", "low", "high", "estimated", "derived", "facts", "estimates"}: what an answer rests on;
 * estimated and derived are shares of the value, 0 to 1. */
void view_grounds_json(struct json *j, const char *key, const struct corridor_grounds *grounds);
/* Four digits that count, and whole from a thousand on; nothing for NAN. Returns `out`. */
char *view_fact_number(char out[VIEW_RATE_TEXT], double value);
/* "376.2 to 383.8"; returns `out`. */
enum { VIEW_RANGE_TEXT = 2 * VIEW_RATE_TEXT + 8 };
char *view_fact_range(char out[VIEW_RANGE_TEXT], double low, double high);
/* A comma and the number, twelve digits of it; the comma alone when it is not known. */
void view_number_csv(struct buf *out, double value);
/* Its three numbers: as told, low, high. */
void view_range_csv(struct buf *out, const struct corridor_range *range);
/* A comma and the number as view_fact_number has it. */
void view_fact_csv(struct buf *out, double value);
/* It in that many columns, to the right; "-" for NAN. */
void view_fact_cell(struct buf *out, double value, int columns);

/* --- view_corridor_path.c --- */
int view_corridor_path(struct buf *out, const struct view_corridor *view,
		       enum view_corridor_form form, const struct corridor_question *question,
		       struct corridor_complaint *complaint);

/* --- view_corridor_pair.c --- */
int view_corridor_pair(struct buf *out, const struct view_corridor *view,
		       enum view_corridor_form form, const struct corridor_question *question,
		       struct corridor_complaint *complaint);

/* --- view_corridor_cutset.c --- */
/* Between the question's ends, or of the whole corridor when it has none. */
int view_corridor_cutset(struct buf *out, const struct view_corridor *view,
			 enum view_corridor_form form, const struct corridor_question *question,
			 struct corridor_complaint *complaint);

/* --- view_corridor_show.c --- */
int view_corridor_show(struct buf *out, const struct view_corridor *view,
		       enum view_corridor_form form, struct corridor_complaint *complaint);
void view_corridor_segment(struct buf *out, const struct view_corridor *view,
			   enum view_corridor_form form, uint32_t segment);
void view_corridor_site(struct buf *out, const struct view_corridor *view,
			enum view_corridor_form form, uint32_t site);
/* The numbers of load, null where not known: capacity_bps, load_bps, load_ab_bps, load_ba_bps,
 * utilisation. */
void view_corridor_load_json(struct json *j, const struct corridor_segment_load *load);

/* --- view_corridor_check.c: words after "check" --- */
int view_corridor_check(struct buf *out, const struct view_corridor *view,
			enum view_corridor_form form, const char *const *words, size_t count,
			struct corridor_complaint *complaint);

/* --- view_corridor_sources.c: words after "sources" --- */
int view_corridor_sources(struct buf *out, const struct view_corridor *view,
			  enum view_corridor_form form, const char *const *words, size_t count,
			  struct corridor_complaint *complaint);

/* --- view_corridor_export.c: words after "export" --- */
int view_corridor_export(struct buf *out, const struct view_corridor *view,
			 enum view_corridor_form form, const char *const *words, size_t count,
			 struct corridor_complaint *complaint);

/* --- view_corridor_overview.c --- */
int view_corridor_overview(struct buf *out, const struct view_corridor *view,
			   enum view_corridor_form form, struct corridor_complaint *complaint);
/* Prometheus text. */
void view_corridor_metrics(struct buf *out, const struct view_corridor *view);
/* The segments of which a load is known, busiest first: by utilisation, then by load. Returns their
 * number and the indices in *order (from malloc; free it), or -1 if there is no memory. */
long view_corridor_by_use(const struct view_corridor *view, uint32_t **order);

/* --- view_corridor_optics.c --- */
/* The words after "corridor optics". */
int view_corridor_optics(struct buf *out, const struct view_corridor *view,
			 enum view_corridor_form form, const char *const *words, size_t count,
			 struct corridor_complaint *complaint);

/* --- view_corridor_flow.c --- */
/* The words after "corridor flow". */
int view_corridor_flow(struct buf *out, const struct view_corridor *view,
		       enum view_corridor_form form, const char *const *words, size_t count,
		       struct corridor_complaint *complaint);

/* --- view_corridor_whatif.c: words after "whatif" --- */
int view_corridor_whatif(struct buf *out, const struct view_corridor *view,
			 enum view_corridor_form form, const char *const *words, size_t count,
			 struct corridor_complaint *complaint);

/* --- view_corridor_added.c: words after "change" --- */
int view_corridor_added(struct buf *out, const struct view_corridor *view,
			enum view_corridor_form form, const char *const *words, size_t count,
			struct corridor_complaint *complaint);

/* --- view_corridor_worth.c: words after "worth" --- */
int view_corridor_worth(struct buf *out, const struct view_corridor *view,
			enum view_corridor_form form, const char *const *words, size_t count,
			struct corridor_complaint *complaint);

/* --- view_corridor_content.c: words after "content" --- */
int view_corridor_content(struct buf *out, const struct view_corridor *view,
			  enum view_corridor_form form, const char *const *words, size_t count,
			  struct corridor_complaint *complaint);

/* --- view_corridor_simulate.c: words after "simulate" --- */
int view_corridor_simulate(struct buf *out, const struct view_corridor *view,
			   enum view_corridor_form form, const char *const *words, size_t count,
			   struct corridor_complaint *complaint);

/* --- view_corridor_sensitivity.c: words after "sensitivity" --- */
int view_corridor_sensitivity(struct buf *out, const struct view_corridor *view,
			      enum view_corridor_form form, const char *const *words, size_t count,
			      struct corridor_complaint *complaint);

/* --- view_corridor_prices.c: words after "prices" --- */
int view_corridor_prices(struct buf *out, const struct view_corridor *view,
			 enum view_corridor_form form, const char *const *words, size_t count,
			 struct corridor_complaint *complaint);

/* --- view_corridor_next.c: words after "next" --- */
int view_corridor_next(struct buf *out, const struct view_corridor *view,
		       enum view_corridor_form form, const char *const *words, size_t count,
		       struct corridor_complaint *complaint);

/* --- view_corridor_target.c: words after "target" --- */
int view_corridor_target(struct buf *out, const struct view_corridor *view,
			 enum view_corridor_form form, const char *const *words, size_t count,
			 struct corridor_complaint *complaint);

/* --- view_corridor_revenue.c: words after "revenue" --- */
int view_corridor_revenue(struct buf *out, const struct view_corridor *view,
			  enum view_corridor_form form, const char *const *words, size_t count,
			  struct corridor_complaint *complaint);

/* --- view_corridor_replay.c: words after "replay" --- */
int view_corridor_replay(struct buf *out, const struct view_corridor *view,
			 enum view_corridor_form form, const char *const *words, size_t count,
			 struct corridor_complaint *complaint);

/* --- view_corridor_availability.c: words after "availability" --- */
int view_corridor_availability(struct buf *out, const struct view_corridor *view,
			       enum view_corridor_form form, const char *const *words, size_t count,
			       struct corridor_complaint *complaint);

/* --- view_corridor_steer_dry.c: words after "steer", of a hub that is not running --- */
int view_corridor_steer_dry(struct buf *out, const struct view_corridor *view,
			    enum view_corridor_form form, const char *const *words, size_t count,
			    struct corridor_complaint *complaint);
