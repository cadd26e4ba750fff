/* Finding sites, segments, countries, operators, cables and risks by what somebody typed. Case does
 * not matter; an id goes before a name, a whole name before the beginning of one, and a beginning
 * must be the only one. */
#pragma once

#include <stdint.h>

#include "corridor/corridor_plan.h"
#include "hub/hub.h"

/* Why a question could not be understood. */
struct corridor_complaint {
	int status;     /* as in net/control.h: 400 not understood, 404 no such thing */
	char text[240]; /* one line, with what would do */
};

void corridor_complain(struct corridor_complaint *out, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "site:KHI" is KHI, too (and "segment:B01" B01), as in a list of several kinds. 0 and the index in
 * *out; or -1 and the complaint, which names the nearest known if one is near (hub_nearest) or, when the
 * text fits several, some of these. */
int corridor_site_find(uint32_t *out, const struct hub *hub, const char *text,
		       struct corridor_complaint *complaint);
int corridor_segment_find(uint32_t *out, const struct hub *hub, const char *text,
			  struct corridor_complaint *complaint);

/* A set of enum corridor_kind. */
#define CORRIDOR_KIND(kind) (1u << (kind))
#define CORRIDOR_EVERY_KIND (CORRIDOR_KIND(CORRIDOR_KINDS) - 1)

/* Finds what `text` names among `kinds`. "country:", "operator:", "cable:", "risk:", "site:" or
 * "segment:" before it says which kind is meant, in `kinds` or not; without that an id or name that
 * two kinds have is ambiguous, unless the same segments have both. The id of a segment goes before
 * all else. Two letters that nothing is called, and the name of a country, are a country that no
 * segment crosses: index HUB_NONE. 0, or -1 and the complaint as above. */
int corridor_named_find(struct corridor_named *out, const struct corridor_plan *plan,
			unsigned kinds, const char *text, struct corridor_complaint *complaint);

/* "country", "risk" ... as written before the colon. */
const char *corridor_kind_word(enum corridor_kind kind);
/* A country's code, the name of a risk or operator, the id of a cable, site or segment. */
const char *corridor_named_id(const struct corridor_plan *plan, struct corridor_named named);
/* What people call it; NULL when there is nothing but that. */
const char *corridor_named_name(const struct corridor_plan *plan, struct corridor_named named);
