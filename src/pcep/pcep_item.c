/* Requests and reports, item by item.
 *
 *	PCReq: RP, END-POINTS, ...	begins at each RP (RFC 5440 section 6.4)
 *	PCRpt: [SRP,] LSP, ERO, ...	at each SRP, or LSP without one (RFC 8231 section 6.1) */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "pcep/pcep_message.h"

enum {
	SRP_REMOVE = 0x1,
	LSP_DELEGATE = 0x1,
	LSP_SYNC = 0x2,
	LSP_REMOVE = 0x4,
	LSP_ADMIN = 0x8,
	LSP_CREATED = 0x80, /* RFC 8281 */
	RP_REOPTIMISE = 0x8,
	RP_LOOSE = 0x20,
	METRIC_BOUND = 0x1,
	METRIC_WANTED = 0x2,
};

static void
fault(struct pcep_item *item, uint8_t type, uint8_t value)
{
	if (!item->fault.type)
		item->fault = (struct pcep_fault){type, value};
}

static struct ip
read_ip(struct cursor *c, enum ip_family family)
{
	struct ip ip = {.family = (uint8_t)family};
	cursor_copy(c, ip.octets, ip_bits(family) / 8);
	return ip;
}

static void
read_name(char out[PCEP_NAME_MAX + 1], struct cursor c)
{
	size_t length = cursor_left(&c);
	length = length < PCEP_NAME_MAX ? length : PCEP_NAME_MAX;
	cursor_copy(&c, out, length);
	out[length] = 0;
}

/* Does the path setup type, said in an SRP or an RP, go with us? */
static void
read_setup_type(struct pcep_item *item, struct cursor tlvs)
{
	struct pcep_tlv tlv;
	while (pcep_tlv_next(&tlv, &tlvs)) {
		if (tlv.type != PCEP_TLV_SETUP_TYPE)
			continue;
		cursor_skip(&tlv.value, 3);
		item->setup_type = cursor_u8(&tlv.value);
		if (tlv.value.failed)
			fault(item, PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED);
		else if (item->setup_type != PCEP_SETUP_SR && item->setup_type != PCEP_SETUP_SRV6)
			fault(item, PCEP_ERR_SETUP_TYPE, PCEP_ERR_SETUP_TYPE_UNSUPPORTED);
	}
	if (tlvs.failed)
		fault(item, PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED);
}

static void
read_srp(struct pcep_item *item, struct cursor c)
{
	item->has_srp = true;
	item->srp_remove = cursor_u32(&c) & SRP_REMOVE;
	item->srp_id = cursor_u32(&c);
	if (c.failed)
		fault(item, PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED);
	else
		read_setup_type(item, c);
}

static void
read_identifiers(struct pcep_item *item, struct cursor c, enum ip_family family)
{
	struct ip from = read_ip(&c, family);
	item->lsp_id = cursor_u16(&c);
	item->tunnel_id = cursor_u16(&c);
	(void)read_ip(&c, family); /* extended tunnel id */
	struct ip to = read_ip(&c, family);
	if (c.failed) {
		fault(item, PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED);
		return;
	}
	item->has_identifiers = true;
	if (item->has_ends)
		return;
	item->from = from;
	item->to = to;
}

static void
read_lsp(struct pcep_item *item, struct cursor c)
{
	struct pcep_tlv tlv;
	uint32_t word = cursor_u32(&c);
	item->has_lsp = true;
	item->plsp_id = word >> 12;
	item->delegate = word & LSP_DELEGATE;
	item->sync = word & LSP_SYNC;
	item->remove = word & LSP_REMOVE;
	item->admin = word & LSP_ADMIN;
	item->created = word & LSP_CREATED;
	item->oper = word >> 4 & 7;
	while (pcep_tlv_next(&tlv, &c)) {
		if (tlv.type == PCEP_TLV_NAME)
			read_name(item->name, tlv.value);
		else if (tlv.type == PCEP_TLV_IPV4_IDENTIFIERS)
			read_identifiers(item, tlv.value, IP_V4);
		else if (tlv.type == PCEP_TLV_IPV6_IDENTIFIERS)
			read_identifiers(item, tlv.value, IP_V6);
		else if (tlv.type == PCEP_TLV_LSP_ERROR)
			item->lsp_error = cursor_u32(&tlv.value);
	}
	if (c.failed)
		fault(item, PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED);
}

