/* What the files of view_exchange share. */
#pragma once

#include "base/json.h"
#include "exchange/exchange.h"
#include "exchange/exchange_steer.h"
#include "view/view_exchange.h"
#include "view/view_form.h"

enum { VIEW_AGE_TEXT = 24, VIEW_ASN_TEXT = 16, VIEW_CODES_TEXT = 32, VIEW_COMMUNITY_TEXT = 48 };

/* "3d 04h", "02:13:05"; returns `out`. */
char *view_age(char out[VIEW_AGE_TEXT], int64_t seconds);
/* "AS64501"; returns `out`. */
char *view_asn(char out[VIEW_ASN_TEXT], struct asn asn);

/* A long answer, made in pieces: the beginning of what each kind keeps. */
struct view_exchange_rest {
	/* Appends the next piece, which may be empty: then there was only something to count. False when nothing
	 * was left. */
	bool (*next)(struct view_exchange_rest *rest, struct exchange *x, struct buf *out);
	void (*free)(struct view_exchange_rest *rest);
};
/* Prefixes that are looked at in a turn: some milliseconds. */
enum { VIEW_STRETCH = 32 * 1024 };

/* --- view_exchange_count.c --- */
/* An answer that is written once paths are counted: the beginning of what each kind keeps. */
struct view_count {
	struct view_exchange_rest rest;
	enum view_form form;
	void (*add)(void *count, const struct rib_path_view *path);
	void (*write)(struct view_count *count, struct exchange *x, struct buf *out);
	bool of_member; /* only paths of this member */
	struct asn member;
	/* How far it got. */
	enum ip_family family;
	uint32_t session, at;
	bool ended;
};
/* `size` octets, of a struct that begins with a struct view_count, which becomes as `kind`; the rest is zero. It is
 * *rest's, to be freed so. NULL: no memory. */
void *view_count_new(size_t size, const struct view_count *kind, struct view_exchange_rest **rest);

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
/* `incidents`: in JSON also what is wrong with the exchange itself. */
void view_members(struct buf *out, struct exchange *x, enum view_form form, bool incidents);
/* --- view_exchange_member.c --- */
int view_member(struct view_exchange_rest **rest, const struct exchange *x, enum view_form form,
		uint32_t member);
void view_member_csv(struct buf *out, struct exchange *x, uint32_t member);

/* --- view_exchange_sessions.c --- */
/* -1: no memory. */
int view_sessions(struct buf *out, struct exchange *x, enum view_form form);

/* --- view_exchange_sights.c --- */
enum { VIEW_STATIONS_MAX = 16 };
void view_bfd(struct buf *out, const struct exchange *x, enum view_form form);
void view_stations(struct buf *out, const struct exchange *x, enum view_form form);
void view_dumps(struct buf *out, const struct exchange *x, enum view_form form);
/* The array "incidents" of an object that is open: what somebody should look at now, besides sessions. */
void view_sight_incidents(struct json *j, const struct exchange *x);
/* "distance": why BFD packets are dropped, by enum bfd_fault; NULL: no such reason. */
const char *view_bfd_fault(unsigned fault);
/* --- view_exchange_sight_metrics.c --- */
void view_sight_metrics(struct buf *out, const struct exchange *x);
/* `name="value"`: backslash, quote and newline are escaped. */
void view_metric_label(struct buf *out, const char *name, const char *value);
/* The name of a metric and the labels of a session (index into hub.sessions): a "}" is to follow. */
void view_metric_peer(struct buf *out, const struct exchange *x, const char *name,
		      uint32_t session);
/* "# HELP" and "# TYPE". */
void view_metric_head(struct buf *out, const char *name, const char *type, const char *help);

/* --- view_exchange_routes.c --- */
/* `words` begin with "routes" or "filtered". */
int view_routes(struct view_exchange_rest **rest, const struct exchange *x, enum view_form form,
		const char *const *words, size_t count, struct view_complaint *complaint);
