/* The corridor's plan (hub/steer.h) in force: which exit members of the hub's own AS are told of is by their
 * place. With a dead man's switch: a plan that is overdue is gone by for a little while (transit.hold_s), then
 * plain BGP remains, in one step; and after that plans must come in time for a while (transit.return_s). */
#pragma once

#include "exchange/exchange.h"
#include "exchange/policy/policy.h"
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

/* A change of the order of exits. */
struct exchange_steer_change {
	uint64_t number;                      /* of the plan; 0: back to plain BGP */
	char why[STEER_TEXT_MAX + 1];         /* in words */
	uint64_t event_us, made_us, taken_us; /* microseconds of UTC; 0: not known */
	/* Microseconds from taken_us until the first octets of it, and until now or in the end the last ones, were taken
	 * by a socket; -1: none. */
	int64_t first_us, last_us;
	bool is_sent;       /* all of it, to everybody */
	uint32_t moved[2];  /* prefixes of which some place sees the exits otherwise; IPv4, IPv6 */
	uint64_t routes_to; /* that sessions take otherwise than before, of all prefixes */
	uint64_t
		routes_from; /* and that they no longer take; where there is no other way neither is both */
};
enum { EXCHANGE_STEER_CHANGES = 64, EXCHANGE_STEER_ALARM = 128 };

/* When a plan came, by both clocks. */
struct exchange_steer_moment {
	struct mono_us now;
	uint64_t utc_us;
};
/* Takes a plan whose memory is `arena`, which is the exchange's from now on in any case. 0; or -1 and why it is
 * not taken: static text. One that is older than what there is is not. */
int exchange_steer_take(struct exchange *x, const struct steer_plan *plan, struct arena *arena,
			struct exchange_steer_moment came, const char **why);
/* A plan of an earlier run is overdue, so one will come: neighbours of the hub's own AS hear no routes until then, but
 * for transit.hold_s at most. They would first hear of exits that the orders in force have closed. */
void exchange_steer_await(struct exchange *x);
struct exchange_steering exchange_steering_of(const struct exchange *x);
/* The row of the plan that a session goes by, or NULL; its choice of the exit that is another session. */
const struct steer_ingress *exchange_steer_row(const struct exchange *x, unsigned slot);
const struct steer_choice *exchange_steer_choice(const struct exchange *x, unsigned slot,
						 unsigned exit);
/* How the session sees the exit by the plan that is gone by: as rib_steering has it; no cost where it goes by none. */
struct exchange_steer_sight {
	uint32_t cost; /* RIB_CLOSED */
	bool backup;
};
struct exchange_steer_sight exchange_steer_sight_of(const struct exchange *x, unsigned slot,
						    unsigned exit);
/* The newest change is 0 back; NULL: there were fewer, or it is forgotten. */
const struct exchange_steer_change *exchange_steer_change_at(const struct exchange *x, size_t back);
/* Routes that plans moved to and from the exit, ever. */
struct rib_steer_shift exchange_steer_moves_of(const struct exchange *x, unsigned slot);
/* What an operator should know of the plan's age; false: nothing. */
bool exchange_steer_alarm(const struct exchange *x, char out[EXCHANGE_STEER_ALARM]);

/* --- a plan that is only supposed, of the picture in force, whatever the exchange goes by --- */

/* The row of it that the session would go by, or NULL. */
const struct steer_ingress *exchange_steer_row_by(const struct exchange *x,
						  const struct steer_plan *plan, unsigned slot);
/* How such a session would see the exit, and what it would be told of it: beside what it is told now, which
 * stays where the numbers hardly differ (transit.tell_percent). `choice` is NULL where the plan names none. */
struct exchange_steer_supposed {
	struct exchange_steer_sight sight;
	const struct steer_choice *choice;
	struct policy_told told;
};
struct exchange_steer_supposed exchange_steer_sight_by(const struct exchange *x,
						       const struct steer_plan *plan, unsigned slot,
						       unsigned exit);
