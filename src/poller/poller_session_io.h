/* A session of the net-snmp library with one machine. Never waits. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/hub.h"
#include "poller/poller_table.h"

struct poller_session;

/* What came of a question; called from poller_session_ready or poller_session_tick. The session must
 * not be closed in there. */
enum poller_outcome {
	POLLER_ANSWERED, /* `take` has been called for each variable */
	POLLER_ENGINE,   /* the engine's id is known now: open the signed session */
	POLLER_NO_ANSWER,
	POLLER_TOO_BIG, /* ask for less */
	POLLER_REFUSED, /* `why` says what */
};

struct poller_events {
	void (*take)(void *context, const struct poller_variable *v);
	void (*done)(void *context, enum poller_outcome outcome, const char *why);
	void *context;
};

/* What the signed session needs of version 3. */
struct poller_engine {
	uint8_t id[32]; /* RFC 3411: 5 to 32 octets */
	size_t length;  /* 0: not known */
};

/* Once, before the first session: no files read, none written, no log of the library's own. */
void poller_session_library(void);

/* A session; of version 3 without an engine it can only ask for that. NULL and the reason. */
struct poller_session *poller_session_open(const struct hub_exporter *exporter,
					   const struct poller_engine *engine,
					   struct poller_events events, char *why, size_t room);
void poller_session_close(struct poller_session *session);
/* Its socket, to be watched; owned by the session. */
int poller_session_fd(const struct poller_session *session);

/* Asks for the engine's id; then poller_session_engine has it. 0, or -1: not sent. */
int poller_session_discover(struct poller_session *session);
const struct poller_engine *poller_session_engine(const struct poller_session *session);
/* Asks for sysUpTime and `rows` rows of these columns (a set) after ifIndex `from`. 0 or -1. */
int poller_session_ask(struct poller_session *session, uint32_t columns, uint32_t from,
		       unsigned rows);
/* To be called when the descriptor can be read, and several times a second while something is asked. */
void poller_session_ready(struct poller_session *session);
void poller_session_tick(struct poller_session *session);
