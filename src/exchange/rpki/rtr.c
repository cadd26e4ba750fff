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

#include "base/buf.h"

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
	ANNOUNCE = 1, /* the lowest bit of the flags */

	TIMEOUT_S = 60,
	CONNECT_TIMEOUT_S = 30,
	NOTIFY_PAUSE_S = 1, /* between an End of Data and a query that a Notify asks for */
	LOST_WAIT_MAX_S = 60,
	WRONG_WAIT_MIN_S = 5, /* after an error of the protocol */
	NO_ASPA_S = 3600,
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

/* "Corrupt Data" ...; "Unknown" for others. */
static const char *
error_name(unsigned code)
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

static struct mono_us
after(const struct rtr *r, uint32_t seconds)
{
	return mono_add_ms(r->now, (int64_t)seconds * 1000);
}

static uint32_t
timeout_s(const struct rtr *r)
{
	return r->config.timeout_s ? r->config.timeout_s : TIMEOUT_S;
}

static uint8_t
first_version(const struct rtr *r)
{
	bool no_aspas = r->now.us < r->no_aspas_until.us;
	return no_aspas && r->config.version_max > 1 ? 1 : r->config.version_max;
}

static void
enter(struct rtr *r, enum rtr_state state, struct mono_us due)
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
static void
lose(struct rtr *r, uint32_t wait_s)
{
	rpki_abort(r->table, r->source);
	rpki_source_alive(r->table, r->source, false);
	r->want_close |= r->connected || r->status.state == RTR_CONNECTING;
	r->want_connect = false;
	r->connected = false;
	if (!r->next_at_once)
		r->status.version = first_version(r);
	enter(r, RTR_WAITING, after(r, r->next_at_once ? 0 : wait_s));
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

__attribute__((format(printf, 2, 3))) static void
note(struct rtr *r, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(r->status.error, sizeof(r->status.error), format, args);
	va_end(args);
	r->status.error_at = r->now;
}

static uint32_t
wrong_wait(struct rtr *r)
{
	uint32_t most = r->status.retry_s > LOST_WAIT_MAX_S ? r->status.retry_s : LOST_WAIT_MAX_S;
	return backoff(r, WRONG_WAIT_MIN_S, most);
}

/* Reports an error about a PDU (NULL: about none in particular) and closes. Never in answer to an Error Report
 * (RFC 8210 section 5.11). */
static void
refuse(struct rtr *r, enum rtr_error code, const struct pdu *pdu, const char *text)
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
	note(r, "sent %s: %s", error_name(code), text);
	if (pdu && pdu->type == ASPA && code != RTR_UNSUPPORTED_PDU && code != RTR_INTERNAL_ERROR) {
		/* Drafts before the 14th had another form of it. Origins matter more than ASPAs. */
		r->no_aspas_until = after(r, NO_ASPA_S);
	}
	lose(r, wrong_wait(r));
}

/* --- asking --- */

static void
ask(struct rtr *r, bool reset)
{
	struct rtr_status *s = &r->status;
	buf_u8(&r->out, s->version);
	buf_u8(&r->out, reset ? RESET_QUERY : SERIAL_QUERY);
	buf_u16(&r->out, reset ? 0 : s->session_id);
	buf_u32(&r->out, reset ? HEADER : HEADER + 4);
	if (!reset)
		buf_u32(&r->out, s->serial);
	r->asked_reset = reset;
	enter(r, RTR_ASKING, after(r, timeout_s(r)));
}

/* Session identifiers and serials are of one version (RFC 8210 section 5.1). */
static void
ask_what_fits(struct rtr *r)
{
	ask(r, !r->status.has_session || r->data_version != r->status.version);
}

static void
connect_now(struct rtr *r)
{
	r->want_connect = true;
	r->next_at_once = false;
	enter(r, RTR_CONNECTING, after(r, CONNECT_TIMEOUT_S));
}

/* --- what the cache says --- */

/* How long an interval is, within the bounds of RFC 8210 section 6. */
static uint32_t
clamp(uint32_t value, uint32_t least, uint32_t most)
{
	return value < least ? least : value > most ? most : value;
}

