/* How members and their sessions are: for the list of them and for the page of one. */
#pragma once

#include "base/json.h"
#include "exchange/exchange.h"

enum view_trouble { TROUBLE_NONE, TROUBLE_REMARK, TROUBLE_SOME_DOWN, TROUBLE_ALL_DOWN };

/* How a member is, from its sessions. */
struct view_condition {
	uint32_t member; /* index */
	const char *name;
	enum view_trouble trouble;
	char text[80]; /* in words; "" when all is well */
	uint32_t up, down, disabled;
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
