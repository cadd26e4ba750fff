/* MRT files of the exchange, on a schedule and on demand: rib.YYYYMMDD.HHMM.gz, the table; and
 * updates.YYYYMMDD.HHMM.gz, what members sent and how their sessions went. The table is written in stretches between
 * turns, the disk by threads, so BGP waits for neither. */
#pragma once

#include <stdbool.h>

#include "exchange/bmp_io.h"
#include "exchange/exchange_sights.h"

struct mrt_dumps;

/* As bmp_service_new. */
struct mrt_dumps *mrt_dumps_new(struct loop *loop, struct exchange *engine,
				void (*ends)(void *context, unsigned slot, struct bmp_ends *out),
				void *context);
/* Ends the files that are open; a table that is half written is given up. */
void mrt_dumps_free(struct mrt_dumps *dumps);
/* Goes over to what the engine's picture says. */
void mrt_dumps_apply(struct mrt_dumps *dumps);
/* Are updates written? */
bool mrt_dumps_wanted(const struct mrt_dumps *dumps);

/* What the engine's taps tell. */
void mrt_dumps_up(struct mrt_dumps *dumps, unsigned slot);
void mrt_dumps_down(struct mrt_dumps *dumps, unsigned slot);
void mrt_dumps_message(struct mrt_dumps *dumps, unsigned slot, struct cursor message);

enum { MRT_DUMP_TEXT = 512 };

/* Writes the table now; `refused` too. 0 with the file's name, which appears when it is whole; or -1 with the
 * reason in words. */
int mrt_dumps_table(struct mrt_dumps *dumps, bool refused, char text[MRT_DUMP_TEXT]);

/* What was and will be written. Texts are valid until the loop goes on. */
void mrt_dumps_sight(const struct mrt_dumps *dumps, struct exchange_dumps *out);
