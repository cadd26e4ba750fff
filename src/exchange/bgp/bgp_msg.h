/* BGP messages other than OPEN and UPDATE: header, KEEPALIVE, NOTIFICATION, ROUTE-REFRESH
 * (RFC 4271 section 4 and 6.1, 8538, 9003, 2918, 7313, 8654). Pure: octets in, values out. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/ip.h"

enum bgp_type {
	BGP_OPEN = 1,
	BGP_UPDATE = 2,
	BGP_NOTIFICATION = 3,
	BGP_KEEPALIVE = 4,
	BGP_REFRESH = 5,
};

enum {
	BGP_HEADER = 19,          /* octets before the body */
	BGP_MAX = 4096,           /* octets of a message, header included */
	BGP_MAX_EXTENDED = 65535, /* when both sides announced RFC 8654; never OPEN or KEEPALIVE */
	BGP_TEXT_MAX = 255,       /* octets of a shutdown text, RFC 9003 */
};

enum bgp_error_code {
	BGP_ERR_HEADER = 1,
	BGP_ERR_OPEN = 2,
	BGP_ERR_UPDATE = 3,
	BGP_ERR_HOLD = 4,
	BGP_ERR_FSM = 5,
	BGP_ERR_CEASE = 6,
	BGP_ERR_REFRESH = 7,
	BGP_ERR_SEND_HOLD = 8, /* RFC 9687 */
};

enum bgp_error_subcode {
	BGP_ERR_HEADER_SYNC = 1,
	BGP_ERR_HEADER_LENGTH = 2,
	BGP_ERR_HEADER_TYPE = 3,
	BGP_ERR_OPEN_UNSPECIFIC = 0,
	BGP_ERR_OPEN_VERSION = 1,
	BGP_ERR_OPEN_AS = 2,
	BGP_ERR_OPEN_ID = 3,
	BGP_ERR_OPEN_PARAMETER = 4,
	BGP_ERR_OPEN_HOLD = 6,
	BGP_ERR_OPEN_CAPABILITY = 7, /* RFC 5492 */
	BGP_ERR_OPEN_ROLE = 11,      /* RFC 9234 */
	BGP_ERR_UPDATE_LIST = 1,
	BGP_ERR_UPDATE_WELL_KNOWN = 2,
	BGP_ERR_UPDATE_OPTIONAL = 9,
	BGP_ERR_UPDATE_NETWORK = 10,
	BGP_ERR_FSM_OPEN_SENT = 1, /* RFC 6608 */
	BGP_ERR_FSM_OPEN_CONFIRM = 2,
	BGP_ERR_FSM_ESTABLISHED = 3,
	BGP_CEASE_MAX_PREFIXES = 1, /* RFC 4486 */
	BGP_CEASE_SHUTDOWN = 2,
	BGP_CEASE_DECONFIGURED = 3,
	BGP_CEASE_RESET = 4,
	BGP_CEASE_REJECTED = 5,
	BGP_CEASE_CHANGED = 6,
	BGP_CEASE_COLLISION = 7,
	BGP_CEASE_RESOURCES = 8,
	BGP_CEASE_HARD_RESET = 9,   /* RFC 8538 */
	BGP_CEASE_BFD_DOWN = 10,    /* RFC 9384 */
	BGP_ERR_REFRESH_LENGTH = 1, /* RFC 7313 */
};

/* What to say in a NOTIFICATION. `data` points into the message at fault or to constants. */
struct bgp_error {
	uint8_t code, subcode;
	struct cursor data;
};

/* "UPDATE message error: malformed attribute list", "Cease: administrative shutdown"; numbers where
 * there is no name. */
void bgp_error_text(struct buf *to, uint8_t code, uint8_t subcode);

/* The header of the next message. */
struct bgp_header {
	uint8_t type;    /* enum bgp_type */
	uint16_t length; /* whole message */
};

/* Reads and judges a header: marker, type, length by type (RFC 4271 section 6.1). `header` holds at
 * least BGP_HEADER octets. 0, or -1 and *error. A ROUTE-REFRESH of odd length passes (its reader
 * ignores it), and so does a NOTIFICATION that is too short: an error in it is never answered with
 * another one (section 6.4). */
int bgp_header_read(struct bgp_header *out, struct bgp_error *error, struct cursor header,
		    uint16_t max_length);

/* These append one whole message. */
void bgp_keepalive_write(struct buf *to);
void bgp_notification_write(struct buf *to, struct bgp_error error);
/* Cease with a text for the other's operator (RFC 9003); cut at BGP_TEXT_MAX octets between UTF-8
 * characters. `text` may be NULL. */
void bgp_cease_write(struct buf *to, uint8_t subcode, const char *text);
/* As bgp_cease_write, inside a Hard Reset (RFC 8538 section 3.1): nothing of the session is to be
 * kept. Only for those who announced that they understand it. */
void bgp_hard_reset_write(struct buf *to, uint8_t subcode, const char *text);
/* The same around a NOTIFICATION that has data of its own. */
void bgp_hard_reset_wrap(struct buf *to, struct bgp_error error);
/* Appends the data of Cease/1, "maximum number of prefixes reached" (RFC 4486 section 4): the family
 * and the bound. */
void bgp_max_prefixes_put(struct buf *to, enum ip_family family, uint32_t max);

struct bgp_notification {
	uint8_t code, subcode; /* of a Hard Reset: those inside it */
	bool hard;             /* came as a Hard Reset */
	struct cursor data;
	/* RFC 9003, control characters and bad UTF-8 replaced; of Cease/1 its bound in words; or "" */
	char text[BGP_TEXT_MAX + 1];
};

/* Never fails: of a body that is too short, code and subcode are 0. */
void bgp_notification_read(struct bgp_notification *out, struct cursor body);

enum bgp_refresh_kind {
	BGP_REFRESH_ASK,
	BGP_REFRESH_BEGIN,     /* RFC 7313: all routes of the family follow ... */
	BGP_REFRESH_END,       /* ... up to here */
	BGP_REFRESH_MALFORMED, /* one of these two with a wrong length: an error by RFC 7313 section 5,
				  where that was agreed on; no family */
};

struct bgp_refresh {
	enum ip_family family;
	bool flow; /* of rules about traffic (RFC 8955), not of routes */
	bool sr;   /* of SR policies (RFC 9830) */
	enum bgp_refresh_kind kind;
};

/* `kind` is none of the malformed. */
void bgp_refresh_write(struct buf *to, enum ip_family family, enum bgp_refresh_kind kind);
/* 0, or -1 for what is to be ignored: a request of a wrong length, other families, unknown subtypes
 * (RFC 7313 section 5). */
int bgp_refresh_read(struct bgp_refresh *out, struct cursor body);
