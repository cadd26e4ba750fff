/* Reading MRT: records, tables and messages. */
#include "exchange/monitor/mrt.h"

#include <stdlib.h>

#include "exchange/bgp/bgp_msg.h"
#include "exchange/monitor/mrt_attrs.h"

struct mrt_reader {
	struct mrt_peer *peers; /* of the PEER_INDEX_TABLE; NULL: there was none */
	size_t peer_count;
	uint64_t group;
	struct mrt_attr_list list;
};

/* A record while it is read. */
struct reading {
	struct mrt_reader *reader;
	mrt_visit *visit;
	void *context;
	struct mrt_entry entry;
	bool add_path, as4;
};

enum { AFI_IPV4 = 1, AFI_IPV6 = 2 };

const char *
mrt_type_name(uint16_t type)
{
	switch (type) {
	case 11:
		return "OSPFv2";
	case MRT_TABLE_DUMP:
		return "TABLE_DUMP";
	case MRT_TABLE_DUMP_V2:
		return "TABLE_DUMP_V2";
	case MRT_BGP4MP:
		return "BGP4MP";
	case MRT_BGP4MP_ET:
		return "BGP4MP_ET";
	case 32:
		return "ISIS";
	case 33:
		return "ISIS_ET";
	case 48:
		return "OSPFv3";
	case 49:
		return "OSPFv3_ET";
	default:
		return NULL;
	}
}

const char *
mrt_subtype_name(uint16_t type, uint16_t subtype)
{
	static const char *const table_dump[] = {NULL, "AFI_IPv4", "AFI_IPv6"};
	static const char *const table_dump_v2[] = {NULL,
						    "PEER_INDEX_TABLE",
						    "RIB_IPV4_UNICAST",
						    "RIB_IPV4_MULTICAST",
						    "RIB_IPV6_UNICAST",
						    "RIB_IPV6_MULTICAST",
						    "RIB_GENERIC",
						    "GEO_PEER_TABLE",
						    "RIB_IPV4_UNICAST_ADDPATH",
						    "RIB_IPV4_MULTICAST_ADDPATH",
						    "RIB_IPV6_UNICAST_ADDPATH",
						    "RIB_IPV6_MULTICAST_ADDPATH",
						    "RIB_GENERIC_ADDPATH"};
	static const char *const bgp4mp[] = {"STATE_CHANGE",
					     "MESSAGE",
					     "ENTRY",
					     "SNAPSHOT",
					     "MESSAGE_AS4",
					     "STATE_CHANGE_AS4",
					     "MESSAGE_LOCAL",
					     "MESSAGE_AS4_LOCAL",
					     "MESSAGE_ADDPATH",
					     "MESSAGE_AS4_ADDPATH",
					     "MESSAGE_LOCAL_ADDPATH",
					     "MESSAGE_AS4_LOCAL_ADDPATH"};
	switch (type) {
	case MRT_TABLE_DUMP:
		return subtype < 3 ? table_dump[subtype] : NULL;
	case MRT_TABLE_DUMP_V2:
		return subtype < 13 ? table_dump_v2[subtype] : NULL;
	case MRT_BGP4MP:
	case MRT_BGP4MP_ET:
		return subtype < 12 ? bgp4mp[subtype] : NULL;
	default:
		return NULL;
	}
}

const char *
mrt_verdict_text(enum mrt_verdict verdict)
{
	static const char *const texts[MRT_VERDICTS] = {
		[MRT_TAKEN] = "taken",
		[MRT_SKIPPED] = "of a kind that is not read",
		[MRT_SHORT] = "ends within a field",
		[MRT_NO_PEERS] = "no PEER_INDEX_TABLE before it",
		[MRT_BAD_PEER] = "names a peer that is not in the PEER_INDEX_TABLE",
		[MRT_BAD_PREFIX] = "a prefix is malformed",
		[MRT_BAD_ATTRIBUTE] = "a path attribute is malformed",
		[MRT_BAD_PATH] = "the AS path is malformed",
		[MRT_BAD_MESSAGE] = "the BGP message is malformed",
		[MRT_NO_MEMORY] = "no memory for it",
	};
	return texts[verdict];
}

/* --- framing --- */

enum mrt_frame
mrt_record_take(struct mrt_record *out, struct cursor *octets, uint64_t offset)
{
	struct cursor c = *octets;
	struct mrt_record record = {.offset = offset, .time_s = cursor_u32(&c)};
	record.type = cursor_u16(&c);
	record.subtype = cursor_u16(&c);
	uint32_t length = cursor_u32(&c);
	if (c.failed)
		return MRT_FRAME_SHORT;
	if (length > MRT_RECORD_MAX)
		return MRT_FRAME_BROKEN;
	record.body = cursor_sub(&c, length);
	if (c.failed)
		return MRT_FRAME_SHORT;
	/* RFC 6396 section 3: the length covers the microseconds. */
	if (record.type == MRT_BGP4MP_ET)
		record.microseconds = cursor_u32(&record.body);
	*out = record;
	*octets = c;
	return MRT_FRAME_RECORD;
}

