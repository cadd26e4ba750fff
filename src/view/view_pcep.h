/* `show pcep` and what the operator wishes of routers' paths: answers as text, JSON and CSV.
 * Pure. */
#pragma once

#include "base/buf.h"
#include "base/clock.h"
#include "pcep/pcep_pce.h"
#include "view/view_form.h"

/* Routers, and their paths. */
void view_pcep(struct buf *out, struct pcep_pce *pce, enum view_form form, struct mono_us now);
/* Why a wish was not taken; NULL: it was. */
const char *view_pcep_result(enum pcep_result result);
