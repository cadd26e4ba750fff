/* The routes of one address family: every path that every session announced, the order in which
 * they are preferred, and what of it each session is to be sent.
 *
 *            rib_announce, rib_withdraw                    rib_out_pieces, rib_out_sent
 *   sessions ------------------------> prefixes, paths                  ^
 *                                          | rib_turn_end               | a position each
 *                                          v                            |
 *                    list of changes ---> log: UPDATEs encoded once, each with its receivers
 *
 * A turn is what happens between two calls of rib_turn_end: any number of announcements and
 * withdrawals. At its end the prefixes that changed are compared with what they were before and the
 * differences are encoded, once for all sessions that read the log ("in front"). A session that is
 * new or fell behind reads the table itself, in order of change, until it has caught up. Between
 * turns therefore every session's position says exactly what it holds:
 *
 *   in front:  after the log's remaining messages, the first path of each prefix that it may have
 *   behind:    the same for all prefixes before its place in the list of changes
 *
 * What is thought of routes is decided elsewhere and kept here, interned: a verdict about each
 * attribute set, and a mark about each path, for what depends on its prefix. They say whether a
 * path is refused, who may have it, and which of them have it edited; an edit is a number that only
 * the hooks understand.
 *
 * Sessions are named by slots, small numbers that the caller gives out. Not thread-safe; one owner.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "base/buf.h"
#include "base/ip.h"
#include "exchange/bgp/bgp_attrs.h"
#include "exchange/rib/rib_set.h"

struct rib;

enum {
	RIB_NONE = 0,                    /* no path, no attribute set */
	RIB_LOG_BOUND = 4 * 1024 * 1024, /* octets of log kept for slow sessions */
	RIB_PATH_IDS_MAX = 64,           /* paths of one prefix that a session may have */
	/* The preference of all paths of the hub's own AS: apart from those of the route server, whose
	 * sessions have none of them. */
	RIB_TRANSIT = 128,
};

/* An empty table for `slots` sessions. NULL if there is no memory. */
struct rib *rib_new(enum ip_family family, unsigned slots);
void rib_free(struct rib *rib);
/* Room for more sessions; nothing else changes. Only between turns. */
void rib_widen(struct rib *rib, unsigned slots);
/* The sets that receivers are made of. */
struct rib_sets *rib_sets_in(struct rib *rib);
enum ip_family rib_family(const struct rib *rib);
/* These sessions (a set of rib_sets_in), from when they open, are sent refused routes and no others:
 * of each prefix the first refused one that is for them, whose edit is told all reasons. */
void rib_collectors(struct rib *rib, uint32_t set);

/* --- sessions --- */

/* The session is up: it may announce, and it is sent everything from now on, ended by End-of-RIB.
 * Router id and address break ties between paths (RFC 4271 section 9.1.2.2 f, g). */
struct rib_peer {
	uint32_t router_id; /* host order */
	struct ip address;
	bool transit;      /* of the hub's own AS, or its neighbour */
	bool internal;     /* of the hub's own AS: preferred after others (section 9.1.2.2 d) */
	bool two_octet_as; /* cannot read 4-octet AS numbers (RFC 6793 section 4.2.2) */
	bool extended_next_hop; /* takes IPv4 routes with an IPv6 next hop (RFC 8950) */
	bool extended_messages; /* takes messages of more than 4096 octets (RFC 8654) */
	bool long_lived;        /* may have routes that are stale for long (RFC 9494) */
	bool enhanced_refresh;  /* is told where a refresh begins and ends (RFC 7313) */
	bool add_path;          /* is sent several paths of a prefix (RFC 7911) ... */
	/* ... all, those as good as the best, or the best; of these two so many more; at most so many,
	 * the preferred ones (0: no limit). */
	enum { RIB_PATHS_ALL, RIB_PATHS_EQUAL, RIB_PATHS_BEST } add_path_paths;
	uint16_t add_path_more, add_path_max;
};
void rib_session_open(struct rib *rib, unsigned slot, const struct rib_peer *peer);
/* The session is down: nothing more is for it, and its routes are withdrawn, some ten thousand in each
 * turn, so that a full table lost does not hold up what others have to say. Of a session that opens again
 * before that is done, as the same neighbour, what comes again until its turn stays. */
