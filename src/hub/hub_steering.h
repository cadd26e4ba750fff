/* How the corridor steers, and who tells it that segments carry nothing any more. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct country;

/* What ways are good for whom. */
struct hub_steering_policy {
	uint32_t latency_percent; /* what a nanosecond of light costs, in hundredths of one */
	uint32_t price_us;        /* that a US dollar per Mbit/s and month is worth */
	uint32_t load_us;         /* that a segment at its limit is worth */
	uint32_t limit_percent;   /* of a segment's capacity: no more is laid on it */
	bool diverse;             /* backups share no risk with the first way, at any price */
};

/* What is done when something is over its limit though each has taken the best that it could. */
enum hub_steering_place {
	HUB_STEERING_GREEDY, /* nothing */
	HUB_STEERING_FAIR,   /* all are placed together, for the least served */
	HUB_STEERING_EVEN    /* likewise, for the fullest segment or exit */
};

/* A member with a policy of its own. */
struct hub_steering_member {
	uint32_t member;
	struct hub_steering_policy policy;
	struct country *avoid; /* besides what its demands avoid */
	size_t avoid_count;
};

/* Who may give orders about segments by HTTP. */
struct hub_steering_token {
	const char *name, *token;
};

struct hub;

/* NULL: nobody's. */
const struct hub_steering_token *hub_steering_whose(const struct hub *hub, const char *token);

struct hub_steering {
	struct hub_steering_policy policy; /* everybody's */
	struct hub_steering_member *members;
	size_t member_count;
	struct hub_steering_token *tokens;
	size_t token_count;
	enum hub_steering_place place;
	uint32_t hold_s, half_life_s, moves;
	uint32_t margin_percent, margin_us;
	uint32_t good_s;       /* a plan is good for so long */
	uint32_t down_s, up_s; /* a source's word counts when it has held for so long */
	uint32_t silent_s;     /* a source that says nothing for so long is silent */
};

/* Who knows whether a segment carries: an interface of an exporter that is asked by SNMP, BFD with the
 * neighbour of a session, or, where it is neither, a program that tells it by the control socket. */
struct hub_segment_source {
	const char *id;
	uint32_t segment;
	uint32_t exporter;     /* index; HUB_NONE */
	const char *interface; /* its name; NULL: by number */
	uint32_t if_index;
	const char *session_id;
	uint32_t session; /* index; HUB_NONE */
	uint32_t weight;  /* its share of the segment's capacity, beside the others' */
};
