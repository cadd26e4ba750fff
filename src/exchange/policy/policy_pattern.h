/* Patterns of communities, compiled: what does this community mean?
 *
 * A community is taken apart into two or three fields by its form. A pattern fixes some fields and
 * leaves at most one open, P. For each form it is known which fields patterns leave open, so a
 * community is looked up in one hash table once for each of these shapes, two or three times,
 * however many patterns there are. A pattern without P is meant before one with. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cursor.h"
#include "hub/hub.h"

/* How communities are written. An extended one is looked up by its octets, then as a route target
 * or origin of a 2-octet or 4-octet AS (RFC 4360 section 3.1, RFC 5668). */
enum policy_form {
	POLICY_STANDARD,
	POLICY_ROUTE_TARGET,
	POLICY_ROUTE_ORIGIN,
	POLICY_GENERIC, /* the halves of any extended community */
	POLICY_LARGE,
	POLICY_FORMS,
};

struct policy_word {
	enum policy_form form;
	uint32_t fields[3]; /* those that the form has not are 0 */
};

/* What a community was found to mean. */
struct policy_meaning {
	enum hub_community_action action;
	uint8_t number; /* prepends */
	uint16_t ms;    /* of a pattern without P */
	bool has_p;
	enum hub_codes codes;
	uint32_t next; /* another meaning of the same pattern, or UINT32_MAX */
};

struct policy_patterns;

enum policy_form policy_form_of(const struct hub_community *community);
/* Appends the octets of a community without P. */
void policy_community_put(struct buf *to, const struct hub_community *community, struct asn hub_as);

/* Takes memory from `arena`; keeps nothing of `list`. `tell_members`: what is told goes to them,
 * where a pattern does not say otherwise. NULL if there is no memory. */
struct policy_patterns *policy_patterns_new(struct arena *arena, struct asn hub_as,
					    const struct hub_community *list, size_t count,
					    bool tell_members);

/* The meanings of the community, the first of a chain, and the value of P; NULL if it has none. */
const struct policy_meaning *policy_pattern_find(const struct policy_patterns *patterns,
						 const struct policy_word *word, uint32_t *p);
/* The next of the chain, or NULL. */
const struct policy_meaning *policy_pattern_next(const struct policy_patterns *patterns,
						 const struct policy_meaning *meaning);

/* Does the hub's AS number stand where the AS that defines a community's meaning stands? */
bool policy_word_is_hubs(const struct policy_patterns *patterns, const struct policy_word *word);

/* Reads the next community of one list. False at its end. */
bool policy_standard_next(struct policy_word *out, struct cursor *list);
bool policy_extended_next(struct policy_word *out, struct cursor *list);
bool policy_large_next(struct policy_word *out, struct cursor *list);

/* A pattern by which the hub tells something: fields, and which of them is P (-1: none). */
struct policy_tell {
	enum hub_community_action action;
	enum hub_codes codes;
	enum policy_form form;
	uint32_t fields[3];
	int8_t p;
	uint16_t value;       /* without P: told when it is this */
	bool to_members;      /* on routes that are not refused */
	bool collectors_only; /* not even why a route is tagged */
};
/* All of them, in the order given. */
const struct policy_tell *policy_pattern_tells(const struct policy_patterns *patterns,
					       size_t *count);
/* Appends the octets of the community with this P; none when P does not fit its field. */
void policy_tell_put(struct buf *to, const struct policy_tell *tell, uint32_t p);

/* "64500:1:1001", "rt:0:1001": the community as its owner writes it. */
void policy_word_text(struct buf *to, const struct policy_word *word);
