/* OPEN and its capabilities. The parameters and the capabilities inside are lists of (type, length,
 * value); each value is read in a cursor of its own, so that a bad one cannot shift what follows.
 */
#include "exchange/bgp/bgp_open.h"

#include <assert.h>
#include <string.h>

#include "exchange/bgp/bgp_sr.h"

enum {
	VERSION = 4,
	PARAMETER_CAPABILITIES = 2,
	PARAMETER_EXTENDED = 255, /* RFC 9072 */
	AFI_IPV4 = 1,
	AFI_IPV6 = 2,
	SAFI_UNICAST = 1,
	SAFI_FLOW = 133, /* RFC 8955 section 4 */
};

enum capability {
	CAPABILITY_MULTIPROTOCOL = 1,
	CAPABILITY_REFRESH = 2,
	CAPABILITY_EXTENDED_NEXT_HOP = 5,
	CAPABILITY_EXTENDED_MESSAGES = 6,
	CAPABILITY_ROLE = 9,
	CAPABILITY_RESTART = 64,
	CAPABILITY_AS4 = 65,
	CAPABILITY_ADD_PATH = 69,
	CAPABILITY_ENHANCED_REFRESH = 70,
	CAPABILITY_LONG_LIVED = 71,
	CAPABILITY_FQDN = 73,
};

/* What the reading of one OPEN carries along. */
struct reading {
	struct bgp_open open;
	struct bgp_error error;
	uint32_t as4; /* of the capability */
};

static int
refuse(struct reading *r, uint8_t subcode)
{
	r->error = (struct bgp_error){BGP_ERR_OPEN, subcode, {0}};
	return -1;
}

/* RFC 4760 section 8. The length decides whether we understand each other at all: an error. */
static int
read_multiprotocol(struct reading *r, struct cursor value)
{
	if (cursor_left(&value) != 4)
		return refuse(r, BGP_ERR_OPEN_UNSPECIFIC);
	uint16_t afi = cursor_u16(&value);
	cursor_skip(&value, 1);
	uint8_t safi = cursor_u8(&value);
	struct bgp_capabilities *c = &r->open.capabilities;
	c->multiprotocol = true;
	c->ipv4 |= afi == AFI_IPV4 && safi == SAFI_UNICAST;
	c->ipv6 |= afi == AFI_IPV6 && safi == SAFI_UNICAST;
	c->flow_ipv4 |= afi == AFI_IPV4 && safi == SAFI_FLOW;
	c->flow_ipv6 |= afi == AFI_IPV6 && safi == SAFI_FLOW;
	c->sr_ipv4 |= afi == AFI_IPV4 && safi == SAFI_SR_POLICY;
	c->sr_ipv6 |= afi == AFI_IPV6 && safi == SAFI_SR_POLICY;
	return 0;
}

static int
read_as4(struct reading *r, struct cursor value)
{
	if (cursor_left(&value) != 4)
		return refuse(r, BGP_ERR_OPEN_UNSPECIFIC);
	uint32_t number = cursor_u32(&value);
	/* RFC 7607 section 2; twice and different is as wrong as any other number. */
	if (!number || (r->open.capabilities.as4 && number != r->as4))
		return refuse(r, BGP_ERR_OPEN_AS);
	r->open.capabilities.as4 = true;
	r->as4 = number;
	return 0;
}

/* RFC 8950 section 4: <AFI, SAFI in 2 octets, next hop AFI>. */
static void
read_extended_next_hop(struct bgp_capabilities *c, struct cursor value)
{
	while (cursor_left(&value) >= 6) {
		uint16_t afi = cursor_u16(&value);
		uint16_t safi = cursor_u16(&value);
		uint16_t next_hop = cursor_u16(&value);
		c->extended_next_hop |=
			afi == AFI_IPV4 && safi == SAFI_UNICAST && next_hop == AFI_IPV6;
	}
}

/* RFC 4724 section 3, RFC 8538 section 2: of several the last counts. A length that does not fit
 * makes it absent. */
