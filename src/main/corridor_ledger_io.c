/* A question to the ledger. */
#include "main/corridor_ledger_io.h"

#include <errno.h>
#include <string.h>

#include "net/control.h"

enum { PATIENCE_S = 60, ANSWER_MAX = 16 << 20 };

int
corridor_ledger_ask(struct buf *json, const char *socket, const char *const *words, size_t count,
		    struct corridor_complaint *complaint)
{
	struct control_question question = {socket, CONTROL_JSON, words,
					    count,  PATIENCE_S,   ANSWER_MAX};
	char text[256] = "";
	errno = ENOENT;
	int status = socket ? control_ask_whole(json, &question, text) : -1;
	if (status > 0)
		corridor_complain(complaint, status, "%.200s", text);
	else if (status < 0)
		corridor_complain(complaint, 500, "the ledger gave no answer: %s",
				  errno == EAGAIN ? "not within a minute" : strerror(errno));
	return status ? -1 : 0;
}

int
corridor_ledger_revenue(struct buf *json, const void *socket, const char *month,
			struct corridor_complaint *complaint)
{
	const char *const words[] = {"show", "revenue", "by", "segment", "month", month};
	return corridor_ledger_ask(json, socket, words, 6, complaint);
}