static void
read_rp(struct pcep_item *item, struct cursor c)
{
	uint32_t flags = cursor_u32(&c);
	item->has_rp = true;
	item->reoptimise = flags & RP_REOPTIMISE;
	item->loose = flags & RP_LOOSE;
	item->request_id = cursor_u32(&c);
	if (c.failed || !item->request_id)
		fault(item, PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED);
	else
		read_setup_type(item, c);
}

static void
read_ends(struct pcep_item *item, const struct pcep_object *object)
{
	struct cursor c = object->body;
	enum ip_family family = object->type == 1 ? IP_V4 : object->type == 2 ? IP_V6 : IP_NONE;
	if (family == IP_NONE) {
		fault(item, PCEP_ERR_NOT_SUPPORTED, PCEP_ERR_OBJECT_TYPE);
		return;
	}
	item->from = read_ip(&c, family);
	item->to = read_ip(&c, family);
	item->has_ends = !c.failed;
	if (c.failed)
		fault(item, PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED);
}

/* Octets a second, as a float: what is no amount is refused. */
static void
read_bandwidth(struct pcep_item *item, const struct pcep_object *object)
{
	struct cursor c = object->body;
	float value = pcep_float_read(&c);
	if (object->type != 1) /* what is there already (type 2) needs no room */
		return;
	if (c.failed || !isfinite(value) || value < 0 || value > 1e17f) {
		fault(item, PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED);
		return;
	}
	item->has_bandwidth = true;
	item->bandwidth_bps = (uint64_t)((double)value * 8);
}

static void
read_metric(struct pcep_item *item, struct cursor c)
{
	struct pcep_metric metric = {0};
	cursor_skip(&c, 2);
	uint8_t flags = cursor_u8(&c);
	metric.type = cursor_u8(&c);
	metric.value = pcep_float_read(&c);
	metric.bound = flags & METRIC_BOUND;
	metric.wanted = flags & METRIC_WANTED;
	if (c.failed || (metric.bound && !isfinite(metric.value)))
		fault(item, PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED);
	else if (item->metric_count < PCEP_METRICS_MAX)
		item->metrics[item->metric_count++] = metric;
}

static void
read_route(struct pcep_item *item, struct cursor body, bool recorded)
{
	int error = pcep_route_read(recorded ? &item->rro : &item->ero, body, recorded);
	*(recorded ? &item->has_rro : &item->has_ero) = true;
	if (error)
		fault(item, PCEP_ERR_INVALID_OBJECT, (uint8_t)error);
}

static void
read_policy_tlv(struct pcep_policy *p, struct pcep_tlv *tlv)
{
	size_t length = cursor_left(&tlv->value);
	switch (tlv->type) {
	case PCEP_TLV_EXTENDED_ASSOCIATION: /* RFC 9862 section 4.1: color and endpoint */
	case PCEP_TLV_DRAFT_POLICY:
		p->color = cursor_u32(&tlv->value);
		p->endpoint = read_ip(&tlv->value, length == 20 ? IP_V6 : IP_V4);
		break;
	case PCEP_TLV_PATH_NAME:
		read_name(p->name, tlv->value);
		break;
	case PCEP_TLV_PREFERENCE:
	case PCEP_TLV_DRAFT_PREFERENCE:
		p->preference = cursor_u32(&tlv->value);
		break;
	default:
		break;
	}
}

static void
read_association(struct pcep_item *item, const struct pcep_object *object)
{
	struct cursor c = object->body;
	struct pcep_tlv tlv;
	cursor_skip(&c, 4);
	uint16_t type = cursor_u16(&c);
	cursor_skip(&c, 2);
	cursor_skip(&c, object->type == 2 ? 16 : 4);
	if (type != PCEP_ASSOCIATION_SR_POLICY && type != PCEP_ASSOCIATION_SR_POLICY_DRAFT)
		return;
	item->policy.there = !c.failed;
	item->policy.draft = type == PCEP_ASSOCIATION_SR_POLICY_DRAFT;
	item->policy.preference = SR_PREFERENCE;
	while (pcep_tlv_next(&tlv, &c))
		read_policy_tlv(&item->policy, &tlv);
	if (c.failed)
		fault(item, PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED);
}

