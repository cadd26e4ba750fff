/* What the hub file says of other things: countries, and elements of the hub by name. */
#include "hub/hub_codec.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "hub/hub_country.h"

static enum hub_outcome
read_country(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	     void *out)
{
	const char *text = node->text;
	if (strlen(text) != 2)
		return HUB_VALUE_BAD;
	struct country country = {{text[0], text[1], 0}};
	if (!hub_country_known(country)) {
		const char *meant = strcmp(text, "UK") == 0 ? "; the United Kingdom is GB" : "";
		hub_complain(r->report, node->mark,
			     "%s: found \"%s\", expected a country of ISO 3166 such as PK%s",
			     item->key, hub_show(text).text, meant);
		return HUB_VALUE_TOLD;
	}
	*(struct country *)out = country;
	return HUB_VALUE_GOOD;
}

static void
write_country(const struct hub *hub, const struct hub_item *item, const void *value,
	      struct buf *out)
{
	(void)hub;
	(void)item;
	buf_str(out, ((const struct country *)value)->code);
}

static void
none_reference(void *out)
{
	*(uint32_t *)out = HUB_NONE;
}

struct reference {
	enum hub_index by;
	const char *noun;
	size_t array_at, count_at, size, id_at;
};

#define REFERENCE(index, word, array, count, element, id)                                          \
	{                                                                                          \
		index, word, offsetof(struct hub, array), offsetof(struct hub, count),             \
			sizeof(struct element), offsetof(struct element, id)                       \
	}

static const struct reference references[HUB_TYPE_TYPES] = {
	[HUB_TYPE_LAN] = REFERENCE(HUB_BY_LAN, "LAN", lans, lan_count, hub_lan, name),
	[HUB_TYPE_SITE] = REFERENCE(HUB_BY_SITE, "site", sites, site_count, hub_site, id),
	[HUB_TYPE_SEGMENT] =
		REFERENCE(HUB_BY_SEGMENT, "segment", segments, segment_count, hub_segment, id),
	[HUB_TYPE_EXPORTER] =
		REFERENCE(HUB_BY_EXPORTER, "exporter", exporters, exporter_count, hub_exporter, id),
	[HUB_TYPE_PORT] = REFERENCE(HUB_BY_PORT, "port", ports, port_count, hub_port, id),
	[HUB_TYPE_PARTY] = REFERENCE(HUB_BY_PARTY, "party", parties, party_count, hub_party, id),
	[HUB_TYPE_CONTRACT] =
		REFERENCE(HUB_BY_CONTRACT, "contract", contracts, contract_count, hub_contract, id),
	[HUB_TYPE_MEMBER] =
		REFERENCE(HUB_BY_MEMBER_NAME, "member", members, member_count, hub_member, name),
};

static const char *
reference_name(const struct hub *hub, const struct reference *reference, size_t i)
{
	const char *array = *(const char *const *)((const char *)hub + reference->array_at);
	return *(const char *const *)(array + i * reference->size + reference->id_at);
}

static void
explain_reference(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node)
{
	const struct reference *reference = &references[item->type];
	struct hub_nearest nearest = {.word = node->text};
	size_t count = *(const size_t *)((const char *)r->hub + reference->count_at);
	for (size_t i = 0; i < count && !hub_report_full(r->report); i++) {
		const char *name = reference_name(r->hub, reference, i);
		if (name)
			hub_nearest_offer(&nearest, name);
	}
	if (nearest.best)
		hub_complain(r->report, node->mark,
			     "%s: found \"%s\", which is no %s; did you mean \"%s\"?", item->key,
			     hub_show(node->text).text, reference->noun, nearest.best);
	else
		hub_complain(r->report, node->mark,
			     "%s: found \"%s\", which is none of the %zu %ss", item->key,
			     hub_show(node->text).text, count, reference->noun);
}

