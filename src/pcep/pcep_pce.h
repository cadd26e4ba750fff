/* The path computation element: routers with their sessions, the paths that they report, what is
 * wished of these, and answers to requests (RFC 5440, RFC 8231, RFC 8281). Pure: the shell
 *(pcep_io.h) brings octets and the time.
 *
 *	report ──► LSP ◄── wish: nobody's | the plan's | the operator's | steering's
 *	            └── delegated, and not as wished: PCUpd, once for each change of the wish
 *
 * A path that is delegated without hops, or just as the plan has it, follows the plan; one that
 * came with hops of its own is left alone until somebody wishes otherwise. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/ip.h"
#include "pcep/pcep_compute.h"
#include "pcep/pcep_session.h"

struct pcep_pce;

/* Routers are those of plan->hub, which with plan and load stays valid until the next pcep_pce_use.
 * NULL: no memory. */
struct pcep_pce *pcep_pce_new(const struct pcep_plan *plan, struct mono_us now);
void pcep_pce_free(struct pcep_pce *pce);
/* Goes over to another picture: sessions of routers that are gone, or have another
 * address now, are forgotten (end them before); paths that follow the plan are worked
 * out anew. 0, or -1 if there is no memory; then the old one stays. */
int pcep_pce_use(struct pcep_pce *pce, const struct pcep_plan *plan, struct mono_us now);
/* Only the load is another. */
void pcep_pce_load(struct pcep_pce *pce, const struct corridor_load *load);
/* Works out all paths that follow the plan again, some at each tick. */
void pcep_pce_replan(struct pcep_pce *pce, struct mono_us now);

/* --- connections; a peer is a small number that is good until the next pcep_pce_use --- */

/* A TCP connection came. The peer, or -1: nobody that we know, or a second session; then what to
 * send before closing is in *refusal, which may be empty. */
int pcep_pce_accept(struct pcep_pce *pce, struct ip remote, struct buf *refusal,
		    struct mono_us now);
void pcep_pce_input(struct pcep_pce *pce, unsigned peer, struct cursor octets, struct mono_us now);
void pcep_pce_lost(struct pcep_pce *pce, unsigned peer, const char *why, struct mono_us now);
/* We end it: its last words are in the output, then it has ended. */
void pcep_pce_end(struct pcep_pce *pce, unsigned peer, const char *why);
/* The peer that has a session from there, or -1. */
int pcep_pce_connected(const struct pcep_pce *pce, struct ip remote);
struct cursor pcep_pce_output(const struct pcep_pce *pce, unsigned peer);
void pcep_pce_output_done(struct pcep_pce *pce, unsigned peer, size_t octets, struct mono_us now);
/* Has it ended, so that its connection is to be closed once the output is gone? pcep_pce_lost
 * follows. */
bool pcep_pce_ended(const struct pcep_pce *pce, unsigned peer);
unsigned pcep_pce_peers(const struct pcep_pce *pce);

struct mono_us pcep_pce_deadline(const struct pcep_pce *pce);
void pcep_pce_tick(struct pcep_pce *pce, struct mono_us now);

/* --- wishes --- */

enum pcep_source { PCEP_BY_NOBODY, PCEP_BY_PLAN, PCEP_BY_OPERATOR, PCEP_BY_STEERING };

enum pcep_result {
	PCEP_DONE,
	PCEP_AS_IT_WAS,
	PCEP_NO_ROUTER, /* no such router, or it speaks no PCEP */
	PCEP_NO_LSP,    /* no such path */
	PCEP_NOT_UP,    /* the session is down, or paths are still being told */
	PCEP_NOT_DELEGATED,
	PCEP_CANNOT, /* the router does not take what is asked of it */
	PCEP_NO_WAY, /* nothing to be worked out */
	PCEP_TAKEN,  /* a path of that name is there */
	PCEP_NO_MEMORY,
};

/* The router should lead this path so. It is told now, if it has delegated it; and again when it
 * comes back. */
enum pcep_result pcep_pce_wish(struct pcep_pce *pce, const char *router, const char *lsp,
			       const struct pcep_route *route, enum pcep_source source,
			       struct mono_us now);
/* The path is to follow the plan. */
enum pcep_result pcep_pce_follow(struct pcep_pce *pce, const char *router, const char *lsp,
				 struct mono_us now);

struct pcep_creation {
	const char *router, *name;
	uint32_t color, preference;
	struct ip to;
	const struct pcep_route *route; /* NULL: as the plan has it, from then on too */
	enum pcep_source source;
};
/* Makes a path at the router (RFC 8281); wished for as long as the process lives, or until it is
 * removed. */
enum pcep_result pcep_pce_initiate(struct pcep_pce *pce, const struct pcep_creation *creation,
				   struct mono_us now);
/* A path of that name that was made so by a process before this one, and leads to the same end, is ours from now on, as
 * if this one had made it; what is wished of it stays as it is. PCEP_DONE: it is, or was; PCEP_TAKEN: it is somebody
 * else's. */
enum pcep_result pcep_pce_claim(struct pcep_pce *pce, const struct pcep_creation *creation);
/* Removes one that was made so. */
enum pcep_result pcep_pce_remove(struct pcep_pce *pce, const char *router, const char *name,
				 struct mono_us now);

/* --- looking --- */

struct pcep_peer_view {
	const char *name; /* the router */
	struct ip address;
	bool connected, synced, overloaded;
	enum pcep_state state;                 /* while connected */
	struct mono_us since;                  /* of the state; 0: never there */
	const char *why;                       /* the last session ended; "" */
	const struct pcep_open *ours, *theirs; /* while up, else NULL */
	const struct pcep_counters *counters;  /* while connected, else NULL */
	uint32_t lsps;
	bool stale; /* it is gone, and its paths are kept for a while */
};
bool pcep_pce_peer(const struct pcep_pce *pce, unsigned peer, struct pcep_peer_view *out);

struct pcep_lsp_view {
	const char *router, *name;
	uint32_t plsp_id;
	struct ip from, to;
	bool there; /* it has been reported; else it is only wished */
	bool delegated, admin, stale;
	bool ours;    /* wished to be made by us */
	bool created; /* it was made by a hub, this process or one before */
	bool gone;    /* to be removed; waits for the report of it */
	uint8_t oper; /* enum pcep_oper */
	uint8_t setup_type;
	const struct pcep_policy *policy;
	const struct pcep_route *route; /* as reported; valid until the next call */
	enum pcep_source source;
	const struct pcep_route *wish; /* NULL: none; likewise */
	struct pcep_fault fault; /* the router's complaint about the last order; type 0: none */
	bool ordered;            /* and not answered yet */
};
/* The next path after *at, which begins as 0, in order of routers. False at the end. */
bool pcep_pce_lsp(struct pcep_pce *pce, uint64_t *at, struct pcep_lsp_view *out);
