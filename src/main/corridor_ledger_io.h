/* What the corridor asks the ledger, at the hub's own door. Waits for the answer: for processes that
 * answer one question and end (answer_child_io.h). */
#pragma once

#include "view/view_corridor.h"

/* Appends the answer to a question as JSON. 0, or -1 and the complaint. */
int corridor_ledger_ask(struct buf *json, const char *socket, const char *const *words,
			size_t count, struct corridor_complaint *complaint);

/* struct view_corridor_ledger's; `socket` is the path of the control socket. */
int corridor_ledger_revenue(struct buf *json, const void *socket, const char *month,
			    struct corridor_complaint *complaint);
