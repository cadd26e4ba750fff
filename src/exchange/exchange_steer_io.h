/* The files of the corridor's plans, as the exchange follows it. */
#pragma once

#include "exchange/exchange_steer.h"
#include "net/loop.h"

struct exchange_steer_file;

/* Looks at run/steer.plan and run/steer.sr every second. NULL if there is no memory. */
struct exchange_steer_file *exchange_steer_file_open(struct loop *loop, const char *folder,
						     struct exchange *engine);
void exchange_steer_file_close(struct exchange_steer_file *file);
/* Looks now. NULL: what is there is taken, of two fresh ones at least one; that it was taken by an earlier look is as
 * good. Else why not: static text. */
const char *exchange_steer_file_look(struct exchange_steer_file *file);
