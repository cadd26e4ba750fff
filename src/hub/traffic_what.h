/* What traffic may be summed up by: of one bin by the meter, of a month by the ledger. */
#pragma once

#include <stdbool.h>

enum traffic_what {
	TRAFFIC_WHAT_PAIR, /* members */
	TRAFFIC_WHAT_AS,
	TRAFFIC_WHAT_NEXT_AS,
	TRAFFIC_WHAT_MEMBER_AS, /* of each member by network */
	TRAFFIC_WHAT_COUNTRY,
	TRAFFIC_WHAT_SEGMENT,
	TRAFFIC_WHAT_SERVICE,
	TRAFFIC_WHAT_LOCAL,
	TRAFFIC_WHAT_MEMBER,
	TRAFFIC_WHAT_PORT,
	TRAFFIC_WHAT_FAMILY,
	TRAFFIC_WHAT_PATH, /* the meter only: the ledger keeps no paths */
	TRAFFIC_WHATS      /* how many there are */
};

/* "pair", "next-as". Static text; NULL beyond the last. */
const char *traffic_what_name(enum traffic_what what);
/* False when the word is none of them. */
bool traffic_what_read(enum traffic_what *out, const char *word);
