/* `show blackholes`: those that the operator asked for in members' stead. */
#pragma once

#include "base/buf.h"
#include "exchange/exchange_blackhole.h"
#include "view/view_form.h"

/* Appends them as text or JSON. */
void view_watch_blackholes(struct buf *out, const struct exchange *x, enum view_form form);
