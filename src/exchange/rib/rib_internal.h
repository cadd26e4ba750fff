/* What the files of the rib share. Not for other rooms.
 *
 *   bucket -> prefix -> prefix -> 0        by hash of the key
 *                |
 *              paths -> path -> path -> END | prefix      in order of preference
 *                       | |      | |
 *                       | mark   | mark                   what is decided about the path
 *                      attrs    attrs -> paths that use it, a list both ways
 *                        |
 *                      verdict                            what is decided about the attributes
 *
 *   changes:  [ prefix | prefix | stale | prefix | ... ]   a prefix's place is its last one      */
#pragma once

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "exchange/rib/rib.h"
#include "exchange/rib/rib_attrs.h"
#include "exchange/rib/rib_intern.h"
#include "exchange/rib/rib_log.h"
#include "exchange/rib/rib_memory.h"
#include "exchange/rib/rib_set.h"
#include "exchange/rib/rib_told.h"

enum {
	RIB_END = 0x80000000u,     /* in rib_path.next: not a path but the prefix it belongs to */
	RIB_NO_PLACE = UINT32_MAX, /* never in the list of changes */
	RIB_UNUSED = 255,          /* rib_prefix.length of a record on the free list */
	RIB_DIRTY = 1,             /* rib_prefix.flags: changed in this turn */
	/* rib_path.mark */
	RIB_MARK_BITS = 0x3fff, /* the number of the mark */
	RIB_MARK_NO_ROOM = 1,   /* of a path whose own mark there was no number for */
	RIB_REFUSED = 0x8000,   /* by the attributes' verdict or the mark */
	RIB_ROUND_BIT = 0x4000, /* stale where it differs from that of the session */
	RIB_NO_MARK = UINT32_MAX,
	RIB_TOLD = 0x80000000u, /* rib_form.told: the path's mark is told, even if it is 0 */
};

/* What not every session can take. */
enum rib_ability {
	RIB_ABLE_NEXT_HOP,
	RIB_ABLE_LONG,
	RIB_ABLE_LATE,
	RIB_ABLE_IDS,   /* what has no room for path identifiers (RFC 7911) */
	RIB_ABLE_AS4,   /* what has no room for AS4_PATH (RFC 6793) */
	RIB_ABLE_NEVER, /* nobody */
	RIB_ABILITIES
};

/* How near to what a message can hold. */
enum rib_tight {
	RIB_TIGHT_MARKED = 1,   /* with what a mark adds it may be more than 4096 octets, */
	RIB_TIGHT_EXTENDED = 2, /* or more than 65535 */
	RIB_TIGHT_LONGER = 4,   /* with a prefix that is longer than usual */
};

/* The decisions, as they are interned: without padding. Variants are a list of cells; 0 ends it. */
struct rib_cell {
	alignas(8) uint32_t edit;
	uint32_t set, next, unused;
};
struct rib_kept_verdict {
	uint64_t reasons;
	uint32_t receivers;
	uint32_t variants;
	uint8_t refused, plain, preference, facts;
	uint8_t adds_otc, tight, unused[2];
	uint32_t needs; /* what a session must be able to: bits, by enum rib_ability */
	uint32_t large; /* the set of those who must be able to take long messages for it */
	uint32_t local_pref, unused_too;
	uint64_t form, telling;
};
static_assert(sizeof(struct rib_kept_verdict) == 56, "no padding");
struct rib_kept_mark {
	uint64_t reasons;
	uint32_t except;
	uint32_t variants;
	uint8_t refused, rpki, told;
	uint8_t late;                   /* the path is stale for long (RFC 9494) */
	uint8_t long_prefix, unused[3]; /* RIB_TIGHT_LONGER holds for its prefix */
};
static_assert(sizeof(struct rib_kept_mark) == 24, "no padding");

/* What a session reads about a path: the same form is the same octets. */
struct rib_form {
	uint32_t attrs; /* RIB_ATTRS_NONE: a withdrawal */
	uint32_t edit;
	uint32_t told; /* the number of a mark and RIB_TOLD; 0: nothing beyond the attributes */
};

/* 20 octets for IPv4, 32 for IPv6; a full table has a million. */
struct rib_prefix {
	uint32_t hash_next; /* also links free records */
	uint32_t place;     /* in the list of changes */
	uint32_t paths;     /* 0: none */
	uint8_t length;
	uint8_t flags;
	uint16_t unused;
	uint8_t key[]; /* 4 or 16 octets, network order */
};
static_assert(sizeof(struct rib_prefix) == 16, "a million of them");