static void
read_restart(struct bgp_capabilities *c, struct cursor value)
{
	if (cursor_left(&value) < 2 || (cursor_left(&value) - 2) % 4)
		return;
	c->restart_ipv4 = c->restart_ipv6 = c->restart_ipv4_kept = c->restart_ipv6_kept = false;
	uint16_t word = cursor_u16(&value);
	c->graceful_restart = true;
	c->restarting = word & 0x8000;
	c->restart_notified = word & 0x4000;
	c->restart_time_s = word & 0x0fff;
	while (cursor_left(&value) >= 4) {
		uint16_t afi = cursor_u16(&value);
		uint8_t safi = cursor_u8(&value);
		bool kept = cursor_u8(&value) & 0x80;
		if (safi != SAFI_UNICAST)
			continue;
		c->restart_ipv4 |= afi == AFI_IPV4;
		c->restart_ipv6 |= afi == AFI_IPV6;
		c->restart_ipv4_kept |= afi == AFI_IPV4 && kept;
		c->restart_ipv6_kept |= afi == AFI_IPV6 && kept;
	}
}

/* Long-lived graceful restart as if it had not been said. */
static void
forget_long_lived(struct bgp_capabilities *c)
{
	c->long_lived = c->stale_ipv4_kept = c->stale_ipv6_kept = false;
	c->stale_ipv4_s = c->stale_ipv6_s = 0;
}

/* RFC 9494 section 3.1: <AFI, SAFI, flags, time in 3 octets>; of several the last counts. A length
 * that does not fit makes it absent. */
static void
read_long_lived(struct bgp_capabilities *c, struct cursor value)
{
	if (cursor_left(&value) % 7)
		return;
	forget_long_lived(c);
	c->long_lived = true;
	while (cursor_left(&value)) {
		uint16_t afi = cursor_u16(&value);
		uint8_t safi = cursor_u8(&value);
		bool kept = cursor_u8(&value) & 0x80;
		uint32_t stale_s = (uint32_t)cursor_uint(&value, 3);
		if (safi != SAFI_UNICAST)
			continue;
		if (afi == AFI_IPV4) {
			c->stale_ipv4_s = stale_s;
			c->stale_ipv4_kept = kept;
		} else if (afi == AFI_IPV6) {
			c->stale_ipv6_s = stale_s;
			c->stale_ipv6_kept = kept;
		}
	}
}

/* RFC 7911 section 4: values other than 1 to 3 are ignored. */
static void
read_add_path(struct bgp_capabilities *c, struct cursor value)
{
	while (cursor_left(&value) >= 4) {
		uint16_t afi = cursor_u16(&value);
		uint8_t safi = cursor_u8(&value);
		uint8_t what = cursor_u8(&value);
		if (safi != SAFI_UNICAST || what < 1 || what > 3)
			continue;
		if (afi == AFI_IPV4)
			c->add_path_ipv4 = what;
		else if (afi == AFI_IPV6)
			c->add_path_ipv6 = what;
	}
}

/* RFC 9234 section 4.2: different roles at once are refused. */
static int
read_role(struct reading *r, struct cursor value)
{
	if (cursor_left(&value) != 1)
		return 0;
	uint8_t role = cursor_u8(&value);
	if (role == BGP_ROLE_NONE)
		role = BGP_ROLE_UNKNOWN;
	struct bgp_capabilities *c = &r->open.capabilities;
	if (c->role != BGP_ROLE_NONE && c->role != role)
		return refuse(r, BGP_ERR_OPEN_ROLE);
	c->role = role;
	return 0;
}

static void
read_host_name(struct bgp_capabilities *c, struct cursor value)
{
	struct cursor name = cursor_sub(&value, cursor_u8(&value));
	size_t used = 0;
	while (cursor_left(&name) && used < sizeof(c->host_name) - 1) {
		uint8_t octet = cursor_u8(&name);
		c->host_name[used++] = octet > 0x20 && octet < 0x7f ? (char)octet : '?';
	}
	c->host_name[used] = 0;
}

