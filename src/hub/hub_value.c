/* The types of the hub file. Text stays text: nothing is guessed from how it looks, so NO is a
 * country where a country is expected, and false where a yes or no is. */
#include "hub/hub_value.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/hub_country.h"

/* Reads digits and nothing else. False if there are none, others, or too many. */
static bool
read_number(const char *text, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			return false;
		value = value * 10 + (uint64_t)(*text - '0');
		if (value > max)
			return false;
	}
	*out = value;
	return true;
}

/* Escapes in quotes can write what the file itself may not hold: control characters (C0, DEL, C1),
 * and what YAML takes for a line end or refuses (U+2028, U+2029, U+FEFF, U+FFFE, U+FFFF). */
static bool
is_one_line(const char *text)
{
	static const char *const refused[] = {"\xe2\x80\xa8", "\xe2\x80\xa9", "\xef\xbb\xbf",
					      "\xef\xbf\xbe", "\xef\xbf\xbf"};
	for (const unsigned char *s = (const unsigned char *)text; *s; s++)
		if (*s < 0x20 || *s == 0x7f || (s[0] == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0))
			return false;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (strstr(text, refused[i]))
			return false;
	return true;
}

static enum hub_outcome
read_text(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	size_t length = strlen(node->text);
	if ((int64_t)length < item->min || (int64_t)length > item->max)
		return HUB_VALUE_BAD;
	if (!is_one_line(node->text)) {
		hub_complain(r->report, node->mark,
			     "%s: found a control character or a line end in the text", item->key);
		return HUB_VALUE_TOLD;
	}
	char *copy = hub_reader_take(r, length + 1);
	if (!copy)
		return HUB_VALUE_TOLD;
	memcpy(copy, node->text, length);
	*(const char **)out = copy;
	return HUB_VALUE_GOOD;
}

