/* What BFD of sessions tells of the segments that it crosses (segment_sources), on its way to the corridor: at
 * once when it changes, and every ten seconds of those that are up. */
#pragma once

#include "exchange/exchange.h"
#include "net/loop.h"

struct exchange_heard;

/* Engine, loop and the path of the socket must outlive it. NULL if there is no memory. */
struct exchange_heard *exchange_heard_open(struct loop *loop, const struct exchange *engine,
					   const char *control_socket);
void exchange_heard_close(struct exchange_heard *heard);
void exchange_heard_bfd(struct exchange_heard *heard, unsigned slot, enum bfd_event event);
