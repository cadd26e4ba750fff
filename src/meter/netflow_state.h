/* What the files netflow*.c share: one exporter's domains, samplers and held sets, and what one
 * record says. For them alone. */
#pragma once

#include <assert.h>

#include "meter/netflow.h"
#include "meter/numbering.h"
#include "meter/sequence.h"
#include "meter/sequence_guard.h"

/* Numbers of sets (RFC 3954 section 5.2, RFC 7011 section 3.3.2). */
enum {
	V9_TEMPLATES = 0,
	V9_OPTIONS = 1,
	IPFIX_TEMPLATES = 2,
	IPFIX_OPTIONS = 3,
	FIRST_DATA_SET = 256,
};

/* For whom an announced sampling rate holds. */
enum sampler_kind { SAMPLER_ALL, SAMPLER_NUMBER, SAMPLER_INTERFACE };

struct sampler {
	enum sampler_kind kind;
	uint64_t id;
	struct sampling sampling;
};

/* What of a domain's numbers is beyond doubt (meter/numbering.h), in units. */
struct netflow_told {
	uint64_t lost, here;
	uint32_t restarts;
};

struct netflow_domain {
	uint16_t version;
	uint32_t id;
	int64_t used_s;
	bool clock_known;           /* the next two are set */
	uint32_t uptime_ms, wall_s; /* the newest, by the exporter's clocks */
	struct numbering numbering;
	struct sequence sequence;                /* of what the numbering says */
	struct sequence rivals[NUMBERING_RULES]; /* the same by rules that may take its place */
	bool own_known;                          /* the next is set */
	uint32_t own_next; /* the number of its next message, if it numbers its own records */
	int64_t empty;     /* number of the newest message without records; -1: none */
	uint64_t here;     /* units lost that our socket dropped */
	struct netflow_told told;
	uint64_t messages;
	uint64_t records;
	struct domain_sums reported;
	struct sequence_guard guard;
	uint64_t flows, flow_datagrams; /* for the mean, where messages are numbered */
	unsigned sampler_kinds;         /* set of 1 << enum sampler_kind */
	bool one_rate;                  /* all samplers say the same */
	size_t sampler_count;
	struct sampler samplers[NETFLOW_SAMPLERS_MAX];
};

/* A data set that waits for its template, or for the end of its message; its octets stand in state->held_octets, one after the
 * other in the order of `held`. */
struct held {
	uint64_t key;
	int64_t since_s;
	uint64_t message; /* which of the domain's messages it came in */
	uint32_t length;
};

/* Whether all domains are numbered together, as no standard has it: RFC 7011 section 3.1 has each number
 * its own records. Where the message before was another domain's the two can be told apart. */
struct netflow_together {
	struct netflow_domain *space; /* that has the numbers of all; NULL: each has its own */
	bool known;                   /* the next two are set */
	uint32_t last, next; /* the domain of the last message; what number is next by it */
	uint8_t score;       /* messages in a row that only the other rule explains */
};

struct netflow_state {
	struct templates *templates;
	struct netflow_together together;
	struct sequence_drops *drops; /* not owned; NULL: nobody counts them */
	struct netflow_domain *domains[NETFLOW_DOMAINS_MAX];
	size_t domain_count;
	struct netflow_totals past; /* of domains that made room for others */
	struct held held[NETFLOW_HELD_SETS];
	size_t held_count, held_length;
	uint64_t dropped_sets;
	bool release;         /* what something waits for came, or will by the message's end */
	uint8_t *held_octets; /* NETFLOW_HELD_OCTETS, asked for when first needed */
};

/* What a record says: numbers by what they mean, and which of them it has. The others are not set. */
struct record {
	uint64_t has; /* set of 1 << enum field */
	uint64_t number[FIELD_COUNT];
	struct mac source_out, destination_out;
	struct cursor frame, packet, name, text;
};
static_assert(FIELD_COUNT <= 64, "a bit each");

static inline bool
record_has(const struct record *r, enum field field)
{
	return r->has >> field & 1;
}

