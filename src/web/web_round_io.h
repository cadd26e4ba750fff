/* The round: asking all rooms for what the overview and the events are made of, once for everybody
 * who wants to know. */
#pragma once

#include "base/buf.h"
#include "net/loop.h"
#include "web/web_feed.h"

enum { WEB_ROUND_EVERY_MS = 2000 };

struct web_round;

/* `ended` is called when a round has ended: the overview is new, and so may be the feed; `told` when
 * the feed has something new between rounds, which is what was just cut. NULL if there is no memory. Nothing is owned but what is made here. */
struct web_round *web_round_new(struct loop *loop, const char *control_socket,
				struct web_feed *feed, void (*ended)(void *context),
				void (*told)(void *context), void *context);
void web_round_free(struct web_round *round);
/* Asks for one round; one that is under way will do. */
void web_round_want(struct web_round *round);
/* Repeats it every 2 s while somebody listens. */
void web_round_listen(struct web_round *round, bool somebody);
/* The overview of the last round; empty before the first one. `all`: as the operator sees it. */
const struct buf *web_round_overview(const struct web_round *round, bool all);