static int
read_capability(struct reading *r, uint8_t code, struct cursor value)
{
	struct bgp_capabilities *c = &r->open.capabilities;
	switch (code) {
	case CAPABILITY_MULTIPROTOCOL:
		return read_multiprotocol(r, value);
	case CAPABILITY_AS4:
		return read_as4(r, value);
	case CAPABILITY_ROLE:
		return read_role(r, value);
	case CAPABILITY_REFRESH:
		c->refresh = true;
		return 0;
	case CAPABILITY_ENHANCED_REFRESH:
		c->enhanced_refresh = true;
		return 0;
	case CAPABILITY_EXTENDED_MESSAGES:
		c->extended_messages = true;
		return 0;
	case CAPABILITY_EXTENDED_NEXT_HOP:
		read_extended_next_hop(c, value);
		return 0;
	case CAPABILITY_RESTART:
		read_restart(c, value);
		return 0;
	case CAPABILITY_LONG_LIVED:
		read_long_lived(c, value);
		return 0;
	case CAPABILITY_ADD_PATH:
		read_add_path(c, value);
		return 0;
	case CAPABILITY_FQDN:
		read_host_name(c, value);
		return 0;
	default:
		if (c->unknown_count < UINT8_MAX)
			c->unknown_count++;
		return 0;
	}
}

static int
read_capabilities(struct reading *r, struct cursor list)
{
	while (cursor_left(&list)) {
		uint8_t code = cursor_u8(&list);
		struct cursor value = cursor_sub(&list, cursor_u8(&list));
		if (value.failed)
			return refuse(r, BGP_ERR_OPEN_UNSPECIFIC);
		if (read_capability(r, code, value) < 0)
			return -1;
	}
	return 0;
}

/* All of what follows the fixed part. RFC 9072 section 2: the first type 255 says that the lengths
 * have two octets, whatever the non-zero length before it. */
static int
read_parameters(struct reading *r, struct cursor rest)
{
	size_t length = cursor_u8(&rest);
	struct cursor ahead = rest;
	bool extended = length && cursor_u8(&ahead) == PARAMETER_EXTENDED && !ahead.failed;
	if (extended) {
		rest = ahead;
		length = cursor_u16(&rest);
	}
	if (rest.failed || length != cursor_left(&rest))
		return refuse(r, BGP_ERR_OPEN_UNSPECIFIC);
	while (cursor_left(&rest)) {
		uint8_t type = cursor_u8(&rest);
		size_t value_length = extended ? cursor_u16(&rest) : cursor_u8(&rest);
		struct cursor value = cursor_sub(&rest, value_length);
		if (value.failed)
			return refuse(r, BGP_ERR_OPEN_UNSPECIFIC);
		if (type != PARAMETER_CAPABILITIES)
			return refuse(r, BGP_ERR_OPEN_PARAMETER);
		if (read_capabilities(r, value) < 0)
			return -1;
	}
	return 0;
}

/* Which of the two AS numbers counts, and whether they agree (RFC 6793 section 4.1). */
static int
settle_asn(struct reading *r, uint16_t as2)
{
	r->open.asn.number = r->open.capabilities.as4 ? r->as4 : as2;
	if (!as2 || (r->open.capabilities.as4 && as2 != ASN_TRANS && as2 != r->as4))
		return refuse(r, BGP_ERR_OPEN_AS);
	return 0;
}

