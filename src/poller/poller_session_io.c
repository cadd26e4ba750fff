/* The library's session, single-session form: sockets and times are ours, messages are its. */
#include "poller/poller_session_io.h"

#include <errno.h>
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
/* after those two */
#include <net-snmp/library/large_fd_set.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret_io.h"

enum { OID_WORDS = 32, UNITS_A_SECOND = 1000000 };
/* sysUpTime; GETBULK asks for what follows a name. */
static const uint32_t uptime_oid[] = {1, 3, 6, 1, 2, 1, 1, 3};

struct poller_session {
	void *handle; /* the library's */
	struct poller_events events;
	struct poller_engine engine;
	bool discovering;
	bool keeps_user; /* a user of the library's is ours, and is taken away again */
};

void
poller_session_library(void)
{
	(void)setenv("MIBS", "", 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE, 1);
	netsnmp_set_mib_directory("");
	snmp_disable_log();
	init_snmp("sarai");
}

/* --- what comes --- */

static void
give(struct poller_session *s, const netsnmp_variable_list *v)
{
	uint32_t words[OID_WORDS];
	struct poller_variable out = {.oid = words, .oid_length = v->name_length};
	if (v->name_length > OID_WORDS)
		return;
	for (size_t i = 0; i < v->name_length; i++)
		words[i] = (uint32_t)v->name[i];
	switch (v->type) {
	case ASN_COUNTER64:
		out.is_number = true;
		out.number = (uint64_t)v->val.counter64->high << 32 |
			     (v->val.counter64->low & UINT32_MAX);
		break;
	case ASN_COUNTER:
	case ASN_GAUGE:
	case ASN_TIMETICKS:
	case ASN_INTEGER:
		out.is_number = true;
		out.number = (uint32_t)*v->val.integer;
		break;
	case ASN_OCTET_STR:
		out.text = (const char *)v->val.string;
		out.length = v->val_len;
		break;
	default:
		return; /* the end of the MIB, or what is none of ours */
	}
	s->events.take(s->events.context, &out);
}

static void
give_all(struct poller_session *s, const netsnmp_pdu *pdu)
{
	for (const netsnmp_variable_list *v = pdu->variables; v; v = v->next_variable)
		give(s, v);
	s->events.done(s->events.context, POLLER_ANSWERED, "");
}

static void
take_report(struct poller_session *s, const netsnmp_pdu *pdu)
{
	int type = snmpv3_get_report_type((netsnmp_pdu *)pdu);
	if (type == SNMPERR_NOT_IN_TIME_WINDOW)
		return; /* the library has the time now, and asks again */
	/* Asked for the engine, any report tells it: it may first complain of nobody's name. */
	if (s->discovering && pdu->securityEngineIDLen &&
	    pdu->securityEngineIDLen <= sizeof(s->engine.id)) {
		memcpy(s->engine.id, pdu->securityEngineID, pdu->securityEngineIDLen);
		s->engine.length = pdu->securityEngineIDLen;
		s->events.done(s->events.context, POLLER_ENGINE, "");
		return;
	}
	s->events.done(s->events.context, POLLER_REFUSED, snmp_api_errstring(type));
}

static int
heard(int operation, netsnmp_session *session, int request, netsnmp_pdu *pdu, void *context)
{
	struct poller_session *s = context;
	(void)session;
	(void)request;
	if (operation != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE)
		s->events.done(s->events.context, POLLER_NO_ANSWER,
			       operation == NETSNMP_CALLBACK_OP_TIMED_OUT ? "no answer"
									  : "cannot be sent");
	else if (pdu->command == SNMP_MSG_REPORT)
		take_report(s, pdu);
	else if (pdu->command != SNMP_MSG_RESPONSE)
		s->events.done(s->events.context, POLLER_REFUSED, "the answer is none");
	else if (pdu->errstat == SNMP_ERR_TOOBIG)
		s->events.done(s->events.context, POLLER_TOO_BIG, "the answer would be too big");
	else if (pdu->errstat != SNMP_ERR_NOERROR)
		s->events.done(s->events.context, POLLER_REFUSED,
			       snmp_errstring((int)pdu->errstat));
	else
		give_all(s, pdu);
	return 1;
}

/* --- opening --- */

static int
read_secret(char out[SECRET_MAX], const char *itself, const char *file, char *why, size_t room)
{
	if (secret_read(out, itself, file) == 0)
		return 0;
	(void)snprintf(why, room, "%s: %s", file ? file : "secret", strerror(errno));
	return -1;
}

struct algorithm {
	oid *name;
	size_t length;
};

