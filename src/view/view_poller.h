/* What the poller shows: machines that are asked by SNMP, and how that goes (docs/api.md). Pure. */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "poller/poller_report.h"
#include "view/view_form.h"

/* What is looked at; all of it the caller's. */
struct view_poller {
	const struct poller_device_report *devices;
	size_t count;
	struct poller_outbox_counts outbox;
};

/* Answers the words of a request, the first one too:
 *
 *	show polls
 *	metrics poller                    (text only: Prometheus)
 *
 * Appends the answer to *out. 0, or -1 and the complaint. */
int view_poller_answer(struct buf *out, const struct view_poller *view, enum view_form form,
		       const char *const *words, size_t count, struct view_complaint *complaint);