void rib_session_close(struct rib *rib, unsigned slot);
/* The session is down and may come back: nothing more is for it, and its routes stay, stale (RFC 4724
 * section 4.2). Those that were stale already go. After this rib_session_open, and rib_session_sweep
 * when it is time; or rib_session_close. */
void rib_session_lost(struct rib *rib, unsigned slot);
/* All routes of the session are stale from now on, until they are announced again (BoRR: RFC 7313). */
void rib_session_stale(struct rib *rib, unsigned slot);
/* What is still stale goes: at End-of-RIB, at EoRR, or when time is out. In slices, like close. */
void rib_session_sweep(struct rib *rib, unsigned slot);
/* What is stale stays for long (RFC 9494 section 4.2): it is preferred last, goes to sessions with
 * `long_lived` only, and the edit is told. Routes with NO_LLGR go. In slices. */
void rib_session_stale_long(struct rib *rib, unsigned slot);
/* Routes that are stale and will go or become fresh. */
uint32_t rib_session_stale_count(const struct rib *rib, unsigned slot);
bool rib_session_is_open(const struct rib *rib, unsigned slot);
/* What the session said since it opened though it had said so already: announcements that changed nothing,
 * withdrawals of what was not there. */
struct rib_duplicates {
	uint32_t announced, withdrawn;
};
struct rib_duplicates rib_session_duplicates(const struct rib *rib, unsigned slot);
/* Accepted and refused paths of the session. */
void rib_session_count(const struct rib *rib, unsigned slot, uint32_t *accepted, uint32_t *refused);
/* Routes that each slot may have, into out[0..slots-1]: one pass over the table. */
void rib_count_exported(struct rib *rib, uint32_t *out, size_t slots);
/* The same for `budget` prefixes from *at, which is 0 to begin with, added to `out`; true when there are more. */
bool rib_count_exported_next(struct rib *rib, uint32_t *at, size_t budget, uint32_t *out,
			     size_t slots);

/* --- what comes in --- */

/* Those of a set get the attributes changed by this edit. Variants are disjoint; who is in none, or
 * in one of edit 0, gets edit 0. */
struct rib_variant {
	uint32_t edit;
	uint32_t set; /* of rib_sets_in */
};

/* What was decided about an attribute set. */
struct rib_verdict {
	uint64_t reasons; /* not refused: the routes are taken, and tagged with them */
	bool refused;
	bool plain;         /* edit 0 leaves the octets as they came, */
	bool adds_otc;      /* but for OTC of the hub (RFC 9234), which it puts in */
	bool crossed;       /* all edits send IPv4 routes with an IPv6 next hop (RFC 8950) */
	uint8_t preference; /* before all else; lower is preferred */
	uint8_t facts;      /* for the hooks */
	/* Of the hub's own AS (preference RIB_TRANSIT): the higher the better. */
	uint32_t local_pref;
	/* Differ when edits make something else of the same attributes than before: of all, and of
	 * those only that are told their mark. */
	uint64_t form, telling;
	uint32_t receivers; /* a set of rib_sets_in; may name sessions that are not up. Of a refused
			       set: the collectors that hear it */
	const struct rib_variant *variants; /* copied */
	size_t variant_count;
};

/* What was decided about a path beyond its attributes. All zero: nothing. */
struct rib_mark {
	uint64_t reasons;
	bool refused;
	bool told;       /* the edit is told reasons, refused and rpki */
	uint8_t rpki;    /* for the hooks */
	uint32_t except; /* a set of rib_sets_in that does not get it */
	const struct rib_variant
		*variants; /* instead of those of the attributes; none: those hold */
	size_t variant_count;
};

