/* Reads the JSON of validated payloads into a source of the table, piece by piece: the forms of rpki-client,
 * Routinator, OctoRPKI and their like:
 *
 *	{ "roas": [ { "prefix": "192.0.2.0/24", "maxLength": 24, "asn": 64500 or "AS64500", ... } ],
 *	  "aspas": [ { "customer_asid": 64500, "providers": [ 64501 ] } ], ... }
 *
 * "customer" does for "customer_asid"; older "provider_authorizations" with "ipv4" and "ipv6" are taken together.
 * Whatever else stands there is passed over. Records that come twice count once. A record that is wrong spoils the
 * file, and the source keeps what it had.
 *
 * Records whose "expires" has passed are counted, and used: a file that nobody writes any more would lose one record
 * after the other, and routes would become invalid where a wider record outlives a narrower one. How old a file may
 * be is the hub file's to say. */
#pragma once

#include <stdint.h>

#include "base/clock.h"
#include "base/json_stream.h"
#include "exchange/rpki/rpki_table.h"

struct vrp_json;

struct vrp_json_counts {
	uint64_t records, twice, expired;
	bool with_aspas; /* it has a list of them, if an empty one */
};

/* Begins a whole load of the source. `now` is what "expires" is held against. NULL if there is no memory. */
struct vrp_json *vrp_json_new(struct rpki_table *table, unsigned source, struct utc_s now);
/* Frees it, and aborts the load if it was not committed. */
void vrp_json_free(struct vrp_json *r);
/* Takes the next octets. 0, or -1: the file is not good (vrp_json_error). */
int vrp_json_feed(struct vrp_json *r, const void *octets, size_t length);
/* That was the whole file: commits. 0 or -1. */
int vrp_json_end(struct vrp_json *r);
/* "line 3, column 14: no prefix"; "" if there was no error. */
const char *vrp_json_error(const struct vrp_json *r);
const struct vrp_json_counts *vrp_json_counts(const struct vrp_json *r);
