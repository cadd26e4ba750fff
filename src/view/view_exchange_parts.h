/* What the files of view_exchange share. */
#pragma once

#include "base/json.h"
#include "exchange/exchange.h"
#include "view/view_exchange.h"
#include "view/view_form.h"

enum { VIEW_AGE_TEXT = 24, VIEW_ASN_TEXT = 16 };

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

/* --- view_exchange_members.c --- */
void view_members(struct buf *out, struct exchange *x, enum view_form form);
void view_member(struct buf *out, struct exchange *x, enum view_form form, uint32_t member);

/* --- view_exchange_routes.c --- */
/* `words` begin with what follows "show routes" or "show filtered". */
int view_routes(struct buf *out, struct exchange *x, enum view_form form, bool refused,
		const char *const *words, size_t count, struct view_exchange_rest **rest,
		struct view_complaint *complaint);

/* --- view_exchange_route.c --- */
int view_route(struct buf *out, struct exchange *x, enum view_form form, const char *query,
	       struct view_complaint *complaint);
/* One path in all forms of a list. `heard` says who hears it; NULL leaves that out (JSON null). */
/* An extended community as text, "rt:64500:1" (RFC 4360, RFC 5668); returns `out`. */
char *view_ext_community(char out[48], uint64_t value);
void view_path_json(struct json *j, const struct exchange *x, const struct rib_path_view *path,
		    const uint64_t *heard);

/* --- view_exchange_explain.c --- */
int view_explain(struct buf *out, struct exchange *x, enum view_form form, const char *const *words,
		 size_t count, struct view_complaint *complaint);

/* --- view_exchange_export.c --- */
void view_participants(struct buf *out, const struct exchange *x);
void view_exchange_metrics(struct buf *out, struct exchange *x);
