/* Private to the paths: web_routes_table.c and web_routes_corridor.c say which there are, web_routes.c makes questions of them. */
#pragma once

#include "web/web_query.h"
#include "web/web_routes.h"

enum { WEB_ROUTE_WORDS = 5, WEB_ROUTE_PARAMETERS = WEB_URL_PARAMETERS_MAX };

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

struct web_route_table {
	const struct web_route *rows;
	size_t count;
};

extern const struct web_route_table web_route_table_hub;      /* web_routes_table.c */
extern const struct web_route_table web_route_table_corridor; /* web_routes_corridor.c */
