/* What a cache says: PDUs, each looked at before it is believed (RFC 8210 section 5). */
#include <string.h>

#include "exchange/rpki/rtr_private.h"

enum {
	ANNOUNCE = 1,       /* the lowest bit of the flags */
	NOTIFY_PAUSE_S = 1, /* between an End of Data and a query that a Notify asks for */
};

/* How long an interval is, within the bounds of RFC 8210 section 6. */
static uint32_t
clamp(uint32_t value, uint32_t least, uint32_t most)
{
	return value < least ? least : value > most ? most : value;
}

void
rtr_take_intervals(struct rtr *r, uint32_t refresh_s, uint32_t retry_s, uint32_t expire_s)
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
		rtr_ask_what_fits(r);
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
		rtr_refuse(r, RTR_CORRUPT_DATA, pdu, "Cache Response that nobody asked for");
		return;
	}
	if (!r->asked_reset && r->data_version != s->version) {
		/* A Serial Query of a higher version than the answer: begin anew in this one. */
		s->has_session = false;
		r->next_at_once = true;
		rtr_note(r, "the cache speaks version %u now", s->version);
		rtr_lose(r, 0);
		return;
	}
	if (!r->asked_reset && pdu->field != s->session_id) {
		/* Section 5.1 wants the data flushed. It is replaced whole as soon as the Reset Query is answered:
		 * to have nothing until then would accept what is invalid. */
		s->has_session = false;
		rtr_refuse(r, RTR_CORRUPT_DATA, pdu, "another session identifier");
		return;
	}
	if (r->asked_reset)
		s->has_session = false;
	s->session_id = pdu->field;
	rpki_begin(r->table, r->source, r->asked_reset ? RPKI_WHOLE : RPKI_DELTA);
	rtr_enter(r, RTR_LOADING, rtr_after(r, rtr_timeout_s(r)));
}

/* A record that does not go into the table. */
static void
take_result(struct rtr *r, const struct pdu *pdu, enum rpki_result result)
{
	switch (result) {
	case RPKI_OK:
		r->due = rtr_after(r, rtr_timeout_s(r));
		break;
	case RPKI_DUPLICATE:
		rtr_refuse(r, RTR_DUPLICATE_ANNOUNCEMENT, pdu, "announced twice");
		break;
	case RPKI_MISSING:
		rtr_refuse(r, RTR_WITHDRAWAL_OF_UNKNOWN, pdu, "withdrawn, and not announced");
		break;
	case RPKI_TOO_MANY:
		rtr_refuse(r, RTR_INTERNAL_ERROR, pdu, "more records than are taken");
		break;
	case RPKI_NO_MEMORY:
		rtr_refuse(r, RTR_INTERNAL_ERROR, pdu, "no memory");
		break;
	}
}

/* Nothing but data stands in an answer, and data nowhere else. */
static bool
is_loading(struct rtr *r, const struct pdu *pdu)
{
	if (r->status.state == RTR_LOADING)
		return true;
	rtr_refuse(r, RTR_CORRUPT_DATA, pdu, "data without a Cache Response");
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
		rtr_refuse(r, RTR_CORRUPT_DATA, pdu, "lengths that cannot be");
		return;
	}
	struct ip ip = {.family = (uint8_t)family};
	memcpy(ip.octets, octets, sizeof(octets));
	vrp.prefix = prefix_of(ip, length);
	if (!ip_equal(vrp.prefix.ip, ip)) {
		rtr_refuse(r, RTR_CORRUPT_DATA, pdu, "bits beyond the prefix's length");
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
			rtr_refuse(r, RTR_CORRUPT_DATA, pdu, "an ASPA withdrawn with providers");
		else
			take_result(r, pdu, rpki_withdraw_aspa(r->table, r->source, customer));
		return;
	}
	if (!read_providers(&pdu->body, providers, count)) {
		rtr_refuse(r, RTR_ASPA_PROVIDER_LIST, pdu,
			   "providers that are not as they must be");
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
		rtr_refuse(r, RTR_CORRUPT_DATA, pdu, "another session identifier");
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
	rtr_take_intervals(r, refresh_s, retry_s, expire_s);
	s->serial = serial;
	s->has_session = true;
	r->data_version = s->version;
	s->updated = r->now;
	s->expires = rtr_after(r, s->expire_s);
	r->backoff_s = 1;
	r->silent = 0;
	rtr_enter(r, RTR_SYNCED, rtr_after(r, s->refresh_s));
}

static void
on_cache_reset(struct rtr *r, struct pdu *pdu)
{
	if (r->status.state != RTR_ASKING || r->asked_reset) {
		rtr_refuse(r, RTR_CORRUPT_DATA, pdu, "Cache Reset without a Serial Query");
		return;
	}
	r->status.has_session = false;
	rtr_ask(r, true);
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
		rtr_lose(r, rtr_wrong_wait(r));
		return;
	}
	r->status.version = theirs < asked ? theirs : (uint8_t)(asked - 1);
	r->downgraded = true;
	rtr_ask_what_fits(r);
}

static void
on_error_report(struct rtr *r, struct pdu *pdu)
{
	struct rtr_status *s = &r->status;
	struct cursor inner = cursor_sub(&pdu->body, cursor_u32(&pdu->body));
	struct cursor text = cursor_sub(&pdu->body, cursor_u32(&pdu->body));
	s->errors_received++;
	if (pdu->body.failed || inner.failed || text.failed) {
		rtr_note(r, "received an Error Report that cannot be read");
		rtr_lose(r, rtr_wrong_wait(r));
		return;
	}
	rtr_note(r, "received %s%s", rtr_error_name(pdu->field), cursor_left(&text) ? ": " : "");
	quote(s->error, sizeof(s->error), text);
	if (pdu->field == RTR_UNSUPPORTED_VERSION) {
		on_unsupported(r, pdu->version);
	} else if (pdu->field == RTR_NO_DATA && s->state == RTR_ASKING) {
		/* Not fatal: the cache is still filling itself (section 8.4). */
		if (!r->negotiated && pdu->version <= s->version) {
			s->version = pdu->version;
			r->negotiated = true;
		}
		rtr_enter(r, RTR_EMPTY, rtr_after(r, rtr_wrong_wait(r)));
	} else {
		rtr_lose(r, rtr_wrong_wait(r));
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
		rtr_refuse(r, RTR_INVALID_REQUEST, pdu, "a query to a router");
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
	rtr_refuse(r, RTR_UNSUPPORTED_PDU, pdu, "not a PDU of this version");
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
		rtr_refuse(r, s->version ? RTR_UNEXPECTED_VERSION : RTR_UNSUPPORTED_VERSION, pdu,
			   "the version changed");
		return false;
	}
	if (pdu->version > s->version) {
		rtr_refuse(r, RTR_UNSUPPORTED_VERSION, pdu, "a version that was not asked for");
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
		rtr_note(r, "received an Error Report that cannot be read");
		rtr_lose(r, rtr_wrong_wait(r));
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
	rtr_refuse(r, RTR_CORRUPT_DATA, pdu, "a length that cannot be");
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
			r->due = rtr_after(r, rtr_timeout_s(r));
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

size_t
rtr_take_pdus(struct rtr *r, const uint8_t *octets, size_t length)
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