struct rib_path {
	uint32_t next;
	uint32_t attrs;
	uint32_t attrs_next, attrs_previous;
	uint32_t since_s;
	uint16_t slot;
	uint16_t mark; /* and RIB_REFUSED */
};
static_assert(sizeof(struct rib_path) == 24, "a million of them");

/* An accepted path as it stood before the turn. */
struct rib_offer {
	uint32_t attrs, verdict, mark;
};

/* A form, and those of the sessions in front that hold it. */
struct rib_part {
	struct rib_form form;
	uint32_t verdict;
	uint32_t holders;
};
struct rib_parts {
	struct rib_part *items;
	size_t count, capacity;
};

/* How holders are split by a list of variants, remembered: who has which edit. Sets are swept now and then, and
 * then all of it is forgotten. */
enum { RIB_SPLITS = 4096, RIB_SHARES_MAX = 64 * 1024 };
struct rib_split_part {
	uint32_t edit, set;
};
struct rib_split {
	uint32_t list; /* 0: nothing */
	uint32_t holders;
	size_t first, count; /* in shares */
};
struct rib_splits {
	struct rib_split table[RIB_SPLITS];
	struct rib_split_part *shares;
	size_t count, capacity;
};

enum {
	RIB_TURN_WORK = 500000, /* things told to sessions in a turn, about: 10 to 20 ms */
	RIB_WORK_OF_PART = 4,   /* to find out what one is, beside telling it of one prefix more; */
	RIB_WORK_OF_MESSAGE = 40, /* and to begin a message for it */
};

struct rib_dirty {
	uint32_t prefix;
	uint32_t first, count;       /* in rib.offers */
	struct rib_steered *steered; /* that it went by then */
};

struct rib_removed {
	uint32_t prefix, place;
};

/* A place in the paths of a session, by attribute set, that stays sound while they change. */
struct rib_cursor {
	uint32_t attrs; /* 0: before the first set, or the round is over */
	uint32_t path;  /* the next one; RIB_WHOLE: nothing of the set is done */
	bool on;
};
enum { RIB_WHOLE = UINT32_MAX };

/* Rounds of judging anew, over all sessions one after the other. */
enum rib_round_kind {
	RIB_ROUND_ALL,
	RIB_ROUND_PATHS,
	RIB_ROUND_WITH,
	RIB_ROUND_SESSIONS,
	RIB_ROUNDS
};
struct rib_round {
	struct rib_cursor at;
	uint32_t twin; /* of the set where it stands: its paths move there; or 0 */
	unsigned slot;
	bool again; /* all of it was wanted again meanwhile */
	bool marks; /* those of its paths are asked for, too */
};
struct rib_rejudging {
	struct rib_round rounds[RIB_ROUNDS];
	struct asn *asns; /* of RIB_ROUND_WITH, sorted */
	size_t asn_count, asn_capacity;
	struct rib_touched
		*few; /* prefixes with few possible ones inside: looked up, from the last */
	size_t few_count, few_capacity;
	struct rib_touched *many; /* others: the table is gone through */
	size_t many_count, many_capacity;
	uint32_t many_at;
	uint32_t *paths; /* of the prefix being judged */
	size_t path_capacity;
};

enum rib_chore { RIB_CHORE_NONE, RIB_CHORE_SWEEP, RIB_CHORE_AGE };

enum rib_out_mode { RIB_OUT_CLOSED, RIB_OUT_BEHIND, RIB_OUT_FRONT };

struct rib_session {
	/* coming in */
	struct rib_peer peer;
	uint32_t attrs; /* head of its list of sets */
	uint32_t accepted, refused;
	uint32_t stale; /* of both */
	struct rib_duplicates duplicates;
	uint16_t round;                /* RIB_ROUND_BIT of paths that are not stale, or 0 */
	bool draining;                 /* closed, and has paths left */
	bool rejudge;                  /* its paths are to be judged anew: RIB_ROUND_SESSIONS */
	bool rejudge_whole, whole_now; /* and its attribute sets; where the round stands */
	enum rib_chore chore;          /* that is done in slices */
	struct rib_cursor chore_at;
	/* going out */
	enum rib_out_mode mode;
	bool end_of_rib_due;
	bool refresh_begins, refresh_ends; /* BoRR and EoRR are due (RFC 7313) */
	bool refresh_waits;                /* for End-of-RIB: RFC 7313 section 4 */
	struct rib_log_position position;  /* in front */
	struct rib_log_position reach;     /* where the pieces last given end */
	size_t given;                      /* octets of the pieces last given */
	uint32_t given_messages;           /* that end in the log's part of them */
	uint32_t held_messages;            /* in `held` */
	uint64_t messages;                 /* sent, ever */
	uint32_t place;       /* behind: the next place in the list of changes to read */
	uint32_t fresh;       /* nothing was ever sent for prefixes whose place lies before this */
	bool collector;       /* is sent refused routes */
	struct rib_told told; /* of a collector, or one that is sent several paths of a prefix */
	struct buf held;      /* encoded for this session alone, not sent yet */
	size_t held_sent;
	size_t held_rest; /* octets at its beginning that end a message begun in the log */
};

