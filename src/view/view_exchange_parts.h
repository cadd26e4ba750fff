/* What the files of view_exchange share. */
#pragma once

#include "base/json.h"
#include "exchange/exchange.h"
#include "view/view_exchange.h"
#include "view/view_form.h"

enum { VIEW_AGE_TEXT = 24, VIEW_ASN_TEXT = 16, VIEW_CODES_TEXT = 32, VIEW_COMMUNITY_TEXT = 48 };

/* "3d 04h", "02:13:05"; returns `out`. */
char *view_age(char out[VIEW_AGE_TEXT], int64_t seconds);
/* "AS64501"; returns `out`. */
char *view_asn(char out[VIEW_ASN_TEXT], struct asn asn);

/* The member behind a slot; NULL when its session is no longer in the picture. */
const struct hub_member *view_member_of_slot(const struct exchange *x, unsigned slot);
/* Accepted and refused routes of a slot, both families. */
void view_slot_count(const struct exchange *x, unsigned slot, uint32_t *accepted,
		     uint32_t *refused);
/* The member that a word means: an AS number or a name. 0, or -1 and the complaint. */
int view_find_member(const struct exchange *x, const char *word, uint32_t *member,
		     struct view_complaint *complaint);

/* "    label       text", wrapped at 80 columns under itself; clears the text. */
void view_label(struct buf *out, const char *label, struct buf *text);
/* Up as far as the session goes. */
bool view_slot_is_up(const struct exchange *x, unsigned slot);

/* --- view_exchange_reason.c --- */
/* "1101:13 65520:14": what members see of a reason in communities; returns `out`. */
char *view_reason_codes(char out[VIEW_CODES_TEXT], unsigned bit);
/* Appends what mends it for the session (index into hub.sessions, or HUB_NONE: nothing). */
void view_reason_mend(struct buf *out, const struct exchange *x, uint32_t session,
		      enum ip_family family, unsigned bit);
/* "reason", "euro_ix" and "arouteserver" of an object that is open. */
void view_reason_fields(struct json *j, unsigned bit);
/* The array "reasons", each with its mend. */
void view_reasons_json(struct json *j, const struct exchange *x, uint32_t session,
		       enum ip_family family, uint64_t reasons);
/* "prefix too long (1101:1 65520:13); ..." */
void view_reasons_line(struct buf *out, uint64_t reasons);
/* The reasons that a word means: part of their text, or a number as above. 0, or -1 and the complaint. */
int view_reason_find(uint64_t *reasons, const char *word, struct view_complaint *complaint);

/* --- view_exchange_community.c --- */
/* Communities of all three forms, as text: "64500:1", "64500:1:2", "rt:64500:1". */
struct view_community {
	enum { VIEW_STANDARD, VIEW_EXTENDED, VIEW_LARGE } form;
	uint8_t octets[12];
	uint8_t length; /* 4, 8 or 12 */
};
/* Reads one; 0, or -1 and the complaint. */
int view_community_read(struct view_community *out, const char *word,
			struct view_complaint *complaint);
char *view_community_text(char out[VIEW_COMMUNITY_TEXT], const struct view_community *community);
/* An extended community as text, "rt:64500:1" (RFC 4360, 5668); returns `out`. */
char *view_ext_community(char out[VIEW_COMMUNITY_TEXT], uint64_t value);
/* The list of `attrs` with communities of its form. */
struct cursor *view_community_list(struct bgp_attrs *attrs, const struct view_community *community);
bool view_community_is_in(const struct bgp_attrs *attrs, const struct view_community *community);
/* The next community of one list; false at its end. */
bool view_community_next(struct view_community *out, struct cursor *list, int form);
/* All of them, a blank between; nothing when there are none. */
void view_communities_line(struct buf *out, const struct bgp_attrs *attrs);
/* The arrays "communities", "large_communities" and "ext_communities". */
void view_communities_json(struct json *j, const struct bgp_attrs *attrs);

/* --- view_exchange_members.c --- */
void view_members(struct buf *out, struct exchange *x, enum view_form form);
/* --- view_exchange_member.c --- */
void view_member(struct buf *out, struct exchange *x, enum view_form form, uint32_t member);

/* --- view_exchange_routes.c --- */
/* `words` begin with what follows "show routes" or "show filtered". */
int view_routes(struct buf *out, struct exchange *x, enum view_form form, bool refused,
		const char *const *words, size_t count, struct view_exchange_rest **rest,
		struct view_complaint *complaint);

/* --- view_exchange_route.c --- */
int view_route(struct buf *out, struct exchange *x, enum view_form form, const char *query,
	       struct view_complaint *complaint);
/* One path of a list: who hears it is null. */
void view_path_json(struct json *j, const struct exchange *x, const struct rib_path_view *path);

/* --- view_exchange_explain.c --- */
int view_explain(struct buf *out, struct exchange *x, enum view_form form, const char *const *words,
		 size_t count, struct view_complaint *complaint);

/* --- view_exchange_policy.c --- */
/* HUB_NONE: the hub's own. */
void view_policy(struct buf *out, struct exchange *x, enum view_form form, uint32_t member);

/* --- view_exchange_communities.c --- */
void view_communities(struct buf *out, const struct exchange *x, enum view_form form);

/* --- view_exchange_peering.c --- */
/* Who hears the member's routes, and with `both` whose it hears. -1: no memory. */
int view_peering(struct buf *out, struct exchange *x, enum view_form form, uint32_t member,
		 bool both);

/* --- view_exchange_rpki.c --- */
/* Routes by what the RPKI says of them, by enum rpki_state: one pass over both tables. */
struct view_states {
	uint32_t accepted[RPKI_INVALID_LENGTH + 1], refused[RPKI_INVALID_LENGTH + 1];
	uint32_t stale;
};
void view_count_states(struct view_states *out, const struct exchange *x);
void view_rpki(struct buf *out, const struct exchange *x, enum view_form form);

/* --- view_exchange_flowspec.c --- */
/* The rules about traffic of one member, or of all (HUB_NONE). 0, or -1: no memory. */
int view_flowspec(struct buf *out, struct exchange *x, enum view_form form, uint32_t member);
void view_flowspec_metrics(struct buf *out, const struct exchange *x);

/* --- view_exchange_export.c --- */
void view_participants(struct buf *out, const struct exchange *x);
void view_exchange_metrics(struct buf *out, struct exchange *x);
