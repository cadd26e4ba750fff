/* What the exchange shows: members and their sessions, routes accepted and refused, numbers for Prometheus, the
 * member list for others (docs/api.md). Long lists come in pieces, so that a million routes never stand in memory;
 * routes may change between two pieces. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "exchange/exchange.h"
#include "hub/steer.h"
#include "view/view_form.h"

/* The rest of a long answer. */
struct view_exchange_rest;

/* Answers the words of a request, the first one too:
 *
 *   show members
 *   show member ASN|NAME [exports]
 *   show sessions
 *   show bfd
 *   show bmp
 *   show mrt
 *   show peering ASN|NAME
 *   show policy [ASN|NAME]
 *   show communities
 *   show rpki
 *   show flowspec [from ASN|NAME]
 *   show sr policies
 *   show steer [exits|changes]
 *   show steer PREFIX|ADDRESS [for ASN|NAME]
 *   show routes|filtered [member ASN|NAME] [to ASN|NAME] [not-to ASN|NAME] [as N] [within PREFIX] [reason WORD] [rpki STATE] [community C]
 *                        [tagged] [stale] [after PREFIX] [limit N]
 *   show route PREFIX|ADDRESS
 *   explain PREFIX|ADDRESS [from ASN|NAME] [to ASN|NAME] [path ASN...] [community C]... [if CONDITION]...
 *   show participants                   (JSON only: IX-F member export 1.0)
 *   birdwatcher status|symbols|protocols [short]        (JSON only: as birdwatcher answers)
 *   birdwatcher routes protocol|filtered|noexport|export SESSION
 *   birdwatcher routes table master|master4|master6 [filtered]
 *   birdwatcher routes prefix PREFIX|ADDRESS
 *   metrics exchange                    (text only: Prometheus)
 *
 * Appends the answer, or its first piece, to *out. *rest is NULL when that is all, else it is the caller's: to be
 * asked for the next piece each time the last one has been taken, and freed. 0, or -1 and the complaint. */
int view_exchange_answer(struct buf *out, struct exchange *x, enum view_form form,
			 const char *const *words, size_t count, struct view_exchange_rest **rest,
			 struct view_complaint *complaint);

/* A question of "explain", that word too. */
struct view_exchange_supposed {
	const char *const *words;
	size_t count;
	const struct steer_plan
		*plan; /* what the corridor would hold; NULL: nothing of it is supposed */
};
/* Does it suppose something of the corridor: "if cut NAMES", drain, restore? Then the corridor is to be asked what its plan
 * would be, and this has the answer. */
bool view_explain_order(const char *const *words, size_t count, const char **order,
			const char **names);
/* 0, or -1 and the complaint. */
int view_explain(struct buf *out, struct exchange *x, enum view_form form,
		 const struct view_exchange_supposed *asked, struct view_complaint *complaint);

/* Appends the next piece and returns true; false when nothing was left. A piece may be empty while routes are being
 * counted. `x` is the same exchange, which may have gone
 * over to another picture meanwhile. */
bool view_exchange_rest_next(struct view_exchange_rest *rest, struct exchange *x, struct buf *out);
void view_exchange_rest_free(struct view_exchange_rest *rest);