/* --- netflow_domain.c --- */

/* The domain of a message, made when it is new; NULL when there are too many. The one in use moves
 * towards the front, so that the search is short. */
struct netflow_domain *netflow_domain_of(struct netflow_state *state, uint16_t version, uint32_t id,
					 int64_t now_s);
/* A message's header, as far as its order is concerned. */
struct netflow_order {
	struct cursor message; /* all of it */
	uint32_t wall_s, uptime_ms;
	bool has_uptime;
};
/* Whether the message in hand is to be counted: false when it has come before. Takes its clocks. */
bool netflow_order_take(struct netflow_reader *r, struct netflow_order order);
/* The domain whose sequence has the numbers of the domain in hand: itself, as a rule. */
struct netflow_domain *netflow_space(const struct netflow_reader *r);
/* Records came of those that are missing by the numbers: what was held until its template came. */
void netflow_sequence_fill(struct netflow_reader *r, uint32_t count, bool options);
/* Takes the sequence number of the message in hand, with what was in it. */
void netflow_sequence_take(struct netflow_reader *r);

/* --- netflow_sampling.c --- */

/* The rate that a record's words on sampling come to: false if it has none; population 0 if what
 * they say makes no sense. */
bool netflow_rate(struct sampling *out, const struct record *r);
/* Takes an options record that may announce a rate. */
void netflow_sampler_learn(struct netflow_reader *r, const struct record *options);
/* The samplers of a domain have changed. */
void netflow_samplers_settle(struct netflow_domain *d);
/* The rate announced for a flow: by its sampler's number, its interface, or for all; else, if all
 * samplers of the domain say the same, that. Two that differ: not known. */
struct sampling netflow_announced(const struct netflow_domain *d, const struct record *r,
				  uint32_t input);

/* --- netflow_record.c --- */

/* Reads one record; the cursor fails if it is cut off. */
void netflow_record_take(struct record *r, struct flow *flow, const struct template *t,
			 struct cursor *c);
/* Makes the flow of what the record says. Of what it says twice the better: octets of the frame
 * before those of the packet, sums of this record before sums since the flow began, what came in
 * before what went out. False: it is not to be counted, as its sums since the flow began will come
 * again in a later record. */
bool netflow_record_settle(struct flow *f, const struct record *r, const struct netflow_domain *d);
/* The way back of the flow, where the record sums up both. False: it does not. */
bool netflow_record_reverse(struct flow *out, const struct flow *forth, const struct record *r);

/* --- netflow_set.c --- */

/* A set of templates (RFC 7011 section 3.4.1, RFC 3954 section 5.2), or of options templates
 * (3.4.2, 6.1). What cannot be read is counted in r->refused. */
void netflow_templates_take(struct netflow_reader *r, struct cursor set);
void netflow_options_templates_take(struct netflow_reader *r, struct cursor set);

/* --- netflow_held.c --- */

/* Whether a data set waits for the template of that key. */
bool netflow_is_held(const struct netflow_state *state, uint64_t key);
/* Copies a data set whose template is not known yet; without room it is dropped, and counted. */
void netflow_hold(struct netflow_reader *r, uint64_t key, struct cursor set);
/* Puts off a data set to the end of its message, where no rate of its domain is known and options that
 * may announce one stand behind it. False: it is to be read now. */
bool netflow_defer(struct netflow_reader *r, uint64_t key, struct cursor set);
/* The next held set whose template has come, as the set in hand. Its octets are read where they
 * stand, so it leaves the list only when it is done (netflow_held_close). */
bool netflow_held_open(struct netflow_reader *r);
void netflow_held_close(struct netflow_reader *r);

/* --- netflow5.c --- */

/* The message at the start of `rest`; what follows it in the datagram is left there. */
enum flow_refusal netflow5_open(struct netflow_reader *r);
/* The next of its records. False: there is none left. */
bool netflow5_next(struct netflow_reader *r, struct flow *out);
