/* Private to the paths: web_routes_table.c says which there are, web_routes.c makes questions of them. */
#pragma once

#include "web/web_query.h"
#include "web/web_routes.h"

enum { WEB_ROUTE_WORDS = 5, WEB_ROUTE_PARAMETERS = 12 };

/* Who may ask. What is said of no row is for the operator alone. */
enum web_audience {
	WEB_FOR_OPERATOR,
	WEB_FOR_MEMBER, /* about itself: in place of "*" or "+" has to stand its own number, and `narrow` is added */
	WEB_FOR_ALL, /* with `narrow` added for whoever is not the operator */
};

/* `path` is what follows /api/v1/; a "*" in it is an AS number, a "+" that or the id of a party that is
 * no member, "@" its place among the words. */
struct web_route {
	const char *path;
	enum web_kind kind;
	const char *words[WEB_ROUTE_WORDS];
	struct web_query_value parameters[WEB_ROUTE_PARAMETERS];
	enum web_audience audience;
	const char *narrow; /* words that keep an answer to what may be seen; "@": who asks */
};

extern const struct web_route web_routes[];
extern const size_t web_route_count;