struct rib {
	enum ip_family family;
	unsigned key_length; /* 4 or 16 */
	struct rib_hooks hooks;

	struct rib_sets *sets;
	struct rib_interned verdicts, marks, cells;
	uint64_t marks_missed; /* ever, for want of numbers */
	uint64_t unsent;       /* groups of routes that fitted no message after all */
	struct rib_attrs_pool attrs;
	struct rib_pool prefixes, paths;
	uint32_t *path_ids; /* by path; NULL until somebody has identifiers */
	size_t path_id_count;
	uint32_t *buckets;
	uint32_t mask;
	uint32_t lengths[129]; /* prefixes of each length that have a path */

	/* The list of changes. */
	uint32_t *places; /* prefix numbers; RIB_NONE where stale */
	size_t place_count, place_capacity;
	size_t stale;

	/* Prefixes without a path that somebody behind may still hold, oldest first. */
	struct rib_removed *removed;
	size_t removed_first, removed_count, removed_capacity;
	uint32_t most_prefixes; /* with paths, ever */

	/* The turn. */
	struct rib_dirty *dirty;
	size_t dirty_count, dirty_capacity;
	struct rib_offer *offers;
	size_t offer_count, offer_capacity;
	struct rib_parts before, after; /* of the prefix that is being told about */
	struct rib_parts told;          /* what that comes to; the verdicts are not looked at */
	uint32_t *alike;                /* prefixes of which the same is to be told */
	size_t alike_count, alike_capacity;
	uint32_t *by_form; /* rib->before, found by form: see rib_parts.c */
	size_t by_form_capacity;
	uint64_t turn_work; /* in things told */
	size_t pace;        /* prefixes that a turn may change of itself */
	struct rib_splits splits;
	uint32_t *idle; /* attribute sets that may have no path any more */
	size_t idle_count, idle_capacity;
	size_t turn_place;   /* place_count when the turn began */
	uint32_t collectors; /* a set */
	unsigned collecting; /* of these, sessions that are up: changes of refused paths count */
	uint32_t *ids;       /* of the prefix that a session is sent several paths of */
	size_t id_capacity;
	unsigned draining; /* sessions */
	unsigned chores;   /* sessions that have one */

	/* What rib_attrs_known looked for last. */
	struct buf asked;
	uint32_t asked_hash;

	struct rib_session *sessions;
	unsigned slots;
	uint32_t front;               /* set of the sessions that read the log */
	uint32_t able[RIB_ABILITIES]; /* sets, of those that are up or were */
	struct rib_log log;
	/* RIB_LOG_BOUND ...; smaller in tests */
	size_t log_bound, stale_min, drain_max;
	size_t at_once; /* paths of a set whose verdict changes for all of them in one go */
	struct rib_builder *builder;
	struct buf spare; /* memory that sessions behind take turns with */
	uint64_t changes;
	struct rib_rejudging rejudging;
	struct rib_watcher watcher;

	/* What prefixes go by, those below steer_at and the others; NULL: the plain order. */
	struct rib_steered *steered, *steered_before;
	uint32_t steer_at;      /* UINT32_MAX: all have been looked at */
	uint32_t steer_moved;   /* so many differ */
	bool steer_whole;       /* all do: cost counts at another place */
	struct rib_steer_pair { /* rows that some session goes by, and went by before */
		uint32_t now, was;
	} * steer_pairs;
	size_t steer_pair_count;
	struct rib_steer_shift *steer_shifts; /* by exit */
	unsigned steer_shift_count;
	struct rib_steer_moves { /* being counted: exits, and for each who held it and who holds it */
		unsigned *exits;
		uint64_t *words;
		size_t exit_count, exit_capacity, word_capacity;
	} steer_moves;

