/* NetFlow version 5 and 9 (RFC 3954) and IPFIX (RFC 7011): a datagram as an iterator over its flow
 * records. Templates, sampling options, sequence numbers and data that came before its template are
 * kept by exporter in struct netflow_state; all of it is bounded. Pure.
 *
 *	struct netflow_reader r;
 *	enum flow_refusal why = netflow_open(&r, state, datagram, now);
 *	while (why == FLOW_ACCEPTED && netflow_next(&r, &flow)) ...
 *	netflow_done(&r);
 *
 * Data whose template is not known is held (NETFLOW_HELD_SETS sets, NETFLOW_HELD_OCTETS octets,
 * NETFLOW_HELD_S seconds) and given when the template has come; it is never guessed at. */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "meter/exporter_domain.h"
#include "meter/exporter_rate.h"
#include "meter/flow.h"
#include "meter/sequence_drops.h"
#include "meter/template.h"

enum {
	NETFLOW_HELD_SETS = 64,
	NETFLOW_HELD_OCTETS = 65536,
	NETFLOW_HELD_S = 60,
	NETFLOW_DOMAINS_MAX = 256,
	NETFLOW_DOMAIN_IDLE_S = 1800,
	NETFLOW_SAMPLERS_MAX = 64, /* a domain */
};

/* What one exporter has told so far. */
struct netflow_state;

/* `drops`: of our socket; not owned, may be NULL. NULL without memory. */
struct netflow_state *netflow_state_new(struct sequence_drops *drops);
void netflow_state_free(struct netflow_state *state);

/* What is to outlive a restart: domains, samplers, templates. Appends; see meter/exporter_state.h. */
void netflow_state_encode(const struct netflow_state *state, struct buf *out);
/* NULL and the cursor failed, when it says what cannot be; NULL without memory. */
struct netflow_state *netflow_state_decode(struct sequence_drops *drops, struct cursor *in,
					   struct utc_s now);

/* Sums over all domains of an exporter. */
struct netflow_totals {
	uint64_t records;        /* data records, those of options too */
	uint64_t lost_records;   /* where datagrams are numbered: estimated by the mean */
	uint64_t lost_datagrams; /* only where they are, as in version 9 */
	uint64_t restarts, repeated;
	uint64_t dropped_sets; /* held too long, or too many */
	size_t domains, templates, held_sets;
};
struct netflow_totals netflow_totals(const struct netflow_state *state);
/* A row for each domain, up to `max`; returns how many there are. */
size_t netflow_domains(const struct netflow_state *state, struct exporter_domain *out, size_t max);
/* What they say is reported. */
void netflow_domains_taken(struct netflow_state *state);
/* A row for each rate that was announced, up to `max`; returns how many there are. */
size_t netflow_rates(const struct netflow_state *state, struct exporter_rate *out, size_t max);

/* Octets of memory held, and at most. */
size_t netflow_state_size(const struct netflow_state *state);
size_t netflow_state_bound(void);

struct netflow_domain;

struct netflow_reader {
	struct netflow_state *state;
	struct cursor rest;        /* of the datagram, behind the message in hand */
	struct cursor message;     /* what is left of the datagram's sets */
	struct cursor set;         /* what is left of the set in hand */
	uint32_t set_records;      /* read from it */
	struct template *template; /* of the set in hand; NULL: none */
	struct netflow_domain *domain;
	int64_t now_s;
	uint16_t version;
	uint32_t sequence;
	uint32_t records; /* data records of the datagram so far, for the sequence */
	uint32_t flows;   /* flow records among them */
	bool sequence_taken;
	bool uncounted;   /* some records of the datagram could not be counted */
	int64_t newer_ms; /* than the newest message before, by the exporter's clock */
	bool releasing;   /* the set in hand is one that was held */
	bool late;        /* and it came in a message before this one */
	size_t released;  /* which */
	/* Where the last sets of options and of templates begin in the message that ends at `seen`; NULL:
	 * none. */
	const uint8_t *seen, *last_options, *last_templates;
	bool has_reverse; /* the record given last sums up the way back, too */
	struct flow reverse;
	/* Who wants to know of names of interfaces that options tell; NULL: nobody. Names are valid during the
	 * call, and may be padded with zeros. */
	void (*named)(void *context, uint32_t if_index, struct cursor name);
	void *named_context;
	uint32_t v5_left;
	struct sampling v5_sampling;
	uint64_t refused[FLOW_REFUSALS]; /* parts of this datagram, by cause */
};

/* Begins a datagram of version 5, 9 or 10, whose octets stay the caller's and valid until
 * netflow_done. FLOW_ACCEPTED, or why nothing of it can be used: then netflow_done is not needed. */
enum flow_refusal netflow_open(struct netflow_reader *out, struct netflow_state *state,
			       struct cursor datagram, struct utc_s now);
/* The next flow. False: there is none left. */
bool netflow_next(struct netflow_reader *reader, struct flow *out);
/* Reads of a flow's record what it says of the transport, if that was left out; before the next
 * netflow_next. */
void netflow_transport(struct flow *flow);
/* Ends a datagram that was opened: takes its sequence number. */
void netflow_done(struct netflow_reader *reader);
