/* Readings on their way to the meter: rows of CSV, handed over by the control socket as a push is
 * (docs/api.md), some at a time. While the meter is away they wait; counters only grow, so that of too
 * many the oldest may be forgotten without an octet being lost. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "net/loop.h"
#include "poller/poller_report.h"
#include "poller/poller_table.h"

struct poller_outbox;

enum { POLLER_OUTBOX_ROWS = 1 << 16 };

/* NULL if there is no memory. The path of the socket must outlive it. */
struct poller_outbox *poller_outbox_new(struct loop *loop, const char *control_socket);
void poller_outbox_free(struct poller_outbox *box);
/* Where a reading belongs: a port by its id, of which it also tells the interface's number; or, where `port` is
 * NULL, the interface of that number of an exporter. */
void poller_outbox_put(struct poller_outbox *box, const char *port, const char *exporter,
		       const struct poller_reading *reading);
struct poller_outbox_counts poller_outbox_counts(const struct poller_outbox *box);