/* What an edit is asked for: the attributes of a route as sessions are sent them. */
struct rib_sent {
	unsigned slot;      /* who announced it, */
	uint32_t router_id; /* and its identifier */
	enum ip_family family;
	const struct bgp_attrs *attrs;
	uint64_t reasons; /* of the attributes; of the path as well where its mark is told */
	bool refused;
	bool stale;   /* for long: LLGR_STALE is to be added (RFC 9494 section 4.3) */
	uint8_t rpki; /* of the mark, where that is told */
	uint8_t facts;
	uint32_t edit;
};

/* A route whose marks are asked for. */
struct rib_asked {
	unsigned slot;
	const struct bgp_attrs *attrs;
	uint8_t facts;
	const uint64_t *was; /* reasons of their marks until now; NULL: they are new, and so ... */
	const bool *was_refused; /* ... for these or their attributes */
	bool refused;            /* by the verdict of their attributes, as it is now */
};

/* What the table asks of those who know what routes mean. */
struct rib_hooks {
	/* Fills *verdict, as for rib_attrs_intern; its variants are read at once. */
	void (*attrs)(void *context, struct rib *rib, unsigned slot, const struct bgp_attrs *attrs,
		      struct rib_verdict *verdict);
	/* Fills marks[0..count-1], as rib_mark_of says, for paths of one attribute set. */
	void (*paths)(void *context, struct rib *rib, const struct rib_asked *route,
		      const struct prefix *prefixes, size_t count, uint32_t *marks);
	/* Changes *attrs and *communities, which are those of the route, into what is sent. What
	 * it points them to lies in `scratch`, which is empty. */
	void (*edit)(void *context, const struct rib_sent *sent, struct bgp_attrs *attrs,
		     struct bgp_communities *communities, struct buf *scratch);
	void *context;
	struct asn otc; /* what adds_otc puts in */
	size_t growth;  /* octets that an edit adds to attributes, at most */
};
/* Without hooks every edit leaves things as they are, and nothing is judged anew. */
void rib_set_hooks(struct rib *rib, const struct rib_hooks *hooks);

enum rib_outcome {
	RIB_DONE,
	RIB_SAME,      /* nothing changed */
	RIB_NO_MEMORY, /* nothing was done */
	RIB_TOO_MANY,  /* the same: the session has RIB_PATH_IDS_MAX other paths of the prefix */
};

/* The interned set of the session with these attributes, or RIB_NONE when it is not known yet. */
uint32_t rib_attrs_known(struct rib *rib, unsigned slot, const struct bgp_attrs *attrs);
/* Interns a set that rib_attrs_known, called just before, did not know. One that, as it is sent to some,
 * leaves no room for a prefix in a message of 4096 octets gets POLICY_TOO_LARGE as a further reason: of
 * those only sessions with extended messages can have it, for others it is as good as refused. RIB_NONE if
 * there is no memory, or the attributes are larger than any message. */
uint32_t rib_attrs_intern(struct rib *rib, const struct rib_verdict *verdict);

/* The facts of the set's verdict. */
uint8_t rib_attrs_facts(const struct rib *rib, uint32_t attrs);

/* The number of the mark, good until the turn ends. When there are too many different ones in use (16383)
 * one that refuses the path, with POLICY_NO_ROOM, until there is room again. */
uint32_t rib_mark_of(struct rib *rib, const struct rib_mark *mark);
/* Whose path it is: of a session, and its path identifier (RFC 7911) or 0. */
struct rib_source {
	unsigned slot;
	uint32_t path_id;
};
/* `attrs` is of the same session. */
enum rib_outcome rib_announce(struct rib *rib, struct rib_source source,
			      const struct prefix *prefix, uint32_t attrs, uint32_t mark,
			      uint32_t now_s);
enum rib_outcome rib_withdraw(struct rib *rib, struct rib_source source,
			      const struct prefix *prefix);
