/* Is a batch one that the ledger may take in? A sound encoding does not yet make sound numbers. */
#pragma once

#include <stdint.h>

#include "hub/traffic.h"
#include "ledger/ledger_bin.h"
#include "ledger/ledger_pack.h"

/* Static text that says what is wrong with the batch, or NULL if it may be taken in:
 * the length divides a day, the start is a multiple of it and of this era, every port is named once
 * and has less than 2^LEDGER_OCTETS_LOG2 octets and packets of each kind. "no memory" is possible. */
const char *ledger_batch_fault(const struct traffic_batch *batch);

/* What a batch's ports add up to, kept beside it so that the store can be checked. Sums stop
 * at UINT64_MAX. */
struct ledger_check {
	uint64_t counter, flow; /* in + out of all ports */
};
/* Octets, in and out alike. */
void ledger_check_add(struct ledger_check *check, uint64_t counter, uint64_t flow);
struct ledger_check ledger_batch_check(const struct traffic_batch *batch);

/* What the whole hub carried by this batch: its ports' octets as they would be billed, and the
 * worst state among those that were heard. */
struct ledger_bin ledger_batch_worth(const struct traffic_batch *batch);

/* Appends what is kept of a batch besides its tables, in the encoding that it came in: exporters,
 * domains, what was not attributed. */
void ledger_batch_provenance(struct buf *out, const struct traffic_batch *batch);

/* The kinds of packed sums. The numbers are in the store. */
enum ledger_sum_kind { LEDGER_PAIRS = 1, LEDGER_ORIGINS = 2, LEDGER_COUNTRIES = 3 };
enum { LEDGER_SUM_KINDS = 3 };

/* Adds the batch's sums of one kind; `numbers[i]` is the store's number of port i. */
void ledger_batch_sums(struct ledger_sums *out, const struct traffic_batch *batch,
		       enum ledger_sum_kind kind, const uint32_t *numbers);
/* What of a sum of this kind is packed. */
unsigned ledger_sum_flags(enum ledger_sum_kind kind);

/* Puts other numbers of ports into the keys: number n becomes of[n]. They are to be sorted anew. */
void ledger_sums_renumber(struct ledger_sums *sums, enum ledger_sum_kind kind, const uint32_t *of);

/* How long sums are kept a row a bin, and the longer bins that older ones are folded into. Ports
 * are never folded: bills rest on them. */
struct ledger_fold {
	enum ledger_sum_kind kind;
	int64_t fine_s;    /* age after which sums are folded */
	uint32_t folded_s; /* an hour or a day */
};
/* By kind. */
extern const struct ledger_fold ledger_folds[LEDGER_SUM_KINDS];
/* Sums that begin before this may be folded by `now`, or will be before an answer is read that takes an hour. */
struct utc_s ledger_folded_before(enum ledger_sum_kind kind, struct utc_s now);

/* Reading keys back. */
struct ledger_pair_key {
	uint32_t from, to; /* the store's numbers of the ports */
	uint8_t family;    /* enum ip_family */
};
struct ledger_origin_key {
	uint32_t port;
	bool outgoing;
	struct asn asn, next;
	char country[3];
};
struct ledger_country_key {
	char from[3], to[3];
};
/* What the key of a sum says; the sum must be of that kind. */
struct ledger_pair_key ledger_pair_key(const struct ledger_sum *sum);
struct ledger_origin_key ledger_origin_key(const struct ledger_sum *sum);
struct ledger_country_key ledger_country_key(const struct ledger_sum *sum);
