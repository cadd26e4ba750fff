/* What is made of many answers of the corridor, or of files: `corridor report ...` and `corridor reach plan ...`. Both
 * take long, so they are made by a child of the paper's process (main/answer_child_io.h), which asks and waits. */
#pragma once

#include "main/answer_child_io.h"
#include "main/paper_answers.h"
#include "main/role.h"
#include "net/control.h"

/* All of it the paper's room's. */
struct paper_corridor {
	const struct role_context *role;
	struct answer_children children;
	struct paper_answers answers; /* that studies rested on; of the picture in force */
};

/* `role` outlives it. */
void paper_corridor_init(struct paper_corridor *corridor, const struct role_context *role);
/* Takes a request of one of these; the answer is known later. */
void paper_corridor_answer(struct paper_corridor *corridor, const struct control_request *request,
			   struct control_answer *answer);