static enum hub_outcome
read_id(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	for (const char *c = node->text; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._:/-", *c))
			return HUB_VALUE_BAD;
	return read_text(r, item, node, out);
}

static enum hub_outcome
read_secret(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	    void *out)
{
	const char *file = node->mark.file;
	if (r->source->exposed && r->exposed_file != file) {
		r->exposed_file = file;
		if (r->source->exposed(r->source->context, file))
			hub_warn(r->report, node->mark,
				 "%s: the file holds passwords, and others may read it; chmod "
				 "go-r would keep them out",
				 item->key);
	}
	return read_text(r, item, node, out);
}

static void
write_text(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	const char *text = *(const char *const *)value;
	if (text)
		buf_str(out, text);
}

static enum hub_outcome
read_bool(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	static const char *const yes[] = {"true", "yes", "on"}, *const no[] = {"false", "no",
									       "off"};
	(void)r;
	(void)item;
	for (size_t i = 0; i < 3; i++) {
		if (strcasecmp(node->text, yes[i]) == 0 || strcasecmp(node->text, no[i]) == 0) {
			*(bool *)out = strcasecmp(node->text, yes[i]) == 0;
			return HUB_VALUE_GOOD;
		}
	}
	return HUB_VALUE_BAD;
}

static void
write_bool(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	buf_str(out, *(const bool *)value ? "true" : "false");
}

static enum hub_outcome
read_count(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	   void *out)
{
	(void)r;
	uint64_t value;
	if (!read_number(node->text, (uint64_t)item->max, &value) || (int64_t)value < item->min)
		return HUB_VALUE_BAD;
	if (item->size == 1)
		*(uint8_t *)out = (uint8_t)value;
	else if (item->size == 2)
		*(uint16_t *)out = (uint16_t)value;
	else
		*(uint32_t *)out = (uint32_t)value;
	return HUB_VALUE_GOOD;
}

static void
write_count(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	uint32_t number = item->size == 1   ? *(const uint8_t *)value
			  : item->size == 2 ? *(const uint16_t *)value
					    : *(const uint32_t *)value;
	buf_printf(out, "%" PRIu32, number);
}

static void
none_decimal(void *out)
{
	*(double *)out = (double)NAN;
}

/* Digits with an optional sign and fraction: no exponents, no hexadecimal, no words. */
static bool
looks_decimal(const char *text)
{
	if (*text == '-')
		text++;
	if (!isdigit((unsigned char)*text))
		return false;
	while (isdigit((unsigned char)*text))
		text++;
	if (*text == '.') {
		text++;
		if (!isdigit((unsigned char)*text))
			return false;
		while (isdigit((unsigned char)*text))
			text++;
	}
	return *text == '\0';
}

static enum hub_outcome
read_decimal(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	     void *out)
{
	(void)r;
	if (!looks_decimal(node->text) || strlen(node->text) > 40)
		return HUB_VALUE_BAD;
	double value = strtod(node->text, NULL);
	if (value < (double)item->min || value > (double)item->max)
		return HUB_VALUE_BAD;
	*(double *)out = value;
	return HUB_VALUE_GOOD;
}

static void
write_decimal(const struct hub *hub, const struct hub_item *item, const void *value,
	      struct buf *out)
{
	(void)hub;
	(void)item;
	/* The fewest places that read back as the same number. */
	double number = *(const double *)value;
	char text[400];
	for (int places = 0; places <= 40; places++) {
		(void)snprintf(text, sizeof(text), "%.*f", places, number);
		if (strtod(text, NULL) == number)
			break;
	}
	buf_str(out, text);
}

static const struct {
	char letter;
	uint64_t bps;
} speed_units[] = {{'T', 1000000000000u}, {'G', 1000000000u}, {'M', 1000000u}, {'k', 1000u}};

static enum hub_outcome
read_speed(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	   void *out)
{
	(void)r;
	(void)item;
	char number[24];
	size_t length = strlen(node->text);
	if (length < 2 || length > sizeof(number))
		return HUB_VALUE_BAD;
	memcpy(number, node->text, length - 1);
	number[length - 1] = '\0';
	int64_t micro;
	if (micro_parse(&micro, number) < 0)
		return HUB_VALUE_BAD;
	for (size_t i = 0; i < sizeof(speed_units) / sizeof(speed_units[0]); i++) {
		if (speed_units[i].letter != node->text[length - 1])
			continue;
		/* Whole kbit/s from 1k to 1000T; the product stays below 2^63. */
		uint64_t unit = speed_units[i].bps;
		if ((uint64_t)micro > 1000000u * (1000000000000000u / unit))
			return HUB_VALUE_BAD;
		uint64_t kilo_micro = (uint64_t)micro * (unit / 1000);
		if (!kilo_micro || kilo_micro % 1000000)
			return HUB_VALUE_BAD;
		*(uint64_t *)out = kilo_micro / 1000000 * 1000;
		return HUB_VALUE_GOOD;
	}
	return HUB_VALUE_BAD;
}

static void
write_speed(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	uint64_t bps = *(const uint64_t *)value;
	size_t i = 0;
	while (i < 3 && (bps % speed_units[i].bps || !bps))
		i++;
	buf_printf(out, "%" PRIu64 "%c", bps / speed_units[i].bps, speed_units[i].letter);
}

static enum hub_outcome
read_word(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	for (unsigned i = 0; item->words[i]; i++) {
		if (strcmp(item->words[i], node->text) == 0) {
			memcpy(out, &i, sizeof(i));
			return HUB_VALUE_GOOD;
		}
	}
	struct hub_nearest nearest = {.word = node->text};
	for (unsigned i = 0; item->words[i]; i++)
		hub_nearest_offer(&nearest, item->words[i]);
	if (!nearest.best)
		return HUB_VALUE_BAD;
	hub_complain(r->report, node->mark, "%s: found \"%s\"; did you mean \"%s\"?", item->key,
		     hub_show(node->text).text, nearest.best);
	return HUB_VALUE_TOLD;
}

static void
write_word(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	unsigned i;
	memcpy(&i, value, sizeof(i));
	buf_str(out, item->words[i]);
}

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
	    !read_number(slash + 1, ip_bits((enum ip_family)ip.family), &length))
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
	    !read_number(colon + 1, 65535, &port) || port == 0)
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

static enum hub_outcome
read_currency(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	      void *out)
{
	(void)r;
	(void)item;
	struct currency currency;
	if (strlen(node->text) != 3 || currency_parse(&currency, node->text) < 0)
		return HUB_VALUE_BAD;
	*(struct currency *)out = currency;
	return HUB_VALUE_GOOD;
}

static void
write_currency(const struct hub *hub, const struct hub_item *item, const void *value,
	       struct buf *out)
{
	(void)hub;
	(void)item;
	buf_str(out, ((const struct currency *)value)->code);
}

static enum hub_outcome
read_date(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node, void *out)
{
	(void)r;
	(void)item;
	struct utc_s t;
	if (utc_parse(&t, node->text) < 0 || t.s <= 0)
		return HUB_VALUE_BAD;
	*(struct utc_s *)out = t;
	return HUB_VALUE_GOOD;
}

