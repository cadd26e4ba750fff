/* Writing the lines of the control protocol; reading them is in control.h. Used inside net only. */
#pragma once

#include "net/control.h"

/* Appends a request with its newline. 0, or -1 when a word cannot be sent (tab, newline, control
 * character), there are too many, or there is no memory. */
int control_line_write(struct buf *out, enum control_form form, size_t body_length,
		       const char *const *words, size_t count);

/* Appends the first line of an answer. */
void control_line_answer(struct buf *out, const struct control_answer *answer,
			 enum control_form form);
