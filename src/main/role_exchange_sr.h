/* `sr set` and `sr remove`: SR policies of the operator, beside those of the hub file; they end
 * with the process. */
#pragma once

#include "exchange/exchange.h"
#include "net/control.h"

void role_exchange_sr(struct exchange *x, const struct control_request *request,
		      struct control_answer *answer);