static int
read_body(struct reading *r, struct cursor body)
{
	static const uint8_t best_version[2] = {0, VERSION};
	if (cursor_left(&body) < 10)
		return refuse(r, BGP_ERR_OPEN_UNSPECIFIC);
	if (cursor_u8(&body) != VERSION) {
		r->error = (struct bgp_error){BGP_ERR_OPEN, BGP_ERR_OPEN_VERSION,
					      cursor_of(best_version, sizeof(best_version))};
		return -1;
	}
	uint16_t as2 = cursor_u16(&body);
	r->open.hold_time_s = cursor_u16(&body);
	r->open.router_id = cursor_u32(&body);
	if (read_parameters(r, body) < 0 || settle_asn(r, as2) < 0)
		return -1;
	/* RFC 6286 section 2.1: any number but 0. */
	if (!r->open.router_id)
		return refuse(r, BGP_ERR_OPEN_ID);
	if (r->open.hold_time_s == 1 || r->open.hold_time_s == 2)
		return refuse(r, BGP_ERR_OPEN_HOLD);
	if (!r->open.capabilities.graceful_restart) /* RFC 9494 section 4.1 */
		forget_long_lived(&r->open.capabilities);
	if (!r->open.capabilities.multiprotocol)
		r->open.capabilities.ipv4 = true;
	return 0;
}

int
bgp_open_read(struct bgp_open *out, struct bgp_error *error, struct cursor body)
{
	struct reading r = {.open.capabilities.role = BGP_ROLE_NONE};
	if (read_body(&r, body) < 0) {
		*error = r.error;
		return -1;
	}
	*out = r.open;
	return 0;
}

static void
put_family(struct buf *to, uint16_t afi, uint16_t safi)
{
	buf_u8(to, CAPABILITY_MULTIPROTOCOL);
	buf_u8(to, 4);
	buf_u16(to, afi);
	buf_u16(to, safi);
}

static void
put_flag(struct buf *to, bool wanted, uint8_t code)
{
	if (!wanted)
		return;
	buf_u8(to, code);
	buf_u8(to, 0);
}

static void
put_add_path(struct buf *to, const struct bgp_capabilities *c)
{
	unsigned families = (c->add_path_ipv4 != 0) + (c->add_path_ipv6 != 0);
	if (!families)
		return;
	buf_u8(to, CAPABILITY_ADD_PATH);
	buf_u8(to, (uint8_t)(4 * families));
	for (unsigned afi = AFI_IPV4; afi <= AFI_IPV6; afi++) {
		uint8_t what = afi == AFI_IPV4 ? c->add_path_ipv4 : c->add_path_ipv6;
		if (!what)
			continue;
		buf_u16(to, (uint16_t)afi);
		buf_u8(to, SAFI_UNICAST);
		buf_u8(to, what);
	}
}

static void
put_restart(struct buf *to, const struct bgp_capabilities *c)
{
	if (!c->graceful_restart)
		return;
	buf_u8(to, CAPABILITY_RESTART);
	buf_u8(to, (uint8_t)(2 + 4 * (c->restart_ipv4 + c->restart_ipv6)));
	buf_u16(to, (uint16_t)((c->restarting ? 0x8000 : 0) | (c->restart_notified ? 0x4000 : 0) |
			       (c->restart_time_s & 0x0fff)));
	if (c->restart_ipv4) {
		buf_u16(to, AFI_IPV4);
		buf_u8(to, SAFI_UNICAST);
		buf_u8(to, c->restart_ipv4_kept ? 0x80 : 0);
	}
	if (c->restart_ipv6) {
		buf_u16(to, AFI_IPV6);
		buf_u8(to, SAFI_UNICAST);
		buf_u8(to, c->restart_ipv6_kept ? 0x80 : 0);
	}
}

static void
put_stale(struct buf *to, uint16_t afi, bool kept, uint32_t stale_s)
{
	buf_u16(to, afi);
	buf_u8(to, SAFI_UNICAST);
	buf_u8(to, kept ? 0x80 : 0);
	buf_u8(to, (uint8_t)(stale_s >> 16));
	buf_u16(to, (uint16_t)stale_s);
}