/* Is there such a path? With the reasons of its mark, and whether it is refused for these or its attributes. */
bool rib_has(const struct rib *rib, struct rib_source source, const struct prefix *prefix,
	     uint64_t *reasons, bool *refused);
/* Fetches memory for a prefix that will be announced or withdrawn soon; to be called for some prefixes, then for the
 * same ones `again`, when what the first calls asked for is there. Needs no call, and changes nothing. */
void rib_hint(const struct rib *rib, const struct prefix *prefix, bool again);

/* Told of every path that is new, got other attributes or another judgement, or is gone (then
 * rib_paths no longer has it), at once, in the middle of a turn: it may look, no more. */
struct rib_change {
	struct rib_source source;
	uint32_t
		sent_id; /* rib_path_view.sent_id, of another path perhaps as soon as this one is gone */
	bool refused;
};
struct rib_watcher {
	void (*path)(void *context, const struct rib_change *change, const struct prefix *prefix);
	void *context;
};
/* One watcher for each rib; `path` NULL: nobody. */
void rib_watch(struct rib *rib, struct rib_watcher watcher);

/* --- judging anew --- */

/* Another policy: verdicts and marks of all that is there now will be asked for again, and what
 * differs is changed. What is announced from now on must be judged by the new policy. If it was not
 * finished, it is, and begins anew then. */
void rib_rejudge_begin(struct rib *rib);
/* Asks again for the marks of exactly the paths inside these prefixes, as after a change of VRPs. */
struct rib_touched {
	struct prefix prefix;
	uint8_t longest; /* up to this length */
};
void rib_rejudge_covered(struct rib *rib, const struct rib_touched *touched, size_t count);
/* Asks again for the verdicts of attribute sets with one of these in the AS path. */
void rib_rejudge_paths_with(struct rib *rib, const struct asn *asns, size_t count);
/* Asks again for the marks of all paths of one session. */
void rib_rejudge_session(struct rib *rib, unsigned slot);
/* And for the verdicts of all its attribute sets. */
void rib_rejudge_whole(struct rib *rib, unsigned slot);
/* Goes on with what the four above began, for about `budget` paths: part of the turn, like
 * announcements. Returns true when there is more to do. */
bool rib_rejudge_step(struct rib *rib, size_t budget);
/* How many prefixes may change of themselves in this turn, so that it takes some 20 ms at most: fewer the more sessions
 * there are to be told something of their own. Learned from the turns before. */
size_t rib_pace(const struct rib *rib);

/* --- by the place of who hears it --- */

enum { RIB_NO_ROW = UINT32_MAX, RIB_CLOSED = UINT32_MAX };
/* How far exits, sessions of the hub's own AS that announce paths, are from rows, places where others of them
 * are (RFC 9107): of paths that are as good as each other up to there the nearest is taken. */
struct rib_steering {
	unsigned slots, rows;
	const uint32_t *row_of; /* by slot: below rows, or RIB_NO_ROW: goes by the plain order */
	const uint32_t *cost;   /* [row * slots + exit]; RIB_CLOSED: not to be taken */
	const uint8_t
		*backup;  /* likewise: shares no risk with the nearest, and so is told second */
	bool before_path; /* before the AS path, not in place of the cost of the interior */
};
/* Goes by this from now on, which is copied; NULL: by the plain order. Only between turns. What must be told
 * otherwise is told by the steps that follow. 0, or -1 if there is no memory: then it is as before. */
int rib_steer(struct rib *rib, const struct rib_steering *steering);
/* Looks at so many prefixes, or until rib_pace of them move, as part of a turn. True when there are more. */
bool rib_steer_step(struct rib *rib, size_t budget);
/* Prefixes that were looked at anew since the last rib_steer, because some row sees their exits otherwise. */
uint32_t rib_steer_moved(const struct rib *rib);
/* Routes that went to the exit since then, and that went from it, of sessions that are told one path of a prefix: each
 * prefix once a session. */