static void
write_date(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	char text[CLOCK_TEXT];
	struct utc_s t = *(const struct utc_s *)value;
	utc_format(text, t);
	buf_put(out, text, t.s % 86400 ? strlen(text) : strlen("2026-11-21"));
}

static void
none_price(void *out)
{
	*(struct price *)out = (struct price){.micro = -1};
}

static enum hub_outcome
read_price(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	   void *out)
{
	(void)r;
	(void)item;
	struct price price = {0};
	if (micro_parse(&price.micro, node->text) < 0)
		return HUB_VALUE_BAD;
	*(struct price *)out = price;
	return HUB_VALUE_GOOD;
}

/* A number of millionths, without zeros at the end. */
static void
write_micro(int64_t micro, struct buf *out)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%" PRId64 ".%06" PRId64, micro / 1000000,
			      micro % 1000000);
	while (length > 0 && text[length - 1] == '0')
		length--;
	if (length > 0 && text[length - 1] == '.')
		length--;
	buf_put(out, text, (size_t)length);
}

static void
write_price(const struct hub *hub, const struct hub_item *item, const void *value, struct buf *out)
{
	(void)hub;
	(void)item;
	write_micro(((const struct price *)value)->micro, out);
}

static enum hub_outcome
read_percent(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	     void *out)
{
	(void)r;
	int64_t micro;
	if (micro_parse(&micro, node->text) < 0 || micro % 10000 || micro / 10000 > item->max)
		return HUB_VALUE_BAD;
	*(uint32_t *)out = (uint32_t)(micro / 10000);
	return HUB_VALUE_GOOD;
}

