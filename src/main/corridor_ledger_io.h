/* What the corridor asks the ledger, at the hub's own door. Waits for the answer: for processes that
 * answer one question and end (answer_child_io.h). */
#pragma once

#include "view/view_corridor.h"

/* struct view_corridor_ledger's; `socket` is the path of the control socket. */
int corridor_ledger_revenue(struct buf *json, const void *socket, const char *month,
			    struct corridor_complaint *complaint);
