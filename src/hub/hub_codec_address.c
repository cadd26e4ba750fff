/* What networks are known by in the hub file: AS numbers, addresses, prefixes. */
#include "hub/hub_codec.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum hub_outcome
read_asn(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	struct asn asn;
	if (asn_parse(&asn, node->text) < 0)
		return HUB_VALUE_BAD;
	/* RFC 7607, RFC 6793 section 9, RFC 7300: these never name a network. */
	if (asn.number == 0 || asn.number == ASN_TRANS || asn.number == 65535 ||
	    asn.number == UINT32_MAX) {
		hub_complain(r->report, node->mark,
			     "%s: found %" PRIu32 ", a reserved number that names no network",
			     item->key, asn.number);
		return HUB_VALUE_TOLD;
	}
	*(struct asn *)out = asn;
	return HUB_VALUE_GOOD;
}

static void
write_asn(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	buf_printf(out, "%" PRIu32, ((const struct asn *)value)->number);
}

static enum hub_outcome
read_ip(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	struct ip ip;
	(void)r;
	if (ip_parse(&ip, node->text) < 0)
		return HUB_VALUE_BAD;
	if ((item->type == HUB_TYPE_IPV4 && ip.family != IP_V4) ||
	    (item->type == HUB_TYPE_IPV6 && ip.family != IP_V6))
		return HUB_VALUE_BAD;
	*(struct ip *)out = ip;
	return HUB_VALUE_GOOD;
}

static void
write_ip(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	char text[IP_TEXT];
	buf_str(out, ip_format(text, *(const struct ip *)value));
}

/* A prefix with host bits set: nearly right, so say what would be. */
static enum hub_outcome
explain_prefix(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	       const char *text)
{
	char address[IP_TEXT], right[PREFIX_TEXT];
	const char *slash = strchr(text, '/');
	struct ip ip;
	uint64_t length;
	if (!slash || (size_t)(slash - text) >= sizeof(address))
		return HUB_VALUE_BAD;
	memcpy(address, text, (size_t)(slash - text));
	address[slash - text] = '\0';
	if (ip_parse(&ip, address) < 0 ||
	    !hub_read_number(slash + 1, ip_bits((enum ip_family)ip.family), &length))
		return HUB_VALUE_BAD;
	hub_complain(r->report, node->mark,
		     "%s: found \"%s\", which has host bits set; expected %s", item->key,
		     hub_show(node->text).text,
		     prefix_format(right, prefix_of(ip, (unsigned)length)));
	return HUB_VALUE_TOLD;
}

static enum hub_outcome
read_prefix(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	    void *out)
{
	struct prefix p;
	if (prefix_parse(&p, node->text) < 0)
		return explain_prefix(r, item, node, node->text);
	if ((item->type == HUB_TYPE_PREFIX_IPV4 && p.ip.family != IP_V4) ||
	    (item->type == HUB_TYPE_PREFIX_IPV6 && p.ip.family != IP_V6))
		return HUB_VALUE_BAD;
	*(struct prefix *)out = p;
	return HUB_VALUE_GOOD;
}

static void
write_prefix(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	char text[PREFIX_TEXT];
	buf_str(out, prefix_format(text, *(const struct prefix *)value));
}

static enum hub_outcome
read_mac(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	struct mac mac;
	if (mac_parse(&mac, node->text) < 0)
		return HUB_VALUE_BAD;
	/* IEEE 802: the lowest bit of the first octet marks a group; no router sends from one. */
	if (mac.octets[0] & 1 || mac_number(mac) == 0) {
		hub_complain(r->report, node->mark,
			     "%s: found \"%s\", which is not the address of one interface",
			     item->key, hub_show(node->text).text);
		return HUB_VALUE_TOLD;
	}
	*(struct mac *)out = mac;
	return HUB_VALUE_GOOD;
}

static void
write_mac(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	char text[MAC_TEXT];
	buf_str(out, mac_format(text, *(const struct mac *)value));
}

static enum hub_outcome
read_endpoint(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	      void *out)
{
	char address[IP_TEXT + 2];
	(void)r;
	struct hub_endpoint endpoint = {0};
	if (strcmp(node->text, "none") == 0 && !item->list) {
		*(struct hub_endpoint *)out = endpoint;
		return HUB_VALUE_GOOD;
	}
	const char *colon = strrchr(node->text, ':');
	uint64_t port;
	if (!colon || (size_t)(colon - node->text) >= sizeof(address) ||
	    !hub_read_number(colon + 1, 65535, &port) || port == 0)
		return HUB_VALUE_BAD;
	size_t length = (size_t)(colon - node->text);
	bool bracketed = length > 2 && node->text[0] == '[' && colon[-1] == ']';
	size_t skip = bracketed ? 1 : 0;
	memcpy(address, node->text + skip, length - 2 * skip);
	address[length - 2 * skip] = '\0';
	if (ip_parse(&endpoint.ip, address) < 0 || (endpoint.ip.family == IP_V6) != bracketed)
		return HUB_VALUE_BAD;
	endpoint.port = (uint16_t)port;
	*(struct hub_endpoint *)out = endpoint;
	return HUB_VALUE_GOOD;
}

static void
write_endpoint(const struct hub *hub, const struct hub_item *item, const void *value,
	       struct buf *out)
{
	(void)hub;
	(void)item;
	char text[IP_TEXT];
	const struct hub_endpoint *e = value;
	if (e->ip.family == IP_NONE)
		buf_str(out, "none");
	else
		buf_printf(out, e->ip.family == IP_V6 ? "[%s]:%u" : "%s:%u", ip_format(text, e->ip),
			   e->port);
}

