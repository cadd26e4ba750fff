/* Questions about demands or content as they were measured: the ledger is asked, and the answer is about a hub with
 * these. In a process of its own (answer_child_io.h): it waits for the ledger. */
#pragma once

#include "corridor/corridor_measured.h"
#include "net/control.h"
#include "view/view_corridor.h"

struct corridor_measuring {
	struct corridor_measured_hub measured;
	struct arena *arena;
	const char *words[CONTROL_WORDS_MAX]; /* without those that are taken out */
	size_t count;
	struct corridor_plan left; /* what is left at present, of the other hub */
};

/* True if the question is one of these. */
bool corridor_measuring_asked(const struct control_request *request);

/* Asks the ledger by the socket, and turns *view to what it tells; what *view points to
 * stays as it is. 0, or -1 and the complaint. The process ends with its answer: nothing is freed. */
int corridor_measuring_turn(struct corridor_measuring *out, struct view_corridor *view,
			    const struct control_request *request, const char *socket,
			    struct corridor_complaint *complaint);