static void
read_stops(struct pcep_item *item, struct pcep_stops *out, struct cursor body)
{
	if (pcep_stops_read(out, body) < 0)
		fault(item, PCEP_ERR_INVALID_OBJECT, PCEP_ERR_MALFORMED);
}

static void
take(struct pcep_item *item, const struct pcep_object *object)
{
	struct cursor c = object->body;
	switch (object->class) {
	case PCEP_CLASS_SRP:
		read_srp(item, c);
		break;
	case PCEP_CLASS_LSP:
		read_lsp(item, c);
		break;
	case PCEP_CLASS_RP:
		read_rp(item, c);
		break;
	case PCEP_CLASS_END_POINTS:
		read_ends(item, object);
		break;
	case PCEP_CLASS_BANDWIDTH:
		read_bandwidth(item, object);
		break;
	case PCEP_CLASS_METRIC:
		read_metric(item, c);
		break;
	case PCEP_CLASS_ERO:
	case PCEP_CLASS_RRO:
		read_route(item, c, object->class == PCEP_CLASS_RRO);
		break;
	case PCEP_CLASS_IRO:
		read_stops(item, &item->include, c);
		break;
	case PCEP_CLASS_XRO:
		cursor_skip(&c, 4); /* flags */
		read_stops(item, &item->exclude, c);
		break;
	case PCEP_CLASS_ASSOCIATION:
		read_association(item, object);
		break;
	case PCEP_CLASS_LSPA: /* affinities and priorities: fibre has none */
	case PCEP_CLASS_OF:
	case PCEP_CLASS_VENDOR:
		break;
	case PCEP_CLASS_SVEC:
	case PCEP_CLASS_LOAD_BALANCING:
		if (object->must)
			fault(item, PCEP_ERR_NOT_SUPPORTED, PCEP_ERR_OBJECT_CLASS);
		break;
	default:
		if (object->must)
			fault(item, PCEP_ERR_UNKNOWN_OBJECT, PCEP_ERR_OBJECT_CLASS);
		break;
	}
}

/* What must be there. */
static void
judge(struct pcep_item *item, uint8_t type)
{
	if (type == PCEP_REQUEST && !item->has_rp)
		fault(item, PCEP_ERR_MISSING, PCEP_ERR_MISSING_RP);
	else if (type == PCEP_REQUEST && !item->has_ends)
		fault(item, PCEP_ERR_MISSING, PCEP_ERR_MISSING_END_POINTS);
	else if (type == PCEP_REPORT && !item->has_lsp)
		fault(item, PCEP_ERR_MISSING, PCEP_ERR_MISSING_LSP);
	else if (type == PCEP_REPORT && !item->has_ero && !item->remove && item->plsp_id)
		fault(item, PCEP_ERR_MISSING, PCEP_ERR_MISSING_ERO);
}

bool
pcep_item_next(struct pcep_item *out, struct cursor *list, uint8_t type)
{
	struct pcep_object object;
	assert(type == PCEP_REQUEST || type == PCEP_REPORT);
	memset(out, 0, sizeof(*out));
	if (!cursor_left(list))
		return false;
	for (struct cursor ahead = *list; pcep_object_next(&object, &ahead); *list = ahead) {
		bool begins = type == PCEP_REQUEST
				      ? object.class == PCEP_CLASS_RP && out->has_rp
				      : (object.class == PCEP_CLASS_SRP &&
					 (out->has_srp || out->has_lsp)) ||
						(object.class == PCEP_CLASS_LSP && out->has_lsp);
		if (begins) {
			judge(out, type);
			return true;
		}
		take(out, &object);
	}
	if (cursor_left(list)) /* an object without an end */
		cursor_fail(list);
	judge(out, type);
	return !list->failed;
}
