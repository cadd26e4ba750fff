/* The picture of a hub: look-ups. */
#include "hub/hub.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "hub/hub_lookup.h"

void
hub_free(struct hub *hub)
{
	if (hub)
		arena_free(hub->arena); /* the picture itself lives there too */
}

static uint32_t
by_bytes(const struct hub *hub, enum hub_index by, const void *key, size_t length)
{
	return hub_lookup_find(hub->lookup, by, key, length);
}

static uint32_t
by_text(const struct hub *hub, enum hub_index by, const char *text)
{
	return hub_lookup_find(hub->lookup, by, text, strlen(text));
}

uint32_t
hub_member_by_asn(const struct hub *hub, struct asn asn)
{
	if (hub->lookup)
		return by_bytes(hub, HUB_BY_ASN, &asn, sizeof(asn));
	for (size_t i = 0; i < hub->member_count; i++)
		if (hub->members[i].asn.number == asn.number)
			return (uint32_t)i;
	return HUB_NONE;
}

uint32_t
hub_member_by_name(const struct hub *hub, const char *name_or_asn)
{
	struct asn asn;
	assert(name_or_asn);
	if (asn_parse(&asn, name_or_asn) == 0) {
		uint32_t member = hub_member_by_asn(hub, asn);
		if (member != HUB_NONE)
			return member;
	}
	if (hub->lookup)
		return by_text(hub, HUB_BY_MEMBER_NAME, name_or_asn);
	for (size_t i = 0; i < hub->member_count; i++) {
		const struct hub_member *m = &hub->members[i];
		if ((m->name && strcmp(m->name, name_or_asn) == 0) ||
		    (m->short_name && strcmp(m->short_name, name_or_asn) == 0))
			return (uint32_t)i;
	}
	return HUB_NONE;
}

/* The look-ups by an id differ in the array only. */
#define FIND_BY_ID(array, number)                                                                  \
	for (size_t i = 0; i < hub->number; i++)                                                   \
		if (hub->array[i].id && strcmp(hub->array[i].id, id) == 0)                         \
			return (uint32_t)i;                                                        \
	return HUB_NONE

uint32_t
hub_port_by_id(const struct hub *hub, const char *id)
{
	assert(id);
	if (hub->lookup)
		return by_text(hub, HUB_BY_PORT, id);
	FIND_BY_ID(ports, port_count);
}

uint32_t
hub_session_by_id(const struct hub *hub, const char *id)
{
	assert(id);
	if (hub->lookup)
		return by_text(hub, HUB_BY_SESSION, id);
	FIND_BY_ID(sessions, session_count);
}

uint32_t
hub_segment_by_id(const struct hub *hub, const char *id)
{
	assert(id);
	if (hub->lookup)
		return by_text(hub, HUB_BY_SEGMENT, id);
	FIND_BY_ID(segments, segment_count);
}

uint32_t
hub_router_by_name(const struct hub *hub, const char *name)
{
	assert(name);
	if (hub->lookup)
		return by_text(hub, HUB_BY_ROUTER, name);
	for (uint32_t i = 0; i < hub->pcep.router_count; i++)
		if (strcmp(hub->pcep.routers[i].name, name) == 0)
			return i;
	return HUB_NONE;
}

/* While a file is read, an end may be a site that there is not. */
static bool
lies_in(const struct hub *hub, uint32_t site, const char *code)
{
	return site < hub->site_count && strcasecmp(hub->sites[site].country.code, code) == 0;
}

bool
hub_segment_crosses(const struct hub *hub, const struct hub_segment *segment, const char *code)
{
	for (size_t i = 0; i < segment->country_count; i++)
		if (strcasecmp(segment->countries[i].code, code) == 0)
			return true;
	return segment->country_count == 0 && code[0] &&
	       (lies_in(hub, segment->a, code) || lies_in(hub, segment->b, code));
}

uint32_t
hub_contract_by_id(const struct hub *hub, const char *id)
{
	assert(id);
	if (hub->lookup)
		return by_text(hub, HUB_BY_CONTRACT, id);
	FIND_BY_ID(contracts, contract_count);
}

uint32_t
hub_party_by_id(const struct hub *hub, const char *id)
{
	assert(id);
	if (hub->lookup)
		return by_text(hub, HUB_BY_PARTY, id);
	FIND_BY_ID(parties, party_count);
}

uint32_t
hub_session_by_address(const struct hub *hub, struct ip address)
{
	if (hub->lookup)
		return by_bytes(hub, HUB_BY_SESSION_ADDRESS, &address, sizeof(address));
	for (size_t i = 0; i < hub->session_count; i++)
		if (ip_equal(hub->sessions[i].address, address))
			return (uint32_t)i;
	return HUB_NONE;
}

uint32_t
hub_exporter_by_id(const struct hub *hub, const char *id)
{
	assert(id);
	if (hub->lookup)
		return by_text(hub, HUB_BY_EXPORTER, id);
	FIND_BY_ID(exporters, exporter_count);
}

uint32_t
hub_port_exporter(const struct hub *hub, const struct hub_port *port)
{
	return port->exporter == HUB_NONE && hub->exporter_count == 1 ? 0 : port->exporter;
}

uint32_t
hub_port_by_interface(const struct hub *hub, uint32_t exporter, const char *name)
{
	uint8_t key[HUB_INTERFACE_KEY];
	size_t length = hub_lookup_interface(key, exporter, name);
	if (hub->lookup && length)
		return by_bytes(hub, HUB_BY_INTERFACE_NAME, key, length);
	for (size_t i = 0; i < hub->port_count; i++)
		if (hub->ports[i].interface && strcmp(hub->ports[i].interface, name) == 0 &&
		    hub_port_exporter(hub, &hub->ports[i]) == exporter)
			return (uint32_t)i;
	return HUB_NONE;
}

const struct hub_member *
hub_contract_payer(const struct hub *hub, const struct hub_contract *contract)
{
	return contract->member == HUB_NONE ? contract->stand_in : &hub->members[contract->member];
}

bool
hub_contract_is_of(const struct hub_contract *contract, uint32_t member, uint32_t party)
{
	return contract->member == HUB_NONE ? party != HUB_NONE && contract->party == party
					    : contract->member == member;
}

bool
hub_contract_goes_by_traffic(const struct hub_contract *contract)
{
	for (size_t i = 0; i < contract->charge_count; i++) {
		enum hub_charge_kind kind = contract->charges[i].kind;
		if (kind == HUB_CHARGE_COMMIT || kind == HUB_CHARGE_TIERS ||
		    kind == HUB_CHARGE_SLABS || kind == HUB_CHARGE_TRANSIT ||
		    kind == HUB_CHARGE_VOLUME || kind == HUB_CHARGE_BURST)
			return true;
	}
	return contract->kind == HUB_COMMIT;
}

const char *
hub_called(const struct hub *hub)
{
	return hub->short_name ? hub->short_name : hub->name;
}

const char *
hub_member_kind_name(enum hub_member_kind kind)
{
	static const char *const names[] = {
		[HUB_CARRIER] = "carrier",
		[HUB_CONTENT] = "content",
		[HUB_CLOUD] = "cloud",
		[HUB_ACCESS] = "access",
		[HUB_TRANSIT_CUSTOMER] = "transit customer",
	};
	assert((size_t)kind < sizeof(names) / sizeof(names[0]));
	return names[kind];
}
