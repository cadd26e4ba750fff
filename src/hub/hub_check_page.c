/* The rules between items about who sees what on the page. */
#include "hub/hub_check.h"
#include "hub/hub_read.h"

/* A password that opens what is open anyway is a mistake that should be noticed. */
void
hub_check_page(struct hub_reader *r, void *element, const struct hub_node *map)
{
	const struct hub_page *page = element;
	if (page->password && page->visitors == HUB_VISITORS_ALL)
		hub_warn(r->report, hub_reader_mark(map, "password"),
			 "password: without `visitors: public` everything is seen without it");
	if (!page->password && page->visitors == HUB_VISITORS_PUBLIC)
		hub_warn(r->report, hub_reader_mark(map, "visitors"),
			 "visitors: without a password nobody sees all of the hub by HTTP");
}
