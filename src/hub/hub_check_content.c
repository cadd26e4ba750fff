/* The rules between items of content networks. */
#include "hub/hub_check.h"

#include <math.h>

#include "hub/hub_read.h"

void
hub_fill_content(struct hub_reader *r, void *element, const struct hub_node *map)
{
	struct hub_content *content = element;
	(void)r;
	(void)map;
	hub_fill_basis(&content->basis, NULL, NULL);
	hub_fill_basis(&content->traffic, content->basis.said, content->basis.source);
}

static void
check_cache(struct hub_reader *r, const struct hub_content *content, const struct hub_node *map)
{
	if (!(content->object_mb > 0))
		hub_complain(r->report, hub_reader_mark(map, "object_mb"),
			     "object_mb: found 0, expected more");
	if (content->kind != HUB_CONTENT_CACHE || !isnan(content->hit_percent))
		return;
	if (!(content->catalogue_tb > 0) || !(content->cache_tb > 0))
		hub_complain(r->report, hub_reader_mark(map, "hit_percent"),
			     "expected hit_percent, or catalogue_tb and cache_tb to reckon it");
}

void
hub_check_content(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_content *content = element;
	if (content->from == content->to)
		hub_complain(r->report, hub_reader_mark(map, "to"),
			     "to: the same site as from; nothing would be taken off the corridor");
	if (isnan(content->gbps) && content->asn_count == 0)
		hub_complain(r->report, hub_reader_mark(map, "traffic_gbps"),
			     "expected traffic_gbps, or asns to measure it by");
	hub_check_basis(r, "traffic_gbps", content->gbps, &content->traffic, map);
	hub_check_basis(r, "hit_percent", content->hit_percent, &content->basis, map);
	check_cache(r, content, map);
}
