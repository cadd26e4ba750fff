/* What the corridor shows: ways, segments, sites, load. The same functions answer for the running
 * hub and for `sarai corridor ... --hub FILE`. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/clock.h"
#include "corridor/corridor_load.h"
#include "corridor/corridor_names.h"
#include "corridor/corridor_plans.h"
#include "corridor/corridor_state.h"
#include "hub/hub.h"

/* As enum control_form. */
enum view_corridor_form { VIEW_CORRIDOR_TEXT, VIEW_CORRIDOR_JSON, VIEW_CORRIDOR_CSV };

enum { VIEW_CORRIDOR_NOTHING = 1 };

struct view_corridor_steering;

/* Who can be asked what the hub's ledger billed. */
struct view_corridor_ledger {
	/* Appends its revenue by segment of a month ("2026-10") as JSON. 0, or -1 and the
	 * complaint. */
	int (*revenue)(struct buf *json, const void *context, const char *month,
		       struct corridor_complaint *complaint);
	const void *context;
};

/* What there is to show; all of it is of the same picture, and only read here. */
struct view_corridor {
	const struct hub *hub;
	struct corridor_plans *plans; /* of the hub; makes plans of other days as they are asked */
	const struct corridor_plan *plan; /* today's */
	/* Never NULL: without a measurement, corridor_load_new with no batch. */
	struct corridor_load *load;
	/* What is cut and steered at present; NULL: nobody knows. */
	const struct view_corridor_steering *steering;
	bool measured;                     /* load comes from a batch */
	const struct traffic_batch *batch; /* that one; NULL: none */
	const enum corridor_live *live;    /* of each segment, by orders; NULL: nobody gave any */
	const struct view_corridor_ledger *ledger; /* NULL: the hub does not run */
	/* What demands or content that were measured rest on; NULL: they are the hub file's. */
	const char *note;
};

/* Answers the words of a request, the first one too:
 *
 *   corridor path A B [--sources] [terms, see corridor/corridor_terms.h]
 *   corridor pair A B [--disjoint segment|site|risk|country|cable|operator] [terms]
 *   corridor cutset [A B] [terms]
 *   corridor show | show corridor
 *   corridor segment ID
 *   corridor site ID
 *   corridor check [--all]
 *   corridor sources [SEGMENT | A B [terms]]
 *   corridor export (GeoJSON, also as text), with CSV: corridor export LIST
 *   corridor optics SEGMENT [--mode ID] [--model gn|ggn|raman] [--channels]
 *   corridor optics A B [the same] [terms]
 *   corridor flow [--objective WORD] [--segments] [--unsplit] [terms]
 *   corridor whatif X,.. [terms], corridor whatif [single|double] [--of KIND] [--top N] [terms]
 *   corridor change X,.. [--from A,.. --to B,..] [--also-avoiding COUNTRY,..] [terms]
 *   corridor worth [--of NAME] [terms]
 *   corridor content [ID|NAME|ASN] [--traffic ASN=GBPS,..] [terms]; of a running hub also
 *                    [--measured mean|p95|peak] [--month YYYY-MM | --hours N]
 *   corridor sensitivity worth --of NAME [--svg] [--draws N] [--seed N] [--top N] [terms]
 *   corridor sensitivity target MUSD --of NAME | revenue | npv CANDIDATE,.. [the same]
 *   corridor prices [SITE] [terms]
 *   corridor target MUSD[-MUSD] [--of NAME] [--price P] [terms]
 *   corridor revenue [--of country|operator|cable|segment|party] [terms]
 *   corridor next [--by WORD] [--pairs] [--budget MUSD] [terms]
 *   corridor simulate [--years N] [--draws N] [--seed N] [--ships N] [--sigma X] [--sla P]
 *                     [--credit P] [terms]
 *   corridor replay [ID]
 *   corridor availability A B [--month YYYY-MM [--sla P]] [--draws N] [--seed N] [terms]
 *   corridor steer        as if nothing were cut; a running hub answers with more
 *   corridor reckon [TOPIC [NAME=VALUE ...]]      view/view_reckon.h
 *   corridor reach        JSON, in any form: what the hub file says of it
 *   show overview
 *   metrics corridor
 *
 * Appends the answer to *out. 0; VIEW_CORRIDOR_NOTHING if the answer, which is there all the same, is that there is no
 * such way; or -1 and the complaint: its status is 400 for words that make no
 * sense, 404 for things that are not there, 500 without memory. CSV is refused
 * where there is no table. */
int view_corridor_answer(struct buf *out, const struct view_corridor *view,
			 enum view_corridor_form form, const char *const *words, size_t count,
			 struct corridor_complaint *complaint);

/* "200" or "200-400": millions of dollars a year. False: it is no such thing. */
bool view_target_amount(double *least_musd, double *most_musd, const char *word);

/* What there is to show of a hub that is not running: its file, contracts as of `now`, no traffic.
 * 0, or -1 and the complaint. End with view_corridor_fini; the hub stays the caller's. */
int view_corridor_of_file(struct view_corridor *out, const struct hub *hub, struct utc_s now,
			  struct corridor_complaint *complaint);
void view_corridor_fini(struct view_corridor *view);