struct rib_steer_shift {
	uint64_t to, from;
};
struct rib_steer_shift rib_steer_shift_of(const struct rib *rib, unsigned exit);
/* Routes of the hub's own AS that leave by each exit, as rib_steer_shift counts them and whether they moved or
 * not: adds those of `budget` prefixes from *at on, which is 0 to begin with; true when there are more. */
bool rib_steer_count_next(struct rib *rib, uint32_t *at, size_t budget, uint64_t *out,
			  size_t slots);

/* Why a session does not get a path; in the order in which it is asked. */
enum rib_steer_fate {
	RIB_STEER_TAKEN,
	RIB_STEER_ALSO,       /* sent beside it (RFC 7911) */
	RIB_STEER_REFUSED,    /* nobody gets it */
	RIB_STEER_NOT_FOR,    /* policy keeps it from this session */
	RIB_STEER_STALE,      /* stale for long (RFC 9494) */
	RIB_STEER_LOCAL_PREF, /* lower than that of the one that is taken; from here on likewise */
	RIB_STEER_CLOSED,     /* the row has the exit closed */
	RIB_STEER_PATH,       /* a longer AS path */
	RIB_STEER_ORIGIN,
	RIB_STEER_MED,      /* higher than that of another path of the same neighbour */
	RIB_STEER_INTERNAL, /* there is an external one */
	RIB_STEER_COST,
	RIB_STEER_LAST, /* ORIGINATOR_ID, CLUSTER_LIST, address */
};
struct rib_steer_candidate {
	unsigned slot;
	uint32_t sent_id; /* rib_path_view.sent_id */
	enum rib_steer_fate fate;
	uint32_t local_pref, med; /* as they count here; without MED 0 */
	uint16_t hops;
	uint8_t origin;
	uint32_t cost; /* of the exit for the session's row; 0 without one; RIB_CLOSED */
};
/* The paths of the prefix that are the hub's own AS's, as the session looks at them: first those that it may have, in its
 * order, then the others. Writes up to `max` and returns how many. */
size_t rib_steer_candidates(const struct rib *rib, struct prefix prefix, unsigned slot,
			    struct rib_steer_candidate *out, size_t max);

/* --- what goes out --- */

/* Ends the turn: what changed goes into the log. Cheap when nothing did. Returns true when another turn
 * should follow at once, because routes of closed sessions wait to be withdrawn. */
bool rib_turn_end(struct rib *rib);

/* Pieces to be sent to the session, in order: at most `max`. Only between turns. The memory stays
 * as it is until the next call of any function on this rib. Returns their number; 0: nothing to
 * send. For a session behind, this is what reads the table. */
size_t rib_out_pieces(struct rib *rib, unsigned slot, struct iovec *pieces, size_t max);
/* The first `octets` of the pieces just given have been taken. */
void rib_out_sent(struct rib *rib, unsigned slot, size_t octets);
/* True when there may be something to send: cheap, and never false when there is. */
bool rib_out_waiting(const struct rib *rib, unsigned slot);
/* Octets that are still to come of a message begun: 0 where other messages may go between. */
size_t rib_out_rest(const struct rib *rib, unsigned slot);
/* Messages sent to the session whole, since it opened. */
uint64_t rib_out_messages(const struct rib *rib, unsigned slot);
/* Sends everything again (RFC 2918 section 4). */
void rib_out_refresh(struct rib *rib, unsigned slot);
/* Where what is written for all ends; and whether the session has been sent all that stands before an end. */
uint64_t rib_out_end(const struct rib *rib);
bool rib_out_is_past(const struct rib *rib, unsigned slot, uint64_t end);
/* True when the session reads the log; false: it is catching up from the table. */
bool rib_out_in_front(const struct rib *rib, unsigned slot);
/* What the session has still to be sent: octets written for it, or for it and others; and where it reads the table,
 * the prefixes that are left to be looked at. Both at most. Only between turns. */
