/* The router's side of RTR.
 *
 *	WAITING -> CONNECTING -> ASKING -> LOADING -> SYNCED -+
 *	   ^                      ^  |                        |  refresh time, or Serial Notify
 *	   |                      |  +-> EMPTY (No Data) -+   |
 *	   |                      +-----------------------+---+
 *	   +-- anything lost, refused, wrong or too slow
 *
 * Each new connection asks with the highest version (RFC 8210 section 7). A cache that answers with a lower one is
 * followed; one that reports "unsupported version" is asked with its own, on the same connection, and if it closes
 * that, on a new one; one that closes twice without a word is asked with the next lower. */
#include "exchange/rpki/rtr.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/rpki/rtr_private.h"

enum {
	TIMEOUT_S = 60,
	CONNECT_TIMEOUT_S = 30,
	LOST_WAIT_MAX_S = 60,
	WRONG_WAIT_MIN_S = 5, /* after an error of the protocol */
	NO_ASPA_S = 3600,
};

const char *
rtr_error_name(unsigned code)
{
	static const char *const names[] = {
		[RTR_CORRUPT_DATA] = "Corrupt Data",
		[RTR_INTERNAL_ERROR] = "Internal Error",
		[RTR_NO_DATA] = "No Data Available",
		[RTR_INVALID_REQUEST] = "Invalid Request",
		[RTR_UNSUPPORTED_VERSION] = "Unsupported Protocol Version",
		[RTR_UNSUPPORTED_PDU] = "Unsupported PDU Type",
		[RTR_WITHDRAWAL_OF_UNKNOWN] = "Withdrawal of Unknown Record",
		[RTR_DUPLICATE_ANNOUNCEMENT] = "Duplicate Announcement Received",
		[RTR_UNEXPECTED_VERSION] = "Unexpected Protocol Version",
		[RTR_ASPA_PROVIDER_LIST] = "ASPA Provider List Error",
	};
	return code < sizeof(names) / sizeof(names[0]) ? names[code] : "Unknown";
}

const char *
rtr_state_name(enum rtr_state state)
{
	static const char *const names[] = {
		[RTR_WAITING] = "waiting", [RTR_CONNECTING] = "connecting",
		[RTR_ASKING] = "asking",   [RTR_LOADING] = "loading",
		[RTR_SYNCED] = "synced",   [RTR_EMPTY] = "no data yet",
	};
	return names[state];
}

struct mono_us
rtr_after(const struct rtr *r, uint32_t seconds)
{
	return mono_add_ms(r->now, (int64_t)seconds * 1000);
}

uint32_t
rtr_timeout_s(const struct rtr *r)
{
	return r->config.timeout_s ? r->config.timeout_s : TIMEOUT_S;
}

static uint8_t
first_version(const struct rtr *r)
{
	bool no_aspas = r->now.us < r->no_aspas_until.us;
	return no_aspas && r->config.version_max > 1 ? 1 : r->config.version_max;
}

void
rtr_enter(struct rtr *r, enum rtr_state state, struct mono_us due)
{
	r->status.state = state;
	r->status.since = r->now;
	r->due = due;
	bool waits = state == RTR_WAITING || state == RTR_SYNCED || state == RTR_EMPTY;
	r->status.next_try = waits ? due : (struct mono_us){0};
}

/* --- losing it --- */

/* The connection is of no use any more. What it brought since the last End of Data is forgotten; what was complete
 * stays until it expires, and less preferred caches come into use. */
void
rtr_lose(struct rtr *r, uint32_t wait_s)
{
	rpki_abort(r->table, r->source);
	rpki_source_alive(r->table, r->source, false);
	r->want_close |= r->connected || r->status.state == RTR_CONNECTING;
	r->want_connect = false;
	r->connected = false;
	if (!r->next_at_once)
		r->status.version = first_version(r);
	rtr_enter(r, RTR_WAITING, rtr_after(r, r->next_at_once ? 0 : wait_s));
}

/* The wait grows with each failure until there is an End of Data. */
static uint32_t
backoff(struct rtr *r, uint32_t least, uint32_t most)
{
	uint32_t wait_s = r->backoff_s > least ? r->backoff_s : least;
	wait_s = wait_s < most ? wait_s : most;
	r->backoff_s = wait_s * 2;
	return wait_s;
}

