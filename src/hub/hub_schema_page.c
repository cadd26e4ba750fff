/* The schema of who sees what on the page. */
#include "hub/hub.h"
#include "hub/hub_check.h"
#include "hub/hub_rows.h"
#include "hub/hub_schema.h"

/* By enum hub_visitors. */
static const char *const visitors_words[] = {"all", "public", NULL};

static const struct hub_item page_rows[] = {
	{"visitors", HUB_TYPE_WORD, FIELD(hub_page, visitors), .words = visitors_words,
	 .fallback = "all",
	 .help = "Who comes without a name sees everything, as an operator does; or only what is "
		 "for everybody: the looking glass, the map and sums of the hub."},
	{"password", HUB_TYPE_SECRET, FIELD(hub_page, password), .min = 12, .max = 200,
	 .fallback_help = "nobody is the operator by name",
	 .help = "With the name operator everything is seen."},
};

const struct hub_table hub_schema_page = {"set of page values", ROWS(page_rows),
					  .size = sizeof(struct hub_page), .check = hub_check_page};
