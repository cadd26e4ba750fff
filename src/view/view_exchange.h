/* What the exchange shows: members, sessions, routes accepted and refused with every reason in words, the
 * looking glass, the list of participants, metrics. Pure: the state comes in, text or JSON comes out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "exchange/exchange.h"

/* As enum control_form. */
enum view_exchange_form { VIEW_EXCHANGE_TEXT, VIEW_EXCHANGE_JSON, VIEW_EXCHANGE_CSV };

struct view_exchange_complaint {
	int status; /* 400: words that make no sense; 404: not there; 500: no memory */
	char text[256];
};

/* The rest of a long answer. It remembers where it is by prefix, not by place in a table, so the routes and
 * even the picture may change between two pieces. */
struct view_exchange_more;

/* Answers the words of a request, the first one too:
 *
 *   show members | show member ASN-or-name | show sessions
 *   show routes   [member X] [as N] [in PREFIX] [after PREFIX] [limit N]
 *   show filtered [member X] [as N] [in PREFIX] [after PREFIX] [limit N]
 *   show route PREFIX | ADDRESS | ASN | NAME
 *   show participants
 *   metrics exchange
 *
 * Appends the answer, or its first piece, to *out; *more is NULL or the rest, to be ended with
 * view_exchange_more_free. 0, or -1 and the complaint. CSV is refused except for routes and filtered. */
int view_exchange_answer(struct buf *out, struct view_exchange_more **more, struct exchange *x,
			 enum view_exchange_form form, const char *const *words, size_t count,
			 struct view_exchange_complaint *complaint);
/* Appends about 64 KiB more; false when nothing is left and nothing was written. */
bool view_exchange_next(struct view_exchange_more *more, struct exchange *x, struct buf *out);
void view_exchange_more_free(struct view_exchange_more *more);