struct rib_lag {
	uint64_t octets;
	uint32_t prefixes;
};
struct rib_lag rib_out_lag(const struct rib *rib, unsigned slot);
/* The session that keeps most removed prefixes from being forgotten, when these are more than 262144 and
 * twice the largest table there was: it should be closed. Otherwise -1. */
int rib_out_worst(const struct rib *rib);

/* --- looking --- */

struct rib_path_view {
	struct prefix prefix;
	unsigned slot;
	uint32_t path_id; /* as its session gave it; 0: none */
	uint32_t sent_id; /* by which those know it who are sent several paths */
	uint32_t since_s;
	uint64_t reasons; /* of attributes and mark together */
	bool refused;     /* false: it is used, and tagged with the reasons */
	bool stale;       /* its session was lost, or says everything again and not yet this */
	bool stale_long;  /* RFC 9494 */
	bool best;        /* the first of its prefix, and accepted */
	bool tight;       /* not everybody's messages have room for it: rib_path_fits */
	uint8_t rpki;     /* of the mark */
	uint8_t facts;    /* of the verdict */
	struct bgp_attrs attrs; /* cursors are valid until the next change */
};

/* Paths of exactly this prefix, in order of preference, accepted ones first: writes up to `max` and
 * returns how many there are. */
size_t rib_paths(const struct rib *rib, struct prefix prefix, struct rib_path_view *out,
		 size_t max);
/* The longest prefix that covers `inner` (inner itself too) and has a path, accepted when
 * `accepted` is asked for. False if there is none. */
bool rib_covering(const struct rib *rib, struct prefix inner, bool accepted, struct prefix *out);
/* The sessions, up or not, that have a path of the slot as their first, and those that were sent it
 * as one of several, or as refused: into words of 64 slots each (as many as rib_sets_in has). */
void rib_path_hearers(const struct rib *rib, struct prefix prefix, unsigned slot, uint64_t *words);

/* Paths of this prefix that a session which is open is to have, in order of preference, by rib_path_view.sent_id:
 * writes up to `max` and returns how many. More than one where it is sent several. */
size_t rib_path_choice(const struct rib *rib, struct prefix prefix, unsigned slot,
		       uint32_t *sent_ids, size_t max);
/* Of a path just looked at: may the receiver have it; and is it what the receiver is sent, as its first or as one of
 * several? Up or not. */
bool rib_path_is_for(const struct rib *rib, const struct rib_path_view *path, unsigned receiver);
bool rib_path_goes_to(const struct rib *rib, const struct rib_path_view *path, unsigned receiver);

/* True when the path with this rib_path_view.sent_id, as the receiver would have it, fits its messages. */
bool rib_path_fits(const struct rib *rib, struct prefix prefix, uint32_t sent_id,
		   unsigned receiver);
/* Paths of the session (or of all, slot -1) by reason, of bit 0 to 63. One pass over the table. */
void rib_count_reasons(const struct rib *rib, int slot, uint32_t out[64]);

/* How many accepted routes of one session another may have, and how many of them are the first that it
 * may have: what it is sent, unless it is sent all (RFC 7911). */
struct rib_share {
	uint32_t allowed, heard;
};
/* Routes of the session, by receiver; routes for the session, by who announced them. One pass over the
 * table each. */
void rib_count_to(struct rib *rib, unsigned slot, struct rib_share *out, size_t slots);
void rib_count_from(const struct rib *rib, unsigned slot, struct rib_share *out, size_t slots);

/* For each session of the set `wanted` (words of 64 slots, as many as rib_sets_in has) that may not have one of the
 * slot's accepted routes: calls back with the first such route that is met, and takes the session out of the set. One
 * pass over the table, or less. */
void rib_each_kept_from(const struct rib *rib, unsigned slot, uint64_t *wanted,
			void (*visit)(void *context, unsigned receiver,
				      const struct rib_path_view *path),
			void *context);

