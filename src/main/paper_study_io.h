/* The study of the running hub, made in a child of the paper's process. */
#pragma once

#include "main/paper_corridor_io.h"

/* Answers `corridor report WORD...`, of which `count` words follow and the form comes behind them. Waits. What it rests on
 * goes into corridor->children.aside, unless it was there. */
void paper_study_answer(struct paper_corridor *corridor, const struct control_request *request,
			size_t count, struct control_answer *answer);