void
rtr_note(struct rtr *r, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(r->status.error, sizeof(r->status.error), format, args);
	va_end(args);
	r->status.error_at = r->now;
}

uint32_t
rtr_wrong_wait(struct rtr *r)
{
	uint32_t most = r->status.retry_s > LOST_WAIT_MAX_S ? r->status.retry_s : LOST_WAIT_MAX_S;
	return backoff(r, WRONG_WAIT_MIN_S, most);
}

/* Reports an error about a PDU (NULL: about none in particular) and closes. Never in answer to an Error Report
 * (RFC 8210 section 5.11). */
void
rtr_refuse(struct rtr *r, enum rtr_error code, const struct pdu *pdu, const char *text)
{
	size_t room = RTR_PDU_MAX - HEADER - 8 - strlen(text);
	size_t octets = pdu ? pdu->present : 0;
	octets = octets < room ? octets : room;
	buf_u8(&r->out, r->status.version);
	buf_u8(&r->out, ERROR_REPORT);
	buf_u16(&r->out, (uint16_t)code);
	buf_u32(&r->out, (uint32_t)(HEADER + 8 + octets + strlen(text)));
	buf_u32(&r->out, (uint32_t)octets);
	if (octets)
		buf_put(&r->out, pdu->octets, octets);
	buf_u32(&r->out, (uint32_t)strlen(text));
	buf_str(&r->out, text);
	r->status.errors_sent++;
	rtr_note(r, "sent %s: %s", rtr_error_name(code), text);
	if (pdu && pdu->type == ASPA && code != RTR_UNSUPPORTED_PDU && code != RTR_INTERNAL_ERROR) {
		/* Drafts before the 14th had another form of it. Origins matter more than ASPAs. */
		r->no_aspas_until = rtr_after(r, NO_ASPA_S);
	}
	rtr_lose(r, rtr_wrong_wait(r));
}

/* --- asking --- */

void
rtr_ask(struct rtr *r, bool reset)
{
	struct rtr_status *s = &r->status;
	buf_u8(&r->out, s->version);
	buf_u8(&r->out, reset ? RESET_QUERY : SERIAL_QUERY);
	buf_u16(&r->out, reset ? 0 : s->session_id);
	buf_u32(&r->out, reset ? HEADER : HEADER + 4);
	if (!reset)
		buf_u32(&r->out, s->serial);
	r->asked_reset = reset;
	rtr_enter(r, RTR_ASKING, rtr_after(r, rtr_timeout_s(r)));
}

/* Session identifiers and serials are of one version (RFC 8210 section 5.1). */
void
rtr_ask_what_fits(struct rtr *r)
{
	rtr_ask(r, !r->status.has_session || r->data_version != r->status.version);
}

static void
connect_now(struct rtr *r)
{
	r->want_connect = true;
	r->next_at_once = false;
	rtr_enter(r, RTR_CONNECTING, rtr_after(r, CONNECT_TIMEOUT_S));
}

/* --- what comes in --- */

void
rtr_input(struct rtr *r, const uint8_t *octets, size_t length, struct mono_us now)
{
	r->now = now;
	if (!r->connected)
		return;
	r->status.octets_in += length;
	if (r->in.length == 0) {
		size_t taken = rtr_take_pdus(r, octets, length);
		if (r->connected)
			buf_put(&r->in, octets + taken, length - taken);
	} else {
		buf_put(&r->in, octets, length);
		if (!r->in.failed)
			buf_consume(&r->in, rtr_take_pdus(r, r->in.data, r->in.length));
	}
	if (r->connected && r->in.failed)
		rtr_refuse(r, RTR_INTERNAL_ERROR, NULL, "no memory");
}

/* --- the connection --- */

void
rtr_connected(struct rtr *r, struct mono_us now)
{
	r->now = now;
	assert(r->status.state == RTR_CONNECTING);
	r->connected = true;
	r->negotiated = r->downgraded = false;
	r->status.connects++;
	buf_fini(&r->in);
	buf_fini(&r->out);
	rtr_ask_what_fits(r);
}

void
rtr_connect_failed(struct rtr *r, const char *why, struct mono_us now)
{
	r->now = now;
	rtr_note(r, "no connection: %s", why);
	rtr_lose(r, backoff(r, 1, LOST_WAIT_MAX_S));
	r->want_close = false;
}