static void
take_intervals(struct rtr *r, uint32_t refresh_s, uint32_t retry_s, uint32_t expire_s)
{
	struct rtr_status *s = &r->status;
	s->expire_s = clamp(r->config.expire_s ? r->config.expire_s : expire_s, 600, 172800);
	/* The expire interval has to be the longest: rather ask sooner than lose the data. */
	uint32_t most = s->expire_s - 1;
	s->refresh_s = clamp(refresh_s, 1, most < 86400 ? most : 86400);
	s->retry_s = clamp(retry_s, 1, most < 7200 ? most : 7200);
}

static void
on_serial_notify(struct rtr *r, struct pdu *pdu)
{
	struct rtr_status *s = &r->status;
	uint32_t serial = cursor_u32(&pdu->body);
	if (s->state == RTR_EMPTY) {
		ask_what_fits(r);
		return;
	}
	/* While a query is out, its answer will be as new. A new session's cache answers a Serial Query of the
	 * old one with a Cache Reset. */
	if (s->state != RTR_SYNCED || (serial == s->serial && pdu->field == s->session_id))
		return;
	struct mono_us soonest = mono_add_ms(s->updated, NOTIFY_PAUSE_S * 1000);
	struct mono_us due = soonest.us > r->now.us ? soonest : r->now;
	if (due.us < r->due.us)
		r->due = s->next_try = due;
}

static void
on_cache_response(struct rtr *r, struct pdu *pdu)
{
	struct rtr_status *s = &r->status;
	if (s->state != RTR_ASKING) {
		refuse(r, RTR_CORRUPT_DATA, pdu, "Cache Response that nobody asked for");
		return;
	}
	if (!r->asked_reset && r->data_version != s->version) {
		/* A Serial Query of a higher version than the answer: begin anew in this one. */
		s->has_session = false;
		r->next_at_once = true;
		note(r, "the cache speaks version %u now", s->version);
		lose(r, 0);
		return;
	}
	if (!r->asked_reset && pdu->field != s->session_id) {
		/* Section 5.1 wants the data flushed. It is replaced whole as soon as the Reset Query is answered:
		 * to have nothing until then would accept what is invalid. */
		s->has_session = false;
		refuse(r, RTR_CORRUPT_DATA, pdu, "another session identifier");
		return;
	}
	if (r->asked_reset)
		s->has_session = false;
	s->session_id = pdu->field;
	rpki_begin(r->table, r->source, r->asked_reset ? RPKI_WHOLE : RPKI_DELTA);
	enter(r, RTR_LOADING, after(r, timeout_s(r)));
}

/* A record that does not go into the table. */
static void
take_result(struct rtr *r, const struct pdu *pdu, enum rpki_result result)
{
	switch (result) {
	case RPKI_OK:
		r->due = after(r, timeout_s(r));
		break;
	case RPKI_DUPLICATE:
		refuse(r, RTR_DUPLICATE_ANNOUNCEMENT, pdu, "announced twice");
		break;
	case RPKI_MISSING:
		refuse(r, RTR_WITHDRAWAL_OF_UNKNOWN, pdu, "withdrawn, and not announced");
		break;
	case RPKI_TOO_MANY:
		refuse(r, RTR_INTERNAL_ERROR, pdu, "more records than are taken");
		break;
	case RPKI_NO_MEMORY:
		refuse(r, RTR_INTERNAL_ERROR, pdu, "no memory");
		break;
	}
}

/* Nothing but data stands in an answer, and data nowhere else. */
static bool
is_loading(struct rtr *r, const struct pdu *pdu)
{
	if (r->status.state == RTR_LOADING)
		return true;
	refuse(r, RTR_CORRUPT_DATA, pdu, "data without a Cache Response");
	return false;
}

