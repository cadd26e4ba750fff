/* Addresses, prefixes, AS numbers, MAC addresses: reading, writing, comparing. */
#include "base/ip.h"

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ip
ip_v4(uint32_t host_order)
{
	struct ip ip = {.family = IP_V4};
	for (int i = 0; i < 4; i++)
		ip.octets[i] = (uint8_t)(host_order >> (24 - 8 * i));
	return ip;
}

struct ip
ip_v6(const uint8_t octets[16])
{
	struct ip ip = {.family = IP_V6};
	memcpy(ip.octets, octets, 16);
	return ip;
}

uint32_t
ip_v4_number(struct ip ip)
{
	assert(ip.family == IP_V4);
	return (uint32_t)ip.octets[0] << 24 | (uint32_t)ip.octets[1] << 16 |
	       (uint32_t)ip.octets[2] << 8 | ip.octets[3];
}

unsigned
ip_bits(enum ip_family family)
{
	return family == IP_V4 ? 32 : family == IP_V6 ? 128 : 0;
}

bool
ip_equal(struct ip a, struct ip b)
{
	return a.family == b.family && memcmp(a.octets, b.octets, 16) == 0;
}

int
ip_compare(struct ip a, struct ip b)
{
	if (a.family != b.family)
		return a.family < b.family ? -1 : 1;
	return memcmp(a.octets, b.octets, 16);
}

int
ip_parse(struct ip *out, const char *text)
{
	struct ip ip = {0};
	if (inet_pton(AF_INET, text, ip.octets) == 1)
		ip.family = IP_V4;
	else if (inet_pton(AF_INET6, text, ip.octets) == 1)
		ip.family = IP_V6;
	else
		return -1;
	*out = ip;
	return 0;
}

char *
ip_format(char out[IP_TEXT], struct ip ip)
{
	int af = ip.family == IP_V4 ? AF_INET : AF_INET6;
	if (ip.family == IP_NONE || !inet_ntop(af, ip.octets, out, IP_TEXT))
		(void)snprintf(out, IP_TEXT, "-");
	return out;
}

struct prefix
prefix_of(struct ip ip, unsigned length)
{
	unsigned bits = ip_bits((enum ip_family)ip.family);
	if (length > bits)
		length = bits;
	struct prefix p = {.ip = ip, .length = (uint8_t)length};
	unsigned whole = length / 8;
	if (whole < 16) {
		p.ip.octets[whole] &= (uint8_t)(0xff00 >> length % 8);
		memset(p.ip.octets + whole + 1, 0, 15 - whole);
	}
	return p;
}

int
prefix_parse(struct prefix *out, const char *text)
{
	char address[IP_TEXT];
	const char *slash = strchr(text, '/');
	if (!slash || (size_t)(slash - text) >= sizeof(address) ||
	    !isdigit((unsigned char)slash[1]))
		return -1;
	memcpy(address, text, (size_t)(slash - text));
	address[slash - text] = '\0';
	struct ip ip;
	if (ip_parse(&ip, address) < 0)
		return -1;
	char *end;
	unsigned long length = strtoul(slash + 1, &end, 10);
	if (*end || length > ip_bits((enum ip_family)ip.family))
		return -1;
	struct prefix p = prefix_of(ip, (unsigned)length);
	if (!ip_equal(p.ip, ip))
		return -1;
	*out = p;
	return 0;
}

char *
prefix_format(char out[PREFIX_TEXT], struct prefix p)
{
	char address[IP_TEXT];
	(void)snprintf(out, PREFIX_TEXT, "%s/%u", ip_format(address, p.ip), p.length);
	return out;
}

bool
prefix_equal(struct prefix a, struct prefix b)
{
	return a.length == b.length && ip_equal(a.ip, b.ip);
}

int
prefix_compare(struct prefix a, struct prefix b)
{
	int order = ip_compare(a.ip, b.ip);
	return order ? order : (int)a.length - (int)b.length;
}

bool
prefix_contains_ip(struct prefix p, struct ip ip)
{
	return p.ip.family == ip.family && ip_equal(prefix_of(ip, p.length).ip, p.ip);
}

bool
prefix_covers(struct prefix outer, struct prefix inner)
{
	return outer.length <= inner.length && prefix_contains_ip(outer, inner.ip);
}

int
mac_parse(struct mac *out, const char *text)
{
	/* Groups of two digits with ':' or '-' between all of them, or of four with '.'. */
	size_t length = strlen(text), group = length == 14 ? 4 : 2;
	if (length != 17 && length != 14)
		return -1;
	char separator = text[group];
	if (group == 4 ? separator != '.' : separator != ':' && separator != '-')
		return -1;
	struct mac m = {0};
	size_t digits = 0;
	for (size_t i = 0; i < length; i++) {
		if (i % (group + 1) == group) {
			if (text[i] != separator)
				return -1;
			continue;
		}
		unsigned char c = (unsigned char)text[i];
		if (!isxdigit(c))
			return -1;
		unsigned value = (unsigned)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
		m.octets[digits / 2] = (uint8_t)(m.octets[digits / 2] << 4 | value);
		digits++;
	}
	*out = m;
	return 0;
}

char *
mac_format(char out[MAC_TEXT], struct mac m)
{
	(void)snprintf(out, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", m.octets[0], m.octets[1],
		       m.octets[2], m.octets[3], m.octets[4], m.octets[5]);
	return out;
}

uint64_t
mac_number(struct mac m)
{
	uint64_t number = 0;
	for (int i = 0; i < 6; i++)
		number = number << 8 | m.octets[i];
	return number;
}

int
asn_parse(struct asn *out, const char *text)
{
	if ((text[0] == 'A' || text[0] == 'a') && (text[1] == 'S' || text[1] == 's'))
		text += 2;
	if (!isdigit((unsigned char)*text))
		return -1;
	char *end;
	unsigned long long number = strtoull(text, &end, 10);
	if (*end == '.' && number <= 0xffff && isdigit((unsigned char)end[1])) {
		unsigned long long low = strtoull(end + 1, &end, 10);
		if (low > 0xffff)
			return -1;
		number = number << 16 | low;
	}
	if (*end || number > UINT32_MAX)
		return -1;
	out->number = (uint32_t)number;
	return 0;
}