struct mrt_reader *
mrt_reader_new(void)
{
	return calloc(1, sizeof(struct mrt_reader));
}

void
mrt_reader_reset(struct mrt_reader *reader)
{
	free(reader->peers);
	reader->peers = NULL;
	reader->peer_count = 0;
}

void
mrt_reader_free(struct mrt_reader *reader)
{
	if (reader)
		free(reader->peers);
	free(reader);
}

/* --- small things --- */

static struct ip
read_ip(struct cursor *c, enum ip_family family)
{
	struct ip ip = {.family = (uint8_t)family};
	cursor_copy(c, ip.octets, ip_bits(family) / 8);
	return ip;
}

/* A length in bits and as many octets as it needs. */
static bool
read_prefix(struct prefix *out, struct cursor *c, enum ip_family family)
{
	unsigned bits = cursor_u8(c);
	if (bits > ip_bits(family))
		return false;
	struct ip ip = {.family = (uint8_t)family};
	cursor_copy(c, ip.octets, (bits + 7) / 8);
	if (bits % 8)
		ip.octets[bits / 8] &= (uint8_t)(0xff << (8 - bits % 8));
	*out = (struct prefix){ip, (uint8_t)bits};
	return !c->failed;
}

static void
begin_group(struct reading *r, enum mrt_kind kind)
{
	r->entry.kind = kind;
	r->entry.group = ++r->reader->group;
	bool has_attributes = kind == MRT_ROUTE || kind == MRT_ANNOUNCE;
	r->entry.attrs = has_attributes ? &r->reader->list.attrs : NULL;
}

static void
tell(struct reading *r)
{
	r->visit(r->context, &r->entry);
}

/* --- TABLE_DUMP, RFC 6396 section 4.2 --- */

static enum mrt_verdict
read_table_dump(struct reading *r, struct cursor body)
{
	unsigned subtype = r->entry.record->subtype;
	if (subtype != AFI_IPV4 && subtype != AFI_IPV6)
		return MRT_SKIPPED;
	enum ip_family family = subtype == AFI_IPV4 ? IP_V4 : IP_V6;
	cursor_skip(&body, 4); /* view, sequence number */
	struct ip ip = read_ip(&body, family);
	unsigned length = cursor_u8(&body);
	cursor_skip(&body, 1); /* status, unused */
	r->entry.since_s = cursor_u32(&body);
	struct mrt_peer peer = {.address = read_ip(&body, family)};
	peer.asn.number = cursor_u16(&body);
	struct cursor list = cursor_sub(&body, cursor_u16(&body));
	if (list.failed)
		return MRT_SHORT;
	if (length > ip_bits(family))
		return MRT_BAD_PREFIX;
	enum mrt_verdict verdict =
		mrt_attrs_read(&r->reader->list, list, (struct mrt_attr_form){.abbreviated = true});
	if (verdict != MRT_TAKEN)
		return verdict;
	r->entry.peer = &peer;
	r->entry.prefix = prefix_of(ip, length);
	begin_group(r, MRT_ROUTE);
	tell(r);
	return MRT_TAKEN;
}

/* --- TABLE_DUMP_V2, RFC 6396 section 4.3 --- */

static enum mrt_verdict
read_peers(struct mrt_reader *reader, struct cursor body)
{
	enum { PEER_IPV6 = 1, PEER_AS4 = 2 };
	cursor_skip(&body, 4); /* the collector */
	cursor_skip(&body, cursor_u16(&body));
	size_t count = cursor_u16(&body);
	struct mrt_peer *peers = calloc(count + 1, sizeof(*peers));
	if (!peers)
		return MRT_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		uint8_t type = cursor_u8(&body);
		peers[i].router_id = cursor_u32(&body);
		peers[i].address = read_ip(&body, type & PEER_IPV6 ? IP_V6 : IP_V4);
		peers[i].asn.number = type & PEER_AS4 ? cursor_u32(&body) : cursor_u16(&body);
	}
	if (body.failed) {
		free(peers);
		return MRT_SHORT;
	}
	free(reader->peers);
	reader->peers = peers;
	reader->peer_count = count;
	return MRT_TAKEN;
}