static void
on_prefix(struct rtr *r, struct pdu *pdu)
{
	if (!is_loading(r, pdu))
		return;
	uint8_t flags = cursor_u8(&pdu->body), length = cursor_u8(&pdu->body);
	struct rpki_vrp vrp = {.max_length = cursor_u8(&pdu->body)};
	cursor_skip(&pdu->body, 1);
	uint8_t octets[16] = {0};
	enum ip_family family = pdu->type == IPV4_PREFIX ? IP_V4 : IP_V6;
	cursor_copy(&pdu->body, octets, family == IP_V4 ? 4 : 16);
	vrp.asn.number = cursor_u32(&pdu->body);
	if (length > vrp.max_length || vrp.max_length > ip_bits(family)) {
		refuse(r, RTR_CORRUPT_DATA, pdu, "lengths that cannot be");
		return;
	}
	struct ip ip = {.family = (uint8_t)family};
	memcpy(ip.octets, octets, sizeof(octets));
	vrp.prefix = prefix_of(ip, length);
	if (!ip_equal(vrp.prefix.ip, ip)) {
		refuse(r, RTR_CORRUPT_DATA, pdu, "bits beyond the prefix's length");
		return;
	}
	take_result(r, pdu,
		    flags & ANNOUNCE ? rpki_announce(r->table, r->source, &vrp)
				     : rpki_withdraw(r->table, r->source, &vrp));
}

/* Section 5.12 of 8210bis: ascending, each once, and AS 0 only alone. */
static bool
read_providers(struct cursor *body, uint32_t *providers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		providers[i] = cursor_u32(body);
		if (i > 0 && (providers[i] <= providers[i - 1] || providers[0] == 0))
			return false;
	}
	return count > 0;
}

static void
on_aspa(struct rtr *r, struct pdu *pdu)
{
	uint32_t providers[RPKI_PROVIDERS_MAX];
	if (!is_loading(r, pdu))
		return;
	size_t count = (pdu->length - HEADER - 4) / 4;
	struct asn customer = {cursor_u32(&pdu->body)};
	if (!(pdu->field >> 8 & ANNOUNCE)) {
		if (count > 0)
			refuse(r, RTR_CORRUPT_DATA, pdu, "an ASPA withdrawn with providers");
		else
			take_result(r, pdu, rpki_withdraw_aspa(r->table, r->source, customer));
		return;
	}
	if (!read_providers(&pdu->body, providers, count)) {
		refuse(r, RTR_ASPA_PROVIDER_LIST, pdu, "providers that are not as they must be");
		return;
	}
	take_result(r, pdu, rpki_announce_aspa(r->table, r->source, customer, providers, count));
}

static void
on_end_of_data(struct rtr *r, struct pdu *pdu)
{
	struct rtr_status *s = &r->status;
	if (!is_loading(r, pdu))
		return;
	if (pdu->field != s->session_id) {
		refuse(r, RTR_CORRUPT_DATA, pdu, "another session identifier");
		return;
	}
	uint32_t serial = cursor_u32(&pdu->body);
	/* Version 0 has no intervals; those that RFC 8210 section 6 suggests. */
	uint32_t refresh_s = 3600, retry_s = 600, expire_s = 7200;
	if (s->version > 0) {
		refresh_s = cursor_u32(&pdu->body);
		retry_s = cursor_u32(&pdu->body);
		expire_s = cursor_u32(&pdu->body);
	}
	rpki_commit(r->table, r->source, s->version >= 2);
	take_intervals(r, refresh_s, retry_s, expire_s);
	s->serial = serial;
	s->has_session = true;
	r->data_version = s->version;
	s->updated = r->now;
	s->expires = after(r, s->expire_s);
	r->backoff_s = 1;
	r->silent = 0;
	enter(r, RTR_SYNCED, after(r, s->refresh_s));
}

static void
on_cache_reset(struct rtr *r, struct pdu *pdu)
{
	if (r->status.state != RTR_ASKING || r->asked_reset) {
		refuse(r, RTR_CORRUPT_DATA, pdu, "Cache Reset without a Serial Query");
		return;
	}
	r->status.has_session = false;
	ask(r, true);
}

/* --- errors reported by the cache --- */

/* Appends text of the other side with nothing in it that would upset a terminal. */
static void
quote(char *out, size_t room, struct cursor text)
{
	size_t n = strlen(out);
	for (uint8_t c; cursor_left(&text) && n + 1 < room; out[n++] = (char)c) {
		c = cursor_u8(&text);
		c = c >= 0x20 && c < 0x7f ? c : '?';
	}
	out[n] = '\0';
}

/* The cache does not speak the version that was asked for. */
static void
on_unsupported(struct rtr *r, uint8_t theirs)
{
	uint8_t asked = r->status.version;
	if (r->negotiated || asked == 0) {
		lose(r, wrong_wait(r));
		return;
	}
	r->status.version = theirs < asked ? theirs : (uint8_t)(asked - 1);
	r->downgraded = true;
	ask_what_fits(r);
}

