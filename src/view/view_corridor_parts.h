/* The parts of view_corridor; used by its files only. */
#pragma once

#include "base/json.h"
#include "corridor/corridor_itinerary.h"
#include "corridor/corridor_question.h"
#include "corridor/corridor_search.h"
#include "view/view_corridor.h"

enum { VIEW_COLUMNS = 80, VIEW_RATE_TEXT = 24 };

/* --- view_corridor_text.c: text in columns --- */

/* Writes `text` in exactly `width` columns: cut with an ellipsis, or padded. A negative width
 * aligns to the right. Columns are code points. */
void view_cell(struct buf *out, const char *text, int width);
/* Ends a line made of cells: no blanks before the newline. */
void view_end_line(struct buf *out);
/* Columns that `text` takes. */
size_t view_width(const char *text);
/* Writes `text` and a newline, broken at spaces so that no line passes 80 columns. `column` is
 * where the first line starts, `indent` what later ones are moved in by. */
void view_wrapped(struct buf *out, const char *text, size_t column, size_t indent);
/* "label       text", wrapped at 80 columns under itself; nothing when `text` is NULL or empty. */
void view_field(struct buf *out, const char *label, const char *text);
/* A field of CSV (RFC 4180): quoted when it has to be. */
void view_csv_field(struct buf *out, const char *text);
/* "412 Gbit/s", "1.98 Tbit/s"; returns `out`. */
char *view_rate(char out[VIEW_RATE_TEXT], uint64_t bps);
/* A way's length in kilometres, without places when it is whole; returns `out`. */
char *view_km(char out[VIEW_RATE_TEXT], double km);
/* The first words of a segment's status, up to a bracket or semicolon; returns `out`. */
char *view_status_short(char out[VIEW_RATE_TEXT], const struct hub_segment *segment);

/* --- view_corridor_path.c --- */
int view_corridor_path(struct buf *out, const struct view_corridor *view,
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

/* --- view_corridor_overview.c --- */
int view_corridor_overview(struct buf *out, const struct view_corridor *view,
			   enum view_corridor_form form, struct corridor_complaint *complaint);
/* Prometheus text. */
void view_corridor_metrics(struct buf *out, const struct view_corridor *view);
/* The segments of which a load is known, busiest first: by utilisation, then by load. Returns their
 * number and the indices in *order (from malloc; free it), or -1 if there is no memory. */
long view_corridor_by_use(const struct view_corridor *view, uint32_t **order);
