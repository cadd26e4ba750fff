/* What MRT files hold, as text: a line a route for eyes and scripts, JSON lines, a summary. Pure. */
#pragma once

#include "base/buf.h"
#include "exchange/monitor/mrt.h"
#include "exchange/monitor/mrt_summary.h"
#include "view/view_form.h"

/* Writes entries one after the other; what the entries of a group have in common is made once. A zeroed
 * struct is ready. */
struct view_mrt {
	uint64_t group;
	struct buf head, tail;
};
void view_mrt_fini(struct view_mrt *view);

/* The line that `bgpdump -m` writes for this entry; nothing for what it has no line for (messages that are
 * no UPDATE, End-of-RIB):
 *   TABLE_DUMP2|time|B|peer|peer AS|prefix|path|origin|next hop|local pref|MED|communities|AG or NAG|aggregator|
 *   BGP4MP|time|A|...   BGP4MP|time|W|peer|peer AS|prefix   BGP4MP|time|STATE|peer|peer AS|old|new */
void view_mrt_line(struct view_mrt *view, struct buf *out, const struct mrt_entry *entry);
/* One object a line: docs/monitoring.md. */
void view_mrt_json(struct buf *out, const struct mrt_entry *entry);
void view_mrt_summary(struct buf *out, const struct mrt_summary *summary, enum view_form form);
