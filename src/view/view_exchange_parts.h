/* What the files of the exchange's view share. */
#pragma once

#include "base/json.h"
#include "exchange/exchange.h"
#include "view/view_exchange.h"

enum { VIEW_AGE_TEXT = 16 };

/* 0 all well, 1 a remark, 2 a session is down, 3 all are. */
enum view_trouble { VIEW_WELL, VIEW_REMARK, VIEW_SESSION_DOWN, VIEW_ALL_DOWN };

/* A member as its sessions are now. */
struct view_member {
	uint32_t index; /* into hub->members */
	enum view_trouble trouble;
	unsigned up, down, disabled; /* sessions */
	uint64_t accepted, filtered, exported;
};

int view_exchange_complain(struct view_exchange_complaint *complaint, int status,
			   const char *format, ...) __attribute__((format(printf, 3, 4)));
struct view_member view_member_of(struct exchange *x, uint32_t member);
/* Appends what the trouble is in words; nothing when there is none. */
void view_member_trouble(struct buf *to, struct exchange *x, const struct view_member *member);
/* "3d 4h", "12m 5s"; returns `out`. */
char *view_age(char out[VIEW_AGE_TEXT], int64_t seconds);

void view_exchange_members_json(struct buf *out, struct exchange *x);
void view_exchange_members_text(struct buf *out, struct exchange *x);
void view_exchange_member_json(struct buf *out, struct exchange *x, uint32_t member);
void view_exchange_member_text(struct buf *out, struct exchange *x, uint32_t member);
void view_exchange_sessions_json(struct buf *out, struct exchange *x);
void view_exchange_sessions_text(struct buf *out, struct exchange *x);
void view_exchange_participants(struct buf *out, struct exchange *x);
void view_exchange_metrics(struct buf *out, struct exchange *x);

/* Why routes of a member are refused: paths by reason. */
struct view_reasons {
	uint32_t count[32];
	uint32_t session[32]; /* one that has it, index into hub->sessions */
	enum ip_family family[32];
	uint64_t filtered;
};
void view_member_reasons(struct view_reasons *out, struct exchange *x, uint32_t member);

/* One route. */
void view_route_json(struct json *j, struct exchange *x, const struct rib_path_view *path,
		     bool heard_by);
void view_route_text(struct buf *out, struct exchange *x, const struct rib_path_view *path);
void view_route_line(struct buf *out, struct exchange *x, const struct rib_path_view *path);
void view_route_csv(struct buf *out, struct exchange *x, const struct rib_path_view *path);

/* The answers to routes, filtered and route. */
int view_exchange_list(struct buf *out, struct view_exchange_more **more, struct exchange *x,
		       enum view_exchange_form form, const char *const *words, size_t count,
		       struct view_exchange_complaint *complaint);
int view_exchange_route(struct buf *out, struct view_exchange_more **more, struct exchange *x,
			enum view_exchange_form form, const char *query,
			struct view_exchange_complaint *complaint);
