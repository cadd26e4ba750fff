/* What the files of the router's side share. */
#pragma once

#include "base/buf.h"
#include "exchange/rpki/rtr.h"

enum {
	/* PDU types, RFC 8210 section 5. */
	SERIAL_NOTIFY = 0,
	SERIAL_QUERY = 1,
	RESET_QUERY = 2,
	CACHE_RESPONSE = 3,
	IPV4_PREFIX = 4,
	IPV6_PREFIX = 6,
	END_OF_DATA = 7,
	CACHE_RESET = 8,
	ROUTER_KEY = 9,
	ERROR_REPORT = 10,
	ASPA = 11,

	HEADER = 8,
};

struct pdu {
	uint8_t version, type;
	uint16_t field; /* session identifier, error code, flags and zero, or zero */
	uint32_t length;
	struct cursor body;
	const uint8_t *octets; /* as much of it as there is */
	size_t present;
};

struct rtr {
	struct rtr_config config;
	struct rpki_table *table;
	unsigned source;
	struct rtr_status status;
	bool want_connect, want_close;
	bool connected;
	bool negotiated;   /* the version is settled on this connection */
	bool asked_reset;  /* the query that is out */
	bool downgraded;   /* asked again with a lower version on this connection */
	bool next_at_once; /* the next connection is to be tried with `version` and without a wait */
	uint8_t data_version; /* of the session */
	unsigned silent;      /* connections in a row closed without a word */
	uint32_t backoff_s;   /* next wait */
	struct mono_us due;   /* of the state: a timeout or a next attempt */
	struct mono_us no_aspas_until;
	struct buf in, out;
	struct mono_us now;
};

/* --- rtr.c --- */
/* "Corrupt Data" ...; "Unknown" for others. */
const char *rtr_error_name(unsigned code);
/* So long from now on. */
struct mono_us rtr_after(const struct rtr *r, uint32_t seconds);
/* How long an answer, or its next part, is waited for. */
uint32_t rtr_timeout_s(const struct rtr *r);
/* Another state; `due`: when it has lasted long enough. */
void rtr_enter(struct rtr *r, enum rtr_state state, struct mono_us due);
/* Gives the connection up and waits so long; what was complete stays until it expires. */
void rtr_lose(struct rtr *r, uint32_t wait_s);
/* How long to wait after an error of the protocol; longer each time. */
uint32_t rtr_wrong_wait(struct rtr *r);
/* Keeps in the status what went wrong. */
void rtr_note(struct rtr *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Reports an error about a PDU (NULL: about none in particular), and loses the connection. Never in
 * answer to an Error Report (RFC 8210 section 5.11). */
void rtr_refuse(struct rtr *r, enum rtr_error code, const struct pdu *pdu, const char *text);
/* Sends a Reset Query, or a Serial Query. */
void rtr_ask(struct rtr *r, bool reset);
/* The one of them that fits what is there. */
void rtr_ask_what_fits(struct rtr *r);

/* --- rtr_answer.c --- */
/* Intervals as a cache suggests them, brought within bounds (RFC 8210 section 6). */
void rtr_take_intervals(struct rtr *r, uint32_t refresh_s, uint32_t retry_s, uint32_t expire_s);
/* Takes the PDUs that are whole. How many octets that was; fewer when the connection is given up. */
size_t rtr_take_pdus(struct rtr *r, const uint8_t *octets, size_t length);
