/* What the meter's process does besides counting: tells the watch which sessions are up, sends samples on,
 * keeps flow records, passes on an operator's word, answers. Wiring. */
#pragma once

#include "main/role.h"
#include "meter/meter.h"

struct meter_watching;

/* NULL without memory. */
struct meter_watching *meter_watching_open(const struct role_context *context, struct meter *meter);
/* Keeps what is still to be kept. NULL is allowed. */
void meter_watching_close(struct meter_watching *w);
/* Another meter, or another picture of the same. 0, or -1 without memory. */
int meter_watching_apply(struct meter_watching *w, struct meter *meter);
/* After some datagrams: what was set aside of them is taken. */
void meter_watching_take(struct meter_watching *w);
/* Every second. */
void meter_watching_tick(struct meter_watching *w);
/* Appends its numbers for Prometheus. */
void meter_watching_metrics(const struct meter_watching *w, struct buf *out);
/* Answers if it is about this. */
bool meter_watching_answer(struct meter_watching *w, const struct control_request *request,
			   struct control_answer *answer);