static struct algorithm
auth_algorithm(enum hub_snmp_auth auth)
{
	switch (auth) {
	case HUB_SNMP_SHA512:
		return (struct algorithm){usmHMAC384SHA512AuthProtocol, 10};
	case HUB_SNMP_SHA:
		return (struct algorithm){usmHMACSHA1AuthProtocol, 10};
	case HUB_SNMP_MD5:
		return (struct algorithm){usmHMACMD5AuthProtocol, 10};
	default:
		return (struct algorithm){usmHMAC192SHA256AuthProtocol, 10};
	}
}

static struct algorithm
privacy_algorithm(enum hub_snmp_privacy privacy)
{
	switch (privacy) {
	case HUB_SNMP_AES256:
		return (struct algorithm){usmAES256PrivProtocol, 9};
	case HUB_SNMP_DES:
		return (struct algorithm){usmDESPrivProtocol, 10};
	default:
		return (struct algorithm){usmAESPrivProtocol, 10};
	}
}

/* The key of a password (RFC 3414 section A.2). */
static int
make_key(u_char *key, size_t *length, struct algorithm a, const char *password)
{
	*length = USM_AUTH_KU_LEN;
	return generate_Ku(a.name, (u_int)a.length, (const u_char *)password, strlen(password), key,
			   length) == SNMPERR_SUCCESS
		       ? 0
		       : -1;
}

static int
sign(netsnmp_session *session, const struct hub_snmp *snmp, char *why, size_t room)
{
	char auth[SECRET_MAX], privacy[SECRET_MAX];
	struct algorithm a = auth_algorithm(snmp->auth), p = privacy_algorithm(snmp->privacy);
	int result = -1;
	if (read_secret(auth, snmp->auth_password, snmp->auth_password_file, why, room) < 0 ||
	    read_secret(privacy, snmp->privacy_password, snmp->privacy_password_file, why, room) <
		    0)
		goto out;
	session->securityLevel = SNMP_SEC_LEVEL_AUTHPRIV;
	session->securityAuthProto = a.name;
	session->securityAuthProtoLen = a.length;
	session->securityPrivProto = p.name;
	session->securityPrivProtoLen = p.length;
	(void)snprintf(why, room, "a password is too short for the library");
	if (make_key(session->securityAuthKey, &session->securityAuthKeyLen, a, auth) == 0 &&
	    make_key(session->securityPrivKey, &session->securityPrivKeyLen, a, privacy) == 0)
		result = 0;
out:
	explicit_bzero(auth, sizeof(auth));
	explicit_bzero(privacy, sizeof(privacy));
	return result;
}

static void
peer_name(char *out, size_t room, const struct hub_exporter *e)
{
	struct ip ip = e->snmp.address.family == IP_NONE ? e->address : e->snmp.address;
	char text[IP_TEXT];
	ip_format(text, ip);
	(void)snprintf(out, room, ip.family == IP_V6 ? "udp6:[%s]:%u" : "udp:%s:%u", text,
		       e->snmp.port);
}

static int
open_handle(struct poller_session *s, netsnmp_session *session, char *why, size_t room)
{
	s->handle = snmp_sess_open(session);
	if (!s->handle) {
		char *text = NULL;
		snmp_error(session, NULL, NULL, &text);
		(void)snprintf(why, room, "%s", text ? text : "cannot be asked");
		free(text);
		return -1;
	}
	if (!s->engine.length)
		return 0;
	/* With the probe left out this is left to us, too. */
	if (usm_create_user_from_session(snmp_sess_session(s->handle)) == SNMPERR_SUCCESS) {
		s->keeps_user = true;
		return 0;
	}
	(void)snprintf(why, room, "the library does not take the user");
	return -1;
}

/* Version 2c: the community is the secret. */
static int
fill_community(netsnmp_session *session, const struct hub_snmp *snmp, char community[], char *why,
	       size_t room)
{
	session->version = SNMP_VERSION_2c;
	if (read_secret(community, snmp->community, snmp->community_file, why, room) < 0)
		return -1;
	session->community = (u_char *)community;
	session->community_len = strlen(community);
	return 0;
}

/* Version 3: signed when the engine is known, else fit to ask for it. The library copies all of it. */
static int
fill_user(netsnmp_session *session, const struct hub_snmp *snmp, struct poller_engine *engine,
	  char *why, size_t room)
{
	static char nobody[] = "";
	session->version = SNMP_VERSION_3;
	session->securityModel = SNMP_SEC_MODEL_USM;
	session->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
	session->securityName = nobody;
	if (!engine->length)
		return 0;
	session->securityName = (char *)(uintptr_t)snmp->user;
	session->securityNameLen = strlen(snmp->user);
	session->securityEngineID = engine->id;
	session->securityEngineIDLen = engine->length;
	return sign(session, snmp, why, room);
}