static enum mrt_verdict
read_rib_entry(struct reading *r, struct cursor *body)
{
	struct mrt_reader *reader = r->reader;
	unsigned peer = cursor_u16(body);
	r->entry.since_s = cursor_u32(body);
	if (r->add_path)
		r->entry.path_id = cursor_u32(body);
	struct cursor list = cursor_sub(body, cursor_u16(body));
	if (list.failed)
		return MRT_SHORT;
	if (peer >= reader->peer_count)
		return MRT_BAD_PEER;
	enum mrt_verdict verdict = mrt_attrs_read(
		&reader->list, list, (struct mrt_attr_form){.as4 = true, .abbreviated = true});
	if (verdict != MRT_TAKEN)
		return verdict;
	r->entry.peer = &reader->peers[peer];
	begin_group(r, MRT_ROUTE);
	tell(r);
	return MRT_TAKEN;
}

/* An entry that is malformed says nothing of those behind it, whose frame is their own. */
static enum mrt_verdict
read_rib(struct reading *r, struct cursor body, enum ip_family family)
{
	enum mrt_verdict worst = MRT_TAKEN;
	if (!r->reader->peers)
		return MRT_NO_PEERS;
	cursor_skip(&body, 4); /* sequence number */
	if (!read_prefix(&r->entry.prefix, &body, family))
		return body.failed ? MRT_SHORT : MRT_BAD_PREFIX;
	unsigned count = cursor_u16(&body);
	if (body.failed)
		return MRT_SHORT;
	r->entry.has_path_id = r->add_path;
	for (unsigned i = 0; i < count; i++) {
		enum mrt_verdict verdict = read_rib_entry(r, &body);
		if (verdict == MRT_SHORT)
			return verdict;
		if (worst == MRT_TAKEN)
			worst = verdict;
	}
	return worst;
}

static enum mrt_verdict
read_table_dump_v2(struct reading *r, struct cursor body)
{
	unsigned subtype = r->entry.record->subtype;
	if (subtype == MRT_PEER_INDEX_TABLE)
		return read_peers(r->reader, body);
	r->add_path = subtype >= MRT_RIB_IPV4_UNICAST_ADDPATH;
	switch (r->add_path ? subtype - 6 : subtype) {
	case MRT_RIB_IPV4_MULTICAST:
		r->entry.multicast = true; /* fall through */
	case MRT_RIB_IPV4_UNICAST:
		return read_rib(r, body, IP_V4);
	case MRT_RIB_IPV6_MULTICAST:
		r->entry.multicast = true; /* fall through */
	case MRT_RIB_IPV6_UNICAST:
		return read_rib(r, body, IP_V6);
	default:
		return MRT_SKIPPED;
	}
}

/* --- BGP4MP, RFC 6396 section 4.4 --- */

static enum mrt_verdict
tell_prefixes(struct reading *r, enum mrt_kind kind, enum ip_family family, struct cursor list)
{
	if (!cursor_left(&list) || family == IP_NONE)
		return MRT_TAKEN;
	begin_group(r, kind);
	r->entry.has_path_id = r->add_path;
	while (cursor_left(&list)) {
		if (r->add_path)
			r->entry.path_id = cursor_u32(&list);
		if (!read_prefix(&r->entry.prefix, &list, family))
			return MRT_BAD_PREFIX;
		tell(r);
	}
	return MRT_TAKEN;
}

static enum mrt_verdict
tell_mp(struct reading *r, enum mrt_kind kind, const struct mrt_mp *mp)
{
	r->entry.multicast = mp->multicast;
	enum mrt_verdict verdict = tell_prefixes(r, kind, mp->family, mp->prefixes);
	r->entry.multicast = false;
	return verdict;
}

/* RFC 4724 section 2: nothing at all, or only an empty MP_UNREACH. */
static enum ip_family
end_of_rib(const struct mrt_attr_list *list, bool classic)
{
	if (classic)
		return IP_NONE;
	if (!cursor_left(&list->attrs.octets))
		return IP_V4;
	uint64_t others = list->attrs.types[0] & ~(UINT64_C(1) << BGP_ATTR_MP_UNREACH);
	if (others || list->attrs.types[1] || list->attrs.types[2] || list->attrs.types[3])
		return IP_NONE;
	return cursor_left(&list->unreach.prefixes) ? IP_NONE : list->unreach.family;
}

static enum mrt_verdict
read_update(struct reading *r, struct cursor body)
{
	struct mrt_attr_list *list = &r->reader->list;
	struct cursor withdrawn = cursor_sub(&body, cursor_u16(&body));
	struct cursor attributes = cursor_sub(&body, cursor_u16(&body));
	if (body.failed)
		return MRT_SHORT;
	enum mrt_verdict verdict =
		mrt_attrs_read(list, attributes, (struct mrt_attr_form){.as4 = r->as4});
	enum mrt_verdict first = tell_prefixes(r, MRT_WITHDRAW, IP_V4, withdrawn);
	if (verdict != MRT_TAKEN)
		return verdict;
	enum mrt_verdict verdicts[] = {
		first,
		tell_prefixes(r, MRT_ANNOUNCE, IP_V4, body),
		tell_mp(r, MRT_WITHDRAW, &list->unreach),
		tell_mp(r, MRT_ANNOUNCE, &list->reach),
	};
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
		if (verdicts[i] != MRT_TAKEN)
			return verdicts[i];
	enum ip_family end = end_of_rib(list, cursor_left(&withdrawn) || cursor_left(&body));
	if (end != IP_NONE) {
		begin_group(r, MRT_END_OF_RIB);
		r->entry.prefix = (struct prefix){.ip.family = (uint8_t)end};
		tell(r);
	}
	return MRT_TAKEN;
}

