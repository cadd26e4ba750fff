/* The corridor's plan in force at the exchange. */
#pragma once

#include "exchange/exchange.h"
#include "view/view_form.h"

/* Answers `show steer`: the plan, how old it is, what it moved, and from each ingress the exits in order. 0, or -1
 * and the complaint. */
int view_exchange_steer(struct buf *out, const struct exchange *x, enum view_form form,
			const char *const *words, size_t count, struct view_complaint *complaint);
