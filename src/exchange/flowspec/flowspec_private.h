/* The inside of the table of rules. */
#pragma once

#include <assert.h>

#include "exchange/flowspec/flowspec_table.h"

enum { FLOWSPEC_V4, FLOWSPEC_V6, FLOWSPEC_FAMILIES };

/* Attributes of the rules of one UPDATE. */
struct held_attrs {
	uint32_t references;
	struct bgp_attrs attrs; /* pointing behind this struct */
	struct flowspec_actions actions;
	uint8_t octets[];
};

/* What one session says of a rule. */
struct held_path {
	struct held_path *next;
	struct held_attrs *attrs;
	uint32_t slot, since_s;
	bool refused;
	bool stale;         /* not said again yet: RFC 7313 */
	uint8_t preference; /* 1: last resort */
	uint32_t reasons;
	uint64_t policy_reasons;
	uint8_t *edits; /* by slot, in the policy's terms; NULL: 0 for all */
	uint64_t form;  /* policy_flow_verdict.form */
	/* Sets of slots: who is to have it where nothing goes before it; who has it as it is now. */
	uint64_t *receivers, *told;
};

/* A rule that somebody says, or that somebody was told and has not heard the end of. */
struct held_rule {
	struct flowspec_rule rule; /* pointing behind this struct */
	struct flowspec_facts facts;
	struct held_path *paths; /* in order of preference, accepted ones first */
	uint32_t next;           /* in its bucket: number + 1 */
	uint64_t *holds;         /* who has some path of it */
	uint64_t *due;           /* whom something is to be said of it, perhaps */
	uint8_t octets[];
};

/* What is asked at every turn stands together in front. */
struct flow_session {
	bool end_of_rib[FLOWSPEC_FAMILIES]; /* is to be said when nothing is due */
	/* A refresh: its beginning is to be said first, its end when nothing is due. */
	bool refresh_begins[FLOWSPEC_FAMILIES], refresh_ends[FLOWSPEC_FAMILIES];
	bool open[FLOWSPEC_FAMILIES];
	bool lost[FLOWSPEC_FAMILIES];
	bool left_out[FLOWSPEC_FAMILIES]; /* and not asked for since */
	bool rest_counts;                 /* `rest` is of an UPDATE */
	uint32_t due;                     /* rules with its bit */
	size_t rest;                      /* of the message half sent */
	struct buf out;                   /* whole messages, but for that one */
	uint32_t rules;                   /* that it says */
	uint32_t scan;                    /* where to look for the next that is due */
	uint64_t messages;
	struct flowspec_peer peer;
	struct flowspec_totals totals; /* what is counted as it happens */
};

struct flowspec_table {
	struct flowspec_hooks hooks;
	struct policy *policy;
	struct flow_session *sessions;
	unsigned slots;
	size_t words;
	struct held_rule **rules; /* by number; NULL: free */
	uint32_t *order;     /* numbers of those in use, in the order in which they are applied */
	uint32_t rule_count; /* numbers given out */
	uint32_t rule_capacity;
	uint32_t taken; /* numbers below are in use */
	uint32_t used;  /* rules */
	uint32_t paths;
	uint32_t removed;  /* rules that nobody says any more */
	uint32_t *buckets; /* number + 1 of the first rule */
	uint32_t bucket_mask;
	uint32_t rejudged;           /* up to this number; rule_count: all are */
	enum flowspec_change change; /* of the judging that goes on */
	size_t memory;
	struct buf scratch, attrs; /* of the message being made */
};

static inline unsigned
flow_family(enum ip_family family)
{
	return family == IP_V6 ? FLOWSPEC_V6 : FLOWSPEC_V4;
}

static inline bool
set_has(const uint64_t *set, unsigned slot)
{
	return set[slot / 64] >> slot % 64 & 1;
}

static inline void
set_put(uint64_t *set, unsigned slot, bool on)
{
	uint64_t bit = (uint64_t)1 << slot % 64;
	set[slot / 64] = on ? set[slot / 64] | bit : set[slot / 64] & ~bit;
}

/* --- flowspec_judge.c --- */
/* Judges a path. Whoever has it as it was, and is to have it otherwise, no longer counts as told. 0, or -1 if there is no
 * memory; then nothing changed. */
int flowspec_judge(struct flowspec_table *t, const struct held_rule *rule, struct held_path *path);

/* --- flowspec_table.c --- */
/* The slot has some path of the rule, or none. */
void flowspec_hold(struct flowspec_table *t, struct held_rule *rule, unsigned slot, bool on);
/* Something may have to be said to the slot about the rule, or no longer. */
void flowspec_owe(struct flowspec_table *t, struct held_rule *rule, unsigned slot, bool on);
/* Something of the rule changed: those who have it, and those who may, are looked at again when they can be told. */
void flowspec_owe_all(struct flowspec_table *t, struct held_rule *rule);
/* Do they say the same, next hops aside? */
bool flowspec_same_attrs(const struct bgp_attrs *a, const struct bgp_attrs *b);
/* The place of the first rule in t->order that does not go before this one. */
uint32_t flowspec_place(const struct flowspec_table *t, const struct flowspec_rule *rule);
/* The path that the slot announces, or NULL. */
struct held_path *flowspec_path_of(const struct held_rule *rule, unsigned slot);
/* Puts a path at its place among the others, and takes it out. */
void flowspec_link_path(struct flowspec_table *t, struct held_rule *rule, struct held_path *path);
void flowspec_unlink_path(struct flowspec_table *t, struct held_rule *rule, struct held_path *path);
/* Withdraws it; the rule may be forgotten. */
void flowspec_remove_path(struct flowspec_table *t, uint32_t number, struct held_path *path);
/* The path that the slot is to have; NULL: none. */
struct held_path *flowspec_choose(const struct flowspec_table *t, const struct held_rule *rule,
				  unsigned slot);
/* Forgets a rule that nobody says and nobody has. */
void flowspec_forget_if_over(struct flowspec_table *t, uint32_t number);