static enum hub_outcome
read_reference(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	       void *out)
{
	uint32_t found = hub_lookup_find(r->hub->lookup, references[item->type].by, node->text,
					 strlen(node->text));
	struct asn asn;
	if (item->type == HUB_TYPE_MEMBER && asn_parse(&asn, node->text) == 0)
		found = hub_lookup_find(r->hub->lookup, HUB_BY_ASN, &asn, sizeof(asn));
	if (found == HUB_NONE) {
		explain_reference(r, item, node);
		return HUB_VALUE_TOLD;
	}
	*(uint32_t *)out = found;
	return HUB_VALUE_GOOD;
}

static void
write_reference(const struct hub *hub, const struct hub_item *item, const void *value,
		struct buf *out)
{
	uint32_t i = *(const uint32_t *)value;
	if (item->type == HUB_TYPE_MEMBER)
		hub_codec_asn.write(hub, item, &hub->members[i].asn, out);
	else
		buf_str(out, reference_name(hub, &references[item->type], i));
}

/* The member may stand further down in the file: what it is, is looked at when all have been read. */
static enum hub_outcome
read_peer(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	struct asn *asn = out;
	(void)item;
	asn->number = 0;
	if (strcasecmp(node->text, "any") == 0)
		return HUB_VALUE_GOOD;
	struct hub_pending_peer *pending = hub_reader_scratch(r, sizeof(*pending));
	if (!pending)
		return HUB_VALUE_TOLD;
	*pending = (struct hub_pending_peer){.node = node, .out = asn, .next = r->peers};
	r->peers = pending;
	return HUB_VALUE_GOOD;
}

static void
write_peer(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	const struct asn *asn = value;
	if (asn->number)
		hub_codec_asn.write(hub, item, asn, out);
	else
		buf_str(out, "any");
}

void
hub_reader_find_peers(struct hub_reader *r)
{
	static const struct hub_item peer = {.key = "peer", .type = HUB_TYPE_MEMBER};
	for (const struct hub_pending_peer *p = r->peers; p; p = p->next) {
		uint32_t member;
		if (asn_parse(p->out, p->node->text) == 0) {
			if (hub_member_by_asn(r->hub, *p->out) == HUB_NONE)
				hub_warn(r->report, p->node->mark,
					 "peer: found %" PRIu32 ", which is no member's AS number",
					 p->out->number);
		} else if (read_reference(r, &peer, p->node, &member) == HUB_VALUE_GOOD) {
			*p->out = r->hub->members[member].asn;
		}
	}
}

const struct hub_codec hub_codec_country = {"two capital letters such as PK (ISO 3166)",
					    sizeof(struct country), NULL, read_country,
					    write_country};
const struct hub_codec hub_codec_lan = {"the name of a LAN", sizeof(uint32_t), none_reference,
					read_reference, write_reference};
const struct hub_codec hub_codec_site = {"the id of a site", sizeof(uint32_t), none_reference,
					 read_reference, write_reference};
const struct hub_codec hub_codec_segment = {"the id of a segment", sizeof(uint32_t), none_reference,
					    read_reference, write_reference};
const struct hub_codec hub_codec_exporter = {"the id of an exporter", sizeof(uint32_t),
					     none_reference, read_reference, write_reference};
const struct hub_codec hub_codec_member = {"the AS number or name of a member", sizeof(uint32_t),
					   none_reference, read_reference, write_reference};
const struct hub_codec hub_codec_port = {"the id of a port", sizeof(uint32_t), none_reference,
					 read_reference, write_reference};
const struct hub_codec hub_codec_party = {"the id of a party", sizeof(uint32_t), none_reference,
					  read_reference, write_reference};
const struct hub_codec hub_codec_contract = {"the id of a contract", sizeof(uint32_t),
					     none_reference, read_reference, write_reference};
const struct hub_codec hub_codec_peer = {"the AS number or name of a member, or any",
					 sizeof(struct asn), NULL, read_peer, write_peer};
