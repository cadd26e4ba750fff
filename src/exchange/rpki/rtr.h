/* The router's side of the RPKI to Router protocol with one cache: RFC 6810 (version 0), RFC 8210 (version 1) and
 * draft-ietf-sidrops-8210bis (version 2, with ASPAs). Pure: it is told what happened and when, and asked what is to
 * be done. What the cache says goes into its source of the table, all at once at each End of Data.
 *
 * The shell does this:
 *
 *	RTR_WANT_CONNECT          make a TCP connection; then rtr_connected or rtr_connect_failed
 *	RTR_WANT_CLOSE            write what rtr_output holds as far as it goes at once, and close
 *	octets were read          rtr_input
 *	read gave 0 or an error   rtr_disconnected
 *	time passed               rtr_tick, at or after rtr_deadline
 *	after each of these       while (rtr_next(r) != RTR_NOTHING) act on it; write rtr_output */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/cursor.h"
#include "exchange/rpki/rpki_table.h"

struct rtr;

enum {
	RTR_VERSION_MAX = 2,
	RTR_PDU_MAX = 65535, /* octets; 8210bis section 5 */
	RTR_TEXT = 192,
};

/* RFC 8210 section 12, 8210bis section 12. */
enum rtr_error {
	RTR_CORRUPT_DATA,
	RTR_INTERNAL_ERROR,
	RTR_NO_DATA,
	RTR_INVALID_REQUEST,
	RTR_UNSUPPORTED_VERSION,
	RTR_UNSUPPORTED_PDU,
	RTR_WITHDRAWAL_OF_UNKNOWN,
	RTR_DUPLICATE_ANNOUNCEMENT,
	RTR_UNEXPECTED_VERSION,
	RTR_ASPA_PROVIDER_LIST,
};

struct rtr_config {
	uint8_t version_max; /* what is asked for first */
	uint32_t
		expire_s; /* how long data is good after the last End of Data; 0: as the cache says */
	uint32_t timeout_s; /* how long a cache may take to go on with what it began; 0: 60 */
};

enum rtr_state {
	RTR_WAITING,    /* for the next attempt */
	RTR_CONNECTING, /* a connection is being made */
	RTR_ASKING,     /* a query is out */
	RTR_LOADING,    /* the answer comes in */
	RTR_SYNCED,     /* as new as the cache */
	RTR_EMPTY,      /* connected, and the cache has no data yet */
};

/* "waiting", "connecting" ... */
const char *rtr_state_name(enum rtr_state state);

enum rtr_event { RTR_NOTHING, RTR_WANT_CONNECT, RTR_WANT_CLOSE };

struct rtr_status {
	enum rtr_state state;
	uint8_t version; /* spoken, or tried */
	bool has_session;
	uint16_t session_id;
	uint32_t serial;
	uint32_t refresh_s, retry_s, expire_s; /* in force */
	struct mono_us since;                  /* of the state */
	/* 0: not yet, or no more. */
	struct mono_us updated;  /* the last End of Data */
	struct mono_us next_try; /* of a query or a connection */
	struct mono_us expires;
	uint64_t octets_in, pdus_in, connects, errors_sent, errors_received;
	struct mono_us error_at;
	char error[RTR_TEXT]; /* the last one; "" if there was none */
};

/* For source `source` of the table, which must outlive it. Wants to connect at once. NULL: no memory. */
struct rtr *rtr_new(const struct rtr_config *config, struct rpki_table *table, unsigned source,
		    struct mono_us now);
/* Its data stays in the table. */
void rtr_free(struct rtr *r);
/* Another highest version makes it connect anew. */
void rtr_configure(struct rtr *r, const struct rtr_config *config, struct mono_us now);
/* Asks, or connects, now rather than later. */
void rtr_refresh(struct rtr *r, struct mono_us now);

void rtr_connected(struct rtr *r, struct mono_us now);
void rtr_connect_failed(struct rtr *r, const char *why, struct mono_us now);
void rtr_disconnected(struct rtr *r, const char *why, struct mono_us now);
void rtr_input(struct rtr *r, const uint8_t *octets, size_t length, struct mono_us now);
void rtr_tick(struct rtr *r, struct mono_us now);
/* When rtr_tick wants to be called next. */
struct mono_us rtr_deadline(const struct rtr *r);

enum rtr_event rtr_next(struct rtr *r);
struct cursor rtr_output(const struct rtr *r);
void rtr_output_done(struct rtr *r, size_t count);

const struct rtr_status *rtr_status(const struct rtr *r);
