/* Patterns of communities as text: "0:P" and "65535:666" (standard, RFC 1997), "rt:0:P" (extended,
 * RFC 4360), "RS:1:P" (large, RFC 8092). RS stands for the route server's AS number and P for what
 * the action is about: a peer's AS number, milliseconds, the number of a place, a code. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "hub/hub.h"

/* What actions are called in the hub file, by enum hub_community_action, NULL at the end. */
extern const char *const hub_community_actions[];
const char *hub_community_action_name(enum hub_community_action action);

enum { HUB_COMMUNITY_TEXT = 48 }; /* octets that hub_community_format needs */

/* Reads a pattern into form, extended and fields; the rest of *out is left alone. Small letters do
 * as well, and so does "peer" for P. 0, or -1 if it is none: no such form, a number that does not
 * fit its field, or more than one P. */
int hub_community_parse(struct hub_community *out, const char *text);
/* Writes the pattern as it can be read again, and returns `out`. */
char *hub_community_format(char out[HUB_COMMUNITY_TEXT], const struct hub_community *community);
bool hub_community_has_p(const struct hub_community *community);
/* True if the pattern can be written with this AS number for RS: a field of a standard community
 * has 16 bits, and so has at least one of the two fields of an extended one. */
bool hub_community_fits(const struct hub_community *community, struct asn hub);
/* Is a community without P one of those that the pattern stands for? */
bool hub_community_covers(const struct hub_community *pattern, const struct hub_community *one,
			  struct asn hub);
/* True if both are the same pattern, whatever they mean. */
bool hub_community_same_pattern(const struct hub_community *a, const struct hub_community *b);
