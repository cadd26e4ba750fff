/* What another thread's meter knows of an exporter, as it was when it was told last: so that one meter
 * can show them all. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "meter/exporter_domain.h"
#include "meter/exporter_rate.h"
#include "meter/netflow.h"
#include "meter/sflow_track.h"

struct exporter_mirror {
	bool has_sflow, has_netflow;
	struct sflow_totals sflow;
	struct netflow_totals netflow;
	struct exporter_domain *domains; /* owned, as the next */
	size_t domain_count;
	struct exporter_rate *rates;
	size_t rate_count;
};

void exporter_mirror_fini(struct exporter_mirror *mirror);
