/* The inside of the path computation element: peers and their paths. */
#pragma once

#include "pcep/pcep_pce.h"

/* A route as long as it is. */
struct pcep_kept {
	uint8_t count;
	struct pcep_hop hops[];
};

struct pcep_lsp {
	char name[PCEP_NAME_MAX + 1];
	uint32_t plsp_id;
	struct ip from, to;
	bool there, delegated, admin, created;
	bool seen; /* said since the session is up */
	bool ours; /* wished to be made by us */
	bool gone; /* to be removed; waits for the report of it */
	uint8_t oper, setup_type;
	uint8_t source; /* enum pcep_source */
	bool has_bandwidth;
	uint64_t bandwidth_bps;
	uint8_t metric_count;
	struct pcep_metric metrics[PCEP_METRICS_MAX];
	struct pcep_policy policy;
	struct pcep_kept *route, *wish; /* NULL: none */
	bool due;                       /* the wish is to be told */
	uint32_t srp_id;                /* of the order that is out; 0: none is */
	struct pcep_fault fault;
};

struct pcep_peer {
	char *name;
	struct ip address;
	struct pcep_session *session; /* NULL: not connected */
	struct mono_us since;
	struct mono_us forget_at; /* paths of one that is gone; INT64_MAX: never */
	bool up, synced;
	char why[PCEP_WHY];
	struct pcep_lsp **lsps; /* in order of names */
	uint32_t lsp_count, lsp_capacity;
	uint32_t last_srp;
	/* Requests in this minute. */
	struct mono_us minute;
	uint32_t requests;
	bool overloaded;
};

struct pcep_pce {
	struct pcep_plan plan;
	struct pcep_peer *peers; /* one for each router of the picture, in its order */
	unsigned peer_count;
	struct pcep_item item; /* of the event at hand */
	struct pcep_answer answer;
	struct pcep_route shown, shown_wish;
	unsigned replan_peer; /* peer_count: nothing is to be worked out anew */
	uint32_t replan_lsp;
};

static inline const struct hub_pcep *
pcep_hub(const struct pcep_pce *pce)
{
	return &pce->plan.hub->pcep;
}

/* --- pcep_lsp.c --- */
/* Where the path of this name is, or would be. */
uint32_t pcep_lsp_place(const struct pcep_peer *peer, const char *name, bool *there);
struct pcep_lsp *pcep_lsp_by_name(const struct pcep_peer *peer, const char *name);
struct pcep_lsp *pcep_lsp_by_id(const struct pcep_peer *peer, uint32_t plsp_id);
/* A new one; NULL: no memory. */
struct pcep_lsp *pcep_lsp_add(struct pcep_peer *peer, const char *name);
void pcep_lsp_drop(struct pcep_peer *peer, struct pcep_lsp *lsp);
/* Replaces *kept by a copy. 0, or -1 if there is no memory. */
int pcep_lsp_keep(struct pcep_kept **kept, const struct pcep_route *route);
void pcep_lsp_route(struct pcep_route *out, const struct pcep_kept *kept);
bool pcep_lsp_is_as_wished(const struct pcep_lsp *lsp);

/* --- pcep_wish.c --- */
/* Tells the router what is due of this path, if it can be told now. */
void pcep_wish_tell(struct pcep_pce *pce, struct pcep_peer *peer, struct pcep_lsp *lsp,
		    struct mono_us now);
/* A path that was reported: does it follow the plan, and is it as wished? */
void pcep_wish_consider(struct pcep_pce *pce, struct pcep_peer *peer, struct pcep_lsp *lsp,
			struct mono_us now);
/* Works out the wish of one that follows the plan. False: there is no way. */
bool pcep_wish_plan(struct pcep_pce *pce, struct pcep_peer *peer, struct pcep_lsp *lsp,
		    struct mono_us now);

/* --- pcep_report.c --- */
void pcep_report_take(struct pcep_pce *pce, struct pcep_peer *peer, struct mono_us now);
void pcep_request_take(struct pcep_pce *pce, struct pcep_peer *peer, struct mono_us now);
/* The minute is over: requests are taken again. */
void pcep_request_minute(struct pcep_pce *pce, struct pcep_peer *peer, struct mono_us now);
