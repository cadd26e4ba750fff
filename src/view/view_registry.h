/* What the registry shows: sets and what is believed of them, PeeringDB (docs/api.md). Pure. */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "hub/hub.h"
#include "registry/registry_dump.h"
#include "registry/registry_peeringdb.h"
#include "registry/registry_plan.h"
#include "view/view_form.h"

/* What is looked at; all of it the caller's. */
struct view_registry {
	const struct hub *hub;
	const struct registry_plan *plan;
	const struct registry_peeringdb *peeringdb;
	struct registry_moment now;
	const struct registry_dump *dumps[REGISTRY_DUMPS]; /* NULL: none */
};

/* Answers the words of a request, the first one too:
 *
 *   show registry [SET]
 *   metrics registry                    (text only: Prometheus)
 *
 * Appends the answer to *out. 0, or -1 and the complaint. */
int view_registry_answer(struct buf *out, const struct view_registry *view, enum view_form form,
			 const char *const *words, size_t count, struct view_complaint *complaint);
