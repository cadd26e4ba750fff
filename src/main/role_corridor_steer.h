/* Commands about the live state of the corridor, and its steering. */
#pragma once

#include "main/corridor_steering.h"

/* Answers if the words are of steering: true. */
bool role_corridor_steer(struct corridor_steering *steering, const struct corridor_plan *plan,
			 const struct corridor_preview_load *measured,
			 const struct control_request *request, struct control_answer *answer);
