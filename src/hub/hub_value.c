/* What is common to all types of the hub file. */
#include "hub/hub_value.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "hub/hub_codec.h"

/* Not read from a scalar. */
static const struct hub_codec file = {"the path of a file", 0, NULL, NULL, NULL};
static const struct hub_codec table = {"a mapping", 0, NULL, NULL, NULL};

const struct hub_codec *const hub_codecs[HUB_TYPE_TYPES] = {
	[HUB_TYPE_TEXT] = &hub_codec_text,
	[HUB_TYPE_HOST] = &hub_codec_host,
	[HUB_TYPE_AS_SET] = &hub_codec_as_set,
	[HUB_TYPE_ID] = &hub_codec_id,
	[HUB_TYPE_SECRET] = &hub_codec_secret,
	[HUB_TYPE_BOOL] = &hub_codec_bool,
	[HUB_TYPE_COUNT] = &hub_codec_count,
	[HUB_TYPE_DECIMAL] = &hub_codec_decimal,
	[HUB_TYPE_SPEED] = &hub_codec_speed,
	[HUB_TYPE_WORD] = &hub_codec_word,
	[HUB_TYPE_ASN] = &hub_codec_asn,
	[HUB_TYPE_IP] = &hub_codec_ip,
	[HUB_TYPE_IPV4] = &hub_codec_ipv4,
	[HUB_TYPE_IPV6] = &hub_codec_ipv6,
	[HUB_TYPE_PREFIX] = &hub_codec_prefix,
	[HUB_TYPE_PREFIX_IPV4] = &hub_codec_prefix_ipv4,
	[HUB_TYPE_PREFIX_IPV6] = &hub_codec_prefix_ipv6,
	[HUB_TYPE_MAC] = &hub_codec_mac,
	[HUB_TYPE_ENDPOINT] = &hub_codec_endpoint,
	[HUB_TYPE_COUNTRY] = &hub_codec_country,
	[HUB_TYPE_CURRENCY] = &hub_codec_currency,
	[HUB_TYPE_DATE] = &hub_codec_date,
	[HUB_TYPE_MOMENT] = &hub_codec_moment,
	[HUB_TYPE_PRICE] = &hub_codec_price,
	[HUB_TYPE_AMOUNT] = &hub_codec_amount,
	[HUB_TYPE_PERCENT] = &hub_codec_percent,
	[HUB_TYPE_PPM] = &hub_codec_ppm,
	[HUB_TYPE_ASN_RANGE] = &hub_codec_asn_range,
	[HUB_TYPE_PREFIX_RULE] = &hub_codec_prefix_rule,
	[HUB_TYPE_COMMUNITY] = &hub_codec_community,
	[HUB_TYPE_ATTACHED] = &hub_codec_attached,
	[HUB_TYPE_PEER] = &hub_codec_peer,
	[HUB_TYPE_FAMILIES] = &hub_codec_families,
	[HUB_TYPE_PLACE] = &hub_codec_place,
	[HUB_TYPE_LAN] = &hub_codec_lan,
	[HUB_TYPE_SITE] = &hub_codec_site,
	[HUB_TYPE_SEGMENT] = &hub_codec_segment,
	[HUB_TYPE_EXPORTER] = &hub_codec_exporter,
	[HUB_TYPE_MEMBER] = &hub_codec_member,
	[HUB_TYPE_PORT] = &hub_codec_port,
	[HUB_TYPE_PARTY] = &hub_codec_party,
	[HUB_TYPE_CONTRACT] = &hub_codec_contract,
	[HUB_TYPE_FILE] = &file,
	[HUB_TYPE_TABLE] = &table,
};

size_t
hub_value_size(const struct hub_item *item)
{
	size_t size = hub_codecs[item->type]->size;
	return size ? size : item->size;
}

void
hub_value_none(const struct hub_item *item, void *out)
{
	const struct hub_codec *codec = hub_codecs[item->type];
	memset(out, 0, hub_value_size(item));
	if (codec->none)
		codec->none(out);
}

bool
hub_value_is_none(const struct hub_item *item, const void *value)
{
	/* The currency of a price is filled in when there is none, too. */
	if (item->type == HUB_TYPE_PRICE)
		return ((const struct price *)value)->micro < 0;
	if (item->type == HUB_TYPE_DECIMAL)
		return isnan(*(const double *)value);
	unsigned char none[64];
	size_t size = hub_value_size(item);
	assert(size <= sizeof(none));
	hub_value_none(item, none);
	return memcmp(none, value, size) == 0;
}

void
hub_value_expected(const struct hub_item *item, struct buf *out)
{
	switch (item->type) {
	case HUB_TYPE_TEXT:
	case HUB_TYPE_ID:
	case HUB_TYPE_HOST:
	case HUB_TYPE_AS_SET:
	case HUB_TYPE_SECRET:
		buf_printf(out, "%s, %" PRId64 " to %" PRId64 " octets",
			   hub_codecs[item->type]->name, item->min, item->max);
		return;
	case HUB_TYPE_COUNT:
	case HUB_TYPE_DECIMAL:
		buf_printf(out, "%s from %" PRId64 " to %" PRId64, hub_codecs[item->type]->name,
			   item->min, item->max);
		return;
	case HUB_TYPE_WORD:
		for (unsigned i = 0; item->words[i]; i++)
			buf_printf(out, "%s%s",
				   i == 0               ? ""
				   : item->words[i + 1] ? ", "
							: " or ",
				   item->words[i]);
		return;
	default:
		buf_str(out, hub_codecs[item->type]->name);
	}
}

void
hub_value_read(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	       void *out)
{
	if (hub_codecs[item->type]->read(r, item, node, out) != HUB_VALUE_BAD)
		return;
	if (hub_report_full(r->report)) {
		r->report->more++;
		return;
	}
	struct buf expected = {0};
	hub_value_expected(item, &expected);
	int length = expected.failed ? 0 : (int)expected.length;
	if (item->type == HUB_TYPE_SECRET)
		hub_complain(r->report, node->mark, "%s: expected %.*s", item->key, length,
			     (const char *)expected.data);
	else
		hub_complain(r->report, node->mark, "%s: found \"%s\", expected %.*s", item->key,
			     hub_show(node->text).text, length, (const char *)expected.data);
	buf_fini(&expected);
}
