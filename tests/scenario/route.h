/* Routes as words, and what members say and hear of them on the wire. A reader of its own, so that a fault of the
 * hub's reader cannot hide one of its writer; it takes apart, and judges nothing.
 *
 * A route's attributes as words, always in this order:
 *	path 64601 64701 {64702 64703}   next-hop 192.0.2.11   link-local fe80::1   origin igp   med 5
 *	community 64601:1 ...   ext 0002fc0000000001 ...   large 64601:1:2 ...   attribute TYPE FLAGS OCTETS ...
 * Octets are hexadecimal, "-" for none, "00*500" where the last of them comes so often (17 times or more). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/ip.h"
#include "scenario/script.h"

enum { ROUTE_FIELD_MAX = 4096 };

/* The value of a field, "64601 64701" of "path"; false if the words have none. */
bool route_field(char out[ROUTE_FIELD_MAX], const char *words, const char *field);
/* Does a held route look as wanted? What stands in `wanted` must be equal; when it names any field, then what it
 * does not name must not be there, except path, next-hop and origin. */
bool route_matches(const char *held, const char *wanted);

/* Appends octets written as above, "00*500". False if it is no such word. */
bool route_hex(struct buf *to, const char *hex);

/* What a member is when it announces. */
struct route_speaker {
	struct asn asn;
	struct ip next_hops[2]; /* IPv4, IPv6: where none is said */
	bool as4;
	bool add_path[2]; /* IPv4, IPv6: path identifiers are sent (RFC 7911) */
	uint32_t path_id;
	uint16_t max; /* octets of a message (RFC 8654) */
};

/* Appends UPDATEs. `words` are fields of a route; missing ones are: path of the speaker's own number, its next hop,
 * origin igp. False: the words make no sense. */
bool route_announce(struct buf *to, const struct route_speaker *speaker,
		    const struct prefix *prefixes, size_t count, const char *words);
void route_withdraw(struct buf *to, const struct route_speaker *speaker,
		    const struct prefix *prefixes, size_t count);

/* Appends an UPDATE about a rule about traffic (RFC 8955), whose octets are without its length; words NULL: withdraws it.
 * False: the words make no sense. */
bool route_rule(struct buf *to, const struct route_speaker *speaker, enum ip_family family,
		struct cursor rule, const char *words);

/* A rule that an UPDATE says, `hex` in lower case without blanks; words NULL: withdrawn. */
typedef void route_told_rule(void *context, enum ip_family family, const char *hex,
			     const char *words);
/* How a member reads what it hears. */
struct route_ear {
	route_told_rule *rule; /* NULL: none can come */
	bool as4;
	bool add_path[2]; /* IPv4, IPv6: path identifiers come */
};

/* What an UPDATE says, told prefix by prefix; words NULL: withdrawn. The identifier is 0 where none comes. */
typedef void route_told(void *context, struct prefix prefix, uint32_t path_id, const char *words);
/* Reads the body of an UPDATE. IP_V4 or IP_V6 when it was End-of-RIB, ROUTE_END_OF_RULES more when it was that of rules;
 * IP_NONE when it was neither; -1: it cannot be read. */
enum { ROUTE_END_OF_RULES = 128 };
int route_read(struct cursor body, const struct route_ear *ear, route_told *told, void *context);
