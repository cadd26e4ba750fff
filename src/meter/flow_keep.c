/* Blocks of flow records: gathered by member, packed when full or old. */
#include "meter/flow_keep.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/hash.h"

static const char magic[4] = {'S', 'F', 'L', 'B'};
enum {
	VERSION = 1,
	PACKING = 1, /* of zlib: the quickest */
	HOUR_S = 3600,
	DAY_S = 86400,
	IN = 1,
	PORT_NONE = UINT16_MAX,
	FILLED_MAX = FLOW_KEEP_BLOCK_MAX / 2, /* records of a block; ids of ports come on top */
};

/* A member's block that is being filled. */
struct shelf {
	struct asn member;
	bool wanted;       /* in the picture */
	uint8_t wish;      /* how addresses are kept from now on, as in the hub file */
	uint8_t addresses; /* and in the block that is being filled: its form */
	struct buf records;
	uint32_t count;
	struct utc_s start;
	uint32_t ports
		[FLOW_KEEP_PORTS_MAX]; /* numbers of the roster, in the order of their first record */
	uint32_t port_count;
};

struct flow_keep {
	struct shelf *shelves;
	size_t count;
	uint32_t *shelf_of; /* by the roster's port: index + 1; 0: nobody's who wants it */
	uint32_t *asn_of;   /* by the roster's port: whose it is; 0: nobody's */
	size_t port_count;
	const struct roster *roster;
	struct buf block; /* given last */
	uint64_t lost;
};

struct flow_keep *
flow_keep_new(void)
{
	return calloc(1, sizeof(struct flow_keep));
}

void
flow_keep_free(struct flow_keep *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < k->count; i++)
		buf_fini(&k->shelves[i].records);
	free(k->shelves);
	free(k->shelf_of);
	free(k->asn_of);
	buf_fini(&k->block);
	free(k);
}

/* --- the picture --- */

static struct shelf *
shelf_of_member(struct flow_keep *k, struct asn member)
{
	for (size_t i = 0; i < k->count; i++)
		if (k->shelves[i].member.number == member.number)
			return &k->shelves[i];
	return NULL;
}

/* A shelf for each member that wants one. 0, or -1 without memory. */
static int
make_shelves(struct flow_keep *k, const struct hub *hub)
{
	for (size_t i = 0; i < hub->member_count; i++) {
		const struct hub_member *member = &hub->members[i];
		if (!member->flow_records.keep_days || shelf_of_member(k, member->asn))
			continue;
		struct shelf *grown = realloc(k->shelves, (k->count + 1) * sizeof(*grown));
		if (!grown)
			return -1;
		k->shelves = grown;
		k->shelves[k->count++] = (struct shelf){.member = member->asn};
	}
	return 0;
}

int
flow_keep_apply(struct flow_keep *k, const struct hub *hub, const struct roster *roster)
{
	uint32_t *shelf_of = calloc(roster->port_count + 1, sizeof(*shelf_of));
	uint32_t *asn_of = calloc(roster->port_count + 1, sizeof(*asn_of));
	if (!shelf_of || !asn_of || make_shelves(k, hub) < 0) {
		free(shelf_of);
		free(asn_of);
		return -1;
	}
	for (size_t i = 0; i < k->count; i++)
		k->shelves[i].wanted = false;
	for (size_t i = 0; i < hub->member_count; i++) {
		struct shelf *shelf = shelf_of_member(k, hub->members[i].asn);
		if (!shelf || !hub->members[i].flow_records.keep_days)
			continue;
		shelf->wanted = true;
		shelf->wish = (uint8_t)hub->members[i].flow_records.addresses;
	}
	for (size_t i = 0; i < roster->port_count; i++) {
		uint32_t port = roster->ports[i].hub_port;
		if (port == HUB_NONE)
			continue;
		struct asn asn = hub->members[hub->ports[port].member].asn;
		struct shelf *shelf = shelf_of_member(k, asn);
		asn_of[i] = asn.number;
		shelf_of[i] = shelf && shelf->wanted ? (uint32_t)(shelf - k->shelves) + 1 : 0;
	}
	for (size_t i = 0; i < k->count; i++) {
		if (k->shelves[i].wanted)
			continue;
		buf_clear(&k->shelves[i].records);
		k->shelves[i].count = k->shelves[i].port_count = 0;
	}
	free(k->shelf_of);
	free(k->asn_of);
	k->shelf_of = shelf_of;
	k->asn_of = asn_of;
	k->port_count = roster->port_count;
	k->roster = roster;
	return 0;
}