static void
write_percent(const struct hub *hub, const struct hub_item *item, const void *value,
	      struct buf *out)
{
	(void)hub;
	(void)item;
	write_micro((int64_t) * (const uint32_t *)value * 10000, out);
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
	if (!read_number(first, bits, &min) || !read_number(last, bits, &max) ||
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

/* One word of the list; writing is the writer's business, since it is no scalar. */
static enum hub_outcome
read_families(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	      void *out)
{
	bool *families = out;
	(void)r;
	(void)item;
	if (strcmp(node->text, "ipv4") == 0)
		families[0] = true;
	else if (strcmp(node->text, "ipv6") == 0)
		families[1] = true;
	else
		return HUB_VALUE_BAD;
	return HUB_VALUE_GOOD;
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
		write_asn(hub, item, &hub->members[i].asn, out);
	else
		buf_str(out, reference_name(hub, &references[item->type], i));
}

const struct hub_codec hub_codecs[HUB_TYPE_TYPES] = {
	[HUB_TYPE_TEXT] = {"text", sizeof(char *), NULL, read_text, write_text},
	[HUB_TYPE_ID] = {"a word of letters, digits and . _ : / -", sizeof(char *), NULL, read_id,
			 write_text},
	[HUB_TYPE_SECRET] = {"a password", sizeof(char *), NULL, read_secret, write_text},
	[HUB_TYPE_BOOL] = {"yes or no", sizeof(bool), NULL, read_bool, write_bool},
	[HUB_TYPE_COUNT] = {"a whole number", 0, NULL, read_count, write_count},
	[HUB_TYPE_DECIMAL] = {"a number", sizeof(double), none_decimal, read_decimal,
			      write_decimal},
	[HUB_TYPE_SPEED] = {"a speed such as 10G (k, M, G or T bit/s)", sizeof(uint64_t), NULL,
			    read_speed, write_speed},
	[HUB_TYPE_WORD] = {"a word", sizeof(unsigned), NULL, read_word, write_word},
	[HUB_TYPE_ASN] = {"an AS number such as 64500", sizeof(struct asn), NULL, read_asn,
			  write_asn},
	[HUB_TYPE_IP] = {"an IPv4 or IPv6 address", sizeof(struct ip), NULL, read_ip, write_ip},
	[HUB_TYPE_IPV4] = {"an IPv4 address such as 192.0.2.1", sizeof(struct ip), NULL, read_ip,
			   write_ip},
	[HUB_TYPE_IPV6] = {"an IPv6 address such as 2001:db8::1", sizeof(struct ip), NULL, read_ip,
			   write_ip},
	[HUB_TYPE_PREFIX] = {"a prefix such as 192.0.2.0/24 or 2001:db8::/32",
			     sizeof(struct prefix), NULL, read_prefix, write_prefix},
	[HUB_TYPE_PREFIX_IPV4] = {"an IPv4 prefix such as 192.0.2.0/24", sizeof(struct prefix),
				  NULL, read_prefix, write_prefix},
	[HUB_TYPE_PREFIX_IPV6] = {"an IPv6 prefix such as 2001:db8::/64", sizeof(struct prefix),
				  NULL, read_prefix, write_prefix},
	[HUB_TYPE_MAC] = {"a MAC address such as 00:00:5e:00:53:01", sizeof(struct mac), NULL,
			  read_mac, write_mac},
	[HUB_TYPE_ENDPOINT] = {"an address and port such as 127.0.0.1:8080 or [::1]:8080",
			       sizeof(struct hub_endpoint), NULL, read_endpoint, write_endpoint},
	[HUB_TYPE_COUNTRY] = {"two capital letters such as PK (ISO 3166)", sizeof(struct country),
			      NULL, read_country, write_country},
	[HUB_TYPE_CURRENCY] = {"three capital letters such as USD (ISO 4217)",
			       sizeof(struct currency), NULL, read_currency, write_currency},
	[HUB_TYPE_DATE] = {"a date such as 2026-11-01, or 2026-11-01T12:00:00Z",
			   sizeof(struct utc_s), NULL, read_date, write_date},
	[HUB_TYPE_PRICE] = {"an amount of at most six decimals such as 0.35", sizeof(struct price),
			    none_price, read_price, write_price},
	[HUB_TYPE_PERCENT] = {"a percentage of at most two decimals such as 18 or 7.25",
			      sizeof(uint32_t), NULL, read_percent, write_percent},
	[HUB_TYPE_ASN_RANGE] = {"an AS number or a range such as 64496-64511",
				sizeof(struct asn_range), NULL, read_asn_range, write_asn_range},
	[HUB_TYPE_PREFIX_RULE] = {"a prefix: 10.0.0.0/8, 10.0.0.0/8+ (and all inside), or "
				  "10.0.0.0/8{9,24} (those of such lengths)",
				  sizeof(struct prefix_rule), NULL, read_prefix_rule,
				  write_prefix_rule},
	[HUB_TYPE_FAMILIES] = {"ipv4, ipv6 or both", 2 * sizeof(bool), NULL, read_families, NULL},
	[HUB_TYPE_LAN] = {"the name of a LAN", sizeof(uint32_t), none_reference, read_reference,
			  write_reference},
	[HUB_TYPE_SITE] = {"the id of a site", sizeof(uint32_t), none_reference, read_reference,
			   write_reference},
	[HUB_TYPE_SEGMENT] = {"the id of a segment", sizeof(uint32_t), none_reference,
			      read_reference, write_reference},
	[HUB_TYPE_EXPORTER] = {"the id of an exporter", sizeof(uint32_t), none_reference,
			       read_reference, write_reference},
	[HUB_TYPE_MEMBER] = {"the AS number or name of a member", sizeof(uint32_t), none_reference,
			     read_reference, write_reference},
	[HUB_TYPE_PORT] = {"the id of a port", sizeof(uint32_t), none_reference, read_reference,
			   write_reference},
	[HUB_TYPE_FILE] = {"the path of a file", 0, NULL, NULL, NULL},
	[HUB_TYPE_TABLE] = {"a mapping", 0, NULL, NULL, NULL},
};

size_t
hub_value_size(const struct hub_item *item)
{
	size_t size = hub_codecs[item->type].size;
	return size ? size : item->size;
}

void
hub_value_none(const struct hub_item *item, void *out)
{
	const struct hub_codec *codec = &hub_codecs[item->type];
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
	case HUB_TYPE_SECRET:
		buf_printf(out, "%s, %" PRId64 " to %" PRId64 " octets",
			   hub_codecs[item->type].name, item->min, item->max);
		return;
	case HUB_TYPE_COUNT:
	case HUB_TYPE_DECIMAL:
		buf_printf(out, "%s from %" PRId64 " to %" PRId64, hub_codecs[item->type].name,
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
		buf_str(out, hub_codecs[item->type].name);
	}
}

void
hub_value_read(struct hub_reader *r, const struct hub_item *item, const struct hub_node *node,
	       void *out)
{
	if (hub_codecs[item->type].read(r, item, node, out) != HUB_VALUE_BAD)
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