/* A list of all routes that are wanted, in a form of somebody else's. */
struct view_list_form {
	void (*head)(struct buf *out, const struct exchange *x);
	void (*row)(struct buf *out, const struct exchange *x, const struct rib_path_view *path,
		    bool first);
	void (*foot)(struct buf *out, const struct exchange *x);
};
struct view_list_wish {
	bool refused;
	enum ip_family family;  /* IP_NONE: both */
	uint32_t session;       /* of this one (index into hub.sessions); HUB_NONE: of all */
	uint32_t to, kept_from; /* sent to this session, or kept from it; HUB_NONE */
};
/* -1: no memory. */
int view_list(struct view_exchange_rest **rest, const struct view_list_form *form,
	      const struct view_list_wish *wish);

/* --- view_exchange_route.c --- */
int view_route(struct buf *out, struct exchange *x, enum view_form form, const char *query,
	       struct view_complaint *complaint);
/* The prefix that a query means: exactly that one when it has a path, else the longest that covers it. 0, or -1 and the
 * complaint. */
int view_route_find(const struct exchange *x, const char *query, struct prefix *found, bool *exact,
		    struct view_complaint *complaint);
/* One path of a list: who hears it is null. */
void view_path_json(struct json *j, const struct exchange *x, const struct rib_path_view *path);

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
/* Routes by what the RPKI says of them, by enum rpki_state. */
struct view_states {
	uint32_t accepted[RPKI_INVALID_LENGTH + 1], refused[RPKI_INVALID_LENGTH + 1];
	uint32_t stale;
};
void view_states_add(struct view_states *states, const struct rib_path_view *path);
int view_rpki(struct view_exchange_rest **rest, enum view_form form);

/* --- view_exchange_birdwatcher.c --- */
/* `words` begin with what follows "birdwatcher". */
int view_birdwatcher(struct buf *out, struct exchange *x, struct view_exchange_rest **rest,
		     const char *const *words, size_t count, struct view_complaint *complaint);

/* --- view_exchange_flowspec.c --- */
/* The rules about traffic of one member, or of all (HUB_NONE). 0, or -1: no memory. */
int view_flowspec(struct view_exchange_rest **rest, const struct exchange *x, enum view_form form,
		  uint32_t member);
void view_flowspec_metrics(struct buf *out, const struct exchange *x);

/* --- view_exchange_sr.c --- */
/* 0, or -1: no memory. */
int view_sr_policies(struct buf *out, const struct exchange *x, enum view_form form);

/* --- view_exchange_steer.c --- */
/* What the corridor's plan says, moved, and makes of a prefix; `words` begin with "show steer". 0, or -1 and the
 * complaint. */
int view_steer(struct buf *out, struct exchange *x, enum view_form form, const char *const *words,
	       size_t count, struct view_exchange_rest **rest, struct view_complaint *complaint);
/* --- view_steer_who.c --- */
enum { VIEW_STEER_WHO = 16 };
/* Whose rows those of an ingress are, in words: "AS64611", "all members" or, where some at its site have
 * rows of their own, "all others". NULL: a member whose rows are those of all others there. */
const char *view_steer_who(char out[VIEW_STEER_WHO], const struct steer_plan *plan, size_t ingress);
/* --- view_exchange_steer_exits.c --- */
/* What each exit carries. -1: no memory. */
int view_steer_exits(struct view_exchange_rest **rest, enum view_form form);
/* What moved, and how long it took: the newest first. */
void view_steer_changes(struct buf *out, const struct exchange *x, enum view_form form);
/* "decided 3.1 ms after the event, here after 4.0 ms; first UPDATE 212 us, last 9.2 ms later", moved in */
void view_steer_times(struct buf *out, const struct exchange_steer_change *change, size_t indent);
/* --- view_exchange_steer_why.c --- */
/* Why sessions of the member (index; HUB_NONE: of all) take which exit for a prefix. 0, or -1 and the complaint. */
int view_steer_why(struct buf *out, const struct exchange *x, enum view_form form,
		   const char *query, uint32_t member, struct view_complaint *complaint);
/* The array "way" of a choice, and in words: "C01, C07". */
void view_steer_way(struct json *j, const struct steer_plan *plan,
		    const struct steer_choice *choice);
/* A choice of a plan as an object, with its way. */
void view_steer_choice(struct json *j, const struct steer_plan *plan,
		       const struct steer_choice *choice);
void view_steer_way_text(struct buf *out, const struct steer_plan *plan,
			 const struct steer_choice *choice);

/* --- view_exchange_export.c --- */
void view_participants(struct buf *out, const struct exchange *x);
int view_exchange_metrics(struct view_exchange_rest **rest);