static enum mrt_verdict
read_message(struct reading *r, struct cursor body)
{
	cursor_skip(&body, 16); /* the marker */
	size_t length = cursor_u16(&body);
	uint8_t type = cursor_u8(&body);
	if (body.failed)
		return MRT_SHORT;
	if (length < BGP_HEADER || type < BGP_OPEN || type > BGP_REFRESH)
		return MRT_BAD_MESSAGE;
	struct cursor rest = cursor_sub(&body, length - BGP_HEADER);
	if (rest.failed)
		return MRT_SHORT;
	if (type == BGP_UPDATE)
		return read_update(r, rest);
	begin_group(r, MRT_OTHER);
	r->entry.message = type;
	tell(r);
	return MRT_TAKEN;
}

static enum mrt_verdict
read_state(struct reading *r, struct cursor body)
{
	r->entry.old_state = cursor_u16(&body);
	r->entry.new_state = cursor_u16(&body);
	if (body.failed)
		return MRT_SHORT;
	begin_group(r, MRT_STATE);
	tell(r);
	return MRT_TAKEN;
}

/* The list of a foreign family is not for us to read, and says so. */
static enum mrt_verdict
read_bgp4mp_body(struct reading *r, struct cursor body, bool state)
{
	if (state)
		return read_state(r, body);
	enum mrt_verdict verdict = read_message(r, body);
	const struct mrt_attr_list *list = &r->reader->list;
	bool foreign = list->reach.foreign || list->unreach.foreign;
	return verdict == MRT_TAKEN && foreign ? MRT_SKIPPED : verdict;
}

static enum mrt_verdict
read_bgp4mp(struct reading *r, struct cursor body)
{
	unsigned subtype = r->entry.record->subtype;
	bool state = subtype == MRT_STATE_CHANGE || subtype == MRT_STATE_CHANGE_AS4;
	if (subtype == 2 || subtype == 3 || subtype > MRT_MESSAGE_AS4_LOCAL_ADDPATH)
		return MRT_SKIPPED; /* BGP4MP_ENTRY and _SNAPSHOT were never in use */
	r->as4 = subtype == MRT_MESSAGE_AS4 || subtype == MRT_STATE_CHANGE_AS4 ||
		 subtype == MRT_MESSAGE_AS4_LOCAL || subtype == MRT_MESSAGE_AS4_ADDPATH ||
		 subtype == MRT_MESSAGE_AS4_LOCAL_ADDPATH;
	r->add_path = subtype >= MRT_MESSAGE_ADDPATH;
	struct mrt_peer peer = {
		.asn.number = r->as4 ? cursor_u32(&body) : cursor_u16(&body),
	};
	cursor_skip(&body, r->as4 ? 4 : 2); /* our AS number */
	cursor_skip(&body, 2);              /* interface */
	unsigned afi = cursor_u16(&body);
	if (body.failed)
		return MRT_SHORT;
	if (afi != AFI_IPV4 && afi != AFI_IPV6)
		return MRT_SKIPPED;
	enum ip_family family = afi == AFI_IPV4 ? IP_V4 : IP_V6;
	peer.address = read_ip(&body, family);
	cursor_skip(&body, ip_bits(family) / 8); /* our address */
	if (body.failed)
		return MRT_SHORT;
	r->entry.peer = &peer;
	r->reader->list.reach.foreign = r->reader->list.unreach.foreign = false;
	return read_bgp4mp_body(r, body, state);
}

enum mrt_verdict
mrt_record_read(struct mrt_reader *reader, const struct mrt_record *record, mrt_visit *visit,
		void *context)
{
	struct reading r = {reader, visit, context, .entry = {.record = record}};
	switch (record->type) {
	case MRT_TABLE_DUMP:
		return read_table_dump(&r, record->body);
	case MRT_TABLE_DUMP_V2:
		return read_table_dump_v2(&r, record->body);
	case MRT_BGP4MP_ET:
		if (record->body.failed)
			return MRT_SHORT;
		return read_bgp4mp(&r, record->body);
	case MRT_BGP4MP:
		return read_bgp4mp(&r, record->body);
	default:
		return MRT_SKIPPED;
	}
}