/* Which paths somebody wants to see. */
struct rib_filter {
	int slot;               /* of this session; -1: of any */
	bool accepted, refused; /* which of the two; both: all */
	uint64_t reasons;       /* with one of these; 0: any */
	uint32_t rpki;          /* with one of these states, a bit each; 0: any */
	struct asn in_path;     /* with this AS in the path; 0: any */
	struct prefix within;   /* inside this prefix; family IP_NONE: anywhere */
	/* NULL, or what else must hold: asked last. */
	bool (*also)(const void *context, const struct rib_path_view *path);
	const void *context;
};
bool rib_filter_likes(const struct rib_filter *filter, const struct rib_path_view *path);
/* Finds the lowest prefixes in order (prefix_compare) after `after` (NULL: from the first) with a path that the filter
 * likes, up to `max`, a stretch of the table at a time: `count` and `at` are 0 to begin with. What changes between
 * two stretches may be seen or not. */
struct rib_search {
	struct prefix *found; /* the caller's */
	size_t count, max;
	uint32_t at;
};
/* Looks at `budget` prefixes more: true when there are others; false at the end, then `found` is in order. */
bool rib_search(const struct rib *rib, const struct rib_filter *filter, const struct prefix *after,
		struct rib_search *s, size_t budget);
/* Calls back for each path of the session (or of all, slot -1), in no order. */
void rib_each_path(const struct rib *rib, int slot,
		   void (*visit)(void *context, const struct rib_path_view *path), void *context);
/* The same for `budget` prefixes from *at, which is 0 to begin with; true when there are more. */
bool rib_each_path_next(const struct rib *rib, int slot, uint32_t *at, size_t budget,
			void (*visit)(void *context, const struct rib_path_view *path),
			void *context);

/* Octets of the log that some session in front has not taken. */
uint64_t rib_backlog(const struct rib *rib);

/* What the best path of a prefix says about it. */
struct rib_best {
	struct prefix prefix;
	unsigned slot;
	struct asn origin_as;  /* 0: none, or an AS_SET */
	struct cursor as_path; /* 4-octet AS numbers; valid until the next change */
};
/* Goes through the prefixes with an accepted path, in no order, a stretch at a time: *at is 0 to begin with;
 * writes up to `max` and returns how many; 0 when the end is reached. What changes between two stretches may
 * be seen or not. */
size_t rib_best_next(const struct rib *rib, uint32_t *at, struct rib_best *out, size_t max);

/* Goes through all prefixes, in no order, with all their paths, in order of preference: *at is 0 to begin
 * with; writes up to `max` paths, whole prefixes only, and returns how many; 0 when the end is reached. Of a
 * prefix with more than `max` paths, the first ones. What changes between two stretches may be seen or not.
 * Cursors are valid until the next change. */
enum { RIB_WALK_MIN = 64 };
size_t rib_walk(const struct rib *rib, uint32_t *at, struct rib_path_view *out, size_t max);

/* What the receiver is sent of a path just looked at: attributes and communities after its edit. What they
 * point to lies in the path or in `scratch`. */
void rib_path_as_sent(const struct rib *rib, const struct rib_path_view *path, unsigned receiver,
		      struct bgp_attrs *attrs, struct bgp_communities *communities,
		      struct buf *scratch);

struct rib_totals {
	uint32_t prefixes; /* with a path, or removed and not forgotten yet */
	uint32_t paths, attribute_sets, receiver_sets;
	uint32_t removed; /* prefixes kept only for sessions that are behind */
	uint64_t log_octets, log_octets_ever, messages_ever;
	uint64_t changes; /* grows with every turn that changed something */
	uint32_t in_front;
	uint64_t unsent;       /* routes that fitted no message, against expectation */
	uint64_t marks_missed; /* times that a path was refused for want of a mark, ever */
	size_t memory;         /* octets, about */
};
void rib_total(const struct rib *rib, struct rib_totals *out);