static void
on_error_report(struct rtr *r, struct pdu *pdu)
{
	struct rtr_status *s = &r->status;
	struct cursor inner = cursor_sub(&pdu->body, cursor_u32(&pdu->body));
	struct cursor text = cursor_sub(&pdu->body, cursor_u32(&pdu->body));
	s->errors_received++;
	if (pdu->body.failed || inner.failed || text.failed) {
		note(r, "received an Error Report that cannot be read");
		lose(r, wrong_wait(r));
		return;
	}
	note(r, "received %s%s", error_name(pdu->field), cursor_left(&text) ? ": " : "");
	quote(s->error, sizeof(s->error), text);
	if (pdu->field == RTR_UNSUPPORTED_VERSION) {
		on_unsupported(r, pdu->version);
	} else if (pdu->field == RTR_NO_DATA && s->state == RTR_ASKING) {
		/* Not fatal: the cache is still filling itself (section 8.4). */
		if (!r->negotiated && pdu->version <= s->version) {
			s->version = pdu->version;
			r->negotiated = true;
		}
		enter(r, RTR_EMPTY, after(r, wrong_wait(r)));
	} else {
		lose(r, wrong_wait(r));
	}
}

/* --- PDUs --- */

/* May a PDU of this type and length come from a cache? */
static bool
check_type(struct rtr *r, const struct pdu *pdu)
{
	uint8_t version = r->status.version;
	switch (pdu->type) {
	case SERIAL_QUERY:
	case RESET_QUERY:
		refuse(r, RTR_INVALID_REQUEST, pdu, "a query to a router");
		return false;
	case SERIAL_NOTIFY:
	case CACHE_RESPONSE:
	case IPV4_PREFIX:
	case IPV6_PREFIX:
	case END_OF_DATA:
	case CACHE_RESET:
		return true;
	case ROUTER_KEY:
		if (version >= 1)
			return true;
		break;
	case ASPA:
		if (version >= 2)
			return true;
		break;
	default:
		break;
	}
	refuse(r, RTR_UNSUPPORTED_PDU, pdu, "not a PDU of this version");
	return false;
}

static bool
length_fits(const struct rtr *r, const struct pdu *pdu)
{
	uint32_t length = pdu->length;
	switch (pdu->type) {
	case SERIAL_NOTIFY:
		return length == 12;
	case CACHE_RESPONSE:
	case CACHE_RESET:
		return length == HEADER;
	case IPV4_PREFIX:
		return length == 20;
	case IPV6_PREFIX:
		return length == 32;
	case END_OF_DATA:
		return length == (r->status.version == 0 ? 12 : 24);
	case ROUTER_KEY: /* key identifier, AS number, key */
		return length >= HEADER + 24 && length <= RTR_PDU_MAX;
	case ASPA:
		return length >= 12 && length % 4 == 0 && length <= RTR_PDU_MAX;
	default:
		return length >= HEADER && length <= RTR_PDU_MAX;
	}
}

/* Settles the version by the first answer (RFC 8210 section 7), and holds the cache to it. */
static bool
check_version(struct rtr *r, const struct pdu *pdu)
{
	struct rtr_status *s = &r->status;
	if (r->negotiated && pdu->version != s->version) {
		/* RFC 6810 has no error for it but the one for a version that is not known. */
		refuse(r, s->version ? RTR_UNEXPECTED_VERSION : RTR_UNSUPPORTED_VERSION, pdu,
		       "the version changed");
		return false;
	}
	if (pdu->version > s->version) {
		refuse(r, RTR_UNSUPPORTED_VERSION, pdu, "a version that was not asked for");
		return false;
	}
	return true;
}

/* Looks at the header. False: nothing more is to be done with what came, the connection is given up. */
static bool
check(struct rtr *r, const struct pdu *pdu)
{
	if (pdu->type == ERROR_REPORT) {
		if (pdu->length >= HEADER + 8 && pdu->length <= RTR_PDU_MAX)
			return true;
		note(r, "received an Error Report that cannot be read");
		lose(r, wrong_wait(r));
		return false;
	}
	/* A Notify before the first answer may be of any version, and means nothing. */
	bool early = pdu->type == SERIAL_NOTIFY && !r->negotiated;
	if (!early && !check_version(r, pdu))
		return false;
	if (!early && !r->negotiated) {
		r->status.version = pdu->version;
		r->negotiated = true;
	}
	if (!check_type(r, pdu))
		return false;
	if (length_fits(r, pdu))
		return true;
	refuse(r, RTR_CORRUPT_DATA, pdu, "a length that cannot be");
	return false;
}

