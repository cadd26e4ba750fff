/* How members and their sessions are: for the list of them and for the page of one. */
#pragma once

#include "base/json.h"
#include "exchange/exchange.h"
#include "exchange/exchange_sights.h"

enum view_trouble { TROUBLE_NONE, TROUBLE_REMARK, TROUBLE_SOME_DOWN, TROUBLE_ALL_DOWN };

/* How a member is, from its sessions. */
struct view_condition {
	uint32_t member; /* index */
	const char *name;
	enum view_trouble trouble;
	char text[80];                                /* in words; "" when all is well */
	uint32_t up, down, disabled, stuck, bfd_down; /* sessions */
	uint32_t stale;                               /* routes */
	uint32_t accepted, filtered, exported;
	uint64_t speed_bps;
};

/* What is known of a session of the picture. */
struct view_standing {
	const struct hub_session *hub;
	int slot; /* -1: the exchange does not know it yet */
	enum session_state state;
	uint32_t accepted, filtered, exported;
	int64_t since; /* UTC seconds, 0: never */
};

struct view_condition view_condition_of(struct exchange *x, uint32_t member);
/* `session` is an index into hub.sessions. */
struct view_standing view_standing_of(struct exchange *x, uint32_t session);
/* Fields of an object that is open: of a session as in the list; of a member, but for its sessions. */
void view_session_fields(struct json *j, const struct exchange *x, const struct view_standing *s);
void view_member_fields(struct json *j, const struct exchange *x, const struct view_condition *c);
void view_members_csv(struct buf *out, struct exchange *x, const struct view_condition *all,
		      size_t count);
/* --- view_exchange_session.c --- */
void view_session_json(struct json *j, const struct exchange *x, const struct view_standing *s);
void view_session_text(struct buf *out, const struct exchange *x, const struct view_standing *s);

/* --- view_exchange_sessions.c --- */
/* What may be the matter with a session besides its state. */
struct view_matter {
	bool held;                               /* by the operator */
	uint64_t unsent_octets, unsent_prefixes; /* at most */
	struct utc_s stuck_since;                /* its socket takes nothing; 0: it does */
	uint32_t stale;                          /* routes */
	bool stale_for_long;
	struct utc_s stale_until; /* 0: none */
	const struct bfd *bfd;    /* NULL: not watched */
};
struct view_matter view_matter_of(const struct exchange *x, const struct view_standing *s);
/* BGP is up, and BFD is not. */
bool view_matter_is_bfd_down(const struct view_matter *m, const struct view_standing *s);
/* Fields of an object that is open. */
void view_matter_fields(struct json *j, const struct view_matter *m);
/* Lines, for what is the matter only. */
void view_matter_text(struct buf *out, const struct exchange *x, const struct view_standing *s,
		      const struct view_matter *m);
