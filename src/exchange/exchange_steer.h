/* The corridor's plan (hub/steer.h) in force: which exit members of the hub's own AS are told of is by their
 * place. With a dead man's switch: a plan that is overdue is gone by for a little while (transit.hold_s), then
 * plain BGP remains, in one step; and after that plans must come in time for a while (transit.return_s). */
#pragma once

#include "exchange/exchange.h"
#include "hub/steer.h"

enum exchange_steer_state {
	EXCHANGE_STEER_NONE,    /* there was no plan yet */
	EXCHANGE_STEER_BY_PLAN, /* routes go by it */
	EXCHANGE_STEER_HELD,    /* it is overdue */
	EXCHANGE_STEER_PLAIN,   /* it was for too long: plain BGP */
	EXCHANGE_STEER_WAITS,   /* plans come again: not yet for long enough */
};
const char *exchange_steer_state_name(enum exchange_steer_state state);

struct exchange_steering {
	enum exchange_steer_state state;
	const struct steer_plan *plan; /* the newest; NULL: none */
	struct utc_s since;            /* of the state */
	uint32_t moved[2]; /* prefixes that were told anew by the last change; IPv4, IPv6 */
	uint64_t changes;  /* of the order of exits, ever */
};

/* Takes a plan whose memory is `arena`, which is the exchange's from now on in any case. 0; or -1 and why it is
 * not taken: static text. One that is older than what there is is not. */
int exchange_steer_take(struct exchange *x, const struct steer_plan *plan, struct arena *arena,
			const char **why);
struct exchange_steering exchange_steering_of(const struct exchange *x);
/* The row of the plan that a session goes by, or NULL; its choice of the exit that is another session. */
const struct steer_ingress *exchange_steer_row(const struct exchange *x, unsigned slot);
const struct steer_choice *exchange_steer_choice(const struct exchange *x, unsigned slot,
						 unsigned exit);
