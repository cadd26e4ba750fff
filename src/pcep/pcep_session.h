/* One PCEP session, as the PCE's end of one TCP connection (RFC 5440 sections 4.2, 6 and appendix
 * A). Pure: octets and the time go in, events and octets come out.
 *
 *	begin ──► OPEN_WAIT ──their Open──► KEEP_WAIT ──their Keepalive──► UP ──► ENDED
 *
 * A session that has ended says so once, keeps its last words as output, and takes nothing more. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "pcep/pcep_message.h"

enum {
	PCEP_OPEN_WAIT_S = 60,
	PCEP_KEEP_WAIT_S = 60,
	PCEP_UNKNOWN_MAX = 5,              /* in a minute (section 9) */
	PCEP_OUTPUT_MAX = 4 * 1024 * 1024, /* that a router does not take: it is closed */
	PCEP_WHY = 120,
};

struct pcep_config {
	struct pcep_open open;   /* ours */
	uint8_t keepalive_min_s; /* of theirs, that is accepted; 0 says they send none, which is */
};

enum pcep_state { PCEP_STATE_OPEN_WAIT, PCEP_STATE_KEEP_WAIT, PCEP_STATE_UP, PCEP_STATE_ENDED };

enum pcep_event_kind {
	PCEP_EVENT_NONE,
	PCEP_EVENT_UP,
	PCEP_EVENT_ITEM_REQUEST, /* `item` of the call, sound or not */
	PCEP_EVENT_ITEM_REPORT,
	PCEP_EVENT_FAULT,        /* they complain */
	PCEP_EVENT_NOTIFICATION, /* `fault` is type and value */
	PCEP_EVENT_ENDED,        /* send what is left of the output, then close */
};

struct pcep_event {
	enum pcep_event_kind kind;
	struct pcep_fault fault;
	bool has_srp;
	uint32_t srp_id; /* what they complain of */
};

struct pcep_counters {
	uint64_t messages_in, messages_out;
	uint64_t requests, reports, errors_in, errors_out, notifications, unknown;
};

struct pcep_session;

/* Sends our Open. NULL if there is no memory. */
struct pcep_session *pcep_session_new(const struct pcep_config *config, struct mono_us now);
void pcep_session_free(struct pcep_session *s);

/* Takes octets as they came. */
void pcep_session_input(struct pcep_session *s, struct cursor octets, struct mono_us now);
/* The next thing that happened; *item is filled for PCEP_EVENT_ITEM_*. PCEP_EVENT_NONE: nothing
 * more. */
enum pcep_event_kind pcep_session_next(struct pcep_session *s, struct pcep_event *event,
				       struct pcep_item *item);
/* The TCP connection is gone. */
void pcep_session_lost(struct pcep_session *s, const char *why);
/* We end it, with a Close, or a PCErr before. */
void pcep_session_close(struct pcep_session *s, enum pcep_close_reason reason, const char *why);

/* When it wants to be told the time at the latest; INT64_MAX: never. */
struct mono_us pcep_session_deadline(const struct pcep_session *s);
void pcep_session_tick(struct pcep_session *s, struct mono_us now);

/* Where to write a message to them (pcep_message.h): appended to the output. Only while it is
 * up. */
struct buf *pcep_session_say(struct pcep_session *s, struct mono_us now);
/* A complaint about an item. */
void pcep_session_complain(struct pcep_session *s, const struct pcep_item *item,
			   struct pcep_fault fault, struct mono_us now);

struct cursor pcep_session_output(const struct pcep_session *s);
void pcep_session_output_done(struct pcep_session *s, size_t octets);

enum pcep_state pcep_session_state(const struct pcep_session *s);
/* What they said; valid from KEEP_WAIT on. */
const struct pcep_open *pcep_session_theirs(const struct pcep_session *s);
const struct pcep_open *pcep_session_ours(const struct pcep_session *s);
const struct pcep_counters *pcep_session_counters(const struct pcep_session *s);
/* Why it ended; "" while it has not. */
const char *pcep_session_why(const struct pcep_session *s);
