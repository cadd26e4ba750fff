/* What is made of many answers of the corridor, or of files: `corridor report ...` and `corridor reach plan ...`. Both
 * take long, so they are made by a child of the paper's process (main/answer_child_io.h), which asks and waits. */
#pragma once

#include "net/control.h"

/* Both take a request of one of these. The content type of the answer; NULL: as of the form. */
const char *paper_corridor_type(const struct control_request *request);
/* Answers it; `context` is the struct role_context. Waits. */
void paper_corridor_answer(void *context, const struct control_request *request,
			   struct control_answer *answer);
