/* Demands as they were measured over a time, in the place of those of the hub file: what each member sends
 * from one site to another, or what the members' ports have for the demands that name a member. Or what
 * content networks sent, in the place of what the hub file tells of them. Read from the answer of the ledger
 * to `show demands` (view_ledger_demands.h) or `show content` (view_ledger_content.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "corridor/corridor_names.h"
#include "hub/hub.h"

enum corridor_statistic {
	CORRIDOR_MEAN,
	CORRIDOR_P95,
	CORRIDOR_PEAK,
};

struct corridor_measured_ask {
	enum corridor_statistic statistic;
	bool matrix;               /* what was measured between sites, not the hub file's demands */
	bool content;              /* content networks, not demands */
	bool keeps_month;          /* the question itself asks of a month, too: its words stay */
	const char *month, *hours; /* as written; both NULL: the last week */
};

struct corridor_measured_hub {
	struct hub hub;   /* the hub with other demands or content; all else of it is the hub's */
	const char *note; /* what these rest on, and what is not among them */
};

/* True if the words ask for measured demands (--measured, --demands). */
bool corridor_measured_asked(const char *const *words, size_t count);

/* True if the words of a question about content do (--measured, --month, --hours). */
bool corridor_measured_content_asked(const char *const *words, size_t count);

/* Takes these words out: `words` keeps the others, *count of them. 0, or -1 and the complaint. `ask->content` and
 * `ask->keeps_month` are the caller's to set before. */
int corridor_measured_take(struct corridor_measured_ask *ask, const char **words, size_t *count,
			   struct corridor_complaint *complaint);

/* Everything is in `arena` but what is the hub's. 0; or -1 with errno EBADMSG when it is no such answer,
 * ENODATA when nothing was measured of content in that time, ENOMEM. */
int corridor_measured_read(struct corridor_measured_hub *out, struct arena *arena,
			   const struct hub *hub, const struct corridor_measured_ask *ask,
			   const char *json, size_t length);