	struct rib_attrs asked_about; /* last: its type has no end of its own */
};

/* Keys of prefixes; of a length that the compiler knows. */
static inline bool
rib_key_equal(const struct rib *rib, const uint8_t *a, const uint8_t *b)
{
	return rib->family == IP_V4 ? memcmp(a, b, 4) == 0 : memcmp(a, b, 16) == 0;
}

static inline void
rib_key_copy(const struct rib *rib, uint8_t *to, const uint8_t *from)
{
	if (rib->family == IP_V4)
		memcpy(to, from, 4);
	else
		memcpy(to, from, 16);
}

static inline struct rib_prefix *
rib_prefix_at(const struct rib *rib, uint32_t number)
{
	return rib_pool_at(&rib->prefixes, number);
}

/* The prefix of that number, or NULL where there is none: for going through all of them. */
static inline struct rib_prefix *
rib_prefix_in_use(const struct rib *rib, uint32_t number)
{
	if (!rib_pool_holds(&rib->prefixes, number))
		return NULL;
	struct rib_prefix *prefix = rib_prefix_at(rib, number);
	return prefix->length == RIB_UNUSED ? NULL : prefix;
}

static inline struct rib_path *
rib_path_at(const struct rib *rib, uint32_t number)
{
	return rib_pool_at(&rib->paths, number);
}

/* As the session gave it, or 0. */
static inline uint32_t
rib_path_id(const struct rib *rib, uint32_t number)
{
	return number < rib->path_id_count ? rib->path_ids[number] : 0;
}

/* The path after this one, or 0. */
static inline uint32_t
rib_path_next(const struct rib_path *path)
{
	return path->next & RIB_END ? 0 : path->next;
}

static inline bool
rib_path_refused(const struct rib_path *path)
{
	return path->mark & RIB_REFUSED;
}

static inline struct rib_attrs *
rib_path_attrs(const struct rib *rib, const struct rib_path *path)
{
	return rib_attrs_at(&rib->attrs, path->attrs);
}

static inline const struct rib_kept_verdict *
rib_verdict_at(const struct rib *rib, uint32_t number)
{
	return rib_interned_at(&rib->verdicts, number);
}

static inline const struct rib_kept_mark *
rib_mark_at(const struct rib *rib, uint32_t mark)
{
	return rib_interned_at(&rib->marks, mark & RIB_MARK_BITS);
}

/* --- rib_turn.c --- */
/* Appends the accepted paths of the prefix, in order, to rib->offers; returns how many. */
size_t rib_keep_offers(struct rib *rib, const struct rib_prefix *prefix);
/* Hands offers out in order of preference to those who wait; `parts` gets who holds what. Returns those who go
 * without. */
uint32_t rib_hand_out(struct rib *rib, const struct rib_dirty *dirty, uint32_t waiting,
		      struct rib_parts *parts);

/* Something begins that goes through the table in turns: the first are short, so that something is told soon. */
void rib_pace_begin(struct rib *rib);

/* --- rib_parts.c --- */
void rib_parts_append(struct rib_parts *parts, struct rib_form form, uint32_t verdict,
		      uint32_t holders);
/* Both parts are the same octets. */
bool rib_parts_same(const struct rib *rib, const struct rib_part *a, const struct rib_part *b);
/* Into rib->told: what is in rib->after for those who had something else, or nothing, in rib->before. */
void rib_parts_differ(struct rib *rib);
void rib_parts_fini(struct rib *rib);