struct poller_session *
poller_session_open(const struct hub_exporter *exporter, const struct poller_engine *engine,
		    struct poller_events events, char *why, size_t room)
{
	const struct hub_snmp *snmp = &exporter->snmp;
	char peer[IP_TEXT + 16], community[SECRET_MAX] = "";
	netsnmp_session session;
	struct poller_session *s = calloc(1, sizeof(*s));
	(void)snprintf(why, room, "no memory");
	if (!s)
		return NULL;
	s->events = events;
	s->engine = *engine;
	snmp_sess_init(&session);
	peer_name(peer, sizeof(peer), exporter);
	session.peername = peer;
	/* One more where a clock may have to be set first (RFC 3414 section 4). */
	session.retries = (int)snmp->retries + (snmp->version == HUB_SNMP_3);
	session.timeout = (long)snmp->timeout_s * UNITS_A_SECOND;
	session.callback = heard;
	session.callback_magic = s;
	session.flags |= SNMP_FLAGS_DONT_PROBE;
	int result = snmp->version == HUB_SNMP_2C
			     ? fill_community(&session, snmp, community, why, room)
			     : fill_user(&session, snmp, &s->engine, why, room);
	if (result == 0)
		result = open_handle(s, &session, why, room);
	explicit_bzero(community, sizeof(community));
	explicit_bzero(session.securityAuthKey, sizeof(session.securityAuthKey));
	explicit_bzero(session.securityPrivKey, sizeof(session.securityPrivKey));
	if (result == 0)
		return s;
	poller_session_close(s);
	return NULL;
}

void
poller_session_close(struct poller_session *s)
{
	if (!s)
		return;
	/* A user that stays would keep the old keys for the next session of this name. */
	if (s->keeps_user) {
		netsnmp_session *session = snmp_sess_session(s->handle);
		struct usmUser *user =
			usm_get_user(s->engine.id, s->engine.length, session->securityName);
		if (user) {
			(void)usm_remove_user(user);
			(void)usm_free_user(user);
		}
	}
	if (s->handle)
		snmp_sess_close(s->handle);
	free(s);
}

int
poller_session_fd(const struct poller_session *s)
{
	return snmp_sess_transport(s->handle)->sock;
}

const struct poller_engine *
poller_session_engine(const struct poller_session *s)
{
	return &s->engine;
}

/* --- asking --- */

static int
send_pdu(struct poller_session *s, netsnmp_pdu *pdu)
{
	if (pdu && snmp_sess_send(s->handle, pdu))
		return 0;
	if (pdu)
		snmp_free_pdu(pdu);
	return -1;
}

int
poller_session_discover(struct poller_session *s)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);
	if (!pdu)
		return -1;
	s->discovering = true;
	pdu->version = SNMP_VERSION_3;
	pdu->securityName = strdup("");
	pdu->securityNameLen = 0;
	pdu->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
	pdu->securityModel = SNMP_SEC_MODEL_USM;
	return send_pdu(s, pdu);
}

static void
add_name(netsnmp_pdu *pdu, const uint32_t *words, size_t count, int64_t index)
{
	oid name[OID_WORDS];
	for (size_t i = 0; i < count; i++)
		name[i] = words[i];
	if (index > 0)
		name[count++] = (oid)index;
	(void)snmp_add_null_var(pdu, name, count);
}

int
poller_session_ask(struct poller_session *s, uint32_t columns, uint32_t from, unsigned rows)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GETBULK);
	if (!pdu)
		return -1;
	pdu->non_repeaters = 1;
	pdu->max_repetitions = rows;
	add_name(pdu, uptime_oid, sizeof(uptime_oid) / sizeof(uptime_oid[0]), 0);
	for (unsigned i = 0; i < POLLER_COLUMNS; i++)
		if (columns & UINT32_C(1) << i)
			add_name(pdu, poller_columns[i].number, poller_columns[i].length, from);
	return send_pdu(s, pdu);
}

void
poller_session_ready(struct poller_session *s)
{
	netsnmp_large_fd_set set; /* not bounded by FD_SETSIZE */
	netsnmp_large_fd_set_init(&set, FD_SETSIZE);
	netsnmp_large_fd_setfd(poller_session_fd(s), &set);
	(void)snmp_sess_read2(s->handle, &set);
	netsnmp_large_fd_set_cleanup(&set);
}

void
poller_session_tick(struct poller_session *s)
{
	snmp_sess_timeout(s->handle);
}
