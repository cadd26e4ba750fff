/* A process that draws one document and ends: fonts are read, and text is shaped, away from
 * everything else. It has the sandbox of the room that started it, and limits of its own. */
#pragma once

#include "base/buf.h"
#include "hub/hub.h"

enum { PAPER_CHILD_REASON = 200, PAPER_CHILD_SECONDS = 20 };

/* Zeroed but for pipe, which is -1, there is none. */
struct paper_child {
	int pipe;       /* what it writes */
	struct buf got; /* a word about what came of it, then the PDF */
};

/* Starts drawing the bill or credit note that `json` is; `hub` has the letterhead of the latter. 0, or -1 and errno. Zombies are for the caller to forbid
 * (SIGCHLD ignored). */
int paper_child_start(struct paper_child *child, const struct buf *json, const struct hub *hub);

enum paper_child_state {
	PAPER_CHILD_WORKS,
	PAPER_CHILD_DONE,
	PAPER_CHILD_REFUSED, /* it is no document that is drawn; reason says so */
	PAPER_CHILD_FAILED,  /* reason has why */
};
/* Takes what has been drawn so far, without waiting. When it is done the PDF is appended to *pdf,
 * and *missing says whether characters are without a font. */
enum paper_child_state paper_child_read(struct paper_child *child, struct buf *pdf, bool *missing,
					char reason[PAPER_CHILD_REASON]);
/* Lets go of it: one that is still at work finds nobody to write to, and ends. */
void paper_child_fini(struct paper_child *child);