static void
handle(struct rtr *r, struct pdu *pdu)
{
	r->status.pdus_in++;
	switch (pdu->type) {
	case SERIAL_NOTIFY:
		if (r->negotiated)
			on_serial_notify(r, pdu);
		break;
	case CACHE_RESPONSE:
		on_cache_response(r, pdu);
		break;
	case IPV4_PREFIX:
	case IPV6_PREFIX:
		on_prefix(r, pdu);
		break;
	case END_OF_DATA:
		on_end_of_data(r, pdu);
		break;
	case CACHE_RESET:
		on_cache_reset(r, pdu);
		break;
	case ROUTER_KEY:
		/* We sign nothing; it is part of the answer all the same. */
		if (is_loading(r, pdu))
			r->due = after(r, timeout_s(r));
		break;
	case ERROR_REPORT:
		on_error_report(r, pdu);
		break;
	default:
		on_aspa(r, pdu);
		break;
	}
}

/* Takes one PDU. Returns its length, or 0: it is not all there, or the connection is given up. */
static size_t
take_pdu(struct rtr *r, const uint8_t *octets, size_t length)
{
	struct cursor in = cursor_of(octets, length);
	struct pdu pdu = {.version = cursor_u8(&in), .type = cursor_u8(&in)};
	pdu.field = cursor_u16(&in);
	pdu.length = cursor_u32(&in);
	if (in.failed)
		return 0;
	pdu.octets = octets;
	pdu.present = pdu.length < HEADER ? HEADER : pdu.length < length ? pdu.length : length;
	if (!check(r, &pdu) || length < pdu.length)
		return 0;
	pdu.body = cursor_sub(&in, pdu.length - HEADER);
	handle(r, &pdu);
	return pdu.length;
}

static size_t
take_pdus(struct rtr *r, const uint8_t *octets, size_t length)
{
	size_t done = 0;
	while (r->connected) {
		size_t taken = take_pdu(r, octets + done, length - done);
		if (taken == 0)
			break;
		done += taken;
	}
	return done;
}

void
rtr_input(struct rtr *r, const uint8_t *octets, size_t length, struct mono_us now)
{
	r->now = now;
	if (!r->connected)
		return;
	r->status.octets_in += length;
	if (r->in.length == 0) {
		size_t taken = take_pdus(r, octets, length);
		if (r->connected)
			buf_put(&r->in, octets + taken, length - taken);
	} else {
		buf_put(&r->in, octets, length);
		if (!r->in.failed)
			buf_consume(&r->in, take_pdus(r, r->in.data, r->in.length));
	}
	if (r->connected && r->in.failed)
		refuse(r, RTR_INTERNAL_ERROR, NULL, "no memory");
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
	ask_what_fits(r);
}

void
rtr_connect_failed(struct rtr *r, const char *why, struct mono_us now)
{
	r->now = now;
	note(r, "no connection: %s", why);
	lose(r, backoff(r, 1, LOST_WAIT_MAX_S));
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
	note(r, "connection lost: %s", why);
	if (!r->negotiated)
		try_lower(r);
	lose(r, backoff(r, 1, LOST_WAIT_MAX_S));
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
	note(r, "its data is too old, and dropped");
	/* Changes to what is dropped are of no use. */
	if ((s->state == RTR_ASKING || s->state == RTR_LOADING) && !r->asked_reset)
		lose(r, 1);
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
		note(r, "no connection: it took too long");
		lose(r, backoff(r, 1, LOST_WAIT_MAX_S));
		break;
	case RTR_ASKING:
	case RTR_LOADING:
		note(r, "the cache does not go on");
		lose(r, backoff(r, 1, LOST_WAIT_MAX_S));
		break;
	case RTR_SYNCED:
	case RTR_EMPTY:
		ask_what_fits(r);
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
	take_intervals(r, 3600, 600, 7200);
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
	lose(r, 0);
}