/* --- records --- */

/* The place of a port among those of the block; PORT_NONE when there are too many. */
static uint16_t
place_of(struct shelf *shelf, uint32_t port)
{
	for (uint32_t i = 0; i < shelf->port_count; i++)
		if (shelf->ports[i] == port)
			return (uint16_t)i;
	if (shelf->port_count == FLOW_KEEP_PORTS_MAX)
		return PORT_NONE;
	shelf->ports[shelf->port_count] = port;
	return (uint16_t)shelf->port_count++;
}

/* Never more of an address than is wanted now, whatever the block began with. */
static void
put_address(struct buf *b, const struct shelf *shelf, struct ip ip)
{
	unsigned length = ip_bits((enum ip_family)ip.family);
	if (shelf->wish == HUB_ADDRESSES_NONE)
		length = 0;
	else if (shelf->wish == HUB_ADDRESSES_PREFIX || shelf->addresses == HUB_ADDRESSES_PREFIX)
		length = ip.family == IP_V4 ? 24 : 48;
	ip = prefix_of(ip, length).ip;
	buf_put(b, ip.octets, ip.family == IP_V4 ? 4 : 16);
}

/* The family that a record has addresses of; IP_NONE where none are known. Its flow has one family. */
static uint8_t
family_of(const struct flow *flow)
{
	return flow->source.family == flow->destination.family ? flow->source.family
							       : (uint8_t)IP_NONE;
}

static void
put_record(struct flow_keep *k, struct shelf *shelf, const struct watch_copy *copy, bool in)
{
	const struct flow *flow = &copy->flow;
	struct buf *b = &shelf->records;
	uint32_t own = in ? copy->from : copy->to, other = in ? copy->to : copy->from;
	uint8_t family = family_of(flow);
	if (b->length >= FILLED_MAX) {
		k->lost++;
		return;
	}
	if (!shelf->count) {
		shelf->start = copy->at;
		shelf->addresses = shelf->wish;
	}
	int64_t after = copy->at.s - shelf->start.s;
	bool bare = shelf->wish == HUB_ADDRESSES_NONE;
	buf_u16(b, after < 0 || after > UINT16_MAX ? 0 : (uint16_t)after);
	buf_u8(b, family ? family : flow->family);
	buf_u8(b, in ? IN : 0);
	buf_u16(b, place_of(shelf, own));
	buf_u32(b, other < k->port_count ? k->asn_of[other] : 0);
	buf_u16(b, flow->vlan);
	buf_u32(b, copy->rate);
	buf_u64(b, flow->octets);
	buf_u64(b, flow->packets);
	buf_u8(b, flow->protocol);
	buf_u8(b, flow->tos);
	buf_u8(b, flow->tcp_flags);
	buf_u16(b, bare ? 0 : flow->source_port);
	buf_u16(b, bare ? 0 : flow->destination_port);
	/* Where only the family is known, the addresses stand as zeros. */
	struct ip none = {.family = flow->family};
	if (shelf->addresses != HUB_ADDRESSES_NONE && flow->family != IP_NONE) {
		put_address(b, shelf, family ? flow->source : none);
		put_address(b, shelf, family ? flow->destination : none);
	}
	shelf->count++;
}

static struct shelf *
shelf_at(const struct flow_keep *k, uint32_t port)
{
	uint32_t index = port < k->port_count ? k->shelf_of[port] : 0;
	return index ? &k->shelves[index - 1] : NULL;
}