static void
put_long_lived(struct buf *to, const struct bgp_capabilities *c)
{
	unsigned families = (c->stale_ipv4_s != 0) + (c->stale_ipv6_s != 0);
	if (!c->graceful_restart || !c->long_lived)
		return;
	buf_u8(to, CAPABILITY_LONG_LIVED);
	buf_u8(to, (uint8_t)(7 * families));
	if (c->stale_ipv4_s)
		put_stale(to, AFI_IPV4, c->stale_ipv4_kept, c->stale_ipv4_s);
	if (c->stale_ipv6_s)
		put_stale(to, AFI_IPV6, c->stale_ipv6_kept, c->stale_ipv6_s);
}

static void
put_host_name(struct buf *to, const char *name)
{
	size_t length = strlen(name);
	if (!length)
		return;
	buf_u8(to, CAPABILITY_FQDN);
	buf_u8(to, (uint8_t)(length + 2));
	buf_u8(to, (uint8_t)length);
	buf_put(to, name, length);
	buf_u8(to, 0); /* no domain */
}

static void
put_capabilities(struct buf *to, const struct bgp_open *open)
{
	const struct bgp_capabilities *c = &open->capabilities;
	if (c->ipv4)
		put_family(to, AFI_IPV4, SAFI_UNICAST);
	if (c->ipv6)
		put_family(to, AFI_IPV6, SAFI_UNICAST);
	if (c->flow_ipv4)
		put_family(to, AFI_IPV4, SAFI_FLOW);
	if (c->flow_ipv6)
		put_family(to, AFI_IPV6, SAFI_FLOW);
	if (c->sr_ipv4)
		put_family(to, AFI_IPV4, SAFI_SR_POLICY);
	if (c->sr_ipv6)
		put_family(to, AFI_IPV6, SAFI_SR_POLICY);
	put_flag(to, c->refresh, CAPABILITY_REFRESH);
	if (c->extended_next_hop) {
		buf_u8(to, CAPABILITY_EXTENDED_NEXT_HOP);
		buf_u8(to, 6);
		buf_u16(to, AFI_IPV4);
		buf_u16(to, SAFI_UNICAST);
		buf_u16(to, AFI_IPV6);
	}
	put_flag(to, c->extended_messages, CAPABILITY_EXTENDED_MESSAGES);
	if (c->role != BGP_ROLE_NONE) {
		buf_u8(to, CAPABILITY_ROLE);
		buf_u8(to, 1);
		buf_u8(to, c->role);
	}
	put_restart(to, c);
	if (c->as4) {
		buf_u8(to, CAPABILITY_AS4);
		buf_u8(to, 4);
		buf_u32(to, open->asn.number);
	}
	put_add_path(to, c);
	put_flag(to, c->enhanced_refresh, CAPABILITY_ENHANCED_REFRESH);
	put_long_lived(to, c);
	put_host_name(to, c->host_name);
}

void
bgp_open_write(struct buf *to, const struct bgp_open *open)
{
	assert(open->capabilities.as4 || open->asn.number <= UINT16_MAX);
	size_t start = to->length;
	buf_u64(to, UINT64_MAX);
	buf_u64(to, UINT64_MAX);
	buf_u16(to, 0);
	buf_u8(to, BGP_OPEN);
	buf_u8(to, VERSION);
	buf_u16(to, open->asn.number > UINT16_MAX ? ASN_TRANS : (uint16_t)open->asn.number);
	buf_u16(to, open->hold_time_s);
	buf_u32(to, open->router_id);
	size_t at = to->length;
	buf_u8(to, 0);
	buf_u8(to, PARAMETER_CAPABILITIES);
	buf_u8(to, 0);
	put_capabilities(to, open);
	if (to->failed)
		return;
	/* All that we can say stays far below 255 octets: RFC 9072 is for reading only. */
	size_t parameters = to->length - at - 1;
	assert(parameters <= UINT8_MAX);
	if (parameters == 2)
		to->length -= 2; /* no capability at all: no parameter either */
	else
		to->data[at + 2] = (uint8_t)(parameters - 2);
	to->data[at] = parameters == 2 ? 0 : (uint8_t)parameters;
	buf_set_u16(to, start + 16, (uint16_t)(to->length - start));
}