/* --- rib_decided.c --- */
int rib_decided_init(struct rib *rib);
void rib_decided_fini(struct rib *rib);
/* The number of the verdict about this attribute set, or RIB_INTERN_NONE. */
uint32_t rib_verdict_of(struct rib *rib, uint32_t attrs, const struct rib_verdict *verdict);
/* True when paths have RIB_MARK_NO_ROOM and there are numbers again. */
bool rib_marks_have_room(struct rib *rib);
/* The mark as it is for a path of this set and prefix. */
uint32_t rib_mark_for(struct rib *rib, uint32_t mark, uint32_t attrs, const struct prefix *prefix);
/* The same mark for a path that is stale for long, or RIB_NO_MARK. */
uint32_t rib_mark_late(struct rib *rib, uint32_t mark);
/* True when it is time for rib_decided_sweep. */
bool rib_decided_crowded(const struct rib *rib);
/* Frees decisions and sets that nothing names any more. At the end of a turn. */
void rib_decided_sweep(struct rib *rib);
/* Those who may have an accepted path with this verdict and mark. */
uint32_t rib_receivers(struct rib *rib, uint32_t verdict, uint32_t mark);
/* The same for 64 sessions, from slot 64 * word on. */
uint64_t rib_receivers_word(const struct rib *rib, const struct rib_path *path, size_t word);
/* The same for one session. */
bool rib_may_receive(const struct rib *rib, const struct rib_path *path, unsigned slot);
/* True when the session, a collector, is to hear of this refused path. */
bool rib_may_collect(const struct rib *rib, const struct rib_path *path, unsigned slot);
/* As it is sent to the session, it fits its messages. */
bool rib_is_fit(const struct rib *rib, const struct rib_path *path, unsigned slot);
/* How the session is to have the path. A refused one is told with all reasons. */
struct rib_form rib_form_for(const struct rib *rib, const struct rib_path *path, unsigned slot);
/* A hash of all that the octets of the form follow from. */
uint64_t rib_form_digest(const struct rib *rib, const struct rib_form *form);
/* Splits `holders` of a path by the form in which they have it. */
void rib_parts_add(struct rib *rib, struct rib_parts *parts, const struct rib_offer *offer,
		   uint32_t holders);

/* --- rib_steer.c --- */
enum {
	RIB_STEER_MAX = 64
}; /* paths of a prefix that are ordered by cost: what is more stays behind */
void rib_steer_fini(struct rib *rib);
/* There are more slots. */
void rib_steer_widen(struct rib *rib);
/* What the prefix goes by, or NULL. */
struct rib_steered *rib_steer_of(const struct rib *rib, uint32_t prefix);
/* Does the session go by a row? And the set of all that do; others go by the plain order. */
bool rib_steer_is_placed(const struct rib_steered *s, unsigned slot);
uint32_t rib_steer_placed(struct rib *rib, struct rib_steered *s);
/* The path that a session with a row takes, or 0. */
uint32_t rib_steer_first(const struct rib *rib, uint32_t number, unsigned slot);
/* Hands paths of the hub's own AS, which stand in plain order, to sessions that wait and have a row, each by its own; who
 * goes without is returned. */
uint32_t rib_steer_hand_out(struct rib *rib, struct rib_steered *s, const struct rib_offer *offers,
			    size_t count, uint32_t waiting, struct rib_parts *parts);
/* The same paths of a prefix that is steered, those that a session with a row may have, as it is to look at them; returns how
 * many. `spread`: the second shares no risk with the first, if there is one. */
size_t rib_steer_order(const struct rib *rib, uint32_t number, unsigned slot, bool spread,
		       uint32_t order[RIB_STEER_MAX]);
/* How far the exit is for the session: 0 by the plain order; RIB_CLOSED. Whether that counts before the path. */
uint32_t rib_steer_cost(const struct rib_steered *s, unsigned slot, unsigned exit);
bool rib_steer_before_path(const struct rib_steered *s);
/* Counts by rib->before and rib->after which exits routes of so many prefixes went from and to. */
void rib_steer_count_moves(struct rib *rib, size_t prefixes);
/* Sets that were remembered are no more. */
void rib_steer_forget(struct rib *rib);
/* Nobody goes by what was before any more. At the end of a turn. */
void rib_steer_settle(struct rib *rib);

/* --- rib_size.c --- */
/* Finds who can have the set as it is sent to them, by this verdict: `needs`, `tight` and `large`; takes
 * those out of its receivers who cannot have it at all. */
void rib_size_judge(struct rib *rib, uint32_t attrs, struct rib_kept_verdict *verdict);
/* Prefixes that a message with RIB_TIGHT_LONGER has no room for. */
bool rib_size_is_long(const struct prefix *prefix);

/* --- rib_rejudge.c --- */
void rib_rejudge_fini(struct rib *rib);
/* Where there is room again for marks that there was none for, all are asked for again: true. At the end
 * of a turn. */
bool rib_rejudge_missed(struct rib *rib);
/* The path leaves its set, or the set its session: rounds that stand there go on. */
void rib_rejudge_leave_path(struct rib *rib, uint32_t path);
void rib_rejudge_leave_attrs(struct rib *rib, uint32_t attrs);

