/* Who watches the exchange: BMP stations and MRT files, behind one door. */
#pragma once

#include "exchange/bmp_io.h"
#include "exchange/mrt_dump_io.h"

struct exchange_monitors;

/* Taps the engine while the picture names stations or files. The engine and the loop outlive it. NULL if there is no
 * memory. */
struct exchange_monitors *exchange_monitors_open(struct loop *loop, struct exchange *engine,
						 void (*ends)(void *context, unsigned slot,
							      struct bmp_ends *out),
						 void *context);
/* Before the engine is freed. */
void exchange_monitors_close(struct exchange_monitors *monitors);
/* The engine has gone over to another picture. */
void exchange_monitors_apply(struct exchange_monitors *monitors);
void exchange_monitors_turn_end(struct exchange_monitors *monitors);
/* As mrt_dumps_table. */
int exchange_monitors_dump(struct exchange_monitors *monitors, bool refused,
			   char text[MRT_DUMP_TEXT]);
/* As bmp_service_stations and mrt_dumps_sight. */
size_t exchange_monitors_stations(const struct exchange_monitors *monitors,
				  struct exchange_station *out, size_t max);
void exchange_monitors_dumps(const struct exchange_monitors *monitors, struct exchange_dumps *out);