/* A cache that hangs up before its first word may not know the version. */
static void
try_lower(struct rtr *r)
{
	uint8_t version = r->status.version;
	if (r->downgraded) {
		r->next_at_once = true;
	} else if (version > 0 && (version < first_version(r) || ++r->silent >= 2)) {
		r->silent = 0;
		r->status.version = (uint8_t)(version - 1);
		r->next_at_once = true;
	}
}

void
rtr_disconnected(struct rtr *r, const char *why, struct mono_us now)
{
	r->now = now;
	if (!r->connected)
		return;
	r->connected = false;
	rtr_note(r, "connection lost: %s", why);
	if (!r->negotiated)
		try_lower(r);
	rtr_lose(r, backoff(r, 1, LOST_WAIT_MAX_S));
	r->want_close = false;
}

/* --- time --- */

static void
expire(struct rtr *r)
{
	struct rtr_status *s = &r->status;
	rpki_source_drop(r->table, r->source);
	s->updated = s->expires = (struct mono_us){0};
	s->has_session = false;
	rtr_note(r, "its data is too old, and dropped");
	/* Changes to what is dropped are of no use. */
	if ((s->state == RTR_ASKING || s->state == RTR_LOADING) && !r->asked_reset)
		rtr_lose(r, 1);
}

void
rtr_tick(struct rtr *r, struct mono_us now)
{
	r->now = now;
	struct rtr_status *s = &r->status;
	if (s->expires.us && now.us >= s->expires.us)
		expire(r);
	if (now.us < r->due.us)
		return;
	switch (s->state) {
	case RTR_WAITING:
		connect_now(r);
		break;
	case RTR_CONNECTING:
		rtr_note(r, "no connection: it took too long");
		rtr_lose(r, backoff(r, 1, LOST_WAIT_MAX_S));
		break;
	case RTR_ASKING:
	case RTR_LOADING:
		rtr_note(r, "the cache does not go on");
		rtr_lose(r, backoff(r, 1, LOST_WAIT_MAX_S));
		break;
	case RTR_SYNCED:
	case RTR_EMPTY:
		rtr_ask_what_fits(r);
		break;
	}
}

struct mono_us
rtr_deadline(const struct rtr *r)
{
	struct mono_us expires = r->status.expires;
	return expires.us && expires.us < r->due.us ? expires : r->due;
}

void
rtr_refresh(struct rtr *r, struct mono_us now)
{
	r->now = now;
	enum rtr_state state = r->status.state;
	if (state == RTR_WAITING || state == RTR_SYNCED || state == RTR_EMPTY)
		r->due = r->status.next_try = now;
}

/* --- what is to be done --- */

enum rtr_event
rtr_next(struct rtr *r)
{
	if (r->want_close) {
		r->want_close = false;
		return RTR_WANT_CLOSE;
	}
	if (r->want_connect) {
		r->want_connect = false;
		return RTR_WANT_CONNECT;
	}
	return RTR_NOTHING;
}

struct cursor
rtr_output(const struct rtr *r)
{
	return cursor_of(r->out.data, r->out.length);
}

void
rtr_output_done(struct rtr *r, size_t count)
{
	buf_consume(&r->out, count);
}

const struct rtr_status *
rtr_status(const struct rtr *r)
{
	return &r->status;
}

/* --- birth and change --- */

struct rtr *
rtr_new(const struct rtr_config *config, struct rpki_table *table, unsigned source,
	struct mono_us now)
{
	assert(config->version_max <= RTR_VERSION_MAX);
	struct rtr *r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->config = *config;
	r->table = table;
	r->source = source;
	r->now = now;
	r->backoff_s = 1;
	r->status.version = config->version_max;
	rtr_take_intervals(r, 3600, 600, 7200);
	connect_now(r);
	return r;
}

void
rtr_free(struct rtr *r)
{
	if (!r)
		return;
	rpki_abort(r->table, r->source);
	buf_fini(&r->in);
	buf_fini(&r->out);
	free(r);
}

void
rtr_configure(struct rtr *r, const struct rtr_config *config, struct mono_us now)
{
	r->now = now;
	bool anew = config->version_max != r->config.version_max;
	r->config = *config;
	if (!anew)
		return;
	r->no_aspas_until = (struct mono_us){0};
	r->next_at_once = false;
	rtr_lose(r, 0);
}