/* --- rib_table.c --- */
uint32_t rib_prefix_find(const struct rib *rib, const uint8_t *key, unsigned length);
/* Finds or makes. 0 if there is no memory. */
uint32_t rib_prefix_get(struct rib *rib, const uint8_t *key, unsigned length);
void rib_prefix_forget(struct rib *rib, uint32_t number);
struct prefix rib_prefix_value(const struct rib *rib, const struct rib_prefix *prefix);
int rib_table_init(struct rib *rib);
/* Fewer buckets where most are not needed any more. */
void rib_table_shrink(struct rib *rib);

/* --- rib_order.c --- */
/* Puts the path, which is in no list, where preference wants it. */
/* Is the path `b` as good as `a`, down to MED, which counts among paths of one neighbour AS? */
bool rib_order_equal(const struct rib *rib, uint32_t a, uint32_t b);
void rib_order_insert(struct rib *rib, uint32_t prefix, uint32_t path);
void rib_order_remove(struct rib *rib, uint32_t prefix, uint32_t path);

/* --- rib_changes.c --- */
/* Moves the prefix to the end of the list. */
void rib_changes_append(struct rib *rib, uint32_t prefix);
/* Prefixes that never were in the list, because all their paths are refused, come into it. */
void rib_changes_add_refused(struct rib *rib);
/* Notes that the prefix has no path left. */
void rib_changes_removed(struct rib *rib, uint32_t prefix);
/* Forgets removed prefixes that nobody needs, and squeezes stale places out. Between turns. */
void rib_changes_tidy(struct rib *rib);

/* --- rib_update.c: UPDATE messages from (form, receivers, prefix) --- */
struct rib_builder *rib_builder_new(void);
void rib_builder_free(struct rib_builder *builder);
void rib_builder_add(struct rib_builder *builder, struct rib_form form, uint32_t receivers,
		     uint32_t prefix, uint32_t path_id);
size_t rib_builder_count(const struct rib_builder *builder);
/* Encodes everything added, grouped by receivers, into the log, and empties the builder. */
void rib_builder_to_log(struct rib *rib);
/* The same for one session, into `to`. */
void rib_builder_to_buf(struct rib *rib, struct buf *to, const struct rib_peer *peer);

/* --- rib.c --- */
/* Keeps the prefix as it is, once a turn, before anything changes. */
void rib_prefix_touch(struct rib *rib, uint32_t prefix);
/* The prefix that the path belongs to. */
uint32_t rib_path_home(const struct rib *rib, uint32_t path);
/* A path gets other attributes, or another mark (with RIB_REFUSED where it is to be). */
void rib_path_change(struct rib *rib, uint32_t prefix, uint32_t path, uint32_t attrs,
		     uint16_t mark);
/* Another set of the same bytes with this verdict, that the set's paths are to move to: the set itself
 * keeps its verdict, and takes in nothing new. RIB_NONE if there is no memory. */
uint32_t rib_attrs_twin(struct rib *rib, uint32_t number, uint32_t verdict);
/* A path moves to the twin of its set. */
void rib_path_move(struct rib *rib, uint32_t prefix, uint32_t path, uint32_t twin, uint16_t mark);
/* The mark with RIB_REFUSED where attributes or mark say so; bits besides its number are kept. */
uint16_t rib_path_word(const struct rib *rib, uint32_t attrs, uint32_t mark);
void rib_path_remove(struct rib *rib, uint32_t prefix, uint32_t path);
/* Attribute sets stay until the turn ends even without a path, because old offers name them. */
void rib_attrs_free_idle(struct rib *rib);

/* --- rib_stale.c --- */
/* Goes on with the routes of sessions that are closed, are swept, or grow old. */
void rib_chores(struct rib *rib);
/* Before a session opens: what is to go first goes at once. */
void rib_stale_settle(struct rib *rib, unsigned slot, const struct rib_peer *peer);
/* The path leaves its set, or the set its session. */
void rib_stale_leave_path(struct rib *rib, uint32_t path);
void rib_stale_leave_attrs(struct rib *rib, uint32_t attrs);
static inline bool
rib_path_stale(const struct rib *rib, const struct rib_path *path)
{
	return (path->mark ^ rib->sessions[path->slot].round) & RIB_ROUND_BIT;
}

/* --- rib_out.c --- */
/* Sessions that still read the oldest batch of an overfull log go on from the table. */
void rib_out_bound_log(struct rib *rib);
/* Nothing more is for the session. */
void rib_out_close(struct rib *rib, unsigned slot);