static enum hub_outcome
read_asn_range(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	       void *out)
{
	(void)r;
	(void)item;
	char first[24];
	const char *dash = strchr(node->text, '-');
	size_t length = dash ? (size_t)(dash - node->text) : strlen(node->text);
	struct asn from, to;
	if (length >= sizeof(first))
		return HUB_VALUE_BAD;
	memcpy(first, node->text, length);
	first[length] = '\0';
	if (asn_parse(&from, first) < 0 || asn_parse(&to, dash ? dash + 1 : first) < 0 ||
	    from.number > to.number)
		return HUB_VALUE_BAD;
	*(struct asn_range *)out = (struct asn_range){from.number, to.number};
	return HUB_VALUE_GOOD;
}

static void
write_asn_range(const struct hub *hub, const struct hub_item *item, const void *value,
		struct buf *out)
{
	(void)hub;
	(void)item;
	const struct asn_range *range = value;
	buf_printf(out, "%" PRIu32, range->first);
	if (range->last != range->first)
		buf_printf(out, "-%" PRIu32, range->last);
}

/* What stands behind the prefix: nothing, "+", or "{24,32}". False if it is something else. */
static bool
read_lengths(const char *text, struct prefix_rule *rule)
{
	unsigned bits = ip_bits((enum ip_family)rule->prefix.ip.family);
	rule->min_length = rule->prefix.length;
	rule->max_length = rule->prefix.length;
	if (!*text)
		return true;
	if (strcmp(text, "+") == 0) {
		rule->max_length = (uint8_t)bits;
		return true;
	}
	char first[4] = "", last[4] = "";
	int used = 0;
	if (sscanf(text, "{%3[0-9],%3[0-9]}%n", first, last, &used) != 2 || !used || text[used])
		return false;
	uint64_t min, max;
	if (!hub_read_number(first, bits, &min) || !hub_read_number(last, bits, &max) ||
	    min < rule->prefix.length || min > max)
		return false;
	rule->min_length = (uint8_t)min;
	rule->max_length = (uint8_t)max;
	return true;
}

static enum hub_outcome
read_prefix_rule(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
		 void *out)
{
	char text[PREFIX_TEXT];
	size_t length = strcspn(node->text, "+{");
	if (length >= sizeof(text))
		return HUB_VALUE_BAD;
	memcpy(text, node->text, length);
	text[length] = '\0';
	struct prefix_rule rule = {0};
	if (prefix_parse(&rule.prefix, text) < 0)
		return explain_prefix(r, item, node, text);
	if (!read_lengths(node->text + length, &rule))
		return HUB_VALUE_BAD;
	*(struct prefix_rule *)out = rule;
	return HUB_VALUE_GOOD;
}

static void
write_prefix_rule(const struct hub *hub, const struct hub_item *item, const void *value,
		  struct buf *out)
{
	const struct prefix_rule *rule = value;
	unsigned bits = ip_bits((enum ip_family)rule->prefix.ip.family);
	write_prefix(hub, item, &rule->prefix, out);
	if (rule->min_length == rule->prefix.length && rule->max_length == bits &&
	    rule->prefix.length < bits)
		buf_str(out, "+");
	else if (rule->min_length != rule->prefix.length || rule->max_length != rule->prefix.length)
		buf_printf(out, "{%u,%u}", rule->min_length, rule->max_length);
}

const struct hub_codec hub_codec_asn = {"an AS number such as 64500", sizeof(struct asn), NULL,
					read_asn, write_asn};
const struct hub_codec hub_codec_ip = {"an IPv4 or IPv6 address", sizeof(struct ip), NULL, read_ip,
				       write_ip};
const struct hub_codec hub_codec_ipv4 = {"an IPv4 address such as 192.0.2.1", sizeof(struct ip),
					 NULL, read_ip, write_ip};
const struct hub_codec hub_codec_ipv6 = {"an IPv6 address such as 2001:db8::1", sizeof(struct ip),
					 NULL, read_ip, write_ip};
const struct hub_codec hub_codec_prefix = {"a prefix such as 192.0.2.0/24 or 2001:db8::/32",
					   sizeof(struct prefix), NULL, read_prefix, write_prefix};
const struct hub_codec hub_codec_prefix_ipv4 = {"an IPv4 prefix such as 192.0.2.0/24",
						sizeof(struct prefix), NULL, read_prefix,
						write_prefix};
const struct hub_codec hub_codec_prefix_ipv6 = {"an IPv6 prefix such as 2001:db8::/64",
						sizeof(struct prefix), NULL, read_prefix,
						write_prefix};
const struct hub_codec hub_codec_mac = {"a MAC address such as 00:00:5e:00:53:01",
					sizeof(struct mac), NULL, read_mac, write_mac};
const struct hub_codec hub_codec_endpoint = {
	"an address and port such as 127.0.0.1:8080 or [::1]:8080", sizeof(struct hub_endpoint),
	NULL, read_endpoint, write_endpoint};
const struct hub_codec hub_codec_asn_range = {"an AS number or a range such as 64496-64511",
					      sizeof(struct asn_range), NULL, read_asn_range,
					      write_asn_range};
const struct hub_codec hub_codec_prefix_rule = {
	"a prefix: 10.0.0.0/8, 10.0.0.0/8+ (and all inside), or "
	"10.0.0.0/8{9,24} (those of such lengths)",
	sizeof(struct prefix_rule), NULL, read_prefix_rule, write_prefix_rule};
