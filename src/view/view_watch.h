/* What the meter watches for, shown: alarms, proposals, destinations that most is sent to. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/clock.h"
#include "hub/hub.h"
#include "meter/watch.h"
#include "view/view_form.h"

struct view_watch {
	const struct watch *watch;
	const struct hub *hub;
	struct utc_s now;
};

/* Answers the words of a request:
 *
 *   show alarms [without-addresses]      those that are on, and the last ones that are over
 *   show proposals [without-addresses]
 *   show talkers [without-addresses]
 *
 * IP addresses are for operators: the page and the API ask without. 0, or -1 and the complaint. */
int view_watch_answer(struct buf *out, const struct view_watch *view, enum view_form form,
		      const char *const *words, size_t count, struct view_complaint *complaint);
/* For Prometheus. */
void view_watch_metrics(struct buf *out, const struct watch *watch);
