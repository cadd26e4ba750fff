/* The components of a sound rule, one after the other. */
#pragma once

#include "exchange/flowspec/flowspec_rule.h"

/* Bits of a term's operator: of numbers (RFC 8955 section 4.2.1.1), of masks (4.2.1.2). */
enum {
	FLOWSPEC_EQUAL = 1,
	FLOWSPEC_GREATER = 2,
	FLOWSPEC_LESS = 4,
	FLOWSPEC_MATCH = 1, /* all bits of the value are set; else: any of them */
	FLOWSPEC_NOT = 2,
};

struct flowspec_component {
	uint8_t type;
	bool is_prefix, is_mask;
	struct prefix
		prefix; /* of the first two types: bits before `offset` are 0 and mean nothing */
	uint8_t offset;
	struct cursor terms; /* of the others */
};

struct flowspec_term {
	bool end;
	bool joined; /* with the one before by "and"; else another one begins that may match instead */
	uint8_t op; /* the bits above */
	uint32_t value;
};

/* False at the end. `rule` stands in a sound rule. */
bool flowspec_component_next(struct flowspec_component *out, enum ip_family family,
			     struct cursor *rule);
bool flowspec_term_next(struct flowspec_term *out, struct cursor *terms);