void
flow_keep_take(struct flow_keep *k, const struct watch_copy *copies, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct shelf *in = shelf_at(k, copies[i].from), *out = shelf_at(k, copies[i].to);
		if (in)
			put_record(k, in, &copies[i], true);
		if (out)
			put_record(k, out, &copies[i], false);
	}
}

/* --- blocks --- */

static int64_t
hour_of(struct utc_s t)
{
	return t.s - t.s % HOUR_S;
}

static void
put_ports(struct buf *b, const struct flow_keep *k, const struct shelf *shelf)
{
	for (uint32_t i = 0; i < shelf->port_count; i++) {
		const char *id = k->roster->ports[shelf->ports[i]].id;
		size_t length = strlen(id);
		length = length > UINT8_MAX ? UINT8_MAX : length;
		buf_u8(b, (uint8_t)length);
		buf_put(b, id, length);
	}
}

/* Packs what is on the shelf into k->block. False without memory. */
static bool
pack(struct flow_keep *k, const struct shelf *shelf)
{
	struct buf raw = {0}, *b = &k->block;
	put_ports(&raw, k, shelf);
	buf_put(&raw, shelf->records.data, shelf->records.length);
	uLongf packed = compressBound((uLong)raw.length);
	buf_clear(b);
	buf_put(b, magic, sizeof(magic));
	buf_u8(b, VERSION);
	buf_u8(b, shelf->addresses);
	buf_u16(b, (uint16_t)shelf->port_count);
	buf_u32(b, shelf->count);
	buf_u64(b, (uint64_t)shelf->start.s);
	buf_u32(b, (uint32_t)raw.length);
	buf_u32(b, 0);
	bool good = !raw.failed && buf_reserve(b, packed) &&
		    compress2(b->data + b->length, &packed, raw.data, (uLong)raw.length, PACKING) ==
			    Z_OK;
	if (good) {
		b->length += packed;
		buf_set_u16(b, FLOW_KEEP_HEADER - 4, (uint16_t)(packed >> 16));
		buf_set_u16(b, FLOW_KEEP_HEADER - 2, (uint16_t)packed);
		buf_u64(b, hash_bytes(b->data, b->length));
	}
	buf_fini(&raw);
	return good && !b->failed;
}

static bool
is_due(const struct shelf *shelf, struct utc_s now, bool all)
{
	int64_t age = now.s - shelf->start.s;
	return shelf->count && (all || shelf->records.length >= FLOW_KEEP_FULL || age < 0 ||
				age >= FLOW_KEEP_WAIT_S);
}

bool
flow_keep_next(struct flow_keep *k, struct utc_s now, bool all, struct flow_keep_block *out)
{
	for (size_t i = 0; i < k->count; i++) {
		struct shelf *shelf = &k->shelves[i];
		if (!is_due(shelf, now, all))
			continue;
		bool good = !shelf->records.failed && pack(k, shelf);
		k->lost += good ? 0 : shelf->count;
		*out = (struct flow_keep_block){
			.member = shelf->member,
			.hour = {hour_of(shelf->start)},
			.records = shelf->count,
			.octets = cursor_of(k->block.data, k->block.length),
		};
		if (shelf->records.failed || k->block.failed) {
			buf_fini(&shelf->records);
			buf_fini(&k->block);
		}
		buf_clear(&shelf->records);
		shelf->count = shelf->port_count = 0;
		if (good)
			return true;
	}
	return false;
}

uint64_t
flow_keep_lost(const struct flow_keep *k)
{
	return k->lost;
}

size_t
flow_keep_due(const struct flow_keep_hour *hours, size_t count, const struct hub_flow_records *wish,
	      struct utc_s now)
{
	uint64_t octets = 0, most = (uint64_t)wish->disk_max_mb * 1000000;
	size_t due = 0;
	for (size_t i = 0; i < count; i++)
		octets += hours[i].octets;
	for (; due < count; due++) {
		int64_t ends = hours[due].hour.s + HOUR_S;
		bool old = ends + (int64_t)wish->keep_days * DAY_S <= now.s;
		if (wish->keep_days && !old && octets <= most)
			break;
		octets -= hours[due].octets;
	}
	return due;
}
